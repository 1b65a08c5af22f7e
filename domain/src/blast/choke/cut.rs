//! The cheapest set of labels that leaves no target reached.
//!
//! One label may stand for many moves, so this is no minimum cut of moves but a minimum label cut, which is NP-hard.
//! Up to [`super::EXACT_LABELS`] labels it is solved exactly: any cut has to contain a label of every path, so the
//! search takes a path and branches on its labels. Paths without a common label each need a label of their own,
//! which bounds what is still to pay.

use std::collections::{BTreeSet, VecDeque};

use super::EXACT_LABELS;
use super::cost::ArcCosts;
use super::greedy;
use super::moves::Moves;

/// The moves that lie on some way from the sources to the targets, with their labels numbered anew.
pub(super) struct Paths {
    /// The texts of the labels, sorted.
    pub(super) labels: Vec<String>,
    /// What each costs.
    pub(super) costs: Vec<u64>,
    /// For each node the nodes after it with the label.
    pub(super) next: Vec<Vec<(u32, u32)>>,
    pub(super) sources: Vec<u32>,
    pub(super) is_target: Vec<bool>,
}

impl Paths {
    pub(super) fn between(moves: &Moves, costs: &ArcCosts, sources: &BTreeSet<u32>, targets: &BTreeSet<u32>) -> Self {
        let nodes = moves.arcs.iter().map(|arc| arc.from.max(arc.to)).chain(sources.iter().chain(targets).copied());
        let count = nodes.max().map_or(0, |it| it as usize + 1);
        let mut forward: Vec<Vec<u32>> = vec![Vec::new(); count];
        let mut backward: Vec<Vec<u32>> = vec![Vec::new(); count];
        // A way ends with its first target and begins with its last source.
        let counts = |from: u32, to: u32| !targets.contains(&from) && !sources.contains(&to);
        for arc in moves.arcs.iter().filter(|arc| counts(arc.from, arc.to)) {
            forward[arc.from as usize].push(arc.to);
            backward[arc.to as usize].push(arc.from);
        }
        let ahead = closure(&forward, sources);
        let behind = closure(&backward, targets);
        let on_a_way = |from: u32, to: u32| counts(from, to) && ahead[from as usize] && behind[to as usize];
        let used: BTreeSet<u32> =
            moves.arcs.iter().filter(|arc| on_a_way(arc.from, arc.to)).map(|arc| arc.label).collect();
        let numbers: Vec<u32> = used.into_iter().collect();
        let mut next = vec![Vec::new(); count];
        for arc in moves.arcs.iter().filter(|arc| on_a_way(arc.from, arc.to)) {
            let label = numbers.binary_search(&arc.label).expect("the label of a move on a way is used");
            next[arc.from as usize].push((arc.to, u32::try_from(label).expect("there are fewer labels than moves")));
        }
        let labels: Vec<String> = numbers.iter().map(|label| moves.labels[*label as usize].clone()).collect();
        Self {
            costs: labels.iter().map(|label| costs.of(label)).collect(),
            labels,
            next,
            sources: sources.iter().copied().collect(),
            is_target: (0_u32..).take(count).map(|node| targets.contains(&node)).collect(),
        }
    }

    /// The labels of a shortest way that uses no removed label, in the order of the way.
    pub(super) fn path(&self, removed: &[bool]) -> Option<Vec<u32>> {
        let mut came: Vec<Option<(u32, u32)>> = vec![None; self.next.len()];
        let mut seen = vec![false; self.next.len()];
        let mut open: VecDeque<u32> = self.sources.iter().copied().collect();
        for source in &self.sources {
            seen[*source as usize] = true;
        }
        while let Some(node) = open.pop_front() {
            if self.is_target[node as usize] {
                return Some(self.labels_to(node, &came));
            }
            for (next, label) in &self.next[node as usize] {
                if !removed[*label as usize] && !std::mem::replace(&mut seen[*next as usize], true) {
                    came[*next as usize] = Some((node, *label));
                    open.push_back(*next);
                }
            }
        }
        None
    }

