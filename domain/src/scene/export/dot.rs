//! DOT, for Graphviz: one cluster for every segment.

use std::fmt::Write as _;

use super::{box_lines, carries_card_data, lane_label, line_label, on_one_line};
use crate::scene::Drawing;
use crate::scene::category::Family;
use crate::scene::paint::light;
use crate::scene::plan::Sorted;

pub(super) fn write(drawing: &Drawing) -> String {
    let sorted = Sorted::of(drawing);
    let mut out = String::from("digraph map {\n");
    let mut line = |text: std::fmt::Arguments<'_>| {
        // Writing to a text cannot fail.
        let _ = writeln!(out, "{text}");
    };
    let title = format!("{}\n{}", on_one_line(&drawing.title), drawing.counts.sentence());
    line(format_args!("  graph [rankdir=LR, label=\"{}\", fontname=\"Helvetica\"];", text(&title)));
    line(format_args!("  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=11];"));
    line(format_args!("  edge [fontname=\"Helvetica\", fontsize=9, color=\"#848C9A\"];"));
    for (number, lane) in sorted.lanes.iter().enumerate() {
        let border = if lane.cde { light(Family::Cde).line } else { "#D5D9E0" };
        line(format_args!("  subgraph cluster_{number} {{"));
        let style = if lane.cde { "dashed" } else { "solid" };
        line(format_args!("    label=\"{}\"; color=\"{border}\"; style={style};", text(&lane_label(lane))));
        for (node, it) in sorted.nodes.iter().enumerate().filter(|(node, _)| sorted.lane_of[*node] == number) {
            let [name, kind] = box_lines(it).map(|line| on_one_line(&line));
            let colours = light(it.category.family());
            line(format_args!(
                "    n{node} [label=\"{}\", tooltip=\"{}\", color=\"{}\", fillcolor=\"{}\", fontcolor=\"{}\"];",
                text(&format!("{name}\n{kind}")),
                text(&on_one_line(&it.sentence)),
                colours.line,
                colours.back,
                colours.text
            ));
        }
        line(format_args!("  }}"));
    }
    for (bundle, (from, to)) in sorted.bundles.iter().zip(&sorted.ends) {
        let mut attributes = vec![format!("label=\"{}\"", text(&on_one_line(&line_label(bundle))))];
        if carries_card_data(bundle) {
            attributes.push(format!("color=\"{}\", penwidth=2", light(Family::Cde).line));
        }
        if bundle.webhook {
            attributes.push("arrowhead=empty".to_owned());
        }
        if bundle.admin {
            attributes.push("style=bold".to_owned());
        }
        line(format_args!("  n{from} -> n{to} [{}];", attributes.join(", ")));
    }
    line(format_args!("}}"));
    out
}

/// A text between quotes. Graphviz reads back slashes and, in labels, entities.
fn text(words: &str) -> String {
    let mut safe = String::new();
    for character in words.chars() {
        match character {
            '\n' => safe.push_str("\\n"),
            '"' => safe.push_str("\\\""),
            '\\' => safe.push_str("\\\\"),
            '&' => safe.push_str("&amp;"),
            other => safe.push(other),
        }
    }
    safe
}
