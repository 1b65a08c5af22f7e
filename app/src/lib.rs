//! The pages and islands of Plumbline.
//!
//! Pages are rendered on the server and never reach the browser as code. Islands are the few parts that run there:
//! they are compiled a second time, to WebAssembly, and everything they do has a plain HTML twin.
//! These two lines are the only places where the two builds differ.

// The views are deeply nested types.
#![recursion_limit = "256"]

pub mod context;
pub mod islands;
pub mod ui;

#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
pub use pages::{App, compared_with, comparison, kept_view, report, shell, view_options};

/// Starts the reactive system in the browser; the page's script then hydrates the islands one by one.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
