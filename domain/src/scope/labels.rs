//! Labels: what each system is to the CDE, derived layer by layer from seeds.
//!
//! Every rule has exactly one label as its premise, so the labels are reachability in a graph of states, a state
//! being a system with a label. Layers give each state its shortest derivation; among equally short ones the rule's
//! rank, the premise's key, the premise's label and the edge decide, in this order.

mod rules;
#[cfg(test)]
mod tests;

use super::effect::{self, Custody, DataEffect};
use super::graph::Graph;
use super::holdings::Holdings;
use super::verdict::{Label, Reason, Rule};
use crate::model::relations::{How, PaymentPage};

const LABELS: usize = Label::ALL.len();
/// Bits per label in a set of reasons: more than there are rules that give labels.
const RULES: u32 = 24;

/// A system with a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct State(u32);

impl State {
    pub(super) fn new(system: u32, label: Label) -> Self {
        Self(system * LABELS as u32 + label as u32)
    }

    pub(super) const fn system(self) -> u32 {
        self.0 / LABELS as u32
    }

    pub(super) fn label(self) -> Label {
        Label::ALL[self.0 as usize % LABELS]
    }

    pub(super) const fn place(self) -> usize {
        self.0 as usize
    }
}

/// How a state was derived. The order is the order in which one derivation is preferred to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Derivation {
    pub(super) rule: Rule,
    /// The state it follows from; for a seed, itself.
    pub(super) premise: State,
    pub(super) edge: EdgeName,
}

/// The edge of a derivation, ordered like its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum EdgeName {
    /// A seed, or a zone.
    None,
    /// The number of a flow.
    Flow(u32),
    /// The place of a `how` in the order of their texts.
    Managed(u8),
}

impl EdgeName {
    fn of(how: How) -> Self {
        let before = How::ALL.iter().filter(|other| other.as_str() < how.as_str()).count();
        Self::Managed(u8::try_from(before).expect("there are few ways to manage"))
    }

    /// The text of the edge: the key of the flow, the way of managing, or nothing.
    pub(super) fn text<'m>(self, graph: &Graph<'m>) -> &'m str {
        match self {
            Self::None => "",
            Self::Flow(flow) => graph.flows[flow as usize].id.as_str(),
            Self::Managed(place) => How::ALL
                .iter()
                .map(|how| how.as_str())
                .find(|text| How::ALL.iter().filter(|other| other.as_str() < *text).count() == usize::from(place))
                .expect("the place comes from this list"),
        }
    }
}

/// What a run of the rules found.
pub(super) struct Labels {
    /// The layer of each state; [`Self::NEVER`] for one that is not derived.
    layers: Vec<u32>,
    derivations: Vec<Derivation>,
    reasons: Vec<u128>,
    /// A connection that is blocked, but not known to be, brought scope to this system or from it.
    pub(super) unverified: Vec<bool>,
}

impl Labels {
    const NEVER: u32 = u32::MAX;

    pub(super) fn layer(&self, state: State) -> Option<u32> {
        Some(self.layers[state.place()]).filter(|layer| *layer != Self::NEVER)
    }

    pub(super) fn has(&self, system: u32, label: Label) -> bool {
        self.layer(State::new(system, label)).is_some()
    }

    /// How many states there are, derived or not.
    pub(super) fn states(&self) -> usize {
        self.layers.len()
    }

    /// How a derived state was derived, the shortest way.
    pub(super) fn derivation(&self, state: State) -> Derivation {
        self.derivations[state.place()]
    }

    /// Every distinct reason, by label and rule.
    pub(super) fn reasons(&self, system: u32) -> impl Iterator<Item = Reason> {
        let mut left = self.reasons[system as usize];
        std::iter::from_fn(move || {
            if left == 0 {
                return None;
            }
            let bit = left.trailing_zeros();
            left &= left - 1;
            Some(Reason { label: Label::ALL[(bit / RULES) as usize], rule: Rule::ALL[(bit % RULES) as usize] })
        })
    }
}

fn reason_bit(rule: Rule, label: Label) -> u128 {
    1 << (label as u32 * RULES + rule as u32)
}

/// What the rules start from.
pub(super) struct Facts<'a, 'm> {
    pub(super) graph: &'a Graph<'m>,
    pub(super) holdings: &'a Holdings<'m>,
    pub(super) custody: &'a Custody,
    /// The effect of the data on each system; none for systems that are not ours.
    pub(super) effects: &'a [DataEffect],
}

/// What a person decided: nothing, or the label that replaces all others. `Some(None)` is no label at all.
pub(super) type Pin = Option<Option<Label>>;

