//! The form of what the engine is told beside the objects.

use std::sync::Arc;

use super::super::fields::Fields;
use super::{Written, own_facts};
use crate::model::Model;
use crate::model::object::{Object, ObjectKind};
use crate::model::settings::Settings;

/// The day as of which dates are judged is no field: the product goes by today.
pub(super) fn read(fields: &mut Fields<'_>, existing: Option<&Settings>, model: &Model) -> Object {
    let mut it = existing.cloned().unwrap_or_default();
    it.view = fields.choice("view", it.view);
    it.strict_flat = fields.yes_or_no("strict_flat", it.strict_flat);
    it.service_provider = fields.yes_or_no("service_provider", it.service_provider);
    it.facts = own_facts(fields, ObjectKind::Settings, &it.facts, model);
    Object::Settings(Arc::new(it))
}

pub(super) fn write(it: &Settings, form: &mut Written) {
    form.put("view", it.view);
    form.yes_or_no("strict_flat", it.strict_flat);
    form.yes_or_no("service_provider", it.service_provider);
}
