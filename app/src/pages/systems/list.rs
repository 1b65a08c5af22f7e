//! What lists have in common: the filter, and the link to the whole model.

use std::collections::BTreeSet;

use domain::id::SystemId;
use domain::inventory::{Order, SYSTEMS, Table};
use domain::model::object::ObjectRef;
use leptos::prelude::*;

use super::super::filter::Filter;
use super::super::request::Place;
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::Listing;

/// The link to the model file.
pub(in super::super) fn export(place: &Place) -> AnyView {
    view! {
        <a class="button" href=place.paths.page("export/model") download="">{icon("download")}"Export the model"</a>
    }
    .into_any()
}

/// The filter as a form, with an explanation and what was not understood.
pub(in super::super) fn filter_bar(listing: &Listing, filter: &Filter, keys: &[&str], example: &str) -> AnyView {
    let unknown = filter.unknown_key(keys).map(|key| {
        notice(Tone::Warn, format!("There is no filter \u{201c}{key}:\u{201d}. These exist: {}.", keys.join(", ")))
    });
    let clear =
        (!listing.q.is_empty()).then(|| view! { <a class="button quiet" href=listing.path.clone()>"Clear"</a> });
    let sort = (!listing.sort.is_empty()).then(|| {
        let value = if listing.descending { format!("-{}", listing.sort) } else { listing.sort.clone() };
        crate::ui::field::hidden("sort", value)
    });
    let columns = (!listing.columns.is_empty()).then(|| crate::ui::field::hidden("cols", listing.columns.clone()));
    // A form takes the place of the query in its own address, so which list it is goes along as a field.
    let (action, query) = listing.path.split_once('?').unwrap_or((listing.path.as_str(), ""));
    let of_list: Vec<_> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| view! { <input type="hidden" name=name.to_owned() value=value.to_owned()/> })
        .collect();
    view! {
        <form class="filter-bar" method="get" action=action.to_owned() role="search" aria-label="This list">
            {of_list}
            <div class="field grow">
                <label for="q">"Filter"</label>
                <p class="hint" id="q-hint">{format!("Words, or for example {example}")}</p>
                <input
                    class="input mono"
                    id="q"
                    type="search"
                    name="q"
                    value=listing.q.clone()
                    autocomplete="off"
                    aria-describedby="q-hint"
                />
            </div>
            {sort}
            {columns}
            <button class="button">{icon("filter")}"Filter"</button>
            {clear}
        </form>
        {unknown}
    }
    .into_any()
}

/// What a filter of systems on the map can ask for; the list of systems understands every column beside these.
pub(in super::super) const KEYS: [&str; 9] =
    ["scope", "field", "kind", "segment", "environment", "boundary", "owner", "is", "key"];

/// The systems that a filter lets through.
pub(in super::super) fn matching(place: &Place, filter: &Filter) -> BTreeSet<SystemId> {
    let table = Table::with_scope(&SYSTEMS, &place.estate.model, &place.estate.scope);
    let rows = table.rows(filter, Order { column: "", descending: false });
    rows.into_iter()
        .filter_map(|row| match row.object.reference() {
            ObjectRef::System(id) => Some(id),
            _ => None,
        })
        .collect()
}
