//! Any object of the model: how changes, revisions, tables and the audit trail speak of one.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Model;
use super::credential::{Credential, Key};
use super::fact::Facts;
use super::flow::Flow;
use super::party::{Person, Vendor};
use super::segment::{Control, Link, LinkKey, Segment};
use super::settings::{Override, OverrideKey, Settings};
use super::system::System;
use crate::id::{ControlId, CredentialId, FlowId, KeyId, PersonId, RecordId, SegmentId, SystemId, VendorId};
use crate::text::text_enum;

text_enum! {
    /// The kinds of objects of a model, and of parts of them that carry facts.
    ObjectKind {
        Settings = "settings": "Settings",
        Person = "person": "Person or team",
        Vendor = "vendor": "Vendor",
        Segment = "segment": "Segment",
        Control = "control": "Control",
        Link = "link": "Link",
        System = "system": "System",
        Key = "key": "Key",
        Credential = "credential": "Credential",
        Flow = "flow": "Flow",
        Override = "override": "Override",
        Connector = "connector": "Connector",
        Certificate = "certificate": "Certificate",
        TokenDomain = "token_domain": "Token domain",
        ElementPolicy = "element_policy": "Element policy",
        Page = "page": "Payment page",
        Script = "script": "Script",
        AccessGroup = "access_group": "Access group",
        /// What a source saw, beside what is declared.
        Observation = "observation": "Source of observations",
        /// An element on a system; part of a system.
        Holding = "holding": "Holding",
        /// An element on a flow; part of a flow.
        FlowField = "flow_field": "Field on a flow",
        /// A grant; part of a credential.
        Grant = "grant": "Grant",
    }
}

/// Which object: its kind and its key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ObjectRef {
    /// The settings.
    Settings,
    /// A person or team.
    Person(PersonId),
    /// A vendor.
    Vendor(VendorId),
    /// A segment.
    Segment(SegmentId),
    /// A control.
    Control(ControlId),
    /// A link.
    Link(LinkKey),
    /// A key.
    Key(KeyId),
    /// A system.
    System(SystemId),
    /// A credential.
    Credential(CredentialId),
    /// A flow.
    Flow(FlowId),
    /// An override.
    Override(OverrideKey),
    /// A record of facts.
    Record(RecordKey),
}

impl ObjectRef {
    /// The object of a kind with a key. `None` of kinds whose key is more than one text, of parts and of the settings.
    #[must_use]
    pub fn of(kind: ObjectKind, key: &str) -> Option<Self> {
        Some(match kind {
            ObjectKind::Person => Self::Person(key.into()),
            ObjectKind::Vendor => Self::Vendor(key.into()),
            ObjectKind::Segment => Self::Segment(key.into()),
            ObjectKind::Control => Self::Control(key.into()),
            ObjectKind::System => Self::System(key.into()),
            ObjectKind::Key => Self::Key(key.into()),
            ObjectKind::Credential => Self::Credential(key.into()),
            ObjectKind::Flow => Self::Flow(key.into()),
            ObjectKind::Connector
            | ObjectKind::Certificate
            | ObjectKind::TokenDomain
            | ObjectKind::ElementPolicy
            | ObjectKind::Page
            | ObjectKind::Script
            | ObjectKind::AccessGroup
            | ObjectKind::Observation => Self::Record(RecordKey { kind, id: key.into() }),
            ObjectKind::Settings
            | ObjectKind::Link
            | ObjectKind::Override
            | ObjectKind::Holding
            | ObjectKind::FlowField
            | ObjectKind::Grant => return None,
        })
    }

    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> ObjectKind {
        match self {
            Self::Settings => ObjectKind::Settings,
            Self::Person(_) => ObjectKind::Person,
            Self::Vendor(_) => ObjectKind::Vendor,
            Self::Segment(_) => ObjectKind::Segment,
            Self::Control(_) => ObjectKind::Control,
            Self::Link(_) => ObjectKind::Link,
            Self::Key(_) => ObjectKind::Key,
            Self::System(_) => ObjectKind::System,
            Self::Credential(_) => ObjectKind::Credential,
            Self::Flow(_) => ObjectKind::Flow,
            Self::Override(_) => ObjectKind::Override,
            Self::Record(key) => key.kind,
        }
    }

