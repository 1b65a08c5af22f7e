//! The records of one kind as a table: filtered, ordered, and as a file with exactly what the table shows.

use std::collections::BTreeMap;

use super::{Input, Kind, Property, When, address, title};
use crate::export::csv::line;
use crate::filter::Filter;
use crate::model::Model;
use crate::model::draft::record_to_form;
use crate::model::fact::{Attribute, FactType, attributes_of, choice_label, display};
use crate::model::object::{Object, ObjectRef};
use crate::model::references::references_of;

/// One column of a list.
#[derive(Debug, Clone, Copy)]
pub enum Column {
    /// What people call it.
    Title,
    /// The key.
    Key,
    /// How many objects refer to it.
    Uses,
    /// A property.
    Property(&'static Property),
    /// A registered fact.
    Fact(&'static Attribute),
}

impl Column {
    /// The column of a kind with this name.
    #[must_use]
    pub fn named(kind: &'static Kind, name: &str) -> Option<Self> {
        Self::all(kind).into_iter().find(|column| column.name() == name)
    }

    /// Every column that a kind can show, the title first.
    #[must_use]
    pub fn all(kind: &'static Kind) -> Vec<Self> {
        let own = kind.properties.iter().filter(|it| it.name != "name" && !matches!(it.input, Input::Grants));
        let facts = attributes_of(kind.object).filter(|it| it.kind != FactType::Structure);
        let mut columns = vec![Self::Title, Self::Key];
        columns.extend(own.map(Self::Property));
        columns.push(Self::Uses);
        columns.extend(facts.map(Self::Fact));
        columns
    }

    /// The columns that a list shows: those asked for in the order of the kind, or the usual ones. The title is always
    /// there.
    #[must_use]
    pub fn shown(kind: &'static Kind, asked: &[&str]) -> Vec<Self> {
        let known = asked.iter().any(|name| Self::named(kind, name).is_some());
        let wanted = |column: &Self| {
            let name = column.name();
            matches!(column, Self::Title) || if known { asked.contains(&name) } else { kind.columns.contains(&name) }
        };
        Self::all(kind).into_iter().filter(wanted).collect()
    }

    /// The name in addresses and files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "name",
            Self::Key => "key",
            Self::Uses => "uses",
            Self::Property(it) => it.name,
            Self::Fact(it) => it.name,
        }
    }

    /// The words in its head.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Title => "Name",
            Self::Key => "Key",
            Self::Uses => "Used by",
            Self::Property(it) => it.label,
            Self::Fact(it) => it.label,
        }
    }

    /// Whether it holds numbers.
    #[must_use]
    pub const fn is_number(self) -> bool {
        match self {
            Self::Uses => true,
            Self::Property(it) => matches!(it.input, Input::Count(_)),
            Self::Fact(it) => matches!(it.kind, FactType::Integer(_)),
            Self::Title | Self::Key => false,
        }
    }
}

/// One record in a list.
#[derive(Debug)]
pub struct Row {
    /// The record.
    pub object: Object,
    /// Its key in addresses.
    pub address: String,
    /// What people call it.
    pub title: String,
    /// How many objects refer to it.
    pub uses: usize,
    form: Vec<(String, String)>,
}

/// By which column, and which way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order<'a> {
    /// The name of the column; the title where there is none of that name.
    pub column: &'a str,
    /// The largest first.
    pub descending: bool,
}

/// The records of one kind.
#[derive(Debug)]
pub struct Table<'a> {
    kind: &'static Kind,
    model: &'a Model,
    rows: Vec<Row>,
    names: BTreeMap<&'static str, BTreeMap<String, String>>,
}

impl<'a> Table<'a> {
    /// All records of a kind. The model is judged as of today.
    #[must_use]
    pub fn of(kind: &'static Kind, model: &'a Model) -> Self {
        let mut uses: BTreeMap<ObjectRef, usize> = BTreeMap::new();
        for object in model.objects() {
            let own = object.reference();
            let mut named: Vec<ObjectRef> =
                references_of(&object).into_iter().map(|it| it.to).filter(|to| to.kind() == kind.object).collect();
            named.sort();
            named.dedup();
            named.into_iter().filter(|to| *to != own).for_each(|to| *uses.entry(to).or_default() += 1);
        }
        let row = |object: Object| {
            let reference = object.reference();
            Row {
                address: address(&reference),
                title: title(&object, model),
                uses: uses.get(&reference).copied().unwrap_or(0),
                form: told(&object).into_iter().chain(record_to_form(&object)).collect(),
                object,
            }
        };
        let rows = kind.records(model).map(row).collect();
        let mut names = BTreeMap::new();
        for column in Column::all(kind) {
            let options = match column {
                Column::Property(it) => it.input.options(model),
                Column::Fact(it) if matches!(it.kind, FactType::Reference(_) | FactType::References(_)) => {
                    crate::model::draft::options::of_attribute(it, model)
                }
                _ => Vec::new(),
            };
            names.insert(column.name(), options.into_iter().collect());
        }
        Self { kind, model, rows, names }
    }

