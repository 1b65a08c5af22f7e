//! What stands below the map for those whose browser runs scripts: its size, several systems at once, the steps of a
//! blast radius, and the keys. All of it is hidden until the island answers it; links and forms of the page do the same.

use domain::role::Capability;
use domain::scene::estate::ViewOptions;
use leptos::prelude::*;

use super::super::request::Place;
use crate::ui::field::hidden;
use crate::ui::icon::icon;

/// The keys of the map and what each does.
const KEYS: [(&str, &str); 12] = [
    ("Arrows", "Walk along flows, and within a lane"),
    ("[ ]", "The flows of a system, one after the other"),
    ("Enter", "Choose; with Ctrl, open the page of it"),
    ("Space", "Pick one of several; Ctrl+A picks its lane, Esc none"),
    ("e", "Why it is in scope or is not"),
    ("b", "What it reaches when it is hostile"),
    ("f", "A new flow from it"),
    ("m", "Put it elsewhere"),
    ("+ \u{2212} 0 1", "Larger, smaller, all of it, to read; Shift+arrows move the map"),
    ("/", "Filter"),
    ("t", "Table of flows"),
    ("?", "These keys"),
];

/// Everything below the map.
pub(super) fn below(place: &Place, options: &ViewOptions) -> AnyView {
    let steps = options.blast.is_some().then(player);
    view! {
        <div class="cluster map-tools" data-map-tools="" hidden=true>
            {size()}
            {steps}
            <button class="button small" type="button" data-pick-several="" aria-pressed="false">
                {icon("check")}
                "Pick several"
            </button>
            {keys()}
        </div>
        {picked(place)}
    }
    .into_any()
}

fn size() -> AnyView {
    view! {
        <div class="button-group" role="group" aria-label="Size of the map">
            <button class="button small icon-only" type="button" data-zoom-by="out">
                {icon("zoom-out")}
                <span class="visually-hidden">"Smaller"</span>
            </button>
            <button class="button small icon-only" type="button" data-zoom-by="in">
                {icon("zoom-in")}
                <span class="visually-hidden">"Larger"</span>
            </button>
            <button class="button small" type="button" data-zoom-by="fit">{icon("fit")}"Fit"</button>
            <button class="button small" type="button" data-zoom-by="legible">"To read"</button>
        </div>
    }
    .into_any()
}

/// The hops of a blast radius one after the other. It begins with all of them, and nothing moves by itself.
fn player() -> AnyView {
    view! {
        <div class="button-group" role="group" aria-label="Hops of the blast radius">
            <button class="button small" type="button" data-play="play">"Play"</button>
            <button class="button small" type="button" data-play="back">"Step back"</button>
            <button class="button small" type="button" data-play="on">"Step"</button>
            <button class="button small" type="button" data-play="all">"All"</button>
        </div>
    }
    .into_any()
}

fn keys() -> AnyView {
    let rows: Vec<_> =
        KEYS.into_iter().map(|(keys, does)| view! { <div><dt><kbd>{keys}</kbd></dt><dd>{does}</dd></div> }).collect();
    view! {
        <details class="map-keys" data-keys="">
            <summary class="button small quiet">"Keys"</summary>
            <dl class="key-value">{rows}</dl>
        </details>
    }
    .into_any()
}

/// What can be done with the systems that were picked. The island fills in which they are.
fn picked(place: &Place) -> AnyView {
    let edit = place.may(Capability::EditModel);
    let change = edit.then(|| {
        let to = place.paths.page("change/systems");
        view! { <button class="button small" formaction=to>"Change them"</button> }
    });
    // A flow has two ends: the first that was picked sends.
    let connect = edit.then(|| {
        let to = place.paths.page("flows/new");
        view! { <button class="button small" formaction=to data-picked-two="" hidden=true>"New flow between them"</button> }
    });
    view! {
        <form
            class="cluster map-picked"
            method="get"
            action=place.paths.page("map")
            aria-label="Picked systems"
            data-picked-form=""
            hidden=true
        >
            <strong data-picked-count=""></strong>
            {hidden("q", String::new())}
            {hidden("from", String::new())}
            {hidden("to", String::new())}
            <button class="button small">"Draw only them"</button>
            <button class="button small" formaction=place.paths.page("systems")>"List them"</button>
            {change}
            {connect}
            <button class="button small quiet" type="button" data-picked-none="">"Pick none"</button>
        </form>
    }
    .into_any()
}
