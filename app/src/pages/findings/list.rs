//! Triage: what is wrong, the most urgent first; what is asked, and what the model lacks.

use domain::findings::requirement::Mapping;
use domain::findings::{Finding, Findings, Severity};
use domain::problem::Problem;
use leptos::prelude::*;

use super::super::filter::Filter;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::systems::list::filter_bar;
use super::{LISTS, list_of, name, named, severity};
use crate::ui::header::{self, Header};
use crate::ui::notice::empty_state;
use crate::ui::table::{Column, Listing, cell, count};

/// What a filter of findings can ask for.
const KEYS: [&str; 5] = ["severity", "rule", "kind", "on", "requirement"];

const COLUMNS: [Column; 4] = [
    Column::sorted("severity", "Severity"),
    Column::plain("What"),
    Column::sorted("on", "On"),
    Column::sorted("rule", "Rule"),
];

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let findings = request.backend()?.findings(&place.estate).await?;
    let word = request.query("list").unwrap_or_default();
    let (word, label, lede) = LISTS.into_iter().find(|(known, ..)| *known == word).unwrap_or(LISTS[0]);
    let listing = Listing::of(place.paths.query("findings", &[("list", word)]), |name| request.query(name));
    let rules = header::action(place.paths.page("rules"), "checklist", "Rules and coverage", false);
    let body = view! {
        {Header::new("Findings").lede(lede).actions(rules).view()}
        {tabs(&place, &findings, word)}
        {records(&place, list_of(&findings, word), word, &listing)}
    };
    Ok(Screen::inside(&place, Section::Findings, label, body))
}

/// The three lists, each with how many there are in it.
fn tabs(place: &Place, findings: &Findings, current: &str) -> AnyView {
    let tabs: Vec<_> = LISTS
        .into_iter()
        .map(|(word, label, _)| {
            let href = place.paths.query("findings", &[("list", word)]);
            let current = (word == current).then_some("page");
            let count = list_of(findings, word).len().to_string();
            view! { <a href=href aria-current=current>{label}" "<span class="count">{count}</span></a> }
        })
        .collect();
    view! { <nav class="tabs" aria-label="Findings">{tabs}</nav> }.into_any()
}

fn records(place: &Place, all: &[Finding], word: &'static str, listing: &Listing) -> AnyView {
    if all.is_empty() {
        return nothing(place, word);
    }
    let filter = Filter::parse(&listing.q);
    let mut rows: Vec<&Finding> = all.iter().filter(|it| passes(place, &filter, it)).collect();
    match listing.sort.as_str() {
        "on" => rows.sort_by_cached_key(|it| name(place, &it.subject).to_lowercase()),
        "rule" => rows.sort_by_key(|it| it.rule),
        // They come with the most urgent first.
        _ => {}
    }
    if listing.descending {
        rows.reverse();
    }
    let total = rows.len();
    let table = if total == 0 {
        let all = view! { <a class="button" href=listing.path.clone()>"Show all of them"</a> };
        empty_state("filter", "Nothing matches", "Remove a part of the filter, or check its spelling.", all)
    } else {
        let caption = if total == all.len() { format!("All {total}") } else { format!("{total} of {}", all.len()) };
        let rows = listing.slice(&rows).iter().map(|it| row(place, it)).collect();
        listing.table("findings", caption, &COLUMNS, rows)
    };
    view! {
        {summary(place, all, word)}
        {filter_bar(listing, &filter, &KEYS, "severity:critical requirement:3.5.1 kind:flow")}
        {table}
        {(total > 0).then(|| listing.pagination(total))}
    }
    .into_any()
}

