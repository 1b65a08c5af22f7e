//! Letters on the map that lead somewhere. They act only while the map has the focus.

use leptos::prelude::document;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::camera::focused;
use super::{closest, panel};

/// A letter without control.
pub(super) fn press(wrapper: &Element, key: &str) -> bool {
    match key {
        "/" => focus(document().get_element_by_id("q")),
        "t" => {
            panel::follow(&panel::beside("flows"));
            true
        }
        "?" => show(wrapper),
        _ => focused().and_then(|it| closest(&it, "a[data-kind=node]")).is_some_and(|it| panel::key(wrapper, &it, key)),
    }
}

/// A key with control: the page of what has the focus, instead of its panel.
pub(super) fn open(key: &str) -> bool {
    let link = focused().and_then(|it| closest(&it, "a[data-kind]")).and_then(|it| it.get_attribute("href"));
    match (key, link) {
        ("Enter", Some(link)) => {
            panel::follow(&link);
            true
        }
        _ => false,
    }
}

/// Opens the list of keys and goes there.
fn show(wrapper: &Element) -> bool {
    let Some(keys) = wrapper.query_selector("[data-keys]").ok().flatten() else { return false };
    let _set = keys.set_attribute("open", "");
    focus(keys.query_selector("summary").ok().flatten())
}

fn focus(element: Option<Element>) -> bool {
    // An element that cannot take the focus leaves it where it is.
    element.and_then(|it| it.dyn_into::<HtmlElement>().ok()).is_some_and(|it| it.focus().is_ok())
}
