//! Who holds the element, in which forms, and which ways lead from one holder to the next.

use std::collections::{BTreeMap, BTreeSet};

use super::order::Order;
use super::{Hop, Stop, Wanted, Way};
use crate::id::{KeyId, SystemId};
use crate::model::Model;
use crate::model::catalogue;
use crate::model::element::{ElementClass, Form, Holding, Op};
use crate::model::flow::Flow;
use crate::model::relations::{Access, Encryption, Lifecycle, ViaMode, View};
use crate::model::system::System;

/// The element in one form on a system, as far as the way goes on from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Held {
    form: Form,
    stored: bool,
}

/// What one holder is known to have.
#[derive(Debug, Clone, Default)]
pub(super) struct Holder {
    held: BTreeSet<Held>,
    pub(super) ops: BTreeSet<Op>,
    /// What its own record declares: the forms.
    pub(super) declared: BTreeSet<Form>,
    live: bool,
    records: Option<u64>,
    purposes: BTreeSet<String>,
}

impl Holder {
    fn take(&mut self, holding: &Holding) {
        self.held.insert(Held { form: holding.form, stored: holding.ops.contains(Op::Store) });
        self.ops.extend(holding.ops.iter());
        self.live |= holding.live;
    }

    fn declare(&mut self, holding: &Holding) {
        self.take(holding);
        self.declared.insert(holding.form);
        let records = holding.records.map(|more| self.records.unwrap_or(0).saturating_add(more));
        self.records = records.or(self.records);
        let words = |name: &str| holding.facts.get(name).and_then(|fact| fact.text()).map(str::trim);
        let said = |text: &&str| !text.is_empty();
        let purpose = words("purpose").filter(said).or_else(|| words("justification").filter(said));
        self.purposes.extend(purpose.map(str::to_owned));
    }

    fn forms(&self) -> BTreeSet<Form> {
        self.held.iter().map(|held| held.form).collect()
    }
}

/// One way, as keys: from, to, how.
type Arc = (SystemId, SystemId, Way);

/// The holders and the ways between them.
pub(super) struct Spread<'m> {
    model: &'m Model,
    pub(super) holders: BTreeMap<SystemId, Holder>,
    /// The forms that arrive on each way.
    pub(super) ways: BTreeMap<Arc, BTreeSet<Form>>,
}

impl<'m> Spread<'m> {
    pub(super) fn of(model: &'m Model, wanted: &Wanted) -> Self {
        let mut spread = Self { model, holders: BTreeMap::new(), ways: BTreeMap::new() };
        let meant =
            |it: &&Holding| it.element.as_str() == wanted.element && wanted.form.is_none_or(|form| form == it.form);
        for system in model.systems.values() {
            let counts = |it: &&Holding| is_active(model, system) || it.ops.contains(Op::Store);
            let exists = is_active(model, system) || is_residual(model, system);
            for holding in system.holdings.iter().filter(|_| exists).filter(meant).filter(counts) {
                spread.holders.entry(system.id.clone()).or_default().declare(holding);
            }
        }
        for flow in model.flows.values().filter(|flow| carries(model, flow)) {
            let fields: Vec<&Holding> = flow.fields.iter().filter(meant).collect();
            if !fields.is_empty() {
                spread.send(flow, &fields);
            }
        }
        spread.copy(wanted);
        spread
    }

    fn send(&mut self, flow: &Flow, fields: &[&Holding]) {
        let plain = matches!(flow.encryption, Encryption::None | Encryption::Unknown);
        let listens = |id: &SystemId| self.model.systems.get(id).is_some_and(|it| is_active(self.model, it));
        let seen_by = flow.via.iter().filter(|via| via.mode == ViaMode::Inspect || plain);
        let listeners: BTreeSet<&SystemId> = seen_by.map(|via| &via.node).filter(|id| listens(id)).collect();
        let ends = [(&flow.from, None), (&flow.to, Some(Way::Flow(flow.id.clone())))];
        let on_the_way = listeners.into_iter().map(|id| (id, Some(Way::Via(flow.id.clone()))));
        for (taker, way) in ends.into_iter().chain(on_the_way) {
            let holder = self.holders.entry(taker.clone()).or_default();
            fields.iter().for_each(|field| holder.take(field));
            if let Some(way) = way.filter(|_| *taker != flow.from) {
                let arc = (flow.from.clone(), taker.clone(), way);
                self.ways.entry(arc).or_default().extend(fields.iter().map(|field| field.form));
            }
        }
    }

