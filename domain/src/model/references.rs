//! Who refers to whom: what hangs on an object, and what is left where it goes.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::Model;
use super::element::Holding;
use super::fact::{Fact, FactType, Facts, attribute};
use super::flow::FlowControl;
use super::object::{Object, ObjectKind, ObjectRef, RecordKey, facts_of, facts_of_mut};
use super::system::ManageTarget;
use crate::id::{DomainId, RecordId};

/// One reference of an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// What it names.
    pub to: ObjectRef,
    /// In which way, in the words of forms.
    pub label: &'static str,
    /// The name stands for something that needs no record, such as the tokens of another organisation. It stays where
    /// the record goes.
    pub by_name_only: bool,
}

/// One object that refers to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referrer {
    /// The object.
    pub object: ObjectRef,
    /// In which ways, in the words of forms.
    pub labels: Vec<&'static str>,
    /// It would refer to nothing that exists, and that is all right.
    pub by_name_only: bool,
}

/// What becomes of the others when an object goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Detached {
    /// They refer to it no longer.
    pub changed: Vec<Object>,
    /// They mean nothing without it, such as a link without one of its segments.
    pub removed: Vec<ObjectRef>,
}

impl Model {
    /// Every object that refers to this one, in the order of the objects.
    #[must_use]
    pub fn referrers(&self, to: &ObjectRef) -> Vec<Referrer> {
        let mut referrers = Vec::new();
        for object in self.objects().filter(|object| object.reference() != *to) {
            let references: Vec<Reference> = references_of(&object).into_iter().filter(|it| it.to == *to).collect();
            let mut labels: Vec<&'static str> = Vec::new();
            for reference in &references {
                if !labels.contains(&reference.label) {
                    labels.push(reference.label);
                }
            }
            if !labels.is_empty() {
                let by_name_only = references.iter().all(|it| it.by_name_only);
                referrers.push(Referrer { object: object.reference(), labels, by_name_only });
            }
        }
        referrers
    }

    /// What becomes of the others when this object goes.
    #[must_use]
    pub fn detached_from(&self, gone: &ObjectRef) -> Detached {
        let mut detached = Detached::default();
        let concerned: Vec<ObjectRef> =
            self.referrers(gone).into_iter().filter(|it| !it.by_name_only).map(|it| it.object).collect();
        for reference in concerned {
            if ends_with(&reference, gone, self) {
                detached.removed.push(reference);
            } else if let Some(object) = self.get(&reference) {
                detached.changed.push(without(object, gone));
            }
        }
        detached
    }
}

/// Whether an object means nothing without the other one.
fn ends_with(object: &ObjectRef, gone: &ObjectRef, model: &Model) -> bool {
    match (object, gone) {
        (ObjectRef::Link(key), ObjectRef::Segment(id)) => key.a() == id || key.b() == id,
        (ObjectRef::Override(key), ObjectRef::System(id)) => key.system == *id,
        (ObjectRef::Flow(key), ObjectRef::System(id)) => {
            model.flows.get(key).is_some_and(|flow| flow.from == *id || flow.to == *id)
        }
        _ => false,
    }
}

