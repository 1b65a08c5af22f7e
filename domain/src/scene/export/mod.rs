//! The drawing as a file that other tools open: what is seen, and nothing else.

mod dot;
mod drawio;
mod mermaid;

use super::paint::Theme;
use super::{Bundle, ChipClass, Drawing, Lane, Node};

/// A kind of file that a drawing can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// A picture.
    Svg,
    /// Text for Mermaid.
    Mermaid,
    /// Text for Graphviz.
    Dot,
    /// A diagram for draw.io, with our places.
    DrawIo,
}

impl FileFormat {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Svg, Self::Mermaid, Self::Dot, Self::DrawIo];

    /// How the name of such a file ends.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Mermaid => "mmd",
            Self::Dot => "dot",
            Self::DrawIo => "drawio",
        }
    }

    /// The name of the format.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Svg => "SVG",
            Self::Mermaid => "Mermaid",
            Self::Dot => "DOT",
            Self::DrawIo => "draw.io",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml; charset=utf-8",
            Self::Mermaid => "text/vnd.mermaid; charset=utf-8",
            Self::Dot => "text/vnd.graphviz; charset=utf-8",
            Self::DrawIo => "application/vnd.jgraph.mxfile; charset=utf-8",
        }
    }

    /// The format of a file by the end of its name, in any case.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        let known = |format: &Self| extension.eq_ignore_ascii_case(format.extension());
        Self::ALL.into_iter().find(known)
    }
}

/// The drawing in a format. The theme is that of a picture; the other formats have the light colours.
#[must_use]
pub fn file(drawing: &Drawing, format: FileFormat, theme: Theme) -> String {
    match format {
        FileFormat::Svg => super::svg(drawing, theme),
        FileFormat::Mermaid => mermaid::write(drawing),
        FileFormat::Dot => dot::write(drawing),
        FileFormat::DrawIo => drawio::write(drawing),
    }
}

/// The lines of a box: its name, then its code and its kind.
fn box_lines(node: &Node) -> [String; 2] {
    [node.name.clone(), format!("{} \u{b7} {}", node.category.code(), node.sublabel)]
}

/// What is written on a line: what it carries, most sensitive first, then what is to be known about how.
fn line_label(bundle: &Bundle) -> String {
    let chips = bundle
        .chips
        .iter()
        .map(|chip| if chip.class == ChipClass::Sad { format!("! {}", chip.label) } else { chip.label.clone() });
    let mut words: Vec<String> = chips.collect();
    if bundle.unencrypted {
        words.push("not encrypted".to_owned());
    } else if bundle.unknown {
        words.push("encryption not stated".to_owned());
    }
    if bundle.flows() > 1 {
        words.push(format!("{} flows", bundle.flows()));
    }
    words.join(", ")
}

/// The name of a lane, and whether it holds systems of the cardholder data environment.
fn lane_label(lane: &Lane) -> String {
    let name = if lane.name.is_empty() { "Systems" } else { &lane.name };
    let mut label = name.to_owned();
    if !lane.trust.is_empty() {
        label.push_str(&format!(" ({})", lane.trust));
    }
    if lane.cde {
        label.push_str(", CDE");
    }
    label
}

/// Whether a line carries card data.
fn carries_card_data(bundle: &Bundle) -> bool {
    bundle.chips.iter().any(|chip| chip.class <= ChipClass::Pan)
}

/// A text on one line: line breaks and other control characters become blanks.
fn on_one_line(text: &str) -> String {
    let breaks = |character: char| character.is_control() || matches!(character, '\u{2028}' | '\u{2029}');
    text.chars().map(|character| if breaks(character) { ' ' } else { character }).collect()
}
