//! Targeted risk analyses (PCI DSS 12.3.1): why something is done as often as it is, renewed every year.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::cadence::Cadence;
use super::late::Run;
use super::on_time::{Interval, Standing, WARNING_DAYS, on_time};
use super::plan::{Because, Schedule, numbered_key};
use super::zone::Zone;
use crate::id::PersonId;
use crate::model::object::ObjectRef;
use crate::problem::FieldCode;
use crate::time::{Day, Timestamp};

/// The requirements that let an entity set a frequency by an analysis of its own.
pub const REQUIREMENTS: [&str; 9] =
    ["5.2.3.1", "5.3.2.1", "7.2.5.1", "8.6.3", "9.5.1.2.1", "10.4.2.1", "11.3.1.1", "11.6.1", "12.10.4.1"];

/// The longest text of an analysis, in characters.
pub const TEXT_MAX: usize = 4_000;

numbered_key! {
    /// The key of a targeted risk analysis, written `TRA-3`.
    AnalysisKey, "TRA-", NoAnalysisKey
}

/// A targeted risk analysis, with every field that the requirement names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Analysis {
    /// The key.
    pub key: AnalysisKey,
    /// The requirement whose frequency it sets.
    pub requirement: String,
    /// It belongs to a customised approach (12.3.2).
    pub customised: bool,
    /// What is protected, as objects of the model.
    pub protects: BTreeSet<ObjectRef>,
    /// What is protected, in words.
    pub assets: String,
    /// The threats that the requirement keeps off.
    pub threats: String,
    /// What makes them more or less likely, and worse or less bad.
    pub factors: String,
    /// How often it is done from now on; `None` where it is a process.
    pub frequency: Option<Cadence>,
    /// What is done, where it is a process and no frequency.
    pub process: String,
    /// How that keeps likelihood and impact low.
    pub justification: String,
    /// What leads to a new analysis before the year is over.
    pub change_triggers: String,
    /// Who wrote it.
    pub author: PersonId,
    /// Who approved it, and when: never the author.
    pub approved: Option<(PersonId, Day)>,
    /// The yearly reviews, in any order; the result of each in its reference.
    pub reviews: Vec<Run>,
}

/// Why an analysis sets no frequency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetsNothing {
    /// Nobody approved it, or it was changed since.
    NotApproved,
    /// It describes a process in place of a frequency.
    NoFrequency,
}

impl SetsNothing {
    /// What holds instead, to complete "TRA-3 ..".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotApproved => "is not approved yet; until then the cadence that was typed holds",
            Self::NoFrequency => "sets no frequency, but a process; the cadence that was typed holds",
        }
    }
}

impl Analysis {
    /// Where its yearly renewal stands. Until somebody approved it, it is late from its first day on.
    #[must_use]
    pub fn standing(&self, zone: &Zone, now: Timestamp) -> Standing {
        let first_due = self.approved.as_ref().map_or(Day(0), |(_, day)| Cadence::Months(12).next(*day, *day));
        let interval =
            Interval { cadence: Cadence::Months(12), first_due, warnings: &WARNING_DAYS, runs: &self.reviews };
        on_time(&interval, zone, now)
    }

    /// Whether it may be relied on: approved, and reviewed within the year.
    #[must_use]
    pub fn is_current(&self, zone: &Zone, now: Timestamp) -> bool {
        self.approved.is_some() && self.standing(zone, now).state != super::State::Late
    }

    /// Approves it.
    ///
    /// # Errors
    /// The author does not approve their own analysis.
    pub fn approve(&mut self, by: &PersonId, on: Day) -> Result<(), FieldCode> {
        if *by == self.author {
            return Err(FieldCode::OwnDecision);
        }
        self.approved = Some((by.clone(), on));
        Ok(())
    }

    /// The frequency that it sets for the schedules that rest on it, or why it sets none: those keep the one that they
    /// have.
    ///
    /// # Errors
    /// It sets none yet, or none at all.
    pub const fn sets(&self) -> Result<Cadence, SetsNothing> {
        match (self.frequency, &self.approved) {
            (None, _) => Err(SetsNothing::NoFrequency),
            (Some(_), None) => Err(SetsNothing::NotApproved),
            (Some(cadence), Some(_)) => Ok(cadence),
        }
    }