    /// The key as one text, unique within the kind. A link is written `a/b`, as no URL ever names one.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Settings => "settings".to_owned(),
            Self::Person(id) => id.to_string(),
            Self::Vendor(id) => id.to_string(),
            Self::Segment(id) => id.to_string(),
            Self::Control(id) => id.to_string(),
            Self::Link(key) => format!("{}/{}", key.a(), key.b()),
            Self::Key(id) => id.to_string(),
            Self::System(id) => id.to_string(),
            Self::Override(key) => format!("{}#{}", key.system, key.number),
            Self::Credential(id) => id.to_string(),
            Self::Flow(id) => id.to_string(),
            Self::Record(key) => key.id.to_string(),
        }
    }
}

/// The key of a record of facts: its kind and its own key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordKey {
    /// Certificate, connector, page, script and the like.
    pub kind: ObjectKind,
    /// The key within the kind.
    pub id: RecordId,
}

/// An object that consists of registered facts only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Kind and key.
    pub key: RecordKey,
    /// What people call it.
    pub name: String,
    /// The facts.
    pub facts: Facts,
}

/// One object as a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "each variant holds the object it is named after")]
pub enum Object {
    Settings(Arc<Settings>),
    Person(Arc<Person>),
    Vendor(Arc<Vendor>),
    Segment(Arc<Segment>),
    Control(Arc<Control>),
    Link(Arc<Link>),
    Key(Arc<Key>),
    System(Arc<System>),
    Credential(Arc<Credential>),
    Flow(Arc<Flow>),
    Override(Arc<Override>),
    Record(Arc<Record>),
}

impl Object {
    /// Which object it is.
    #[must_use]
    pub fn reference(&self) -> ObjectRef {
        match self {
            Self::Settings(_) => ObjectRef::Settings,
            Self::Person(it) => ObjectRef::Person(it.id.clone()),
            Self::Vendor(it) => ObjectRef::Vendor(it.id.clone()),
            Self::Segment(it) => ObjectRef::Segment(it.id.clone()),
            Self::Control(it) => ObjectRef::Control(it.id.clone()),
            Self::Link(it) => ObjectRef::Link(it.key.clone()),
            Self::Key(it) => ObjectRef::Key(it.id.clone()),
            Self::System(it) => ObjectRef::System(it.id.clone()),
            Self::Credential(it) => ObjectRef::Credential(it.id.clone()),
            Self::Flow(it) => ObjectRef::Flow(it.id.clone()),
            Self::Override(it) => ObjectRef::Override(it.key.clone()),
            Self::Record(it) => ObjectRef::Record(it.key.clone()),
        }
    }

    /// What people call it; its key where it has no name.
    #[must_use]
    pub fn name(&self) -> String {
        let name = match self {
            Self::Person(it) => it.name.as_str(),
            Self::Vendor(it) => &it.name,
            Self::Segment(it) => &it.name,
            Self::Control(it) => &it.name,
            Self::Key(it) => &it.name,
            Self::System(it) => &it.name,
            Self::Credential(it) => &it.name,
            Self::Flow(it) => &it.name,
            Self::Record(it) => &it.name,
            Self::Settings(_) | Self::Link(_) | Self::Override(_) => "",
        };
        if name.is_empty() { self.reference().key() } else { name.to_owned() }
    }

    /// The registered facts of the object itself; none of a decision, which has none.
    #[must_use]
    pub fn facts(&self) -> Option<&Facts> {
        facts_of(self).into_iter().next().map(|(_, facts)| facts)
    }

