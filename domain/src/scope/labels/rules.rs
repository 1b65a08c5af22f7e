//! The rules: what follows for others from one label of one system.

use super::{EdgeName, Run, State, ZoneReach};
use crate::model::relations::Boundary;
use crate::scope::graph::{Graph, Neighbour};
use crate::scope::verdict::{Label, Rule};

impl Run<'_, '_> {
    /// Everything that follows from a state.
    pub(super) fn follow(&mut self, state: State) {
        let node = self.graph.nodes[state.system() as usize];
        match state.label() {
            Label::Data | Label::Adj => {
                if node.emits() {
                    self.spread(state);
                }
                if node.is_own() && node.active {
                    self.managed(state);
                }
            }
            Label::Imp | Label::In => {
                if node.relay {
                    self.relayed(state);
                }
                self.indirectly_managed(state);
            }
            Label::Conn => {}
        }
    }

    /// From a CDE system to what it touches: its zone, its connections, the nodes on their way.
    fn spread(&mut self, state: State) {
        let graph = self.graph;
        let from = state.system();
        if let Some(zone) = graph.nodes[from as usize].open_zone() {
            match state.label() {
                Label::Data => self.spread_to_adjacent(state, zone),
                _ => self.spread_to_connected(state, zone),
            }
        }
        for Neighbour { node, connection, initiates, .. } in graph.neighbours(from).filter(|it| it.connection.counts) {
            let other = graph.nodes[node as usize];
            if other.is_external() {
                continue;
            }
            let edge = EdgeName::Flow(connection.flow);
            let reaches_adjacent = state.label() == Label::Data && connection.unrestricted;
            if reaches_adjacent && other.is_own() && !self.data[node as usize] {
                self.give(node, Label::Adj, Rule::AUnrestricted, state, edge);
            }
            let label = if initiates { Label::In } else { Label::Conn };
            self.give(node, label, Rule::CDirect, state, edge);
            if connection.blocked && self.pins[node as usize].is_none() {
                self.labels.unverified[from as usize] = true;
                self.labels.unverified[node as usize] = true;
            }
        }
        for (carrier, flow) in graph.carriers(from) {
            self.give(carrier, Label::In, Rule::CVia, state, EdgeName::Flow(flow));
        }
    }

    fn spread_to_adjacent(&mut self, state: State, zone: u32) {
        if std::mem::replace(&mut self.adjacent_zones[zone as usize], true) {
            return;
        }
        let graph = self.graph;
        for member in &graph.zone_members[zone as usize] {
            if takes_adjacency(graph, *member) && !self.data[*member as usize] {
                self.give(*member, Label::Adj, Rule::AZone, state, EdgeName::None);
            }
        }
    }

    fn spread_to_connected(&mut self, state: State, zone: u32) {
        let graph = self.graph;
        match self.connected_zones[zone as usize] {
            ZoneReach::All => {}
            ZoneReach::AllBut(first) if first == state.system() => {}
            ZoneReach::AllBut(first) => {
                self.connected_zones[zone as usize] = ZoneReach::All;
                self.give(first, Label::In, Rule::CZone, state, EdgeName::None);
            }
            ZoneReach::Untouched => {
                self.connected_zones[zone as usize] = ZoneReach::AllBut(state.system());
                for member in &graph.zone_members[zone as usize] {
                    if takes_adjacency(graph, *member) && *member != state.system() {
                        self.give(*member, Label::In, Rule::CZone, state, EdgeName::None);
                    }
                }
            }
        }
    }

    /// From a system that leads into the CDE to those that may open a connection to it.
    fn relayed(&mut self, state: State) {
        let graph = self.graph;
        for Neighbour { node, connection, initiates, .. } in graph.neighbours(state.system()) {
            if connection.counts && initiates && !graph.nodes[node as usize].is_external() {
                self.give(node, Label::In, Rule::CRelay, state, EdgeName::Flow(connection.flow));
            }
        }
    }

    /// From a CDE system to those that manage it, in any way.
    fn managed(&mut self, state: State) {
        let graph = self.graph;
        for (manager, how) in graph.managers(state.system()) {
            self.give(manager, Label::Imp, Rule::IManages, state, EdgeName::of(how));
        }
        let Some(segment) = graph.nodes[state.system() as usize].segment else { return };
        if std::mem::replace(&mut self.managed_segments[segment as usize], true) {
            return;
        }
        for (manager, how) in &graph.segment_managers[segment as usize] {
            self.give(*manager, Label::Imp, Rule::IManages, state, EdgeName::of(*how));
        }
    }

    /// From a system that leads into the CDE, or impacts its security, to those that control it.
    fn indirectly_managed(&mut self, state: State) {
        let graph = self.graph;
        for (manager, how) in graph.managers(state.system()).filter(|(_, how)| how.bears_control()) {
            self.give(manager, Label::Imp, Rule::IManagesIndirect, state, EdgeName::of(how));
        }
        let node = graph.nodes[state.system() as usize];
        let Some(segment) = node.segment.filter(|_| node.boundary == Boundary::Own) else { return };
        if std::mem::replace(&mut self.indirectly_managed_segments[segment as usize], true) {
            return;
        }
        for (manager, how) in graph.segment_managers[segment as usize].iter().filter(|(_, how)| how.bears_control()) {
            self.give(*manager, Label::Imp, Rule::IManagesIndirect, state, EdgeName::of(*how));
        }
    }
}

fn takes_adjacency(graph: &Graph<'_>, system: u32) -> bool {
    let node = &graph.nodes[system as usize];
    node.active && !node.microsegmented
}
