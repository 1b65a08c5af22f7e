//! Labels: what each system is to the CDE, derived layer by layer from seeds.
//!
//! Every rule has exactly one label as its premise, so the labels are reachability in a graph of states, a state
//! being a system with a label. Layers give each state its shortest derivation; among equally short ones the rule's
//! rank, the premise's key, the premise's label and the edge decide, in this order.

use super::effect::{self, Custody, DataEffect};
use super::graph::{Graph, Neighbour};
use super::holdings::Holdings;
use super::verdict::{Label, Reason, Rule};
use crate::model::relations::{Boundary, How, PaymentPage};

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
                .find(|text| How::ALL.iter().filter(|other| other.as_str() < text).count() == usize::from(place))
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

    /// How a derived state was derived, the shortest way.
    pub(super) fn derivation(&self, state: State) -> Derivation {
        self.derivations[state.place()]
    }

    /// Every distinct reason, by label and rule.
    pub(super) fn reasons(&self, system: u32) -> impl Iterator<Item = Reason> {
        let set = self.reasons[system as usize];
        Label::ALL.iter().flat_map(move |label| {
            Rule::ALL
                .iter()
                .take(RULES as usize)
                .filter(move |rule| set & reason_bit(**rule, *label) != 0)
                .map(|rule| Reason { label: *label, rule: *rule })
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

    /// Everything that follows from a state.
    fn follow(&mut self, state: State) {
        let node = self.graph.nodes[state.system() as usize];
        match state.label() {
            Label::Data | Label::Adj => {
                if node.emits() {
                    self.spread(state);
                }
                if node.is_own() && node.active {
                    self.managed(state);
                }
            }
            Label::Imp | Label::In => {
                if node.relay {
                    self.relayed(state);
                }
                self.indirectly_managed(state);
            }
            Label::Conn => {}
        }
    }

    /// From a CDE system to what it touches: its zone, its connections, the nodes on their way.
    fn spread(&mut self, state: State) {
        let graph = self.graph;
        let from = state.system();
        if let Some(zone) = graph.nodes[from as usize].open_zone() {
            match state.label() {
                Label::Data => self.spread_to_adjacent(state, zone),
                _ => self.spread_to_connected(state, zone),
            }
        }
        for Neighbour { node, connection, initiates, .. } in graph.neighbours(from).filter(|it| it.connection.counts) {
            let other = graph.nodes[node as usize];
            if other.is_external() {
                continue;
            }
            let edge = EdgeName::Flow(connection.flow);
            let reaches_adjacent = state.label() == Label::Data && connection.unrestricted;
            if reaches_adjacent && other.is_own() && !self.data[node as usize] {
                self.give(node, Label::Adj, Rule::AUnrestricted, state, edge);
            }
            let label = if initiates { Label::In } else { Label::Conn };
            self.give(node, label, Rule::CDirect, state, edge);
            if connection.blocked && self.pins[node as usize].is_none() {
                self.labels.unverified[from as usize] = true;
                self.labels.unverified[node as usize] = true;
            }
        }
        for (carrier, flow) in graph.carriers(from) {
            self.give(carrier, Label::In, Rule::CVia, state, EdgeName::Flow(flow));
        }
    }

    fn spread_to_adjacent(&mut self, state: State, zone: u32) {
        if std::mem::replace(&mut self.adjacent_zones[zone as usize], true) {
            return;
        }
        let graph = self.graph;
        for member in &graph.zone_members[zone as usize] {
            if takes_adjacency(graph, *member) && !self.data[*member as usize] {
                self.give(*member, Label::Adj, Rule::AZone, state, EdgeName::None);
            }
        }
    }

    fn spread_to_connected(&mut self, state: State, zone: u32) {
        let graph = self.graph;
        match self.connected_zones[zone as usize] {
            ZoneReach::All => {}
            ZoneReach::AllBut(first) if first == state.system() => {}
            ZoneReach::AllBut(first) => {
                self.connected_zones[zone as usize] = ZoneReach::All;
                self.give(first, Label::In, Rule::CZone, state, EdgeName::None);
            }
            ZoneReach::Untouched => {
                self.connected_zones[zone as usize] = ZoneReach::AllBut(state.system());
                for member in &graph.zone_members[zone as usize] {
                    if takes_adjacency(graph, *member) && *member != state.system() {
                        self.give(*member, Label::In, Rule::CZone, state, EdgeName::None);
                    }
                }
            }
        }
    }

    /// From a system that leads into the CDE to those that may open a connection to it.
    fn relayed(&mut self, state: State) {
        let graph = self.graph;
        for Neighbour { node, connection, initiates, .. } in graph.neighbours(state.system()) {
            if connection.counts && initiates && !graph.nodes[node as usize].is_external() {
                self.give(node, Label::In, Rule::CRelay, state, EdgeName::Flow(connection.flow));
            }
        }
    }

    /// From a CDE system to those that manage it, in any way.
    fn managed(&mut self, state: State) {
        let graph = self.graph;
        for (manager, how) in graph.managers(state.system()) {
            self.give(manager, Label::Imp, Rule::IManages, state, EdgeName::of(how));
        }
        let Some(segment) = graph.nodes[state.system() as usize].segment else { return };
        if std::mem::replace(&mut self.managed_segments[segment as usize], true) {
            return;
        }
        for (manager, how) in &graph.segment_managers[segment as usize] {
            self.give(*manager, Label::Imp, Rule::IManages, state, EdgeName::of(*how));
        }
    }

    /// From a system that leads into the CDE, or impacts its security, to those that control it.
    fn indirectly_managed(&mut self, state: State) {
        let graph = self.graph;
        for (manager, how) in graph.managers(state.system()).filter(|(_, how)| how.bears_control()) {
            self.give(manager, Label::Imp, Rule::IManagesIndirect, state, EdgeName::of(how));
        }
        let node = graph.nodes[state.system() as usize];
        let Some(segment) = node.segment.filter(|_| node.boundary == Boundary::Own) else { return };
        if std::mem::replace(&mut self.indirectly_managed_segments[segment as usize], true) {
            return;
        }
        for (manager, how) in graph.segment_managers[segment as usize].iter().filter(|(_, how)| how.bears_control()) {
            self.give(*manager, Label::Imp, Rule::IManagesIndirect, state, EdgeName::of(*how));
        }
    }
}

fn takes_adjacency(graph: &Graph<'_>, system: u32) -> bool {
    let node = &graph.nodes[system as usize];
    node.active && !node.microsegmented
}

#[cfg(test)]
mod tests {
    use super::super::testing::{rule, verdict, witness};
    use super::super::verdict::{Category, Opst, Sub};
    use super::*;

    /// A system `cde` with clear card numbers, other systems, and flows between them.
    fn cde(systems: &str, flows: &str) -> String {
        format!(r#""systems":[{{"id":"cde","holdings":[{{"element":"pan"}}]}},{systems}],"flows":[{flows}]"#)
    }

    #[test]
    fn who_opens_the_connection_is_2b_and_who_only_receives_is_2c() {
        for (initiator, expected) in [("from", Opst::Cat2b), ("both", Opst::Cat2b), ("to", Opst::Cat2c)] {
            let flow = format!(r#"{{"from":"v","to":"cde","initiator":"{initiator}"}}"#);
            let found = verdict(&cde(r#"{"id":"v"}"#, &flow), "v");
            assert_eq!((found.rule, found.opst), (Some(Rule::CDirect), Some(expected)), "{initiator}");
        }
    }

    #[test]
    fn an_unrestricted_peer_is_adjacent_whoever_opens_and_its_zone_is_connected() {
        let members = r#""segments":[{"id":"s"}],"systems":[{"id":"cde","holdings":[{"element":"pan"}]},
            {"id":"peer","segment":"s"},{"id":"mate","segment":"s"}],
            "flows":[{"from":"cde","to":"peer","access":"unrestricted"}]"#;
        assert_eq!(rule(members, "peer"), Some(Rule::AUnrestricted));
        let mate = verdict(members, "mate");
        assert_eq!((mate.rule, witness(&mate)), (Some(Rule::CZone), vec!["cde", "peer", "mate"]));
    }

    #[test]
    fn parallel_flows_count_if_one_of_them_does() {
        let blocked =
            r#"{"id":"a","from":"v","to":"cde","access":"blocked","control":{"type":"acl","status":"verified"}}"#;
        let both = format!(r#"{blocked},{{"id":"b","from":"v","to":"cde"}}"#);
        assert_eq!(rule(&cde(r#"{"id":"v"}"#, blocked), "v"), Some(Rule::NSegmented));
        assert_eq!(rule(&cde(r#"{"id":"v"}"#, &both), "v"), Some(Rule::CDirect));
    }

    #[test]
    fn a_block_is_as_good_as_the_control_it_names() {
        let with = |status: &str, control: &str| {
            let flow = format!(r#"{{"from":"v","to":"cde","access":"blocked","control":"{control}"}}"#);
            format!(
                r#"{},"controls":[{{"id":"fw","type":"firewall","status":"{status}"}}]"#,
                cde(r#"{"id":"v"}"#, &flow)
            )
        };
        assert_eq!(rule(&with("verified", "fw"), "v"), Some(Rule::NSegmented));
        assert_eq!(rule(&with("failed", "fw"), "v"), Some(Rule::CDirect));
        assert_eq!(rule(&with("verified", "no-such-control"), "v"), Some(Rule::CDirect));
    }

    #[test]
    fn a_carrier_of_ciphertext_counts_if_it_is_ours_or_looks_inside() {
        let carrier = |boundary: &str, mode: &str| {
            let systems = format!(r#"{{"id":"v"}},{{"id":"net","boundary":"{boundary}"}}"#);
            cde(&systems, &format!(r#"{{"from":"v","to":"cde","via":[{{"node":"net","mode":"{mode}"}}]}}"#))
        };
        assert_eq!(rule(&carrier("own", "passthrough"), "net"), Some(Rule::CVia));
        assert_eq!(rule(&carrier("third_party", "inspect"), "net"), Some(Rule::TAccess));
        assert_eq!(rule(&carrier("third_party", "passthrough"), "net"), Some(Rule::TNone));
    }

    #[test]
    fn only_relays_give_access_to_what_they_reach() {
        let behind = |kind: &str, more: &str| {
            let systems = format!(r#"{{"id":"mid","kind":"{kind}"{more}}},{{"id":"v"}}"#);
            rule(&cde(&systems, r#"{"from":"mid","to":"cde"},{"from":"v","to":"mid"}"#), "v")
        };
        for kind in ["jump_host", "bastion", "vpn", "vdi", "pam", "ztna", "cicd", "code_repo"] {
            assert_eq!(behind(kind, ""), Some(Rule::CRelay), "{kind}");
        }
        assert_eq!(behind("cicd", r#","controls":["change_approval"]"#), Some(Rule::NSegmented));
        assert_eq!(behind("secrets_manager", ""), Some(Rule::NSegmented));
        assert_eq!(behind("service", r#","relay":true"#), Some(Rule::CRelay));
        assert_eq!(behind("vpn", r#","relay":false"#), Some(Rule::NSegmented));
    }

    #[test]
    fn a_relay_that_only_receives_from_the_cde_leads_nowhere() {
        let members = cde(
            r#"{"id":"mid","kind":"jump_host"},{"id":"v"}"#,
            r#"{"from":"cde","to":"mid"},{"from":"v","to":"mid"}"#,
        );
        assert_eq!(rule(&members, "v"), Some(Rule::NSegmented));
    }

    #[test]
    fn a_relay_of_a_third_party_gives_access_as_well() {
        let members = cde(
            r#"{"id":"ztna","boundary":"third_party","kind":"ztna"},{"id":"v"}"#,
            r#"{"from":"ztna","to":"cde"},{"from":"v","to":"ztna"}"#,
        );
        assert_eq!(rule(&members, "ztna"), Some(Rule::TAccess));
        assert_eq!(rule(&members, "v"), Some(Rule::CRelay));
    }

    #[test]
    fn whoever_manages_a_2b_system_comes_in_and_whoever_manages_a_2c_system_does_not() {
        let managed = |initiator: &str| {
            cde(
                r#"{"id":"mid"},{"id":"v","manages":[{"target":"mid","how":"admin"}]}"#,
                &format!(r#"{{"from":"mid","to":"cde","initiator":"{initiator}"}}"#),
            )
        };
        assert_eq!(rule(&managed("from"), "v"), Some(Rule::IManagesIndirect));
        assert_eq!(verdict(&managed("from"), "v").opst, Some(Opst::Cat2x));
        assert_eq!(rule(&managed("to"), "v"), Some(Rule::NSegmented));
    }

    #[test]
    fn a_managed_security_provider_counts_by_what_it_controls() {
        let systems = r#"{"id":"firewall","manages":[{"target":"segment:s","how":"segmentation"}]},
            {"id":"mssp","boundary":"third_party","manages":[{"target":"firewall","how":"admin"}]},
            {"id":"soc","boundary":"third_party"}"#;
        let members =
            cde(systems, r#"{"from":"cde","to":"soc"}"#).replace(r#""id":"cde","#, r#""id":"cde","segment":"s","#);
        assert_eq!(rule(&members, "firewall"), Some(Rule::IManages));
        assert_eq!(verdict(&members, "mssp").sub, Some(Sub::Security));
        assert_eq!(verdict(&members, "soc").sub, Some(Sub::None));
    }

    #[test]
    fn a_sealed_device_reaches_nobody_but_who_manages_it() {
        let systems = r#"{"id":"till"},{"id":"tms","manages":[{"target":"cde","how":"deploy"}]}"#;
        let sealed =
            cde(systems, r#"{"from":"till","to":"cde"}"#).replace(r#""id":"cde","#, r#""id":"cde","sealed_scd":true,"#);
        assert_eq!(rule(&sealed, "till"), Some(Rule::NSegmented));
        assert_eq!(rule(&sealed, "tms"), Some(Rule::IManages));
    }

    #[test]
    fn a_shared_backup_server_holds_the_data_and_its_clients_are_connected() {
        let systems = r#"{"id":"backup","copies":[{"from":"db"}]},{"id":"db","holdings":[{"element":"pan","ops":["store"]}]},
            {"id":"pushes"},{"id":"pulled"}"#;
        let members =
            cde(systems, r#"{"from":"pushes","to":"backup"},{"from":"pulled","to":"backup","initiator":"to"}"#);
        assert_eq!(rule(&members, "backup"), Some(Rule::DPanClear));
        assert_eq!(verdict(&members, "pushes").opst, Some(Opst::Cat2b));
        assert_eq!(verdict(&members, "pulled").opst, Some(Opst::Cat2c));
    }

    #[test]
    fn a_third_partys_own_data_does_not_bring_us_in() {
        let members = r#""systems":[{"id":"psp","boundary":"third_party","holdings":[{"element":"pan"}]},{"id":"v"}],
            "flows":[{"from":"v","to":"psp","access":"unrestricted"}]"#;
        assert_eq!(verdict(members, "v").category, Category::OutOfScope);
    }

    #[test]
    fn among_equally_short_proofs_rule_then_key_then_edge_decide() {
        let members = r#""systems":[{"id":"b","holdings":[{"element":"pan"}]},{"id":"a","holdings":[{"element":"pan"}]},
            {"id":"v","manages":[{"target":"b","how":"patch"},{"target":"b","how":"admin"}]},{"id":"w"}],
            "flows":[{"id":"f10","from":"w","to":"a"},{"id":"f2","from":"w","to":"a"},{"id":"f1","from":"w","to":"b"},
                {"id":"f0","from":"v","to":"a"}]"#;
        let v = verdict(members, "v");
        assert_eq!((witness(&v), v.steps.last().map(|it| it.edge.as_str())), (vec!["b", "v"], Some("admin")));
        let w = verdict(members, "w");
        assert_eq!((witness(&w), w.steps.last().map(|it| it.edge.as_str())), (vec!["a", "w"], Some("f10")));
    }
}
