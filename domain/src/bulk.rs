//! One change to many objects of a kind at once: what would each become?

use std::collections::BTreeSet;

use crate::inventory::{Input, Kind, When};
use crate::model::Model;
use crate::model::draft::{flow_from_form, flow_to_form, options, record_from_form, record_to_form};
use crate::model::draft::{system_from_form, system_to_form};
use crate::model::fact::{FactType, attributes_of};
use crate::model::object::{Object, ObjectKind, ObjectRef};
use crate::problem::{FieldCode, Problem};

/// How many objects one change is for at most.
pub const MOST: usize = 500;

/// A field that can be changed on many objects of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkField {
    /// The name in the form of one of them.
    pub name: String,
    /// The label.
    pub label: &'static str,
    /// What can be written where there is no list to choose from.
    pub typed: Option<Typed>,
}

/// What is typed into a field without a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// A day.
    Day,
    /// A whole number.
    Number,
}

/// Whether objects of the kind are changed together. A decision on scope is written and approved for one system.
#[must_use]
pub fn is_for(kind: &Kind) -> bool {
    !kind.is_single() && kind.object != ObjectKind::Override
}

/// What can be changed on many of a kind: whatever has a list of values, a day or a number. What every object is asked
/// most stands first.
#[must_use]
pub fn fields(kind: &Kind) -> Vec<BulkField> {
    let of = |input: Input| match input {
        Input::Choice(_) | Input::YesNo | Input::One(_) => Some(None),
        Input::Day => Some(Some(Typed::Day)),
        Input::Count(_) => Some(Some(Typed::Number)),
        _ => None,
    };
    // Where a flow begins and ends, and what a link joins, is what it is. What a flow does is a list of its own.
    let fixed = |name: &str| kind.object == ObjectKind::Flow && matches!(name, "from" | "to" | "actions");
    let own = kind
        .properties
        .iter()
        .filter(|it| !matches!(it.when, When::Told | When::Once) && !fixed(it.name))
        .filter_map(|it| Some(BulkField { name: it.name.to_owned(), label: it.label, typed: of(it.input)? }));
    let facts = attributes_of(kind.object).filter_map(|it| {
        let typed = match it.kind {
            FactType::Bool | FactType::Choice(_) | FactType::Reference(_) => None,
            FactType::Day => Some(Typed::Day),
            FactType::Integer(_) => Some(Typed::Number),
            _ => return None,
        };
        Some(BulkField { name: format!("fact.{}", it.name), label: it.label, typed })
    });
    let mut fields: Vec<BulkField> = own.chain(facts).collect();
    fields.sort_by_key(|it| it.name != "fact.owner");
    fields
}

/// The values that a field can have, each with its words; empty where it is typed in, or where there is no such field.
#[must_use]
pub fn values(kind: &Kind, model: &Model, field: &str) -> Vec<(String, String)> {
    match field.strip_prefix("fact.") {
        Some(name) => attributes_of(kind.object)
            .find(|it| it.name == name)
            .map(|it| options::of_attribute(it, model))
            .unwrap_or_default(),
        None => kind.property(field).map(|it| it.input.options(model)).unwrap_or_default(),
    }
}

/// What an object has in a field now, as its form writes it.
#[must_use]
pub fn value_of(object: &Object, field: &str) -> String {
    let form = match object {
        Object::System(it) => system_to_form(it),
        Object::Flow(it) => flow_to_form(it),
        other => record_to_form(other),
    };
    form.into_iter().find(|(name, _)| name == field).map(|(_, value)| value).unwrap_or_default()
}

