//! A report as titled tables.

use std::borrow::Cow;

use crate::export::csv::line;
use crate::text::grouped;
use crate::time::Day;

/// What stands in a cell of which nobody said anything.
pub const UNKNOWN: &str = "unknown";

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its title.
    pub title: String,
    /// The day as of which it was made.
    pub as_of: Day,
    /// What it says in short, one sentence each.
    pub sentences: Vec<String>,
    /// Its tables, in the order in which they are read.
    pub tables: Vec<Table>,
}

/// One table of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The name within the report, as addresses and files have it.
    pub name: &'static str,
    /// Its title.
    pub title: String,
    /// What to know about it, as one sentence; empty where the title says enough.
    pub note: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows: one cell per column.
    pub rows: Vec<Vec<String>>,
}

/// One column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The name in files.
    pub name: &'static str,
    /// The heading for people.
    pub label: &'static str,
}

impl Report {
    /// The table with this name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|it| it.name == name)
    }

    /// How many rows all tables have, as people read it.
    #[must_use]
    pub fn length(&self) -> String {
        grouped(self.tables.iter().map(|it| it.rows.len()).sum::<usize>())
    }
}

impl Table {
    /// A table with rows of as many cells as there are columns: names and headings in pairs.
    #[must_use]
    pub fn new<const N: usize>(
        name: &'static str,
        title: impl Into<String>,
        columns: [(&'static str, &'static str); N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) -> Self {
        Self {
            name,
            title: title.into(),
            note: String::new(),
            columns: columns.into_iter().map(|(name, label)| Column { name, label }).collect(),
            rows: rows.into_iter().map(Vec::from).collect(),
        }
    }

    /// The same with a sentence below its title.
    #[must_use]
    pub fn with_note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    /// As CSV: names of columns, then the cells as people read them; every cell in quotes, formulas made harmless.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut text = String::new();
        line(&mut text, self.columns.iter().map(|it| Cow::Borrowed(it.name)));
        for row in &self.rows {
            line(&mut text, row.iter().map(|it| Cow::Borrowed(it.as_str())));
        }
        text
    }

    /// The cells of a column by its name, from the top; none where there is no such column.
    pub fn column(&self, name: &str) -> impl Iterator<Item = &str> {
        let place = self.columns.iter().position(|it| it.name == name);
        self.rows.iter().filter_map(move |row| row.get(place?)).map(String::as_str)
    }
}

/// The text, or the word for what nobody said.
pub(super) fn or_unknown(text: Option<impl Into<String>>) -> String {
    text.map(Into::into).filter(|it: &String| !it.trim().is_empty()).unwrap_or_else(|| UNKNOWN.to_owned())
}

/// Yes, no or unknown.
pub(super) fn yes_or_no(said: Option<bool>) -> String {
    said.map_or(UNKNOWN, |yes| if yes { "yes" } else { "no" }).to_owned()
}

/// Several texts in one cell.
pub(super) fn list(items: impl IntoIterator<Item = String>) -> String {
    items.into_iter().collect::<Vec<_>>().join("; ")
}

/// What every report keeps, for the tests of each.
#[cfg(test)]
pub(super) fn check(report: &Report) {
    use std::collections::BTreeSet;

    let names: BTreeSet<&str> = report.tables.iter().map(|it| it.name).collect();
    assert_eq!(names.len(), report.tables.len(), "each table has a name of its own");
    for it in &report.sentences {
        assert!(it.ends_with('.') && !it.contains("  "), "{it}");
    }
    for table in &report.tables {
        let columns: BTreeSet<&str> = table.columns.iter().map(|it| it.name).collect();
        assert_eq!(columns.len(), table.columns.len(), "{}", table.name);
        for row in &table.rows {
            assert_eq!(row.len(), table.columns.len(), "{}: {row:?}", table.name);
        }
        assert_eq!(table.csv().lines().count(), table.rows.len() + 1, "{}", table.name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_says_the_same_on_a_page_and_in_a_file_and_runs_no_formula() {
        let rows = [["=1+1".to_owned(), "a \"b\"".to_owned()], ["x".to_owned(), or_unknown(None::<String>)]];
        let it =
            Table::new("things", "Things", [("key", "Key"), ("what", "What it is")], rows).with_note("All of them.");
        assert_eq!(it.csv(), "\"key\",\"what\"\r\n\"'=1+1\",\"a \"\"b\"\"\"\r\n\"x\",\"unknown\"\r\n");
        assert_eq!(it.column("what").collect::<Vec<_>>(), ["a \"b\"", "unknown"]);
        assert_eq!(it.column("none").count(), 0);
        let report =
            Report { title: "T".to_owned(), as_of: Day(0), sentences: vec!["One.".to_owned()], tables: vec![it] };
        check(&report);
        assert_eq!((report.length().as_str(), report.table("things").is_some()), ("2", true));
    }
}
