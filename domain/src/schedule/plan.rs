//! A schedule: what is looked at how often, who answers for it, and why so often.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::assurance::ActivityKind;
use super::cadence::Cadence;
use super::late::Run;
use super::on_time::{Interval, Standing, on_time};
use super::zone::Zone;
use crate::id::PersonId;
use crate::model::object::ObjectRef;
use crate::text::text_enum;
use crate::time::{Day, Timestamp};

/// The key of a schedule, of an activity or of a risk analysis: a letter or word and its number.
macro_rules! numbered_key {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $error:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        #[doc = concat!("A text that is no key such as ", $prefix, "3.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
        #[error("not a key of this kind")]
        pub struct $error;

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, concat!($prefix, "{}"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                let digits = text.strip_prefix($prefix).ok_or($error)?;
                let number: u32 = digits.parse().map_err(|_| $error)?;
                if number == 0 || number.to_string() != digits { Err($error) } else { Ok(Self(number)) }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use numbered_key;

numbered_key! {
    /// The key of a schedule, written `SCH-3`.
    ScheduleKey, "SCH-", NoScheduleKey
}

text_enum! {
    /// What a schedule is about where it is about no single object.
    Topic {
        Systems = "systems": "Systems",
        Flows = "flows": "Flows",
        Vendors = "vendors": "Vendors",
        Credentials = "credentials": "Credentials",
        Risks = "risks": "Risks",
        Acceptances = "acceptances": "Acceptances",
        Access = "access": "Access of people",
        Scope = "scope": "PCI DSS scope",
        Policies = "policies": "Policies",
        FraudThresholds = "fraud_thresholds": "Fraud thresholds",
        RiskAnalyses = "risk_analyses": "Targeted risk analyses",
    }
}

impl Topic {
    /// How often it is looked at where nobody says otherwise, and the requirement that says so.
    #[must_use]
    pub const fn usual(self, service_provider: bool) -> (Cadence, Option<&'static str>) {
        match self {
            Self::Systems | Self::Flows | Self::Risks | Self::Acceptances | Self::FraudThresholds => {
                (Cadence::Months(3), None)
            }
            Self::Credentials => (Cadence::Months(6), None),
            Self::Access => (Cadence::Months(6), Some("7.2.4")),
            Self::Scope if service_provider => (Cadence::Months(6), Some("12.5.2.1")),
            Self::Scope => (Cadence::Months(12), Some("12.5.2")),
            Self::Vendors => (Cadence::Months(12), Some("12.8.4")),
            Self::Policies => (Cadence::Months(12), Some("12.1.2")),
            Self::RiskAnalyses => (Cadence::Months(12), Some("12.3.1")),
        }
    }
}

/// What a schedule is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Everything of a kind.
    Topic(Topic),
    /// One object.
    Object(ObjectRef),
    /// A test or an exercise.
    Activity(ActivityKind),
}

impl Subject {
    /// In words.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Topic(topic) => topic.label().to_owned(),
            Self::Object(object) => format!("{} {}", object.kind().label(), object.key()),
            Self::Activity(kind) => kind.label().to_owned(),
        }
    }

    /// How often it is done where nobody says otherwise.
    #[must_use]
    pub const fn usual(&self, service_provider: bool) -> Cadence {
        match self {
            Self::Topic(topic) => topic.usual(service_provider).0,
            Self::Activity(kind) => kind.usual(service_provider).0,
            Self::Object(_) => Cadence::Months(3),
        }
    }
}

impl Subject {
    /// The requirement of PCI DSS that says how often, where one does.
    #[must_use]
    pub const fn requirement(&self, service_provider: bool) -> Option<&'static str> {
        match self {
            Self::Topic(topic) => topic.usual(service_provider).1,
            Self::Activity(kind) => kind.usual(service_provider).1,
            Self::Object(_) => None,
        }
    }
}

/// Why something is done so often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// A person decided so.
    Decided,
    /// A requirement of PCI DSS says so.
    Requirement(String),
    /// A targeted risk analysis set it.
    Analysis(super::analysis::AnalysisKey),
}

/// What is looked at how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The key.
    pub key: ScheduleKey,
    /// What people call it.
    pub name: String,
    /// What it is about.
    pub subject: Subject,
    /// How often.
    pub cadence: Cadence,
    /// Why so often.
    pub because: Because,
    /// The first day on which it is due.
    pub first_due: Day,
    /// Who sees to it.
    pub owner: Option<PersonId>,
    /// Who looks.
    pub reviewers: BTreeSet<PersonId>,
    /// The days before, on which it is announced; the largest first.
    pub warnings: Vec<u16>,
    /// What happens beside the calendar opens it, too.
    pub triggers: BTreeSet<super::trigger::TriggerKind>,
    /// It is no longer done; kept for what was done.
    pub ended: bool,
}

impl Schedule {
    /// What [`on_time`] judges, with the times that it was done.
    #[must_use]
    pub fn interval<'a>(&'a self, runs: &'a [Run]) -> Interval<'a> {
        Interval { cadence: self.cadence, first_due: self.first_due, warnings: &self.warnings, runs }
    }

    /// Where it stands at an instant; `None` where it has ended.
    #[must_use]
    pub fn standing(&self, runs: &[Run], zone: &Zone, now: Timestamp) -> Option<Standing> {
        (!self.ended).then(|| on_time(&self.interval(runs), zone, now))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_service_provider_confirms_its_scope_twice_a_year() {
        assert_eq!(Subject::Topic(Topic::Scope).usual(false), Cadence::Months(12));
        assert_eq!(Subject::Topic(Topic::Scope).usual(true), Cadence::Months(6));
    }

    #[test]
    fn a_key_is_written_in_one_way_only() {
        assert_eq!("SCH-3".parse::<ScheduleKey>().unwrap().to_string(), "SCH-3");
        for text in ["SCH-0", "SCH-03", "sch-3", "3", "SCH-"] {
            assert_eq!(text.parse::<ScheduleKey>(), Err(NoScheduleKey), "{text}");
        }
    }
}
