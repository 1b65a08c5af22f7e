//! What the flows of a model join and carry, apart from the model: what goes on from one revision to the next where a flow
//! stayed as it is, so that a survey need not read every flow again.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::findings::data::Cargo;
use crate::model::flow::Flow;
use crate::model::relations::Lifecycle;
use crate::model::{Model, Table};

/// One entry for each flow of a model, in the order of their keys; `None` for a flow without both of its ends.
#[derive(Debug, Clone)]
pub struct Wiring(pub(super) Vec<Option<Wire>>);

/// A flow by the numbers of what it names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wire {
    pub(super) from: u32,
    pub(super) to: u32,
    /// The credential that it uses, where the model has it.
    pub(super) credential: Option<u32>,
    pub(super) stage: Lifecycle,
    /// It passes other systems on its way.
    pub(super) passes: bool,
    pub(super) cargo: Cargo,
}

/// Systems and credentials by number.
struct Numbers<'m> {
    systems: FxHashMap<&'m str, u32>,
    credentials: FxHashMap<&'m str, u32>,
}

impl Wiring {
    /// Reads every flow.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        let numbers = Numbers::of(model);
        Self(model.flows.values().map(|flow| numbers.wire(flow)).collect())
    }

    /// The same for a model that came of another one, whose wiring this is. Only flows that differ are read.
    #[must_use]
    pub fn after(&self, before: &Model, after: &Model) -> Self {
        if !(same_keys(&before.systems, &after.systems) && same_keys(&before.credentials, &after.credentials)) {
            return Self::of(after);
        }
        if before.flows.is_same(&after.flows) {
            return self.clone();
        }
        let mut numbers = None;
        let mut old = before.flows.values().zip(&self.0).peekable();
        let wire = |flow: &Arc<Flow>| {
            // Where flows came or went, the ones before those that are gone are behind this one.
            while old.next_if(|(was, _)| !Arc::ptr_eq(was, flow) && was.id < flow.id).is_some() {}
            match old.next_if(|(was, _)| Arc::ptr_eq(was, flow)) {
                Some((_, wire)) => *wire,
                None => numbers.get_or_insert_with(|| Numbers::of(after)).wire(flow),
            }
        };
        Self(after.flows.values().map(wire).collect())
    }
}

impl<'m> Numbers<'m> {
    fn of(model: &'m Model) -> Self {
        Self {
            systems: (0..).zip(model.systems.keys()).map(|(number, id)| (id.as_str(), number)).collect(),
            credentials: (0..).zip(model.credentials.keys()).map(|(number, id)| (id.as_str(), number)).collect(),
        }
    }

    fn wire(&self, flow: &Flow) -> Option<Wire> {
        let credential = flow.credential.as_ref().and_then(|id| self.credentials.get(id.as_str())).copied();
        Some(Wire {
            from: *self.systems.get(flow.from.as_str())?,
            to: *self.systems.get(flow.to.as_str())?,
            credential,
            stage: flow.stage,
            passes: !flow.via.is_empty(),
            cargo: Cargo::of(flow),
        })
    }
}

/// Whether two tables have the same keys, so that their objects have the same numbers.
fn same_keys<K: Eq, T>(one: &Table<K, T>, other: &Table<K, T>) -> bool {
    one.is_same(other) || (one.len() == other.len() && one.keys().eq(other.keys()))
}
