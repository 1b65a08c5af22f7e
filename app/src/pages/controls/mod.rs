//! Eight controls on every integration: the matrix, one cell of it, and what each control is for.

pub(super) mod cell;
pub(super) mod preset;

use domain::backend::library::LibraryBook;
use domain::filter::Filter;
use domain::id::SystemId;
use domain::library::controls::{Cell, IntegrationControl, MATRIX_KEYS, Matrix, Presence, Priority, Row, matrix};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::evidence;
use super::frame::{Screen, Section};
use super::request::{Place, Request};
use super::systems::list::filter_bar;
use crate::ui::header::{self, Header};
use crate::ui::link::with_query;
use crate::ui::notice::empty_state;
use crate::ui::table::{Listing, cell as data, classed, count};

/// The matrix.
pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.library(&place.estate.workspace.id).await?;
    let matrix = matrix(&place.estate.model, &book.stated());
    let listing = Listing::of(place.paths.page("evidence/controls"), |name| request.query(name));
    let filter = Filter::parse(&listing.q);
    let rows = matrix.listed(&filter, &place.estate.model);
    let total = rows.len();
    let csv = place.may(Capability::ExportModel).then(|| {
        let href = place.paths.query("export/controls", &[("q", listing.q.as_str())]);
        header::action(href, "download", "Download CSV", false)
    });
    let table = if matrix.rows.is_empty() {
        let sentence =
            "An integration is a system of yours that exchanges data with another one. Add systems and flows first.";
        empty_state("flow", "No integrations yet", sentence, ())
    } else if total == 0 {
        let all = view! { <a class="button" href=listing.path.clone()>"Show all integrations"</a> };
        empty_state("filter", "No integration matches", "Remove a part of the filter, or check its spelling.", all)
    } else {
        cells(&place, &book, listing.slice(&rows), format!("{total} of {}", count(matrix.rows.len(), "integration")))
    };
    let lede = "What the facts of the map tell is derived; where they do not, a person says it, with name and date.";
    let body = view! {
        {Header::new("Controls on integrations")
            .below(place.paths.page("evidence"), "Evidence")
            .lede(lede)
            .actions(csv)
            .view()}
        {evidence::tabs(&place, "evidence/controls")}
        {filter_bar(&listing, &filter, &MATRIX_KEYS, "absent:rate_limiting unknown:any is:contradicted")}
        {legend(&listing, &matrix)}
        {table}
        {(total > 0).then(|| listing.pagination(total))}
        {presets(&place, &book, &matrix, &listing)}
    };
    Ok(Screen::inside(&place, Section::Evidence, "Controls on integrations", body))
}

/// What the marks of the cells mean, each with the way to the integrations that have one.
fn legend(listing: &Listing, matrix: &Matrix) -> AnyView {
    let items: Vec<_> = Presence::ALL
        .iter()
        .map(|it| {
            let href = with_query(&listing.path, &[("q", &format!("{it}:any"))]);
            view! { <li><a class="control-mark" data-presence=it.as_str() href=href>{it.label()}</a></li> }
        })
        .collect();
    let against = matrix.contradicted();
    let against = (against > 0).then(|| {
        let href = with_query(&listing.path, &[("q", "is:contradicted")]);
        view! { <li><a href=href>{format!("{against} said otherwise than the facts")}</a></li> }
    });
    view! { <ul class="cluster plain-list control-legend" aria-label="Marks">{items}{against}</ul> }.into_any()
}

fn cells(place: &Place, book: &LibraryBook, rows: &[(&SystemId, &Row)], caption: String) -> AnyView {
    let columns: Vec<&'static str> =
        std::iter::once("Integration").chain(IntegrationControl::ALL.iter().map(|it| it.label())).collect();
    let lines = rows
        .iter()
        .map(|(id, row)| {
            let name = name(place, id);
            let marks: Vec<_> = row
                .iter()
                .map(|(control, it)| data(control.label(), mark(place, book, (id, &name), (*control, it))))
                .collect();
            view! {
                <tr>
                    <th scope="row" data-label="Integration"><a href=place.paths.system(id)>{name.clone()}</a></th>
                    {marks}
                </tr>
            }
            .into_any()
        })
        .collect();
    classed("control-matrix", caption, "table controls", &columns, lines)
}

