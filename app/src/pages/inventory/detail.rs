//! One record: what it says, what hangs on it, what happened to it.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::command::to_write;
use domain::filter::Filter;
use domain::id::SystemId;
use domain::inventory::{Column, Input, Kind, Order, Row, Table, address, title};
use domain::model::Model;
use domain::model::flow::Flow;
use domain::model::object::{Object, ObjectRef};
use domain::model::references::{Referrer, references_of};
use domain::problem::Problem;
use leptos::prelude::*;

use super::super::aspects::{Aspect, Subject};
use super::super::editor::not_done;
use super::super::facts;
use super::super::findings::concern;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::systems::flow_name;
use super::super::work::carried;
use super::list::linked;
use super::{capital, kind_of, record_of, special};
use crate::ui::field::hidden;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, small};

/// How many objects that refer to it the page lists.
const MOST: usize = 100;

/// How many flows the page lists.
const FLOWS: usize = 500;

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let kind = kind_of(&request)?;
    let record = record_of(&request, &place, kind)?;
    let model = &place.estate.model;
    let reference = record.reference();
    let own = place.paths.record(kind, &address(&reference));
    let name = title(&record, model);
    let edits = place.may(to_write(kind.object));
    let duplicates = edits && kind.property("name").is_some();
    let copy = format!("{}/new?from={}", place.paths.kind(kind.word), crate::ui::link::encoded(&address(&reference)));
    let actions = edits.then(|| {
        view! {
            {header::action(format!("{own}/edit"), "edit", "Edit", true)}
            {duplicates.then(|| header::action(copy, "copy", "Duplicate", false))}
        }
    });
    let head = Header::new(name.clone())
        .below(place.paths.kind(kind.word), kind.several)
        .meta(view! {
            <span>{capital(kind.one)}</span>
            <span class="key">{address(&reference)}</span>
        })
        .actions(view! { {actions}{concern::link(&place, &reference)} });
    let has: &[Aspect] = &[Aspect::Flows, Aspect::Findings, Aspect::History, Aspect::Comments];
    let subject = Subject::of(&request, &place, reference.clone(), own.clone(), has).await?;
    let referrers = model.referrers(&reference);
    let touching = flows_about(model, &reference);
    let content = match (subject.content(&request, &place).await?, subject.current) {
        (Some(content), _) => content,
        (None, Aspect::Flows) => flows(&place, &touching),
        (None, _) => view! {
            <div class="cards">
                {declared(&place, kind, &record)}
                {record.facts().and_then(|stated| facts::card(&place, kind.object, stated))}
            </div>
            {special::sections(&request, &place, &record, &own)}
            {hanging(&place, &referrers)}
            {(edits && !kind.is_single()).then(|| deletion(&place, kind, &own, &referrers))}
        }
        .into_any(),
    };
    let body = view! {
        {head.view()}
        {subject.tabs(&place, has, &[(Aspect::Flows, touching.len())])}
        {not_done(&request)}
        {content}
    };
    Ok(Screen::inside(&place, Section::Inventory, name, body))
}

/// The flows that name the record, or that begin or end at a system that does.
fn flows_about<'a>(model: &'a Model, record: &ObjectRef) -> Vec<&'a Flow> {
    let names = |object: &Object| references_of(object).into_iter().any(|it| it.to == *record);
    let systems: BTreeSet<&SystemId> =
        model.systems.values().filter(|it| names(&Object::System(Arc::clone(it)))).map(|it| &it.id).collect();
    let flows = model.flows.values();
    flows
        .filter(|it| systems.contains(&it.from) || systems.contains(&it.to) || names(&Object::Flow(Arc::clone(it))))
        .map(AsRef::as_ref)
        .collect()
}

fn flows(place: &Place, touching: &[&Flow]) -> AnyView {
    if touching.is_empty() {
        let sentence = "No flow names it, and none begins or ends at a system that does.";
        return empty_state("flow", "No flows", sentence, ());
    }
    let model = &place.estate.model;
    let rows = touching
        .iter()
        .take(FLOWS)
        .map(|flow| {
            view! {
                <tr>
                    <th scope="row"><a href=place.paths.flow(&flow.id)>{flow_name(model, flow)}</a></th>
                    {cell("Fields", carried(flow))}
                    {cell("Protocol", flow.protocol.label())}
                    {cell("Encryption", flow.encryption.label())}
                    {cell("Authentication", flow.auth.label())}
                </tr>
            }
            .into_any()
        })
        .collect();
    let all = format!("{} that name it, or begin or end at a system that does", count(touching.len(), "flow"));
    let caption = if touching.len() > FLOWS { format!("The first {FLOWS} of {all}") } else { all };
    small("flow-table", caption, &["Flow", "Fields", "Protocol", "Encryption", "Authentication"], rows)
}

