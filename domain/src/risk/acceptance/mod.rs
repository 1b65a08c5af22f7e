//! A decision to live with a risk for a time: who asked, who approved, on which facts, and whether it still holds.
//!
//! [`decide`](Acceptance::decide) takes a command, who gives it and when, and gives events or a refusal; [`Acceptance`]
//! is nothing but what its events say. Whether it is in force is computed when it is read ([`Acceptance::standing`]): a
//! job that did not run keeps nothing accepted. What it rests on is in [`Bound`]: when any of that gets worse, the
//! decision lapses for good, and stays readable with the facts of then.
//!
//! Accepting a risk never says that a requirement is met: nothing here leads to one.

mod actor;
mod ask;
mod authority;
mod command;
mod consequence;
mod covered;
#[cfg(test)]
mod properties;
mod refused;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::bound::{Bound, Change, is_worse};
use super::record::RiskKey;
use super::scheme::Level;
use crate::findings::Identity;
use crate::id::PersonId;
use crate::text::text_enum;
use crate::time::{Day, Timestamp};
pub use actor::{Actor, Delegation, Member, may_approve, may_request, owners_of};
pub use ask::{ASK_FIELDS, Ask, Asked, STEP_FIELDS, step_from_form};
pub use authority::{APPROVERS_MAX, Authority, AuthorityError, MONTHS_MAX, Terms, months_later};
pub use command::{Command, Context, Refusal, propose};
pub use consequence::{Consequence, consequences};
pub use covered::covered;

/// So many days before its end an acceptance is called expiring.
pub const EXPIRING_DAYS: i32 = 30;
/// How often an acceptance at the highest level may be renewed.
pub const RENEWALS_AT_VERY_HIGH: usize = 1;
/// An acceptance that ended longer ago than this is not renewed by another one.
pub const RENEWAL_DAYS: i32 = 365;
/// Shortest justification, in characters.
pub const JUSTIFICATION_MIN: usize = 20;

/// The key of an acceptance: its number in the register, written `A-3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AcceptanceKey(pub u32);

impl fmt::Display for AcceptanceKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "A-{}", self.0)
    }
}

/// A text that is no key of an acceptance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a key such as A-3")]
pub struct NoAcceptanceKey;

impl FromStr for AcceptanceKey {
    type Err = NoAcceptanceKey;

    fn from_str(text: &str) -> Result<Self, NoAcceptanceKey> {
        let digits = text.strip_prefix("A-").ok_or(NoAcceptanceKey)?;
        let number: u32 = digits.parse().map_err(|_| NoAcceptanceKey)?;
        if number == 0 || number.to_string() != digits { Err(NoAcceptanceKey) } else { Ok(Self(number)) }
    }
}

impl Serialize for AcceptanceKey {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AcceptanceKey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The risk that is accepted; absent where it is about findings only.
    pub risk: Option<RiskKey>,
    /// The findings that are accepted with it.
    pub findings: BTreeSet<Identity>,
    /// Why it can be lived with.
    pub justification: String,
    /// What must be kept to meanwhile.
    pub conditions: String,
    /// The first day; the day of the last approval where none is given. It never moves the end.
    pub begins: Option<Day>,
    /// The last day.
    pub expires: Day,
}

impl Content {
    /// Whether both are about the same risk, or share a finding.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        (self.risk.is_some() && self.risk == other.risk) || !self.findings.is_disjoint(&other.findings)
    }
}

/// A word of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who approved.
    pub by: PersonId,
    /// On whose behalf, where it was not their own.
    pub on_behalf_of: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// The hash of what they were shown.
    pub shown: String,
}

impl Approval {
    /// Who approved, and on whose behalf.
    fn people(&self) -> impl Iterator<Item = &PersonId> {
        std::iter::once(&self.by).chain(&self.on_behalf_of)
    }
}