/// One cell: what counts, and whether a person said it or the facts tell.
fn mark(
    place: &Place,
    book: &LibraryBook,
    (id, name): (&SystemId, &str),
    (control, it): (IntegrationControl, &Cell),
) -> AnyView {
    let presence = it.presence();
    let source = match (&it.said, it.derived.presence) {
        (Some(_), _) if it.is_contradicted() => "said, facts differ",
        (Some(said), _) if book.me.as_ref() == Some(&said.by) => "said by you",
        (Some(_), _) => "said",
        (None, Presence::Unknown) => "",
        (None, _) => "from facts",
    };
    let source = (!source.is_empty()).then(|| view! { <span class="source">{source}</span> });
    let hidden = format!(": {} on {name}", control.label());
    view! {
        <a class="control-mark" data-presence=presence.as_str() href=place.paths.control_on(id, control)>
            {presence.label()}<span class="visually-hidden">{hidden}</span>
        </a>
        {source}
    }
    .into_any()
}

/// What each control is for, how urgent it is, and how far it is.
fn presets(place: &Place, book: &LibraryBook, matrix: &Matrix, listing: &Listing) -> AnyView {
    let edits = place.may(Capability::EditModel);
    let rows = book
        .presets()
        .into_iter()
        .map(|it| {
            let control = it.control;
            let counts = matrix.counts(control);
            let links: Vec<_> = Presence::ALL
                .iter()
                .filter_map(|presence| Some((presence, *counts.get(presence)?)))
                .map(|(presence, many)| {
                    let href = with_query(&listing.path, &[("q", &format!("{presence}:{control}"))]);
                    let words = format!("{many} {}", presence.label().to_lowercase());
                    view! { <li><a href=href>{words}</a></li> }
                })
                .collect();
            let own = place.paths.page(&format!("evidence/controls/{control}"));
            let change = edits.then(|| {
                view! { <a href=own>"Change"<span class="visually-hidden">{format!(" {}", control.label())}</span></a> }
            });
            view! {
                <tr>
                    <th scope="row" data-label="Control">{control.label()}</th>
                    {data("Priority", priority(it.priority))}
                    {data("Risk that it reduces", it.risk)}
                    {data("How far", view! { <ul class="cluster plain-list">{links}</ul> })}
                    {data("Settings", change)}
                </tr>
            }
            .into_any()
        })
        .collect();
    let columns = ["Control", "Priority", "Risk that it reduces", "How far", "Settings"];
    view! {
        <section class="section" aria-labelledby="controls-heading">
            <header class="section-header"><h2 id="controls-heading">"What each control is for"</h2></header>
            {crate::ui::table::small("presets", "8 controls".to_owned(), &columns, rows)}
        </section>
    }
    .into_any()
}

fn priority(it: Priority) -> AnyView {
    let tone = match it {
        Priority::High => Some("warn"),
        Priority::Medium => Some("info"),
        Priority::Low => None,
    };
    view! { <span class="badge" data-tone=tone>{it.label()}</span> }.into_any()
}

/// The name of a system, or its key.
fn name(place: &Place, id: &SystemId) -> String {
    place.estate.model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone())
}

/// The head of a page below the matrix.
fn head(place: &Place, heading: impl Into<String>) -> Header {
    Header::new(heading)
        .below(place.paths.page("evidence"), "Evidence")
        .below(place.paths.page("evidence/controls"), "Controls on integrations")
}

/// The control that the address names.
fn control_of(request: &Request) -> Result<IntegrationControl, Problem> {
    request.path("control").parse().map_err(|_| Problem::NotFound)
}
