//! One element: where it enters, who holds it, where it changes form and where it leaves.

use domain::id::{ElementId, FlowId, SystemId};
use domain::lineage::{self, Lineage, Stop, Transformation, Way};
use domain::model::catalogue;
use domain::model::element::Form;
use domain::model::relations::Boundary;
use domain::problem::Problem;
use leptos::prelude::*;

use super::frame::{Screen, Section};
use super::request::{Place, Request};
use super::systems::{flow_name, system_name};
use crate::ui::header::Header;
use crate::ui::scope::Shown;
use crate::ui::table::{cell, count, small};

pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let id = ElementId::new(request.path("key"));
    let model = &place.estate.model;
    let lineage = lineage::lineage(model, &id);
    if catalogue::element(id.as_str()).is_none() && lineage.stops.is_empty() {
        return Err(Problem::NotFound);
    }
    let head = Header::new(lineage.name.clone())
        .below(place.paths.page("systems"), "Systems")
        .lede("Where it enters, who holds it in which form, where it changes and where it leaves.")
        .meta(meta(&lineage));
    let content = if lineage.stops.is_empty() {
        view! { <p>"Nobody holds it, and no flow that counts carries it."</p> }.into_any()
    } else {
        view! {
            {summary(&place, &lineage)}
            {holders(&place, &lineage)}
            {ways(&place, &lineage)}
            {changes(&place, &lineage)}
        }
        .into_any()
    };
    let body = view! { {head.view()}{content} };
    Ok(Screen::inside(&place, Section::Inventory, lineage.name.clone(), body))
}

fn meta(lineage: &Lineage) -> AnyView {
    let class = lineage.class.map(|class| view! { <span>{class.label()}</span> });
    view! {
        {class}
        <span>{format!("held by {}", count(lineage.stops.len(), "system"))}</span>
        <span class="key">{lineage.element.to_string()}</span>
    }
    .into_any()
}

/// In which sentences a person would answer: enters, leaves, ends, and who declares no purpose.
pub(super) fn summary(place: &Place, lineage: &Lineage) -> AnyView {
    let exits: Vec<SystemId> = lineage.exits.iter().map(|exit| exit.to.clone()).collect();
    let rows = [
        ("Enters at", lineage.entries.clone()),
        ("Leaves us to", exits),
        ("Ends without being stored at", lineage.ends.clone()),
        ("No purpose declared by", lineage.without_purpose.clone()),
    ];
    let rows: Vec<_> = rows
        .into_iter()
        .filter(|(_, systems)| !systems.is_empty())
        .map(|(label, systems)| {
            let links: Vec<_> = systems.iter().map(|id| view! { <li>{system(place, id)}</li> }).collect();
            view! { <div><dt>{label}</dt><dd><ul class="cluster">{links}</ul></dd></div> }
        })
        .collect();
    view! { <dl class="key-value">{rows}</dl> }.into_any()
}

pub(super) fn holders(place: &Place, lineage: &Lineage) -> AnyView {
    let rows = lineage.stops.iter().map(|stop| holder(place, stop)).collect();
    let caption = format!("{}, nearest to where it enters first", count(lineage.stops.len(), "holder"));
    let columns = ["System", "Hops", "Forms", "What it does with it", "Records", "Purpose"];
    section("holders", "Who holds it", small("holder-table", caption, &columns, rows))
}

fn holder(place: &Place, stop: &Stop) -> AnyView {
    let ops: Vec<&str> = stop.ops.iter().map(|op| op.label()).collect();
    let purpose = if stop.purposes.is_empty() && stop.boundary == Boundary::Own {
        "None declared".to_owned()
    } else {
        stop.purposes.join("; ")
    };
    let forms = if stop.test_data { format!("{} (test data)", forms(&stop.forms)) } else { forms(&stop.forms) };
    view! {
        <tr>
            <th scope="row">{system(place, &stop.system)}</th>
            {cell("Hops", stop.distance.to_string())}
            {cell("Forms", forms)}
            {cell("What it does with it", ops.join(", "))}
            {cell("Records", stop.records.map(|count| count.to_string()))}
            {cell("Purpose", purpose)}
        </tr>
    }
    .into_any()
}

pub(super) fn ways(place: &Place, lineage: &Lineage) -> Option<AnyView> {
    if lineage.hops.is_empty() {
        return None;
    }
    let rows = lineage
        .hops
        .iter()
        .map(|hop| {
            let by = match &hop.by {
                Way::Flow(id) => flow(place, id),
                Way::Via(id) => view! { "On the way of "{flow(place, id)} }.into_any(),
                Way::Copy => "Copies the stores".into_any(),
            };
            view! {
                <tr>
                    <th scope="row">{system(place, &hop.from)}</th>
                    {cell("To", system(place, &hop.to))}
                    {cell("By", by)}
                    {cell("Forms", forms(&hop.forms))}
                    {cell("Direction", if hop.back { "Back" } else { "Onwards" })}
                </tr>
            }
            .into_any()
        })
        .collect();
    let caption = format!("{}, in the order in which it goes", count(lineage.hops.len(), "way"));
    let table = small("way-table", caption, &["From", "To", "By", "Forms", "Direction"], rows);
    Some(section("ways", "Which way it goes", table))
}

fn changes(place: &Place, lineage: &Lineage) -> Option<AnyView> {
    if lineage.transformations.is_empty() {
        return None;
    }
    let rows = lineage.transformations.iter().map(|it| change(place, it)).collect();
    let caption = count(lineage.transformations.len(), "change");
    let table = small("change-table", caption, &["System", "What happens", "From", "On", "Known from"], rows);
    Some(section("changes", "Where it changes", table))
}

fn change(place: &Place, it: &Transformation) -> AnyView {
    let on: Vec<_> = it.on.iter().map(|id| view! { <li>{flow(place, id)}</li> }).collect();
    let on = (!on.is_empty()).then(|| view! { <ul class="cluster">{on}</ul> });
    view! {
        <tr>
            <th scope="row">{system(place, &it.system)}</th>
            {cell("What happens", it.does.label())}
            {cell("From", forms(&it.from))}
            {cell("On", on)}
            {cell("Known from", if it.declared { "The model says so" } else { "What arrives and leaves" })}
        </tr>
    }
    .into_any()
}

fn forms(forms: &std::collections::BTreeSet<Form>) -> String {
    forms.iter().map(|form| form.label()).collect::<Vec<_>>().join(", ")
}

fn system(place: &Place, id: &SystemId) -> AnyView {
    let model = &place.estate.model;
    let chip = model.systems.get(id).map(|system| Shown::of(system, place.estate.scope.systems.get(id)).chip());
    view! { <span class="cluster">{chip}<a href=place.paths.system(id)>{system_name(model, id)}</a></span> }.into_any()
}

fn flow(place: &Place, id: &FlowId) -> AnyView {
    let model = &place.estate.model;
    let name = model.flows.get(id).map_or_else(|| id.to_string(), |flow| flow_name(model, flow));
    view! { <a href=place.paths.flow(id)>{name}</a> }.into_any()
}

fn section(id: &'static str, heading: &'static str, content: impl IntoView + 'static) -> AnyView {
    view! { <section class="section" aria-labelledby=id><h2 id=id>{heading}</h2>{content.into_any()}</section> }
        .into_any()
}
