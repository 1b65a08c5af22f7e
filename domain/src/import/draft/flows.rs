//! What the rows of a file of flows make of the model.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::{Draft, keep};
use crate::id::{FlowId, SystemId};
use crate::import::fields;
use crate::import::keys::{Found, key_of, key_of_parts, part_of_key};
use crate::import::rows::FlowRow;
use crate::model::fact::attribute;
use crate::model::flow::Flow;
use crate::model::object::{Object, ObjectKind, ObjectRef};
use crate::model::system::System;

impl<'a> Draft<'a> {
    /// Every row, with the systems that only they name.
    pub(super) fn flows(&mut self, rows: &'a [FlowRow]) {
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        for row in rows {
            let (Some(source), Some(target)) = (&row.source, &row.target) else { continue };
            let source = self.end_of_flow(source, row.line, "source");
            let target = self.end_of_flow(target, row.line, "target");
            let (Some(source), Some(target)) = (source, target) else { continue };
            let key = self.key_of_flow(row, &source, &target);
            if self.is_free(&mut lines, &key, row.line, "flow") {
                self.flow(row, FlowId::new(key), source, target);
            }
        }
    }

    /// The system at an end of a flow. One that nobody declared becomes an open end of ours.
    fn end_of_flow(&mut self, text: &'a str, line: usize, field: &str) -> Option<SystemId> {
        if let Some(id) = self.ends.get(text) {
            return Some(id.clone());
        }
        let id = match self.directory(ObjectKind::System).find(text) {
            Found::Nothing => {
                let key = key_of(text);
                self.directory(ObjectKind::System).add(&key, text);
                let mut system = System::new(SystemId::new(&*key), text);
                system.undeclared = true;
                let id = system.id.clone();
                self.put(Object::System(Arc::new(system)), Some(line));
                id
            }
            _ => SystemId::new(self.referred(ObjectKind::System, text, line, field)?),
        };
        let drafted = match self.objects.get(&ObjectRef::System(id.clone())) {
            Some((Object::System(system), _)) => Some(Arc::clone(system)),
            _ => self.model.systems.get(&id).cloned(),
        };
        if let Some(system) = drafted.filter(|system| system.undeclared) {
            if self.choices.confirmed.contains(&id) {
                let system = System { undeclared: false, ..System::clone(&system) };
                self.put(Object::System(Arc::new(system)), Some(line));
            } else {
                self.undeclared.insert(id.clone());
            }
        }
        self.ends.insert(text, id.clone());
        Some(id)
    }

    /// The key of a flow: its id, or else source, target, protocol and operation. The parts are joined by two
    /// dashes, which no part contains, so that different flows never share a key.
    fn key_of_flow(&mut self, row: &FlowRow, source: &SystemId, target: &SystemId) -> String {
        if let Some(id) = &row.id {
            return match self.directory(ObjectKind::Flow).by_key(id) {
                Found::One(key) => key,
                Found::Several(_) | Found::Nothing => id.clone(),
            };
        }
        let protocol = match (row.protocol, row.path) {
            (Some(protocol), _) => protocol.as_str(),
            (None, Some(kind)) => kind.as_str(),
            (None, None) => "",
        };
        let operation = row.operation.as_deref().unwrap_or_default();
        key_of_parts(&[&part_of_key(source.as_str()), &part_of_key(target.as_str()), protocol, operation])
    }

    fn flow(&mut self, row: &FlowRow, id: FlowId, source: SystemId, target: SystemId) {
        let operation_fact = attribute(ObjectKind::Flow, "operation");
        let mut flow = match self.model.flows.get(&id) {
            Some(stored) => Flow { from: source, to: target, ..Flow::clone(stored) },
            None => Flow { name: row.operation.clone().unwrap_or_default(), ..Flow::new(id, source, target) },
        };
        // Where the operation has no place of its own, it is the name.
        keep(&mut flow.name, row.name.clone().or_else(|| row.operation.clone().filter(|_| operation_fact.is_none())));
        keep(&mut flow.kind, row.kind.or(row.path));
        keep(&mut flow.protocol, row.protocol);
        keep(&mut flow.auth, row.auth);
        keep(&mut flow.encryption, row.encryption);
        keep(&mut flow.initiator, row.initiator);
        keep(&mut flow.channel, row.channel);
        keep(&mut flow.access, row.access);
        keep(&mut flow.stage, row.stage);
        let mut facts = row.facts.clone();
        if let (Some(operation), Some(fact)) = (&row.operation, operation_fact) {
            facts.insert(fact.name.to_owned(), Value::from(operation.as_str()));
        }
        self.facts(ObjectKind::Flow, &mut flow.facts, &facts, row.line);
        fields::apply(&mut flow, row, self.choices, &mut self.answers);
        self.put(Object::Flow(Arc::new(flow)), Some(row.line));
    }
}
