//! What was agreed for a case before it happens, and when that was exercised.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::duty::Role;
use crate::blast::Start;
use crate::id::PersonId;
use crate::risk::acceptance::months_later;
use crate::text::text_enum;
use crate::time::Day;

/// How many months after an exercise the next one is due (PCI DSS 12.10.2).
pub const EXERCISE_MONTHS: u32 = 12;

text_enum! {
    /// What a playbook is for: the starts of a blast radius, and a card number where none should be.
    Trigger {
        System = "system": "A hostile system",
        Credential = "credential": "A known credential",
        Vendor = "vendor": "A hostile vendor",
        Connector = "connector": "A hostile connector",
        Field = "field": "Data of one kind",
        UnexpectedCard = "unexpected_card": "A card number where none should be",
    }
}

impl Trigger {
    /// The trigger of a start.
    #[must_use]
    pub const fn of(start: &Start) -> Self {
        match start {
            Start::System { .. } => Self::System,
            Start::Credential { .. } => Self::Credential,
            Start::Vendor { .. } => Self::Vendor,
            Start::Connector { .. } => Self::Connector,
            Start::Field { .. } => Self::Field,
        }
    }
}

/// What to do in a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Playbook {
    /// Its number; never used twice.
    pub number: u32,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub applies_to: BTreeSet<Trigger>,
    /// What to do, in order.
    pub steps: Vec<PlannedStep>,
    /// Whom to call, in words: no secret, no card number.
    pub contacts: Vec<String>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedStep {
    /// What.
    pub what: String,
    /// Who does it.
    pub who: Option<Role>,
    /// Within how many minutes from the beginning.
    pub minutes: Option<u32>,
}

/// An exercise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drill {
    /// Its number; never used twice.
    pub number: u32,
    /// The playbook that was exercised.
    pub playbook: u32,
    /// When it is or was to be.
    pub planned: Day,
    /// When it was done.
    pub done: Option<Day>,
    /// Who took part.
    pub took_part: BTreeSet<PersonId>,
    /// What came out.
    pub result: Option<DrillResult>,
    /// What was found, each to become an action.
    pub found: Vec<String>,
}

text_enum! {
    /// What came out of an exercise.
    DrillResult {
        Passed = "passed": "It worked",
        Partly = "partly": "It worked in part",
        Failed = "failed": "It did not work",
    }
}

/// The playbooks for a case, by number.
#[must_use]
pub fn playbooks_for(playbooks: &[Playbook], trigger: Trigger) -> Vec<&Playbook> {
    let mut found: Vec<&Playbook> = playbooks.iter().filter(|it| it.applies_to.contains(&trigger)).collect();
    found.sort_by_key(|it| it.number);
    found
}

/// When a playbook was exercised last. An exercise that did not work counts: it was done.
#[must_use]
pub fn last_tested(drills: &[Drill], playbook: u32) -> Option<Day> {
    drills.iter().filter(|it| it.playbook == playbook).filter_map(|it| it.done).max()
}

/// When a playbook is to be exercised next; at once where it never was.
#[must_use]
pub fn next_exercise(drills: &[Drill], playbook: u32, today: Day) -> Day {
    last_tested(drills, playbook).map_or(today, |last| months_later(last, EXERCISE_MONTHS))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_playbook_is_exercised_within_a_year_and_what_was_only_planned_does_not_count() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let drill = |planned: &str, done: Option<&str>| Drill {
            number: 1,
            playbook: 1,
            planned: day(planned),
            done: done.map(day),
            took_part: BTreeSet::new(),
            result: Some(DrillResult::Failed),
            found: Vec::new(),
        };
        let today = day("2027-01-01");
        assert_eq!(next_exercise(&[], 1, today), today);
        let drills = [drill("2026-02-01", Some("2026-02-28")), drill("2026-10-01", None)];
        assert_eq!(next_exercise(&drills, 1, today), day("2027-02-28"));
        assert_eq!(next_exercise(&drills, 2, today), today);
    }

    #[test]
    fn a_start_finds_its_playbooks() {
        let playbook = |number, trigger| Playbook {
            number,
            title: String::new(),
            applies_to: [trigger].into(),
            steps: Vec::new(),
            contacts: Vec::new(),
        };
        let all = [playbook(2, Trigger::Vendor), playbook(1, Trigger::Vendor), playbook(3, Trigger::System)];
        let start: Start = "vendor:psp".parse().unwrap();
        let found: Vec<u32> = playbooks_for(&all, Trigger::of(&start)).iter().map(|it| it.number).collect();
        assert_eq!(found, [1, 2]);
    }
}
