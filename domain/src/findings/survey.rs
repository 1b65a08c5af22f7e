//! The model as rules see it: every object with what it touches, found once for all of them.

mod index;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::data::Cargo;
use super::said;
use super::settings::RuleSettings;
use crate::id::{ElementId, FlowId, SegmentId, SystemId};
use crate::model::Model;
use crate::model::credential::{Credential, Grant, Key};
use crate::model::element::{Holding, Op};
use crate::model::flow::Flow;
use crate::model::kinds::{Action, ControlType, SystemKind};
use crate::model::object::{ObjectRef, Record};
use crate::model::party::Vendor;
use crate::model::relations::{Boundary, Channel, ControlMode, Exposure, How, Trust};
use crate::model::segment::{Control, Link};
use crate::model::system::System;
use crate::scope::verdict::{Category, Rule as ScopeRule, Scope, Sub, Verdict};
use crate::time::{Day, Timestamp};

/// A model, its scope, and who touches whom.
pub struct Survey<'m> {
    /// The model.
    pub model: &'m Model,
    /// Its scope.
    pub scope: &'m Scope,
    /// The instant at which it is judged.
    pub now: Timestamp,
    /// The day of that instant.
    pub today: Day,
    /// What the workspace sets.
    pub settings: RuleSettings,
    nodes: Vec<Node<'m>>,
    edges: Vec<Edge<'m>>,
    numbers: FxHashMap<&'m str, u32>,
    segments: BTreeMap<&'m str, SegmentPlace<'m>>,
    flows_of_credential: FxHashMap<&'m str, Vec<u32>>,
    systems_of_vendor: FxHashMap<&'m str, Vec<u32>>,
    copied_by: FxHashMap<&'m str, Vec<u32>>,
    scripts_of_page: BTreeMap<&'m str, Vec<&'m Record>>,
}

/// A system, with what touches it.
pub struct Node<'m> {
    /// The system.
    pub system: &'m System,
    /// The verdict of the scope; `None` of a system that the scope does not know.
    pub verdict: Option<&'m Verdict>,
    /// It counts in the view of the settings.
    pub active: bool,
    /// The credentials that it has.
    pub held: Vec<&'m Credential>,
    /// Who may do what on it.
    pub grants: Vec<(&'m Credential, &'m Grant)>,
    /// The control records that it names or that apply to it.
    pub controls: Vec<&'m Control>,
    /// The keys that it can use.
    pub keys: Vec<&'m Key>,
    /// The payment pages that it serves.
    pub pages: Vec<&'m Record>,
    managers: Vec<(u32, How)>,
    edges: Vec<u32>,
    via: Vec<u32>,
    sends: Vec<&'m ElementId>,
}

/// A flow between two systems of the model.
pub struct Edge<'m> {
    /// The flow.
    pub flow: &'m Flow,
    /// It counts in the view of the settings, with both of its ends.
    pub active: bool,
    /// What it carries, whether or not it is blocked.
    pub cargo: Cargo,
    from: u32,
    to: u32,
}

/// Something that a system keeps, by its own declaration or because it arrives where what arrives is stored.
#[derive(Clone, Copy)]
pub struct Kept<'m> {
    /// The element in its form.
    pub holding: &'m Holding,
    /// The flow by which it arrives; `None` where the system declares it itself.
    pub by: Option<&'m Flow>,
}

#[derive(Default)]
struct SegmentPlace<'m> {
    nodes: Vec<u32>,
    links: Vec<&'m Link>,
    zone: &'m str,
}

impl<'m> Survey<'m> {
    /// Every system, in the order of the keys.
    #[must_use]
    pub fn nodes(&self) -> &[Node<'m>] {
        &self.nodes
    }

    /// Every flow with both of its ends, in the order of the keys.
    #[must_use]
    pub fn edges(&self) -> &[Edge<'m>] {
        &self.edges
    }

