//! A box: icon and name, below them the code of the category and the kind.

use crate::layout::text::{Weight, fit, width, wrap};
use crate::layout::{Point, Rect};

use super::markup::{Pen, esc};
use super::paint::{Style, Theme};
use super::{Badge, Category, Group, Node, Pin, icon};

const LEAST_WIDTH: i32 = 128;
const MOST_WIDTH: i32 = 208;
/// A kind with what qualifies the verdict has one line only, so it may make the box wider than a name does.
const MOST_WIDTH_OF_SUBLABEL: i32 = 244;
/// A box with one line for its name, and what a second line adds.
const HEIGHT: i32 = 54;
const NAME_LINE: i32 = 16;
/// From the left edge to the name, and right of it.
const NAME_INDENT: i32 = 32;
const PADDING: i32 = 12;
/// The chip with the code.
const CODE_WIDTH: i32 = 34;
const CODE_HEIGHT: i32 = 15;
/// What the tag of an undeclared system says.
const OPEN_END: &str = "open end";
const SUBLABEL_INDENT: i32 = 10 + CODE_WIDTH + 7;

/// How wide the box wants to be.
pub(super) fn width_of(name: &str, sublabel: &str) -> i32 {
    let name = NAME_INDENT + width(name, Weight::Semibold, 130) + PADDING;
    let sublabel = SUBLABEL_INDENT + width(sublabel, Weight::Regular, 110) + PADDING;
    name.min(MOST_WIDTH).max(sublabel.min(MOST_WIDTH_OF_SUBLABEL)).max(LEAST_WIDTH)
}

/// How high the box has to be: a name that is wider than any box takes two lines.
pub(super) fn height_of(name: &str) -> i32 {
    if width(name, Weight::Semibold, 130) > name_room(MOST_WIDTH) { HEIGHT + NAME_LINE } else { HEIGHT }
}

/// What a box of this width has for a line of its name.
const fn name_room(width: i32) -> i32 {
    width - NAME_INDENT - PADDING + 4
}

/// The lines of the name that are printed, and the y from which the text of the box counts.
fn name_lines(name: &str, rect: &Rect) -> (Vec<String>, i32) {
    let most = if rect.height >= HEIGHT + NAME_LINE { 2 } else { 1 };
    let lines = wrap(name, Weight::Semibold, 130, name_room(rect.width), most);
    let height = if lines.len() > 1 { HEIGHT + NAME_LINE } else { HEIGHT };
    (lines, rect.y + (rect.height - height) / 2)
}

/// What the page needs to know about a box beyond its looks.
pub(super) struct Context<'a> {
    pub(super) lane: &'a str,
    pub(super) out: &'a [&'a str],
    pub(super) into: &'a [&'a str],
    pub(super) faded: bool,
    pub(super) badge: Option<&'a Badge>,
    /// It is no longer there.
    pub(super) gone: bool,
    pub(super) place: Pin,
}

/// The whole link.
pub(super) fn draw(pen: &mut Pen, node: &Node, rect: &Rect, context: &Context<'_>) {
    let mut attributes = format!(
        "{} aria-label=\"{}\" data-key=\"{}\" data-kind=\"{}\" data-category=\"{}\"",
        pen.link(&node.href),
        esc(&node.sentence),
        esc(&node.key),
        if node.group.is_some() { "group" } else { "node" },
        node.category.value()
    );
    attributes.push_str(&format!(
        " data-lane=\"{}\" data-out=\"{}\" data-in=\"{}\"",
        esc(context.lane),
        esc(&context.out.join(" ")),
        esc(&context.into.join(" "))
    ));
    match pen.theme {
        Theme::Page => {
            let off = if context.faded { " off" } else { "" };
            let Pin { column, row } = context.place;
            let pinned = if node.pin.is_some() { " data-pinned=\"true\"" } else { "" };
            attributes.push_str(&format!(" data-cell=\"{column} {row}\"{pinned}"));
            if let Some(badge) = context.badge {
                attributes.push_str(&format!(" data-step=\"{}\"", badge.step));
            }
            attributes.push_str(&format!(" class=\"node {}{off}\"", node.category.class()));
        }
        Theme::Light | Theme::Dark if context.faded => attributes.push_str(" opacity=\".25\""),
        Theme::Light | Theme::Dark => {}
    }
    pen.raw(&format!("<a{attributes}>"));
    if pen.theme == Theme::Page {
        let ring = Rect { x: rect.x - 5, y: rect.y - 5, width: rect.width + 10, height: rect.height + 10 };
        pen.rect(&ring, 11, Style::FocusRing);
    }
    if node.group.is_some() {
        // The edge of a second sheet behind the first: there is more inside.
        let behind = Rect { x: rect.x + 4, y: rect.y - 4, ..*rect };
        pen.rect(&behind, 7, Style::Box(node.category));
    }
    face(pen, &node.name, &node.sublabel, node.category, rect);
    if context.gone && node.category != Category::Retired {
        strike(pen, &node.name, rect);
    }
    if let Some(group) = &node.group {
        shares(pen, group, rect);
    }
    if node.open_end {
        tag(pen, rect);
    }
    if let Some(badge) = context.badge {
        corner(pen, badge, rect);
    }
    pen.raw("</a>");
}

