//! Why systems are out of scope, and what that rests on (requirement 12.5.2).

use std::collections::BTreeSet;

use super::super::derived::Derived;
use super::super::table::{Table, joined, or_empty, yes_no};
use crate::model::relations::Boundary;
use crate::scope::reliance::proven_until;
use crate::scope::verdict::Category;

const HEADS: [&str; 11] = [
    "system_id",
    "sub",
    "reason",
    "relied_on_controls",
    "relies_on",
    "all_proven",
    "proven_until",
    "conditions",
    "override_id",
    "approver",
    "expires",
];

/// One row for each system of ours that is out of scope.
pub(in crate::pack) fn table(it: &Derived) -> Table {
    let excluded = it.model.systems.values().filter_map(|system| {
        let verdict = it.scope.systems.get(&system.id)?;
        let out = system.boundary == Boundary::Own && verdict.category == Category::OutOfScope;
        out.then_some((system, verdict))
    });
    let rows = excluded.map(|(system, verdict)| {
        let rests = it.relied.get(&system.id).map(Vec::as_slice).unwrap_or_default();
        let reason = it.proofs.get(&system.id).map(Vec::as_slice).unwrap_or_default();
        let decision = it.model.overrides.values().rfind(|it| it.key.system == system.id);
        vec![
            system.id.to_string(),
            or_empty(verdict.sub),
            reason.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            joined(rests.iter().filter_map(|it| it.control.as_ref()).collect::<BTreeSet<_>>()),
            rests.iter().map(|one| one.proof_sentence(&it.model).to_string()).collect::<Vec<_>>().join(" "),
            yes_no(rests.iter().all(|it| it.proven)),
            or_empty(proven_until(rests)),
            joined(verdict.flags.iter()),
            or_empty(decision.map(|it| format!("{}-{}", it.key.system, it.key.number))),
            or_empty(decision.and_then(|it| it.approver.as_ref())),
            or_empty(decision.and_then(|it| it.expires)),
        ]
    });
    Table::new(&HEADS, rows)
}
