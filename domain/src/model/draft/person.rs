//! The form of a person or a team.

use super::fields::Fields;
use super::{Form, NAME_MAX, facts, new_key};
use crate::id::PersonId;
use crate::model::Model;
use crate::model::fact::Facts;
use crate::model::object::ObjectKind;
use crate::model::party::{PartyKind, Person};
use crate::problem::{FieldCode, FieldError};

/// Longest mail address, in characters.
pub const MAIL_MAX: usize = 254;
/// Longest description of what somebody does, in characters.
pub const FUNCTION_MAX: usize = 200;

/// Reads the form of a person or a team: a new one, or one that exists with what the form changes.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn person_from_form(form: &Form, existing: Option<&Person>, model: &Model) -> Result<Person, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let mut person = existing.cloned().unwrap_or_else(|| Person {
        id: PersonId::new(""),
        name: String::new(),
        kind: PartyKind::Person,
        mail: None,
        function: None,
        facts: Facts::new(),
    });
    if let Some(name) = fields.line("name", NAME_MAX) {
        person.name = name;
    }
    if person.name.is_empty() {
        fields.error("name", FieldCode::Missing);
    }
    person.kind = fields.choice("kind", person.kind);
    if let Some(mail) = fields.line("mail", MAIL_MAX) {
        if !mail.is_empty() && !is_address(&mail) {
            fields.error("mail", FieldCode::NotAnAddress);
        }
        person.mail = (!mail.is_empty()).then_some(mail);
    }
    if let Some(function) = fields.line("function", FUNCTION_MAX) {
        person.function = (!function.is_empty()).then_some(function);
    }
    if existing.is_none() {
        let taken = |key: &str| model.people.contains_key(key);
        person.id = PersonId::new(new_key(&mut fields, &person.name, "person", taken));
    }
    person.facts = facts::read(&mut fields, ObjectKind::Person, &person.facts, model);
    fields.finish(person)
}

/// The person as the fields of their form. Reading them back onto the person changes nothing.
#[must_use]
pub fn person_to_form(person: &Person) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: &str| form.push((name.to_owned(), value.to_owned()));
    put("name", &person.name);
    put("kind", person.kind.as_str());
    put("mail", person.mail.as_deref().unwrap_or_default());
    put("function", person.function.as_deref().unwrap_or_default());
    facts::write(ObjectKind::Person, "", &person.facts, &mut form);
    form
}

/// Whether a text looks like a mail address: something, one `@`, something that does not begin with a dot.
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !domain.starts_with('.')
    }) && !text.chars().any(char::is_whitespace)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn pairs(form: &[(&str, &str)]) -> Vec<(String, String)> {
        form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_person_survives_the_way_through_the_form() {
        let form =
            pairs(&[("name", "Payments lead"), ("kind", "person"), ("mail", "lead@shop.example"), ("function", "")]);
        let person = person_from_form(&form, None, &Model::default()).unwrap();
        assert_eq!((person.id.as_str(), person.mail.as_deref()), ("payments-lead", Some("lead@shop.example")));
        assert_eq!(person_from_form(&person_to_form(&person), Some(&person), &Model::default()), Ok(person));
    }

    #[test]
    fn a_nameless_person_with_a_bad_address_is_refused_for_both() {
        let errors = person_from_form(&pairs(&[("name", " "), ("mail", "nowhere")]), None, &Model::default());
        let codes: Vec<_> = errors.unwrap_err().into_iter().map(|error| (error.field, error.code)).collect();
        let expected = [("name".to_owned(), FieldCode::Missing), ("mail".to_owned(), FieldCode::NotAnAddress)];
        assert_eq!(codes, expected);
    }
}
