//! H: what each system holds, by declaration, by flows, by inspection on the way, and by copies.
//!
//! Only live card numbers and sensitive authentication data are kept: nothing else ever brings anything into scope.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::account_data::{AccountData, Elements, Glimpse};
use super::carried::Carried;
use super::graph::Graph;
use super::grouped::Grouped;
use super::index::Index;
use super::payload::Payloads;
use crate::model::element::Form;

/// What kind of account data an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    /// The card number.
    Pan,
    /// Sensitive authentication data.
    Sad,
}

/// What the rules read of a holding; the texts are numbers of [`Holdings`]' own lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// The place in [`Holdings::elements`].
    pub(super) element: u8,
    pub(super) form: Form,
    pub(super) key: Option<u32>,
    pub(super) domain: Option<u32>,
    /// The algorithm of a hash needs a key.
    pub(super) keyed: bool,
    pub(super) mask: Option<u32>,
}

/// An item on a system: its number, and whether the system stores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Held {
    pub(super) item: u32,
    pub(super) stored: bool,
}

/// A copy that counts: from a system's stores into another system.
#[derive(Debug, Clone, Copy)]
pub(super) struct CopyEdge {
    pub(super) from: u32,
    pub(super) into: u32,
    /// The key under which clear data is encrypted in the copy.
    pub(super) encrypt_key: Option<u32>,
}

/// What every system holds.
pub(super) struct Holdings<'m> {
    pub(super) items: Vec<Item>,
    numbers: FxHashMap<Item, u32>,
    /// What each system holds, sorted.
    pub(super) of: Grouped<Held>,
    /// What each system declares itself, sorted.
    pub(super) declared: Grouped<Held>,
    /// The payload of each active flow.
    pub(super) payload: Payloads,
    pub(super) copies: Vec<CopyEdge>,
    /// The elements that are account data: the card number, and the sensitive authentication data.
    pub(super) elements: Elements,
    pub(super) keys: Index<'m>,
    pub(super) domains: Index<'m>,
    pub(super) masks: Index<'m>,
}

impl<'m> Holdings<'m> {
    /// What each system holds, with what its flows carry.
    pub(super) fn of(graph: &Graph<'m>, carried: Vec<Carried<'m>>) -> Self {
        let mut holdings = Self {
            items: Vec::new(),
            numbers: FxHashMap::default(),
            of: Grouped::default(),
            declared: Grouped::default(),
            payload: Payloads::of_flows(graph.active_flows.len()),
            copies: Vec::new(),
            elements: Elements::new(),
            keys: Index::new(graph.model.keys.keys().map(|id| id.as_str())),
            domains: Index::new(std::iter::empty()),
            masks: Index::new(std::iter::empty()),
        };
        holdings.declare(graph);
        let mut held = holdings.carry(graph, carried);
        holdings.of = Grouped::new(graph.len(), &held).sorted();
        holdings.find_copies(graph);
        if !holdings.copies.is_empty() {
            held.extend(holdings.copy());
            holdings.of = Grouped::new(graph.len(), &held).sorted();
        }
        holdings
    }

    /// Everything that an active system declares, and the stores of one that is retired.
    fn declare(&mut self, graph: &Graph<'m>) {
        let mut declared = Vec::new();
        for (node, system) in graph.nodes.iter().zip(0_u32..).filter(|(node, _)| node.active || node.residual) {
            for holding in &graph.systems[system as usize].holdings {
                let data = self.elements.account_data(&Glimpse::of(holding));
                if let Some((data, stored)) = data.filter(|(_, stored)| node.active || *stored) {
                    declared.push((system, Held { item: self.number_of(&data), stored }));
                }
            }
        }
        self.declared = Grouped::new(graph.len(), &declared).sorted();
    }

