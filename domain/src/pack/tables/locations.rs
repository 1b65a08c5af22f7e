//! Where account data is stored (requirements 3.x, and the table of data stores of 12.5.2).

use super::super::derived::Derived;
use super::super::table::{Table, fact, or_empty};
use crate::model::element::Op;

const HEADS: [&str; 15] = [
    "store_id",
    "system_id",
    "element",
    "form",
    "purpose",
    "method",
    "key_id",
    "token_domain",
    "phase",
    "retention_days",
    "justification",
    "last_purge_check",
    "disposition",
    "access_logging",
    "records",
];

/// One row for each element of account data that a system stores.
pub(in crate::pack) fn table(it: &Derived) -> Table {
    let stored = it.model.systems.values().flat_map(|system| {
        let kept = system.holdings.iter().enumerate();
        let kept = kept.filter(|(_, it)| it.ops.contains(Op::Store) && it.is_account_data());
        kept.map(move |(place, holding)| (system, place, holding))
    });
    let rows = stored.map(|(system, place, holding)| {
        vec![
            format!("{}#{}", system.id, place + 1),
            system.id.to_string(),
            holding.element.to_string(),
            holding.form.to_string(),
            fact(&holding.facts, "purpose"),
            fact(&holding.facts, "method"),
            or_empty(holding.key.as_ref()),
            or_empty(holding.domain.as_ref()),
            holding.phase.to_string(),
            fact(&holding.facts, "retention_days"),
            fact(&holding.facts, "justification"),
            fact(&holding.facts, "last_purge_check"),
            fact(&holding.facts, "disposition"),
            fact(&holding.facts, "access_logging"),
            or_empty(holding.records),
        ]
    });
    Table::new(&HEADS, rows)
}
