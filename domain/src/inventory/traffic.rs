//! What the flows say of each system: how many touch it, and which elements they carry.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::SystemId;
use crate::model::Model;
use crate::model::system::System;

/// Looked up once per list.
#[derive(Debug, Default)]
pub(super) struct Traffic<'a>(BTreeMap<&'a SystemId, (usize, BTreeSet<&'a str>)>);

impl<'a> Traffic<'a> {
    pub(super) fn of(model: &'a Model) -> Self {
        let mut traffic: BTreeMap<&SystemId, (usize, BTreeSet<&str>)> = BTreeMap::new();
        for flow in model.flows.values() {
            let ends = if flow.from == flow.to { vec![&flow.from] } else { vec![&flow.from, &flow.to] };
            for end in ends {
                let (flows, elements) = traffic.entry(end).or_default();
                *flows += 1;
                elements.extend(flow.fields.iter().map(|it| it.element.as_str()));
            }
        }
        Self(traffic)
    }

    pub(super) fn flows(&self, system: &System) -> usize {
        self.0.get(&system.id).map_or(0, |(flows, _)| *flows)
    }

    /// Whether the system holds an element by declaration, or one of its flows carries it.
    pub(super) fn handles(&self, system: &System, element: &str) -> bool {
        system.holdings.iter().any(|it| it.element.as_str() == element)
            || self.0.get(&system.id).is_some_and(|(_, elements)| elements.contains(element))
    }

    /// Whether the system handles anything at all.
    pub(super) fn handles_any(&self, system: &System) -> bool {
        !system.holdings.is_empty() || self.0.get(&system.id).is_some_and(|(_, elements)| !elements.is_empty())
    }
}
