//! The scope as a file for programs, and as a table for people.

mod indented;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::chain::Chain;
use super::next_change::{NextChange, next_change};
use super::verdict::{Arrival, Category, SaqHint, Scope, Verdict};
use super::ways::Ways;
use crate::id::SystemId;
use crate::model::Model;
use crate::model::reader::Gap;
use indented::Indented;

/// The systems of a witness that a line of the table has room for.
const SHOWN: usize = 6;

/// The scope as JSON: `systems` by key, `saq_hint`, `next_change` where a date alone can change the scope, and `gaps` as
/// sentences. A member that does not apply is absent;
/// `flags` is always there and sorted. The same model gives the same bytes.
#[must_use]
pub fn json(model: &Model, scope: &Scope, gaps: &[Gap]) -> String {
    let mut text = Vec::new();
    write_json(&mut text, model, scope, gaps).expect("texts and lists always have a form in JSON, and memory takes it");
    String::from_utf8(text).expect("JSON is written in UTF-8")
}

/// Writes what [`json`] gives, piece by piece; `out` should be buffered.
///
/// # Errors
/// Those of `out`.
pub fn write_json(out: &mut (impl io::Write + ?Sized), model: &Model, scope: &Scope, gaps: &[Gap]) -> io::Result<()> {
    #[derive(Serialize)]
    struct Report<'a> {
        systems: Systems<'a>,
        saq_hint: SaqHint,
        #[serde(skip_serializing_if = "Option::is_none")]
        next_change: Option<NextChange>,
        gaps: Sentences<'a>,
    }
    let systems = Systems { scope, ways: Ways::of(model, scope) };
    let report = Report { systems, saq_hint: scope.saq_hint, next_change: next_change(model), gaps: Sentences(gaps) };
    report.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, Indented::default()))?;
    out.write_all(b"\n")
}

/// The verdict on one system as [`json`] has it; `None` where the scope has no such system.
#[must_use]
pub fn verdict(model: &Model, scope: &Scope, system: &SystemId) -> Option<Value> {
    let verdict = scope.systems.get(system)?;
    let told = Told { verdict, provenance: Ways::to(model, scope, [system]).way(system) };
    Some(serde_json::to_value(told).expect("texts and lists always have a form in JSON"))
}

/// A verdict with the way of its data.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    verdict: &'a Verdict,
    #[serde(skip_serializing_if = "Chain::is_empty")]
    provenance: Chain<Arrival>,
}

/// All verdicts, by the keys of their systems.
struct Systems<'a> {
    scope: &'a Scope,
    ways: Ways,
}

impl Serialize for Systems<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let told = |id| self.ways.way(id);
        to.collect_map(self.scope.systems.iter().map(|(id, verdict)| (id, Told { verdict, provenance: told(id) })))
    }
}

/// Gaps, each as a sentence.
struct Sentences<'a>(&'a [Gap]);

impl Serialize for Sentences<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(|gap| gap.to_string()))
    }
}

/// The scope as a table of text: one line per system, then how many there are in each category.
#[must_use]
pub fn table(model: &Model, scope: &Scope, gaps: &[Gap]) -> String {
    let mut rows = vec![["KEY", "NAME", "CATEGORY", "RULE", "WITNESS", "FLAGS"].map(Cow::Borrowed)];
    rows.extend(scope.systems.iter().map(|(id, verdict)| row(model, id, verdict)));
    let mut text = aligned(&rows);
    text.push('\n');
    for category in Category::ALL {
        let count = scope.systems.values().filter(|verdict| verdict.category == *category).count();
        if count > 0 {
            let _ = writeln!(text, "{count:>6}  {}", category.label());
        }
    }
    let _ = writeln!(text, "{:>6}  Systems in all", scope.systems.len());
    let _ = writeln!(text, "\nSAQ hint: {}", scope.saq_hint.label());
    if let Some(change) = next_change(model) {
        let _ = writeln!(text, "\n{}", one_line(&change.to_string()));
    }
    if !gaps.is_empty() {
        let _ = writeln!(text, "\nGaps in the model: {}", gaps.len());
        for gap in gaps {
            let _ = writeln!(text, "  {}", one_line(&gap.to_string()));
        }
    }
    text
}

