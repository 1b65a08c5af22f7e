//! Tests and exercises: what was tested, by whom, with which result, and what is still open.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::cadence::Cadence;
use super::plan::numbered_key;
use crate::id::PersonId;
use crate::model::object::ObjectRef;
use crate::risk::action::Action;
use crate::text::text_enum;
use crate::time::Day;

numbered_key! {
    /// The key of an activity, written `ACT-3`.
    ActivityKey, "ACT-", NoActivityKey
}

text_enum! {
    /// The kinds of tests and exercises.
    ActivityKind {
        VulnerabilityScan = "vulnerability_scan": "Vulnerability scan",
        AsvScan = "asv_scan": "External scan by an approved vendor (ASV)",
        PenetrationTest = "penetration_test": "Penetration test",
        SegmentationTest = "segmentation_test": "Segmentation test",
        RogueWireless = "rogue_wireless": "Search for unknown wireless access points",
        PurgeCheck = "purge_check": "Check that data past its retention is deleted",
        RestoreTest = "restore_test": "Restore test",
        Failover = "failover": "Failover",
        ChaosExercise = "chaos_exercise": "Chaos exercise",
        IncidentExercise = "incident_exercise": "Incident exercise",
    }
}

impl ActivityKind {
    /// How often it is done where nobody says otherwise, and the requirement that says so.
    #[must_use]
    pub const fn usual(self, service_provider: bool) -> (Cadence, Option<&'static str>) {
        match self {
            Self::VulnerabilityScan => (Cadence::Months(3), Some("11.3.1")),
            Self::AsvScan => (Cadence::Months(3), Some("11.3.2")),
            Self::RogueWireless => (Cadence::Months(3), Some("11.2.1")),
            Self::PurgeCheck => (Cadence::Months(3), Some("3.2.1")),
            Self::PenetrationTest => (Cadence::Months(12), Some("11.4.2")),
            Self::SegmentationTest if service_provider => (Cadence::Months(6), Some("11.4.6")),
            Self::SegmentationTest => (Cadence::Months(12), Some("11.4.5")),
            Self::IncidentExercise => (Cadence::Months(12), Some("12.10.2")),
            Self::RestoreTest | Self::Failover | Self::ChaosExercise => (Cadence::Months(12), None),
        }
    }

    /// Whether who tests must be independent of who runs what is tested.
    #[must_use]
    pub const fn asks_for_independence(self) -> bool {
        matches!(self, Self::PenetrationTest | Self::SegmentationTest | Self::AsvScan)
    }

    /// Whether it measures how long it takes until payments work again.
    #[must_use]
    pub const fn measures_recovery(self) -> bool {
        matches!(self, Self::RestoreTest | Self::Failover | Self::ChaosExercise)
    }
}

text_enum! {
    /// What came out.
    Outcome {
        Passed = "passed": "Passed",
        Partial = "partial": "Passed in part",
        Failed = "failed": "Failed",
    }
}

/// A test or an exercise, planned or done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// The key.
    pub key: ActivityKey,
    /// What it is.
    pub kind: ActivityKind,
    /// What is tested.
    pub scope: BTreeSet<ObjectRef>,
    /// From inside or outside and the like, in words.
    pub perimeter: String,
    /// Who tests: a person, a team or a company, in words.
    pub tester: String,
    /// The tester answers for nothing that is tested; `None` is unknown.
    pub independent: Option<bool>,
    /// The day on which it is or was planned.
    pub planned: Day,
    /// The day on which it was done.
    pub done: Option<Day>,
    /// What came out.
    pub outcome: Option<Outcome>,
    /// The report: the reference of an evidence item.
    pub report: Option<String>,
    /// What is still to be done about what was found.
    pub open_points: Vec<Action>,
    /// The activity whose open points this one tests again.
    pub retest_of: Option<ActivityKey>,
    /// How it recovered, where that was measured.
    pub measured: Option<Measured>,
    /// Who noted it.
    pub noted_by: Option<PersonId>,
}

/// How long it took until payments worked again, and how much was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// Minutes until they worked.
    pub recovery_minutes: u64,
    /// Minutes of data that were lost.
    pub lost_minutes: Option<u64>,
}

/// What is still missing before an activity counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// It says nothing about what was tested.
    Scope,
    /// Nobody is named who tested.
    Tester,
    /// Who tested is not known to be independent, where that is asked for.
    Independence,
    /// There is no result.
    Outcome,
    /// There is no report.
    Report,
    /// It did not pass, and there is neither an open point nor a retest that passed.
    OpenPoints,
    /// Points are open.
    Points(usize),
    /// It did not pass, its points are done, and nobody tested again.
    Retest,
}

