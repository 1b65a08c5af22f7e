//! What a redacted pack hides: names, free texts and who is who. Each becomes a salted hash, so that the same text is the
//! same wherever it occurs, and nobody can try texts without the salt. Keys, kinds, facts of closed lists, days and
//! numbers stay, as verdicts follow from them.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::profile::Profile;
use crate::id::PersonId;
use crate::model::Model;
use crate::model::catalogue::catalogue;
use crate::model::element::Holding;
use crate::model::fact::{FactType, Facts, attribute};
use crate::model::flow::FlowControl;
use crate::model::kinds::ControlType;
use crate::model::object::{ObjectKind, ObjectRef};
use crate::time::{Day, Timestamp};

/// Stands before the salt, so that a hash of a text is never a hash of anything else.
const DERIVATION: &[u8] = b"plumbline-redaction-v1\n";

/// Texts that say how dates are read, and nothing of anybody.
const KEPT: [&str; 1] = ["time_zone"];

/// A control of a system that a rule reads, and that is no record.
const CHANGE_APPROVAL: &str = "change_approval";

/// Members of structures that say who somebody is, also in one small word.
const SOMEBODY: [&str; 6] = ["who", "by", "name", "person", "contact", "owner"];

/// Hides texts where the profile asks for it.
pub(super) struct Veil {
    salt: Option<[u8; 32]>,
    /// Keys of objects other than people, and of elements: texts that name something of the model stay.
    known: BTreeSet<String>,
    people: BTreeSet<String>,
}

impl Veil {
    /// The veil of a profile over what belongs to a model.
    pub(super) fn new(profile: Profile, salt: [u8; 32], model: &Model) -> Self {
        let mut known: BTreeSet<String> = catalogue().elements.iter().map(|it| it.id.clone()).collect();
        known.extend(["own", "unknown", "none"].map(ToOwned::to_owned));
        let objects = model.objects().map(|it| it.reference());
        known.extend(objects.filter(|it| it.kind() != ObjectKind::Person).map(|it| it.key()));
        let people = model.people.keys().map(ToString::to_string).collect();
        Self { salt: (profile == Profile::Redacted).then_some(salt), known, people }
    }

    /// A text as the pack shows it.
    pub(super) fn text(&self, text: &str) -> String {
        match &self.salt {
            Some(salt) if !text.trim().is_empty() => format!("hidden-{}", hidden(salt, text)),
            _ => text.to_owned(),
        }
    }

    /// The key of a person as the pack shows it.
    pub(super) fn person(&self, key: &str) -> String {
        match &self.salt {
            Some(salt) if !key.is_empty() => format!("person-{}", hidden(salt, key)),
            _ => key.to_owned(),
        }
    }

    /// An object as the pack shows it: its kind and key, and of a person no key.
    pub(super) fn object(&self, it: &ObjectRef) -> String {
        let key = if it.kind() == ObjectKind::Person { self.person(&it.key()) } else { it.key() };
        format!("{}:{key}", it.kind())
    }

    /// A hash of something that others have too, by which it could be recognised; nothing where texts are hidden.
    pub(super) fn hash(&self, hash: &str) -> String {
        if self.salt.is_some() { String::new() } else { hash.to_owned() }
    }

    /// A model as the pack shows it.
    pub(super) fn model(&self, model: &Model) -> Model {
        let mut model = model.without_addresses();
        if self.salt.is_none() {
            return model;
        }
        self.facts(ObjectKind::Settings, &mut model.settings.facts);
        model.people = model
            .people
            .iter()
            .map(|(id, it)| {
                let mut person = (**it).clone();
                person.id = PersonId::new(self.person(id.as_str()));
                person.name = self.text(&person.name);
                person.function = person.function.map(|it| self.text(&it));
                self.facts(ObjectKind::Person, &mut person.facts);
                (person.id.clone(), Arc::new(person))
            })
            .collect();
        for it in model.vendors.values_mut().map(Arc::make_mut) {
            it.name = self.text(&it.name);
            self.facts(ObjectKind::Vendor, &mut it.facts);
        }
        for it in model.segments.values_mut().map(Arc::make_mut) {
            it.name = self.text(&it.name);
            self.facts(ObjectKind::Segment, &mut it.facts);
        }
        for it in model.links.values_mut().map(Arc::make_mut) {
            self.facts(ObjectKind::Link, &mut it.facts);
        }
        for it in model.controls.values_mut().map(Arc::make_mut) {
            it.name = self.text(&it.name);
            it.report_ref = it.report_ref.take().map(|it| self.reference(&it));
            self.facts(ObjectKind::Control, &mut it.facts);
        }
        for it in model.keys.values_mut().map(Arc::make_mut) {
            it.name = self.text(&it.name);
            self.facts(ObjectKind::Key, &mut it.facts);
        }
        for it in model.credentials.values_mut().map(Arc::make_mut) {
            it.name = self.text(&it.name);
            self.facts(ObjectKind::Credential, &mut it.facts);
            it.grants.iter_mut().for_each(|grant| self.facts(ObjectKind::Grant, &mut grant.facts));
        }
        for it in model.systems.values_mut().map(Arc::make_mut) {
            it.name = self.text(&it.name);
            self.facts(ObjectKind::System, &mut it.facts);
            self.held(ObjectKind::Holding, &mut it.holdings);
            let said = it.controls.iter_mut().filter(|it| !is_read(it));
            said.for_each(|it| *it = self.word(it, "", false));
        }
        for it in model.flows.values_mut().map(Arc::make_mut) {
            it.name = self.text(&it.name);
            it.wire_names.iter_mut().for_each(|wire| wire.name = self.text(&wire.name));
            self.facts(ObjectKind::Flow, &mut it.facts);
            self.held(ObjectKind::FlowField, &mut it.fields);
            if let Some(FlowControl::Inline { kind, .. }) = &mut it.control
                && kind.parse::<ControlType>().is_err()
            {
                *kind = self.text(kind);
            }
        }
        for it in model.overrides.values_mut().map(Arc::make_mut) {
            it.justification = self.text(&it.justification);
            it.evidence.iter_mut().for_each(|one| *one = self.reference(one));
            it.author = it.author.take().map(|it| self.person(&it));
            it.approver = it.approver.take().map(|it| self.person(&it));
            it.role = it.role.take().map(|it| self.text(&it));
        }
        for it in model.records.values_mut().map(Arc::make_mut) {
            it.name = self.text(&it.name);
            self.facts(it.key.kind, &mut it.facts);
        }
        model
    }

