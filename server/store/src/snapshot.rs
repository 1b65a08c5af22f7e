//! Snapshots: models as they were, kept as the bytes of a file with their hash.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use domain::command::Revision;
use domain::model::Model;
use domain::review::{ReviewKey, SealKey};
use domain::snapshot::{Frozen, SignedIn, Snapshot, SnapshotKey, Summary, freeze, thaw};
use domain::time::Timestamp;
use uuid::Uuid;

use crate::actor::Actor;
use crate::db::{Tx, row, rows, run};
use crate::error::{Failure, StoreError};
use crate::gate::Permit;
use crate::live::{self, Judged, Live};
use crate::rows::{Reader, statements};

statements! {
    NEWEST = "SELECT COALESCE(MAX(number), 0) FROM snapshot WHERE workspace_id = $1";
    INSERT = "INSERT INTO snapshot (workspace_id, number, name, taken_at, taken_by, revision, model_hash, summary, \
        content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    LIST = "SELECT snapshot.number, snapshot.name, snapshot.taken_at, account.name AS taken_by, snapshot.revision, \
        snapshot.model_hash, snapshot.summary, \
        (SELECT MIN(seal.number) FROM seal WHERE seal.workspace_id = snapshot.workspace_id \
            AND seal.snapshot_number = snapshot.number) AS seal, \
        (SELECT MIN(seal.review_number) FROM seal WHERE seal.workspace_id = snapshot.workspace_id \
            AND seal.snapshot_number = snapshot.number) AS review \
        FROM snapshot LEFT JOIN account ON account.key = snapshot.taken_by \
        WHERE snapshot.workspace_id = $1 ORDER BY snapshot.number DESC";
    ONE = "SELECT snapshot.number, snapshot.name, snapshot.taken_at, account.name AS taken_by, snapshot.revision, \
        snapshot.model_hash, snapshot.summary, \
        (SELECT MIN(seal.number) FROM seal WHERE seal.workspace_id = snapshot.workspace_id \
            AND seal.snapshot_number = snapshot.number) AS seal, \
        (SELECT MIN(seal.review_number) FROM seal WHERE seal.workspace_id = snapshot.workspace_id \
            AND seal.snapshot_number = snapshot.number) AS review \
        FROM snapshot LEFT JOIN account ON account.key = snapshot.taken_by \
        WHERE snapshot.workspace_id = $1 AND snapshot.number = $2";
    /// The snapshot that the last seal fixes.
    LAST_SIGNED = "SELECT snapshot_number FROM seal WHERE workspace_id = $1 ORDER BY number DESC LIMIT 1";
    CONTENT = "SELECT content FROM snapshot WHERE workspace_id = $1 AND number = $2";
}

/// How many snapshots are kept in memory once somebody has looked at them.
const MOST: usize = 8;

/// Takes a snapshot of what the transaction reads.
pub(crate) async fn take(
    tx: &mut Tx,
    permit: &Permit,
    actor: &Actor,
    now: Timestamp,
    name: &str,
    live: &Live,
) -> Result<Snapshot, Failure> {
    let (number,) = row!(tx, (i64,), NEWEST, permit.workspace())?.unwrap_or_default();
    let key = u32::try_from(number + 1).ok().and_then(SnapshotKey::of_number);
    let key = key.ok_or(StoreError::TooLarge("number"))?;
    let judged = live.judge(now.day()).await?;
    let stored = Arc::clone(&live.model);
    let frozen = tokio::task::spawn_blocking(move || freeze(&stored)).await.map_err(StoreError::from)?;
    let Frozen { content, hash } = frozen.map_err(StoreError::from)?;
    let summary = Summary::of(&judged.model, &judged.scope);
    let kept = serde_json::to_string(&summary).map_err(StoreError::from)?;
    let revision = permit.revision();
    run!(
        tx,
        INSERT,
        permit.workspace(),
        i64::from(key.number()),
        name,
        now.0,
        actor.id(),
        revision.0,
        hash.as_str(),
        kept.as_str(),
        content.as_str()
    )?;
    Ok(Snapshot { key, name: name.to_owned(), taken_at: now, taken_by: None, revision, hash, summary, signed: None })
}

