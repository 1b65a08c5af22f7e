//! Truth tables, scores against them, and the page that shows the scores.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use domain::import::Limits;
use domain::import::names::Confidence;
use domain::import::recogniser::recognise;
use domain::model::catalogue::class_of;
use domain::model::element::{ElementClass, Form};

/// What a person found in a document: one line per field, `path`, `element` and `form` divided by tabs.
#[derive(Debug)]
pub struct Truth {
    pub file: String,
    pub about: String,
    pub fields: BTreeSet<Fact>,
}

/// A field, its element and its form.
pub type Fact = (String, String, Form);

impl Truth {
    pub fn parse(text: &str) -> Self {
        let head = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix("# ")?.strip_prefix(name)?.strip_prefix(": "));
            line.unwrap().to_owned()
        };
        let fields = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(|line| {
            let [path, element, form] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
            assert!(class_of(element).is_some(), "{element} is no element");
            (path.to_owned(), element.to_owned(), form.parse().unwrap())
        });
        Self { file: head("file"), about: head("about"), fields: fields.collect() }
    }
}

/// How far a result agrees with a table.
#[derive(Debug)]
pub struct Score {
    pub units: usize,
    pub positives: usize,
    pub found: usize,
    pub missed: Vec<Fact>,
    pub wrong: Vec<Fact>,
    pub apart: usize,
    pub apart_missed: Vec<Fact>,
}

impl Score {
    pub fn of(truth: &Truth, bytes: &[u8]) -> Self {
        let result = recognise(&truth.file, bytes, &Limits::browser()).unwrap();
        let sure = result.findings.iter().filter(|it| it.confidence != Confidence::Low);
        let said: BTreeSet<Fact> = sure.map(|it| (it.path.clone(), it.element.to_string(), it.form)).collect();
        let positive = |fact: &&Fact| is_positive(fact);
        let positives = truth.fields.iter().filter(positive).count();
        let apart: Vec<&Fact> = truth.fields.iter().filter(|fact| !is_positive(fact)).collect();
        Self {
            units: result.fields,
            positives,
            found: said.iter().filter(positive).filter(|fact| truth.fields.contains(*fact)).count(),
            missed: truth.fields.iter().filter(positive).filter(|fact| !said.contains(*fact)).cloned().collect(),
            wrong: said.iter().filter(positive).filter(|fact| !truth.fields.contains(*fact)).cloned().collect(),
            apart: apart.len(),
            apart_missed: apart.into_iter().filter(|fact| !said.contains(*fact)).cloned().collect(),
        }
    }

    /// The share of what was found that is right; none where nothing was found.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.found, self.found + self.wrong.len())
    }

    /// The share of what there is that was found; none where there is nothing.
    pub fn recall(&self) -> Option<f64> {
        ratio(self.found, self.found + self.missed.len())
    }
}

/// Cardholder data and sensitive authentication data, readable or encrypted.
fn is_positive((_, element, form): &Fact) -> bool {
    matches!(class_of(element), Some(ElementClass::Chd | ElementClass::Sad))
        && matches!(form, Form::Clear | Form::Encrypted | Form::Unknown)
}

#[expect(clippy::cast_precision_loss, reason = "counts of fields are small")]
fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The line of one document.
pub fn row(truth: &Truth, score: &Score) -> String {
    let share = |it: Option<f64>| it.map_or_else(|| "none".to_owned(), |it| format!("{it:.3}"));
    let name = truth.file.rsplit('/').next().unwrap();
    format!(
        "| `{name}` | {} | {} | {} | {} | {} | {} | {} | {} of {} |\n",
        truth.about,
        score.units,
        score.positives,
        score.found,
        score.wrong.len(),
        share(score.precision()),
        share(score.recall()),
        score.apart - score.apart_missed.len(),
        score.apart
    )
}

/// The page with all of them.
pub fn page(tables: &BTreeMap<String, Truth>, scores: &BTreeMap<String, Score>) -> String {
    let mut page = HEAD.to_owned();
    for (title, own) in [("Published interfaces", false), ("Own documents", true)] {
        let _ = write!(page, "\n## {title}\n\n{COLUMNS}");
        for (name, score) in scores.iter().filter(|(name, _)| name.starts_with("own-") == own) {
            page.push_str(&row(&tables[name], score));
        }
    }
    page
}

const HEAD: &str = "# How well fields are recognised

This page is written by a test; change the rules, not the page.

`plumbline recognise` and the import read interface descriptions, schemas, sample payloads and tables, and say which
fields carry payment data. The tables below compare that with what people found when they read the same documents
(`domain/tests/recogniser/truth`).

- A *unit* is a distinct pair of schema and property after references are followed.
- *Positives* are units with cardholder data or sensitive authentication data, readable or encrypted. Encrypted wallet
  payloads count as encrypted card numbers.
- A unit counts as found where the confidence is high or medium, and as right where element and form are right.
- Shortened numbers, hashes, tokens and outcomes of checks are counted *apart*.
- `none` stands where there is nothing to divide: a document without card data in which nothing was found.

The rules were written with these documents at hand, so that the figures say what holds for them. Another interface can
fare worse: what is recognised is a proposal, and a person decides.
";

const COLUMNS: &str = "| Document | Kind | Units | Positives | Found | Wrong | Precision | Recall | Apart |
|---|---|---:|---:|---:|---:|---:|---:|---:|
";
