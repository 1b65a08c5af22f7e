//! The second factor: an authenticator app, and recovery codes for when it is gone.

use domain::backend::own_account::Offer;
use domain::problem::{FieldCode, Problem};
use domain::time::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::device::{self, DeviceToken};
use super::recovery::{self, Codes};
use super::sign_in::Visit;
use super::standing::{Awaits, anyone, require_recent};
use super::throttle::{self, Counted, Counter};
use super::{AccountRow, Mail, totp};
use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain};
use crate::clock::random;
use crate::db::{Tx, row, run, transact};
use crate::error::{Failure, StoreError};
use crate::gate::{told, without_controls};
use crate::meter;
use crate::rows::statements;
use crate::store::Store;

statements! {
    OFFER = "INSERT INTO second_factor_offer (account_id, secret, created_at) VALUES ($1, $2, $3) \
        ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at";
    OFFERED = "SELECT secret FROM second_factor_offer WHERE account_id = $1 AND created_at > $2";
    TAKE_OFFER = "DELETE FROM second_factor_offer WHERE account_id = $1 AND secret = $2";
    PUT = "INSERT INTO account_credential (account_id, credential_kind, number, secret, changed_at, last_step) \
        VALUES ($1, 'totp', 0, $2, $3, $4) ON CONFLICT (account_id, credential_kind, number) \
        DO UPDATE SET secret = excluded.secret, changed_at = excluded.changed_at, last_step = excluded.last_step";
    IN_FORCE = "SELECT secret, changed_at FROM account_credential WHERE account_id = $1 AND credential_kind = 'totp'";
    /// A code is taken once: of several at the same time, one touches the row.
    ADVANCE = "UPDATE account_credential SET last_step = $2 WHERE account_id = $1 AND credential_kind = 'totp' \
        AND last_step < $2";
    COMPLETE = "UPDATE sign_in SET awaits = 'nothing', proved_at = $2 WHERE key = $1 AND revoked_at IS NULL";
    ASK_OTHERS = "UPDATE sign_in SET awaits = 'code' WHERE account_id = $1 AND key <> $2";
    REMOVE = "DELETE FROM account_credential WHERE account_id = $1 AND credential_kind IN ('totp', 'recovery_code')";
}

/// How long a secret that was shown can be confirmed, in seconds.
const OFFERED_FOR: i64 = 15 * 60;

impl Store {
    /// Completes a sign-in with a code of the authenticator app, or with a recovery code. Tries count together with those
    /// of the password, and before the code is looked at.
    ///
    /// # Errors
    /// `Invalid` with the field `code` where it is wrong or was used before, `TooMany` after too many tries, `SignedOut`.
    pub async fn prove_second_factor(
        &self,
        actor: &Actor,
        code: &str,
        visit: &Visit<'_>,
    ) -> Result<DeviceToken, Problem> {
        let outcome = async {
            let (account, counter, last) = self.count_proof(actor, visit).await?;
            if !self.fits(&account, code).await? {
                transact!(self.db(), locking, |tx| note_failure(tx, self.now(), actor, visit, last))?;
                return Err(wrong_code());
            }
            transact!(self.db(), locking, |tx| complete(tx, self.now(), actor, &account, &counter))
        };
        let outcome = outcome.await.map_err(|failure| told(failure, "second_factor"));
        meter::code(&outcome);
        outcome
    }

    /// Takes the second factor of an account away, on behalf of the operator, so that its owner sets up another one at
    /// the next sign-in. Every session of the account ends.
    ///
    /// # Errors
    /// `Invalid` with the field `mail` where there is no such account.
    pub async fn remove_second_factor(&self, mail: &str) -> Result<(), Problem> {
        let outcome = transact!(self.db(), locking, |tx| async {
            let account = super::by_mail(tx, &Mail::claimed(mail)).await?;
            let account = account.ok_or_else(|| Problem::field("mail", FieldCode::NoSuchAccount))?;
            run!(tx, REMOVE, account.id)?;
            device::forget_all(tx, account.id).await?;
            crate::session::end_account(tx, self.now(), account.id, None).await?;
            let subject = audit::Subject { kind: "account", key: &account.key, revision: None };
            let (payload, action) = (Payload::plain(&json!({})), "second_factor.remove");
            Ok(audit::append(tx, &Chain::Instance, self.now(), &Actor::Operator, action, Some(&subject), &payload)
                .await?)
        });
        outcome.map_err(|failure| told(failure, "second_factor.remove"))
    }

