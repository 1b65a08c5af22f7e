//! Colours: class names for a page, whose style sheet decides, or resolved attributes for a file that stands alone.

use super::ChipClass;
use super::category::{Category, Family};
use super::icon::{self, Fill};

/// Where the picture will be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// In a page: classes only. A strict content security policy allows neither style attributes nor style elements.
    Page,
    /// In a file of its own, on white paper.
    Light,
    /// In a file of its own, on a dark screen.
    Dark,
}

/// What a shape is. Decides its class and its paint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Canvas,
    Lane {
        cde: bool,
    },
    LaneName,
    LaneTrust,
    Box(Category),
    Icon(Category),
    Code(Category),
    CodeText(Category),
    Name,
    Sublabel,
    Struck,
    /// The part of a category in the bar of a folded segment.
    Share(Category),
    Hit,
    Halo,
    Line(Tone),
    /// The line of something that is gone.
    BrokenLine(Tone),
    /// A line wide enough to be split.
    Double(Tone),
    /// The gap in the middle of a double line.
    Gap,
    Arrow(Tone),
    HollowArrow(Tone),
    Chip(ChipClass),
    ChipText(ChipClass),
    /// Hatching, underline or key of a chip.
    ChipMark,
    Pill,
    PillText,
    Warning,
    WarningMark,
    Badge,
    BadgeText,
    /// The tag on the corner of a box, by its place in the ramp.
    Hop(u8),
    HopText(u8),
    Title,
    Rule,
    Meta,
    FocusRing,
}

/// The weight and colour of a line, by the most sensitive thing it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tone {
    /// Card data.
    Card { path: bool },
    /// Credentials.
    Secret { path: bool },
    /// Anything else.
    Plain { path: bool },
}

impl Style {
    /// The attributes, with a leading blank.
    pub(super) fn attributes(self, theme: Theme) -> String {
        match theme {
            Theme::Page => format!(" class=\"{}\"", self.class()),
            Theme::Light => self.resolved(&LIGHT),
            Theme::Dark => self.resolved(&DARK),
        }
    }

    fn class(self) -> String {
        let fixed = match self {
            Self::Canvas => "canvas",
            Self::Lane { cde: false } => "band",
            Self::Lane { cde: true } => "band band-cde",
            Self::LaneName => "lane-name",
            Self::LaneTrust => "lane-trust",
            Self::Box(_) => "box",
            Self::Icon(category) => match icon::fill(category) {
                Fill::Solid => "mark mark-solid",
                Fill::Soft => "mark mark-soft",
                Fill::None => match icon::family(category) {
                    Family::Cde => "mark mark-cde",
                    Family::Sec => "mark mark-sec",
                    _ => "mark",
                },
            },
            Self::Code(_) => "code",
            Self::CodeText(_) => "code-text",
            Self::Name => "name",
            Self::Sublabel => "sub",
            Self::Struck => "struck",
            Self::Share(category) => return format!("share {}", category.class()),
            Self::Hit => "hit",
            Self::Halo => "halo",
            Self::Line(_) => "line",
            Self::BrokenLine(_) => "line line-broken",
            Self::Double(_) => "line line-double",
            Self::Gap => "gap",
            Self::Arrow(_) => "arrow",
            Self::HollowArrow(_) => "arrow arrow-hollow",
            Self::Chip(class) => return format!("chip chip-{}", chip_class(class)),
            Self::ChipText(class) => return format!("chip-text chip-text-{}", chip_class(class)),
            Self::ChipMark => "chip-mark",
            Self::Pill => "pill",
            Self::PillText => "pill-text",
            Self::Warning => "warning",
            Self::WarningMark => "warning-mark",
            Self::Badge => "step",
            Self::BadgeText => "step-text",
            Self::Hop(step) => return format!("hop hop-{}", step.min(3)),
            Self::HopText(step) => return format!("hop-text hop-text-{}", step.min(3)),
            Self::Title => "title",
            Self::Rule => "rule",
            Self::Meta => "words",
            Self::FocusRing => "ring",
        };
        fixed.to_owned()
    }

