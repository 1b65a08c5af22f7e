//! The records of one kind as a table: filtered and ordered.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::traffic::Traffic;
use super::{Input, Kind, Property, When, address, title, work};
use crate::filter::Filter;
use crate::model::Model;
use crate::model::draft::{flow_to_form, options, record_to_form, system_to_form};
use crate::model::fact::{Attribute, FactType, attributes_of};
use crate::model::object::{Object, ObjectKind, ObjectRef};
use crate::model::references::references_of;
use crate::scope::verdict::{Category, Scope};

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
        if !kind.has_own_pages() {
            columns.push(Self::Uses);
        }
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
    /// How many objects refer to it; not counted for systems and flows.
    pub uses: usize,
    form: OnceLock<Vec<(String, String)>>,
}

impl Row {
    /// The values of its form, written when they are asked for: most rows of a long list never are.
    pub(super) fn form(&self) -> &[(String, String)] {
        self.form.get_or_init(|| match &self.object {
            Object::System(it) => system_to_form(it),
            Object::Flow(it) => flow_to_form(it),
            other => told(other).into_iter().chain(record_to_form(other)).collect(),
        })
    }
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
    pub(super) kind: &'static Kind,
    pub(super) model: &'a Model,
    pub(super) scope: Option<&'a Scope>,
    pub(super) traffic: Traffic<'a>,
    rows: Vec<Row>,
    pub(super) names: BTreeMap<&'static str, BTreeMap<String, String>>,
}

impl<'a> Table<'a> {
    /// All records of a kind. The model is judged as of today.
    #[must_use]
    pub fn of(kind: &'static Kind, model: &'a Model) -> Self {
        let uses = if kind.has_own_pages() { BTreeMap::new() } else { uses(kind, model) };
        let row = |object: Object| {
            let reference = object.reference();
            Row {
                address: address(&reference),
                title: title(&object, model),
                uses: uses.get(&reference).copied().unwrap_or(0),
                form: OnceLock::new(),
                object,
            }
        };
        let rows = match kind.object {
            ObjectKind::System => model.systems.values().map(|it| row(Object::System(it.clone()))).collect(),
            ObjectKind::Flow => model.flows.values().map(|it| row(Object::Flow(it.clone()))).collect(),
            _ => kind.records(model).map(row).collect(),
        };
        let mut names = BTreeMap::new();
        for column in Column::all(kind) {
            let options = match column {
                Column::Property(it) => it.input.options(model),
                Column::Fact(it) if matches!(it.kind, FactType::Reference(_) | FactType::References(_)) => {
                    options::of_attribute(it, model)
                }
                _ => Vec::new(),
            };
            names.insert(column.name(), options.into_iter().collect());
        }
        let traffic = if kind.object == ObjectKind::System { Traffic::of(model) } else { Traffic::default() };
        Self { kind, model, scope: None, traffic, rows, names }
    }

    /// As [`Self::of`], with the verdicts on the systems.
    #[must_use]
    pub fn with_scope(kind: &'static Kind, model: &'a Model, scope: &'a Scope) -> Self {
        Self { scope: Some(scope), ..Self::of(kind, model) }
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
        let ends = (self.kind.object == ObjectKind::Flow).then_some("system");
        columns.filter(|name| !matches!(*name, "uses" | "flows")).chain(ends).chain(["is"]).collect()
    }

