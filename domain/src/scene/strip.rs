//! The strip on a line: step numbers, warnings, chips, and the number of flows, side by side.

use crate::layout::text::{Weight, width};
use crate::layout::{Point, Rect};

use super::markup::Pen;
use super::paint::Style;
use super::{Bundle, Chip, ChipClass, icon};

/// Chips beyond these are counted.
const MOST_CHIPS: usize = 3;
/// Chips are left out, one by one, until the strip is no wider than this or only the most sensitive ones are left.
const MOST_WIDTH: i32 = 136;
const GAP: i32 = 2;

/// What is printed on one line.
pub(super) struct Strip {
    marks: Vec<Mark>,
    rank: Option<ChipClass>,
}

enum Mark {
    Step(u32),
    Tag(String),
    Unencrypted,
    Unknown,
    Chip(Chip),
    More(usize),
    Flows(usize),
}

impl Strip {
    pub(super) fn new(bundle: &Bundle, steps: &[u32], detailed: bool) -> Self {
        let rank = bundle.chips.iter().map(|chip| chip.class).min();
        // In a large picture only what can hurt is worth the ink.
        let sensitive = |chip: &&Chip| detailed || chip.class <= ChipClass::Secret;
        let mut chips: Vec<Chip> = bundle.chips.iter().filter(sensitive).cloned().collect();
        chips.sort();
        let all = chips.len();
        // Between whole segments travels everything; the worst of it says enough.
        chips.truncate(if bundle.joined > 0 { 1 } else { MOST_CHIPS });
        loop {
            let strip = Self { marks: marks(bundle, steps, &chips, all, detailed), rank };
            // Card numbers and authentication data are never the ones to go.
            let spare = chips.len() > 1 && chips.last().is_some_and(|chip| chip.class > ChipClass::Pan);
            if strip.width() <= MOST_WIDTH || !spare {
                return strip;
            }
            chips.pop();
        }
    }

    /// 0 when there is nothing to print.
    pub(super) fn width(&self) -> i32 {
        let widths: i32 = self.marks.iter().map(|mark| mark.width() + GAP).sum();
        (widths - GAP).max(0)
    }

    /// The most sensitive thing on the line; smaller is more sensitive, lines without chips come last.
    pub(super) fn rank(&self) -> (bool, Option<ChipClass>) {
        (self.rank.is_none(), self.rank)
    }

    /// How much the line should run from left to right: readers follow the card data first.
    pub(super) const fn weight(&self) -> u8 {
        match self.rank {
            Some(ChipClass::Sad | ChipClass::Pan) => 6,
            Some(ChipClass::Secret) => 3,
            Some(_) => 2,
            None => 1,
        }
    }

    pub(super) const fn most_sensitive(&self) -> Option<ChipClass> {
        self.rank
    }

    pub(super) fn draw(&self, pen: &mut Pen, at: &Rect) {
        let mut x = at.x;
        for mark in &self.marks {
            let place = Rect { x, y: at.y, width: mark.width(), height: at.height };
            mark.draw(pen, &place);
            x += place.width + GAP;
        }
    }
}

fn marks(bundle: &Bundle, steps: &[u32], chips: &[Chip], all: usize, detailed: bool) -> Vec<Mark> {
    let mut marks: Vec<Mark> = steps.iter().map(|step| Mark::Step(*step)).collect();
    if !bundle.tag.is_empty() {
        marks.push(Mark::Tag(bundle.tag.clone()));
    }
    if bundle.unencrypted {
        marks.push(Mark::Unencrypted);
    } else if bundle.unknown {
        marks.push(Mark::Unknown);
    }
    marks.extend(chips.iter().cloned().map(Mark::Chip));
    if all > chips.len() {
        marks.push(Mark::More(all - chips.len()));
    }
    if bundle.flows() > 1 && (detailed || bundle.joined > 0) {
        marks.push(Mark::Flows(bundle.flows()));
    }
    marks
}

impl Mark {
    fn width(&self) -> i32 {
        let label = width(&self.label(), Weight::Semibold, 102);
        match self {
            Self::Step(_) => label.max(6) + 12,
            Self::Unencrypted | Self::Unknown => 16,
            Self::Chip(chip) => match chip.class {
                ChipClass::Secret => label + 25,
                ChipClass::Truncated => label + 18,
                _ => label + 10,
            },
            Self::Tag(_) | Self::More(_) | Self::Flows(_) => label + 10,
        }
    }

    fn label(&self) -> String {
        match self {
            Self::Step(number) => number.to_string(),
            Self::Tag(words) => words.clone(),
            Self::Unencrypted | Self::Unknown => String::new(),
            Self::Chip(chip) if chip.class == ChipClass::Sad => format!("! {}", chip.label),
            Self::Chip(chip) => chip.label.clone(),
            Self::More(count) => format!("+{count}"),
            Self::Flows(count) => format!("{count} flows"),
        }
    }

    fn draw(&self, pen: &mut Pen, at: &Rect) {
        let centre = Point { x: at.x + at.width / 2, y: at.y + at.height / 2 };
        let base = at.y + 12;
        let round = at.height / 2;
        match self {
            Self::Step(_) => {
                let badge = Rect { x: at.x, y: at.y - 1, width: at.width, height: at.height + 2 };
                pen.rect(&badge, round + 1, Style::Badge);
                pen.text(Point { x: centre.x, y: base }, true, &self.label(), Style::BadgeText);
            }
            Self::Tag(_) => {
                pen.rect(at, 3, Style::Hop(3));
                pen.text(Point { x: centre.x, y: base }, true, &self.label(), Style::HopText(3));
            }
            Self::Unencrypted => {
                pen.circle(centre, round, Style::Warning);
                pen.shape(centre, icon::OPEN_LOCK, Style::WarningMark);
            }
            Self::Unknown => {
                pen.circle(centre, round, Style::Pill);
                pen.shape(centre, icon::QUESTION, Style::ChipMark);
            }
            Self::More(_) | Self::Flows(_) => {
                pen.rect(at, round, Style::Pill);
                pen.text(Point { x: centre.x, y: base }, true, &self.label(), Style::PillText);
            }
            Self::Chip(chip) => draw_chip(pen, at, chip.class, &self.label()),
        }
    }
}

fn draw_chip(pen: &mut Pen, at: &Rect, class: ChipClass, label: &str) {
    pen.rect(at, 3, Style::Chip(class));
    let (left, base) = (at.x + 5, at.y + 12);
    let (middle, bottom) = (at.y + at.height / 2, at.bottom());
    let indent = match class {
        ChipClass::Secret => {
            pen.shape(Point { x: left + 6, y: middle }, icon::KEY, Style::ChipMark);
            15
        }
        ChipClass::Truncated => {
            let x = at.x;
            let hatch =
                format!("M{} {}l4-5M{} {}l7-9M{} {}l4-5", x + 2, at.y + 7, x + 2, bottom - 2, x + 6, bottom - 2);
            pen.path(&hatch, Style::ChipMark);
            8
        }
        _ => 0,
    };
    pen.text(Point { x: left + indent, y: base }, false, label, Style::ChipText(class));
    if class == ChipClass::Pii {
        pen.path(&format!("M{left} {}H{}", base + 2, at.right() - 5), Style::ChipMark);
    }
}