    /// What systems declare, and the payload of flows at both ends and at those who listen on the way.
    fn carry(&mut self, graph: &Graph<'m>, carried: Vec<Carried<'m>>) -> Vec<(u32, Held)> {
        for part in carried {
            let items: Vec<u32> = part.data.iter().map(|data| self.number_of(data)).collect();
            self.payload.append(&part.payloads, |held| Held { item: items[held.item as usize], ..held });
        }
        let mut held = Vec::with_capacity(self.declared.all().len() + 4 * graph.len());
        for system in 0..self.declared.groups() {
            held.extend(self.declared.of(system).iter().map(|it| (system, *it)));
        }
        // Most systems get the same payload over and over: what comes twice in a row is held once already.
        let mut latest = vec![Payloads::NOTHING; graph.len()];
        let mut take = |system: u32, place: u32| {
            let number = self.payload.number(place);
            if number != Payloads::NOTHING && std::mem::replace(&mut latest[system as usize], number) != number {
                held.extend(self.payload.of(place).iter().map(|it| (system, *it)));
            }
        };
        for (place, active) in (0_u32..).zip(&graph.active_flows) {
            take(active.from, place);
            take(active.to, place);
        }
        for (place, node) in &graph.listeners {
            take(*node, *place);
        }
        held
    }

    fn find_copies(&mut self, graph: &Graph<'m>) {
        for (_, into) in graph.nodes.iter().zip(0_u32..).filter(|(node, _)| node.active || node.residual) {
            for copy in &graph.systems[into as usize].copies {
                let Some(from) = graph.number_of(&copy.from) else { continue };
                let encrypt_key = copy.encrypt_key.as_ref().map(|key| self.keys.number(key.as_str()));
                self.copies.push(CopyEdge { from, into, encrypt_key });
            }
        }
        self.copies.sort_unstable_by_key(|copy| (copy.from, copy.into, copy.encrypt_key));
    }

    /// What copies of stores, and copies of copies, add to what is held otherwise.
    fn copy(&mut self) -> Vec<(u32, Held)> {
        let mut sources: Vec<u32> = self.copies.iter().map(|copy| copy.from).collect();
        sources.dedup();
        let stored = |from: u32| self.of.of(from).iter().filter(|held| held.stored).map(move |held| (from, *held));
        let mut open: Vec<(u32, Held)> = sources.into_iter().flat_map(stored).collect();
        let mut added: BTreeSet<(u32, Held)> = BTreeSet::new();
        let copies = std::mem::take(&mut self.copies);
        while let Some((from, held)) = open.pop() {
            let start = copies.partition_point(|copy| copy.from < from);
            for copy in copies[start..].iter().take_while(|copy| copy.from == from) {
                let arrived = (copy.into, Held { item: self.copied(held.item, copy), stored: true });
                if self.of.of(copy.into).binary_search(&arrived.1).is_err() && added.insert(arrived) {
                    open.push(arrived);
                }
            }
        }
        self.copies = copies;
        added.into_iter().collect()
    }

    /// The item as a copy has it: clear data is encrypted where the copy has a key.
    pub(super) fn copied(&mut self, item: u32, copy: &CopyEdge) -> u32 {
        let original = self.items[item as usize];
        match self.as_copied(original, copy) {
            copied if copied == original => item,
            copied => self.number(copied),
        }
    }

    fn as_copied(&self, item: Item, copy: &CopyEdge) -> Item {
        match copy.encrypt_key {
            Some(key) if item.form == Form::Clear => Item { form: Form::Encrypted, key: Some(key), ..item },
            _ => item,
        }
    }

    /// The number of the item as a copy has it, where any system holds it.
    pub(super) fn find_copied(&self, item: u32, copy: &CopyEdge) -> Option<u32> {
        self.numbers.get(&self.as_copied(self.items[item as usize], copy)).copied()
    }

    /// Most models have few distinct items, so the first ones are looked through before anything is hashed.
    fn number(&mut self, item: Item) -> u32 {
        if let Some(place) = self.items.iter().take(8).position(|other| *other == item) {
            return u32::try_from(place).expect("it is below eight");
        }
        *self.numbers.entry(item).or_insert_with(|| {
            self.items.push(item);
            u32::try_from(self.items.len() - 1).expect("a model in memory has fewer holdings")
        })
    }

