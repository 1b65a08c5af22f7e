//! Edges that no map shows: a credential opens a system to a holder that has no flow with it.

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::terrain::Terrain;
use crate::id::{CredentialId, SystemId};

/// A holder, the system that its credential opens, and the credential. In files a list of the three.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct HiddenEdge(pub SystemId, pub SystemId, pub CredentialId);

/// One hidden edge for every holder and every grant of any credential where no flow joins holder and target: none
/// that is active and not blocked, over whatever medium and in whatever direction.
pub(super) fn hidden_edges(terrain: &Terrain<'_>) -> Vec<HiddenEdge> {
    let graph = &terrain.graph;
    let mut pairs: Vec<(u32, u32, u32)> = Vec::new();
    for on in &terrain.grants {
        let holders = &terrain.credentials[on.credential as usize].held_by;
        let holders = holders.iter().filter_map(|id| graph.number_of(id)).filter(|holder| *holder != on.target);
        pairs.extend(holders.map(|holder| (holder, on.target, on.credential)));
    }
    let ends = |one: u32, other: u32| (one.min(other), one.max(other));
    let mut joined: FxHashMap<(u32, u32), bool> =
        pairs.iter().map(|(holder, target, _)| (ends(*holder, *target), false)).collect();
    if !joined.is_empty() {
        for active in &graph.active_flows {
            if active.carries
                && let Some(joined) = joined.get_mut(&ends(active.from, active.to))
            {
                *joined = true;
            }
        }
    }
    pairs.retain(|(holder, target, _)| !joined[&ends(*holder, *target)]);
    pairs.sort_unstable();
    let id = |system: u32| graph.systems[system as usize].id.clone();
    pairs
        .into_iter()
        .map(|(holder, target, credential)| {
            HiddenEdge(id(holder), id(target), terrain.credentials[credential as usize].id.clone())
        })
        .collect()
}
