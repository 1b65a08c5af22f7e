//! Rows that can be added and taken away without asking the server.
//!
//! Without it the button posts the form, and the server shows the form again with one more row.

use leptos::ev::MouseEvent;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlTemplateElement};

/// What stands for the number of the row in the template.
pub const NUMBER: &str = "__n__";

/// Wraps a group of rows: an element with `data-rows`, whose children have `data-row` with their number, a `<template>`
/// of one more, and a button with `data-add`. In each row, what carries `data-remove` takes it away.
#[island]
pub fn RepeatingRows(children: Children) -> impl IntoView {
    let wrapper = NodeRef::<Div>::new();
    Effect::new(move |_| {
        if let Some(wrapper) = wrapper.get() {
            reveal(&wrapper);
        }
    });
    let on_click = move |event: MouseEvent| {
        let (Some(wrapper), Some(target)) = (wrapper.get(), target_of(&event)) else { return };
        if target.closest("[data-add]").ok().flatten().is_some() {
            if add(&wrapper).is_some() {
                event.prevent_default();
            }
        } else if target.closest("[data-remove]").ok().flatten().is_some()
            && let Some(row) = target.closest("[data-row]").ok().flatten()
        {
            event.prevent_default();
            remove(&wrapper, &row);
        }
    };
    view! { <div node_ref=wrapper on:click=on_click>{children()}</div> }
}

fn target_of(event: &MouseEvent) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// Buttons that work only here are hidden until somebody is here.
fn reveal(wrapper: &Element) {
    let Ok(hidden) = wrapper.query_selector_all("[data-remove][hidden]") else { return };
    for index in 0..hidden.length() {
        if let Some(button) = hidden.get(index).and_then(|node| node.dyn_into::<HtmlElement>().ok()) {
            button.set_hidden(false);
        }
    }
}

fn add(wrapper: &Element) -> Option<()> {
    let template: HtmlTemplateElement = wrapper.query_selector("template").ok()??.dyn_into().ok()?;
    let rows = wrapper.query_selector("[data-rows]").ok()??;
    let numbers = rows.query_selector_all("[data-row]").ok()?;
    let largest = (0..numbers.length())
        .filter_map(|index| {
            numbers.get(index)?.dyn_into::<Element>().ok()?.get_attribute("data-row")?.parse::<u32>().ok()
        })
        .max();
    let next = largest.map_or(0, |number| number.saturating_add(1)).to_string();
    // The template is this page's own markup; only its number changes.
    rows.insert_adjacent_html("beforeend", &template.inner_html().replace(NUMBER, &next)).ok()?;
    reveal(wrapper);
    focus(rows.last_element_child()?.query_selector("select, input").ok()??);
    Some(())
}

fn remove(wrapper: &Element, row: &Element) {
    let near = row.previous_element_sibling().or_else(|| row.next_element_sibling());
    row.remove();
    // The focus must not fall out of the form.
    let near = near.and_then(|row| row.query_selector("select, input").ok().flatten());
    if let Some(place) = near.or_else(|| wrapper.query_selector("[data-add]").ok().flatten()) {
        focus(place);
    }
}

fn focus(element: Element) {
    if let Ok(element) = element.dyn_into::<HtmlElement>() {
        // An element that cannot take the focus leaves it where it is.
        let _stays = element.focus();
    }
}