/// A tag on the upper edge, at the other end than [`tag`]: how far away it is, or what happens there.
fn corner(pen: &mut Pen, badge: &Badge, rect: &Rect) {
    let said = fit(&badge.text, Weight::Semibold, 110, rect.width - 24);
    let room = width(&said, Weight::Semibold, 110) + 12;
    let tag = Rect { x: rect.x + 8, y: rect.y - 9, width: room.max(20), height: 17 };
    pen.rect(&tag, 4, Style::Hop(badge.step));
    pen.text(Point { x: tag.x + tag.width / 2, y: tag.y + 12 }, true, &said, Style::HopText(badge.step));
}

/// A bar along the lower edge: how many systems of the segment have which category.
fn shares(pen: &mut Pen, group: &Group, rect: &Rect) {
    const INSET: i32 = 10;
    let total: usize = group.scope.iter().map(|(_, count)| count).sum();
    let room = rect.width - 2 * INSET;
    let pixels = |count: usize| {
        room * i32::try_from(count).unwrap_or(i32::MAX / 4096) / i32::try_from(total.max(1)).unwrap_or(1)
    };
    let mut before = 0;
    for (category, count) in &group.scope {
        let (left, right) = (pixels(before), pixels(before + count));
        before += count;
        let part = Rect { x: rect.x + INSET + left, y: rect.bottom() - 5, width: (right - left).max(1), height: 3 };
        pen.rect(&part, 0, Style::Share(*category));
    }
}

/// A tag on the upper edge: a flow names the system, nobody has declared it.
fn tag(pen: &mut Pen, rect: &Rect) {
    let room = width(OPEN_END, Weight::Semibold, 100) + 12;
    let tag = Rect { x: rect.x + rect.width - room - 8, y: rect.y - 8, width: room, height: 15 };
    pen.rect(&tag, 7, Style::Pill);
    pen.text(Point { x: tag.x + room / 2, y: tag.y + 11 }, true, OPEN_END, Style::PillText);
}

/// A line through the name.
fn strike(pen: &mut Pen, name: &str, rect: &Rect) {
    let (lines, top) = name_lines(name, rect);
    let start = rect.x + NAME_INDENT;
    for (line, y) in lines.iter().zip((top + 20..).step_by(16)) {
        pen.path(&format!("M{start} {y}H{}", start + width(line, Weight::Semibold, 130)), Style::Struck);
    }
}

/// The visible part, shared with the small drawing of a path.
pub(super) fn face(pen: &mut Pen, name: &str, sublabel: &str, category: Category, rect: &Rect) {
    let radius = if category == Category::External { 16 } else { 7 };
    pen.rect(rect, radius, Style::Box(category));
    let (lines, mut top) = name_lines(name, rect);
    pen.shape(Point { x: rect.x + 19, y: top + 19 }, icon::of(category), Style::Icon(category));
    if lines.iter().any(|line| line.ends_with('…')) {
        pen.raw(&format!("<title>{}</title>", esc(name)));
    }
    for (line, y) in lines.iter().zip((top + 24..).step_by(16)) {
        pen.text(Point { x: rect.x + NAME_INDENT, y }, false, line, Style::Name);
    }
    if category == Category::Retired {
        strike(pen, name, rect);
    }
    if lines.len() > 1 {
        top += NAME_LINE;
    }
    let code = Rect { x: rect.x + 10, y: top + 32, width: CODE_WIDTH, height: CODE_HEIGHT };
    pen.rect(&code, 3, Style::Code(category));
    pen.text(Point { x: code.x + CODE_WIDTH / 2, y: code.y + 11 }, true, category.code(), Style::CodeText(category));
    let room = rect.width - SUBLABEL_INDENT - PADDING + 4;
    let line = fit(sublabel, Weight::Regular, 110, room);
    pen.text(Point { x: rect.x + SUBLABEL_INDENT, y: code.y + 11 }, false, &line, Style::Sublabel);
}
