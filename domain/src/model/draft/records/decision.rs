//! The form of a person's decision on the scope of a system.

use std::sync::Arc;

use super::super::fields::Fields;
use super::Written;
use crate::id::SystemId;
use crate::model::Model;
use crate::model::fact::{EVIDENCE_MAX, LONG_TEXT_MAX, TEXT_MAX};
use crate::model::object::Object;
use crate::model::settings::{Override, OverrideCategory, OverrideKey};
use crate::problem::FieldCode;
use crate::time::Day;

/// Shortest justification, in characters: what a downward decision needs to apply.
pub const JUSTIFICATION_MIN: u32 = 20;

/// Longest time from a decision to its last day: a year, or half of one for a service provider, so that it is made
/// again with the confirmation of scope (PCI DSS 12.5.2, 12.5.2.1).
const fn longest(service_provider: bool) -> i32 {
    if service_provider { 184 } else { 365 }
}

/// The system is chosen once: a decision on another one is another decision. What is changed has to be approved again.
pub(super) fn read(fields: &mut Fields<'_>, existing: Option<&Override>, model: &Model) -> Object {
    let today = model.settings.as_of;
    let mut it = existing.cloned().unwrap_or_else(|| Override {
        key: next_key(system(fields, model), model),
        category: OverrideCategory::OutOfScope,
        justification: String::new(),
        evidence: Vec::new(),
        author: None,
        approver: None,
        role: None,
        decided_at: None,
        expires: None,
        fingerprint: None,
        stale: false,
    });
    it.category = fields.choice("category", it.category);
    if let Some(justification) = fields.lines("justification", LONG_TEXT_MAX) {
        it.justification = justification;
    }
    if it.justification.trim().chars().count() < JUSTIFICATION_MIN as usize {
        fields.error("justification", FieldCode::TooShort(JUSTIFICATION_MIN));
    }
    it.evidence = fields.texts("evidence", EVIDENCE_MAX, &it.evidence);
    it.expires = fields.day("expires", it.expires);
    match it.expires {
        None => fields.error("expires", FieldCode::Missing),
        Some(day) if existing.and_then(|it| it.expires) != Some(day) => {
            let last = Day(today.0.saturating_add(longest(model.settings.service_provider)));
            if day < today || day > last {
                fields.error("expires", FieldCode::NotWithinAYear);
            }
        }
        Some(_) => {}
    }
    if let Some(role) = fields.line("role", TEXT_MAX) {
        it.role = (!role.is_empty()).then_some(role);
    }
    if existing.is_none_or(|before| *before != it) {
        it.approver = None;
        it.decided_at = Some(today);
        it.stale = false;
    }
    Object::Override(Arc::new(it))
}

fn system(fields: &mut Fields<'_>, model: &Model) -> SystemId {
    fields.reference("system", None, |key| model.systems.contains_key(key)).unwrap_or_else(|| {
        fields.error("system", FieldCode::Missing);
        SystemId::new("")
    })
}

/// The number after the last decision on the system.
fn next_key(system: SystemId, model: &Model) -> OverrideKey {
    let last = model.overrides.keys().filter(|key| key.system == system).map(|key| key.number).max();
    OverrideKey { system, number: last.map_or(0, |number| number.saturating_add(1)) }
}

pub(super) fn write(it: &Override, form: &mut Written) {
    form.put("system", &it.key.system);
    form.put("category", it.category);
    form.put("justification", &it.justification);
    form.put("evidence", it.evidence.join("; "));
    form.optional("expires", it.expires);
    form.optional("role", it.role.as_ref());
}
