//! Finds once who touches whom.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::wiring::Wire;
use super::{Edge, Node, SegmentPlace, Survey, Wiring};
use crate::findings::said;
use crate::findings::settings::RuleSettings;
use crate::model::Model;
use crate::model::object::{ObjectKind, Record};
use crate::model::relations::{Lifecycle, LinkPolicy, View};
use crate::model::system::ManageTarget;
use crate::scope::Scope;
use crate::time::Timestamp;

impl<'m> Survey<'m> {
    /// The survey of a model with its scope at an instant.
    #[must_use]
    pub fn of(model: &'m Model, scope: &'m Scope, now: Timestamp) -> Self {
        Self::wired(model, scope, now, &Wiring::of(model))
    }

    /// The same, where the wiring of the model is known.
    #[must_use]
    pub fn wired(model: &'m Model, scope: &'m Scope, now: Timestamp, wiring: &Wiring) -> Self {
        let numbers: FxHashMap<&str, u32> = (0..).zip(model.systems.keys()).map(|(n, id)| (id.as_str(), n)).collect();
        let mut survey = Self {
            model,
            scope,
            now,
            today: now.day(),
            settings: RuleSettings::of(model),
            nodes: nodes(model, scope),
            edges: Vec::with_capacity(model.flows.len()),
            numbers,
            segments: BTreeMap::new(),
            flows_of_credential: vec![Vec::new(); model.credentials.len()],
            credentials: (0..).zip(model.credentials.keys()).map(|(n, id)| (id.as_str(), n)).collect(),
            systems_of_vendor: FxHashMap::default(),
            copied_by: FxHashMap::default(),
            scripts_of_page: BTreeMap::new(),
        };
        survey.add_vendors_and_copies();
        survey.add_flows(wiring);
        survey.add_secrets();
        survey.add_segments();
        survey.add_controls();
        survey.add_managers();
        survey.add_pages();
        survey
    }

    fn add_flows(&mut self, wiring: &Wiring) {
        let mut degrees = vec![0_u32; self.nodes.len()];
        for wire in wiring.0.iter().flatten() {
            degrees[wire.from as usize] += 1;
            degrees[wire.to as usize] += 1;
        }
        for (node, degree) in self.nodes.iter_mut().zip(degrees) {
            node.edges.reserve_exact(degree as usize);
        }
        for (flow, wire) in self.model.flows.values().zip(&wiring.0) {
            let Some(Wire { from, to, credential, stage, passes, cargo }) = *wire else { continue };
            let ends = self.nodes[from as usize].active && self.nodes[to as usize].active;
            let active = ends && is_active(stage, self.model.settings.view);
            let edge = u32::try_from(self.edges.len()).expect("a model in memory has fewer flows");
            self.edges.push(Edge { flow, active, cargo, from, to });
            self.nodes[from as usize].edges.push(edge);
            if to != from {
                self.nodes[to as usize].edges.push(edge);
            }
            if passes {
                for node in flow.via.iter().filter_map(|via| self.numbers.get(via.node.as_str())) {
                    self.nodes[*node as usize].via.push(edge);
                }
            }
            if let Some(credential) = credential {
                self.flows_of_credential[credential as usize].push(edge);
            }
        }
    }

    fn add_vendors_and_copies(&mut self) {
        for (number, node) in (0..).zip(&self.nodes) {
            for vendor in node.system.vendor.iter().chain(&node.system.operated_by) {
                self.systems_of_vendor.entry(vendor.as_str()).or_default().push(number);
            }
            for copy in &node.system.copies {
                self.copied_by.entry(copy.from.as_str()).or_default().push(number);
            }
        }
    }

    fn add_secrets(&mut self) {
        for credential in self.model.credentials.values() {
            for holder in &credential.held_by {
                if let Some(node) = self.numbers.get(holder.as_str()) {
                    self.nodes[*node as usize].held.push(credential);
                }
            }
            for grant in &credential.grants {
                if let Some(node) = self.numbers.get(grant.on.as_str()) {
                    self.nodes[*node as usize].grants.push((credential, grant));
                }
            }
        }
        for key in self.model.keys.values() {
            for holder in &key.holders {
                if let Some(node) = self.numbers.get(holder.as_str()) {
                    self.nodes[*node as usize].keys.push(key);
                }
            }
        }
    }

