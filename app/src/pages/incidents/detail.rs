//! One incident: what is known, who has to be told, what happened, what is done, and what it was before.

use domain::backend::incidents::{IncidentBook, IncidentHistory, IncidentVersion};
use domain::incident::change::changes;
use domain::incident::record::Phase;
use domain::incident::step::proposed;
use domain::incident::{Incident, draft};
use domain::problem::Problem;
use domain::risk::action::Action;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::{link_view, person};
use super::{
    closing, counted, deadlines, limit, phase, playbooks, severity, sheet_address, start_link, step_form, trouble,
};
use crate::ui::field::{Input, field, hidden};
use crate::ui::header::{self, Header};
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, small};

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let key = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let history = request.backend()?.incident(&place.estate.workspace.id, key).await?;
    let book = request.backend()?.incidents(&place.estate.workspace.id).await?;
    let risks = request.backend()?.risks(&place.estate.workspace.id).await?.risks;
    let incident = &history.incident;
    let own = place.paths.incident(key);
    let open = incident.phase != Phase::Closed;
    let edits = place.may(Capability::EditModel) && open;
    let sheet = incident.start.as_ref().map(|start| {
        header::action(
            sheet_address(&place, "containment", start, Some(incident)),
            "checklist",
            "Containment sheet",
            false,
        )
    });
    let card = (incident.card_case.is_some() || edits)
        .then(|| header::action(format!("{own}/card"), "search", "Card number found", false));
    let edit = edits.then(|| header::action(format!("{own}/edit"), "edit", "Edit", true));
    let head = Header::new(incident.title.clone())
        .below(place.paths.page("incidents"), "Incidents")
        .meta(meta(&place, incident))
        .actions(view! { {sheet}{card}{edit} });
    let risks: Vec<_> = incident
        .risks
        .iter()
        .map(|key| {
            let name = risks.get(key).map(|it| it.title.clone()).unwrap_or_default();
            view! { <li><a href=place.paths.risk(*key)>{format!("{key} {name}")}</a></li> }.into_any()
        })
        .collect();
    let body = view! {
        {head.view()}
        {trouble(&request, label)}
        {incident.drill.then(|| notice(Tone::Info, "This is a drill: nobody outside is told."))}
        <div class="cards">
            {known(&place, incident)}
            {cause(incident)}
            {about(&place, incident, risks)}
        </div>
        {deadlines::section(&request, &place, &book, &history, edits)}
        {timeline(&request, &place, &book, &history, edits)}
        {actions(&place, incident)}
        {playbooks::of_incident(&place, &book, incident)}
        {closing::section(&request, &place, &book, &history)}
        {versions(&history)}
    };
    Ok(Screen::inside(&place, Section::Incidents, incident.title.clone(), body))
}

fn meta(place: &Place, incident: &Incident) -> AnyView {
    view! {
        {severity(incident.level)}
        {phase(incident)}
        {incident.drill.then(|| view! { <span class="badge" data-tone="info">"Drill"</span> })}
        {incident.lead.as_ref().map(|it| view! { <span>"lead "{person(place, it)}</span> })}
        <span class="key">{incident.key.to_string()}</span>
    }
    .into_any()
}

fn known(place: &Place, incident: &Incident) -> AnyView {
    let line = |label: &'static str, value: AnyView| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let unknown = || view! { <span class="muted">"Not known yet"</span> }.into_any();
    let data: Vec<&str> = incident.data.iter().map(|it| it.label()).collect();
    let places: Vec<&str> = incident.jurisdictions.iter().map(String::as_str).collect();
    let text = |parts: Vec<&str>| if parts.is_empty() { unknown() } else { parts.join(", ").into_any() };
    let closed = incident.closed_at.map(|at| line("Closed", at.to_string().into_any()));
    view! {
        <section class="card" aria-labelledby="known">
            <h2 id="known">"What is known"</h2>
            <dl class="key-value">
                {line("Detected", incident.detected_at.to_string().into_any())}
                {line("Began", incident.began_at.map_or_else(unknown, |at| at.to_string().into_any()))}
                {line("Assumed hostile", incident.start.as_ref().map_or_else(unknown, |it| start_link(place, it)))}
                {line("Data", text(data))}
                {line("Where people or cards are affected", text(places))}
                {closed}
            </dl>
        </section>
    }
    .into_any()
}

fn cause(incident: &Incident) -> AnyView {
    let words = if incident.root_cause.is_empty() {
        view! { <p class="muted">"Nobody says yet why it could happen."</p> }.into_any()
    } else {
        view! { <p>{incident.root_cause.clone()}</p> }.into_any()
    };
    view! { <section class="card" aria-labelledby="cause"><h2 id="cause">"Root cause"</h2>{words}</section> }.into_any()
}

