//! What the shapes mean.

use crate::layout::text::{Weight, width};
use crate::layout::{Point, Rect};

use super::edge::tone;
use super::markup::Pen;
use super::paint::{Style, Theme};
use super::strip::Strip;
use super::{Bundle, Category, Chip, ChipClass, ProviderRole, icon};

/// One category, for a legend in HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LegendEntry {
    /// The category.
    pub category: Category,
    /// Its code on the boxes.
    pub code: &'static str,
    /// Its name in words.
    pub name: &'static str,
}

/// All categories in the order of precedence.
#[must_use]
pub fn legend() -> Vec<LegendEntry> {
    [
        Category::Cde,
        Category::SecurityImpacting,
        Category::ConnectedTo,
        Category::OutOfScope,
        Category::NotAssessed,
        Category::ThirdParty(ProviderRole::AccountData),
        Category::ThirdParty(ProviderRole::Security),
        Category::ThirdParty(ProviderRole::Other),
        Category::External,
        Category::Planned,
        Category::Retired,
        Category::Undeclared,
    ]
    .into_iter()
    .map(|category| LegendEntry { category, code: category.code(), name: category.words() })
    .collect()
}

/// The legend as a picture of at most `width` pixels.
#[must_use]
pub fn legend_svg(width: i32, theme: Theme) -> String {
    let block = Block::new(width.max(240) - 16);
    let mut pen = Pen::new(theme);
    let (width, height) = (width.max(240), block.height);
    pen.raw(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"Legend of the map\""
    ));
    pen.raw(&match theme {
        Theme::Page => " class=\"map map-legend\">".to_owned(),
        Theme::Light | Theme::Dark => format!(" font-family=\"{}\">", super::svg::FONTS),
    });
    if theme != Theme::Page {
        pen.rect(&Rect { x: 0, y: 0, width, height }, 0, Style::Canvas);
    }
    block.draw(&mut pen, Point { x: 8, y: 0 });
    pen.raw("</svg>\n");
    pen.finish()
}

const LINE_HEIGHT: i32 = 26;
const TOP: i32 = 10;

/// The entries, broken into lines.
pub(super) struct Block {
    entries: Vec<(Point, Entry)>,
    pub(super) height: i32,
}

enum Entry {
    Category(LegendEntry),
    /// A strip and what it means.
    Marks(Strip, &'static str),
    /// A line drawn in some way and what it means.
    Line(Bundle, &'static str),
}

impl Block {
    pub(super) fn new(room: i32) -> Self {
        let mut placed = Vec::new();
        let mut at = Point { x: 0, y: TOP };
        for (number, group) in entries().into_iter().enumerate() {
            if number > 0 {
                at = Point { x: 0, y: at.y + LINE_HEIGHT };
            }
            for entry in group {
                let width = entry.width();
                if at.x > 0 && at.x + width > room {
                    at = Point { x: 0, y: at.y + LINE_HEIGHT };
                }
                placed.push((at, entry));
                at.x += width + 22;
            }
        }
        Self { entries: placed, height: at.y + LINE_HEIGHT }
    }

    pub(super) fn draw(&self, pen: &mut Pen, origin: Point) {
        for (at, entry) in &self.entries {
            entry.draw(pen, Point { x: origin.x + at.x, y: origin.y + at.y });
        }
    }
}

fn entries() -> Vec<Vec<Entry>> {
    let chip = |class: ChipClass, label: &str, meaning: &'static str| {
        let bundle = Bundle { chips: vec![Chip { class, label: label.to_owned() }], ..Bundle::default() };
        Entry::Marks(Strip::new(&bundle, &[], true), meaning)
    };
    let marks = |bundle: Bundle, meaning: &'static str| Entry::Marks(Strip::new(&bundle, &[], true), meaning);
    let card = vec![Chip { class: ChipClass::Pan, label: String::new() }];
    let two = vec!["a".to_owned(), "b".to_owned()];
    vec![
        legend().into_iter().map(Entry::Category).collect(),
        vec![
            chip(ChipClass::Sad, "CVV", "sensitive authentication data"),
            chip(ChipClass::Pan, "PAN", "full card number"),
            chip(ChipClass::Secret, "KEY", "credential or key"),
            chip(ChipClass::Truncated, "LAST4", "truncated"),
            chip(ChipClass::Pii, "EMAIL", "personal data"),
            chip(ChipClass::Token, "TOKEN", "token"),
        ],
        vec![
            Entry::Line(Bundle { chips: card, ..Bundle::default() }, "carries card data"),
            Entry::Line(Bundle { admin: true, ..Bundle::default() }, "administrative access"),
            Entry::Line(Bundle { webhook: true, ..Bundle::default() }, "call back"),
            marks(Bundle { unencrypted: true, ..Bundle::default() }, "not encrypted"),
            marks(Bundle { unknown: true, ..Bundle::default() }, "encryption not stated"),
            marks(Bundle { keys: two, ..Bundle::default() }, "several flows in one line"),
        ],
    ]
}

impl Entry {
    fn width(&self) -> i32 {
        let words = |line: &str| width(line, Weight::Regular, 120);
        match self {
            Self::Category(entry) => 18 + 34 + 6 + words(entry.name),
            Self::Marks(strip, meaning) => strip.width() + 6 + words(meaning),
            Self::Line(_, meaning) => 44 + 6 + words(meaning),
        }
    }

    fn draw(&self, pen: &mut Pen, at: Point) {
        let base = at.y + 15;
        match self {
            Self::Category(entry) => {
                let class = format!("<g class=\"{}\">", entry.category.class());
                pen.raw(if pen.theme == Theme::Page { &class } else { "<g>" });
                pen.shape(Point { x: at.x + 7, y: at.y + 11 }, icon::of(entry.category), Style::Icon(entry.category));
                let code = Rect { x: at.x + 20, y: at.y + 3, width: 32, height: 16 };
                pen.rect(&code, 3, Style::Code(entry.category));
                pen.text(Point { x: code.x + 16, y: base }, true, entry.code, Style::CodeText(entry.category));
                pen.text(Point { x: at.x + 58, y: base }, false, entry.name, Style::Meta);
                pen.raw("</g>");
            }
            Self::Marks(strip, meaning) => {
                strip.draw(pen, &Rect { x: at.x, y: at.y + 3, width: strip.width(), height: 16 });
                pen.text(Point { x: at.x + strip.width() + 6, y: base }, false, meaning, Style::Meta);
            }
            Self::Line(bundle, meaning) => {
                let tone = tone(bundle.chips.first().map(|chip| chip.class), false);
                let class = format!("<g class=\"{}\">", tone.class());
                pen.raw(if pen.theme == Theme::Page { &class } else { "<g>" });
                let points = [Point { x: at.x, y: at.y + 11 }, Point { x: at.x + 42, y: at.y + 11 }];
                super::edge::line(pen, bundle, &points, tone);
                pen.raw("</g>");
                pen.text(Point { x: at.x + 50, y: base }, false, meaning, Style::Meta);
            }
        }
    }
}
