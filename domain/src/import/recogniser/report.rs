//! A recognition as text: for people, and for programs.

use serde::Serialize;

use super::{Finding, Recognition};
use crate::import::names::Confidence;
use crate::table::{columns, counted, one_line};

/// The recognition as JSON; with the fields that the caller accepted at that confidence, where one was given.
#[must_use]
pub fn json(recognition: &Recognition, accept: Option<Confidence>) -> String {
    let accepted =
        accept.map(|confidence| Accepted { confidence, fields: accepted(recognition, confidence).collect() });
    let report = Report { recognition, accepted };
    let mut text = serde_json::to_string_pretty(&report).expect("names and words always have a form in JSON");
    text.push('\n');
    text
}

/// The recognition as a table, surest first.
#[must_use]
pub fn table(recognition: &Recognition, accept: Option<Confidence>) -> String {
    let mut lines = vec![format!(
        "{} ({}): {} of {} may be payment data",
        recognition.file,
        recognition.source.label(),
        recognition.findings.len(),
        counted(recognition.fields, "field")
    )];
    if !recognition.findings.is_empty() {
        let rows = recognition.findings.iter().map(|it| {
            let mark = if accept.is_some_and(|confidence| it.confidence <= confidence) { " (accepted)" } else { "" };
            let meaning = match &it.mask {
                Some(mask) => format!("{}:{} {mask}", it.element, it.form),
                None => format!("{}:{}", it.element, it.form),
            };
            [
                format!("{}{mark}", it.confidence),
                it.path.clone(),
                meaning,
                it.direction.label().to_owned(),
                it.reason.clone(),
            ]
        });
        lines.push(String::new());
        lines.extend(columns(["CONFIDENCE", "FIELD", "ELEMENT", "USE", "WHY"], rows));
    }
    let mut notes = Vec::new();
    notes.extend(recognition.warnings.iter().cloned());
    notes.extend(recognition.remote_references.iter().map(|it| format!("Not followed, another document: {it}")));
    notes.extend(recognition.broken_references.iter().map(|it| format!("Leads nowhere: {it}")));
    if !notes.is_empty() {
        lines.push(String::new());
        lines.extend(notes.iter().map(|note| one_line(note)));
    }
    lines.join("\n") + "\n"
}

fn accepted(recognition: &Recognition, confidence: Confidence) -> impl Iterator<Item = &Finding> {
    recognition.findings.iter().filter(move |it| it.confidence <= confidence)
}

#[derive(Serialize)]
struct Report<'r> {
    #[serde(flatten)]
    recognition: &'r Recognition,
    /// What the caller decided to take, with how sure it had to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<Accepted<'r>>,
}

#[derive(Serialize)]
struct Accepted<'r> {
    confidence: Confidence,
    fields: Vec<&'r Finding>,
}
