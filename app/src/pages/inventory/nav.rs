//! The way through the inventory: systems, flows, and the kinds of records in their groups, with how many there are.

use domain::inventory::{Group, KINDS, Kind};
use leptos::prelude::*;

use super::super::request::Place;

/// The lists of the inventory, and below them those of the group that is open. `current` is the word of the list, empty
/// for all kinds.
pub(in super::super) fn view(place: &Place, current: &'static str) -> AnyView {
    let model = &place.estate.model;
    let open = Kind::named(current).map(|kind| kind.group);
    let groups: Vec<_> = Group::ALL
        .into_iter()
        .filter_map(|group| {
            let kinds = KINDS.iter().filter(|kind| kind.group == group);
            let count: usize = kinds.clone().map(|kind| kind.count(model)).sum();
            let first = kinds.clone().next()?;
            let current = (open == Some(group)).then_some("page");
            Some(tab(place.paths.kind(first.word), group.label(), Some(count), current))
        })
        .collect();
    let page = |word: &str| (current == word).then_some("page");
    let below = open.map(|group| below(place, group, current));
    view! {
        <nav class="tabs" aria-label="Inventory">
            {tab(place.paths.page("inventory"), "All kinds", None, page(""))}
            {tab(place.paths.page("systems"), "Systems", Some(model.systems.len()), page("systems"))}
            {tab(place.paths.page("flows"), "Flows", Some(model.flows.len()), page("flows"))}
            {groups}
            {tab(place.paths.page("board"), "Stages and channels", None, page("board"))}
            {tab(place.paths.page("temporary"), "Temporary rights", None, page("temporary"))}
        </nav>
        {below}
    }
    .into_any()
}

/// The kinds of a group; nothing where there is only one.
fn below(place: &Place, group: Group, current: &str) -> Option<AnyView> {
    let kinds: Vec<_> = KINDS.iter().filter(|kind| kind.group == group).collect();
    if kinds.len() < 2 {
        return None;
    }
    let tabs: Vec<_> = kinds
        .into_iter()
        .map(|kind| {
            let current = (kind.word == current).then_some("page");
            tab(place.paths.kind(kind.word), kind.several, Some(kind.count(&place.estate.model)), current)
        })
        .collect();
    Some(view! { <nav class="kinds" aria-label=group.label()>{tabs}</nav> }.into_any())
}

fn tab(href: String, label: &'static str, count: Option<usize>, current: Option<&'static str>) -> AnyView {
    let count = count.map(|count| view! { " "<span class="count">{count.to_string()}</span> });
    view! { <a href=href aria-current=current>{label}{count}</a> }.into_any()
}
