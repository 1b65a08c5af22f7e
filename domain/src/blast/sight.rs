//! What an attacker sees: on systems that can be read, on payment pages, on connectors, and what it can turn back
//! into clear data.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::facts::{Fact, Place, Rule, Way};
use super::holdings::{Held, Inventory, is_meant};
use super::metrics::Tally;
use super::proof::{Proof, system_id};
use super::spread::{Gain, Spread};
use super::terrain::{GrantOn, Terrain};
use crate::id::ElementId;
use crate::model::element::{Form, HashAlgorithm};
use crate::model::relations::PaymentPage;

/// One element in one form that is seen in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sighting {
    /// The element.
    pub element: ElementId,
    /// The form after everything the attacker can do to it.
    pub form: Form,
    /// Where.
    pub at: Place,
    /// The form in which it lies there.
    pub held_as: Form,
    /// How many records; `None` is unknown.
    pub records: Option<u64>,
    /// Hops from the start.
    pub hops: u32,
    /// The step that proves it.
    pub derivation: usize,
}

/// A system where somebody acts on the page that takes the card.
pub(super) const fn is_payment_page(page: PaymentPage) -> bool {
    !matches!(page, PaymentPage::None)
}

/// Sees everything there is to see. The sightings are ordered by element, form and place.
pub(super) fn sightings<'m>(
    terrain: &Terrain<'m>,
    inventory: &Inventory<'_, 'm>,
    spread: &Spread,
    proof: &mut Proof<'_, 'm>,
    connector_flows: &[u32],
) -> (Vec<Sighting>, Tally<'m>) {
    let mut sight =
        Sight { means: Means::of(terrain, spread, proof), proof, sightings: Vec::new(), tally: Tally::new() };
    let mut readers: BTreeMap<u32, Readers<'m>> = BTreeMap::new();
    for (gain, step) in spread.gains() {
        let near = || Near::of(sight.proof, step);
        match gain {
            Gain::Admin(system) => readers.entry(system).or_default().admin = Some(near()),
            Gain::Read(system, grant) => {
                readers.entry(system).or_default().grants.push((terrain.grants[grant as usize], near()));
            }
            _ => {}
        }
    }
    for (system, readers) in &readers {
        let seen = inventory.at(*system).filter_map(|held| Some((held, readers.see(&held)?)));
        sight.look(terrain, &Place::System(system_id(terrain, *system)), seen);
    }
    for place in connector_flows {
        let flow = &terrain.graph.flows[terrain.graph.active_flows[*place as usize].flow as usize].id;
        let seen = inventory.payload(*place).map(|held| (held, Seen { premise: None, rule: Rule::Start, page: None }));
        sight.look(terrain, &Place::Flow(flow.clone()), seen);
    }
    let skimmed = skimmed(terrain, inventory, spread, sight.proof);
    sight.look(terrain, &Place::Browser, skimmed.into_iter());
    let Sight { mut sightings, tally, .. } = sight;
    sightings.sort_by_cached_key(|it| (it.element.clone(), it.form.as_str(), it.at.to_string(), it.held_as.as_str()));
    (sightings, tally)
}

/// What every payment page under control shows of the flows that start on it.
fn skimmed<'m>(
    terrain: &Terrain<'m>,
    inventory: &Inventory<'_, 'm>,
    spread: &Spread,
    proof: &Proof<'_, 'm>,
) -> Vec<(Held<'m>, Seen)> {
    let mut pages: FxHashMap<u32, Near> = FxHashMap::default();
    for (gain, step) in spread.gains() {
        let (Gain::Admin(system) | Gain::Act(system)) = gain else { continue };
        if is_payment_page(terrain.graph.systems[system as usize].payment_page) {
            let near = Near::of(proof, step);
            pages.entry(system).and_modify(|known| *known = near.min(*known)).or_insert(near);
        }
    }
    let mut seen = Vec::new();
    if pages.is_empty() {
        return seen;
    }
    for (place, active) in (0_u32..).zip(&terrain.graph.active_flows) {
        let page = terrain.graph.flows[active.flow as usize].page.as_ref();
        let Some(page) = page.and_then(|id| terrain.graph.number_of(id)) else { continue };
        if let Some(premise) = pages.get(&page) {
            let by = Seen { premise: Some(*premise), rule: Rule::Skim, page: Some(page) };
            seen.extend(inventory.payload(place).map(|held| (held, by)));
        }
    }
    seen
}

/// A step of the proof, ordered by its hops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Near {
    hops: u32,
    place: usize,
}

impl Near {
    fn of(proof: &Proof<'_, '_>, step: u32) -> Self {
        let place = proof.place(step);
        Self { hops: proof.hops(place), place }
    }
}

/// How a holding comes to be seen.
#[derive(Debug, Clone, Copy)]
struct Seen {
    /// The step that gives sight; none at the start.
    premise: Option<Near>,
    rule: Rule,
    page: Option<u32>,
}

/// Who reads a system: its administrator everything, grants their part of its stores.
#[derive(Default)]
struct Readers<'m> {
    admin: Option<Near>,
    grants: Vec<(GrantOn<'m>, Near)>,
}

