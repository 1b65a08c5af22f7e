//! Evidence: what shows that things are as they are said to be.

mod overview;

use domain::role::Capability;
use leptos::prelude::*;

use super::request::Place;

pub(super) use overview::overview;

/// The pages about evidence, each with its address below the workspace and its label.
const PAGES: [(&str, &str); 3] = [("evidence", "Overview"), ("evidence/packs", "Packs"), ("reports", "Reports")];

/// The pages about evidence beside each other; `now` is the address of the one that is shown.
pub(super) fn tabs(place: &Place, now: &str) -> AnyView {
    let tab = |(page, label): &(&str, &'static str)| {
        let current = (*page == now).then_some("page");
        view! { <a href=place.paths.page(page) aria-current=current>{*label}</a> }
    };
    // Packs are for whoever may take them away.
    let shown = |(page, _): &&(&str, &str)| *page != "evidence/packs" || place.may(Capability::ExportModel);
    view! { <nav class="tabs" aria-label="Evidence">{PAGES.iter().filter(shown).map(tab).collect::<Vec<_>>()}</nav> }
        .into_any()
}
