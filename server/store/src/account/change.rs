//! Changing one's own password.

use domain::problem::{FieldCode, FieldError, Problem};
use domain::time::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::password::weakness;
use super::sign_in::Visit;
use super::standing::{Awaits, anyone};
use super::{AccountRow, device, second_factor, throttle};
use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain};
use crate::db::{Tx, run, transact};
use crate::error::{Failure, StoreError};
use crate::gate::told;
use crate::rows::statements;
use crate::session;
use crate::store::Store;

statements! {
    PUT = "UPDATE account_credential SET secret = $2, changed_at = $3 WHERE account_id = $1 \
        AND credential_kind = 'password'";
    PROVED = "UPDATE sign_in SET proved_at = $2 WHERE key = $1 AND revoked_at IS NULL";
}

impl Store {
    /// Changes the password of whoever asks, who proves to know the one in use. All other sign-ins of the account end, and
    /// no browser is known any longer. Tries count together with those of signing in.
    ///
    /// # Errors
    /// `Invalid` with the fields `current_password` or `new_password`, `TooMany`, `SignedOut`, `SecondFactor`.
    pub async fn change_password(
        &self,
        actor: &Actor,
        current: &str,
        new: &str,
        visit: &Visit<'_>,
    ) -> Result<(), Problem> {
        self.try_change(actor, current, new, visit).await.map_err(|failure| told(failure, "password.change"))
    }

    async fn try_change(&self, actor: &Actor, current: &str, new: &str, visit: &Visit<'_>) -> Result<(), Failure> {
        let place = self.hasher().place()?;
        let mut tx = self.db().read().await?;
        let (account, awaits, _) = anyone(&mut tx, actor).await?;
        tx.rollback().await?;
        if awaits != Awaits::Nothing {
            return Err(Problem::SecondFactor.into());
        }
        check(&account, new)?;
        let (account, counter, last) = self.count_proof(actor, visit).await?;
        let hash = self.password_hash(&account).await?;
        if !self.verify(place, current, hash).await? {
            transact!(self.db(), locking, |tx| second_factor::note_failure(tx, self.now(), actor, visit, last))?;
            return Err(Problem::field("current_password", FieldCode::WrongPassword).into());
        }
        let hash = self.hasher().hash(self.hasher().place()?, new).await?;
        transact!(self.db(), locking, |tx| async {
            put(tx, self.now(), account.id, &hash).await?;
            session::end_account(tx, self.now(), account.id, actor.session()).await?;
            run!(tx, PROVED, actor.session().unwrap_or_default(), self.now().0)?;
            throttle::reset(tx, &counter).await?;
            let payload = Payload::plain(&json!({}));
            Ok(audit::append(tx, &Chain::Instance, self.now(), actor, "password.change", None, &payload).await?)
        })
    }
}

/// Refuses a new password that is too short, too long, or easy to guess for this account.
pub(super) fn check(account: &AccountRow, new: &str) -> Result<(), Problem> {
    match weakness(new, &[account.name.as_str(), &account.mail]) {
        Some(code) => Err(Problem::Invalid(vec![FieldError::new("new_password", code)])),
        None => Ok(()),
    }
}

/// Puts another password in the place of the one in use. Browsers that were known are known no longer.
pub(super) async fn put(tx: &mut Tx, now: Timestamp, account: Uuid, hash: &str) -> Result<(), StoreError> {
    run!(tx, PUT, account, hash, now.0)?;
    device::forget_all(tx, account).await
}
