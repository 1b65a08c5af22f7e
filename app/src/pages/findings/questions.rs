//! What a person is asked, and what the model lacks: lists of what has no state of its own.

use domain::filter::Filter;
use domain::findings::Finding;
use leptos::prelude::*;

use super::super::request::Place;
use super::super::systems::list::filter_bar;
use super::{name, named, severity};
use crate::ui::header;
use crate::ui::notice::empty_state;
use crate::ui::table::{Column, Listing, cell};

const KEYS: [&str; 5] = ["severity", "rule", "kind", "on", "requirement"];

const COLUMNS: [Column; 4] = [
    Column::sorted("severity", "Severity"),
    Column::plain("What"),
    Column::sorted("on", "On"),
    Column::sorted("rule", "Rule"),
];

/// One of the two lists.
pub(super) fn list(place: &Place, all: &[Finding], listing: &Listing, word: &'static str) -> AnyView {
    if all.is_empty() {
        return nothing(place, word);
    }
    let filter = Filter::parse(&listing.q);
    let mut rows: Vec<&Finding> = all.iter().filter(|it| passes(place, &filter, it)).collect();
    match listing.sort.as_str() {
        "on" => rows.sort_by_cached_key(|it| name(place, &it.subject).to_lowercase()),
        "rule" => rows.sort_by_key(|it| it.rule),
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
        listing.table(word, caption, &COLUMNS, rows)
    };
    view! {
        {filter_bar(listing, &filter, &KEYS, "kind:vendor requirement:12.8.4")}
        {table}
        {(total > 0).then(|| listing.pagination(total))}
    }
    .into_any()
}

fn passes(place: &Place, filter: &Filter, finding: &Finding) -> bool {
    let rule = finding.rule();
    let on = name(place, &finding.subject);
    let text = format!("{} {} {} {on}", finding.sentence, rule.title, rule.id);
    filter.lets_through(&text, |key, value| match key {
        "severity" => finding.severity.as_str() == value,
        "rule" => finding.rule.eq_ignore_ascii_case(value),
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
        _ => ("Nothing is missing", "The model has no gaps that a rule knows of."),
    };
    let rules = place.paths.page("rules");
    empty_state("findings", heading, sentence, header::action(rules, "checklist", "Rules and coverage", false))
}
