//! Cryptographic keys with who holds them (requirements 3.6, 3.7). The key itself is stored nowhere, so none is here.

use super::super::derived::Derived;
use super::super::table::{Table, fact, joined};

const HEADS: [&str; 11] = [
    "id",
    "name",
    "use",
    "purpose",
    "algorithm",
    "strength_bits",
    "storage_form",
    "holders",
    "custodians",
    "cryptoperiod_days",
    "expires",
];

/// One row for each key.
pub(in crate::pack) fn table(it: &Derived) -> Table {
    let rows = it.model.keys.values().map(|key| {
        vec![
            key.id.to_string(),
            key.name.clone(),
            key.usage.to_string(),
            fact(&key.facts, "purpose"),
            fact(&key.facts, "algorithm"),
            fact(&key.facts, "strength_bits"),
            fact(&key.facts, "storage_form"),
            joined(&key.holders),
            fact(&key.facts, "custodians"),
            fact(&key.facts, "cryptoperiod_days"),
            fact(&key.facts, "expires"),
        ]
    });
    Table::new(&HEADS, rows)
}
