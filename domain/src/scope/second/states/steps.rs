//! The rules that lead from one state to the next.

use super::{Fact, Graph, How, Label, Link, ManageTarget, Neighbour, Node, NodeIndex, Rule, States, Sub};
use crate::scope::verdict::Category;

/// A step to a system: its key as a number, the label, the rule, the edge and the fact.
type Step<'m> = (u32, Label, Rule, &'m str, Fact);

impl<'m> States<'m> {
    pub(super) fn add_steps(&mut self) {
        for system in 0..self.holdings.of.groups() {
            for label in [Label::Data, Label::Adj] {
                self.spread(system, label);
            }
            for label in [Label::Imp, Label::In] {
                self.lead(system, label);
            }
        }
        self.add_zones();
        self.add_segments();
    }

    fn give(&mut self, from: NodeIndex, (system, label, rule, edge, fact): Step<'m>) {
        if self.is_pinned(system) {
            return;
        }
        let (fact, to) = (self.fact(fact), self.state(system, label));
        let link = Link { facts: vec![fact], rule: Some(rule), edge, ..Link::default() };
        self.graph.add_edge(from, to, link);
    }

    /// From a CDE system over its connections, to the nodes on their way and to who manages it.
    fn spread(&mut self, system: u32, label: Label) {
        let node = self.engine.nodes[system as usize];
        let mut steps: Vec<Step<'m>> = Vec::new();
        if node.emits() {
            for Neighbour { node, connection, initiates, .. } in self.engine.neighbours(system) {
                let other = self.engine.nodes[node as usize];
                if !connection.counts || other.is_external() {
                    continue;
                }
                let id = &self.engine.flows[connection.flow as usize].id;
                if label == Label::Data && connection.unrestricted && other.is_own() && !self.is_data(node) {
                    steps.push((node, Label::Adj, Rule::AUnrestricted, id.as_str(), Fact::Flow(id.clone())));
                }
                let gives = if initiates { Label::In } else { Label::Conn };
                steps.push((node, gives, Rule::CDirect, id.as_str(), Fact::Flow(id.clone())));
            }
            for (carrier, flow) in self.engine.carriers(system) {
                let id = &self.engine.flows[flow as usize].id;
                steps.push((carrier, Label::In, Rule::CVia, id.as_str(), Fact::Flow(id.clone())));
            }
        }
        if node.is_own() && node.active {
            steps.extend(
                self.engine.managers(system).map(|(manager, how)| self.by_name(manager, system, how, Rule::IManages)),
            );
        }
        self.add_all(system, label, steps);
    }

    /// From a system that leads into the CDE or affects its security.
    fn lead(&mut self, system: u32, label: Label) {
        let mut steps: Vec<Step<'m>> = Vec::new();
        if self.engine.nodes[system as usize].relay {
            for Neighbour { node, connection, initiates, .. } in self.engine.neighbours(system) {
                if connection.counts && initiates && !self.engine.nodes[node as usize].is_external() {
                    let id = &self.engine.flows[connection.flow as usize].id;
                    steps.push((node, Label::In, Rule::CRelay, id.as_str(), Fact::Flow(id.clone())));
                }
            }
        }
        let managers = self.engine.managers(system).filter(|(_, how)| how.bears_control());
        steps.extend(managers.map(|(manager, how)| self.by_name(manager, system, how, Rule::IManagesIndirect)));
        self.add_all(system, label, steps);
    }

    fn by_name(&self, manager: u32, target: u32, how: How, rule: Rule) -> Step<'m> {
        let target = ManageTarget::System(self.system(target));
        (manager, Label::Imp, rule, how.as_str(), Fact::Manages { manager: self.system(manager), target, how })
    }

    fn add_all(&mut self, system: u32, label: Label, steps: Vec<Step<'m>>) {
        if steps.is_empty() {
            return;
        }
        let from = self.state(system, label);
        for step in steps {
            self.give(from, step);
        }
    }

    /// One node per zone and rule, so that large zones stay cheap.
    fn add_zones(&mut self) {
        let zones: Vec<Vec<u32>> = self.engine.zone_members.clone();
        for (zone, members) in (0_u32..).zip(zones) {
            let takes = |graph: &Graph<'_>, it: &u32| {
                let node = graph.nodes[*it as usize];
                node.active && !node.microsegmented
            };
            let members: Vec<u32> = members.into_iter().filter(|it| takes(&self.engine, it)).collect();
            if members.len() < 2 {
                continue;
            }
            let name = self.zone_name(zone);
            let emits = |it: &u32| self.engine.nodes[*it as usize].emits();
            let emitters: Vec<u32> = members.iter().copied().filter(emits).collect();
            let adjacent_emitters: Vec<u32> =
                emitters.iter().copied().filter(|it| self.is(*it, Category::Cde, Sub::Adjacent)).collect();
            let (adjacent, connected) = (self.graph.add_node(Node::Shared), self.graph.add_node(Node::Shared));
            for member in emitters {
                let (data, adj) = (self.state(member, Label::Data), self.state(member, Label::Adj));
                self.graph.add_edge(data, adjacent, Link::default());
                self.graph.add_edge(adj, connected, Link::default());
            }
            for member in members {
                let fact = || Fact::Zone(name.clone());
                if !self.is_data(member) {
                    self.give(adjacent, (member, Label::Adj, Rule::AZone, "", fact()));
                }
                // Nobody is connected with itself through its zone.
                if !self.is(member, Category::Cde, Sub::Adjacent) {
                    self.give(connected, (member, Label::In, Rule::CZone, "", fact()));
                } else if let Some(other) = adjacent_emitters.iter().find(|it| **it != member) {
                    let from = self.state(*other, Label::Adj);
                    self.give(from, (member, Label::In, Rule::CZone, "", fact()));
                }
            }
        }
    }

    /// Who manages a whole segment manages every own system in it.
    fn add_segments(&mut self) {
        let segments: Vec<Vec<(u32, How)>> = self.engine.segment_managers.clone();
        for (segment, managers) in (0_u32..).zip(segments).filter(|(_, managers)| !managers.is_empty()) {
            let (of_cde, of_others) = (self.graph.add_node(Node::Shared), self.graph.add_node(Node::Shared));
            for system in 0..self.holdings.of.groups() {
                let node = self.engine.nodes[system as usize];
                if node.segment != Some(segment) || !node.is_own() {
                    continue;
                }
                let labels =
                    [(Label::Data, of_cde), (Label::Adj, of_cde), (Label::Imp, of_others), (Label::In, of_others)];
                for (label, to) in labels.into_iter().filter(|(_, to)| *to == of_others || node.active) {
                    let from = self.state(system, label);
                    self.graph.add_edge(from, to, Link::default());
                }
            }
            let target = ManageTarget::Segment(self.engine.segments.key(segment).into());
            for (manager, how) in managers {
                let fact = || Fact::Manages { manager: self.system(manager), target: target.clone(), how };
                let (cde, others) = (fact(), fact());
                self.give(of_cde, (manager, Label::Imp, Rule::IManages, how.as_str(), cde));
                if how.bears_control() {
                    self.give(of_others, (manager, Label::Imp, Rule::IManagesIndirect, how.as_str(), others));
                }
            }
        }
    }
}
