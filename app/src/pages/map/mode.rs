//! The modes of the map: how one is chosen, and what the picture shows once more as sentences and tables.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::blast::facts::{Level, Place as At, Way};
use domain::blast::{Blast, Start};
use domain::id::{ElementId, SystemId};
use domain::lineage::Lineage;
use domain::model::catalogue;
use domain::moment::Moment;
use domain::scene::estate::ViewOptions;
use domain::snapshot::Snapshot;
use domain::text::grouped;
use leptos::prelude::*;

use super::super::element;
use super::super::request::{Place, Request};
use super::super::snapshots::changes::changes;
use super::super::snapshots::{Against, Compared, named};
use super::super::systems::{flow_name, system_name};
use super::pickers::{element_form, from_form, most_telling, start_form};
use super::view::{Mode, Seen};
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};
use crate::ui::scope::Shown;
use crate::ui::table::{cell, count, small};

/// How many rows a table under the picture has at most.
const MOST: usize = 200;

/// The links from mode to mode, and the form that says what a mode is about.
pub(super) fn bar(place: &Place, seen: &Seen, snapshots: &[Snapshot]) -> AnyView {
    let model = &place.estate.model;
    let focus = seen.focus.clone().filter(|id| model.systems.contains_key(id));
    let blast = focus.clone().map_or(Mode::Unreadable("blast"), |id| Mode::Blast(Start::System { id }));
    // What there is to compare with, the newest first; a snapshot is not compared with itself.
    let others: Vec<&Snapshot> = snapshots.iter().filter(|it| Some(it.key) != place.estate.moment.key()).collect();
    let live = place.estate.moment.draft().map(|_| Mode::Diff(Against::Live));
    let differs = live.or_else(|| others.first().map(|it| Mode::Diff(Against::Snapshot(it.key))));
    let modes = [
        ("map", "Map", Some(Mode::Plain), seen.mode == Mode::Plain),
        ("explain", "Explain", focus.is_some().then_some(Mode::Explain), seen.mode == Mode::Explain),
        ("blast", "Blast radius", Some(blast), matches!(seen.mode, Mode::Blast(_) | Mode::Unreadable("blast"))),
        (
            "flow",
            "Lineage",
            Some(most_telling(model).map_or(Mode::Unreadable("lineage"), Mode::Lineage)),
            matches!(seen.mode, Mode::Lineage(_) | Mode::Unreadable("lineage")),
        ),
        ("compare", "What differs", differs, matches!(seen.mode, Mode::Diff(_) | Mode::Unreadable("diff"))),
    ];
    let links: Vec<_> = modes
        .into_iter()
        .filter_map(|(picture, label, mode, current)| Some((picture, label, mode?, current)))
        .map(|(picture, label, mode, current)| {
            let current = current.then_some("true");
            view! { <a class="button small" href=seen.in_mode(place, mode) aria-current=current>{icon(picture)}{label}</a> }
        })
        .collect();
    let picker = match &seen.mode {
        Mode::Blast(start) => Some(start_form(place, seen, &start.to_string())),
        Mode::Unreadable("blast") => Some(start_form(place, seen, "")),
        Mode::Lineage(element) => Some(element_form(place, seen, element.as_str())),
        Mode::Diff(Against::Live) => None,
        Mode::Diff(Against::Snapshot(key)) => Some(from_form(place, seen, &others, Some(*key))),
        Mode::Unreadable("diff") => Some(from_form(place, seen, &others, None)),
        Mode::Unreadable(_) => Some(element_form(place, seen, "")),
        Mode::Plain | Mode::Explain => None,
    };
    view! {
        <div class="map-toolbar">
            <div class="button-group" role="group" aria-label="What the map shows">{links}</div>
            {picker}
        </div>
    }
    .into_any()
}

/// What is wrong with what the address says of the mode.
pub(super) fn problem(request: &Request, seen: &Seen, options: &ViewOptions) -> Option<AnyView> {
    let words = match &seen.mode {
        Mode::Blast(start) if options.blast.is_none() => {
            format!("There is no {start} in this workspace. Choose where the blast radius starts.")
        }
        Mode::Unreadable("blast") if request.query("start").is_some() => {
            "A start is written as kind:key, for example system:checkout. Kinds are system, credential, vendor and connector."
                .to_owned()
        }
        Mode::Lineage(element) if options.lineage.is_none() => {
            let known = catalogue::element(element.as_str()).map(|it| it.name.as_str());
            let name = known.unwrap_or(element.as_str());
            format!("Nobody holds {name}, and no flow that counts carries it. Choose another element.")
        }
        Mode::Unreadable("diff") => "Choose the snapshot to compare with.".to_owned(),
        Mode::Explain if options.focus.is_none() => "Choose a system to see why it is in scope or is not.".to_owned(),
        _ => return None,
    };
    Some(notice(Tone::Warn, words))
}

