//! What a form shows: values as stored or as typed, and what is wrong with them.

use std::collections::BTreeSet;

use domain::problem::{FieldCode, FieldError};
use leptos::prelude::*;

/// The values of a form by name, as posted or as read from the object, and the errors of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormState {
    values: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

impl FormState {
    /// A form with values and nothing wrong.
    #[must_use]
    pub const fn new(values: Vec<(String, String)>) -> Self {
        Self { values, errors: Vec::new() }
    }

    /// The same form with errors.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// Whether anything is wrong with it.
    #[must_use]
    pub const fn is_wrong(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The same form without what was typed into a field.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let mut form = self.clone();
        form.values.retain(|(key, _)| key != name);
        form
    }

    /// The value of a field; empty where there is none.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// All values of a field whose name repeats.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.values.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether anything was given whose name begins so.
    #[must_use]
    pub fn any(&self, prefix: &str) -> bool {
        self.values.iter().any(|(key, value)| key.starts_with(prefix) && !value.is_empty())
    }

    /// The numbers of the rows of a repeated group, such as `field.<n>.element`.
    #[must_use]
    pub fn rows(&self, group: &str) -> BTreeSet<u32> {
        self.values
            .iter()
            .filter_map(|(key, _)| key.strip_prefix(group)?.strip_prefix('.')?.split_once('.')?.0.parse().ok())
            .collect()
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn error(&self, name: &str) -> Option<FieldCode> {
        self.errors.iter().find(|error| error.field == name).map(|error| error.code)
    }

    /// Whether anything is wrong.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Whether anything is wrong with a field whose name begins so.
    #[must_use]
    pub fn has_errors_in(&self, prefix: &str) -> bool {
        self.errors.iter().any(|error| error.field.starts_with(prefix))
    }

    /// The summary of all errors, each a link to its field. `label` gives the words of a field of the form, and nothing
    /// for a name that the form does not show.
    #[must_use]
    pub fn summary(&self, label: impl Fn(&str) -> Option<String>) -> AnyView {
        if self.errors.is_empty() {
            return ().into_any();
        }
        let items: Vec<_> = self
            .errors
            .iter()
            .map(|error| {
                let advice = error.code.advice();
                match label(&error.field) {
                    Some(label) => view! {
                        <li><a href=format!("#{}", id_of(&error.field))>{format!("{label}: {advice}")}</a></li>
                    }
                    .into_any(),
                    None => view! { <li>{advice}</li> }.into_any(),
                }
            })
            .collect();
        problem_box(view! { <ul>{items}</ul> })
    }
}

/// The box above a form that says what went wrong.
#[must_use]
pub fn problem_box(content: impl IntoView + 'static) -> AnyView {
    view! {
        <div class="error-summary" role="alert" tabindex="-1" autofocus=true>
            <h2>"There is a problem"</h2>
            {content.into_any()}
        </div>
    }
    .into_any()
}

/// The id of the control of a field.
#[must_use]
pub fn id_of(name: &str) -> String {
    format!("f-{}", super::link::encoded(name).replace('%', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_their_numbers_in_order() {
        let pair = |name: &str| (name.to_owned(), "x".to_owned());
        let form =
            FormState::new(vec![pair("field.10.element"), pair("field.2.form"), pair("fields.3.x"), pair("field.x.y")]);
        assert_eq!(form.rows("field").into_iter().collect::<Vec<_>>(), [2, 10]);
    }

    #[test]
    fn each_error_links_to_its_field_with_the_same_words() {
        let form = FormState::new(Vec::new()).with_errors(vec![
            FieldError::new("name", FieldCode::Missing),
            FieldError::new("id", FieldCode::StillUsed),
        ]);
        let html = form.summary(|name| (name == "name").then(|| "Name".to_owned())).to_html();
        assert!(html.contains(r##"<a href="#f-name">Name: Fill in this field.</a>"##), "{html}");
        assert!(html.contains("Other objects still refer to this one."), "{html}");
    }
}