    fn labels_to(&self, target: u32, came: &[Option<(u32, u32)>]) -> Vec<u32> {
        let mut labels = Vec::new();
        let mut at = target;
        while let Some((before, label)) = came[at as usize] {
            labels.push(label);
            at = before;
        }
        labels.reverse();
        labels
    }

    /// What any cut costs at least and how many labels it has at least, given that some labels are removed and others
    /// must stay. `None` where there is no cut at all.
    fn at_least(&self, removed: &[bool], kept: &[bool]) -> Option<(u64, usize)> {
        let mut removed = removed.to_vec();
        let (mut cost, mut count) = (0_u64, 0);
        while let Some(path) = self.path(&removed) {
            let cheapest =
                path.iter().filter(|label| !kept[**label as usize]).map(|it| self.costs[*it as usize]).min()?;
            cost = cost.saturating_add(cheapest);
            count += 1;
            for label in path {
                removed[label as usize] = true;
            }
        }
        Some((cost, count))
    }
}

fn closure(next: &[Vec<u32>], starts: &BTreeSet<u32>) -> Vec<bool> {
    let mut seen = vec![false; next.len()];
    let mut open: Vec<u32> = starts.iter().copied().collect();
    while let Some(node) = open.pop() {
        if !std::mem::replace(&mut seen[node as usize], true) {
            open.extend(&next[node as usize]);
        }
    }
    seen
}

/// A set of labels that leaves no target reached.
pub(super) struct Cut {
    /// Sorted.
    pub(super) labels: Vec<String>,
    pub(super) cost: u64,
    pub(super) optimal: bool,
    /// No cut costs less.
    pub(super) at_least: u64,
}

impl Cut {
    /// The cheapest cut; among equally cheap ones that with the fewest labels, then the first in the order of labels.
    pub(super) fn cheapest(paths: &Paths) -> Self {
        let count = paths.labels.len();
        let (chosen, optimal) = if count <= EXACT_LABELS {
            let mut search = Search { paths, removed: vec![false; count], kept: vec![false; count], best: None };
            search.branch(0);
            (search.best.expect("removing every label leaves no way").2, true)
        } else {
            (greedy::cut(paths), false)
        };
        let cost = chosen.iter().fold(0_u64, |sum, label| sum.saturating_add(paths.costs[*label as usize]));
        let nothing = vec![false; count];
        let at_least = if optimal { cost } else { paths.at_least(&nothing, &nothing).map_or(cost, |bound| bound.0) };
        Self { labels: chosen.iter().map(|it| paths.labels[*it as usize].clone()).collect(), cost, optimal, at_least }
    }
}

/// A search for the cheapest cut.
struct Search<'a> {
    paths: &'a Paths,
    removed: Vec<bool>,
    /// Labels that other branches remove.
    kept: Vec<bool>,
    /// Cost, number and labels of the best cut so far.
    best: Option<(u64, usize, Vec<u32>)>,
}

impl Search<'_> {
    fn branch(&mut self, cost: u64) {
        let chosen: Vec<u32> = (0_u32..).zip(&self.removed).filter(|(_, it)| **it).map(|(label, _)| label).collect();
        let Some(path) = self.paths.path(&self.removed) else {
            let found = (cost, chosen.len(), chosen);
            if self.best.as_ref().is_none_or(|best| found < *best) {
                self.best = Some(found);
            }
            return;
        };
        let Some((more, labels)) = self.paths.at_least(&self.removed, &self.kept) else { return };
        let bound = (cost.saturating_add(more), chosen.len() + labels);
        if self.best.as_ref().is_some_and(|best| bound > (best.0, best.1)) {
            return;
        }
        let mut choices: Vec<u32> = path.into_iter().filter(|label| !self.kept[*label as usize]).collect();
        choices.sort_unstable();
        choices.dedup();
        for label in &choices {
            self.removed[*label as usize] = true;
            self.branch(cost.saturating_add(self.paths.costs[*label as usize]));
            self.removed[*label as usize] = false;
            self.kept[*label as usize] = true;
        }
        for label in &choices {
            self.kept[*label as usize] = false;
        }
    }
}
