//! How large the drawing is and which part of it is in the frame.
//!
//! The frame scrolls, so panning by wheel, touch and scroll bar is the browser's own, and a link that takes the focus
//! comes into view by itself. Zooming changes width and height of the drawing; its view box does the rest.

use leptos::ev::{PointerEvent, TouchEvent, WheelEvent};
use leptos::prelude::{document, window};
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

const LEAST: f64 = 0.1;
const MOST: f64 = 4.0;
/// One press of a key or a button.
const STEP: f64 = 1.25;
/// Below this only boxes, names and lines are legible.
const FAR: f64 = 0.45;
/// The smallest size at which a page opens: names are 11 pixels high then. What is wider is panned to; who wants to see
/// all of it at once asks for that.
const LEGIBLE: f64 = 0.85;
/// The smallest size that a page takes to show all of a proof at once: the names of boxes can still be made out.
const PROOF: f64 = 0.55;
/// Around what is emphasised, in pixels.
const MARGIN: f64 = 32.0;
/// How far the pointer moves before a press is a drag, in pixels.
const SLACK: i32 = 4;
/// One press of an arrow key, in pixels.
const PACE: i32 = 80;

/// The state of the view.
pub(super) struct Camera {
    frame: HtmlElement,
    drawing: Element,
    width: f64,
    height: f64,
    zoom: f64,
    grip: Option<Grip>,
    dragged: bool,
    /// Distance of two fingers, and the size at which they were put down.
    fingers: Option<(f64, f64)>,
}

/// Where the pointer was put down, and where the frame was then.
struct Grip {
    pointer: (i32, i32),
    scroll: (i32, i32),
}

impl Camera {
    /// The view of the frame in the wrapper. It begins as wide as the frame, where that is still legible.
    pub(super) fn of(wrapper: &Element) -> Option<Self> {
        let frame: HtmlElement = wrapper.query_selector(".map-frame").ok()??.dyn_into().ok()?;
        let drawing = frame.query_selector("svg").ok()??;
        let size =
            |name: &str| drawing.get_attribute(name).and_then(|it| it.parse::<f64>().ok()).filter(|it| *it > 0.0);
        let (width, height) = (size("width")?, size("height")?);
        let mut camera = Self { frame, drawing, width, height, zoom: 1.0, grip: None, dragged: false, fingers: None };
        camera.zoom_to(camera.legible(), (0.0, 0.0));
        Some(camera)
    }

    /// The size at which the width fits, where it is legible then.
    fn legible(&self) -> f64 {
        (self.room().0 / self.width).clamp(LEGIBLE, 1.0)
    }

    /// Width and height of the frame.
    fn room(&self) -> (f64, f64) {
        (f64::from(self.frame.client_width()), f64::from(self.frame.client_height()))
    }

    /// The size in percent.
    pub(super) fn percent(&self) -> i32 {
        round(self.zoom * 100.0)
    }

    /// A button of the page.
    pub(super) fn button(&mut self, by: &str) -> bool {
        match by {
            "in" => self.key("+"),
            "out" => self.key("-"),
            "legible" => self.key("1"),
            _ => self.key("0"),
        }
    }

    /// `+`, `-`, `0` for all of it at once, or `1` for the size at which a page opens.
    pub(super) fn key(&mut self, key: &str) -> bool {
        let middle = (f64::from(self.frame.client_width()) / 2.0, f64::from(self.frame.client_height()) / 2.0);
        match key {
            "+" | "=" => self.zoom_to(self.zoom * STEP, middle),
            "-" => self.zoom_to(self.zoom / STEP, middle),
            "1" => {
                self.zoom_to(self.legible(), (0.0, 0.0));
                self.show_emphasised();
            }
            _ => {
                let (width, height) = self.room();
                self.zoom_to((width / self.width).min(height / self.height).min(1.0), (0.0, 0.0));
            }
        }
        true
    }

