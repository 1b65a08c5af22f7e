//! Cryptographic keys and credentials.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::conversion::{Conversion, PartOf, Words};
use super::gap::GapKind;
use super::parties::named;
use crate::id::SystemId;
use crate::model::credential::{Credential, Grant, Key};
use crate::model::file::{CredentialShape, GrantShape, KeyShape};
use crate::model::kinds::{Action, CredentialKind, SecretLocation};
use crate::model::object::ObjectKind;
use crate::model::relations::{KeyUse, Privilege};

impl Conversion {
    pub(super) fn cryptographic_key<T: Words>(&mut self, shape: KeyShape<T>) {
        let Some(id) = self.id(shape.id, |it, id| it.model.keys.contains_key(id)) else { return };
        let facts = self.facts(ObjectKind::Key, None, shape.rest, &shape.fact_details);
        let key = Key {
            name: named(shape.name, &id),
            id: self.key(id),
            usage: shape.r#use.unwrap_or(KeyUse::Decrypt),
            holders: self.system_ids(shape.holders),
            p2pe_listed: shape.p2pe_listed.unwrap_or(false),
            attested: shape.attested.unwrap_or(false),
            facts,
        };
        self.model.keys.insert(key.id.clone(), Arc::new(key));
    }

    pub(super) fn credential<T: Words>(&mut self, shape: CredentialShape<T>) {
        let Some(id) = self.id(shape.id, |it, id| it.model.credentials.contains_key(id)) else { return };
        let kind = self.open("kind", shape.kind, CredentialKind::Other, CredentialKind::Other);
        let location = self.open("location", shape.location, SecretLocation::Unknown, SecretLocation::Unknown);
        let mut grants = Vec::with_capacity(shape.grants.len());
        for (index, grant) in shape.grants.into_iter().enumerate() {
            grants.extend(self.grant(PartOf { list: "grants", index }, grant));
        }
        let facts = self.facts(ObjectKind::Credential, None, shape.rest, &shape.fact_details);
        let credential = Credential {
            name: named(shape.name, &id),
            id: self.key(id),
            kind,
            held_by: self.system_ids(shape.held_by),
            grants,
            bound_to: shape.bound_to.map(|them| self.system_ids(them)),
            mfa: shape.mfa.unwrap_or(false),
            ttl_minutes: shape.ttl_minutes,
            non_exportable: shape.non_exportable.unwrap_or(false),
            shared: shape.shared.unwrap_or(false),
            location,
            facts,
        };
        self.model.credentials.insert(credential.id.clone(), Arc::new(credential));
    }

    fn grant<T: Words>(&mut self, part: PartOf, shape: GrantShape<T>) -> Option<Grant> {
        let Some(on) = shape.on else {
            self.gap(format_args!("{part}on"), GapKind::MissingId, "");
            return None;
        };
        Some(Grant {
            on: self.key(on),
            privilege: shape.r#priv.unwrap_or(Privilege::Read),
            action: self.actions(Some(part), shape.action),
            elements: shape.elements.map(|them| them.into_iter().map(|it| self.key(it)).collect()),
            domain: shape.domain.map(|it| self.key(it)),
            facts: self.facts(ObjectKind::Grant, Some(part), shape.rest, &shape.fact_details),
        })
    }

    pub(super) fn actions<T: Words>(&mut self, part: Option<PartOf>, actions: Vec<T>) -> Vec<Action> {
        let mut read = |text: T| match part {
            Some(part) => self.open(format_args!("{part}action"), Some(text), Action::Other, Action::Other),
            None => self.open("action", Some(text), Action::Other, Action::Other),
        };
        actions.into_iter().map(&mut read).collect()
    }

    fn system_ids<T: Words>(&mut self, ids: Vec<T>) -> BTreeSet<SystemId> {
        ids.into_iter().map(|id| self.key(id)).collect()
    }
}
