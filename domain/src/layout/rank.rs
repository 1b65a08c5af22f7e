//! In which column a system stands: flows run from left to right as far as they can.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::greedy_feedback_arc_set;
use petgraph::graph::DiGraph;
use petgraph::visit::EdgeRef;

use super::Graph;

/// The column of every node before full cells spill, and the number of columns.
pub(super) struct Columns {
    /// `None` for a node without any flow to another one: it may stand anywhere in its lane.
    pub(super) of: Vec<Option<usize>>,
    pub(super) count: usize,
    /// How many flows lead to every node, one after the other; several ranks may share a column.
    pub(super) ranks: Vec<usize>,
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
    Columns { of, count: count.max(1), ranks, before, after }
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
///
/// A heuristic proposes which flows to leave out; then flows are admitted in the order of their weight, so that it is
/// the lightest flow of a circle that runs backwards.
fn forward_neighbours(graph: &Graph) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
    let mut pairs: BTreeMap<(usize, usize), u8> = BTreeMap::new();
    for edge in graph.edges.iter().filter(|edge| edge.from != edge.to) {
        let weight = pairs.entry((edge.from, edge.to)).or_default();
        *weight = (*weight).max(edge.weight.clamp(1, 8));
    }
    let backwards = proposed_backwards(graph.nodes.len(), &pairs);
    let mut queue: Vec<(Reverse<u8>, bool, (usize, usize))> =
        pairs.iter().map(|(pair, weight)| (Reverse(*weight), backwards.contains(pair), *pair)).collect();
    queue.sort_unstable();
    let mut order = Order::new(graph.nodes.len(), pairs.keys().filter(|pair| !backwards.contains(pair)));
    for (_, _, (from, to)) in queue {
        order.admit(from, to);
    }
    (order.before, order.after)
}

fn proposed_backwards(nodes: usize, pairs: &BTreeMap<(usize, usize), u8>) -> BTreeSet<(usize, usize)> {
    let mut whole = DiGraph::<(), ()>::with_capacity(nodes, pairs.len());
    let indices: Vec<_> = (0..nodes).map(|_| whole.add_node(())).collect();
    // The heuristic knows no weights but compares degrees, so an important flow is entered several times.
    for ((from, to), weight) in pairs {
        for _ in 0..*weight {
            whole.add_edge(indices[*from], indices[*to], ());
        }
    }
    greedy_feedback_arc_set(&whole).map(|edge| (edge.source().index(), edge.target().index())).collect()
}

/// A topological order that is kept up while flows are added (Pearce and Kelly, 2007).
struct Order {
    position: Vec<usize>,
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
    /// In which search a node was reached last, and how many searches there were.
    seen: Vec<u32>,
    searches: u32,
    /// The nodes that may still be looked at to turn a flow around; then the proposal stands as it is.
    effort: usize,
}

/// Several times what any picture that is drawn in full needs; the graphs above it are only drawn collapsed.
const EFFORT: usize = 60_000;

