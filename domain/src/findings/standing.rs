//! Findings with where they stand, as lists and files show them: which pass a filter, in which order, in which columns.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::finding::{Finding, Findings, Identity};
use super::life::{Decision, Record, Source, State};
use super::registry;
use super::rule::{Rule, Severity};
use crate::export::csv::line;
use crate::filter::Filter;
use crate::inventory::title;
use crate::model::Model;
use crate::model::object::ObjectRef;
use crate::text::text_enum;
use crate::time::Day;

text_enum! {
    /// The lists of findings by what is to be done.
    Desk {
        ToDo = "todo": "To do",
        Decided = "decided": "Decided",
        Fixed = "fixed": "Fixed",
        All = "all": "All",
    }
}

impl Desk {
    /// Whether a finding that stands so is on this list.
    #[must_use]
    pub const fn holds(self, state: State) -> bool {
        match self {
            Self::ToDo => state.is_open(),
            Self::Decided => state.is_decided(),
            Self::Fixed => matches!(state, State::Fixed),
            Self::All => true,
        }
    }
}

/// What a filter of findings can ask for.
pub const FILTER_KEYS: [&str; 10] =
    ["state", "severity", "rule", "on", "kind", "requirement", "owner", "due", "source", "is"];

/// One finding with its record.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// The record, as time and facts have made it.
    pub record: &'a Record,
    /// What the rules find; none of what is fixed or was reported by a person.
    pub finding: Option<&'a Finding>,
}

/// Every record with what the rules find, the most urgent first.
#[must_use]
pub fn standings<'a>(records: &'a BTreeMap<Identity, Record>, findings: &'a Findings) -> Vec<Standing<'a>> {
    let mut found: BTreeMap<Identity, &Finding> = findings.findings.iter().map(|it| (it.identity(), it)).collect();
    let mut all: Vec<Standing<'a>> =
        records.iter().map(|(identity, record)| Standing { record, finding: found.remove(identity) }).collect();
    all.sort_by_key(|it| it.record.severity);
    all
}

impl Standing<'_> {
    /// The rule; none of what a person reported.
    #[must_use]
    pub fn rule(&self) -> Option<&'static Rule> {
        registry::rule(&self.record.identity.rule)
    }

    /// What is wrong, in the words of today where the rules still find it.
    #[must_use]
    pub fn sentence(&self) -> &str {
        self.finding.map_or(&self.record.sentence, |it| &it.sentence)
    }

    /// Whether it passes a filter.
    #[must_use]
    pub fn passes(&self, filter: &Filter, model: &Model, today: Day) -> bool {
        let identity = &self.record.identity;
        let on = name_of(model, &identity.subject);
        let rule = self.rule();
        let text = format!("{} {} {} {on}", self.sentence(), rule.map_or("", |it| it.title), identity.rule);
        filter.lets_through(&text, |key, value| self.holds(key, value, (model, &on, today)))
    }

    fn holds(&self, key: &str, value: &str, (model, on, today): (&Model, &str, Day)) -> bool {
        let Record { identity, state, severity, owner, due, source, .. } = self.record;
        let also = self.finding.map_or(&[][..], |it| &it.also);
        match key {
            "state" => state.as_str() == value,
            "severity" => is_severity(*severity, value),
            "rule" => identity.rule.eq_ignore_ascii_case(value) || also.iter().any(|it| it.eq_ignore_ascii_case(value)),
            "on" => identity.subject.key().to_lowercase() == value || on.to_lowercase() == value,
            "kind" => identity.subject.kind().as_str() == value,
            "requirement" => self.rule().is_some_and(|rule| {
                rule.maps_to.iter().any(|it| it.id() == value || it.to_string().to_lowercase() == value)
            }),
            "owner" => match owner {
                None => value == "none",
                Some(owner) => {
                    let name = model.people.get(owner).map_or("", |it| it.name.as_str());
                    owner.as_str().to_lowercase() == value || name.to_lowercase().contains(value)
                }
            },
            "due" => is_due(*due, value, today),
            "source" => source.as_str() == value,
            "is" => match value {
                "open" => state.is_open(),
                "decided" => state.is_decided(),
                "overdue" => self.record.is_overdue(today),
                "waiting" => self.record.request.is_some(),
                "reported" => *source == Source::Reported,
                _ => false,
            },
            _ => false,
        }
    }
}

