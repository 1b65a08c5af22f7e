//! Moving on the map: dragging, zooming, walking with the keyboard, and a panel that changes without leaving the page.
//!
//! The picture is the server's and is never touched but for its size. Every system and every flow in it is a link, so
//! without this island the map works as a page of links that scrolls.

mod camera;
mod carry;
mod keys;
mod overview;
mod panel;
mod picked;
mod player;
mod walk;

use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent, TouchEvent, WheelEvent};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::reactive::send_wrapper_ext::SendOption;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use camera::Camera;
use carry::Carry;

/// Wraps the size buttons, the frame with the drawing, the panel and the announcer.
#[island]
pub fn MapView(children: Children) -> impl IntoView {
    let wrapper = NodeRef::<Div>::new();
    // They hold elements of the page, so they exist in the browser only. On the server, where a page is made by one
    // thread and may be dropped by another, they are nothing.
    let camera = StoredValue::new(SendOption::<Camera>::new_local(None));
    let carry = StoredValue::new(SendOption::<Carry>::new_local(None));
    let carried = StoredValue::new(false);
    Effect::new(move |_| {
        let Some(wrapper) = wrapper.get() else { return };
        camera.update_value(|camera| **camera = Camera::of(&wrapper));
        walk::begin(&wrapper);
        camera.update_value(|camera| {
            if let Some(camera) = &mut **camera {
                camera.show_emphasised();
            }
        });
        show_controls(&wrapper);
        overview::follow(&wrapper);
    });
    let with = move |act: &dyn Fn(&mut Camera) -> bool| {
        camera.try_update_value(|camera| Option::as_mut(camera).is_some_and(act)).unwrap_or(false)
    };
    let on_click = move |event: MouseEvent| {
        let just_carried = carried.try_update_value(std::mem::take).unwrap_or(false);
        if with(&|camera| camera.was_dragged()) || just_carried {
            event.prevent_default();
            return;
        }
        let Some(target) = event.target().and_then(|it| it.dyn_into::<Element>().ok()) else { return };
        if let Some(button) = closest(&target, "[data-zoom-by]") {
            let by = button.get_attribute("data-zoom-by").unwrap_or_default();
            with(&|camera| camera.button(&by));
            announce_size(wrapper, &camera);
        } else if let Some(wrapper) = wrapper.get()
            && pressed(&wrapper, &target)
        {
            event.prevent_default();
        } else if let Some(node) = closest(&target, "a[data-kind=node]")
            && let Some(wrapper) = wrapper.get()
            && event.button() == 0
            && (event.shift_key() || picked::is_on(&wrapper))
        {
            picked::toggle(&wrapper, &node);
            event.prevent_default();
        } else if let Some(node) = closest(&target, "a[data-kind=node]")
            && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() || event.button() != 0)
            && let Some(wrapper) = wrapper.get()
            && panel::choose(&wrapper, &node)
        {
            event.prevent_default();
        }
    };
    let on_double = move |event: MouseEvent| {
        let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        if let Some(node) = target.and_then(|it| closest(&it, "a[data-kind=node]")) {
            panel::follow(&node.get_attribute("href").unwrap_or_default());
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let Some(wrapper_element) = wrapper.get() else { return };
        if event.alt_key() || !walk::has_focus(&wrapper_element) {
            return;
        }
        let key = event.key();
        let control = event.ctrl_key() || event.meta_key();
        if picked::key(&wrapper_element, &key, control) || (control && keys::open(&key)) {
            event.prevent_default();
        }
        if control || event.default_prevented() {
            return;
        }
        let done = if event.shift_key() && key.starts_with("Arrow") {
            with(&|camera| camera.pan(&key))
        } else {
            match key.as_str() {
                "+" | "=" | "-" | "0" | "1" => {
                    with(&|camera| camera.key(&key));
                    announce_size(wrapper, &camera);
                    true
                }
                _ => walk::step(&wrapper_element, &key) || keys::press(&wrapper_element, &key),
            }
        };
        if done {
            event.prevent_default();
        }
    };
    let in_frame = move |event: &web_sys::Event| {
        event
            .target()
            .and_then(|it| it.dyn_into::<Element>().ok())
            .is_some_and(|it| closest(&it, ".map-frame").is_some())
    };
    let on_wheel = move |event: WheelEvent| {
        // Without the key the frame scrolls by itself.
        if event.ctrl_key() && in_frame(&event) && with(&|camera| camera.wheel(&event)) {
            event.prevent_default();
        }
    };
    let on_scroll = move |_: leptos::ev::Event| {
        if let Some(wrapper) = wrapper.get() {
            overview::follow(&wrapper);
        }
    };
    let on_down = move |event: PointerEvent| {
        if wrapper.get().is_some_and(|wrapper| overview::point(&wrapper, &event)) {
            event.prevent_default();
            return;
        }
        if event.pointer_type() == "mouse" && event.button() == 0 && in_frame(&event) {
            carried.set_value(false);
            let held = wrapper.get().and_then(|wrapper| Carry::of(&wrapper, &event));
            if held.is_none() {
                with(&|camera| camera.press(&event));
            }
            carry.update_value(|carry| **carry = held);
        }
    };
    let on_move = move |event: PointerEvent| {
        if event.buttons() == 1 && wrapper.get().is_some_and(|wrapper| overview::point(&wrapper, &event)) {
            return;
        }
        carry.update_value(|held| {
            if !held.as_mut().is_none_or(|held| held.follow(&event)) {
                **held = None;
            }
        });
        with(&|camera| camera.drag(&event));
    };
    let on_up = move |_: PointerEvent| {
        let held = carry.try_update_value(|held| Option::take(&mut **held)).flatten();
        if let (Some(held), Some(wrapper)) = (held, wrapper.get()) {
            carried.set_value(held.let_go(&wrapper));
        }
        with(&|camera| camera.release());
    };
    let on_touch = move |event: TouchEvent| {
        if in_frame(&event) && with(&|camera| camera.pinch(&event)) {
            event.prevent_default();
        }
    };
    let on_drag_start = move |event: leptos::ev::DragEvent| {
        // Dragging the ground must not pick up a link instead.
        if in_frame(&event) {
            event.prevent_default();
        }
    };
    view! {
        <div
            node_ref=wrapper
            on:click=on_click
            on:dblclick=on_double
            on:keydown=on_key
            on:wheel=on_wheel
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=on_up
            on:touchstart=on_touch
            on:touchmove=on_touch
            on:dragstart=on_drag_start
            on:scroll:capture=on_scroll
        >
            {children()}
        </div>
    }
}

