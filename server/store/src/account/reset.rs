//! A new password for somebody who forgot the old one: a link that works once, for 30 minutes. The operator makes it, an
//! instance administrator hands it over, or it is sent to the address of the account.
//!
//! Whoever makes the link neither sees nor chooses the password, and a second factor stays as it is.

use domain::id::AccountId;
use domain::problem::{FieldCode, Problem};
use domain::time::Timestamp;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::throttle::{self, Counter};
use super::{AccountRow, Mail, by_mail, change};
use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::clock::random_key;
use crate::db::{Tx, row, run, transact};
use crate::error::{Failure, StoreError};
use crate::gate::told;
use crate::rows::statements;
use crate::session;
use crate::store::Store;

statements! {
    INSERT = "INSERT INTO password_reset (token_hash, account_id, expires_at) VALUES ($1, $2, $3)";
    /// A newer link makes the older ones worthless.
    FORGET = "DELETE FROM password_reset WHERE account_id = $1";
    ACCOUNT = "SELECT account.id, account.key, account.name, account.mail, account.instance_admin FROM password_reset \
        JOIN account ON account.id = password_reset.account_id \
        WHERE password_reset.token_hash = $1 AND password_reset.expires_at > $2 AND account.disabled_at IS NULL";
    /// Whoever deletes the row has the link; nobody else does.
    SPEND = "DELETE FROM password_reset WHERE token_hash = $1 AND expires_at > $2";
    SWEEP = "DELETE FROM password_reset WHERE expires_at <= $1";
    NEWEST = "SELECT MAX(expires_at) FROM password_reset WHERE account_id = $1";
    BY_KEY = "SELECT id, key, name, mail, instance_admin FROM account WHERE key = $1 AND disabled_at IS NULL";
}

/// How long a link works, in seconds.
const LIFETIME: i64 = 30 * 60;

/// Seconds after a link was made in which none is sent: nobody's mailbox is filled by others.
const PAUSE: i64 = 5 * 60;

/// What a link to a new password carries: 256 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct ResetToken(String);

impl ResetToken {
    /// As text, for the link.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for ResetToken {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("ResetToken(hidden)")
    }
}

impl Store {
    /// Makes a link with which a person sets a new password, on behalf of the operator. Earlier ones stop working.
    ///
    /// # Errors
    /// `Invalid` with the field `mail` where no account has this address.
    pub async fn reset_token(&self, mail: &str) -> Result<ResetToken, Problem> {
        let outcome = transact!(self.db(), locking, |tx| issue(tx, self.now(), mail));
        outcome.map_err(|failure| told(failure, "password.reset_link"))
    }

    /// Makes a link for whoever says that an account is theirs, to be sent to the address that the account has, which
    /// comes with it. `None` where no account has the address, or a link was made for it in the last five minutes.
    ///
    /// How long this takes and what it gives tells whether there is an account, so neither may reach who asked.
    ///
    /// # Errors
    /// `Broken`.
    pub async fn reset_token_to_send(&self, mail: &str) -> Result<Option<(String, ResetToken)>, Problem> {
        let outcome = transact!(self.db(), locking, |tx| issue_to_send(tx, self.now(), mail));
        outcome.map_err(|failure| told(failure, "password.reset_mail"))
    }

    /// Whether a link can still be used.
    ///
    /// # Errors
    /// The database.
    pub async fn is_reset_token(&self, token: &str) -> Result<bool, StoreError> {
        let mut tx = self.db().read().await?;
        let account = account_of(&mut tx, self.now(), token).await?;
        tx.rollback().await?;
        Ok(account.is_some())
    }

    /// Sets a new password with a link. All sessions of the account end, and tries are forgotten.
    ///
    /// # Errors
    /// `NotFound` where the link was used or is too old, `Invalid` with the field `new_password`, `TooMany`.
    pub async fn reset_password(&self, token: &str, new: &str) -> Result<(), Problem> {
        self.try_reset(token, new).await.map_err(|failure| told(failure, "password.reset"))
    }

