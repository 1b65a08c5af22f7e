//! When can the scope change although nobody changes the model?
//!
//! Two things depend on the day: whether a control that blocks a flow still counts as verified, and whether a decision
//! on a category is still valid. Nothing else the engine reads has a date.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::id::ControlId;
use crate::model::Model;
use crate::model::flow::FlowControl;
use crate::model::relations::Access;
use crate::model::settings::OverrideKey;
use crate::time::{Day, Timestamp};

/// The next day that can change the scope by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NextChange {
    /// The first day on which the scope may differ.
    pub on: Day,
    /// What changes on that day, sorted.
    pub causes: Vec<Cause>,
}

impl NextChange {
    /// The instant at which the day begins in UTC.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.on.start()
    }
}

impl std::fmt::Display for NextChange {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "The scope can change on {} although nobody changes the model: ", self.on)?;
        let shown: Vec<String> = self.causes.iter().take(SHOWN).map(ToString::to_string).collect();
        out.write_str(&shown.join(", "))?;
        match self.causes.len().saturating_sub(SHOWN) {
            0 => out.write_str("."),
            more => write!(out, ", and {more} more."),
        }
    }
}

/// How many causes a sentence names.
const SHOWN: usize = 5;

/// What a day changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The last test of a control that blocks a flow is too old from that day.
    ControlLapses(ControlId),
    /// A test that is dated in the future counts from that day.
    ControlCounts(ControlId),
    /// The day before was the last one of a decision.
    DecisionExpires(OverrideKey),
}

impl std::fmt::Display for Cause {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ControlLapses(id) => write!(out, "the last test of the control {id} is too old from then on"),
            Self::ControlCounts(id) => write!(out, "the test of the control {id} counts from then on"),
            Self::DecisionExpires(key) => write!(out, "the decision on {} has expired by then", key.system),
        }
    }
}

/// The first day after the model's own (`settings.as_of`) on which its scope can differ by date alone; `None` where
/// only a change of the model changes it.
///
/// As of every day from the model's own to the one before, [`Model::as_of`] and [`super::compute`] give the same scope.
/// On that day they may give another one: a flow may be blocked twice, and a decision may be void anyway.
#[must_use]
pub fn next_change(model: &Model) -> Option<NextChange> {
    let today = model.settings.as_of;
    let mut changes: Vec<(Day, Cause)> = Vec::new();
    for id in blocking_controls(model) {
        let Some(control) = model.controls.get(id) else { continue };
        if let Some(days) = control.verified_days(model.settings.service_provider) {
            changes.push((*days.start(), Cause::ControlCounts(id.clone())));
            changes.push((days.end().plus_days(1), Cause::ControlLapses(id.clone())));
        }
    }
    for decision in model.overrides.values().filter(|decision| model.systems.contains_key(&decision.key.system)) {
        if let Some(last) = decision.expires {
            changes.push((last.plus_days(1), Cause::DecisionExpires(decision.key.clone())));
        }
    }
    changes.retain(|(day, _)| *day > today);
    let on = changes.iter().map(|(day, _)| *day).min()?;
    let mut causes: Vec<Cause> = changes.into_iter().filter(|(day, _)| *day == on).map(|(_, cause)| cause).collect();
    causes.sort();
    Some(NextChange { on, causes })
}

/// The control records whose status the engine reads: those of blocked flows.
fn blocking_controls(model: &Model) -> BTreeSet<&ControlId> {
    let blocked = model.flows.values().filter(|flow| flow.access == Access::Blocked);
    blocked
        .filter_map(|flow| match &flow.control {
            Some(FlowControl::Record(id)) => Some(id),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::testing::model;
    use super::*;

    fn on(members: &str, today: &str) -> Option<(String, Vec<Cause>)> {
        next_change(&model(members).as_of(today.parse().unwrap())).map(|it| (it.on.to_string(), it.causes))
    }

    const BLOCKED: &str = r#""systems":[{"id":"cde","holdings":[{"element":"pan"}]},{"id":"bi"}],
        "flows":[{"id":"f","from":"bi","to":"cde","access":"blocked","control":"fw"}],
        "controls":[{"id":"fw","type":"firewall","last_tested":"2026-03-01"},
            {"id":"unused","type":"firewall","last_tested":"2026-01-01"}]"#;

    #[test]
    fn a_block_counts_from_its_test_until_the_day_after_the_last_one_of_twelve_months() {
        let lapses = Some(("2027-03-02".to_owned(), vec![Cause::ControlLapses("fw".into())]));
        assert_eq!(on(BLOCKED, "2026-03-01"), lapses);
        assert_eq!(on(BLOCKED, "2027-03-01"), lapses);
        assert_eq!(on(BLOCKED, "2027-03-02"), None);
        let counts = Some(("2026-03-01".to_owned(), vec![Cause::ControlCounts("fw".into())]));
        assert_eq!(on(BLOCKED, "2026-02-01"), counts);
        let provider = format!(r#""settings":{{"service_provider":true}},{BLOCKED}"#);
        assert_eq!(on(&provider, "2026-03-01").unwrap().0, "2026-09-02");
    }

    #[test]
    fn what_failed_or_changed_since_its_test_counts_on_no_day() {
        let changed = BLOCKED
            .replace(r#""last_tested":"2026-03-01""#, r#""last_tested":"2026-03-01","last_change":"2026-03-02""#);
        assert_eq!(on(&changed, "2026-03-03"), None);
        let failed =
            BLOCKED.replace(r#""last_tested":"2026-03-01""#, r#""last_tested":"2026-03-01","status":"failed""#);
        assert_eq!(on(&failed, "2026-03-03"), None);
    }

    #[test]
    fn a_decision_ends_after_its_last_day_and_the_earliest_end_counts() {
        let decided = format!(
            r#"{BLOCKED},"overrides":[{{"system":"bi","category":"cde","expires":"2026-06-30"}},
                {{"system":"cde","category":"cde","expires":"2026-06-30"}},{{"system":"bi","category":"cde"}}]"#
        );
        let (day, causes) = on(&decided, "2026-03-01").unwrap();
        assert_eq!((day.as_str(), causes.len()), ("2026-07-01", 2));
        let sentence = next_change(&model(&decided).as_of("2026-03-01".parse().unwrap())).unwrap().to_string();
        assert_eq!(
            sentence,
            "The scope can change on 2026-07-01 although nobody changes the model: the decision on bi has expired by \
             then, the decision on cde has expired by then."
        );
        assert_eq!(on(&decided, "2026-07-01").unwrap().0, "2027-03-02");
    }

    #[test]
    fn a_model_without_dates_never_changes_by_itself() {
        assert_eq!(on(r#""systems":[{"id":"a"}]"#, "2026-01-01"), None);
    }
}
