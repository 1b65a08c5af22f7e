//! What does it rest on that a system is out of scope, and until when is that proven?
//!
//! An exclusion rests on *pillars*: a block, a filtered link, microsegmentation, key custody outside the entity, a
//! person's decision, approval of changes, a stage of life. Each is tried: without it the whole engine runs again, so
//! that the answer says what the system would be if that one pillar failed. A system without any relation to the scope
//! rests on nothing, and that is an answer too.

mod pillar;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use pillar::Pillar;

use super::effect::Custody;
use super::graph::Graph;
use super::holdings::Holdings;
use super::overrides;
use super::verdict::{Category, Rule, Scope, Sub, Verdict};
use super::zones;
use crate::id::{ControlId, KeyId, SystemId};
use crate::model::Model;
use crate::model::element::{Form, Op};
use crate::model::kinds::SystemKind;
use crate::model::relations::{Access, Boundary, Channel, Initiator, Lifecycle, LinkPolicy};
use crate::model::system::System;
use crate::time::Day;

/// One thing that an exclusion rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reliance {
    /// What it is.
    pub on: Pillar,
    /// The control record behind it, where the model names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control: Option<ControlId>,
    /// Something shows that it holds: a passed test, an attestation, an approved decision.
    pub proven: bool,
    /// The last day of that proof; `None` where the proof has no end, or there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// What the system would be if this failed and everything else held; `None` where it would stay what it is,
    /// because something else keeps it out too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<(Category, Option<Sub>)>,
}

/// What the exclusion of a system of ours rests on: what is unproven first, then by the day on which the proof ends,
/// then what has no end. Empty where the system is in scope, not ours, or rests on nothing.
///
/// The model must be the one that the scope was computed from. Costs one run of the engine per pillar.
#[must_use]
pub fn reliance(model: &Model, scope: &Scope, system: &SystemId) -> Vec<Reliance> {
    Search::new(model, scope).reliance(system)
}

/// As [`reliance`], but nothing is tried: `otherwise` is absent throughout. Costs as much as one explanation.
#[must_use]
pub fn untried(model: &Model, scope: &Scope, system: &SystemId) -> Vec<Reliance> {
    let search = Search::new(model, scope);
    let excluded = scope.systems.get(system).is_some_and(|verdict| excluded(model, system, verdict));
    let pillars = if excluded { search.pillars(system) } else { BTreeSet::new() };
    let mut list: Vec<Reliance> = pillars.into_iter().map(|pillar| search.weighed(pillar, None)).collect();
    sort(&mut list);
    list
}

/// As [`untried`], for every system of ours that is out of scope or not live; what they share is looked up once.
#[must_use]
pub fn all_untried(model: &Model, scope: &Scope) -> BTreeMap<SystemId, Vec<Reliance>> {
    let search = Search::new(model, scope);
    let excluded = scope.systems.iter().filter(|(id, verdict)| excluded(model, id, verdict));
    let weighed = |(id, _): (&SystemId, &Verdict)| {
        let mut list: Vec<Reliance> = search.pillars(id).into_iter().map(|it| search.weighed(it, None)).collect();
        sort(&mut list);
        (id.clone(), list)
    };
    excluded.map(weighed).collect()
}

/// As [`reliance`], for every system of ours that is out of scope or not live. Each pillar is tried once for all, so
/// what keeps a system out from afar counts too: what it relies on includes what its neighbours rely on, where their
/// failure would bring it in.
#[must_use]
pub fn reliances(model: &Model, scope: &Scope) -> BTreeMap<SystemId, Vec<Reliance>> {
    let search = Search::new(model, scope);
    let mut pillars: BTreeMap<SystemId, BTreeSet<Pillar>> = BTreeMap::new();
    for (id, verdict) in &scope.systems {
        if excluded(model, id, verdict) {
            pillars.insert(id.clone(), search.pillars(id));
        }
    }
    let all: BTreeSet<Pillar> = pillars.values().flatten().cloned().collect();
    let mut found: BTreeMap<SystemId, Vec<Reliance>> = pillars.keys().map(|id| (id.clone(), Vec::new())).collect();
    for pillar in all {
        let without = super::compute(&pillar.knocked_out(model));
        for (id, own) in &pillars {
            let otherwise = changed(scope, &without, id);
            if own.contains(&pillar) || otherwise.is_some() {
                found.entry(id.clone()).or_default().push(search.weighed(pillar.clone(), otherwise));
            }
        }
    }
    for list in found.values_mut() {
        sort(list);
    }
    found
}

