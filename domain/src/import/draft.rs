//! What the objects that a file speaks of are after its import, whether that changes them or not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::choices::Choices;
use super::fields::{self, Answers};
use super::model_facts::created_references;
use super::keys::{Directory, Found, key_of, key_of_parts, part_of_key};
use super::reading::{Content, Reading};
use super::rejection::{Rejection, shortened};
use super::rows::{FlowRow, SystemRow};
use crate::id::{FlowId, PersonId, SegmentId, SystemId, VendorId};
use crate::model::Model;
use crate::model::fact::{Fact, FactType, Facts, attribute};
use crate::model::flow::Flow;
use crate::model::object::{Object, ObjectKind, ObjectRef};
use crate::model::party::{PartyKind, Person, Vendor};
use crate::model::segment::Segment;
use crate::model::system::System;

/// The outcome of a file: its objects with the lines that speak of them, and the rows that cannot be taken.
pub(super) struct Draft<'a> {
    file: &'a str,
    model: &'a Model,
    choices: &'a Choices,
    directories: BTreeMap<ObjectKind, Directory>,
    /// What each object is afterwards; order: what is referred to comes first.
    pub objects: BTreeMap<ObjectRef, (Object, Option<usize>)>,
    /// Systems of the file that nobody declared, by key.
    pub undeclared: BTreeSet<SystemId>,
    /// Names on the wire with the answers that flows have already.
    pub answers: Answers,
    /// Rows that cannot be taken.
    pub rejections: Vec<Rejection>,
}

impl<'a> Draft<'a> {
    /// What a file makes of a model.
    pub(super) fn of(reading: &'a Reading, model: &'a Model, choices: &'a Choices) -> Self {
        let mut draft = Self {
            file: &reading.file_name,
            model,
            choices,
            directories: BTreeMap::new(),
            objects: BTreeMap::new(),
            undeclared: BTreeSet::new(),
            answers: Answers::new(),
            rejections: Vec::new(),
        };
        match &reading.content {
            Content::Systems(rows) => draft.systems(rows),
            Content::Flows(rows) => draft.flows(rows),
            Content::Model { model, states_settings } => draft.model_file(model, *states_settings),
        }
        draft
    }

    fn put(&mut self, object: Object, line: Option<usize>) {
        self.objects.insert(object.reference(), (object, line));
    }

    fn reject(&mut self, line: usize, field: &str, reason: String, remedy: &str) {
        self.rejections.push(Rejection::of_file(self.file, reason, remedy).at(line).field(field));
    }

    /// Everything of a kind that can be named: the model's objects, and what this file added so far.
    fn directory(&mut self, kind: ObjectKind) -> &mut Directory {
        let model = self.model;
        self.directories.entry(kind).or_insert_with(|| {
            let mut directory = Directory::default();
            for object in model.objects().filter(|it| it.reference().kind() == kind) {
                directory.add(&object.reference().key(), &name_of(&object));
            }
            directory
        })
    }

    /// The key that a text refers to. Segments, vendors and people that nobody has named before are created.
    fn referred(&mut self, kind: ObjectKind, text: &str, line: usize, field: &str) -> Option<String> {
        match self.directory(kind).find(text) {
            Found::One(key) => Some(key),
            Found::Several(keys) => {
                let keys: Vec<String> = keys.iter().map(|key| shortened(key)).collect();
                let reason = format!("\"{}\" can mean {}", shortened(text), keys.join(" and "));
                self.reject(line, field, reason, "write the key instead of the name");
                None
            }
            Found::Nothing => {
                let key = key_of(text);
                let object = match kind {
                    ObjectKind::Segment => Object::Segment(Arc::new(Segment::new(SegmentId::new(&*key), text))),
                    ObjectKind::Vendor => Object::Vendor(Arc::new(vendor(&key, text))),
                    ObjectKind::Person => Object::Person(Arc::new(person(&key, text))),
                    _ => {
                        let reason = format!("there is no {} \"{}\"", kind.label().to_lowercase(), shortened(text));
                        self.reject(line, field, reason, "correct the key or add the object first");
                        return None;
                    }
                };
                self.directory(kind).add(&key, text);
                self.put(object, Some(line));
                Some(key)
            }
        }
    }

