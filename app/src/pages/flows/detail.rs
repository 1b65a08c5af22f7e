//! One flow: what it carries, how it is protected, what nobody has said yet.

use std::sync::Arc;

use domain::inventory::work;
use domain::model::catalogue;
use domain::model::element::Holding;
use domain::model::flow::{Flow, FlowControl};
use domain::model::object::{ObjectKind, ObjectRef};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::aspects::{Aspect, Subject};
use super::super::editor::{delete_form, not_done};
use super::super::facts;
use super::super::findings::concern;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::systems::{flow_name, system_name};
use super::confirming;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};
use crate::ui::scope::{Shown, elements, unrecognised};
use crate::ui::table::{cell, count, small};

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let flow = existing(&place, &request)?;
    let name = flow_name(&place.estate.model, &flow);
    let own = place.paths.flow(&flow.id);
    let subject = Subject::of(&request, &place, ObjectRef::Flow(flow.id.clone()), own.clone(), HAS).await?;
    let edit = place.may(Capability::EditModel).then(|| {
        let copy = place.paths.query("flows/new", &[("copy", flow.id.as_str())]);
        view! {
            {header::action(format!("{own}/edit"), "edit", "Edit", true)}
            {header::action(copy, "copy", "Duplicate", false)}
        }
    });
    let on_map = place.paths.query("map", &[("focus", flow.from.as_str())]);
    let concern = concern::link(&place, &ObjectRef::Flow(flow.id.clone()));
    let head = Header::new(name.clone())
        .below(place.paths.page("flows"), "Flows")
        .meta(ends(&place, &flow))
        .actions(view! { {edit}{header::action(on_map, "map", "Show on the map", false)}{concern} });
    let content = match (subject.content(&request, &place).await?, subject.current) {
        (Some(content), _) => content,
        (None, Aspect::Fields) => carries(&place, &flow),
        (None, _) => view! {
            {open_questions(&flow)}
            {carries(&place, &flow)}
            {confirming::section(&request, &place, &flow).await?}
            <div class="cards">{declared(&place, &flow)}{facts::card(&place, ObjectKind::Flow, &flow.facts)}</div>
            {place
                .may(Capability::EditModel)
                .then(|| delete_form("Delete this flow", DELETION.to_owned(), format!("{own}/delete"), &place))}
        }
        .into_any(),
    };
    let body = view! {
        {head.view()}
        {subject.tabs(&place, HAS, &[(Aspect::Fields, flow.fields.len())])}
        {not_done(&request)}
        {content}
    };
    Ok(Screen::inside(&place, Section::Inventory, name, body))
}

/// The pages that a flow has beside its overview.
const HAS: &[Aspect] = &[Aspect::Fields, Aspect::Findings, Aspect::History, Aspect::Comments];

const DELETION: &str =
    "It goes with its fields and facts. The audit trail keeps what it was. The systems at both ends stay.";

pub(super) fn existing(place: &Place, request: &Request) -> Result<Arc<Flow>, Problem> {
    place.estate.model.flows.get(request.path("key").as_str()).cloned().ok_or(Problem::NotFound)
}

fn ends(place: &Place, flow: &Flow) -> AnyView {
    let model = &place.estate.model;
    let end = |id: &domain::id::SystemId| {
        let chip = model.systems.get(id).map(|system| Shown::of(system, place.estate.scope.systems.get(id)).chip());
        view! { <span class="cluster">{chip}<a href=place.paths.system(id)>{system_name(model, id)}</a></span> }
    };
    view! {
        {end(&flow.from)}
        {icon("arrow-right")}
        <span class="visually-hidden">" to "</span>
        {end(&flow.to)}
        <span class="key">{flow.id.to_string()}</span>
    }
    .into_any()
}

/// What nobody has said of the flow yet.
fn open_questions(flow: &Flow) -> AnyView {
    let questions = [
        (
            work::unrecognised(flow),
            "It has field names that nobody recognised. Any may be card data: edit the flow and say what each is.",
        ),
        (
            work::fields_unknown(flow),
            "Nobody has said what it carries. Add its fields, or confirm that it carries no payment data.",
        ),
        (work::encryption_unknown(flow), "Nobody has said whether it is encrypted."),
        (work::auth_unknown(flow), "Nobody has said how the calling side proves who it is."),
    ];
    questions
        .into_iter()
        .filter(|(open, _)| *open)
        .map(|(_, words)| notice(Tone::Warn, words))
        .collect_view()
        .into_any()
}

