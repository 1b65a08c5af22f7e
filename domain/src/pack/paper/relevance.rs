//! Which systems a document shows one by one: those in scope, the most sensitive category first, then those with the most
//! findings, then by key.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::super::derived::Derived;
use crate::id::SystemId;
use crate::model::object::ObjectKind;

/// How many systems a document shows at most.
pub(super) const MOST: usize = 100;

/// The most relevant systems, in their order.
pub(super) fn most(it: &Derived) -> Vec<SystemId> {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for finding in it.findings.findings.iter().filter(|it| it.subject.kind() == ObjectKind::System) {
        *found.entry(finding.subject.key()).or_default() += 1;
    }
    let mut ranked: Vec<_> = it
        .scope
        .systems
        .iter()
        .filter(|(_, verdict)| verdict.category.in_scope())
        .map(|(id, verdict)| (verdict.category, Reverse(found.get(id.as_str()).copied().unwrap_or_default()), id))
        .collect();
    ranked.sort();
    ranked.into_iter().take(MOST).map(|(_, _, id)| id.clone()).collect()
}
