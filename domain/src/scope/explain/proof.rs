//! What the way of the data leaves unsaid: a way tells how data comes to a system, and a system can hold what decides
//! for another reason. Then that reason is told too, so that the sentences together are a proof.
//!
//! A system holds an item because its own record says so, because a flow that it sends, receives or reads carries it,
//! or because it copies the stores of a system that stores it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::data::Told;
use super::{Explainer, Sentence};
use crate::scope::holdings::{Held, Item};
use crate::scope::verdict::Rule;

/// An item on a system; `stored` where only a stored one will do, as for what is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    system: u32,
    item: u32,
    stored: bool,
}

/// What shows a claim without another claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ground {
    Record,
    /// A flow, by its place among the active ones.
    Flow(u32),
}

impl Explainer<'_> {
    /// The sentences that are missing between what is told and what decides.
    ///
    /// Of several items each one decides alone, but truncated numbers, which exceed the format together.
    pub(super) fn rest_of_the_proof(
        &self,
        system: u32,
        rule: Option<Rule>,
        items: &[u32],
        told: &Told,
    ) -> Vec<Sentence> {
        let mut items = items.to_vec();
        items.sort_by_key(|item| self.rank(*item));
        let claims = items.iter().map(|item| Claim { system, item: *item, stored: false });
        if rule == Some(Rule::DTruncExcess) {
            let missing = claims.filter(|claim| self.derive(&[*claim], Some(told)).is_none()).collect::<Vec<_>>();
            let sentences: Vec<Sentence> = missing.into_iter().flat_map(|claim| self.prove(&[claim], told)).collect();
            return once_each(sentences);
        }
        let claims: Vec<Claim> = claims.collect();
        if self.derive(&claims, Some(told)).is_some() { Vec::new() } else { self.prove(&claims, told) }
    }

    /// The shortest proof of one of the claims, in the order in which the data goes, without what is told.
    fn prove(&self, claims: &[Claim], told: &Told) -> Vec<Sentence> {
        let Some((ground, way)) = self.derive(claims, None) else { return Vec::new() };
        let mut sentences: Vec<Sentence> =
            way.first().and_then(|first| self.ground_words(*first, ground, told)).into_iter().collect();
        for pair in way.windows(2).filter(|pair| !told.copies.contains(&(pair[0].system, pair[1].system))) {
            let it = self.name(Sentence::default(), pair[1].system).text(" copies the stores of ");
            sentences.push(self.name(it, pair[0].system).text(match self.copy_key(pair[0].system, pair[1].system) {
                Some(key) => format!(", encrypted under the key {key}."),
                None => ".".to_owned(),
            }));
        }
        sentences
    }

    /// From a ground over copies to one of the claims: with what is told alone, or with everything.
    fn derive(&self, claims: &[Claim], told: Option<&Told>) -> Option<(Ground, Vec<Claim>)> {
        let mut leads_to: BTreeMap<Claim, Option<Claim>> = claims.iter().map(|claim| (*claim, None)).collect();
        let mut open: VecDeque<Claim> = claims.iter().copied().collect();
        while let Some(claim) = open.pop_front() {
            if let Some(ground) = self.ground(claim, told) {
                let way = std::iter::successors(Some(claim), |claim| leads_to.get(claim).copied().flatten());
                return Some((ground, way.collect()));
            }
            let copies = self.copies_into.of(claim.system).iter();
            let copies = copies.filter(|copy| told.is_none_or(|told| told.copies.contains(&(copy.from, copy.into))));
            let sources = copies.flat_map(|copy| {
                let stored = self.holdings.of.of(copy.from).iter().filter(|held| held.stored);
                let gives = stored.filter(|held| self.holdings.find_copied(held.item, copy) == Some(claim.item));
                gives.map(|held| Claim { system: copy.from, item: held.item, stored: true })
            });
            let mut sources: Vec<Claim> = sources.collect();
            sources.sort_by_key(|source| (source.system, self.rank(source.item)));
            for source in sources {
                if let Entry::Vacant(entry) = leads_to.entry(source) {
                    entry.insert(Some(claim));
                    open.push_back(source);
                }
            }
        }
        None
    }

    /// The order of items, whatever the order in which a model lists them.
    fn rank(&self, item: u32) -> (u8, u8, Option<&str>, Option<&str>, bool, Option<&str>) {
        let Item { element, form, key, domain, keyed, mask, .. } = self.holdings.items[item as usize];
        let (keys, domains, masks) = (&self.holdings.keys, &self.holdings.domains, &self.holdings.masks);
        let texts = (key.map(|it| keys.key(it)), domain.map(|it| domains.key(it)), mask.map(|it| masks.key(it)));
        (element, form as u8, texts.0, texts.1, keyed, texts.2)
    }

    fn ground(&self, claim: Claim, told: Option<&Told>) -> Option<Ground> {
        let shows = |held: &Held| held.item == claim.item && (held.stored || !claim.stored);
        let record = told.is_none_or(|told| told.records.contains(&(claim.system, claim.item)));
        if record && self.holdings.declared.of(claim.system).iter().any(shows) {
            return Some(Ground::Record);
        }
        let carries =
            |place: &u32| self.holdings.payload.of(*place).iter().any(shows) && self.is_at(*place, claim.system);
        let flow = match told {
            Some(told) => told.flows.iter().filter_map(|flow| self.graph.active_place_of(*flow)).find(carries),
            None => (0_u32..).take(self.graph.active_flows.len()).find(carries),
        };
        flow.map(Ground::Flow)
    }

    /// Whether a system has what an active flow carries: at either end, or by listening on the way.
    fn is_at(&self, place: u32, system: u32) -> bool {
        let flow = &self.graph.active_flows[place as usize];
        let listeners = &self.graph.listeners[self.graph.listeners.partition_point(|it| it.0 < place)..];
        flow.from == system
            || flow.to == system
            || listeners.iter().take_while(|it| it.0 == place).any(|it| it.1 == system)
    }

    fn ground_words(&self, claim: Claim, ground: Ground, told: &Told) -> Option<Sentence> {
        let it = self.name(Sentence::default(), claim.system);
        let what = self.list_of_items(&[claim.item]);
        match ground {
            Ground::Record if told.records.contains(&(claim.system, claim.item)) => None,
            Ground::Record => {
                let verb = if claim.stored { "stores" } else { "handles" };
                Some(it.text(format!(" itself {verb} {what}, as its own record says.")))
            }
            Ground::Flow(place) => {
                let flow = &self.graph.active_flows[place as usize];
                let verb = if flow.from == claim.system { "itself sends" } else { "also receives" };
                let it = it.text(format!(" {verb} {what}"));
                Some(self.by_flow(it, flow.flow).text("."))
            }
        }
    }
}

fn once_each(sentences: Vec<Sentence>) -> Vec<Sentence> {
    let mut seen = BTreeSet::new();
    sentences.into_iter().filter(|sentence| seen.insert(sentence.to_string())).collect()
}
