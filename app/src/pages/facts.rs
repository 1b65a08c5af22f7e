//! Registered facts of an object, as a list.

use domain::confirmation;
use domain::findings::answers;
use domain::model::draft::options::of_attribute;
use domain::model::fact::{Fact, FactType, Facts, attribute, choice_label, display};
use domain::model::object::ObjectKind;
use domain::review::checkpoint;
use leptos::prelude::*;

use super::request::Place;
use crate::ui::table::count;

/// The facts that somebody stated; nothing where there are none. What has a section of its own on the page is told there.
pub(super) fn card(place: &Place, object: ObjectKind, facts: &Facts) -> Option<AnyView> {
    let elsewhere = |name: &str| [confirmation::ATTRIBUTE, checkpoint::ATTRIBUTE].contains(&name);
    let rows: Vec<_> = facts
        .iter()
        .filter(|(name, _)| !elsewhere(name))
        .map(|(name, fact)| {
            let label = attribute(object, name).map_or_else(|| name.replace('_', " "), |it| it.label.to_owned());
            view! { <div><dt>{label}</dt><dd>{value(place, object, name, fact)}{provenance(fact)}</dd></div> }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="facts">
                <h2 id="facts">"Facts"</h2>
                <dl class="key-value">{rows}</dl>
            </section>
        }
        .into_any()
    })
}

/// A fact's value in words: names instead of keys, units where there are some.
fn value(place: &Place, object: ObjectKind, name: &str, fact: &Fact) -> String {
    let Some(attribute) = attribute(object, name) else { return fact.value.to_string() };
    if name == answers::ATTRIBUTE {
        return count(fact.value.as_array().map_or(0, Vec::len), "answer");
    }
    let text = display(attribute, &fact.value);
    match attribute.kind {
        FactType::Integer(unit) if !unit.is_empty() => format!("{text} {unit}"),
        FactType::Bool | FactType::Choice(_) => choice_label(&text),
        FactType::Choices(_) => text.split("; ").map(choice_label).collect::<Vec<_>>().join(", "),
        FactType::Reference(_) | FactType::References(_) => {
            let named = of_attribute(attribute, &place.estate.model);
            let name = |key: &str| {
                named.iter().find(|(it, _)| it == key).map_or_else(|| key.to_owned(), |(_, name)| name.clone())
            };
            text.split("; ").map(name).collect::<Vec<_>>().join(", ")
        }
        _ => text,
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
    (!parts.is_empty())
        .then(|| view! { <span class="provenance">{format!(" ({})", parts.join(", "))}</span> }.into_any())
}

/// What is declared: label, whether somebody said it, value. What stands as every new object has it was perhaps never
/// looked at: it is told apart, and not as a statement.
pub(super) fn declared(values: Vec<(&'static str, bool, Option<String>)>) -> AnyView {
    let (stated, assumed): (Vec<_>, Vec<_>) = values
        .into_iter()
        .filter_map(|(label, stated, value)| Some((label, stated, value?)))
        .partition(|(_, stated, _)| *stated);
    let rows: Vec<_> =
        stated.into_iter().map(|(label, _, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> }).collect();
    let assumed: Vec<String> =
        assumed.into_iter().map(|(label, _, value)| format!("{label}: {}", value.to_lowercase())).collect();
    let assumed = (!assumed.is_empty())
        .then(|| view! { <p class="meta">{format!("Not stated, so taken as: {}.", assumed.join("; "))}</p> });
    view! {
        <section class="card" aria-labelledby="declared">
            <h2 id="declared">"Declared"</h2>
            <dl class="key-value">{rows}</dl>
            {assumed}
        </section>
    }
    .into_any()
}
