//! Memberships: who is what in which workspace.

use domain::backend::people::Member;
use domain::id::AccountId;
use domain::problem::Problem;
use domain::role::{Capability, Engagement, Granter, Role, Standing, Tier, grant_role};
use domain::time::{Day, Timestamp};
use uuid::Uuid;

use crate::actor::SignInId;
use crate::audit::Subject;
use crate::db::{Tx, row, rows, run};
use crate::error::{Failure, StoreError};
use crate::gate::Permit;
use crate::rows::{Reader, day_column, statements};
use crate::session;

statements! {
    INSERT = "INSERT INTO member (workspace_id, account_id, role, tier, engaged_from, engaged_until, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    CHANGE = "UPDATE member SET role = $3, tier = $4, engaged_from = $5, engaged_until = $6 \
        WHERE workspace_id = $1 AND account_id = $2";
    REMOVE = "DELETE FROM member WHERE workspace_id = $1 AND account_id = $2";
    STANDING = "SELECT role, tier, engaged_from, engaged_until FROM member WHERE workspace_id = $1 AND account_id = $2";
    /// An owner who is disabled can do nothing, so that one does not count.
    OTHER_OWNERS = "SELECT COUNT(*) FROM member JOIN account ON account.id = member.account_id \
        WHERE member.workspace_id = $1 AND member.role = 'owner' AND member.account_id <> $2 \
        AND account.disabled_at IS NULL";
    BY_KEY = "SELECT account.id FROM member JOIN account ON account.id = member.account_id \
        WHERE member.workspace_id = $1 AND account.key = $2";
    OF_WORKSPACE = "SELECT account.key, account.name, account.mail, account.disabled_at, member.role, member.tier, \
        member.engaged_from, member.engaged_until FROM member JOIN account ON account.id = member.account_id \
        WHERE member.workspace_id = $1 ORDER BY account.name, account.key";
}

/// What a member is, as the columns hold it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct StandingRow {
    role: String,
    tier: i64,
    engaged_from: Option<i64>,
    engaged_until: Option<i64>,
}

impl StandingRow {
    /// The standing; `row` names the row in the message where a column is bad.
    pub(crate) fn read(&self, row: &str) -> Result<Standing, StoreError> {
        let reader = Reader::new("member", row);
        let days = (reader.day("engaged_from", self.engaged_from)?, reader.day("engaged_until", self.engaged_until)?);
        let engagement = match days {
            (None, None) => None,
            // One end alone is no engagement that we write: the other one is taken for the same day.
            (Some(from), until) => Some(Engagement { from, until: until.unwrap_or(from) }),
            (None, Some(until)) => Some(Engagement { from: until, until }),
        };
        let tier = Tier::of_number(self.tier).ok_or_else(|| reader.bad("tier"))?;
        Ok(Standing { role: reader.word("role", &self.role)?, tier, engagement })
    }
}

/// The days of an engagement as the columns hold them.
pub(crate) fn engagement_columns(engagement: Option<Engagement>) -> (Option<i64>, Option<i64>) {
    let column = |day: fn(Engagement) -> Day| day_column(engagement.map(day));
    (column(|it| it.from), column(|it| it.until))
}

/// Makes an account what it should be in a workspace from now on, where [`grant_role`] allows it; `None` ends the
/// membership. A change ends the sessions of the account, but for that of the person who changed themselves. Gives what
/// the account was before.
pub(crate) async fn set(
    tx: &mut Tx,
    workspace: Uuid,
    account: Uuid,
    by: Granter,
    to: Option<Standing>,
    now: Timestamp,
    own_sign_in: Option<&SignInId>,
) -> Result<Option<Standing>, Failure> {
    let before = standing(tx, workspace, account).await?;
    let owners = row!(tx, (i64,), OTHER_OWNERS, workspace, account)?.map_or(0, |(count,)| count);
    grant_role(by, before, to, usize::try_from(owners).unwrap_or(0)).map_err(|problem| match problem {
        Problem::Forbidden => Failure::Denied(problem),
        problem => Failure::Problem(problem),
    })?;
    match to {
        None => drop(run!(tx, REMOVE, workspace, account)?),
        Some(to) => {
            let (from, until) = engagement_columns(to.engagement);
            let (role, tier) = (to.role.as_str(), to.tier.number());
            match before {
                None => drop(run!(tx, INSERT, workspace, account, role, tier, from, until, now.0)?),
                Some(_) => drop(run!(tx, CHANGE, workspace, account, role, tier, from, until)?),
            }
        }
    }
    if before.is_some() && before != to {
        session::end_account(tx, now, account, own_sign_in.map(SignInId::as_str)).await?;
    }
    Ok(before)
}

/// What an account is in a workspace.
pub(crate) async fn standing(tx: &mut Tx, workspace: Uuid, account: Uuid) -> Result<Option<Standing>, StoreError> {
    let row = row!(tx, StandingRow, STANDING, workspace, account)?;
    row.map(|row| row.read(&account.to_string())).transpose()
}

/// The row of a member of the workspace.
pub(crate) async fn by_key(tx: &mut Tx, permit: &Permit, key: &AccountId) -> Result<Option<Uuid>, StoreError> {
    if key.as_str().contains('\0') {
        return Ok(None);
    }
    Ok(row!(tx, (Uuid,), BY_KEY, permit.workspace(), key.as_str())?.map(|(id,)| id))
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    key: String,
    name: String,
    mail: String,
    disabled_at: Option<i64>,
    #[sqlx(flatten)]
    standing: StandingRow,
}

/// The members of the workspace, by name. Addresses only for those who manage members.
pub(crate) async fn list(tx: &mut Tx, permit: &Permit) -> Result<Vec<Member>, StoreError> {
    let addresses = permit.standing().role.may(Capability::ManageMembers);
    rows!(tx, MemberRow, OF_WORKSPACE, permit.workspace())?
        .into_iter()
        .map(|row| {
            Ok(Member {
                standing: row.standing.read(&row.key)?,
                account: AccountId::new(row.key),
                name: row.name,
                mail: addresses.then_some(row.mail),
                disabled: row.disabled_at.is_some(),
            })
        })
        .collect()
}

/// The standing of an owner who hands a workspace over, from then on.
pub(crate) const fn after_handing_over(was: Standing) -> Standing {
    Standing { role: Role::Admin, tier: was.tier, engagement: None }
}

/// A member, as the audit trail names them.
pub(crate) fn subject_of(account: &AccountId) -> Subject<'_> {
    Subject { kind: "account", key: account.as_str(), revision: None }
}
