//! The form of a credential, with its grants in rows (`grant.<n>.`).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::fields::Fields;
use super::super::{facts, new_key};
use super::{Written, name, own_facts};
use crate::id::{CredentialId, DomainId, ElementId, KEY_MAX, SystemId};
use crate::model::Model;
use crate::model::credential::{Credential, Grant};
use crate::model::fact::Facts;
use crate::model::kinds::{CredentialKind, SecretLocation};
use crate::model::object::{Object, ObjectKind};
use crate::model::relations::Privilege;

const GRANT: &str = "grant";

pub(super) fn read(fields: &mut Fields<'_>, existing: Option<&Credential>, model: &Model) -> Object {
    let mut it = existing.cloned().unwrap_or_else(|| Credential {
        id: CredentialId::new(""),
        name: String::new(),
        kind: CredentialKind::Service,
        held_by: BTreeSet::new(),
        grants: Vec::new(),
        bound_to: None,
        mfa: false,
        ttl_minutes: None,
        non_exportable: false,
        shared: false,
        location: SecretLocation::Unknown,
        facts: Facts::new(),
    });
    let is_system = |key: &str| model.systems.contains_key(key);
    it.name = name(fields, &it.name);
    if existing.is_none() {
        it.id = CredentialId::new(new_key(fields, &it.name, "credential", |key| model.credentials.contains_key(key)));
    }
    it.kind = fields.choice("kind", it.kind);
    let held_by: Vec<_> = it.held_by.iter().cloned().collect();
    it.held_by = fields.keys("held_by", &held_by, is_system).into_iter().collect();
    it.location = fields.choice("location", it.location);
    it.mfa = fields.yes_or_no("mfa", it.mfa);
    it.shared = fields.yes_or_no("shared", it.shared);
    let bound_to: Vec<_> = it.bound_to.iter().flatten().cloned().collect();
    let bound = fields.yes_or_no("bound", it.bound_to.is_some());
    let bound_to: BTreeSet<SystemId> = fields.keys("bound_to", &bound_to, is_system).into_iter().collect();
    it.bound_to = bound.then_some(bound_to);
    it.ttl_minutes = fields.count("ttl_minutes", it.ttl_minutes);
    it.non_exportable = fields.yes_or_no("non_exportable", it.non_exportable);
    it.grants = grants(fields, &it.grants, model);
    it.facts = own_facts(fields, ObjectKind::Credential, &it.facts, model);
    Object::Credential(Arc::new(it))
}

/// The rows of the form as grants; a form without rows that says so (`grants` is posted) has none. A row whose system
/// is not chosen is left out. What a row does not show stays as it was on the same system.
fn grants(fields: &mut Fields<'_>, as_they_were: &[Grant], model: &Model) -> Vec<Grant> {
    if fields.posted("grants").is_none() {
        return as_they_were.to_vec();
    }
    let mut free: Vec<Option<&Grant>> = as_they_were.iter().map(Some).collect();
    let mut grants = Vec::new();
    for (number, mut row) in fields.rows(GRANT) {
        let before = as_they_were.get(number).map(|it| it.on.to_string());
        let on = row.posted("on").map(str::to_owned).or(before).unwrap_or_default();
        if !on.is_empty() {
            let in_place = free.get_mut(number).and_then(|slot| slot.take_if(|it| *it.on.as_str() == on));
            let origin = in_place.or_else(|| free.iter_mut().find_map(|slot| slot.take_if(|it| *it.on.as_str() == on)));
            grants.push(grant(&mut row, origin, model));
            fields.absorb(row);
        }
    }
    grants
}

fn grant(row: &mut Fields<'_>, origin: Option<&Grant>, model: &Model) -> Grant {
    let before = origin.map(|it| it.on.clone());
    let on = row.reference("on", before, |key| model.systems.contains_key(key)).unwrap_or_else(|| SystemId::new(""));
    let mut it = origin.cloned().unwrap_or_else(|| Grant {
        on: on.clone(),
        privilege: Privilege::Read,
        action: Vec::new(),
        elements: None,
        domain: None,
        facts: Facts::new(),
    });
    it.on = on;
    it.privilege = row.choice("priv", it.privilege);
    it.action = row.several("action", &it.action);
    let were: Vec<String> = it.elements.iter().flatten().map(ToString::to_string).collect();
    let elements = row.texts("elements", KEY_MAX, &were);
    if elements != were {
        let elements: BTreeSet<ElementId> = elements.into_iter().map(ElementId::new).collect();
        it.elements = (!elements.is_empty()).then_some(elements);
    }
    if let Some(domain) = row.key("domain") {
        it.domain = domain.map(DomainId::new);
    }
    it.facts = facts::read(row, ObjectKind::Grant, &it.facts, model);
    it
}

pub(super) fn write(it: &Credential, form: &mut Written) {
    form.put("name", &it.name);
    form.put("kind", it.kind);
    form.several("held_by", &it.held_by);
    form.put("location", it.location);
    form.yes_or_no("mfa", it.mfa);
    form.yes_or_no("shared", it.shared);
    form.yes_or_no("bound", it.bound_to.is_some());
    form.several("bound_to", it.bound_to.iter().flatten());
    form.optional("ttl_minutes", it.ttl_minutes);
    form.yes_or_no("non_exportable", it.non_exportable);
    form.put("grants", "");
    for (number, grant) in it.grants.iter().enumerate() {
        let prefix = format!("{GRANT}.{number}.");
        form.put(&format!("{prefix}on"), &grant.on);
        form.put(&format!("{prefix}priv"), grant.privilege);
        form.several(&format!("{prefix}action"), &grant.action);
        let elements: Vec<String> = grant.elements.iter().flatten().map(ToString::to_string).collect();
        form.put(&format!("{prefix}elements"), elements.join("; "));
        form.optional(&format!("{prefix}domain"), grant.domain.as_ref());
        facts::write(ObjectKind::Grant, &prefix, &grant.facts, &mut form.0);
    }
}
