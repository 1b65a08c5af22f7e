//! Keys for a page that shows one thing after the other: `j` and `k` go on and back, `c` confirms.
//!
//! They press the link or button that says so (`data-press`), so that nothing can be done by a key that cannot be done
//! without. They work only while the focus is in this part of the page and not in a field, so that they never get in the
//! way of a screen reader or of typing; the part has the focus when the page opens.

use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::triage::reveal;

/// Wraps the links and buttons with `data-press`, and the hint on the keys (`data-keys`), which is hidden until somebody
/// can use them.
#[island]
pub fn MeetingKeys(children: Children) -> impl IntoView {
    let wrapper = NodeRef::<Div>::new();
    Effect::new(move |_| {
        if let Some(wrapper) = wrapper.get() {
            reveal(&wrapper);
            // A page that says what went wrong has the focus there.
            let trouble = document().query_selector(".error-summary").ok().flatten();
            if trouble.is_none() {
                let _stays = wrapper.focus();
            }
        }
    });
    let on_key = move |event: KeyboardEvent| {
        let plain = !(event.ctrl_key() || event.alt_key() || event.meta_key());
        let (Some(wrapper), true, Some(target)) = (wrapper.get(), plain, event.target()) else { return };
        let typing =
            target.dyn_into::<Element>().is_ok_and(|it| it.matches("input, textarea, select").unwrap_or_default());
        let selector = match event.key().as_str() {
            "j" => "[data-press=j]",
            "k" => "[data-press=k]",
            "c" => "[data-press=c]",
            _ => return,
        };
        let pressed = wrapper.query_selector(selector).ok().flatten();
        if let (false, Some(Ok(pressed))) = (typing, pressed.map(|it| it.dyn_into::<HtmlElement>())) {
            event.prevent_default();
            pressed.click();
        }
    };
    view! { <div node_ref=wrapper tabindex="-1" on:keydown=on_key>{children()}</div> }
}
