//! Registered facts: every attribute that the engines do not read as a column.
//!
//! One registry ([`ATTRIBUTES`]) lists them all; forms, CSV columns and filters are generated from it,
//! so that an attribute is added in one place.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::object::ObjectKind;
use crate::id::PersonId;
use crate::time::Day;

mod reference;
mod registry;
#[cfg(test)]
mod tests;
mod value;

pub use reference::resolves;
pub use registry::ATTRIBUTES;
pub use value::{EVIDENCE_MAX, LONG_TEXT_MAX, TEXT_MAX, choice_label, display, fits, parse};

/// The facts of one object, by name.
pub type Facts = BTreeMap<String, Fact>;

/// One fact: a value, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The value in the JSON shape of its [`FactType`]; numbers are whole.
    pub value: Value,
    /// Where it was read: a file, a system, a person's own knowledge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The day for which it was stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Day>,
    /// Who confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_by: Option<PersonId>,
    /// The last day on which it can be relied on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Day>,
}

impl Fact {
    /// A value without anything said about where it comes from.
    #[must_use]
    pub const fn of(value: Value) -> Self {
        Self { value, source: None, as_of: None, confirmed_by: None, valid_until: None }
    }

    /// Whether there is nothing but the value.
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        self.source.is_none() && self.as_of.is_none() && self.confirmed_by.is_none() && self.valid_until.is_none()
    }

    /// The value as text, where it is a text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.value.as_str()
    }
}

/// What values a fact can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactType {
    /// One line of text.
    Text,
    /// Several lines of text.
    LongText,
    /// True or false; unknown where absent.
    Bool,
    /// A whole number that is not negative, with its unit in words.
    Integer(&'static str),
    /// One whole number, or a list of several, with the unit of each in words.
    Integers(&'static str),
    /// A day.
    Day,
    /// An instant, RFC 3339 in UTC.
    Instant,
    /// One of a closed list.
    Choice(&'static [&'static str]),
    /// The key of an object of a kind.
    Reference(ObjectKind),
    /// The reference of an evidence item, such as EV-0001.
    Evidence,
    /// Several texts.
    Texts,
    /// Several of a closed list.
    Choices(&'static [&'static str]),
    /// Several keys of objects of a kind.
    References(ObjectKind),
    /// A structure with named parts, kept as JSON.
    Structure,
}

/// One attribute of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    /// The object that carries it.
    pub object: ObjectKind,
    /// The name in files and columns.
    pub name: &'static str,
    /// The label in forms.
    pub label: &'static str,
    /// What it says, as a short sentence; empty where the label says enough.
    pub hint: &'static str,
    /// Its values.
    pub kind: FactType,
    /// Shown in the form at once; the others are folded away.
    pub common: bool,
}

/// The attributes of a kind of object, in the order in which forms show them.
pub fn attributes_of(object: ObjectKind) -> impl Iterator<Item = &'static Attribute> {
    ATTRIBUTES.iter().copied().flatten().filter(move |attribute| attribute.object == object)
}

/// The facts that are written on pages of their own only: what people answered, confirmed or ticked there.
const APART: [&str; 3] = ["answers", "confirmations", "checkpoints"];

/// Whether a fact is written on pages of its own only. No form of the object shows or takes it, and a copy of the object
/// does not have it.
#[must_use]
pub fn has_own_page(attribute: &Attribute) -> bool {
    APART.contains(&attribute.name)
}

/// The attribute of a kind of object with that name.
#[must_use]
pub fn attribute(object: ObjectKind, name: &str) -> Option<&'static Attribute> {
    static BY_NAME: OnceLock<BTreeMap<(ObjectKind, &'static str), &'static Attribute>> = OnceLock::new();
    BY_NAME
        .get_or_init(|| ATTRIBUTES.iter().copied().flatten().map(|it| ((it.object, it.name), it)).collect())
        .get(&(object, name))
        .copied()
}
