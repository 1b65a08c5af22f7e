//! One system: what it is to the scope and why, what it holds, what goes in and out.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{ElementId, SystemId};
use domain::model::catalogue;
use domain::model::element::{Form, Holding};
use domain::model::flow::Flow;
use domain::model::object::{ObjectKind, ObjectRef};
use domain::model::system::{ManageTarget, System};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::aspects::{Aspect, Subject};
use super::super::editor::{delete_form, not_done};
use super::super::facts;
use super::super::findings::concern;
use super::super::firm;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::why;
use super::super::work::carried;
use super::{flow_name, owner_name, segment_name, system_name};
use crate::ui::field::hidden;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::scope::{Shown, elements};
use crate::ui::table::{cell, count, small};

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let id = SystemId::new(request.path("key"));
    let system = place.estate.model.systems.get(&id).cloned().ok_or(Problem::NotFound)?;
    let shown = Shown::of(&system, place.estate.scope.systems.get(&id));
    let own = place.paths.system(&id);
    let subject = Subject::of(&request, &place, ObjectRef::System(id), own, HAS).await?;
    let touching = touching(&place, &system);
    let brought = brought(&system, &touching);
    let declared_elements: BTreeSet<&ElementId> = system.holdings.iter().map(|it| &it.element).collect();
    let fields = declared_elements.len() + brought.len();
    let head = Header::new(system.name.clone())
        .below(place.paths.page("systems"), "Systems")
        .meta(meta(&place, &system, shown))
        .actions(actions(&place, &system));
    let content = match (subject.content(&request, &place).await?, subject.current) {
        (Some(content), _) => content,
        (None, Aspect::Flows) => flows(&place, &system, &touching, usize::MAX),
        (None, Aspect::Fields) => view! { {holdings(&place, &system)}{carried_only(&place, &brought)} }.into_any(),
        (None, _) => view! {
            {open_end(&place, &system)}
            {why::why_in_scope(&place, &system, shown)}
            {firm::section(&place, &request, &system)}
            {holdings(&place, &system)}
            {flows(&place, &system, &touching, FIRST)}
            <div class="cards">
                {declared(&place, &system)}
                {manages(&place, &system)}
                {facts::card(&place, ObjectKind::System, &system.facts)}
            </div>
            {place.may(Capability::EditModel).then(|| deletion(&place, &system))}
        }
        .into_any(),
    };
    let body = view! {
        {head.view()}
        {subject.tabs(&place, HAS, &[(Aspect::Flows, touching.len()), (Aspect::Fields, fields)])}
        {not_done(&request)}
        {content}
    };
    let title = system.name.clone();
    Ok(Screen::inside(&place, Section::Inventory, title, body))
}

/// The pages that a system has beside its overview.
const HAS: &[Aspect] = &[Aspect::Flows, Aspect::Fields, Aspect::Findings, Aspect::History, Aspect::Comments];

/// How many flows the overview names.
const FIRST: usize = 10;

fn meta(place: &Place, system: &System, shown: Shown) -> AnyView {
    let model = &place.estate.model;
    let segment = segment_name(model, system);
    let segment = if segment.is_empty() { "no segment".to_owned() } else { format!("segment {segment}") };
    let owner =
        owner_name(model, system).map_or_else(|| "nobody answers for it".to_owned(), |name| format!("owner {name}"));
    view! {
        {shown.large()}
        <span>{system.kind.label()}</span>
        <span>{segment}</span>
        <span>{owner}</span>
        <span class="key">{system.id.to_string()}</span>
    }
    .into_any()
}

fn actions(place: &Place, system: &System) -> AnyView {
    let own = place.paths.system(&system.id);
    let on_map = place.paths.query("map", &[("focus", system.id.as_str())]);
    let flow = place.paths.query("flows/new", &[("from", system.id.as_str())]);
    let copy = place.paths.query("systems/new", &[("copy", system.id.as_str())]);
    let edit = place.may(Capability::EditModel).then(|| {
        view! {
            {header::action(format!("{own}/edit"), "edit", "Edit", true)}
            {header::keyed(flow, "plus", "Add a flow", false, "f")}
            {header::action(copy, "copy", "Duplicate", false)}
        }
    });
    let gained = place
        .may(Capability::ReadAudit)
        .then(|| header::action(format!("{own}/gained"), "history", "What it gained", false));
    let concern = concern::link(place, &ObjectRef::System(system.id.clone()));
    view! { {edit}{header::action(on_map, "map", "Show on the map", false)}{gained}{concern} }.into_any()
}

