//! The hops of a blast radius one after the other. The picture has all of them; a step only fades what comes later.

use std::time::Duration;

use leptos::prelude::set_timeout;
use web_sys::Element;

use super::{announce, elements};

/// How long each hop is shown.
const PACE: Duration = Duration::from_millis(450);
/// The boxes that say after how many hops they are reached.
const REACHED: &str = ".map-frame a[data-step]";
const STATE: &str = "data-hops-shown";

/// A button of the player.
pub(super) fn press(wrapper: &Element, button: &str) {
    match button {
        "play" => {
            show(wrapper, 0);
            play_on(wrapper.clone());
        }
        "back" => stop_at(wrapper, shown(wrapper) - 1),
        "on" => stop_at(wrapper, shown(wrapper) + 1),
        _ => stop_at(wrapper, most(wrapper)),
    }
}

/// One hop more after a while, until all are shown or somebody presses something else.
fn play_on(wrapper: Element) {
    let _set = wrapper.set_attribute("data-playing", "true");
    // A timer that cannot be set leaves the picture at this hop.
    let _set = set_timeout(
        move || {
            if !wrapper.has_attribute("data-playing") || !wrapper.is_connected() {
                return;
            }
            let next = shown(&wrapper) + 1;
            show(&wrapper, next);
            if next < most(&wrapper) {
                play_on(wrapper);
            } else {
                let _gone = wrapper.remove_attribute("data-playing");
            }
        },
        PACE,
    );
}

fn stop_at(wrapper: &Element, hops: i32) {
    let _gone = wrapper.remove_attribute("data-playing");
    show(wrapper, hops);
}

/// Fades every box with more hops, and every line that touches one.
fn show(wrapper: &Element, hops: i32) {
    let hops = hops.clamp(0, most(wrapper));
    let _set = wrapper.set_attribute(STATE, &hops.to_string());
    let mut later = Vec::new();
    let mut reached = 0;
    for node in elements(wrapper, REACHED) {
        let is_later = step(&node) > hops;
        mark_later(&node, is_later);
        if is_later {
            later.extend(node.get_attribute("data-key"));
        } else {
            reached += 1;
        }
    }
    for line in elements(wrapper, ".map-frame a[data-kind=bundle]:not(.off)") {
        let touches = |side: &str| line.get_attribute(side).is_some_and(|key| later.contains(&key));
        mark_later(&line, touches("data-from") || touches("data-to"));
    }
    let systems = if reached == 1 { "1 system".to_owned() } else { format!("{reached} systems") };
    let words = match hops {
        1 => format!("After 1 hop: {systems} under control."),
        hops => format!("After {hops} hops: {systems} under control."),
    };
    announce(wrapper, &words);
}

fn mark_later(element: &Element, later: bool) {
    // Setting and removing an attribute with a plain name cannot fail.
    let _done = if later { element.set_attribute("data-later", "") } else { element.remove_attribute("data-later") };
}

fn shown(wrapper: &Element) -> i32 {
    wrapper.get_attribute(STATE).and_then(|it| it.parse().ok()).unwrap_or_else(|| most(wrapper))
}

/// The most hops of any box of the picture.
fn most(wrapper: &Element) -> i32 {
    elements(wrapper, REACHED).iter().map(step).max().unwrap_or(0)
}

fn step(node: &Element) -> i32 {
    node.get_attribute("data-step").and_then(|it| it.parse().ok()).unwrap_or(0)
}