    fn resolved(self, palette: &Palette) -> String {
        match self {
            Self::Canvas => fill(palette.canvas),
            Self::Lane { cde: false } => fill(palette.lane) + &stroke(palette.border, "1"),
            Self::Lane { cde: true } => {
                fill(palette.lane) + &stroke(palette.of(Family::Cde).line, "2") + " stroke-dasharray=\"9 5\""
            }
            Self::LaneName => type_of("12", "600") + &fill(palette.text_2),
            Self::LaneTrust | Self::Sublabel => type_of("11", "400") + &fill(palette.text_2),
            Self::Box(category) => {
                let (tenths, dashes) = category.border();
                let inner = if category.hollow() { palette.lane } else { palette.surface };
                let width = format!("{}.{}", tenths / 10, tenths % 10);
                let dashes = dashes.map(|dashes| format!(" stroke-dasharray=\"{dashes}\"")).unwrap_or_default();
                fill(inner) + &stroke(palette.of(category.family()).line, &width) + &dashes
            }
            Self::Icon(category) => {
                let colours = palette.of(icon::family(category));
                let inner = match icon::fill(category) {
                    Fill::Solid => colours.line,
                    Fill::Soft => colours.back,
                    Fill::None => "none",
                };
                fill(inner) + &stroke(colours.line, "1.6") + " stroke-linecap=\"round\" stroke-linejoin=\"round\""
            }
            Self::Code(category) => {
                let colours = palette.of(category.family());
                fill(colours.back) + &stroke(colours.line, ".8")
            }
            Self::CodeText(category) => type_of("10", "700") + &fill(palette.of(category.family()).text),
            Self::Name => type_of("13", "600") + &fill(palette.text),
            Self::Struck => " fill=\"none\"".to_owned() + &stroke(palette.text_2, "1.2"),
            Self::Share(category) => fill(palette.of(category.family()).line),
            Self::Hit | Self::FocusRing => " fill=\"none\" stroke=\"none\"".to_owned(),
            Self::Halo => " fill=\"none\"".to_owned() + &stroke(palette.lane, "6"),
            Self::Line(tone) => " fill=\"none\"".to_owned() + &stroke(tone.colour(palette), tone.width()),
            Self::BrokenLine(tone) => {
                " fill=\"none\" stroke-dasharray=\"7 5\"".to_owned() + &stroke(tone.colour(palette), tone.width())
            }
            Self::Double(tone) => " fill=\"none\"".to_owned() + &stroke(tone.colour(palette), "4.4"),
            Self::Gap => " fill=\"none\"".to_owned() + &stroke(palette.lane, "1.8"),
            Self::Arrow(tone) => fill(tone.colour(palette)),
            Self::HollowArrow(tone) => fill(palette.lane) + &stroke(tone.colour(palette), "1.4"),
            Self::Chip(class) => match class {
                ChipClass::Sad => fill(palette.text) + &stroke(palette.text, "1"),
                ChipClass::Pan => fill(palette.solid) + &stroke(palette.text_2, "1"),
                ChipClass::Other => fill(palette.surface) + &stroke(palette.border_strong, "1"),
                _ => fill(palette.surface) + &stroke(palette.text_2, "1"),
            },
            Self::ChipText(class) => {
                let colour = match class {
                    ChipClass::Sad => palette.surface,
                    ChipClass::Other => palette.text_2,
                    _ => palette.text,
                };
                type_of("10", "700") + &fill(colour)
            }
            Self::ChipMark => " fill=\"none\"".to_owned() + &stroke(palette.text, "1"),
            Self::Pill => fill(palette.lane) + &stroke(palette.border_strong, "1"),
            Self::PillText => type_of("10", "600") + &fill(palette.text_2),
            Self::Warning => fill(palette.surface) + &stroke(palette.error, "1.2"),
            Self::WarningMark => {
                " fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\"".to_owned()
                    + &stroke(palette.error, "1.4")
            }
            Self::Badge => fill(palette.accent) + &stroke(palette.surface, "1.5"),
            Self::BadgeText => type_of("11", "700") + &fill(palette.on_accent),
            Self::Hop(step) => {
                let hop = &palette.hops[usize::from(step.min(3))];
                fill(hop.back) + &stroke(hop.line, "1.5")
            }
            Self::HopText(step) => type_of("11", "600") + &fill(palette.hops[usize::from(step.min(3))].text),
            Self::Title => type_of("15", "600") + &fill(palette.text),
            Self::Rule => type_of("11", "600") + &fill(palette.text_2),
            Self::Meta => type_of("12", "400") + &fill(palette.text_2),
        }
    }
}

impl Tone {
    /// The class of the link on a page; its parts take their colour from it.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Card { path: false } => "tone-card",
            Self::Card { path: true } => "tone-card path",
            Self::Secret { path: false } => "tone-secret",
            Self::Secret { path: true } => "tone-secret path",
            Self::Plain { path: false } => "tone-plain",
            Self::Plain { path: true } => "tone-plain path",
        }
    }

    /// Whether the line gets a halo that lifts it above the lines it crosses.
    pub(super) const fn lifted(self) -> bool {
        !matches!(self, Self::Plain { path: false })
    }

    const fn colour(self, palette: &Palette) -> &'static str {
        match self {
            Self::Card { .. } => palette.of(Family::Cde).line,
            Self::Secret { path: true } | Self::Plain { path: true } => palette.accent,
            Self::Secret { path: false } => palette.text_2,
            Self::Plain { path: false } => palette.border_strong,
        }
    }

    const fn width(self) -> &'static str {
        match self {
            Self::Card { path: false } => "2.2",
            Self::Secret { path: false } => "1.7",
            Self::Plain { path: false } => "1.2",
            _ => "3",
        }
    }
}

