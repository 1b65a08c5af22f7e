//! Decisions to live with a risk: what people do about them, and what edits of the map and the passing of time do.
//!
//! An acceptance is nothing but its events. Whoever writes one compares the number of events in the statement, so that of
//! two who approve at once one is told. What an edit makes worse lapses in the transaction of the edit.

mod consequence;
pub(crate) mod kept;
mod observe;

use domain::id::PersonId;
use domain::problem::{FieldCode, Problem};
use domain::risk::acceptance::{
    Acceptance, Actor as Deciding, Ask, Command, Content, Context, Event, Member, State, covered, owners_of, propose,
};
use domain::risk::{Risk, RiskKey};
use uuid::Uuid;

use crate::account::standing::require_recent;
use crate::actor::Actor;
use crate::db::Tx;
use crate::error::Failure;
use crate::execute::Act;
use crate::live::Judged;
use crate::model::party::person_of_account;
use crate::risk::{self, setting};

pub(crate) use kept::{Kept, all, before, latest, of_risk};
pub(crate) use observe::{Facts, currents, observe};

/// The person who acts: neither a program nor the operator decides about a risk.
async fn member(tx: &mut Tx, act: &Act<'_>) -> Result<(Uuid, Member), Failure> {
    let (Actor::Account { id, .. }, Some(account)) = (act.actor, act.permit.account()) else {
        return Err(Failure::Denied(Problem::Forbidden));
    };
    let person = person_of_account(tx, act.permit, account).await?;
    // An account that is linked to nobody is somebody all the same, and never an owner.
    let person = person.unwrap_or_else(|| PersonId::new(format!("account:{id}")));
    let standing = act.permit.standing();
    Ok((account, Member { person, role: standing.role, tier: standing.tier, delegations: Vec::new() }))
}

/// Asks for the acceptance of a risk as it is, on the facts of now.
pub(crate) async fn ask(
    tx: &mut Tx,
    act: &Act<'_>,
    judged: &Judged,
    (key, risk): (RiskKey, &Risk),
    ask: &Ask,
) -> Result<(), Failure> {
    let (account, member) = member(tx, act).await?;
    let (deciding, register) = (Deciding::Member(member), setting::current(tx, act.permit).await?.register);
    if risk.level(register.scheme).is_none() {
        return Err(Problem::field("inherent_likelihood", FieldCode::Missing).into());
    }
    let others = of_risk(tx, act.permit, key).await?;
    let asked = |it: &Kept| matches!(it.acceptance.state(act.now), State::Proposed | State::InReview);
    if others.iter().any(asked) {
        return Err(Problem::field("step", FieldCode::AskedAlready).into());
    }
    let content = Content {
        risk: Some(key),
        findings: risk.findings().cloned().collect(),
        justification: ask.justification.clone(),
        conditions: ask.conditions.clone(),
        begins: None,
        expires: ask.expires,
    };
    let facts = Facts::of(judged, act.now).await?;
    let bound = covered(risk, &content, register.scheme, (&judged.model, &judged.scope), &facts.by_identity());
    let first = propose(content, &deciding, act.now).map_err(Problem::from)?;
    let mut kept = kept::begin(tx, act.permit, key, (Some(account), &first)).await?;
    let owners = owners_of(risk, &judged.model);
    let others: Vec<Acceptance> = others.into_iter().map(|it| it.acceptance).collect();
    let context =
        Context { now: act.now, facts: &bound, owners: &owners, authority: &register.authority, others: &others };
    let events = kept.acceptance.decide(Command::Submit, &deciding, &context).map_err(Problem::from)?;
    kept::write(tx, act, &mut kept, (Some(account), None), &events).await
}

/// Takes a step about an acceptance of a risk.
pub(crate) async fn decide(
    tx: &mut Tx,
    act: &Act<'_>,
    judged: &Judged,
    (key, risk): (RiskKey, &Risk),
    kept: Vec<Kept>,
    (number, command): (domain::risk::acceptance::AcceptanceKey, Command),
) -> Result<(), Failure> {
    let (account, member) = member(tx, act).await?;
    if matches!(command, Command::Approve { .. }) {
        require_recent(tx, act.actor, act.now).await?;
    }
    let (one, others): (Vec<Kept>, Vec<Kept>) = kept.into_iter().partition(|it| it.acceptance.key == number);
    let mut kept = one.into_iter().next().ok_or(Failure::Problem(Problem::NotFound))?;
    // The same account is the same person, whoever it is linked to by now.
    if matches!(command, Command::Approve { .. } | Command::Reject { .. }) && kept.is_author(account) {
        return Err(Problem::field("step", FieldCode::OwnDecision).into());
    }
    if matches!(command, Command::Approve { .. }) && kept.has_approved(account) {
        return Err(Problem::field("step", FieldCode::ApprovedAlready).into());
    }
    let register = setting::current(tx, act.permit).await?.register;
    let facts = Facts::of(judged, act.now).await?;
    let bound =
        covered(risk, &kept.acceptance.content, register.scheme, (&judged.model, &judged.scope), &facts.by_identity());
    let mut owners = owners_of(risk, &judged.model);
    // Whoever answered for the risk since it was asked for does not come to approve it by handing it over.
    if let Some(asked) = kept.submitted_at() {
        for then in risk::since(tx, act.permit, key, asked).await? {
            owners.extend(owners_of(&then, &judged.model));
        }
    }
    let others: Vec<Acceptance> = others.into_iter().map(|it| it.acceptance).collect();
    let context =
        Context { now: act.now, facts: &bound, owners: &owners, authority: &register.authority, others: &others };
    let asks_again = matches!(command, Command::Submit)
        && others.iter().any(|it| matches!(it.state(act.now), State::Proposed | State::InReview));
    if asks_again {
        return Err(Problem::field("step", FieldCode::AskedAlready).into());
    }
    let events = kept.acceptance.decide(command, &Deciding::Member(member), &context).map_err(Problem::from)?;
    kept::write(tx, act, &mut kept, (Some(account), None), &events).await
}

/// The word of an event in the audit trail.
const fn word(event: &Event) -> &'static str {
    match event {
        Event::Proposed { .. } => "risk.acceptance.ask",
        Event::Edited { .. } => "risk.acceptance.edit",
        Event::Submitted { .. } => "risk.acceptance.submit",
        Event::Approved { .. } => "risk.acceptance.approve",
        Event::Granted { .. } => "risk.acceptance.grant",
        Event::Rejected { .. } => "risk.acceptance.reject",
        Event::Withdrawn { .. } => "risk.acceptance.withdraw",
        Event::Revoked { .. } => "risk.acceptance.revoke",
        Event::Returned { .. } => "risk.acceptance.return",
        Event::Lapsed { .. } => "risk.acceptance.lapse",
        Event::Improved { .. } => "risk.acceptance.improve",
        Event::Expired { .. } => "risk.acceptance.expire",
    }
}
