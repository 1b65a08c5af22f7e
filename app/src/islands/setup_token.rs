//! The set-up token out of the link's fragment.
//!
//! A fragment never reaches the server or its logs. It is moved into the form's field and cleared from the address at
//! once, so that it stays neither in the history nor on the screen.

use leptos::html::Div;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlInputElement;

/// Wraps the field in which the token can be pasted by hand.
#[island]
pub fn SetupToken(children: Children) -> impl IntoView {
    let wrapper = NodeRef::<Div>::new();
    Effect::new(move |_| {
        let Some(wrapper) = wrapper.get() else { return };
        let location = window().location();
        let Some(token) = location.hash().ok().and_then(|hash| hash.strip_prefix("#token=").map(str::to_owned)) else {
            return;
        };
        if token.is_empty() {
            return;
        }
        let field = wrapper.query_selector("input[name=token]").ok().flatten();
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
            field.set_value(&token);
            // Nothing left to type here; what remains of the form is what the person fills in.
            wrapper.set_hidden(true);
        }
        let address = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
        if let Ok(history) = window().history() {
            // Where the browser refuses, the token stays in the address of this page: it works only once anyway.
            let _refused = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
        }
    });
    view! { <div node_ref=wrapper>{children()}</div> }
}
