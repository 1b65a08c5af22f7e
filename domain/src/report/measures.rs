//! Measures: how much is unknown, unowned, unconfirmed, old or late. Computed from facts; nobody scores themselves.

use std::collections::BTreeMap;

use super::holdings::{purpose, systems};
use super::table::{Report, Table};
use crate::findings::life::Record;
use crate::findings::{Severity, said};
use crate::inventory::work::{fields_unknown, unconfirmed, unowned};
use crate::model::Model;
use crate::model::element::{Form, Holding};
use crate::model::relations::{Boundary, Lifecycle};
use crate::schedule::{Planned, Zone};
use crate::scope::verdict::{Category, Scope};
use crate::snapshot::{Snapshot, SnapshotKey};
use crate::text::text_enum;
use crate::time::{Day, Timestamp};

text_enum! {
    /// What is measured.
    Measure {
        UnknownForms = "unknown_forms": "Elements in a form that nobody knows",
        UnexaminedFlows = "unexamined_flows": "Flows of which nobody said what they carry",
        MissingPurposes = "missing_purposes": "Elements on systems without a purpose",
        UnownedObjects = "unowned_objects": "Systems of ours without an owner",
        UnconfirmedFlows = "unconfirmed_flows": "Flows that an end has not confirmed",
        OpenFindings = "open_findings": "Open findings older than 90 days",
        LateReviews = "late_reviews": "Reviews and tests that were done late",
        OldSecrets = "old_secrets": "Secrets over their age",
        SecretsOfUnknownAge = "secrets_of_unknown_age": "Secrets of which nobody knows the age",
        OutOfScope = "out_of_scope": "Systems of ours out of scope",
    }
}

impl Measure {
    /// Whether less of it is better; the systems out of scope are the one of which more is.
    #[must_use]
    pub const fn less_is_better(self) -> bool {
        !matches!(self, Self::OutOfScope)
    }

    /// What it is counted from.
    #[must_use]
    pub const fn basis(self) -> &'static str {
        match self {
            Self::UnknownForms => "elements on systems and flows in use",
            Self::UnexaminedFlows | Self::UnconfirmedFlows => "flows in use or planned",
            Self::MissingPurposes => "elements on systems",
            Self::UnownedObjects => "systems of ours",
            Self::OpenFindings => "open findings",
            Self::LateReviews => "runs of schedules in the last 365 days",
            Self::OldSecrets | Self::SecretsOfUnknownAge => "credentials in use",
            Self::OutOfScope => "systems of ours that are live",
        }
    }
}

/// How many, of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// How many are so.
    pub of_these: usize,
    /// Of how many.
    pub all: usize,
}

impl Count {
    /// The share in whole per cent, rounded down; `None` of nothing.
    #[must_use]
    pub fn percent(self) -> Option<usize> {
        (self.of_these * 100).checked_div(self.all)
    }
}

/// What is measured, with the ages of open findings in days: how many there are, the median and the oldest, by severity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measured {
    /// Each measure.
    pub counts: BTreeMap<Measure, Count>,
    /// The ages.
    pub ages: BTreeMap<Severity, Ages>,
}

/// How old open findings are, in days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ages {
    /// How many there are.
    pub findings: usize,
    /// Half of them are at most so old; the smaller of the two in the middle.
    pub median: i32,
    /// The oldest.
    pub oldest: i32,
}

/// So old is an open finding when it counts as old, in days.
pub const OLD_DAYS: i32 = 90;
/// So many days back runs of schedules count.
pub const RUN_DAYS: i32 = 365;

/// What is measured from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The model as of the day.
    pub model: &'a Model,
    /// Its scope.
    pub scope: &'a Scope,
    /// The records of findings.
    pub findings: &'a [&'a Record],
    /// The schedules with what was done.
    pub schedules: &'a [&'a Planned],
    /// The zone of the workspace's days.
    pub zone: &'a Zone,
    /// The moment.
    pub now: Timestamp,
}

