//! The form of a control.

use std::sync::Arc;

use super::super::fields::Fields;
use super::super::new_key;
use super::{Written, name, own_facts};
use crate::id::ControlId;
use crate::model::Model;
use crate::model::fact::{EVIDENCE_MAX, Facts};
use crate::model::kinds::ControlType;
use crate::model::object::{Object, ObjectKind};
use crate::model::relations::{ControlMode, ControlStatus};
use crate::model::segment::Control;

pub(super) fn read(fields: &mut Fields<'_>, existing: Option<&Control>, model: &Model) -> Object {
    let mut it = existing.cloned().unwrap_or_else(|| Control {
        id: ControlId::new(""),
        name: String::new(),
        kind: ControlType::Firewall,
        between: Vec::new(),
        applies_to: Vec::new(),
        mode: ControlMode::Enforce,
        status: ControlStatus::Unverified,
        last_change: None,
        last_review: None,
        last_tested: None,
        frequency_days: None,
        report_ref: None,
        facts: Facts::new(),
    });
    it.name = name(fields, &it.name);
    if existing.is_none() {
        it.id = ControlId::new(new_key(fields, &it.name, "control", |key| model.controls.contains_key(key)));
    }
    it.kind = fields.choice("kind", it.kind);
    it.between = fields.keys("between", &it.between, |key| model.segments.contains_key(key));
    it.applies_to = fields.texts("applies_to", crate::id::KEY_MAX, &it.applies_to);
    it.mode = fields.choice("mode", it.mode);
    // Whether a passed test still counts follows from its day; only that it failed has to be said.
    let failed = it.status == ControlStatus::Failed;
    match fields.yes_or_no("failed", failed) {
        true => it.status = ControlStatus::Failed,
        false if failed => it.status = ControlStatus::Unverified,
        false => {}
    }
    it.last_tested = fields.day("last_tested", it.last_tested);
    it.last_change = fields.day("last_change", it.last_change);
    it.last_review = fields.day("last_review", it.last_review);
    it.frequency_days = fields.count("frequency_days", it.frequency_days);
    if let Some(reference) = fields.line("report_ref", EVIDENCE_MAX) {
        it.report_ref = (!reference.is_empty()).then_some(reference);
    }
    it.facts = own_facts(fields, ObjectKind::Control, &it.facts, model);
    Object::Control(Arc::new(it))
}

pub(super) fn write(it: &Control, form: &mut Written) {
    form.put("name", &it.name);
    form.put("kind", it.kind);
    form.several("between", &it.between);
    form.put("applies_to", it.applies_to.join("; "));
    form.put("mode", it.mode);
    form.yes_or_no("failed", it.status == ControlStatus::Failed);
    form.optional("last_tested", it.last_tested);
    form.optional("last_change", it.last_change);
    form.optional("last_review", it.last_review);
    form.optional("frequency_days", it.frequency_days);
    form.optional("report_ref", it.report_ref.as_ref());
}
