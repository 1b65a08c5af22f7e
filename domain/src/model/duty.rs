//! What a person answers for: every fact that names them as somebody who has to act.
//!
//! Who approved, granted or authorised something in the past is a record of what happened, not a duty: it stays as it
//! is when the person goes.

use serde_json::Value;

use super::Model;
use super::fact::{Attribute, Fact, FactType, attribute};
use super::object::{Object, ObjectKind, ObjectRef, facts_of, facts_of_mut};
use crate::id::PersonId;

/// One thing that a person answers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The object.
    pub object: ObjectRef,
    /// What people call it.
    pub name: String,
    /// In which way: the attribute that names the person.
    pub attribute: &'static Attribute,
}

/// Whether an attribute says who has to act from now on: not who once decided, and not who belongs to a group.
#[must_use]
pub fn is_duty(attribute: &Attribute) -> bool {
    names_people(attribute) && !attribute.name.ends_with("_by") && !is_group(attribute)
}

fn names_people(attribute: &Attribute) -> bool {
    matches!(attribute.kind, FactType::Reference(ObjectKind::Person) | FactType::References(ObjectKind::Person))
}

fn is_group(attribute: &Attribute) -> bool {
    names_people(attribute) && attribute.name == "members"
}

impl Model {
    /// Everything that the person answers for, in the order of the objects; an object once for each way.
    #[must_use]
    pub fn duties_of(&self, person: &PersonId) -> Vec<Duty> {
        let mut duties = Vec::new();
        for object in self.objects() {
            let (reference, before) = (object.reference(), duties.len());
            for (kind, facts) in facts_of(&object) {
                for attribute in facts.iter().filter_map(|(name, fact)| named(kind, name, fact, person)) {
                    let known = duties[before..].iter().any(|duty: &Duty| duty.attribute == attribute);
                    if is_duty(attribute) && !known {
                        duties.push(Duty { object: reference.clone(), name: object.name(), attribute });
                    }
                }
            }
        }
        duties
    }

    /// The objects that change when somebody else takes over what a person answers for.
    #[must_use]
    pub fn reassigned(&self, from: &PersonId, to: &PersonId) -> Vec<Object> {
        self.replaced(from, Some(to), is_duty)
    }

    /// The objects that change when a person is no longer there: what they answered for goes to somebody else, and no
    /// group has them as a member.
    #[must_use]
    pub fn without_person(&self, person: &PersonId, to: Option<&PersonId>) -> Vec<Object> {
        let mut after = self.clone();
        for object in self.replaced(person, to, is_duty) {
            after.put(object);
        }
        for object in after.replaced(person, None, is_group) {
            after.put(object);
        }
        let own = ObjectRef::Person(person.clone());
        after.objects().filter(|it| it.reference() != own && self.get(&it.reference()).as_ref() != Some(it)).collect()
    }

    fn replaced(&self, from: &PersonId, to: Option<&PersonId>, which: fn(&Attribute) -> bool) -> Vec<Object> {
        let concerned = |object: &Object| {
            facts_of(object)
                .into_iter()
                .any(|(kind, facts)| facts.iter().filter_map(|(name, fact)| named(kind, name, fact, from)).any(which))
        };
        let mut objects: Vec<Object> = self.objects().filter(concerned).collect();
        for object in &mut objects {
            for (kind, facts) in facts_of_mut(object) {
                let names: Vec<String> = facts
                    .iter()
                    .filter(|(name, fact)| named(kind, name, fact, from).is_some_and(which))
                    .map(|(name, _)| name.clone())
                    .collect();
                for name in names {
                    let value = facts.get(&name).and_then(|fact| in_place_of(&fact.value, from, to));
                    match value {
                        Some(value) => drop(facts.insert(name, Fact::of(value))),
                        None => drop(facts.remove(&name)),
                    }
                }
            }
        }
        objects
    }
}

