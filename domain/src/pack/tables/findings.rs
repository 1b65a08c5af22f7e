//! What the rules find, which rules ran, and what they ask.

use std::collections::BTreeMap;

use super::super::derived::Derived;
use super::super::table::{Table, fact, joined};
use crate::findings::Finding;
use crate::findings::registry::RULES;
use crate::model::object::Object;

const HEADS: [&str; 11] = [
    "rule",
    "version",
    "severity",
    "object_type",
    "object",
    "discriminator",
    "sentence",
    "requirements",
    "also",
    "facts",
    "facts_sha256",
];

/// One row for each finding and each gap of the model, the most urgent first.
pub(in crate::pack) fn table(it: &Derived) -> Table {
    let rows = it.findings.findings.iter().chain(&it.findings.health).map(|finding| {
        let rule = finding.rule();
        vec![
            rule.id.to_owned(),
            rule.version.to_string(),
            finding.severity.to_string(),
            finding.subject.kind().to_string(),
            finding.subject.key(),
            finding.discriminator.clone(),
            finding.sentence.clone(),
            joined(rule.maps_to),
            joined(&finding.also),
            joined(&finding.facts),
            finding.facts_hash(),
        ]
    });
    Table::new(&HEADS, rows)
}

/// Every rule with how much it looked at and how much it found; also those that found nothing.
pub(in crate::pack) fn coverage(it: &Derived) -> Table {
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    it.findings.all().for_each(|finding| *found.entry(finding.rule).or_default() += 1);
    let rows = RULES.iter().map(|rule| {
        vec![
            rule.id.to_owned(),
            rule.version.to_string(),
            rule.title.to_owned(),
            rule.kind.to_string(),
            rule.looks_at(&it.model).to_string(),
            found.get(rule.id).copied().unwrap_or_default().to_string(),
        ]
    });
    Table::new(&["rule", "version", "title", "kind", "subjects_examined", "raised"], rows)
}

/// What a person is asked, with who answers for the object.
pub(in crate::pack) fn questions(it: &Derived) -> Table {
    let rows = it.findings.questions.iter().map(|question: &Finding| {
        let object = it.model.get(&question.subject);
        let owner = object.as_ref().and_then(Object::facts).map(|facts| fact(facts, "owner")).unwrap_or_default();
        vec![
            question.rule().question.to_owned(),
            question.subject.kind().to_string(),
            question.subject.key(),
            question.rule.to_owned(),
            question.severity.to_string(),
            owner,
            question.sentence.clone(),
        ]
    });
    Table::new(&["question", "object_type", "object", "rule", "severity", "asked_of", "sentence"], rows)
}
