//! Signing in and out.

use domain::id::{AccountId, WorkspaceId};
use domain::problem::{FieldCode, Problem};
use domain::time::Timestamp;
use serde_json::json;

use super::device::{self, DeviceToken};
use super::password::Place;
use super::standing::{self, Awaits};
use super::throttle::{self, Counted, Counter};
use super::{AccountRow, Mail, by_mail, password_of};
use crate::actor::{Actor, SignInId};
use crate::audit::payload::Payload;
use crate::audit::{self, Chain};
use crate::clock::random_key;
use crate::db::{Tx, row, run, transact};
use crate::error::{Failure, StoreError};
use crate::gate::{told, without_controls};
use crate::meter;
use crate::rows::statements;
use crate::session;
use crate::store::Store;

statements! {
    INSERT = "INSERT INTO sign_in (key, account_id, created_at, proved_at, awaits, address, agent) \
        VALUES ($1, $2, $3, $3, $4, $5, $6)";
    PROVE = "UPDATE sign_in SET proved_at = $2, awaits = CASE awaits WHEN 'code' THEN 'nothing' ELSE awaits END \
        WHERE key = $1 AND revoked_at IS NULL";
    REVOKE = "UPDATE sign_in SET revoked_at = $2 WHERE key = $1 AND revoked_at IS NULL RETURNING account_id";
    ACCOUNT_OF = "SELECT account.key FROM account JOIN sign_in ON sign_in.account_id = account.id WHERE sign_in.key = $1";
}

/// Longest password that is looked at, in bytes: 128 characters of any script.
const PASSWORD_BYTES_MAX: usize = 512;

/// Longest description of a browser that is kept, in characters.
const AGENT_MAX: usize = 200;

/// From where somebody signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit<'a> {
    /// The address of the client.
    pub address: &'a str,
    /// How its browser describes itself.
    pub agent: &'a str,
    /// What the cookie of a known browser carries.
    pub device: Option<&'a str>,
}

impl Visit<'_> {
    /// Nothing is known of where somebody comes from.
    pub(super) const fn unknown() -> Self {
        Self { address: "", agent: "", device: None }
    }
}

/// Somebody who just proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The account.
    pub account: AccountId,
    /// This sign-in, to be kept with the session.
    pub sign_in: SignInId,
    /// Where to go first, where there is one obvious place.
    pub workspace: Option<WorkspaceId>,
    /// What has to be proved or set up before anything else.
    pub awaits: Awaits,
    /// For the cookie by which this browser is known from now on.
    pub device: Option<DeviceToken>,
}

impl SignedIn {
    /// The actor that a session of this sign-in speaks for.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Account { id: self.account.clone(), session: self.sign_in.clone() }
    }
}

impl Store {
    /// Signs somebody in from a browser of which only the address is known. As [`Self::sign_in_from`].
    ///
    /// # Errors
    /// As [`Self::sign_in_from`].
    pub async fn sign_in(&self, mail: &str, password: &str, address: &str) -> Result<SignedIn, Problem> {
        self.sign_in_from(mail, password, &Visit { address, ..Visit::unknown() }).await
    }

    /// Signs somebody in. Every try is counted before the password is looked at; an unknown address costs as
    /// much as a wrong password, and looks the same. Where the account has a second factor, the sign-in awaits it, and
    /// the tries go on being counted until it is proved.
    ///
    /// # Errors
    /// `Invalid` with the field `password` where address or password is wrong, `TooMany` where there were too many
    /// tries for this address or too many people sign in at once.
    pub async fn sign_in_from(&self, mail: &str, password: &str, visit: &Visit<'_>) -> Result<SignedIn, Problem> {
        let attempt = Attempt { mail: Mail::claimed(mail), address: without_controls(visit.address) };
        let outcome = self.try_sign_in(&attempt, password, visit).await.map_err(|failure| told(failure, "sign_in"));
        meter::password(&outcome);
        outcome
    }

