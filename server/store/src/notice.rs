//! Which notices a member read, and how many they did not: that one is asked for by every page.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use domain::command::Revision;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::db::{Tx, rows, run};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::statements;

statements! {
    READ = "SELECT notice FROM notice_read WHERE workspace_id = $1 AND account_id = $2";
    MARK = "INSERT INTO notice_read (workspace_id, account_id, notice, read_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (workspace_id, account_id, notice) DO NOTHING";
    FORGET = "DELETE FROM notice_read WHERE workspace_id = $1 AND account_id = $2 AND notice = $3";
}

/// How many people's numbers are remembered.
const MOST: usize = 10_000;

/// For how many microseconds a number is taken for the present one.
const FRESH: i64 = 60_000_000;

/// The keys that an account read.
pub(crate) async fn read(tx: &mut Tx, permit: &Permit, account: Uuid) -> Result<BTreeSet<String>, StoreError> {
    let found = rows!(tx, (String,), READ, permit.workspace(), account)?;
    Ok(found.into_iter().map(|(key,)| key).collect())
}

/// Marks notices as read, and forgets marks of notices that there are no longer. How many are new.
pub(crate) async fn mark(
    tx: &mut Tx,
    permit: &Permit,
    account: Uuid,
    now: Timestamp,
    (which, present): (&BTreeSet<String>, &BTreeSet<String>),
) -> Result<usize, StoreError> {
    let before = read(tx, permit, account).await?;
    let mut marked = 0;
    for key in which.intersection(present).filter(|key| !before.contains(*key)) {
        run!(tx, MARK, permit.workspace(), account, key.as_str(), now.0)?;
        marked += 1;
    }
    for gone in before.difference(present) {
        run!(tx, FORGET, permit.workspace(), account, gone.as_str())?;
    }
    Ok(marked)
}

/// Whose number it is: the workspace and the account.
type Whose = (Uuid, Uuid);

/// How many notices each did not read, as it was computed within the last minute.
#[derive(Default)]
pub(crate) struct Unread(Mutex<BTreeMap<Whose, (Timestamp, Revision, usize)>>);

impl Unread {
    /// The number, where it is fresh and the model is the same.
    pub(crate) fn get(&self, whose: Whose, revision: Revision, now: Timestamp) -> Option<usize> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, of, count) = *kept.get(&whose)?;
        (of == revision && at <= now && now.0 < at.0.saturating_add(FRESH)).then_some(count)
    }

    /// Keeps a number.
    pub(crate) fn keep(&self, whose: Whose, revision: Revision, now: Timestamp, count: usize) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(whose, (now, revision, count));
    }

    /// Forgets a number: the person read something.
    pub(crate) fn forget(&self, whose: Whose) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&whose);
    }

    /// Forgets all of them.
    #[cfg(feature = "inspect")]
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
