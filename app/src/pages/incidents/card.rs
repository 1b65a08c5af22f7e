//! A card number where none should be: how it came there, what travelled with it, and the answers of people.

use domain::id::SystemId;
use domain::incident::Incident;
use domain::incident::draft::TEXT_MAX;
use domain::incident::record::Phase;
use domain::incident::step::case_to_form;
use domain::incident::unexpected::{Disposal, upstream};
use domain::lineage::{Hop, Way};
use domain::model::catalogue;
use domain::model::draft::options;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::one_of;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::pairs;
use super::super::systems::{flow_name, system_name};
use super::{limit, step_form, trouble};
use crate::ui::field::{Input, field, hidden};
use crate::ui::header::Header;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, small};

const LEDE: &str = "Where it came from, whether authentication data came with it, what is done with the data, and how the way is closed.";

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let key = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let history = request.backend()?.incident(&place.estate.workspace.id, key).await?;
    let incident = &history.incident;
    let edits = place.may(Capability::EditModel) && incident.phase != Phase::Closed;
    let title = format!("Card number found, {key}");
    let head = Header::new(title.clone())
        .below(place.paths.page("incidents"), "Incidents")
        .below(place.paths.incident(key), incident.title.clone())
        .lede(LEDE);
    let body = view! {
        {head.view()}
        {trouble(&request, label)}
        {gaps(incident)}
        {incident.card_case.as_ref().map(|case| way(&place, &case.system))}
        {if edits { form(&request, &place, incident, history.revision) } else { answers(incident) }}
    };
    Ok(Screen::inside(&place, Section::Incidents, title, body))
}

/// What is left to do.
fn gaps(incident: &Incident) -> Option<AnyView> {
    let case = incident.card_case.as_ref()?;
    let gaps: Vec<_> = case.gaps().into_iter().map(|gap| view! { <li>{gap.label()}</li> }).collect();
    Some(if gaps.is_empty() {
        notice(Tone::Ok, "Everything that has to be answered is answered.")
    } else {
        view! {
            <section class="card" aria-labelledby="left">
                <h2 id="left">"What is left to do"</h2>
                <ul>{gaps}</ul>
            </section>
        }
        .into_any()
    })
}

/// What the map knows about how it came there.
fn way(place: &Place, on: &SystemId) -> AnyView {
    let model = &place.estate.model;
    let found = upstream(model, on);
    let system = |id: &SystemId| {
        let href = place.paths.system(id);
        view! { <a href=href>{system_name(model, id)}</a> }.into_any()
    };
    let flow = |id: &domain::id::FlowId| {
        let name = model.flows.get(id).map_or_else(|| id.to_string(), |it| flow_name(model, it));
        view! { <a href=place.paths.flow(id)>{name}</a> }.into_any()
    };
    let hop = |hop: &Hop| {
        let over = match &hop.by {
            Way::Flow(id) | Way::Via(id) => Some(flow(id)),
            _ => None,
        };
        let over = over.map(|over| view! { " over "{over} });
        view! { <li>{system(&hop.from)}" to "{system(&hop.to)}{over}</li> }.into_any()
    };
    let path: Vec<_> = found.path.iter().map(hop).collect();
    let path = if path.is_empty() {
        view! { <p class="muted">"The map knows no way on which it comes here. Look for one that nobody declared."</p> }
            .into_any()
    } else {
        view! { <ol>{path}</ol> }.into_any()
    };
    let authentication: Vec<_> = found
        .authentication
        .iter()
        .map(|(id, element)| {
            let name = catalogue::element(element.as_str()).map_or_else(|| element.to_string(), |it| it.name.clone());
            view! { <tr><th scope="row">{name}</th>{cell("Carried by", flow(id))}</tr> }.into_any()
        })
        .collect();
    let travelled = if authentication.is_empty() {
        view! { <p>"No flow on these ways is declared to carry authentication data."</p> }.into_any()
    } else {
        let caption = format!("{} of authentication data on these ways", count(authentication.len(), "sighting"));
        small("authentication", caption, &["Element", "Carried by"], authentication)
    };
    let held: Vec<String> = found.held.iter().map(ToString::to_string).collect();
    let held = (!held.is_empty()).then(|| {
        notice(Tone::Error, format!("The system itself is declared to hold authentication data: {}.", held.join(", ")))
    });
    let list = |items: Vec<AnyView>| {
        let items: Vec<_> = items.into_iter().map(|it| view! { <li>{it}</li> }).collect();
        view! { <ul class="cluster">{items}</ul> }
    };
    let from: Vec<_> = found.systems.iter().map(system).collect();
    let from = (!from.is_empty()).then(|| {
        view! { <div><dt>"It can have come from"</dt><dd>{list(from)}</dd></div> }
    });
    let unknown: Vec<_> = found.unknown.iter().map(flow).collect();
    let unknown = (!unknown.is_empty()).then(|| {
        view! { <div><dt>"Nobody says what these carry"</dt><dd>{list(unknown)}</dd></div> }
    });
    view! {
        <section class="section" aria-labelledby="upstream">
            <h2 id="upstream">"How it came to "{system(on)}</h2>
            {path}
            {held}
            {travelled}
            <dl class="key-value">{from}{unknown}</dl>
        </section>
    }
    .into_any()
}

