//! A good cut where there are too many labels to try them all.

use std::cmp::Reverse;

use petgraph::algo::maximum_flow::dinics;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef as _;

use super::cut::Paths;

/// The better of two cuts: one label after the other by newly protected targets for its cost, and the labels of the
/// cheapest cut of moves. Neither is proven to be the cheapest.
pub(super) fn cut(paths: &Paths) -> Vec<u32> {
    let cost = |labels: &[u32]| labels.iter().fold(0_u64, |sum, it| sum.saturating_add(paths.costs[*it as usize]));
    [one_by_one(paths), moves(paths)]
        .into_iter()
        .map(|labels| without_needless(paths, labels))
        .min_by(|one, other| (cost(one), one.len(), one).cmp(&(cost(other), other.len(), other)))
        .expect("there are two of them")
}

/// Takes the label that protects most targets for its cost, until none is reached. A label that protects a target lies
/// on every way to it, so only the labels of one way need a look.
fn one_by_one(paths: &Paths) -> Vec<u32> {
    let mut removed = vec![false; paths.labels.len()];
    let mut chosen = Vec::new();
    while let Some(path) = paths.path(&removed) {
        let before = reached(paths, &removed);
        let mut best: Option<(u64, u64, u32)> = None;
        for label in path {
            removed[label as usize] = true;
            let protected = before - reached(paths, &removed);
            removed[label as usize] = false;
            let cost = paths.costs[label as usize];
            let better = best.is_none_or(|(most, least, known)| {
                let (one, other) = (u128::from(protected) * u128::from(least), u128::from(most) * u128::from(cost));
                (Reverse(one), cost, label) < (Reverse(other), least, known)
            });
            if better {
                best = Some((protected, cost, label));
            }
        }
        let Some((.., label)) = best else { break };
        removed[label as usize] = true;
        chosen.push(label);
    }
    chosen
}

fn reached(paths: &Paths, removed: &[bool]) -> u64 {
    let mut seen = vec![false; paths.next.len()];
    let mut open = paths.sources.clone();
    let mut targets = 0;
    while let Some(node) = open.pop() {
        if !std::mem::replace(&mut seen[node as usize], true) {
            targets += u64::from(paths.is_target[node as usize]);
            let next = paths.next[node as usize].iter().filter(|(_, label)| !removed[*label as usize]);
            open.extend(next.map(|(node, _)| *node));
        }
    }
    targets
}

/// The labels of the cheapest cut if every move had to be paid for on its own: a maximum flow.
fn moves(paths: &Paths) -> Vec<u32> {
    // Capacities add up without overflow: there are fewer than 2^31 moves.
    let capacity = |label: u32| paths.costs[label as usize].min(1 << 32);
    let mut graph: DiGraph<(), u64> = DiGraph::new();
    for _ in 0..paths.next.len() {
        graph.add_node(());
    }
    let (entry, exit) = (graph.add_node(()), graph.add_node(()));
    let mut labels = Vec::new();
    for (node, next) in (0_u32..).zip(&paths.next) {
        for (to, label) in next {
            graph.add_edge(NodeIndex::from(node), NodeIndex::from(*to), capacity(*label));
            labels.push(*label);
        }
    }
    for source in &paths.sources {
        graph.add_edge(entry, NodeIndex::from(*source), u64::MAX >> 4);
    }
    for (node, _) in (0_u32..).zip(&paths.is_target).filter(|(_, is_target)| **is_target) {
        graph.add_edge(NodeIndex::from(node), exit, u64::MAX >> 4);
    }
    let (_, flows) = dinics(&graph, entry, exit);
    let mut inside = vec![false; graph.node_count()];
    let mut open = vec![entry];
    while let Some(node) = open.pop() {
        if std::mem::replace(&mut inside[node.index()], true) {
            continue;
        }
        let onward = graph.edges(node).filter(|edge| flows[edge.id().index()] < *edge.weight()).map(|it| it.target());
        let back = graph
            .edges_directed(node, petgraph::Direction::Incoming)
            .filter(|edge| flows[edge.id().index()] > 0)
            .map(|edge| edge.source());
        open.extend(onward.chain(back));
    }
    let crosses = |edge: usize| {
        let ends = graph.edge_endpoints(petgraph::graph::EdgeIndex::new(edge));
        ends.is_some_and(|(from, to)| inside[from.index()] && !inside[to.index()])
    };
    let mut cut: Vec<u32> = (0..labels.len()).filter(|edge| crosses(*edge)).map(|edge| labels[edge]).collect();
    cut.sort_unstable();
    cut.dedup();
    cut
}

/// Drops labels, the dearest first, that the others make needless.
fn without_needless(paths: &Paths, mut labels: Vec<u32>) -> Vec<u32> {
    let mut removed = vec![false; paths.labels.len()];
    for label in &labels {
        removed[*label as usize] = true;
    }
    labels.sort_by_key(|label| (Reverse(paths.costs[*label as usize]), *label));
    for label in &labels {
        removed[*label as usize] = false;
        if paths.path(&removed).is_some() {
            removed[*label as usize] = true;
        }
    }
    labels.retain(|label| removed[*label as usize]);
    labels.sort_unstable();
    labels
}
