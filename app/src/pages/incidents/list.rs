//! The incidents, the open ones first.

use domain::backend::incidents::IncidentBook;
use domain::incident::deadline::{DeadlineState, deadlines, left};
use domain::incident::record::Phase;
use domain::incident::{Deadline, Incident};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::person;
use super::{phase, severity, tabs};
use crate::ui::header::{self, Header};
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, small};

const LEDE: &str = "What happened, who has to be told until when, and what was agreed for such a case.";

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.incidents(&place.estate.workspace.id).await?;
    let edits = place.may(Capability::EditModel);
    let add = || header::action(place.paths.page("incidents/new"), "plus", "Open an incident", true);
    let file = place
        .may(Capability::ExportModel)
        .then(|| header::action(place.paths.page("export/incidents"), "download", "CSV", false));
    let content = if book.incidents.is_empty() {
        let sentence = "Open one as soon as something is suspected: every deadline counts from when it was detected.";
        empty_state("bell", "No incidents", sentence, edits.then(add))
    } else {
        tables(&place, &book)
    };
    let body = view! {
        {Header::new("Incidents").lede(LEDE).actions(view! { {file}{edits.then(add)} }).view()}
        {tabs(&place, "incidents")}
        {content}
    };
    Ok(Screen::inside(&place, Section::Incidents, "Incidents", body))
}

fn tables(place: &Place, book: &IncidentBook) -> AnyView {
    let (closed, open): (Vec<&Incident>, Vec<&Incident>) =
        book.incidents.values().rev().partition(|it| it.phase == Phase::Closed);
    let columns = ["Severity", "Incident", "Phase", "Detected", "Lead", "Next to tell", "Open actions"];
    let table = |id: &'static str, what: &str, of: &[&Incident]| {
        let rows = of.iter().map(|it| row(place, book, it)).collect();
        small(id, format!("{}, {what}", count(of.len(), "incident")), &columns, rows)
    };
    let none = open.is_empty().then(|| view! { <p class="muted">"No incident is open."</p> });
    view! {
        {none}
        {(!open.is_empty()).then(|| table("open-incidents", "open", &open))}
        {(!closed.is_empty()).then(|| table("closed-incidents", "closed", &closed))}
    }
    .into_any()
}

/// The first duty of an incident that nobody met yet.
fn next_duty(book: &IncidentBook, incident: &Incident) -> Option<Deadline> {
    if incident.phase == Phase::Closed || incident.drill {
        return None;
    }
    let all = deadlines(incident, &book.preparation.value.table, book.now);
    all.into_iter().find(|it| matches!(it.state, DeadlineState::Late | DeadlineState::Open))
}

fn row(place: &Place, book: &IncidentBook, incident: &Incident) -> AnyView {
    let drill = incident.drill.then(|| view! { " "<span class="badge" data-tone="info">"Drill"</span> });
    let next = next_duty(book, incident).map(|it| {
        let tone = if it.state == DeadlineState::Late { "error" } else { "warn" };
        let time = left(it.due, book.now);
        view! { <span>{it.whom}" "<span class="badge" data-tone=tone>{time}</span></span> }
    });
    let open = incident.actions.iter().filter(|it| it.state.is_open()).count();
    view! {
        <tr>
            {cell("Severity", severity(incident.level))}
            <th scope="row" data-label="Incident">
                <a href=place.paths.incident(incident.key)>{incident.title.clone()}</a>
                " "
                <span class="key">{incident.key.to_string()}</span>
                {drill}
            </th>
            {cell("Phase", phase(incident))}
            {cell("Detected", incident.detected_at.to_string())}
            {cell("Lead", incident.lead.as_ref().map(|it| person(place, it)))}
            {cell("Next to tell", next)}
            {cell("Open actions", (open > 0).then(|| open.to_string()))}
        </tr>
    }
    .into_any()
}