fn carries(place: &Place, flow: &Flow) -> AnyView {
    let open: Vec<&str> = flow.wire_names.iter().filter(|it| !it.dismissed).map(|it| it.name.as_str()).collect();
    let dismissed: Vec<&str> = flow.wire_names.iter().filter(|it| it.dismissed).map(|it| it.name.as_str()).collect();
    let table = if flow.fields.is_empty() {
        view! { <p class="muted">"No field is declared."</p> }.into_any()
    } else {
        let rows = flow.fields.iter().map(|it| field_row(place, it)).collect();
        let caption = count(flow.fields.len(), "declared field");
        small("fields", caption, &["Element", "Form", "Name on the wire", "Key or mask"], rows)
    };
    view! {
        <section class="section" aria-labelledby="carries">
            <h2 id="carries">"What it carries"</h2>
            {table}
            {(!open.is_empty()).then(|| view! { <p>"Unrecognised names: "{unrecognised(&open)}</p> })}
            {(!dismissed.is_empty()).then(|| view! {
                <p class="meta">{format!("Confirmed as no payment data: {}", dismissed.join(", "))}</p>
            })}
        </section>
    }
    .into_any()
}

fn field_row(place: &Place, it: &Holding) -> AnyView {
    let words = catalogue::element(it.element.as_str()).map_or_else(|| it.element.to_string(), |row| row.name.clone());
    let named = it.facts.get("field_name");
    let wire = named.and_then(|fact| fact.text()).map(str::to_owned);
    let seen = named.and_then(|fact| Some(format!(" seen on {} in {}", fact.as_of?, fact.source.as_ref()?)));
    let key = it.key.as_ref().map(ToString::to_string).or_else(|| it.mask.clone());
    view! {
        <tr>
            <th scope="row">{elements(std::slice::from_ref(it))}" "<a href=place.paths.element(&it.element)>{words}</a></th>
            {cell("Form", it.form.label())}
            {cell("Name on the wire", view! {
                {wire.map(|name| view! { <code>{name}</code> })}
                {seen.map(|seen| view! { <span class="meta">{seen}</span> })}
            })}
            {cell("Key or mask", key.map(|key| view! { <span class="key">{key}</span> }))}
        </tr>
    }
    .into_any()
}

fn declared(place: &Place, flow: &Flow) -> AnyView {
    let model = &place.estate.model;
    let control = flow.control.as_ref().map(|control| match control {
        FlowControl::Record(id) => model.controls.get(id).map_or_else(|| id.to_string(), |it| it.name.clone()),
        FlowControl::Inline { kind, status } => format!("{kind} ({})", status.label()),
    });
    let via: Vec<String> =
        flow.via.iter().map(|via| format!("{} ({})", system_name(model, &via.node), via.mode.label())).collect();
    let credential = flow
        .credential
        .as_ref()
        .map(|id| model.credentials.get(id).map_or_else(|| id.to_string(), |it| it.name.clone()));
    let actions: Vec<&str> = flow.action.iter().map(|it| it.label()).collect();
    let plain = Flow::new(flow.id.clone(), flow.from.clone(), flow.to.clone());
    let stated = |label, differs: bool, words: &str| (label, differs, Some(words.to_owned()));
    facts::declared(vec![
        stated("Kind", flow.kind != plain.kind, flow.kind.label()),
        ("Protocol", true, Some(flow.protocol.label().to_owned())),
        ("Encryption", true, Some(flow.encryption.label().to_owned())),
        ("Authentication", true, Some(flow.auth.label().to_owned())),
        ("Credential", true, credential),
        stated("Opened by", flow.initiator != plain.initiator, flow.initiator.label()),
        stated("Network lets through", flow.access != plain.access, flow.access.label()),
        ("Control", true, control),
        ("By way of", true, (!via.is_empty()).then(|| via.join(", "))),
        stated("Medium", flow.channel != plain.channel, flow.channel.label()),
        stated("Stage of life", flow.stage != plain.stage, flow.stage.label()),
        ("What it does", true, (!actions.is_empty()).then(|| actions.join(", "))),
    ])
}
