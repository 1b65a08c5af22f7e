//! Risk report for those who pay: how bad it is and was, what is accepted until when, and what the actions cost.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::table::{Report, Table, or_unknown};
use crate::id::PersonId;
use crate::model::Model;
use crate::risk::acceptance::Current;
use crate::risk::action::{Action, PersonDays};
use crate::risk::record::Stage;
use crate::risk::view::trend::Trend;
use crate::risk::{Level, Register, Risk, RiskKey};
use crate::time::Day;

/// So many days ahead an end is told of in a sentence.
const SOON_DAYS: i32 = 90;

/// What the report is made from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The model, for the names of people.
    pub model: &'a Model,
    /// What the register is set to.
    pub register: &'a Register,
    /// Every risk.
    pub risks: &'a BTreeMap<RiskKey, Arc<Risk>>,
    /// Every acceptance as it stands.
    pub acceptances: &'a [Current],
    /// The levels over time.
    pub trend: &'a Trend,
    /// The day.
    pub today: Day,
}

/// The risk report.
#[must_use]
pub fn risk_report(sources: &Sources<'_>) -> Report {
    let open: Vec<&Risk> = sources.risks.values().map(|it| &**it).filter(|it| it.stage != Stage::Closed).collect();
    let unrated = open.iter().filter(|it| it.level(sources.register.scheme).is_none()).count();
    let (acceptances, ending) = acceptances(sources);
    let (actions, late) = actions(sources, &open);
    let mut sentences = vec![format!("Open risks: {}. Without a rating: {unrated}.", open.len())];
    sentences.push(format!("Acceptances that end within {SOON_DAYS} days: {ending}. Actions that are late: {late}."));
    sentences
        .push("Costs are what people estimated. An action without an amount counts as nothing in the sums.".to_owned());
    let tables = vec![levels(sources, &open), over_time(sources), acceptances, actions, costs(&open)];
    Report { title: "Risk report".to_owned(), as_of: sources.today, sentences, tables }
}

fn levels(sources: &Sources<'_>, open: &[&Risk]) -> Table {
    let scheme = sources.register.scheme;
    let accepted = |risk: &Risk| {
        let of = |it: &&Current| it.acceptance.content.risk == Some(risk.key);
        sources.acceptances.iter().filter(of).any(|it| it.standing.state.is_in_force())
    };
    let rows = Level::ALL.iter().rev().map(|level| {
        let of: Vec<&&Risk> = open.iter().filter(|it| it.level(scheme) == Some(*level)).collect();
        let covered = of.iter().filter(|it| accepted(it)).count();
        [scheme.level_label(*level).to_owned(), of.len().to_string(), covered.to_string()]
    });
    let columns = [("level", "Level"), ("open", "Open"), ("accepted", "Of these accepted")];
    Table::new("levels", "Open risks by level", columns, rows)
}

/// One row for each day, so that a level is read down its column.
fn over_time(sources: &Sources<'_>) -> Table {
    let scheme = sources.register.scheme;
    let rows = sources.trend.days.iter().map(|(day, counts)| {
        let of = |level| counts.of(level).to_string();
        let all: usize = Level::ALL.iter().map(|it| counts.of(*it)).sum();
        [
            day.to_string(),
            of(Level::VeryHigh),
            of(Level::High),
            of(Level::Moderate),
            of(Level::Low),
            of(Level::VeryLow),
            all.to_string(),
        ]
    });
    let columns = [
        ("day", "Day"),
        ("very_high", scheme.level_label(Level::VeryHigh)),
        ("high", scheme.level_label(Level::High)),
        ("moderate", scheme.level_label(Level::Moderate)),
        ("low", scheme.level_label(Level::Low)),
        ("very_low", scheme.level_label(Level::VeryLow)),
        ("all", "All"),
    ];
    Table::new("over_time", "Open risks over time", columns, rows)
        .with_note("The end of each month, and today. A risk counts from the day on which it was rated.")
}

/// The acceptances that are in force or ended, with how many end soon.
fn acceptances(sources: &Sources<'_>) -> (Table, usize) {
    let scheme = sources.register.scheme;
    let mut all: Vec<&Current> = sources.acceptances.iter().filter(|it| it.acceptance.granted_at.is_some()).collect();
    all.sort_by_key(|it| (it.acceptance.content.expires, it.acceptance.key));
    let soon = sources.today.plus_days(SOON_DAYS);
    let ends_soon = |it: &&&Current| it.standing.state.is_in_force() && it.acceptance.content.expires <= soon;
    let ending = all.iter().filter(ends_soon).count();
    let rows = all.iter().map(|it| {
        let content = &it.acceptance.content;
        let risk = content.risk.and_then(|key| sources.risks.get(&key));
        let level = risk.and_then(|it| it.level(scheme)).map(|it| scheme.level_label(it));
        let approved: Vec<String> = it.acceptance.approvals.iter().map(|it| person(sources.model, &it.by)).collect();
        [
            content.expires.to_string(),
            it.standing.state.label().to_owned(),
            it.acceptance.key.to_string(),
            content.risk.map(|it| it.to_string()).unwrap_or_default(),
            risk.map(|it| it.title.clone()).unwrap_or_default(),
            or_unknown(level),
            approved.join("; "),
        ]
    });
    let columns = [
        ("expires", "Until"),
        ("state", "State"),
        ("acceptance", "Acceptance"),
        ("risk", "Risk"),
        ("title", "What is accepted"),
        ("level", "Level now"),
        ("approved_by", "Approved by"),
    ];
    (Table::new("acceptances", "Acceptances", columns, rows), ending)
}

