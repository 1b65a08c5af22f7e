//! What flows carry, gathered where they are glanced at.
//!
//! The fields of a hundred thousand flows are most of what the engine reads of a model, so each half of the flows has a
//! list of its own, and two threads can read at the same time. Numbers are given in the order of first sight, so the
//! lists of the halves, one after the other, are numbered as one list would be.

use rustc_hash::FxHashMap;

use super::account_data::{AccountData, Elements, Glimpse};
use super::graph::ActiveFlow;
use super::holdings::Held;
use super::payload::Payloads;

/// The payloads of some active flows, in the order of the flows.
pub(super) struct Carried<'m> {
    elements: Elements,
    /// The different account data; what is held refers to its place.
    pub(super) data: Vec<AccountData<'m>>,
    numbers: FxHashMap<AccountData<'m>, u32>,
    pub(super) payloads: Payloads,
    fields: Vec<Glimpse<'m>>,
    ends: Vec<usize>,
    payload: Vec<Held>,
}

impl<'m> Carried<'m> {
    pub(super) fn of_flows(flows: usize) -> Self {
        Self {
            elements: Elements::new(),
            data: Vec::new(),
            numbers: FxHashMap::default(),
            payloads: Payloads::of_flows(flows),
            fields: Vec::new(),
            ends: Vec::new(),
            payload: Vec::new(),
        }
    }

    /// The payloads of the next flows. Field after field waits for memory less when many are looked at in one short
    /// loop.
    pub(super) fn add(&mut self, flows: &[ActiveFlow<'m>]) {
        self.fields.clear();
        self.ends.clear();
        for active in flows {
            if active.carries {
                self.fields.extend(active.fields.iter().map(Glimpse::of));
            }
            self.ends.push(self.fields.len());
        }
        let mut start = 0;
        for place in 0..self.ends.len() {
            let end = self.ends[place];
            for field in start..end {
                if let Some((data, stored)) = self.elements.account_data(&self.fields[field]) {
                    let item = self.number(data);
                    self.payload.push(Held { item, stored });
                }
            }
            self.payloads.push(&mut self.payload);
            start = end;
        }
    }

    /// Most models have few distinct items, so the first ones are looked through before anything is hashed.
    fn number(&mut self, data: AccountData<'m>) -> u32 {
        if let Some(place) = self.data.iter().take(8).position(|other| *other == data) {
            return u32::try_from(place).expect("it is below eight");
        }
        *self.numbers.entry(data).or_insert_with(|| {
            self.data.push(data);
            u32::try_from(self.data.len() - 1).expect("a model in memory has fewer holdings")
        })
    }
}