/// Measures a workspace.
#[must_use]
pub fn measure(sources: &Sources<'_>) -> Measured {
    let mut counts: BTreeMap<Measure, Count> = BTreeMap::new();
    let mut count = |measure: Measure, is_so: bool| {
        let it = counts.entry(measure).or_default();
        it.all += 1;
        it.of_these += usize::from(is_so);
    };
    let model = sources.model;
    let today = sources.zone.day_of(sources.now);
    let is_unknown = |it: &Holding| it.form == Form::Unknown;
    for system in systems(model) {
        for holding in &system.holdings {
            count(Measure::UnknownForms, is_unknown(holding));
            count(Measure::MissingPurposes, purpose(&holding.facts).is_none());
        }
        if system.boundary == Boundary::Own && system.lifecycle != Lifecycle::Retired {
            count(Measure::UnownedObjects, unowned(system));
        }
    }
    for flow in model.flows.values().filter(|it| it.stage != Lifecycle::Retired) {
        count(Measure::UnexaminedFlows, fields_unknown(flow));
        count(Measure::UnconfirmedFlows, unconfirmed(flow));
        flow.fields.iter().for_each(|field| count(Measure::UnknownForms, is_unknown(field)));
    }
    for credential in model.credentials.values().filter(|it| said::yes(&it.facts, "enabled") != Some(false)) {
        let rotated = said::day(&credential.facts, "last_rotated");
        let days = said::number(&credential.facts, "rotate_days").and_then(|it| i32::try_from(it).ok());
        let expired = said::day(&credential.facts, "expires_at").is_some_and(|day| day < today);
        let old = rotated.zip(days).is_some_and(|(on, days)| on.plus_days(days) < today);
        count(Measure::OldSecrets, old || expired);
        count(Measure::SecretsOfUnknownAge, rotated.is_none());
    }
    let own = [Category::Cde, Category::SecurityImpacting, Category::ConnectedTo, Category::OutOfScope];
    for verdict in sources.scope.systems.values().filter(|it| own.contains(&it.category)) {
        count(Measure::OutOfScope, verdict.category == Category::OutOfScope);
    }
    for run in sources.schedules.iter().flat_map(|it| &it.runs) {
        let done = sources.zone.day_of(run.done_at);
        if done > today.plus_days(-RUN_DAYS) && done <= today {
            count(Measure::LateReviews, run.was_late(sources.zone));
        }
    }
    let mut by_severity: BTreeMap<Severity, Vec<i32>> = BTreeMap::new();
    for record in sources.findings.iter().filter(|it| it.state.is_open()) {
        let age = today.0.saturating_sub(sources.zone.day_of(record.first_seen).0).max(0);
        count(Measure::OpenFindings, age > OLD_DAYS);
        by_severity.entry(record.severity).or_default().push(age);
    }
    let ages = by_severity.into_iter().map(|(severity, ages)| (severity, of_ages(ages))).collect();
    Measured { counts, ages }
}

fn of_ages(mut ages: Vec<i32>) -> Ages {
    ages.sort_unstable();
    let middle = ages.len().saturating_sub(1) / 2;
    Ages {
        findings: ages.len(),
        median: ages.get(middle).copied().unwrap_or(0),
        oldest: ages.last().copied().unwrap_or(0),
    }
}

/// The measures as a report, with their trend: what was measured at the ends of earlier quarters, the oldest first.
#[must_use]
pub fn measures(now: &Measured, as_of: Day, earlier: &[(Day, Measured)]) -> Report {
    let row = |measure: &Measure| {
        let count = now.counts.get(measure).copied().unwrap_or_default();
        let share = count.percent().map_or_else(|| "nothing to count".to_owned(), |it| format!("{it} %"));
        [
            measure.label().to_owned(),
            count.of_these.to_string(),
            count.all.to_string(),
            share,
            measure.basis().to_owned(),
            if measure.less_is_better() { "less" } else { "more" }.to_owned(),
        ]
    };
    let columns = [
        ("measure", "Measure"),
        ("count", "How many"),
        ("of", "Of"),
        ("share", "Share"),
        ("counted_from", "Counted from"),
        ("better", "Better is"),
    ];
    let ages = now.ages.iter().map(|(severity, it)| {
        [severity.label().to_owned(), it.findings.to_string(), it.median.to_string(), it.oldest.to_string()]
    });
    let heads = [
        ("severity", "Severity"),
        ("open", "Open"),
        ("median_days", "Half are at most, days"),
        ("oldest_days", "Oldest, days"),
    ];
    let trend = earlier.iter().map(|(day, it)| (*day, it)).chain(std::iter::once((as_of, now)));
    let trend = trend.flat_map(|(day, measured)| {
        Measure::ALL.iter().map(move |measure| {
            let count = measured.counts.get(measure).copied().unwrap_or_default();
            [
                day.to_string(),
                quarter(day),
                measure.label().to_owned(),
                count.of_these.to_string(),
                count.all.to_string(),
            ]
        })
    });
    let over_time =
        [("day", "Day"), ("quarter", "Quarter"), ("measure", "Measure"), ("count", "How many"), ("of", "Of")];
    let worse = Measure::ALL.iter().filter(|it| is_worse(**it, now, earlier)).count();
    let mut sentences =
        vec!["Every number is counted from facts of the model and of the records kept here.".to_owned()];
    if !earlier.is_empty() {
        sentences.push(format!("Measures that are worse than at the end of the last quarter: {worse}."));
    }
    let tables = vec![
        Table::new("measures", "Measures", columns, Measure::ALL.iter().map(row)),
        Table::new("ages", "How old open findings are", heads, ages),
        Table::new("trend", "By quarter", over_time, trend.collect::<Vec<_>>()),
    ];
    Report { title: "Measures".to_owned(), as_of, sentences, tables }
}

