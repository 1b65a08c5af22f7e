//! The form of a risk: what a person posts becomes a risk, or the list of everything that is wrong with it.
//!
//! As in the other forms a field that was not posted stays as it was, an empty one clears, and lists are posted whole.

pub(crate) mod actions;
pub mod find;
mod rating;
#[cfg(test)]
mod tests;
pub(crate) mod write;

use std::collections::BTreeSet;

use super::action::ActionState;
use super::appetite::Register;
use super::record::{Effectiveness, InPlace, Link, Risk, RiskKey, Stage, Stand};
use crate::findings::{Finding, Identity};
use crate::model::Model;
use crate::model::draft::fields::{Fields, characters};
use crate::model::draft::{Form, NAME_MAX};
use crate::problem::{FieldCode, FieldError};
pub use rating::is_rating;
pub use write::risk_to_form;

/// Longest cause, event, consequence or reason, in characters.
pub const SENTENCE_MAX: usize = 2_000;
/// Longest name of a control that is in place, in characters.
pub const CONTROL_MAX: usize = 500;
/// The most rows that a list of a form has: controls, actions.
pub const ROWS_MAX: usize = 200;

/// The fields of the form that stand alone, beside those of the ratings. Only links repeat.
pub const FIELDS: [&str; 15] = [
    "title",
    "cause",
    "event",
    "consequence",
    "category",
    "link",
    "find",
    "owner",
    "deputy",
    "order_reason",
    "treatment",
    "stage",
    "closing_evidence",
    "next_review",
    "reference",
];
/// The fields of its rows: the list, and the field of a row.
pub const ROW_FIELDS: [(&str, &str); 13] = [
    ("control", "what"),
    ("control", "effectiveness"),
    ("control", "evidence"),
    ("action", "number"),
    ("action", "what"),
    ("action", "who"),
    ("action", "due"),
    ("action", "effort"),
    ("action", "money"),
    ("action", "state"),
    ("action", "after"),
    ("action", "ticket"),
    ("action", "option"),
];

/// What a form is read against.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// People and objects.
    pub model: &'a Model,
    /// Scheme and appetite.
    pub register: &'a Register,
    /// Whether there is such a finding.
    pub is_finding: &'a dyn Fn(&Identity) -> bool,
}

/// Reads the form of a risk: a new one under the key, or one that exists with what the form changes.
///
/// A draft may be incomplete. From then on title, event, category, owner and inherent rating are needed, above the
/// appetite a treatment, and for closing what shows that it is over.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn risk_from_form(form: &Form, existing: &Risk, around: Around<'_>) -> Result<Risk, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let mut risk = existing.clone();
    texts(&mut fields, &mut risk);
    risk.category = fields.optional_choice("category", risk.category);
    risk.treatment = fields.optional_choice("treatment", risk.treatment);
    risk.stage = fields.choice("stage", risk.stage);
    risk.next_review = fields.day("next_review", risk.next_review);
    let known = |key: &str| around.model.people.contains_key(key);
    risk.owner = fields.reference("owner", risk.owner.take(), known);
    risk.deputy = fields.reference("deputy", risk.deputy.take(), known);
    links(&mut fields, &mut risk, around);
    for stand in Stand::ALL.iter().copied() {
        *risk.rating_mut(stand) = rating::read(&mut fields, stand, *existing.rating(stand), around.register.scheme);
    }
    controls(&mut fields, &mut risk);
    actions::read(&mut fields, &mut risk, around);
    complete(&mut fields, &risk, around);
    fields.finish(risk)
}

fn texts(fields: &mut Fields<'_>, risk: &mut Risk) {
    if let Some(title) = fields.line("title", NAME_MAX) {
        risk.title = title;
    }
    for (name, text) in [("cause", &mut risk.cause), ("event", &mut risk.event), ("consequence", &mut risk.consequence)]
    {
        if let Some(posted) = fields.lines(name, SENTENCE_MAX) {
            *text = posted;
        }
    }
    if let Some(reason) = fields.lines("order_reason", SENTENCE_MAX) {
        risk.order_reason = (!reason.is_empty()).then_some(reason);
    }
    if let Some(reference) = fields.line("reference", NAME_MAX) {
        risk.reference = (!reference.is_empty()).then_some(reference);
    }
    risk.closing_evidence = fields.texts("closing_evidence", CONTROL_MAX, &risk.closing_evidence);
}

/// What it is about: what is ticked, and what was typed to be found. What stood there before stands, whether the model still knows it or not.
fn links(fields: &mut Fields<'_>, risk: &mut Risk, around: Around<'_>) {
    links_into(fields, &mut risk.links, around.model, around.is_finding);
}