    /// The facts of a row, over those that are stored. A value that is stored already keeps where it comes from.
    fn facts(&mut self, kind: ObjectKind, stored: &mut Facts, stated: &BTreeMap<String, Value>, line: usize) {
        for (name, value) in stated {
            let of_type = attribute(kind, name).map(|it| it.kind);
            let value = match of_type {
                Some(FactType::Reference(target)) => {
                    let key = value.as_str().and_then(|text| self.referred(target, text, line, name));
                    let Some(key) = key else { continue };
                    Value::from(key)
                }
                Some(FactType::References(target)) => {
                    let texts = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                    Value::from(texts.filter_map(|text| self.referred(target, text, line, name)).collect::<Vec<_>>())
                }
                _ => value.clone(),
            };
            if stored.get(name).is_none_or(|fact| !means_the_same(&fact.value, &value)) {
                stored.insert(name.clone(), Fact::of(value));
            }
        }
    }

    fn systems(&mut self, rows: &[SystemRow]) {
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        let mut taken: Vec<(&SystemRow, String)> = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(key) = self.key_of_system(row) else { continue };
            if self.is_free(&mut lines, &key, row.line, "system") {
                taken.push((row, key));
            }
        }
        for (row, key) in &taken {
            let name = row.name.as_deref().unwrap_or(key);
            self.directory(ObjectKind::System).add(key, name);
        }
        for (row, key) in taken {
            self.system(row, &key);
        }
    }

    /// Remembers the line of a key; rejects a second row for it.
    fn is_free(&mut self, lines: &mut BTreeMap<String, usize>, key: &str, line: usize, what: &str) -> bool {
        let Some(before) = lines.insert(key.to_owned(), line) else { return true };
        lines.insert(key.to_owned(), before);
        let reason = format!("the row is for the same {what} as line {before} (key \"{}\")", shortened(key));
        let remedy = "remove one of the two rows, or give each an id of its own";
        self.reject(line, "id", reason, remedy);
        false
    }

    fn key_of_system(&mut self, row: &SystemRow) -> Option<String> {
        if let Some(id) = &row.id {
            return Some(match self.directory(ObjectKind::System).by_key(id) {
                Found::One(key) => key,
                Found::Several(_) | Found::Nothing => id.clone(),
            });
        }
        let name = row.name.as_deref().unwrap_or_default();
        match self.directory(ObjectKind::System).find(name) {
            Found::One(key) => Some(key),
            Found::Nothing => Some(key_of(name)),
            Found::Several(_) => {
                let reason = format!("several systems have the name \"{}\"", shortened(name));
                self.reject(row.line, "name", reason, "add a column \"id\" with the key of the system");
                None
            }
        }
    }

    fn system(&mut self, row: &SystemRow, key: &str) {
        let id = SystemId::new(key);
        let mut system = match self.model.systems.get(&id) {
            Some(stored) => {
                let mut system = System::clone(stored);
                // A row of a file of systems declares its system, and no import takes that back.
                system.undeclared &= row.undeclared == Some(true);
                system
            }
            None => {
                let mut system = System::new(id.clone(), row.name.clone().unwrap_or_else(|| key.to_owned()));
                system.undeclared = row.undeclared == Some(true);
                system
            }
        };
        if self.choices.confirmed.contains(&id) {
            system.undeclared = false;
        }
        keep(&mut system.name, row.name.clone());
        keep(&mut system.kind, row.kind);
        keep(&mut system.function, row.function);
        keep(&mut system.boundary, row.boundary);
        keep(&mut system.environment, row.environment);
        keep(&mut system.lifecycle, row.lifecycle);
        keep(&mut system.payment_page, row.payment_page);
        system.exposure = row.exposure.or(system.exposure);
        if let Some(segment) = &row.segment {
            let key = self.referred(ObjectKind::Segment, segment, row.line, "segment");
            system.segment = key.map(SegmentId::new).or(system.segment);
        }
        if let Some(vendor) = &row.vendor {
            let key = self.referred(ObjectKind::Vendor, vendor, row.line, "vendor");
            system.vendor = key.map(VendorId::new).or(system.vendor);
        }
        self.facts(ObjectKind::System, &mut system.facts, &row.facts, row.line);
        if system.undeclared {
            self.undeclared.insert(id);
        }
        self.put(Object::System(Arc::new(system)), Some(row.line));
    }

    fn flows(&mut self, rows: &[FlowRow]) {
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
    fn end_of_flow(&mut self, text: &str, line: usize, field: &str) -> Option<SystemId> {
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
        let protocol = match (row.protocol, row.kind) {
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
        keep(&mut flow.kind, row.kind);
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

    /// All objects of a model file. Two things stay the workspace's own: the day, and that a system is declared.
    fn model_file(&mut self, file: &Model, states_settings: bool) {
        let mut named: BTreeSet<(ObjectKind, String)> = BTreeSet::new();
        for object in file.objects() {
            named.extend(created_references(&object));
            let object = match object {
                Object::Settings(_) if !states_settings => continue,
                Object::Settings(settings) => {
                    let mut settings = Arc::unwrap_or_clone(settings);
                    settings.as_of = self.model.settings.as_of;
                    Object::Settings(Arc::new(settings))
                }
                Object::System(system) => {
                    let vendors = system.vendor.iter().chain(&system.operated_by);
                    named.extend(vendors.map(|it| (ObjectKind::Vendor, it.to_string())));
                    let declared = self.model.systems.get(&system.id).is_some_and(|stored| !stored.undeclared);
                    let mut system = System::clone(&system);
                    system.undeclared &= !declared && !self.choices.confirmed.contains(&system.id);
                    if system.undeclared {
                        self.undeclared.insert(system.id.clone());
                    }
                    Object::System(Arc::new(system))
                }
                object => object,
            };
            self.put(object, None);
        }
        for (kind, key) in named {
            self.stub(file, kind, &key);
        }
    }

    /// Like a segment, a vendor or a person that a model file names but does not declare is created.
    fn stub(&mut self, file: &Model, kind: ObjectKind, key: &str) {
        let known = |model: &Model| match kind {
            ObjectKind::Vendor => model.vendors.contains_key(key),
            ObjectKind::Person => model.people.contains_key(key),
            _ => model.segments.contains_key(key),
        };
        if known(file) || known(self.model) {
            return;
        }
        let object = match kind {
            ObjectKind::Vendor => Object::Vendor(Arc::new(vendor(key, key))),
            ObjectKind::Person => Object::Person(Arc::new(person(key, key))),
            _ => Object::Segment(Arc::new(Segment::new(SegmentId::new(key), key))),
        };
        self.put(object, None);
    }
}

/// Whether two values of a fact are the same. A list of one may be written without brackets.
fn means_the_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(list), single) | (single, Value::Array(list)) if !single.is_array() => list == &[single.clone()],
        _ => one == other,
    }
}