/// `high`, or with a comparison: `>=high` is high and critical.
fn is_severity(is: Severity, asked: &str) -> bool {
    let (than, word) = comparison(asked);
    // The most urgent comes first in the order of severities, so that more urgent is less.
    word.parse::<Severity>().is_ok_and(|limit| than.holds(limit.cmp(&is)))
}

/// `none`, `overdue`, a day, or a day with a comparison: `<=2026-12-31`.
fn is_due(due: Option<Day>, asked: &str, today: Day) -> bool {
    match (asked, due) {
        ("none", due) => due.is_none(),
        (_, None) => false,
        ("overdue", Some(due)) => due < today,
        (asked, Some(due)) => {
            let (than, word) = comparison(asked);
            word.parse::<Day>().is_ok_and(|limit| than.holds(due.cmp(&limit)))
        }
    }
}

/// How a value is compared.
#[derive(Clone, Copy)]
enum Than {
    Equal,
    Less { or_equal: bool },
    More { or_equal: bool },
}

impl Than {
    const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Less { or_equal } => order.is_lt() || (or_equal && order.is_eq()),
            Self::More { or_equal } => order.is_gt() || (or_equal && order.is_eq()),
        }
    }
}

fn comparison(asked: &str) -> (Than, &str) {
    for (sign, than) in [
        (">=", Than::More { or_equal: true }),
        ("<=", Than::Less { or_equal: true }),
        (">", Than::More { or_equal: false }),
        ("<", Than::Less { or_equal: false }),
    ] {
        if let Some(word) = asked.strip_prefix(sign) {
            return (than, word);
        }
    }
    (Than::Equal, asked)
}

/// The name of an object; what is not there any more has its key.
#[must_use]
pub fn name_of(model: &Model, object: &ObjectRef) -> String {
    match object {
        ObjectRef::Settings => "the whole workspace".to_owned(),
        ObjectRef::Flow(id) => match model.flows.get(id) {
            Some(flow) => {
                let end = |id: &crate::id::SystemId| name_of(model, &ObjectRef::System(id.clone()));
                format!("{} to {}", end(&flow.from), end(&flow.to))
            }
            None => id.to_string(),
        },
        other => match model.get(other) {
            Some(known) => title(&known, model),
            None => other.key(),
        },
    }
}

const COLUMNS: [&str; 20] = [
    "severity",
    "state",
    "rule",
    "also",
    "subject_kind",
    "subject",
    "subject_name",
    "discriminator",
    "what",
    "requirements",
    "first_seen",
    "last_seen",
    "owner",
    "due",
    "decision",
    "decided_until",
    "reason",
    "waits_for_second_person",
    "source",
    "facts_sha256",
];

