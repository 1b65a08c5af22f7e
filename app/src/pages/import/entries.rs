//! What would happen to each object of a file.

use domain::import::{Entry, FieldChange, Outcome, Preview, Rejection};
use domain::model::object::ObjectRef;
use leptos::prelude::*;

use super::super::request::Place;
use crate::ui::table::{cell, classed};

/// How many objects a preview lists; what lies beyond is counted.
const LISTED: usize = 500;

/// What would happen to each object, rejected lines first.
pub(super) fn entries(place: &Place, preview: &Preview) -> AnyView {
    let rejected = |entry: &&Entry| matches!(entry.outcome, Outcome::Rejected(_));
    let first = preview.entries.iter().filter(rejected);
    let others = preview.entries.iter().filter(|entry| !rejected(entry));
    let rows: Vec<_> = first.chain(others).take(LISTED).map(|entry| row(place, entry)).collect();
    let shown = rows.len();
    let caption = if shown == preview.entries.len() {
        format!("{shown} objects and rejected lines")
    } else {
        format!("The first {shown} of {} objects and rejected lines", preview.entries.len())
    };
    view! {
        <section class="section" aria-labelledby="changes">
            <h2 id="changes">"What would change"</h2>
            {classed("change-table", caption, "table import-table", &["Line", "State", "Object", "What changes"], rows)}
        </section>
    }
    .into_any()
}

fn row(place: &Place, entry: &Entry) -> AnyView {
    let (state, words) = match &entry.outcome {
        Outcome::New => ("new", "New"),
        Outcome::Changed(_) => ("changed", "Changed"),
        Outcome::Unchanged => ("unchanged", "Unchanged"),
        Outcome::Rejected(_) => ("rejected", "Rejected"),
    };
    let what = match &entry.outcome {
        Outcome::New | Outcome::Unchanged => ().into_any(),
        Outcome::Changed(changes) => changed(changes),
        Outcome::Rejected(rejection) => reason(rejection),
    };
    view! {
        <tr data-state=state>
            <td class="line" data-label="Line">{entry.line.map(|line| line.to_string())}</td>
            {cell("State", words)}
            {cell("Object", object(place, entry))}
            {cell("What changes", what)}
        </tr>
    }
    .into_any()
}

fn object(place: &Place, entry: &Entry) -> AnyView {
    let Some(reference) = &entry.object else {
        return view! { <span>{entry.title.clone()}</span> }.into_any();
    };
    let stored = !matches!(entry.outcome, Outcome::New);
    let title = entry.title.clone();
    let name = match reference {
        ObjectRef::System(id) if stored => view! { <a href=place.paths.system(id)>{title}</a> }.into_any(),
        ObjectRef::Flow(id) if stored => view! { <a href=place.paths.flow(id)>{title}</a> }.into_any(),
        _ => view! { <span>{title}</span> }.into_any(),
    };
    view! { <span class="meta">{reference.kind().label()}" "</span>{name} }.into_any()
}

fn changed(changes: &[FieldChange]) -> AnyView {
    let items: Vec<_> = changes
        .iter()
        .map(|it| {
            let name = it.name.replace('_', " ");
            let before = (!it.before.is_empty()).then(|| view! { <del>{it.before.clone()}</del>" " });
            let after = (!it.after.is_empty()).then(|| view! { <ins>{it.after.clone()}</ins> });
            view! { <li data-change="changed"><span>{name}": "{before}{after}</span></li> }
        })
        .collect();
    view! { <ul class="diff-list">{items}</ul> }.into_any()
}

fn reason(it: &Rejection) -> AnyView {
    view! { <span class="reason">{format!("{}; {}.", it.reason, it.remedy)}</span> }.into_any()
}
