//! H: what each system holds, by declaration, by flows, by inspection on the way, and by copies.
//!
//! Only live card numbers and sensitive authentication data are kept: nothing else ever brings anything into scope.

use std::collections::{BTreeSet, HashMap};

use super::graph::{Graph, Index};
use crate::model::catalogue;
use crate::model::element::{ElementClass, Form, HashAlgorithm, Holding, Op};

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
    pub(super) element: u32,
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
    numbers: HashMap<Item, u32>,
    /// What each system holds, sorted.
    pub(super) of: Vec<Vec<Held>>,
    /// What each system declares itself, sorted.
    pub(super) declared: Vec<Vec<Held>>,
    /// The payload of each active flow.
    pub(super) payload: Vec<Vec<Held>>,
    pub(super) copies: Vec<CopyEdge>,
    pub(super) elements: Index<'m>,
    pub(super) keys: Index<'m>,
    pub(super) domains: Index<'m>,
    pub(super) masks: Index<'m>,
}

impl<'m> Holdings<'m> {
    pub(super) fn of(graph: &Graph<'m>) -> Self {
        let mut holdings = Self {
            items: Vec::new(),
            numbers: HashMap::new(),
            of: vec![Vec::new(); graph.len()],
            declared: vec![Vec::new(); graph.len()],
            payload: Vec::with_capacity(graph.active_flows.len()),
            copies: Vec::new(),
            elements: Index::new(std::iter::empty()),
            keys: Index::new(graph.model.keys.keys().map(|id| id.as_str())),
            domains: Index::new(std::iter::empty()),
            masks: Index::new(std::iter::empty()),
        };
        holdings.declare(graph);
        holdings.carry(graph);
        for held in &mut holdings.of {
            held.sort_unstable();
            held.dedup();
        }
        holdings.copy(graph);
        holdings
    }

    /// Everything that an active system declares, and the stores of one that is retired.
    fn declare(&mut self, graph: &Graph<'m>) {
        let sad = sensitive_authentication_data();
        for (node, system) in graph.nodes.iter().zip(0..) {
            if !node.active && !node.residual {
                continue;
            }
            let system: usize = system;
            for holding in &graph.systems[system].holdings {
                let Some(held) = self.held(holding, &sad) else { continue };
                if node.active || held.stored {
                    self.declared[system].push(held);
                }
            }
            self.declared[system].sort_unstable();
            self.declared[system].dedup();
            self.of[system].extend_from_slice(&self.declared[system]);
        }
    }

    /// The payload of flows, to both ends and to those who listen on the way.
    fn carry(&mut self, graph: &Graph<'m>) {
        let sad = sensitive_authentication_data();
        for active in &graph.active_flows {
            let mut payload = Vec::new();
            if active.carries {
                payload
                    .extend(graph.flows[active.flow as usize].fields.iter().filter_map(|field| self.held(field, &sad)));
                payload.sort_unstable();
                payload.dedup();
                self.of[active.from as usize].extend_from_slice(&payload);
                if active.to != active.from {
                    self.of[active.to as usize].extend_from_slice(&payload);
                }
            }
            self.payload.push(payload);
        }
        for (flow, node) in &graph.listeners {
            self.of[*node as usize].extend_from_slice(&self.payload[*flow as usize]);
        }
    }

    /// Copies of stores, and copies of copies, until nothing is added.
    fn copy(&mut self, graph: &Graph<'m>) {
        for (node, into) in graph.nodes.iter().zip(0..) {
            if !node.active && !node.residual {
                continue;
            }
            for copy in &graph.systems[into as usize].copies {
                let Some(from) = graph.number_of(&copy.from) else { continue };
                let encrypt_key = copy.encrypt_key.as_ref().map(|key| self.keys.number(key.as_str()));
                self.copies.push(CopyEdge { from, into, encrypt_key });
            }
        }
        if self.copies.is_empty() {
            return;
        }
        self.copies.sort_by_key(|copy| (copy.from, copy.into, copy.encrypt_key));
        let mut sets: HashMap<u32, BTreeSet<Held>> = HashMap::new();
        for copy in &self.copies {
            sets.entry(copy.into).or_insert_with(|| self.of[copy.into as usize].iter().copied().collect());
        }
        let mut open: Vec<(u32, Held)> = Vec::new();
        let mut sources: Vec<u32> = self.copies.iter().map(|copy| copy.from).collect();
        sources.dedup();
        for from in sources {
            open.extend(self.of[from as usize].iter().filter(|held| held.stored).map(|held| (from, *held)));
        }
        let copies = std::mem::take(&mut self.copies);
        while let Some((from, held)) = open.pop() {
            let start = copies.partition_point(|copy| copy.from < from);
            for copy in copies[start..].iter().take_while(|copy| copy.from == from) {
                let arrived = Held { item: self.copied(held.item, copy), stored: true };
                if sets.get_mut(&copy.into).expect("every copy has a set for its taker").insert(arrived) {
                    open.push((copy.into, arrived));
                }
            }
        }
        self.copies = copies;
        for (node, set) in sets {
            self.of[node as usize] = set.into_iter().collect();
        }
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

    fn number(&mut self, item: Item) -> u32 {
        *self.numbers.entry(item).or_insert_with(|| {
            self.items.push(item);
            u32::try_from(self.items.len() - 1).expect("a model in memory has fewer holdings")
        })
    }

    /// The holding as an item, where it is live account data.
    fn held(&mut self, holding: &'m Holding, sad: &[&str]) -> Option<Held> {
        if !holding.live {
            return None;
        }
        let element = holding.element.as_str();
        let kind = match element {
            "pan" => Kind::Pan,
            _ if sad.contains(&element) => Kind::Sad,
            _ => return None,
        };
        let item = Item {
            kind,
            element: self.elements.number(element),
            form: holding.form,
            key: holding.key.as_ref().map(|id| self.keys.number(id.as_str())),
            domain: holding.domain.as_ref().map(|id| self.domains.number(id.as_str())),
            keyed: holding.alg.is_some_and(HashAlgorithm::is_keyed),
            mask: holding.mask.as_ref().map(|mask| self.masks.number(mask)),
        };
        Some(Held { item: self.number(item), stored: holding.ops.contains(&Op::Store) })
    }
}

fn sensitive_authentication_data() -> Vec<&'static str> {
    catalogue::catalogue()
        .elements
        .iter()
        .filter(|row| row.class == ElementClass::Sad && row.normalises_to.is_none())
        .map(|row| row.id.as_str())
        .collect()
}
