//! One time that something was done, and why, where it was late.

use serde::{Deserialize, Serialize};

use super::zone::Zone;
use crate::id::PersonId;
use crate::model::card_number::looks_like_card_number;
use crate::problem::{FieldCode, FieldError, Problem};
use crate::time::{Day, Timestamp};

/// The longest cause or account, in characters.
pub const WORDS_MAX: usize = 1_000;

/// One time that something was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The day on which it was due.
    pub due: Day,
    /// When it was done.
    pub done_at: Timestamp,
    /// Who did it.
    pub by: PersonId,
    /// What shows it: the key of a review or of an evidence item; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// Why it was late, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<LateCause>,
}

/// What is kept of a late run: this is what lets an assessor accept it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateCause {
    /// Why it was late.
    pub cause: String,
    /// Who was told, and when, in words.
    pub told: String,
    /// How it was caught up, and what keeps it from happening again.
    pub caught_up: String,
}

impl Run {
    /// Whether it was done after the day on which it was due, in the workspace's zone.
    #[must_use]
    pub fn was_late(&self, zone: &Zone) -> bool {
        zone.day_of(self.done_at) > self.due
    }
}

/// Notes that something was done.
///
/// # Errors
/// `Invalid` with the fields `cause`, `told` and `caught_up`: a late run is noted with all three.
pub fn run(due: Day, done_at: Timestamp, by: &PersonId, late: Option<LateCause>, zone: &Zone) -> Result<Run, Problem> {
    let run = Run { due, done_at, by: by.clone(), reference: String::new(), late: None };
    if !run.was_late(zone) {
        return Ok(run);
    }
    let late = late.unwrap_or(LateCause { cause: String::new(), told: String::new(), caught_up: String::new() });
    let parts = [("cause", &late.cause), ("told", &late.told), ("caught_up", &late.caught_up)];
    let errors: Vec<FieldError> =
        parts.into_iter().filter_map(|(name, text)| Some(FieldError::new(name, wrong(text)?))).collect();
    if errors.is_empty() { Ok(Run { late: Some(late), ..run }) } else { Err(Problem::Invalid(errors)) }
}

/// What is wrong with words that must be said.
pub(crate) fn wrong(text: &str) -> Option<FieldCode> {
    if text.trim().is_empty() {
        Some(FieldCode::Missing)
    } else if text.chars().count() > WORDS_MAX {
        Some(FieldCode::TooLong(1_000))
    } else if looks_like_card_number(text) {
        Some(FieldCode::CardNumber)
    } else if text.contains('\0') {
        Some(FieldCode::ControlCharacter)
    } else {
        None
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_late_run_is_noted_with_its_cause_and_one_on_time_needs_none() {
        let (zone, who) = (Zone::utc(), PersonId::new("lead"));
        let due: Day = "2026-12-15".parse().unwrap();
        let last_moment = Timestamp(due.plus_days(1).start().0 - 1);
        assert_eq!(run(due, last_moment, &who, None, &zone).unwrap().late, None);
        let Err(Problem::Invalid(errors)) = run(due, due.plus_days(1).start(), &who, None, &zone) else { panic!() };
        assert_eq!(errors.len(), 3);
        let said = |it: &str| it.to_owned();
        let late =
            LateCause { cause: said("Two people ill"), told: said("The security lead"), caught_up: said("Done") };
        assert!(run(due, due.plus_days(1).start(), &who, Some(late.clone()), &zone).unwrap().late.is_some());
        let card = LateCause { cause: said("4111 1111 1111 1111"), ..late };
        assert_eq!(
            run(due, due.plus_days(1).start(), &who, Some(card), &zone),
            Err(Problem::field("cause", FieldCode::CardNumber))
        );
    }
}
