//! The inventory of systems with their verdicts (requirement 12.5.1), and the proof of each as sentences.

use std::collections::{BTreeMap, BTreeSet};

use super::super::derived::Derived;
use super::super::table::{Table, evidence_ref, fact, joined, or_empty, yes_no};
use crate::id::{ElementId, SystemId};
use crate::model::element::Op;
use crate::model::relations::Boundary;
use crate::model::system::System;

const HEADS: [&str; 22] = [
    "evidence_ref",
    "system_id",
    "name",
    "kind",
    "function_use",
    "owner",
    "environment",
    "location",
    "segment",
    "category",
    "sub",
    "opst",
    "rule",
    "witness",
    "in_scope",
    "responsibility",
    "vendor",
    "stores",
    "processes",
    "transmits",
    "last_changed",
    "override",
];

/// One row for each system.
pub(in crate::pack) fn table(it: &Derived) -> Table {
    let sent = transmitted(it);
    let rows = it.model.systems.values().enumerate().map(|(row, system)| {
        let verdict = it.scope.systems.get(&system.id);
        let held = |op: Op| joined(elements(system, op));
        let transmits: BTreeSet<&ElementId> =
            elements(system, Op::Transmit).chain(sent.get(&system.id).into_iter().flatten().copied()).collect();
        let decision = it.model.overrides.values().rfind(|it| it.key.system == system.id);
        vec![
            evidence_ref(2, row + 1),
            system.id.to_string(),
            system.name.clone(),
            system.kind.to_string(),
            match fact(&system.facts, "function_use") {
                said if said.is_empty() => system.function.label().to_owned(),
                said => said,
            },
            fact(&system.facts, "owner"),
            system.environment.to_string(),
            fact(&system.facts, "location"),
            or_empty(system.segment.as_ref()),
            or_empty(verdict.map(|it| it.category)),
            or_empty(verdict.and_then(|it| it.sub)),
            or_empty(verdict.and_then(|it| it.opst)),
            or_empty(verdict.and_then(|it| it.rule)),
            verdict
                .map(|it| it.witness.iter().map(ToString::to_string).collect::<Vec<_>>().join(" > "))
                .unwrap_or_default(),
            verdict.map(|it| yes_no(it.category.in_scope())).unwrap_or_default(),
            responsibility(system).to_owned(),
            or_empty(system.vendor.as_ref()),
            held(Op::Store),
            held(Op::Process),
            joined(transmits),
            fact(&system.facts, "last_changed"),
            or_empty(decision.map(|it| format!("{}-{}", it.key.system, it.key.number))),
        ]
    });
    Table::new(&HEADS, rows)
}

/// Why each system has its verdict, one sentence a row.
pub(in crate::pack) fn proofs(it: &Derived) -> Table {
    let rows = it.proofs.iter().flat_map(|(system, sentences)| {
        let category = or_empty(it.scope.systems.get(system).map(|it| it.category));
        sentences.iter().enumerate().map(move |(number, sentence)| {
            vec![system.to_string(), category.clone(), (number + 1).to_string(), sentence.to_string()]
        })
    });
    Table::new(&["system_id", "category", "step", "sentence"], rows)
}

fn elements(system: &System, op: Op) -> impl Iterator<Item = &ElementId> {
    let held: BTreeSet<&ElementId> =
        system.holdings.iter().filter(|it| it.ops.contains(op)).map(|it| &it.element).collect();
    held.into_iter()
}

/// The elements on the flows that begin at each system.
fn transmitted(it: &Derived) -> BTreeMap<&SystemId, BTreeSet<&ElementId>> {
    let mut sent: BTreeMap<&SystemId, BTreeSet<&ElementId>> = BTreeMap::new();
    for flow in it.model.flows.values() {
        sent.entry(&flow.from).or_default().extend(flow.fields.iter().map(|it| &it.element));
    }
    sent
}

fn responsibility(system: &System) -> &'static str {
    match (system.boundary, &system.operated_by) {
        (Boundary::ThirdParty, _) => "tpsp",
        (Boundary::External, _) => "external",
        (Boundary::Own, Some(_)) => "shared",
        (Boundary::Own, None) => "entity",
    }
}
