//! The payloads of flows: thousands of flows carry a handful of different payloads, so each is kept once.

use rustc_hash::FxHashMap;

use super::holdings::Held;

/// The payload of each active flow, by the flow's place among the active flows.
pub(super) struct Payloads {
    /// The number of each flow's payload.
    numbers: Vec<u32>,
    /// The different payloads, sorted, by their numbers.
    lists: Vec<Box<[Held]>>,
    known: FxHashMap<Box<[Held]>, u32>,
}

impl Payloads {
    /// The number of the payload that is no account data at all.
    pub(super) const NOTHING: u32 = 0;

    /// No payload yet, and room for so many.
    pub(super) fn of_flows(flows: usize) -> Self {
        Self { numbers: Vec::with_capacity(flows), lists: vec![Box::default()], known: FxHashMap::default() }
    }

    /// The payload of the next flow. What comes in is sorted, and empty afterwards.
    pub(super) fn push(&mut self, payload: &mut Vec<Held>) {
        payload.sort_unstable();
        payload.dedup();
        let number = self.number_of(payload);
        self.numbers.push(number);
        payload.clear();
    }

    /// The payloads of further flows, what they hold being known here under other numbers.
    pub(super) fn append(&mut self, other: &Self, known_here: impl Fn(Held) -> Held) {
        let renumbered = |list: &[Held]| -> Vec<Held> { list.iter().map(|held| known_here(*held)).collect() };
        let mut numbers = Vec::with_capacity(other.lists.len());
        for list in &other.lists {
            let mut list = renumbered(list);
            list.sort_unstable();
            numbers.push(self.number_of(&list));
        }
        self.numbers.extend(other.numbers.iter().map(|number| numbers[*number as usize]));
    }

    fn number_of(&mut self, payload: &[Held]) -> u32 {
        // Most models have few payloads, so the first ones are looked through before anything is hashed.
        if let Some(place) = self.lists.iter().take(4).position(|known| **known == *payload) {
            return u32::try_from(place).expect("it is below four");
        }
        if let Some(known) = self.known.get(payload) {
            return *known;
        }
        let number = u32::try_from(self.lists.len()).expect("a model in memory has fewer flows");
        self.lists.push(payload.into());
        self.known.insert(payload.into(), number);
        number
    }

    /// The payload of a flow.
    pub(super) fn of(&self, flow: u32) -> &[Held] {
        self.list(self.number(flow))
    }

    /// The payload with a number.
    pub(super) fn list(&self, number: u32) -> &[Held] {
        &self.lists[number as usize]
    }

    /// The number of a flow's payload. Flows with the same number carry the same.
    pub(super) fn number(&self, flow: u32) -> u32 {
        self.numbers[flow as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flows_that_carry_the_same_share_a_number_whatever_the_order_of_their_fields() {
        let held = |item: u32| Held { item, stored: false };
        let mut payloads = Payloads::of_flows(12);
        payloads.push(&mut vec![held(2), held(1), held(2)]);
        payloads.push(&mut Vec::new());
        payloads.push(&mut vec![held(1), held(2)]);
        assert_eq!((payloads.of(0), payloads.of(1)), (&[held(1), held(2)][..], &[][..]));
        assert_eq!((payloads.number(0), payloads.number(1)), (payloads.number(2), Payloads::NOTHING));
        for item in 3..12 {
            payloads.push(&mut vec![held(item)]);
        }
        payloads.push(&mut vec![held(11)]);
        assert_eq!((payloads.of(10), payloads.number(11)), (&[held(10)][..], payloads.number(12)));
    }
}
