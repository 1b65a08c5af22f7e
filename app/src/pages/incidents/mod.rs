//! Incidents: the list, one of them, its forms, and what is prepared for them.

pub(super) mod card;
mod closing;
pub(super) mod containment;
mod deadlines;
pub(super) mod detail;
pub(super) mod drills;
pub(super) mod duties;
pub(super) mod edit;
pub(super) mod list;
pub(super) mod playbooks;

use domain::backend::incidents::IncidentBook;
use domain::blast::Start;
use domain::incident::Incident;
use domain::incident::record::Phase;
use domain::inventory::title;
use domain::model::Model;
use domain::model::catalogue;
use domain::model::object::ObjectRef;
use domain::problem::Problem;
use domain::risk::Level;
use domain::role::Capability;
use leptos::prelude::*;

use super::editor::not_done;
use super::request::{Place, Request};
use super::risks::level_chip;
use crate::ui::form::FormState;

/// The pages about incidents beside each other.
fn tabs(place: &Place, now: &str) -> AnyView {
    let tab = |page: &str, label: &'static str| {
        let current = (page == now).then_some("page");
        view! { <a href=place.paths.page(page) aria-current=current>{label}</a> }
    };
    view! {
        <nav class="tabs" aria-label="Incidents">
            {tab("incidents", "Incidents")}
            {tab("incidents/duties", "Duties")}
            {tab("incidents/playbooks", "Playbooks")}
            {tab("incidents/drills", "Drills")}
            {tab("containment", "Containment")}
        </nav>
    }
    .into_any()
}

/// How bad it is, as a chip.
fn severity(level: Option<Level>) -> AnyView {
    match level {
        Some(level) => level_chip(domain::risk::Scheme::Nist, level),
        None => view! { <span class="muted">"Not rated"</span> }.into_any(),
    }
}

fn phase(incident: &Incident) -> AnyView {
    let tone = match incident.phase {
        Phase::Open => "error",
        Phase::Contained | Phase::Recovered => "warn",
        Phase::Closed => "ok",
    };
    view! { <span class="badge" data-tone=tone>{incident.phase.label()}</span> }.into_any()
}

/// What a start is called.
fn start_name(model: &Model, start: &Start) -> String {
    let of = |object: ObjectRef| model.get(&object).map(|it| title(&it, model));
    let name = match start {
        Start::System { id } => of(ObjectRef::System(id.clone())),
        Start::Credential { id } => of(ObjectRef::Credential(id.clone())),
        Start::Vendor { id } => of(ObjectRef::Vendor(id.clone())),
        Start::Connector { .. } => None,
        Start::Field { element } => catalogue::element(element.as_str()).map(|it| it.name.clone()),
    };
    name.unwrap_or_else(|| start.to_string())
}

/// A start with its blast radius on the map.
fn start_link(place: &Place, start: &Start) -> AnyView {
    let name = start_name(&place.estate.model, start);
    let href = place.paths.query("map", &[("mode", "blast"), ("start", &start.to_string())]);
    view! { <a href=href>{name}</a> }.into_any()
}

/// The sheet of a start, for an incident where it is one: the page or the file.
fn sheet_address(place: &Place, page: &str, start: &Start, about: Option<&Incident>) -> String {
    let key = about.map(|it| it.key.to_string()).unwrap_or_default();
    place.paths.query(page, &[("start", &start.to_string()), ("incident", &key)])
}

/// Whatever a start can be chosen from: systems, credentials and vendors by name, whatever else stands there by itself.
fn starts(model: &Model) -> Vec<(String, String)> {
    let systems = model.systems.values().map(|it| (format!("system:{}", it.id), format!("System {}", it.name)));
    let credentials =
        model.credentials.values().map(|it| (format!("credential:{}", it.id), format!("Credential {}", it.name)));
    let vendors = model.vendors.values().map(|it| (format!("vendor:{}", it.id), format!("Vendor {}", it.name)));
    let mut all: Vec<(String, String)> = systems.chain(credentials).chain(vendors).collect();
    all.sort_by(|one, other| (one.1.to_lowercase(), &one.0).cmp(&(other.1.to_lowercase(), &other.0)));
    all
}

/// The page of somebody who may change what it shows.
async fn editable(request: &Request) -> Result<(Place, IncidentBook), Problem> {
    let place = request.place().await?;
    if !place.may(Capability::EditModel) {
        return Err(Problem::Forbidden);
    }
    let book = request.backend()?.incidents(&place.estate.workspace.id).await?;
    Ok((place, book))
}

/// The form of one step of a page that has several: as it was posted where that step was taken, else with these values.
fn step_form(request: &Request, step: &str, values: impl FnOnce() -> Vec<(String, String)>) -> FormState {
    let posted = request
        .submitted
        .as_ref()
        .is_some_and(|it| it.form.iter().any(|(name, value)| name == "step" && value == step));
    if posted { request.form(Vec::new) } else { FormState::new(values()) }
}

/// What was wrong with the form that the page answers, above everything: linked to its fields where it has some.
fn trouble(request: &Request, label: impl Fn(&str) -> Option<String>) -> AnyView {
    match request.problem() {
        Some(Problem::Invalid(errors)) if errors.iter().any(|it| label(&it.field).is_some()) => {
            request.form(Vec::new).summary(label)
        }
        _ => not_done(request).into_any(),
    }
}

/// A number of things whose name changes at its end: `1 entry`, `2 entries`.
fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn limit(characters: usize) -> u32 {
    u32::try_from(characters).unwrap_or(u32::MAX)
}
