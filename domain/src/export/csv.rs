//! Systems and flows as CSV: RFC 4180, every cell in quotes, formulas made harmless. The import reads it back.

use std::borrow::Cow;

use serde_json::Value;

use crate::import::cell::{guarded, joined};
use crate::import::columns::{Columns, FlowColumn, SystemColumn, fact_columns};
use crate::import::fact_cell::cell_of;
use crate::import::fields::FIELD_NAME;
use crate::import::rows::FieldItem;
use crate::model::Model;
use crate::model::fact::{Attribute, Fact, Facts};
use crate::model::flow::Flow;
use crate::model::system::System;

/// The systems of a model, ordered by key.
#[must_use]
pub fn systems(model: &Model) -> String {
    let systems: Vec<&System> = model.systems.values().map(AsRef::as_ref).collect();
    table(&systems, |it| &it.facts, system_cell)
}

/// The flows of a model, ordered by key.
#[must_use]
pub fn flows(model: &Model) -> String {
    let flows: Vec<&Flow> = model.flows.values().map(AsRef::as_ref).collect();
    table(&flows, |it| &it.facts, flow_cell)
}

/// One row per object: the columns of the list, then each registered fact that some object has.
fn table<C: Columns, T>(objects: &[&T], facts: impl Fn(&T) -> &Facts, cell: impl Fn(&T, C) -> String) -> String {
    let used: Vec<&Attribute> =
        fact_columns::<C>().filter(|it| objects.iter().any(|object| facts(object).contains_key(it.name))).collect();
    let mut text = String::new();
    line(&mut text, C::COLUMNS.iter().map(|it| it.name()).chain(used.iter().map(|it| it.name)).map(Cow::Borrowed));
    for object in objects {
        let own = C::COLUMNS.iter().map(|column| cell(object, *column));
        let of_facts =
            used.iter().map(|it| facts(object).get(it.name).map(|fact| cell_of(it, &fact.value)).unwrap_or_default());
        line(&mut text, own.chain(of_facts).map(Cow::Owned));
    }
    text
}

/// Rows of texts as they stand, the heads among them.
#[must_use]
pub fn table_of<const N: usize>(rows: impl Iterator<Item = [String; N]>) -> String {
    let mut text = String::new();
    rows.for_each(|row| line(&mut text, row.into_iter().map(Cow::Owned)));
    text
}

/// Adds one line: every cell in quotes, formulas made harmless.
pub(crate) fn line<'a>(text: &mut String, cells: impl Iterator<Item = Cow<'a, str>>) {
    for (number, cell) in cells.enumerate() {
        if number > 0 {
            text.push(',');
        }
        text.push('"');
        text.push_str(&guarded(&cell).replace('"', "\"\""));
        text.push('"');
    }
    text.push_str("\r\n");
}

fn system_cell(it: &System, column: SystemColumn) -> String {
    let key = |key: Option<&str>| key.unwrap_or_default().to_owned();
    match column {
        SystemColumn::Id => it.id.to_string(),
        SystemColumn::Name => it.name.clone(),
        SystemColumn::Kind => it.kind.to_string(),
        SystemColumn::Function => it.function.to_string(),
        SystemColumn::Boundary => it.boundary.to_string(),
        SystemColumn::Environment => it.environment.to_string(),
        SystemColumn::Segment => key(it.segment.as_ref().map(|it| it.as_str())),
        SystemColumn::Lifecycle => it.lifecycle.to_string(),
        SystemColumn::Vendor => key(it.vendor.as_ref().map(|it| it.as_str())),
        SystemColumn::PaymentPage => it.payment_page.to_string(),
        SystemColumn::Exposure => it.exposure.map(|it| it.to_string()).unwrap_or_default(),
        SystemColumn::Undeclared => if it.undeclared { "yes" } else { "" }.to_owned(),
    }
}

fn flow_cell(it: &Flow, column: FlowColumn) -> String {
    match column {
        FlowColumn::Id => it.id.to_string(),
        FlowColumn::Name => it.name.clone(),
        FlowColumn::Source => it.from.to_string(),
        FlowColumn::Target => it.to.to_string(),
        FlowColumn::Kind => it.kind.to_string(),
        FlowColumn::Protocol => it.protocol.to_string(),
        FlowColumn::Operation => it.facts.get("operation").and_then(Fact::text).unwrap_or_default().to_owned(),
        FlowColumn::Fields => field_list(it),
        FlowColumn::Auth => it.auth.to_string(),
        FlowColumn::Encryption => it.encryption.to_string(),
        FlowColumn::Initiator => it.initiator.to_string(),
        FlowColumn::Channel => it.channel.to_string(),
        FlowColumn::Access => it.access.to_string(),
        FlowColumn::Stage => it.stage.to_string(),
    }
}

/// The fields as `name:form`, by their name on the wire where they have one, and the names without an element.
fn field_list(it: &Flow) -> String {
    let fields = it.fields.iter().map(|field| {
        let name = field.facts.get(FIELD_NAME).map(|fact| &fact.value).and_then(Value::as_str);
        format!("{}:{}", name.unwrap_or(field.element.as_str()), field.form)
    });
    let waiting = it.wire_names.iter().map(|it| match FieldItem::of(&it.name).form {
        // The name itself ends like a form: one more keeps the two apart.
        Some(_) => format!("{}:unknown", it.name),
        None => it.name.clone(),
    });
    let items: Vec<String> = fields.chain(waiting).collect();
    joined(items.iter().map(String::as_str))
}