/// The objects that become different when one field of each gets a value. `stored` is the model as it is stored, `today`
/// that of today.
///
/// # Errors
/// `Invalid` with the field `set` where there is no such field, `to` where it cannot have the value, `key` where there
/// are no objects or too many; `NotFound` where one of them is gone.
pub fn changed(
    kind: &Kind,
    (stored, today): (&Model, &Model),
    objects: &BTreeSet<ObjectRef>,
    field: &str,
    to: &str,
) -> Result<Vec<Object>, Problem> {
    let known = fields(kind).into_iter().find(|it| it.name == field && is_for(kind));
    let known = known.ok_or_else(|| Problem::field("set", FieldCode::NotInList))?;
    let listed = || values(kind, today, field).iter().any(|(value, _)| value == to);
    if to.trim().is_empty() || (known.typed.is_none() && !listed()) {
        return Err(Problem::field("to", FieldCode::NotInList));
    }
    if objects.is_empty() || objects.len() > MOST {
        return Err(Problem::field("key", FieldCode::NotInList));
    }
    let form = [(field.to_owned(), to.to_owned())];
    let mut changed = Vec::new();
    for reference in objects.iter().filter(|it| it.kind() == kind.object) {
        let before = stored.get(reference).ok_or(Problem::NotFound)?;
        let after = match &before {
            Object::System(it) => system_from_form(&form, Some(it), today).map(|it| Object::System(it.into())),
            Object::Flow(it) => flow_from_form(&form, Some(it), today).map(|it| Object::Flow(it.into())),
            other => record_from_form(kind.object, &form, Some(other), today),
        };
        // What is wrong with the value is told at the field of the page, whatever it is called in the form of one.
        let after = after.map_err(|errors| {
            let code = errors.first().map_or(FieldCode::NotInList, |error| error.code);
            Problem::field("to", code)
        })?;
        if after != before {
            changed.push(after);
        }
    }
    Ok(changed)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::inventory::{FLOWS, KINDS, SYSTEMS};
    use crate::model::flow::Flow;
    use crate::model::relations::Encryption;
    use crate::model::segment::Segment;
    use crate::model::system::System;

    fn model() -> Model {
        let mut model = Model::default();
        for id in ["crm", "till"] {
            model.put(Object::System(Arc::new(System::new(id.into(), id))));
        }
        model.put(Object::Segment(Arc::new(Segment::new("dmz".into(), "DMZ"))));
        model.put(Object::Flow(Arc::new(Flow::new("f".into(), "crm".into(), "till".into()))));
        model
    }

    fn all() -> BTreeSet<ObjectRef> {
        BTreeSet::from([ObjectRef::System("crm".into()), ObjectRef::System("till".into())])
    }

    fn systems(field: &str, to: &str) -> Result<Vec<Object>, Problem> {
        let model = model();
        changed(&SYSTEMS, (&model, &model), &all(), field, to)
    }

    #[test]
    fn each_system_changes_in_the_one_field_and_in_nothing_else() {
        let changed = systems("segment", "dmz").unwrap();
        assert_eq!(changed.len(), 2);
        for object in changed {
            let Object::System(after) = object else { panic!("only systems") };
            let mut before = System::clone(&model().systems[&after.id]);
            before.segment = Some("dmz".into());
            assert_eq!(*after, before);
        }
    }

    #[test]
    fn flows_change_together_as_well() {
        let model = model();
        let flows = BTreeSet::from([ObjectRef::Flow("f".into())]);
        let changed = changed(&FLOWS, (&model, &model), &flows, "encryption", "transport").unwrap();
        let [Object::Flow(after)] = changed.as_slice() else { panic!("one flow") };
        assert_eq!(after.encryption, Encryption::Transport);
    }

    #[test]
    fn what_has_the_value_already_is_left_out() {
        assert_eq!(systems("lifecycle", "live").unwrap(), []);
        assert_eq!(value_of(&model().get(&ObjectRef::System("crm".into())).unwrap(), "lifecycle"), "live");
    }

    #[test]
    fn only_what_the_lists_offer_can_be_set() {
        assert_eq!(systems("name", "x").unwrap_err(), Problem::field("set", FieldCode::NotInList));
        assert_eq!(systems("segment", "nowhere").unwrap_err(), Problem::field("to", FieldCode::NotInList));
        assert_eq!(systems("detect_minutes", "soon").unwrap_err(), Problem::field("to", FieldCode::NotANumber));
        let model = model();
        let nobody = changed(&SYSTEMS, (&model, &model), &BTreeSet::new(), "segment", "dmz");
        assert_eq!(nobody, Err(Problem::field("key", FieldCode::NotInList)));
    }

    #[test]
    fn every_kind_but_decisions_and_settings_has_something_to_change_together() {
        for kind in KINDS.iter().chain([&SYSTEMS, &FLOWS]).filter(|kind| is_for(kind)) {
            assert!(fields(kind).first().is_some_and(|it| it.name == "fact.owner"), "{}", kind.word);
        }
    }
}