/// The rows with their cells under one another, without blanks at the end of a line.
fn aligned(rows: &[[Cow<'_, str>; 6]]) -> String {
    let mut widths = [0; 6];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for row in rows {
        let start = text.len();
        for (cell, width) in row.iter().zip(widths) {
            text.push_str(cell);
            text.extend(std::iter::repeat_n(' ', width - cell.chars().count() + 2));
        }
        text.truncate(start + text[start..].trim_end().len());
        text.push('\n');
    }
    text
}

fn row<'a>(model: &'a Model, id: &'a SystemId, verdict: &Verdict) -> [Cow<'a, str>; 6] {
    let category = match verdict.sub {
        Some(sub) => Cow::Owned(format!("{}/{sub}", verdict.category)),
        None => Cow::Borrowed(verdict.category.as_str()),
    };
    let mut witness = String::new();
    for (place, id) in shortened(&verdict.witness).into_iter().enumerate() {
        witness.push_str(if place == 0 { "" } else { " > " });
        match id {
            Some(id) => witness.push_str(&name(model, id)),
            None => witness.push('…'),
        }
    }
    let flags: Vec<&str> = verdict.flags.iter().map(|flag| flag.as_str()).collect();
    let rule = verdict.rule.map_or("", |rule| rule.as_str());
    [one_line(id.as_str()), name(model, id), category, rule.into(), witness.into(), flags.join(", ").into()]
}

fn name<'a>(model: &'a Model, id: &'a SystemId) -> Cow<'a, str> {
    one_line(model.systems.get(id).map_or(id.as_str(), |it| &it.name))
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
fn one_line(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_control) {
        return Cow::Owned(text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect());
    }
    Cow::Borrowed(text)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
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
      "other_reasons": [
        {
          "label": "IN",
          "rule": "C-DIRECT"
        }
      ],
      "reasons": 2,
      "flags": [],
      "provenance": [
        {
          "node": "app"
        }
      ]
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
      "other_reasons": [
        {
          "label": "CONN",
          "rule": "C-DIRECT"
        }
      ],
      "reasons": 2,
      "flags": [],
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
      ]
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
    fn the_bytes_are_those_of_the_plain_writer() {
        let model = model(MODEL);
        let scope = compute(&model);
        let systems = Systems { scope: &scope, ways: Ways::of(&model, &scope) };
        let plain = serde_json::json!({ "systems": systems, "saq_hint": scope.saq_hint, "gaps": [gap().to_string()] });
        let ours: Value = serde_json::from_str(&json(&model, &scope, &[gap()])).unwrap();
        assert_eq!(ours, plain);
        let systems = serde_json::to_string_pretty(&systems).unwrap().replace('\n', "\n  ");
        assert!(json(&model, &scope, &[]).contains(&format!("\"systems\": {systems},")));
    }

    #[test]
    fn the_day_on_which_the_scope_changes_by_itself_is_told() {
        let model = model(
            r#""settings":{"as_of":"2026-03-01"},"systems":[{"id":"cde","holdings":[{"element":"pan"}]},{"id":"bi"}],
               "flows":[{"id":"f","from":"bi","to":"cde","access":"blocked","control":"fw"}],
               "controls":[{"id":"fw","type":"firewall","last_tested":"2026-03-01"}]"#,
        );
        let scope = compute(&model);
        let read: Value = serde_json::from_str(&json(&model, &scope, &[])).unwrap();
        assert_eq!(
            read["next_change"],
            serde_json::json!({ "on": "2027-03-02", "causes": [{ "control_lapses": "fw" }] })
        );
        assert!(table(&model, &scope, &[]).contains("\nThe scope can change on 2027-03-02 although"));
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
