//! One change to many systems at once: what would each become?

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::id::SystemId;
use crate::model::Model;
use crate::model::draft::{options, system_from_form, system_to_form};
use crate::model::object::Object;
use crate::model::relations::{Boundary, Environment, Lifecycle};
use crate::problem::{FieldCode, Problem};

/// How many systems one change is for at most.
pub const MOST: usize = 500;

/// What can be changed on many systems: the name in the form of a system, and the label.
pub const FIELDS: [(&str, &str); 5] = [
    ("owner", "Owner"),
    ("segment", "Segment"),
    ("lifecycle", "Stage of life"),
    ("environment", "Environment"),
    ("boundary", "Whose it is"),
];

/// The values that a field can have, each with its words; empty where there is no such field.
#[must_use]
pub fn values(model: &Model, field: &str) -> Vec<(String, String)> {
    fn list<T: Copy>(all: &[T], words: impl Fn(T) -> (&'static str, &'static str)) -> Vec<(String, String)> {
        all.iter().map(|it| words(*it)).map(|(value, label)| (value.to_owned(), label.to_owned())).collect()
    }
    match field {
        "owner" => options::people(model),
        "segment" => options::segments(model),
        "lifecycle" => list(Lifecycle::ALL, |it| (it.as_str(), it.label())),
        "environment" => list(Environment::ALL, |it| (it.as_str(), it.label())),
        "boundary" => list(Boundary::ALL, |it| (it.as_str(), it.label())),
        _ => Vec::new(),
    }
}

/// What a system has in a field now, as the form writes it.
#[must_use]
pub fn value_of(model: &Model, system: &SystemId, field: &str) -> String {
    let form = model.systems.get(system).map(|it| system_to_form(it)).unwrap_or_default();
    form.into_iter().find(|(name, _)| name == field).map(|(_, value)| value).unwrap_or_default()
}

/// The systems that become different when one field of each gets a value.
///
/// # Errors
/// `Invalid` with the field `set` where there is no such field, `to` where it cannot have the value, `system` where there
/// are none or too many; `NotFound` where one of them is gone.
pub fn changed(model: &Model, systems: &BTreeSet<SystemId>, field: &str, to: &str) -> Result<Vec<Object>, Problem> {
    let Some((name, _)) = FIELDS.iter().find(|(name, _)| *name == field) else {
        return Err(Problem::field("set", FieldCode::NotInList));
    };
    if !values(model, name).iter().any(|(value, _)| value == to) {
        return Err(Problem::field("to", FieldCode::NotInList));
    }
    if systems.is_empty() || systems.len() > MOST {
        return Err(Problem::field("system", FieldCode::NotInList));
    }
    let form = [((*name).to_owned(), to.to_owned())];
    let mut changed = Vec::new();
    for id in systems {
        let before = model.systems.get(id).ok_or(Problem::NotFound)?;
        let after = system_from_form(&form, Some(before), model).map_err(Problem::Invalid)?;
        if after != **before {
            changed.push(Object::System(Arc::new(after)));
        }
    }
    Ok(changed)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::segment::Segment;
    use crate::model::system::System;

    fn model() -> Model {
        let mut model = Model::default();
        for id in ["crm", "till"] {
            model.put(Object::System(Arc::new(System::new(id.into(), id))));
        }
        model.put(Object::Segment(Arc::new(Segment::new("dmz".into(), "DMZ"))));
        model
    }

    fn all() -> BTreeSet<SystemId> {
        BTreeSet::from(["crm".into(), "till".into()])
    }

    #[test]
    fn each_system_changes_in_the_one_field_and_in_nothing_else() {
        let model = model();
        let changed = changed(&model, &all(), "segment", "dmz").unwrap();
        assert_eq!(changed.len(), 2);
        for object in changed {
            let Object::System(after) = object else { panic!("only systems") };
            let mut before = System::clone(&model.systems[&after.id]);
            before.segment = Some("dmz".into());
            assert_eq!(*after, before);
        }
    }

    #[test]
    fn what_has_the_value_already_is_left_out() {
        assert_eq!(changed(&model(), &all(), "lifecycle", "live").unwrap(), []);
        assert_eq!(value_of(&model(), &"crm".into(), "lifecycle"), "live");
    }

    #[test]
    fn only_what_the_lists_offer_can_be_set() {
        let refused = |field, to| changed(&model(), &all(), field, to).unwrap_err();
        assert_eq!(refused("name", "x"), Problem::field("set", FieldCode::NotInList));
        assert_eq!(refused("segment", "nowhere"), Problem::field("to", FieldCode::NotInList));
        let nobody = changed(&model(), &BTreeSet::new(), "segment", "dmz");
        assert_eq!(nobody, Err(Problem::field("system", FieldCode::NotInList)));
    }
}
