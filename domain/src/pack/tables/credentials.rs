//! Credentials with what they may do (requirements 7.2.5, 8.2.2, 8.6). A secret is stored nowhere, so none is here.

use super::super::derived::Derived;
use super::super::table::{Table, fact, joined, or_empty, yes_no};

const HEADS: [&str; 13] = [
    "id",
    "name",
    "kind",
    "holders",
    "people",
    "grants",
    "shared",
    "interactive",
    "mfa",
    "location",
    "ttl_minutes",
    "last_rotated",
    "tra_ref",
];

/// One row for each credential.
pub(in crate::pack) fn table(it: &Derived) -> Table {
    let rows = it.model.credentials.values().map(|credential| {
        vec![
            credential.id.to_string(),
            credential.name.clone(),
            credential.kind.to_string(),
            joined(&credential.held_by),
            fact(&credential.facts, "held_by_people"),
            joined(credential.grants.iter().map(|it| format!("{} on {}", it.privilege, it.on))),
            yes_no(credential.shared),
            fact(&credential.facts, "interactive"),
            yes_no(credential.mfa),
            credential.location.to_string(),
            or_empty(credential.ttl_minutes),
            fact(&credential.facts, "last_rotated"),
            fact(&credential.facts, "tra_ref"),
        ]
    });
    Table::new(&HEADS, rows)
}