    /// As [`Self::facts`], to be changed.
    #[must_use]
    pub fn facts_mut(&mut self) -> Option<&mut Facts> {
        facts_of_mut(self).into_iter().next().map(|(_, facts)| facts)
    }
}

impl Model {
    /// The object, where the model has it.
    #[must_use]
    pub fn get(&self, object: &ObjectRef) -> Option<Object> {
        match object {
            ObjectRef::Settings => Some(Object::Settings(Arc::new(self.settings.clone()))),
            ObjectRef::Person(id) => self.people.get(id).cloned().map(Object::Person),
            ObjectRef::Vendor(id) => self.vendors.get(id).cloned().map(Object::Vendor),
            ObjectRef::Segment(id) => self.segments.get(id).cloned().map(Object::Segment),
            ObjectRef::Control(id) => self.controls.get(id).cloned().map(Object::Control),
            ObjectRef::Link(key) => self.links.get(key).cloned().map(Object::Link),
            ObjectRef::Key(id) => self.keys.get(id).cloned().map(Object::Key),
            ObjectRef::System(id) => self.systems.get(id).cloned().map(Object::System),
            ObjectRef::Credential(id) => self.credentials.get(id).cloned().map(Object::Credential),
            ObjectRef::Flow(id) => self.flows.get(id).cloned().map(Object::Flow),
            ObjectRef::Override(key) => self.overrides.get(key).cloned().map(Object::Override),
            ObjectRef::Record(key) => self.records.get(key).cloned().map(Object::Record),
        }
    }

    /// Adds the object or replaces the one with its key.
    pub fn put(&mut self, object: Object) {
        match object {
            Object::Settings(it) => self.settings = Arc::unwrap_or_clone(it),
            Object::Person(it) => drop(self.people.insert(it.id.clone(), it)),
            Object::Vendor(it) => drop(self.vendors.insert(it.id.clone(), it)),
            Object::Segment(it) => drop(self.segments.insert(it.id.clone(), it)),
            Object::Control(it) => drop(self.controls.insert(it.id.clone(), it)),
            Object::Link(it) => drop(self.links.insert(it.key.clone(), it)),
            Object::Key(it) => drop(self.keys.insert(it.id.clone(), it)),
            Object::System(it) => drop(self.systems.insert(it.id.clone(), it)),
            Object::Credential(it) => drop(self.credentials.insert(it.id.clone(), it)),
            Object::Flow(it) => drop(self.flows.insert(it.id.clone(), it)),
            Object::Override(it) => drop(self.overrides.insert(it.key.clone(), it)),
            Object::Record(it) => drop(self.records.insert(it.key.clone(), it)),
        }
    }

    /// Removes the object; the settings stay.
    pub fn remove(&mut self, object: &ObjectRef) {
        match object {
            ObjectRef::Settings => {}
            ObjectRef::Person(id) => drop(self.people.remove(id)),
            ObjectRef::Vendor(id) => drop(self.vendors.remove(id)),
            ObjectRef::Segment(id) => drop(self.segments.remove(id)),
            ObjectRef::Control(id) => drop(self.controls.remove(id)),
            ObjectRef::Link(key) => drop(self.links.remove(key)),
            ObjectRef::Key(id) => drop(self.keys.remove(id)),
            ObjectRef::System(id) => drop(self.systems.remove(id)),
            ObjectRef::Credential(id) => drop(self.credentials.remove(id)),
            ObjectRef::Flow(id) => drop(self.flows.remove(id)),
            ObjectRef::Override(key) => drop(self.overrides.remove(key)),
            ObjectRef::Record(key) => drop(self.records.remove(key)),
        }
    }

