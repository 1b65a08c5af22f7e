//! What is kept about a finding.

use serde::{Deserialize, Serialize};

use super::{Decision, Request, Source, State};
use crate::findings::finding::{Finding, Identity, ShownFact};
use crate::findings::rule::Severity;
use crate::id::PersonId;
use crate::model::card_number::looks_like_card_number;
use crate::model::object::ObjectRef;
use crate::problem::{FieldCode, Problem};
use crate::time::{Day, Timestamp};

/// What stands in the place of a rule where a person reported a finding.
pub const REPORTED: &str = "reported";

/// The longest concern that a person can raise, in characters.
pub const CONCERN_MAX: u32 = 1000;

/// What is kept about a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Which finding.
    pub identity: Identity,
    /// A rule found it, or a person reported it. What a person reported is never fixed by a run of the rules.
    pub source: Source,
    /// Where it stands.
    pub state: State,
    /// What was wrong, in the words of the run that first found these facts, or of the person who reported it.
    pub sentence: String,
    /// How urgent it was when it was last seen.
    pub severity: Severity,
    /// The hash of the facts when it was last seen.
    pub facts_hash: String,
    /// The facts when it was last seen.
    pub facts: Vec<ShownFact>,
    /// When it was seen first.
    pub first_seen: Timestamp,
    /// When its facts were seen to change last; of what is fixed, when it was seen to be gone.
    pub last_seen: Timestamp,
    /// Why nothing needs to be done for now; of the decided states only.
    pub decision: Option<Decision>,
    /// A decision that waits for a second person.
    pub request: Option<Request>,
    /// Who answers for it.
    pub owner: Option<PersonId>,
    /// The day by which it is to be dealt with.
    pub due: Option<Day>,
    /// How many things happened to it: what a form says that it saw.
    pub version: i64,
}

impl Record {
    /// The record of a finding that was never seen before.
    #[must_use]
    pub fn of(finding: &Finding, now: Timestamp) -> Self {
        Self {
            identity: finding.identity(),
            source: Source::Rule,
            state: State::New,
            sentence: finding.sentence.clone(),
            severity: finding.severity,
            facts_hash: finding.facts_hash(),
            facts: finding.facts.clone(),
            first_seen: now,
            last_seen: now,
            decision: None,
            request: None,
            owner: None,
            due: None,
            version: 0,
        }
    }

    /// The record of a concern that a person raises on an object. The number tells it from others on the object; it is
    /// open from the beginning, because a person has looked at it.
    #[must_use]
    pub fn reported(concern: &Concern, number: u32, now: Timestamp) -> Self {
        let (rule, subject) = (REPORTED.to_owned(), concern.subject.clone());
        Self {
            identity: Identity { rule, subject, discriminator: number.to_string() },
            source: Source::Reported,
            state: State::Open,
            sentence: concern.words.clone(),
            severity: concern.severity,
            facts_hash: String::new(),
            facts: Vec::new(),
            first_seen: now,
            last_seen: now,
            decision: None,
            request: None,
            owner: None,
            due: None,
            version: 0,
        }
    }

    /// Whether it needs a second person to set it aside.
    #[must_use]
    pub const fn is_grave(&self) -> bool {
        matches!(self.severity, Severity::Critical | Severity::High)
    }

    /// Whether it should have been dealt with before this day.
    #[must_use]
    pub fn is_overdue(&self, today: Day) -> bool {
        self.state.is_open() && self.due.is_some_and(|due| due < today)
    }
}

/// A text that a person has to write: something, not too long, and no card number.
pub(super) fn text(field: &str, typed: &str, most: u32) -> Result<String, Problem> {
    let typed = typed.trim();
    let code = if typed.is_empty() {
        FieldCode::Missing
    } else if typed.chars().count() > most as usize {
        FieldCode::TooLong(most)
    } else if looks_like_card_number(typed) {
        FieldCode::CardNumber
    } else if typed.chars().any(|it| it.is_control() && !matches!(it, '\n' | '\r' | '\t')) {
        FieldCode::ControlCharacter
    } else {
        return Ok(typed.to_owned());
    };
    Err(Problem::field(field, code))
}

/// A concern that a member raises about an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// The object.
    pub subject: ObjectRef,
    /// How urgent the member holds it to be.
    pub severity: Severity,
    /// What is wrong, in their words.
    pub words: String,
}

impl Concern {
    /// A concern as a form states it.
    ///
    /// # Errors
    /// `Invalid` with the fields `severity` and `concern`.
    pub fn parse(subject: ObjectRef, severity: &str, words: &str) -> Result<Self, Problem> {
        let severity = severity.parse().map_err(|_| Problem::field("severity", FieldCode::NotInList));
        let words = text("concern", words, CONCERN_MAX);
        match (severity, words) {
            (Ok(severity), Ok(words)) => Ok(Self { subject, severity, words }),
            (Err(Problem::Invalid(mut errors)), Err(Problem::Invalid(more))) => {
                errors.extend(more);
                Err(Problem::Invalid(errors))
            }
            (Err(problem), _) | (_, Err(problem)) => Err(problem),
        }
    }
}
