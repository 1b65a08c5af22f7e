//! Sessions by the hash of their identifier. The identifier itself is never stored.
//!
//! A session is inserted once and from then on only updated, so that a request in flight never brings back one that
//! was ended. Expiry is decided by our clock.

use domain::backend::own_account::OwnSession;
use domain::id::AccountId;
use domain::time::Timestamp;
use sha2::{Digest, Sha256};

use crate::account::{bucket, device, reset, throttle};
use crate::actor::SignInId;
use crate::db::{Tx, row, rows, run, transact};
use crate::error::{Failure, StoreError};
use crate::rows::statements;
use crate::store::Store;
use uuid::Uuid;

statements! {
    INSERT = "INSERT INTO session (id_hash, data, started_at, last_seen) VALUES ($1, $2, $3, $3) \
        ON CONFLICT (id_hash) DO NOTHING";
    /// Only for a sign-in that still holds, which this statement checks and locks itself. The absolute limit counts
    /// from the sign-in, however often the identifier changes.
    INSERT_SIGNED_IN = "INSERT INTO session (id_hash, sign_in_key, data, started_at, last_seen) \
        SELECT $1, sign_in.key, $3, sign_in.created_at, $4 FROM sign_in WHERE sign_in.key = $2 \
        AND sign_in.revoked_at IS NULL ON CONFLICT (id_hash) DO NOTHING";
    LOCK_SIGN_IN = "UPDATE sign_in SET revoked_at = revoked_at WHERE key = $1";
    LOAD = "SELECT session.data, session.started_at, session.last_seen, session.sign_in_key, account.key AS account_key \
        FROM session LEFT JOIN sign_in ON sign_in.key = session.sign_in_key \
        LEFT JOIN account ON account.id = sign_in.account_id AND account.disabled_at IS NULL \
        WHERE session.id_hash = $1 AND session.last_seen > $2 AND session.started_at > $3 \
        AND sign_in.revoked_at IS NULL";
    SEEN = "UPDATE session SET last_seen = $2 WHERE id_hash = $1 AND last_seen < $2";
    SAVE = "UPDATE session SET data = $2 WHERE id_hash = $1";
    DELETE = "DELETE FROM session WHERE id_hash = $1";
    END_ALL_OF_SIGN_IN = "DELETE FROM session WHERE sign_in_key = $1";
    REVOKE_OF_ACCOUNT = "UPDATE sign_in SET revoked_at = $2 WHERE revoked_at IS NULL \
        AND account_id IN (SELECT id FROM account WHERE key = $1)";
    END_ALL_OF_ACCOUNT = "DELETE FROM session WHERE sign_in_key IN (SELECT sign_in.key FROM sign_in \
        JOIN account ON account.id = sign_in.account_id WHERE account.key = $1)";
    OF_ACCOUNT = "SELECT session.started_at, session.last_seen, sign_in.key AS sign_in_key FROM session \
        JOIN sign_in ON sign_in.key = session.sign_in_key JOIN account ON account.id = sign_in.account_id \
        WHERE account.key = $1 AND session.last_seen > $2 AND session.started_at > $3 \
        ORDER BY session.started_at DESC, sign_in.key, session.last_seen DESC";
    OWN = "SELECT sign_in.key, sign_in.created_at, MAX(session.last_seen) AS last_seen, sign_in.address, sign_in.agent \
        FROM session JOIN sign_in ON sign_in.key = session.sign_in_key WHERE sign_in.account_id = $1 \
        AND session.last_seen > $2 AND session.started_at > $3 \
        GROUP BY sign_in.key, sign_in.created_at, sign_in.address, sign_in.agent \
        ORDER BY sign_in.created_at DESC, sign_in.key";
    REVOKE_OTHERS = "UPDATE sign_in SET revoked_at = $2 WHERE account_id = $1 AND key <> $3 AND revoked_at IS NULL";
    REVOKE_ONE = "UPDATE sign_in SET revoked_at = $2 WHERE account_id = $1 AND key = $3 AND revoked_at IS NULL";
    DELETE_REVOKED = "DELETE FROM session WHERE sign_in_key IN (SELECT key FROM sign_in WHERE account_id = $1 \
        AND revoked_at IS NOT NULL)";
    REVOKE_EVERYBODY = "UPDATE sign_in SET revoked_at = $1 WHERE revoked_at IS NULL";
    DELETE_EVERYBODY = "DELETE FROM session";
    SWEEP = "DELETE FROM session WHERE last_seen <= $1 OR started_at <= $2";
    /// A sign-in outlives its sessions by a day, so that one that is being ended is still found.
    SWEEP_SIGN_INS = "DELETE FROM sign_in WHERE created_at <= $1";
}

