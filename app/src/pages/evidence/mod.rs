//! Evidence: what shows that things are as they are said to be.

mod overview;
pub(super) mod request;
pub(super) mod requests;
pub(super) mod samples;

use leptos::prelude::*;

use super::request::Place;

pub(super) use overview::overview;

/// The pages about evidence, each with its address below the workspace and its label.
const PAGES: [(&str, &str); 4] = [
    ("evidence", "Overview"),
    ("evidence/requests", "Requests"),
    ("evidence/samples", "Samples"),
    ("reports", "Reports"),
];

/// The pages about evidence beside each other; `now` is the address of the one that is shown.
pub(super) fn tabs(place: &Place, now: &str) -> AnyView {
    let tab = |(page, label): &(&str, &'static str)| {
        let current = (*page == now).then_some("page");
        view! { <a href=place.paths.page(page) aria-current=current>{*label}</a> }
    };
    view! { <nav class="tabs" aria-label="Evidence">{PAGES.iter().map(tab).collect::<Vec<_>>()}</nav> }.into_any()
}
