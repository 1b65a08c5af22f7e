//! Which subjects can a change of the model concern?
//!
//! Rules read a subject, what it names, what names it, and for a system the other ends of its flows. This turns that
//! around: from an object that changed to the subjects that may read it, in the model before and in the model after.
//! It rather names one too many: a property test holds it against a full run.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::said;
use super::survey::{Node, Survey};
use crate::id::{ControlId, FlowId, KeyId, SegmentId, VendorId};
use crate::model::flow::FlowControl;
use crate::model::object::{ObjectKind, ObjectRef, RecordKey};
use crate::model::system::ManageTarget;
use crate::model::{Model, Table};
use crate::pairs::pairs;
use crate::scope::Scope;
use crate::scope::verdict::{Category, Flag, Reason, Rule, Sub, Verdict};

/// What a change concerns.
pub(super) enum Touched {
    /// Everything: the settings changed, or a policy that any subject may read.
    Everything,
    /// These subjects; some of them may be gone.
    Subjects(BTreeSet<ObjectRef>),
}

/// What the way from one survey to the next concerns.
pub(super) fn touched(before: &Survey<'_>, after: &Survey<'_>) -> Touched {
    let mut settings = before.model.settings.clone();
    settings.as_of = after.model.settings.as_of;
    if settings != after.model.settings {
        return Touched::Everything;
    }
    let mut changed = changed_objects(before.model, after.model);
    changed.extend(changed_verdicts(before.scope, after.scope));
    let read_by_all = |it: &ObjectRef| matches!(it.kind(), ObjectKind::ElementPolicy | ObjectKind::TokenDomain);
    if changed.iter().any(read_by_all) {
        return Touched::Everything;
    }
    let mut subjects = BTreeSet::new();
    for survey in [before, after] {
        let mut around = Around {
            survey,
            subjects: &mut subjects,
            keys: BTreeSet::new(),
            controls: BTreeSet::new(),
            vendors: BTreeSet::new(),
            flows: BTreeSet::new(),
        };
        for object in &changed {
            around.add(object);
        }
        around.add_who_names();
    }
    subjects.extend(changed);
    Touched::Subjects(subjects)
}

/// Every object that came, went or changed.
fn changed_objects(before: &Model, after: &Model) -> BTreeSet<ObjectRef> {
    let mut all = BTreeSet::new();
    differ(&before.people, &after.people, |id| all.insert(ObjectRef::Person(id.clone())));
    differ(&before.vendors, &after.vendors, |id| all.insert(ObjectRef::Vendor(id.clone())));
    differ(&before.segments, &after.segments, |id| all.insert(ObjectRef::Segment(id.clone())));
    differ(&before.controls, &after.controls, |id| all.insert(ObjectRef::Control(id.clone())));
    differ(&before.links, &after.links, |key| all.insert(ObjectRef::Link(key.clone())));
    differ(&before.systems, &after.systems, |id| all.insert(ObjectRef::System(id.clone())));
    differ(&before.keys, &after.keys, |id| all.insert(ObjectRef::Key(id.clone())));
    differ(&before.credentials, &after.credentials, |id| all.insert(ObjectRef::Credential(id.clone())));
    differ(&before.records, &after.records, |key| all.insert(ObjectRef::Record(key.clone())));
    differ(&before.flows, &after.flows, |id| all.insert(ObjectRef::Flow(id.clone())));
    differ(&before.overrides, &after.overrides, |key| all.insert(ObjectRef::System(key.system.clone())));
    all
}

/// Tells every key whose object is another one.
fn differ<K: Ord, T: PartialEq>(before: &Table<K, T>, after: &Table<K, T>, mut tell: impl FnMut(&K) -> bool) {
    if before.is_same(after) {
        return;
    }
    for (key, was, is) in pairs(before, after) {
        // Revisions share what they do not touch.
        if was.zip(is).is_none_or(|(was, is)| !Arc::ptr_eq(was, is) && was != is) {
            tell(key);
        }
    }
}

/// Every system on which the scope says something else, as far as rules read it.
fn changed_verdicts(before: &Scope, after: &Scope) -> BTreeSet<ObjectRef> {
    fn read(it: &Verdict) -> (Category, Option<Sub>, Option<Rule>, &BTreeSet<Flag>, &[Reason]) {
        (it.category, it.sub, it.rule, &it.flags, &it.other_reasons)
    }
    pairs(&before.systems, &after.systems)
        .filter(|(_, was, is)| was.map(read) != is.map(read))
        .map(|(id, ..)| ObjectRef::System(id.clone()))
        .collect()
}