/// What to do about a system that only a flow names.
fn open_end(place: &Place, system: &System) -> Option<AnyView> {
    system.undeclared.then(|| {
        let confirm = place.may(Capability::EditModel).then(|| {
            view! {
                <form method="post" action=format!("{}/confirm", place.paths.system(&system.id))>
                    {hidden("rev", place.estate.revision.0.to_string())}
                    <button class="button">{icon("check")}"Confirm as it stands"</button>
                </form>
            }
        });
        view! {
            <div class="notice" data-tone="warn">
                {icon("circle-alert")}
                <p>
                    "A flow names this system; nobody has declared it yet. Confirm it, edit it, or correct the flow."
                </p>
                {confirm}
            </div>
        }
        .into_any()
    })
}

/// Deleting, folded so that nobody does it by mistake; with what stands in the way.
fn deletion(place: &Place, system: &System) -> AnyView {
    let flows = place.estate.model.flows.values().filter(|flow| flow.from == system.id || flow.to == system.id).count();
    let words = match flows {
        0 => "It goes with its facts. The audit trail keeps what it was.".to_owned(),
        1 => "1 flow begins or ends here. Delete that flow first, or point it elsewhere.".to_owned(),
        more => format!("{more} flows begin or end here. Delete those flows first, or point them elsewhere."),
    };
    delete_form("Delete this system", words, format!("{}/delete", place.paths.system(&system.id)), place)
}

fn holdings(place: &Place, system: &System) -> AnyView {
    if system.holdings.is_empty() {
        return section("holds", "What it holds", view! { <p class="muted">"Nothing is declared."</p> });
    }
    let rows = system.holdings.iter().map(|it| holding(place, it)).collect();
    let caption = count(system.holdings.len(), "declared element");
    section(
        "holds",
        "What it holds",
        small("holdings", caption, &["Element", "Form", "What it does with it", "Key or mask", "Records"], rows),
    )
}

fn holding(place: &Place, it: &Holding) -> AnyView {
    let ops: Vec<&str> = it.ops.iter().map(|op| op.label()).collect();
    let key = it.key.as_ref().map(ToString::to_string).or_else(|| it.mask.clone());
    let words = catalogue::element(it.element.as_str()).map_or_else(|| it.element.to_string(), |row| row.name.clone());
    view! {
        <tr>
            <th scope="row">{elements(std::slice::from_ref(it))}" "<a href=place.paths.element(&it.element)>{words}</a></th>
            {cell("Form", it.form.label())}
            {cell("What it does with it", ops.join(", "))}
            {cell("Key or mask", key.map(|key| view! { <span class="key">{key}</span> }))}
            {cell("Records", it.records.map(|count| count.to_string()))}
        </tr>
    }
    .into_any()
}

/// All flows that touch the system.
fn touching<'a>(place: &'a Place, system: &System) -> Vec<&'a Flow> {
    let flows = place.estate.model.flows.values().map(AsRef::as_ref);
    flows.filter(|flow| flow.from == system.id || flow.to == system.id).collect()
}

/// The first flows that touch the system, with the direction and the other side.
fn flows(place: &Place, system: &System, touching: &[&Flow], most: usize) -> AnyView {
    let model = &place.estate.model;
    if touching.is_empty() {
        return section("flows", "Flows", view! { <p class="muted">"No flow begins or ends here."</p> });
    }
    let rows = touching
        .iter()
        .take(most)
        .map(|flow| {
            let (direction, other) = if flow.to == system.id { ("in", &flow.from) } else { ("out", &flow.to) };
            view! {
                <tr>
                    <th scope="row"><a href=place.paths.flow(&flow.id)>{flow_name(model, flow)}</a></th>
                    {cell("Direction", direction)}
                    {cell("Other side", view! { <a href=place.paths.system(other)>{system_name(model, other)}</a> })}
                    {cell("Fields", carried(flow))}
                    {cell("Protocol", flow.protocol.label())}
                    {cell("Encryption", flow.encryption.label())}
                    {cell("Authentication", flow.auth.label())}
                </tr>
            }
            .into_any()
        })
        .collect();
    let all = format!("{} in and out", count(touching.len(), "flow"));
    let caption = if touching.len() > most { format!("The first {most} of {all}") } else { all };
    let columns = ["Flow", "Direction", "Other side", "Fields", "Protocol", "Encryption", "Authentication"];
    let more = (touching.len() > most).then(|| {
        let all = format!("{}/flows", place.paths.system(&system.id));
        view! { <p><a href=all>{format!("All {} flows", touching.len())}</a></p> }
    });
    let table = small("flow-table", caption, &columns, rows);
    section("flows", "Flows", view! { {table}{more} })
}

