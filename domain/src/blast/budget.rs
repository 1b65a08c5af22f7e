//! What a compromise may reach at most, by the function of the system where it starts.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::radius::Blast;
use super::start::Start;
use super::terrain::Terrain;
use crate::model::Model;
use crate::model::catalogue;
use crate::model::element::{ElementClass, Form};
use crate::model::kinds::SystemFunction;
use crate::model::system::System;

/// The most that a compromise of a system with the function may reach. What is absent is not limited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// The function.
    pub function: SystemFunction,
    /// Records of clear card data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_records_pan: Option<u64>,
    /// Distinct actions that move money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_actions: Option<u64>,
    /// Distinct elements of card, authentication and bank data that are seen in clear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_elements: Option<u64>,
}

/// A budget against what a blast radius comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BudgetCheck {
    /// The budget.
    #[serde(flatten)]
    pub budget: Budget,
    /// Records of clear card data that are reached.
    pub records_pan: u64,
    /// Distinct actions that move money.
    pub actions: u64,
    /// Distinct sensitive elements seen in clear.
    pub elements: u64,
    /// Whether any limit is exceeded.
    pub exceeded: bool,
}

/// The budgets of the settings, in their order. What cannot be read is left out; the settings' form refuses it.
#[must_use]
pub fn budgets(model: &Model) -> Vec<Budget> {
    let fact = model.settings.facts.get("budgets").and_then(|fact| fact.value.as_array());
    fact.into_iter().flatten().filter_map(|value| Budget::deserialize(value).ok()).collect()
}

/// The functions that answer for a start: those of the system, of the vendor's systems, of the credential's holders,
/// of the ends of the connector's flows.
fn functions(terrain: &Terrain<'_>, start: &Start, connector_flows: &[u32]) -> BTreeSet<SystemFunction> {
    let graph = &terrain.graph;
    let active = || graph.systems.iter().zip(&graph.nodes).filter(|(_, node)| node.active).map(|(system, _)| *system);
    let of = |systems: &mut dyn Iterator<Item = &System>| systems.map(|it| it.function).collect();
    match start {
        Start::System { id } => of(&mut graph.systems.iter().copied().filter(|it| it.id == *id)),
        Start::Vendor { id } => of(&mut active().filter(|it| it.vendor.as_ref() == Some(id))),
        Start::Credential { id } => {
            let holders = graph.model.credentials.get(id).map(|it| &it.held_by);
            of(&mut active().filter(|it| holders.is_some_and(|holders| holders.contains(&it.id))))
        }
        Start::Connector { .. } => {
            let ends = connector_flows.iter().flat_map(|place| {
                let active = graph.active_flows[*place as usize];
                [active.from, active.to]
            });
            of(&mut ends.map(|end| graph.systems[end as usize]))
        }
        Start::Field { .. } => BTreeSet::new(),
    }
}

/// Every budget that applies to the start, against what it reaches.
pub(super) fn check(terrain: &Terrain<'_>, blast: &Blast, connector_flows: &[u32]) -> Vec<BudgetCheck> {
    let budgets = budgets(terrain.graph.model);
    if budgets.is_empty() {
        return Vec::new();
    }
    let functions = functions(terrain, &blast.start, connector_flows);
    let distinct = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let actions = distinct(blast.actions.iter().map(|it| it.action).collect::<BTreeSet<_>>().len());
    let sensitive = |element: &str| {
        matches!(catalogue::class_of(element), Some(ElementClass::Chd | ElementClass::Sad | ElementClass::Bank))
    };
    let clear = blast.data.iter().filter(|it| it.form == Form::Clear && sensitive(it.element.as_str()));
    let elements = distinct(clear.map(|it| &it.element).collect::<BTreeSet<_>>().len());
    let over = |limit: Option<u64>, reached: u64| limit.is_some_and(|limit| reached > limit);
    budgets
        .into_iter()
        .filter(|budget| functions.contains(&budget.function))
        .map(|budget| BudgetCheck {
            exceeded: over(budget.max_records_pan, blast.records_pan)
                || over(budget.max_actions, actions)
                || over(budget.max_elements, elements),
            budget,
            records_pan: blast.records_pan,
            actions,
            elements,
        })
        .collect()
}