impl Missing {
    /// What to do, as one sentence.
    #[must_use]
    pub fn sentence(self) -> String {
        match self {
            Self::Scope => "Say what was tested.".to_owned(),
            Self::Tester => "Name who tested.".to_owned(),
            Self::Independence => "Show that who tested is independent of who runs it.".to_owned(),
            Self::Outcome => "Note what came out.".to_owned(),
            Self::Report => "Attach the report.".to_owned(),
            Self::OpenPoints => "It did not pass: note what is to be done.".to_owned(),
            Self::Points(1) => "Finish the point that is open.".to_owned(),
            Self::Points(count) => format!("Finish the {count} points that are open."),
            Self::Retest => "Everything is done: test again.".to_owned(),
        }
    }
}

impl Activity {
    /// What is missing before it counts as evidence; empty for one that is only planned. `all` are the activities among
    /// which a retest is looked for.
    #[must_use]
    pub fn missing(&self, all: &[Self]) -> Vec<Missing> {
        let Some(done) = self.done else { return Vec::new() };
        let mut missing = Vec::new();
        let mut ask = |wanted: bool, it: Missing| {
            if wanted {
                missing.push(it);
            }
        };
        ask(self.scope.is_empty(), Missing::Scope);
        ask(self.tester.trim().is_empty(), Missing::Tester);
        ask(self.kind.asks_for_independence() && self.independent != Some(true), Missing::Independence);
        ask(self.outcome.is_none(), Missing::Outcome);
        ask(self.report.is_none(), Missing::Report);
        let open = self.open_points.iter().filter(|it| it.state.is_open()).count();
        let not_passed = matches!(self.outcome, Some(Outcome::Failed | Outcome::Partial));
        let passed_again = all.iter().any(|it| {
            it.retest_of == Some(self.key)
                && it.outcome == Some(Outcome::Passed)
                && it.done.is_some_and(|it| it >= done)
        });
        ask(open > 0, Missing::Points(open));
        ask(not_passed && !passed_again && self.open_points.is_empty(), Missing::OpenPoints);
        ask(not_passed && !passed_again && open == 0 && !self.open_points.is_empty(), Missing::Retest);
        missing
    }

    /// Whether it counts: it was done, and nothing is missing.
    #[must_use]
    pub fn counts(&self, all: &[Self]) -> bool {
        self.done.is_some() && self.missing(all).is_empty()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
pub(crate) mod tests {
    use super::*;
    use crate::risk::action::ActionState;

    pub(crate) fn activity(number: u32, kind: ActivityKind, done: &str, outcome: Outcome) -> Activity {
        let done: Day = done.parse().unwrap();
        Activity {
            key: ActivityKey(number),
            kind,
            scope: [ObjectRef::System("till".into())].into(),
            perimeter: "internal".to_owned(),
            tester: "Test house".to_owned(),
            independent: Some(true),
            planned: done,
            done: Some(done),
            outcome: Some(outcome),
            report: Some("EV-0001".to_owned()),
            open_points: Vec::new(),
            retest_of: None,
            measured: None,
            noted_by: None,
        }
    }

    #[test]
    fn what_failed_counts_after_its_points_are_done_and_a_retest_passed() {
        let mut failed = activity(1, ActivityKind::PenetrationTest, "2026-03-01", Outcome::Failed);
        assert_eq!(failed.missing(&[]), [Missing::OpenPoints]);
        failed.open_points.push(Action::new(1, "Patch the till".to_owned()));
        assert_eq!(failed.missing(&[]), [Missing::Points(1)]);
        failed.open_points[0].state = ActionState::Done;
        assert_eq!(failed.missing(&[]), [Missing::Retest]);
        let mut retest = activity(2, ActivityKind::PenetrationTest, "2026-04-01", Outcome::Passed);
        retest.retest_of = Some(failed.key);
        assert!(failed.counts(&[retest]));
    }

    #[test]
    fn a_test_by_who_runs_it_does_not_count_where_independence_is_asked_for() {
        let mut own = activity(1, ActivityKind::SegmentationTest, "2026-03-01", Outcome::Passed);
        own.independent = None;
        assert_eq!(own.missing(&[]), [Missing::Independence]);
        own.kind = ActivityKind::RestoreTest;
        assert!(own.counts(&[]));
        own.done = None;
        assert!(!own.counts(&[]) && own.missing(&[]).is_empty(), "what is planned misses nothing yet");
    }

    #[test]
    fn who_provides_services_tests_segmentation_twice_a_year() {
        assert_eq!(ActivityKind::SegmentationTest.usual(true), (Cadence::Months(6), Some("11.4.6")));
        for kind in ActivityKind::ALL {
            let requirement = kind.usual(false).1;
            assert!(requirement.is_none_or(|it| it.parse::<crate::findings::requirement::Requirement>().is_ok()));
        }
    }
}
