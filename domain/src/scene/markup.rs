//! Writing SVG: the one place where text is escaped and numbers are printed.

use crate::layout::{Point, Rect};

use super::paint::{Style, Theme};

/// Escapes text for element content and for quoted attributes.
///
/// Characters XML does not allow at all become U+FFFD, so that no name can make the file unreadable.
pub(super) fn esc(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\t' | '\n' | '\r' => safe.push(' '),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}

/// The link if it stays within the application or is a web address; nothing else can be clicked.
pub(super) fn href(link: &str) -> String {
    let within = link.starts_with(['/', '?', '#']) && !link.starts_with("//");
    let safe = within || link.starts_with("https://") || link.starts_with("http://");
    if safe { esc(link) } else { "#".to_owned() }
}

/// A growing SVG fragment in one theme.
pub(super) struct Pen {
    out: String,
    pub(super) theme: Theme,
}

impl Pen {
    pub(super) const fn new(theme: Theme) -> Self {
        Self { out: String::new(), theme }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// The attribute of a link; none in a file whose boxes lead nowhere.
    pub(super) fn link(&self, to: &str) -> String {
        if to.is_empty() && self.theme != Theme::Page { String::new() } else { format!(" href=\"{}\"", href(to)) }
    }

    /// Markup that is already safe.
    pub(super) fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    pub(super) fn rect(&mut self, rect: &Rect, radius: i32, style: Style) {
        let Rect { x, y, width, height } = rect;
        let paint = style.attributes(self.theme);
        self.raw(&format!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"{paint}/>"));
    }

    pub(super) fn circle(&mut self, centre: Point, radius: i32, style: Style) {
        let paint = style.attributes(self.theme);
        self.raw(&format!("<circle cx=\"{}\" cy=\"{}\" r=\"{radius}\"{paint}/>", centre.x, centre.y));
    }

    pub(super) fn path(&mut self, data: &str, style: Style) {
        let paint = style.attributes(self.theme);
        self.raw(&format!("<path d=\"{data}\"{paint}/>"));
    }

    /// A shape drawn around the origin, moved to a point.
    pub(super) fn shape(&mut self, at: Point, data: &str, style: Style) {
        let paint = style.attributes(self.theme);
        self.raw(&format!("<path transform=\"translate({} {})\" d=\"{data}\"{paint}/>", at.x, at.y));
    }

    /// A line of text; `at` is the left end or the middle of its base line.
    pub(super) fn text(&mut self, at: Point, middle: bool, line: &str, style: Style) {
        let paint = style.attributes(self.theme);
        let anchor = if middle { " text-anchor=\"middle\"" } else { "" };
        self.raw(&format!("<text x=\"{}\" y=\"{}\"{anchor}{paint}>{}</text>", at.x, at.y, esc(line)));
    }
}

/// A path with rounded corners through the points; `gap` pixels at its end stay free for the arrowhead.
pub(super) fn rounded(points: &[Point], gap: i32) -> String {
    const RADIUS: i32 = 6;
    let mut points = points.to_vec();
    if let [.., before, last] = points.as_mut_slice() {
        *last = towards(*last, *before, gap);
    }
    let Some(first) = points.first() else { return String::new() };
    let mut data = format!("M{} {}", first.x, first.y);
    for corner in points.windows(3) {
        let (before, at, after) = (corner[0], corner[1], corner[2]);
        let radius = RADIUS.min(length(before, at) / 2).min(length(at, after) / 2);
        let (enter, leave) = (towards(at, before, radius), towards(at, after, radius));
        data.push_str(&format!("L{} {}Q{} {} {} {}", enter.x, enter.y, at.x, at.y, leave.x, leave.y));
    }
    if let Some(last) = points.last() {
        data.push_str(&format!("L{} {}", last.x, last.y));
    }
    data
}

/// The triangle at the end of a line.
pub(super) fn arrowhead(points: &[Point]) -> String {
    let [.., before, tip] = points else { return String::new() };
    let base = towards(*tip, *before, 9);
    let (across_x, across_y) = if base.y == tip.y { (0, 4) } else { (4, 0) };
    format!(
        "M{} {}L{} {}L{} {}z",
        tip.x,
        tip.y,
        base.x - across_x,
        base.y - across_y,
        base.x + across_x,
        base.y + across_y
    )
}

/// The point `distance` pixels from the first towards the second, which shares an x or a y with it.
pub(super) const fn towards(from: Point, to: Point, distance: i32) -> Point {
    Point { x: from.x + (to.x - from.x).signum() * distance, y: from.y + (to.y - from.y).signum() * distance }
}

const fn length(one: Point, other: Point) -> i32 {
    (one.x - other.x).abs() + (one.y - other.y).abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_control_characters_cannot_leave_a_name() {
        assert_eq!(
            esc("<a b=\"c\" d='e'>&\u{0}\u{1b}"),
            "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;\u{fffd}\u{fffd}"
        );
    }

    #[test]
    fn only_links_that_stay_on_the_web_are_kept() {
        assert_eq!(href("/w/shop/map?q=\"x\""), "/w/shop/map?q=&quot;x&quot;");
        for unsafe_link in ["javascript:alert(1)", "//elsewhere.example", " data:text/html,x", ""] {
            assert_eq!(href(unsafe_link), "#");
        }
    }

    #[test]
    fn a_corner_is_rounded_and_the_arrow_keeps_its_room() {
        let points = [Point { x: 0, y: 0 }, Point { x: 40, y: 0 }, Point { x: 40, y: 40 }];
        assert_eq!(rounded(&points, 8), "M0 0L34 0Q40 0 40 6L40 32");
        assert_eq!(arrowhead(&points), "M40 40L36 31L44 31z");
    }
}