impl Order {
    /// Starts from an order in which all the given flows, which form no circle, run forward.
    fn new<'a>(nodes: usize, flows: impl Iterator<Item = &'a (usize, usize)>) -> Self {
        let mut after = vec![Vec::new(); nodes];
        let mut waiting = vec![0_usize; nodes];
        for (from, to) in flows {
            after[*from].push(*to);
            waiting[*to] += 1;
        }
        let mut position = vec![0; nodes];
        for (place, node) in topological(&after, waiting).into_iter().enumerate() {
            position[node] = place;
        }
        Self {
            position,
            before: vec![Vec::new(); nodes],
            after: vec![Vec::new(); nodes],
            seen: vec![0; nodes],
            searches: 0,
            effort: EFFORT,
        }
    }

    /// Adds the flow unless it closes a circle with those added before.
    fn admit(&mut self, from: usize, to: usize) {
        let (low, high) = (self.position[to], self.position[from]);
        if low < high {
            if self.effort == 0 {
                return;
            }
            let forth = self.reach(true, to, |place| place <= high);
            self.effort = self.effort.saturating_sub(forth.len());
            if self.seen[from] == self.searches {
                return;
            }
            let back = self.reach(false, from, |place| place >= low);
            self.effort = self.effort.saturating_sub(back.len());
            let moved: Vec<usize> = back.into_iter().chain(forth).collect();
            let mut places: Vec<usize> = moved.iter().map(|node| self.position[*node]).collect();
            places.sort_unstable();
            for (node, place) in moved.into_iter().zip(places) {
                self.position[node] = place;
            }
        }
        self.after[from].push(to);
        self.before[to].push(from);
    }

    /// The nodes reached without leaving the given places, by place.
    fn reach(&mut self, forward: bool, start: usize, within: impl Fn(usize) -> bool) -> Vec<usize> {
        self.searches += 1;
        self.seen[start] = self.searches;
        let mut reached = vec![start];
        let mut next = 0;
        while let Some(node) = reached.get(next).copied() {
            next += 1;
            let neighbours = if forward { &self.after[node] } else { &self.before[node] };
            for other in neighbours {
                if self.seen[*other] != self.searches && within(self.position[*other]) {
                    self.seen[*other] = self.searches;
                    reached.push(*other);
                }
            }
        }
        reached.sort_unstable_by_key(|node| self.position[*node]);
        reached
    }
}

/// The nodes in an order in which every flow runs forward; `waiting` counts the flows that reach each node.
fn topological(after: &[Vec<usize>], mut waiting: Vec<usize>) -> Vec<usize> {
    let mut ready: Vec<usize> = (0..after.len()).filter(|node| waiting[*node] == 0).collect();
    let mut next = 0;
    while let Some(node) = ready.get(next).copied() {
        next += 1;
        for target in &after[node] {
            waiting[*target] -= 1;
            if waiting[*target] == 0 {
                ready.push(*target);
            }
        }
    }
    ready
}

/// Longest path from a source; sources without predecessors then move next to their nearest target.
fn ranks(before: &[Vec<usize>], after: &[Vec<usize>]) -> Vec<usize> {
    let mut ranks = vec![0; before.len()];
    for node in topological(after, before.iter().map(Vec::len).collect()) {
        for target in &after[node] {
            ranks[*target] = ranks[*target].max(ranks[node] + 1);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{Edge, Node};

    fn graph(nodes: usize, flows: &[(usize, usize, u8)]) -> Graph {
        Graph {
            lanes: 1,
            nodes: vec![Node { lane: 0, width: 148, height: 0, pin: None }; nodes],
            edges: flows
                .iter()
                .map(|(from, to, weight)| Edge { from: *from, to: *to, strip: 0, weight: *weight })
                .collect(),
            ..Graph::default()
        }
    }

    #[test]
    fn the_lightest_flow_of_a_circle_runs_backwards() {
        for lightest in 0..4 {
            let weight = |flow| if flow == lightest { 1 } else { 6 };
            let circle: Vec<_> = (0..4).map(|flow| (flow, (flow + 1) % 4, weight(flow))).collect();
            let columns = columns(&graph(4, &circle));
            let first = (lightest + 1) % 4;
            for step in 0..4 {
                assert_eq!(columns.of[(first + step) % 4], Some(step));
            }
        }
    }

    #[test]
    fn a_source_stands_next_to_its_nearest_target() {
        let columns = columns(&graph(4, &[(0, 1, 1), (1, 2, 1), (3, 2, 1)]));
        assert_eq!(columns.of, [Some(0), Some(1), Some(2), Some(1)]);
    }

    #[test]
    fn a_system_without_flows_may_stand_anywhere() {
        assert_eq!(columns(&graph(3, &[(0, 1, 1)])).of, [Some(0), Some(1), None]);
    }
}
