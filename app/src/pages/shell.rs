//! The document around every page, and the script that starts the islands.

use std::sync::Arc;

use any_spawner::Executor;
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};

use super::routes::App;
use crate::context::{PageContext, Theme};

/// The whole document for one request. The server provides the backend, and `Submitted` where a form was posted.
#[must_use]
pub fn shell(context: PageContext) -> impl IntoView {
    // Rendering yields to the executor once. Whoever renders without Leptos' own router has not told it which one; the
    // second time there is nothing left to say.
    let _known = Executor::init_tokio();
    // Only islands are hydrated, so nothing else needs to be told apart.
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    provide_meta_context();
    provide_context(context.assets);
    provide_context(context.clone());
    let assets = context.assets;
    let theme = (context.theme != Theme::System).then(|| context.theme.as_str());
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="preload" href=assets.font_latin r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                <link rel="stylesheet" href=assets.css/>
                <link rel="icon" href=assets.favicon r#type="image/svg+xml"/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Loads the islands once the browser has nothing better to do. Pages without islands do not carry it.
///
/// Leptos' own component puts the nonce where scripts can read it and leaves it off the preloads.
pub(super) fn hydration(context: &PageContext) -> AnyView {
    let (Some(js), Some(wasm)) = (context.assets.js, context.assets.wasm) else {
        return ().into_any();
    };
    let nonce = Arc::clone(&context.nonce);
    view! {
        <link rel="modulepreload" href=js nonce=Arc::clone(&nonce)/>
        <link
            rel="preload"
            href=wasm
            r#as="fetch"
            r#type="application/wasm"
            crossorigin="anonymous"
            nonce=Arc::clone(&nonce)
        />
        <script r#type="module" nonce=nonce inner_html=start(js, wasm)></script>
    }
    .into_any()
}

/// The script. Both paths are names of this build: letters, digits, dots, dashes and slashes.
fn start(js: &str, wasm: &str) -> String {
    format!(
        "const start = async () => {{\
         const islands = await import({js:?});\
         await islands.default({{ module_or_path: {wasm:?} }});\
         islands.hydrate();\
         for (const island of document.querySelectorAll(\"leptos-island\"))\
         islands[island.dataset.component]?.(island);\
         document.documentElement.dataset.islands = \"ready\";\
         }};\
         \"requestIdleCallback\" in window ? requestIdleCallback(start, {{ timeout: 1000 }}) : start();"
    )
}