fn is_worse(measure: Measure, now: &Measured, earlier: &[(Day, Measured)]) -> bool {
    let of = |measured: &Measured| measured.counts.get(&measure).copied().unwrap_or_default();
    let Some((_, before)) = earlier.last() else { return false };
    let (before, now) = (of(before), of(now));
    // Shares are compared without rounding: one over the other, crosswise.
    let (was, is) = (before.of_these * now.all, now.of_these * before.all);
    if measure.less_is_better() { is > was } else { is < was }
}

/// The quarter in which a day lies.
#[must_use]
pub fn quarter(day: Day) -> String {
    let (year, month, _) = day.ymd();
    format!("{year}-Q{}", (month - 1) / 3 + 1)
}

/// The last days of the quarters before a day, so many of them, the oldest first.
#[must_use]
pub fn quarter_ends(today: Day, number: u32) -> Vec<Day> {
    let (year, month, _) = today.ymd();
    let this = year * 4 + (month - 1) / 3;
    let number = i32::try_from(number).unwrap_or(0);
    let first = |quarter: i32| {
        let month = u32::try_from(quarter.rem_euclid(4) * 3 + 1).ok()?;
        Day::from_ymd(quarter.div_euclid(4), month, 1)
    };
    (this - number + 1..=this).filter_map(first).map(|it| it.plus_days(-1)).collect()
}

/// So many quarters back the trend goes.
pub const QUARTERS: u32 = 8;

