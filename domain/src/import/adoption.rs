//! From the recognised fields of a file to a flow: what is proposed, what a person answers, and the flow that follows.
//!
//! Nothing of a file becomes part of a flow that nobody confirmed. What is sure is proposed, what is likely is asked, and
//! what only a value suggests is listed. A file never takes anything away from a flow.

mod answers;
#[cfg(test)]
mod tests;

pub use answers::{Adoption, Answer, Part, Target};

use std::collections::BTreeMap;

use super::fields::FIELD_NAME;
use super::keys::{key_of_parts, part_of_key};
use super::names::Confidence;
use super::recogniser::{Finding, Recognition};
use crate::id::{ElementId, FlowId, SystemId};
use crate::model::Model;
use crate::model::element::{Form, Holding, Op};
use crate::model::fact::{Fact, TEXT_MAX};
use crate::model::flow::{Flow, WireName};
use crate::problem::{FieldCode, FieldError};
use crate::time::Day;

/// One element in one form, with every field of the file that seems to be it. A person answers once for all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group<'a> {
    /// The element.
    pub element: ElementId,
    /// The form.
    pub form: Form,
    /// How sure the surest of the fields is.
    pub confidence: Confidence,
    /// The fields, surest first, then by path. Never empty.
    pub fields: Vec<&'a Finding>,
}

impl Group<'_> {
    /// How forms name the group, such as `pan:clear`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}:{}", self.element, self.form)
    }

    /// The path of the surest field, as it can be stored.
    #[must_use]
    pub fn path(&self) -> String {
        self.fields.first().map(|it| stored_path(&it.path)).unwrap_or_default()
    }

    fn has_path(&self, name: &str) -> bool {
        self.fields.iter().any(|it| stored_path(&it.path) == name)
    }
}

/// The groups of a part of a file, surest first, then by element and form.
#[must_use]
pub fn groups(recognition: &Recognition, part: Part) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<(&ElementId, Form), Group<'_>> = BTreeMap::new();
    // The findings come surest first, so the first of a group is its surest.
    for finding in recognition.findings.iter().filter(|it| part.covers(it.direction)) {
        let group = groups.entry((&finding.element, finding.form)).or_insert_with(|| Group {
            element: finding.element.clone(),
            form: finding.form,
            confidence: finding.confidence,
            fields: Vec::new(),
        });
        group.confidence = group.confidence.min(finding.confidence);
        group.fields.push(finding);
    }
    let mut groups: Vec<Group<'_>> = groups.into_values().collect();
    groups.sort_by_key(|it| it.confidence);
    groups
}

/// What a person confirmed, as it would be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted {
    /// The flow as it would be.
    pub flow: Flow,
    /// The flow as it is; `None` where it is new.
    pub before: Option<Flow>,
    /// What becomes of each group that was answered, in the order of [`groups`].
    pub effects: Vec<Effect>,
    /// The fields of the flow that the part of the file does not have in that form.
    pub not_in_file: Vec<(ElementId, Form)>,
}

/// What becomes of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A field that the flow did not declare. `worse` names the forms in which the flow has the element, where all of
    /// them tell less than the form in the file.
    Added {
        /// The element.
        element: ElementId,
        /// The form in the file.
        form: Form,
        /// Its name on the wire.
        name: String,
        /// The forms that the flow declares, where the file's is worse.
        worse: Vec<Form>,
    },
    /// A field that the flow declares, now seen in the file.
    Seen {
        /// The element.
        element: ElementId,
        /// The form.
        form: Form,
    },
    /// A name that stays on the flow as no payment data.
    Dismissed(String),
    /// A name that stays on the flow until somebody says what it is.
    Waiting(String),
}

/// The flow that follows from the answers, as of a day.
///
/// # Errors
/// The field `flow`, `from` or `to` where it names nothing; `from` as well where nothing was chosen at all.
pub fn adopt(
    recognition: &Recognition,
    model: &Model,
    adoption: &Adoption,
    today: Day,
) -> Result<Adopted, Vec<FieldError>> {
    let (before, mut flow) = flow_of(recognition, model, &adoption.target)?;
    let groups = groups(recognition, adoption.part);
    let not_in_file = not_in_file(&flow, &groups);
    let mut effects = Vec::new();
    for group in &groups {
        let effect = match adoption.answer(group) {
            Answer::Yes => Some(take(&mut flow, group, &recognition.file, today)),
            Answer::NotPaymentData => Some(name(&mut flow, group, true)),
            Answer::Later => Some(name(&mut flow, group, false)),
            Answer::LeaveOut => None,
        };
        effects.extend(effect);
    }
    if effects.iter().any(|it| matches!(it, Effect::Added { .. } | Effect::Seen { .. })) {
        let seen = |value: String| Fact::of(value.into());
        flow.facts.insert("last_seen".to_owned(), seen(today.start().to_string()));
        flow.facts.insert("seen_source".to_owned(), seen(recognition.file.clone()));
    }
    Ok(Adopted { flow, before, effects, not_in_file })
}