fn about(place: &Place, incident: &Incident, risks: Vec<AnyView>) -> Option<AnyView> {
    let links: Vec<_> =
        incident.links.iter().map(|link| view! { <li>{link_view(place, link)}</li> }.into_any()).collect();
    let list = |id: &'static str, heading: &'static str, items: Vec<AnyView>| {
        (!items.is_empty()).then(|| view! { <div><h2 id=id>{heading}</h2><ul class="list-rows">{items}</ul></div> })
    };
    (!links.is_empty() || !risks.is_empty()).then(|| {
        view! {
            <section class="card" aria-label="What it is about">
                {list("affected", "What is affected", links)}
                {list("risks", "Risks that it showed", risks)}
            </section>
        }
        .into_any()
    })
}

fn timeline(request: &Request, place: &Place, book: &IncidentBook, history: &IncidentHistory, edits: bool) -> AnyView {
    let incident = &history.incident;
    let rows: Vec<_> = incident
        .timeline
        .iter()
        .map(|entry| {
            view! {
                <tr>
                    <th scope="row" data-label="When">{entry.at.to_string()}</th>
                    {cell("What", entry.what.clone())}
                    {cell("Written down by", person(place, &entry.by))}
                    {cell("Written down", entry.noted_at.to_string())}
                </tr>
            }
            .into_any()
        })
        .collect();
    let table = if rows.is_empty() {
        view! { <p class="muted">"Nothing is written down yet."</p> }.into_any()
    } else {
        let columns = ["When", "What", "Written down by", "Written down"];
        small("timeline", counted(rows.len(), "entry", "entries"), &columns, rows)
    };
    let form = edits.then(|| {
        let form = step_form(request, "note", || vec![("at".to_owned(), proposed(book.now))]);
        view! {
            <form class="form card" method="post" action=place.paths.incident(incident.key)>
                {hidden("rev", history.revision.to_string())}
                {hidden("step", "note".to_owned())}
                <div class="field-row">
                    {field(&form, "at", "When it happened").hint("In UTC.").input(INSTANT)}
                </div>
                {field(&form, "what", "What happened").area_of(limit(draft::TEXT_MAX))}
                <div class="button-row"><button class="button">"Write it down"</button></div>
            </form>
        }
    });
    view! {
        <section class="section" aria-labelledby="timeline-heading">
            <header class="section-header"><h2 id="timeline-heading">"What happened"</h2></header>
            {table}
            {form}
        </section>
    }
    .into_any()
}

/// A field for day and time.
pub(super) const INSTANT: Input = Input { kind: "datetime-local", most: 0, complete: "off", class: "" };

fn actions(place: &Place, incident: &Incident) -> Option<AnyView> {
    let rows: Vec<_> = incident.actions.iter().map(|action| action_row(place, action)).collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="actions-heading">
                <header class="section-header"><h2 id="actions-heading">"What is done about it"</h2></header>
                {small("actions", count(incident.actions.len(), "action"), &["What", "Who", "Due", "State"], rows)}
            </section>
        }
        .into_any()
    })
}

fn action_row(place: &Place, action: &Action) -> AnyView {
    let late =
        action.is_late(place.estate.today).then(|| view! { " "<span class="badge" data-tone="error">"late"</span> });
    view! {
        <tr>
            <th scope="row" data-label="What">{format!("{}. {}", action.number, action.what)}</th>
            {cell("Who", action.who.as_ref().map(|it| person(place, it)))}
            {cell("Due", action.due.map(|day| view! { <span>{day.to_string()}{late}</span> }))}
            {cell("State", action.state.label())}
        </tr>
    }
    .into_any()
}

/// What each save changed, field by field, the newest first.
fn versions(history: &IncidentHistory) -> AnyView {
    let items: Vec<_> = history
        .versions
        .iter()
        .enumerate()
        .map(|(at, version)| version_view(version, history.versions.get(at + 1)))
        .collect();
    view! {
        <details>
            <summary>{format!("History, {}", count(history.versions.len(), "version"))}</summary>
            <ol class="stack">{items}</ol>
        </details>
    }
    .into_any()
}

fn version_view(version: &IncidentVersion, before: Option<&IncidentVersion>) -> AnyView {
    let by = version.by.clone().unwrap_or_else(|| "the command line".to_owned());
    let changed: Vec<_> = before
        .map(|before| changes(&before.incident, &version.incident))
        .unwrap_or_default()
        .into_iter()
        .map(|change| {
            let field = change.field.replace(['_', '.'], " ");
            let said = |values: &[String]| if values.is_empty() { "nothing".to_owned() } else { values.join(", ") };
            view! { <li><strong>{field}</strong>{format!(": {} became {}", said(&change.was), said(&change.is))}</li> }
        })
        .collect();
    let first = before.is_none().then(|| view! { <p class="meta">"The first version that is kept here."</p> });
    view! { <li><p>{format!("{}, {by}", version.at)}</p>{first}<ul>{changed}</ul></li> }.into_any()
}

fn label(name: &str) -> Option<String> {
    let label = match name {
        "at" => "When it happened",
        "what" => "What happened",
        "duty" => "Which duty",
        "whom" => "Whom exactly",
        "told_at" => "When they were told",
        "by" => "Told by",
        "reference" => "Where that is recorded",
        "late_because" => "Why it was late",
        "reason" => "Why it is open again",
        _ => return None,
    };
    Some(label.to_owned())
}
