//! Requests: what who audits asks the team for, and how it is answered. An answer is words and evidence items, so that
//! nothing goes by mail.
//!
//! A request is its events; where it stands is computed from them.

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::draft::Around;
use crate::id::PersonId;
use crate::library::position_draft::items_into;
use crate::library::reference::{EvidenceKey, RequirementKey};
use crate::model::draft::Form;
use crate::model::draft::fields::Fields;
use crate::model::object::ObjectRef;
use crate::problem::{FieldCode, FieldError, Problem};
use crate::schedule::plan::numbered_key;
use crate::text::text_enum;
use crate::time::{Day, Timestamp};

/// The longest question or answer, in characters.
pub const WORDS_MAX: usize = 4_000;
/// The furthest day on which an answer can be wanted, from the day of the question.
const DUE_DAYS_MAX: i32 = 3_650;
/// The most events that a request has.
pub const EVENTS_MAX: usize = 500;

/// The fields of the form of a new request.
pub const ASK_FIELDS: [&str; 5] = ["text", "requirement", "due", "owner", "rev"];
/// The fields of the form of a step; `item` repeats.
pub const STEP_FIELDS: [&str; 6] = ["step", "words", "item", "owner", "due", "rev"];

numbered_key! {
    /// The key of a request, written `REQ-3`.
    RequestKey, "REQ-", NoRequestKey
}

text_enum! {
    /// Who speaks: who audits, or the team that is audited.
    Side {
        Auditor = "auditor": "Auditor",
        Team = "team": "Team",
    }
}

text_enum! {
    /// Where a request stands.
    State {
        Open = "open": "Open",
        Answered = "answered": "Answered",
        /// The answer was not enough.
        Returned = "returned": "Sent back",
        Accepted = "accepted": "Accepted",
        Withdrawn = "withdrawn": "Withdrawn",
    }
}

impl State {
    /// Whose turn it is; nobody's where it is over.
    #[must_use]
    pub const fn turn(self) -> Option<Side> {
        match self {
            Self::Open | Self::Returned => Some(Side::Team),
            Self::Answered => Some(Side::Auditor),
            Self::Accepted | Self::Withdrawn => None,
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// In words.
    pub text: String,
    /// The requirement that it is about.
    pub requirement: Option<RequirementKey>,
    /// The object of a sample that it is about.
    pub object: Option<ObjectRef>,
    /// What that object was called when the sample was drawn.
    pub title: Option<String>,
    /// By when an answer is wanted.
    pub due: Option<Day>,
    /// Who of the team answers.
    pub owner: Option<PersonId>,
}

impl Question {
    /// The first line of the text, at most 80 characters.
    #[must_use]
    pub fn first_line(&self) -> String {
        self.text.lines().next().unwrap_or_default().chars().take(80).collect()
    }
}

/// What somebody does about a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// The team says who answers, and by when.
    Assign {
        /// Who.
        owner: Option<PersonId>,
        /// By when.
        due: Option<Day>,
    },
    /// The team answers.
    Answer {
        /// In words.
        words: String,
        /// With these items.
        items: BTreeSet<EvidenceKey>,
    },
    /// Who audits wants more.
    Return {
        /// What is missing.
        words: String,
    },
    /// Who audits is content.
    Accept,
    /// Who audits no longer asks.
    Withdraw,
    /// Either side says something.
    Say {
        /// What.
        words: String,
    },
}

impl Step {
    /// The word of the audit trail.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Assign { .. } => "request.assign",
            Self::Answer { .. } => "request.answer",
            Self::Return { .. } => "request.return",
            Self::Accept => "request.accept",
            Self::Withdraw => "request.withdraw",
            Self::Say { .. } => "request.say",
        }
    }

    /// Who may take it; `None` is either side.
    #[must_use]
    pub const fn side(&self) -> Option<Side> {
        match self {
            Self::Assign { .. } | Self::Answer { .. } => Some(Side::Team),
            Self::Return { .. } | Self::Accept | Self::Withdraw => Some(Side::Auditor),
            Self::Say { .. } => None,
        }
    }

    /// The words that it holds; empty where it holds none.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Answer { words, .. } | Self::Return { words } | Self::Say { words } => words,
            Self::Assign { .. } | Self::Accept | Self::Withdraw => "",
        }
    }
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Who took it.
    pub by: PersonId,
    /// For whom they spoke.
    pub side: Side,
    /// When.
    pub at: Timestamp,
    /// What they did.
    #[serde(flatten)]
    pub step: Step,
}

/// A request with everything that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The key.
    pub key: RequestKey,
    /// What is asked.
    pub question: Question,
    /// Who asked.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// What happened since, the first first.
    pub history: Vec<Event>,
}

impl Request {
    /// A request that was just made.
    #[must_use]
    pub const fn new(question: Question, by: PersonId, at: Timestamp) -> Self {
        Self { key: RequestKey(0), question, by, at, history: Vec::new() }
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        let told = self.history.iter().rev().find_map(|it| match it.step {
            Step::Answer { .. } => Some(State::Answered),
            Step::Return { .. } => Some(State::Returned),
            Step::Accept => Some(State::Accepted),
            Step::Withdraw => Some(State::Withdrawn),
            Step::Assign { .. } | Step::Say { .. } => None,
        });
        told.unwrap_or(State::Open)
    }

