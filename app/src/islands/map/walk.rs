//! Walking on the map with the keyboard: one stop for the tab key, arrows from there.

use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, SvgElement};

use super::camera::{focused, into_view};
use super::{closest, elements};

const LINKS: &str = ".map-frame a[data-kind]";

/// Leaves one link of the map in the order of the tab key: the chosen system, else the first.
pub(super) fn begin(wrapper: &Element) {
    let chosen = wrapper
        .query_selector(".map-frame")
        .ok()
        .flatten()
        .and_then(|frame| frame.get_attribute("data-chosen"))
        .filter(|key| !key.is_empty())
        .and_then(|key| node(wrapper, &key));
    if let Some(chosen) = &chosen {
        mark(wrapper, chosen);
        into_view(chosen);
    }
    let first = || wrapper.query_selector(".map-frame a[data-kind=node]").ok().flatten();
    if let Some(stop) = chosen.or_else(first) {
        rove(wrapper, &stop);
    }
}

/// Whether a link of the map, or its frame, has the focus.
pub(super) fn has_focus(wrapper: &Element) -> bool {
    focused().and_then(|it| closest(&it, ".map-frame")).is_some_and(|frame| wrapper.contains(Some(&frame)))
}

/// Shows which system is chosen.
pub(super) fn mark(wrapper: &Element, chosen: &Element) {
    for link in elements(wrapper, ".map-frame a[aria-current]") {
        // Taking an attribute away cannot fail.
        let _gone = link.remove_attribute("aria-current");
    }
    let _set = chosen.set_attribute("aria-current", "true");
}

/// Goes where the key says. False where the key means nothing here.
pub(super) fn step(wrapper: &Element, key: &str) -> bool {
    let Some(from) = focused().and_then(|it| closest(&it, "a[data-kind]")) else {
        // The frame itself has the focus: any arrow goes to the first system.
        let first = wrapper.query_selector(".map-frame a[tabindex='0']").ok().flatten();
        return match (key.starts_with("Arrow"), first) {
            (true, Some(first)) => go(wrapper, &first),
            _ => false,
        };
    };
    let is_node = from.get_attribute("data-kind").as_deref() == Some("node");
    let target = match (key, is_node) {
        ("ArrowRight", true) => neighbour(wrapper, &from, "data-out"),
        ("ArrowLeft", true) => neighbour(wrapper, &from, "data-in"),
        ("ArrowRight", false) => end(wrapper, &from, "data-to"),
        ("ArrowLeft", false) => end(wrapper, &from, "data-from"),
        ("ArrowDown", true) => in_order(wrapper, &from, 1),
        ("ArrowUp", true) => in_order(wrapper, &from, -1),
        ("Home", true) => in_lane(wrapper, &from, true),
        ("End", true) => in_lane(wrapper, &from, false),
        ("]", _) => flow(wrapper, &from, is_node, 1),
        ("[", _) => flow(wrapper, &from, is_node, -1),
        _ => return false,
    };
    // At an edge the key is still ours: the page must not scroll away.
    target.is_none_or(|target| go(wrapper, &target))
}

/// Moves the focus, and the stop of the tab key with it.
fn go(wrapper: &Element, target: &Element) -> bool {
    rove(wrapper, target);
    into_view(target);
    if let Some(link) = target.dyn_ref::<SvgElement>() {
        // An element that cannot take the focus leaves it where it is.
        let _stays = link.focus();
    }
    true
}

fn rove(wrapper: &Element, stop: &Element) {
    for link in elements(wrapper, LINKS) {
        let _set = link.set_attribute("tabindex", "-1");
    }
    let _set = stop.set_attribute("tabindex", "0");
}

/// The first system in a list of keys, most sensitive first.
fn neighbour(wrapper: &Element, from: &Element, list: &str) -> Option<Element> {
    let keys = from.get_attribute(list)?;
    keys.split_whitespace().find_map(|key| node(wrapper, key))
}

fn end(wrapper: &Element, flow: &Element, side: &str) -> Option<Element> {
    node(wrapper, &flow.get_attribute(side)?)
}

/// The next or previous system in the order of the drawing: lane by lane, in each from left to right.
fn in_order(wrapper: &Element, from: &Element, by: isize) -> Option<Element> {
    beside(elements(wrapper, ".map-frame a[data-kind=node]"), from, by)
}

fn in_lane(wrapper: &Element, from: &Element, first: bool) -> Option<Element> {
    let lane = from.get_attribute("data-lane");
    let mut lane = elements(wrapper, ".map-frame a[data-kind=node]")
        .into_iter()
        .filter(|it| it.get_attribute("data-lane") == lane);
    if first { lane.next() } else { lane.next_back() }
}

/// The next or previous flow of a system; on a flow, of the system that it comes from.
fn flow(wrapper: &Element, from: &Element, is_node: bool, by: isize) -> Option<Element> {
    let key = from.get_attribute(if is_node { "data-key" } else { "data-from" })?;
    let touches =
        |it: &Element| ["data-from", "data-to"].iter().any(|side| it.get_attribute(side).as_deref() == Some(&key));
    let flows: Vec<Element> = elements(wrapper, ".map-frame a[data-kind=bundle]").into_iter().filter(touches).collect();
    if is_node {
        return if by > 0 { flows.into_iter().next() } else { flows.into_iter().next_back() };
    }
    let count = isize::try_from(flows.len()).ok()?;
    let here = flows.iter().position(|it| it == from).and_then(|it| isize::try_from(it).ok())?;
    let next = usize::try_from((here + by).rem_euclid(count)).ok()?;
    flows.into_iter().nth(next)
}

fn beside(links: Vec<Element>, from: &Element, by: isize) -> Option<Element> {
    let here = links.iter().position(|it| it == from)?;
    links.into_iter().nth(here.checked_add_signed(by)?)
}

fn node(wrapper: &Element, key: &str) -> Option<Element> {
    elements(wrapper, ".map-frame a[data-kind=node]")
        .into_iter()
        .find(|it| it.get_attribute("data-key").as_deref() == Some(key))
}
