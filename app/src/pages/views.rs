//! The views of a list or of the map that somebody keeps under a name. Each is a link with the whole query, so it can be
//! sent to others as it is.

use domain::backend::views::{SavedView, VIEW_NAME_MAX};
use domain::inventory::{Kind, MAP, REGISTER};
use domain::role::Capability;
use leptos::prelude::*;

use super::request::Place;
use crate::ui::field::hidden;
use crate::ui::icon::icon;
use crate::ui::link::with_query;
use crate::ui::table::Listing;

/// What a page shows, as a view of it is kept.
pub(super) struct Shown {
    /// The word of the list, or of the map.
    pub list: &'static str,
    /// The page without any of the rest.
    pub path: String,
    /// The filter; of the map, everything that its address says.
    pub q: String,
    /// The order.
    pub sort: String,
    /// The columns.
    pub columns: String,
}

impl Shown {
    /// What a list shows.
    pub fn of(kind: &'static Kind, path: String, listing: &Listing) -> Self {
        let (q, sort, columns) = (listing.q.clone(), listing.sort_text(), listing.columns.clone());
        Self { list: kind.word, path, q, sort, columns }
    }

    /// What the register of risks shows.
    pub fn of_register(listing: &Listing) -> Self {
        let (q, sort, columns) = (listing.q.clone(), listing.sort_text(), listing.columns.clone());
        Self { list: REGISTER, path: listing.path.clone(), q, sort, columns }
    }

    /// What the map shows, by the pairs of its address.
    pub fn of_map(path: String, pairs: &[(&'static str, String)]) -> Self {
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let q = with_query("", &pairs).trim_start_matches('?').to_owned();
        Self { list: MAP, path, q, sort: String::new(), columns: String::new() }
    }

    fn is(&self, view: &SavedView) -> bool {
        (&view.q, &view.sort, &view.columns) == (&self.q, &self.sort, &self.columns)
    }

    fn is_everything(&self) -> bool {
        self.q.is_empty() && self.sort.is_empty() && self.columns.is_empty()
    }
}

/// The address of a view that is kept of a page. One that says something else than a view of the map can is the map.
#[must_use]
pub fn kept_view(path: &str, list: &str, [q, sort, columns]: [&str; 3]) -> String {
    if list != MAP {
        return with_query(path, &[("q", q), ("sort", sort), ("cols", columns)]);
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%=&".contains(&byte);
    if q.is_empty() || !q.bytes().all(plain) { path.to_owned() } else { format!("{path}?{q}") }
}

/// The views as a row of links; nothing where there is none.
pub(super) fn strip(shown: &Shown, kept: &[SavedView]) -> Option<AnyView> {
    let kept: Vec<&SavedView> = kept.iter().filter(|view| view.list == shown.list).collect();
    if kept.is_empty() {
        return None;
    }
    let links: Vec<_> = kept
        .into_iter()
        .map(|view| {
            let by = (!view.own).then(|| view! { <span class="count">{format!("by {}", view.by)}</span> });
            let address = kept_view(&shown.path, &view.list, [&view.q, &view.sort, &view.columns]);
            view! { <a href=address aria-current=shown.is(view).then_some("page")>{view.name.clone()}{by}</a> }
        })
        .collect();
    Some(
        view! {
            <nav class="kinds" aria-label="Saved views">
                <a href=shown.path.clone() aria-current=shown.is_everything().then_some("page")>"Everything"</a>
                {links}
            </nav>
        }
        .into_any(),
    )
}

/// Keeping what is shown under a name, and forgetting what is kept; folded away.
pub(super) fn keep(place: &Place, shown: &Shown, kept: &[SavedView]) -> Option<AnyView> {
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
        .filter(|view| view.list == shown.list && view.deletable)
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
                <summary class="button small">{icon("eye")}"Views"</summary>
                <form class="stack tight" method="post" action=place.paths.page("views")>
                    {hidden("list", shown.list.to_owned())}
                    {hidden("q", shown.q.clone())}
                    {hidden("sort", shown.sort.clone())}
                    {hidden("cols", shown.columns.clone())}
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
