//! How far somebody who signed in has proved who they are, and who has to prove more.
//!
//! Instance administrators need a second factor, and so do owners, administrators and editors of workspaces that ask
//! for it. From the first sign-in at which that holds they have some days to set one up; after these, a sign-in without
//! one reaches nothing but that.

use domain::problem::Problem;
use domain::time::Timestamp;
use uuid::Uuid;

use super::{AccountRow, signed_in};
use crate::actor::{Actor, SignInId};
use crate::db::{Tx, row, run};
use crate::error::{Failure, StoreError};
use crate::rows::statements;
use crate::session;
use crate::store::Store;

statements! {
    REQUIREMENT = "SELECT account.instance_admin, account.second_factor_asked_at AS asked_at, \
        (SELECT COUNT(*) FROM account_credential WHERE account_credential.account_id = account.id \
            AND account_credential.credential_kind = 'totp') AS factors, \
        (SELECT MIN(workspace.second_factor_grace_days) FROM member \
            JOIN workspace ON workspace.id = member.workspace_id WHERE member.account_id = account.id \
            AND member.role IN ('owner', 'admin', 'editor') AND workspace.second_factor_required = TRUE) AS grace \
        FROM account WHERE account.id = $1";
    ASK = "UPDATE account SET second_factor_asked_at = $2 WHERE id = $1 AND second_factor_asked_at IS NULL";
}

/// Days that an instance administrator has, at most, to set up a second factor.
const ADMIN_GRACE: i64 = 7;

/// Seconds for which somebody who proved who they are may do what needs a recent proof.
const RECENT: i64 = 5 * 60;

/// What a sign-in still has to do before it reaches anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaits {
    /// Nothing.
    Nothing,
    /// A code of the second factor.
    Code,
    /// A second factor has to be set up.
    Enrolment,
}

impl Awaits {
    /// The word of the column.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Code => "code",
            Self::Enrolment => "enrolment",
        }
    }

    pub(super) fn read(word: &str) -> Result<Self, StoreError> {
        [Self::Nothing, Self::Code, Self::Enrolment]
            .into_iter()
            .find(|it| it.as_str() == word)
            .ok_or_else(|| StoreError::bad_row("sign_in", "awaits", word))
    }
}

/// What the guards want to know of a sign-in with every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sitting {
    /// What comes first.
    pub awaits: Awaits,
    /// Until when a second factor has to be set up, where one is asked for and missing.
    pub second_factor_due: Option<Timestamp>,
    /// Seconds until the session ends in any case.
    pub seconds_left: i64,
    /// Seconds without a request after which it ends, at least: the last request is noted to a minute.
    pub idle_seconds: i64,
}

/// Whether an account has a second factor, and until when it needs one.
pub(crate) struct Requirement {
    pub(crate) enrolled: bool,
    /// `None` where none is asked for. Before the account was asked for the first time, as if that were now.
    pub(crate) due: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct RequirementRow {
    instance_admin: bool,
    asked_at: Option<i64>,
    factors: i64,
    grace: Option<i64>,
}

/// What is asked of an account now.
pub(crate) async fn requirement(tx: &mut Tx, now: Timestamp, account: Uuid) -> Result<Requirement, StoreError> {
    let Some(row) = row!(tx, RequirementRow, REQUIREMENT, account)? else {
        return Ok(Requirement { enrolled: false, due: None });
    };
    let of_instance = row.instance_admin.then_some(ADMIN_GRACE);
    let days = row.grace.into_iter().chain(of_instance).min();
    let asked = row.asked_at.map_or(now, Timestamp);
    Ok(Requirement { enrolled: row.factors > 0, due: days.map(|days| asked.plus_seconds(days * 24 * 3600)) })
}

/// What a sign-in that begins now has to do first. Notes when an account is asked for a second factor for the first time.
pub(super) async fn at_sign_in(tx: &mut Tx, now: Timestamp, account: Uuid) -> Result<Awaits, StoreError> {
    let requirement = requirement(tx, now, account).await?;
    if requirement.enrolled {
        return Ok(Awaits::Code);
    }
    let Some(due) = requirement.due else { return Ok(Awaits::Nothing) };
    run!(tx, ASK, account, now.0)?;
    Ok(if due <= now { Awaits::Enrolment } else { Awaits::Nothing })
}

/// The account that asks, where its sign-in holds, whatever that still awaits, with when it last proved who it is.
pub(crate) async fn anyone(tx: &mut Tx, actor: &Actor) -> Result<(AccountRow, Awaits, Timestamp), Failure> {
    let Actor::Account { id, session } = actor else {
        return Err(Problem::SignedOut.into());
    };
    let row = signed_in(tx, id, session).await?.ok_or(Problem::SignedOut)?;
    let awaits = Awaits::read(&row.awaits)?;
    Ok((row.account, awaits, Timestamp(row.proved_at)))
}

/// Refuses who proved longer than five minutes ago who they are: before roles, tokens, second factors, what ends a
/// workspace or takes all of it away. The operator, who could write to the database anyway, is not asked.
pub(crate) async fn require_recent(tx: &mut Tx, actor: &Actor, now: Timestamp) -> Result<(), Failure> {
    if *actor == Actor::Operator {
        return Ok(());
    }
    let (_, awaits, proved_at) = anyone(tx, actor).await?;
    match awaits {
        Awaits::Code => Err(Problem::SecondFactor.into()),
        Awaits::Nothing | Awaits::Enrolment if proved_at.plus_seconds(RECENT) > now => Ok(()),
        Awaits::Nothing | Awaits::Enrolment => Err(Problem::Reauthenticate.into()),
    }
}

impl Store {
    /// What the guards want to know of a sign-in; `None` where it was ended.
    ///
    /// # Errors
    /// The database.
    pub async fn sitting(
        &self,
        account: &domain::id::AccountId,
        sign_in: &SignInId,
    ) -> Result<Option<Sitting>, StoreError> {
        let now = self.now();
        let mut tx = self.db().read().await?;
        let Some(row) = signed_in(&mut tx, account, sign_in).await? else {
            tx.rollback().await?;
            return Ok(None);
        };
        let requirement = requirement(&mut tx, now, row.account.id).await?;
        tx.rollback().await?;
        Ok(Some(Sitting {
            awaits: Awaits::read(&row.awaits)?,
            second_factor_due: requirement.due.filter(|_| !requirement.enrolled),
            seconds_left: (Timestamp(row.created_at).plus_seconds(session::ABSOLUTE).0 - now.0) / 1_000_000,
            idle_seconds: session::IDLE - session::SEEN_EVERY,
        }))
    }
}
