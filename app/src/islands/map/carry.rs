//! Carrying a system to another place of the map. Where it is let go, the page's own form is sent, so that the server
//! decides and draws; the same form stands in the panel for keyboard and touch.

use std::collections::BTreeMap;

use leptos::ev::PointerEvent;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::{announce, closest};

/// How far the pointer moves before a press carries, in pixels.
const SLACK: i32 = 6;

/// A system that the pointer holds.
pub(super) struct Carry {
    node: Element,
    from: (i32, i32),
    moved: bool,
}

impl Carry {
    /// Takes hold of the system under the pointer, where the person may move it.
    pub(super) fn of(wrapper: &Element, event: &PointerEvent) -> Option<Self> {
        form(wrapper)?;
        let target: Element = event.target()?.dyn_into().ok()?;
        let node = closest(&target, "a[data-kind=node][data-cell]")?;
        Some(Self { node, from: (event.client_x(), event.client_y()), moved: false })
    }

    /// The pointer moves; the system goes with it. False where it was let go outside the window.
    pub(super) fn follow(&mut self, event: &PointerEvent) -> bool {
        if event.buttons() == 0 {
            self.put_back();
            return false;
        }
        let (x, y) = (event.client_x() - self.from.0, event.client_y() - self.from.1);
        self.moved |= x.abs() >= SLACK || y.abs() >= SLACK;
        if self.moved {
            let scale = self.scale();
            let _set = self
                .node
                .set_attribute("transform", &format!("translate({} {})", f64::from(x) / scale, f64::from(y) / scale));
        }
        true
    }

    /// The system is let go. Whether it was carried at all: then the click that follows means nothing.
    pub(super) fn let_go(self, wrapper: &Element) -> bool {
        if !self.moved {
            return false;
        }
        match self.target(wrapper) {
            Some(place) if !self.stands_at(place) && self.send(wrapper, place).is_some() => {
                announce(wrapper, &format!("Moved to column {}, row {}.", place.0 + 1, place.1 + 1));
            }
            _ => self.put_back(),
        }
        true
    }

    fn put_back(&self) {
        // Taking an attribute away cannot fail.
        let _gone = self.node.remove_attribute("transform");
    }

    /// Pixels of the screen for one of the drawing.
    fn scale(&self) -> f64 {
        let drawing = closest(&self.node, "svg");
        let size = drawing.and_then(|svg| {
            let own: f64 = svg.get_attribute("viewBox")?.split(' ').nth(2)?.parse().ok()?;
            (own > 0.0).then(|| svg.get_bounding_client_rect().width() / own)
        });
        size.filter(|scale| *scale > 0.0).unwrap_or(1.0)
    }

    fn stands_at(&self, (column, row): (usize, usize)) -> bool {
        cell(&self.node) == Some((column, row))
    }

    /// The column and the row of its lane that are nearest to where it is; beyond the last ones there is one more.
    fn target(&self, wrapper: &Element) -> Option<(usize, usize)> {
        let own = self.node.get_bounding_client_rect();
        let lane = self.node.get_attribute("data-lane");
        let (mut columns, mut rows) = (BTreeMap::new(), BTreeMap::new());
        let found = wrapper.query_selector_all(".map-frame a[data-kind=node][data-cell]").ok()?;
        for index in 0..found.length() {
            let Some(other) = found.get(index).and_then(|it| it.dyn_into::<Element>().ok()) else { continue };
            let Some((column, row)) = cell(&other).filter(|_| other != self.node) else { continue };
            let at = other.get_bounding_client_rect();
            columns.insert(column, at.left());
            if other.get_attribute("data-lane") == lane {
                rows.insert(row, at.top());
            }
        }
        Some((nearest(&columns, own.left(), own.width()), nearest(&rows, own.top(), own.height())))
    }

    /// Fills the page's form and sends it.
    fn send(&self, wrapper: &Element, (column, row): (usize, usize)) -> Option<()> {
        let form = form(wrapper)?;
        let href = self.node.get_attribute("href")?;
        // What the address keeps, such as a proposal that is being written, comes after the path.
        let (path, kept) = href.find('?').map_or((href.as_str(), ""), |at| href.split_at(at));
        form.set_attribute("action", &format!("{path}/move{kept}")).ok()?;
        for (name, value) in [("column", column + 1), ("row", row + 1)] {
            let input = form.query_selector(&format!("input[name={name}]")).ok()??;
            input.dyn_into::<HtmlInputElement>().ok()?.set_value(&value.to_string());
        }
        let button: HtmlElement = form.query_selector("button").ok()??.dyn_into().ok()?;
        button.click();
        Some(())
    }
}

/// The form that only this sends; it is there for those who may change the model.
fn form(wrapper: &Element) -> Option<Element> {
    wrapper.query_selector("[data-move-form]").ok().flatten()
}

fn cell(node: &Element) -> Option<(usize, usize)> {
    let text = node.get_attribute("data-cell")?;
    let (column, row) = text.split_once(' ')?;
    Some((column.parse().ok()?, row.parse().ok()?))
}

/// The number whose place is nearest; one more than the last where it lies more than its own size beyond.
fn nearest(places: &BTreeMap<usize, f64>, at: f64, size: f64) -> usize {
    if let Some((last, place)) = places.last_key_value()
        && at > place + size
    {
        return last + 1;
    }
    let distance = |place: &f64| (place - at).abs();
    let near = places.iter().min_by(|one, other| distance(one.1).total_cmp(&distance(other.1)));
    near.map_or(0, |(number, _)| *number)
}