    fn held(&self, kind: ObjectKind, holdings: &mut [Holding]) {
        holdings.iter_mut().for_each(|it| self.facts(kind, &mut it.facts));
    }

    fn facts(&self, kind: ObjectKind, facts: &mut Facts) {
        for (name, fact) in facts.iter_mut().filter(|(name, _)| !KEPT.contains(&name.as_str())) {
            fact.source = fact.source.take().map(|it| self.text(&it));
            fact.confirmed_by = fact.confirmed_by.take().map(|it| PersonId::new(self.person(it.as_str())));
            match attribute(kind, name).map(|it| it.kind) {
                Some(FactType::Structure) => self.walk(&mut fact.value, name, true),
                Some(FactType::Reference(ObjectKind::Person) | FactType::References(ObjectKind::Person)) => {
                    each(&mut fact.value, &|text| self.person(text));
                }
                Some(FactType::Evidence) => each(&mut fact.value, &|text| self.reference(text)),
                Some(FactType::Text | FactType::LongText | FactType::Texts) | None => {
                    self.walk(&mut fact.value, name, false);
                }
                Some(_) => {}
            }
        }
    }

    /// The number of an evidence item stays; any other words about where evidence lies do not.
    fn reference(&self, text: &str) -> String {
        let number = text.strip_prefix("EV-").is_some_and(|it| it.bytes().all(|byte| byte.is_ascii_digit()));
        if number { text.to_owned() } else { self.text(text) }
    }

    /// Replaces the texts within a value that has a name. In a structure, words of closed lists stay, as rules read them.
    fn walk(&self, value: &mut Value, name: &str, structure: bool) {
        match value {
            Value::String(text) => *text = self.word(text, name, structure),
            Value::Array(items) => items.iter_mut().for_each(|it| self.walk(it, name, structure)),
            Value::Object(members) => {
                for (name, mut member) in std::mem::take(members) {
                    self.walk(&mut member, &name, true);
                    let name = if self.people.contains(&name) { self.person(&name) } else { name };
                    members.insert(name, member);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn word(&self, text: &str, name: &str, structure: bool) -> String {
        let dated = text.parse::<Day>().is_ok() || text.parse::<Timestamp>().is_ok();
        let numbered = structure || name.contains("version");
        let version = numbered && text.len() <= 8 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let closed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let listed = structure && !SOMEBODY.contains(&name) && text.bytes().all(closed);
        if self.people.contains(text) {
            self.person(text)
        } else if dated || version || listed || self.known.contains(text) {
            text.to_owned()
        } else {
            self.text(text)
        }
    }
}

/// Whether rules read a control that a system names, so that it is a word of ours.
fn is_read(control: &str) -> bool {
    control == CHANGE_APPROVAL || control.parse::<ControlType>().is_ok()
}

fn each(value: &mut Value, change: &dyn Fn(&str) -> String) {
    match value {
        Value::String(text) => *text = change(text),
        Value::Array(items) => items.iter_mut().for_each(|it| each(it, change)),
        _ => {}
    }
}

/// The salted hash in letters only, so that no row of its digits is ever taken for a card number.
fn hidden(salt: &[u8; 32], text: &str) -> String {
    let hash = Sha256::new().chain_update(DERIVATION).chain_update(salt).chain_update(text).finalize();
    hash.iter().take(12).flat_map(|byte| [byte >> 4, byte & 15]).map(|it| char::from(b'a' + it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_somebody_is_and_what_others_have_too_is_hidden() {
        let veil = Veil::new(Profile::Redacted, [1; 32], &Model::default());
        let shown = veil.object(&ObjectRef::Person(PersonId::new("jane-doe")));
        assert!(shown.starts_with("person:person-") && !shown.contains("jane"), "{shown}");
        assert_eq!(veil.hash("2cf24dba"), "");
        for (text, name, structure) in
            [("10.2.0.7", "host", false), ("12345678", "telephone", false), ("alice", "who", true)]
        {
            assert!(veil.word(text, name, structure).starts_with("hidden-"), "{text}");
        }
        for (text, name, structure) in
            [("1.2", "tls_version", false), ("totp", "method", true), ("2026-11-01", "", false)]
        {
            assert_eq!(veil.word(text, name, structure), text);
        }
        assert!(is_read("fim") && is_read("change_approval") && !is_read("guarded_by_alice"));
        let open = Veil::new(Profile::Auditor, [1; 32], &Model::default());
        assert_eq!((open.hash("2cf24dba").as_str(), open.word("alice", "who", true).as_str()), ("2cf24dba", "alice"));
    }
}
