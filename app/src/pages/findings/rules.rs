//! Coverage: which rules there are, and what each found when it ran on the model as it is now.

use domain::findings::registry::RULES;
use domain::findings::{Findings, Rule};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::filter::Filter;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::systems::list::filter_bar;
use super::severity;
use crate::ui::header::{self, Header};
use crate::ui::notice::empty_state;
use crate::ui::table::{Column, Listing, cell, number};

const KEYS: [&str; 4] = ["kind", "severity", "requirement", "is"];

const COLUMNS: [Column; 7] = [
    Column::plain("Rule"),
    Column::plain("What it finds"),
    Column::plain("How"),
    Column::plain("Severity"),
    Column::number("looked", "Looked at"),
    Column::number("found", "Found"),
    Column::number("asked", "Asked"),
];

/// A rule, how many subjects it looked at, what it found on them, and what it asks about them.
struct Row {
    rule: &'static Rule,
    looked: usize,
    found: usize,
    asked: usize,
}

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let findings = request.backend()?.findings(&place.estate).await?;
    let listing = Listing::of(place.paths.page("rules"), |name| request.query(name));
    let filter = Filter::parse(&listing.q);
    let model = &place.estate.model;
    let mut rules: Vec<Row> = RULES
        .iter()
        .copied()
        .map(|rule| Row {
            rule,
            looked: rule.looks_at(model),
            found: found(&findings, rule),
            asked: asked(&findings, rule),
        })
        .filter(|row| passes(&filter, row))
        .collect();
    match listing.sort.as_str() {
        "looked" => rules.sort_by_key(|row| row.looked),
        "found" => rules.sort_by_key(|row| row.found),
        "asked" => rules.sort_by_key(|row| row.asked),
        _ => {}
    }
    if listing.descending {
        rules.reverse();
    }
    let total = rules.len();
    let table = if total == 0 {
        let all = view! { <a class="button" href=listing.path.clone()>"Show all rules"</a> };
        empty_state("filter", "No rule matches", "Remove a part of the filter, or check its spelling.", all)
    } else {
        let silent = rules.iter().filter(|row| row.looked > 0 && row.found + row.asked == 0).count();
        let caption = format!("{total} of {} rules; {silent} ran and found nothing", RULES.len());
        let rows = listing.slice(&rules).iter().map(|it| row(&place, it)).collect();
        listing.table("rules", caption, &COLUMNS, rows)
    };
    let lede = "Every rule runs on every object it is about, after every change. A rule that found nothing has looked; \
                one that looked at nothing has no such object here.";
    let settings = place
        .may(Capability::ManageWorkspace)
        .then(|| header::action(place.paths.page("settings/rules"), "settings", "Set severities and periods", false));
    let body = view! {
        {Header::new("Rules and coverage").below(place.paths.page("findings"), "Findings").lede(lede).actions(settings).view()}
        {filter_bar(&listing, &filter, &KEYS, "kind:decides requirement:8.4.2 is:silent")}
        {table}
        {(total > 0).then(|| listing.pagination(total))}
    };
    Ok(Screen::inside(&place, Section::Findings, "Rules and coverage", body))
}

/// How many findings and gaps name the rule, as the first or a further one.
pub(super) fn found(findings: &Findings, rule: &Rule) -> usize {
    let names = |it: &&domain::findings::Finding| it.rule == rule.id || it.also.contains(&rule.id);
    findings.all().filter(names).count() - asked(findings, rule)
}

fn asked(findings: &Findings, rule: &Rule) -> usize {
    findings.questions.iter().filter(|it| it.rule == rule.id).count()
}

fn passes(filter: &Filter, Row { rule, looked, found, asked }: &Row) -> bool {
    let text = format!("{} {} {}", rule.id, rule.title, rule.condition);
    filter.lets_through(&text, |key, value| match key {
        "kind" => rule.kind.as_str() == value,
        "severity" => rule.severity.as_str() == value,
        "requirement" => rule.maps_to.iter().any(|it| it.id() == value || it.to_string().to_lowercase() == value),
        "is" => match value {
            "silent" => *looked > 0 && found + asked == 0,
            "idle" => *looked == 0,
            "firing" => *found > 0,
            "asking" => *asked > 0,
            _ => false,
        },
        _ => false,
    })
}

fn row(place: &Place, Row { rule, looked, found, asked }: &Row) -> AnyView {
    view! {
        <tr>
            <th scope="row" data-label="Rule"><a class="key" href=place.paths.rule(rule.id)>{rule.id}</a></th>
            {cell("What it finds", rule.title)}
            {cell("How", rule.kind.label())}
            {cell("Severity", severity(rule.severity))}
            {number("Looked at", *looked)}
            {number("Found", *found)}
            {number("Asked", *asked)}
        </tr>
    }
    .into_any()
}