/// Every reference of an object, in the order of its form. What is named and not there is listed as well.
#[must_use]
pub fn references_of(object: &Object) -> Vec<Reference> {
    let mut found = Found(Vec::new());
    match object {
        Object::System(it) => {
            found.all(it.segment.iter().cloned().map(ObjectRef::Segment), "Segment");
            found.all(it.vendor.iter().cloned().map(ObjectRef::Vendor), "Vendor");
            found.all(it.operated_by.iter().cloned().map(ObjectRef::Vendor), "Operated by");
            found.all(it.copies.iter().map(|copy| ObjectRef::System(copy.from.clone())), "Copies");
            found.all(
                it.copies.iter().filter_map(|copy| copy.encrypt_key.clone()).map(ObjectRef::Key),
                "Encrypts copies",
            );
            for relation in &it.manages {
                match &relation.target {
                    ManageTarget::System(id) => found.one(ObjectRef::System(id.clone()), "Manages"),
                    ManageTarget::Segment(id) => found.one(ObjectRef::Segment(id.clone()), "Manages"),
                }
            }
            found.all(it.controls.iter().map(|key| ObjectRef::Control(key.as_str().into())), "Controls");
            found.domains(it.capabilities.iter().filter_map(|it| it.domain.as_ref()));
            found.holdings(&it.holdings);
        }
        Object::Flow(it) => {
            found.one(ObjectRef::System(it.from.clone()), "From");
            found.one(ObjectRef::System(it.to.clone()), "To");
            found.all(it.via.iter().map(|via| ObjectRef::System(via.node.clone())), "On the way");
            found.all(it.page.iter().cloned().map(ObjectRef::System), "Payment page");
            found.all(it.credential.iter().cloned().map(ObjectRef::Credential), "Credential");
            if let Some(FlowControl::Record(id)) = &it.control {
                found.one(ObjectRef::Control(id.clone()), "Control");
            }
            let connector = it.connector.as_ref().map(|id| record(ObjectKind::Connector, id.as_str()));
            found.all(connector.into_iter(), "Connector");
            found.holdings(&it.fields);
        }
        Object::Link(it) => {
            found.one(ObjectRef::Segment(it.key.a().clone()), "Segment");
            found.one(ObjectRef::Segment(it.key.b().clone()), "Segment");
            found.all(it.control.iter().cloned().map(ObjectRef::Control), "Control");
        }
        Object::Control(it) => {
            found.all(it.between.iter().cloned().map(ObjectRef::Segment), "Separates");
            // The list says keys without kinds, so each may be any of these.
            for key in &it.applies_to {
                for to in [
                    ObjectRef::System(key.as_str().into()),
                    ObjectRef::Flow(key.as_str().into()),
                    ObjectRef::Segment(key.as_str().into()),
                    record(ObjectKind::Page, key),
                ] {
                    found.one(to, "Applies to");
                }
            }
        }
        Object::Key(it) => found.all(it.holders.iter().cloned().map(ObjectRef::System), "Holders"),
        Object::Credential(it) => {
            found.all(it.held_by.iter().cloned().map(ObjectRef::System), "Held by");
            found.all(it.grants.iter().map(|grant| ObjectRef::System(grant.on.clone())), "Grants");
            found.all(it.bound_to.iter().flatten().cloned().map(ObjectRef::System), "Works only from");
            found.domains(it.grants.iter().filter_map(|grant| grant.domain.as_ref()));
        }
        Object::Override(it) => found.one(ObjectRef::System(it.key.system.clone()), "System"),
        Object::Settings(_) | Object::Person(_) | Object::Vendor(_) | Object::Segment(_) | Object::Record(_) => {}
    }
    for (kind, facts) in facts_of(object) {
        found.facts(kind, facts);
    }
    found.0
}

struct Found(Vec<Reference>);

impl Found {
    fn one(&mut self, to: ObjectRef, label: &'static str) {
        self.0.push(Reference { to, label, by_name_only: false });
    }

    fn all(&mut self, them: impl Iterator<Item = ObjectRef>, label: &'static str) {
        them.for_each(|to| self.one(to, label));
    }

    fn domains<'a>(&mut self, domains: impl Iterator<Item = &'a DomainId>) {
        for domain in domains {
            let to = record(ObjectKind::TokenDomain, domain.as_str());
            self.0.push(Reference { to, label: "Token domain", by_name_only: true });
        }
    }

    fn holdings(&mut self, holdings: &[Holding]) {
        self.all(holdings.iter().filter_map(|it| it.key.clone()).map(ObjectRef::Key), "Key of an element");
        self.domains(holdings.iter().filter_map(|it| it.domain.as_ref()));
    }

    fn facts(&mut self, kind: ObjectKind, facts: &Facts) {
        for (name, fact) in facts {
            let Some(attribute) = attribute(kind, name) else { continue };
            let (FactType::Reference(to) | FactType::References(to)) = attribute.kind else { continue };
            for key in texts(&fact.value) {
                if let Some(to) = ObjectRef::of(to, key) {
                    self.one(to, attribute.label);
                }
            }
        }
    }
}