    /// The number of account data as an item.
    fn number_of(&mut self, data: &AccountData<'m>) -> u32 {
        let item = Item {
            kind: if data.element == 0 { Kind::Pan } else { Kind::Sad },
            element: data.element,
            form: data.form,
            key: data.key.map(|id| self.keys.number_of_few(id)),
            domain: data.domain.map(|id| self.domains.number_of_few(id)),
            keyed: data.keyed,
            mask: data.mask.map(|mask| self.masks.number_of_few(mask)),
        };
        self.number(item)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::rule;
    use super::super::verdict::Rule;

    /// Systems `a` and `b`, and a flow with clear card numbers from `a` to `b` with those attributes.
    fn flow(attributes: &str, more_systems: &str) -> String {
        format!(
            r#""systems":[{{"id":"a"}},{{"id":"b"}}{more_systems}],
               "flows":[{{"id":"f","from":"a","to":"b","data":[{{"element":"pan"}}]{attributes}}}]"#
        )
    }

    #[test]
    fn both_ends_of_a_flow_hold_what_it_carries() {
        for attributes in ["", r#","channel":"offline""#, r#","stage":"retiring""#] {
            assert_eq!(rule(&flow(attributes, ""), "a"), Some(Rule::DPanClear), "{attributes}");
            assert_eq!(rule(&flow(attributes, ""), "b"), Some(Rule::DPanClear), "{attributes}");
        }
        let itself = r#""systems":[{"id":"a"}],"flows":[{"from":"a","to":"a","data":[{"element":"pan"}]}]"#;
        assert_eq!(rule(itself, "a"), Some(Rule::DPanClear));
    }

    #[test]
    fn what_is_blocked_or_not_live_carries_nothing() {
        for attributes in [
            r#","access":"blocked""#,
            r#","access":"blocked","control":{"type":"acl","status":"verified"}"#,
            r#","stage":"planned""#,
            r#","stage":"retired""#,
        ] {
            assert_ne!(rule(&flow(attributes, ""), "b"), Some(Rule::DPanClear), "{attributes}");
        }
    }

    #[test]
    fn who_inspects_or_passes_on_in_clear_holds_it_too() {
        let waf = r#",{"id":"waf"}"#;
        for (mode, encryption, holds) in [
            ("inspect", "transport", true),
            ("passthrough", "none", true),
            ("passthrough", "unknown", true),
            ("passthrough", "transport", false),
        ] {
            let attributes = format!(r#","encryption":"{encryption}","via":[{{"node":"waf","mode":"{mode}"}}]"#);
            let expected = if holds { Rule::DPanClear } else { Rule::CVia };
            assert_eq!(rule(&flow(&attributes, waf), "waf"), Some(expected), "{mode} {encryption}");
        }
        let planned = r#",{"id":"waf","lifecycle":"planned"}"#;
        assert_eq!(rule(&flow(r#","via":[{"node":"waf","mode":"inspect"}]"#, planned), "waf"), None);
    }

    #[test]
    fn copies_of_copies_hold_the_stores_and_nothing_else() {
        let chain = |ops: &str| {
            format!(
                r#""systems":[{{"id":"db","holdings":[{{"element":"pan","ops":["{ops}"]}}]}},
                    {{"id":"copy","copies":[{{"from":"db"}}]}},{{"id":"copy-of-copy","copies":[{{"from":"copy"}}]}}]"#
            )
        };
        assert_eq!(rule(&chain("store"), "copy-of-copy"), Some(Rule::DPanClear));
        assert_eq!(rule(&chain("process"), "copy"), Some(Rule::NIsolated));
    }

    #[test]
    fn a_copy_under_a_key_is_ciphertext() {
        let members = r#""systems":[{"id":"db","holdings":[{"element":"pan","ops":["store"]}]},
            {"id":"copy","copies":[{"from":"db","encrypt_key":"k"}]},{"id":"hsm"}],
            "keys":[{"id":"k","holders":["hsm"]}]"#;
        assert_eq!(rule(members, "copy"), Some(Rule::DEncEntityKey));
    }

    #[test]
    fn copies_that_copy_each_other_come_to_an_end() {
        let members = r#""systems":[{"id":"a","copies":[{"from":"b","encrypt_key":"k"},{"from":"a"}],
            "holdings":[{"element":"pin","ops":["store"]}]},{"id":"b","copies":[{"from":"a","encrypt_key":"l"}]}]"#;
        assert_eq!(rule(members, "b"), Some(Rule::DEncUnproven));
    }

    #[test]
    fn a_retired_system_keeps_its_stores_until_they_are_disposed_of() {
        let retired = |more: &str| {
            format!(
                r#""settings":{{"view":"target"}},"systems":[{{"id":"v","lifecycle":"retiring"{more},
                    "holdings":[{{"element":"pan","ops":["store"]}}]}}]"#
            )
        };
        assert_eq!(rule(&retired(""), "v"), Some(Rule::DPanClear));
        assert_eq!(rule(&retired(r#","disposed":true"#), "v"), None);
    }
}