/// The snapshots that stand for the quarters before a day, the oldest first: of each quarter the last one that was signed, or
/// else the last one that was taken.
#[must_use]
pub fn of_quarters(snapshots: &[Snapshot], today: Day) -> Vec<(Day, SnapshotKey)> {
    let of = |end: Day| {
        let inside = snapshots.iter().filter(|it| quarter(it.day()) == quarter(end));
        let best = inside.max_by_key(|it| (it.signed.is_some(), it.taken_at, it.key));
        best.map(|it| (it.day(), it.key))
    };
    quarter_ends(today, QUARTERS).into_iter().filter_map(of).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::tests::{found, model};
    use crate::report::table::check;
    use crate::schedule::late::Run;
    use crate::schedule::{Schedule, ScheduleKey};
    use crate::scope::compute;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn measured() -> Measured {
        let model = model(
            r#""systems":[{"id":"a","owner":"lead","holdings":[{"element":"pan","form":"unknown"},
                    {"element":"email","purpose":"Answers"}]},{"id":"b"},{"id":"gone","lifecycle":"retired","disposed":true}],
                "people":[{"id":"lead"}],
                "flows":[{"id":"f","from":"a","to":"b"},{"id":"g","from":"b","to":"a","data":[{"element":"email"}]}],
                "credentials":[{"id":"k","last_rotated":"2025-01-01","rotate_days":90},{"id":"l"},
                    {"id":"off","enabled":false}]"#,
        );
        let findings = found(&model);
        let (zone, now) = (Zone::utc(), day("2026-01-01").start());
        let record = |age: i32| Record::of(&findings.findings[0], now.day().plus_days(-age).start());
        let records = [record(10), record(100), record(200)];
        let run = |due: &str, done: &str| Run {
            due: day(due),
            done_at: day(done).start(),
            by: "lead".into(),
            reference: String::new(),
            late: None,
        };
        let runs =
            vec![run("2024-01-01", "2024-06-01"), run("2025-06-01", "2025-06-02"), run("2025-12-01", "2025-12-01")];
        let planned = Planned { schedule: Schedule::new(ScheduleKey(1), day("2026-06-01")), runs, calls: Vec::new() };
        measure(&Sources {
            model: &model,
            scope: &compute(&model),
            findings: &records.iter().collect::<Vec<_>>(),
            schedules: &[&planned],
            zone: &zone,
            now,
        })
    }

    #[test]
    fn every_measure_is_counted_from_facts() {
        let it = measured();
        let count = |measure| {
            let it: Count = it.counts[&measure];
            (it.of_these, it.all)
        };
        assert_eq!(count(Measure::UnknownForms), (1, 3));
        assert_eq!(count(Measure::UnexaminedFlows), (1, 2));
        assert_eq!(count(Measure::MissingPurposes), (1, 2));
        assert_eq!(count(Measure::UnownedObjects), (1, 2));
        assert_eq!(count(Measure::UnconfirmedFlows), (2, 2));
        assert_eq!(count(Measure::OpenFindings), (2, 3));
        assert_eq!(count(Measure::LateReviews), (1, 2));
        assert_eq!(count(Measure::OldSecrets), (1, 2));
        assert_eq!(count(Measure::SecretsOfUnknownAge), (1, 2));
        let ages: Vec<Ages> = it.ages.values().copied().collect();
        assert_eq!(ages, [Ages { findings: 3, median: 100, oldest: 200 }]);
    }

    #[test]
    fn a_report_has_the_trend_and_says_what_got_worse() {
        let now = measured();
        let mut before = now.clone();
        before.counts.insert(Measure::OldSecrets, Count { of_these: 0, all: 2 });
        before.counts.insert(Measure::UnownedObjects, Count { of_these: 2, all: 2 });
        let report = measures(&now, day("2026-01-01"), &[(day("2025-12-31"), before)]);
        check(&report);
        assert_eq!(report.sentences[1], "Measures that are worse than at the end of the last quarter: 1.");
        assert_eq!(report.table("trend").unwrap().rows.len(), 2 * Measure::ALL.len());
        assert_eq!(report.table("measures").unwrap().rows[0][3], "33 %");
        let empty = measures(&Measured::default(), day("2026-01-01"), &[]);
        check(&empty);
        assert_eq!(empty.table("measures").unwrap().rows[0][3], "nothing to count");
    }

    #[test]
    fn a_quarter_is_what_was_signed_last_in_it_or_else_taken_last() {
        let taken = |number: u32, on: &str, signed: bool| Snapshot {
            key: SnapshotKey::of_number(number).unwrap(),
            name: String::new(),
            taken_at: day(on).start(),
            taken_by: None,
            revision: crate::command::Revision(i64::from(number)),
            hash: String::new(),
            summary: crate::snapshot::Summary::default(),
            signed: signed.then_some(crate::snapshot::SignedIn {
                seal: crate::review::SealKey(number),
                review: crate::review::ReviewKey(number),
            }),
        };
        let all = [
            taken(6, "2026-10-02", true),
            taken(5, "2026-09-30", false),
            taken(4, "2026-09-01", true),
            taken(3, "2026-06-30", false),
            taken(2, "2026-04-01", false),
            taken(1, "2024-01-01", true),
        ];
        let of: Vec<u32> = of_quarters(&all, day("2026-11-21")).iter().map(|(_, key)| key.number()).collect();
        assert_eq!(of, [3, 4], "this quarter is not over, and what is older than eight is left out");
        assert!(of_quarters(&[], day("2026-11-21")).is_empty());
    }

    #[test]
    fn quarters_end_on_their_last_days() {
        let ends: Vec<String> = quarter_ends(day("2026-02-10"), 3).iter().map(ToString::to_string).collect();
        assert_eq!(ends, ["2025-06-30", "2025-09-30", "2025-12-31"]);
        assert_eq!(quarter(day("2025-12-31")), "2025-Q4");
    }
}