/// The last day on which everything that an exclusion rests on is proven; `None` where nothing has an end.
#[must_use]
pub fn proven_until(reliances: &[Reliance]) -> Option<Day> {
    reliances.iter().filter_map(|it| it.until).min()
}

fn excluded(model: &Model, id: &SystemId, verdict: &Verdict) -> bool {
    let own = model.systems.get(id).is_some_and(|it| it.boundary == Boundary::Own);
    own && matches!(verdict.category, Category::OutOfScope | Category::NotLive)
}

/// What the system is in the other scope, where it is something stronger.
fn changed(scope: &Scope, without: &Scope, id: &SystemId) -> Option<(Category, Option<Sub>)> {
    let (now, then) = (scope.systems.get(id)?, without.systems.get(id)?);
    (then.category.in_scope() && !now.category.in_scope()).then_some((then.category, then.sub))
}

fn sort(list: &mut [Reliance]) {
    list.sort_by(|one, other| {
        let key = |it: &Reliance| (it.proven, it.until.is_none(), it.until);
        key(one).cmp(&key(other)).then_with(|| one.on.cmp(&other.on))
    });
}

struct Search<'a> {
    model: &'a Model,
    scope: &'a Scope,
    graph: Graph<'a>,
    holdings: Holdings<'a>,
    custody: Custody,
    /// The zone of each segment.
    zones: Vec<u32>,
    /// Zones that hold a CDE system of ours.
    cde_zones: BTreeSet<u32>,
}

impl<'a> Search<'a> {
    fn new(model: &'a Model, scope: &'a Scope) -> Self {
        let (graph, holdings) = Graph::with_holdings(model);
        let custody = Custody::of(&graph, &holdings);
        let zones = zones::zones(model, &graph.segments);
        let is_cde = |id: &SystemId| scope.systems.get(id).is_some_and(|it| it.category == Category::Cde);
        let cde = graph.nodes.iter().zip(&graph.systems).filter(|(_, system)| is_cde(&system.id));
        let cde_zones = cde.filter_map(|(node, _)| node.zone).collect();
        Self { model, scope, graph, holdings, custody, zones, cde_zones }
    }

    fn reliance(&self, system: &SystemId) -> Vec<Reliance> {
        let Some(verdict) = self.scope.systems.get(system) else { return Vec::new() };
        if !excluded(self.model, system, verdict) {
            return Vec::new();
        }
        let tried = self.pillars(system).into_iter().map(|pillar| {
            let without = super::compute(&pillar.knocked_out(self.model));
            self.weighed(pillar, changed(self.scope, &without, system))
        });
        let mut list: Vec<Reliance> = tried.collect();
        sort(&mut list);
        list
    }

    fn weighed(&self, on: Pillar, otherwise: Option<(Category, Option<Sub>)>) -> Reliance {
        let proof = on.proof(self.model);
        Reliance { control: on.control(self.model), proven: proof.is_some(), until: proof.flatten(), on, otherwise }
    }

    /// Everything beside the system that holds something back from it.
    fn pillars(&self, id: &SystemId) -> BTreeSet<Pillar> {
        let (Some(number), Some(verdict)) = (self.graph.number_of(id), self.scope.systems.get(id)) else {
            return BTreeSet::new();
        };
        let system = self.graph.systems[number as usize];
        let mut found = BTreeSet::new();
        if verdict.category == Category::NotLive {
            found.extend(self.stage_of(system));
            return found;
        }
        if verdict.rule == Some(Rule::ODown) {
            let computed = verdict.computed_category.unwrap_or(Category::OutOfScope);
            let decision = overrides::applied(&self.graph, number, computed);
            found.extend(decision.map(|decision| Pillar::Decision(decision.key.clone())));
        }
        self.flows(system, &mut found);
        self.network(number, &mut found);
        self.keys(number, &mut found);
        for copied in system.copies.iter().filter_map(|copy| self.model.systems.get(&copy.from)) {
            found.extend(
                (copied.lifecycle == Lifecycle::Retired && copied.disposed)
                    .then(|| Pillar::Disposal(copied.id.clone())),
            );
        }
        found
    }

