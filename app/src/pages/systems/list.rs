//! The inventory of systems: filtered, sorted and paged by the query.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::id::SystemId;
use domain::model::Model;
use domain::model::system::System;
use domain::problem::Problem;
use domain::role::Capability;
use domain::scope::verdict::Category;
use leptos::prelude::*;

use super::super::filter::{Filter, quoted};
use super::super::frame::{Screen, Section};
use super::super::inventory::nav;
use super::super::request::{Place, Request};
use super::super::work::unowned;
use super::{owner_name, segment_name};
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, empty_state, notice};
use crate::ui::scope::{Shown, elements};
use crate::ui::table::{Column, Listing, cell, count, number};

/// What a filter of systems can ask for.
pub(in super::super) const KEYS: [&str; 9] =
    ["scope", "field", "kind", "segment", "environment", "boundary", "owner", "is", "key"];

const LEDE: &str = "Everything that holds, carries, protects or manages payment data.";

const COLUMNS: [Column; 7] = [
    Column::sorted("name", "Name"),
    Column::sorted("scope", "Scope"),
    Column::sorted("kind", "Kind"),
    Column::sorted("segment", "Segment"),
    Column::plain("Holds"),
    Column::number("flows", "Flows"),
    Column::sorted("owner", "Owner"),
];

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let listing = Listing::of(place.paths.page("systems"), |name| request.query(name));
    let body = if place.estate.model.systems.is_empty() { empty(&place) } else { inventory(&place, &listing) };
    let actions = view! {
        {place
            .may(Capability::EditModel)
            .then(|| header::action(place.paths.page("systems/new"), "plus", "Add a system", true))}
        {(place.may(Capability::EditModel) && !place.estate.model.systems.is_empty())
            .then(|| header::action(place.paths.query("change-systems", &[("q", &listing.q)]), "edit", "Change several", false))}
        {place.may(Capability::ExportModel).then(|| export(&place))}
    };
    let body = view! {
        {Header::new("Inventory").lede(LEDE).actions(actions).view()}
        {nav::view(&place, "systems")}
        {body}
    };
    Ok(Screen::inside(&place, Section::Inventory, "Systems", body))
}

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

fn empty(place: &Place) -> AnyView {
    let actions = place.may(Capability::EditModel).then(|| {
        view! {
            {header::action(place.paths.page("systems/new"), "plus", "Add a system", true)}
            {header::action(place.paths.page("import"), "upload", "Import a file", false)}
        }
    });
    let sentence =
        "A system is anything that stores, processes or passes on payment data, or manages something that does.";
    empty_state("system", "No systems yet", sentence, actions)
}

fn inventory(place: &Place, listing: &Listing) -> AnyView {
    let filter = Filter::parse(&listing.q);
    let traffic = Traffic::of(&place.estate.model);
    let systems = place.estate.model.systems.values();
    let mut systems: Vec<&Arc<System>> = systems.filter(|system| passes(place, &traffic, &filter, system)).collect();
    systems.sort_by_cached_key(|system| {
        (rank(place, &traffic, &listing.sort, system), system.name.to_lowercase(), system.id.clone())
    });
    if listing.descending {
        systems.reverse();
    }
    let total = systems.len();
    let table = if total == 0 {
        let all = view! { <a class="button" href=listing.path.clone()>"Show all systems"</a> };
        empty_state("filter", "No system matches", "Remove a part of the filter, or check its spelling.", all)
    } else {
        let rows = listing.slice(&systems).iter().map(|system| row(place, &traffic, system)).collect();
        let caption = if total == place.estate.model.systems.len() {
            format!("All {}", count(total, "system"))
        } else {
            format!("{total} of {}", count(place.estate.model.systems.len(), "system"))
        };
        listing.table("systems", caption, &COLUMNS, rows)
    };
    view! {
        {filter_bar(listing, &filter, &KEYS, "scope:cde field:pan kind:web segment:dmz is:undeclared")}
        {table}
        {(total > 0).then(|| listing.pagination(total))}
    }
    .into_any()
}

