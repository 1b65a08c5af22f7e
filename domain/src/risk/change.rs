//! What changed between two versions of a risk, field by field: its history.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::action::Action;
use super::draft::risk_to_form;
use super::record::Risk;

/// One field that is another one now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field, as forms name it.
    pub field: String,
    /// As it was; several values where the field repeats, none where it was empty.
    pub was: Vec<String>,
    /// As it is.
    pub is: Vec<String>,
}

/// Every field that differs, by name. Forms say everything that a person can change, so nothing is missed.
#[must_use]
pub fn changes(was: &Risk, is: &Risk) -> Vec<FieldChange> {
    between(fields(was), fields(is))
}

/// What differs between two records as fields by name.
pub(crate) fn between(
    mut before: BTreeMap<String, Vec<String>>,
    mut after: BTreeMap<String, Vec<String>>,
) -> Vec<FieldChange> {
    let names: Vec<String> = before.keys().chain(after.keys()).cloned().collect();
    let mut changes: Vec<FieldChange> = Vec::new();
    for field in names {
        let (was, is) = (before.remove(&field).unwrap_or_default(), after.remove(&field).unwrap_or_default());
        if was != is {
            changes.push(FieldChange { field, was, is });
        }
    }
    changes.sort_by(|one, other| one.field.cmp(&other.field));
    changes
}

/// The fields by name. Actions are named by their own number, not by their row: one that goes renumbers no other.
fn fields(risk: &Risk) -> BTreeMap<String, Vec<String>> {
    by_name(risk_to_form(risk), &risk.actions)
}

/// The fields of a form with rows of these actions, by name.
pub(crate) fn by_name(form: Vec<(String, String)>, actions: &[Action]) -> BTreeMap<String, Vec<String>> {
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in form.into_iter().filter(|(_, value)| !value.is_empty()) {
        let row = name.strip_prefix("action.").and_then(|rest| rest.split_once('.'));
        let action = row.and_then(|(row, field)| Some((actions.get(row.parse::<usize>().ok()?)?, field)));
        let name = match action {
            Some((action, field)) => format!("action {}.{field}", action.number),
            None => name,
        };
        fields.entry(name).or_default().push(value);
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::risk::action::Action;
    use crate::risk::record::{Link, RiskKey};

    #[test]
    fn an_action_that_goes_changes_no_other() {
        let mut was = Risk::new(RiskKey(1));
        was.actions = vec![Action::new(1, "first".to_owned()), Action::new(2, "second".to_owned())];
        let mut is = was.clone();
        is.actions.remove(0);
        let changed = changes(&was, &is);
        let fields: Vec<&str> = changed.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(fields, ["action 1.number", "action 1.state", "action 1.what"]);
        assert_eq!(changes(&was, &was), []);
    }

    #[test]
    fn what_repeats_is_shown_whole() {
        let mut was = Risk::new(RiskKey(1));
        was.links.insert(Link::Element("pan".into()));
        let mut is = was.clone();
        is.links.insert(Link::Element("iban".into()));
        let changed = changes(&was, &is);
        assert_eq!(changed[0].is, ["element:iban", "element:pan"]);
    }
}