    fn add_segments(&mut self) {
        let zones = zones(self.model);
        for (id, zone) in zones {
            self.segments.insert(id, SegmentPlace { zone, ..SegmentPlace::default() });
        }
        for (number, node) in (0..).zip(&self.nodes) {
            let Some(id) = &node.system.segment else { continue };
            let apart = || SegmentPlace { zone: id.as_str(), ..SegmentPlace::default() };
            self.segments.entry(id.as_str()).or_insert_with(apart).nodes.push(number);
        }
        for link in self.model.links.values() {
            for end in [link.key.a(), link.key.b()] {
                if let Some(place) = self.segments.get_mut(end.as_str()) {
                    place.links.push(link);
                }
            }
        }
    }

    fn add_controls(&mut self) {
        let model = self.model;
        for node in &mut self.nodes {
            node.controls =
                node.system.controls.iter().filter_map(|id| model.controls.get(id.as_str())).map(|it| &**it).collect();
        }
        for control in model.controls.values() {
            for target in &control.applies_to {
                if let Some(node) = self.numbers.get(target.as_str()) {
                    let controls = &mut self.nodes[*node as usize].controls;
                    if !controls.iter().any(|it| it.id == control.id) {
                        controls.push(control);
                    }
                }
            }
        }
    }

    fn add_managers(&mut self) {
        let mut all = Vec::new();
        for (manager, node) in (0..).zip(&self.nodes) {
            if !node.active {
                continue;
            }
            for relation in &node.system.manages {
                match &relation.target {
                    ManageTarget::System(id) => {
                        all.extend(self.numbers.get(id.as_str()).map(|managed| (*managed, manager, relation.how)));
                    }
                    ManageTarget::Segment(id) => {
                        let members = self.segments.get(id.as_str()).into_iter().flat_map(|it| &it.nodes);
                        let own = members.filter(|it| self.nodes[**it as usize].is_own());
                        all.extend(own.map(|managed| (*managed, manager, relation.how)));
                    }
                }
            }
        }
        for (managed, manager, how) in all {
            self.nodes[managed as usize].managers.push((manager, how));
        }
    }

    fn add_pages(&mut self) {
        for record in self.model.records.values() {
            let record: &'m Record = record;
            match record.key.kind {
                ObjectKind::Page => {
                    let system = said::text(&record.facts, "system").and_then(|id| self.numbers.get(id));
                    if let Some(node) = system {
                        self.nodes[*node as usize].pages.push(record);
                    }
                }
                ObjectKind::Script => {
                    if let Some(page) = said::text(&record.facts, "page") {
                        self.scripts_of_page.entry(page).or_default().push(record);
                    }
                }
                _ => {}
            }
        }
    }
}

fn nodes<'m>(model: &'m Model, scope: &'m Scope) -> Vec<Node<'m>> {
    // Both maps are in the order of the keys, and mostly have the same ones.
    let mut verdicts = scope.systems.iter().peekable();
    let mut nodes = Vec::with_capacity(model.systems.len());
    for (id, system) in &model.systems {
        while verdicts.next_if(|(other, _)| *other < id).is_some() {}
        let verdict = verdicts.next_if(|(other, _)| *other == id).map(|(_, verdict)| verdict);
        nodes.push(Node {
            system,
            verdict,
            active: is_active(system.lifecycle, model.settings.view),
            held: Vec::new(),
            grants: Vec::new(),
            controls: Vec::new(),
            keys: Vec::new(),
            pages: Vec::new(),
            managers: Vec::new(),
            edges: Vec::new(),
            via: Vec::new(),
        });
    }
    nodes
}

const fn is_active(stage: Lifecycle, view: View) -> bool {
    match view {
        View::Current => matches!(stage, Lifecycle::Live | Lifecycle::Retiring),
        View::Target => matches!(stage, Lifecycle::Live | Lifecycle::Planned),
    }
}

/// The zone of each segment: the smallest one that open links join with it. Segments without a link between them are
/// apart, whatever the strict setting says: what nobody declared is a finding of its own.
fn zones(model: &Model) -> BTreeMap<&str, &str> {
    let mut zones: BTreeMap<&str, &str> = model.segments.keys().map(|id| (id.as_str(), id.as_str())).collect();
    let open = model.links.values().filter(|link| link.policy == LinkPolicy::Open);
    let pairs: Vec<(&str, &str)> = open.map(|link| (link.key.a().as_str(), link.key.b().as_str())).collect();
    loop {
        let mut joined = false;
        for (a, b) in &pairs {
            let (Some(one), Some(other)) = (zones.get(a).copied(), zones.get(b).copied()) else { continue };
            if one != other {
                let smaller = one.min(other);
                zones.insert(a, smaller);
                zones.insert(b, smaller);
                joined = true;
            }
        }
        if !joined {
            return zones;
        }
    }
}
