//! Findings and rules as files for programs, and as tables of text for people.

use serde_json::{Value, json};

use super::finding::{FactValue, Finding, Findings};
use super::fix::{self, Fix};
use super::registry::RULES;
use super::rule::Kind;
use super::survey::Survey;
use crate::model::object::ObjectRef;
use crate::table::{columns, counted, one_line};

/// Every rule with its record, as JSON. The same version gives the same bytes.
#[must_use]
pub fn rules_json() -> String {
    pretty(&json!({ "rules": RULES }))
}

/// Every rule on one line: key, how it comes to its answer, severity, requirements, title.
#[must_use]
pub fn rules_table() -> String {
    let rows = RULES.iter().map(|rule| {
        let ids: Vec<String> = rule.maps_to.iter().map(ToString::to_string).collect();
        let also = if rule.aliases.is_empty() { String::new() } else { format!(" ({})", rule.aliases.join(", ")) };
        let severity = rule.severity.to_string();
        [format!("{}{also}", rule.id), rule.kind.to_string(), severity, ids.join(", "), rule.title.to_owned()]
    });
    let mut lines = columns(["RULE", "KIND", "SEVERITY", "SPEAKS TO", "TITLE"], rows);
    let of = |kind: Kind| RULES.iter().filter(|rule| rule.kind == kind).count();
    lines.push(String::new());
    lines.push(format!(
        "{} decide from facts, {} ask for evidence, {} check the health of the model.",
        of(Kind::Decides),
        of(Kind::Asks),
        of(Kind::Health)
    ));
    lines.join("\n") + "\n"
}

/// Findings, questions and health as JSON, each with its fixes. The same model gives the same bytes.
#[must_use]
pub fn findings_json(survey: &Survey<'_>, found: &Findings) -> String {
    let list = |findings: &[Finding]| -> Vec<Value> { findings.iter().map(|it| finding(survey, it)).collect() };
    pretty(&json!({
        "findings": list(&found.findings),
        "questions": list(&found.questions),
        "health": list(&found.health),
        "next_change": found.next_change.map(|at| at.to_string()),
    }))
}

/// Findings on one line each, the most urgent first, then how many questions and gaps there are.
#[must_use]
pub fn findings_table(found: &Findings) -> String {
    let rows = found.findings.iter().map(|it| {
        let rules: Vec<&str> = std::iter::once(it.rule).chain(it.also.iter().copied()).collect();
        let subject = format!("{} {}", it.subject.kind(), it.subject.key());
        [it.severity.to_string(), rules.join(", "), subject, it.sentence.clone()]
    });
    let mut lines = columns(["SEVERITY", "RULE", "ON", "WHAT THE MODEL SHOWS"], rows);
    lines.push(String::new());
    lines.push(format!(
        "{}, {}, {} of the model itself.",
        counted(found.findings.len(), "finding"),
        counted(found.questions.len(), "open question"),
        counted(found.health.len(), "gap")
    ));
    if let Some(at) = found.next_change {
        lines.push(format!("Without any change of the model, this can change at {at}."));
    }
    lines.join("\n") + "\n"
}

fn finding(survey: &Survey<'_>, it: &Finding) -> Value {
    let facts =
        it.facts.iter().map(|fact| json!({ "of": object(&fact.of), "name": fact.name, "value": value(&fact.value) }));
    let requirements: Vec<String> = it.rule().maps_to.iter().map(ToString::to_string).collect();
    json!({
        "rule": it.rule,
        "also": it.also,
        "title": it.rule().title,
        "severity": it.severity,
        "subject": object(&it.subject),
        "discriminator": it.discriminator,
        "sentence": one_line(&it.sentence),
        "speaks_to": requirements,
        "facts": facts.collect::<Vec<_>>(),
        "facts_hash": it.facts_hash(),
        "next_change": it.next_change.map(|at| at.to_string()),
        "fixes": fix::fixes(survey, it).iter().map(offer).collect::<Vec<_>>(),
    })
}

/// What a fix would do: its changes by the objects that they change.
fn offer(fix: &Fix) -> Value {
    let steps = fix.steps.iter().map(|step| match step {
        fix::Step::Edit(edit) => serde_json::to_value(edit).unwrap_or_default(),
        fix::Step::Put(changed) => json!({ "op": "put", "object": object(&changed.reference()) }),
    });
    json!({ "title": fix.title, "days": fix.days, "steps": steps.collect::<Vec<_>>(), "fill": fix.fill })
}

fn object(it: &ObjectRef) -> Value {
    json!({ "kind": it.kind(), "key": it.key() })
}

fn value(it: &FactValue) -> Value {
    match it {
        FactValue::Unknown => Value::Null,
        FactValue::Bool(value) => json!(value),
        FactValue::Number(number) => json!(number),
        FactValue::Object(of) => object(of),
        FactValue::Word(_) | FactValue::Day(_) | FactValue::Instant(_) => json!(it.to_string()),
    }
}

fn pretty(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("texts and lists always have a form in JSON");
    text.push('\n');
    text
}
