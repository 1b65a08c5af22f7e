//! Icons of the sprite.

use leptos::prelude::*;

use crate::context::AssetNames;

/// One icon of the sprite. Always beside words: it says nothing to a screen reader.
#[must_use]
pub fn icon(name: &str) -> AnyView {
    let sprite = use_context::<AssetNames>().unwrap_or_default().icons;
    view! { <svg class="icon" aria-hidden="true"><use href=format!("{sprite}#{name}")></use></svg> }.into_any()
}
