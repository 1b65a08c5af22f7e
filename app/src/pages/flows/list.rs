//! The inventory of flows: the map as a table.

use std::sync::Arc;

use domain::id::SystemId;
use domain::model::flow::Flow;
use domain::model::relations::{Channel, Encryption};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::filter::Filter;
use super::super::frame::{Screen, Section};
use super::super::inventory::nav;
use super::super::request::{Place, Request};
use super::super::systems::list::{export, filter_bar};
use super::super::systems::{flow_name, system_name};
use super::super::work;
use crate::ui::header::{self, Header};
use crate::ui::notice::empty_state;
use crate::ui::table::{Column, Listing, cell, count};

const KEYS: [&str; 9] = ["from", "to", "system", "field", "kind", "protocol", "encryption", "auth", "is"];

const LEDE: &str = "Which data goes from where to where. The same flows as on the map.";

const COLUMNS: [Column; 7] = [
    Column::sorted("from", "From"),
    Column::sorted("to", "To"),
    Column::plain("Fields"),
    Column::sorted("protocol", "Protocol"),
    Column::sorted("encryption", "Encryption"),
    Column::sorted("auth", "Authentication"),
    Column::sorted("name", "Flow"),
];

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let listing = Listing::of(place.paths.page("flows"), |name| request.query(name));
    let body = if place.estate.model.flows.is_empty() { empty(&place) } else { inventory(&place, &listing) };
    let actions = view! {
        {place
            .may(Capability::EditModel)
            .then(|| header::action(place.paths.page("flows/new"), "plus", "Add a flow", true))}
        {place.may(Capability::ExportModel).then(|| export(&place))}
    };
    let body = view! {
        {Header::new("Inventory").lede(LEDE).actions(actions).view()}
        {nav::view(&place, "flows")}
        {body}
    };
    Ok(Screen::inside(&place, Section::Inventory, "Flows", body))
}

fn empty(place: &Place) -> AnyView {
    let actions = place.may(Capability::EditModel).then(|| {
        view! {
            {header::action(place.paths.page("flows/new"), "plus", "Add a flow", true)}
            {header::action(place.paths.page("import"), "upload", "Import a file", false)}
        }
    });
    empty_state(
        "flow",
        "No flows yet",
        "A flow is data that goes from one system to another. What comes back is a second flow.",
        actions,
    )
}

fn inventory(place: &Place, listing: &Listing) -> AnyView {
    let filter = Filter::parse(&listing.q);
    let model = &place.estate.model;
    let mut flows: Vec<&Arc<Flow>> = model.flows.values().filter(|flow| passes(place, &filter, flow)).collect();
    let name = |id: &SystemId| system_name(model, id).to_lowercase();
    flows.sort_by_cached_key(|it| (rank(place, &listing.sort, it), name(&it.from), name(&it.to), it.id.clone()));
    if listing.descending {
        flows.reverse();
    }
    let total = flows.len();
    let table = if total == 0 {
        let all = view! { <a class="button" href=listing.path.clone()>"Show all flows"</a> };
        empty_state("filter", "No flow matches", "Remove a part of the filter, or check its spelling.", all)
    } else {
        let caption = if total == model.flows.len() {
            format!("All {}", count(total, "flow"))
        } else {
            format!("{total} of {}", count(model.flows.len(), "flow"))
        };
        listing.table("flows", caption, &COLUMNS, listing.slice(&flows).iter().map(|flow| row(place, flow)).collect())
    };
    view! {
        {filter_bar(listing, &filter, &KEYS, "field:pan from:checkout protocol:https is:fields-unknown")}
        {table}
        {(total > 0).then(|| listing.pagination(total))}
    }
    .into_any()
}

fn passes(place: &Place, filter: &Filter, flow: &Flow) -> bool {
    let model = &place.estate.model;
    let (from, to) = (system_name(model, &flow.from), system_name(model, &flow.to));
    let is =
        |id: &SystemId, name: &str, value: &str| id.as_str().to_lowercase() == value || name.to_lowercase() == value;
    let text = format!("{} {} {from} {to}", flow.id, flow.name);
    filter.lets_through(&text, |key, value| match key {
        "from" => is(&flow.from, &from, value),
        "to" => is(&flow.to, &to, value),
        "system" => is(&flow.from, &from, value) || is(&flow.to, &to, value),
        "field" => flow.fields.iter().any(|it| it.element.as_str() == value),
        "kind" => flow.kind.as_str() == value,
        "protocol" => flow.protocol.as_str() == value,
        "encryption" => flow.encryption.as_str() == value,
        "auth" => flow.auth.as_str() == value,
        "is" => match value {
            "unrecognised" => work::unrecognised(flow),
            "fields-unknown" => work::fields_unknown(flow),
            "encryption-unknown" => work::encryption_unknown(flow),
            "auth-unknown" => work::auth_unknown(flow),
            "unencrypted" => flow.channel == Channel::Network && flow.encryption == Encryption::None,
            _ => false,
        },
        _ => false,
    })
}

/// Where a flow stands in a column; all stand alike in the first, which is where it comes from.
fn rank(place: &Place, column: &str, flow: &Flow) -> String {
    match column {
        "to" => system_name(&place.estate.model, &flow.to).to_lowercase(),
        "protocol" => flow.protocol.label().to_owned(),
        "encryption" => flow.encryption.label().to_owned(),
        "auth" => flow.auth.label().to_owned(),
        "name" => flow_name(&place.estate.model, flow).to_lowercase(),
        _ => String::new(),
    }
}

fn row(place: &Place, flow: &Flow) -> AnyView {
    let model = &place.estate.model;
    view! {
        <tr>
            <th scope="row"><a href=place.paths.system(&flow.from)>{system_name(model, &flow.from)}</a></th>
            {cell("To", view! { <a href=place.paths.system(&flow.to)>{system_name(model, &flow.to)}</a> })}
            {cell("Fields", work::carried(flow))}
            {cell("Protocol", flow.protocol.label())}
            {cell("Encryption", flow.encryption.label())}
            {cell("Authentication", flow.auth.label())}
            {cell("Flow", view! { <a href=place.paths.flow(&flow.id)>{flow_name(model, flow)}</a> })}
        </tr>
    }
    .into_any()
}
