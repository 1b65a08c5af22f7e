//! Snapshots, behind the gate: taking one, looking at one, and what differs.

use std::sync::Arc;

use async_trait::async_trait;
use domain::backend::Estate;
use domain::backend::snapshots::Snapshots;
use domain::command::changed::Changed;
use domain::delta::{Delta, State};
use domain::id::WorkspaceId;
use domain::model::Model;
use domain::moment::Moment;
use domain::problem::Problem;
use domain::role::Capability;
use domain::snapshot::{Snapshot, SnapshotKey, name_from_form};
use serde_json::json;

use super::{Gate, permit, told};
use crate::account::standing;
use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, transact};
use crate::error::{Failure, StoreError};
use crate::gate::Permit;
use crate::snapshot;

#[async_trait]
impl Snapshots for Gate {
    async fn take_snapshot(&self, workspace: &WorkspaceId, name: &str) -> Result<Snapshot, Problem> {
        // After the writes that wait already: the snapshot is of one revision, and names it.
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_take(tx, workspace, name));
        drop(turn);
        self.told(outcome, "snapshot.take", workspace).await
    }

    async fn snapshots(&self, workspace: &WorkspaceId) -> Result<Vec<Snapshot>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
            let mut all = snapshot::list(&mut tx, &permit).await?;
            tx.rollback().await?;
            all.retain(|it| permit.sees_working() || it.signed.is_some());
            Ok(all)
        };
        let outcome = outcome.await;
        self.told(outcome, "snapshot.list", workspace).await
    }

    async fn estate_at(&self, workspace: &WorkspaceId, key: SnapshotKey) -> Result<Arc<Estate>, Problem> {
        let outcome = self.read_past(workspace, key).await;
        self.told(outcome, "estate", workspace).await
    }

    async fn export_at(&self, workspace: &WorkspaceId, key: SnapshotKey) -> Result<Arc<Estate>, Problem> {
        let attempt = async {
            transact!(self.store.db(), locking, |tx| self.note_export(tx, workspace, key))?;
            self.read_past(workspace, key).await
        };
        let outcome = attempt.await;
        self.told(outcome, "snapshot.export", workspace).await
    }

    async fn difference(&self, before: &Arc<Estate>, after: &Arc<Estate>) -> Result<Arc<Delta>, Problem> {
        let (before, after) = (Arc::clone(before), Arc::clone(after));
        let compared = tokio::task::spawn_blocking(move || {
            let state = |estate: &Estate| (Arc::clone(&estate.model), Arc::clone(&estate.scope));
            let ((was, was_scope), (is, is_scope)) = (state(&before), state(&after));
            let was = State { model: &was, scope: &was_scope };
            Arc::new(Delta::between(was, State { model: &is, scope: &is_scope }))
        });
        compared.await.map_err(|error| told(StoreError::from(error).into(), "difference"))
    }
}

impl Gate {
    async fn try_take(&self, tx: &mut Tx, workspace: &WorkspaceId, name: &str) -> Result<Snapshot, Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::EditModel).await?;
        let name = name_from_form(name)?;
        let live = self.store.copies().current(tx, &permit).await?;
        let taken = snapshot::take(tx, &permit, &self.actor, self.store.now(), &name, &live).await?;
        let what = json!({ "hash": taken.hash, "revision": taken.revision });
        let payload = Payload::with_personal(&what, &[("name", &name)])?;
        self.note_snapshot(tx, &permit, "snapshot.take", taken.key, &payload).await?;
        Ok(taken)
    }

    async fn note_export(&self, tx: &mut Tx, workspace: &WorkspaceId, key: SnapshotKey) -> Result<(), Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::ExportModel).await?;
        // A token was made with such a proof, and its use cannot give one.
        if !matches!(self.actor, Actor::Token(_)) {
            standing::require_recent(tx, &self.actor, self.store.now()).await?;
        }
        let taken = snapshot_for(tx, &permit, key).await?;
        let payload = Payload::plain(&json!({ "hash": taken.hash }));
        Ok(self.note_snapshot(tx, &permit, "snapshot.export", key, &payload).await?)
    }

    async fn note_snapshot(
        &self,
        tx: &mut Tx,
        permit: &Permit,
        action: &str,
        key: SnapshotKey,
        payload: &Payload,
    ) -> Result<(), StoreError> {
        let key = key.to_string();
        let subject = Subject { kind: "snapshot", key: &key, revision: None };
        let chain = Chain::Workspace(permit);
        audit::append(tx, &chain, self.store.now(), &self.actor, action, Some(&subject), payload).await
    }

    async fn read_past(&self, workspace: &WorkspaceId, key: SnapshotKey) -> Result<Arc<Estate>, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
        let taken = snapshot_for(&mut tx, &permit, key).await?;
        let estate = self.estate_of(&mut tx, &permit, taken).await?;
        tx.rollback().await?;
        Ok(Arc::new(estate))
    }

    /// The model as a snapshot has it, for whoever the permit is of.
    pub(super) async fn estate_of(&self, tx: &mut Tx, permit: &Permit, taken: Snapshot) -> Result<Estate, Failure> {
        let past = snapshot::open(tx, permit, self.store.opened(), &taken).await?;
        let shown = |model: &Arc<Model>| match permit.entry().role.may(Capability::ReadAddresses) {
            true => Arc::clone(model),
            false => Arc::new(model.without_addresses()),
        };
        // When each object changed last before that day is not kept: all of them are as they were at its revision.
        let changed: Changed = past.stored.objects().map(|it| (it.reference(), taken.revision)).collect();
        Ok(Estate {
            workspace: permit.entry().clone(),
            revision: taken.revision,
            model: shown(&past.judged.model),
            stored: shown(&past.stored),
            scope: Arc::clone(&past.judged.scope),
            changed: Arc::new(changed),
            today: taken.day(),
            found: Arc::clone(&past.judged.found),
            moment: Moment::Then(taken),
        })
    }
}

/// A snapshot; one that nobody signed does not exist for who sees only what was.
pub(super) async fn snapshot_for(tx: &mut Tx, permit: &Permit, key: SnapshotKey) -> Result<Snapshot, Failure> {
    let taken = snapshot::one(tx, permit, key).await?.filter(|it| permit.sees_working() || it.signed.is_some());
    taken.ok_or(Failure::Problem(Problem::NotFound))
}
