//! Keys for a list whose rows can be ticked: `j` and `k` move from row to row, `x` ticks.
//!
//! They work only while the focus is in the list, so that they never get in the way of a screen reader or of typing.
//! Without it the rows are reached with Tab and ticked with the space bar.

use leptos::ev::{Event, KeyboardEvent};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// Wraps a table with a checkbox and a link in each row, what tells how many are ticked (`data-selected`), and the hint on
/// the keys (`data-keys`), which is hidden until somebody can use them.
#[island]
pub fn TriageKeys(children: Children) -> impl IntoView {
    let wrapper = NodeRef::<Div>::new();
    Effect::new(move |_| {
        if let Some(wrapper) = wrapper.get() {
            reveal(&wrapper);
            tell(&wrapper);
        }
    });
    let on_key = move |event: KeyboardEvent| {
        let plain = !(event.ctrl_key() || event.alt_key() || event.meta_key());
        let (Some(wrapper), true, Some(target)) = (wrapper.get(), plain, event.target()) else { return };
        let Ok(target) = target.dyn_into::<Element>() else { return };
        if target.closest("table").ok().flatten().is_none() && target.closest(".table-wrap").ok().flatten().is_none() {
            return;
        }
        let row = target.closest("tbody tr").ok().flatten();
        match event.key().as_str() {
            "j" => go(&wrapper, row.as_ref(), true),
            "k" => go(&wrapper, row.as_ref(), false),
            "x" => {
                if let Some(tick) = row.and_then(|row| row.query_selector("input[type=checkbox]").ok().flatten())
                    && let Ok(tick) = tick.dyn_into::<HtmlInputElement>()
                {
                    tick.set_checked(!tick.checked());
                    tell(&wrapper);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let on_change = move |_: Event| {
        if let Some(wrapper) = wrapper.get() {
            tell(&wrapper);
        }
    };
    view! { <div node_ref=wrapper on:keydown=on_key on:change=on_change>{children()}</div> }
}

pub(super) fn reveal(wrapper: &Element) {
    if let Ok(Some(hint)) = wrapper.query_selector("[data-keys][hidden]")
        && let Ok(hint) = hint.dyn_into::<HtmlElement>()
    {
        hint.set_hidden(false);
    }
}

/// Says how many rows are ticked.
fn tell(wrapper: &Element) {
    let ticked = wrapper.query_selector_all("tbody input[type=checkbox]:checked").map_or(0, |list| list.length());
    if let Ok(Some(place)) = wrapper.query_selector("[data-selected]") {
        let words = if ticked == 0 { String::new() } else { format!("{ticked} selected") };
        place.set_text_content(Some(&words));
    }
}

/// Moves the focus to the link of the next row, or of the one before.
fn go(wrapper: &Element, from: Option<&Element>, forward: bool) {
    let next = match from {
        Some(row) if forward => row.next_element_sibling(),
        Some(row) => row.previous_element_sibling(),
        None => wrapper.query_selector("tbody tr").ok().flatten(),
    };
    let link = next.and_then(|row| row.query_selector("th a").ok().flatten());
    if let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        // What cannot take the focus leaves it where it is.
        let _stays = link.focus();
    }
}