/// What the flows say of each system, looked up once per page: how many touch it, and which elements they carry.
struct Traffic<'a>(BTreeMap<&'a SystemId, (usize, BTreeSet<&'a str>)>);

impl<'a> Traffic<'a> {
    fn of(model: &'a Model) -> Self {
        let mut traffic: BTreeMap<&SystemId, (usize, BTreeSet<&str>)> = BTreeMap::new();
        for flow in model.flows.values() {
            for end in BTreeSet::from([&flow.from, &flow.to]) {
                let (flows, elements) = traffic.entry(end).or_default();
                *flows += 1;
                elements.extend(flow.fields.iter().map(|it| it.element.as_str()));
            }
        }
        Self(traffic)
    }

    fn flows(&self, system: &System) -> usize {
        self.0.get(&system.id).map_or(0, |(flows, _)| *flows)
    }

    /// Whether the system holds an element by declaration, or one of its flows carries it.
    fn handles(&self, system: &System, element: &str) -> bool {
        system.holdings.iter().any(|it| it.element.as_str() == element)
            || self.0.get(&system.id).is_some_and(|(_, elements)| elements.contains(element))
    }
}

/// The systems that a filter lets through.
pub(in super::super) fn matching(place: &Place, filter: &Filter) -> BTreeSet<SystemId> {
    let traffic = Traffic::of(&place.estate.model);
    let systems = place.estate.model.systems.values();
    systems.filter(|system| passes(place, &traffic, filter, system)).map(|it| it.id.clone()).collect()
}

fn passes(place: &Place, traffic: &Traffic<'_>, filter: &Filter, system: &System) -> bool {
    let (model, scope) = (&place.estate.model, &place.estate.scope);
    let text = format!("{} {}", system.name, system.id);
    filter.lets_through(&text, |key, value| match key {
        "scope" => {
            let verdict = scope.systems.get(&system.id);
            let shown = Shown::of(system, verdict);
            value == shown.category
                || (value == "undeclared" && system.undeclared)
                || value.eq_ignore_ascii_case(shown.code)
                || (value == "in" && verdict.is_some_and(|it| it.category.in_scope()))
        }
        "field" => traffic.handles(system, value),
        "kind" => system.kind.as_str() == value,
        "key" => {
            let own = system.id.as_str().to_lowercase();
            own == value || value.split(',').any(|key| key == own)
        }
        "segment" => match &system.segment {
            Some(id) => id.as_str().to_lowercase() == value || segment_name(model, system).to_lowercase() == value,
            None => value == "none",
        },
        "environment" => system.environment.as_str() == value,
        "boundary" => system.boundary.as_str() == value,
        "owner" => owner_name(model, system).is_some_and(|name| name.to_lowercase().contains(value)),
        "is" => match value {
            "undeclared" => system.undeclared,
            "unowned" => unowned(system),
            "flagged" => scope.systems.get(&system.id).is_some_and(|it| !it.flags.is_empty()),
            _ => false,
        },
        _ => false,
    })
}

/// Where a system stands in a column; all stand alike in the first, which is the name.
fn rank(place: &Place, traffic: &Traffic<'_>, column: &str, system: &System) -> (usize, String) {
    let (model, scope) = (&place.estate.model, &place.estate.scope);
    match column {
        "scope" => {
            let category = scope.systems.get(&system.id).map(|it| it.category);
            let place = Category::ALL.iter().position(|it| Some(*it) == category);
            (place.unwrap_or(Category::ALL.len()), String::new())
        }
        "flows" => (traffic.flows(system), String::new()),
        "kind" => (0, system.kind.label().to_owned()),
        "segment" => (0, segment_name(model, system)),
        "owner" => (0, owner_name(model, system).unwrap_or_default()),
        _ => (0, String::new()),
    }
}

fn row(place: &Place, traffic: &Traffic<'_>, system: &System) -> AnyView {
    let (model, scope) = (&place.estate.model, &place.estate.scope);
    let segment = segment_name(model, system);
    let segment = (!segment.is_empty()).then(|| {
        let filter = format!("segment:{}", quoted(system.segment.as_ref().map_or("", |id| id.as_str())));
        view! { <a href=place.paths.systems(&filter)>{segment}</a> }
    });
    view! {
        <tr>
            <th scope="row"><a href=place.paths.system(&system.id)>{system.name.clone()}</a></th>
            {cell("Scope", Shown::of(system, scope.systems.get(&system.id)).chip())}
            {cell("Kind", system.kind.label())}
            {cell("Segment", segment)}
            {cell("Holds", elements(&system.holdings))}
            {number("Flows", traffic.flows(system))}
            {cell("Owner", owner_name(model, system))}
        </tr>
    }
    .into_any()
}