/// How many of each severity; each number opens its part of the list.
fn summary(place: &Place, all: &[Finding], word: &str) -> Option<AnyView> {
    // Questions and gaps are work, not risk: their severities tell little.
    if !word.is_empty() {
        return None;
    }
    let tiles: Vec<_> = Severity::ALL
        .iter()
        .filter_map(|level| {
            let count = all.iter().filter(|it| it.severity == *level).count();
            let href = place.paths.query("findings", &[("q", &format!("severity:{level}"))]);
            (count > 0).then(|| {
                view! {
                    <li>
                        <a class="stat" href=href>
                            <span class="stat-label">{severity(*level)}</span>
                            <span class="stat-value">{count.to_string()}</span>
                        </a>
                    </li>
                }
            })
        })
        .collect();
    Some(view! { <ul class="stats">{tiles}</ul> }.into_any())
}

fn passes(place: &Place, filter: &Filter, finding: &Finding) -> bool {
    let rule = finding.rule();
    let on = name(place, &finding.subject);
    let text = format!("{} {} {} {on}", finding.sentence, rule.title, rule.id);
    filter.lets_through(&text, |key, value| match key {
        "severity" => finding.severity.as_str() == value,
        "rule" => {
            finding.rule.eq_ignore_ascii_case(value) || finding.also.iter().any(|it| it.eq_ignore_ascii_case(value))
        }
        "kind" => finding.subject.kind().as_str() == value,
        "on" => finding.subject.key().to_lowercase() == value || on.to_lowercase() == value,
        "requirement" => rule.maps_to.iter().any(|it| it.id() == value || it.to_string().to_lowercase() == value),
        _ => false,
    })
}

fn row(place: &Place, finding: &Finding) -> AnyView {
    let href = place.paths.finding(&finding.identity());
    view! {
        <tr>
            {cell("Severity", severity(finding.severity))}
            <th scope="row" data-label="What"><a href=href>{finding.sentence.clone()}</a></th>
            {cell("On", named(place, &finding.subject))}
            {cell("Rule", view! { <a class="key" href=place.paths.rule(finding.rule)>{finding.rule}</a> })}
        </tr>
    }
    .into_any()
}

fn nothing(place: &Place, word: &str) -> AnyView {
    let (heading, sentence) = match word {
        "questions" => ("No open questions", "Nothing is left that only a person could answer."),
        "health" => ("Nothing is missing", "The model has no gaps that a rule knows of."),
        _ => (
            "Nothing found",
            "No fact of the model shows anything wrong. The rules and what they looked at are listed.",
        ),
    };
    let rules = place.paths.page("rules");
    empty_state("findings", heading, sentence, header::action(rules, "checklist", "Rules and coverage", false))
}

/// Whether the rule speaks to the requirements on stored and transmitted account data.
fn is_about_account_data(finding: &Finding) -> bool {
    let about = |it: &Mapping| matches!(it, Mapping::Pci(id) if id.starts_with("3.") || id.starts_with("4."));
    finding.rule().maps_to.iter().any(about)
}

/// The most urgent findings, for Home; nothing where none is critical or high.
pub(in super::super) fn most_urgent(place: &Place, findings: &Findings, most: usize) -> Option<AnyView> {
    let urgent = |it: &&Finding| matches!(it.severity, Severity::Critical | Severity::High);
    let mut urgent: Vec<&Finding> = findings.findings.iter().filter(urgent).collect();
    // What is wrong with account data itself comes before what is wrong around it.
    urgent.sort_by_key(|it| (it.severity, !is_about_account_data(it)));
    let first: Vec<_> = urgent
        .iter()
        .take(most)
        .map(|it| {
            let href = place.paths.finding(&it.identity());
            view! { <li>{severity(it.severity)}<a class="grow" href=href>{it.sentence.clone()}</a></li> }
        })
        .collect();
    let left = urgent.len().saturating_sub(first.len());
    (!first.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="urgent">
                <header class="card-header">
                    <h2 id="urgent">"Look at this first"</h2>
                    <a href=place.paths.page("findings")>"All findings"</a>
                </header>
                <ul class="list-rows">{first}</ul>
                {(left > 0).then(|| view! { <p class="meta">{count(left, "further finding")}" as urgent"</p> })}
            </section>
        }
        .into_any()
    })
}
