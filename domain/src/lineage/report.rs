//! A lineage as a file for programs, and as tables of text for people.

use std::fmt::{Display, Write as _};

use super::{Lineage, Way};

/// The lineage as JSON with the members of [`Lineage`]. The same model gives the same bytes.
#[must_use]
pub fn json(lineage: &Lineage) -> String {
    let mut text = serde_json::to_string_pretty(lineage).expect("texts and lists always have a form in JSON");
    text.push('\n');
    text
}

/// The lineage as tables of text: the holders, the ways, then what changes and where it leaves.
#[must_use]
pub fn table(lineage: &Lineage) -> String {
    let mut out = format!("{} ({})\n\n", one_line(&lineage.name), one_line(lineage.element.as_str()));
    if lineage.stops.is_empty() {
        out.push_str("Nobody holds it.\n");
        return out;
    }
    let stops = lineage.stops.iter().map(|stop| {
        let known = stop.records.map(|count| count.to_string()).unwrap_or_default();
        let purpose = if stop.purposes.is_empty() { "-".to_owned() } else { stop.purposes.join("; ") };
        let forms = if stop.test_data { format!("{} (test data)", list(&stop.forms)) } else { list(&stop.forms) };
        [
            stop.distance.to_string(),
            stop.system.to_string(),
            stop.boundary.to_string(),
            forms,
            list(&stop.ops),
            known,
            purpose,
        ]
    });
    grid(&mut out, ["HOPS", "SYSTEM", "BOUNDARY", "FORMS", "OPS", "RECORDS", "PURPOSE"], stops.collect());
    if !lineage.hops.is_empty() {
        out.push('\n');
        let hops = lineage.hops.iter().map(|hop| {
            let by = match &hop.by {
                Way::Flow(flow) => flow.to_string(),
                Way::Via(flow) => format!("on the way of {flow}"),
                Way::Copy => "copy".to_owned(),
            };
            let back = if hop.back { "back" } else { "" };
            [hop.from.to_string(), hop.to.to_string(), by, list(&hop.forms), back.to_owned()]
        });
        grid(&mut out, ["FROM", "TO", "BY", "FORMS", ""], hops.collect());
    }
    out.push('\n');
    let _ = writeln!(out, "Enters at: {}", list(&lineage.entries));
    for change in &lineage.transformations {
        let into = change.into.map(|form| format!(" to {form}")).unwrap_or_default();
        let on = if change.on.is_empty() { String::new() } else { format!(" on {}", list(&change.on)) };
        let _ = writeln!(
            out,
            "{} at {}: {}{into}{on}",
            change.does.label(),
            one_line(change.system.as_str()),
            list(&change.from)
        );
    }
    for exit in &lineage.exits {
        let from = list(&exit.from);
        let _ = writeln!(
            out,
            "Leaves to {} ({}) from {from}: {}",
            one_line(exit.to.as_str()),
            exit.boundary,
            list(&exit.forms)
        );
    }
    for (words, systems) in [("Ends at", &lineage.ends), ("No purpose declared by", &lineage.without_purpose)] {
        if !systems.is_empty() {
            let _ = writeln!(out, "{words}: {}", list(systems));
        }
    }
    out
}

fn list<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| one_line(&item.to_string())).collect::<Vec<_>>().join(", ")
}

fn grid<const N: usize>(out: &mut String, head: [&str; N], body: Vec<[String; N]>) {
    let rows: Vec<[String; N]> = std::iter::once(head.map(str::to_owned))
        .chain(body.into_iter().map(|row| row.map(|it| one_line(&it))))
        .collect();
    let widths: Vec<usize> =
        (0..N).map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)).collect();
    for row in &rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        out.push_str(cells.join("  ").trim_end());
        out.push('\n');
    }
}

/// Names and keys may hold line breaks; a table of text must not.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
