//! The controls of segmentation, and what relies on each (requirements 1.2.3, 11.4.5).

use super::super::derived::Derived;
use super::super::table::{Table, fact, joined, or_empty};

const HEADS: [&str; 11] = [
    "control_id",
    "name",
    "type",
    "between",
    "purpose",
    "systems_relying",
    "last_review",
    "last_tested",
    "frequency_days",
    "report_ref",
    "status",
];

/// One row for each control.
pub(in crate::pack) fn table(it: &Derived) -> Table {
    let rows = it.model.controls.values().map(|control| {
        let relying = it.relied.iter().filter(|(_, on)| on.iter().any(|it| it.control.as_ref() == Some(&control.id)));
        vec![
            control.id.to_string(),
            control.name.clone(),
            control.kind.to_string(),
            joined(&control.between),
            fact(&control.facts, "purpose"),
            joined(relying.map(|(system, _)| system)),
            or_empty(control.last_review),
            or_empty(control.last_tested),
            or_empty(control.frequency_days),
            or_empty(control.report_ref.as_ref()),
            control.status.to_string(),
        ]
    });
    Table::new(&HEADS, rows)
}