    /// Sets the frequency of a schedule, where the analysis is approved and sets one. Returns whether anything changed.
    pub fn feed(&self, schedule: &mut Schedule) -> bool {
        let Ok(cadence) = self.sets() else { return false };
        let because = Because::Analysis(self.key);
        let changed = (schedule.cadence, &schedule.because) != (cadence, &because);
        schedule.cadence = cadence;
        schedule.because = because;
        changed
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::requirement::Requirement;
    use crate::model::Model;
    use crate::model::draft::Form;
    use crate::problem::FieldError;
    use crate::schedule::plan::ScheduleKey;

    fn empty() -> Analysis {
        Analysis { key: AnalysisKey(1), ..Analysis::new(PersonId::new("security")) }
    }

    fn analysis_from_form(form: &Form, existing: &Analysis) -> Result<Analysis, Vec<FieldError>> {
        crate::schedule::analysis_draft::analysis_from_form(form, existing, &Model::default())
    }

    fn form(frequency: &str) -> Vec<(String, String)> {
        let pairs = [
            ("requirement", "7.2.5.1"),
            ("assets", "Service accounts"),
            ("threats", "Rights that nobody needs any more"),
            ("factors", "Few changes, strong monitoring"),
            ("frequency", frequency),
            ("justification", "Half a year bounds how long a right may lie about"),
            ("change_triggers", "A new product"),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
    }

    #[test]
    fn every_field_of_the_requirement_is_asked_for() {
        let wrong = analysis_from_form(&[("requirement".to_owned(), "1.2.4".to_owned())], &empty()).unwrap_err();
        let fields: BTreeSet<&str> = wrong.iter().map(|it| it.field.as_str()).collect();
        let expected = ["assets", "change_triggers", "factors", "frequency", "justification", "requirement", "threats"];
        assert_eq!(fields, expected.into());
        assert_eq!(analysis_from_form(&form("6m"), &empty()).unwrap().frequency, Some(Cadence::Months(6)));
        for id in REQUIREMENTS {
            assert!(id.parse::<Requirement>().is_ok(), "{id}");
        }
    }

    #[test]
    fn nobody_approves_their_own_and_a_change_takes_the_approval_back() {
        let mut it = analysis_from_form(&form("6m"), &empty()).unwrap();
        let day: Day = "2026-01-10".parse().unwrap();
        assert_eq!(it.approve(&"security".into(), day), Err(FieldCode::OwnDecision));
        it.approve(&"head".into(), day).unwrap();
        assert!(analysis_from_form(&form("6m"), &it).unwrap().approved.is_some());
        assert!(analysis_from_form(&form("12m"), &it).unwrap().approved.is_none());
    }

    #[test]
    fn it_holds_for_a_year_and_its_frequency_feeds_the_schedule() {
        let mut it = analysis_from_form(&form("6m"), &empty()).unwrap();
        let zone = Zone::utc();
        let at = |text: &str| text.parse::<Day>().unwrap().start();
        assert!(!it.is_current(&zone, at("2026-01-11")), "nobody approved it");
        let mut schedule = Schedule::new(ScheduleKey(1), Day(0));
        let typed = schedule.cadence;
        assert!(!it.feed(&mut schedule) && schedule.cadence == typed);
        assert_eq!(it.sets(), Err(SetsNothing::NotApproved));
        it.approve(&"head".into(), "2026-01-10".parse().unwrap()).unwrap();
        assert_eq!(it.sets(), Ok(Cadence::Months(6)));
        let process = Analysis { frequency: None, ..it.clone() };
        assert_eq!((process.sets(), process.feed(&mut schedule)), (Err(SetsNothing::NoFrequency), false));
        assert!(it.feed(&mut schedule) && !it.feed(&mut schedule));
        assert_eq!((schedule.cadence, schedule.because), (Cadence::Months(6), Because::Analysis(it.key)));
        assert!(it.is_current(&zone, at("2027-01-10")) && !it.is_current(&zone, at("2027-01-11")));
        it.reviews.push(Run {
            due: "2027-01-10".parse().unwrap(),
            done_at: at("2027-01-11"),
            by: "head".into(),
            reference: "Still right".to_owned(),
            late: None,
        });
        assert!(it.is_current(&zone, at("2027-01-11")));
    }
}
