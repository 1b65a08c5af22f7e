//! The whole picture.

use crate::layout::{Layout, Point, Rect};

use super::edge::{self, tone};
use super::legend;
use super::markup::{Pen, esc};
use super::paint::{Style, Theme};
use super::plan::{Plan, lane_name};
use super::{Drawing, Pin, node, overview};

/// Height of title and counts above the map of a file.
const FILE_HEADER: i32 = 56;
/// The least width of a file: its title and its legend need room even when the map is small.
const LEAST_WIDTH: i32 = 720;
/// The fonts of a file; pages set their own.
pub(super) const FONTS: &str = "Inter, Liberation Sans, Arial, sans-serif";

/// Draws the map.
///
/// On a page the picture holds the map only; title, counts and legend are the page's. A file of its own holds all of
/// them.
#[must_use]
pub fn svg(drawing: &Drawing, theme: Theme) -> String {
    draw(drawing, &Plan::new(drawing), theme)
}

/// What a page shows of a drawing, laid out once.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The map, as [`svg`] draws it for a page.
    pub map: String,
    /// The whole of it in small, without words.
    pub overview: String,
    /// Where the box that was asked for stands: its column, and its row in its lane. A pin of this place changes nothing.
    pub place: Option<Pin>,
}

impl Picture {
    /// Draws the page's pictures; `key` is that of the box whose place is asked for.
    #[must_use]
    pub fn of(drawing: &Drawing, key: Option<&str>) -> Self {
        let plan = Plan::new(drawing);
        let place = key.and_then(|key| plan.place_of(key));
        Self { map: draw(drawing, &plan, Theme::Page), overview: overview::draw(&plan), place }
    }
}

fn draw(drawing: &Drawing, plan: &Plan, theme: Theme) -> String {
    let mut pen = Pen::new(theme);
    let (map_width, map_height) = (plan.layout.width, plan.layout.height);
    let file = theme != Theme::Page;
    let width = if file { map_width.max(LEAST_WIDTH) } else { map_width };
    let legend = legend::Block::new(width - 16);
    let height = if file { FILE_HEADER + map_height + legend.height + 12 } else { map_height };
    let label =
        if drawing.title.is_empty() { "Data-flow map".to_owned() } else { format!("Data-flow map: {}", drawing.title) };
    pen.raw(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\""
    ));
    pen.raw(&format!(" role=\"group\" aria-roledescription=\"data-flow map\" aria-label=\"{}\"", esc(&label)));
    pen.raw(&if file { format!(" font-family=\"{FONTS}\">") } else { " class=\"map\">".to_owned() });
    pen.raw(&format!("<desc>{}</desc>", esc(&drawing.counts.sentence())));
    if file {
        pen.rect(&Rect { x: 0, y: 0, width, height }, 0, Style::Canvas);
        pen.text(Point { x: 16, y: 26 }, false, &drawing.title, Style::Title);
        pen.text(Point { x: 16, y: 46 }, false, &drawing.counts.sentence(), Style::Meta);
        pen.raw(&format!("<g id=\"map-viewport\" transform=\"translate(0 {FILE_HEADER})\">"));
    } else {
        pen.raw("<g id=\"map-viewport\">");
    }
    lanes(&mut pen, plan);
    flows(&mut pen, plan);
    pen.raw("</g>");
    if file {
        legend.draw(&mut pen, Point { x: 16, y: FILE_HEADER + map_height });
    }
    pen.raw("</svg>\n");
    pen.finish()
}

/// Where everything of a drawing stands. Boxes and lines are in the order of the sorted systems and bundles.
#[must_use]
pub fn layout_of(drawing: &Drawing) -> Layout {
    Plan::new(drawing).layout
}

fn lanes(pen: &mut Pen, plan: &Plan) {
    let (out, into) = plan.neighbours();
    for (number, lane) in plan.lanes.iter().enumerate() {
        let mut members: Vec<usize> = (0..plan.nodes.len()).filter(|node| plan.lane_of[*node] == number).collect();
        members.sort_by_key(|node| plan.layout.cells[*node]);
        let name = if lane.name.is_empty() { "Systems" } else { &lane.name };
        let mut label = if lane.key.is_empty() { name.to_owned() } else { format!("Segment {name}") };
        if !lane.trust.is_empty() {
            label.push_str(&format!(", {}", lane.trust));
        }
        if lane.cde {
            label.push_str(", cardholder data environment");
        }
        label.push_str(&match members.len() {
            1 => ", 1 system".to_owned(),
            count => format!(", {count} systems"),
        });
        pen.raw(&format!(
            "<g role=\"group\" aria-label=\"{}\" data-key=\"{}\" data-kind=\"lane\">",
            esc(&label),
            esc(&lane.key)
        ));
        let band = plan.layout.lanes[number];
        pen.rect(&band, 8, Style::Lane { cde: lane.cde });
        let mut line = Point { x: band.x + 12, y: band.y + 24 };
        for part in lane_name(lane, plan.header) {
            pen.text(line, false, &part, Style::LaneName);
            line.y += 16;
        }
        if !lane.trust.is_empty() {
            pen.text(line, false, &lane.trust, Style::LaneTrust);
        }
        for node in members {
            let faded = plan.emphasis.as_ref().is_some_and(|emphasis| !emphasis.nodes.contains(&node));
            let badge = plan.emphasis.as_ref().and_then(|emphasis| emphasis.badges.get(&node));
            let context = node::Context {
                lane: &lane.key,
                out: &out[node],
                into: &into[node],
                faded,
                badge,
                gone: plan.emphasis.as_ref().is_some_and(|emphasis| emphasis.gone.contains(&node)),
                place: plan.place(node),
            };
            node::draw(pen, &plan.nodes[node], &plan.layout.boxes[node], &context);
        }
        pen.raw("</g>");
    }
}

/// The least sensitive lines first, so that the others lie above them; those on the path last.
fn flows(pen: &mut Pen, plan: &Plan) {
    pen.raw("<g role=\"group\" aria-label=\"Flows\" data-kind=\"flows\">");
    let steps = |bundle: usize| plan.emphasis.as_ref().and_then(|emphasis| emphasis.bundles.get(&bundle));
    let mut order: Vec<usize> = (0..plan.bundles.len()).collect();
    order.sort_by_key(|bundle| (steps(*bundle).is_some(), std::cmp::Reverse(plan.strips[*bundle].rank()), *bundle));
    for bundle in order {
        let strip = &plan.strips[bundle];
        let path = steps(bundle).is_some();
        let faded = plan.emphasis.is_some() && !path;
        let tone = tone(strip.most_sensitive(), path);
        edge::draw(pen, &plan.bundles[bundle], strip, &plan.layout.routes[bundle], tone, faded);
    }
    pen.raw("</g>");
}
