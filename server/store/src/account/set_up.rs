//! The first account of an instance, made with a link that works once.

use domain::problem::{FieldCode, FieldError, Problem};
use domain::time::Timestamp;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::password::weakness;
use super::sign_in::{SignedIn, Visit, begin};
use super::{AccountRow, Mail, any, insert};
use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain};
use crate::clock::random_key;
use crate::db::{Tx, row, run, transact};
use crate::error::{Failure, StoreError};
use crate::gate::told;
use crate::rows::statements;
use crate::store::Store;
use crate::workspace::{self, Made, Plan, check_name};

statements! {
    /// A newer link makes the older one worthless.
    PUT_TOKEN = "INSERT INTO setup_token (only_row, token_hash, expires_at) VALUES (1, $1, $2) \
        ON CONFLICT (only_row) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at";
    IS_VALID = "SELECT only_row FROM setup_token WHERE token_hash = $1 AND expires_at > $2";
    /// Whoever deletes the row has the link; nobody else does.
    SPEND = "DELETE FROM setup_token WHERE token_hash = $1 AND expires_at > $2 RETURNING only_row";
}

/// How long a link works, in seconds.
const LIFETIME: i64 = 30 * 60;

/// What the person enters who sets an instance up.
#[derive(Clone)]
pub struct SetUp {
    /// The one-time token of the link.
    pub token: String,
    /// The name of the organisation; the first workspace is named after it.
    pub organisation: String,
    /// The person's name.
    pub name: String,
    /// The person's mail address.
    pub mail: String,
    /// The password, in clear. Never printed.
    pub password: String,
    /// With what to start.
    pub start: Start,
}

/// With what a new instance starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// The organisation's own workspace, and the sample estate in one of its own.
    Sample,
    /// The organisation's own workspace, empty but for the usual segments.
    Empty,
}

impl Store {
    /// Makes a set-up link's token, which works once and for 30 minutes; `None` where there is an account already.
    /// An earlier token stops working.
    ///
    /// # Errors
    /// The database.
    pub async fn setup_token(&self) -> Result<Option<String>, StoreError> {
        let token = random_key::<32>()?;
        let outcome = transact!(self.db(), serial, |tx| put_token(tx, self.now(), &token));
        match outcome {
            Ok(made) => Ok(made.then_some(token)),
            Err(Failure::Store(error)) => Err(error),
            Err(Failure::Problem(_) | Failure::Denied(_)) => Ok(None),
        }
    }

    /// Whether there is no account yet, so that a set-up link is what a visitor needs.
    ///
    /// # Errors
    /// The database.
    pub async fn is_new(&self) -> Result<bool, StoreError> {
        let mut tx = self.db().read().await?;
        let any = any(&mut tx).await?;
        tx.rollback().await?;
        Ok(!any)
    }

    /// Makes the first account, which administers the instance, with the organisation's workspace that it owns.
    /// Of several at once, one succeeds.
    ///
    /// # Errors
    /// `Invalid`: with the field `token` where the link was used or is too old, else with what is wrong with each
    /// field. `TooMany` where many set up at once.
    pub async fn set_up(&self, form: &SetUp) -> Result<SignedIn, Problem> {
        self.try_set_up(form).await.map_err(|failure| told(failure, "set_up"))
    }

    async fn try_set_up(&self, form: &SetUp) -> Result<SignedIn, Failure> {
        let token = Sha256::digest(form.token.trim()).to_vec();
        // Asked before anything expensive is done for somebody without a link; decided again in the transaction.
        let mut tx = self.db().read().await?;
        let is_valid = row!(&mut tx, (i64,), IS_VALID, token.as_slice(), self.now().0);
        tx.rollback().await?;
        if is_valid?.is_none() {
            return Err(no_link().into());
        }
        let valid = form.check()?;
        let hash = self.hasher().hash(self.hasher().place()?, &form.password).await?;
        let turn = self.turn_to_make().await;
        let (mut signed_in, made) = transact!(self.db(), serial, |tx| set_up(tx, self, &token, &valid, &hash))?;
        drop(turn);
        signed_in.workspace = made.into_iter().map(|made| made.keep(self)).next_back();
        Ok(signed_in)
    }
}

/// A form without errors.
struct Valid {
    name: String,
    mail: Mail,
    workspaces: Vec<Plan>,
}

impl SetUp {
    fn check(&self) -> Result<Valid, Problem> {
        let mail = Mail::parse(&self.mail);
        let mut errors: Vec<FieldError> = Vec::new();
        errors.extend(check_name("organisation", &self.organisation));
        errors.extend(check_name("name", &self.name));
        errors.extend(mail.clone().err());
        let context = [self.organisation.as_str(), &self.name, &self.mail];
        errors.extend(weakness(&self.password, &context).map(|code| FieldError::new("password", code)));
        let Some(mail) = mail.ok().filter(|_| errors.is_empty()) else {
            return Err(Problem::Invalid(errors));
        };
        let mut workspaces = vec![Plan::parse(&self.organisation, false)?];
        if self.start == Start::Sample {
            workspaces.push(Plan::parse("", true)?);
        }
        Ok(Valid { name: self.name.trim().to_owned(), mail, workspaces })
    }
}

fn no_link() -> Problem {
    Problem::field("token", FieldCode::LinkUsedOrOld)
}

async fn put_token(tx: &mut Tx, now: Timestamp, token: &str) -> Result<bool, Failure> {
    if any(tx).await? {
        return Ok(false);
    }
    run!(tx, PUT_TOKEN, Sha256::digest(token).to_vec(), now.plus_seconds(LIFETIME).0)?;
    Ok(true)
}

async fn set_up(
    tx: &mut Tx,
    store: &Store,
    token: &[u8],
    valid: &Valid,
    password_hash: &str,
) -> Result<(SignedIn, Vec<Made>), Failure> {
    let now = store.now();
    if row!(tx, (i64,), SPEND, token, now.0)?.is_none() || any(tx).await? {
        return Err(no_link().into());
    }
    let account: AccountRow = insert(tx, now, &valid.name, &valid.mail, password_hash, true).await?;
    let signed_in = begin(tx, now, &account, &Visit::unknown()).await?;
    let actor: Actor = signed_in.actor();
    let payload = Payload::with_personal(&json!({}), &[("name", &account.name), ("mail", &account.mail)])?;
    audit::append(tx, &Chain::Instance, now, &actor, "instance.set_up", None, &payload).await?;
    let mut made = Vec::new();
    for plan in &valid.workspaces {
        made.push(workspace::create(tx, store, &actor, std::slice::from_ref(&account), plan).await?);
    }
    Ok((signed_in, made))
}