    /// Counts a try to prove who somebody is that is signed in already.
    pub(super) async fn count_proof(
        &self,
        actor: &Actor,
        visit: &Visit<'_>,
    ) -> Result<(AccountRow, Counter, bool), Failure> {
        let (account, counter, counted) = transact!(self.db(), locking, |tx| async {
            let (account, ..) = anyone(tx, actor).await?;
            let mail = Mail::claimed(&account.mail);
            let device = device::known(tx, self.now(), visit.device, &mail).await?;
            let counter = Counter::of(&mail, device.as_deref());
            let counted = throttle::count(tx, self.now(), &counter).await?;
            Ok((account, counter, counted))
        })?;
        match counted {
            Counted::Admitted { last } => Ok((account, counter, last)),
            Counted::Wait(seconds) => Err(Problem::TooMany(seconds).into()),
        }
    }

    /// Whether the account has a second factor.
    pub(super) async fn has_second_factor(&self, account: Uuid) -> Result<bool, StoreError> {
        let mut tx = self.db().read().await?;
        let found = in_force(&mut tx, account).await?.is_some();
        tx.rollback().await?;
        Ok(found)
    }

    /// Whether a code belongs to the account. One that does is used up.
    pub(super) async fn fits(&self, account: &AccountRow, code: &str) -> Result<bool, Failure> {
        if let Some((prefix, secret)) = recovery::parse(code) {
            return self.fits_recovery(account, &prefix, &secret).await;
        }
        let code: String = code.chars().filter(|it| !it.is_whitespace()).take(16).collect();
        transact!(self.db(), locking, |tx| async {
            let Some((sealed, _)) = in_force(tx, account.id).await? else { return Ok(false) };
            let secret = self.sealing_key()?.open(account.key.as_bytes(), &sealed)?;
            match totp::matching_step(&secret, &code, self.now()) {
                Some(step) => Ok(run!(tx, ADVANCE, account.id, step)? == 1),
                None => Ok(false),
            }
        })
    }

    async fn fits_recovery(&self, account: &AccountRow, prefix: &str, secret: &str) -> Result<bool, Failure> {
        let place = self.hasher().place()?;
        let mut tx = self.db().read().await?;
        let candidate = recovery::candidate(&mut tx, account.id, prefix).await?;
        tx.rollback().await?;
        let (number, hash) = candidate.unzip();
        let fits = self.hasher().verify(place, secret, hash.clone()).await?;
        let (true, Some(number), Some(hash)) = (fits, number, hash) else { return Ok(false) };
        transact!(self.db(), locking, |tx| async { Ok(recovery::spend(tx, account.id, number, &hash).await?) })
    }
}

/// The sealed secret of the account's app, and since when it is in force.
pub(crate) async fn in_force(tx: &mut Tx, account: Uuid) -> Result<Option<(String, Timestamp)>, StoreError> {
    let row = row!(tx, (String, i64), IN_FORCE, account)?;
    Ok(row.map(|(secret, since)| (secret, Timestamp(since))))
}

/// Shows a new secret to be scanned. Whoever has a factor proves it first, or who knows the password could replace it.
pub(crate) async fn offer(tx: &mut Tx, store: &Store, actor: &Actor) -> Result<(), Failure> {
    let now = store.now();
    require_recent(tx, actor, now).await?;
    let (account, ..) = anyone(tx, actor).await?;
    let sealed = store.sealing_key()?.seal(account.key.as_bytes(), &random::<{ totp::SECRET }>()?)?;
    run!(tx, OFFER, account.id, sealed.as_str(), now.0)?;
    Ok(())
}

/// The secret that was offered, where it can still be confirmed.
pub(crate) async fn offered(tx: &mut Tx, store: &Store, account: &AccountRow) -> Result<Option<Offer>, Failure> {
    let Some((_, secret)) = opened_offer(tx, store, account).await? else { return Ok(None) };
    let secret = totp::written(&secret);
    let label = without_controls(&account.mail);
    Ok(Some(Offer { address: Offer::address_of(&label, &secret), secret }))
}

