//! The moves from one system to the next that a single fact allows, whatever else is known.

use std::collections::{BTreeMap, BTreeSet};

use crate::blast::terrain::Terrain;
use crate::model::relations::Auth;
use crate::model::system::ManageTarget;

/// A move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Move {
    pub(super) from: u32,
    pub(super) to: u32,
    /// The place of its label.
    pub(super) label: u32,
}

/// All moves of a model.
pub(super) struct Moves {
    /// Sorted, each once.
    pub(super) arcs: Vec<Move>,
    /// The labels, in the order of their texts.
    pub(super) labels: Vec<String>,
}

impl Moves {
    pub(super) fn of(terrain: &Terrain<'_>) -> Self {
        let mut by_label: BTreeMap<String, BTreeSet<(u32, u32)>> = BTreeMap::new();
        let mut add = |label: String, from: u32, to: u32| {
            by_label.entry(label).or_default().insert((from, to));
        };
        for (from, to, credential) in credential_moves(terrain) {
            add(format!("cred:{}", terrain.credentials[credential as usize].id), from, to);
        }
        let graph = &terrain.graph;
        for (manager, system) in (0_u32..).zip(&graph.systems).filter(|(it, _)| graph.nodes[*it as usize].active) {
            for relation in system.manages.iter().filter(|relation| relation.how.bears_control()) {
                let ManageTarget::System(target) = &relation.target else { continue };
                let Some(target) = graph.number_of(target) else { continue };
                if target != manager && graph.nodes[target as usize].active {
                    add(format!("manage:{}", relation.how), manager, target);
                }
            }
        }
        for from in 0..u32::try_from(graph.len()).expect("a model in memory has fewer systems") {
            for road in terrain.roads.of(from).iter().filter(|road| road.opens) {
                let flow = graph.flows[road.flow as usize];
                if flow.auth == Auth::None {
                    add(format!("unauth:{}", flow.id), from, road.other);
                }
            }
        }
        let mut moves = Self { arcs: Vec::new(), labels: Vec::with_capacity(by_label.len()) };
        for ((label, arcs), number) in by_label.into_iter().zip(0_u32..) {
            moves.labels.push(label);
            moves.arcs.extend(arcs.into_iter().map(|(from, to)| Move { from, to, label: number }));
        }
        moves.arcs.sort_unstable();
        moves
    }

    /// The moves from a system.
    pub(super) fn from(&self, system: u32) -> &[Move] {
        let start = self.arcs.partition_point(|arc| arc.from < system);
        let end = self.arcs.partition_point(|arc| arc.from <= system);
        &self.arcs[start..end]
    }

    /// The targets that are reached from the sources.
    pub(super) fn reached(&self, systems: usize, sources: &BTreeSet<u32>, targets: &BTreeSet<u32>) -> Vec<u32> {
        let mut seen = vec![false; systems];
        let mut open: Vec<u32> = sources.iter().copied().collect();
        while let Some(system) = open.pop() {
            if !std::mem::replace(&mut seen[system as usize], true) {
                open.extend(self.from(system).iter().map(|arc| arc.to));
            }
        }
        targets.iter().copied().filter(|target| seen[*target as usize]).collect()
    }
}

/// From each holder of a credential to each system that it opens and the holder reaches, as (from, to, credential).
fn credential_moves(terrain: &Terrain<'_>) -> Vec<(u32, u32, u32)> {
    let graph = &terrain.graph;
    let active = |system: u32| graph.nodes[system as usize].active;
    let mut moves = Vec::new();
    for holder in (0..u32::try_from(graph.len()).expect("a model in memory has fewer systems")).filter(|it| active(*it))
    {
        if terrain.held.of(holder).is_empty() {
            continue;
        }
        let opened: BTreeSet<u32> =
            terrain.roads.of(holder).iter().filter(|road| road.opens).map(|road| road.other).collect();
        for credential in terrain.held.of(holder) {
            let bound_to = &terrain.credentials[*credential as usize].bound_to;
            if bound_to.as_ref().is_some_and(|them| !them.contains(&graph.systems[holder as usize].id)) {
                continue;
            }
            for grant in terrain.grants_of(*credential) {
                let target = terrain.grants[grant as usize].target;
                let reaches = terrain.internet[target as usize]
                    || terrain.in_one_zone(holder, target)
                    || opened.contains(&target);
                if target != holder && active(target) && reaches {
                    moves.push((holder, target, *credential));
                }
            }
        }
    }
    moves
}
