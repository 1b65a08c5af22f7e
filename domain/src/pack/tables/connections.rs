//! Connections with third parties.

use super::super::derived::Derived;
use super::super::table::{Table, fact, or_empty, yes_no};
use crate::id::{SystemId, VendorId};
use crate::model::relations::Boundary;

const HEADS: [&str; 11] = [
    "vendor",
    "system",
    "our_system",
    "flow",
    "direction",
    "purpose",
    "auth",
    "mfa",
    "remote_access",
    "encryption",
    "owner",
];

/// One row for each flow between a system of ours and one of a third party.
pub(in crate::pack) fn table(it: &Derived) -> Table {
    let theirs = |id: &SystemId| it.model.systems.get(id).filter(|it| it.boundary == Boundary::ThirdParty);
    let vendor_fact = |id: Option<&VendorId>, name: &str| {
        id.and_then(|id| it.model.vendors.get(id)).map(|it| fact(&it.facts, name)).unwrap_or_default()
    };
    let crossing = it.model.flows.values().filter_map(|flow| match (theirs(&flow.from), theirs(&flow.to)) {
        (Some(system), None) => Some((flow, system, &flow.to, "in")),
        (None, Some(system)) => Some((flow, system, &flow.from, "out")),
        _ => None,
    });
    let rows = crossing.map(|(flow, system, ours, direction)| {
        let credential = flow.credential.as_ref().and_then(|id| it.model.credentials.get(id));
        vec![
            or_empty(system.vendor.as_ref()),
            system.id.to_string(),
            ours.to_string(),
            flow.id.to_string(),
            direction.to_owned(),
            fact(&flow.facts, "purpose"),
            flow.auth.to_string(),
            credential.map(|it| yes_no(it.mfa)).unwrap_or_default(),
            vendor_fact(system.vendor.as_ref(), "remote_access"),
            flow.encryption.to_string(),
            fact(&flow.facts, "owner"),
        ]
    });
    Table::new(&HEADS, rows)
}