    /// What keeps a system from counting that is not live.
    fn stage_of(&self, system: &System) -> Option<Pillar> {
        let stores = system.holdings.iter().any(|it| it.live && it.ops.contains(Op::Store));
        match system.lifecycle {
            Lifecycle::Planned => Some(Pillar::Planned(system.id.clone())),
            _ if system.disposed && stores => Some(Pillar::Disposal(system.id.clone())),
            _ => None,
        }
    }

    fn in_scope(&self, id: &SystemId) -> bool {
        self.scope
            .systems
            .get(id)
            .is_some_and(|it| it.category.in_scope() || matches!(it.sub, Some(Sub::Security | Sub::Access)))
    }

    fn flows(&self, system: &System, found: &mut BTreeSet<Pillar>) {
        let id = &system.id;
        for flow in self.model.flows.values() {
            let ends = [&flow.from, &flow.to];
            let passes = flow.via.iter().any(|via| via.node == *id);
            if !(ends.contains(&id) || passes) || !ends.iter().any(|end| *end != id && self.in_scope(end)) {
                continue;
            }
            let counts = self.graph.place_of(flow.id.as_str()).and_then(|place| self.graph.active_place_of(place));
            if counts.is_none() {
                found.extend((flow.stage == Lifecycle::Planned).then(|| Pillar::PlannedFlow(flow.id.clone())));
            } else if flow.access == Access::Blocked && flow.channel == Channel::Network {
                found.insert(Pillar::Block(flow.id.clone()));
            }
            let opened = match flow.initiator {
                Initiator::From => flow.from == *id,
                Initiator::To => flow.to == *id,
                Initiator::Both => true,
            };
            for other in ends.into_iter().filter(|end| opened && *end != id) {
                found.extend(self.approved(other).then(|| Pillar::ChangeApproval(other.clone())));
            }
        }
    }

    /// A deployment tool or code repository that passes no access on because changes need an approval.
    fn approved(&self, id: &SystemId) -> bool {
        self.model.systems.get(id).is_some_and(|it| {
            matches!(it.kind, SystemKind::Cicd | SystemKind::CodeRepo) && it.relay.is_none() && !it.is_relay()
        })
    }

    /// Links and microsegmentation between the system and the CDE.
    fn network(&self, number: u32, found: &mut BTreeSet<Pillar>) {
        let node = self.graph.nodes[number as usize];
        let (Some(segment), Some(zone)) = (node.segment, node.zone) else { return };
        for link in self.model.links.values().filter(|link| link.policy != LinkPolicy::Open) {
            let zone_of = |id: &str| self.graph.segments.get(id).map(|place| self.zones[place as usize]);
            let (Some(a), Some(b)) = (zone_of(link.key.a().as_str()), zone_of(link.key.b().as_str())) else { continue };
            let other = if a == zone { b } else { a };
            if (a == zone || b == zone) && other != zone && self.cde_zones.contains(&other) {
                found.insert(Pillar::Link(link.key.clone()));
            }
        }
        let segment_id = |place: u32| self.graph.segments.key(place).into();
        if self.cde_zones.contains(&zone) {
            if node.microsegmented {
                found.insert(Pillar::Microsegmentation(segment_id(segment)));
            }
            let mates = self.graph.zone_members[zone as usize].iter().map(|mate| self.graph.nodes[*mate as usize]);
            let apart = mates.filter(|mate| mate.microsegmented).filter_map(|mate| mate.segment);
            found.extend(apart.map(|place| Pillar::Microsegmentation(segment_id(place))));
        }
    }

    /// Keys of the ciphertext that has no effect because nobody of ours holds them.
    fn keys(&self, number: u32, found: &mut BTreeSet<Pillar>) {
        let items = self.holdings.of.of(number).iter().map(|held| self.holdings.items[held.item as usize]);
        for key in items.filter(|item| item.form == Form::Encrypted).filter_map(|item| item.key) {
            if !self.custody.holds(number, Some(key)) {
                found.insert(Pillar::KeyCustody(KeyId::new(self.holdings.keys.key(key))));
            }
        }
    }
}