    /// The system.
    #[must_use]
    pub fn node(&self, id: &SystemId) -> Option<&Node<'m>> {
        self.numbers.get(id.as_str()).map(|number| &self.nodes[*number as usize])
    }

    /// The flow, where it has both of its ends.
    #[must_use]
    pub fn edge(&self, id: &FlowId) -> Option<&Edge<'m>> {
        self.edges.binary_search_by(|edge| edge.flow.id.cmp(id)).ok().map(|place| &self.edges[place])
    }

    /// The system that the data of a flow leaves.
    #[must_use]
    pub fn from(&self, edge: &Edge<'_>) -> &Node<'m> {
        &self.nodes[edge.from as usize]
    }

    /// The system that the data of a flow reaches.
    #[must_use]
    pub fn to(&self, edge: &Edge<'_>) -> &Node<'m> {
        &self.nodes[edge.to as usize]
    }

    /// The system that the data of a flow leaves, and the one that it reaches.
    #[must_use]
    pub fn from_to(&self, edge: &Edge<'_>) -> (&Node<'m>, &Node<'m>) {
        (self.from(edge), self.to(edge))
    }

    /// Both ends of a flow.
    #[must_use]
    pub fn ends(&self, edge: &Edge<'_>) -> [&Node<'m>; 2] {
        [self.from(edge), self.to(edge)]
    }

    /// The systems that may open the connection of a flow, each with the one at the other end.
    pub fn callers<'s>(&'s self, edge: &Edge<'_>) -> impl Iterator<Item = (&'s Node<'m>, &'s Node<'m>)> {
        use crate::model::relations::Initiator;
        let (from, to) = (self.from(edge), self.to(edge));
        let out = (edge.flow.initiator != Initiator::To).then_some((from, to));
        out.into_iter().chain((edge.flow.initiator != Initiator::From).then_some((to, from)))
    }

    /// The nodes on the way of a flow.
    pub fn via<'s>(&'s self, edge: &Edge<'m>) -> impl Iterator<Item = &'s Node<'m>> {
        edge.flow.via.iter().filter_map(|via| self.node(&via.node))
    }

    /// The flows that begin or end at a system, in the order of the keys.
    pub fn flows<'s>(&'s self, node: &'s Node<'_>) -> impl Iterator<Item = &'s Edge<'m>> {
        node.edges.iter().map(|number| &self.edges[*number as usize])
    }

    /// The flows whose data reaches a system.
    pub fn inbound<'s>(&'s self, node: &'s Node<'_>) -> impl Iterator<Item = &'s Edge<'m>> {
        self.flows(node).filter(|edge| edge.flow.to == node.system.id)
    }

    /// The flows whose data leaves a system.
    pub fn outbound<'s>(&'s self, node: &'s Node<'_>) -> impl Iterator<Item = &'s Edge<'m>> {
        self.flows(node).filter(|edge| edge.flow.from == node.system.id)
    }

    /// The flows that pass a system on their way.
    pub fn passing<'s>(&'s self, node: &'s Node<'_>) -> impl Iterator<Item = &'s Edge<'m>> {
        node.via.iter().map(|number| &self.edges[*number as usize])
    }

    /// Who manages a system, by name or by its segment, and how.
    pub fn managers<'s>(&'s self, node: &'s Node<'_>) -> impl Iterator<Item = (&'s Node<'m>, How)> {
        node.managers.iter().map(|(number, how)| (&self.nodes[*number as usize], *how))
    }

    /// Who takes copies of the stores of a system.
    pub fn copied_by<'s>(&'s self, node: &Node<'_>) -> impl Iterator<Item = &'s Node<'m>> {
        let copies = self.copied_by.get(node.system.id.as_str());
        copies.into_iter().flatten().map(|number| &self.nodes[*number as usize])
    }

    /// The flows that use a credential.
    pub fn flows_with<'s>(&'s self, credential: &Credential) -> impl Iterator<Item = &'s Edge<'m>> {
        let flows = self.flows_of_credential.get(credential.id.as_str());
        flows.into_iter().flatten().map(|number| &self.edges[*number as usize])
    }

    /// The systems of a segment.
    pub fn members<'s>(&'s self, segment: &SegmentId) -> impl Iterator<Item = &'s Node<'m>> {
        let place = self.segments.get(segment.as_str());
        place.into_iter().flat_map(|it| &it.nodes).map(|number| &self.nodes[*number as usize])
    }

    /// The links of a segment.
    pub fn links<'s>(&'s self, segment: &SegmentId) -> impl Iterator<Item = &'m Link> + use<'s, 'm> {
        self.segments.get(segment.as_str()).into_iter().flat_map(|it| it.links.iter().copied())
    }

    /// The smallest segment that open links join with the segment: two segments with the same one are one zone.
    #[must_use]
    pub fn zone(&self, segment: &SegmentId) -> Option<&'m str> {
        self.segments.get(segment.as_str()).map(|it| it.zone)
    }

    /// The scripts of a payment page.
    pub fn scripts<'s>(&'s self, page: &Record) -> impl Iterator<Item = &'m Record> + use<'s, 'm> {
        self.scripts_of_page.get(page.key.id.as_str()).into_iter().flatten().copied()
    }

    /// Whether a control of one of the types is in force on a system: one that it names by type, or a record that it
    /// names or that applies to it and is not switched off.
    #[must_use]
    pub fn has_control(&self, node: &Node<'_>, types: &[ControlType]) -> bool {
        node.system.controls.iter().any(|name| types.iter().any(|it| it.as_str() == name))
            || node.controls.iter().any(|it| types.contains(&it.kind) && it.mode != ControlMode::Off)
    }

    /// What a system keeps: what it declares to store, what it copies in the form of the source, and what arrives at a log, a queue, a backup, a warehouse or a
    /// recorder, where arriving means being stored until the system declares otherwise for the element.
    #[must_use]
    pub fn kept(&self, node: &Node<'m>) -> Vec<Kept<'m>> {
        let system = node.system;
        let mut kept: Vec<Kept<'m>> = Vec::new();
        kept.extend(system.holdings.iter().filter(|it| stores(it)).map(|holding| Kept { holding, by: None }));
        for copy in system.copies.iter().filter(|it| it.encrypt_key.is_none()) {
            let source = self.model.systems.get(&copy.from).into_iter().flat_map(|it| &it.holdings);
            for holding in source.filter(|it| stores(it)) {
                if !system.holdings.iter().any(|it| it.element == holding.element) {
                    kept.push(Kept { holding, by: None });
                }
            }
        }
        if !node.stores_what_arrives() {
            return kept;
        }
        for number in &node.edges {
            let edge = &self.edges[*number as usize];
            if !edge.arrives() || edge.flow.to != system.id {
                continue;
            }
            for holding in &edge.flow.fields {
                let declared = system.holdings.iter().any(|it| it.element == holding.element);
                let known =
                    kept.iter().any(|it| it.holding.element == holding.element && it.holding.form == holding.form);
                if !(declared || known) {
                    kept.push(Kept { holding, by: Some(edge.flow) });
                }
            }
        }
        kept
    }

    /// What a flow does: its own actions, or else those of its credential's grants on the system it calls.
    #[must_use]
    pub fn actions(&self, edge: &Edge<'m>) -> Vec<Action> {
        if !edge.flow.action.is_empty() {
            return edge.flow.action.clone();
        }
        let credential = edge.flow.credential.as_ref().and_then(|id| self.model.credentials.get(id));
        let grants = credential.into_iter().flat_map(|it| &it.grants).filter(|it| it.on == edge.flow.to);
        let mut actions: Vec<Action> = grants.flat_map(|it| it.action.iter().copied()).collect();
        actions.sort_unstable();
        actions.dedup();
        actions
    }

    /// Whether a flow passes an open, public network: as stated, or else because an end is somebody else's or stands in
    /// an untrusted segment.
    #[must_use]
    pub fn is_open(&self, edge: &Edge<'_>) -> bool {
        if let Some(net) = said::text(&edge.flow.facts, "net") {
            return net == "open";
        }
        let untrusted = |node: &Node<'_>| {
            let segment = node.system.segment.as_ref().and_then(|it| self.model.segments.get(it));
            segment.is_some_and(|it| it.trust == Trust::Untrusted)
        };
        self.ends(edge).iter().any(|it| !it.is_own() || untrusted(it))
    }

    /// What makes a system the business of a service provider, in words: a third party in contact with account data, or a
    /// system of ours in scope that somebody else operates. `None` where there is nothing.
    #[must_use]
    pub fn third_party_role(&self, node: &Node<'_>) -> Option<&'static str> {
        if node.is_own() {
            return (node.in_scope() && node.system.operated_by.is_some()).then_some("is operated by somebody else");
        }
        match node.verdict.and_then(|it| it.sub) {
            Some(Sub::AccountData) => Some("receives account data"),
            Some(Sub::Security) => Some("can affect the security of account data"),
            Some(Sub::Access) => Some("has access to the CDE"),
            Some(Sub::EncryptedOnly) => Some("holds encrypted account data"),
            _ => None,
        }
    }

    /// [`Self::third_party_role`] of the vendor: of any of its systems, or of those of ours that it operates.
    #[must_use]
    pub fn vendor_role(&self, vendor: &Vendor) -> Option<&'static str> {
        let systems = self.systems_of_vendor.get(vendor.id.as_str())?;
        let roles = systems.iter().map(|number| &self.nodes[*number as usize]).filter(|it| it.active);
        let role = roles.filter_map(|it| self.third_party_role(it).map(|role| (it.is_own(), role))).min()?;
        Some(if role.0 { "operates a system of ours in scope" } else { role.1 })
    }

    /// A flow as people speak of it: by its name, or by its ends.
    #[must_use]
    pub fn flow_words(&self, edge: &Edge<'_>) -> String {
        if edge.flow.name.is_empty() {
            format!("the flow from {} to {}", self.from(edge).name(), self.to(edge).name())
        } else {
            format!("the flow \"{}\"", edge.flow.name)
        }
    }

    /// [`Self::flow_words`] at the beginning of a sentence.
    #[must_use]
    pub fn flow_title(&self, edge: &Edge<'_>) -> String {
        format!("T{}", &self.flow_words(edge)[1..])
    }
}