/// Part of a class name.
const fn chip_class(class: ChipClass) -> &'static str {
    match class {
        ChipClass::Sad => "sad",
        ChipClass::Pan => "pan",
        ChipClass::Secret => "secret",
        ChipClass::Truncated => "truncated",
        ChipClass::Pii => "pii",
        ChipClass::Token => "token",
        ChipClass::Other => "other",
    }
}

fn fill(colour: &str) -> String {
    format!(" fill=\"{colour}\"")
}

fn stroke(colour: &str, width: &str) -> String {
    format!(" stroke=\"{colour}\" stroke-width=\"{width}\"")
}

fn type_of(size: &str, weight: &str) -> String {
    format!(" font-size=\"{size}\" font-weight=\"{weight}\"")
}

/// The colours of a file. The style sheet of the pages holds the same values as tokens.
struct Palette {
    canvas: &'static str,
    lane: &'static str,
    surface: &'static str,
    solid: &'static str,
    text: &'static str,
    text_2: &'static str,
    border: &'static str,
    border_strong: &'static str,
    accent: &'static str,
    on_accent: &'static str,
    error: &'static str,
    families: [Colours; 5],
    hops: [Colours; 4],
}

/// The line, the background of the code, and its text.
pub(super) struct Colours {
    pub(super) line: &'static str,
    pub(super) back: &'static str,
    pub(super) text: &'static str,
}

/// The colours of a family on white paper, for files in other formats.
pub(super) const fn light(family: Family) -> &'static Colours {
    LIGHT.of(family)
}

impl Palette {
    const fn of(&self, family: Family) -> &Colours {
        match family {
            Family::Cde => &self.families[0],
            Family::Sec => &self.families[1],
            Family::Con => &self.families[2],
            Family::Out => &self.families[3],
            Family::New => &self.families[4],
        }
    }
}

static LIGHT: Palette = Palette {
    canvas: "#F7F8FA",
    lane: "#EEF0F4",
    surface: "#FFFFFF",
    solid: "#D5D9E0",
    text: "#14181F",
    text_2: "#4A5261",
    border: "#D5D9E0",
    border_strong: "#848C9A",
    accent: "#1F4FD8",
    on_accent: "#FFFFFF",
    error: "#A3123A",
    families: [
        Colours { line: "#9B1C31", back: "#FBE3E7", text: "#7A1026" },
        Colours { line: "#0A6EBD", back: "#DBEAF9", text: "#084B85" },
        Colours { line: "#C77700", back: "#FFEFD2", text: "#6E4000" },
        Colours { line: "#737B8C", back: "#E9ECF1", text: "#444C5C" },
        Colours { line: "#3B3F46", back: "#FFFFFF", text: "#24272C" },
    ],
    hops: [
        Colours { line: "#5B21B6", back: "#5B21B6", text: "#FFFFFF" },
        Colours { line: "#5B21B6", back: "#7C4DDB", text: "#FFFFFF" },
        Colours { line: "#5B21B6", back: "#D9C8F7", text: "#3B1479" },
        Colours { line: "#5B21B6", back: "#FFFFFF", text: "#3B1479" },
    ],
};

static DARK: Palette = Palette {
    canvas: "#0F1218",
    lane: "#12161E",
    surface: "#1A1F29",
    solid: "#39414F",
    text: "#ECEFF4",
    text_2: "#A9B2C1",
    border: "#2B313D",
    border_strong: "#6B7586",
    accent: "#8CB4FF",
    on_accent: "#0B1020",
    error: "#FF9AA3",
    families: [
        Colours { line: "#FF7A85", back: "#3D1219", text: "#FFC2C8" },
        Colours { line: "#6CB6FF", back: "#0C2A47", text: "#B3DAFF" },
        Colours { line: "#F5B83D", back: "#3A2706", text: "#FFD685" },
        Colours { line: "#98A2B3", back: "#252B36", text: "#C3CAD6" },
        Colours { line: "#E5E7EB", back: "#14181F", text: "#F1F3F6" },
    ],
    hops: [
        Colours { line: "#C9B3F5", back: "#C9B3F5", text: "#1E0B40" },
        Colours { line: "#C9B3F5", back: "#A07BEA", text: "#0F0620" },
        Colours { line: "#C9B3F5", back: "#5B21B6", text: "#FFFFFF" },
        Colours { line: "#C9B3F5", back: "#1A1F29", text: "#D9C8F7" },
    ],
};
