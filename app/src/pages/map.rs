//! The map: the whole estate, a part of it, or the proof of one verdict. The server draws it; links do the rest.

mod controls;
mod mode;
mod panel;
mod pickers;
mod view;

use std::collections::{BTreeMap, BTreeSet};

use domain::blast::Start;
use domain::id::SegmentId;
use domain::model::system::System;
use domain::problem::Problem;
use domain::role::Capability;
use domain::scene::estate::{ViewOptions, drawing, folding_link, group_key, segment_of};
use domain::scene::{Counts, Drawing, FileFormat, Picture};
use domain::scope::verdict::Category;
use leptos::prelude::*;

use super::editor::not_done;
use super::filter::Filter;
use super::frame::{Screen, Section};
use super::incidents::playbooks;
use super::request::{Place, Request};
use super::snapshots::{Compared, tabs};
use super::systems::list::KEYS;
use super::views;
use crate::islands::map::MapView;
use crate::ui::field::hidden;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, empty_state, notice};
use crate::ui::scope::Shown;
use view::Seen;
pub use view::{compared_with, view_options};

pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if place.estate.model.systems.is_empty() {
        return Ok(Screen::inside(&place, Section::Map, "Map", empty(&place)));
    }
    let seen = Seen::of(&request);
    let focus = seen.focus.as_ref().and_then(|id| place.estate.model.systems.get(id)).cloned();
    let filter = Filter::parse(&seen.q);
    let compared = match seen.mode.compared_with() {
        Some(key) => Some(Compared::with(request.backend()?, &place.estate, key).await?),
        None => None,
    };
    let both = compared.as_ref().map(|it| it.drawn(&place.estate));
    let options = seen.options(&place, both.as_ref());
    let (model, scope) =
        both.as_ref().map_or((&*place.estate.model, &*place.estate.scope), |both| (&both.model, &both.scope));
    let drawing = drawing(model, scope, &options);
    let nothing = drawing.nodes.is_empty();
    let picture = if nothing {
        let all = view! { <a class="button" href=place.paths.page("map")>"Show everything"</a> };
        empty_state("filter", "No system matches", "Remove a part of the filter, or check its spelling.", all)
    } else {
        stage(&request, &place, &seen, &options, &drawing, focus.as_deref())
    };
    let lost = seen.focus.as_ref().filter(|_| focus.is_none()).map(|_| {
        notice(Tone::Warn, "The system in the address is not in this workspace. Everything is shown instead.")
    });
    let unknown = filter.unknown_key(&KEYS).map(|key| {
        notice(Tone::Warn, format!("There is no filter \u{201c}{key}:\u{201d}. These exist: {}.", KEYS.join(", ")))
    });
    let viewed = views::Shown::of_map(place.paths.page("map"), &seen.pairs());
    let kept = request.backend()?.views(&place.estate.workspace.id).await?;
    let snapshots = request.backend()?.snapshots(&place.estate.workspace.id).await?;
    let prepared = match options.blast.as_ref() {
        Some(blast) if place.works() => {
            let book = request.backend()?.incidents(&place.estate.workspace.id).await?;
            Some(playbooks::for_start(&place, &book, &blast.start))
        }
        _ => None,
    };
    let body = view! {
        {head(&place, &seen)}
        {not_done(&request)}
        {toolbar(&place, &seen, focus.as_deref())}
        {tabs(&place, "map")}
        {views::strip(&viewed, &kept)}
        {mode::bar(&place, &seen, &snapshots)}
        {mode::problem(&request, &seen, &options)}
        {lost}
        {unknown}
        {picture}
        {legend(&options)}
        {honesty(&place, &drawing.counts)}
        <div class="list-tools">
            {segments(&place, &seen, &options, &drawing)}
            {views::keep(&place, &viewed, &kept)}
        </div>
        {mode::twin(&place, &options)}
        {prepared}
        {compared.as_ref().map(|it| mode::differs(&place, it))}
    };
    Ok(Screen::inside(&place, Section::Map, "Map", body).class("page map-page").with_islands())
}

fn empty(place: &Place) -> AnyView {
    let first = place.paths.page("systems/new");
    let actions = place.may(Capability::EditModel).then(|| {
        view! {
            {header::action(first, "plus", "Add the system that first sees the card number", true)}
            {header::action(place.paths.page("import"), "upload", "Import a file", false)}
        }
    });
    let sentence = "The map shows where payment data goes: systems in the lanes of their segments, flows between them.";
    view! { {Header::new("Map").view()}{empty_state("map", "Nothing to draw yet", sentence, actions)} }.into_any()
}