    async fn try_reset(&self, token: &str, new: &str) -> Result<(), Failure> {
        let mut tx = self.db().read().await?;
        let account = account_of(&mut tx, self.now(), token).await?;
        tx.rollback().await?;
        let account = account.ok_or(Problem::NotFound)?;
        change::check(&account, new)?;
        let hash = self.hasher().hash(self.hasher().place()?, new).await?;
        transact!(self.db(), locking, |tx| reset(tx, self.now(), token, &account, &hash))
    }
}

/// Removes links that are too old.
pub(crate) async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    run!(tx, SWEEP, now.0)?;
    Ok(())
}

async fn issue(tx: &mut Tx, now: Timestamp, mail: &str) -> Result<ResetToken, Failure> {
    let account = by_mail(tx, &Mail::claimed(mail)).await?;
    let account = account.ok_or_else(|| Problem::field("mail", FieldCode::NoSuchAccount))?;
    make(tx, now, &Actor::Operator, &account, "password.reset_link").await
}

/// Makes a link for an account, for an administrator who hands it over.
pub(crate) async fn issue_for(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    account: &AccountId,
) -> Result<ResetToken, Failure> {
    // PostgreSQL refuses U+0000 in a text; no account has it in its key.
    let known = if account.as_str().contains('\0') { None } else { row!(tx, AccountRow, BY_KEY, account.as_str())? };
    make(tx, now, actor, &known.ok_or(Problem::NotFound)?, "password.reset_link").await
}

async fn issue_to_send(tx: &mut Tx, now: Timestamp, mail: &str) -> Result<Option<(String, ResetToken)>, Failure> {
    let Some(account) = by_mail(tx, &Mail::claimed(mail)).await? else { return Ok(None) };
    let newest = row!(tx, (Option<i64>,), NEWEST, account.id)?.and_then(|(expires_at,)| expires_at);
    if newest.is_some_and(|expires_at| expires_at > now.plus_seconds(LIFETIME - PAUSE).0) {
        return Ok(None);
    }
    let token = make(tx, now, &Actor::Nobody, &account, "password.reset_mail").await?;
    Ok(Some((account.mail, token)))
}

/// Makes a link, and ends those before it.
async fn make(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    account: &AccountRow,
    action: &str,
) -> Result<ResetToken, Failure> {
    let token = random_key::<32>()?;
    run!(tx, FORGET, account.id)?;
    run!(tx, INSERT, Sha256::digest(&token).to_vec(), account.id, now.plus_seconds(LIFETIME).0)?;
    note(tx, now, actor, account, action).await?;
    Ok(ResetToken(token))
}

async fn account_of(tx: &mut Tx, now: Timestamp, token: &str) -> Result<Option<AccountRow>, StoreError> {
    row!(tx, AccountRow, ACCOUNT, Sha256::digest(token).to_vec(), now.0)
}

async fn reset(tx: &mut Tx, now: Timestamp, token: &str, account: &AccountRow, hash: &str) -> Result<(), Failure> {
    if run!(tx, SPEND, Sha256::digest(token).to_vec(), now.0)? != 1 {
        return Err(Problem::NotFound.into());
    }
    change::put(tx, now, account.id, hash).await?;
    session::end_account(tx, now, account.id, None).await?;
    throttle::reset(tx, &Counter::of(&Mail::claimed(&account.mail), None)).await?;
    note(tx, now, &Actor::Nobody, account, "password.reset").await
}

async fn note(tx: &mut Tx, now: Timestamp, actor: &Actor, account: &AccountRow, action: &str) -> Result<(), Failure> {
    let subject = Subject { kind: "account", key: &account.key, revision: None };
    let payload = Payload::plain(&json!({}));
    Ok(audit::append(tx, &Chain::Instance, now, actor, action, Some(&subject), &payload).await?)
}
