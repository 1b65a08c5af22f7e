//! The yardstick: the systems and flows of a model as a bare graph, and one breadth-first search over all of it.

use std::collections::HashMap;

use domain::model::Model;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Bfs, VisitMap as _, Visitable as _};

/// The systems as nodes and the flows as edges, with nothing on them.
#[must_use]
pub fn graph(model: &Model) -> DiGraph<(), ()> {
    let mut graph = DiGraph::with_capacity(model.systems.len(), model.flows.len());
    let nodes: HashMap<&str, NodeIndex> = model.systems.keys().map(|id| (id.as_str(), graph.add_node(()))).collect();
    for flow in model.flows.values() {
        if let (Some(from), Some(to)) = (nodes.get(flow.from.as_str()), nodes.get(flow.to.as_str())) {
            graph.add_edge(*from, *to, ());
        }
    }
    graph
}

/// Searches breadth-first from every node that no search before has reached, so that every node and every edge is
/// seen once. Returns how many nodes were reached.
#[must_use]
pub fn search(graph: &DiGraph<(), ()>) -> usize {
    let mut search: Bfs<NodeIndex, _> = Bfs { stack: std::collections::VecDeque::new(), discovered: graph.visit_map() };
    let mut reached = 0;
    for start in graph.node_indices() {
        if search.discovered.visit(start) {
            search.stack.push_back(start);
        }
        while search.next(graph).is_some() {
            reached += 1;
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estate::Estate;

    #[test]
    fn the_search_reaches_every_system_once() {
        let model = Estate::new(300, 1_000).model();
        let graph = graph(&model);
        assert_eq!((graph.node_count(), graph.edge_count()), (300, 1_000));
        assert_eq!(search(&graph), 300);
    }
}
