//! The forms of records that are a name and registered facts.

use std::sync::Arc;

use super::super::fields::Fields;
use super::super::new_key;
use super::{name, own_facts};
use crate::id::{RecordId, VendorId};
use crate::model::Model;
use crate::model::fact::Facts;
use crate::model::object::{Object, ObjectKind, Record, RecordKey};
use crate::model::party::Vendor;

pub(super) fn vendor(fields: &mut Fields<'_>, existing: Option<&Vendor>, model: &Model) -> Object {
    let mut it =
        existing.cloned().unwrap_or_else(|| Vendor { id: VendorId::new(""), name: String::new(), facts: Facts::new() });
    it.name = name(fields, &it.name);
    if existing.is_none() {
        it.id = VendorId::new(new_key(fields, &it.name, "vendor", |key| model.vendors.contains_key(key)));
    }
    it.facts = own_facts(fields, ObjectKind::Vendor, &it.facts, model);
    Object::Vendor(Arc::new(it))
}

pub(super) fn record(fields: &mut Fields<'_>, kind: ObjectKind, existing: Option<&Record>, model: &Model) -> Object {
    let mut it = existing.cloned().unwrap_or_else(|| Record {
        key: RecordKey { kind, id: RecordId::new("") },
        name: String::new(),
        facts: Facts::new(),
    });
    it.name = name(fields, &it.name);
    if existing.is_none() {
        let taken = |key: &str| model.records.contains_key(&RecordKey { kind, id: key.into() });
        it.key.id = RecordId::new(new_key(fields, &it.name, kind.as_str(), taken));
    }
    it.facts = own_facts(fields, kind, &it.facts, model);
    Object::Record(Arc::new(it))
}
