//! The active flows of a model as numbers, and what they connect.

use super::carried::Carried;
use super::graph::{ActiveFlow, Connection, Graph, Neighbour, is_active};
use super::grouped::Grouped;
use crate::both::both;
use crate::model::element::Holding;
use crate::model::flow::{Flow, Via};
use crate::model::relations::{Access, Boundary, Channel, Encryption, Initiator, Lifecycle, ViaMode};

/// How many flows are glanced at before any of them is followed up.
const BLOCK: usize = 64;

/// The active flows of some of a model's flows, in the order of their keys.
#[derive(Default)]
pub(super) struct Flows<'m> {
    pub(super) active: Vec<ActiveFlow<'m>>,
    /// Nodes on the way of an active flow that get its payload: the place in `active`, and the node.
    pub(super) listeners: Vec<(u32, u32)>,
    pub(super) loose: Loose,
    /// What the active flows carry, in parts one after the other; none where nobody asked for it.
    pub(super) carried: Vec<Carried<'m>>,
}

/// What connects whom, not yet sorted by system.
#[derive(Default)]
pub(super) struct Loose {
    connections: Vec<Ends>,
    /// An end of a usable connection, and a node on the way with the flow.
    carriers: Vec<(u32, (u32, u32))>,
}

/// What connects whom, by system.
#[derive(Default)]
pub(super) struct Joined {
    /// The connections at each system, from either end.
    pub(super) neighbours: Grouped<Neighbour>,
    /// The nodes on the way of the usable connections of each system, each with the flow.
    pub(super) carriers: Grouped<(u32, u32)>,
}

impl Loose {
    pub(super) fn join(&self, systems: usize) -> Joined {
        Joined {
            neighbours: Grouped::of_pairs(systems, self.connections.iter().flat_map(Ends::both)),
            carriers: Grouped::new(systems, &self.carriers),
        }
    }
}

impl<'m> Flows<'m> {
    /// The active ones of all flows of a graph, and what they carry where that is asked for.
    pub(super) fn of(graph: &Graph<'m>, asks_for_data: bool) -> Self {
        let half = if graph.is_large() { graph.flows.len() / 2 } else { graph.flows.len() };
        let (one, other) = graph.flows.split_at(half);
        let place = u32::try_from(half).expect("a model in memory has fewer flows");
        let some = |flows, first| Self::of_some(graph, flows, first, asks_for_data);
        let (second, mut first) = both(!other.is_empty(), || some(other, place), || some(one, 0));
        first.append(second);
        first
    }

    /// Of those whose first one has that place among all flows.
    fn of_some(graph: &Graph<'m>, flows: &[&'m Flow], first: u32, asks_for_data: bool) -> Self {
        let mut found = Self::default();
        found.active.reserve(flows.len());
        found.loose.connections.reserve(flows.len());
        let mut glances: Vec<Glance<'m>> = Vec::with_capacity(BLOCK);
        let mut carried = asks_for_data.then(|| Carried::of_flows(flows.len()));
        for (block, first) in flows.chunks(BLOCK).zip((first..).step_by(BLOCK)) {
            let known = found.active.len();
            glances.clear();
            glances.extend(block.iter().map(|flow| Glance::of(flow)));
            for (flow, place) in glances.iter().zip(first..) {
                found.add(graph, flow, place);
            }
            if let Some(carried) = &mut carried {
                carried.add(&found.active[known..]);
            }
        }
        found.carried.extend(carried);
        found
    }

    fn append(&mut self, other: Self) {
        let before = u32::try_from(self.active.len()).expect("a model in memory has fewer flows");
        self.active.extend(other.active);
        self.listeners.extend(other.listeners.into_iter().map(|(place, node)| (place + before, node)));
        self.loose.connections.extend(other.loose.connections);
        self.loose.carriers.extend(other.loose.carriers);
        self.carried.extend(other.carried);
    }

    fn add(&mut self, graph: &Graph<'m>, flow: &Glance<'m>, place: u32) {
        let (Some(from), Some(to)) = (graph.number(flow.from), graph.number(flow.to)) else { return };
        let both_active = graph.nodes[from as usize].active && graph.nodes[to as usize].active;
        if !both_active || !is_active(flow.stage, graph.model.settings.view) {
            return;
        }
        let blocked = flow.access == Access::Blocked;
        let active = u32::try_from(self.active.len()).expect("a model in memory has fewer flows");
        let connects = flow.channel == Channel::Network && from != to;
        let counts = !(blocked && graph.is_verified(flow.flow));
        self.active.push(ActiveFlow {
            flow: place,
            fields: flow.fields,
            from,
            to,
            initiator: flow.initiator,
            carries: !blocked,
            is_open: connects && counts,
        });
        if connects {
            let unrestricted = flow.access == Access::Unrestricted;
            let connection = Connection { flow: place, counts, blocked, unrestricted };
            self.loose.connections.push(Ends { from, to, initiator: flow.initiator, connection });
        }
        let unencrypted = matches!(flow.encryption, Encryption::None | Encryption::Unknown);
        for via in flow.via {
            let Some(node) = graph.number_of(&via.node) else { continue };
            let it = &graph.nodes[node as usize];
            if !it.active {
                continue;
            }
            let inspects = via.mode == ViaMode::Inspect;
            if inspects || unencrypted {
                self.listeners.push((active, node));
            }
            let carries = it.is_own() || (it.boundary == Boundary::ThirdParty && inspects);
            if connects && counts && carries {
                for end in [from, to].into_iter().filter(|end| *end != node) {
                    self.loose.carriers.push((end, (node, place)));
                }
            }
        }
    }
}

/// What is read of every flow. It is gathered for a block of flows in a loop so short that the processor waits for the
/// memory of many of them at once, not for one after the other.
struct Glance<'m> {
    flow: &'m Flow,
    from: &'m str,
    to: &'m str,
    stage: Lifecycle,
    access: Access,
    channel: Channel,
    initiator: Initiator,
    encryption: Encryption,
    fields: &'m [Holding],
    via: &'m [Via],
}

impl<'m> Glance<'m> {
    fn of(flow: &'m Flow) -> Self {
        Self {
            flow,
            from: flow.from.as_str(),
            to: flow.to.as_str(),
            stage: flow.stage,
            access: flow.access,
            channel: flow.channel,
            initiator: flow.initiator,
            encryption: flow.encryption,
            fields: &flow.fields,
            via: &flow.via,
        }
    }
}

/// A connection while the graph is made.
struct Ends {
    from: u32,
    to: u32,
    initiator: Initiator,
    connection: Connection,
}

impl Ends {
    /// The connection seen from either end: the end, and what it sees.
    fn both(&self) -> [(u32, Neighbour); 2] {
        let (from, to) = (self.initiator != Initiator::To, self.initiator != Initiator::From);
        let seen = |node: u32, initiates: bool, is_called: bool| Neighbour {
            node,
            connection: self.connection,
            initiates,
            is_called,
        };
        [(self.from, seen(self.to, to, from)), (self.to, seen(self.from, from, to))]
    }
}
