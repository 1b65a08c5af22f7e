//! Browsers in which an account has signed in before.
//!
//! Their tries are counted apart from those of strangers, so that nobody can lock a person out by guessing.

use domain::time::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Mail;
use crate::clock::random_key;
use crate::db::{Tx, row, run};
use crate::error::StoreError;
use crate::rows::statements;

statements! {
    INSERT = "INSERT INTO known_device (token_hash, account_id, expires_at) VALUES ($1, $2, $3)";
    IS_OF = "SELECT known_device.expires_at FROM known_device JOIN account ON account.id = known_device.account_id \
        WHERE known_device.token_hash = $1 AND account.mail_folded = $2 AND known_device.expires_at > $3";
    FORGET_ALL = "DELETE FROM known_device WHERE account_id = $1";
    SWEEP = "DELETE FROM known_device WHERE expires_at <= $1";
}

/// For how long a browser is known, in seconds.
const LIFETIME: i64 = 90 * 24 * 3600;

/// What a known browser keeps in a cookie: 256 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceToken(String);

impl DeviceToken {
    /// As text, for the cookie.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for DeviceToken {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("DeviceToken(hidden)")
    }
}

/// The hash of a token that was issued for the account with this address.
pub(super) async fn known(
    tx: &mut Tx,
    now: Timestamp,
    token: Option<&str>,
    mail: &Mail,
) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(token) = token else { return Ok(None) };
    let hash = Sha256::digest(token).to_vec();
    let found = row!(tx, (i64,), IS_OF, hash.as_slice(), mail.folded.as_str(), now.0)?;
    Ok(found.map(|_| hash))
}

/// Makes this browser a known one of the account.
pub(super) async fn remember(tx: &mut Tx, now: Timestamp, account: Uuid) -> Result<DeviceToken, StoreError> {
    let token = random_key::<32>()?;
    run!(tx, INSERT, Sha256::digest(&token).to_vec(), account, now.plus_seconds(LIFETIME).0)?;
    Ok(DeviceToken(token))
}

/// Knows no browser of the account any longer.
pub(super) async fn forget_all(tx: &mut Tx, account: Uuid) -> Result<(), StoreError> {
    run!(tx, FORGET_ALL, account)?;
    Ok(())
}

/// Removes what is too old.
pub(crate) async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    run!(tx, SWEEP, now.0)?;
    Ok(())
}