/// The flow to begin with, and as it is stored.
fn flow_of(recognition: &Recognition, model: &Model, target: &Target) -> Result<(Option<Flow>, Flow), Vec<FieldError>> {
    match target {
        Target::Flow(id) => match model.flows.get(id) {
            Some(flow) => Ok((Some(Flow::clone(flow)), Flow::clone(flow))),
            None => Err(vec![FieldError::new("flow", FieldCode::NoSuchObject)]),
        },
        Target::New { from, to } => {
            let mut errors = Vec::new();
            let mut end = |id: &SystemId, field: &str| match model.systems.contains_key(id) {
                _ if id.as_str().is_empty() => errors.push(FieldError::new(field, FieldCode::Missing)),
                true => {}
                false => errors.push(FieldError::new(field, FieldCode::NoSuchObject)),
            };
            end(from, "from");
            end(to, "to");
            if !errors.is_empty() {
                return Err(errors);
            }
            let called = recognition.title.as_deref().unwrap_or(&recognition.file);
            let id = FlowId::new(key_of_parts(&[&part_of_key(from.as_str()), &part_of_key(to.as_str()), "", called]));
            // The same file a second time is about the flow that it made.
            match model.flows.get(&id) {
                Some(flow) => Ok((Some(Flow::clone(flow)), Flow::clone(flow))),
                None => {
                    let name = called.chars().take(crate::model::draft::NAME_MAX).collect();
                    Ok((None, Flow { name, ..Flow::new(id, from.clone(), to.clone()) }))
                }
            }
        }
    }
}

fn not_in_file(flow: &Flow, groups: &[Group<'_>]) -> Vec<(ElementId, Form)> {
    let in_file = |field: &&Holding| groups.iter().any(|it| it.element == field.element && it.form == field.form);
    let fields = flow.fields.iter().filter(|field| !in_file(field));
    let mut missing: Vec<(ElementId, Form)> = fields.map(|it| (it.element.clone(), it.form)).collect();
    missing.sort();
    missing.dedup();
    missing
}

/// The group is what the file says it is: the flow gets the field, or the field that it has was seen.
fn take(flow: &mut Flow, group: &Group<'_>, file: &str, today: Day) -> Effect {
    flow.wire_names.retain(|it| !group.has_path(&it.name));
    let same = |it: &Holding| it.element == group.element && it.form == group.form;
    let named = |it: &Holding| it.facts.get(FIELD_NAME).and_then(Fact::text).is_some_and(|name| group.has_path(name));
    let seen = Fact { source: Some(file.to_owned()), as_of: Some(today), ..Fact::of(group.path().into()) };
    let known = flow.fields.iter().position(|it| same(it) && named(it));
    let known = known.or_else(|| flow.fields.iter().position(|it| same(it) && !it.facts.contains_key(FIELD_NAME)));
    if let Some(at) = known {
        let facts = &mut flow.fields[at].facts;
        let value = facts.get(FIELD_NAME).map_or_else(|| seen.value.clone(), |it| it.value.clone());
        facts.insert(FIELD_NAME.to_owned(), Fact { value, ..seen });
        return Effect::Seen { element: group.element.clone(), form: group.form };
    }
    if flow.fields.iter().any(same) {
        // Known under another name, which stays.
        return Effect::Seen { element: group.element.clone(), form: group.form };
    }
    let declared: Vec<Form> = flow.fields.iter().filter(|it| it.element == group.element).map(|it| it.form).collect();
    let is_worse = !declared.is_empty() && declared.iter().all(|it| it.openness() > group.form.openness());
    let mut field = Holding::new(group.element.clone(), group.form, &[Op::Transmit]);
    field.mask = group.fields.iter().find_map(|it| it.mask.clone());
    field.facts.insert(FIELD_NAME.to_owned(), seen);
    flow.fields.push(field);
    Effect::Added {
        element: group.element.clone(),
        form: group.form,
        name: group.path(),
        worse: if is_worse { declared } else { Vec::new() },
    }
}

/// The name of the group stays on the flow without an element.
fn name(flow: &mut Flow, group: &Group<'_>, dismissed: bool) -> Effect {
    let name = group.path();
    match flow.wire_names.iter_mut().find(|it| it.name == name) {
        // What somebody dismissed before stays so.
        Some(known) => known.dismissed |= dismissed,
        None => flow.wire_names.push(WireName { name: name.clone(), dismissed }),
    }
    if dismissed { Effect::Dismissed(name) } else { Effect::Waiting(name) }
}

/// A path as a fact can hold it.
fn stored_path(path: &str) -> String {
    path.chars().take(TEXT_MAX).collect()
}
