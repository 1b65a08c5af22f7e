//! Paths through the graph of states that share as few facts as possible with the witness.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef as _;
use serde::Serialize;

use super::states::{Node, States, WitnessFacts};
use crate::id::SystemId;
use crate::scope::verdict::{Arrival, Step};

/// Another proof of a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// The systems from the seed to the system itself.
    pub systems: Vec<SystemId>,
    /// The rule and the edge of each step; as many as systems.
    pub steps: Vec<Step>,
    /// How the data of the seed arrives there, where it is data: the last flow, or the copies since.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub arrival: Vec<Arrival>,
}

/// A path from the source to the target.
pub(super) struct Path {
    edges: Vec<EdgeIndex>,
    /// The facts it uses.
    pub(super) facts: Vec<u32>,
}

/// Shared facts of the path, shared facts of the beginning, steps: the fewest of the first, then of the others.
type Cost = (u32, u32, u32);

/// The path with the least cost.
pub(super) fn best(states: &States<'_>, target: NodeIndex, witness: &WitnessFacts) -> Option<Path> {
    let graph = &states.graph;
    let mut costs: Vec<Option<Cost>> = vec![None; graph.node_count()];
    let mut by: Vec<Option<EdgeIndex>> = vec![None; graph.node_count()];
    let mut open = BinaryHeap::from([Reverse(((0, 0, 0), states.source))]);
    costs[states.source.index()] = Some((0, 0, 0));
    while let Some(Reverse((cost, at))) = open.pop() {
        if at == target {
            break;
        }
        if costs[at.index()] != Some(cost) {
            continue;
        }
        // Edges are listed newest first; the oldest one is preferred.
        let mut edges: Vec<_> = graph.edges(at).collect();
        edges.reverse();
        for edge in edges {
            let step = edge.weight();
            let shares =
                |set: &BTreeSet<u32>| u32::try_from(step.facts.iter().filter(|fact| set.contains(fact)).count());
            let on_path = shares(&witness.path).unwrap_or(u32::MAX);
            let at_start = shares(&witness.start).unwrap_or(u32::MAX);
            let counted = u32::from(matches!(graph[edge.target()], Node::State(_)));
            // What begins the witness is shared on the way as well, if it is used there.
            let (on_path, at_start) =
                if step.is_start { (on_path, at_start) } else { (on_path.saturating_add(at_start), 0) };
            let reached = (cost.0.saturating_add(on_path), cost.1.saturating_add(at_start), cost.2 + counted);
            let known = &mut costs[edge.target().index()];
            if known.is_none_or(|known| reached < known) {
                *known = Some(reached);
                by[edge.target().index()] = Some(edge.id());
                open.push(Reverse((reached, edge.target())));
            }
        }
    }
    costs[target.index()]?;
    let mut edges = Vec::new();
    let mut at = target;
    while let Some(edge) = by[at.index()] {
        edges.push(edge);
        at = graph.edge_endpoints(edge)?.0;
    }
    edges.reverse();
    let facts = edges.iter().flat_map(|edge| graph[*edge].facts.iter().copied()).collect();
    Some(Path { edges, facts })
}

/// Whether the target is reached when one fact is gone.
pub(super) fn reaches_without(states: &States<'_>, target: NodeIndex, fact: u32) -> bool {
    let mut seen = vec![false; states.graph.node_count()];
    let mut open = vec![states.source];
    while let Some(at) = open.pop() {
        if at == target {
            return true;
        }
        for edge in states.graph.edges(at).filter(|edge| edge.weight().is_union || !edge.weight().facts.contains(&fact))
        {
            if !std::mem::replace(&mut seen[edge.target().index()], true) {
                open.push(edge.target());
            }
        }
    }
    false
}

/// A path in the terms of the model.
pub(super) fn proof(states: &States<'_>, path: &Path) -> Proof {
    let mut proof = Proof { systems: Vec::new(), steps: Vec::new(), arrival: Vec::new() };
    for edge in &path.edges {
        let Some((_, to)) = states.graph.edge_endpoints(*edge) else { continue };
        let step = &states.graph[*edge];
        match states.graph[to] {
            Node::State(state) => {
                proof.systems.push(states.system(state.system()));
                if let Some(rule) = step.rule {
                    proof.steps.push(Step { label: state.label(), rule, edge: step.edge.to_owned() });
                }
            }
            Node::Item(system) => {
                if let Some((from, by)) = &step.arrives {
                    if proof.arrival.is_empty() {
                        proof.arrival.push(Arrival { node: states.system(*from), by: None });
                    }
                    proof.arrival.push(Arrival { node: states.system(system), by: Some(by.clone()) });
                } else {
                    proof.arrival.push(Arrival { node: states.system(system), by: None });
                }
            }
            Node::Source | Node::Shared => {}
        }
    }
    proof
}
