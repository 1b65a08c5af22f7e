//! The whole map as a small picture of bands and boxes, to find one's way on a large one.

use crate::layout::Rect;

use super::markup::Pen;
use super::paint::Theme;
use super::plan::Plan;

/// Draws bands and boxes in the coordinates of the map, without a word: whoever reads has the map itself. The last
/// rectangle stands for the part in view and is moved by the page.
pub(super) fn draw(plan: &Plan) -> String {
    let (width, height) = (plan.layout.width, plan.layout.height);
    let mut pen = Pen::new(Theme::Page);
    pen.raw(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" class=\"map map-overview\" aria-hidden=\"true\">"
    ));
    for (band, lane) in plan.layout.lanes.iter().zip(&plan.lanes) {
        rect(&mut pen, band, if lane.cde { "band band-cde" } else { "band" });
    }
    for (place, node) in plan.layout.boxes.iter().zip(&plan.nodes) {
        rect(&mut pen, place, node.category.class());
    }
    pen.raw(&format!(
        "<rect class=\"view\" data-view=\"\" x=\"0\" y=\"0\" width=\"{width}\" height=\"{height}\"/></svg>"
    ));
    pen.finish()
}

fn rect(pen: &mut Pen, place: &Rect, class: &str) {
    let Rect { x, y, width, height } = place;
    pen.raw(&format!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"));
}
