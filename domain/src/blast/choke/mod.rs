//! Choke points: where one control protects most, and what is cheapest to cut between sources and targets.

mod cost;
mod cut;
mod dominators;
mod greedy;
mod moves;
mod split;

use std::collections::BTreeSet;

use serde::Serialize;

pub use cost::{ArcCostError, ArcCosts};

use super::start::StartError;
use super::terrain::Terrain;
use crate::id::{FlowId, SystemId};
use crate::model::Model;
use cut::{Cut, Paths};
use moves::Moves;

/// The most labels for which the cheapest cut is exact.
pub const EXACT_LABELS: usize = 20;

/// What stands between sources and targets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choke {
    /// The targets that an attacker who controls the sources gets to.
    pub reachable_targets: Vec<SystemId>,
    /// The systems, neither source nor target, without which no target at all is reached.
    pub dominators: Vec<SystemId>,
    /// The cheapest labels whose moves, removed together, leave no target reached: `cred:` and a credential,
    /// `manage:` and a way of managing, `unauth:` and a flow. `None` where a source is a target itself.
    pub min_cut: Option<Vec<String>>,
    /// What that costs.
    pub min_cut_cost: Option<u64>,
    /// Nothing is cheaper. False above [`EXACT_LABELS`] labels, where the cut is the best found.
    pub optimal: bool,
    /// No cut costs less than this.
    pub cost_at_least: Option<u64>,
    /// Single systems whose loss splits the flow of data in two.
    pub articulation_points: Vec<SystemId>,
    /// Single flows whose loss splits the flow of data in two.
    pub bridges: Vec<FlowId>,
}

/// Finds the choke points between systems that are hostile and systems that are to be protected.
///
/// # Errors
/// The model does not have one of them.
pub fn choke(
    model: &Model,
    sources: &BTreeSet<SystemId>,
    targets: &BTreeSet<SystemId>,
    costs: &ArcCosts,
) -> Result<Choke, StartError> {
    let terrain = Terrain::of(model);
    let numbers = |ids: &BTreeSet<SystemId>| {
        let number = |id| terrain.graph.number_of(id).ok_or_else(|| StartError::unknown("system", id));
        ids.iter().map(number).collect::<Result<BTreeSet<u32>, StartError>>()
    };
    let (sources, targets) = (numbers(sources)?, numbers(targets)?);
    let moves = Moves::of(&terrain);
    let paths = Paths::between(&moves, costs, &sources, &targets);
    let id = |system: u32| terrain.graph.systems[system as usize].id.clone();
    let reachable = moves.reached(terrain.graph.len(), &sources, &targets);
    let cut = if sources.is_disjoint(&targets) { Some(Cut::cheapest(&paths)) } else { None };
    let split = split::split(&terrain);
    Ok(Choke {
        reachable_targets: reachable.into_iter().map(id).collect(),
        dominators: dominators::dominators(terrain.graph.len(), &moves, &sources, &targets)
            .into_iter()
            .map(id)
            .collect(),
        min_cut_cost: cut.as_ref().map(|cut| cut.cost),
        optimal: cut.as_ref().is_none_or(|cut| cut.optimal),
        cost_at_least: cut.as_ref().map(|cut| cut.at_least),
        min_cut: cut.map(|cut| cut.labels),
        articulation_points: split.systems.into_iter().map(id).collect(),
        bridges: split.flows.into_iter().map(|flow| terrain.graph.flows[flow as usize].id.clone()).collect(),
    })
}
