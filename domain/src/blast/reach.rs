//! What is touched without being controlled: who takes hostile data, and who can merely be reached.

use std::collections::BTreeMap;

use super::facts::{Fact, Rule, Way};
use super::proof::{Proof, system_id};
use super::spread::{Edge, Gain, NOTHING, Spread};
use super::terrain::Terrain;
use crate::id::SystemId;
use crate::model::relations::Access;

/// The systems that take hostile data, and the systems that are exposed, each with the step that proves it.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub(super) integrity: BTreeMap<SystemId, usize>,
    pub(super) exposed: BTreeMap<SystemId, usize>,
}

/// Goes once over everything around the systems under control.
pub(super) fn touched(
    terrain: &Terrain<'_>,
    spread: &Spread,
    proof: &mut Proof<'_, '_>,
    connector_flows: &[u32],
) -> Touched {
    let count = terrain.graph.len();
    let mut controlled = vec![false; count];
    let mut administered: Vec<(u64, u32, u32)> = Vec::new();
    for (gain, step) in spread.gains() {
        match gain {
            Gain::Admin(system) => {
                controlled[system as usize] = true;
                administered.push((spread.log[step as usize].cost, system, step));
            }
            Gain::Act(system) | Gain::Decrypt(system) | Gain::Detokenise(system, _) | Gain::Read(system, _) => {
                controlled[system as usize] = true;
            }
            Gain::Has(_) | Gain::Key(_) | Gain::Opened(_) => {}
        }
    }
    // Nearest first, so that the first way to a system is the shortest.
    administered.sort_unstable();
    let mut around = Around {
        terrain,
        controlled: &controlled,
        tainted: vec![None; count],
        exposed: vec![None; count],
        zones: vec![false; terrain.graph.zone_members.len()],
    };
    around.connectors(connector_flows);
    for (_, system, step) in administered {
        around.look(system, step);
    }
    let Around { tainted, exposed, .. } = around;
    let mut touched = Touched::default();
    for (system, (tainted, exposed)) in (0_u32..).zip(tainted.into_iter().zip(exposed)) {
        let id = || system_id(terrain, system);
        let mut append = |fact: Fact, rule: Rule, (edge, step): (Edge, u32)| {
            let way: Option<Way> = proof.way(edge);
            let premises = if step == NOTHING { Vec::new() } else { vec![proof.place(step)] };
            proof.append(fact, rule, way, premises)
        };
        if let Some(by) = tainted.filter(|_| spread.step_of(Gain::Admin(system)).is_none()) {
            let place = append(Fact::Integrity { system: id() }, Rule::Integrity, by);
            touched.integrity.insert(id(), place);
        }
        if let Some(by) = exposed {
            let place = append(Fact::Exposed { system: id() }, Rule::Exposed, by);
            touched.exposed.insert(id(), place);
        }
    }
    touched
}

struct Around<'a, 'm> {
    terrain: &'a Terrain<'m>,
    controlled: &'a [bool],
    tainted: Vec<Option<(Edge, u32)>>,
    exposed: Vec<Option<(Edge, u32)>>,
    zones: Vec<bool>,
}

impl Around<'_, '_> {
    /// A hostile connector alters what reaches the receivers of its flows.
    fn connectors(&mut self, flows: &[u32]) {
        let graph = &self.terrain.graph;
        for place in flows {
            let active = graph.active_flows[*place as usize];
            let flow = graph.flows[active.flow as usize];
            let blocked = flow.access == Access::Blocked && graph.is_verified(flow);
            if !blocked && !graph.nodes[active.to as usize].is_external() {
                self.tainted[active.to as usize].get_or_insert((Edge::Flow(active.flow), NOTHING));
            }
        }
    }

    fn look(&mut self, system: u32, step: u32) {
        let graph = &self.terrain.graph;
        for road in self.terrain.roads.of(system) {
            if graph.nodes[road.other as usize].is_external() {
                continue;
            }
            if road.sends {
                self.tainted[road.other as usize].get_or_insert((Edge::Flow(road.flow), step));
            }
            if road.opens {
                self.expose(road.other, Edge::Flow(road.flow), step);
            }
        }
        let node = graph.nodes[system as usize];
        let Some(zone) = node.open_zone().filter(|_| node.active) else { return };
        if !std::mem::replace(&mut self.zones[zone as usize], true) {
            for member in &graph.zone_members[zone as usize] {
                let other = graph.nodes[*member as usize];
                if other.active && !other.microsegmented {
                    self.expose(*member, Edge::Zone, step);
                }
            }
        }
    }

    fn expose(&mut self, system: u32, edge: Edge, step: u32) {
        if !self.controlled[system as usize] {
            self.exposed[system as usize].get_or_insert((edge, step));
        }
    }
}
