//! Settings, people, vendors, and records that consist of facts.

use std::sync::Arc;

use super::conversion::{Conversion, Part, Words};
use crate::id::PersonId;
use crate::model::file::{PersonShape, RecordShape, SettingsShape};
use crate::model::object::{ObjectKind, Record, RecordKey};
use crate::model::party::{PartyKind, Person, Vendor};
use crate::model::settings::Settings;

impl Conversion {
    pub(super) fn settings(&mut self, shape: SettingsShape) {
        self.begin(Part::Settings, "settings");
        let absent = Settings::default();
        self.model.settings = Settings {
            view: shape.view.unwrap_or(absent.view),
            strict_flat: shape.strict_flat.unwrap_or(false),
            as_of: shape.as_of.unwrap_or(absent.as_of),
            service_provider: shape.service_provider.unwrap_or(false),
            facts: self.facts(ObjectKind::Settings, None, shape.rest, &shape.fact_details),
        };
    }

    pub(super) fn person<T: Words>(&mut self, shape: PersonShape<T>) {
        let Some(id) = self.id(shape.id, |it, id| it.model.people.contains_key(id)) else { return };
        let facts = self.facts(ObjectKind::Person, None, shape.rest, &shape.fact_details);
        let person = Person {
            name: named(shape.name, &id),
            id: PersonId::new(id.as_ref()),
            kind: shape.kind.unwrap_or(PartyKind::Person),
            mail: shape.mail.map(Into::into),
            function: shape.function.map(Into::into),
            facts,
        };
        self.model.people.insert(person.id.clone(), Arc::new(person));
    }

    pub(super) fn vendor<T: Words>(&mut self, shape: RecordShape<T>) {
        let Some(id) = self.id(shape.id, |it, id| it.model.vendors.contains_key(id)) else { return };
        let facts = self.facts(ObjectKind::Vendor, None, shape.rest, &shape.fact_details);
        let vendor = Vendor { name: named(shape.name, &id), id: self.key(id), facts };
        self.model.vendors.insert(vendor.id.clone(), Arc::new(vendor));
    }

    pub(super) fn record<T: Words>(&mut self, kind: ObjectKind, shape: RecordShape<T>) {
        let key = |id: &str| RecordKey { kind, id: id.into() };
        let Some(id) = self.id(shape.id, |it, id| it.model.records.contains_key(&key(id))) else { return };
        let facts = self.facts(kind, None, shape.rest, &shape.fact_details);
        let record = Record { key: key(id.as_ref()), name: named(shape.name, &id), facts };
        self.model.records.insert(record.key.clone(), Arc::new(record));
    }
}

/// The name of an object; its key where nobody gave a name.
pub(super) fn named<T: Words>(name: Option<T>, id: &T) -> String {
    name.map_or_else(|| id.as_ref().to_owned(), Into::into)
}