/// What the picture of a mode shows, in words.
pub(super) fn twin(place: &Place, options: &ViewOptions) -> Option<AnyView> {
    match (&options.blast, &options.lineage) {
        (Some(blast), _) => Some(reached(place, blast)),
        (None, Some(lineage)) => Some(way(place, lineage)),
        (None, None) => None,
    }
}

/// What the picture of what differs shows, in words.
pub(super) fn differs(place: &Place, compared: &Compared) -> AnyView {
    let in_words = |moment: &Moment| match moment {
        Moment::Now | Moment::Unsigned => "now".to_owned(),
        Moment::Then(snapshot) => named(snapshot),
        Moment::Drafted(draft) => format!("{} ({})", draft.title, draft.key),
    };
    let (name, until) = (in_words(&compared.before.moment), in_words(&place.estate.moment));
    view! {
        <section class="section" aria-labelledby="differs">
            <h2 id="differs">{format!("What differs between {name} and {until}")}</h2>
            {changes(place, compared)}
        </section>
    }
    .into_any()
}

fn reached(place: &Place, blast: &Arc<Blast>) -> AnyView {
    let named = match &blast.start {
        Start::System { id } => system_name(&place.estate.model, id),
        start => start.to_string(),
    };
    let heading = format!("If {named} is hostile");
    let alone = blast.integrity.keys().chain(blast.exposed.keys()).collect::<BTreeSet<_>>().len();
    let summary = format!(
        "{} (score {}; from 60 on it is critical): {} under control, {} more that take its data or can be reached. {}",
        blast.band().label(),
        blast.score.total,
        count(blast.control.len(), "system"),
        alone,
        blast.records_said(),
    );
    let noticed = match blast.clock.noticed_after_seconds {
        Some(seconds) => format!(
            "It is noticed after {} at the earliest; {} under control by then.",
            duration(seconds),
            count(blast.clock.controlled_when_noticed.len(), "system")
        ),
        None => "No system under control says how long it takes until hostile use is noticed.".to_owned(),
    };
    view! {
        <section class="section" aria-labelledby="blast">
            <h2 id="blast">{heading}</h2>
            <p>{summary}</p>
            <p class="meta">{noticed}</p>
            {by_hop(place, blast)}
            {by_class(place, blast)}
            {money(place, blast)}
            {touched(place, blast)}
        </section>
    }
    .into_any()
}

/// The systems under control, the nearest first.
fn by_hop(place: &Place, blast: &Blast) -> AnyView {
    let mut control: Vec<_> = blast.control.iter().collect();
    control.sort_by_key(|(id, it)| (it.hops, (*id).clone()));
    let rows = control
        .iter()
        .take(MOST)
        .map(|(id, it)| {
            let levels: Vec<String> = it.levels.iter().map(Level::words).collect();
            let step = &blast.derivations[it.derivation];
            let over = match &step.way {
                Some(Way::Flow(flow)) => Some(flow_link(place, flow)),
                _ => None,
            };
            let earliest = blast.clock.earliest_seconds.get(*id).map(|seconds| duration(*seconds));
            view! {
                <tr>
                    <td class="number" data-label="Hops">{it.hops.to_string()}</td>
                    <th scope="row">{system(place, id)}</th>
                    {cell("Control", levels.join(", "))}
                    {cell("How", view! { {step.rule.label()}{over.map(|over| view! { ": "{over} })} })}
                    {cell("Not before", earliest)}
                </tr>
            }
            .into_any()
        })
        .collect();
    let caption = caption(control.len(), "system");
    small(
        "hop-table",
        format!("{caption} under control, by hops"),
        &["Hops", "System", "Control", "How", "Not before"],
        rows,
    )
}

