//! The records of one kind: filtered, sorted, paged, with the columns that somebody asks for, and as a file.

use domain::command::to_write;
use domain::filter::Filter;
use domain::inventory::{Column, Kind, Order, Row, Table};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::systems::list::filter_bar;
use super::{kind_of, nav, one};
use crate::ui::field::hidden;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::link::with_query;
use crate::ui::notice::empty_state;
use crate::ui::table::{self, Listing};

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let kind = kind_of(&request)?;
    let mut listing = Listing::of(place.paths.kind(kind.word), |name| request.query(name));
    listing.columns = request.query_all("cols").join(",");
    let table = Table::of(kind, &place.estate.model);
    let body = if table.is_empty() { empty(&place, kind) } else { records(&place, kind, &table, &listing) };
    let add =
        || header::action(format!("{}/new", place.paths.kind(kind.word)), "plus", &format!("Add {}", one(kind)), true);
    let actions = view! {
        {(!kind.is_single() && place.may(to_write(kind.object))).then(add)}
        {(!table.is_empty() && place.may(Capability::ExportModel)).then(|| file(&place, kind, &listing))}
    };
    let body = view! {
        {Header::new(kind.several).lede(kind.purpose).actions(actions).view()}
        {nav::view(&place, kind.word)}
        {body}
    };
    Ok(Screen::inside(&place, Section::Inventory, kind.several, body))
}

/// The link to what the list shows as a file.
fn file(place: &Place, kind: &Kind, listing: &Listing) -> AnyView {
    let path = place.paths.page(&format!("export/inventory/{}", kind.word));
    let sort = listing.sort_text();
    let href = with_query(&path, &[("q", &listing.q), ("sort", &sort), ("cols", &listing.columns)]);
    view! { <a class="button" href=href download="">{icon("download")}"Download as CSV"</a> }.into_any()
}

fn empty(place: &Place, kind: &Kind) -> AnyView {
    let actions = place.may(Capability::EditModel).then(|| {
        let add = format!("{}/new", place.paths.kind(kind.word));
        view! {
            {header::action(add, "plus", &format!("Add {}", one(kind)), true)}
            {header::action(place.paths.page("import"), "upload", "Import a file", false)}
        }
    });
    let heading = format!("No {} yet", kind.several.to_lowercase());
    empty_state(kind.picture, &heading, kind.effect, actions)
}

fn records(place: &Place, kind: &'static Kind, table: &Table<'_>, listing: &Listing) -> AnyView {
    let filter = Filter::parse(&listing.q);
    let order = Order { column: &listing.sort, descending: listing.descending };
    let rows = table.rows(&filter, order);
    let asked: Vec<&str> = listing.columns.split(',').collect();
    let columns = Column::shown(kind, &asked);
    let total = rows.len();
    let of_kind = kind.several.to_lowercase();
    let shown = if total == 0 {
        let all = view! { <a class="button" href=listing.path.clone()>"Show all of them"</a> };
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
        let rows = listing.slice(&rows).iter().map(|row| self::row(place, kind, table, &columns, row)).collect();
        listing.table("records", caption, &heads, rows)
    };
    let example = match kind.columns.first() {
        Some(first) => format!("{first}:none owner:none is:unused"),
        None => "owner:none is:unused".to_owned(),
    };
    view! {
        {filter_bar(listing, &filter, &table.keys(), &example)}
        {chooser(kind, &columns, listing)}
        {shown}
        {(total > 0).then(|| listing.pagination(total))}
        <p class="effect">{icon("explain")}<span>{kind.effect}</span></p>
    }
    .into_any()
}

fn row(place: &Place, kind: &Kind, table: &Table<'_>, columns: &[Column], row: &Row) -> AnyView {
    let cells: Vec<_> = columns
        .iter()
        .map(|column| match column {
            Column::Title => {
                let href = place.paths.record(kind, &row.address);
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
    let content = linked(place, table, row, column);
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
            <summary>{icon("columns")}"Columns"</summary>
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