impl Readers<'_> {
    /// The nearest way on which the holding is seen.
    fn see(&self, held: &Held<'_>) -> Option<Seen> {
        let by_grant = self.grants.iter().filter(|(grant, _)| shows(grant, held)).map(|(_, near)| *near);
        let premise = by_grant.chain(self.admin).min()?;
        Some(Seen { premise: Some(premise), rule: Rule::Read, page: None })
    }
}

/// Whether a grant shows the holding: the stored elements that it names, or all of them.
fn shows(on: &GrantOn<'_>, held: &Held<'_>) -> bool {
    let named = |them: &BTreeSet<ElementId>| them.iter().any(|it| is_meant(it, &held.holding.element, held.form));
    held.is_stored() && on.grant.elements.as_ref().is_none_or(named)
}

/// What turns data back into clear data: rights to de-tokenise, and keys.
struct Means {
    /// By the number of the token domain.
    domains: FxHashMap<u32, Near>,
    /// By key.
    keys: FxHashMap<String, Near>,
}

impl Means {
    fn of(terrain: &Terrain<'_>, spread: &Spread, proof: &Proof<'_, '_>) -> Self {
        let mut means = Self { domains: FxHashMap::default(), keys: FxHashMap::default() };
        for (gain, step) in spread.gains() {
            let near = || Near::of(proof, step);
            let mut reverses = |domain: u32| {
                let known = means.domains.entry(domain).or_insert_with(near);
                *known = near().min(*known);
            };
            match gain {
                Gain::Detokenise(_, domain) => reverses(domain),
                Gain::Admin(system) => terrain.graph.systems[system as usize]
                    .capabilities
                    .iter()
                    .filter_map(|capability| terrain.domain(capability.domain.as_ref()))
                    .for_each(reverses),
                Gain::Key(key) => drop(means.keys.insert(terrain.keys.key(key).to_owned(), near())),
                _ => {}
            }
        }
        means
    }

    /// The form that the attacker can bring the holding into, and the step that allows it, where one is needed.
    fn effective(&self, terrain: &Terrain<'_>, held: &Held<'_>) -> (Form, Option<Near>) {
        let with = |step: Option<&Near>| step.map_or((held.form, None), |step| (Form::Clear, Some(*step)));
        let key = || held.key.and_then(|key| self.keys.get(key.as_str()));
        match held.form {
            Form::Tokenised => {
                let domain = terrain.domain(held.holding.domain.as_ref());
                with(domain.and_then(|domain| self.domains.get(&domain)))
            }
            Form::Encrypted => with(key()),
            Form::Hashed if held.holding.alg.is_some_and(HashAlgorithm::is_keyed) => with(key()),
            Form::Hashed => (Form::Clear, None),
            Form::Clear | Form::Masked | Form::Truncated | Form::NetworkToken | Form::Unknown => (held.form, None),
        }
    }
}

struct Sight<'p, 'a, 'm> {
    means: Means,
    proof: &'p mut Proof<'a, 'm>,
    sightings: Vec<Sighting>,
    tally: Tally<'m>,
}

/// What is known of one element in one form in a place.
struct Group {
    records: Option<u64>,
    seen: Seen,
    means: Option<Near>,
}

impl<'m> Sight<'_, '_, 'm> {
    /// Everything seen in one place.
    fn look(&mut self, terrain: &Terrain<'m>, place: &Place, seen: impl Iterator<Item = (Held<'m>, Seen)>) {
        let mut groups: BTreeMap<(&'m str, Form, Form), Group> = BTreeMap::new();
        let mut counted = self.tally.place();
        for (held, by) in seen {
            let (form, means) = self.means.effective(terrain, &held);
            counted.see(held.holding, form);
            let group = groups.entry((held.holding.element.as_str(), held.form, form)).or_insert(Group {
                records: None,
                seen: by,
                means,
            });
            group.records = group.records.max(held.holding.records);
            let rank = |seen: &Seen, means: Option<Near>| {
                let hops = seen.premise.into_iter().chain(means).map(|it| it.hops).max();
                (hops, seen.premise, means)
            };
            if rank(&by, means) < rank(&group.seen, group.means) {
                (group.seen, group.means) = (by, means);
            }
        }
        self.tally.add(counted);
        for ((element, held_as, form), group) in groups {
            let element = ElementId::new(element);
            let fact = |form: Form| Fact::Data { element: element.clone(), form, at: place.clone() };
            let way = group.seen.page.map(|page| Way::Page(system_id(terrain, page)));
            let premises = group.seen.premise.into_iter().map(|it| it.place).collect();
            let mut derivation = self.proof.append(fact(held_as), group.seen.rule, way, premises);
            if form != held_as {
                let mut premises: Vec<usize> = group.means.into_iter().map(|it| it.place).collect();
                premises.push(derivation);
                derivation = self.proof.append(fact(form), Rule::Derive, None, premises);
            }
            let hops = self.proof.hops(derivation);
            let (records, at) = (group.records, place.clone());
            self.sightings.push(Sighting { element, form, at, held_as, records, hops, derivation });
        }
    }
}
