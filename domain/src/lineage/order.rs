//! How far each holder is from where the element enters.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::spread::Spread;
use crate::id::SystemId;

/// The distance of each holder.
pub(super) struct Order {
    distances: BTreeMap<SystemId, u32>,
}

impl Order {
    /// Breadth first from where the element enters: from holders to which no way leads. Of holders that pass it round
    /// in a circle which nothing enters, those that declare it are the beginning, else the one with the smallest key.
    pub(super) fn of(spread: &Spread<'_>) -> Self {
        let mut graph: DiGraph<&SystemId, ()> = DiGraph::new();
        let nodes: BTreeMap<&SystemId, NodeIndex> = spread.holders.keys().map(|id| (id, graph.add_node(id))).collect();
        for (from, to, _) in spread.ways.keys() {
            graph.update_edge(nodes[from], nodes[to], ());
        }
        let mut entries: BTreeSet<&SystemId> = BTreeSet::new();
        for circle in kosaraju_scc(&graph) {
            let members: BTreeSet<NodeIndex> = circle.iter().copied().collect();
            let entered = circle
                .iter()
                .any(|node| graph.neighbors_directed(*node, petgraph::Incoming).any(|from| !members.contains(&from)));
            if entered {
                continue;
            }
            let keys: BTreeSet<&SystemId> = circle.iter().map(|node| graph[*node]).collect();
            let declaring: Vec<&SystemId> =
                keys.iter().copied().filter(|id| !spread.holders[*id].declared.is_empty()).collect();
            match declaring.is_empty() {
                true => entries.extend(keys.first().copied()),
                false => entries.extend(declaring),
            }
        }
        let mut distances = BTreeMap::new();
        let mut open: VecDeque<(&SystemId, u32)> = entries.into_iter().map(|id| (id, 0)).collect();
        while let Some((id, distance)) = open.pop_front() {
            if distances.contains_key(id) {
                continue;
            }
            distances.insert(id.clone(), distance);
            open.extend(graph.neighbors(nodes[id]).map(|next| (graph[next], distance + 1)));
        }
        Self { distances }
    }

    pub(super) fn distance(&self, id: &SystemId) -> u32 {
        self.distances.get(id).copied().unwrap_or(0)
    }

    /// Where the element enters, by key.
    pub(super) fn entries(&self) -> Vec<SystemId> {
        self.distances.iter().filter(|(_, distance)| **distance == 0).map(|(id, _)| id.clone()).collect()
    }
}