fn form(request: &Request, place: &Place, incident: &Incident, revision: i64) -> AnyView {
    let form = step_form(request, "case", || case_to_form(incident.card_case.as_ref()));
    let systems = options::systems(&place.estate.model);
    let looked = [("yes", "Yes, it was found"), ("no", "No, somebody looked")]
        .map(|(value, label)| (value.to_owned(), label.to_owned()));
    let decisions = pairs(Disposal::ALL, |it| (it.as_str(), it.label()));
    let line = Input { most: limit(TEXT_MAX), ..Input::default() };
    view! {
        <form class="form" method="post" action=place.paths.incident(incident.key)>
            {hidden("rev", revision.to_string())}
            {hidden("step", "case".to_owned())}
            {one_of(field(&form, "case_system", "Where it was found").hint("None takes the case away."), "None", &systems)}
            {field(&form, "sad_found", "Was authentication data found with it?")
                .select(Some("Nobody has looked"), &looked)}
            {field(&form, "decision", "What is done with the data").select(Some("Not decided"), &decisions)}
            {field(&form, "evidence", "What shows that it was done").optional().input(line)}
            {field(&form, "source", "Where it came from").optional().area_of(limit(TEXT_MAX))}
            {field(&form, "fix", "How that way is closed").optional().area_of(limit(TEXT_MAX))}
            <div class="button-row">
                <button class="button primary">"Save the answers"</button>
                <a class="button quiet" href=place.paths.incident(incident.key)>"Cancel"</a>
            </div>
        </form>
    }
    .into_any()
}

/// The answers for somebody who reads.
fn answers(incident: &Incident) -> AnyView {
    let Some(case) = &incident.card_case else {
        return view! { <p class="muted">"No card number was found in this incident."</p> }.into_any();
    };
    let found = case.sad_found.map_or("Nobody has looked", |found| if found { "Found" } else { "Not found" });
    let line = |label: &'static str, value: String| {
        let value = if value.is_empty() { "Not said yet".to_owned() } else { value };
        view! { <div><dt>{label}</dt><dd>{value}</dd></div> }
    };
    view! {
        <section class="card" aria-labelledby="answers">
            <h2 id="answers">"The answers"</h2>
            <dl class="key-value">
                {line("Authentication data", found.to_owned())}
                {line("What is done with the data", case.decision.map_or("", |it| it.label()).to_owned())}
                {line("What shows that it was done", case.evidence.clone().unwrap_or_default())}
                {line("Where it came from", case.source.clone())}
                {line("How that way is closed", case.fix.clone())}
            </dl>
        </section>
    }
    .into_any()
}

fn label(name: &str) -> Option<String> {
    let label = match name {
        "case_system" => "Where it was found",
        "sad_found" => "Was authentication data found with it?",
        "decision" => "What is done with the data",
        "evidence" => "What shows that it was done",
        "source" => "Where it came from",
        "fix" => "How that way is closed",
        _ => return None,
    };
    Some(label.to_owned())
}
