//! What a person does about a finding.

use super::record::text;
use super::{Decision, Event, Happening, REASON_MAX, Record, Reopening, Request, Source, State};
use crate::findings::finding::Identity;
use crate::findings::rule::Severity;
use crate::id::{AccountId, PersonId};
use crate::problem::{FieldCode, Problem};
use crate::role::Tier;
use crate::time::{Day, Timestamp};

/// One step, about one or several findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Triage {
    /// Which findings, each as the person saw it. All or nothing.
    pub findings: Vec<Named>,
    /// What is done.
    pub step: Step,
}

/// A finding as a person saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Which.
    pub identity: Identity,
    /// The version of its record at that time.
    pub version: i64,
}

/// What a person does about a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Says that they have looked at it: it is to be dealt with.
    Look,
    /// Says who answers for it.
    Assign(Option<PersonId>),
    /// Says by which day it is to be dealt with.
    Due(Option<Day>),
    /// Decides that nothing needs to be done for now. Of a critical or high finding that waits for a second person.
    Decide(Decision),
    /// Approves, as a second person, the decision that waits.
    Approve,
    /// Turns down the decision that waits, or withdraws it.
    TurnDown(String),
    /// Takes a decision back.
    Reopen(String),
    /// Says that what was reported is done.
    Close(String),
}

impl Step {
    /// The name of the step in forms and in the audit trail.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Assign(_) => "assign",
            Self::Due(_) => "due",
            Self::Decide(_) => "decide",
            Self::Approve => "approve",
            Self::TurnDown(_) => "turn_down",
            Self::Reopen(_) => "reopen",
            Self::Close(_) => "close",
        }
    }

    /// The fields of the form of a step, beside those that say which findings.
    pub const FIELDS: [&'static str; 9] =
        ["step", "owner", "due", "outcome", "until", "reason", "objection", "because", "done"];

    /// A step as a form states it.
    ///
    /// # Errors
    /// `Invalid` with the fields of the form.
    pub fn from_form(form: &[(String, String)], today: Day) -> Result<Self, Problem> {
        let value = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
        let said = |name: &str| text(name, value(name), REASON_MAX);
        Ok(match value("step") {
            "look" => Self::Look,
            "assign" => Self::Assign(Some(value("owner")).filter(|it| !it.is_empty()).map(PersonId::from)),
            "due" => match value("due") {
                "" => Self::Due(None),
                day => Self::Due(Some(day.parse().map_err(|_| Problem::field("due", FieldCode::NotADay))?)),
            },
            "decide" => Self::Decide(Decision::parse(value("outcome"), value("until"), value("reason"), today)?),
            "approve" => Self::Approve,
            "turn_down" => Self::TurnDown(said("objection")?),
            "reopen" => Self::Reopen(said("because")?),
            "close" => Self::Close(said("done")?),
            _ => return Err(Problem::field("step", FieldCode::NotInList)),
        })
    }

    /// Why, where the step says so: free text of a person.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Decide(decision) => Some(decision.reason()),
            Self::TurnDown(reason) | Self::Reopen(reason) | Self::Close(reason) => Some(reason),
            Self::Look | Self::Assign(_) | Self::Due(_) | Self::Approve => None,
        }
    }
}

/// Who takes a step, as they stand in the workspace now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    /// The account; whoever runs the program on the machine has none.
    pub account: Option<AccountId>,
    /// The person of the inventory that the account is linked to.
    pub person: Option<PersonId>,
    /// Up to which level they may approve.
    pub tier: Tier,
}

