//! The panel beside the map: what is said about the chosen system, the form that edits it there, and where it stands.

use domain::blast::Start;
use domain::model::system::System;
use domain::role::Capability;
use domain::scene::Pin;
use leptos::prelude::*;

use super::super::request::{Place, Request};
use super::super::systems::{edit as form, owner_name, segment_name};
use super::super::why::proof;
use super::view::{Mode, Seen};
use crate::ui::field::hidden;
use crate::ui::header;
use crate::ui::icon::icon;
use crate::ui::scope::{Shown, elements};

/// What is said about the chosen system. The island fetches this page and takes the panel out of it.
pub(super) fn view(place: &Place, seen: &Seen, stands: Option<Pin>, focus: Option<&System>) -> AnyView {
    let Some(system) = focus else {
        return view! {
            <section class="map-panel" id="map-panel" aria-label="Chosen system">
                <p class="muted">"Choose a system to see why it is in scope or is not."</p>
            </section>
        }
        .into_any();
    };
    let (model, scope) = (&place.estate.model, &place.estate.scope);
    let shown = Shown::of(system, scope.systems.get(&system.id));
    let segment = segment_name(model, system);
    let count = |into: bool| {
        model.flows.values().filter(|flow| if into { flow.to == system.id } else { flow.from == system.id }).count()
    };
    let flows = place.paths.flows(&format!("system:{}", super::super::filter::quoted(system.id.as_str())));
    let facts = [
        ("Kind", Some(system.kind.label().to_owned())),
        ("Segment", (!segment.is_empty()).then_some(segment)),
        ("Owner", owner_name(model, system)),
    ];
    let facts: Vec<_> = facts
        .into_iter()
        .filter_map(|(label, value)| value.map(|value| view! { <div><dt>{label}</dt><dd>{value}</dd></div> }))
        .collect();
    let add_flow = place.may(Capability::EditModel).then(|| {
        header::action(place.paths.query("flows/new", &[("from", system.id.as_str())]), "plus", "Flow", false)
    });
    let edit_here = place.may(Capability::EditModel).then(|| {
        let address = own_address(place, seen, system);
        view! { <a class="button" href=format!("{address}&edit=here") data-edit-here="">{icon("edit")}"Edit"</a> }
    });
    let where_it_stands = stands.filter(|_| place.may(Capability::EditModel));
    let own = Seen { focus: Some(system.id.clone()), ..seen.clone() };
    let blast = Mode::Blast(Start::System { id: system.id.clone() });
    view! {
        <section class="map-panel" id="map-panel" aria-label="Chosen system" data-name=system.name.clone()>
            <h2><a href=place.paths.system(&system.id)>{system.name.clone()}</a></h2>
            <p>{shown.large()}</p>
            {proof(place, system)}
            <dl class="key-value">
                {facts}
                <div><dt>"Holds"</dt><dd>{elements(&system.holdings)}</dd></div>
                <div>
                    <dt>"Flows"</dt>
                    <dd><a href=flows>{format!("{} in, {} out", count(true), count(false))}</a></dd>
                </div>
            </dl>
            {where_it_stands.map(|pin| place_form(place, seen, system, pin))}
            <div class="button-row">
                {header::action(place.paths.system(&system.id), "system", "Open", true)}
                {(seen.mode != Mode::Explain)
                    .then(|| header::action(own.in_mode(place, Mode::Explain), "explain", "Explain", false))}
                {header::action(own.in_mode(place, blast), "blast", "Blast radius", false)}
                {header::action(own.within(place, Some(1)), "focus", "1 hop", false)}
                {add_flow}
                {edit_here}
            </div>
        </section>
    }
    .into_any()
}

/// The form of the chosen system in the place of what is said about it. Saving comes back to this view of the map.
pub(super) fn edit(request: &Request, place: &Place, seen: &Seen, system: &System) -> AnyView {
    let back = own_address(place, seen, system);
    view! {
        <section class="map-panel" id="map-panel" aria-label="Chosen system" data-name=system.name.clone()>
            <h2>{format!("Edit {}", system.name)}</h2>
            {form::beside_the_map(request, place, system, back)}
        </section>
    }
    .into_any()
}

/// This view of the map with the system chosen.
fn own_address(place: &Place, seen: &Seen, system: &System) -> String {
    Seen { focus: Some(system.id.clone()), ..seen.clone() }.address(place, "map")
}

/// The form that is sent when a system is carried somewhere. Nobody sees it; its address and its place are filled in
/// where the system is let go.
pub(super) fn carry_form(place: &Place, seen: &Seen) -> AnyView {
    let pairs = seen.pairs().into_iter().filter(|(_, value)| !value.is_empty());
    let kept: Vec<_> = pairs.map(|(name, value)| hidden(name, value)).collect();
    let any = place.estate.model.systems.keys().next().map(|id| format!("{}/move", place.paths.system(id)));
    view! {
        <form method="post" action=any.unwrap_or_default() hidden=true data-move-form="">
            {kept}
            {hidden("rev", place.estate.revision.0.to_string())}
            {hidden("column", String::new())}
            {hidden("row", String::new())}
            <button>"Move"</button>
        </form>
    }
    .into_any()
}

/// Where the chosen system stands, to be changed: what dragging does, for the keyboard and for touch.
fn place_form(place: &Place, seen: &Seen, system: &System, stands: Pin) -> AnyView {
    let own = Seen { focus: Some(system.id.clone()), ..seen.clone() };
    let kept = || -> Vec<_> {
        let pairs = own.pairs().into_iter().filter(|(_, value)| !value.is_empty());
        pairs.map(|(name, value)| hidden(name, value)).collect()
    };
    let rev = || hidden("rev", place.estate.revision.0.to_string());
    let action = format!("{}/move", place.paths.system(&system.id));
    let number = |name: &'static str, label: &'static str, value: usize, most: usize| {
        let id = format!("place-{name}");
        view! {
            <label for=id.clone()>{label}</label>
            <input
                class="input"
                id=id
                type="number"
                name=name
                min="1"
                max=most.to_string()
                value=(value + 1).to_string()
            />
        }
    };
    let pinned = system.pin().is_some();
    let release = pinned.then(|| {
        view! {
            <form method="post" action=action.clone()>
                {kept()}
                {rev()}
                {hidden("release", "yes".to_owned())}
                <button class="button small quiet">"Let the map decide"</button>
            </form>
        }
    });
    let words = if pinned { "Place on the map: put there by hand" } else { "Place on the map" };
    view! {
        <details class="map-place">
            <summary>{words}</summary>
            <form class="mode-picker" method="post" action=action>
                {kept()}
                {rev()}
                {number("column", "Column", stands.column, Pin::COLUMNS)}
                {number("row", "Row in its lane", stands.row, Pin::ROWS)}
                <button class="button small">"Put there"</button>
            </form>
            {release}
        </details>
    }
    .into_any()
}