/// What is still to be done, what is due first; with how many of it are late.
fn actions(sources: &Sources<'_>, open: &[&Risk]) -> (Table, usize) {
    let mut all: Vec<(RiskKey, &Action)> = open
        .iter()
        .flat_map(|risk| risk.actions.iter().map(|it| (risk.key, it)))
        .filter(|(_, it)| it.state.is_open())
        .collect();
    all.sort_by_key(|(key, it)| (it.due.unwrap_or(Day(i32::MAX)), *key, it.number));
    let late = all.iter().filter(|(_, it)| it.is_late(sources.today)).count();
    let rows = all.iter().map(|(key, it)| {
        [
            or_unknown(it.due.map(|it| it.to_string())),
            if it.is_late(sources.today) { "late" } else { "" }.to_owned(),
            key.to_string(),
            it.what.clone(),
            or_unknown(it.who.as_ref().map(|id| person(sources.model, id))),
            it.state.label().to_owned(),
            or_unknown(it.effort.map(|it| it.to_string())),
            or_unknown(it.money.as_ref().map(ToString::to_string)),
        ]
    });
    let columns = [
        ("due", "Due"),
        ("late", "Late"),
        ("risk", "Risk"),
        ("action", "Action"),
        ("who", "Who"),
        ("state", "State"),
        ("person_days", "Person days"),
        ("cost", "Cost"),
    ];
    (Table::new("actions", "Actions that are open", columns, rows), late)
}

/// What the open actions cost, by currency, and how much work they are.
fn costs(open: &[&Risk]) -> Table {
    let all: Vec<&Action> = open.iter().flat_map(|it| &it.actions).filter(|it| it.state.is_open()).collect();
    let mut sums: BTreeMap<&str, (usize, u64)> = BTreeMap::new();
    for money in all.iter().filter_map(|it| it.money.as_ref()) {
        let sum = sums.entry(money.currency()).or_default();
        *sum = (sum.0 + 1, sum.1.saturating_add(money.hundredths));
    }
    let effort: Vec<PersonDays> = all.iter().filter_map(|it| it.effort).collect();
    let tenths = effort.iter().fold(0_u32, |sum, it| sum.saturating_add(it.tenths));
    let work = ["Person days".to_owned(), effort.len().to_string(), PersonDays { tenths }.to_string()];
    let money = sums.into_iter().map(|(currency, (number, hundredths))| {
        [currency.to_owned(), number.to_string(), format!("{}.{:02}", hundredths / 100, hundredths % 100)]
    });
    let columns = [("unit", "In"), ("actions", "Actions with a number"), ("sum", "Sum")];
    Table::new("costs", "What the open actions cost", columns, money.chain(std::iter::once(work)))
}

fn person(model: &Model, id: &PersonId) -> String {
    model.people.get(id).map_or_else(|| id.to_string(), |it| it.name.clone())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::report::table::check;
    use crate::risk::action::ActionState;
    use crate::risk::view::Counts;
    use crate::risk::{Rating, Step};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn risk(number: u32, actions: Vec<Action>) -> Arc<Risk> {
        let mut it = Risk::new(RiskKey(number));
        it.title = format!("Risk {number}");
        let register = Register::default();
        it.residual = Rating::new(register.scheme, Step::new(5).unwrap(), Step::new(5).unwrap());
        it.actions = actions;
        Arc::new(it)
    }

    fn action(number: u32, due: &str, money: Option<&str>, state: ActionState) -> Action {
        let mut it = Action::new(number, format!("Action {number}"));
        (it.due, it.money, it.state) = (Some(day(due)), money.map(|it| it.parse().unwrap()), state);
        it.effort = Some(PersonDays { tenths: 25 });
        it
    }

    #[test]
    fn it_counts_levels_and_sums_what_is_open_by_currency() {
        let actions = vec![
            action(1, "2026-01-01", Some("EUR 100.50"), ActionState::Planned),
            action(2, "2026-12-01", Some("EUR 20"), ActionState::Planned),
            action(3, "2026-01-01", Some("EUR 900"), ActionState::Done),
            action(4, "2026-11-30", Some("USD 1"), ActionState::Planned),
        ];
        let mut closed = (*risk(2, vec![action(1, "2026-01-01", Some("EUR 7"), ActionState::Planned)])).clone();
        closed.stage = Stage::Closed;
        let risks = [(RiskKey(1), risk(1, actions)), (RiskKey(2), Arc::new(closed))].into();
        let mut counts = Counts::default();
        counts.add(Level::High);
        let trend = Trend { days: vec![(day("2026-10-31"), counts.clone()), (day("2026-11-21"), counts)] };
        let report = risk_report(&Sources {
            model: &Model::default(),
            register: &Register::default(),
            risks: &risks,
            acceptances: &[],
            trend: &trend,
            today: day("2026-11-21"),
        });
        check(&report);
        assert_eq!(report.sentences[0], "Open risks: 1. Without a rating: 0.");
        assert!(report.sentences[1].ends_with("Actions that are late: 1."), "{:?}", report.sentences);
        let due: Vec<&str> = report.table("actions").unwrap().column("due").collect();
        assert_eq!(due, ["2026-01-01", "2026-11-30", "2026-12-01"]);
        let sums: Vec<&Vec<String>> = report.table("costs").unwrap().rows.iter().collect();
        assert_eq!(sums[0], &["EUR", "2", "120.50"]);
        assert_eq!(sums[1], &["USD", "1", "1.00"]);
        assert_eq!(sums[2], &["Person days", "3", "7.5"]);
        let counts = ["2026-11-21", "0", "1", "0", "0", "0", "1"];
        assert_eq!(report.table("over_time").unwrap().rows[1], counts);
        assert_eq!(report.table("levels").unwrap().rows[0][1], "1");
    }
}