/// The snapshots of a workspace, newest first.
pub(crate) async fn list(tx: &mut Tx, permit: &Permit) -> Result<Vec<Snapshot>, StoreError> {
    let found = rows!(tx, SnapshotRow, LIST, permit.workspace())?;
    found.into_iter().map(SnapshotRow::read).collect()
}

/// One of them, without its content.
pub(crate) async fn one(tx: &mut Tx, permit: &Permit, key: SnapshotKey) -> Result<Option<Snapshot>, StoreError> {
    let found = row!(tx, SnapshotRow, ONE, permit.workspace(), i64::from(key.number()))?;
    found.map(SnapshotRow::read).transpose()
}

/// The snapshot that was signed last; `None` where nothing was signed.
pub(crate) async fn signed_last(tx: &mut Tx, permit: &Permit) -> Result<Option<Snapshot>, StoreError> {
    let Some((number,)) = row!(tx, (i64,), LAST_SIGNED, permit.workspace())? else { return Ok(None) };
    let key = u32::try_from(number).ok().and_then(SnapshotKey::of_number);
    let key = key.ok_or_else(|| StoreError::bad_row("seal", "snapshot_number", number.to_string()))?;
    one(tx, permit, key).await
}

/// The model of a snapshot with its scope as of its day; from memory where somebody looked at it before.
pub(crate) async fn open(
    tx: &mut Tx,
    permit: &Permit,
    opened: &Opened,
    snapshot: &Snapshot,
) -> Result<Past, StoreError> {
    let key = (permit.workspace(), snapshot.key);
    if let Some(past) = opened.get(key) {
        return Ok(past);
    }
    let number = i64::from(snapshot.key.number());
    let name = snapshot.key.to_string();
    let content = row!(tx, (String,), CONTENT, permit.workspace(), number)?;
    let (content,) = content.ok_or_else(|| Reader::new("snapshot", &name).bad("content"))?;
    let hash = snapshot.hash.clone();
    let stored = tokio::task::spawn_blocking(move || thaw(&content, &hash)).await??;
    let stored = Arc::new(stored);
    let judged = live::judge(Arc::clone(&stored), snapshot.day()).await?;
    let past = Past { stored, judged };
    opened.keep(key, past.clone());
    Ok(past)
}

/// A model as it was, as it is stored and as of its day.
#[derive(Clone)]
pub(crate) struct Past {
    pub(crate) stored: Arc<Model>,
    pub(crate) judged: Judged,
}

/// The snapshots that were looked at last. What they hold never changes, so a copy is always right.
#[derive(Default)]
pub(crate) struct Opened(Mutex<VecDeque<((Uuid, SnapshotKey), Past)>>);

impl Opened {
    fn get(&self, key: (Uuid, SnapshotKey)) -> Option<Past> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(other, _)| *other == key)?;
        let found = kept.remove(place)?;
        let past = found.1.clone();
        kept.push_back(found);
        Some(past)
    }

    fn keep(&self, key: (Uuid, SnapshotKey), past: Past) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(other, _)| *other != key);
        kept.push_back((key, past));
        while kept.len() > MOST {
            kept.pop_front();
        }
    }

    /// Forgets all of them.
    #[cfg(feature = "inspect")]
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[derive(sqlx::FromRow)]
struct SnapshotRow {
    number: i64,
    name: String,
    taken_at: i64,
    taken_by: Option<String>,
    revision: i64,
    model_hash: String,
    summary: String,
    seal: Option<i64>,
    review: Option<i64>,
}

impl SnapshotRow {
    fn read(self) -> Result<Snapshot, StoreError> {
        let row = self.number.to_string();
        let read = Reader::new("snapshot", &row);
        let key = u32::try_from(self.number).ok().and_then(SnapshotKey::of_number);
        let number = |number: Option<i64>| number.and_then(|it| u32::try_from(it).ok());
        let signed = number(self.seal)
            .zip(number(self.review))
            .map(|(seal, review)| SignedIn { seal: SealKey(seal), review: ReviewKey(review) });
        Ok(Snapshot {
            signed,
            key: key.ok_or_else(|| read.bad("number"))?,
            name: self.name,
            taken_at: Timestamp(self.taken_at),
            taken_by: self.taken_by,
            revision: Revision(self.revision),
            hash: self.model_hash,
            summary: serde_json::from_str(&self.summary).map_err(|_| read.bad("summary"))?,
        })
    }
}
