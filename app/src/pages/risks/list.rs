//! The register: as a table, as a matrix, and its other parts, now or as it was.

use domain::backend::risks::RiskRegister;
use domain::backend::views::SavedView as KeptView;
use domain::filter::Filter;
use domain::inventory::REGISTER;
use domain::problem::Problem;
use domain::risk::appetite::Verdict;
use domain::risk::record::{Risk, Stage};
use domain::risk::view::RiskColumn;
use domain::risk::view::table::{Order, Row, SavedView, TERMS};
use domain::risk::view::trend::Span;
use domain::role::Capability;
use domain::time::Day;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::systems::list::filter_bar;
use super::super::views;
use super::actions::board;
use super::matrix::matrix;
use super::{level_chip, mine, next, trend, waiting};
use crate::ui::field::hidden;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, empty_state, notice};
use crate::ui::table::{Column, Listing, cell, count};

const LEDE: &str = "What may happen to payment data, how bad it would be, and what is done about it.";

/// As of which day the register is looked at: every link of the page keeps it.
#[derive(Debug, Clone, Copy)]
pub(super) struct As {
    on: Option<Day>,
}

impl As {
    /// The day of the query; a day that is not over is now, and what is no day is as if it was not there.
    fn of(request: &Request, today: Day) -> Self {
        Self { on: request.query("on").and_then(|text| text.parse().ok()).filter(|day| *day < today) }
    }

    /// Whether it is looked at as it is.
    const fn is_now(self) -> bool {
        self.on.is_none()
    }

    /// An address of the register.
    pub(super) fn query(self, place: &Place, pairs: &[(&str, &str)]) -> String {
        let day = self.on.map(|day| day.to_string()).unwrap_or_default();
        place.paths.query("risks", &[&[("on", day.as_str())][..], pairs].concat())
    }
}

/// The parts of the register, as the query names them.
const VIEWS: [(&str, &str); 6] = [
    ("", "Table"),
    ("matrix", "Matrix"),
    ("actions", "Actions"),
    ("mine", "My work"),
    ("next", "What to do next"),
    ("trend", "Trend"),
];

/// The parts of which there is a past.
const OF_THEN: [&str; 2] = ["", "matrix"];

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let asked = request.query("view").unwrap_or_default();
    let view = VIEWS.into_iter().map(|(word, _)| word).find(|word| *word == asked).unwrap_or_default();
    let workspace = &place.estate.workspace.id;
    let backend = request.backend()?;
    let of = if OF_THEN.contains(&view) { As::of(&request, place.estate.today) } else { As { on: None } };
    let register = match of.on {
        Some(day) => backend.risks_on(workspace, day).await?,
        None => backend.risks(workspace).await?,
    };
    let edits = place.may(Capability::EditModel) && of.on.is_none();
    let all = backend.views(workspace).await?;
    let kept: Vec<KeptView> = all.into_iter().filter(|view| view.list == REGISTER).collect();
    let imports = || header::action(place.paths.page("risks/import"), "upload", "Import", false);
    let add = || header::action(place.paths.page("risks/new"), "plus", "Add a risk", true);
    let content = if register.risks.is_empty() && of.on.is_none() && view != "next" {
        let sentence = "Add what the product could lose, or make a risk out of findings.";
        empty_state("risks", "No risks yet", sentence, edits.then(|| view! { {add()}{imports()} }))
    } else {
        match view {
            "matrix" => matrix(&place, &request, &register, of),
            "actions" => board(&place, &request, &register, of),
            "mine" => mine::work(&place, &register),
            "next" => next::view(&place, &register, &backend.risk_plan(&place.estate).await?),
            "trend" => {
                let span = request.query("span").and_then(|word| word.parse().ok()).unwrap_or(Span::Weeks);
                let trend = backend.risk_trend(workspace, span).await?;
                trend::view(&place, &register, &trend, span, of)
            }
            _ => table(&place, &request, &register, of, &kept),
        }
    };
    let waiting = (view != "mine").then(|| waiting::section(&place, &register.risks, &register.tasks)).flatten();
    let settings = place
        .may(Capability::ManageWorkspace)
        .then(|| header::action(place.paths.page("settings/risks"), "settings", "Settings", false));
    let imports = (edits && !register.risks.is_empty()).then(imports);
    let actions = view! { {settings}{imports}{edits.then(add)} };
    let body = view! {
        {Header::new("Risks").lede(LEDE).actions(actions).view()}
        {tabs(&place, view, of)}
        {OF_THEN.contains(&view).then(|| travel(&place, &request, view, of))}
        {waiting}
        {content}
    };
    Ok(Screen::inside(&place, Section::Risks, "Risks", body))
}

