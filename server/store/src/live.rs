//! Models in memory: copies of what the database holds, never the truth.
//!
//! A copy is taken only where its revision is the one that the current transaction reads, so that another
//! process on the same database is seen at once. What is kept after a write equals what a fresh load gives.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::backend::assessment::Memo;
use domain::command::Revision;
use domain::model::Model;
use domain::scope::compute;
use domain::scope::verdict::Scope;
use domain::time::Day;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::gate::Permit;
use crate::meter;
use crate::model::{self, Revisions};
use crate::scope::{self, Verdicts};

/// How many workspaces are kept in memory.
const MOST: usize = 32;

/// A model at a revision, with what belongs to it.
#[derive(Clone)]
pub(crate) struct Live {
    pub(crate) revision: Revision,
    /// As the database holds it.
    pub(crate) model: Arc<Model>,
    pub(crate) changed: Arc<Revisions>,
    pub(crate) verdicts: Arc<Verdicts>,
    /// As of the day for which it was asked last.
    judged: Option<Judged>,
}

/// A model as of a day, with the scope that follows.
#[derive(Clone)]
pub(crate) struct Judged {
    pub(crate) today: Day,
    pub(crate) model: Arc<Model>,
    pub(crate) scope: Arc<Scope>,
    /// What the rules find in it, once somebody has asked.
    pub(crate) found: Arc<Memo>,
}

impl Live {
    pub(crate) fn new(revision: Revision, model: Model, changed: Revisions, verdicts: Verdicts) -> Self {
        let (model, changed, verdicts) = (Arc::new(model), Arc::new(changed), Arc::new(verdicts));
        Self { revision, model, changed, verdicts, judged: None }
    }

    /// The same with its judgement, as the one who computed it hands it over.
    pub(crate) fn judged(self, judged: Judged) -> Self {
        Self { judged: Some(judged), ..self }
    }

    /// The model as of a day. Computed away from the threads that serve requests.
    pub(crate) async fn judge(&self, today: Day) -> Result<Judged, StoreError> {
        match &self.judged {
            Some(judged) if judged.today == today => Ok(judged.clone()),
            _ => judge(Arc::clone(&self.model), today).await,
        }
    }
}

/// Computes the scope of a model as of a day.
pub(crate) async fn judge(model: Arc<Model>, today: Day) -> Result<Judged, StoreError> {
    let judged = tokio::task::spawn_blocking(move || {
        let model = model.as_of(today);
        let begun = meter::instant();
        let scope = compute(&model);
        meter::scope(begun.elapsed());
        Judged { today, model: Arc::new(model), scope: Arc::new(scope), found: Arc::default() }
    });
    Ok(judged.await?)
}

/// The copies, least recently used first to go.
#[derive(Default)]
pub(crate) struct Copies(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    uses: u64,
    models: BTreeMap<Uuid, (u64, Live)>,
}

impl Copies {
    /// The model of the workspace at the revision that this transaction reads.
    pub(crate) async fn current(&self, tx: &mut Tx, permit: &Permit) -> Result<Live, StoreError> {
        if let Some(live) = self.get(permit.workspace(), permit.revision()) {
            return Ok(live);
        }
        let (model, changed) = model::load(tx, permit).await?;
        let verdicts = scope::stored(tx, permit).await?;
        Ok(Live::new(permit.revision(), model, changed, verdicts))
    }

    /// Keeps a model, unless a newer one is kept already.
    pub(crate) fn keep(&self, workspace: Uuid, live: Live) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.uses += 1;
        let uses = kept.uses;
        match kept.models.get_mut(&workspace) {
            Some((_, newer)) if newer.revision > live.revision => return,
            Some(slot) => *slot = (uses, live),
            None => drop(kept.models.insert(workspace, (uses, live))),
        }
        while kept.models.len() > MOST {
            let oldest = kept.models.iter().min_by_key(|(_, (used, _))| *used).map(|(workspace, _)| *workspace);
            let Some(oldest) = oldest else { break };
            kept.models.remove(&oldest);
        }
    }

    /// Forgets all of them.
    #[cfg(feature = "inspect")]
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).models.clear();
    }

    fn get(&self, workspace: Uuid, revision: Revision) -> Option<Live> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.uses += 1;
        let uses = kept.uses;
        let (used, live) = kept.models.get_mut(&workspace)?;
        if live.revision != revision {
            return None;
        }
        *used = uses;
        Some(live.clone())
    }
}
