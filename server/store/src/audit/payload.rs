//! What lies beside an entry: before and after as canonical JSON, without personal data.
//!
//! Names, addresses and free text enter the payload only as the hash of a salt and the value. Value and salt
//! stand in a table of their own, so that a person can be erased and the chain stays whole.

use domain::command::Change;
use domain::model::Model;
use domain::model::fact::{FactType, attribute};
use domain::model::object::{Object, ObjectKind};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::canonical;
use crate::clock::random;
use crate::error::StoreError;

/// A payload with the values that it names by their hash only.
#[derive(Debug)]
pub(crate) struct Payload {
    pub(crate) text: String,
    pub(crate) personal: Vec<Personal>,
}

/// A value that can be erased.
#[derive(Debug)]
pub(crate) struct Personal {
    pub(crate) salt: [u8; 32],
    pub(crate) value: String,
}

impl Personal {
    /// SHA-256 of salt and value, in lower-case hexadecimal.
    pub(crate) fn hash(salt: &[u8], value: &str) -> String {
        hex::encode(Sha256::new().chain_update(salt).chain_update(value).finalize())
    }
}

impl Payload {
    /// A payload without personal data.
    pub(crate) fn plain(value: &Value) -> Self {
        Self { text: canonical::text(value), personal: Vec::new() }
    }

    /// A payload of which some members are personal.
    pub(crate) fn with_personal(value: &Value, personal: &[(&str, &str)]) -> Result<Self, StoreError> {
        let mut salting = Salting::default();
        let mut members = value.as_object().cloned().unwrap_or_default();
        for (name, value) in personal {
            members.insert((*name).to_owned(), salting.salted(value)?);
        }
        Ok(salting.payload(&Value::Object(members)))
    }

    /// What a change did to each object; `source` is the name of the file that it came from.
    pub(crate) fn of_change(before: &Model, change: &Change, source: Option<&str>) -> Result<Self, StoreError> {
        let mut salting = Salting::default();
        let mut changes = Vec::new();
        for object in &change.puts {
            let reference = object.reference();
            let earlier = before.get(&reference);
            changes.push(json!({
                "kind": reference.kind(),
                "key": reference.key(),
                "before": salting.object(earlier.as_ref())?,
                "after": salting.object(Some(object))?,
            }));
        }
        for reference in &change.removals {
            let earlier = before.get(reference);
            changes.push(json!({
                "kind": reference.kind(),
                "key": reference.key(),
                "before": salting.object(earlier.as_ref())?,
                "after": null,
            }));
        }
        let mut members = Map::new();
        members.insert("changes".to_owned(), Value::Array(changes));
        if let Some(source) = source {
            members.insert("source".to_owned(), salting.salted(source)?);
        }
        Ok(salting.payload(&Value::Object(members)))
    }

    /// SHA-256 of the text, in lower-case hexadecimal.
    pub(crate) fn hash(text: &str) -> String {
        hex::encode(Sha256::digest(text))
    }
}

/// Replaces personal values by their salted hash.
#[derive(Default)]
struct Salting(Vec<Personal>);

impl Salting {
    fn payload(self, value: &Value) -> Payload {
        Payload { text: canonical::text(value), personal: self.0 }
    }

    fn salted(&mut self, value: &str) -> Result<Value, StoreError> {
        let personal = Personal { salt: random()?, value: value.to_owned() };
        let hash = Personal::hash(&personal.salt, &personal.value);
        self.0.push(personal);
        Ok(json!({ "salted": hash }))
    }

    fn object(&mut self, object: Option<&Object>) -> Result<Value, StoreError> {
        let Some(object) = object else {
            return Ok(Value::Null);
        };
        let kind = object.reference().kind();
        let mut value = serde_json::to_value(object)?;
        let personal: &[&str] = match kind {
            ObjectKind::Person => &["name", "mail", "function"],
            ObjectKind::Override => &["justification", "author", "approver"],
            _ => &[],
        };
        for name in personal {
            if let Some(member) = value.get_mut(*name) {
                self.replace(member)?;
            }
        }
        self.facts(kind, &mut value)?;
        for (part, kind) in
            [("holdings", ObjectKind::Holding), ("fields", ObjectKind::FlowField), ("grants", ObjectKind::Grant)]
        {
            for part in value.get_mut(part).and_then(Value::as_array_mut).into_iter().flatten() {
                self.facts(kind, part)?;
            }
        }
        Ok(value)
    }

    /// Of the facts, only what cannot be free text stays readable.
    fn facts(&mut self, kind: ObjectKind, owner: &mut Value) -> Result<(), StoreError> {
        for (name, fact) in owner.get_mut("facts").and_then(Value::as_object_mut).into_iter().flatten() {
            let readable = attribute(kind, name).is_some_and(|attribute| match attribute.kind {
                FactType::Bool
                | FactType::Integer(_)
                | FactType::Integers(_)
                | FactType::Day
                | FactType::Instant
                | FactType::Choice(_)
                | FactType::Choices(_)
                | FactType::Reference(_)
                | FactType::References(_)
                | FactType::Evidence => true,
                FactType::Text | FactType::LongText | FactType::Texts | FactType::Structure => false,
            });
            if let Some(value) = fact.get_mut("value").filter(|_| !readable) {
                self.replace(value)?;
            }
            if let Some(source) = fact.get_mut("source") {
                self.replace(source)?;
            }
        }
        Ok(())
    }

    fn replace(&mut self, member: &mut Value) -> Result<(), StoreError> {
        match member {
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
            Value::String(text) => *member = self.salted(&std::mem::take(text))?,
            Value::Array(_) | Value::Object(_) => *member = self.salted(&canonical::text(member))?,
        }
        Ok(())
    }
}
