//! The map in small: shows which part is in the frame, and takes there whoever presses on it.

use leptos::ev::PointerEvent;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Brings the rectangle of the part in view up to date. Where the whole map is in view there is nothing to find, and
/// the small one goes.
pub(super) fn follow(wrapper: &Element) {
    let Some((frame, corner)) = both(wrapper) else { return };
    let (Some(drawing), Some(small)) = (inner(&frame), inner(&corner)) else { return };
    let shown = drawing.get_bounding_client_rect();
    let (width, height) = (f64::from(frame.client_width()), f64::from(frame.client_height()));
    corner.set_hidden(shown.width() <= width + 1.0 && shown.height() <= height + 1.0);
    let Some((whole_width, whole_height)) = size(&small) else { return };
    if shown.width() <= 0.0 || shown.height() <= 0.0 {
        return;
    }
    let (across, down) = (whole_width / shown.width(), whole_height / shown.height());
    let Some(view) = small.query_selector("[data-view]").ok().flatten() else { return };
    let place = [
        ("x", f64::from(frame.scroll_left()) * across),
        ("y", f64::from(frame.scroll_top()) * down),
        ("width", (width * across).min(whole_width)),
        ("height", (height * down).min(whole_height)),
    ];
    for (name, value) in place {
        let _set = view.set_attribute(name, &format!("{value:.0}"));
    }
}

/// The pointer is pressed, or moves while pressed, on the small map: its place comes into the middle of the frame.
pub(super) fn point(wrapper: &Element, event: &PointerEvent) -> bool {
    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    if event.buttons() != 1 || target.is_none_or(|it| super::closest(&it, "[data-overview]").is_none()) {
        return false;
    }
    let Some((frame, corner)) = both(wrapper) else { return false };
    let (Some(drawing), Some(small)) = (inner(&frame), inner(&corner)) else { return false };
    let (large, own) = (drawing.get_bounding_client_rect(), small.get_bounding_client_rect());
    if own.width() <= 0.0 || own.height() <= 0.0 {
        return false;
    }
    let across = (f64::from(event.client_x()) - own.left()) / own.width();
    let down = (f64::from(event.client_y()) - own.top()) / own.height();
    let to = |share: f64, whole: f64, part: i32| super::camera::round(share * whole - f64::from(part) / 2.0);
    frame.set_scroll_left(to(across, large.width(), frame.client_width()));
    frame.set_scroll_top(to(down, large.height(), frame.client_height()));
    true
}

fn both(wrapper: &Element) -> Option<(HtmlElement, HtmlElement)> {
    let find = |selector: &str| wrapper.query_selector(selector).ok().flatten()?.dyn_into().ok();
    Some((find(".map-frame")?, find("[data-overview]")?))
}

fn inner(of: &HtmlElement) -> Option<Element> {
    of.query_selector("svg").ok().flatten()
}

fn size(small: &Element) -> Option<(f64, f64)> {
    let frame = small.get_attribute("viewBox")?;
    let mut numbers = frame.split(' ').skip(2).map(str::parse::<f64>);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}