    /// Who answers, as it was said last.
    #[must_use]
    pub fn owner(&self) -> Option<&PersonId> {
        self.assigned().map_or(self.question.owner.as_ref(), |(owner, _)| owner)
    }

    /// By when an answer is wanted, as it was said last.
    #[must_use]
    pub fn due(&self) -> Option<Day> {
        self.assigned().map_or(self.question.due, |(_, due)| due)
    }

    fn assigned(&self) -> Option<(Option<&PersonId>, Option<Day>)> {
        self.history.iter().rev().find_map(|it| match &it.step {
            Step::Assign { owner, due } => Some((owner.as_ref(), *due)),
            _ => None,
        })
    }

    /// Every item that was ever handed over with an answer: what who audits was given stays given.
    pub fn given(&self) -> impl Iterator<Item = EvidenceKey> + '_ {
        self.history.iter().flat_map(|it| match &it.step {
            Step::Answer { items, .. } => items.iter().copied().collect::<Vec<_>>(),
            _ => Vec::new(),
        })
    }

    /// Whether the team should have answered before a day.
    #[must_use]
    pub fn is_late(&self, today: Day) -> bool {
        self.state().turn() == Some(Side::Team) && self.due().is_some_and(|due| due < today)
    }

    /// The items of the last answer.
    #[must_use]
    pub fn items(&self) -> BTreeSet<EvidenceKey> {
        let last = self.history.iter().rev().find_map(|it| match &it.step {
            Step::Answer { items, .. } => Some(items.clone()),
            _ => None,
        });
        last.unwrap_or_default()
    }

    /// Takes a step.
    ///
    /// # Errors
    /// `NotInThisState` where it is not this side's step, or the request does not stand so that it can be taken; `TooMany` where
    /// as much was said as can be.
    pub fn take(&mut self, step: Step, side: Side, by: &PersonId, at: Timestamp) -> Result<(), FieldCode> {
        let state = self.state();
        let allowed = step.side().is_none_or(|it| it == side)
            && match step {
                Step::Assign { .. } | Step::Say { .. } | Step::Withdraw => state.turn().is_some(),
                Step::Answer { .. } => matches!(state, State::Open | State::Returned | State::Answered),
                Step::Return { .. } => matches!(state, State::Answered | State::Accepted),
                Step::Accept => state == State::Answered,
            };
        if !allowed {
            return Err(FieldCode::NotInThisState);
        }
        if self.history.len() >= EVENTS_MAX {
            return Err(FieldCode::TooMany);
        }
        self.history.push(Event { by: by.clone(), side, at, step });
        Ok(())
    }
}

/// Reads a new request.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn question_from_form(form: &Form, around: Around<'_>) -> Result<Question, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let text = fields.lines("text", WORDS_MAX).unwrap_or_default();
    if text.is_empty() {
        fields.error("text", FieldCode::Missing);
    }
    let requirement = match fields.posted("requirement").unwrap_or_default() {
        "" => None,
        text => {
            let key = text.parse::<RequirementKey>().ok().or_else(|| RequirementKey::pci(text));
            let known = key.filter(|it| (around.is_requirement)(it));
            if known.is_none() {
                fields.error("requirement", FieldCode::NoSuchRequirement);
            }
            known
        }
    };
    let due = due(&mut fields, around.today);
    let owner = fields.reference("owner", None, |key| around.model.people.contains_key(key));
    fields.finish(Question { text, requirement, object: None, title: None, due, owner })
}

fn due(fields: &mut Fields<'_>, today: Day) -> Option<Day> {
    let due = fields.day("due", None);
    if due.is_some_and(|day| day < today || day > today.plus_days(DUE_DAYS_MAX)) {
        fields.error("due", FieldCode::NotWithinDays(3_650));
    }
    due
}

/// Reads a step. `is_item` tells whether there is such an evidence item. An answer has words or an item.
///
/// # Errors
/// Everything that is wrong, one error per field; the field `step` where there is no such step.
pub fn step_from_form(form: &Form, around: Around<'_>, is_item: impl Fn(EvidenceKey) -> bool) -> Result<Step, Problem> {
    let mut fields = Fields::of(form);
    let words = fields.lines("words", WORDS_MAX).unwrap_or_default();
    let word = fields.posted("step").unwrap_or_default();
    if matches!(word, "return" | "say") && words.is_empty() {
        fields.error("words", FieldCode::Missing);
    }
    let step = match word {
        "assign" => {
            let owner = fields.reference("owner", None, |key| around.model.people.contains_key(key));
            Step::Assign { owner, due: due(&mut fields, around.today) }
        }
        "answer" => {
            let mut items = BTreeSet::new();
            items_into(&mut fields, "item", &mut items, is_item);
            if words.is_empty() && items.is_empty() {
                fields.error("words", FieldCode::Missing);
            }
            Step::Answer { words, items }
        }
        "return" => Step::Return { words },
        "accept" => Step::Accept,
        "withdraw" => Step::Withdraw,
        "say" => Step::Say { words },
        _ => return Err(Problem::field("step", FieldCode::NotInList)),
    };
    fields.finish(step).map_err(Problem::Invalid)
}