    /// The words that stand behind `is:` in a filter of this list.
    #[must_use]
    pub const fn states(&self) -> &'static [&'static str] {
        match self.kind.object {
            ObjectKind::System => &["undeclared", "unowned", "flagged"],
            ObjectKind::Flow => &[
                "unrecognised",
                "fields-unknown",
                "encryption-unknown",
                "auth-unknown",
                "unencrypted",
                "unowned",
                "confirmed",
                "unconfirmed",
                "ends-differ",
            ],
            _ => &["used", "unused", "unowned"],
        }
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
        match (&row.object, key) {
            (_, "is") => return self.is(row, value),
            // One key, or several divided by commas, as the map picks them.
            (_, "key") => {
                let own = row.address.to_lowercase();
                return own == value || value.split(',').any(|key| key == own);
            }
            (Object::System(it), "field") if value == "none" => return !self.traffic.handles_any(it),
            (Object::System(it), "field") => return self.traffic.handles(it, value),
            (Object::Flow(it), "field") if value == "none" => return it.fields.is_empty(),
            (Object::Flow(it), "field") => return it.fields.iter().any(|it| it.element.as_str() == value),
            (Object::Flow(_), "system") => return self.holds(row, "from", value) || self.holds(row, "to", value),
            (Object::System(it), "scope") => {
                let verdict = self.scope.and_then(|scope| scope.systems.get(&it.id));
                match value {
                    "in" => return verdict.is_some_and(|it| it.category.in_scope()),
                    "undeclared" => return it.undeclared,
                    // What nobody has declared is never shown as out of scope.
                    "out_of_scope" | "out" if it.undeclared => return false,
                    code => {
                        if let Some(category) = Category::ALL.iter().find(|it| it.code().eq_ignore_ascii_case(code)) {
                            return verdict.is_some_and(|it| it.category == *category);
                        }
                    }
                }
            }
            _ => {}
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
        // A key means that one object, also where the name of another contains it.
        let is_key =
            self.names.get(column.name()).is_some_and(|names| names.keys().any(|key| key.to_lowercase() == value));
        values.iter().any(|text| {
            let words = self.word(column, text).to_lowercase();
            let text = text.to_lowercase();
            match () {
                () if closed => text == value || words == value,
                () if is_key => text == value,
                () => text.contains(value) || words.contains(value),
            }
        })
    }

    fn is(&self, row: &Row, state: &str) -> bool {
        match (&row.object, state) {
            (Object::System(it), "undeclared") => it.undeclared,
            (Object::System(it), "unowned") => work::unowned(it),
            (Object::System(it), "flagged") => {
                self.scope.and_then(|scope| scope.systems.get(&it.id)).is_some_and(|it| !it.flags.is_empty())
            }
            (Object::Flow(it), "unrecognised") => work::unrecognised(it),
            (Object::Flow(it), "fields-unknown") => work::fields_unknown(it),
            (Object::Flow(it), "encryption-unknown") => work::encryption_unknown(it),
            (Object::Flow(it), "auth-unknown") => work::auth_unknown(it),
            (Object::Flow(it), "unencrypted") => work::unencrypted(it),
            (Object::Flow(it), "confirmed") => work::confirmed(it),
            (Object::Flow(it), "unconfirmed") => work::unconfirmed(it),
            (Object::Flow(it), "ends-differ") => work::ends_differ(it),
            (_, "used") => row.uses > 0,
            (_, "unused") => row.uses == 0 && !self.kind.has_own_pages(),
            (object, "unowned") => object.facts().is_none_or(|facts| !facts.contains_key("owner")),
            _ => false,
        }
    }

    fn rank(&self, row: &Row, column: Column) -> Rank {
        if let (Object::System(it), "scope") = (&row.object, column.name()) {
            let category = self.scope.and_then(|scope| scope.systems.get(&it.id)).map(|it| it.category);
            let place = Category::ALL.iter().position(|it| Some(*it) == category);
            return Rank(0, u64::try_from(place.unwrap_or(Category::ALL.len())).unwrap_or(u64::MAX), String::new());
        }
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

/// How many objects refer to each record of a kind.
fn uses(kind: &'static Kind, model: &Model) -> BTreeMap<ObjectRef, usize> {
    let mut uses: BTreeMap<ObjectRef, usize> = BTreeMap::new();
    for object in model.objects() {
        let own = object.reference();
        let mut named: Vec<ObjectRef> =
            references_of(&object).into_iter().map(|it| it.to).filter(|to| to.kind() == kind.object).collect();
        named.sort();
        named.dedup();
        named.into_iter().filter(|to| *to != own).for_each(|to| *uses.entry(to).or_default() += 1);
    }
    uses
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

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Kind {
    /// Whether its records have pages of their own, as systems and flows do.
    #[must_use]
    pub const fn has_own_pages(&self) -> bool {
        matches!(self.object, ObjectKind::System | ObjectKind::Flow)
    }

    /// The properties that are filled in then.
    pub fn at(&self, when: When) -> impl Iterator<Item = &'static Property> + use<> {
        let properties: &'static [Property] = self.properties;
        properties.iter().filter(move |property| property.when == when)
    }
}