/// What is seen, by class: what proves a card first.
fn by_class(place: &Place, blast: &Blast) -> AnyView {
    if blast.data.is_empty() {
        return view! { <p class="muted">"Nothing is seen that anybody declared."</p> }.into_any();
    }
    let mut seen: Vec<_> = blast.data.iter().map(|it| (catalogue::class_of(it.element.as_str()), it)).collect();
    seen.sort_by_key(|(class, it)| (class.is_none(), *class, it.element.clone(), it.hops, it.at.to_string()));
    let rows = seen
        .iter()
        .take(MOST)
        .map(|(class, it)| {
            let at = match &it.at {
                At::System(id) => system(place, id),
                At::Flow(id) => flow_link(place, id),
                At::Browser => "The customer's browser".into_any(),
            };
            let turned = if it.held_as == it.form {
                it.form.label().to_owned()
            } else {
                format!("{} (held as {})", it.form.label(), it.held_as.label().to_lowercase())
            };
            view! {
                <tr>
                    <th scope="row">{class.map_or("Own element", |class| class.label())}</th>
                    {cell("Element", element_link(place, &it.element))}
                    {cell("Form", turned)}
                    {cell("Where", at)}
                    {cell("Records", it.records.map_or_else(|| "not stated".to_owned(), grouped))}
                    <td class="number" data-label="Hops">{it.hops.to_string()}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let caption = format!("{}, by class", caption(seen.len(), "sighting"));
    small("class-table", caption, &["Class", "Element", "Form", "Where", "Records", "Hops"], rows)
}

fn money(place: &Place, blast: &Blast) -> Option<AnyView> {
    if blast.actions.is_empty() {
        return blast
            .actions_unknown
            .then(|| view! { <p class="meta">"Some credential allows actions that nobody listed."</p> }.into_any());
    }
    let rows = blast.actions.iter().take(MOST).map(|it| {
        view! {
            <tr>
                <th scope="row">{it.action.label()}</th>
                {cell("On", system(place, &it.system))}
                <td class="number" data-label="Hops">{it.hops.to_string()}</td>
            </tr>
        }
        .into_any()
    });
    let caption = format!("{} that move money", caption(blast.actions.len(), "action"));
    Some(small("money-table", caption, &["Action", "On", "Hops"], rows.collect()))
}

/// What is not under control and still not clean.
fn touched(place: &Place, blast: &Blast) -> Option<AnyView> {
    let list = |label: &'static str, systems: Vec<&SystemId>| {
        let left = systems.len().saturating_sub(MOST);
        let links: Vec<_> = systems.iter().take(MOST).map(|id| view! { <li>{system(place, id)}</li> }).collect();
        let left = (left > 0).then(|| view! { <li class="muted">{format!("and {left} more")}</li> });
        (!links.is_empty())
            .then(|| view! { <div><dt>{label}</dt><dd><ul class="cluster">{links}{left}</ul></dd></div> })
    };
    let takes = list("Takes data from a hostile system", blast.integrity.keys().collect());
    let only = |id: &&SystemId| !blast.integrity.contains_key(*id) && !blast.control.contains_key(*id);
    let exposed = list("Can be reached, and nothing more", blast.exposed.keys().filter(only).collect());
    (takes.is_some() || exposed.is_some()).then(|| view! { <dl class="key-value">{takes}{exposed}</dl> }.into_any())
}

fn way(place: &Place, lineage: &Lineage) -> AnyView {
    let heading = format!("The way of {}", lineage.name);
    view! {
        <section class="section" aria-labelledby="lineage">
            <h2 id="lineage">{heading}</h2>
            <p><a href=place.paths.element(&lineage.element)>"Everything about this element"</a></p>
            {element::summary(place, lineage)}
            {element::holders(place, lineage)}
            {element::ways(place, lineage)}
        </section>
    }
    .into_any()
}

/// `3 systems`, or `The first 200 of 1,000 systems`.
fn caption(all: usize, thing: &str) -> String {
    if all > MOST { format!("The first {MOST} of {}", count(all, thing)) } else { count(all, thing) }
}

/// Seconds in the largest unit that fits.
fn duration(seconds: u64) -> String {
    let of = |number: u64, unit: &str| count(usize::try_from(number).unwrap_or(usize::MAX), unit);
    match seconds {
        0 => "at once".to_owned(),
        1..60 => of(seconds, "second"),
        60..3600 => of(seconds / 60, "minute"),
        3600..86_400 => of(seconds / 3600, "hour"),
        _ => of(seconds / 86_400, "day"),
    }
}

fn system(place: &Place, id: &SystemId) -> AnyView {
    let model = &place.estate.model;
    let chip = model.systems.get(id).map(|system| Shown::of(system, place.estate.scope.systems.get(id)).chip());
    view! { <span class="cluster">{chip}<a href=place.paths.system(id)>{system_name(model, id)}</a></span> }.into_any()
}

fn flow_link(place: &Place, id: &domain::id::FlowId) -> AnyView {
    let model = &place.estate.model;
    let name = model.flows.get(id).map_or_else(|| id.to_string(), |flow| flow_name(model, flow));
    view! { <a href=place.paths.flow(id)>{name}</a> }.into_any()
}

fn element_link(place: &Place, id: &ElementId) -> AnyView {
    let name = catalogue::element(id.as_str()).map_or_else(|| id.to_string(), |row| row.name.clone());
    view! { <a href=place.paths.element(id)>{name}</a> }.into_any()
}
