//! Third-party service providers: who they are (12.8.1), what assures us (12.8.2 to 12.8.4), who does what (12.8.5).

use std::collections::BTreeSet;

use super::super::derived::Derived;
use super::super::table::{Table, fact, joined};
use crate::id::VendorId;
use crate::model::system::System;

/// One row for each vendor.
pub(in crate::pack) fn list(it: &Derived) -> Table {
    let rows = it.model.vendors.values().map(|vendor| {
        let systems = || of(it, &vendor.id);
        let subs: BTreeSet<_> = systems().filter_map(|one| it.scope.systems.get(&one.id)?.sub).collect();
        let shared: BTreeSet<_> = systems().flat_map(|one| one.holdings.iter().map(|it| &it.element)).collect();
        vec![
            vendor.id.to_string(),
            vendor.name.clone(),
            fact(&vendor.facts, "services"),
            joined(subs),
            joined(shared),
            joined(systems().map(|it| &it.id)),
            fact(&vendor.facts, "start"),
            fact(&vendor.facts, "contact"),
            fact(&vendor.facts, "nested_tpsps"),
        ]
    });
    Table::new(
        &["vendor", "name", "services", "sub", "data_shared", "systems", "start", "contact", "nested_tpsps"],
        rows,
    )
}

/// What assures us of each vendor.
pub(in crate::pack) fn assurance(it: &Derived) -> Table {
    const FACTS: [&str; 9] = [
        "agreement_ref",
        "acknowledgement",
        "due_diligence_date",
        "due_diligence_ref",
        "aoc_date",
        "aoc_expires",
        "aoc_version",
        "services_covered",
        "status_checked",
    ];
    let rows = it.model.vendors.values().map(|vendor| {
        let mut row = vec![vendor.id.to_string()];
        row.extend(FACTS.iter().map(|name| fact(&vendor.facts, name)));
        row
    });
    Table::new(
        &[
            "vendor",
            "agreement_ref",
            "acknowledgement",
            "due_diligence_date",
            "due_diligence_ref",
            "aoc_date",
            "aoc_expires",
            "aoc_version",
            "services_covered",
            "status_checked",
        ],
        rows,
    )
}

fn of<'a>(it: &'a Derived, vendor: &VendorId) -> impl Iterator<Item = &'a System> {
    it.model.systems.values().map(AsRef::as_ref).filter(move |one| one.vendor.as_ref() == Some(vendor))
}