/// The record's own properties, in words. Nothing for a record that consists of facts.
fn declared(place: &Place, kind: &'static Kind, record: &Object) -> Option<AnyView> {
    let model = &place.estate.model;
    let table = Table::of(kind, model);
    let own = address(&record.reference());
    let rows = table.rows(&Filter::default(), Order { column: "", descending: false });
    let row: &Row = rows.iter().find(|row| row.address == own)?;
    let values: Vec<_> = Column::all(kind)
        .into_iter()
        .filter_map(|column| match column {
            Column::Property(property) if !matches!(property.input, Input::Grants) => Some((property, column)),
            _ => None,
        })
        .filter(|(_, column)| !table.words(row, *column).is_empty())
        .map(|(property, column)| {
            view! { <div><dt>{property.label}</dt><dd>{linked(place, &table, row, column)}</dd></div> }
        })
        .collect();
    if values.is_empty() {
        return None;
    }
    Some(
        view! {
            <section class="card" aria-labelledby="declared">
                <h2 id="declared">"Declared"</h2>
                <dl class="key-value">{values}</dl>
            </section>
        }
        .into_any(),
    )
}

/// Everything that refers to it.
fn hanging(place: &Place, referrers: &[Referrer]) -> AnyView {
    let content = if referrers.is_empty() {
        view! { <p class="muted">"Nothing refers to it."</p> }.into_any()
    } else {
        let rows = referrers.iter().take(MOST).map(|it| referrer(place, it)).collect();
        let left = referrers.len().saturating_sub(MOST);
        let caption = if left == 0 {
            count(referrers.len(), "object")
        } else {
            format!("The first {MOST} of {} objects", referrers.len())
        };
        small("hanging-table", caption, &["Object", "What it is", "In which way"], rows)
    };
    view! {
        <section class="section" aria-labelledby="hanging">
            <h2 id="hanging">"What refers to it"</h2>
            {content}
        </section>
    }
    .into_any()
}

fn referrer(place: &Place, it: &Referrer) -> AnyView {
    view! {
        <tr>
            <th scope="row">{link_to(place, &it.object)}</th>
            {cell("What it is", it.object.kind().label())}
            {cell("In which way", it.labels.join(", "))}
        </tr>
    }
    .into_any()
}

fn link_to(place: &Place, object: &ObjectRef) -> AnyView {
    let model = &place.estate.model;
    let name = model.get(object).map_or_else(|| object.key(), |it| title(&it, model));
    match place.paths.object(object) {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => view! { <span>{name}</span> }.into_any(),
    }
}

/// Deleting, folded so that nobody does it by mistake; with everything that would change with it.
fn deletion(place: &Place, kind: &Kind, own: &str, referrers: &[Referrer]) -> AnyView {
    let binding: Vec<&Referrer> = referrers.iter().filter(|it| !it.by_name_only).collect();
    let label = format!("Delete this {}", kind.one);
    let what = if binding.is_empty() {
        view! { <p>"Nothing refers to it. The audit trail keeps what it was."</p> }.into_any()
    } else {
        let items: Vec<_> = binding
            .iter()
            .take(MOST)
            .map(|it| view! { <li>{link_to(place, &it.object)}" "<span class="muted">{it.labels.join(", ")}</span></li> })
            .collect();
        view! {
            <p>{format!("{} to it:", if binding.len() == 1 { "1 object refers".to_owned() } else { format!("{} objects refer", binding.len()) })}</p>
            <ul class="plain-list">{items}</ul>
            <label class="choice">
                <input type="checkbox" name="detach" value="yes"/>
                <span>"Take these references away with it. What means nothing without it is deleted too."</span>
            </label>
        }
        .into_any()
    };
    view! {
        <details>
            <summary>{label.clone()}</summary>
            <form class="stack tight" method="post" action=format!("{own}/delete")>
                {what}
                {hidden("rev", place.estate.revision.0.to_string())}
                <button class="button danger">{icon("delete")}{label}</button>
            </form>
        </details>
    }
    .into_any()
}
