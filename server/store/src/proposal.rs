//! Proposals as they are kept: one text each, with a version by which two writes of the same one are told apart.

use domain::command::Change;
use domain::model::Model;
use domain::model::object::{Object, ObjectRef};
use domain::problem::Problem;
use domain::proposal::{Proposal, ProposalKey, Wish};
use domain::scope::verdict::Scope;
use domain::time::Timestamp;

use crate::actor::Actor;
use crate::db::{Tx, row, rows, run};
use crate::error::{Failure, StoreError};
use crate::gate::Permit;
use crate::rows::{Reader, statements};

statements! {
    NEWEST = "SELECT COALESCE(MAX(number), 0) FROM proposal WHERE workspace_id = $1";
    INSERT = "INSERT INTO proposal (workspace_id, number, version, changed_at, content) VALUES ($1, $2, 1, $3, $4)";
    LIST = "SELECT number, version, content FROM proposal WHERE workspace_id = $1 ORDER BY number DESC LIMIT $2";
    ONE = "SELECT number, version, content FROM proposal WHERE workspace_id = $1 AND number = $2";
    UPDATE = "UPDATE proposal SET version = version + 1, changed_at = $4, content = $5 \
        WHERE workspace_id = $1 AND number = $2 AND version = $3";
    /// The workspace's own row: its identifier is the workspace.
    PROTECTS = "SELECT protects_scope FROM workspace WHERE id = $1";
    /// See above.
    PROTECT = "UPDATE workspace SET protects_scope = $2 WHERE id = $1";
}

/// How many of the newest are listed.
const LISTED: i64 = 200;

/// A proposal as it is kept.
pub(crate) struct Kept {
    pub(crate) proposal: Proposal,
    pub(crate) version: i64,
}

/// Begins a proposal of the actor; `None` where no person acts.
pub(crate) async fn begin(
    tx: &mut Tx,
    permit: &Permit,
    actor: &Actor,
    now: Timestamp,
    wish: Wish,
) -> Result<Option<Proposal>, StoreError> {
    let Actor::Account { id, .. } = actor else { return Ok(None) };
    let (number,) = row!(tx, (i64,), NEWEST, permit.workspace())?.unwrap_or_default();
    let key = u32::try_from(number + 1).ok().and_then(ProposalKey::of_number);
    let proposal = Proposal::new(key.ok_or(StoreError::TooLarge("number"))?, wish, id.clone(), now);
    run!(tx, INSERT, permit.workspace(), number + 1, now.0, proposal.to_text()?.as_str())?;
    Ok(Some(proposal))
}

/// The newest ones, newest first.
pub(crate) async fn list(tx: &mut Tx, permit: &Permit) -> Result<Vec<Proposal>, StoreError> {
    let found = rows!(tx, ProposalRow, LIST, permit.workspace(), LISTED)?;
    found.into_iter().map(|row| row.read().map(|it| it.proposal)).collect()
}

/// One of them.
pub(crate) async fn one(tx: &mut Tx, permit: &Permit, key: ProposalKey) -> Result<Option<Kept>, StoreError> {
    let found = row!(tx, ProposalRow, ONE, permit.workspace(), i64::from(key.number()))?;
    found.map(ProposalRow::read).transpose()
}

/// Keeps a proposal in the place of what was read before.
pub(crate) async fn keep(tx: &mut Tx, permit: &Permit, now: Timestamp, kept: &Kept) -> Result<(), Failure> {
    let Kept { proposal, version } = kept;
    let (number, content) = (i64::from(proposal.key.number()), proposal.to_text()?);
    if run!(tx, UPDATE, permit.workspace(), number, *version, now.0, content.as_str())? == 1 {
        Ok(())
    } else {
        Err(Problem::Conflict.into())
    }
}

/// Whether the workspace changes what is in scope through proposals only.
pub(crate) async fn protects(tx: &mut Tx, permit: &Permit) -> Result<bool, StoreError> {
    Ok(row!(tx, (bool,), PROTECTS, permit.workspace())?.is_some_and(|(protects,)| protects))
}

/// Says whether it does.
pub(crate) async fn protect(tx: &mut Tx, permit: &Permit, protects: bool) -> Result<(), StoreError> {
    run!(tx, PROTECT, permit.workspace(), protects).map(drop)
}

/// Whether a change touches what is in scope before or after it: a system, or a flow with such an end. What is neither
/// system nor flow, such as a segment or a credential, decides about others, and counts as in scope.
pub(crate) fn touches_scope(change: &Change, before: (&Model, &Scope), after: &Scope) -> bool {
    let in_scope = |id: &domain::id::SystemId| {
        [before.1, after].iter().any(|scope| scope.systems.get(id).is_some_and(|it| it.category.in_scope()))
    };
    let concerns = |object: &Object| match object {
        Object::System(it) => in_scope(&it.id),
        Object::Flow(it) => in_scope(&it.from) || in_scope(&it.to),
        Object::Person(_) => false,
        _ => true,
    };
    let was = |reference: &ObjectRef| before.0.get(reference).is_some_and(|it| concerns(&it));
    change.puts.iter().any(|it| concerns(it) || was(&it.reference())) || change.removals.iter().any(was)
}

#[derive(sqlx::FromRow)]
struct ProposalRow {
    number: i64,
    version: i64,
    content: String,
}

impl ProposalRow {
    fn read(self) -> Result<Kept, StoreError> {
        let row = self.number.to_string();
        let bad = || Reader::new("proposal", &row).bad("content");
        let proposal = Proposal::from_text(&self.content).map_err(|_| bad())?;
        Ok(Kept { proposal, version: self.version })
    }
}
