//! The register as a table or as a matrix.

use domain::backend::risks::RiskRegister;
use domain::backend::views::SavedView as KeptView;
use domain::filter::Filter;
use domain::inventory::REGISTER;
use domain::problem::Problem;
use domain::risk::appetite::Verdict;
use domain::risk::record::{Risk, Stage};
use domain::risk::view::RiskColumn;
use domain::risk::view::table::{Order, Row, SavedView, TERMS};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::systems::list::filter_bar;
use super::super::views;
use super::actions::board;
use super::matrix::matrix;
use super::{level_chip, waiting};
use crate::ui::field::hidden;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::empty_state;
use crate::ui::table::{Column, Listing, cell, count};

const LEDE: &str = "What may happen to payment data, how bad it would be, and what is done about it.";

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let register = request.backend()?.risks(&place.estate.workspace.id).await?;
    let all = request.backend()?.views(&place.estate.workspace.id).await?;
    let kept: Vec<KeptView> = all.into_iter().filter(|view| view.list == REGISTER).collect();
    let edits = place.may(Capability::EditModel);
    let imports = || header::action(place.paths.page("risks/import"), "upload", "Import", false);
    let add = || header::action(place.paths.page("risks/new"), "plus", "Add a risk", true);
    let view = request.query("view").unwrap_or_default();
    let content = if register.risks.is_empty() {
        let sentence = "Add what the product could lose, or make a risk out of findings.";
        empty_state("risks", "No risks yet", sentence, edits.then(|| view! { {add()}{imports()} }))
    } else {
        match view.as_str() {
            "matrix" => matrix(&place, &request, &register),
            "actions" => board(&place, &register),
            _ => table(&place, &request, &register, &kept),
        }
    };
    let body = view! {
        {Header::new("Risks").lede(LEDE).actions(view! { {edits.then(add)}{(edits && !register.risks.is_empty()).then(imports)} }).view()}
        {tabs(&place, &view)}
        {waiting::section(&place, &register)}
        {content}
    };
    Ok(Screen::inside(&place, Section::Risks, "Risks", body))
}

fn tabs(place: &Place, now: &str) -> AnyView {
    let now = if matches!(now, "matrix" | "actions") { now } else { "" };
    let tab = |view: &str, label: &'static str| {
        let current = (view == now).then_some("page");
        view! { <a href=place.paths.query("risks", &[("view", view)]) aria-current=current>{label}</a> }
    };
    view! {
        <nav class="tabs" aria-label="Risks">
            {tab("", "Table")}
            {tab("matrix", "Matrix")}
            {tab("actions", "Actions")}
        </nav>
    }
    .into_any()
}

fn table(place: &Place, request: &Request, register: &RiskRegister, kept: &[KeptView]) -> AnyView {
    let mut listing = Listing::of(place.paths.page("risks"), |name| request.query(name));
    listing.columns = request.query_all("cols").join(",");
    let filter = Filter::parse(&listing.q);
    let found = register.listed(&filter, &listing.sort_text(), place.estate.today);
    let columns = RiskColumn::shown(&listing.columns.split(',').collect::<Vec<_>>());
    let total = found.len();
    let table = if total == 0 {
        let all = view! { <a class="button" href=listing.path.clone()>"Show all of them"</a> };
        empty_state("filter", "Nothing matches", "Remove a part of the filter, or check its spelling.", all)
    } else {
        let all = register.risks.len();
        let caption = if total == all { count(total, "risk") } else { format!("{total} of {}", count(all, "risk")) };
        let heads: Vec<Column> = columns
            .iter()
            .map(|it| Column { sort: it.order().map(Order::as_str), label: it.label(), number: false })
            .collect();
        let rows = listing.slice(&found).iter().map(|it| row(place, register, &columns, it)).collect();
        listing.table("risks", caption, &heads, rows)
    };
    let viewed = views::Shown::of_register(&listing);
    view! {
        {unattended(place, register)}
        {usual_views(place, &listing)}
        {views::strip(&viewed, kept)}
        {filter_bar(&listing, &filter, &TERMS, "level:>=high -is:closed category:fraud")}
        <div class="list-tools">
            {chooser(&columns, &listing)}
            {views::keep(place, &viewed, kept)}
            {several(place, &listing)}
            {files(place, &listing)}
        </div>
        {table}
        {(total > 0).then(|| listing.pagination(total))}
    }
    .into_any()
}

