//! Failed tries per account name: counted before the password is looked at.

use domain::time::Timestamp;
use sha2::{Digest, Sha256};

use super::Mail;
use crate::db::{Tx, row, run};
use crate::error::StoreError;
use crate::rows::statements;

statements! {
    ENSURE = "INSERT INTO throttle (key, failed, blocked_until, changed_at) VALUES ($1, 0, 0, $2) \
        ON CONFLICT (key) DO NOTHING";
    /// One statement counts the try and says until when the next one has to wait: five are free, then the pause
    /// doubles, and the tenth blocks for 30 minutes. No row: this try has to wait itself.
    COUNT = "UPDATE throttle SET failed = CASE WHEN failed >= 10 THEN 1 ELSE failed + 1 END, \
        blocked_until = CAST($2 AS BIGINT) + CASE failed WHEN 4 THEN 1000000 WHEN 5 THEN 2000000 \
        WHEN 6 THEN 4000000 WHEN 7 THEN 8000000 WHEN 8 THEN 16000000 WHEN 9 THEN 1800000000 ELSE 0 END, \
        changed_at = $2 WHERE key = $1 AND blocked_until <= $2 RETURNING failed";
    BLOCKED_UNTIL = "SELECT blocked_until FROM throttle WHERE key = $1";
    RESET = "DELETE FROM throttle WHERE key = $1";
    REMOVE_OLD = "DELETE FROM throttle WHERE changed_at <= $1 AND blocked_until <= $2";
    /// Names that nobody has are counted as well, so the table must not grow without end.
    REMOVE_ALL_BUT = "DELETE FROM throttle WHERE key NOT IN (SELECT key FROM throttle \
        ORDER BY changed_at DESC, key LIMIT $1)";
}

/// The try that blocks the name.
const LAST_TRY: i64 = 10;

/// Counters that nobody touched for a day are forgotten, in seconds.
const FORGOTTEN_AFTER: i64 = 24 * 3600;

/// How many counters are kept.
const MOST: i64 = 10_000;

/// Whether a try may go on.
pub(super) enum Counted {
    /// It may. `last` says that the name is blocked from now on, unless this try succeeds.
    Admitted { last: bool },
    /// Not before so many seconds have passed.
    Wait(u32),
}

/// Under what tries are counted. What people type by mistake, a password for example, is not kept in clear.
pub(super) struct Counter(Vec<u8>);

impl Counter {
    /// The counter of a name; a browser that is known for it, by its hash, has one of its own.
    pub(super) fn of(mail: &Mail, device: Option<&[u8]>) -> Self {
        let hash = Sha256::new().chain_update(&mail.folded);
        let hash = match device {
            None => hash,
            // No address has a NUL in it.
            Some(device) => hash.chain_update([0]).chain_update(device),
        };
        Self(hash.finalize().to_vec())
    }
}

/// Counts a try.
pub(super) async fn count(tx: &mut Tx, now: Timestamp, Counter(key): &Counter) -> Result<Counted, StoreError> {
    run!(tx, ENSURE, key.as_slice(), now.0)?;
    if let Some((failed,)) = row!(tx, (i64,), COUNT, key.as_slice(), now.0)? {
        return Ok(Counted::Admitted { last: failed == LAST_TRY });
    }
    let until = row!(tx, (i64,), BLOCKED_UNTIL, key.as_slice())?.map_or(now.0, |(until,)| until);
    let seconds = (until - now.0 + 999_999).div_euclid(1_000_000).max(1);
    Ok(Counted::Wait(u32::try_from(seconds).unwrap_or(u32::MAX)))
}

/// Forgets the tries under a counter.
pub(super) async fn reset(tx: &mut Tx, Counter(key): &Counter) -> Result<(), StoreError> {
    run!(tx, RESET, key.as_slice())?;
    Ok(())
}

/// Forgets counters that no longer matter.
pub(crate) async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    run!(tx, REMOVE_OLD, now.plus_seconds(-FORGOTTEN_AFTER).0, now.0)?;
    run!(tx, REMOVE_ALL_BUT, MOST)?;
    Ok(())
}
