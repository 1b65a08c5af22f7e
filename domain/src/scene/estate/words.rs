//! What a drawn system says: the line below its name, and its name for those who hear the map.

use std::collections::BTreeMap;

use crate::id::SystemId;
use crate::model::Model;
use crate::model::draft::chip_label;
use crate::model::system::System;
use crate::scope::verdict::{Category, Sub, Verdict};

/// The kind, and what qualifies the verdict.
pub(super) fn sublabel(system: &System, verdict: Option<&Verdict>) -> String {
    let kind = system.kind.label();
    match verdict.and_then(|it| it.sub) {
        Some(Sub::Adjacent) => format!("{kind}, adjacent"),
        Some(Sub::EncryptedOnly) => format!("{kind}, ciphertext"),
        Some(Sub::Access) => format!("{kind}, access"),
        _ => kind.to_owned(),
    }
}

/// How many flows reach and leave every system, counted once for a whole drawing.
pub(super) struct Degrees<'a>(BTreeMap<&'a SystemId, (usize, usize)>);

impl<'a> Degrees<'a> {
    pub(super) fn of(model: &'a Model) -> Self {
        let mut degrees: BTreeMap<&SystemId, (usize, usize)> = BTreeMap::new();
        for flow in model.flows.values() {
            degrees.entry(&flow.to).or_default().0 += 1;
            degrees.entry(&flow.from).or_default().1 += 1;
        }
        Self(degrees)
    }
}

/// For example `Checkout service. CDE, handles account data. Segment Internal apps. Holds PAN, CVV. 4 flows in, 6 out.`
pub(super) fn system(model: &Model, system: &System, verdict: Option<&Verdict>, degrees: &Degrees<'_>) -> String {
    let mut said = format!("{}.", system.name);
    if let Some(verdict) = verdict {
        said.push_str(&format!(" {}", verdict.category.label()));
        if let Some(sub) = verdict.sub.filter(|sub| *sub != Sub::None) {
            said.push_str(&format!(", {}", sub.label()));
        }
        said.push('.');
    }
    if system.undeclared {
        said.push_str(" Open end: a flow names it, nobody has declared it.");
    }
    if let Some(segment) = system.segment.as_ref().and_then(|id| model.segments.get(id)) {
        said.push_str(&format!(" Segment {}.", segment.name));
    }
    let mut held: Vec<String> = system.holdings.iter().map(chip_label).collect();
    held.dedup();
    if !held.is_empty() {
        said.push_str(&format!(" Holds {}.", held.join(", ")));
    }
    if verdict.is_none_or(|it| it.category != Category::NotLive) {
        let (into, out) = degrees.0.get(&system.id).copied().unwrap_or_default();
        said.push_str(&format!(" {into} {} in, {out} out.", if into == 1 { "flow" } else { "flows" }));
    }
    said
}
