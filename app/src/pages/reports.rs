//! Reports for people: each as a page that prints, and each of its tables as a file.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::backend::{Backend, Estate};
use domain::findings::Identity;
use domain::findings::life::Record;
use domain::moment::Moment;
use domain::problem::Problem;
use domain::report::disclosure::disclosure;
use domain::report::field_inventory::field_inventory;
use domain::report::measures::{self, measure};
use domain::report::risk::{self, risk_report};
use domain::report::scope_statement::{self, SignOff, scope_statement};
use domain::report::subject_request::{categories, subject_request};
use domain::report::{Report, ReportKind, Table};
use domain::review::ReviewKind;
use domain::review::seal::in_force;
use domain::risk::view::trend::Span;
use domain::role::Capability;
use domain::schedule::Planned;
use domain::time::Timestamp;
use leptos::prelude::*;

use super::evidence;
use super::frame::{Screen, Section};
use super::request::{Place, Request};
use crate::ui::header::{self, Header};
use crate::ui::table::{cell, count, small};

/// The most rows of a table that a page shows. The file has all.
const SHOWN: usize = 500;

/// Every report, each with what it answers.
pub(super) async fn list(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let shown: Vec<&ReportKind> = ReportKind::ALL.iter().filter(|it| place.works() || it.is_of_the_model()).collect();
    let rows = shown
        .iter()
        .map(|kind| {
            view! {
                <tr>
                    <th scope="row" data-label="Report">
                        <a href=address(&place, **kind)>{kind.label()}</a>
                    </th>
                    {cell("What it answers", answers(**kind))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let caption = count(shown.len(), "report");
    let head = Header::new("Reports")
        .below(place.paths.page("evidence"), "Evidence")
        .lede("Made from what is entered, each time you look. They print, and every table is a file.");
    let body = view! {
        {head.view()}
        {evidence::tabs(&place, "reports")}
        {small("reports", caption, &["Report", "What it answers"], rows)}
    };
    Ok(Screen::inside(&place, Section::Evidence, "Reports", body))
}

/// One report.
pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let kind: ReportKind = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let about = request.query("about");
    let report = report(request.backend()?, &place.estate, kind, about.as_deref()).await?;
    let choice = (kind == ReportKind::SubjectRequest).then(|| choice(&place, about.as_deref()));
    let sentences: Vec<_> = report.sentences.iter().map(|it| view! { <p>{it.clone()}</p> }).collect();
    let tables: Vec<_> = report.tables.iter().map(|it| table(&place, kind, it, about.as_deref())).collect();
    let document = place.estate.allows(Capability::ExportModel).then(|| {
        let page = format!("export/documents/{kind}");
        let href = place.paths.query(&page, &[("about", about.as_deref().unwrap_or_default())]);
        header::action(href, "download", "PDF", false)
    });
    let head = Header::new(report.title.clone())
        .below(place.paths.page("evidence"), "Evidence")
        .below(place.paths.page("reports"), "Reports")
        .lede(answers(kind))
        .meta(format!("As of {}", report.as_of))
        .actions(document);
    let body = view! {
        {head.view()}
        {choice}
        <div class="stack">{sentences}</div>
        {tables}
    };
    Ok(Screen::inside(&place, Section::Evidence, report.title, body))
}

/// Makes a report of an estate. `about` names the category of person of a data subject request.
///
/// # Errors
/// Those of what the report is made of; `NotFound` where there is no such category of person.
pub async fn report(
    backend: &Arc<dyn Backend>,
    estate: &Arc<Estate>,
    kind: ReportKind,
    about: Option<&str>,
) -> Result<Report, Problem> {
    let model = &estate.model;
    Ok(match kind {
        ReportKind::ScopeStatement => {
            let profile = backend.entity(&estate.workspace.id).await?.entity;
            let sign_offs = sign_offs(backend, estate).await?;
            let sources =
                scope_statement::Sources { model, scope: &estate.scope, profile: &profile, sign_offs: &sign_offs };
            scope_statement(&sources)
        }
        ReportKind::FieldInventory => field_inventory(model, &estate.scope),
        ReportKind::Disclosure => disclosure(model),
        ReportKind::SubjectRequest => {
            let known = categories(model);
            let category = match about.filter(|it| !it.is_empty()) {
                None => None,
                Some(key) => Some(known.iter().find(|it| it.as_str() == key).ok_or(Problem::NotFound)?),
            };
            subject_request(model, category)
        }
        ReportKind::Risks => {
            let register = backend.risks(&estate.workspace.id).await?;
            let trend = backend.risk_trend(&estate.workspace.id, Span::Months).await?;
            risk_report(&risk::Sources {
                model,
                register: &register.register,
                risks: &register.risks,
                acceptances: &register.acceptances,
                trend: &trend,
                today: estate.today,
            })
        }
        ReportKind::Measures => {
            let book = backend.schedules(&estate.workspace.id).await?;
            let records = backend.records(estate).await?;
            let schedules: Vec<&Planned> = book.schedules.values().map(|it| &it.value).collect();
            let of = |estate: &Estate, records: &BTreeMap<Identity, Record>, now: Timestamp| {
                let findings: Vec<&Record> = records.values().collect();
                measure(&measures::Sources {
                    model: &estate.model,
                    scope: &estate.scope,
                    findings: &findings,
                    schedules: &schedules,
                    zone: &book.zone,
                    now,
                })
            };
            let measured = of(estate, &records, estate.moment.instant().unwrap_or(book.now));
            let mut earlier = Vec::new();
            if estate.moment == Moment::Now {
                let taken = backend.snapshots(&estate.workspace.id).await?;
                for (day, key) in measures::of_quarters(&taken, estate.today) {
                    let then = backend.estate_at(&estate.workspace.id, key).await?;
                    let records = backend.records(&then).await?;
                    earlier.push((day, of(&then, &records, day.plus_days(1).start())));
                }
            }
            measures::measures(&measured, estate.today, &earlier)
        }
    })
}

/// The confirmations of the scope that hold, the newest first. Seals that were altered confirm nothing.
async fn sign_offs(backend: &Arc<dyn Backend>, estate: &Arc<Estate>) -> Result<Vec<SignOff>, Problem> {
    let book = backend.reviews(&estate.workspace.id).await?;
    let seals: Vec<_> = book.seals.iter().filter_map(|(_, seal, _)| seal.clone()).collect();
    let hash = |key| book.seals.iter().find(|(it, ..)| *it == key).map(|(.., sealed)| sealed.hash.clone());
    let person =
        |id: &domain::id::PersonId| estate.model.people.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
    let mut found: Vec<SignOff> = in_force(&seals)
        .into_iter()
        .filter(|it| it.kind == ReviewKind::Scope)
        .map(|seal| SignOff {
            seal: seal.key.to_string(),
            name: seal.name.clone(),
            on: seal.as_of,
            signers: seal.signatures.iter().map(|it| format!("{} ({})", person(&it.signer), it.part.label())).collect(),
            hash: hash(seal.key).unwrap_or_default(),
        })
        .collect();
    found.reverse();
    Ok(found)
}

const fn answers(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::ScopeStatement => "What is in scope, what is not and why, and who confirmed it (PCI DSS 12.5.2).",
        ReportKind::FieldInventory => "Which element is where, in which form, what for, and for how long.",
        ReportKind::Disclosure => "Which data goes to which other organisation, and why.",
        ReportKind::SubjectRequest => "Where data about a category of person is, what for, and whom to ask.",
        ReportKind::Risks => "How bad it is and was, what is accepted until when, and what the actions cost.",
        ReportKind::Measures => "How much is unknown, unowned, unconfirmed, old or late. Counted, never scored.",
    }
}

fn address(place: &Place, kind: ReportKind) -> String {
    place.paths.page(&format!("reports/{kind}"))
}

/// About whom: one of the categories of person that the model names, or everybody.
fn choice(place: &Place, about: Option<&str>) -> AnyView {
    let options: Vec<_> = categories(&place.estate.model)
        .into_iter()
        .map(|it| {
            let key = it.to_string();
            let chosen = about == Some(key.as_str());
            let value = key.clone();
            view! { <option value=value selected=chosen>{key}</option> }
        })
        .collect();
    view! {
        <form class="button-row" method="get" action=address(place, ReportKind::SubjectRequest)>
            <label for="about">"About"</label>
            <select class="input" id="about" name="about">
                <option value="">"Everybody"</option>
                {options}
            </select>
            <button class="button">"Show"</button>
        </form>
    }
    .into_any()
}

fn table(place: &Place, kind: ReportKind, it: &Table, about: Option<&str>) -> AnyView {
    let labels: Vec<&'static str> = it.columns.iter().map(|it| it.label).collect();
    let row = |row: &Vec<String>| {
        let cells: Vec<_> = row.iter().zip(&labels).map(|(text, label)| cell(label, text.clone())).collect();
        view! { <tr>{cells}</tr> }.into_any()
    };
    let rows: Vec<AnyView> = it.rows.iter().take(SHOWN).map(row).collect();
    let caption = if it.rows.len() > SHOWN {
        format!("The first {SHOWN} of {}", count(it.rows.len(), "row"))
    } else {
        count(it.rows.len(), "row")
    };
    let file = (place.estate.allows(Capability::ExportModel) && !it.rows.is_empty()).then(|| {
        let page = format!("export/reports/{kind}");
        let href = place.paths.query(&page, &[("table", it.name), ("about", about.unwrap_or_default())]);
        header::action(href, "download", "CSV", false)
    });
    let content = if it.rows.is_empty() {
        view! { <p class="meta">"Nothing to show."</p> }.into_any()
    } else {
        small(format!("rows-{}", it.name), caption, &labels, rows)
    };
    view! {
        <section class="section" aria-labelledby=it.name>
            <h2 id=it.name>{it.title.clone()}</h2>
            {(!it.note.is_empty()).then(|| view! { <p class="meta">{it.note.clone()}</p> })}
            {content}
            {file}
        </section>
    }
    .into_any()
}
