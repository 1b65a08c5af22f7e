//! What the map says by itself, and what people say about it: findings, open questions and gaps, and the rules behind
//! them.

mod acting;
mod answering;
pub(super) mod concern;
pub(super) mod detail;
pub(super) mod list;
mod questions;
pub(super) mod rule;
pub(super) mod rules;
pub(super) mod settings;
mod story;
pub(super) mod triage;

use domain::findings::Severity;
use domain::findings::life::{Record, State};
use domain::findings::standing::name_of;
use domain::model::object::ObjectRef;
use leptos::prelude::*;

use super::request::Place;

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
    name_of(&place.estate.model, object)
}

/// Where a finding stands, as a chip; with what waits for a second person.
pub(super) fn badge(record: &Record) -> AnyView {
    let tone = match record.state {
        State::New => Some("info"),
        State::Open => Some("warn"),
        State::Fixed => Some("ok"),
        State::Accepted | State::Compensated | State::NotApplicable => None,
    };
    let label = record.state.label();
    let words = record.decision.as_ref().map_or_else(|| label.to_owned(), |it| format!("{label} until {}", it.until()));
    let waits =
        record.request.is_some().then(|| view! { " "<span class="badge" data-tone="info">"waits for approval"</span> });
    view! { <span class="badge" data-tone=tone>{words}</span>{waits} }.into_any()
}

/// Who answers for a finding.
pub(super) fn owner(place: &Place, record: &Record) -> AnyView {
    let Some(owner) = &record.owner else {
        return view! { <span class="muted">"nobody yet"</span> }.into_any();
    };
    match place.estate.model.people.get(owner) {
        Some(person) => view! { <a href=place.paths.person(owner)>{person.name.clone()}</a> }.into_any(),
        None => view! { <span class="key">{owner.to_string()}</span> }.into_any(),
    }
}

/// The people who can answer for a finding, by name.
fn people(place: &Place) -> Vec<(String, String)> {
    let mut people: Vec<(String, String)> =
        place.estate.model.people.values().map(|it| (it.id.to_string(), it.name.clone())).collect();
    people.sort_by(|one, other| one.1.cmp(&other.1));
    people
}