fn tabs(place: &Place, now: &str, of: As) -> AnyView {
    let tabs: Vec<_> = VIEWS
        .into_iter()
        .map(|(view, label)| {
            let of = if OF_THEN.contains(&view) { of } else { As { on: None } };
            let current = (view == now).then_some("page");
            view! { <a href=of.query(place, &[("view", view)]) aria-current=current>{label}</a> }
        })
        .collect();
    view! { <nav class="tabs" aria-label="Risks">{tabs}</nav> }.into_any()
}

/// The day as of which the register is shown, and another one.
fn travel(place: &Place, request: &Request, view: &'static str, of: As) -> AnyView {
    let day = of.on.map(|day| day.to_string()).unwrap_or_default();
    let then = of.on.map(|day| {
        let now = place.paths.query("risks", &[("view", view)]);
        let words = format!("This is the register at the end of {day}, in the scheme and with the appetite of then. ");
        notice(Tone::Info, view! { {words}<a href=now>"Show it as it is now"</a> })
    });
    let kept = ["q", "stand", "sort"].into_iter().filter_map(|name| Some((name, request.query(name)?)));
    let kept: Vec<_> = kept.map(|(name, value)| hidden(name, value)).collect();
    view! {
        {then}
        <form class="filter-bar" method="get" action=place.paths.page("risks") aria-label="Another day">
            {(!view.is_empty()).then(|| hidden("view", view.to_owned()))}
            {kept}
            <div class="field">
                <label for="on">"As it was on"</label>
                <input class="input short" id="on" type="date" name="on" value=day max=place.estate.today.to_string()/>
            </div>
            <button class="button">{icon("history")}"Show"</button>
        </form>
    }
    .into_any()
}

fn table(place: &Place, request: &Request, register: &RiskRegister, of: As, kept: &[KeptView]) -> AnyView {
    let mut listing = Listing::of(of.query(place, &[]), |name| request.query(name));
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
        {unattended(place, register, of)}
        {usual_views(place, &listing, of)}
        {of.is_now().then(|| views::strip(&viewed, kept))}
        {filter_bar(&listing, &filter, &TERMS, "level:>=high -is:closed category:fraud")}
        <div class="list-tools">
            {chooser(&columns, &listing)}
            {of.is_now().then(|| view! {
                {views::keep(place, &viewed, kept)}
                {several(place, &listing)}
                {files(place, &listing)}
            })}
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
fn usual_views(place: &Place, listing: &Listing, of: As) -> AnyView {
    let links: Vec<_> = SavedView::ALL
        .iter()
        .map(|view| {
            let columns = view.columns().join(",");
            let current = (view.filter() == listing.q && columns == listing.columns).then_some("true");
            let href = of.query(place, &[("q", view.filter()), ("cols", &columns)]);
            view! { <a class="button small" href=href aria-current=current>{view.label()}</a> }
        })
        .collect();
    view! { <nav class="button-row" aria-label="Views">{links}</nav> }.into_any()
}

/// How many risks lie above what is tolerated, and how many of them nobody treats.
fn unattended(place: &Place, register: &RiskRegister, of: As) -> AnyView {
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
                <a class="stat" href=of.query(place, &[("q", filter)])>
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
            RiskColumn::Level => cell(column.label(), level(register, row)),
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

/// The level, and what has to be done where it is above what is tolerated.
fn level(register: &RiskRegister, row: &Row<'_>) -> AnyView {
    let level = match row.level {
        Some(level) => level_chip(register.register.scheme, level),
        None => view! { <span class="muted">"Not rated"</span> }.into_any(),
    };
    let needs = match row.verdict {
        Verdict::NeedsTreatment => Some("needs treatment"),
        Verdict::NeedsAcceptance => Some("needs acceptance"),
        Verdict::Unrated | Verdict::Within | Verdict::Treated => None,
    };
    let needs = needs
        .filter(|_| row.risk.stage != Stage::Closed)
        .map(|words| view! { " "<span class="badge" data-tone="warn">{words}</span> });
    view! { {level}{needs} }.into_any()
}

/// Who answers for the risk, by name.
pub(super) fn owner(place: &Place, risk: &Risk) -> Option<AnyView> {
    let id = risk.owner.as_ref()?;
    let name = place.estate.model.people.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
    Some(view! { <a href=place.paths.person(id)>{name}</a> }.into_any())
}