/// The attribute, where the fact names the person.
fn named(kind: ObjectKind, name: &str, fact: &Fact, person: &PersonId) -> Option<&'static Attribute> {
    let is_person = |value: &Value| value.as_str() == Some(person.as_str());
    let names = match &fact.value {
        Value::Array(people) => people.iter().any(is_person),
        value => is_person(value),
    };
    attribute(kind, name).filter(|attribute| names && names_people(attribute))
}

/// The value with another person, or without this one; `None` where nobody is left.
fn in_place_of(value: &Value, from: &PersonId, to: Option<&PersonId>) -> Option<Value> {
    let Value::Array(people) = value else {
        return to.map(|to| Value::from(to.as_str()));
    };
    let mut after: Vec<Value> = Vec::new();
    for person in people {
        let person = if person.as_str() == Some(from.as_str()) {
            to.map(|to| Value::from(to.as_str()))
        } else {
            Some(person.clone())
        };
        after.extend(person.filter(|person| !after.contains(person)));
    }
    (!after.is_empty()).then_some(Value::Array(after))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::id::{SystemId, VendorId};
    use crate::model::fact::Facts;
    use crate::model::party::{PartyKind, Person, Vendor};
    use crate::model::system::System;
    use serde_json::json;

    fn person(key: &str, kind: PartyKind) -> Person {
        let id = PersonId::new(key);
        Person { id, name: key.to_owned(), kind, mail: None, function: None, facts: Facts::new() }
    }

    fn model() -> Model {
        let mut model = Model::default();
        for key in ["lead", "deputy"] {
            model.put(Object::Person(Arc::new(person(key, PartyKind::Person))));
        }
        let mut team = person("payments", PartyKind::Team);
        team.facts.insert("members".to_owned(), Fact::of(json!(["lead", "deputy"])));
        model.put(Object::Person(Arc::new(team)));
        let mut system = System::new(SystemId::new("till"), "Till");
        system.facts.insert("owner".to_owned(), Fact::of(json!("lead")));
        system.facts.insert("access_review_by".to_owned(), Fact::of(json!("lead")));
        model.put(Object::System(Arc::new(system)));
        let facts = Facts::from([("owner".to_owned(), Fact::of(json!("deputy")))]);
        model.put(Object::Vendor(Arc::new(Vendor { id: VendorId::new("bank"), name: "Bank".to_owned(), facts })));
        model
    }

    #[test]
    fn a_duty_is_what_names_a_person_from_now_on() {
        let duties = model().duties_of(&PersonId::new("lead"));
        let found: Vec<_> = duties.iter().map(|duty| (duty.name.as_str(), duty.attribute.name)).collect();
        assert_eq!(found, [("Till", "owner")]);
    }

    #[test]
    fn who_takes_over_owns_and_what_was_decided_stays() {
        let model = model();
        let changed = model.reassigned(&PersonId::new("lead"), &PersonId::new("deputy"));
        let [Object::System(till)] = changed.as_slice() else { panic!("{changed:?}") };
        assert_eq!(till.facts["owner"].value, json!("deputy"));
        assert_eq!(till.facts["access_review_by"].value, json!("lead"));
    }

    #[test]
    fn a_person_who_goes_leaves_their_groups() {
        let model = model();
        let changed = model.without_person(&PersonId::new("lead"), Some(&PersonId::new("deputy")));
        let keys: Vec<_> = changed.iter().map(|object| object.reference().key()).collect();
        assert_eq!(keys, ["payments", "till"]);
        let Object::Person(team) = &changed[0] else { panic!("{changed:?}") };
        assert_eq!(team.facts["members"].value, json!(["deputy"]));
        let alone = model.without_person(&PersonId::new("lead"), None);
        let Object::System(till) = &alone[1] else { panic!("{alone:?}") };
        assert!(!till.facts.contains_key("owner"));
    }

    #[test]
    fn in_a_list_nobody_stands_twice() {
        let both = json!(["lead", "deputy"]);
        let deputy = PersonId::new("deputy");
        assert_eq!(in_place_of(&both, &PersonId::new("lead"), Some(&deputy)), Some(json!(["deputy"])));
        assert_eq!(in_place_of(&json!(["lead"]), &PersonId::new("lead"), None), None);
    }
}
