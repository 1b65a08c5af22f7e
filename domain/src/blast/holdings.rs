//! Everything live that a system holds, with its numbers of records: by declaration, by flows and by copies.
//!
//! Unlike the scope, which reads card data and tokens only, whoever controls a system sees all of it.

use std::collections::{HashMap, HashSet, VecDeque};

use super::terrain::Terrain;
use crate::id::{ElementId, KeyId};
use crate::model::catalogue;
use crate::model::element::{ElementClass, Form, Holding, Op};

/// A live holding as it is held: a copy may have encrypted it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held<'m> {
    pub(super) holding: &'m Holding,
    pub(super) form: Form,
    pub(super) key: Option<&'m KeyId>,
}

impl<'m> Held<'m> {
    fn of(holding: &'m Holding) -> Self {
        Self { holding, form: holding.form, key: holding.key.as_ref() }
    }

    pub(super) fn is_stored(&self) -> bool {
        self.holding.ops.contains(Op::Store)
    }

    fn copied(self, encrypt_key: Option<&'m KeyId>) -> Self {
        let element = self.holding.element.as_str();
        match encrypt_key {
            Some(key) if self.form == Form::Clear && (element == "pan" || is_sad(element)) => {
                Self { form: Form::Encrypted, key: Some(key), ..self }
            }
            _ => self,
        }
    }
}

/// Whether the element is sensitive authentication data.
pub(super) fn is_sad(element: &str) -> bool {
    catalogue::class_of(element) == Some(ElementClass::Sad)
}

/// Whether a list of elements that names this one means an element in a form. An alias means the one form that it
/// stands for, any other name every form.
pub(super) fn is_meant(named: &ElementId, element: &ElementId, form: Form) -> bool {
    match catalogue::element(named.as_str()) {
        Some(row) if row.normalises_to.is_some() => {
            catalogue::normalise(named.as_str(), None) == (element.as_str(), form)
        }
        _ => named == element,
    }
}

/// What every system holds.
pub(super) struct Inventory<'a, 'm> {
    terrain: &'a Terrain<'m>,
    copies: HashMap<u32, Vec<Held<'m>>>,
}

impl<'a, 'm> Inventory<'a, 'm> {
    pub(super) fn of(terrain: &'a Terrain<'m>) -> Self {
        let mut inventory = Self { terrain, copies: HashMap::new() };
        inventory.copy();
        inventory
    }

    /// What a system holds: what it declares, then what flows bring, then what it copies.
    pub(super) fn at(&self, system: u32) -> impl Iterator<Item = Held<'m>> {
        self.own(system).chain(self.copies.get(&system).into_iter().flatten().copied())
    }

    /// The payload of an active flow, by its place among the active flows.
    pub(super) fn payload(&self, place: u32) -> impl Iterator<Item = Held<'m>> + use<'m> {
        let active = self.terrain.graph.active_flows[place as usize];
        let fields: &'m [Holding] =
            if active.carries { &self.terrain.graph.flows[active.flow as usize].fields } else { &[] };
        fields.iter().filter(|field| field.live).map(Held::of)
    }

    fn own(&self, system: u32) -> impl Iterator<Item = Held<'m>> {
        let node = self.terrain.graph.nodes[system as usize];
        let declared = self.terrain.graph.systems[system as usize]
            .holdings
            .iter()
            .filter(|it| it.live)
            .map(Held::of)
            .filter(move |held| node.active || (node.residual && held.is_stored()));
        declared.chain(self.terrain.payloads.of(system).iter().flat_map(|place| self.payload(*place)))
    }

    /// Copies of stores, and copies of copies, until nothing is added.
    fn copy(&mut self) {
        let graph = &self.terrain.graph;
        let mut takers: HashMap<u32, Vec<(u32, Option<&'m KeyId>)>> = HashMap::new();
        let mut open: VecDeque<(u32, Held<'m>)> = VecDeque::new();
        for (into, system) in (0_u32..).zip(&graph.systems) {
            let node = graph.nodes[into as usize];
            if !node.active && !node.residual {
                continue;
            }
            for copy in &system.copies {
                let Some(from) = graph.number_of(&copy.from) else { continue };
                takers.entry(from).or_default().push((into, copy.encrypt_key.as_ref()));
            }
        }
        let mut sources: Vec<u32> = takers.keys().copied().collect();
        sources.sort_unstable();
        for from in sources {
            open.extend(self.own(from).filter(Held::is_stored).map(|held| (from, held)));
        }
        let mut known: HashSet<(u32, *const Holding, Form, Option<&'m KeyId>)> = HashSet::new();
        while let Some((from, held)) = open.pop_front() {
            for (into, encrypt_key) in takers.get(&from).into_iter().flatten() {
                let copied = held.copied(*encrypt_key);
                if known.insert((*into, std::ptr::from_ref(copied.holding), copied.form, copied.key)) {
                    self.copies.entry(*into).or_default().push(copied);
                    open.push_back((*into, copied));
                }
            }
        }
    }
}
