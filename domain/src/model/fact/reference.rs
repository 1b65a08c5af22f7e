//! Facts that refer to objects.

use serde_json::Value;

use super::{Attribute, FactType};
use crate::model::Model;
use crate::model::object::{ObjectKind, RecordKey};

/// Whether every key in the value is that of an object of the model. True where the attribute refers to nothing.
#[must_use]
pub fn resolves(attribute: &Attribute, value: &Value, model: &Model) -> bool {
    let known = |kind: ObjectKind, value: &Value| value.as_str().is_some_and(|key| has(model, kind, key));
    match (attribute.kind, value) {
        (FactType::References(kind), Value::Array(keys)) => keys.iter().all(|key| known(kind, key)),
        (FactType::Reference(kind) | FactType::References(kind), key) => known(kind, key),
        _ => true,
    }
}

/// Whether the model has an object of the kind with that key. Parts of objects, links, decisions and the
/// settings have no key of their own by which a fact could name them.
fn has(model: &Model, kind: ObjectKind, key: &str) -> bool {
    match kind {
        ObjectKind::Person => model.people.contains_key(key),
        ObjectKind::Vendor => model.vendors.contains_key(key),
        ObjectKind::Segment => model.segments.contains_key(key),
        ObjectKind::Control => model.controls.contains_key(key),
        ObjectKind::System => model.systems.contains_key(key),
        ObjectKind::Key => model.keys.contains_key(key),
        ObjectKind::Credential => model.credentials.contains_key(key),
        ObjectKind::Flow => model.flows.contains_key(key),
        ObjectKind::Connector
        | ObjectKind::Certificate
        | ObjectKind::TokenDomain
        | ObjectKind::ElementPolicy
        | ObjectKind::Page
        | ObjectKind::Script
        | ObjectKind::AccessGroup
        | ObjectKind::Observation => model.records.contains_key(&RecordKey { kind, id: key.into() }),
        ObjectKind::Settings
        | ObjectKind::Link
        | ObjectKind::Override
        | ObjectKind::Holding
        | ObjectKind::FlowField
        | ObjectKind::Grant => false,
    }
}
