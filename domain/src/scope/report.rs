//! The scope as a file for programs, and as a table for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::chain::Chain;
use super::verdict::{Category, SaqHint, Scope, Verdict};
use crate::id::SystemId;
use crate::model::Model;
use crate::model::reader::Gap;

/// The systems of a witness that a line of the table has room for.
const SHOWN: usize = 6;

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
    let mut rows = vec![["KEY", "NAME", "CATEGORY", "RULE", "WITNESS", "FLAGS"].map(str::to_owned)];
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

fn row(model: &Model, id: &SystemId, verdict: &Verdict) -> [String; 6] {
    let name = |id: &SystemId| model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
    let category = match verdict.sub {
        Some(sub) => format!("{}/{sub}", verdict.category),
        None => verdict.category.to_string(),
    };
    let witness =
        shortened(&verdict.witness).into_iter().map(|id| id.map_or("…".to_owned(), |id| one_line(&name(id))));
    let witness = witness.collect::<Vec<_>>().join(" > ");
    let flags: Vec<&str> = verdict.flags.iter().map(|flag| flag.as_str()).collect();
    let rule = verdict.rule.map(|rule| rule.to_string()).unwrap_or_default();
    [one_line(id.as_str()), one_line(&name(id)), category, rule, witness, flags.join(", ")]
}

/// A witness as far as a line of a table has room for it: a longer one keeps its beginning and its end.
fn shortened(witness: &Chain<SystemId>) -> Vec<Option<&SystemId>> {
    let mut last: Vec<&SystemId> = witness.backwards().take(SHOWN + 1).collect();
    last.reverse();
    if last.len() <= SHOWN {
        return last.into_iter().map(Some).collect();
    }
    let end = last.into_iter().skip(2).map(Some);
    witness.first().map(Some).into_iter().chain([None]).chain(end).collect()
}

/// A name may hold line breaks and other control characters; a table of text must not.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::model;
    use super::*;
    use crate::model::reader::GapKind;
    use crate::scope::compute;

    const MODEL: &str = r#""systems":[{"id":"db","name":"Orders\nand cards"},{"id":"app","name":"Kasse Zürich"},{"id":"far"}],
        "flows":[{"id":"f","from":"app","to":"db","data":[{"element":"pan"}]},{"id":"g","from":"far","to":"db"}]"#;

    fn gap() -> Gap {
        Gap {
            place: "flows[0].to".to_owned(),
            object: "f".to_owned(),
            kind: GapKind::UnknownSystem,
            value: "x".to_owned(),
        }
    }

    #[test]
    fn json_has_the_verdicts_by_key_the_hint_and_the_gaps() {
        let model = model(MODEL);
        insta::assert_snapshot!(json(&model, &compute(&model), &[gap()]), @r#"
{
  "systems": {
    "app": {
      "category": "cde",
      "sub": "data",
      "opst": "1a",
      "rule": "D-PAN-CLEAR",
      "witness": [
        "app"
      ],
      "steps": [
        {
          "label": "DATA",
          "rule": "D-PAN-CLEAR"
        }
      ],
      "provenance": [
        {
          "node": "app"
        }
      ],
      "other_reasons": [
        {
          "label": "IN",
          "rule": "C-DIRECT"
        }
      ],
      "reasons": 2,
      "flags": []
    },
    "db": {
      "category": "cde",
      "sub": "data",
      "opst": "1a",
      "rule": "D-PAN-CLEAR",
      "witness": [
        "db"
      ],
      "steps": [
        {
          "label": "DATA",
          "rule": "D-PAN-CLEAR"
        }
      ],
      "provenance": [
        {
          "node": "app"
        },
        {
          "node": "db",
          "by": {
            "flow": "f"
          }
        }
      ],
      "other_reasons": [
        {
          "label": "CONN",
          "rule": "C-DIRECT"
        }
      ],
      "reasons": 2,
      "flags": []
    },
    "far": {
      "category": "connected_to",
      "opst": "2b",
      "rule": "C-DIRECT",
      "witness": [
        "db",
        "far"
      ],
      "steps": [
        {
          "label": "DATA",
          "rule": "D-PAN-CLEAR"
        },
        {
          "label": "IN",
          "rule": "C-DIRECT",
          "edge": "g"
        }
      ],
      "reasons": 1,
      "flags": []
    }
  },
  "saq_hint": "D",
  "gaps": [
    "flows[0].to (f) refers to a system that does not exist: \"x\""
  ]
}
"#);
    }

    #[test]
    fn the_table_is_aligned_and_ends_with_counts() {
        let model = model(MODEL);
        insta::assert_snapshot!(table(&model, &compute(&model), &[gap()]), @r#"
KEY  NAME              CATEGORY      RULE         WITNESS                 FLAGS
app  Kasse Zürich      cde/data      D-PAN-CLEAR  Kasse Zürich
db   Orders and cards  cde/data      D-PAN-CLEAR  Orders and cards
far  far               connected_to  C-DIRECT     Orders and cards > far

     2  CDE
     1  Connected-to
     3  Systems in all

SAQ hint: SAQ D

Gaps in the model: 1
  flows[0].to (f) refers to a system that does not exist: "x"
"#);
    }

    #[test]
    fn a_long_witness_keeps_its_beginning_and_its_end() {
        let ids = |count: usize| Chain::from((0..count).map(|it| SystemId::new(it.to_string())).collect::<Vec<_>>());
        let shown = |chain: &Chain<SystemId>| -> Vec<String> {
            shortened(chain).iter().map(|id| id.map_or("…".to_owned(), ToString::to_string)).collect()
        };
        assert_eq!(shown(&ids(6)), ["0", "1", "2", "3", "4", "5"]);
        assert_eq!(shown(&ids(9)), ["0", "…", "4", "5", "6", "7", "8"]);
        assert!(shown(&ids(0)).is_empty());
    }
}