fn head(place: &Place, seen: &Seen) -> AnyView {
    let edit = place.may(Capability::EditModel).then(|| {
        view! {
            {header::action(place.paths.page("systems/new"), "plus", "System", false)}
            {header::action(place.paths.page("flows/new"), "plus", "Flow", false)}
        }
    });
    let texts = FileFormat::ALL.map(|format| (format.extension(), format.label()));
    let [svg, others @ ..] = texts;
    let files: Vec<_> = [svg, ("png", "PNG")]
        .into_iter()
        .chain(others)
        .map(|(extension, label)| {
            let address = seen.address(place, &format!("map.{extension}"));
            view! { <li><a href=address download="">{label}</a></li> }
        })
        .collect();
    let files = view! {
        <details class="drop">
            <summary class="button">{icon("download")}"Download"</summary>
            <ul class="menu" aria-label="What is seen, as a file">{files}</ul>
        </details>
    };
    Header::new("Map").actions(view! { {edit}{files} }).view()
}

fn toolbar(place: &Place, seen: &Seen, focus: Option<&System>) -> AnyView {
    // A new filter keeps everything else that the view says.
    let kept: Vec<_> = seen
        .pairs()
        .into_iter()
        .filter(|(name, value)| *name != "q" && !value.is_empty())
        .map(|(name, value)| hidden(name, value))
        .collect();
    let clear = seen
        .pairs()
        .iter()
        .any(|(_, value)| !value.is_empty())
        .then(|| view! { <a class="button quiet" href=place.paths.page("map")>"Everything"</a> });
    view! {
        <form class="filter-bar" method="get" action=place.paths.page("map") role="search" aria-label="The map">
            <div class="field grow">
                <label for="q">"Draw only"</label>
                <input
                    class="input mono"
                    id="q"
                    type="search"
                    name="q"
                    value=seen.q.clone()
                    autocomplete="off"
                    placeholder="scope:in field:pan"
                />
            </div>
            {kept}
            <button class="button">{icon("filter")}"Filter"</button>
            {focus.map(|system| distances(place, seen, system))}
            {clear}
        </form>
    }
    .into_any()
}

/// How far from the focus to draw.
fn distances(place: &Place, seen: &Seen, system: &System) -> AnyView {
    let choices = [(None, "All"), (Some(1), "1 hop"), (Some(2), "2 hops"), (Some(3), "3 hops")];
    let links: Vec<_> = choices
        .into_iter()
        .map(|(hops, label)| {
            let current = (seen.hops == hops).then_some("true");
            view! { <a class="button" href=seen.within(place, hops) aria-current=current>{label}</a> }
        })
        .collect();
    view! {
        <div class="button-group" role="group" aria-label=format!("Distance from {}", system.name)>{links}</div>
    }
    .into_any()
}

/// The drawing and the panel beside it, wrapped in what moves them.
fn stage(
    request: &Request,
    place: &Place,
    seen: &Seen,
    options: &ViewOptions,
    drawing: &Drawing,
    focus: Option<&System>,
) -> AnyView {
    let drawn = focus.map(|system| domain::scene::estate::drawn_key(system.id.as_str()));
    let picture = Picture::of(drawing, drawn.as_deref());
    let flows = place.estate.model.flows.len();
    let skip = view! {
        <a class="skip-link" href=place.paths.page("flows")>
            {format!("Skip the map, go to the table of {flows} flows")}
        </a>
    };
    let edits = request.query("edit").is_some() && place.may(Capability::EditModel);
    let panel = match focus {
        Some(system) if edits => panel::edit(request, place, seen, system),
        _ => panel::view(place, seen, picture.place, focus),
    };
    let below = controls::below(place, options);
    let carried = place.may(Capability::EditModel).then(|| panel::carry_form(place, seen));
    // Where the start of a blast radius is a system, the view begins there.
    let start = options.blast.as_ref().and_then(|blast| match &blast.start {
        Start::System { id } => Some(id),
        _ => None,
    });
    let chosen = focus.map(|system| &system.id).or(start);
    let chosen = chosen.map(|id| domain::scene::estate::drawn_key(id.as_str())).unwrap_or_default();
    view! {
        {skip}
        <MapView>
            <div class="stack tight">
                <div class="split">
                    <div class="map-stage">
                        <figure
                            class="map-frame"
                            role="region"
                            aria-label="Map"
                            tabindex="0"
                            data-chosen=chosen
                            inner_html=picture.map
                        ></figure>
                        <div class="map-corner" data-overview="" hidden=true inner_html=picture.overview></div>
                    </div>
                    {panel}
                </div>
                {below}
            </div>
            <p class="visually-hidden" role="status" data-announcer=""></p>
            {carried}
        </MapView>
    }
    .into_any()
}

