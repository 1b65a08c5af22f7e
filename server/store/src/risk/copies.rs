//! Registers in memory: copies of what the database holds, never the truth.
//!
//! A copy is taken only where the transaction reads as many risks, saved as often altogether, as the copy has. Both only
//! ever grow, so that every write of any process is seen. Then only the risks that differ are read again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::risk::view::trend::{Moment, Saved, moments};
use domain::risk::{Risk, RiskKey};
use domain::time::{Day, Timestamp};
use uuid::Uuid;

use super::{read, setting};
use crate::db::{Tx, row, rows};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::statements;

statements! {
    /// How much there is: read from an index alone.
    STAMP = "SELECT COUNT(*), CAST(COALESCE(SUM(revision), 0) AS BIGINT) FROM risk WHERE workspace_id = $1";
    REVISIONS = "SELECT number, revision FROM risk WHERE workspace_id = $1 ORDER BY number";
    LIST = "SELECT number, revision, content FROM risk WHERE workspace_id = $1 ORDER BY number";
    ONE = "SELECT number, revision, content FROM risk WHERE workspace_id = $1 AND number = $2";
    /// Each risk as it was before an instant.
    BEFORE = "SELECT risk_version.number, risk_version.revision, risk_version.content FROM risk_version \
        JOIN (SELECT number, MAX(revision) AS revision FROM risk_version WHERE workspace_id = $1 AND changed_at < $2 \
        GROUP BY number) newest ON newest.number = risk_version.number AND newest.revision = risk_version.revision \
        WHERE risk_version.workspace_id = $1 ORDER BY risk_version.number";
    SAVED = "SELECT number, changed_at, content FROM risk_version WHERE workspace_id = $1 \
        ORDER BY changed_at, number, revision";
}

/// How many workspaces are kept in memory.
const MOST: usize = 8;

/// How many risks are read one by one; of more, all of them are.
const SINGLY: usize = 64;

/// The risks of a workspace, by key.
pub(crate) type Risks = Arc<BTreeMap<RiskKey, Arc<Risk>>>;

type RiskRow = (i64, i64, String);

/// How many risks there are, and how often they were saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp(i64, i64);

/// A register as it was read.
#[derive(Clone)]
struct Kept {
    stamp: Stamp,
    revisions: Arc<BTreeMap<i64, i64>>,
    risks: Risks,
}

#[derive(Default)]
struct Slot {
    used: u64,
    now: Option<Kept>,
    /// How it became what it is, at which stamp, and how often the register was set by then.
    moments: Option<(Stamp, usize, Arc<Vec<Moment>>)>,
    /// As it was at the end of a day that is over.
    past: Option<(Day, Risks)>,
}

#[derive(Default)]
struct Slots {
    uses: u64,
    of: BTreeMap<Uuid, Slot>,
}

/// The copies, least recently used first to go.
#[derive(Default)]
pub(crate) struct RiskCopies(Mutex<Slots>);

impl RiskCopies {
    /// Every risk of the workspace. Only for transactions that read: what a write has not committed yet is kept nowhere.
    pub(crate) async fn all(&self, tx: &mut Tx, permit: &Permit) -> Result<Risks, StoreError> {
        let stamp = stamp(tx, permit).await?;
        let before = self.slot(permit, |slot| slot.now.clone());
        if let Some(kept) = before.as_ref().filter(|kept| kept.stamp == stamp) {
            return Ok(Arc::clone(&kept.risks));
        }
        let kept = match before {
            Some(kept) => again(tx, permit, kept, stamp).await?,
            None => whole(tx, permit, stamp).await?,
        };
        let risks = Arc::clone(&kept.risks);
        let gone = self.slot(permit, |slot| slot.now.replace(kept));
        aside(gone);
        Ok(risks)
    }

    /// Every risk as it was at the end of a day.
    pub(crate) async fn on(&self, tx: &mut Tx, permit: &Permit, day: Day, today: Day) -> Result<Risks, StoreError> {
        let held = self.slot(permit, |slot| slot.past.clone());
        if let Some((_, risks)) = held.filter(|(of, _)| *of == day) {
            return Ok(risks);
        }
        let end = day.plus_days(1).start();
        let (risks, _) = parsed(rows!(tx, RiskRow, BEFORE, permit.workspace(), end.0)?).await?;
        let risks: Risks = Arc::new(risks);
        // Nothing happens any more on a day that is over.
        if day < today {
            let past = (day, Arc::clone(&risks));
            aside(self.slot(permit, |slot| slot.past.replace(past)));
        }
        Ok(risks)
    }

