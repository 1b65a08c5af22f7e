//! The objects that come, go or change.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::export::difference::{Change, change};
use crate::model::Model;
use crate::model::object::{Object, ObjectKind, ObjectRef};

/// An object that comes, goes or changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectChange {
    /// Which object.
    pub object: ObjectRef,
    /// What people call it now, or called it where it is gone.
    pub name: String,
    /// What happens to it.
    #[serde(flatten)]
    pub change: Change,
}

/// The kinds of objects in the order in which they are told: what most changes are about comes first.
const ORDER: [ObjectKind; 19] = [
    ObjectKind::System,
    ObjectKind::Flow,
    ObjectKind::Segment,
    ObjectKind::Link,
    ObjectKind::Control,
    ObjectKind::Credential,
    ObjectKind::Key,
    ObjectKind::Vendor,
    ObjectKind::Connector,
    ObjectKind::TokenDomain,
    ObjectKind::Certificate,
    ObjectKind::Page,
    ObjectKind::Script,
    ObjectKind::ElementPolicy,
    ObjectKind::AccessGroup,
    ObjectKind::Observation,
    ObjectKind::Override,
    ObjectKind::Person,
    ObjectKind::Settings,
];

/// What differs between two models, systems and flows first, then by key.
pub(super) fn changes(before: &Model, after: &Model) -> Vec<ObjectChange> {
    let mut all = Vec::new();
    let mut told = |before: Option<Object>, after: Option<Object>| all.extend(told(before, after));
    let settings = |model: &Model| Some(Object::Settings(Arc::new(model.settings.clone())));
    if before.settings != after.settings {
        told(settings(before), settings(after));
    }
    compare(&before.people, &after.people, Object::Person, &mut told);
    compare(&before.vendors, &after.vendors, Object::Vendor, &mut told);
    compare(&before.segments, &after.segments, Object::Segment, &mut told);
    compare(&before.controls, &after.controls, Object::Control, &mut told);
    compare(&before.links, &after.links, Object::Link, &mut told);
    compare(&before.systems, &after.systems, Object::System, &mut told);
    compare(&before.keys, &after.keys, Object::Key, &mut told);
    compare(&before.credentials, &after.credentials, Object::Credential, &mut told);
    compare(&before.records, &after.records, Object::Record, &mut told);
    compare(&before.flows, &after.flows, Object::Flow, &mut told);
    compare(&before.overrides, &after.overrides, Object::Override, &mut told);
    all.sort_by(|one, other| (rank(&one.object), &one.object).cmp(&(rank(&other.object), &other.object)));
    all
}

/// Tells every pair of objects that are not equal. Both maps are walked once.
fn compare<K: Ord, T: PartialEq>(
    before: &BTreeMap<K, Arc<T>>,
    after: &BTreeMap<K, Arc<T>>,
    object: impl Fn(Arc<T>) -> Object,
    tell: &mut impl FnMut(Option<Object>, Option<Object>),
) {
    let object = |it: &Arc<T>| object(Arc::clone(it));
    for (key, was) in before {
        match after.get(key) {
            // Revisions share what they do not touch.
            Some(is) if Arc::ptr_eq(was, is) || was == is => {}
            is => tell(Some(object(was)), is.map(&object)),
        }
    }
    for (_, is) in after.iter().filter(|(key, _)| !before.contains_key(key)) {
        tell(None, Some(object(is)));
    }
}

fn told(before: Option<Object>, after: Option<Object>) -> Option<ObjectChange> {
    let object = after.as_ref().or(before.as_ref())?;
    let (object, name) = (object.reference(), name(object));
    let change = match (before, after) {
        (Some(before), Some(after)) => change(&before, &after)?,
        (None, _) => Change::Added,
        (_, None) => Change::Removed,
    };
    Some(ObjectChange { object, name, change })
}

fn rank(object: &ObjectRef) -> usize {
    let kind = object.kind();
    ORDER.iter().position(|it| *it == kind).unwrap_or(ORDER.len())
}

/// What people call an object; its key where it has no name.
fn name(object: &Object) -> String {
    let name = match object {
        Object::Settings(_) => "Settings",
        Object::Person(it) => &it.name,
        Object::Vendor(it) => &it.name,
        Object::Segment(it) => &it.name,
        Object::Control(it) => &it.name,
        Object::Key(it) => &it.name,
        Object::System(it) => &it.name,
        Object::Credential(it) => &it.name,
        Object::Flow(it) => &it.name,
        Object::Record(it) => &it.name,
        Object::Link(_) | Object::Override(_) => "",
    };
    if name.is_empty() { object.reference().key() } else { name.to_owned() }
}
