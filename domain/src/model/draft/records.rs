//! The forms of every kind of record that the inventory keeps, beside systems, flows and people.
//!
//! What holds of those forms holds here: what was not posted stays, what no form shows is never touched.

mod control;
mod credential;
mod decision;
mod facts_only;
mod key;
mod link;
mod segment;
mod settings;

use std::fmt::Display;

use super::fields::Fields;
use super::{Form, NAME_MAX, facts};
use crate::model::Model;
use crate::model::fact::Facts;
use crate::model::object::{Object, ObjectKind};
use crate::problem::{FieldCode, FieldError};

pub use decision::JUSTIFICATION_MIN;

/// Reads the form of a record: a new one of this kind, or one that exists with what the form changes.
///
/// `existing` is the record as it is stored. The model is judged as of today, which is the day of a scope decision.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form. A kind without a form here is refused like a
/// form of another page.
pub fn record_from_form(
    kind: ObjectKind,
    form: &Form,
    existing: Option<&Object>,
    model: &Model,
) -> Result<Object, Vec<FieldError>> {
    let mut read = Fields::of(form);
    let fields = &mut read;
    let object = match (kind, existing) {
        (ObjectKind::Segment, Some(Object::Segment(it))) => segment::read(fields, Some(it), model),
        (ObjectKind::Segment, None) => segment::read(fields, None, model),
        (ObjectKind::Link, Some(Object::Link(it))) => link::read(fields, Some(it), model),
        (ObjectKind::Link, None) => link::read(fields, None, model),
        (ObjectKind::Control, Some(Object::Control(it))) => control::read(fields, Some(it), model),
        (ObjectKind::Control, None) => control::read(fields, None, model),
        (ObjectKind::Key, Some(Object::Key(it))) => key::read(fields, Some(it), model),
        (ObjectKind::Key, None) => key::read(fields, None, model),
        (ObjectKind::Credential, Some(Object::Credential(it))) => credential::read(fields, Some(it), model),
        (ObjectKind::Credential, None) => credential::read(fields, None, model),
        (ObjectKind::Settings, Some(Object::Settings(it))) => settings::read(fields, Some(it), model),
        (ObjectKind::Settings, None) => settings::read(fields, None, model),
        (ObjectKind::Override, Some(Object::Override(it))) => decision::read(fields, Some(it), model),
        (ObjectKind::Override, None) => decision::read(fields, None, model),
        (ObjectKind::Vendor, Some(Object::Vendor(it))) => facts_only::vendor(fields, Some(it), model),
        (ObjectKind::Vendor, None) => facts_only::vendor(fields, None, model),
        (
            ObjectKind::Connector
            | ObjectKind::Certificate
            | ObjectKind::TokenDomain
            | ObjectKind::ElementPolicy
            | ObjectKind::Page
            | ObjectKind::Script
            | ObjectKind::AccessGroup
            | ObjectKind::Observation,
            existing,
        ) => {
            let existing = match existing {
                Some(Object::Record(it)) => Some(&**it),
                _ => None,
            };
            facts_only::record(fields, kind, existing, model)
        }
        _ => return Err(vec![FieldError::new("form", FieldCode::UnknownField)]),
    };
    read.finish(object)
}

/// The record as the fields of its form. Reading them back onto the record changes nothing. Empty of what has a form of
/// its own elsewhere.
#[must_use]
pub fn record_to_form(object: &Object) -> Vec<(String, String)> {
    let mut form = Written::default();
    match object {
        Object::Segment(it) => segment::write(it, &mut form),
        Object::Link(it) => link::write(it, &mut form),
        Object::Control(it) => control::write(it, &mut form),
        Object::Key(it) => key::write(it, &mut form),
        Object::Credential(it) => credential::write(it, &mut form),
        Object::Settings(it) => settings::write(it, &mut form),
        Object::Override(it) => decision::write(it, &mut form),
        Object::Vendor(it) => form.put("name", &it.name),
        Object::Record(it) => form.put("name", &it.name),
        Object::Person(_) | Object::System(_) | Object::Flow(_) => return form.0,
    }
    if let Some(of_object) = object.facts() {
        facts::write(object.reference().kind(), "", of_object, &mut form.0);
    }
    form.0
}

/// A form that is being written.
#[derive(Default)]
struct Written(Vec<(String, String)>);

impl Written {
    fn put(&mut self, name: &str, value: impl Display) {
        self.0.push((name.to_owned(), value.to_string()));
    }

    fn optional(&mut self, name: &str, value: Option<impl Display>) {
        self.put(name, value.map(|it| it.to_string()).unwrap_or_default());
    }

    fn yes_or_no(&mut self, name: &str, value: bool) {
        self.put(name, if value { "yes" } else { "no" });
    }

    /// Each value on its own, and an empty one before them, as checkboxes are posted.
    fn several(&mut self, name: &str, values: impl IntoIterator<Item = impl Display>) {
        self.put(name, "");
        values.into_iter().for_each(|value| self.put(name, value));
    }
}

/// The name, which nothing can stand in for.
fn name(fields: &mut Fields<'_>, as_it_was: &str) -> String {
    let name = fields.line("name", NAME_MAX).unwrap_or_else(|| as_it_was.to_owned());
    if name.is_empty() {
        fields.error("name", FieldCode::Missing);
    }
    name
}

fn own_facts(fields: &mut Fields<'_>, kind: ObjectKind, as_they_were: &Facts, model: &Model) -> Facts {
    facts::read(fields, kind, as_they_were, model)
}

#[cfg(test)]
mod tests;
