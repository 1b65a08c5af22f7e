//! The inventory: every kind of record that a model has, described once.
//!
//! From [`KINDS`] come the lists, the pages of records, their forms, filters and files. A system, a flow and a person
//! have pages of their own; what is said here of kinds is said of all others.

mod address;
mod cells;
mod estate;
mod grants;
pub mod guide;
mod kinds;
mod list;
mod traffic;
pub mod work;

pub use address::{address, find, object_of};
pub use cells::{Cell, csv, xlsx};
pub use estate::{FLOWS, SYSTEMS};
pub use grants::{GrantInUse, grants_in_use};
pub use kinds::KINDS;
pub use list::{Column, Order, Row, Table};

use crate::model::Model;
use crate::model::draft::options::{self, Fixed, Named};
use crate::model::fact::attribute;
use crate::model::object::{Object, ObjectKind};

/// A kind of record.
#[derive(Debug)]
pub struct Kind {
    /// Which kind of object it is.
    pub object: ObjectKind,
    /// The word in addresses.
    pub word: &'static str,
    /// One of them, as within a sentence.
    pub one: &'static str,
    /// Several of them, as a heading.
    pub several: &'static str,
    /// Beside which others it is listed.
    pub group: Group,
    /// The name of its picture.
    pub picture: &'static str,
    /// What it is for, as a sentence.
    pub purpose: &'static str,
    /// What it does to scope, as a sentence.
    pub effect: &'static str,
    /// What it has beside registered facts, in the order of the form.
    pub properties: &'static [Property],
    /// The columns that its list shows unless others are asked for.
    pub columns: &'static [&'static str],
}

/// Kinds that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Systems and flows, which have pages of their own.
    Estate,
    /// What stands where.
    Network,
    /// Who can do and read what.
    Access,
    /// Payment data itself.
    Data,
    /// Other organisations.
    Others,
    /// What people decided.
    Decisions,
}

impl Group {
    /// Every group of [`KINDS`], in the order of the navigation.
    pub const ALL: [Self; 5] = [Self::Network, Self::Access, Self::Data, Self::Others, Self::Decisions];

    /// The heading.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Estate => "Estate",
            Self::Network => "Network and protection",
            Self::Access => "Secrets and access",
            Self::Data => "Payment data",
            Self::Others => "Other organisations",
            Self::Decisions => "Decisions and settings",
        }
    }
}

/// Something that a kind of record has as a column of its own, because the engines read it.
#[derive(Debug)]
pub struct Property {
    /// The name in forms, filters and columns.
    pub name: &'static str,
    /// The label.
    pub label: &'static str,
    /// What to write, as a sentence; empty where the label says enough.
    pub hint: &'static str,
    /// Its values.
    pub input: Input,
    /// When it is filled in.
    pub when: When,
}

/// Which values a property can have.
#[derive(Debug, Clone, Copy)]
pub enum Input {
    /// One line of at most so many characters.
    Line(usize),
    /// Several lines of at most so many characters.
    Lines(usize),
    /// Several texts, divided by semicolons.
    Texts,
    /// One of a closed list.
    Choice(fn() -> Vec<Fixed>),
    /// Yes or no.
    YesNo,
    /// A day.
    Day,
    /// A whole number, with its unit in words.
    Count(&'static str),
    /// The key of an object of a kind.
    One(ObjectKind),
    /// The keys of several objects of a kind.
    Several(ObjectKind),
    /// Rows of grants.
    Grants,
}

/// When a property is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At once: one of about three fields.
    First,
    /// Once and for good, when the record is made.
    Once,
    /// When somebody unfolds the rest.
    Later,
    /// Never: it follows from the rest.
    Told,
}

