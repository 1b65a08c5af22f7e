//! The form of a system.

use super::fields::Fields;
use super::holdings::{self, HOLDINGS};
use super::{Form, NAME_MAX, facts, new_key, relations};
use crate::id::{KEY_MAX, SystemId};
use crate::model::Model;
use crate::model::object::ObjectKind;
use crate::model::system::System;
use crate::problem::{FieldCode, FieldError};

/// Reads the form of a system: a new one, or one that exists with what the form changes.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn system_from_form(form: &Form, existing: Option<&System>, model: &Model) -> Result<System, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let mut system = existing.cloned().unwrap_or_else(|| System::new(SystemId::new(""), ""));
    if let Some(name) = fields.line("name", NAME_MAX) {
        system.name = name;
    }
    if system.name.is_empty() {
        fields.error("name", FieldCode::Missing);
    }
    if existing.is_none() {
        let taken = |key: &str| model.systems.contains_key(key);
        system.id = SystemId::new(new_key(&mut fields, &system.name, "system", taken));
    }
    system.kind = fields.choice("kind", system.kind);
    system.function = fields.choice("function", system.function);
    system.boundary = fields.choice("boundary", system.boundary);
    system.environment = fields.choice("environment", system.environment);
    system.segment = fields.reference("segment", system.segment, |key| model.segments.contains_key(key));
    system.lifecycle = fields.choice("lifecycle", system.lifecycle);
    system.vendor = fields.reference("vendor", system.vendor, |key| model.vendors.contains_key(key));
    system.payment_page = fields.choice("payment_page", system.payment_page);
    system.exposure = fields.optional_choice("exposure", system.exposure);
    system.operated_by = fields.reference("operated_by", system.operated_by, |key| model.vendors.contains_key(key));
    system.relay = fields.optional_yes_or_no("relay", system.relay);
    system.sealed_scd = fields.yes_or_no("sealed_scd", system.sealed_scd);
    system.disposed = fields.yes_or_no("disposed", system.disposed);
    system.controls = fields.texts("controls", KEY_MAX, &system.controls);
    system.detect_minutes = fields.count("detect_minutes", system.detect_minutes);
    system.manages = relations::manages(&mut fields, &system.manages, model);
    system.copies = relations::copies(&mut fields, &system.copies, model);
    system.capabilities = relations::capabilities(&mut fields, &system.capabilities);
    system.holdings = holdings::read(&mut fields, &HOLDINGS, &system.holdings, model);
    system.facts = facts::read(&mut fields, ObjectKind::System, &system.facts, model);
    fields.finish(system)
}

/// The system as the fields of its form. Reading them back onto the system changes nothing.
#[must_use]
pub fn system_to_form(system: &System) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: &str| form.push((name.to_owned(), value.to_owned()));
    put("name", &system.name);
    put("kind", system.kind.as_str());
    put("function", system.function.as_str());
    put("boundary", system.boundary.as_str());
    put("environment", system.environment.as_str());
    put("segment", system.segment.as_ref().map_or("", |id| id.as_str()));
    put("lifecycle", system.lifecycle.as_str());
    put("vendor", system.vendor.as_ref().map_or("", |id| id.as_str()));
    put("payment_page", system.payment_page.as_str());
    put("exposure", system.exposure.map_or("", |it| it.as_str()));
    let yes_or_no = |value: bool| if value { "yes" } else { "no" };
    put("operated_by", system.operated_by.as_ref().map_or("", |id| id.as_str()));
    put("relay", system.relay.map_or("", yes_or_no));
    put("sealed_scd", yes_or_no(system.sealed_scd));
    put("disposed", yes_or_no(system.disposed));
    put("controls", &system.controls.join("; "));
    put("detect_minutes", &system.detect_minutes.map(|it| it.to_string()).unwrap_or_default());
    relations::write_manages(&system.manages, &mut form);
    relations::write_copies(&system.copies, &mut form);
    relations::write_capabilities(&system.capabilities, &mut form);
    holdings::write(&HOLDINGS, &system.holdings, &mut form);
    facts::write(ObjectKind::System, "", &system.facts, &mut form);
    form
}
