//! What a model file makes of the model.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Draft, person, vendor};
use crate::id::SegmentId;
use crate::import::model_facts::created_references;
use crate::model::Model;
use crate::model::object::{Object, ObjectKind};
use crate::model::segment::Segment;
use crate::model::system::System;

impl Draft<'_> {
    /// All objects of a model file. Two things stay the workspace's own: the day, and that a system is declared.
    pub(super) fn model_file(&mut self, file: &Model, states_settings: bool) {
        let mut named: BTreeSet<(ObjectKind, String)> = BTreeSet::new();
        for object in file.objects() {
            named.extend(created_references(&object));
            let object = match object {
                Object::Settings(_) if !states_settings => continue,
                Object::Settings(settings) => {
                    let mut settings = Arc::unwrap_or_clone(settings);
                    settings.as_of = self.model.settings.as_of;
                    // A file only adds: a fact that it does not state stays as it is.
                    for (name, fact) in &self.model.settings.facts {
                        settings.facts.entry(name.clone()).or_insert_with(|| fact.clone());
                    }
                    Object::Settings(Arc::new(settings))
                }
                Object::System(system) => {
                    let vendors = system.vendor.iter().chain(&system.operated_by);
                    named.extend(vendors.map(|it| (ObjectKind::Vendor, it.to_string())));
                    let declared = self.model.systems.get(&system.id).is_some_and(|stored| !stored.undeclared);
                    let mut system = System::clone(&system);
                    system.undeclared &= !declared && !self.choices.confirmed.contains(&system.id);
                    if system.undeclared {
                        self.undeclared.insert(system.id.clone());
                    }
                    Object::System(Arc::new(system))
                }
                object => object,
            };
            self.put(object, None);
        }
        for (kind, key) in named {
            self.stub(file, kind, &key);
        }
    }

    /// Like a segment, a vendor or a person that a model file names but does not declare is created.
    fn stub(&mut self, file: &Model, kind: ObjectKind, key: &str) {
        let known = |model: &Model| match kind {
            ObjectKind::Vendor => model.vendors.contains_key(key),
            ObjectKind::Person => model.people.contains_key(key),
            _ => model.segments.contains_key(key),
        };
        if known(file) || known(self.model) {
            return;
        }
        let object = match kind {
            ObjectKind::Vendor => Object::Vendor(Arc::new(vendor(key, key))),
            ObjectKind::Person => Object::Person(Arc::new(person(key, key))),
            _ => Object::Segment(Arc::new(Segment::new(SegmentId::new(key), key))),
        };
        self.put(object, None);
    }
}
