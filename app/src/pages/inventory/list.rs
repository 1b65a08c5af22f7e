//! One list: filtered, sorted, paged, with the columns that somebody asks for, kept under a name, and as a file. Systems,
//! flows and every kind of record have the same one.

use domain::backend::views::SavedView;
use domain::command::to_write;
use domain::confirmation::progress;
use domain::filter::Filter;
use domain::inventory::{Column, FLOWS, Kind, Order, Row, SYSTEMS, Table};
use domain::model::object::{Object, ObjectKind};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::not_done;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::systems::list::{export, filter_bar};
use super::super::views;
use super::super::work::carried;
use super::{kind_of, nav, one, service_level};
use crate::ui::field::hidden;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::link::with_query;
use crate::ui::notice::empty_state;
use crate::ui::scope::{Shown, elements};
use crate::ui::table::{self, Listing};

/// The records of a kind.
pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let kind = kind_of(&request)?;
    of(&request, place, kind).await
}

/// The systems.
pub(in super::super) async fn systems(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    of(&request, place, &SYSTEMS).await
}

/// The flows: the map as a table.
pub(in super::super) async fn flows(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    of(&request, place, &FLOWS).await
}

async fn of(request: &Request, place: Place, kind: &'static Kind) -> Result<Screen, Problem> {
    let mut listing = Listing::of(place.paths.list(kind), |name| request.query(name));
    listing.columns = request.query_all("cols").join(",");
    let all = request.backend()?.views(&place.estate.workspace.id).await?;
    let kept: Vec<SavedView> = all.into_iter().filter(|view| view.list == kind.word).collect();
    let table = Table::with_scope(kind, &place.estate.model, &place.estate.scope);
    let edits = !kind.is_single() && place.may(to_write(kind.object));
    let body = if table.is_empty() { empty(&place, kind) } else { records(&place, kind, &table, &listing, &kept) };
    let add = || {
        let href = format!("{}/new", listing.path);
        header::keyed(href, "plus", &format!("Add {}", one(kind)), true, key_of(kind))
    };
    let actions = view! {
        {edits.then(add)}
        {(edits && kind.has_own_pages() && place.may(Capability::ImportModel))
            .then(|| header::action(place.paths.page("paste"), "copy", "Paste a table", false))}
        {(kind.has_own_pages() && place.may(Capability::ExportModel)).then(|| export(&place))}
    };
    let body = view! {
        {Header::new(kind.several).lede(kind.purpose).actions(actions).view()}
        {nav::view(&place, kind.word)}
        {not_done(request)}
        {told(&place, kind)}
        {body}
    };
    Ok(Screen::inside(&place, Section::Inventory, kind.several, body))
}

/// What is to be told about all of a kind, above their list.
fn told(place: &Place, kind: &Kind) -> Option<AnyView> {
    match kind.object {
        ObjectKind::Flow => confirmed(place),
        ObjectKind::Vendor => service_level::told(place),
        _ => None,
    }
}

/// How many flows both ends confirmed.
fn confirmed(place: &Place) -> Option<AnyView> {
    let it = progress(&place.estate.model);
    let link = |filter: &str, words: String| view! { " "<a href=place.paths.flows(filter)>{words}</a> };
    let open = (it.confirmed < it.flows)
        .then(|| link("is:unconfirmed", format!("{} not confirmed", it.flows.saturating_sub(it.confirmed))));
    let contradicted =
        (it.contradicted > 0).then(|| link("is:ends-differ", format!("{} contradicted", it.contradicted)));
    (it.flows > 0).then(|| {
        view! {
            <p class="meta">
                {format!("Confirmed by both ends: {} of {} flows in use.", it.confirmed, it.flows)}
                {open}
                {contradicted}
            </p>
        }
        .into_any()
    })
}

/// The key with which the button to add one is pressed, beside the key that the browser asks for.
fn key_of(kind: &Kind) -> &'static str {
    match kind.word {
        "systems" => "s",
        "flows" => "f",
        _ => "a",
    }
}

fn empty(place: &Place, kind: &'static Kind) -> AnyView {
    let actions = place.may(Capability::EditModel).then(|| {
        let add = format!("{}/new", place.paths.list(kind));
        view! {
            {header::action(add, "plus", &format!("Add {}", one(kind)), true)}
            {header::action(place.paths.page("import"), "upload", "Import a file", false)}
        }
    });
    let heading = format!("No {} yet", kind.several.to_lowercase());
    empty_state(kind.picture, &heading, kind.effect, actions)
}

fn records(place: &Place, kind: &'static Kind, table: &Table<'_>, listing: &Listing, kept: &[SavedView]) -> AnyView {
    let filter = Filter::parse(&listing.q);
    let order = Order { column: &listing.sort, descending: listing.descending };
    let rows = table.rows(&filter, order);
    let asked: Vec<&str> = listing.columns.split(',').collect();
    let columns = Column::shown(kind, &asked);
    let total = rows.len();
    let of_kind = kind.several.to_lowercase();
    let shown = if total == 0 {
        let all = view! { <a class="button" href=listing.path.clone()>{format!("Show all {of_kind}")}</a> };
        empty_state("filter", "Nothing matches", "Remove a part of the filter, or check its spelling.", all)
    } else {
        let caption = match (total == table.len(), total) {
            (true, 1) => format!("1 {}", kind.one),
            (true, _) => format!("All {total} {of_kind}"),
            (false, _) => format!("{total} of {} {of_kind}", table.len()),
        };
        let heads: Vec<table::Column> = columns
            .iter()
            .map(|it| table::Column { sort: Some(it.name()), label: it.label(), number: it.is_number() })
            .collect();
        let rows = listing.slice(&rows).iter().map(|row| self::row(place, table, &columns, row)).collect();
        listing.table("records", caption, &heads, rows)
    };
    let viewed = views::Shown::of(kind, place.paths.list(kind), listing);
    view! {
        {views::strip(&viewed, kept)}
        {filter_bar(listing, &filter, &table.keys(), &example(kind, table))}
        <div class="list-tools">
            {chooser(kind, &columns, listing)}
            {views::keep(place, &viewed, kept)}
            {tools(place, kind, listing)}
        </div>
        {shown}
        {(total > 0).then(|| listing.pagination(total))}
        {(!kind.has_own_pages()).then(|| view! { <p class="effect">{icon("explain")}<span>{kind.effect}</span></p> })}
    }
    .into_any()
}

