//! The model as rules see it: every object with what it touches, found once for all of them.

mod index;
mod parts;
mod wiring;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::said;
use super::settings::RuleSettings;
use crate::id::{ElementId, FlowId, SegmentId, SystemId};
use crate::model::Model;
use crate::model::credential::Credential;
use crate::model::element::{Holding, Op};
use crate::model::kinds::{Action, ControlType};
use crate::model::object::{ObjectRef, Record};
use crate::model::party::Vendor;
use crate::model::relations::{ControlMode, How, Trust};
use crate::model::segment::Link;
use crate::scope::verdict::{Scope, Sub};
use crate::time::{Day, Timestamp};

pub use parts::{Edge, Kept, Node};
pub use wiring::Wiring;

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
    /// By the number of the credential.
    flows_of_credential: Vec<Vec<u32>>,
    credentials: FxHashMap<&'m str, u32>,
    systems_of_vendor: FxHashMap<&'m str, Vec<u32>>,
    copied_by: FxHashMap<&'m str, Vec<u32>>,
    scripts_of_page: BTreeMap<&'m str, Vec<&'m Record>>,
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
    pub fn sender_and_receiver(&self, edge: &Edge<'_>) -> (&Node<'m>, &Node<'m>) {
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

    /// Whether a flow takes the element on from a system, in whatever form.
    #[must_use]
    pub fn sends(&self, node: &Node<'_>, element: &ElementId) -> bool {
        self.outbound(node).any(|edge| edge.arrives() && edge.flow.fields.iter().any(|it| it.element == *element))
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
        let number = self.credentials.get(credential.id.as_str());
        let flows = number.map(|number| &self.flows_of_credential[*number as usize]);
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

/// A record as the subject of a finding.
#[must_use]
pub fn record(record: &Record) -> ObjectRef {
    ObjectRef::Record(record.key.clone())
}