/// Runs the rules from the seeds until nothing is added.
pub(super) fn run(facts: &Facts<'_, '_>, pins: &[Pin]) -> Labels {
    let graph = facts.graph;
    let states = graph.len() * LABELS;
    let nothing = Derivation { rule: Rule::OUp, premise: State(0), edge: EdgeName::None };
    let mut run = Run {
        graph,
        pins,
        data: facts.effects.iter().zip(pins).map(|(effect, pin)| effect.rule.is_some() && pin.is_none()).collect(),
        labels: Labels {
            layers: vec![Labels::NEVER; states],
            derivations: vec![nothing; states],
            reasons: vec![0; graph.len()],
            unverified: vec![false; graph.len()],
        },
        layer: 0,
        next: Vec::new(),
        adjacent_zones: vec![false; graph.zone_members.len()],
        connected_zones: vec![ZoneReach::Untouched; graph.zone_members.len()],
        managed_segments: vec![false; graph.segment_managers.len()],
        indirectly_managed_segments: vec![false; graph.segment_managers.len()],
    };
    run.seed(facts);
    while !run.next.is_empty() {
        let mut frontier = std::mem::take(&mut run.next);
        // Sorted, so that the first member of a zone or segment is the one that decides a tie.
        frontier.sort_unstable();
        run.layer += 1;
        for state in frontier {
            run.follow(state);
        }
    }
    run.labels
}

/// How far the rule that reaches from an adjacent system into its zone has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ZoneReach {
    Untouched,
    /// Everyone is reached but the one system that it started from.
    AllBut(u32),
    All,
}

struct Run<'a, 'm> {
    graph: &'a Graph<'m>,
    pins: &'a [Pin],
    /// Systems with the label DATA. It is given by seeds only, so it is known from the start.
    data: Vec<bool>,
    labels: Labels,
    /// The layer that is being filled.
    layer: u32,
    /// The states of that layer.
    next: Vec<State>,
    // One virtual node per zone and segment: each is gone through once per rule, not once per pair of members.
    adjacent_zones: Vec<bool>,
    connected_zones: Vec<ZoneReach>,
    managed_segments: Vec<bool>,
    indirectly_managed_segments: Vec<bool>,
}

impl Run<'_, '_> {
    fn seed(&mut self, facts: &Facts<'_, '_>) {
        for (system, pin) in (0_u32..).zip(self.pins) {
            if let Some(label) = pin {
                if let Some(label) = label {
                    self.give_pinned(State::new(system, *label));
                }
                continue;
            }
            let node = self.graph.nodes[system as usize];
            if let Some(rule) = facts.effects[system as usize].rule {
                self.plant(system, Label::Data, rule);
            }
            let page = self.graph.systems[system as usize].payment_page;
            let shapes_capture = matches!(
                page,
                PaymentPage::Redirect | PaymentPage::Iframe | PaymentPage::DirectPost | PaymentPage::JsForm
            );
            if shapes_capture && node.active && !node.is_external() {
                self.plant(system, Label::Imp, Rule::IPage);
            }
            if node.is_own() && node.active && effect::detokenises_for_others(facts.graph, facts.holdings, system) {
                self.plant(system, Label::In, Rule::CVault);
            }
        }
        for holder in facts.custody.holders() {
            if self.graph.nodes[holder as usize].emits() {
                self.plant(holder, Label::Imp, Rule::IKeys);
            }
        }
    }

    fn plant(&mut self, system: u32, label: Label, rule: Rule) {
        self.give(system, label, rule, State::new(system, label), EdgeName::None);
    }

    fn give_pinned(&mut self, state: State) {
        self.labels.reasons[state.system() as usize] |= reason_bit(Rule::OUp, state.label());
        self.commit(state, Derivation { rule: Rule::OUp, premise: state, edge: EdgeName::None });
    }

    /// One derivation of a state. A pinned system gets nothing but what a person decided.
    fn give(&mut self, system: u32, label: Label, rule: Rule, premise: State, edge: EdgeName) {
        if self.pins[system as usize].is_some() {
            return;
        }
        self.labels.reasons[system as usize] |= reason_bit(rule, label);
        self.commit(State::new(system, label), Derivation { rule, premise, edge });
    }

    fn commit(&mut self, state: State, derivation: Derivation) {
        let layer = &mut self.labels.layers[state.place()];
        let best = &mut self.labels.derivations[state.place()];
        if *layer == Labels::NEVER {
            *layer = self.layer;
            *best = derivation;
            self.next.push(state);
        } else if *layer == self.layer {
            *best = (*best).min(derivation);
        }
    }
}
