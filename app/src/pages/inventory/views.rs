//! The views of a list that somebody keeps under a name. Each is a link with the whole query, so it can be sent to others as
//! it is.

use domain::backend::views::{SavedView, VIEW_NAME_MAX};
use domain::inventory::Kind;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::request::Place;
use crate::ui::field::hidden;
use crate::ui::icon::icon;
use crate::ui::link::with_query;
use crate::ui::table::Listing;

/// The views as a row of links; nothing where there is none.
pub(super) fn strip(place: &Place, kind: &Kind, listing: &Listing, kept: &[SavedView]) -> Option<AnyView> {
    if kept.is_empty() {
        return None;
    }
    let path = place.paths.list(kind);
    let links: Vec<_> = kept
        .iter()
        .map(|view| {
            let shown = view.q == listing.q && view.sort == listing.sort_text() && view.columns == listing.columns;
            let by = (!view.own).then(|| view! { <span class="count">{format!("by {}", view.by)}</span> });
            view! {
                <a href=address(&path, view) aria-current=shown.then_some("page")>{view.name.clone()}{by}</a>
            }
        })
        .collect();
    let all = listing.q.is_empty() && listing.sort.is_empty() && listing.columns.is_empty();
    Some(
        view! {
            <nav class="kinds" aria-label="Saved views">
                <a href=path.clone() aria-current=all.then_some("page")>"Everything"</a>
                {links}
            </nav>
        }
        .into_any(),
    )
}

fn address(path: &str, view: &SavedView) -> String {
    with_query(path, &[("q", &view.q), ("sort", &view.sort), ("cols", &view.columns)])
}

/// Keeping what is shown under a name, and forgetting what is kept; folded away.
pub(super) fn keep(place: &Place, kind: &Kind, listing: &Listing, kept: &[SavedView]) -> Option<AnyView> {
    if !place.may(Capability::SaveViews) {
        return None;
    }
    let shared = place.may(Capability::EditModel).then(|| {
        view! {
            <label class="choice">
                <input type="checkbox" name="shared" value="yes"/>
                <span>"Everybody in the workspace sees it"</span>
            </label>
        }
    });
    let deletable: Vec<_> = kept
        .iter()
        .filter(|view| view.deletable)
        .map(|view| {
            let label = format!("Delete the view {}", view.name);
            view! {
                <li>
                    <span class="grow">{view.name.clone()}</span>
                    {view.shared.then(|| view! { <span class="meta">"shared"</span> })}
                    <form method="post" action=place.paths.page(&format!("views/{}/delete", view.id))>
                        <button class="button quiet small" aria-label=label>{icon("delete")}"Delete"</button>
                    </form>
                </li>
            }
        })
        .collect();
    let own = (!deletable.is_empty()).then(|| view! { <ul class="list-rows">{deletable}</ul> });
    Some(
        view! {
            <details class="columns">
                <summary>{icon("eye")}"Views"</summary>
                <form class="stack tight" method="post" action=place.paths.page("views")>
                    {hidden("list", kind.word.to_owned())}
                    {hidden("q", listing.q.clone())}
                    {hidden("sort", listing.sort_text())}
                    {hidden("cols", listing.columns.clone())}
                    <div class="field">
                        <label for="view-name">"Keep what is shown as"</label>
                        <input
                            class="input"
                            id="view-name"
                            name="name"
                            required=true
                            maxlength=VIEW_NAME_MAX.to_string()
                            autocomplete="off"
                        />
                    </div>
                    {shared}
                    <div class="button-row"><button class="button">"Keep this view"</button></div>
                </form>
                {own}
            </details>
        }
        .into_any(),
    )
}
