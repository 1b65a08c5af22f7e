//! The small drawing of why a system is in scope: boxes in a row, joined by the rules that apply.

use crate::layout::text::{Weight, fit, width};
use crate::layout::{Point, Rect};

use super::Category;
use super::markup::{Pen, arrowhead, esc, href, rounded};
use super::node;
use super::paint::{Style, Theme, Tone};

/// A path of systems.
#[derive(Debug, Clone, Default)]
pub struct MiniPath {
    /// What the picture says, in a sentence.
    pub sentence: String,
    /// The systems in order, the one to be explained last.
    pub boxes: Vec<MiniBox>,
    /// The step from each box to the next: one fewer than the boxes; a missing one is drawn without words.
    pub arrows: Vec<MiniArrow>,
}

/// A system on the path.
#[derive(Debug, Clone)]
pub struct MiniBox {
    /// The name to print.
    pub name: String,
    /// The kind in words.
    pub sublabel: String,
    /// The verdict.
    pub category: Category,
    /// Where the box leads.
    pub href: String,
    /// The accessible name.
    pub sentence: String,
}

/// A step of the path.
#[derive(Debug, Clone, Default)]
pub struct MiniArrow {
    /// The rule that makes the step, in a few words.
    pub rule: String,
    /// What travels or happens, in a few words; may be empty.
    pub detail: String,
    /// The flow runs from the later box to the earlier one.
    pub reversed: bool,
    /// The step carries card data.
    pub card_data: bool,
}

const BOX_HEIGHT: i32 = 54;
const LINE_GAP: i32 = 46;
const MARGIN: i32 = 6;
const LEAST_ARROW: i32 = 64;
const MOST_ARROW: i32 = 150;
/// Where the arrow leaves a box downwards, and where its words begin beside it.
const STEM: i32 = 28;
const WORDS_INDENT: i32 = 16;
const DETAIL_GAP: i32 = 8;

/// Draws the path, at most `room` pixels wide; the boxes stand below each other when they do not fit side by
/// side.
#[must_use]
pub fn mini(path: &MiniPath, room: i32, theme: Theme) -> String {
    let (places, width, height) = arrange(path, room);
    let mut pen = Pen::new(theme);
    pen.raw(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"group\" aria-label=\"{}\"",
        esc(&path.sentence)
    ));
    pen.raw(&match theme {
        Theme::Page => " class=\"map map-path\">".to_owned(),
        Theme::Light | Theme::Dark => format!(" font-family=\"{}\">", super::svg::FONTS),
    });
    if theme != Theme::Page {
        pen.rect(&Rect { x: 0, y: 0, width, height }, 0, Style::Canvas);
    }
    let nothing = MiniArrow::default();
    for (index, pair) in places.windows(2).enumerate() {
        draw_arrow(&mut pen, path.arrows.get(index).unwrap_or(&nothing), index + 1, &pair[0], &pair[1]);
    }
    for (step, place) in path.boxes.iter().zip(&places) {
        let class =
            if theme == Theme::Page { format!(" class=\"node {}\"", step.category.class()) } else { String::new() };
        pen.raw(&format!("<a href=\"{}\" aria-label=\"{}\"{class}>", href(&step.href), esc(&step.sentence)));
        if theme == Theme::Page {
            let ring = Rect { x: place.x - 5, y: place.y - 5, width: place.width + 10, height: place.height + 10 };
            pen.rect(&ring, 11, Style::FocusRing);
        }
        node::face(&mut pen, &step.name, &step.sublabel, step.category, place);
        pen.raw("</a>");
    }
    pen.raw("</svg>\n");
    pen.finish()
}

