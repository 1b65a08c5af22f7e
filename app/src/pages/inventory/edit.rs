//! The form of a record, new or existing, whatever kind it is of.

use domain::command::to_write;
use domain::inventory::{Kind, address, title};
use domain::model::draft::record_to_form;
use domain::model::object::{Object, ObjectKind};
use domain::problem::Problem;
use leptos::prelude::*;

use super::super::editor::{beginning, conflict, save_or_propose};
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::{capital, fields, kind_of, one, record_of};
use crate::ui::header::Header;

/// A new record. `from` in the query copies another one.
pub(in super::super) async fn new(request: Request) -> Result<Screen, Problem> {
    let kind = kind_of(&request)?;
    let place = editable(&request, kind).await?;
    if kind.is_single() {
        return Err(Problem::NotFound);
    }
    let copied = request.query("from").and_then(|key| domain::inventory::find(kind, &key, &place.estate.stored));
    let form = request.form(|| match &copied {
        Some(record) => copy(record),
        None => fields::beginning_values(&request, kind),
    });
    let list = place.paths.kind(kind.word);
    let heading = format!("Add {}", one(kind));
    let nothing_to_link = kind.object == ObjectKind::Link && place.estate.model.segments.len() < 2;
    let body = view! {
        {Header::new(heading.clone()).lede(kind.effect).below(list.clone(), kind.several).view()}
        {request.general_problem()}
        {nothing_to_link.then(|| view! {
            <p class="muted">
                "A link needs two segments. "
                <a href=format!("{}/new", place.paths.kind("segments"))>"Add a segment"</a>
            </p>
        })}
        {form.summary(|name| kind.label(name))}
        <form class="form" method="post" action=format!("{list}/new")>
            {beginning(&place)}
            {fields::all(&request, &place, kind, &form, true)}
            {save_or_propose(&request, "Add", list.clone())}
        </form>
    };
    Ok(Screen::inside(&place, Section::Inventory, heading, body).with_islands())
}

/// The values of another record, under another name.
fn copy(record: &Object) -> Vec<(String, String)> {
    let mut values = record_to_form(record);
    for (name, value) in &mut values {
        if name == "name" {
            value.push_str(" (copy)");
        }
    }
    values
}

/// An existing one.
pub(in super::super) async fn edit(request: Request) -> Result<Screen, Problem> {
    let kind = kind_of(&request)?;
    let place = editable(&request, kind).await?;
    let record = record_of(&request, &place, kind)?;
    let stored = record_to_form(&record);
    let form = request.form(|| stored.clone());
    let own = place.paths.record(kind, &address(&record.reference()));
    let name = title(&record, &place.estate.model);
    let heading = format!("Edit {name}");
    let approved = matches!(&record, Object::Override(it) if it.approver.is_some());
    let body = view! {
        {Header::new(heading.clone())
            .below(place.paths.kind(kind.word), kind.several)
            .below(own.clone(), capital(&name))
            .view()}
        {conflict(&request, &stored)}
        {request.general_problem()}
        {approved.then(|| view! {
            <p class="muted">"It is approved. A change takes the approval away, and somebody else approves it again."</p>
        })}
        {form.summary(|name| kind.label(name))}
        <form class="form" method="post" action=format!("{own}/edit")>
            {beginning(&place)}
            {fields::all(&request, &place, kind, &form, false)}
            {save_or_propose(&request, "Save", own.clone())}
        </form>
    };
    Ok(Screen::inside(&place, Section::Inventory, heading, body).with_islands())
}

async fn editable(request: &Request, kind: &Kind) -> Result<Place, Problem> {
    let place = request.place().await?;
    if place.may(to_write(kind.object)) { Ok(place) } else { Err(Problem::Forbidden) }
}
