//! What people do to an acceptance, and why it may be refused.

use std::collections::BTreeSet;

use super::actor::{Actor, Member, may_approve, may_request};
use super::{
    Acceptance, Approval, Authority, Content, Event, JUSTIFICATION_MIN, RENEWAL_DAYS, RENEWALS_AT_VERY_HIGH, State,
};
use crate::id::PersonId;
use crate::risk::bound::{Bound, Change, is_worse};
use crate::risk::scheme::Level;
use crate::role::Tier;
use crate::time::{Day, Timestamp};

/// What is to happen to an acceptance that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Asks for something else.
    Edit(Content),
    /// Puts it into review, on the facts of now.
    Submit,
    /// Approves what was shown.
    Approve {
        /// The hash of what was shown: [`Acceptance::content_hash`].
        shown: String,
        /// On whose behalf, where it is not one's own.
        on_behalf_of: Option<PersonId>,
    },
    /// Says no.
    Reject {
        /// Why.
        reason: String,
    },
    /// No longer asks for it.
    Withdraw,
    /// Ends it before its time.
    Revoke {
        /// Why.
        reason: String,
    },
    /// Looks at the facts and at the clock: what happens without anybody asking for it.
    Observe,
}

/// What a command is judged by beside who gives it.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// When.
    pub now: Timestamp,
    /// What the acceptance covers, as it is now.
    pub facts: &'a Bound,
    /// Who answers for the risk now: see [`super::owners_of`].
    pub owners: &'a BTreeSet<PersonId>,
    /// The terms of the register.
    pub authority: &'a Authority,
    /// The other acceptances of the register, or at least those that overlap.
    pub others: &'a [Acceptance],
}

/// Why a command is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A token or the clock does what only a person may.
    #[error("only a person who is signed in can do this")]
    NoPerson,
    /// The role does not give the right.
    #[error("your role does not allow this")]
    Role,
    /// It does not stand where this is possible.
    #[error("this is not possible any more: the acceptance is {}", .0.label().to_lowercase())]
    State(State),
    /// The justification is missing or too short.
    #[error("say in at least 20 characters why this can be lived with")]
    Justification,
    /// There is nothing to accept.
    #[error("name the risk or the findings that are accepted")]
    Nothing,
    /// The end lies in the past, or before the beginning.
    #[error("the last day is over, or lies before the first")]
    Over,
    /// It would hold for longer than a risk of this level may be accepted.
    #[error("a risk of this level can be accepted until {0} at most")]
    TooLong(Day),
    /// It was renewed as often as the highest level allows.
    #[error("a very high risk is accepted once and renewed once; then it has to be treated")]
    RenewedTooOften,
    /// An approver asked for it, changed it or submitted it.
    #[error("nobody approves what they asked for themselves")]
    OwnRequest,
    /// An approver answers for the risk.
    #[error("nobody approves the acceptance of a risk that they answer for")]
    OwnRisk,
    /// The same person approved already, or somebody on their behalf.
    #[error("this person has approved already; a second approval comes from somebody else")]
    ApprovedAlready,
    /// There is no delegation that covers today.
    #[error("there is no delegation of this person to you that holds today")]
    NoDelegation,
    /// The approver's limit lies below the level.
    #[error("this needs somebody who may approve up to the tier {}", .0.label())]
    Tier(Tier),
    /// It is no longer what was shown.
    #[error("what is asked for changed since you opened it; look at it again")]
    OtherContent,
    /// The facts got worse since it was submitted.
    #[error("the facts got worse since this was submitted; it has to be asked for again")]
    FactsWorse(Vec<Change>),
    /// A reason is missing.
    #[error("say why")]
    NoReason,
    /// Only who asked for it, answers for the risk or may approve can do this.
    #[error("only who asked for it, who answers for the risk, or who may approve can do this")]
    NotYours,
}

/// Asks for an acceptance: the first of its events.
///
/// # Errors
/// The actor is no person or may not ask, or the content is incomplete or over.
pub fn propose(content: Content, actor: &Actor, now: Timestamp) -> Result<Event, Refusal> {
    let member = requester(actor)?;
    check_content(&content, now.day())?;
    Ok(Event::Proposed { by: member.person.clone(), at: now, content })
}

impl Acceptance {
    /// What a command makes happen; nothing where there is nothing to note. The events are to be taken over in order, in
    /// the same commit as what caused them.
    ///
    /// # Errors
    /// Why it is refused. A refusal changes nothing.
    pub fn decide(&self, command: Command, actor: &Actor, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
        let at = context.now;
        let state = self.standing(at, context.facts).state;
        match command {
            Command::Observe => Ok(self.observe(context)),
            Command::Edit(content) => {
                let member = requester(actor)?;
                expect(state, &[State::Proposed, State::InReview])?;
                check_content(&content, at.day())?;
                Ok(vec![Event::Edited { by: member.person.clone(), at, content }])
            }
            Command::Submit => {
                let member = requester(actor)?;
                expect(state, &[State::Proposed])?;
                check_content(&self.content, at.day())?;
                self.check_terms(context.facts.level, context)?;
                Ok(vec![Event::Submitted { by: member.person.clone(), at, bound: context.facts.clone() }])
            }
            Command::Approve { shown, on_behalf_of } => self.approve(shown, on_behalf_of, actor, state, context),
            Command::Reject { reason } => {
                let member = person(actor)?;
                expect(state, &[State::InReview])?;
                if !may_approve(member.role) {
                    return Err(Refusal::Role);
                }
                if self.authors.contains(&member.person) {
                    return Err(Refusal::OwnRequest);
                }
                Ok(vec![Event::Rejected { by: member.person.clone(), at, reason: said(reason)? }])
            }
            Command::Withdraw => {
                let member = person(actor)?;
                expect(state, &[State::Proposed, State::InReview])?;
                if !self.authors.contains(&member.person) {
                    return Err(Refusal::NotYours);
                }
                Ok(vec![Event::Withdrawn { by: member.person.clone(), at }])
            }
            Command::Revoke { reason } => {
                let member = person(actor)?;
                expect(state, &[State::Approved, State::Active, State::Expiring])?;
                let concerned = self.authors.contains(&member.person) || context.owners.contains(&member.person);
                if !concerned && !may_approve(member.role) {
                    return Err(Refusal::NotYours);
                }
                Ok(vec![Event::Revoked { by: member.person.clone(), at, reason: said(reason)? }])
            }
        }
    }