impl Record {
    /// What a step makes of it; `None` where it changes nothing.
    ///
    /// # Errors
    /// `Invalid` with the field `step` where the finding does not stand so that this can be done, or who acts may not
    /// approve: because they asked for it, answer for the finding, or their tier does not reach its severity.
    pub fn after(&self, step: &Step, by: &Acting, now: Timestamp) -> Result<Option<Event>, Problem> {
        let not_now = || Problem::field("step", FieldCode::NotInThisState);
        let next = Self { version: self.version + 1, ..self.clone() };
        let event = match step {
            Step::Look if self.state == State::New => {
                Event { record: Self { state: State::Open, ..next }, what: Happening::Looked }
            }
            Step::Look if self.state == State::Open => return Ok(None),
            Step::Assign(to) if *to == self.owner => return Ok(None),
            Step::Assign(to) if self.state != State::Fixed => {
                Event { record: Self { owner: to.clone(), ..next }, what: Happening::Assigned { to: to.clone() } }
            }
            Step::Due(on) if *on == self.due => return Ok(None),
            Step::Due(on) if self.state != State::Fixed => {
                Event { record: Self { due: *on, ..next }, what: Happening::Due { on: *on } }
            }
            Step::Decide(decision) if self.state != State::Fixed => {
                let decision = decision.clone();
                match (self.is_grave(), &by.account) {
                    (false, _) => next.decided(decision.clone(), Happening::Decided { decision }),
                    (true, Some(requester)) => {
                        let request = Request { decision: decision.clone(), requester: requester.clone(), at: now };
                        let state = if self.state == State::New { State::Open } else { self.state };
                        let record = Self { request: Some(request), state, ..next };
                        Event { record, what: Happening::Requested { decision } }
                    }
                    (true, None) => return Err(Problem::Forbidden),
                }
            }
            Step::Approve => {
                let Request { decision, requester, .. } = self.request.clone().ok_or_else(not_now)?;
                self.may_approve(&requester, by)?;
                next.decided(decision.clone(), Happening::Approved { decision, requester })
            }
            Step::TurnDown(reason) if self.request.is_some() => {
                Event { record: Self { request: None, ..next }, what: Happening::TurnedDown { reason: reason.clone() } }
            }
            Step::Reopen(reason) if self.state.is_decided() || self.is_closed() => {
                let because = Reopening::ByHand(reason.clone());
                let record = Self { state: State::Open, decision: None, request: None, ..next };
                Event { record, what: Happening::Reopened { was: self.state, because } }
            }
            Step::Close(reason) if self.source == Source::Reported && self.state != State::Fixed => {
                let record = Self { state: State::Fixed, decision: None, request: None, last_seen: now, ..next };
                Event { record, what: Happening::Closed { reason: reason.clone() } }
            }
            Step::Look
            | Step::Assign(_)
            | Step::Due(_)
            | Step::Decide(_)
            | Step::TurnDown(_)
            | Step::Reopen(_)
            | Step::Close(_) => return Err(not_now()),
        };
        Ok(Some(event))
    }

    fn decided(self, decision: Decision, what: Happening) -> Event {
        let state = decision.outcome().state();
        Event { record: Self { state, decision: Some(decision), request: None, ..self }, what }
    }

    /// Whether a person said that it is done.
    fn is_closed(&self) -> bool {
        self.source == Source::Reported && self.state == State::Fixed
    }

    /// Refuses the requester, who answers for the finding, and a tier below its severity.
    fn may_approve(&self, requester: &AccountId, by: &Acting) -> Result<(), Problem> {
        let refused = |code| Err(Problem::field("step", code));
        let Some(account) = &by.account else { return Err(Problem::Forbidden) };
        if account == requester {
            return refused(FieldCode::OwnDecision);
        }
        if self.owner.is_some() && self.owner == by.person {
            return refused(FieldCode::AnswersForIt);
        }
        if by.tier < needed_tier(self.severity) {
            return refused(FieldCode::TierTooLow);
        }
        Ok(())
    }
}

/// The approval tier that a decision about a finding of a severity needs.
const fn needed_tier(severity: Severity) -> Tier {
    match severity {
        Severity::Critical => Tier::VeryHigh,
        Severity::High => Tier::High,
        Severity::Medium => Tier::Moderate,
        Severity::Low | Severity::Info => Tier::Low,
    }
}
