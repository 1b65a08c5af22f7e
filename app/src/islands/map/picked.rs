//! Several systems at once: picked one by one or by lane, and handed to the pages that change, list or connect them.

use leptos::wasm_bindgen::JsCast;
use web_sys::js_sys::decode_uri_component;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::camera::focused;
use super::{announce, closest, elements};

const PICKED: &str = ".map-frame a[data-picked]";

/// Whether a press picks instead of choosing, because the button says so.
pub(super) fn is_on(wrapper: &Element) -> bool {
    button(wrapper).is_some_and(|it| it.get_attribute("aria-pressed").as_deref() == Some("true"))
}

/// Turns the button over; turned off, nothing stays picked.
pub(super) fn switch(wrapper: &Element) {
    let Some(button) = button(wrapper) else { return };
    let on = !is_on(wrapper);
    let _set = button.set_attribute("aria-pressed", if on { "true" } else { "false" });
    if on {
        announce(wrapper, "Press systems to pick them.");
    } else {
        none(wrapper);
    }
}

/// Picks a system, or lets go of it.
pub(super) fn toggle(wrapper: &Element, node: &Element) {
    // Setting and removing an attribute with a plain name cannot fail.
    let _done = if node.has_attribute("data-picked") {
        node.remove_attribute("data-picked")
    } else {
        let order = elements(wrapper, PICKED).len();
        node.set_attribute("data-picked", &order.to_string())
    };
    show(wrapper);
}

/// Lets go of all of them.
pub(super) fn none(wrapper: &Element) {
    for node in elements(wrapper, PICKED) {
        let _gone = node.remove_attribute("data-picked");
    }
    show(wrapper);
}

/// A key on the map: the system with the focus, its whole lane, or none.
pub(super) fn key(wrapper: &Element, key: &str, control: bool) -> bool {
    let here = || focused().and_then(|it| closest(&it, "a[data-kind=node]"));
    match (key, control) {
        (" ", false) => match here() {
            Some(node) => toggle(wrapper, &node),
            None => return false,
        },
        ("a", true) => match here() {
            Some(node) => lane(wrapper, &node),
            None => return false,
        },
        ("Escape", false) if !elements(wrapper, PICKED).is_empty() => none(wrapper),
        _ => return false,
    }
    true
}

fn lane(wrapper: &Element, node: &Element) {
    let lane = node.get_attribute("data-lane");
    let nodes = elements(wrapper, ".map-frame a[data-kind=node]");
    for (number, other) in nodes.iter().filter(|it| it.get_attribute("data-lane") == lane).enumerate() {
        let _set = other.set_attribute("data-picked", &number.to_string());
    }
    show(wrapper);
}

/// Fills the form with what is picked, in the order in which it was.
fn show(wrapper: &Element) {
    let mut picked = elements(wrapper, PICKED);
    picked.sort_by_key(|it| it.get_attribute("data-picked").and_then(|it| it.parse::<usize>().ok()).unwrap_or(0));
    let keys: Vec<String> = picked.iter().filter_map(key_of).collect();
    let Some(form) = wrapper.query_selector("[data-picked-form]").ok().flatten() else { return };
    let count = match keys.len() {
        1 => "1 system picked".to_owned(),
        count => format!("{count} systems picked"),
    };
    let set = |name: &str, value: Option<&str>| {
        let input = form.query_selector(&format!("input[name={name}]")).ok().flatten();
        if let Some(input) = input.and_then(|it| it.dyn_into::<HtmlInputElement>().ok()) {
            input.set_value(value.unwrap_or_default());
            // A field without a value says nothing in the address.
            input.set_disabled(value.is_none());
        }
    };
    let two = keys.len() == 2;
    set("q", Some(&format!("key:{}", keys.join(","))));
    set("from", keys.first().filter(|_| two).map(String::as_str));
    set("to", keys.get(1).filter(|_| two).map(String::as_str));
    hide(Some(form.clone()), keys.is_empty());
    hide(form.query_selector("[data-picked-two]").ok().flatten(), !two);
    if let Some(shown) = form.query_selector("[data-picked-count]").ok().flatten() {
        shown.set_text_content(Some(&count));
    }
    announce(wrapper, &count);
}

fn hide(element: Option<Element>, hidden: bool) {
    if let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        element.set_hidden(hidden);
    }
}

/// The key of a system is the end of where its box leads.
fn key_of(node: &Element) -> Option<String> {
    let key = super::panel::key_in(&node.get_attribute("href")?)?;
    let key = decode_uri_component(&key).ok().map(String::from)?;
    Some(if key.contains(char::is_whitespace) { format!("\"{key}\"") } else { key })
}

fn button(wrapper: &Element) -> Option<Element> {
    wrapper.query_selector("[data-pick-several]").ok().flatten()
}
