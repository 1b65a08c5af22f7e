//! An incident: what is known about it, hour by hour, and what follows from it.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::duty::DataClass;
use super::unexpected::CardCase;
use crate::blast::Start;
use crate::id::PersonId;
use crate::risk::action::Action;
use crate::risk::record::{Link, RiskKey};
use crate::risk::scheme::Level;
use crate::text::text_enum;
use crate::time::Timestamp;

/// The key of an incident: its number, written `I-3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IncidentKey(pub u32);

impl fmt::Display for IncidentKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "I-{}", self.0)
    }
}

/// A text that is no key of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a key such as I-3")]
pub struct NoIncidentKey;

impl FromStr for IncidentKey {
    type Err = NoIncidentKey;

    fn from_str(text: &str) -> Result<Self, NoIncidentKey> {
        let digits = text.strip_prefix("I-").ok_or(NoIncidentKey)?;
        let number: u32 = digits.parse().map_err(|_| NoIncidentKey)?;
        if number == 0 || number.to_string() != digits { Err(NoIncidentKey) } else { Ok(Self(number)) }
    }
}

impl Serialize for IncidentKey {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for IncidentKey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// One incident, or an exercise of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// The key.
    pub key: IncidentKey,
    /// What people call it.
    pub title: String,
    /// It is an exercise: nobody outside is told.
    pub drill: bool,
    /// How bad it is, as far as is known.
    pub level: Option<Level>,
    /// When somebody knew: every deadline counts from here.
    pub detected_at: Timestamp,
    /// When it began, as far as is known.
    pub began_at: Option<Timestamp>,
    /// What is assumed to be hostile.
    pub start: Option<Start>,
    /// What is affected.
    pub links: BTreeSet<Link>,
    /// Which kinds of data are affected; empty is not known yet.
    pub data: BTreeSet<DataClass>,
    /// In which jurisdictions people or cards are affected, as the table of duties names them.
    pub jurisdictions: BTreeSet<String>,
    /// Who leads.
    pub lead: Option<PersonId>,
    /// What happened, in the order of the moments it happened at.
    pub timeline: Vec<Entry>,
    /// Why it could happen.
    pub root_cause: String,
    /// The risks that it made real, or showed.
    pub risks: BTreeSet<RiskKey>,
    /// What is done.
    pub actions: Vec<Action>,
    /// Who was told what, and when.
    pub told: Vec<Told>,
    /// The case of a card number where none should be, where it is one.
    pub card_case: Option<CardCase>,
    /// How far it is.
    pub phase: Phase,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

text_enum! {
    /// How far the work on an incident is.
    Phase {
        Open = "open": "Open",
        Contained = "contained": "Contained",
        Recovered = "recovered": "Recovered",
        Closed = "closed": "Closed",
    }
}

/// One entry of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it happened.
    pub at: Timestamp,
    /// When it was written down, which may be later.
    pub noted_at: Timestamp,
    /// Who wrote it down.
    pub by: PersonId,
    /// What happened.
    pub what: String,
}

/// Somebody was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The number of the duty in the table.
    pub duty: u32,
    /// Whom exactly.
    pub whom: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: PersonId,
    /// Where that is recorded: a reference number, a mail.
    pub reference: String,
    /// Why it was late, where it was.
    pub late_because: String,
}

/// What stands in the way of closing an incident.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// Nobody says why it could happen.
    RootCause,
    /// So many actions are open.
    OpenActions(usize),
    /// These duties to tell somebody are open, by number.
    NotTold(Vec<u32>),
    /// Something about the card numbers is open.
    CardCase(super::unexpected::CardGap),
}

impl Incident {
    /// An incident of which nothing is known but when it was detected.
    #[must_use]
    pub const fn new(key: IncidentKey, title: String, detected_at: Timestamp) -> Self {
        Self {
            key,
            title,
            drill: false,
            level: None,
            detected_at,
            began_at: None,
            start: None,
            links: BTreeSet::new(),
            data: BTreeSet::new(),
            jurisdictions: BTreeSet::new(),
            lead: None,
            timeline: Vec::new(),
            root_cause: String::new(),
            risks: BTreeSet::new(),
            actions: Vec::new(),
            told: Vec::new(),
            card_case: None,
            phase: Phase::Open,
            closed_at: None,
        }
    }

    /// Writes something down. The timeline stays in the order in which things happened; entries are never changed.
    pub fn note(&mut self, entry: Entry) {
        let place = self.timeline.partition_point(|it| (it.at, it.noted_at) <= (entry.at, entry.noted_at));
        self.timeline.insert(place, entry);
    }

    /// What stands in the way of closing it, with the duties of [`super::deadlines`].
    #[must_use]
    pub fn gaps(&self, deadlines: &[super::Deadline]) -> Vec<Gap> {
        let mut gaps = Vec::new();
        if self.root_cause.trim().is_empty() {
            gaps.push(Gap::RootCause);
        }
        let open = self.actions.iter().filter(|it| it.state.is_open()).count();
        if open > 0 {
            gaps.push(Gap::OpenActions(open));
        }
        let not_told: Vec<u32> = deadlines.iter().filter(|it| it.told.is_none()).map(|it| it.duty).collect();
        if !not_told.is_empty() && !self.drill {
            gaps.push(Gap::NotTold(not_told));
        }
        gaps.extend(self.card_case.iter().flat_map(CardCase::gaps).map(Gap::CardCase));
        gaps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_timeline_is_in_the_order_in_which_things_happened() {
        let mut incident = Incident::new(IncidentKey(1), "x".to_owned(), Timestamp(0));
        for (at, noted) in [(50, 60), (10, 70), (50, 55), (90, 95)] {
            let (at, noted_at) = (Timestamp(at), Timestamp(noted));
            incident.note(Entry { at, noted_at, by: "lead".into(), what: String::new() });
        }
        let order: Vec<(i64, i64)> = incident.timeline.iter().map(|it| (it.at.0, it.noted_at.0)).collect();
        assert_eq!(order, [(10, 70), (50, 55), (50, 60), (90, 95)]);
    }

    #[test]
    fn an_incident_closes_when_its_cause_is_known_and_its_actions_are_done() {
        let mut incident = Incident::new(IncidentKey(1), "x".to_owned(), Timestamp(0));
        incident.actions.push(Action::new(1, "rotate".to_owned()));
        assert_eq!(incident.gaps(&[]), [Gap::RootCause, Gap::OpenActions(1)]);
        incident.root_cause = "a shared key".to_owned();
        incident.actions[0].state = crate::risk::action::ActionState::Dropped;
        assert_eq!(incident.gaps(&[]), []);
    }
}