/// What happened to an acceptance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[expect(missing_docs, reason = "who, when and what, as the event is named")]
pub enum Event {
    /// Somebody asked for it.
    Proposed { by: PersonId, at: Timestamp, content: Content },
    /// Somebody asks for something else. Every approval so far is void.
    Edited { by: PersonId, at: Timestamp, content: Content },
    /// It is in review, on these facts.
    Submitted { by: PersonId, at: Timestamp, bound: Bound },
    /// One person approved.
    Approved { approval: Approval },
    /// The last approval is there.
    Granted { at: Timestamp },
    /// Somebody who could have approved did not.
    Rejected { by: PersonId, at: Timestamp, reason: String },
    /// Who asked for it no longer does.
    Withdrawn { by: PersonId, at: Timestamp },
    /// Somebody ended it before its time.
    Revoked { by: PersonId, at: Timestamp, reason: String },
    /// While it was in review its facts got worse: it is to be asked for again, and every approval so far is void.
    Returned { at: Timestamp, changes: Vec<Change> },
    /// Its facts got worse: it no longer holds.
    Lapsed { at: Timestamp, changes: Vec<Change> },
    /// Its facts got better. It goes on.
    Improved { at: Timestamp, changes: Vec<Change> },
    /// Its last day is over.
    Expired { at: Timestamp },
}

impl Event {
    /// When it happened.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Proposed { at, .. }
            | Self::Edited { at, .. }
            | Self::Submitted { at, .. }
            | Self::Granted { at }
            | Self::Rejected { at, .. }
            | Self::Withdrawn { at, .. }
            | Self::Revoked { at, .. }
            | Self::Returned { at, .. }
            | Self::Lapsed { at, .. }
            | Self::Improved { at, .. }
            | Self::Expired { at } => *at,
            Self::Approved { approval } => approval.at,
        }
    }
}

text_enum! {
    /// Where an acceptance stands.
    State {
        Proposed = "proposed": "Proposed",
        InReview = "in_review": "In review",
        /// Approved, and not begun.
        Approved = "approved": "Approved",
        Rejected = "rejected": "Rejected",
        Withdrawn = "withdrawn": "Withdrawn",
        Active = "active": "Active",
        /// Active, and about to end.
        Expiring = "expiring": "Expiring",
        Expired = "expired": "Expired",
        /// Its facts got worse.
        Lapsed = "lapsed": "Lapsed",
        Revoked = "revoked": "Revoked",
    }
}

impl State {
    /// Whether the risk is accepted now.
    #[must_use]
    pub const fn is_in_force(self) -> bool {
        matches!(self, Self::Active | Self::Expiring)
    }

    /// Whether nothing can happen to it any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Rejected | Self::Withdrawn | Self::Expired | Self::Lapsed | Self::Revoked)
    }
}

/// Where an acceptance stands at an instant, on the facts of then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Where it stands.
    pub state: State,
    /// What is not as it was when it was submitted.
    pub changes: Vec<Change>,
    /// The first instant at which the state can change by the passing of time alone.
    pub next_change: Option<Timestamp>,
}

/// An acceptance with where it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Current {
    /// What its events say.
    pub acceptance: Acceptance,
    /// What facts and clock make of it.
    pub standing: Standing,
}

/// An acceptance: what its events say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// The key.
    pub key: AcceptanceKey,
    /// What is asked for.
    pub content: Content,
    /// The facts it rests on, as they were when it was submitted.
    pub bound: Option<Bound>,
    /// Who asked for it.
    pub requester: PersonId,
    /// Everybody who wrote, changed or submitted it: none of them approves it.
    pub authors: BTreeSet<PersonId>,
    /// The approvals that count.
    pub approvals: Vec<Approval>,
    /// When the last approval was there.
    pub granted_at: Option<Timestamp>,
    /// What is better than when it was submitted.
    pub improvements: Vec<Change>,
    /// Where its events have led.
    phase: State,
    /// Everything that happened to it, in order.
    pub history: Vec<Event>,
}