    /// Notes that somebody who is signed in has just proved again who they are, with the password, and with the second
    /// factor where there is one. Tries are counted as those of signing in.
    ///
    /// # Errors
    /// `Invalid` with the field `password` or `code`, `TooMany`, `SignedOut`.
    pub async fn re_authenticate(
        &self,
        actor: &Actor,
        password: &str,
        code: &str,
        visit: &Visit<'_>,
    ) -> Result<(), Problem> {
        let outcome = async {
            let place = self.hasher().place()?;
            let (account, counter, last) = self.count_proof(actor, visit).await?;
            let wrong = |field, code| async move {
                transact!(self.db(), locking, |tx| super::second_factor::note_failure(
                    tx,
                    self.now(),
                    actor,
                    visit,
                    last
                ))?;
                Err(Problem::field(field, code).into())
            };
            let hash = self.password_hash(&account).await?;
            if !self.verify(place, password, hash).await? {
                return wrong("password", FieldCode::WrongPassword).await;
            }
            if self.has_second_factor(account.id).await? && !self.fits(&account, code).await? {
                return wrong("code", FieldCode::WrongCode).await;
            }
            transact!(self.db(), locking, |tx| async {
                run!(tx, PROVE, actor.session().unwrap_or_default(), self.now().0)?;
                throttle::reset(tx, &counter).await?;
                let payload = Payload::plain(&json!({}));
                Ok(audit::append(tx, &Chain::Instance, self.now(), actor, "re_authenticate", None, &payload).await?)
            })
        };
        outcome.await.map_err(|failure| told(failure, "re_authenticate"))
    }

    /// Ends a sign-in and every session of it. Ending it twice is no error.
    ///
    /// # Errors
    /// `Broken`.
    pub async fn sign_out(&self, sign_in: &SignInId) -> Result<(), Problem> {
        let outcome = transact!(self.db(), locking, |tx| end(tx, self.now(), sign_in));
        outcome.map_err(|failure| told(failure, "sign_out"))
    }

    async fn try_sign_in(&self, attempt: &Attempt, password: &str, visit: &Visit<'_>) -> Result<SignedIn, Failure> {
        let place = self.hasher().place()?;
        let (counter, counted) = transact!(self.db(), locking, |tx| count(tx, self.now(), attempt, visit))?;
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
        transact!(self.db(), locking, |tx| succeed(tx, self.now(), attempt, &account, &counter, visit))
    }

    /// The hash of the password of an account that is signed in.
    pub(super) async fn password_hash(&self, account: &AccountRow) -> Result<Option<String>, StoreError> {
        let mut tx = self.db().read().await?;
        let hash = password_of(&mut tx, account.id).await?;
        tx.rollback().await?;
        Ok(hash)
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

    pub(super) async fn verify(&self, place: Place, password: &str, hash: Option<String>) -> Result<bool, Failure> {
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

async fn count(
    tx: &mut Tx,
    now: Timestamp,
    attempt: &Attempt,
    visit: &Visit<'_>,
) -> Result<(Counter, Counted), Failure> {
    let device = device::known(tx, now, visit.device, &attempt.mail).await?;
    let counter = Counter::of(&attempt.mail, device.as_deref());
    let counted = throttle::count(tx, now, &counter).await?;
    Ok((counter, counted))
}

async fn note_failure(tx: &mut Tx, now: Timestamp, attempt: &Attempt, last: bool) -> Result<(), Failure> {
    let action = if last { "sign_in.locked" } else { "sign_in.failed" };
    Ok(audit::append(tx, &Chain::Instance, now, &Actor::Nobody, action, None, &attempt.payload()?).await?)
}

async fn succeed(
    tx: &mut Tx,
    now: Timestamp,
    attempt: &Attempt,
    account: &AccountRow,
    counter: &Counter,
    visit: &Visit<'_>,
) -> Result<SignedIn, Failure> {
    let mut signed_in = begin(tx, now, account, visit).await?;
    // Who knows the password only has not succeeded yet: otherwise it would buy any number of guesses at the code.
    if signed_in.awaits != Awaits::Code {
        throttle::reset(tx, counter).await?;
        signed_in.device = Some(device::remember(tx, now, account.id).await?);
    }
    let actor = signed_in.actor();
    audit::append(tx, &Chain::Instance, now, &actor, "sign_in.done", None, &attempt.payload()?).await?;
    Ok(signed_in)
}

/// Begins a sign-in of an account that proved who it is.
pub(super) async fn begin(
    tx: &mut Tx,
    now: Timestamp,
    account: &AccountRow,
    visit: &Visit<'_>,
) -> Result<SignedIn, StoreError> {
    let sign_in = SignInId::new(random_key::<16>()?);
    let awaits = standing::at_sign_in(tx, now, account.id).await?;
    let agent: String = visit.agent.chars().filter(|it| !it.is_control()).take(AGENT_MAX).collect();
    let address = without_controls(visit.address);
    run!(tx, INSERT, sign_in.as_str(), account.id, now.0, awaits.as_str(), address.as_str(), agent.as_str())?;
    let account = AccountId::new(account.key.as_str());
    Ok(SignedIn { account, sign_in, workspace: None, awaits, device: None })
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
