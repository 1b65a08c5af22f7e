//! The drawing of a map: plain data in, one string of SVG out.
//!
//! The same function draws the page, the export and the evidence, so what an assessor receives is what the reviewer
//! saw. The input knows nothing of the model: whoever has one fills a [`Drawing`]. The order of lanes, nodes and
//! bundles in it does not matter, and equal drawings give equal bytes.

mod category;
mod edge;
pub mod estate;
mod export;
mod icon;
mod legend;
mod markup;
mod mini;
mod node;
mod overview;
mod paint;
mod plan;
mod strip;
mod svg;

#[cfg(test)]
mod tests;

pub use crate::layout::Pin;
use crate::text::grouped;
pub use category::{Category, Family, ProviderRole};
pub use export::{FileFormat, file};
pub use legend::{LegendEntry, legend, legend_svg};
pub use mini::{MiniArrow, MiniBox, MiniPath, mini};
pub use paint::Theme;
pub use svg::{Picture, layout_of, svg};

/// A map to be drawn.
#[derive(Debug, Clone, Default)]
pub struct Drawing {
    /// What the picture shows, for example the name of the workspace and the focus of the view.
    pub title: String,
    /// The segments, drawn as horizontal bands. Without any, there is one band without a name.
    pub lanes: Vec<Lane>,
    /// The systems. Of several with one key, the one that sorts first is drawn.
    pub nodes: Vec<Node>,
    /// The flows, joined to one bundle for every ordered pair of systems. A bundle whose end is not among the nodes
    /// is never dropped: the end is drawn as [`Category::Undeclared`].
    pub bundles: Vec<Bundle>,
    /// What to emphasise; everything else fades.
    pub highlight: Option<Highlight>,
    /// How much of the estate the picture shows.
    pub counts: Counts,
}

/// A segment. Sorted by `order`, then by key; by convention the least trusted stands at the top.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lane {
    /// Place among the lanes.
    pub order: i32,
    /// Stable key, without white space.
    pub key: String,
    /// The name to print.
    pub name: String,
    /// How far the segment is trusted, in a word or two; may be empty.
    pub trust: String,
    /// Whether the segment holds systems of the cardholder data environment; drawn with a heavy dashed outline.
    pub cde: bool,
}

/// A system, third party, external party, or an end of a flow nobody declared yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// Stable key, without white space.
    pub key: String,
    /// The name to print.
    pub name: String,
    /// The kind in words, for example `web application`, and what qualifies the verdict (`CDE, adjacent`).
    pub sublabel: String,
    /// The key of the lane; none or an unknown one means the band of systems without a segment.
    pub lane: Option<String>,
    /// The verdict.
    pub category: Category,
    /// A flow names it and nobody has declared it, whatever the verdict is: it carries a tag.
    pub open_end: bool,
    /// Where the box leads: a path, a query or a fragment of the application.
    pub href: String,
    /// The accessible name, in full sentences: name, category, segment, data, flows, findings, owner.
    pub sentence: String,
    /// Where a person has put it; it stays there.
    pub pin: Option<Pin>,
    /// Present where the box stands for a whole segment.
    pub group: Option<Group>,
}

/// What a box says that stands for all systems of a segment.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// How many systems have which category, the strongest first.
    pub scope: Vec<(Category, usize)>,
}

/// One or more flows from one system to another, drawn as one line.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bundle {
    /// Key of the system that sends.
    pub from: String,
    /// Key of the system that receives.
    pub to: String,
    /// The keys of the flows, without white space. More than one prints a pill with their number.
    pub keys: Vec<String>,
    /// How many flows it stands for where they are too many to name, at the box of a whole segment; else 0.
    pub joined: usize,
    /// What the flows carry, in any order; the most sensitive ones are printed.
    pub chips: Vec<Chip>,
    /// Some of it is known to run without encryption: an open lock.
    pub unencrypted: bool,
    /// Nobody has said yet whether it is encrypted: a question mark.
    pub unknown: bool,
    /// Administrative access: a double line.
    pub admin: bool,
    /// A call back to an address the receiver gave: a hollow arrowhead.
    pub webhook: bool,
    /// What happened to it, in a word printed on the line; may be empty.
    pub tag: String,
    /// It is no longer there: a broken line.
    pub gone: bool,
    /// Where the line leads.
    pub href: String,
    /// The accessible name, in full sentences.
    pub sentence: String,
}

impl Bundle {
    /// How many flows the line stands for.
    #[must_use]
    pub fn flows(&self) -> usize {
        self.joined.max(self.keys.len())
    }
}

/// What a flow carries, in a word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chip {
    /// How sensitive it is; decides order and look.
    pub class: ChipClass,
    /// The word, for example `PAN` or `CVV`.
    pub label: String,
}

/// Classes of data, most sensitive first. All are drawn without colour, so that they never compete with the verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChipClass {
    /// Sensitive authentication data: inverse, with an exclamation mark.
    Sad,
    /// Full card numbers: solid.
    Pan,
    /// Credentials and keys: with a key.
    Secret,
    /// Truncated or masked numbers: hatched.
    Truncated,
    /// Personal data other than card data: underlined.
    Pii,
    /// Tokens: outlined.
    Token,
    /// Anything else: outlined, in a weaker colour.
    Other,
}

/// A path to explain. Everything off it fades.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Highlight {
    /// The systems on the path, in order.
    pub nodes: Vec<String>,
    /// The flows on the path, each with the number printed on its line.
    pub steps: Vec<Step>,
    /// Keys of flows that belong to it and have no number.
    pub lines: Vec<String>,
    /// What is printed on the corners of boxes; those boxes belong to it too.
    pub badges: Vec<Badge>,
    /// Keys of boxes whose names are struck through, as they are gone.
    pub gone: Vec<String>,
}

/// A tag on the corner of a box: how far away it is, or what happens there.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Badge {
    /// The key of the box.
    pub node: String,
    /// What it says, in a word or two.
    pub text: String,
    /// Its place in the ramp of four colours: 0 is the strongest, 3 and more an outline.
    pub step: u8,
}

/// A numbered step of a path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// The key of the flow; the bundle that holds it is emphasised.
    pub flow: String,
    /// The number in the list of steps beside the map, from 1.
    pub number: u32,
}

/// How much is drawn, of how much there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Systems in the picture.
    pub systems_shown: usize,
    /// Systems in the workspace.
    pub systems: usize,
    /// Flows in the picture.
    pub flows_shown: usize,
    /// Flows in the workspace.
    pub flows: usize,
    /// Segments drawn as one box instead of by their systems.
    pub collapsed: usize,
    /// Systems of opened segments that found no room.
    pub systems_left_out: usize,
    /// Lines at collapsed segments and in opened ones that found no room.
    pub lines_left_out: usize,
}

impl Counts {
    /// The line that tells what is not in the picture.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut line = format!(
            "Showing {} of {} systems, {} of {} flows.",
            grouped(self.systems_shown),
            grouped(self.systems),
            grouped(self.flows_shown),
            grouped(self.flows)
        );
        match self.collapsed {
            0 => {}
            1 => line.push_str(" 1 segment collapsed."),
            more => line.push_str(&format!(" {} segments collapsed.", grouped(more))),
        }
        if self.systems_left_out > 0 {
            let count = grouped(self.systems_left_out);
            line.push_str(&format!(" {count} systems of opened segments found no room, the least relevant ones."));
        }
        if self.lines_left_out > 0 {
            let count = grouped(self.lines_left_out);
            line.push_str(&format!(" {count} lines found no room, those that carry the least."));
        }
        line.push_str(" Nothing else is hidden.");
        line
    }
}
