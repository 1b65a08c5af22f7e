//! Mermaid: a flowchart with one subgraph for every segment.

use std::fmt::Write as _;

use super::{box_lines, carries_card_data, lane_label, line_label, on_one_line};
use crate::scene::Drawing;
use crate::scene::category::Family;
use crate::scene::paint::light;
use crate::scene::plan::Sorted;

const FAMILIES: [(Family, &str); 5] =
    [(Family::Cde, "cde"), (Family::Sec, "sec"), (Family::Con, "con"), (Family::Out, "out"), (Family::New, "unjudged")];

pub(super) fn write(drawing: &Drawing) -> String {
    let sorted = Sorted::of(drawing);
    let mut out = String::from("flowchart LR\n");
    let mut line = |text: std::fmt::Arguments<'_>| {
        // Writing to a text cannot fail.
        let _ = writeln!(out, "{text}");
    };
    line(format_args!("  %% {}", comment(&drawing.title)));
    line(format_args!("  %% {}", drawing.counts.sentence()));
    for (number, lane) in sorted.lanes.iter().enumerate() {
        line(format_args!("  subgraph lane{number}[\"{}\"]", text(&lane_label(lane))));
        for (node, it) in sorted.nodes.iter().enumerate().filter(|(node, _)| sorted.lane_of[*node] == number) {
            let [name, kind] = box_lines(it);
            let class = class(it.category.family());
            line(format_args!("    n{node}[\"{}<br/>{}\"]:::{class}", text(&name), text(&kind)));
        }
        line(format_args!("  end"));
    }
    for (bundle, (from, to)) in sorted.bundles.iter().zip(&sorted.ends) {
        let arrow = match (bundle.admin || carries_card_data(bundle), bundle.webhook) {
            (true, _) => "==>",
            (false, true) => "-.->",
            (false, false) => "-->",
        };
        let label = line_label(bundle);
        let label = if label.is_empty() { String::new() } else { format!("|\"{}\"|", text(&label)) };
        line(format_args!("  n{from} {arrow}{label} n{to}"));
    }
    for (family, name) in FAMILIES {
        let colours = light(family);
        line(format_args!("  classDef {name} fill:{},stroke:{},color:{}", colours.back, colours.line, colours.text));
    }
    out
}

fn class(family: Family) -> &'static str {
    FAMILIES.iter().find(|(known, _)| *known == family).map_or("out", |(_, name)| name)
}

/// A text between quotes. What Mermaid or the page around it could read as markup becomes a character code.
fn text(words: &str) -> String {
    let mut safe = String::new();
    for character in on_one_line(words).chars() {
        match character {
            '"' | '#' | ';' | '&' | '<' | '>' | '`' | '\\' | '%' | '{' | '}' => {
                safe.push_str(&format!("#{};", u32::from(character)))
            }
            other => safe.push(other),
        }
    }
    safe
}

/// A text in a comment: a brace would begin a directive.
fn comment(words: &str) -> String {
    on_one_line(words).replace(['{', '}'], " ")
}
