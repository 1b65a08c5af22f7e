//! Signing in and out.

use domain::id::{AccountId, WorkspaceId};
use domain::problem::{FieldCode, Problem};
use domain::time::Timestamp;
use serde_json::json;

use super::password::Place;
use super::throttle::{self, Counted};
use super::{AccountRow, Mail, by_mail, password_of};
use crate::actor::{Actor, SignInId};
use crate::audit::payload::Payload;
use crate::audit::{self, Chain};
use crate::clock::random_key;
use crate::db::{Tx, row, run, transact};
use crate::error::{Failure, StoreError};
use crate::gate::{told, without_controls};
use crate::rows::statements;
use crate::session;
use crate::store::Store;

statements! {
    INSERT = "INSERT INTO sign_in (key, account_id, created_at) VALUES ($1, $2, $3)";
    REVOKE = "UPDATE sign_in SET revoked_at = $2 WHERE key = $1 AND revoked_at IS NULL RETURNING account_id";
    ACCOUNT_OF = "SELECT account.key FROM account JOIN sign_in ON sign_in.account_id = account.id WHERE sign_in.key = $1";
}

/// Longest password that is looked at, in bytes: 128 characters of any script.
const PASSWORD_BYTES_MAX: usize = 512;

/// Somebody who just proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The account.
    pub account: AccountId,
    /// This sign-in, to be kept with the session.
    pub sign_in: SignInId,
    /// Where to go first, where there is one obvious place.
    pub workspace: Option<WorkspaceId>,
}

impl SignedIn {
    /// The actor that a session of this sign-in speaks for.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Account { id: self.account.clone(), session: self.sign_in.clone() }
    }
}

impl Store {
    /// Signs somebody in. Every try is counted before the password is looked at; an unknown address costs as
    /// much as a wrong password, and looks the same.
    ///
    /// # Errors
    /// `Invalid` with the field `password` where address or password is wrong, `TooMany` where there were too many
    /// tries for this address or too many people sign in at once.
    pub async fn sign_in(&self, mail: &str, password: &str, address: &str) -> Result<SignedIn, Problem> {
        let attempt = Attempt { mail: Mail::claimed(mail), address: without_controls(address) };
        self.try_sign_in(&attempt, password).await.map_err(|failure| told(failure, "sign_in"))
    }

    /// Ends a sign-in and every session of it. Ending it twice is no error.
    ///
    /// # Errors
    /// `Broken`.
    pub async fn sign_out(&self, sign_in: &SignInId) -> Result<(), Problem> {
        let outcome = transact!(self.db(), locking, |tx| end(tx, self.now(), sign_in));
        outcome.map_err(|failure| told(failure, "sign_out"))
    }

    async fn try_sign_in(&self, attempt: &Attempt, password: &str) -> Result<SignedIn, Failure> {
        let place = self.hasher().place()?;
        let counted = transact!(self.db(), locking, |tx| count(tx, self.now(), attempt))?;
        let last = match counted {
            Counted::Admitted { last } => last,
            Counted::Wait(seconds) => return Err(Problem::TooMany(seconds).into()),
        };
        let known = self.find(&attempt.mail).await?;
        let (account, hash) = known.unzip();
        if !self.verify(place, password, hash).await? {
            transact!(self.db(), locking, |tx| note_failure(tx, self.now(), attempt, last))?;
            return Err(Problem::field("password", FieldCode::WrongCredentials).into());
        }
        let Some(account) = account else {
            return Err(Problem::field("password", FieldCode::WrongCredentials).into());
        };
        transact!(self.db(), locking, |tx| succeed(tx, self.now(), attempt, &account))
    }

    async fn find(&self, mail: &Mail) -> Result<Option<(AccountRow, String)>, StoreError> {
        let mut tx = self.db().read().await?;
        let found = match by_mail(&mut tx, mail).await? {
            Some(account) => password_of(&mut tx, account.id).await?.map(|hash| (account, hash)),
            None => None,
        };
        tx.rollback().await?;
        Ok(found)
    }

    async fn verify(&self, place: Place, password: &str, hash: Option<String>) -> Result<bool, Failure> {
        let is_longer = password.len() > PASSWORD_BYTES_MAX;
        let fits = self.hasher().verify(place, if is_longer { "" } else { password }, hash).await?;
        Ok(fits && !is_longer)
    }
}

/// Who tries, and from where.
struct Attempt {
    mail: Mail,
    address: String,
}

async fn count(tx: &mut Tx, now: Timestamp, attempt: &Attempt) -> Result<Counted, Failure> {
    Ok(throttle::count(tx, now, &attempt.mail).await?)
}

async fn note_failure(tx: &mut Tx, now: Timestamp, attempt: &Attempt, last: bool) -> Result<(), Failure> {
    let action = if last { "sign_in.locked" } else { "sign_in.failed" };
    Ok(audit::append(tx, &Chain::Instance, now, &Actor::Nobody, action, None, &attempt.payload()?).await?)
}

async fn succeed(tx: &mut Tx, now: Timestamp, attempt: &Attempt, account: &AccountRow) -> Result<SignedIn, Failure> {
    throttle::reset(tx, &attempt.mail).await?;
    let signed_in = begin(tx, now, account).await?;
    let actor = signed_in.actor();
    audit::append(tx, &Chain::Instance, now, &actor, "sign_in.done", None, &attempt.payload()?).await?;
    Ok(signed_in)
}

/// Begins a sign-in of an account that proved who it is.
pub(super) async fn begin(tx: &mut Tx, now: Timestamp, account: &AccountRow) -> Result<SignedIn, StoreError> {
    let sign_in = SignInId::new(random_key::<16>()?);
    run!(tx, INSERT, sign_in.as_str(), account.id, now.0)?;
    Ok(SignedIn { account: AccountId::new(account.key.as_str()), sign_in, workspace: None })
}

async fn end(tx: &mut Tx, now: Timestamp, sign_in: &SignInId) -> Result<(), Failure> {
    // Locks the row first: a session that is being made for this sign-in is made before, or not at all.
    let revoked = row!(tx, (uuid::Uuid,), REVOKE, sign_in.as_str(), now.0)?.is_some();
    session::end_all_of(tx, sign_in).await?;
    if let (true, Some((account,))) = (revoked, row!(tx, (String,), ACCOUNT_OF, sign_in.as_str())?) {
        let actor = Actor::Account { id: AccountId::new(account), session: sign_in.clone() };
        let payload = Payload::plain(&json!({}));
        audit::append(tx, &Chain::Instance, now, &actor, "sign_out", None, &payload).await?;
    }
    Ok(())
}

impl Attempt {
    fn payload(&self) -> Result<Payload, StoreError> {
        let mail = without_controls(&self.mail.folded);
        Payload::with_personal(&json!({}), &[("mail", &mail), ("address", &self.address)])
    }
}
