//! Registered facts of an object, as a list.

use domain::model::fact::{Fact, FactType, Facts, attribute};
use domain::model::object::ObjectKind;
use leptos::prelude::*;

use super::request::Place;

/// The facts that somebody stated; nothing where there are none.
pub(super) fn card(place: &Place, object: ObjectKind, facts: &Facts) -> Option<AnyView> {
    let rows: Vec<_> = facts
        .iter()
        .map(|(name, fact)| {
            let label = attribute(object, name).map_or_else(|| name.replace('_', " "), |it| it.label.to_owned());
            view! { <div><dt>{label}</dt><dd>{value(place, object, name, fact)}{provenance(fact)}</dd></div> }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! { <section class="card" aria-labelledby="facts"><h2 id="facts">"Facts"</h2><dl class="key-value">{rows}</dl></section> }
            .into_any()
    })
}

/// A fact's value in words: names instead of keys, units where there are some.
fn value(place: &Place, object: ObjectKind, name: &str, fact: &Fact) -> String {
    let kind = attribute(object, name).map(|it| it.kind);
    let text = plain(&fact.value);
    match kind {
        Some(FactType::Integer(unit)) if !unit.is_empty() => format!("{text} {unit}"),
        Some(FactType::Reference(ObjectKind::Person)) => {
            place.estate.model.people.get(text.as_str()).map_or(text, |person| person.name.clone())
        }
        Some(FactType::Choice(_)) => text.replace('_', " "),
        _ => text,
    }
}

/// A JSON value as people write it.
fn plain(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Bool(true) => "Yes".to_owned(),
        Value::Bool(false) => "No".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(parts) => {
            parts.iter().map(|(name, part)| format!("{}: {}", name.replace('_', " "), plain(part))).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

fn provenance(fact: &Fact) -> Option<AnyView> {
    let parts: Vec<String> = [
        fact.source.as_ref().map(|source| format!("from {source}")),
        fact.as_of.map(|day| format!("as of {day}")),
        fact.valid_until.map(|day| format!("valid until {day}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| view! { <span class="provenance">{format!(" ({})", parts.join(", "))}</span> }.into_any())
}
