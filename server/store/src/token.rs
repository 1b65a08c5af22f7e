//! API tokens: making, showing, ending and recognising them. The secret is stored as its SHA-256 only.

use domain::backend::tokens::NewToken;
use domain::id::{AccountId, TokenId};
use domain::role::Capability;
use domain::time::Timestamp;
use domain::token::{TokenEntry, TokenScope, TokenWish};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;

use crate::actor::{Actor, TokenClaim};
use crate::clock::random_key;
use crate::db::{Tx, row, rows, run, transact};
use crate::error::{Failure, StoreError};
use crate::gate::Permit;
use crate::rows::{Reader, statements};
use crate::store::Store;

statements! {
    INSERT = "INSERT INTO api_token (key, workspace_id, account_id, secret_hash, name, scope, created_at, expires_at) \
        SELECT $2, member.workspace_id, member.account_id, $4, $5, $6, $7, $8 FROM member \
        JOIN account ON account.id = member.account_id WHERE member.workspace_id = $1 AND account.key = $3";
    OF_WORKSPACE = "SELECT api_token.key, api_token.name, api_token.scope, account.key AS account_key, \
        account.name AS member, api_token.created_at, api_token.expires_at, api_token.last_used_at, \
        api_token.revoked_at FROM api_token JOIN account ON account.id = api_token.account_id \
        WHERE api_token.workspace_id = $1 ORDER BY api_token.created_at DESC, api_token.key";
    REVOKE = "UPDATE api_token SET revoked_at = $3 WHERE workspace_id = $1 AND key = $2 AND revoked_at IS NULL";
    /// By its public part, before it is known for which workspace: the secret is compared next, and the permit asks
    /// for the workspace.
    BY_KEY = "SELECT api_token.secret_hash, api_token.scope, api_token.last_used_at, account.key AS account_key \
        FROM api_token JOIN account ON account.id = api_token.account_id WHERE api_token.key = $1 \
        AND api_token.revoked_at IS NULL AND api_token.expires_at > $2 AND account.disabled_at IS NULL";
    USED = "UPDATE api_token SET last_used_at = $2 WHERE key = $1";
}

/// What every token begins with, so that scanners for leaked secrets find it.
const PREFIX: &str = "plb_";

/// Microseconds between two notes of the last use.
const USED_EVERY: i64 = 60_000_000;

/// The tokens of a workspace that the actor may see: all of them, or their own.
pub(crate) async fn list(
    tx: &mut Tx,
    permit: &Permit,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<TokenEntry>, StoreError> {
    let all = permit.entry().role.may(Capability::ManageTokens);
    let mut entries = Vec::new();
    for row in rows!(tx, TokenRow, OF_WORKSPACE, permit.workspace())? {
        if all || actor.id() == Some(row.account_key.as_str()) {
            entries.push(row.entry(now)?);
        }
    }
    entries.sort_by_key(|entry| entry.ended);
    Ok(entries)
}

/// Makes a token of the actor.
pub(crate) async fn make(
    tx: &mut Tx,
    permit: &Permit,
    actor: &Actor,
    now: Timestamp,
    wish: &TokenWish,
) -> Result<Option<NewToken>, StoreError> {
    let Some(account) = actor.id() else { return Ok(None) };
    let (key, secret) = (random_key::<4>()?, random_key::<32>()?);
    let expires_at = now.plus_seconds(i64::from(wish.days) * 86_400);
    let hash: [u8; 32] = Sha256::digest(&secret).into();
    let hash: &[u8] = &hash;
    let made = run!(
        tx,
        INSERT,
        permit.workspace(),
        key.as_str(),
        account,
        hash,
        wish.name.as_str(),
        wish.scope.as_str(),
        now.0,
        expires_at.0
    )?;
    let secret = format!("{PREFIX}{key}_{secret}");
    Ok((made == 1).then(|| NewToken { id: TokenId::new(key), secret }))
}

/// Ends a token; false where the workspace has none of this name that still holds.
pub(crate) async fn revoke(tx: &mut Tx, permit: &Permit, token: &TokenId, now: Timestamp) -> Result<bool, StoreError> {
    Ok(run!(tx, REVOKE, permit.workspace(), token.as_str(), now.0)? == 1)
}

impl Store {
    /// Who sends this token, where it is one of ours, holds, and its account is not disabled. Notes its use, to a
    /// minute.
    ///
    /// # Errors
    /// The database.
    pub async fn recognise(&self, token: &str) -> Result<Option<Actor>, StoreError> {
        let Some((key, secret)) = parts(token) else { return Ok(None) };
        let now = self.now();
        let mut tx = self.db().read().await?;
        let row = row!(&mut tx, SecretRow, BY_KEY, key, now.0);
        tx.rollback().await?;
        let Some(row) = row? else { return Ok(None) };
        let sent: [u8; 32] = Sha256::digest(secret).into();
        if !bool::from(sent.as_slice().ct_eq(&row.secret_hash)) {
            return Ok(None);
        }
        if row.last_used_at.is_none_or(|used| used + USED_EVERY <= now.0) {
            let noted = transact!(self.db(), locking, |tx| async { Ok(run!(tx, USED, key, now.0).map(drop)?) });
            if let Err(Failure::Store(error)) = noted {
                return Err(error);
            }
        }
        let scope: TokenScope = Reader::new("api_token", key).word("scope", &row.scope)?;
        let claim = TokenClaim { token: TokenId::new(key), account: AccountId::new(row.account_key), scope, at: now };
        Ok(Some(Actor::Token(claim)))
    }
}

/// The public part and the secret of what looks like a token.
fn parts(token: &str) -> Option<(&str, &str)> {
    let (key, secret) = token.strip_prefix(PREFIX)?.split_once('_')?;
    let hex = |text: &str, length| text.len() == length && text.bytes().all(|it| it.is_ascii_hexdigit());
    (hex(key, 8) && hex(secret, 64)).then_some((key, secret))
}

#[derive(sqlx::FromRow)]
struct SecretRow {
    secret_hash: Vec<u8>,
    scope: String,
    last_used_at: Option<i64>,
    account_key: String,
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    key: String,
    name: String,
    scope: String,
    account_key: String,
    member: String,
    created_at: i64,
    expires_at: i64,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl TokenRow {
    fn entry(self, now: Timestamp) -> Result<TokenEntry, StoreError> {
        let scope = Reader::new("api_token", &self.key).word("scope", &self.scope)?;
        Ok(TokenEntry {
            id: TokenId::new(self.key),
            name: self.name,
            scope,
            member: self.member,
            created_at: Timestamp(self.created_at),
            expires_at: Timestamp(self.expires_at),
            last_used_at: self.last_used_at.map(Timestamp),
            ended: self.revoked_at.is_some() || self.expires_at <= now.0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn only_what_has_the_shape_of_a_token_is_looked_for() {
        let secret = "0123456789abcdef".repeat(4);
        assert_eq!(parts(&format!("plb_00c0ffee_{secret}")), Some(("00c0ffee", secret.as_str())));
        for bad in ["", "plb_", "plb_00c0ffee", "plb_00c0ffee_", "plb_00c0ffe_00", "00c0ffee_00"] {
            assert_eq!(parts(bad), None, "{bad}");
        }
        assert_eq!(parts(&format!("plb_00c0ffe'_{secret}")), None);
    }
}