/// A filter that shows what can be asked.
fn example(kind: &Kind, table: &Table<'_>) -> String {
    match kind.word {
        "systems" => "scope:cde field:pan kind:web segment:dmz is:undeclared".to_owned(),
        "flows" => "field:pan from:checkout protocol:https is:fields-unknown".to_owned(),
        _ => {
            let state = table.states().get(1).copied().unwrap_or_default();
            match kind.columns.first() {
                Some(first) => format!("{first}:none owner:none is:{state}"),
                None => format!("owner:none is:{state}"),
            }
        }
    }
}

/// What can be done with exactly the rows and columns that are shown.
fn tools(place: &Place, kind: &Kind, listing: &Listing) -> AnyView {
    let bulk = !kind.is_single() && place.may(to_write(kind.object)) && domain::bulk::is_for(kind);
    let bulk = bulk.then(|| {
        let href = with_query(&place.paths.page(&format!("change/{}", kind.word)), &[("q", &listing.q)]);
        view! { <a class="button small" href=href>{icon("edit")}"Change several"</a> }
    });
    let files = place.may(Capability::ExportModel).then(|| {
        let file = |form: &str| {
            let path = place.paths.page(&format!("export/inventory/{}", kind.word));
            let sort = listing.sort_text();
            with_query(&path, &[("q", &listing.q), ("sort", &sort), ("cols", &listing.columns), ("as", form)])
        };
        view! {
            <a class="button small" href=file("") download="">{icon("download")}"Download as CSV"</a>
            <a class="button small" href=file("xlsx") download="">{icon("download")}"Download as XLSX"</a>
        }
    });
    view! { <div class="button-row">{bulk}{files}</div> }.into_any()
}

fn row(place: &Place, table: &Table<'_>, columns: &[Column], row: &Row) -> AnyView {
    let cells: Vec<_> = columns
        .iter()
        .map(|column| match column {
            Column::Title => {
                let href = place.paths.object(&row.object.reference()).unwrap_or_default();
                view! { <th scope="row"><a href=href>{row.title.clone()}</a></th> }.into_any()
            }
            Column::Key => {
                view! { <td data-label="Key"><span class="key">{row.address.clone()}</span></td> }.into_any()
            }
            Column::Uses => table::number(column.label(), row.uses),
            column => cell(place, table, row, *column),
        })
        .collect();
    view! { <tr>{cells}</tr> }.into_any()
}

/// A cell; what it names is linked.
fn cell(place: &Place, table: &Table<'_>, row: &Row, column: Column) -> AnyView {
    let class = column.is_number().then_some("number");
    let content = match (&row.object, column.name()) {
        (Object::System(it), "scope") => Shown::of(it, place.estate.scope.systems.get(&it.id)).chip(),
        (Object::System(it), "field") => elements(&it.holdings).into_any(),
        (Object::Flow(it), "field") => carried(it),
        _ => linked(place, table, row, column),
    };
    view! { <td class=class data-label=column.label()>{content}</td> }.into_any()
}

/// The value of a column in words; what it names is linked.
pub(super) fn linked(place: &Place, table: &Table<'_>, row: &Row, column: Column) -> AnyView {
    let named = table.named(row, column);
    if named.is_empty() {
        return table.words(row, column).into_any();
    }
    let links: Vec<_> = named
        .into_iter()
        .enumerate()
        .map(|(number, (reference, words))| {
            let comma = (number > 0).then_some(", ");
            view! { {comma}<a href=place.paths.object(&reference).unwrap_or_default()>{words}</a> }
        })
        .collect();
    links.into_any()
}

/// Which columns the list shows: a form of checkboxes, folded away.
fn chooser(kind: &'static Kind, columns: &[Column], listing: &Listing) -> AnyView {
    let boxes: Vec<_> = Column::all(kind)
        .into_iter()
        .filter(|column| !matches!(column, Column::Title))
        .map(|column| {
            let checked = columns.contains(&column);
            view! {
                <label class="choice">
                    <input type="checkbox" name="cols" value=column.name() checked=checked/>
                    <span>{column.label()}</span>
                </label>
            }
        })
        .collect();
    let sort = listing.sort_text();
    view! {
        <details class="columns">
            <summary class="button small">{icon("columns")}"Columns"</summary>
            <form class="stack tight" method="get" action=listing.path.clone()>
                {(!listing.q.is_empty()).then(|| hidden("q", listing.q.clone()))}
                {(!sort.is_empty()).then(|| hidden("sort", sort))}
                <fieldset class="field">
                    <legend>"Columns beside the name"</legend>
                    <div class="choices inline">{boxes}</div>
                </fieldset>
                <div class="button-row"><button class="button">"Show these"</button></div>
            </form>
        </details>
    }
    .into_any()
}