    fn approve(
        &self,
        shown: String,
        on_behalf_of: Option<PersonId>,
        actor: &Actor,
        state: State,
        context: &Context<'_>,
    ) -> Result<Vec<Event>, Refusal> {
        let (member, today) = (person(actor)?, context.now.day());
        expect(state, &[State::InReview])?;
        let bound = self.bound.as_ref().ok_or(Refusal::State(state))?;
        if !may_approve(member.role) {
            return Err(Refusal::Role);
        }
        // Who acts for somebody has that one's limit and that one's bars, beside their own bars.
        let tier = match &on_behalf_of {
            None => member.tier,
            Some(from) if *from == member.person => return Err(Refusal::NoDelegation),
            Some(from) => {
                let delegation = member.delegation(from, today).ok_or(Refusal::NoDelegation)?;
                if !may_approve(delegation.role) {
                    return Err(Refusal::Role);
                }
                delegation.tier
            }
        };
        let approval = Approval { by: member.person.clone(), on_behalf_of, at: context.now, shown };
        let has = |people: &BTreeSet<PersonId>| approval.people().any(|it| people.contains(it));
        if has(&self.authors) {
            return Err(Refusal::OwnRequest);
        }
        if has(context.owners) {
            return Err(Refusal::OwnRisk);
        }
        if has(&self.approvals.iter().flat_map(Approval::people).cloned().collect()) {
            return Err(Refusal::ApprovedAlready);
        }
        if tier < bound.level.tier() {
            return Err(Refusal::Tier(bound.level.tier()));
        }
        if approval.shown != self.content_hash() {
            return Err(Refusal::OtherContent);
        }
        let changes = bound.changes(context.facts);
        if is_worse(&changes) {
            return Err(Refusal::FactsWorse(changes));
        }
        check_content(&self.content, today)?;
        self.check_terms(bound.level, context)?;
        let approvals = self.approvals.len() + 1;
        let mut events = vec![Event::Approved { approval }];
        if approvals >= usize::from(context.authority.terms(bound.level).approvers) {
            events.push(Event::Granted { at: context.now });
        }
        Ok(events)
    }

    /// What happened without anybody asking for it. The clock comes first: what is over cannot lapse any more.
    fn observe(&self, context: &Context<'_>) -> Vec<Event> {
        let at = context.now;
        let Some(bound) = self.bound.as_ref().filter(|_| !self.phase.is_final()) else { return Vec::new() };
        if self.phase == State::Approved && self.state(at) == State::Expired {
            return vec![Event::Expired { at }];
        }
        let changes = bound.changes(context.facts);
        match self.phase {
            State::InReview if is_worse(&changes) => vec![Event::Returned { at, changes }],
            State::Approved if is_worse(&changes) => vec![Event::Lapsed { at, changes }],
            State::Approved if changes != self.improvements => vec![Event::Improved { at, changes }],
            _ => Vec::new(),
        }
    }

    /// Whether the terms of the register let a risk of this level be accepted until the end that is asked for.
    fn check_terms(&self, level: Level, context: &Context<'_>) -> Result<(), Refusal> {
        let today = context.now.day();
        let latest = context.authority.latest_end(level, today);
        if self.content.expires > latest {
            return Err(Refusal::TooLong(latest));
        }
        let earlier = context.others.iter().filter(|other| {
            other.key != self.key
                && other.granted_at.is_some()
                && other.level() == Some(Level::VeryHigh)
                && other.content.overlaps(&self.content)
                && today <= other.content.expires.plus_days(RENEWAL_DAYS)
        });
        if level == Level::VeryHigh && earlier.count() > RENEWALS_AT_VERY_HIGH {
            return Err(Refusal::RenewedTooOften);
        }
        Ok(())
    }
}

fn person(actor: &Actor) -> Result<&Member, Refusal> {
    match actor {
        Actor::Member(member) => Ok(member),
        Actor::Token | Actor::Clock => Err(Refusal::NoPerson),
    }
}

fn requester(actor: &Actor) -> Result<&Member, Refusal> {
    let member = person(actor)?;
    if may_request(member.role) { Ok(member) } else { Err(Refusal::Role) }
}

fn expect(state: State, possible: &[State]) -> Result<(), Refusal> {
    if possible.contains(&state) { Ok(()) } else { Err(Refusal::State(state)) }
}

fn check_content(content: &Content, today: Day) -> Result<(), Refusal> {
    if content.risk.is_none() && content.findings.is_empty() {
        return Err(Refusal::Nothing);
    }
    if content.justification.trim().chars().count() < JUSTIFICATION_MIN {
        return Err(Refusal::Justification);
    }
    if content.expires < today || content.begins.is_some_and(|begins| begins > content.expires) {
        return Err(Refusal::Over);
    }
    Ok(())
}

fn said(reason: String) -> Result<String, Refusal> {
    if reason.trim().is_empty() { Err(Refusal::NoReason) } else { Ok(reason) }
}
