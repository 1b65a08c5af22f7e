//! In which column a system stands: flows run from left to right as far as they can.

use petgraph::algo::greedy_feedback_arc_set;
use petgraph::graph::DiGraph;
use petgraph::visit::EdgeRef;
use std::collections::BTreeSet;

use super::Graph;

/// The column of every node before full cells spill, and the number of columns.
pub(super) struct Columns {
    /// `None` for a node without any flow to another one: it may stand anywhere in its lane.
    pub(super) of: Vec<Option<usize>>,
    pub(super) count: usize,
    /// Neighbours along the flows that run to the right.
    pub(super) before: Vec<Vec<usize>>,
    pub(super) after: Vec<Vec<usize>>,
}

pub(super) fn columns(graph: &Graph) -> Columns {
    let (before, after) = forward_neighbours(graph);
    let ranks = ranks(&before, &after);
    let deepest = ranks.iter().max().map_or(0, |rank| rank + 1);
    let most = most_columns(graph.nodes.len());
    let isolated = |node: usize| before[node].is_empty() && after[node].is_empty();
    let of =
        (0..graph.nodes.len()).map(|node| (!isolated(node)).then(|| compress(ranks[node], deepest, most))).collect();
    let loose = (0..graph.nodes.len()).any(isolated);
    let count = if loose { deepest.min(most).max(columns_for_loose(graph)) } else { deepest.min(most) };
    Columns { of, count: count.max(1), before, after }
}

/// `clamp(sqrt(2.2 n), 5, 14)`: a picture about twice as wide as high.
fn most_columns(nodes: usize) -> usize {
    (nodes * 22 / 10).isqrt().clamp(5, 14)
}

/// Columns needed to show systems without flows as a block instead of a tower.
fn columns_for_loose(graph: &Graph) -> usize {
    let mut per_lane = vec![0_usize; graph.lanes.max(1)];
    for node in &graph.nodes {
        let lane = node.lane.min(per_lane.len() - 1);
        per_lane[lane] += 1;
    }
    let fullest = per_lane.into_iter().max().unwrap_or(0);
    (fullest * 2).isqrt().clamp(1, most_columns(graph.nodes.len()))
}

/// Squeezes ranks into the columns there are, in proportion.
fn compress(rank: usize, deepest: usize, most: usize) -> usize {
    if deepest <= most { rank } else { rank * most / deepest }
}

/// The neighbours of every node once the flows that would close a circle are left out.
fn forward_neighbours(graph: &Graph) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
    let pairs: BTreeSet<(usize, usize)> =
        graph.edges.iter().filter(|edge| edge.from != edge.to).map(|edge| (edge.from, edge.to)).collect();
    let mut whole = DiGraph::<(), ()>::with_capacity(graph.nodes.len(), pairs.len());
    let indices: Vec<_> = graph.nodes.iter().map(|_| whole.add_node(())).collect();
    for (from, to) in &pairs {
        whole.add_edge(indices[*from], indices[*to], ());
    }
    let backwards: BTreeSet<(usize, usize)> =
        greedy_feedback_arc_set(&whole).map(|edge| (edge.source().index(), edge.target().index())).collect();
    let mut before = vec![Vec::new(); graph.nodes.len()];
    let mut after = vec![Vec::new(); graph.nodes.len()];
    for (from, to) in pairs.difference(&backwards) {
        after[*from].push(*to);
        before[*to].push(*from);
    }
    (before, after)
}

/// Longest path from a source; sources without predecessors then move next to their nearest target.
fn ranks(before: &[Vec<usize>], after: &[Vec<usize>]) -> Vec<usize> {
    let mut ranks = vec![0; before.len()];
    let mut waiting: Vec<usize> = before.iter().map(Vec::len).collect();
    let mut ready: Vec<usize> = (0..before.len()).filter(|node| waiting[*node] == 0).collect();
    let mut next = 0;
    while let Some(node) = ready.get(next).copied() {
        next += 1;
        for target in &after[node] {
            ranks[*target] = ranks[*target].max(ranks[node] + 1);
            waiting[*target] -= 1;
            if waiting[*target] == 0 {
                ready.push(*target);
            }
        }
    }
    for node in 0..before.len() {
        if before[node].is_empty()
            && let Some(nearest) = after[node].iter().map(|target| ranks[*target]).min()
        {
            ranks[node] = nearest - 1;
        }
    }
    ranks
}
