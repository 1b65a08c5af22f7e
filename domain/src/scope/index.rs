//! Numbers for keys.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;

/// Numbers for keys, from 0 in the order in which the keys come.
///
/// A model names each system many times over, so this is where the engine meets most texts. A model that was read keeps
/// each text once, so a key is looked for by where it is in memory first: one place to look at, and no text. A text that
/// lies elsewhere is found by what it says; for that the table has one word per place, and the keys are copied into one
/// text. The hash is always the same: who may write a model of many keys can make it slow to judge, and gains nothing
/// else.
pub(crate) struct Index<'m> {
    /// A power of two of them, at most half of them taken.
    slots: Vec<Slot>,
    /// As many, by address.
    addresses: Vec<Address>,
    keys: Vec<&'m str>,
    text: Vec<u8>,
    /// Where each key ends in the text.
    ends: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    /// The upper half of the hash.
    tag: u32,
    number: u32,
}

impl Slot {
    const FREE: Self = Self { tag: 0, number: u32::MAX };

    const fn is_free(self) -> bool {
        self.number == u32::MAX
    }
}

/// Where the text of a key is. Two texts that are there, and as long, are the same text.
#[derive(Debug, Clone, Copy)]
struct Address {
    start: usize,
    length: usize,
    number: u32,
}

impl Address {
    const FREE: Self = Self { start: 0, length: 0, number: u32::MAX };

    const fn is_free(self) -> bool {
        self.number == u32::MAX
    }
}

impl<'m> Index<'m> {
    pub(crate) fn new(keys: impl Iterator<Item = &'m str>) -> Self {
        let expected = keys.size_hint().0;
        let places = (expected * 2).next_power_of_two().max(16);
        let mut index = Self {
            slots: vec![Slot::FREE; places],
            addresses: vec![Address::FREE; places],
            keys: Vec::with_capacity(expected),
            text: Vec::with_capacity(expected * 16),
            ends: Vec::with_capacity(expected),
        };
        for key in keys {
            index.number(key);
        }
        index
    }

    /// The number of a key, a new one where it is new.
    pub(crate) fn number(&mut self, key: &'m str) -> u32 {
        let hash = hash(key);
        if let Some(known) = self.find(key, hash) {
            return known;
        }
        let number = self.count();
        self.keys.push(key);
        self.text.extend_from_slice(key.as_bytes());
        self.ends.push(u32::try_from(self.text.len()).expect("the keys of a model take less than 4 GiB"));
        if self.keys.len() * 2 > self.slots.len() {
            let places = self.slots.len() * 2;
            self.slots = vec![Slot::FREE; places];
            self.addresses = vec![Address::FREE; places];
            for known in 0..number {
                self.take_slot(known, self::hash(self.keys[known as usize]));
            }
        }
        self.take_slot(number, hash);
        number
    }

    /// As [`Self::number`], for lists of which most have few keys: those are looked through, not hashed.
    pub(super) fn number_of_few(&mut self, key: &'m str) -> u32 {
        if let Some(known) = self.find_address(key) {
            return known;
        }
        match self.keys.iter().take(8).position(|other| *other == key) {
            Some(place) => u32::try_from(place).expect("it is below eight"),
            None => self.number(key),
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<u32> {
        self.find_address(key).or_else(|| self.find(key, hash(key)))
    }

    pub(crate) fn key(&self, number: u32) -> &'m str {
        self.keys[number as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.keys.len()).expect("numbers are 32 bits wide")
    }

    fn find(&self, key: &str, hash: u64) -> Option<u32> {
        let mut place = self.place(hash);
        loop {
            let slot = self.slots[place];
            if slot.is_free() {
                return None;
            }
            if slot.tag == tag(hash) && self.bytes(slot.number) == key.as_bytes() {
                return Some(slot.number);
            }
            place = (place + 1) & (self.slots.len() - 1);
        }
    }

    fn take_slot(&mut self, number: u32, hash: u64) {
        let mut place = self.place(hash);
        while !self.slots[place].is_free() {
            place = (place + 1) & (self.slots.len() - 1);
        }
        self.slots[place] = Slot { tag: tag(hash), number };
        let key = self.keys[number as usize];
        let mut place = self.place_of_address(key);
        while !self.addresses[place].is_free() {
            place = (place + 1) & (self.addresses.len() - 1);
        }
        self.addresses[place] = Address { start: key.as_ptr().addr(), length: key.len(), number };
    }

    fn find_address(&self, key: &str) -> Option<u32> {
        let mut place = self.place_of_address(key);
        loop {
            let known = self.addresses[place];
            if known.is_free() {
                return None;
            }
            if known.start == key.as_ptr().addr() && known.length == key.len() {
                return Some(known.number);
            }
            place = (place + 1) & (self.addresses.len() - 1);
        }
    }

    /// Texts in memory start at even steps, so the upper bits of a product spread them.
    fn place_of_address(&self, key: &str) -> usize {
        self.place((key.as_ptr().addr() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32)
    }

    #[expect(clippy::cast_possible_truncation, reason = "the lower bits are the place")]
    const fn place(&self, hash: u64) -> usize {
        hash as usize & (self.slots.len() - 1)
    }

    fn bytes(&self, number: u32) -> &[u8] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.text[start as usize..self.ends[number as usize] as usize]
    }
}

const fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32
}

fn hash(key: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(key.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_numbered_in_the_order_in_which_they_come() {
        let mut index = Index::new(["b", "", "a", "b"].into_iter());
        assert_eq!((index.get("b"), index.get(""), index.get("a"), index.get("c")), (Some(0), Some(1), Some(2), None));
        assert_eq!((index.number("c"), index.number_of_few("a"), index.number_of_few("d")), (3, 2, 4));
        assert_eq!((index.key(1), index.key(3), index.len(), index.count()), ("", "c", 5, 5));
    }

    #[test]
    fn an_index_grows_without_losing_a_key() {
        let keys: Vec<String> = (0..5_000).map(|number| format!("system {number}")).collect();
        let mut index = Index::new(std::iter::empty());
        for (number, key) in (0_u32..).zip(&keys) {
            assert_eq!(index.number(key), number);
        }
        assert!((0_u32..).zip(&keys).all(|(number, key)| index.get(key) == Some(number)));
        assert_eq!(index.get("system 5000"), None);
        let elsewhere: Vec<String> = keys.clone();
        assert!((0_u32..).zip(&elsewhere).all(|(number, key)| index.get(key) == Some(number)));
        assert_eq!(index.get(&keys[4_999][..8]), Some(4), "the beginning of a text is another text in the same place");
    }
}
