//! The panel of the chosen system, taken out of the page that the server would show for it.

use leptos::prelude::window;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomParser, Element, Response, SupportedType};

use super::camera::set_address;
use super::{announce, walk};

/// Chooses a system: asks the server for this page with the system in focus, and takes over its panel. False where
/// that cannot even begin; then the link is followed.
pub(super) fn choose(wrapper: &Element, node: &Element) -> bool {
    let (Some(address), Some(link)) = (address_of(node), node.get_attribute("href")) else { return false };
    walk::mark(wrapper, node);
    let (wrapper, node) = (wrapper.clone(), node.clone());
    spawn_local(async move {
        let page = fetched(&address).await;
        if node.get_attribute("aria-current").as_deref() != Some("true") {
            // Another system was chosen meanwhile.
            return;
        }
        match page.and_then(|html| take_over(&wrapper, &html)) {
            Some(name) => {
                set_address(&address);
                announce(&wrapper, &name);
            }
            // Signed out, or something else than the page: go where the link leads, which tells why.
            None => follow(&link),
        }
    });
    true
}

async fn fetched(address: &str) -> Option<String> {
    let response: Response = JsFuture::from(window().fetch_with_str(address)).await.ok()?.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

/// Leads to what a letter means for a system. False where the letter means nothing.
pub(super) fn key(wrapper: &Element, node: &Element, key: &str) -> bool {
    let Some(address) = address_of(node) else { return false };
    let id = node.get_attribute("href").and_then(|link| key_in(&link)).unwrap_or_default();
    match key {
        "e" => follow(&format!("{address}&mode=explain")),
        "b" => follow(&format!("{address}&mode=blast&start=system:{id}")),
        // Only who may change the model has the form that is sent when a system is carried.
        "f" if wrapper.query_selector("[data-move-form]").ok().flatten().is_some() => {
            follow(&beside(&format!("flows/new?from={id}")));
        }
        "m" if wrapper.query_selector("[data-move-form]").ok().flatten().is_some() => {
            follow(&format!("{address}#place-column"));
        }
        _ => return false,
    }
    true
}

/// The key of a system, encoded: the end of the path to which its box leads.
pub(super) fn key_in(link: &str) -> Option<String> {
    Some(link.split('?').next()?.rsplit('/').next()?.to_owned())
}

/// A page beside this one, of the same state of the workspace.
pub(super) fn beside(page: &str) -> String {
    let query = window().location().search().unwrap_or_default();
    let kept = query.trim_start_matches('?').split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        matches!(name, "at" | "proposal")
    });
    kept.fold(page.to_owned(), |page, pair| {
        let separator = if page.contains('?') { '&' } else { '?' };
        format!("{page}{separator}{pair}")
    })
}

/// This page with the system of a link in focus; the link leads to the system's own page.
fn address_of(node: &Element) -> Option<String> {
    let key = key_in(&node.get_attribute("href")?)?;
    let location = window().location();
    let (path, query) = (location.pathname().ok()?, location.search().ok()?);
    let kept = query.trim_start_matches('?').split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        // What is explained, and how far around, belongs to the system that was in focus before.
        !matches!(name, "" | "focus" | "mode" | "start" | "element" | "from" | "hops" | "done" | "rev")
    });
    let mut pairs: Vec<String> = kept.map(str::to_owned).collect();
    pairs.push(format!("focus={key}"));
    Some(format!("{path}?{}", pairs.join("&")))
}

/// Puts the panel of a page in the place of ours, and gives the name of the system in it.
fn take_over(wrapper: &Element, html: &str) -> Option<String> {
    let page = DomParser::new().ok()?.parse_from_string(html, SupportedType::TextHtml).ok()?;
    let fresh = page.get_element_by_id("map-panel")?;
    let name = fresh.get_attribute("data-name")?;
    let ours = wrapper.query_selector("#map-panel").ok()??;
    ours.replace_with_with_node_1(&fresh).ok()?;
    Some(name)
}

/// Leaves for a page.
pub(super) fn follow(link: &str) {
    // Nothing is left to do where the browser refuses to leave.
    let _stays = window().location().assign(link);
}
