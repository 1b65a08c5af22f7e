//! The key of a record as one part of an address, which leads back to it.

use crate::model::Model;
use crate::model::object::{Object, ObjectKind, ObjectRef};

use super::Kind;

/// The key of a record in addresses. That of a link names both of its segments, divided by `~`; that of a decision names
/// the system and the number of the decision.
#[must_use]
pub fn address(object: &ObjectRef) -> String {
    match object {
        ObjectRef::Link(key) => format!("{}~{}", part(key.a().as_str()), part(key.b().as_str())),
        ObjectRef::Override(key) => format!("{}~{}", part(key.system.as_str()), key.number),
        other => other.key(),
    }
}

/// The record that an address names.
#[must_use]
pub fn find(kind: &'static Kind, key: &str, model: &Model) -> Option<Object> {
    match ObjectRef::of(kind.object, key) {
        Some(reference) => model.get(&reference),
        None => kind.records(model).find(|object| address(&object.reference()) == key),
    }
}

/// The object of a kind with a key as the audit trail writes it, whatever its key is made of.
#[must_use]
pub fn object_of(kind: ObjectKind, key: &str, model: &Model) -> Option<Object> {
    match ObjectRef::of(kind, key) {
        Some(reference) => model.get(&reference),
        None => model.objects().find(|object| {
            let reference = object.reference();
            reference.kind() == kind && reference.key() == key
        }),
    }
}

/// A key that holds no divider, and from which the key can be read again.
fn part(key: &str) -> String {
    key.replace('%', "%25").replace('~', "%7E")
}