/// Seconds without a request after which a session ends (PCI DSS 8.2.8).
pub(crate) const IDLE: i64 = 15 * 60;

/// Seconds after the sign-in at which a session ends in any case.
pub(crate) const ABSOLUTE: i64 = 12 * 3600;

/// Seconds between two notes of the last request.
pub(crate) const SEEN_EVERY: i64 = 60;

/// What a session is kept under: the SHA-256 of its identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionHash([u8; 32]);

impl SessionHash {
    /// The hash of an identifier as the cookie carries it.
    #[must_use]
    pub fn of(identifier: &[u8]) -> Self {
        Self(Sha256::digest(identifier).into())
    }
}

/// A session that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// What was kept with it.
    pub data: String,
    /// The account and the sign-in that it belongs to; `None` before somebody signs in.
    pub signed_in: Option<(AccountId, SignInId)>,
    /// When it ends unless it is used again.
    pub ends_at: Timestamp,
}

/// One session of an account's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionEntry {
    /// The sign-in that it belongs to.
    pub sign_in: SignInId,
    /// When the person signed in.
    pub started_at: Timestamp,
    /// When it was used last, to a minute.
    pub last_seen: Timestamp,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    data: String,
    started_at: i64,
    last_seen: i64,
    sign_in_key: Option<String>,
    account_key: Option<String>,
}

/// The sessions of the store.
pub struct Sessions<'a>(&'a Store);

impl<'a> Sessions<'a> {
    pub(crate) const fn new(store: &'a Store) -> Self {
        Self(store)
    }

    /// Makes a session. False where the identifier is taken, or the sign-in it should belong to was ended meanwhile.
    ///
    /// # Errors
    /// The database.
    pub async fn create(&self, id: &SessionHash, sign_in: Option<&SignInId>, data: &str) -> Result<bool, StoreError> {
        let now = self.0.now();
        store_error(transact!(self.0.db(), locking, |tx| create(tx, now, id, sign_in, data)))
    }

    /// A session that has neither been idle for 15 minutes nor is older than 12 hours. Notes that it was used.
    ///
    /// # Errors
    /// The database.
    pub async fn load(&self, id: &SessionHash) -> Result<Option<SessionRecord>, StoreError> {
        let now = self.0.now();
        let mut tx = self.0.db().read().await?;
        let (idle, absolute) = oldest(now);
        let row = row!(&mut tx, SessionRow, LOAD, id.0.as_slice(), idle, absolute);
        tx.rollback().await?;
        let Some(row) = row? else {
            return Ok(None);
        };
        let signed_in = match (row.account_key, row.sign_in_key) {
            (Some(account), Some(sign_in)) => Some((AccountId::new(account), SignInId::new(sign_in))),
            (None, None) => None,
            // The account was disabled.
            _ => return Ok(None),
        };
        let mut last_seen = Timestamp(row.last_seen);
        if last_seen.plus_seconds(SEEN_EVERY) <= now {
            last_seen = now;
            self.update(SEEN, id, now).await?;
        }
        let ends_at = last_seen.plus_seconds(IDLE).min(Timestamp(row.started_at).plus_seconds(ABSOLUTE));
        Ok(Some(SessionRecord { data: row.data, signed_in, ends_at }))
    }

