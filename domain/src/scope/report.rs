//! The scope as a file for programs, and as a table for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::verdict::{Category, SaqHint, Scope, Verdict};
use crate::id::SystemId;
use crate::model::Model;
use crate::model::reader::Gap;

/// The scope as JSON: `systems` by key, `saq_hint`, and `gaps` as sentences. A member that does not apply is absent;
/// `flags` is always there and sorted. The same model gives the same bytes.
#[must_use]
pub fn json(_: &Model, scope: &Scope, gaps: &[Gap]) -> String {
    #[derive(Serialize)]
    struct Report<'a> {
        systems: &'a BTreeMap<SystemId, Verdict>,
        saq_hint: SaqHint,
        gaps: Vec<String>,
    }
    let gaps = gaps.iter().map(ToString::to_string).collect();
    let report = Report { systems: &scope.systems, saq_hint: scope.saq_hint, gaps };
    let mut text = serde_json::to_string_pretty(&report).expect("texts and lists always have a form in JSON");
    text.push('\n');
    text
}

/// The scope as a table of text: one line per system, then how many there are in each category.
#[must_use]
pub fn table(model: &Model, scope: &Scope, gaps: &[Gap]) -> String {
    let mut rows = vec![["SYSTEM", "CATEGORY", "RULE", "WITNESS", "FLAGS"].map(str::to_owned)];
    rows.extend(scope.systems.iter().map(|(id, verdict)| row(model, id, verdict)));
    let widths: Vec<usize> = (0..rows[0].len())
        .map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in &rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text.push('\n');
    for category in Category::ALL {
        let count = scope.systems.values().filter(|verdict| verdict.category == *category).count();
        if count > 0 {
            let _ = writeln!(text, "{count:>6}  {}", category.label());
        }
    }
    let _ = writeln!(text, "{:>6}  Systems in all", scope.systems.len());
    let _ = writeln!(text, "\nSAQ hint: {}", scope.saq_hint.label());
    if !gaps.is_empty() {
        let _ = writeln!(text, "\nGaps in the model: {}", gaps.len());
        for gap in gaps {
            let _ = writeln!(text, "  {}", one_line(&gap.to_string()));
        }
    }
    text
}

fn row(model: &Model, id: &SystemId, verdict: &Verdict) -> [String; 5] {
    let name = |id: &SystemId| model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
    let category = match verdict.sub {
        Some(sub) => format!("{}/{sub}", verdict.category),
        None => verdict.category.to_string(),
    };
    let witness: Vec<String> = verdict.witness.iter().map(|id| one_line(&name(id))).collect();
    let flags: Vec<&str> = verdict.flags.iter().map(|flag| flag.as_str()).collect();
    let rule = verdict.rule.map(|rule| rule.to_string()).unwrap_or_default();
    [one_line(&name(id)), category, rule, witness.join(" > "), flags.join(", ")]
}

/// A name may hold line breaks and other control characters; a table of text must not.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