impl Kind {
    /// The list with this word: a kind of record, or the systems or the flows.
    #[must_use]
    pub fn listed(word: &str) -> Option<&'static Self> {
        [&SYSTEMS, &FLOWS].into_iter().find(|kind| kind.word == word).or_else(|| Self::named(word))
    }

    /// The kind with this word in addresses.
    #[must_use]
    pub fn named(word: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.word == word)
    }

    /// The kind of these objects, unless they have pages of their own.
    #[must_use]
    pub fn of(object: ObjectKind) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.object == object)
    }

    /// The records of this kind.
    pub fn records<'a>(&'static self, model: &'a Model) -> impl Iterator<Item = Object> + 'a {
        model.objects().filter(|object| object.reference().kind() == self.object)
    }

    /// How many records of this kind there are.
    #[must_use]
    pub fn count(&self, model: &Model) -> usize {
        match self.object {
            ObjectKind::Settings => 1,
            ObjectKind::System => model.systems.len(),
            ObjectKind::Flow => model.flows.len(),
            ObjectKind::Segment => model.segments.len(),
            ObjectKind::Link => model.links.len(),
            ObjectKind::Control => model.controls.len(),
            ObjectKind::Key => model.keys.len(),
            ObjectKind::Credential => model.credentials.len(),
            ObjectKind::Vendor => model.vendors.len(),
            ObjectKind::Override => model.overrides.len(),
            kind => model.records.keys().filter(|key| key.kind == kind).count(),
        }
    }

    /// Whether there is exactly one, which is neither made nor deleted.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.object == ObjectKind::Settings
    }

    /// The property with this name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&'static Property> {
        let properties: &'static [Property] = self.properties;
        properties.iter().find(|property| property.name == name)
    }

    /// The label of a field of the form, of a row of grants as well.
    #[must_use]
    pub fn label(&self, field: &str) -> Option<String> {
        if field == "id" {
            return Some("Key".to_owned());
        }
        if let Some(row) = field.strip_prefix("grant.") {
            let (number, part) = row.split_once('.')?;
            let number = number.parse::<u32>().ok()?.saturating_add(1);
            let part = match part {
                "on" => "system",
                "priv" => "right",
                "action" => "actions",
                "elements" => "elements",
                "domain" => "token domain",
                other => attribute(ObjectKind::Grant, other.strip_prefix("fact.")?)?.label,
            };
            return Some(format!("Grant {number}, {part}"));
        }
        match field.strip_prefix("fact.") {
            Some(fact) => attribute(self.object, fact).map(|it| it.label.to_owned()),
            None => self.property(field).map(|it| it.label.to_owned()),
        }
    }
}

impl Input {
    /// What can be chosen; empty where it is typed in.
    #[must_use]
    pub fn options(self, model: &Model) -> Vec<Named> {
        match self {
            Self::Choice(list) => list().into_iter().map(|(word, label)| (word.to_owned(), label.to_owned())).collect(),
            Self::YesNo => [("no", "No"), ("yes", "Yes")].map(|(word, label)| (word.into(), label.into())).to_vec(),
            Self::One(kind) | Self::Several(kind) => options::objects(kind, model),
            Self::Line(_) | Self::Lines(_) | Self::Texts | Self::Day | Self::Count(_) | Self::Grants => Vec::new(),
        }
    }
}

/// The word under which views of the map are kept, beside those of lists.
pub const MAP: &str = "map";

/// The word of the register of risks, of which views are kept as of a list.
pub const REGISTER: &str = "risks";

/// Whether there is a list with this word, or it is the map or the register: what views are kept of.
#[must_use]
pub fn is_list(word: &str) -> bool {
    word == MAP || word == REGISTER || Kind::listed(word).is_some()
}

/// What people call a record, also where it has no name of its own: a link is called after its segments, a decision
/// after its system.
#[must_use]
pub fn title(object: &Object, model: &Model) -> String {
    match object {
        Object::Link(it) => {
            let name = |id: &crate::id::SegmentId| {
                model.segments.get(id).map_or_else(|| id.to_string(), |segment| segment.name.clone())
            };
            format!("{} and {}", name(it.key.a()), name(it.key.b()))
        }
        Object::Override(it) => {
            let id = &it.key.system;
            let name = model.systems.get(id).map_or_else(|| id.to_string(), |system| system.name.clone());
            if it.key.number == 0 { name } else { format!("{name}, decision {}", it.key.number.saturating_add(1)) }
        }
        Object::Flow(it) if it.name.is_empty() => {
            let name = |id: &crate::id::SystemId| {
                model.systems.get(id).map_or_else(|| id.to_string(), |system| system.name.clone())
            };
            format!("{} to {}", name(&it.from), name(&it.to))
        }
        Object::Settings(_) => "Settings of the engine".to_owned(),
        other => other.name(),
    }
}

#[cfg(test)]
mod tests;
