//! Which money an attacker moves: the actions that its credentials allow, and those that connections are there for.

use std::collections::BTreeMap;

use serde::Serialize;

use super::facts::{Fact, Rule, Way};
use super::proof::{Proof, system_id};
use super::spread::{Edge, Gain, Spread};
use super::terrain::Terrain;
use crate::id::SystemId;
use crate::model::flow::Flow;
use crate::model::kinds::Action;
use crate::model::relations::{Initiator, Privilege};

/// An action that moves money, on the system that performs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MoneyAction {
    /// What is done.
    pub action: Action,
    /// The system that does it.
    pub system: SystemId,
    /// Hops from the start.
    pub hops: u32,
    /// The step that proves it.
    pub derivation: usize,
}

impl Action {
    /// Whether it moves money.
    #[must_use]
    pub const fn moves_money(self) -> bool {
        matches!(self, Self::Authorise | Self::Capture | Self::Refund | Self::Payout | Self::ChargeToken)
    }
}

/// How an action is reached: the hops, the rule, the way, and the steps it rests on.
type Route = (u32, Rule, Edge, Vec<usize>);

/// The money-moving actions in reach, by action and system. The second value says whether a credential allows actions
/// on a system that nobody listed, so that there may be more.
pub(super) fn actions(
    terrain: &Terrain<'_>,
    spread: &Spread,
    proof: &mut Proof<'_, '_>,
    connector_flows: &[u32],
) -> (Vec<MoneyAction>, bool) {
    let mut routes: BTreeMap<(&str, u32), (Action, Route)> = BTreeMap::new();
    let mut unknown = false;
    let mut reach = |actions: &[Action], system: u32, route: &Route| {
        for action in actions.iter().filter(|action| action.moves_money()) {
            let known = routes.entry((action.as_str(), system)).or_insert_with(|| (*action, route.clone()));
            if *route < known.1 {
                known.1 = route.clone();
            }
        }
    };
    for (gain, number) in spread.gains() {
        let step = &spread.log[number as usize];
        match gain {
            Gain::Opened(grant) => {
                let on = &terrain.grants[grant as usize];
                unknown |= on.grant.action.is_empty() && on.grant.privilege != Privilege::Read;
                let route = (super::proof::hops(step.cost), Rule::Use, step.edge, proof.premises(step));
                reach(&on.grant.action, on.target, &route);
            }
            Gain::Admin(system) => {
                let place = proof.place(number);
                for road in terrain.roads.of(system) {
                    let flow = terrain.graph.flows[road.flow as usize];
                    let performer = performer(flow.initiator, road.sends, system, road.other);
                    let route = (proof.hops(place), Rule::Act, Edge::Flow(road.flow), vec![place]);
                    reach(&actions_of(terrain, flow, performer), performer, &route);
                }
            }
            _ => {}
        }
    }
    for place in connector_flows {
        let active = terrain.graph.active_flows[*place as usize];
        let flow = terrain.graph.flows[active.flow as usize];
        let performer = performer(flow.initiator, true, active.from, active.to);
        let route = (0, Rule::Act, Edge::Flow(active.flow), Vec::new());
        reach(&actions_of(terrain, flow, performer), performer, &route);
    }
    let actions = routes.into_iter().map(|((_, number), (action, (hops, rule, edge, premises)))| {
        let system = system_id(terrain, number);
        let way: Option<Way> = proof.way(edge);
        let derivation = proof.append(Fact::Action { action, system: system.clone() }, rule, way, premises);
        proof.steps[derivation].hops = hops;
        MoneyAction { action, system, hops, derivation }
    });
    (actions.collect(), unknown)
}

/// The end of a connection that does what is asked: the one that does not open it.
const fn performer(initiator: Initiator, sends: bool, this: u32, other: u32) -> u32 {
    let (from, to) = if sends { (this, other) } else { (other, this) };
    match initiator {
        Initiator::From | Initiator::Both => to,
        Initiator::To => from,
    }
}

/// What a flow is there for; where nobody said, what its credential allows on the system that performs it.
fn actions_of(terrain: &Terrain<'_>, flow: &Flow, performer: u32) -> Vec<Action> {
    if !flow.action.is_empty() {
        return flow.action.clone();
    }
    let system = &terrain.graph.systems[performer as usize].id;
    let credential = flow.credential.as_ref().and_then(|id| terrain.graph.model.credentials.get(id));
    let grants = credential.into_iter().flat_map(|it| &it.grants).filter(|grant| grant.on == *system);
    grants.flat_map(|grant| grant.action.iter().copied()).collect()
}
