//! The register as a table or as a matrix.

use domain::backend::risks::RiskRegister;
use domain::filter::Filter;
use domain::problem::Problem;
use domain::risk::appetite::Verdict;
use domain::risk::record::{Risk, Stage, Status};
use domain::risk::view::table::{Order, Row, SavedView, TERMS, rows};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::systems::list::filter_bar;
use super::actions::board;
use super::matrix::matrix;
use super::{level_chip, waiting};
use crate::ui::header::{self, Header};
use crate::ui::notice::empty_state;
use crate::ui::table::{Column, Listing, cell, count};

const LEDE: &str = "What may happen to payment data, how bad it would be, and what is done about it.";

const COLUMNS: [Column; 8] = [
    Column::sorted("level", "Level"),
    Column::sorted("title", "Risk"),
    Column::plain("Category"),
    Column::sorted("owner", "Owner"),
    Column::sorted("status", "Status"),
    Column::plain("Actions done"),
    Column::sorted("due", "Next due"),
    Column::sorted("review", "Next review"),
];

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let register = request.backend()?.risks(&place.estate.workspace.id).await?;
    let edits = place.may(Capability::EditModel);
    let add = || header::action(place.paths.page("risks/new"), "plus", "Add a risk", true);
    let view = request.query("view").unwrap_or_default();
    let content = if register.risks.is_empty() {
        let sentence = "Add what the product could lose, or make a risk out of findings.";
        empty_state("risks", "No risks yet", sentence, edits.then(add))
    } else {
        match view.as_str() {
            "matrix" => matrix(&place, &request, &register),
            "actions" => board(&place, &register),
            _ => table(&place, &request, &register),
        }
    };
    let body = view! {
        {Header::new("Risks").lede(LEDE).actions(view! { {csv(&place)}{edits.then(add)} }).view()}
        {tabs(&place, &view)}
        {waiting::section(&place, &register)}
        {content}
    };
    Ok(Screen::inside(&place, Section::Risks, "Risks", body))
}

/// The register as a file, in the columns that an import reads.
fn csv(place: &Place) -> Option<AnyView> {
    place
        .may(Capability::ExportModel)
        .then(|| header::action(place.paths.page("export/risks"), "download", "CSV", false))
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

fn table(place: &Place, request: &Request, register: &RiskRegister) -> AnyView {
    let listing = Listing::of(place.paths.page("risks"), |name| request.query(name));
    let filter = Filter::parse(&listing.q);
    let order: Order = listing.sort.parse().unwrap_or(Order::Level);
    let risks = register.risks.values().map(|risk| &**risk);
    let me = register.me.as_ref();
    let mut found = rows(risks, &register.register, &register.standings, &filter, order, me, place.estate.today);
    if listing.descending {
        found.reverse();
    }
    let total = found.len();
    let table = if total == 0 {
        let all = view! { <a class="button" href=listing.path.clone()>"Show all of them"</a> };
        empty_state("filter", "Nothing matches", "Remove a part of the filter, or check its spelling.", all)
    } else {
        let all = register.risks.len();
        let caption = if total == all { count(total, "risk") } else { format!("{total} of {}", count(all, "risk")) };
        let rows = listing.slice(&found).iter().map(|it| row(place, register, it)).collect();
        listing.table("risks", caption, &COLUMNS, rows)
    };
    view! {
        {unattended(place, register)}
        {views(place, &listing.q)}
        {filter_bar(&listing, &filter, &TERMS, "level:>=high -is:closed category:fraud")}
        {table}
        {(total > 0).then(|| listing.pagination(total))}
    }
    .into_any()
}

/// The views that are there from the beginning: for security, for products, for finance.
fn views(place: &Place, now: &str) -> AnyView {
    let links: Vec<_> = SavedView::ALL
        .iter()
        .map(|view| {
            let current = (view.filter() == now).then_some("true");
            let href = place.paths.query("risks", &[("q", view.filter())]);
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

fn row(place: &Place, register: &RiskRegister, row: &Row<'_>) -> AnyView {
    let risk: &Risk = row.risk;
    let level = match row.level {
        Some(level) => level_chip(register.register.scheme, level),
        None => view! { <span class="muted">"Not rated"</span> }.into_any(),
    };
    let done = (row.done.1 > 0).then(|| format!("{} of {}", row.done.0, row.done.1));
    let day = |day: Option<domain::time::Day>| day.map(|it| it.to_string());
    view! {
        <tr>
            {cell("Level", level)}
            <th scope="row" data-label="Risk">
                <a href=place.paths.risk(risk.key)>{risk.title.clone()}</a>
                " "
                <span class="key">{risk.key.to_string()}</span>
            </th>
            {cell("Category", risk.category.map(|it| it.label()))}
            {cell("Owner", owner(place, risk))}
            {cell("Status", Status::label(row.status))}
            {cell("Actions done", done)}
            {cell("Next due", day(row.next_due))}
            {cell("Next review", day(risk.next_review))}
        </tr>
    }
    .into_any()
}

/// Who answers for the risk, by name.
pub(super) fn owner(place: &Place, risk: &Risk) -> Option<AnyView> {
    let id = risk.owner.as_ref()?;
    let name = place.estate.model.people.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
    Some(view! { <a href=place.paths.person(id)>{name}</a> }.into_any())
}
