//! The log of a search as steps that name objects, and what is appended to it.

use super::facts::{Derivation, Fact, Level, Rule, Way};
use super::spread::{Edge, Gain, NOTHING, Spread, Step};
use super::terrain::Terrain;
use crate::id::{CredentialId, KeyId, SystemId};

/// All steps of a blast radius.
pub(super) struct Proof<'a, 'm> {
    terrain: &'a Terrain<'m>,
    pub(super) steps: Vec<Derivation>,
    /// Where the steps of the search went. That a grant works is no step of its own: what it gives rests on the
    /// premises of the grant.
    places: Vec<usize>,
}

impl<'a, 'm> Proof<'a, 'm> {
    pub(super) fn of(terrain: &'a Terrain<'m>, spread: &Spread) -> Self {
        let mut proof = Self { terrain, steps: Vec::new(), places: Vec::with_capacity(spread.log.len()) };
        for step in &spread.log {
            proof.places.push(proof.steps.len());
            let Some(fact) = fact(terrain, step.gain) else { continue };
            let opened = Some(step.premises[0])
                .filter(|premise| *premise != NOTHING)
                .map(|premise| &spread.log[premise as usize])
                .filter(|premise| matches!(premise.gain, Gain::Opened(_)));
            let from = opened.unwrap_or(step);
            proof.steps.push(Derivation {
                fact,
                rule: step.rule,
                hops: hops(step.cost),
                way: way(terrain, from.edge),
                premises: proof.premises(from),
            });
        }
        proof
    }

    /// Where a step of the search stands.
    pub(super) fn place(&self, step: u32) -> usize {
        self.places[step as usize]
    }

    pub(super) fn hops(&self, place: usize) -> u32 {
        self.steps[place].hops
    }

    /// Where the premises of a step of the search stand.
    pub(super) fn premises(&self, step: &Step) -> Vec<usize> {
        let mut places: Vec<usize> =
            step.premises.iter().filter(|premise| **premise != NOTHING).map(|premise| self.place(*premise)).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Appends a step, at the hops of its farthest premise.
    pub(super) fn append(&mut self, fact: Fact, rule: Rule, way: Option<Way>, premises: Vec<usize>) -> usize {
        let hops = premises.iter().map(|premise| self.hops(*premise)).max().unwrap_or(0);
        self.steps.push(Derivation { fact, rule, hops, way, premises });
        self.steps.len() - 1
    }

    pub(super) fn way(&self, edge: Edge) -> Option<Way> {
        way(self.terrain, edge)
    }
}

/// The hops of a cost. A path never has more hops than there are systems.
pub(super) fn hops(cost: u64) -> u32 {
    u32::try_from(cost).unwrap_or(u32::MAX)
}

fn way(terrain: &Terrain<'_>, edge: Edge) -> Option<Way> {
    match edge {
        Edge::None => None,
        Edge::Same => Some(Way::Same),
        Edge::Zone => Some(Way::Zone),
        Edge::Internet => Some(Way::Internet),
        Edge::Flow(flow) => Some(Way::Flow(terrain.graph.flows[flow as usize].id.clone())),
        Edge::Manages(how) => Some(Way::Manages(how)),
    }
}

fn fact(terrain: &Terrain<'_>, gain: Gain) -> Option<Fact> {
    let control = |system: u32, level: Level| Fact::Control { system: system_id(terrain, system), level };
    Some(match gain {
        Gain::Admin(system) => control(system, Level::Admin),
        Gain::Act(system) => control(system, Level::Act),
        Gain::Decrypt(system) => control(system, Level::Decrypt),
        Gain::Detokenise(system, domain) => {
            control(system, Level::Detokenise(terrain.domain_key(domain).map(Into::into)))
        }
        Gain::Read(system, _) => control(system, Level::Read),
        Gain::Has(credential) => Fact::Credential { id: credential_id(terrain, credential) },
        Gain::Key(key) => Fact::Key { id: key_id(terrain, key) },
        Gain::Opened(_) => return None,
    })
}

pub(super) fn system_id(terrain: &Terrain<'_>, system: u32) -> SystemId {
    terrain.graph.systems[system as usize].id.clone()
}

pub(super) fn credential_id(terrain: &Terrain<'_>, credential: u32) -> CredentialId {
    terrain.credentials[credential as usize].id.clone()
}

pub(super) fn key_id(terrain: &Terrain<'_>, key: u32) -> KeyId {
    terrain.keys.key(key).into()
}