/// Puts the offered secret into force, where the code is one of it, with ten new recovery codes. Other sign-ins of the
/// account have to prove the new factor.
pub(crate) async fn confirm(
    tx: &mut Tx,
    store: &Store,
    actor: &Actor,
    code: &str,
    codes: &Codes,
) -> Result<(), Failure> {
    let now = store.now();
    let (account, awaits, _) = anyone(tx, actor).await?;
    if awaits == Awaits::Code {
        return Err(Problem::SecondFactor.into());
    }
    let step = check_offer(tx, store, &account, code).await?;
    let Some((sealed, _)) = opened_offer(tx, store, &account).await? else { return Err(wrong_code()) };
    if run!(tx, TAKE_OFFER, account.id, sealed.as_str())? != 1 {
        return Err(wrong_code());
    }
    run!(tx, PUT, account.id, sealed.as_str(), now.0, step)?;
    recovery::replace(tx, now, account.id, codes).await?;
    let sign_in = actor.session().unwrap_or_default();
    run!(tx, ASK_OTHERS, account.id, sign_in)?;
    run!(tx, COMPLETE, sign_in, now.0)?;
    let payload = Payload::plain(&json!({}));
    Ok(audit::append(tx, &Chain::Instance, now, actor, "second_factor.enrol", None, &payload).await?)
}

/// The step of the offered secret whose code this is.
pub(crate) async fn check_offer(tx: &mut Tx, store: &Store, account: &AccountRow, code: &str) -> Result<i64, Failure> {
    let Some((_, secret)) = opened_offer(tx, store, account).await? else { return Err(wrong_code()) };
    let code: String = code.chars().filter(|it| !it.is_whitespace()).take(16).collect();
    totp::matching_step(&secret, &code, store.now()).ok_or_else(wrong_code)
}

/// Puts new recovery codes in the place of the old ones.
pub(crate) async fn renew_codes(tx: &mut Tx, store: &Store, actor: &Actor, codes: &Codes) -> Result<(), Failure> {
    let now = store.now();
    require_recent(tx, actor, now).await?;
    let (account, ..) = anyone(tx, actor).await?;
    if in_force(tx, account.id).await?.is_none() {
        return Err(Problem::Conflict.into());
    }
    recovery::replace(tx, now, account.id, codes).await?;
    let payload = Payload::plain(&json!({}));
    Ok(audit::append(tx, &Chain::Instance, now, actor, "recovery_codes.renew", None, &payload).await?)
}

/// Notes that the sign-in proved all that was asked of it.
pub(super) async fn complete(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    account: &AccountRow,
    counter: &Counter,
) -> Result<DeviceToken, Failure> {
    run!(tx, COMPLETE, actor.session().unwrap_or_default(), now.0)?;
    throttle::reset(tx, counter).await?;
    let payload = Payload::plain(&json!({}));
    audit::append(tx, &Chain::Instance, now, actor, "second_factor.done", None, &payload).await?;
    Ok(device::remember(tx, now, account.id).await?)
}

pub(super) async fn note_failure(
    tx: &mut Tx,
    now: Timestamp,
    actor: &Actor,
    visit: &Visit<'_>,
    last: bool,
) -> Result<(), Failure> {
    let action = if last { "second_factor.locked" } else { "second_factor.failed" };
    let payload = Payload::with_personal(&json!({}), &[("address", &without_controls(visit.address))])?;
    Ok(audit::append(tx, &Chain::Instance, now, actor, action, None, &payload).await?)
}

async fn opened_offer(tx: &mut Tx, store: &Store, account: &AccountRow) -> Result<Option<(String, Vec<u8>)>, Failure> {
    let oldest = store.now().plus_seconds(-OFFERED_FOR).0;
    let Some((sealed,)) = row!(tx, (String,), OFFERED, account.id, oldest)? else { return Ok(None) };
    let secret = store.sealing_key()?.open(account.key.as_bytes(), &sealed)?;
    Ok(Some((sealed, secret)))
}

fn wrong_code() -> Failure {
    Problem::field("code", FieldCode::WrongCode).into()
}
