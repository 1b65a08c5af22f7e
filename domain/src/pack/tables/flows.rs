//! The flows of the data flow diagrams (requirement 1.2.4).

use super::super::derived::Derived;
use super::super::table::{Table, fact, joined, or_empty};
use crate::model::element::Holding;

const HEADS: [&str; 18] = [
    "flow_id",
    "name",
    "from",
    "to",
    "elements",
    "stage",
    "channel",
    "lifecycle",
    "protocol",
    "port",
    "auth",
    "credential",
    "encryption",
    "initiator",
    "via",
    "purpose",
    "approved_by",
    "last_changed",
];

/// One row for each flow.
pub(in crate::pack) fn table(it: &Derived) -> Table {
    let rows = it.model.flows.values().map(|flow| {
        vec![
            flow.id.to_string(),
            flow.name.clone(),
            flow.from.to_string(),
            flow.to.to_string(),
            joined(flow.fields.iter().map(element)),
            fact(&flow.facts, "payment_stage"),
            fact(&flow.facts, "payment_channel"),
            flow.stage.to_string(),
            flow.protocol.to_string(),
            fact(&flow.facts, "port"),
            flow.auth.to_string(),
            or_empty(flow.credential.as_ref()),
            flow.encryption.to_string(),
            flow.initiator.to_string(),
            joined(flow.via.iter().map(|it| &it.node)),
            fact(&flow.facts, "purpose"),
            fact(&flow.facts, "approved_by"),
            fact(&flow.facts, "last_changed"),
        ]
    });
    Table::new(&HEADS, rows)
}

/// An element with its form.
fn element(it: &Holding) -> String {
    format!("{}:{}", it.element, it.form)
}