/// As [`links`], of whatever is linked.
pub(crate) fn links_into(
    fields: &mut Fields<'_>,
    existing: &mut BTreeSet<Link>,
    model: &Model,
    is_finding: &dyn Fn(&Identity) -> bool,
) {
    let posted = fields.all("link");
    let wanted = fields.posted("find").unwrap_or_default();
    if posted.is_empty() && wanted.is_empty() {
        return;
    }
    let known = |link: &Link| {
        existing.contains(link)
            || match link {
                Link::Object(object) => model.get(object).is_some(),
                Link::Element(element) => crate::model::catalogue::element(element.as_str()).is_some(),
                Link::Finding(identity) => is_finding(identity),
            }
    };
    let read = |text: &str| Link::parse(text).filter(known);
    let mut links = if posted.is_empty() { existing.clone() } else { BTreeSet::new() };
    // What was typed and not chosen from a list is meant all the same, where there is no doubt.
    if !wanted.is_empty() {
        match find::only(model, wanted) {
            Some(link) => drop(links.insert(link)),
            None => fields.error("find", FieldCode::NoSuchObject),
        }
    }
    for text in posted.into_iter().map(str::trim).filter(|text| !text.is_empty()) {
        // One link as it stands, whatever its key holds; else several, divided by semicolons.
        let found = match read(text) {
            Some(link) => vec![Some(link)],
            None => text.split(';').map(str::trim).filter(|it| !it.is_empty()).map(read).collect(),
        };
        if found.contains(&None) {
            fields.error("link", FieldCode::NoSuchObject);
        }
        links.extend(found.into_iter().flatten());
    }
    *existing = links;
}

fn controls(fields: &mut Fields<'_>, risk: &mut Risk) {
    let rows = fields.rows("control");
    if rows.is_empty() {
        return;
    }
    if rows.len() > ROWS_MAX {
        fields.error("control", FieldCode::TooLong(characters(ROWS_MAX)));
    }
    risk.controls = Vec::new();
    for (_, mut row) in rows {
        let what = row.line("what", CONTROL_MAX).unwrap_or_default();
        let effectiveness = row.choice("effectiveness", Effectiveness::Unknown);
        let evidence = row.line("evidence", CONTROL_MAX).filter(|it| !it.is_empty());
        // A row without a name is an empty row of the page.
        if !what.is_empty() {
            risk.controls.push(InPlace { what, effectiveness, evidence });
        }
        fields.absorb(row);
    }
}

/// What a risk must have that is no draft any more.
fn complete(fields: &mut Fields<'_>, risk: &Risk, around: Around<'_>) {
    if risk.title.is_empty() {
        fields.error("title", FieldCode::Missing);
    }
    if let Some(stand) = risk.out_of_order(around.register.scheme)
        && risk.order_reason.is_none()
    {
        fields.error(&format!("{stand}_impact"), FieldCode::AboveTheOneBefore);
    }
    if risk.stage == Stage::Draft {
        return;
    }
    let missing = [
        ("event", risk.event.is_empty()),
        ("category", risk.category.is_none()),
        ("owner", risk.owner.is_none()),
        ("inherent_likelihood", risk.inherent.is_none()),
        ("treatment", needs_treatment(risk, around.register)),
        ("closing_evidence", risk.stage == Stage::Closed && risk.closing_evidence.is_empty()),
    ];
    for (name, _) in missing.into_iter().filter(|(_, missing)| *missing) {
        fields.error(name, FieldCode::Missing);
    }
}

/// Above the appetite somebody has to say what is to be done with it.
fn needs_treatment(risk: &Risk, register: &Register) -> bool {
    let level = risk.level(register.scheme);
    risk.treatment.is_none() && level.is_some_and(|level| level > register.appetite.of(risk.category))
}

/// A risk out of a finding: linked to it and to what it is about, with what the finding says as the event.
#[must_use]
pub fn from_findings(key: RiskKey, findings: &[&Finding]) -> Risk {
    let mut risk = Risk::new(key);
    for finding in findings {
        risk.links.insert(Link::Finding(finding.identity()));
        risk.links.insert(Link::Object(finding.subject.clone()));
        if let Some(element) = finding.element() {
            risk.links.insert(Link::Element(element));
        }
    }
    let mut sentences: Vec<&str> = findings.iter().map(|it| it.sentence.as_str()).collect();
    sentences.dedup();
    risk.event = sentences.join("\n").chars().take(SENTENCE_MAX).collect();
    if let [first, others @ ..] = findings {
        let more = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
        risk.title = format!("{}{more}", first.rule().title).chars().take(NAME_MAX).collect();
    }
    risk
}

/// Whether an action of the risk would still be open when it closes.
#[must_use]
pub fn open_actions(risk: &Risk) -> usize {
    risk.actions.iter().filter(|it| matches!(it.state, ActionState::Planned | ActionState::Doing)).count()
}