    /// Keeps other data with a session. One that was ended meanwhile stays ended, which is no error.
    ///
    /// # Errors
    /// The database.
    pub async fn save(&self, id: &SessionHash, data: &str) -> Result<(), StoreError> {
        store_error(transact!(self.0.db(), locking, |tx| async {
            Ok(run!(tx, SAVE, id.0.as_slice(), data).map(drop)?)
        }))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The database.
    pub async fn delete(&self, id: &SessionHash) -> Result<(), StoreError> {
        store_error(transact!(self.0.db(), locking, |tx| async { Ok(run!(tx, DELETE, id.0.as_slice()).map(drop)?) }))
    }

    /// The sessions of an account, newest first.
    ///
    /// # Errors
    /// The database.
    pub async fn of_account(&self, account: &AccountId) -> Result<Vec<SessionEntry>, StoreError> {
        let (idle, absolute) = oldest(self.0.now());
        let mut tx = self.0.db().read().await?;
        let rows = rows!(&mut tx, (i64, i64, String), OF_ACCOUNT, account.as_str(), idle, absolute);
        tx.rollback().await?;
        Ok(rows?
            .into_iter()
            .map(|(started_at, last_seen, sign_in)| SessionEntry {
                sign_in: SignInId::new(sign_in),
                started_at: Timestamp(started_at),
                last_seen: Timestamp(last_seen),
            })
            .collect())
    }

    /// Ends every sign-in of an account with all its sessions.
    ///
    /// # Errors
    /// The database.
    pub async fn end_all_of(&self, account: &AccountId) -> Result<(), StoreError> {
        let now = self.0.now();
        store_error(transact!(self.0.db(), locking, |tx| async {
            run!(tx, REVOKE_OF_ACCOUNT, account.as_str(), now.0)?;
            run!(tx, END_ALL_OF_ACCOUNT, account.as_str())?;
            Ok(())
        }))
    }

    /// Removes what has ended: sessions, sign-ins, and counters of failed tries.
    ///
    /// # Errors
    /// The database.
    pub async fn sweep(&self) -> Result<(), StoreError> {
        let now = self.0.now();
        store_error(transact!(self.0.db(), locking, |tx| async {
            let (idle, absolute) = oldest(now);
            run!(tx, SWEEP, idle, absolute)?;
            run!(tx, SWEEP_SIGN_INS, now.plus_seconds(-2 * ABSOLUTE).0)?;
            throttle::sweep(tx, now).await?;
            device::sweep(tx, now).await?;
            bucket::sweep(tx, now).await?;
            reset::sweep(tx, now).await?;
            Ok(())
        }))
    }

    async fn update(&self, statement: &'static str, id: &SessionHash, now: Timestamp) -> Result<(), StoreError> {
        store_error(transact!(self.0.db(), locking, |tx| async {
            Ok(run!(tx, statement, id.0.as_slice(), now.0).map(drop)?)
        }))
    }
}

/// Ends the sessions of a sign-in, in a transaction that has ended the sign-in itself.
pub(crate) async fn end_all_of(tx: &mut Tx, sign_in: &SignInId) -> Result<(), StoreError> {
    run!(tx, END_ALL_OF_SIGN_IN, sign_in.as_str())?;
    Ok(())
}

/// Ends every sign-in of an account with its sessions, but for the one named: that of a person who changes their own
/// rights or proofs, whose identifier the caller changes.
pub(crate) async fn end_account(
    tx: &mut Tx,
    now: Timestamp,
    account: Uuid,
    but: Option<&str>,
) -> Result<(), StoreError> {
    run!(tx, REVOKE_OTHERS, account, now.0, but.unwrap_or_default())?;
    run!(tx, DELETE_REVOKED, account)?;
    Ok(())
}

/// Ends every sign-in of everybody.
pub(crate) async fn end_everybody(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    run!(tx, REVOKE_EVERYBODY, now.0)?;
    run!(tx, DELETE_EVERYBODY)?;
    Ok(())
}

/// Ends one sign-in of an account. One of another account is left alone.
pub(crate) async fn end_one_of(tx: &mut Tx, now: Timestamp, account: Uuid, key: &str) -> Result<(), StoreError> {
    run!(tx, REVOKE_ONE, account, now.0, key)?;
    run!(tx, DELETE_REVOKED, account)?;
    Ok(())
}

/// Where an account is signed in, newest first.
pub(crate) async fn own(
    tx: &mut Tx,
    now: Timestamp,
    account: Uuid,
    current: &str,
) -> Result<Vec<OwnSession>, StoreError> {
    let (idle, absolute) = oldest(now);
    let rows = rows!(tx, (String, i64, i64, String, String), OWN, account, idle, absolute)?;
    Ok(rows
        .into_iter()
        .map(|(key, started_at, last_seen, address, agent)| OwnSession {
            current: key == current,
            key,
            started_at: Timestamp(started_at),
            last_seen: Timestamp(last_seen),
            address,
            agent,
        })
        .collect())
}

async fn create(
    tx: &mut Tx,
    now: Timestamp,
    id: &SessionHash,
    sign_in: Option<&SignInId>,
    data: &str,
) -> Result<bool, Failure> {
    let made = match sign_in {
        None => run!(tx, INSERT, id.0.as_slice(), data, now.0)?,
        Some(sign_in) => {
            // Waits for whoever is ending the sign-in; the statement after it then sees that it was ended.
            run!(tx, LOCK_SIGN_IN, sign_in.as_str())?;
            run!(tx, INSERT_SIGNED_IN, id.0.as_slice(), sign_in.as_str(), data, now.0)?
        }
    };
    Ok(made == 1)
}

/// Sessions used last, or begun, at or before these instants have ended.
const fn oldest(now: Timestamp) -> (i64, i64) {
    (now.plus_seconds(-IDLE).0, now.plus_seconds(-ABSOLUTE).0)
}

/// Nothing in this module refuses anybody, so that every failure is one of the database.
fn store_error<T>(outcome: Result<T, Failure>) -> Result<T, StoreError> {
    outcome.map_err(|failure| match failure {
        Failure::Store(error) => error,
        Failure::Problem(problem) | Failure::Denied(problem) => StoreError::Unsafe(format!("{problem:?}")),
    })
}
