//! The scripts of payment pages (requirement 6.4.3).

use super::super::derived::Derived;
use super::super::table::{Table, fact};
use crate::model::object::ObjectKind;

const FACTS: [&str; 9] = [
    "page",
    "source",
    "party",
    "purpose",
    "justification",
    "authorised_by",
    "authorised_at",
    "integrity_method",
    "last_verified",
];

/// One row for each script.
pub(in crate::pack) fn table(it: &Derived) -> Table {
    let scripts = it.model.records.values().filter(|it| it.key.kind == ObjectKind::Script);
    let rows = scripts.map(|script| {
        let mut row = vec![script.key.id.to_string(), script.name.clone()];
        row.extend(FACTS.iter().map(|name| fact(&script.facts, name)));
        row
    });
    Table::new(
        &[
            "script_id",
            "script",
            "page",
            "source",
            "party",
            "purpose",
            "justification",
            "authorised_by",
            "authorised_at",
            "integrity_method",
            "last_verified",
        ],
        rows,
    )
}
