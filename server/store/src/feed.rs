//! Calendar feeds: making, ending and recognising them. The secret is stored as its SHA-256 only.

use domain::backend::calendar::FeedEntry;
use domain::id::{AccountId, WorkspaceId};
use domain::time::Timestamp;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::actor::{Actor, ReaderClaim};
use crate::clock::random_key;
use crate::db::{Tx, row, run, transact};
use crate::error::{Failure, StoreError};
use crate::gate::Permit;
use crate::rows::statements;
use crate::store::Store;

statements! {
    OF_ACCOUNT = "SELECT key, made_at, last_used_at FROM calendar_feed WHERE workspace_id = $1 AND account_id = $2";
    INSERT = "INSERT INTO calendar_feed (key, workspace_id, account_id, secret_hash, made_at) VALUES ($2, $1, $3, $4, $5)";
    REMOVE = "DELETE FROM calendar_feed WHERE workspace_id = $1 AND account_id = $2";
    /// By its public part, before it is known of which workspace: the secret is compared next, and the permit asks for
    /// the membership.
    BY_TOKEN = "SELECT calendar_feed.workspace_id, calendar_feed.secret_hash, calendar_feed.last_used_at, \
        account.key AS account_key, workspace.key AS workspace_key FROM calendar_feed \
        JOIN account ON account.id = calendar_feed.account_id \
        JOIN workspace ON workspace.id = calendar_feed.workspace_id \
        WHERE calendar_feed.key = $1 AND account.disabled_at IS NULL AND workspace.deleted_at IS NULL";
    USED = "UPDATE calendar_feed SET last_used_at = $3 WHERE workspace_id = $1 AND key = $2";
}

/// What every secret begins with, so that scanners for leaked secrets find it.
const PREFIX: &str = "plc_";

/// Microseconds between two notes of the last use.
const USED_EVERY: i64 = 60_000_000;

/// The feed of an account, where it has one.
pub(crate) async fn of_account(tx: &mut Tx, permit: &Permit, account: Uuid) -> Result<Option<FeedEntry>, StoreError> {
    let found = row!(tx, (String, i64, Option<i64>), OF_ACCOUNT, permit.workspace(), account)?;
    Ok(found.map(|(key, made_at, used)| FeedEntry {
        key: format!("{PREFIX}{key}"),
        made_at: Timestamp(made_at),
        last_used_at: used.map(Timestamp),
    }))
}

/// Makes the feed of an account in the place of any before it; gives its public part and the whole secret.
pub(crate) async fn make(
    tx: &mut Tx,
    permit: &Permit,
    account: Uuid,
    now: Timestamp,
) -> Result<(String, String), StoreError> {
    let (key, secret) = (random_key::<4>()?, random_key::<32>()?);
    let hash: [u8; 32] = Sha256::digest(&secret).into();
    let hash: &[u8] = &hash;
    run!(tx, REMOVE, permit.workspace(), account)?;
    run!(tx, INSERT, permit.workspace(), key.as_str(), account, hash, now.0)?;
    let whole = format!("{PREFIX}{key}_{secret}");
    Ok((key, whole))
}

/// Ends the feed of an account; whether there was one.
pub(crate) async fn end(tx: &mut Tx, permit: &Permit, account: Uuid) -> Result<bool, StoreError> {
    Ok(run!(tx, REMOVE, permit.workspace(), account)? == 1)
}

impl Store {
    /// Who reads with this secret, and in which workspace, where it is one of ours. Notes its use, to a minute.
    ///
    /// # Errors
    /// The database.
    pub async fn feed_reader(&self, secret: &str) -> Result<Option<(Actor, WorkspaceId)>, StoreError> {
        let Some((key, secret)) = parts(secret) else { return Ok(None) };
        let now = self.now();
        let mut tx = self.db().read().await?;
        let found = row!(&mut tx, FeedRow, BY_TOKEN, key);
        tx.rollback().await?;
        let Some(found) = found? else { return Ok(None) };
        let sent: [u8; 32] = Sha256::digest(secret).into();
        if !bool::from(sent.as_slice().ct_eq(&found.secret_hash)) {
            return Ok(None);
        }
        if found.last_used_at.is_none_or(|used| used + USED_EVERY <= now.0) {
            let workspace = found.workspace_id;
            let noted =
                transact!(self.db(), locking, |tx| async { Ok(run!(tx, USED, workspace, key, now.0).map(drop)?) });
            if let Err(Failure::Store(error)) = noted {
                return Err(error);
            }
        }
        let workspace = WorkspaceId::new(found.workspace_key);
        let account = AccountId::new(found.account_key);
        Ok(Some((Actor::Reader(ReaderClaim { workspace: workspace.clone(), account }), workspace)))
    }
}

/// The public part and the secret of what looks like one of ours.
fn parts(secret: &str) -> Option<(&str, &str)> {
    let (key, secret) = secret.strip_prefix(PREFIX)?.split_once('_')?;
    let hex = |text: &str, length| text.len() == length && text.bytes().all(|it| it.is_ascii_hexdigit());
    (hex(key, 8) && hex(secret, 64)).then_some((key, secret))
}

#[derive(sqlx::FromRow)]
struct FeedRow {
    workspace_id: Uuid,
    secret_hash: Vec<u8>,
    last_used_at: Option<i64>,
    account_key: String,
    workspace_key: String,
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn only_what_has_the_shape_of_a_secret_is_looked_for() {
        let secret = "0123456789abcdef".repeat(4);
        assert_eq!(parts(&format!("plc_00c0ffee_{secret}")), Some(("00c0ffee", secret.as_str())));
        for bad in ["", "plc_", "plc_00c0ffee_", "plc_00c0ffe_00", "00c0ffee_00"] {
            assert_eq!(parts(bad), None, "{bad}");
        }
        assert_eq!(parts(&format!("plb_00c0ffee_{secret}")), None, "a token of a program is none");
    }
}