/// The buttons are hidden where nothing answers them.
fn show_controls(wrapper: &Element) {
    let controls = wrapper.query_selector("[data-map-tools]").ok().flatten();
    if let Some(controls) = controls.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        controls.set_hidden(false);
    }
}

/// A button below the map.
fn pressed(wrapper: &Element, target: &Element) -> bool {
    if closest(target, "[data-pick-several]").is_some() {
        picked::switch(wrapper);
    } else if closest(target, "[data-picked-none]").is_some() {
        picked::none(wrapper);
    } else if let Some(button) = closest(target, "[data-play]") {
        player::press(wrapper, &button.get_attribute("data-play").unwrap_or_default());
    } else {
        return false;
    }
    true
}

fn announce_size(wrapper: NodeRef<Div>, camera: &StoredValue<SendOption<Camera>>) {
    let size = camera.try_with_value(|camera| Option::as_ref(camera).map(Camera::percent)).flatten();
    if let (Some(wrapper), Some(size)) = (wrapper.get(), size) {
        announce(&wrapper, &format!("{size} percent"));
    }
}

/// Says something to those who do not see the map.
fn announce(wrapper: &Element, words: &str) {
    if let Some(announcer) = wrapper.query_selector("[data-announcer]").ok().flatten() {
        announcer.set_text_content(Some(words));
    }
}

fn closest(element: &Element, selector: &str) -> Option<Element> {
    element.closest(selector).ok().flatten()
}

/// What the selector finds in the wrapper, in the order of the page; nothing while the page is being left.
fn elements(wrapper: &Element, selector: &str) -> Vec<Element> {
    if !wrapper.is_connected() {
        return Vec::new();
    }
    let Ok(found) = wrapper.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect()
}