    /// When how bad a risk is changed.
    pub(crate) async fn moments(&self, tx: &mut Tx, permit: &Permit) -> Result<Arc<Vec<Moment>>, StoreError> {
        let (stamp, schemes) = (stamp(tx, permit).await?, setting::schemes(tx, permit).await?);
        let held = self.slot(permit, |slot| slot.moments.clone());
        if let Some((.., moments)) = held.filter(|(of, set, _)| (*of, *set) == (stamp, schemes.len())) {
            return Ok(moments);
        }
        let (found, set) = (rows!(tx, RiskRow, SAVED, permit.workspace())?, schemes.len());
        let told = tokio::task::spawn_blocking(move || {
            let saved: Result<Vec<(Timestamp, Saved)>, StoreError> = found
                .iter()
                .map(|(number, at, content)| Ok((Timestamp(*at), read("risk_version", *number, content)?)))
                .collect();
            saved.map(|saved| moments(&saved, &schemes))
        });
        let told = Arc::new(told.await??);
        self.slot(permit, |slot| slot.moments = Some((stamp, set, Arc::clone(&told))));
        Ok(told)
    }

    /// Forgets all of them.
    #[cfg(feature = "inspect")]
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).of.clear();
    }

    fn slot<T>(&self, permit: &Permit, work: impl FnOnce(&mut Slot) -> T) -> T {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slots.uses += 1;
        let used = slots.uses;
        let slot = slots.of.entry(permit.workspace()).or_default();
        slot.used = used;
        let done = work(slot);
        let mut gone = Vec::new();
        while slots.of.len() > MOST {
            let oldest = slots.of.iter().min_by_key(|(_, slot)| slot.used).map(|(workspace, _)| *workspace);
            let Some(oldest) = oldest else { break };
            gone.push(slots.of.remove(&oldest));
        }
        drop(slots);
        if !gone.is_empty() {
            aside(Some(gone));
        }
        done
    }
}

/// A large register takes its time to go, and nobody should wait for that.
fn aside<T: Send + 'static>(gone: Option<T>) {
    if let Some(gone) = gone {
        tokio::task::spawn_blocking(move || drop(gone));
    }
}

async fn stamp(tx: &mut Tx, permit: &Permit) -> Result<Stamp, StoreError> {
    let found = row!(tx, (i64, i64), STAMP, permit.workspace())?;
    Ok(found.map_or(Stamp(0, 0), |(risks, saves)| Stamp(risks, saves)))
}

async fn whole(tx: &mut Tx, permit: &Permit, stamp: Stamp) -> Result<Kept, StoreError> {
    let (risks, revisions) = parsed(rows!(tx, RiskRow, LIST, permit.workspace())?).await?;
    Ok(Kept { stamp, revisions: Arc::new(revisions), risks: Arc::new(risks) })
}

/// The register with the risks read again that were saved since.
async fn again(tx: &mut Tx, permit: &Permit, before: Kept, stamp: Stamp) -> Result<Kept, StoreError> {
    let now = rows!(tx, (i64, i64), REVISIONS, permit.workspace())?;
    let differs = |(number, revision): &&(i64, i64)| before.revisions.get(number) != Some(revision);
    let changed: Vec<i64> = now.iter().filter(differs).map(|(number, _)| *number).collect();
    // A risk that is gone would leave one here that differs from nothing.
    if changed.len() > SINGLY || now.len() < before.revisions.len() {
        return whole(tx, permit, stamp).await;
    }
    let mut found = Vec::new();
    for number in changed {
        found.extend(row!(tx, RiskRow, ONE, permit.workspace(), number)?);
    }
    let (changed, revised) = parsed(found).await?;
    let (mut risks, mut revisions) = ((*before.risks).clone(), (*before.revisions).clone());
    risks.extend(changed);
    revisions.extend(revised);
    Ok(Kept { stamp, revisions: Arc::new(revisions), risks: Arc::new(risks) })
}

type Parsed = (BTreeMap<RiskKey, Arc<Risk>>, BTreeMap<i64, i64>);

/// What rows say, read away from the threads that serve requests.
async fn parsed(found: Vec<RiskRow>) -> Result<Parsed, StoreError> {
    let parse = move || {
        let (mut risks, mut revisions) = (BTreeMap::new(), BTreeMap::new());
        for (number, revision, content) in found {
            let risk: Risk = read("risk", number, &content)?;
            risks.insert(risk.key, Arc::new(risk));
            revisions.insert(number, revision);
        }
        Ok::<Parsed, StoreError>((risks, revisions))
    };
    tokio::task::spawn_blocking(parse).await?
}
