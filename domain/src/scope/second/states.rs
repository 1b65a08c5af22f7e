//! The graph of states: a path from the source to a state is a proof of that label for that system.

mod steps;
mod witness;

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::{DiGraph, NodeIndex};

use super::Fact;
use crate::id::{ElementId, FlowId, KeyId, SystemId};
use crate::model::Model;
use crate::model::relations::{CapabilityType, How, PaymentPage};
use crate::model::system::ManageTarget;
use crate::scope::Scope;
use crate::scope::effect::{self, Custody};
use crate::scope::graph::{Graph, Neighbour};
use crate::scope::holdings::{Held, Holdings};
use crate::scope::labels::State;
use crate::scope::verdict::{Arrival, By, Category, Flag, Label, Rule, Sub, Verdict};

/// A node of the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    Source,
    /// A system with a label.
    State(State),
    /// Something that a system holds.
    Item(u32),
    /// The zone or segment through which a rule reaches many systems.
    Shared,
}

/// From which system data arrives, and how.
pub(super) type Source = (u32, By);

/// One step of a proof.
#[derive(Debug, Clone, Default)]
pub(super) struct Link<'m> {
    /// The facts it uses.
    pub(super) facts: Vec<u32>,
    /// The rule that gives the state at its end.
    pub(super) rule: Option<Rule>,
    /// The flow or the way of managing, as the witness names it.
    pub(super) edge: &'m str,
    /// It belongs to what the first state of a proof rests on.
    pub(super) is_start: bool,
    /// It may hold without one of its facts.
    pub(super) is_union: bool,
    /// How data arrives, and from where.
    pub(super) arrives: Option<Source>,
}

/// The facts that the witness of a verdict uses.
#[derive(Debug, Default)]
pub(super) struct WitnessFacts {
    /// On the way; for a verdict that rests on data alone, what brings the data.
    pub(super) path: BTreeSet<u32>,
    /// What its first state rests on.
    pub(super) start: BTreeSet<u32>,
}

/// Every proof of a model, as paths.
pub(super) struct States<'m> {
    pub(super) graph: DiGraph<Node, Link<'m>>,
    pub(super) source: NodeIndex,
    scope: &'m Scope,
    engine: Graph<'m>,
    holdings: Holdings<'m>,
    custody: Custody,
    states: BTreeMap<State, NodeIndex>,
    items: BTreeMap<(u32, Held), NodeIndex>,
    numbers: BTreeMap<Fact, u32>,
    facts: Vec<Fact>,
}

impl<'m> States<'m> {
    pub(super) fn of(model: &'m Model, scope: &'m Scope) -> Self {
        let (engine, holdings) = Graph::with_holdings(model);
        let custody = Custody::of(&engine, &holdings);
        let mut graph = DiGraph::new();
        let source = graph.add_node(Node::Source);
        let mut states = Self {
            graph,
            source,
            scope,
            engine,
            holdings,
            custody,
            states: BTreeMap::new(),
            items: BTreeMap::new(),
            numbers: BTreeMap::new(),
            facts: Vec::new(),
        };
        states.add_data();
        states.add_seeds();
        states.add_steps();
        states
    }

    /// The state that a verdict shows.
    pub(super) fn shown(&self, id: &SystemId, verdict: &Verdict) -> Option<NodeIndex> {
        let label = verdict.steps.last()?.label;
        self.states.get(&State::new(self.engine.number_of(id)?, label)).copied()
    }

    pub(super) fn system(&self, number: u32) -> SystemId {
        self.engine.systems[number as usize].id.clone()
    }