    /// Brings what the view emphasises into the frame: all of it, made smaller as far as its names can still be made out,
    /// else the chosen system, else where it begins. Nothing moves where nothing is emphasised.
    pub(super) fn show_emphasised(&mut self) -> bool {
        let Some(whole) = self.emphasised().and_then(|it| extent(&it)) else { return false };
        let (width, height) = self.room();
        let (needed_width, needed_height) = (whole.2 - whole.0 + MARGIN, whole.3 - whole.1 + MARGIN);
        let smaller = (width / needed_width).min(height / needed_height);
        if smaller < 1.0 {
            self.zoom_to((self.zoom * smaller).max(PROOF), (0.0, 0.0));
        }
        self.bring_emphasised()
    }

    /// The boxes that a view emphasises, where it fades others.
    fn emphasised(&self) -> Option<Vec<Element>> {
        let all = |selector: &str| -> Vec<Element> {
            let Ok(found) = self.frame.query_selector_all(selector) else { return Vec::new() };
            (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect()
        };
        if all("a.off").is_empty() {
            return None;
        }
        Some(all("a[data-kind=node]:not(.off), a[data-kind=group]:not(.off)"))
    }

    fn bring_emphasised(&mut self) -> bool {
        let Some(emphasised) = self.emphasised() else { return false };
        let chosen = emphasised.iter().find(|node| node.get_attribute("aria-current").as_deref() == Some("true"));
        let Some(whole) = extent(&emphasised) else { return false };
        let (width, height) = self.room();
        let fits = whole.2 - whole.0 <= width && whole.3 - whole.1 <= height;
        let shown = match chosen.and_then(|chosen| extent(std::slice::from_ref(chosen))) {
            Some(chosen) if !fits => chosen,
            _ => whole,
        };
        let frame = self.frame.get_bounding_client_rect();
        // In the middle where there is room for it; else its beginning.
        let lead = |from: f64, to: f64, room: f64| ((room - (to - from)) / 2.0).max(24.0);
        let x = shown.0 - frame.left() - lead(shown.0, shown.2, width);
        let y = shown.1 - frame.top() - lead(shown.1, shown.3, height);
        self.frame.set_scroll_left(self.frame.scroll_left() + round(x));
        self.frame.set_scroll_top(self.frame.scroll_top() + round(y));
        true
    }

    /// Scrolls by an arrow key.
    pub(super) fn pan(&mut self, key: &str) -> bool {
        let (x, y) = match key {
            "ArrowLeft" => (-PACE, 0),
            "ArrowRight" => (PACE, 0),
            "ArrowUp" => (0, -PACE),
            "ArrowDown" => (0, PACE),
            _ => return false,
        };
        self.frame.set_scroll_left(self.frame.scroll_left() + x);
        self.frame.set_scroll_top(self.frame.scroll_top() + y);
        true
    }

    /// The wheel with the control key, which is also how a touch pad reports two fingers.
    pub(super) fn wheel(&mut self, event: &WheelEvent) -> bool {
        let lines = if event.delta_mode() == 0 { 1.0 } else { 16.0 };
        let factor = (-event.delta_y() * lines * 0.005).clamp(-0.5, 0.5).exp();
        self.zoom_to(self.zoom * factor, self.place_in_frame(event.client_x(), event.client_y()));
        true
    }

    /// The mouse goes down on the map.
    pub(super) fn press(&mut self, event: &PointerEvent) -> bool {
        self.dragged = false;
        self.grip = Some(Grip {
            pointer: (event.client_x(), event.client_y()),
            scroll: (self.frame.scroll_left(), self.frame.scroll_top()),
        });
        true
    }

    /// The mouse moves; the ground goes with it.
    pub(super) fn drag(&mut self, event: &PointerEvent) -> bool {
        let Some(grip) = &self.grip else { return false };
        let (x, y) = (event.client_x() - grip.pointer.0, event.client_y() - grip.pointer.1);
        if !self.dragged && x.abs() < SLACK && y.abs() < SLACK {
            return false;
        }
        if event.buttons() == 0 {
            // The button was let go outside the window.
            self.grip = None;
            return false;
        }
        self.dragged = true;
        self.frame.set_scroll_left(grip.scroll.0 - x);
        self.frame.set_scroll_top(grip.scroll.1 - y);
        true
    }

    /// The mouse is let go.
    pub(super) fn release(&mut self) -> bool {
        self.grip.take().is_some()
    }

    /// Whether the click that is being reported ended a drag. Asking forgets it.
    pub(super) fn was_dragged(&mut self) -> bool {
        std::mem::take(&mut self.dragged)
    }

    /// Two fingers; one finger scrolls by itself.
    pub(super) fn pinch(&mut self, event: &TouchEvent) -> bool {
        let touches = event.touches();
        let (Some(one), Some(other), 2) = (touches.item(0), touches.item(1), touches.length()) else {
            self.fingers = None;
            return false;
        };
        let apart = f64::from(one.client_x() - other.client_x()).hypot(f64::from(one.client_y() - other.client_y()));
        let middle = ((one.client_x() + other.client_x()) / 2, (one.client_y() + other.client_y()) / 2);
        match self.fingers {
            Some((before, zoom)) if event.type_() == "touchmove" && before > 0.0 => {
                self.zoom_to(zoom * apart / before, self.place_in_frame(middle.0, middle.1));
            }
            _ => self.fingers = Some((apart, self.zoom)),
        }
        true
    }

    /// Changes the size so that what lies at a place of the frame stays there.
    fn zoom_to(&mut self, zoom: f64, place: (f64, f64)) {
        let zoom = zoom.clamp(LEAST, MOST);
        let factor = zoom / self.zoom;
        let (left, top) = (f64::from(self.frame.scroll_left()), f64::from(self.frame.scroll_top()));
        self.zoom = zoom;
        let resize = |name: &str, size: f64| {
            // An attribute with a plain name can always be set.
            let _set = self.drawing.set_attribute(name, &round(size * zoom).to_string());
        };
        resize("width", self.width);
        resize("height", self.height);
        let _set = self.drawing.set_attribute("data-zoom", if zoom < FAR { "far" } else { "near" });
        self.frame.set_scroll_left(round((left + place.0) * factor - place.0));
        self.frame.set_scroll_top(round((top + place.1) * factor - place.1));
    }

    fn place_in_frame(&self, x: i32, y: i32) -> (f64, f64) {
        let frame = self.frame.get_bounding_client_rect();
        (f64::from(x) - frame.left(), f64::from(y) - frame.top())
    }
}

/// Left, top, right and bottom of what encloses all of them on the screen.
fn extent(elements: &[Element]) -> Option<(f64, f64, f64, f64)> {
    let boxes = elements.iter().map(Element::get_bounding_client_rect);
    boxes.fold(None, |whole: Option<(f64, f64, f64, f64)>, it| {
        let (left, top, right, bottom) = whole.unwrap_or((f64::MAX, f64::MAX, f64::MIN, f64::MIN));
        Some((left.min(it.left()), top.min(it.top()), right.max(it.right()), bottom.max(it.bottom())))
    })
}

/// The nearest whole number of pixels.
#[expect(
    clippy::cast_possible_truncation,
    reason = "sizes of a screen are far below the limits, and beyond them the cast saturates"
)]
pub(super) fn round(number: f64) -> i32 {
    number.round() as i32
}

/// Brings an element into view where it is not.
pub(super) fn into_view(element: &Element) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    options.set_inline(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// The element that has the focus.
pub(super) fn focused() -> Option<Element> {
    document().active_element()
}

/// Replaces the address without a new entry in the history.
pub(super) fn set_address(address: &str) {
    if let Ok(history) = window().history() {
        // Where the browser refuses, the address stays and the page still shows what was chosen.
        let _refused = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}
