//! The systems that every way from the sources to the targets passes.

use std::collections::BTreeSet;

use petgraph::algo::dominators::simple_fast;
use petgraph::graph::{DiGraph, NodeIndex};

use super::moves::Moves;

/// The systems, neither source nor target, without which no target at all is reached. None where none is reached
/// anyway, or where a source is a target.
pub(super) fn dominators(systems: usize, moves: &Moves, sources: &BTreeSet<u32>, targets: &BTreeSet<u32>) -> Vec<u32> {
    // One source before all sources and one target behind all targets: what dominates the latter is on every way.
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(systems + 2, moves.arcs.len());
    for _ in 0..systems {
        graph.add_node(());
    }
    let (entry, exit) = (graph.add_node(()), graph.add_node(()));
    let mut last = None;
    for arc in &moves.arcs {
        if last.replace((arc.from, arc.to)) != Some((arc.from, arc.to)) {
            graph.add_edge(NodeIndex::from(arc.from), NodeIndex::from(arc.to), ());
        }
    }
    for source in sources {
        graph.add_edge(entry, NodeIndex::from(*source), ());
    }
    for target in targets {
        graph.add_edge(NodeIndex::from(*target), exit, ());
    }
    let tree = simple_fast(&graph, entry);
    let on_every_way = tree.strict_dominators(exit).into_iter().flatten().filter(|node| *node != entry);
    let mut found: Vec<u32> = on_every_way
        .map(|node| u32::try_from(node.index()).expect("node indices are 32 bits wide"))
        .filter(|system| !sources.contains(system) && !targets.contains(system))
        .collect();
    found.sort_unstable();
    found
}