/// The boxes, and the size of the picture: side by side if there is room, else one below the other.
fn arrange(path: &MiniPath, room: i32) -> (Vec<Rect>, i32, i32) {
    let widths: Vec<i32> = path.boxes.iter().map(|step| node::width_of(&step.name, &step.sublabel)).collect();
    let gap = |index: usize| path.arrows.get(index).map_or(LEAST_ARROW, arrow_width);
    let gaps: i32 = (1..widths.len()).map(|index| gap(index - 1)).sum();
    let wide = widths.iter().sum::<i32>() + gaps + 2 * MARGIN;
    let mut places: Vec<Rect> = Vec::new();
    if wide <= room {
        for (index, width) in widths.into_iter().enumerate() {
            let x = places.last().map_or(MARGIN, |before: &Rect| before.right() + gap(index - 1));
            places.push(Rect { x, y: MARGIN, width, height: BOX_HEIGHT });
        }
        return (places, wide, BOX_HEIGHT + 2 * MARGIN);
    }
    let width = widths.into_iter().max().unwrap_or(0);
    for _ in &path.boxes {
        let y = places.last().map_or(MARGIN, |before| before.bottom() + LINE_GAP);
        places.push(Rect { x: MARGIN, y, width, height: BOX_HEIGHT });
    }
    let words = path.arrows.iter().map(|arrow| STEM + WORDS_INDENT + words_width(arrow)).max().unwrap_or(0);
    let bottom = places.last().map_or(0, Rect::bottom);
    (places, width.max(words).min(room - 2 * MARGIN) + 2 * MARGIN, bottom + MARGIN)
}

/// Rule and detail in one line.
fn words_width(arrow: &MiniArrow) -> i32 {
    let detail = if arrow.detail.is_empty() { 0 } else { DETAIL_GAP + width(&arrow.detail, Weight::Regular, 110) };
    width(&arrow.rule, Weight::Semibold, 110) + detail
}

fn arrow_width(arrow: &MiniArrow) -> i32 {
    let rule = width(&arrow.rule, Weight::Semibold, 110);
    let detail = width(&arrow.detail, Weight::Regular, 110);
    (rule.max(detail) + 40).clamp(LEAST_ARROW, MOST_ARROW)
}

fn draw_arrow(pen: &mut Pen, arrow: &MiniArrow, number: usize, from: &Rect, to: &Rect) {
    let tone = if arrow.card_data { Tone::Card { path: false } } else { Tone::Plain { path: false } };
    let same_line = from.y == to.y;
    let middle = from.y + BOX_HEIGHT / 2;
    let stem = from.x + STEM;
    let mut points = if same_line {
        [Point { x: from.right(), y: middle }, Point { x: to.x, y: middle }]
    } else {
        [Point { x: stem, y: from.bottom() }, Point { x: stem, y: to.y }]
    };
    if arrow.reversed {
        points.reverse();
    }
    let class = format!("<g class=\"{}\">", tone.class());
    pen.raw(if pen.theme == Theme::Page { &class } else { "<g>" });
    pen.path(&rounded(&points, 7), Style::Line(tone));
    pen.path(&arrowhead(&points), Style::Arrow(tone));
    pen.raw("</g>");
    let badge = number.to_string();
    if same_line {
        let centre = (from.right() + to.x) / 2;
        let room = to.x - from.right() - 10;
        let place = Rect { x: centre - 9, y: middle - 9, width: 18, height: 18 };
        pen.rect(&place, 9, Style::Badge);
        pen.text(Point { x: centre, y: middle + 4 }, true, &badge, Style::BadgeText);
        pen.text(
            Point { x: centre, y: middle - 14 },
            true,
            &fit(&arrow.rule, Weight::Semibold, 110, room),
            Style::Rule,
        );
        let detail = fit(&arrow.detail, Weight::Regular, 110, room);
        pen.text(Point { x: centre, y: middle + 24 }, true, &detail, Style::LaneTrust);
    } else {
        let y = from.bottom() + LINE_GAP / 2;
        pen.rect(&Rect { x: stem - 9, y: y - 9, width: 18, height: 18 }, 9, Style::Badge);
        pen.text(Point { x: stem, y: y + 4 }, true, &badge, Style::BadgeText);
        let words = Point { x: stem + WORDS_INDENT, y: y + 4 };
        pen.text(words, false, &arrow.rule, Style::Rule);
        let after = words.x + width(&arrow.rule, Weight::Semibold, 110) + DETAIL_GAP;
        pen.text(Point { x: after, y: y + 4 }, false, &arrow.detail, Style::LaneTrust);
    }
}