/// The surroundings of changed objects.
struct Around<'s, 'm> {
    survey: &'s Survey<'m>,
    subjects: &'s mut BTreeSet<ObjectRef>,
    /// What is named by objects that nobody lists; found in one pass at the end.
    keys: BTreeSet<KeyId>,
    controls: BTreeSet<ControlId>,
    vendors: BTreeSet<VendorId>,
    /// Flows that connectors may name.
    flows: BTreeSet<FlowId>,
}

impl<'s, 'm> Around<'s, 'm> {
    fn add(&mut self, object: &ObjectRef) {
        let survey = self.survey;
        match object {
            ObjectRef::System(id) => survey.node(id).into_iter().for_each(|node| self.system(node)),
            ObjectRef::Flow(id) => self.flow(id),
            ObjectRef::Credential(id) => {
                let Some(credential) = survey.model.credentials.get(id) else { return };
                let systems = credential.held_by.iter().chain(credential.grants.iter().map(|it| &it.on));
                self.subjects.extend(systems.cloned().map(ObjectRef::System));
                self.subjects.extend(survey.flows_with(credential).map(|edge| edge.subject()));
            }
            ObjectRef::Key(id) => {
                self.keys.insert(id.clone());
                let holders = survey.model.keys.get(id).into_iter().flat_map(|key| &key.holders);
                self.subjects.extend(holders.cloned().map(ObjectRef::System));
            }
            ObjectRef::Control(id) => drop(self.controls.insert(id.clone())),
            ObjectRef::Vendor(id) => drop(self.vendors.insert(id.clone())),
            ObjectRef::Segment(id) => self.segment(id),
            ObjectRef::Link(key) => {
                self.segment(key.a());
                self.segment(key.b());
            }
            ObjectRef::Record(key) => self.record(key),
            ObjectRef::Override(key) => drop(self.subjects.insert(ObjectRef::System(key.system.clone()))),
            ObjectRef::Person(_) | ObjectRef::Settings => {}
        }
    }

    fn system(&mut self, node: &'s Node<'m>) {
        let survey = self.survey;
        for edge in survey.flows(node).chain(survey.passing(node)) {
            self.subjects.insert(edge.subject());
            self.flows.insert(edge.flow.id.clone());
            self.subjects.extend(edge.flow.credential.iter().cloned().map(ObjectRef::Credential));
            for end in survey.ends(edge) {
                self.subjects.insert(end.subject());
                self.subjects.extend(end.system.segment.iter().cloned().map(ObjectRef::Segment));
                // Who opens a relay opens what it leads to.
                if end.system.is_relay() {
                    self.opening(end);
                }
            }
            self.subjects.extend(survey.via(edge).map(|it| it.subject()));
        }
        self.subjects.extend(node.held.iter().map(|it| ObjectRef::Credential(it.id.clone())));
        self.subjects.extend(node.grants.iter().map(|(it, _)| ObjectRef::Credential(it.id.clone())));
        for (credential, _) in &node.grants {
            self.subjects.extend(credential.held_by.iter().cloned().map(ObjectRef::System));
            self.subjects.extend(survey.flows_with(credential).map(|edge| edge.subject()));
        }
        for credential in &node.held {
            self.subjects.extend(credential.grants.iter().map(|it| ObjectRef::System(it.on.clone())));
            self.subjects.extend(survey.flows_with(credential).map(|edge| edge.subject()));
        }
        self.subjects.extend(node.controls.iter().map(|it| ObjectRef::Control(it.id.clone())));
        self.subjects.extend(node.keys.iter().map(|it| ObjectRef::Key(it.id.clone())));
        let named = node.system.holdings.iter().filter_map(|it| it.key.clone());
        self.subjects.extend(named.map(ObjectRef::Key));
        for page in &node.pages {
            self.page(&page.key);
        }
        let vendors = node.system.vendor.iter().chain(&node.system.operated_by);
        self.subjects.extend(vendors.cloned().map(ObjectRef::Vendor));
        self.subjects.extend(survey.managers(node).map(|(it, _)| it.subject()));
        for relation in &node.system.manages {
            match &relation.target {
                ManageTarget::System(id) => {
                    self.subjects.insert(ObjectRef::System(id.clone()));
                    let segment = survey.node(id).and_then(|it| it.system.segment.clone());
                    self.subjects.extend(segment.map(ObjectRef::Segment));
                }
                ManageTarget::Segment(id) => {
                    self.subjects.insert(ObjectRef::Segment(id.clone()));
                    self.subjects.extend(survey.members(id).map(Node::subject));
                }
            }
        }
        self.subjects.extend(node.system.copies.iter().map(|it| ObjectRef::System(it.from.clone())));
        for copy in survey.copied_by(node) {
            self.subjects.insert(copy.subject());
            self.opening(copy);
        }
        if let Some(segment) = &node.system.segment {
            self.subjects.insert(ObjectRef::Segment(segment.clone()));
            self.subjects.extend(survey.links(segment).map(|it| ObjectRef::Link(it.key.clone())));
            let between = survey.model.controls.values().filter(|it| it.between.contains(segment));
            self.subjects.extend(between.map(|it| ObjectRef::Control(it.id.clone())));
        }
    }

