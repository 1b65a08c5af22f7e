//! Models in memory: copies of what the database holds, never the truth.
//!
//! A copy is taken only where its revision is the one that the current transaction reads, so that another
//! process on the same database is seen at once. What is kept after a write equals what a fresh load gives.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::backend::assessment::Memo;
use domain::command::Revision;
use domain::command::changed::Changed;
use domain::model::Model;
use domain::problem::Problem;
use domain::scope::compute;
use domain::scope::delta::{CategoryChange, delta};
use domain::scope::verdict::Scope;
use domain::time::Day;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::{Failure, StoreError};
use crate::gate::Permit;
use crate::meter;
use crate::model;

/// How many workspaces are kept in memory.
const MOST: usize = 32;

/// A model at a revision, with what belongs to it.
#[derive(Clone)]
pub(crate) struct Live {
    pub(crate) revision: Revision,
    /// As the database holds it.
    pub(crate) model: Arc<Model>,
    pub(crate) changed: Arc<Changed>,
    /// The scope whose verdicts the database holds, where this process wrote them.
    pub(crate) written: Option<Arc<Scope>>,
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
    /// As it was read from the database.
    pub(crate) fn read(revision: Revision, model: Model, changed: Changed) -> Self {
        Self { revision, model: Arc::new(model), changed: Arc::new(changed), written: None, judged: None }
    }

    /// As it was written, with its judgement.
    pub(crate) fn written(revision: Revision, model: Arc<Model>, changed: Changed, judged: Judged) -> Self {
        let written = Some(Arc::clone(&judged.scope));
        Self { revision, model, changed: Arc::new(changed), written, judged: Some(judged) }
    }

    /// The same with its judgement, as the one who computed it hands it over.
    pub(crate) fn judged(self, judged: Judged) -> Self {
        Self { judged: Some(judged), ..self }
    }

    /// The day as of which it is judged.
    fn day(&self) -> Option<Day> {
        self.judged.as_ref().map(|judged| judged.today)
    }

    /// The model as of a day. Computed away from the threads that serve requests.
    pub(crate) async fn judge(&self, today: Day) -> Result<Judged, StoreError> {
        match &self.judged {
            Some(judged) if judged.today == today => Ok(judged.clone()),
            other_day => {
                let (model, found) = (Arc::clone(&self.model), Memo::after(other_day.as_ref().map(|it| &it.found)));
                Ok(tokio::task::spawn_blocking(move || judged(&model, today, found)).await?)
            }
        }
    }
}

/// The model that a change of another one gave, as of the same day, and what that did to the scope. Computed away from
/// the threads that serve requests.
pub(crate) async fn judge_change(
    before: &Judged,
    after: &Arc<Model>,
) -> Result<(Judged, Vec<CategoryChange>), StoreError> {
    let (before, after) = (before.clone(), Arc::clone(after));
    let judged = tokio::task::spawn_blocking(move || {
        let judged = judged(&after, before.today, Memo::after(Some(&before.found)));
        let changes = delta((&before.model, &before.scope), (&judged.model, &judged.scope));
        (judged, changes)
    });
    Ok(judged.await?)
}

/// A model of its own as of a day. Computed away from the threads that serve requests.
pub(crate) async fn judge(model: Arc<Model>, today: Day) -> Result<Judged, StoreError> {
    Ok(tokio::task::spawn_blocking(move || judged(&model, today, Memo::default())).await?)
}

fn judged(model: &Model, today: Day, found: Memo) -> Judged {
    let model = model.as_of(today);
    let begun = meter::instant();
    let scope = compute(&model);
    meter::scope(begun.elapsed());
    Judged { today, model: Arc::new(model), scope: Arc::new(scope), found: Arc::new(found) }
}

/// The copies, least recently used first to go.
#[derive(Default)]
pub(crate) struct Copies(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    uses: u64,
    models: BTreeMap<Uuid, Slot>,
}

struct Slot {
    used: u64,
    live: Live,
    /// The one before it. Whoever began with it may read it still, and the last one who lets go of a large model pays for
    /// that, so it stays until the next one is written.
    before: Option<Live>,
}

impl Copies {
    /// The model of the workspace at the revision that this transaction reads. Who sees only what was signed does not get it,
    /// whatever asks in their name.
    pub(crate) async fn current(&self, tx: &mut Tx, permit: &Permit) -> Result<Live, Failure> {
        if !permit.sees_working() {
            return Err(Failure::Denied(Problem::Forbidden));
        }
        if let Some(live) = self.get(permit.workspace(), permit.revision()) {
            return Ok(live);
        }
        let (model, changed) = model::load(tx, permit).await?;
        Ok(Live::read(permit.revision(), model, changed))
    }

    /// Keeps a model, unless a newer one is kept already, or the same with its judgement.
    pub(crate) fn keep(&self, workspace: Uuid, live: Live) {
        let gone = self.exchange(workspace, live);
        // A large model takes its time to go, and nobody should wait for that.
        if !gone.is_empty() {
            tokio::task::spawn_blocking(move || drop(gone));
        }
    }

    /// Keeps a model; gives those that are kept no longer.
    fn exchange(&self, workspace: Uuid, live: Live) -> Vec<Live> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.uses += 1;
        let used = kept.uses;
        let mut gone = Vec::new();
        match kept.models.get_mut(&workspace) {
            Some(slot) if slot.live.revision > live.revision => gone.push(live),
            Some(slot) if slot.live.revision == live.revision => {
                slot.used = used;
                if slot.live.day() != live.day() {
                    slot.live = live;
                }
            }
            Some(slot) => {
                let before = Some(std::mem::replace(&mut slot.live, live));
                gone.extend(std::mem::replace(&mut slot.before, before));
                slot.used = used;
            }
            None => drop(kept.models.insert(workspace, Slot { used, live, before: None })),
        }
        while kept.models.len() > MOST {
            let oldest = kept.models.iter().min_by_key(|(_, slot)| slot.used).map(|(workspace, _)| *workspace);
            let Some(slot) = oldest.and_then(|oldest| kept.models.remove(&oldest)) else { break };
            gone.extend(slot.before);
            gone.push(slot.live);
        }
        gone
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
        let slot = kept.models.get_mut(&workspace).filter(|slot| slot.live.revision == revision)?;
        slot.used = uses;
        Some(slot.live.clone())
    }
}