    /// How many records there are before any filter.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The words that a filter of this list understands before the colon.
    #[must_use]
    pub fn keys(&self) -> Vec<&'static str> {
        let columns = Column::all(self.kind).into_iter().map(Column::name);
        columns.filter(|name| *name != "uses").chain(["is"]).collect()
    }

    /// The rows that a filter lets through, in order.
    #[must_use]
    pub fn rows(&self, filter: &Filter, order: Order<'_>) -> Vec<&Row> {
        let passes = |row: &&Row| {
            let text = format!("{} {}", row.title, row.address);
            filter.lets_through(&text, |key, value| self.holds(row, key, value))
        };
        let mut rows: Vec<&Row> = self.rows.iter().filter(passes).collect();
        let column = Column::named(self.kind, order.column).unwrap_or(Column::Title);
        rows.sort_by_cached_key(|row| (self.rank(row, column), row.title.to_lowercase(), row.address.clone()));
        if order.descending {
            rows.reverse();
        }
        rows
    }

    fn holds(&self, row: &Row, key: &str, value: &str) -> bool {
        if key == "is" {
            return match value {
                "used" => row.uses > 0,
                "unused" => row.uses == 0,
                "unowned" => row.object.facts().is_none_or(|facts| !facts.contains_key("owner")),
                _ => false,
            };
        }
        let Some(column) = Column::named(self.kind, key) else { return false };
        let values = self.values(row, column);
        if value == "none" {
            return values.is_empty();
        }
        let closed = match column {
            Column::Property(it) => matches!(it.input, Input::Choice(_) | Input::YesNo),
            Column::Fact(it) => matches!(it.kind, FactType::Choice(_) | FactType::Choices(_) | FactType::Bool),
            _ => false,
        };
        values.iter().any(|text| {
            let words = self.word(column, text).to_lowercase();
            let text = text.to_lowercase();
            if closed { text == value || words == value } else { text.contains(value) || words.contains(value) }
        })
    }

    /// The values as they are stored.
    fn values(&self, row: &Row, column: Column) -> Vec<String> {
        let named = |name: &str| {
            let values = row.form.iter().filter(|(key, value)| key == name && !value.is_empty());
            values.map(|(_, value)| value.clone()).collect::<Vec<_>>()
        };
        match column {
            Column::Title => vec![row.title.clone()],
            Column::Key => vec![row.address.clone()],
            Column::Uses => vec![row.uses.to_string()],
            Column::Property(it) => named(it.name),
            Column::Fact(it) => {
                let Some(fact) = row.object.facts().and_then(|facts| facts.get(it.name)) else { return Vec::new() };
                match (&fact.value, it.kind) {
                    (serde_json::Value::Array(items), _) => items.iter().map(|item| display(it, item)).collect(),
                    (value, _) => vec![display(it, value)],
                }
            }
        }
    }

    /// One value as people read it.
    fn word(&self, column: Column, value: &str) -> String {
        let listed = || self.names.get(column.name()).and_then(|names| names.get(value)).cloned();
        match column {
            Column::Title | Column::Key | Column::Uses => value.to_owned(),
            Column::Property(_) => listed().unwrap_or_else(|| value.to_owned()),
            Column::Fact(it) => match it.kind {
                FactType::Bool | FactType::Choice(_) | FactType::Choices(_) => choice_label(value),
                _ => listed().unwrap_or_else(|| value.to_owned()),
            },
        }
    }

    /// What a cell says: names instead of keys, several divided by commas.
    #[must_use]
    pub fn words(&self, row: &Row, column: Column) -> String {
        let values = self.values(row, column);
        values.iter().map(|value| self.word(column, value)).collect::<Vec<_>>().join(", ")
    }

    /// The objects that a cell names, with their words; empty where it names none.
    #[must_use]
    pub fn named(&self, row: &Row, column: Column) -> Vec<(ObjectRef, String)> {
        let kind = match column {
            Column::Property(Property { input: Input::One(kind) | Input::Several(kind), .. }) => *kind,
            Column::Fact(Attribute { kind: FactType::Reference(kind) | FactType::References(kind), .. }) => *kind,
            _ => return Vec::new(),
        };
        let values = self.values(row, column);
        values
            .iter()
            .filter_map(|value| ObjectRef::of(kind, value).map(|it| (it, self.word(column, value))))
            .filter(|(reference, _)| self.model.get(reference).is_some())
            .collect()
    }

    fn rank(&self, row: &Row, column: Column) -> Rank {
        match self.values(row, column).first() {
            // What nobody said comes last.
            None => Rank(2, 0, String::new()),
            Some(first) => match first.parse::<u64>() {
                Ok(number) if column.is_number() => Rank(0, number, String::new()),
                _ => Rank(1, 0, self.words(row, column).to_lowercase()),
            },
        }
    }
}

/// Where a value stands in a column.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank(u8, u64, String);

/// What follows from a record and no form shows.
fn told(object: &Object) -> Vec<(String, String)> {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    match object {
        Object::Control(it) => vec![pair("status", it.status.as_str())],
        Object::Credential(it) => {
            let mut on: Vec<&str> = it.grants.iter().map(|grant| grant.on.as_str()).collect();
            on.dedup();
            on.into_iter().map(|key| pair("reaches", key)).collect()
        }
        Object::Override(it) => {
            let people = [("author", &it.author), ("approver", &it.approver)];
            let mut pairs: Vec<_> =
                people.into_iter().filter_map(|(name, who)| who.as_deref().map(|who| pair(name, who))).collect();
            pairs.extend(it.decided_at.map(|day| pair("decided_at", &day.to_string())));
            pairs
        }
        _ => Vec::new(),
    }
}

/// The rows as a file: the heads, then one line per row, formulas made harmless, ready for a spreadsheet.
#[must_use]
pub fn csv(table: &Table<'_>, rows: &[&Row], columns: &[Column]) -> String {
    let mut text = String::new();
    line(&mut text, columns.iter().map(|column| column.label().into()));
    for row in rows {
        line(&mut text, columns.iter().map(|column| table.words(row, *column).into()));
    }
    text
}

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Kind {
    /// The properties that are filled in then.
    pub fn at(&self, when: When) -> impl Iterator<Item = &'static Property> + use<> {
        let properties: &'static [Property] = self.properties;
        properties.iter().filter(move |property| property.when == when)
    }
}
