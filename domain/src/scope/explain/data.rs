//! The way of the data that decided, one sentence per hop, and what makes its form count.

use std::collections::BTreeSet;

use super::{Explainer, Sentence, words};
use crate::id::FlowId;
use crate::model::element::Form;
use crate::model::relations::{CapabilityType, ViaMode};
use crate::scope::holdings::Held;
use crate::scope::verdict::{Arrival, By, Rule, Verdict};
use crate::scope::ways;

/// The facts that the sentences so far have named.
#[derive(Default)]
pub(super) struct Told {
    /// Systems of which the record was read out, and the items in it.
    pub(super) records: BTreeSet<(u32, u32)>,
    /// Flows, by their places in the model.
    pub(super) flows: BTreeSet<u32>,
    /// Copies: from which system, into which.
    pub(super) copies: BTreeSet<(u32, u32)>,
}

impl Explainer<'_> {
    pub(super) fn way_of_the_data(&self, system: u32, verdict: &Verdict, way: &[Arrival]) -> Vec<Sentence> {
        let deciding = ways::deciding(&self.graph, &self.holdings, &self.custody, system, verdict);
        let mut told = Told::default();
        let mut sentences: Vec<Sentence> = self.entrance(way, &deciding, &mut told).into_iter().collect();
        sentences.extend(way.windows(2).filter_map(|pair| self.hop(&pair[0], &pair[1], &mut told)));
        sentences.extend(self.rest_of_the_proof(system, verdict.rule, &deciding, &told));
        if let Some(rule) = verdict.rule {
            sentences.extend(self.why_the_form_counts(system, rule, &deciding));
        }
        sentences
    }

    /// Where the data enters the model, and what of it the system declares itself.
    fn entrance(&self, way: &[Arrival], deciding: &[u32], told: &mut Told) -> Option<Sentence> {
        let first = self.graph.number_of(&way.first()?.node)?;
        let matters = match way.get(1).map(|next| next.by.as_ref()) {
            None => deciding.to_vec(),
            Some(Some(By::Flow(id) | By::Via(id))) => self.payload(self.graph.place_of(id.as_str())?),
            Some(_) => self.holdings.of.of(first).iter().filter(|it| it.stored).map(|it| it.item).collect(),
        };
        let declared: Vec<Held> =
            self.holdings.declared.of(first).iter().filter(|held| matters.contains(&held.item)).copied().collect();
        let it = self.name(Sentence::default(), first);
        if !declared.is_empty() {
            let what = self.list_of_items(&declared.iter().map(|held| held.item).collect::<Vec<_>>());
            let verb = if declared.iter().any(|held| held.stored) { "stores" } else { "handles" };
            told.records.extend(declared.iter().map(|held| (first, held.item)));
            return Some(it.text(format!(" {verb} {what}, as its own record says.")));
        }
        if way.len() > 1 {
            return Some(self.name(Sentence::of("The data enters the model at "), first).text("."));
        }
        let flows = self.sending_flows(first, deciding);
        if !flows.is_empty() {
            let it = it.text(format!(" itself sends {} (flow ", self.list_of_items(deciding)));
            told.flows.extend(flows.iter().take(words::LISTED).copied());
            return Some(self.list_flows(it, &flows).text(")."));
        }
        let keeps_tokens =
            self.graph.systems[first as usize].capabilities.iter().any(|it| it.kind == CapabilityType::Vault);
        if keeps_tokens && deciding.is_empty() {
            return Some(it.text(" keeps the mapping of tokens to card numbers."));
        }
        self.origin_unknown(first, deciding, told)
    }

    /// How data reaches a system that goes round in a circle which no record says it enters.
    fn origin_unknown(&self, system: u32, deciding: &[u32], told: &mut Told) -> Option<Sentence> {
        let it = self.name(Sentence::default(), system);
        let decides = |held: &&Held| deciding.binary_search(&held.item).is_ok();
        let ending = "; no record says where it enters the model.";
        let receives = |place: u32, at: u32| {
            let carries = self.holdings.payload.of(place).iter().any(|held| decides(&held));
            (carries && at == system).then(|| self.graph.active_flows[place as usize].flow)
        };
        let flows = (0_u32..).zip(&self.graph.active_flows).filter_map(|(place, active)| receives(place, active.to));
        let seen = self.graph.listeners.iter().filter_map(|(place, node)| receives(*place, *node));
        let mut flows: Vec<u32> = flows.chain(seen).collect();
        flows.sort_unstable();
        flows.dedup();
        if !flows.is_empty() {
            told.flows.extend(flows.iter().take(words::LISTED).copied());
            let it = it.text(format!(" receives {} (flow ", self.list_of_items(deciding)));
            return Some(self.list_flows(it, &flows).text(format!("){ending}")));
        }
        let copies = self.holdings.copies.iter().filter(|copy| copy.into == system && copy.from != system);
        let brings = |from: u32| self.holdings.of.of(from).iter().any(|held| held.stored);
        let mut sources: Vec<u32> = copies.map(|copy| copy.from).filter(|from| brings(*from)).collect();
        sources.dedup();
        told.copies.extend(sources.iter().take(words::LISTED).map(|from| (*from, system)));
        (!sources.is_empty()).then(|| self.list_systems(it.text(" copies the stores of "), &sources).text(ending))
    }

    /// What an active flow carries, as items.
    fn payload(&self, flow: u32) -> Vec<u32> {
        let active = self.graph.active_place_of(flow);
        active.map(|it| self.holdings.payload.of(it).iter().map(|held| held.item).collect()).unwrap_or_default()
    }

    /// The flows on which a system itself sends one of the items.
    fn sending_flows(&self, system: u32, deciding: &[u32]) -> Vec<u32> {
        let sends = |place: &u32| {
            self.holdings.payload.of(*place).iter().any(|held| deciding.binary_search(&held.item).is_ok())
        };
        let flows = (0_u32..).zip(&self.graph.active_flows).filter(|(_, flow)| flow.from == system);
        flows.filter(|(place, _)| sends(place)).map(|(_, flow)| flow.flow).collect()
    }

    fn hop(&self, from: &Arrival, to: &Arrival, told: &mut Told) -> Option<Sentence> {
        let (sender, receiver) = (self.graph.number_of(&from.node)?, self.graph.number_of(&to.node)?);
        let it = Sentence::default();
        Some(match to.by.as_ref()? {
            By::Copy => {
                told.copies.insert((sender, receiver));
                let it = self.name(self.name(it, receiver).text(" copies the stores of "), sender);
                match self.copy_key(sender, receiver) {
                    Some(key) => it.text(format!(", encrypted under the key {key}.")),
                    None => it.text("."),
                }
            }
            By::Flow(id) => {
                let (flow, what) = self.payload_words(id)?;
                told.flows.insert(flow);
                let it = self.name(it, sender).text(format!(" sends {what} to "));
                self.by_flow(self.name(it, receiver), flow).text(".")
            }
            By::Via(id) => {
                let (flow, what) = self.payload_words(id)?;
                told.flows.insert(flow);
                let via = &self.graph.flows[flow as usize].via;
                let inspects = via.iter().any(|it| it.node == to.node && it.mode == ViaMode::Inspect);
                let does = if inspects { " inspects what " } else { " passes on, without encryption, what " };
                let it = self.name(self.name(it, receiver).text(does), sender);
                self.by_flow(it.text(" sends"), flow).text(format!(", and so has {what}."))
            }
        })
    }

    /// The place of a flow, and the account data on it in words.
    fn payload_words(&self, id: &FlowId) -> Option<(u32, String)> {
        let place = self.graph.place_of(id.as_str())?;
        Some((place, self.list_of_items(&self.payload(place))))
    }

    pub(super) fn list_of_items(&self, items: &[u32]) -> String {
        let items = items.iter().map(|item| &self.holdings.items[*item as usize]);
        let mut what: Vec<String> = items.map(|item| self.item_words(item)).collect();
        what.sort();
        what.dedup();
        words::enumerate(&what)
    }

    pub(super) fn copy_key(&self, from: u32, into: u32) -> Option<String> {
        let copies = self.holdings.copies.iter().filter(|copy| copy.from == from && copy.into == into);
        copies.filter_map(|copy| copy.encrypt_key.map(|key| self.key_words(key))).min()
    }

    /// Why data that is not in clear counts all the same.
    fn why_the_form_counts(&self, system: u32, rule: Rule, deciding: &[u32]) -> Option<Sentence> {
        let items = || deciding.iter().map(|item| &self.holdings.items[*item as usize]);
        let mut keys: Vec<u32> = items().filter_map(|item| item.key).collect();
        keys.sort_unstable();
        keys.dedup();
        let names = |keys: &[u32]| {
            let mut names: Vec<String> = keys.iter().map(|key| self.key_words(*key)).collect();
            names.sort();
            words::enumerate(&names)
        };
        let key_names = names(&keys);
        let it = || self.name(Sentence::default(), system);
        match rule {
            Rule::TData => {
                keys.retain(|key| self.custody.holds(system, Some(*key)));
                let held = names(&keys);
                let can_decrypt = !keys.is_empty() && items().all(|item| item.form == Form::Encrypted);
                can_decrypt.then(|| it().text(format!(" holds the key {held}, so it can decrypt it.")))
            }
            Rule::DEncSelfKey => Some(it().text(format!(" itself holds the key {key_names}."))),
            Rule::DHashKey => {
                Some(it().text(format!(" itself holds the key {key_names}, so it can compute the hash of any number.")))
            }
            Rule::DEncEntityKey => {
                let mut holders: Vec<u32> =
                    keys.iter().flat_map(|key| self.custody.holders_of(*key)).copied().collect();
                holders.retain(|holder| {
                    self.graph.nodes[*holder as usize].is_own() && !self.graph.nodes[*holder as usize].sealed
                });
                holders.sort_unstable();
                holders.dedup();
                let holds = if holders.len() == 1 { " holds" } else { " hold" };
                let sentence = self.list_systems(Sentence::default(), &holders).text(holds);
                Some(sentence.text(format!(" the key {key_names}, so the organisation can decrypt it.")))
            }
            Rule::DEncUnproven if keys.is_empty() => {
                Some(Sentence::of("Its key is unknown, so nothing proves that the organisation cannot decrypt it."))
            }
            Rule::DEncUnproven => Some(Sentence::of(format!(
                "Nothing on file proves that the organisation cannot decrypt it: the key {key_names} belongs to no \
                 listed P2PE solution, and there is no attestation."
            ))),
            Rule::DTokenDetok => Some(it().text(" may turn these tokens back into card numbers.")),
            Rule::DHashUnkeyed => {
                Some(Sentence::of("A hash without a key can be reversed by trying the possible card numbers."))
            }
            Rule::DTruncExcess => Some(Sentence::of(
                "Taken together, the truncated numbers on this system keep more positions than an acceptable format \
                 does.",
            )),
            _ => None,
        }
    }
}