/// Every segment of the view, with the link that collapses or opens it. The boxes of collapsed segments are such links
/// too; the list reaches those that are open.
fn segments(place: &Place, seen: &Seen, options: &ViewOptions, drawing: &Drawing) -> AnyView {
    let model = &place.estate.model;
    let folded: BTreeSet<&str> =
        drawing.nodes.iter().filter(|node| node.group.is_some()).map(|node| node.key.as_str()).collect();
    let mut count: BTreeMap<SegmentId, usize> = BTreeMap::new();
    for system in model.systems.keys().filter(|id| options.only.as_ref().is_none_or(|only| only.contains(*id))) {
        *count.entry(segment_of(model, system)).or_default() += 1;
    }
    if count.len() < 2 {
        return ().into_any();
    }
    let entries: Vec<_> = count
        .into_iter()
        .map(|(segment, systems)| {
            let (mut open, mut closed) = (seen.open.clone(), seen.closed.clone());
            let is_folded = folded.contains(group_key(&segment).as_str());
            if is_folded {
                closed.remove(&segment);
                open.insert(segment.clone());
            } else {
                open.remove(&segment);
                closed.insert(segment.clone());
            }
            let link = folding_link(options, &open, &closed);
            let name = domain::scene::estate::segment_name(model, &segment);
            let does = if is_folded { "Open" } else { "Collapse" };
            let systems = if systems == 1 { "1 system".to_owned() } else { format!("{systems} systems") };
            view! { <li><a href=link>{format!("{does} {name}")}</a>{format!(", {systems}")}</li> }
        })
        .collect();
    view! {
        <details class="columns">
            <summary class="button small">{icon("segment")}"Open or collapse segments"</summary>
            <ul>{entries}</ul>
        </details>
    }
    .into_any()
}

fn legend(options: &ViewOptions) -> AnyView {
    let open = Shown { category: "undeclared", code: "?", words: "Open end, not declared", sub: None };
    let entries: Vec<_> = Category::ALL
        .iter()
        .map(|category| Shown::category(*category, None))
        .chain([open])
        .map(|it| {
            let words = if it.words == it.code { it.code.to_owned() } else { format!("{} {}", it.code, it.words) };
            view! { <li class="shape" data-category=it.category>{words}</li> }
        })
        .collect();
    let differs =
        "A broken line and a struck name: gone, drawn where it was. Heavy: new or changed, as the word on it says.";
    let mode = match (&options.blast, &options.lineage) {
        _ if options.fates.is_some() => Some(differs),
        (Some(_), _) => Some("The number on a box: hops from the start. Faded: out of reach."),
        (None, Some(_)) => {
            Some("The word on a box: the clearest form in which it has the element. Faded: does not have it.")
        }
        (None, None) => None,
    };
    let mode = mode.map(|words| view! { <li>{words}</li> });
    view! { <ul class="legend" aria-label="Legend">{entries}{mode}</ul> }.into_any()
}

/// How much of the estate is in the picture, and where the rest is.
fn honesty(place: &Place, counts: &Counts) -> AnyView {
    view! {
        <p class="honesty-line">
            <span>{counts.sentence()}</span>
            {open_ends(place)}
            <a href=place.paths.page("flows")>"Table of flows"</a>
            <a href=place.paths.page("systems")>"Table of systems"</a>
        </p>
    }
    .into_any()
}

/// How many systems flows name and nobody declared, in the whole workspace.
fn open_ends(place: &Place) -> Option<AnyView> {
    let open = place.estate.model.open_ends().count();
    (open > 0).then(|| {
        view! { <a href=place.paths.systems("is:undeclared")>{crate::ui::table::count(open, "open end")}</a> }
            .into_any()
    })
}
