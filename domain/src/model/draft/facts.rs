//! Registered facts in forms: `fact.<name>`, a few under a shorter name.

use super::fields::Fields;
use crate::model::Model;
use crate::model::fact::{self, Attribute, Fact, Facts, attributes_of, has_own_page};
use crate::model::object::ObjectKind;
use crate::problem::FieldCode;

/// The facts as the form says: those it did not post stay, empty ones go.
///
/// A fact whose value did not change keeps its source and who confirmed it; a new value is a new statement.
/// A field of which nothing may be ticked is posted with an empty value beside it, else it counts as not shown.
pub(super) fn read(fields: &mut Fields<'_>, kind: ObjectKind, as_they_were: &Facts, model: &Model) -> Facts {
    let mut facts = as_they_were.clone();
    for attribute in attributes_of(kind).filter(|it| !has_own_page(it)) {
        let mut field = field_of(attribute);
        let mut texts = fields.all(&field);
        if texts.is_empty() {
            field = format!("fact.{}", attribute.name);
            texts = fields.all(&field);
        }
        if texts.is_empty() {
            continue;
        }
        let was = as_they_were.get(attribute.name).map(|fact| &fact.value);
        if was.is_some_and(|value| texts == [fact::display(attribute, value)]) {
            continue;
        }
        match fact::parse(attribute, &texts) {
            Err(code) => fields.error(&field, code),
            Ok(None) => drop(facts.remove(attribute.name)),
            Ok(Some(value)) if was == Some(&value) => {}
            Ok(Some(value)) => {
                if !fact::resolves(attribute, &value, model) {
                    fields.error(&field, FieldCode::NoSuchObject);
                }
                facts.insert(attribute.name.to_owned(), Fact::of(value));
            }
        }
    }
    facts
}

/// The registered facts as form fields.
pub(super) fn write(kind: ObjectKind, prefix: &str, facts: &Facts, form: &mut Vec<(String, String)>) {
    for attribute in attributes_of(kind).filter(|it| !has_own_page(it)) {
        if let Some(fact) = facts.get(attribute.name) {
            form.push((format!("{prefix}{}", field_of(attribute)), fact::display(attribute, &fact.value)));
        }
    }
}

/// The name of the form field of an attribute.
fn field_of(attribute: &Attribute) -> String {
    match (attribute.object, attribute.name) {
        (ObjectKind::System, "owner") => "owner".to_owned(),
        (ObjectKind::FlowField, "field_name") => "wire".to_owned(),
        (_, name) => format!("fact.{name}"),
    }
}
