//! The form of a flow.

use super::fields::{Fields, check_line};
use super::holdings::{self, FLOW_FIELDS};
use super::{Form, NAME_MAX, WIRE_NAME_MAX, facts, new_key, relations};
use crate::id::{FlowId, SystemId};
use crate::model::Model;
use crate::model::element::Holding;
use crate::model::flow::{Flow, FlowControl, WireName};
use crate::model::object::{ObjectKind, RecordKey};
use crate::model::relations::Protocol;
use crate::problem::{FieldCode, FieldError};

/// Reads the form of a flow: a new one, or one that exists with what the form changes.
///
/// A new flow without a given key is called after its ends and its name, or its protocol where it has no name.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn flow_from_form(form: &Form, existing: Option<&Flow>, model: &Model) -> Result<Flow, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let from = end(&mut fields, "from", existing.map(|flow| &flow.from), model);
    let to = end(&mut fields, "to", existing.map(|flow| &flow.to), model);
    let mut flow = existing.cloned().unwrap_or_else(|| Flow::new(FlowId::new(""), from.clone(), to.clone()));
    flow.from = from;
    flow.to = to;
    if let Some(name) = fields.line("name", NAME_MAX) {
        flow.name = name;
    }
    flow.kind = fields.choice("kind", flow.kind);
    flow.protocol = fields.choice("protocol", flow.protocol);
    flow.auth = fields.choice("auth", flow.auth);
    flow.encryption = fields.choice("encryption", flow.encryption);
    flow.initiator = fields.choice("initiator", flow.initiator);
    flow.access = fields.choice("access", flow.access);
    flow.channel = fields.choice("channel", flow.channel);
    flow.stage = fields.choice("stage", flow.stage);
    flow.credential = fields.reference("credential", flow.credential, |key| model.credentials.contains_key(key));
    flow.control = control(&mut fields, flow.control, model);
    flow.via = relations::via(&mut fields, &flow.via, model);
    flow.page = fields.reference("page", flow.page, |key| model.systems.contains_key(key));
    let is_connector = |key: &str| model.records.contains_key(&connector(key));
    flow.connector = fields.reference("connector", flow.connector, is_connector);
    flow.action = fields.several("actions", &flow.action);
    flow.sync = fields.optional_choice("sync", flow.sync);
    flow.latency_seconds = fields.count("latency_seconds", flow.latency_seconds);
    flow.period_minutes = fields.count("period_minutes", flow.period_minutes);
    flow.fields = holdings::read(&mut fields, &FLOW_FIELDS, &flow.fields, model);
    flow.wire_names = wire_names(&mut fields, &flow.fields);
    flow.facts = facts::read(&mut fields, ObjectKind::Flow, &flow.facts, model);
    if flow.from == flow.to && flow.fields.is_empty() && flow.wire_names.is_empty() {
        fields.error("to", FieldCode::SameSystem);
    }
    if existing.is_none() {
        let last = match flow.protocol {
            _ if !flow.name.is_empty() => flow.name.as_str(),
            Protocol::Unknown => "",
            protocol => protocol.as_str(),
        };
        let words = format!("{} {} {last}", flow.from, flow.to);
        flow.id = FlowId::new(new_key(&mut fields, &words, "flow", |key| model.flows.contains_key(key)));
    }
    fields.finish(flow)
}

/// The flow as the fields of its form. Reading them back onto the flow changes nothing.
#[must_use]
pub fn flow_to_form(flow: &Flow) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: &str| form.push((name.to_owned(), value.to_owned()));
    put("name", &flow.name);
    put("from", flow.from.as_str());
    put("to", flow.to.as_str());
    put("kind", flow.kind.as_str());
    put("protocol", flow.protocol.as_str());
    put("auth", flow.auth.as_str());
    put("encryption", flow.encryption.as_str());
    put("initiator", flow.initiator.as_str());
    put("access", flow.access.as_str());
    put("channel", flow.channel.as_str());
    put("stage", flow.stage.as_str());
    put("credential", flow.credential.as_ref().map_or("", |id| id.as_str()));
    if let Some(control) = control_key(flow.control.as_ref()) {
        put("control", control);
    }
    put("page", flow.page.as_ref().map_or("", |id| id.as_str()));
    put("connector", flow.connector.as_ref().map_or("", |id| id.as_str()));
    put("actions", "");
    for action in &flow.action {
        put("actions", action.as_str());
    }
    put("sync", flow.sync.map_or("", |it| it.as_str()));
    put("latency_seconds", &flow.latency_seconds.map(|it| it.to_string()).unwrap_or_default());
    put("period_minutes", &flow.period_minutes.map(|it| it.to_string()).unwrap_or_default());
    for name in &flow.wire_names {
        put(if name.dismissed { "dismissed" } else { "unrecognised" }, &name.name);
    }
    relations::write_via(&flow.via, &mut form);
    holdings::write(&FLOW_FIELDS, &flow.fields, &mut form);
    facts::write(ObjectKind::Flow, "", &flow.facts, &mut form);
    form
}

/// The control record of the flow, or none. A control that only this flow describes stays while nobody chooses a record.
fn control(fields: &mut Fields<'_>, as_it_was: Option<FlowControl>, model: &Model) -> Option<FlowControl> {
    let described = matches!(as_it_was, Some(FlowControl::Inline { .. }));
    if described && fields.posted("control").is_none_or(str::is_empty) {
        return as_it_was;
    }
    let before = match as_it_was {
        Some(FlowControl::Record(id)) => Some(id),
        _ => None,
    };
    fields.reference("control", before, |key| model.controls.contains_key(key)).map(FlowControl::Record)
}

/// The key of the control record; empty for none, and nothing for a control that only this flow describes.
fn control_key(control: Option<&FlowControl>) -> Option<&str> {
    match control {
        None => Some(""),
        Some(FlowControl::Record(id)) => Some(id.as_str()),
        Some(FlowControl::Inline { .. }) => None,
    }
}

fn connector(key: &str) -> RecordKey {
    RecordKey { kind: ObjectKind::Connector, id: key.into() }
}

/// One end of the flow. A flow without an end is never the result, so what stands in for it does not matter.
fn end(fields: &mut Fields<'_>, name: &str, as_it_was: Option<&SystemId>, model: &Model) -> SystemId {
    fields.reference(name, as_it_was.cloned(), |key| model.systems.contains_key(key)).unwrap_or_else(|| {
        fields.error(name, FieldCode::Missing);
        SystemId::new("")
    })
}

/// The names on the wire that no row answers. A name in both lists is dismissed, so that a page can post every
/// name as unrecognised and let a person tick those that are no payment data.
fn wire_names(fields: &mut Fields<'_>, answered: &[Holding]) -> Vec<WireName> {
    let mut names: Vec<WireName> = Vec::new();
    let posted: Vec<(&str, &str)> = fields.pairs().collect();
    for (field, name) in posted {
        let (dismissed, name) = match field {
            "unrecognised" => (false, name.trim()),
            "dismissed" => (true, name.trim()),
            _ => continue,
        };
        if let Err(code) = check_line(name, WIRE_NAME_MAX) {
            fields.error(field, code);
        }
        let is_answered =
            |holding: &Holding| holding.facts.get("field_name").and_then(|fact| fact.text()) == Some(name);
        match names.iter_mut().find(|earlier| earlier.name == name) {
            _ if name.is_empty() || answered.iter().any(is_answered) => {}
            Some(earlier) => earlier.dismissed |= dismissed,
            None => names.push(WireName { name: name.to_owned(), dismissed }),
        }
    }
    names
}
