//! What the cells of a list say, on the page and in a file of exactly what the page shows.

use super::list::{Column, Row, Table};
use super::{Input, Property};
use crate::export::csv::line;
use crate::export::xlsx::workbook;
use crate::model::draft::chip_label;
use crate::model::fact::{Attribute, FactType, choice_label, display};
use crate::model::object::{Object, ObjectRef};

/// What one cell of a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A text; empty where nobody has said anything.
    Text(String),
    /// A whole number.
    Number(u64),
}

impl Table<'_> {
    /// The values as they are stored.
    pub(super) fn values(&self, row: &Row, column: Column) -> Vec<String> {
        let named = |name: &str| {
            let values = row.form().iter().filter(|(key, value)| key == name && !value.is_empty());
            values.map(|(_, value)| value.clone()).collect::<Vec<_>>()
        };
        match column {
            Column::Title => vec![row.title.clone()],
            Column::Key => vec![row.address.clone()],
            Column::Uses => vec![row.uses.to_string()],
            Column::Property(it) => self.derived(row, it.name).unwrap_or_else(|| named(it.name)),
            Column::Fact(it) => {
                let Some(fact) = row.object.facts().and_then(|facts| facts.get(it.name)) else { return Vec::new() };
                match (&fact.value, it.kind) {
                    (serde_json::Value::Array(items), _) => items.iter().map(|item| display(it, item)).collect(),
                    (value, _) => vec![display(it, value)],
                }
            }
        }
    }

    /// What follows from a system or a flow and its surroundings.
    fn derived(&self, row: &Row, name: &str) -> Option<Vec<String>> {
        match (&row.object, name) {
            (Object::System(it), "scope") => {
                let verdict = self.scope.and_then(|scope| scope.systems.get(&it.id));
                Some(verdict.map(|it| it.category.as_str().to_owned()).into_iter().collect())
            }
            (Object::System(it), "flows") => Some(vec![self.traffic.flows(it).to_string()]),
            (Object::System(it), "field") => Some(it.holdings.iter().map(chip_label).collect()),
            (Object::Flow(it), "field") => Some(it.fields.iter().map(chip_label).collect()),
            _ => None,
        }
    }

    /// One value as people read it.
    pub(super) fn word(&self, column: Column, value: &str) -> String {
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

    fn cell(&self, row: &Row, column: Column) -> Cell {
        let words = self.words(row, column);
        match words.parse() {
            Ok(number) if column.is_number() => Cell::Number(number),
            _ => Cell::Text(words),
        }
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

/// The same as a workbook with one sheet. Numbers are numbers; every text is a text, so none is a formula.
#[must_use]
pub fn xlsx(table: &Table<'_>, rows: &[&Row], columns: &[Column]) -> Vec<u8> {
    let heads: Vec<&str> = columns.iter().map(|column| column.label()).collect();
    let cells = rows.iter().map(|row| columns.iter().map(|column| table.cell(row, *column)).collect::<Vec<_>>());
    workbook(table.kind.several, &heads, cells)
}
