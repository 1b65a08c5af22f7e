//! What the objects that a file speaks of are after its import, whether that changes them or not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::choices::Choices;
use super::fields::Answers;
use super::keys::{Directory, Found, key_of};
use super::reading::{Content, Reading};
use super::rejection::{Rejection, shortened};
use crate::id::{PersonId, SegmentId, SystemId, VendorId};
use crate::model::Model;
use crate::model::fact::{Fact, FactType, Facts, attribute};
use crate::model::object::{Object, ObjectKind, ObjectRef};
use crate::model::party::{PartyKind, Person, Vendor};
use crate::model::segment::Segment;

mod flows;
mod model_file;
mod systems;

/// The outcome of a file: its objects with the lines that speak of them, and the rows that cannot be taken.
pub(super) struct Draft<'a> {
    file: &'a str,
    model: &'a Model,
    choices: &'a Choices,
    directories: BTreeMap<ObjectKind, Directory>,
    /// The systems at the ends of flows, by the text of the cell.
    ends: BTreeMap<&'a str, SystemId>,
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
            ends: BTreeMap::new(),
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

    /// Remembers the line of a key; rejects a second row for it.
    fn is_free(&mut self, lines: &mut BTreeMap<String, usize>, key: &str, line: usize, what: &str) -> bool {
        let Some(before) = lines.insert(key.to_owned(), line) else { return true };
        lines.insert(key.to_owned(), before);
        let reason = format!("the row is for the same {what} as line {before} (key \"{}\")", shortened(key));
        let remedy = "remove one of the two rows, or give each an id of its own";
        self.reject(line, "id", reason, remedy);
        false
    }
}

/// Whether two values of a fact are the same. A list of one may be written without brackets.
fn means_the_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(list), single) | (single, Value::Array(list)) if !single.is_array() => {
            list == std::slice::from_ref(single)
        }
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