    /// Every object, in the order in which references can be resolved: what is referred to comes first.
    pub fn objects(&self) -> impl Iterator<Item = Object> {
        std::iter::once(Object::Settings(Arc::new(self.settings.clone())))
            .chain(self.people.values().cloned().map(Object::Person))
            .chain(self.vendors.values().cloned().map(Object::Vendor))
            .chain(self.segments.values().cloned().map(Object::Segment))
            .chain(self.controls.values().cloned().map(Object::Control))
            .chain(self.links.values().cloned().map(Object::Link))
            .chain(self.systems.values().cloned().map(Object::System))
            .chain(self.keys.values().cloned().map(Object::Key))
            .chain(self.credentials.values().cloned().map(Object::Credential))
            .chain(self.records.values().cloned().map(Object::Record))
            .chain(self.flows.values().cloned().map(Object::Flow))
            .chain(self.overrides.values().cloned().map(Object::Override))
    }
}

/// The facts of an object and of its parts, each with the kind whose attributes they are.
pub(crate) fn facts_of(object: &Object) -> Vec<(ObjectKind, &Facts)> {
    let kind = object.reference().kind();
    match object {
        Object::Settings(it) => vec![(kind, &it.facts)],
        Object::Person(it) => vec![(kind, &it.facts)],
        Object::Vendor(it) => vec![(kind, &it.facts)],
        Object::Segment(it) => vec![(kind, &it.facts)],
        Object::Control(it) => vec![(kind, &it.facts)],
        Object::Link(it) => vec![(kind, &it.facts)],
        Object::Key(it) => vec![(kind, &it.facts)],
        Object::Record(it) => vec![(kind, &it.facts)],
        Object::System(it) => std::iter::once((kind, &it.facts))
            .chain(it.holdings.iter().map(|part| (ObjectKind::Holding, &part.facts)))
            .collect(),
        Object::Flow(it) => std::iter::once((kind, &it.facts))
            .chain(it.fields.iter().map(|part| (ObjectKind::FlowField, &part.facts)))
            .collect(),
        Object::Credential(it) => std::iter::once((kind, &it.facts))
            .chain(it.grants.iter().map(|part| (ObjectKind::Grant, &part.facts)))
            .collect(),
        Object::Override(_) => Vec::new(),
    }
}

/// As [`facts_of`], to be changed.
pub(super) fn facts_of_mut(object: &mut Object) -> Vec<(ObjectKind, &mut Facts)> {
    let kind = object.reference().kind();
    match object {
        Object::Settings(it) => vec![(kind, &mut Arc::make_mut(it).facts)],
        Object::Person(it) => vec![(kind, &mut Arc::make_mut(it).facts)],
        Object::Vendor(it) => vec![(kind, &mut Arc::make_mut(it).facts)],
        Object::Segment(it) => vec![(kind, &mut Arc::make_mut(it).facts)],
        Object::Control(it) => vec![(kind, &mut Arc::make_mut(it).facts)],
        Object::Link(it) => vec![(kind, &mut Arc::make_mut(it).facts)],
        Object::Key(it) => vec![(kind, &mut Arc::make_mut(it).facts)],
        Object::Record(it) => vec![(kind, &mut Arc::make_mut(it).facts)],
        Object::System(it) => {
            let it = Arc::make_mut(it);
            let parts = it.holdings.iter_mut().map(|part| (ObjectKind::Holding, &mut part.facts));
            std::iter::once((kind, &mut it.facts)).chain(parts).collect()
        }
        Object::Flow(it) => {
            let it = Arc::make_mut(it);
            let parts = it.fields.iter_mut().map(|part| (ObjectKind::FlowField, &mut part.facts));
            std::iter::once((kind, &mut it.facts)).chain(parts).collect()
        }
        Object::Credential(it) => {
            let it = Arc::make_mut(it);
            let parts = it.grants.iter_mut().map(|part| (ObjectKind::Grant, &mut part.facts));
            std::iter::once((kind, &mut it.facts)).chain(parts).collect()
        }
        Object::Override(_) => Vec::new(),
    }
}
