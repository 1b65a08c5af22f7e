//! The model as numbers: systems, flows and segments are interned once, in the order of their keys, so that
//! comparing numbers is comparing keys and no inner loop touches a text.

use std::collections::BTreeSet;

use super::carried::Carried;
use super::flows::{Flows, Joined, Loose};
use super::grouped::Grouped;
use super::holdings::Holdings;
use super::index::Index;
use super::zones;
use crate::both::both;
use crate::id::SystemId;
use crate::model::Model;
use crate::model::element::Holding;
use crate::model::flow::{Flow, FlowControl};
use crate::model::relations::{Boundary, ControlStatus, How, Initiator, Lifecycle, View};
use crate::model::system::{ManageTarget, System};

/// From how many flows on two threads are used.
const LARGE: usize = 10_000;

/// What the rules of scope read of a model.
pub(crate) struct Graph<'m> {
    pub(crate) model: &'m Model,
    /// The systems, in the order of their keys.
    pub(crate) systems: Vec<&'m System>,
    /// What holds for each system.
    pub(crate) nodes: Vec<Node>,
    /// All flows, in the order of their keys.
    pub(crate) flows: Vec<&'m Flow>,
    /// The flows that are active.
    pub(crate) active_flows: Vec<ActiveFlow<'m>>,
    /// Nodes on the way of an active flow that get its payload: the place in `active_flows`, and the node.
    pub(crate) listeners: Vec<(u32, u32)>,
    /// The own systems of each zone; the last zone takes the systems without a segment in strict mode.
    pub(crate) zone_members: Vec<Vec<u32>>,
    /// Who manages each segment, and how.
    pub(super) segment_managers: Vec<Vec<(u32, How)>>,
    /// The numbers of the segments.
    pub(crate) segments: Index<'m>,
    system_numbers: Index<'m>,
    joined: Joined,
    /// Who manages each system by name, and how.
    managers: Grouped<(u32, How)>,
    /// What each system manages by name, and how.
    managed: Grouped<(u32, How)>,
}

/// What holds for a system, whatever its labels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub(super) boundary: Boundary,
    /// Counts in the chosen view.
    pub(crate) active: bool,
    /// Does not count any more, but its stores do.
    pub(crate) residual: bool,
    pub(super) sealed: bool,
    pub(super) relay: bool,
    pub(crate) segment: Option<u32>,
    pub(crate) microsegmented: bool,
    /// Own systems only.
    pub(super) zone: Option<u32>,
}

impl Node {
    pub(crate) fn is_own(&self) -> bool {
        self.boundary == Boundary::Own
    }

    pub(crate) fn is_external(&self) -> bool {
        self.boundary == Boundary::External
    }

    /// Whether account data on it reaches what it touches.
    pub(super) fn emits(&self) -> bool {
        self.is_own() && self.active && !self.sealed
    }

    /// The zone through which it gives and receives adjacency.
    pub(crate) fn open_zone(&self) -> Option<u32> {
        self.zone.filter(|_| !self.microsegmented)
    }
}

/// An active flow with both of its ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ActiveFlow<'m> {
    /// The place in `flows`.
    pub(crate) flow: u32,
    pub(super) fields: &'m [Holding],
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) initiator: Initiator,
    /// Its payload arrives; false for a blocked one, verified or not.
    pub(crate) carries: bool,
    /// Something can be sent over it: it is on the network, between two systems, and no verified control blocks it.
    pub(crate) is_open: bool,
}

/// An active network flow between two different systems.
#[derive(Debug, Clone, Copy)]
pub(super) struct Connection {
    /// The place in `flows`.
    pub(crate) flow: u32,
    /// It may be used: not blocked, or blocked by what nobody verified.
    pub(super) counts: bool,
    pub(super) blocked: bool,
    pub(super) unrestricted: bool,
}

/// A connection seen from one of its ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Neighbour {
    pub(super) node: u32,
    pub(super) connection: Connection,
    /// The neighbour may open the connection.
    pub(super) initiates: bool,
    /// This end may open the connection.
    pub(super) is_called: bool,
}

impl<'m> Graph<'m> {
    pub(crate) fn of(model: &'m Model) -> Self {
        let (mut graph, loose, _) = Self::parts(model, false);
        graph.joined = loose.join(graph.len());
        graph
    }

    /// The graph, and what its systems hold.
    pub(super) fn with_holdings(model: &'m Model) -> (Self, Holdings<'m>) {
        let (mut graph, loose, carried) = Self::parts(model, true);
        let (joined, holdings) = both(graph.is_large(), || loose.join(graph.len()), || Holdings::of(&graph, carried));
        graph.joined = joined;
        (graph, holdings)
    }

    /// The graph but for what connects its systems, which is not yet sorted by system; and what its flows carry, where
    /// that is asked for.
    fn parts(model: &'m Model, asks_for_data: bool) -> (Self, Loose, Vec<Carried<'m>>) {
        let list = || model.flows.values().map(|it| &**it).collect();
        let (flows, mut graph) = both(model.flows.len() >= LARGE, list, || Self::of_systems(model));
        graph.flows = flows;
        let Flows { active, listeners, loose, carried } = Flows::of(&graph, asks_for_data);
        (graph.active_flows, graph.listeners) = (active, listeners);
        graph.add_management();
        (graph, loose, carried)
    }