    pub(super) fn facts<'a>(&self, numbers: impl IntoIterator<Item = &'a u32>) -> BTreeSet<Fact> {
        numbers.into_iter().map(|number| self.facts[*number as usize].clone()).collect()
    }

    fn zone_name(&self, zone: u32) -> String {
        if zone < self.engine.segments.count() { self.engine.segments.key(zone).to_owned() } else { "?".to_owned() }
    }

    fn fact(&mut self, fact: Fact) -> u32 {
        if let Some(number) = self.numbers.get(&fact) {
            return *number;
        }
        let number = u32::try_from(self.facts.len()).expect("a model in memory has fewer facts");
        self.facts.push(fact.clone());
        self.numbers.insert(fact, number);
        number
    }

    fn state(&mut self, system: u32, label: Label) -> NodeIndex {
        let state = State::new(system, label);
        *self.states.entry(state).or_insert_with(|| self.graph.add_node(Node::State(state)))
    }

    fn item(&mut self, system: u32, held: Held) -> NodeIndex {
        *self.items.entry((system, held)).or_insert_with(|| self.graph.add_node(Node::Item(system)))
    }

    fn verdict(&self, system: u32) -> Option<&'m Verdict> {
        self.scope.systems.get(&self.engine.systems[system as usize].id)
    }

    fn is(&self, system: u32, category: Category, sub: Sub) -> bool {
        self.verdict(system).is_some_and(|it| it.category == category && it.sub == Some(sub))
    }

    fn is_data(&self, system: u32) -> bool {
        self.is(system, Category::Cde, Sub::Data)
    }

    /// A decision applies, so nothing else gives it a label.
    fn is_pinned(&self, system: u32) -> bool {
        self.verdict(system).is_some_and(|it| it.flags.contains(&Flag::OverrideApplied))
    }

    /// What each system holds and from where, and which of it gives the label DATA.
    fn add_data(&mut self) {
        let mut arrivals: Vec<(u32, Held, Fact, Option<Source>)> = Vec::new();
        for system in 0..self.holdings.declared.groups() {
            for held in self.holdings.declared.of(system) {
                let item = self.holdings.items[held.item as usize];
                let element = ElementId::new(self.holdings.elements.name(item.element));
                let fact = Fact::Holding { system: self.system(system), element, form: item.form };
                arrivals.push((system, *held, fact, None));
            }
        }
        let mut arrive = |place: u32, taker: u32, by: Option<Source>, id: &FlowId| {
            for held in self.holdings.payload.of(place) {
                arrivals.push((taker, *held, Fact::Flow(id.clone()), by.clone().filter(|(from, _)| *from != taker)));
            }
        };
        for (place, active) in (0_u32..).zip(&self.engine.active_flows) {
            let id = &self.engine.flows[active.flow as usize].id;
            arrive(place, active.from, None, id);
            arrive(place, active.to, Some((active.from, By::Flow(id.clone()))), id);
        }
        for (place, node) in &self.engine.listeners {
            let active = &self.engine.active_flows[*place as usize];
            let id = &self.engine.flows[active.flow as usize].id;
            arrive(*place, *node, Some((active.from, By::Via(id.clone()))), id);
        }
        for (system, held, fact, arrives) in arrivals {
            let (fact, to) = (self.fact(fact), self.item(system, held));
            let link = Link { facts: vec![fact], is_start: true, arrives, ..Link::default() };
            self.graph.add_edge(self.source, to, link);
        }
        let copies = self.holdings.copies.clone();
        for copy in &copies {
            let stored: Vec<Held> = self.holdings.of.of(copy.from).iter().filter(|it| it.stored).copied().collect();
            for held in stored {
                let Some(item) = self.holdings.find_copied(held.item, copy) else { continue };
                let (from, into) = (self.system(copy.from), self.system(copy.into));
                let fact = self.fact(Fact::Copy { from, into });
                let (from, to) = (self.item(copy.from, held), self.item(copy.into, Held { item, stored: true }));
                let arrives = Some((copy.from, By::Copy));
                self.graph.add_edge(from, to, Link { facts: vec![fact], is_start: true, arrives, ..Link::default() });
            }
        }
        for system in 0..self.holdings.of.groups() {
            self.add_data_labels(system);
        }
    }

    fn add_data_labels(&mut self, system: u32) {
        let Some(verdict) = self.verdict(system) else { return };
        let shown = verdict.rule;
        let third_party = verdict.sub.filter(|sub| {
            let by_data = matches!(shown, Some(Rule::TData | Rule::TEnc));
            by_data && matches!(sub, Sub::AccountData | Sub::EncryptedOnly)
        });
        if let (Some(sub), Some(rule)) = (third_party, shown) {
            let deciding = effect::deciding_items_of_third_party(&self.holdings, &self.custody, system, sub);
            self.decide(system, rule, &deciding);
            let capabilities = &self.engine.systems[system as usize].capabilities;
            if sub == Sub::AccountData && capabilities.iter().any(|it| it.kind == CapabilityType::Vault) {
                self.plant(system, Label::Data, rule, Fact::Capability(self.system(system)));
            }
            return;
        }
        if !self.is_data(system) || self.is_pinned(system) {
            return;
        }
        let rules = Rule::ALL.iter().filter(|rule| (Rule::DPanClear..=Rule::DTruncExcess).contains(*rule));
        for rule in rules {
            let deciding = effect::deciding_items(&self.engine, &self.holdings, &self.custody, system, *rule);
            if *rule == Rule::DTruncExcess {
                if !deciding.is_empty() {
                    self.decide_together(system, &deciding);
                }
            } else {
                self.decide(system, *rule, &deciding);
            }
        }
    }

    /// Each of the items alone gives the label, some of them with a key or a right.
    fn decide(&mut self, system: u32, rule: Rule, deciding: &[u32]) {
        let held: Vec<Held> = self.holdings.of.of(system).to_vec();
        for held in held.into_iter().filter(|held| deciding.contains(&held.item)) {
            let sides = self.sides(system, rule, held);
            let (from, to) = (self.item(system, held), self.state(system, Label::Data));
            for side in sides {
                let facts = side.into_iter().map(|fact| self.fact(fact)).collect();
                self.graph.add_edge(from, to, Link { facts, rule: Some(rule), is_start: true, ..Link::default() });
            }
        }
    }

    /// What else the label needs, each alternative with the fact or without any: a key, or a right. Ciphertext counts
    /// without any key unless something on file says that nobody of ours has it.
    fn sides(&self, system: u32, rule: Rule, held: Held) -> Vec<Option<Fact>> {
        let key = self.holdings.items[held.item as usize].key;
        let id = key.map(|key| KeyId::new(self.holdings.keys.key(key)));
        let held_by = |holder: u32| id.clone().map(|key| Fact::Key { key, holder: self.system(holder) });
        let record = id.as_ref().and_then(|id| self.engine.model.keys.get(id));
        let proven_outside = record.is_some_and(|key| key.attested || key.p2pe_listed);
        match rule {
            Rule::DTokenDetok => vec![Some(Fact::Capability(self.system(system)))],
            Rule::DHashKey => vec![held_by(system)],
            Rule::DEncSelfKey | Rule::DEncEntityKey if proven_outside => {
                let counts = |holder: &&u32| {
                    let node = self.engine.nodes[**holder as usize];
                    **holder == system || (node.is_own() && !node.sealed)
                };
                let holders = key.map(|key| self.custody.holders_of(key)).unwrap_or_default();
                holders.iter().filter(counts).map(|holder| held_by(*holder)).collect()
            }
            _ => vec![None],
        }
    }

    /// Truncated numbers count together: one step that rests on how each of them arrives.
    fn decide_together(&mut self, system: u32, deciding: &[u32]) {
        let held: Vec<Held> = self.holdings.of.of(system).to_vec();
        let mut facts = Vec::new();
        for held in held.into_iter().filter(|held| deciding.contains(&held.item)) {
            let node = self.item(system, held);
            let mut arriving: Vec<_> = self.graph.edges_directed(node, petgraph::Incoming).collect();
            arriving.reverse();
            facts.extend(arriving.first().map(|edge| edge.weight().facts.clone()).unwrap_or_default());
        }
        let to = self.state(system, Label::Data);
        let rule = Some(Rule::DTruncExcess);
        let link = Link { facts, rule, is_start: true, is_union: true, ..Link::default() };
        self.graph.add_edge(self.source, to, link);
    }

    fn plant(&mut self, system: u32, label: Label, rule: Rule, fact: Fact) {
        let (fact, to) = (self.fact(fact), self.state(system, label));
        let link = Link { facts: vec![fact], rule: Some(rule), is_start: true, ..Link::default() };
        self.graph.add_edge(self.source, to, link);
    }

    fn add_seeds(&mut self) {
        for system in 0..self.holdings.of.groups() {
            let id = self.system(system);
            if self.is_pinned(system) {
                let label = match self.verdict(system).map(|it| it.category) {
                    Some(Category::Cde) => Label::Adj,
                    Some(Category::SecurityImpacting) => Label::Imp,
                    Some(Category::ConnectedTo) => Label::In,
                    _ => continue,
                };
                self.plant(system, label, Rule::OUp, Fact::Decision(id));
                continue;
            }
            let node = self.engine.nodes[system as usize];
            let page = self.engine.systems[system as usize].payment_page;
            let shapes = !matches!(page, PaymentPage::None | PaymentPage::MerchantForm);
            if shapes && node.active && !node.is_external() {
                self.plant(system, Label::Imp, Rule::IPage, Fact::Page(id.clone()));
            }
            if node.is_own() && node.active && effect::detokenises_for_others(&self.engine, &self.holdings, system) {
                self.plant(system, Label::In, Rule::CVault, Fact::Capability(id));
            }
        }
        for key in 0..self.holdings.keys.count() {
            for holder in self.custody.holders_of(key).to_vec() {
                if self.engine.nodes[holder as usize].emits() && !self.is_pinned(holder) {
                    let fact = Fact::Key { key: KeyId::new(self.holdings.keys.key(key)), holder: self.system(holder) };
                    self.plant(holder, Label::Imp, Rule::IKeys, fact);
                }
            }
        }
    }
}
