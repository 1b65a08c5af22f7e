//! One record: what it says, what hangs on it, what happened to it.

use domain::command::to_write;
use domain::filter::Filter;
use domain::inventory::{Column, Input, Kind, Order, Row, Table, address, title};
use domain::model::object::{Object, ObjectRef};
use domain::model::references::Referrer;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::not_done;
use super::super::facts;
use super::super::findings::concern;
use super::super::frame::{Screen, Section};
use super::super::history;
use super::super::request::{Place, Request};
use super::list::linked;
use super::{capital, kind_of, record_of, special};
use crate::ui::field::hidden;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::table::{cell, count, small};

/// How many objects that refer to it, and how many entries of its history, the page lists.
const MOST: usize = 100;

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
    let referrers = model.referrers(&reference);
    let history = if place.may(Capability::ReadAudit) { history_of(&request, &place, &reference).await? } else { None };
    let body = view! {
        {head.view()}
        {not_done(&request)}
        <div class="cards">
            {declared(&place, kind, &record)}
            {record.facts().and_then(|stated| facts::card(&place, kind.object, stated))}
        </div>
        {special::sections(&place, &record, &own)}
        {hanging(&place, &referrers)}
        {history}
        {(edits && !kind.is_single()).then(|| deletion(&place, kind, &own, &referrers))}
    };
    Ok(Screen::inside(&place, Section::Inventory, name, body))
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

async fn history_of(request: &Request, place: &Place, object: &ObjectRef) -> Result<Option<AnyView>, Problem> {
    let most = u32::try_from(MOST).unwrap_or(u32::MAX);
    let lines = request.backend()?.history_of(&place.estate.workspace.id, object, most).await?;
    if lines.is_empty() {
        return Ok(None);
    }
    let rows = lines
        .iter()
        .map(|line| {
            let at = line.at.to_string();
            view! {
                <tr>
                    <th scope="row"><time datetime=at.clone()>{at.clone()}</time></th>
                    {cell("Who", line.actor.clone())}
                    {cell("What", history::action(&line.action))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let caption =
        format!("The newest {} by hand; imports are in the history of the workspace", count(lines.len(), "change"));
    let table = small("history-table", caption, &["When (UTC)", "Who", "What"], rows);
    Ok(Some(
        view! { <section class="section" aria-labelledby="history"><h2 id="history">"History"</h2>{table}</section> }
            .into_any(),
    ))
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