/// Replaces a value by one that was stated.
fn keep<T>(stored: &mut T, stated: Option<T>) {
    if let Some(stated) = stated {
        *stored = stated;
    }
}

fn vendor(key: &str, name: &str) -> Vendor {
    Vendor { id: VendorId::new(key), name: name.to_owned(), facts: Facts::new() }
}

/// A person without an account, known by a name or a mail address.
fn person(key: &str, name: &str) -> Person {
    let is_mail = name.split_once('@').is_some_and(|(before, after)| !before.is_empty() && after.contains('.'));
    Person {
        id: PersonId::new(key),
        name: name.to_owned(),
        kind: PartyKind::Person,
        mail: is_mail.then(|| name.to_owned()),
        function: None,
        facts: Facts::new(),
    }
}

/// The name by which people refer to an object.
pub(super) fn name_of(object: &Object) -> String {
    match object {
        Object::Settings(_) => "Settings".to_owned(),
        Object::Person(it) => it.name.clone(),
        Object::Vendor(it) => it.name.clone(),
        Object::Segment(it) => it.name.clone(),
        Object::Control(it) => it.name.clone(),
        Object::Link(it) => format!("{} and {}", it.key.a(), it.key.b()),
        Object::Key(it) => it.name.clone(),
        Object::System(it) => it.name.clone(),
        Object::Credential(it) => it.name.clone(),
        Object::Flow(it) if it.name.is_empty() => format!("{} to {}", it.from, it.to),
        Object::Flow(it) => it.name.clone(),
        Object::Override(it) => it.key.system.to_string(),
        Object::Record(it) => it.name.clone(),
    }
}
