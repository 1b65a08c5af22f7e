//! The risk register: the table, the matrix, one risk, its form, what is done next, how it went, and its settings.

pub(super) mod accept;
mod acceptance;
mod actions;
pub(super) mod detail;
pub(super) mod edit;
mod from_findings;
pub(super) mod import;
pub(super) mod list;
mod matrix;
mod mine;
mod next;
pub(super) mod settings;
pub(super) mod several;
mod trend;
pub(super) mod waiting;

use domain::id::PersonId;
use domain::risk::record::{Category, Link, Stage, Treatment};
use domain::risk::{Level, Rating, Scheme};
use leptos::prelude::*;

use super::findings::named;
use super::request::Place;

/// A level as a chip, in the words of the scheme.
pub(super) fn level_chip(scheme: Scheme, level: Level) -> AnyView {
    view! { <span class="level-chip" data-level=level_number(level)>{scheme.level_label(level)}</span> }.into_any()
}

/// The number of a level by which it is coloured.
const fn level_number(level: Level) -> &'static str {
    match level {
        Level::VeryHigh => "5",
        Level::High => "4",
        Level::Moderate => "3",
        Level::Low => "2",
        Level::VeryLow => "1",
    }
}

/// A person by name, linked; who is not in the inventory has their key.
pub(super) fn person(place: &Place, id: &PersonId) -> AnyView {
    match place.estate.model.people.get(id) {
        Some(person) => view! { <a href=place.paths.person(id)>{person.name.clone()}</a> }.into_any(),
        None if id.as_str().starts_with("account:") => "A member who is linked to no person".into_any(),
        None => id.to_string().into_any(),
    }
}

/// A rating: its level, and what it is made of.
fn rating_view(scheme: Scheme, rating: Option<Rating>) -> AnyView {
    let Some(rating) = rating else {
        return view! { <span class="muted">"Not rated"</span> }.into_any();
    };
    let steps = format!(
        " likelihood {}, impact {}",
        scheme.step_label(rating.likelihood()).to_lowercase(),
        scheme.step_label(rating.impact()).to_lowercase()
    );
    view! { {level_chip(scheme, rating.level(scheme))}<span class="meta">{steps}</span> }.into_any()
}

/// What a risk is about, linked where it has a page.
pub(super) fn link_view(place: &Place, link: &Link) -> AnyView {
    match link {
        Link::Object(object) => named(place, object),
        Link::Element(element) => view! { <a href=place.paths.element(element)>{element.to_string()}</a> }.into_any(),
        Link::Finding(identity) => {
            view! { <a href=place.paths.finding(identity)>{format!("Finding {}", identity.rule)}</a> }.into_any()
        }
    }
}

pub(super) fn pairs<T: Copy>(values: &[T], of: impl Fn(T) -> (&'static str, &'static str)) -> Vec<(String, String)> {
    let pair = |value: &T| {
        let (word, label) = of(*value);
        (word.to_owned(), label.to_owned())
    };
    values.iter().map(pair).collect()
}

fn categories() -> Vec<(String, String)> {
    pairs(Category::ALL, |it| (it.as_str(), it.label()))
}

fn treatments() -> Vec<(String, String)> {
    pairs(Treatment::ALL, |it| (it.as_str(), it.label()))
}

fn stages() -> Vec<(String, String)> {
    pairs(Stage::ALL, |it| (it.as_str(), it.label()))
}
