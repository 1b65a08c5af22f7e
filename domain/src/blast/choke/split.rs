//! Where the flow of data hangs on one system or on one flow.

use std::collections::BTreeMap;

use petgraph::algo::articulation_points::articulation_points;
use petgraph::algo::bridges::bridges;
use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::visit::EdgeRef as _;

use crate::blast::terrain::Terrain;

/// Systems and flows whose loss splits what was connected, sorted.
pub(super) struct Split {
    pub(super) systems: Vec<u32>,
    /// Places in the graph's flows.
    pub(super) flows: Vec<u32>,
}

/// Looks at the flows that carry data, whatever their medium and direction.
pub(super) fn split(terrain: &Terrain<'_>) -> Split {
    let graph = &terrain.graph;
    let mut pairs: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
    for active in graph.active_flows.iter().filter(|it| it.carries && it.from != it.to) {
        if !graph.flows[active.flow as usize].fields.is_empty() {
            let ends = (active.from.min(active.to), active.from.max(active.to));
            pairs.entry(ends).or_default().push(active.flow);
        }
    }
    let mut simple: UnGraph<(), u32> = UnGraph::with_capacity(graph.len(), pairs.len());
    for _ in 0..graph.len() {
        simple.add_node(());
    }
    for (pair, (one, other)) in (0_u32..).zip(pairs.keys()) {
        simple.add_edge(NodeIndex::from(*one), NodeIndex::from(*other), pair);
    }
    let mut systems: Vec<u32> = articulation_points(&simple)
        .into_iter()
        .map(|node| u32::try_from(node.index()).expect("node indices are 32 bits wide"))
        .collect();
    systems.sort_unstable();
    // Two flows between the same two systems: losing one of them splits nothing.
    let flows: Vec<&Vec<u32>> = pairs.values().collect();
    let mut flows: Vec<u32> = bridges(&simple)
        .map(|edge| &simple[edge.id()])
        .filter_map(|pair| match flows[*pair as usize].as_slice() {
            [flow] => Some(*flow),
            _ => None,
        })
        .collect();
    flows.sort_unstable();
    Split { systems, flows }
}