    /// The credentials that open a system.
    fn opening(&mut self, node: &Node<'m>) {
        self.subjects.extend(node.grants.iter().map(|(it, _)| ObjectRef::Credential(it.id.clone())));
    }

    fn flow(&mut self, id: &FlowId) {
        let survey = self.survey;
        let Some(edge) = survey.edge(id) else { return };
        for node in survey.ends(edge) {
            self.subjects.insert(node.subject());
            self.subjects.extend(node.held.iter().map(|it| ObjectRef::Credential(it.id.clone())));
            self.subjects.extend(node.grants.iter().map(|(it, _)| ObjectRef::Credential(it.id.clone())));
            self.subjects.extend(node.system.vendor.iter().cloned().map(ObjectRef::Vendor));
            if let Some(segment) = &node.system.segment {
                self.subjects.insert(ObjectRef::Segment(segment.clone()));
                self.subjects.extend(survey.links(segment).map(|it| ObjectRef::Link(it.key.clone())));
            }
        }
        self.subjects.extend(survey.via(edge).map(Node::subject));
        self.subjects.extend(edge.flow.credential.iter().cloned().map(ObjectRef::Credential));
        if let Some(FlowControl::Record(control)) = &edge.flow.control {
            self.subjects.insert(ObjectRef::Control(control.clone()));
        }
        let named = edge.flow.fields.iter().filter_map(|it| it.key.clone());
        self.subjects.extend(named.map(ObjectRef::Key));
        if let Some(certificate) = said::text(&edge.flow.facts, "certificate") {
            let key = RecordKey { kind: ObjectKind::Certificate, id: certificate.into() };
            self.subjects.insert(ObjectRef::Record(key));
        }
        if let Some(connector) = &edge.flow.connector {
            let key = RecordKey { kind: ObjectKind::Connector, id: connector.as_str().into() };
            self.subjects.insert(ObjectRef::Record(key));
        }
        self.flows.insert(id.clone());
    }

    fn segment(&mut self, id: &SegmentId) {
        let survey = self.survey;
        self.subjects.insert(ObjectRef::Segment(id.clone()));
        for link in survey.links(id) {
            self.subjects.insert(ObjectRef::Link(link.key.clone()));
            self.subjects.extend([link.key.a(), link.key.b()].map(|it| ObjectRef::Segment(it.clone())));
        }
        for node in survey.members(id) {
            self.subjects.insert(node.subject());
            for edge in survey.flows(node) {
                self.subjects.insert(edge.subject());
                self.subjects.extend(survey.ends(edge).map(|it| it.subject()));
            }
        }
        let between = survey.model.controls.values().filter(|it| it.between.contains(id));
        self.subjects.extend(between.map(|it| ObjectRef::Control(it.id.clone())));
    }

