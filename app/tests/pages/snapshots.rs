//! A workspace with one snapshot, taken before its newest system was added.

use std::sync::Arc;

use async_trait::async_trait;
use domain::backend::Estate;
use domain::backend::snapshots::Snapshots;
use domain::command::Revision;
use domain::delta::{Delta, State};
use domain::id::WorkspaceId;
use domain::model::object::ObjectRef;
use domain::moment::Moment;
use domain::problem::Problem;
use domain::scope::compute;
use domain::snapshot::{Snapshot, SnapshotKey, Summary, freeze};

use crate::estate::Fake;

impl Fake {
    /// The estate without the first of its flows, as the snapshot has it.
    fn past(&self) -> Estate {
        let mut stored = (*self.estate.stored).clone();
        if let Some(id) = stored.flows.keys().next().cloned() {
            stored.remove(&ObjectRef::Flow(id));
        }
        let model = stored.as_of(self.estate.today);
        let scope = compute(&model);
        let snapshot = Snapshot {
            key: SnapshotKey::of_number(1).unwrap(),
            name: "Before <b>".to_owned(),
            taken_at: self.estate.today.start(),
            taken_by: Some("Payments lead".to_owned()),
            revision: Revision(3),
            hash: freeze(&stored).unwrap().hash,
            summary: Summary::of(&model, &scope),
            signed: None,
        };
        Estate {
            revision: snapshot.revision,
            model: Arc::new(model),
            stored: Arc::new(stored),
            scope: Arc::new(scope),
            found: Arc::default(),
            moment: Moment::Then(snapshot),
            ..(*self.estate).clone()
        }
    }
}

#[async_trait]
impl Snapshots for Fake {
    async fn take_snapshot(&self, _: &WorkspaceId, _: &str) -> Result<Snapshot, Problem> {
        Err(Problem::Forbidden)
    }

    async fn snapshots(&self, workspace: &WorkspaceId) -> Result<Vec<Snapshot>, Problem> {
        self.member(workspace)?;
        Ok(self.past().moment.snapshot().cloned().into_iter().collect())
    }

    async fn estate_at(&self, workspace: &WorkspaceId, key: SnapshotKey) -> Result<Arc<Estate>, Problem> {
        self.member(workspace)?;
        if key.number() == 1 { Ok(Arc::new(self.past())) } else { Err(Problem::NotFound) }
    }

    async fn export_at(&self, workspace: &WorkspaceId, key: SnapshotKey) -> Result<Arc<Estate>, Problem> {
        self.estate_at(workspace, key).await
    }

    async fn difference(&self, before: &Arc<Estate>, after: &Arc<Estate>) -> Result<Arc<Delta>, Problem> {
        let before = State { model: &before.model, scope: &before.scope };
        Ok(Arc::new(Delta::between(before, State { model: &after.model, scope: &after.scope })))
    }
}