    /// What copies of stores, and copies of copies, take along; a copy under a key is ciphertext.
    fn copy(&mut self, wanted: &Wanted) {
        let is_account_data =
            wanted.element == "pan" || catalogue::class_of(&wanted.element) == Some(ElementClass::Sad);
        let copied = |held: Held, key: Option<&KeyId>| match held.form {
            Form::Clear if key.is_some() && is_account_data => Held { form: Form::Encrypted, stored: true },
            form => Held { form, stored: true },
        };
        loop {
            let mut changed = false;
            for system in self.model.systems.values() {
                if !is_active(self.model, system) && !is_residual(self.model, system) {
                    continue;
                }
                for copy in system.copies.iter().filter(|copy| copy.from != system.id) {
                    let Some(source) = self.holders.get(&copy.from) else { continue };
                    let (live, mut taken) = (source.live, BTreeSet::new());
                    for held in source.held.iter().filter(|held| held.stored) {
                        let arrives = copied(*held, copy.encrypt_key.as_ref());
                        if wanted.form.is_none_or(|form| form == arrives.form) {
                            taken.insert(arrives);
                        }
                    }
                    if taken.is_empty() {
                        continue;
                    }
                    let holder = self.holders.entry(system.id.clone()).or_default();
                    let before = (holder.held.len(), holder.live);
                    holder.held.extend(&taken);
                    holder.ops.insert(Op::Store);
                    holder.live |= live;
                    changed |= before != (holder.held.len(), holder.live);
                    let arc = (copy.from.clone(), system.id.clone(), Way::Copy);
                    self.ways.entry(arc).or_default().extend(taken.iter().map(|held| held.form));
                }
            }
            if !changed {
                return;
            }
        }
    }

    pub(super) fn stops(&self, order: &Order) -> Vec<Stop> {
        let mut stops: Vec<Stop> = self
            .holders
            .iter()
            .filter_map(|(id, holder)| {
                let system = self.model.systems.get(id)?;
                Some(Stop {
                    system: id.clone(),
                    name: system.name.clone(),
                    boundary: system.boundary,
                    distance: order.distance(id),
                    forms: holder.forms(),
                    ops: holder.ops.clone(),
                    declared: !holder.declared.is_empty(),
                    test_data: !holder.live,
                    records: holder.records,
                    purposes: holder.purposes.iter().cloned().collect(),
                })
            })
            .collect();
        stops.sort_by(|one, other| (one.distance, &one.system).cmp(&(other.distance, &other.system)));
        stops
    }

    pub(super) fn hops(&self, order: &Order) -> Vec<Hop> {
        let mut hops: Vec<Hop> = self
            .ways
            .iter()
            .map(|((from, to, by), forms)| Hop {
                distance: order.distance(from),
                from: from.clone(),
                to: to.clone(),
                by: by.clone(),
                forms: forms.clone(),
                back: order.distance(to) <= order.distance(from),
            })
            .collect();
        hops.sort_by(|one, other| {
            (one.distance, &one.from, &one.to, &one.by).cmp(&(other.distance, &other.from, &other.to, &other.by))
        });
        hops
    }
}

fn counts_in(view: View, stage: Lifecycle) -> bool {
    match view {
        View::Current => matches!(stage, Lifecycle::Live | Lifecycle::Retiring),
        View::Target => matches!(stage, Lifecycle::Live | Lifecycle::Planned),
    }
}

fn is_active(model: &Model, system: &System) -> bool {
    counts_in(model.settings.view, system.lifecycle)
}

/// It does not count any more, but its stores do until they are disposed of.
fn is_residual(model: &Model, system: &System) -> bool {
    let gone = matches!(system.lifecycle, Lifecycle::Retired | Lifecycle::Retiring);
    !is_active(model, system) && gone && !system.disposed
}

/// An active flow whose payload arrives.
fn carries(model: &Model, flow: &Flow) -> bool {
    let end = |id: &SystemId| model.systems.get(id).is_some_and(|system| is_active(model, system));
    let active = counts_in(model.settings.view, flow.stage) && end(&flow.from) && end(&flow.to);
    active && flow.access != Access::Blocked
}