/// The elements that only flows of the system name, with the forms in which they go.
fn brought<'a>(system: &System, touching: &[&'a Flow]) -> BTreeMap<&'a ElementId, BTreeSet<Form>> {
    let mut brought: BTreeMap<&ElementId, BTreeSet<Form>> = BTreeMap::new();
    for field in touching.iter().flat_map(|flow| &flow.fields) {
        if !system.holdings.iter().any(|it| it.element == field.element) {
            brought.entry(&field.element).or_default().insert(field.form);
        }
    }
    brought
}

/// What flows bring and take beside what the system declares.
fn carried_only(place: &Place, brought: &BTreeMap<&ElementId, BTreeSet<Form>>) -> Option<AnyView> {
    if brought.is_empty() {
        return None;
    }
    let rows: Vec<_> = brought
        .iter()
        .map(|(element, forms)| {
            let words =
                catalogue::element(element.as_str()).map_or_else(|| element.to_string(), |row| row.name.clone());
            let forms: Vec<&str> = forms.iter().map(|form| form.label()).collect();
            view! {
                <tr>
                    <th scope="row"><a href=place.paths.element(element)>{words}</a></th>
                    {cell("Forms", forms.join(", "))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let caption = format!("{} that only its flows name", count(rows.len(), "element"));
    Some(section("brought", "What its flows carry", small("brought-table", caption, &["Element", "Forms"], rows)))
}

fn declared(place: &Place, system: &System) -> AnyView {
    let model = &place.estate.model;
    let vendor =
        system.vendor.as_ref().map(|id| model.vendors.get(id).map_or_else(|| id.to_string(), |it| it.name.clone()));
    let plain = System::new(system.id.clone(), "");
    let stated = |label, differs: bool, words: &str| (label, differs, Some(words.to_owned()));
    facts::declared(vec![
        ("Kind", true, Some(system.kind.label().to_owned())),
        stated("Function", system.function != plain.function, system.function.label()),
        ("Whose it is", true, Some(system.boundary.label().to_owned())),
        ("Vendor", true, vendor),
        stated("Environment", system.environment != plain.environment, system.environment.label()),
        stated("Stage of life", system.lifecycle != plain.lifecycle, system.lifecycle.label()),
        stated("Payment page", system.payment_page != plain.payment_page, system.payment_page.label()),
        ("Reachable from", true, system.exposure.map(|it| it.label().to_owned())),
        ("Controls", true, (!system.controls.is_empty()).then(|| system.controls.join(", "))),
    ])
}

fn manages(place: &Place, system: &System) -> Option<AnyView> {
    if system.manages.is_empty() {
        return None;
    }
    let model = &place.estate.model;
    let rows: Vec<_> = system
        .manages
        .iter()
        .map(|relation| {
            let target = match &relation.target {
                ManageTarget::System(id) => {
                    view! { <a href=place.paths.system(id)>{system_name(model, id)}</a> }.into_any()
                }
                ManageTarget::Segment(id) => {
                    let name = model.segments.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
                    view! { <span>{format!("all systems of segment {name}")}</span> }.into_any()
                }
            };
            view! { <li><span class="grow">{relation.how.label()}" "{target}</span></li> }
        })
        .collect();
    Some(
        view! {
            <section class="card" aria-labelledby="manages">
                <h2 id="manages">"Manages"</h2>
                <ul class="list-rows">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

fn section(id: &'static str, heading: &'static str, content: impl IntoView + 'static) -> AnyView {
    view! { <section class="section" aria-labelledby=id><h2 id=id>{heading}</h2>{content.into_any()}</section> }
        .into_any()
}