    /// The systems, in their zones, without any flow.
    fn of_systems(model: &'m Model) -> Self {
        let mut named: BTreeSet<&str> = model.segments.keys().map(|id| id.as_str()).collect();
        named.extend(model.systems.values().filter_map(|it| it.segment.as_ref()).map(|id| id.as_str()));
        named.extend(model.links.keys().flat_map(|key| [key.a().as_str(), key.b().as_str()]));
        let segments = Index::new(named.into_iter());
        let zones = zones::zones(model, &segments);
        let mut graph = Self {
            model,
            systems: model.systems.values().map(|it| &**it).collect(),
            nodes: Vec::with_capacity(model.systems.len()),
            flows: Vec::new(),
            active_flows: Vec::new(),
            listeners: Vec::new(),
            zone_members: vec![Vec::new(); segments.len() + 1],
            segment_managers: vec![Vec::new(); segments.len()],
            segments,
            system_numbers: Index::new(model.systems.keys().map(|id| id.as_str())),
            joined: Joined::default(),
            managers: Grouped::default(),
            managed: Grouped::default(),
        };
        graph.add_nodes(&zones);
        graph
    }

    fn add_nodes(&mut self, zones: &[u32]) {
        let nowhere = self.segments.count();
        for system in &self.systems {
            let segment = system.segment.as_ref().and_then(|id| self.segments.get(id.as_str()));
            let zone = match segment {
                Some(segment) => Some(zones[segment as usize]),
                None => self.model.settings.strict_flat.then_some(nowhere),
            };
            let declared = system.segment.as_ref().and_then(|id| self.model.segments.get(id));
            let active = is_active(system.lifecycle, self.model.settings.view);
            let residual = !active && !system.disposed && is_residual(system.lifecycle);
            let node = Node {
                boundary: system.boundary,
                active,
                residual,
                sealed: system.sealed_scd,
                relay: system.is_relay(),
                segment,
                microsegmented: declared.is_some_and(|it| it.microsegmented),
                zone: zone.filter(|_| system.boundary == Boundary::Own),
            };
            if let Some(zone) = node.zone {
                let number = u32::try_from(self.nodes.len()).expect("a model in memory has fewer systems");
                self.zone_members[zone as usize].push(number);
            }
            self.nodes.push(node);
        }
    }

    fn add_management(&mut self) {
        let mut pairs: Vec<(u32, u32, How)> = Vec::new();
        for manager in 0..self.nodes.len() {
            let node = &self.nodes[manager];
            if !node.active || node.is_external() {
                continue;
            }
            let manager = u32::try_from(manager).expect("a model in memory has fewer systems");
            for relation in &self.systems[manager as usize].manages {
                match &relation.target {
                    ManageTarget::System(target) => {
                        if let Some(target) = self.number_of(target) {
                            pairs.push((manager, target, relation.how));
                        }
                    }
                    ManageTarget::Segment(segment) => {
                        if let Some(segment) = self.segments.get(segment.as_str()) {
                            self.segment_managers[segment as usize].push((manager, relation.how));
                        }
                    }
                }
            }
        }
        let systems = self.nodes.len();
        self.managers =
            Grouped::of_pairs(systems, pairs.iter().map(|(manager, target, how)| (*target, (*manager, *how))));
        self.managed =
            Grouped::of_pairs(systems, pairs.iter().map(|(manager, target, how)| (*manager, (*target, *how))));
    }

    /// A blocked flow is as good as the control that blocks it; a control that the model does not have is none.
    pub(crate) fn is_verified(&self, flow: &Flow) -> bool {
        let status = match &flow.control {
            Some(FlowControl::Record(id)) => self.model.controls.get(id).map(|control| control.status),
            Some(FlowControl::Inline { status, .. }) => Some(*status),
            None => None,
        };
        status == Some(ControlStatus::Verified)
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether a second thread is worth while: starting one takes as long as some hundred flows.
    pub(super) fn is_large(&self) -> bool {
        self.flows.len() >= LARGE
    }

    /// The number of the system with a key.
    pub(super) fn number(&self, key: &str) -> Option<u32> {
        self.system_numbers.get(key)
    }

    pub(crate) fn number_of(&self, id: &SystemId) -> Option<u32> {
        self.system_numbers.get(id.as_str())
    }

    /// The place of a flow in `flows`.
    pub(super) fn place_of(&self, id: &str) -> Option<u32> {
        let place = self.flows.binary_search_by(|flow| flow.id.as_str().cmp(id)).ok()?;
        u32::try_from(place).ok()
    }

    /// The place of a flow in `active_flows`.
    pub(super) fn active_place_of(&self, flow: u32) -> Option<u32> {
        let place = self.active_flows.binary_search_by(|active| active.flow.cmp(&flow)).ok()?;
        u32::try_from(place).ok()
    }

    /// The connections at a node, those that cannot be used included.
    pub(super) fn neighbours(&self, node: u32) -> impl Iterator<Item = Neighbour> {
        self.joined.neighbours.of(node).iter().copied()
    }

    /// The nodes on the way of the usable connections of a node, each with the flow.
    pub(super) fn carriers(&self, node: u32) -> impl Iterator<Item = (u32, u32)> {
        self.joined.carriers.of(node).iter().copied()
    }

    /// Who manages a node by name, and how. [`Self::segment_managers`] has those who manage its segment.
    pub(super) fn managers(&self, node: u32) -> impl Iterator<Item = (u32, How)> {
        self.managers.of(node).iter().copied()
    }

    /// What a node manages by name, and how.
    pub(super) fn managed(&self, node: u32) -> impl Iterator<Item = (u32, How)> {
        self.managed.of(node).iter().copied()
    }
}

pub(super) const fn is_active(stage: Lifecycle, view: View) -> bool {
    match view {
        View::Current => matches!(stage, Lifecycle::Live | Lifecycle::Retiring),
        View::Target => matches!(stage, Lifecycle::Live | Lifecycle::Planned),
    }
}

/// Of what is not active: retired in either view, and retiring where only the target counts.
const fn is_residual(stage: Lifecycle) -> bool {
    matches!(stage, Lifecycle::Retired | Lifecycle::Retiring)
}