    fn record(&mut self, key: &RecordKey) {
        let Some(record) = self.survey.model.records.get(key) else { return };
        match key.kind {
            ObjectKind::Page => {
                self.page(key);
                let system = said::text(&record.facts, "system");
                self.subjects.extend(system.map(|id| ObjectRef::System(id.into())));
            }
            ObjectKind::Script => {
                let Some(page) = said::text(&record.facts, "page") else { return };
                let page = RecordKey { kind: ObjectKind::Page, id: page.into() };
                self.record(&page);
                self.subjects.insert(ObjectRef::Record(page));
                self.vendors.extend(said::text(&record.facts, "source").map(VendorId::from));
            }
            ObjectKind::Certificate => {
                let named = |edge: &&super::survey::Edge<'_>| {
                    said::text(&edge.flow.facts, "certificate") == Some(key.id.as_str())
                };
                self.subjects.extend(self.survey.edges().iter().filter(named).map(|it| it.subject()));
            }
            ObjectKind::Connector => {
                let flows = said::list(&record.facts, "flows");
                self.subjects.extend(flows.iter().map(|id| ObjectRef::Flow((*id).into())));
                self.vendors.extend(said::text(&record.facts, "vendor").map(VendorId::from));
                let of_it = self.survey.edges().iter().filter(|it| {
                    it.flow.connector.as_ref().is_some_and(|connector| connector.as_str() == key.id.as_str())
                });
                self.subjects.extend(of_it.map(|it| it.subject()));
            }
            ObjectKind::AccessGroup => {
                let system = said::text(&record.facts, "system");
                self.subjects.extend(system.map(|id| ObjectRef::System(id.into())));
            }
            _ => {}
        }
    }

    fn page(&mut self, key: &RecordKey) {
        self.subjects.insert(ObjectRef::Record(key.clone()));
        if let Some(page) = self.survey.model.records.get(key) {
            self.subjects.extend(self.survey.scripts(page).map(|it| ObjectRef::Record(it.key.clone())));
        }
    }

    /// Who names the keys, controls and vendors that changed. Nothing lists them, so all objects are looked through once.
    fn add_who_names(&mut self) {
        let survey = self.survey;
        for record in survey.model.records.values().filter(|it| it.key.kind == ObjectKind::Connector) {
            if said::list(&record.facts, "flows").iter().any(|id| self.flows.contains(*id)) {
                self.subjects.insert(ObjectRef::Record(record.key.clone()));
            }
        }
        let (keys, controls, vendors) = (&self.keys, &self.controls, &self.vendors);
        if keys.is_empty() && controls.is_empty() && vendors.is_empty() {
            return;
        }
        for node in survey.nodes() {
            let of_vendor = node.system.vendor.iter().chain(&node.system.operated_by).any(|it| vendors.contains(it));
            let with_key = node.system.holdings.iter().filter_map(|it| it.key.as_ref()).any(|it| keys.contains(it));
            let with_control = node.controls.iter().any(|it| controls.contains(&it.id));
            if of_vendor || with_key || with_control {
                self.subjects.insert(node.subject());
                self.subjects.extend(node.system.segment.iter().cloned().map(ObjectRef::Segment));
            }
            if of_vendor || with_control {
                self.subjects.extend(survey.flows(node).map(|edge| edge.subject()));
            }
        }
        for edge in survey.edges() {
            let with_key = edge.flow.fields.iter().filter_map(|it| it.key.as_ref()).any(|it| keys.contains(it));
            let with_control = matches!(&edge.flow.control, Some(FlowControl::Record(id)) if controls.contains(id));
            if with_key || with_control {
                self.subjects.insert(edge.subject());
                self.subjects.extend(survey.ends(edge).map(|it| it.subject()));
            }
        }
        for control in controls.iter().filter_map(|id| survey.model.controls.get(id)) {
            self.subjects.extend(control.applies_to.iter().map(|it| ObjectRef::Flow(it.as_str().into())));
            self.subjects.extend(control.between.iter().cloned().map(ObjectRef::Segment));
        }
        for link in survey.model.links.values() {
            if link.control.as_ref().is_some_and(|id| controls.contains(id)) {
                self.subjects.insert(ObjectRef::Link(link.key.clone()));
            }
        }
        for credential in survey.model.credentials.values() {
            let control = said::text(&credential.facts, "mfa_control");
            if control.is_some_and(|id| controls.contains(id)) {
                self.subjects.insert(ObjectRef::Credential(credential.id.clone()));
            }
        }
        for record in survey.model.records.values() {
            let named = |name| said::text(&record.facts, name).is_some_and(|id| vendors.contains(id));
            if named("source") || named("vendor") {
                self.subjects.insert(ObjectRef::Record(record.key.clone()));
            }
        }
        self.subjects.extend(vendors.iter().cloned().map(ObjectRef::Vendor));
    }
}