fn record(kind: ObjectKind, key: &str) -> ObjectRef {
    ObjectRef::Record(RecordKey { kind, id: RecordId::new(key) })
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

/// The object without every reference to what is gone that can be taken away.
fn without(mut object: Object, gone: &ObjectRef) -> Object {
    let key = gone.key();
    match &mut object {
        Object::System(it) => {
            let it = Arc::make_mut(it);
            match gone {
                ObjectRef::Segment(id) => {
                    it.segment.take_if(|segment| segment == id);
                    it.manages.retain(|relation| relation.target != ManageTarget::Segment(id.clone()));
                }
                ObjectRef::Vendor(id) => {
                    it.vendor.take_if(|vendor| vendor == id);
                    it.operated_by.take_if(|vendor| vendor == id);
                }
                ObjectRef::System(id) => {
                    it.copies.retain(|copy| copy.from != *id);
                    it.manages.retain(|relation| relation.target != ManageTarget::System(id.clone()));
                }
                ObjectRef::Control(_) => it.controls.retain(|control| *control != key),
                ObjectRef::Key(id) => {
                    for copy in &mut it.copies {
                        copy.encrypt_key.take_if(|key| key == id);
                    }
                    it.holdings.iter_mut().for_each(|holding| drop(holding.key.take_if(|key| key == id)));
                }
                _ => {}
            }
        }
        Object::Flow(it) => {
            let it = Arc::make_mut(it);
            match gone {
                ObjectRef::System(id) => {
                    it.via.retain(|via| via.node != *id);
                    it.page.take_if(|page| page == id);
                }
                ObjectRef::Credential(id) => drop(it.credential.take_if(|credential| credential == id)),
                ObjectRef::Control(id) => {
                    it.control.take_if(|control| *control == FlowControl::Record(id.clone()));
                }
                ObjectRef::Key(id) => it.fields.iter_mut().for_each(|field| drop(field.key.take_if(|key| key == id))),
                ObjectRef::Record(record) if record.kind == ObjectKind::Connector => {
                    it.connector.take_if(|connector| connector.as_str() == record.id.as_str());
                }
                _ => {}
            }
        }
        Object::Link(it) => {
            if let ObjectRef::Control(id) = gone {
                Arc::make_mut(it).control.take_if(|control| control == id);
            }
        }
        Object::Control(it) => {
            let it = Arc::make_mut(it);
            if let ObjectRef::Segment(id) = gone {
                it.between.retain(|segment| segment != id);
            }
            it.applies_to.retain(|object| *object != key);
        }
        Object::Key(it) => {
            if let ObjectRef::System(id) = gone {
                Arc::make_mut(it).holders.remove(id);
            }
        }
        Object::Credential(it) => {
            if let ObjectRef::System(id) = gone {
                let it = Arc::make_mut(it);
                it.held_by.remove(id);
                it.grants.retain(|grant| grant.on != *id);
                if let Some(bound_to) = &mut it.bound_to {
                    bound_to.remove(id);
                }
            }
        }
        Object::Settings(_)
        | Object::Person(_)
        | Object::Vendor(_)
        | Object::Segment(_)
        | Object::Override(_)
        | Object::Record(_) => {}
    }
    for (kind, facts) in facts_of_mut(&mut object) {
        without_in_facts(kind, facts, gone);
    }
    object
}

fn without_in_facts(kind: ObjectKind, facts: &mut Facts, gone: &ObjectRef) {
    let key = gone.key();
    let names: BTreeSet<String> = facts
        .iter()
        .filter(|(name, fact)| {
            attribute(kind, name).is_some_and(|attribute| {
                matches!(attribute.kind, FactType::Reference(to) | FactType::References(to) if to == gone.kind())
            }) && texts(&fact.value).contains(&key.as_str())
        })
        .map(|(name, _)| name.clone())
        .collect();
    for name in names {
        let left: Vec<Value> = match facts.get(&name).map(|fact| &fact.value) {
            Some(Value::Array(items)) => items.iter().filter(|it| it.as_str() != Some(&key)).cloned().collect(),
            _ => Vec::new(),
        };
        if left.is_empty() {
            facts.remove(&name);
        } else {
            facts.insert(name, Fact::of(Value::Array(left)));
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;

    fn model() -> Model {
        let text = r#"{"segments":[{"id":"cde"},{"id":"dmz"}],
            "segment_links":[{"a":"cde","b":"dmz","policy":"filtered","control":"fw"}],
            "controls":[{"id":"fw","type":"firewall","between":["cde","dmz"],"applies_to":["till"]}],
            "systems":[{"id":"till","segment":"cde","controls":["fw"],
                "holdings":[{"element":"pan","form":"encrypted","key":"k"}]},
                {"id":"admin","manages":[{"target":"segment:cde","how":"admin"}]}],
            "keys":[{"id":"k","holders":["till"]}],
            "credentials":[{"id":"c","held_by":["admin"],"grants":[{"on":"till","priv":"admin"}]}],
            "flows":[{"id":"f","from":"admin","to":"till","credential":"c"}]}"#;
        read_json(text.as_bytes()).unwrap().0
    }

    fn keys(objects: &[Object]) -> Vec<String> {
        objects.iter().map(|it| format!("{} {}", it.reference().kind(), it.reference().key())).collect()
    }

    #[test]
    fn everything_that_names_a_segment_is_listed_with_its_way() {
        let found: Vec<(String, Vec<&str>)> = model()
            .referrers(&ObjectRef::Segment("cde".into()))
            .into_iter()
            .map(|it| (it.object.key(), it.labels))
            .collect();
        let expected = [("fw", "Separates"), ("cde/dmz", "Segment"), ("admin", "Manages"), ("till", "Segment")];
        assert_eq!(found, expected.map(|(key, label)| (key.to_owned(), vec![label])));
    }

    #[test]
    fn what_means_nothing_without_a_segment_goes_with_it_and_the_rest_forgets_it() {
        let detached = model().detached_from(&ObjectRef::Segment("cde".into()));
        assert_eq!(
            detached.removed,
            [ObjectRef::Link(crate::model::segment::LinkKey::new("cde".into(), "dmz".into()))]
        );
        assert_eq!(keys(&detached.changed), ["control fw", "system admin", "system till"]);
        let mut after = model();
        detached.changed.into_iter().for_each(|object| after.put(object));
        detached.removed.iter().for_each(|object| after.remove(object));
        after.remove(&ObjectRef::Segment("cde".into()));
        assert!(after.referrers(&ObjectRef::Segment("cde".into())).is_empty());
    }

    #[test]
    fn nothing_refers_to_what_was_detached_whatever_it_is() {
        let sample = {
            let mut sample = model();
            crate::model::sample::sample("2026-11-21".parse().unwrap())
                .into_iter()
                .for_each(|object| sample.put(object));
            sample
        };
        for gone in sample.objects().map(|object| object.reference()) {
            let detached = sample.detached_from(&gone);
            let mut after = sample.clone();
            detached.changed.into_iter().for_each(|object| after.put(object));
            detached.removed.iter().for_each(|object| after.remove(object));
            after.remove(&gone);
            let left: Vec<_> = after.referrers(&gone).into_iter().filter(|it| !it.by_name_only).collect();
            assert!(left.is_empty(), "{gone:?}: {left:?}");
        }
    }

    #[test]
    fn a_token_domain_is_named_and_stays_a_name_without_its_record() {
        let text = r#"{"systems":[{"id":"v","capabilities":[{"type":"vault","domain":"own"}]}]}"#;
        let model = read_json(text.as_bytes()).unwrap().0;
        let own = record(ObjectKind::TokenDomain, "own");
        assert!(model.referrers(&own).iter().all(|it| it.by_name_only));
        assert_eq!(model.detached_from(&own), Detached::default());
    }
}