/// Which columns the list shows: a form of checkboxes, folded away.
fn chooser(columns: &[RiskColumn], listing: &Listing) -> AnyView {
    let boxes: Vec<_> = RiskColumn::ALL
        .iter()
        .filter(|column| **column != RiskColumn::Title)
        .map(|column| {
            view! {
                <label class="choice">
                    <input type="checkbox" name="cols" value=column.as_str() checked=columns.contains(column)/>
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
                    <legend>"Columns beside the risk"</legend>
                    <div class="choices inline">{boxes}</div>
                </fieldset>
                <div class="button-row"><button class="button">"Show these"</button></div>
            </form>
        </details>
    }
    .into_any()
}

/// Changing everything that is listed, all of its pages.
fn several(place: &Place, listing: &Listing) -> Option<AnyView> {
    place.may(Capability::EditModel).then(|| {
        let href = place.paths.query("risks/change", &[("q", &listing.q)]);
        view! { <a class="button small" href=href>{icon("edit")}"Change several"</a> }.into_any()
    })
}

/// Exactly the rows and columns that are shown as a file, and the whole register in the columns that an import reads.
fn files(place: &Place, listing: &Listing) -> Option<AnyView> {
    place.may(Capability::ExportModel).then(|| {
        let file = |form: &str| {
            let sort = listing.sort_text();
            let pairs = [("q", listing.q.as_str()), ("sort", &sort), ("cols", &listing.columns), ("as", form)];
            place.paths.query("export/risks", &pairs)
        };
        view! {
            <div class="button-row">
                <a class="button small" href=file("csv") download="">{icon("download")}"Download as CSV"</a>
                <a class="button small" href=file("xlsx") download="">{icon("download")}"Download as XLSX"</a>
                <a class="button small" href=place.paths.page("export/risks") download="">
                    {icon("download")}
                    "Whole register for an import"
                </a>
            </div>
        }
        .into_any()
    })
}

/// The views that are there from the beginning: for security, for products, for finance.
fn usual_views(place: &Place, listing: &Listing) -> AnyView {
    let links: Vec<_> = SavedView::ALL
        .iter()
        .map(|view| {
            let columns = view.columns().join(",");
            let current = (view.filter() == listing.q && columns == listing.columns).then_some("true");
            let href = place.paths.query("risks", &[("q", view.filter()), ("cols", &columns)]);
            view! { <a class="button small" href=href aria-current=current>{view.label()}</a> }
        })
        .collect();
    view! { <nav class="button-row" aria-label="Views">{links}</nav> }.into_any()
}

/// How many risks lie above what is tolerated, and how many of them nobody treats.
fn unattended(place: &Place, register: &RiskRegister) -> AnyView {
    let set = &register.register;
    let open = register.risks.values().filter(|risk| risk.stage != Stage::Closed);
    let verdicts: Vec<Verdict> = open.map(|risk| Row::of(risk, set, &register.standings).verdict).collect();
    let untreated = |it: &&Verdict| matches!(it, Verdict::NeedsTreatment | Verdict::NeedsAcceptance);
    let tiles: Vec<_> = [
        ("Open", "-is:closed", verdicts.len()),
        ("Above what is tolerated, untreated", "is:untreated -is:closed", verdicts.iter().filter(untreated).count()),
        ("Not rated", "is:unrated -is:closed", verdicts.iter().filter(|it| **it == Verdict::Unrated).count()),
    ]
    .into_iter()
    .map(|(label, filter, count)| {
        view! {
            <li>
                <a class="stat" href=place.paths.query("risks", &[("q", filter)])>
                    <span class="stat-label">{label}</span>
                    <span class="stat-value">{count.to_string()}</span>
                </a>
            </li>
        }
    })
    .collect();
    view! { <ul class="stats">{tiles}</ul> }.into_any()
}

fn row(place: &Place, register: &RiskRegister, columns: &[RiskColumn], row: &Row<'_>) -> AnyView {
    let risk: &Risk = row.risk;
    let words = register.words(&place.estate.model);
    let cells: Vec<_> = columns
        .iter()
        .map(|column| match column {
            RiskColumn::Level => match row.level {
                Some(level) => cell(column.label(), level_chip(register.register.scheme, level)),
                None => cell(column.label(), view! { <span class="muted">"Not rated"</span> }),
            },
            RiskColumn::Title => view! {
                <th scope="row" data-label=column.label()>
                    <a href=place.paths.risk(risk.key)>{risk.title.clone()}</a>
                    " "
                    <span class="key">{risk.key.to_string()}</span>
                </th>
            }
            .into_any(),
            RiskColumn::Owner => cell(column.label(), owner(place, risk)),
            column => cell(column.label(), words.of(row, *column)),
        })
        .collect();
    view! { <tr>{cells}</tr> }.into_any()
}

/// Who answers for the risk, by name.
pub(super) fn owner(place: &Place, risk: &Risk) -> Option<AnyView> {
    let id = risk.owner.as_ref()?;
    let name = place.estate.model.people.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
    Some(view! { <a href=place.paths.person(id)>{name}</a> }.into_any())
}