/// Findings with where they stand, as a file: the heads, then one line each, formulas made harmless.
#[must_use]
pub fn csv(standings: &[Standing<'_>], model: &Model) -> String {
    let mut text = String::new();
    line(&mut text, COLUMNS.iter().map(|it| (*it).into()));
    for it in standings {
        line(&mut text, cells(it, model).into_iter().map(Into::into));
    }
    text
}

fn cells(it: &Standing<'_>, model: &Model) -> [String; 20] {
    let Record { identity, state, severity, first_seen, last_seen, owner, due, decision, request, .. } = it.record;
    let requirements: Vec<String> =
        it.rule().map(|rule| rule.maps_to.iter().map(ToString::to_string).collect()).unwrap_or_default();
    let day = |day: Option<Day>| day.map(|it| it.to_string()).unwrap_or_default();
    [
        severity.to_string(),
        state.to_string(),
        identity.rule.clone(),
        it.finding.map(|it| it.also.join(", ")).unwrap_or_default(),
        identity.subject.kind().to_string(),
        identity.subject.key(),
        name_of(model, &identity.subject),
        identity.discriminator.clone(),
        it.sentence().to_owned(),
        requirements.join(", "),
        first_seen.to_string(),
        last_seen.to_string(),
        owner.as_ref().map(ToString::to_string).unwrap_or_default(),
        day(*due),
        decision.as_ref().map(|it| it.outcome().to_string()).unwrap_or_default(),
        day(decision.as_ref().map(Decision::until)),
        decision.as_ref().map(|it| it.reason().to_owned()).unwrap_or_default(),
        request.as_ref().map(|it| it.decision.outcome().to_string()).unwrap_or_default(),
        it.record.source.to_string(),
        it.record.facts_hash.clone(),
    ]
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::life::{Concern, Step, overlay};
    use crate::findings::tests::{found, model};
    use crate::role::Tier;
    use crate::time::Timestamp;

    const LEAK: &str = r#""people":[{"id":"lead","name":"Payments lead"}],
        "systems":[{"id":"db","name":"Database","holdings":[{"element":"pan","ops":["store"]}]}]"#;

    /// The leak with an owner and a due day, and a concern about the same system.
    fn estate() -> (Model, Findings, BTreeMap<Identity, Record>) {
        let model = model(LEAK);
        let findings = found(&model);
        let leak = findings.findings.iter().find(|it| it.rule == "F-PAN-READABLE").unwrap().identity();
        let mut records = overlay(BTreeMap::new(), &findings.findings, Timestamp(0));
        let by = crate::findings::life::Acting { account: None, person: None, tier: Tier::Low };
        for step in [Step::Assign(Some("lead".into())), Step::Due(Some(Day(10)))] {
            let event = records[&leak].after(&step, &by, Timestamp(1)).unwrap().unwrap();
            records.insert(leak.clone(), event.record);
        }
        let concern = Concern::parse(leak.subject, "low", "=Who uses this?").unwrap();
        let concern = Record::reported(&concern, 1, Timestamp(2));
        records.insert(concern.identity.clone(), concern);
        (model, findings, records)
    }

    #[test]
    fn a_filter_asks_for_severity_state_owner_and_due_day() {
        let (model, findings, records) = estate();
        let all = standings(&records, &findings);
        let passing = |filter: &str, today: i32| -> Vec<&str> {
            let filter = Filter::parse(filter);
            let passing = all.iter().filter(|it| it.passes(&filter, &model, Day(today)));
            passing.map(|it| it.record.identity.rule.as_str()).collect()
        };
        let leak = ["F-PAN-READABLE"];
        assert_eq!(passing("owner:lead", 0), leak);
        assert_eq!(passing("owner:\"payments lead\"", 0), leak);
        assert_eq!(passing("due:<=1970-01-11", 0), leak);
        assert!(passing("due:<1970-01-11", 0).is_empty());
        assert_eq!(passing("is:overdue", 11), leak);
        assert!(passing("is:overdue", 10).is_empty());
        assert_eq!(passing("is:reported", 0), ["reported"]);
        assert_eq!(passing("source:reported state:open", 0), ["reported"]);
        assert_eq!(passing("rule:f-pan-readable state:new on:database", 0), leak);
        assert_eq!(passing("requirement:3.5.1 -state:fixed owner:lead", 0), leak);
        assert!(passing("severity:>=high", 0).contains(&"F-PAN-READABLE"));
        assert!(!passing("severity:>=high", 0).contains(&"reported"));
        assert!(passing("severity:<medium", 0).contains(&"reported"));
        assert!(!passing("owner:none", 0).contains(&"F-PAN-READABLE"));
        assert_eq!(passing("\"who uses\"", 0), ["reported"]);
    }

    #[test]
    fn the_file_has_where_each_stands_and_no_formula() {
        let (model, findings, records) = estate();
        let text = csv(&standings(&records, &findings), &model);
        let line_of = |rule: &str| text.lines().find(|it| it.contains(&format!("\"{rule}\""))).unwrap().to_owned();
        let leak = line_of("F-PAN-READABLE");
        assert!(leak.starts_with("\"critical\",\"new\",") && leak.contains("\"lead\",\"1970-01-11\""), "{leak}");
        assert!(line_of("reported").contains("\"'=Who uses this?\""), "{}", line_of("reported"));
        assert_eq!(text.lines().count(), records.len() + 1);
    }
}
