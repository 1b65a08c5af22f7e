//! A table of a pack: heads and rows, as CSV and as a sheet of a workbook.

use std::borrow::Cow;

use serde_json::Value;

use crate::export::csv::line;
use crate::export::xlsx::Sheet;
use crate::inventory::Cell;
use crate::model::fact::Facts;

/// A table with its rows in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) heads: &'static [&'static str],
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(heads: &'static [&'static str], rows: impl Iterator<Item = Vec<String>>) -> Self {
        Self { heads, rows: rows.collect() }
    }

    /// RFC 4180 with a line feed at the end of each line, formulas made harmless.
    pub(super) fn csv(&self) -> String {
        let mut text = String::new();
        add(&mut text, self.heads.iter().copied().map(Cow::Borrowed));
        self.rows.iter().for_each(|row| add(&mut text, row.iter().map(|it| Cow::Borrowed(it.as_str()))));
        text
    }

    /// As a sheet of a workbook.
    pub(super) fn sheet<'a>(&'a self, name: &'a str) -> Sheet<'a> {
        let cells = |row: &Vec<String>| row.iter().map(|it| Cell::Text(it.clone())).collect();
        Sheet { name, heads: self.heads, rows: Box::new(self.rows.iter().map(cells)) }
    }
}

/// Adds a line. The exporter ends it as spreadsheets write it; files of a pack end lines as checksums are made of them.
fn add<'a>(text: &mut String, cells: impl Iterator<Item = Cow<'a, str>>) {
    line(text, cells);
    text.truncate(text.len() - "\r\n".len());
    text.push('\n');
}

/// What a fact says; empty where nobody said anything.
pub(super) fn fact(facts: &Facts, name: &str) -> String {
    facts.get(name).map(|it| words(&it.value)).unwrap_or_default()
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => yes_no(*yes),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

pub(super) fn yes_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

/// A key or a value where there is one.
pub(super) fn or_empty(value: Option<impl ToString>) -> String {
    value.map(|it| it.to_string()).unwrap_or_default()
}

/// Several values in one cell.
pub(super) fn joined(items: impl IntoIterator<Item = impl ToString>) -> String {
    items.into_iter().map(|it| it.to_string()).collect::<Vec<_>>().join("; ")
}

/// The stable number of a row of a file, by which a report cites it.
pub(super) fn evidence_ref(file: u32, row: usize) -> String {
    format!("EV-{file:02}-{row:04}")
}
