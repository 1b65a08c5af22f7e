//! The form of a cryptographic key.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::fields::Fields;
use super::super::new_key;
use super::{Written, name, own_facts};
use crate::id::KeyId;
use crate::model::Model;
use crate::model::credential::Key;
use crate::model::fact::Facts;
use crate::model::object::{Object, ObjectKind};
use crate::model::relations::KeyUse;

pub(super) fn read(fields: &mut Fields<'_>, existing: Option<&Key>, model: &Model) -> Object {
    let mut it = existing.cloned().unwrap_or_else(|| Key {
        id: KeyId::new(""),
        name: String::new(),
        usage: KeyUse::Decrypt,
        holders: BTreeSet::new(),
        p2pe_listed: false,
        attested: false,
        facts: Facts::new(),
    });
    it.name = name(fields, &it.name);
    if existing.is_none() {
        it.id = KeyId::new(new_key(fields, &it.name, "key", |key| model.keys.contains_key(key)));
    }
    it.usage = fields.choice("use", it.usage);
    let holders: Vec<_> = it.holders.iter().cloned().collect();
    it.holders = fields.keys("holders", &holders, |key| model.systems.contains_key(key)).into_iter().collect();
    it.p2pe_listed = fields.yes_or_no("p2pe_listed", it.p2pe_listed);
    it.attested = fields.yes_or_no("attested", it.attested);
    it.facts = own_facts(fields, ObjectKind::Key, &it.facts, model);
    Object::Key(Arc::new(it))
}

pub(super) fn write(it: &Key, form: &mut Written) {
    form.put("name", &it.name);
    form.put("use", it.usage);
    form.several("holders", &it.holders);
    form.yes_or_no("p2pe_listed", it.p2pe_listed);
    form.yes_or_no("attested", it.attested);
}
