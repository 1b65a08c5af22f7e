//! What some kinds of records have that no other has.

use domain::model::object::Object;
use domain::model::segment::Segment;
use domain::model::settings::Override;
use domain::model::system::System;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::request::{Place, Request};
use super::{checkpoints, grants, service_level};
use crate::ui::field::hidden;
use crate::ui::header;
use crate::ui::icon::icon;
use crate::ui::scope::Shown;
use crate::ui::table::{cell, count, small};

/// The sections of a record that only its kind has.
pub(super) fn sections(request: &Request, place: &Place, record: &Object, own: &str) -> AnyView {
    let checks = || checkpoints::sections(request, place, &record.reference(), own);
    match record {
        Object::Segment(it) => view! { {systems(place, it)}{links(place, it)} }.into_any(),
        Object::Credential(it) => view! { {grants::table(place, it)}{checks()} }.into_any(),
        Object::Vendor(it) => view! { {service_level::section(place, it)}{checks()} }.into_any(),
        Object::Override(it) => decision(place, it, own),
        _ => ().into_any(),
    }
}

fn systems(place: &Place, segment: &Segment) -> AnyView {
    let model = &place.estate.model;
    let here: Vec<&System> =
        model.systems.values().map(AsRef::as_ref).filter(|it| it.segment.as_ref() == Some(&segment.id)).collect();
    let add = place.may(Capability::EditModel).then(|| {
        let new = place.paths.query("systems/new", &[("segment", segment.id.as_str())]);
        view! { <div class="button-row">{header::action(new, "plus", "Add a system here", false)}</div> }
    });
    let content = if here.is_empty() {
        view! { <p class="muted">"No system stands in it."</p> }.into_any()
    } else {
        let rows = here
            .iter()
            .map(|system| {
                let verdict = place.estate.scope.systems.get(&system.id);
                view! {
                    <tr>
                        <th scope="row"><a href=place.paths.system(&system.id)>{system.name.clone()}</a></th>
                        {cell("Scope", Shown::of(system, verdict).chip())}
                        {cell("Kind", system.kind.label())}
                    </tr>
                }
                .into_any()
            })
            .collect();
        small("system-table", count(here.len(), "system"), &["System", "Scope", "Kind"], rows)
    };
    view! {
        <section class="section" aria-labelledby="systems">
            <h2 id="systems">"Systems in it"</h2>
            {content}
            {add}
        </section>
    }
    .into_any()
}

/// What may pass to every other segment: the links, and the pairs that have none.
fn links(place: &Place, segment: &Segment) -> AnyView {
    let model = &place.estate.model;
    let others: Vec<&Segment> = model.segments.values().map(AsRef::as_ref).filter(|it| it.id != segment.id).collect();
    if others.is_empty() {
        return ().into_any();
    }
    let undeclared = if model.settings.strict_flat { "No link: counts as open" } else { "No link: counts as filtered" };
    let rows = others
        .iter()
        .map(|other| {
            let key = domain::model::segment::LinkKey::new(segment.id.clone(), other.id.clone());
            let link = model.links.get(&key);
            let policy = match link {
                Some(link) => {
                    let reference = domain::model::object::ObjectRef::Link(key);
                    let href = place.paths.object(&reference).unwrap_or_default();
                    view! { <a href=href>{link.policy.label()}</a> }.into_any()
                }
                None if place.may(Capability::EditModel) => {
                    let pairs = [("a", segment.id.as_str()), ("b", other.id.as_str())];
                    let new = place.paths.query("inventory/links/new", &pairs);
                    view! { <span class="muted">{undeclared}</span>" "<a href=new>{format!("Say what may pass to {}", other.name)}</a> }
                        .into_any()
                }
                None => view! { <span class="muted">{undeclared}</span> }.into_any(),
            };
            let control = link.and_then(|link| link.control.as_ref()).and_then(|id| model.controls.get(id));
            let control = control.map(|it| format!("{} ({})", it.name, it.status.label().to_lowercase()));
            let reference = domain::model::object::ObjectRef::Segment(other.id.clone());
            let href = place.paths.object(&reference).unwrap_or_default();
            view! {
                <tr>
                    <th scope="row"><a href=href>{other.name.clone()}</a></th>
                    {cell("What may pass", policy)}
                    {cell("Enforced by", control)}
                </tr>
            }
            .into_any()
        })
        .collect();
    let table =
        small("link-table", count(others.len(), "other segment"), &["Segment", "What may pass", "Enforced by"], rows);
    view! {
        <section class="section" aria-labelledby="links"><h2 id="links">"Links to other segments"</h2>{table}</section>
    }
    .into_any()
}

/// What became of a decision, and the button of whoever else approves it.
fn decision(place: &Place, it: &Override, own: &str) -> AnyView {
    let model = &place.estate.model;
    let system = model.systems.get(&it.key.system);
    let verdict = place.estate.scope.systems.get(&it.key.system);
    let now = system.map(|system| Shown::of(system, verdict).chip());
    let computed = verdict
        .and_then(|verdict| verdict.computed_category)
        .map(|category| view! { <span>"Without any decision: "</span>{Shown::category(category, None).chip()} });
    let flags: Vec<_> = verdict
        .into_iter()
        .flat_map(|verdict| verdict.flags.iter())
        .filter(|flag| flag.as_str().starts_with("override_"))
        .map(|flag| view! { <li>{flag.label()}</li> })
        .collect();
    let approval = (it.approver.is_none() && place.may(Capability::EditModel)).then(|| {
        view! {
            <form class="stack tight" method="post" action=format!("{own}/approve")>
                <p class="muted">"Somebody other than who wrote it approves it. A decision upwards applies without."</p>
                {hidden("rev", place.estate.revision.0.to_string())}
                <div class="button-row"><button class="button primary">{icon("check")}"Approve this decision"</button></div>
            </form>
        }
    });
    view! {
        <section class="section" aria-labelledby="state">
            <h2 id="state">"What became of it"</h2>
            <div class="page-meta"><span>"The system is now: "</span>{now}{computed}</div>
            {(!flags.is_empty()).then(|| view! { <ul class="plain-list">{flags}</ul> })}
            {approval}
        </section>
    }
    .into_any()
}