impl Acceptance {
    /// What the events make; `None` where the first is not that somebody asked for it.
    #[must_use]
    pub fn replay(key: AcceptanceKey, events: &[Event]) -> Option<Self> {
        let (first, others) = events.split_first()?;
        let Event::Proposed { by, content, .. } = first else { return None };
        let mut acceptance = Self {
            key,
            content: content.clone(),
            bound: None,
            requester: by.clone(),
            authors: [by.clone()].into(),
            approvals: Vec::new(),
            granted_at: None,
            improvements: Vec::new(),
            phase: State::Proposed,
            history: vec![first.clone()],
        };
        for event in others {
            acceptance.apply(event);
        }
        Some(acceptance)
    }

    /// Takes an event over. Events come from [`Self::decide`] and are never refused here.
    pub fn apply(&mut self, event: &Event) {
        self.history.push(event.clone());
        match event {
            Event::Proposed { by, content, .. } | Event::Edited { by, content, .. } => {
                self.content = content.clone();
                self.authors.insert(by.clone());
                self.open_again();
            }
            Event::Submitted { by, bound, .. } => {
                self.authors.insert(by.clone());
                self.open_again();
                self.bound = Some(bound.clone());
                self.phase = State::InReview;
            }
            Event::Approved { approval } => self.approvals.push(approval.clone()),
            Event::Granted { at } => {
                self.granted_at = Some(*at);
                self.phase = State::Approved;
            }
            Event::Returned { .. } => self.open_again(),
            Event::Improved { changes, .. } => self.improvements.clone_from(changes),
            Event::Rejected { .. } => self.phase = State::Rejected,
            Event::Withdrawn { .. } => self.phase = State::Withdrawn,
            Event::Revoked { .. } => self.phase = State::Revoked,
            Event::Lapsed { .. } => self.phase = State::Lapsed,
            Event::Expired { .. } => self.phase = State::Expired,
        }
    }

    fn open_again(&mut self) {
        self.phase = State::Proposed;
        self.approvals.clear();
        self.granted_at = None;
        self.improvements.clear();
    }

    /// Where it stands at an instant, as far as events and the clock say. Whether it is in force also depends on the
    /// facts of now: [`Self::standing`].
    #[must_use]
    pub fn state(&self, now: Timestamp) -> State {
        let today = now.day();
        match self.phase {
            State::Approved if today > self.content.expires => State::Expired,
            State::Approved if self.content.begins.is_some_and(|begins| today < begins) => State::Approved,
            State::Approved if today.plus_days(EXPIRING_DAYS) > self.content.expires => State::Expiring,
            State::Approved => State::Active,
            other => other,
        }
    }

    /// Where it stands at an instant on the facts of then, whether anybody noted the change or not.
    #[must_use]
    pub fn standing(&self, now: Timestamp, facts: &Bound) -> Standing {
        let state = self.state(now);
        let changes = self.bound.as_ref().map(|bound| bound.changes(facts)).unwrap_or_default();
        let holds = matches!(state, State::Approved | State::Active | State::Expiring);
        if holds && is_worse(&changes) {
            return Standing { state: State::Lapsed, changes, next_change: None };
        }
        Standing { state, changes, next_change: self.next_change(now) }
    }

    /// The first instant after this one at which [`Self::state`] is another one without any event.
    #[must_use]
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        if self.phase != State::Approved {
            return None;
        }
        let expires = self.content.expires;
        let days = [self.content.begins, Some(expires.plus_days(1 - EXPIRING_DAYS)), Some(expires.plus_days(1))];
        days.into_iter().flatten().map(Day::start).filter(|at| *at > now).min()
    }

    /// Whether anything can still happen to it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !self.phase.is_final()
    }

    /// The level that is accepted; absent until it is submitted.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        self.bound.as_ref().map(|bound| bound.level)
    }

    /// SHA-256, in hexadecimal, of what an approver is shown: what is asked for, and the facts it rests on.
    #[must_use]
    pub fn content_hash(&self) -> String {
        let shown = (&self.key, &self.content, self.bound.as_ref().map(Bound::hash), &self.requester);
        let text = serde_json::to_string(&shown).expect("texts, numbers and lists always have a form in JSON");
        hex::encode(Sha256::digest(text))
    }
}