/// Whether a system stores what it declares, under whatever name.
fn stores(holding: &Holding) -> bool {
    let kept = |verb: &&str| matches!(*verb, "store" | "log" | "replay");
    holding.ops.contains(Op::Store) || said::list(&holding.facts, "verbs").iter().any(kept)
}

impl Node<'_> {
    /// The system as the subject of a finding.
    #[must_use]
    pub fn subject(&self) -> ObjectRef {
        ObjectRef::System(self.system.id.clone())
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.system.name
    }

    /// The scope category; not live where the scope does not know the system.
    #[must_use]
    pub fn category(&self) -> Category {
        self.verdict.map_or(Category::NotLive, |it| it.category)
    }

    /// Whether it is ours.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.system.boundary == Boundary::Own
    }

    /// Whether it is a system of ours that is in scope.
    #[must_use]
    pub fn in_scope(&self) -> bool {
        self.is_own() && self.category().in_scope()
    }

    /// Whether it is a system of ours in the CDE.
    #[must_use]
    pub fn is_cde(&self) -> bool {
        self.is_own() && self.category() == Category::Cde
    }

    /// Whether it handles account data itself: a system of ours, or of a third party.
    #[must_use]
    pub fn handles_account_data(&self) -> bool {
        self.verdict.is_some_and(|it| matches!(it.sub, Some(Sub::Data | Sub::AccountData)))
    }

    /// Whether the scope rests on the rule, first or among the other reasons.
    #[must_use]
    pub fn scope_rests_on(&self, rule: ScopeRule) -> bool {
        self.verdict.is_some_and(|it| it.rule == Some(rule) || it.other_reasons.iter().any(|it| it.rule == rule))
    }

    /// Whether the internet reaches it: as declared, or else because it is somebody else's.
    #[must_use]
    pub fn is_on_the_internet(&self) -> bool {
        match self.system.exposure {
            Some(exposure) => exposure == Exposure::Internet,
            None => self.system.boundary != Boundary::Own,
        }
    }

    /// Whether a flow takes the element on from here, in whatever form.
    #[must_use]
    pub fn sends(&self, element: &ElementId) -> bool {
        self.sends.contains(&element)
    }

    /// Whether what arrives here counts as stored until the system declares otherwise.
    #[must_use]
    pub const fn stores_what_arrives(&self) -> bool {
        use SystemKind::{Backup, DeadLetter, LogSink, Queue, Recorder, Warehouse};
        matches!(self.system.kind, LogSink | Queue | DeadLetter | Backup | Warehouse | Recorder)
    }
}

impl Edge<'_> {
    /// The flow as the subject of a finding.
    #[must_use]
    pub fn subject(&self) -> ObjectRef {
        ObjectRef::Flow(self.flow.id.clone())
    }

    /// Whether what it carries arrives: it is active, and not blocked.
    #[must_use]
    pub fn arrives(&self) -> bool {
        self.active && self.flow.access != crate::model::relations::Access::Blocked
    }

    /// Whether it arrives over a network.
    #[must_use]
    pub fn on_network(&self) -> bool {
        self.arrives() && self.flow.channel == Channel::Network
    }
}

/// A record as the subject of a finding.
#[must_use]
pub fn record(record: &Record) -> ObjectRef {
    ObjectRef::Record(record.key.clone())
}
