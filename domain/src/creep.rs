//! Which data elements a system gained, when, by which change, and who approved it: read from the journal of changes.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::command::Revision;
use crate::id::{ElementId, FlowId, PersonId, SystemId};
use crate::model::element::Form;
use crate::time::Timestamp;

/// One change of the model, as the journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journalled {
    /// The revision that it made.
    pub revision: Revision,
    /// When.
    pub at: Timestamp,
    /// Who, as a name.
    pub actor: String,
    /// The name of the command.
    pub action: String,
    /// What it did to each object: `kind`, `key`, `before` and `after`.
    pub changes: Vec<Value>,
}

/// An element in a form that came to a system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gain {
    /// The revision that brought it.
    pub revision: Revision,
    /// When.
    pub at: Timestamp,
    /// Who changed the model.
    pub actor: String,
    /// By which command.
    pub action: String,
    /// The element.
    pub element: ElementId,
    /// The form.
    pub form: Form,
    /// The flow that brings it; `None` where the system itself holds it.
    pub flow: Option<FlowId>,
    /// Who approved it, where that is recorded with the field, the holding or the flow.
    pub approved_by: Option<PersonId>,
}

/// What a system gained, newest first. What a change moves from one form to another is a gain of the new form.
#[must_use]
pub fn gains(system: &SystemId, journal: &[Journalled]) -> Vec<Gain> {
    let mut gains = Vec::new();
    for entry in journal {
        for change in &entry.changes {
            let (before, after) = (&change["before"], &change["after"]);
            let (list, flow) = match change["kind"].as_str() {
                Some("system") if change["key"] == system.as_str() => ("holdings", None),
                Some("flow") if after["to"] == system.as_str() => ("fields", change["key"].as_str().map(FlowId::new)),
                _ => continue,
            };
            // A flow that led elsewhere before brings all that it carries.
            let came_here = flow.is_none() || before["to"] == system.as_str();
            let had: BTreeSet<_> =
                if came_here { parts(before, list).map(|it| it.0).collect() } else { BTreeSet::new() };
            for ((element, form), part) in parts(after, list) {
                if had.contains(&(element, form)) {
                    continue;
                }
                let approved_by = approver(part).or_else(|| flow.as_ref().and_then(|_| approver(after)));
                gains.push(Gain {
                    revision: entry.revision,
                    at: entry.at,
                    actor: entry.actor.clone(),
                    action: entry.action.clone(),
                    element: ElementId::new(element),
                    form,
                    flow: flow.clone(),
                    approved_by,
                });
            }
        }
    }
    gains.sort_by(|one, other| other.revision.cmp(&one.revision).then_with(|| one.cmp(other)));
    gains.dedup();
    gains
}

/// The parts of an object with their element and form.
fn parts<'a>(object: &'a Value, list: &str) -> impl Iterator<Item = ((&'a str, Form), &'a Value)> {
    object[list].as_array().into_iter().flatten().filter_map(|part| {
        let form = part["form"].as_str()?.parse().ok()?;
        Some(((part["element"].as_str()?, form), part))
    })
}

fn approver(object: &Value) -> Option<PersonId> {
    object["facts"]["approved_by"]["value"].as_str().map(PersonId::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entry(revision: i64, changes: Value) -> Journalled {
        Journalled {
            revision: Revision(revision),
            at: Timestamp(revision),
            actor: "Payments lead".to_owned(),
            action: "flow.edit".to_owned(),
            changes: changes.as_array().cloned().unwrap_or_default(),
        }
    }

    fn told(journal: &[Journalled]) -> Vec<(i64, String, Option<String>, Option<String>)> {
        gains(&SystemId::new("crm"), journal)
            .into_iter()
            .map(|it| {
                let what = format!("{}:{}", it.element, it.form);
                (it.revision.0, what, it.flow.map(|it| it.to_string()), it.approved_by.map(|it| it.to_string()))
            })
            .collect()
    }

    #[test]
    fn a_field_that_a_flow_gains_is_a_gain_of_its_target_only() {
        let flow = |fields: Value| json!({"from": "shop", "to": "crm", "fields": fields, "facts": {}});
        let before = flow(json!([{"element": "email", "form": "clear", "facts": {}}]));
        let after = flow(json!([{"element": "email", "form": "clear", "facts": {}},
            {"element": "pan", "form": "truncated", "facts": {"approved_by": {"value": "ann"}}}]));
        let change = json!([{"kind": "flow", "key": "f", "before": before, "after": after}]);
        assert_eq!(
            told(&[entry(3, change.clone())]),
            [(3, "pan:truncated".to_owned(), Some("f".to_owned()), Some("ann".to_owned()))]
        );
        assert!(gains(&SystemId::new("shop"), &[entry(3, change)]).is_empty());
    }

    #[test]
    fn a_flow_that_is_turned_to_a_system_brings_all_that_it_carries() {
        let flow = |to: &str| {
            json!({"from": "shop", "to": to, "fields": [{"element": "pan", "form": "clear"}],
                "facts": {"approved_by": {"value": "bob"}}})
        };
        let change = json!([{"kind": "flow", "key": "f", "before": flow("psp"), "after": flow("crm")}]);
        assert_eq!(
            told(&[entry(1, change)]),
            [(1, "pan:clear".to_owned(), Some("f".to_owned()), Some("bob".to_owned()))]
        );
        let gone = json!([{"kind": "flow", "key": "f", "before": flow("crm"), "after": null}]);
        assert!(told(&[entry(2, gone)]).is_empty());
    }

    #[test]
    fn what_a_system_itself_begins_to_hold_is_a_gain_and_the_newest_comes_first() {
        let system = |form: &str| json!({"holdings": [{"element": "pan", "form": form}]});
        let first = json!([{"kind": "system", "key": "crm", "before": null, "after": system("truncated")}]);
        let second = json!([{"kind": "system", "key": "crm", "before": system("truncated"), "after": system("clear")}]);
        assert_eq!(
            told(&[entry(1, first), entry(2, second)]),
            [(2, "pan:clear".to_owned(), None, None), (1, "pan:truncated".to_owned(), None, None)]
        );
    }
}
