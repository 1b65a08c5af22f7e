//! What the map says by itself: findings, open questions and gaps, and the rules behind them.

pub(super) mod detail;
pub(super) mod list;
pub(super) mod rule;
pub(super) mod rules;

use domain::findings::{Finding, Findings, Severity};
use domain::model::object::ObjectRef;
use leptos::prelude::*;

use super::request::Place;

/// The lists that a finding can be in, with their words in addresses and on tabs.
const LISTS: [(&str, &str, &str); 3] = [
    ("", "Findings", "What facts of the model show to be wrong."),
    ("questions", "Open questions", "What no fact answers: a person who knows is asked for evidence."),
    ("health", "Health of the model", "Gaps of the model itself. No risk by themselves, but they hide some."),
];

/// One of the lists by its word; the findings where there is no such list.
fn list_of<'f>(findings: &'f Findings, word: &str) -> &'f [Finding] {
    match word {
        "questions" => &findings.questions,
        "health" => &findings.health,
        _ => &findings.findings,
    }
}

/// The severity in its colour, and in words.
pub(super) fn severity(severity: Severity) -> AnyView {
    let level = match severity {
        Severity::Critical => "5",
        Severity::High => "4",
        Severity::Medium => "3",
        Severity::Low => "2",
        Severity::Info => "1",
    };
    view! { <span class="level-chip" data-level=level>{severity.label()}</span> }.into_any()
}

/// The name of an object, linked where it has a page.
pub(super) fn named(place: &Place, object: &ObjectRef) -> AnyView {
    let name = name(place, object);
    match place.paths.object(object) {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => name.into_any(),
    }
}

/// The name of an object; what is not there any more has its key.
pub(super) fn name(place: &Place, object: &ObjectRef) -> String {
    match object {
        ObjectRef::Settings => "the whole workspace".to_owned(),
        ObjectRef::Flow(id) => match place.estate.model.flows.get(id) {
            Some(flow) => {
                let end = |id: &domain::id::SystemId| name(place, &ObjectRef::System(id.clone()));
                format!("{} to {}", end(&flow.from), end(&flow.to))
            }
            None => id.to_string(),
        },
        other => match place.estate.model.get(other) {
            Some(known) => domain::inventory::title(&known, &place.estate.model),
            None => other.key(),
        },
    }
}
