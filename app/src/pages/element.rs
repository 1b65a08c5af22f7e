//! One element: where it enters, who holds it, where it changes form and where it leaves.

use domain::fields::access::{access, retention_gaps};
use domain::fields::{Excess, least_data};
use domain::id::{ElementId, FlowId, SystemId};
use domain::lineage::{self, Lineage, Stop, Transformation, Way};
use domain::model::catalogue;
use domain::model::element::Form;
use domain::model::fact::choice_label;
use domain::model::relations::Boundary;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::frame::{Screen, Section};
use super::request::{Place, Request};
use super::systems::{flow_name, system_name};
use crate::ui::field::hidden;
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::scope::Shown;
use crate::ui::table::{cell, count, number, small};

pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let id = ElementId::new(request.path("key"));
    let model = &place.estate.model;
    let lineage = lineage::lineage(model, &id);
    if catalogue::element(id.as_str()).is_none() && lineage.stops.is_empty() {
        return Err(Problem::NotFound);
    }
    let head = Header::new(lineage.name.clone())
        .below(place.paths.page("fields"), "Fields")
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
            {sent_without_need(&place, &id)}
            {kept_too_long(&place, &id)}
            {who_has_access(&place, &id)}
        }
        .into_any()
    };
    let body = view! { {head.view()}{content} };
    Ok(Screen::inside(&place, Section::Fields, lineage.name.clone(), body))
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

/// The name of an element; its key where the catalogue does not have it.
pub(super) fn element_name(id: &ElementId) -> String {
    catalogue::element(id.as_str()).map_or_else(|| id.to_string(), |it| it.name.clone())
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

/// The flows that send the element although their target declares no use of it, or needs it in a form that tells less.
fn sent_without_need(place: &Place, id: &ElementId) -> Option<AnyView> {
    let all: Vec<Excess> = least_data(&place.estate.model).into_iter().filter(|it| it.element == *id).collect();
    if all.is_empty() {
        return None;
    }
    let rows = all
        .iter()
        .map(|it| {
            view! {
                <tr>
                    <th scope="row">{flow(place, &it.flow)}</th>
                    {cell("To", system(place, &it.to))}
                    {cell("Sends", it.form.label())}
                    {cell("Needs", if it.needs.is_empty() { "Declares no use of it".to_owned() } else { forms(&it.needs) })}
                </tr>
            }
            .into_any()
        })
        .collect();
    let taken: Vec<_> = all.iter().map(|it| hidden("take", it.word())).collect();
    let drop = place.may(Capability::EditModel).then(|| {
        view! {
            <form method="get" action=place.paths.page("least-data")>
                {taken}
                <button class="button">{icon("check")}"Look at dropping it"</button>
            </form>
        }
    });
    let caption = format!("{} more than is needed", count(all.len(), "flow"));
    let table = small("least-table", caption, &["Flow", "To", "Sends", "Needs"], rows);
    Some(section("least", "Sent without need", view! { {table}{drop} }))
}

/// Where it is kept without an end, or longer than its policy allows.
fn kept_too_long(place: &Place, id: &ElementId) -> Option<AnyView> {
    let gaps = retention_gaps(&place.estate.model, id);
    if gaps.is_empty() {
        return None;
    }
    let days = |days: Option<u64>, none: &str| days.map_or_else(|| none.to_owned(), |days| format!("{days} days"));
    let rows = gaps
        .iter()
        .map(|it| {
            view! {
                <tr>
                    <th scope="row">{system(place, &it.system)}</th>
                    {cell("Kept for", days(it.days, "Nobody has said"))}
                    {cell("At most", days(it.most, "No policy says"))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let caption = format!("{} without an end, or above the policy", count(gaps.len(), "system"));
    let table = small("retention-table", caption, &["System", "Kept for", "At most"], rows);
    Some(section("retention", "Kept too long", table))
}

/// Who can see it, and who can take it away: the access groups of the systems that have it, by headcount.
fn who_has_access(place: &Place, id: &ElementId) -> AnyView {
    let model = &place.estate.model;
    let access = access(model, id);
    let rows: Vec<_> = access
        .groups
        .iter()
        .map(|it| {
            let right = if it.privilege.is_empty() { "Unknown".to_owned() } else { choice_label(&it.privilege) };
            view! {
                <tr>
                    <th scope="row"><a href=place.paths.object(&it.group).unwrap_or_default()>{it.name.clone()}</a></th>
                    {cell("System", system(place, &it.system))}
                    {cell("Role", it.role.clone())}
                    {cell("Right", right)}
                    {number("People", it.people.len())}
                    {cell("Can export it", if it.exports { "Yes" } else { "Not declared" })}
                </tr>
            }
            .into_any()
        })
        .collect();
    let told = match access.groups.len() {
        0 => "No access group is known for any system that has it, so nobody knows who sees it.".to_owned(),
        _ => format!(
            "{} can see it through an access group, {} can export it.",
            people(access.people.len()),
            people(access.exporters.len())
        ),
    };
    let columns = ["Group", "System", "Role", "Right", "People", "Can export it"];
    let table =
        (!rows.is_empty()).then(|| small("access-table", count(access.groups.len(), "access group"), &columns, rows));
    let unknown = (!access.without_group.is_empty()).then(|| {
        let links: Vec<_> = access.without_group.iter().map(|id| view! { <li>{system(place, id)}</li> }).collect();
        view! { <p class="meta">"Systems that have it and of which no access group is known:"</p><ul class="cluster">{links}</ul> }
    });
    let add = place.may(Capability::EditModel).then(|| {
        let new = format!("{}/new", place.paths.kind("access-groups"));
        view! { <p><a href=new>"Add an access group"</a></p> }
    });
    section("access", "Who has access", view! { <p>{told}</p>{table}{unknown}{add} })
}

fn people(number: usize) -> String {
    if number == 1 { "1 person".to_owned() } else { format!("{number} people") }
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
