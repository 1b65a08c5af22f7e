//! A framework of one's own: requirements that a workspace brings as a table.
//!
//! Columns `id` and `title`, and where wanted `group`. A title is a few words of whoever writes the table: texts of
//! standards belong to their publishers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::catalogue::Entry;
use super::reference::{Framework, FrameworkKey, ID_MAX, RequirementKey};
use crate::export::csv::table_of;
use crate::import::card;
use crate::import::cell::unguarded;
use crate::import::rejection::{REJECTIONS_LISTED, Rejection, shortened};
use crate::import::table::{Records, check_width};
use crate::model::draft::NAME_MAX;

/// The most requirements of a framework.
pub const ROWS_MAX: usize = 2_000;
/// The most frameworks of a workspace.
pub const FRAMEWORKS_MAX: usize = 20;
/// The largest table, in bytes.
pub const BYTES_MAX: usize = 1024 * 1024;
/// The longest title of a requirement, in characters.
pub const TITLE_MAX: usize = 200;

/// A framework of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnFramework {
    /// Its key.
    pub key: FrameworkKey,
    /// What people call it.
    pub name: String,
    /// Its requirements, in the order of its table.
    pub rows: Vec<Row>,
}

/// One requirement of a framework of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its id within the framework.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// The group under which lists show it; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
}

impl OwnFramework {
    /// Its requirements as lists show them, sorted as people count.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let mut all: Vec<Entry> = self.rows.iter().filter_map(|row| self.made(row)).collect();
        all.sort_by(|one, other| one.key.cmp(&other.key));
        all
    }

    fn made(&self, row: &Row) -> Option<Entry> {
        let key = RequirementKey::of(Framework::Own(self.key.clone()), &row.id).ok()?;
        Some(Entry { key, title: row.title.clone(), level: None, group: row.group.clone() })
    }

    /// One of its requirements.
    #[must_use]
    pub fn entry(&self, key: &RequirementKey) -> Option<Entry> {
        let row = self.rows.iter().find(|it| it.id == key.id())?;
        self.made(row).filter(|it| it.key == *key)
    }

    /// Whether it lists the requirement.
    #[must_use]
    pub fn has(&self, key: &RequirementKey) -> bool {
        matches!(key.framework(), Framework::Own(own) if *own == self.key)
            && self.rows.iter().any(|it| it.id == key.id())
    }

    /// As a table that [`read`] takes again.
    #[must_use]
    pub fn csv(&self) -> String {
        let head = ["id", "title", "group"].map(str::to_owned);
        let rows = self.rows.iter().map(|it| [it.id.clone(), it.title.clone(), it.group.clone()]);
        table_of(std::iter::once(head).chain(rows))
    }
}

/// Reads the table of a framework.
///
/// # Errors
/// Every row that is wrong with its line and column, the first [`REJECTIONS_LISTED`] of them.
pub fn read(file: &str, text: &str, key: FrameworkKey, name: &str) -> Result<OwnFramework, Vec<Rejection>> {
    let name = name.trim();
    let whole = |reason: &str, remedy: &str| Err(vec![Rejection::of_file(file, reason, remedy)]);
    if text.len() > BYTES_MAX {
        return whole("the table is larger than 1 MiB", "leave out what is no requirement");
    }
    if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return whole("the framework has no name that fits on one line", "give it a name");
    }
    if card::find(name).is_some() {
        return whole("the name holds a full card number", "remove it");
    }
    let mut records = Records::new(file, text.strip_prefix('\u{feff}').unwrap_or(text));
    let columns = header(file, &mut records).map_err(|it| vec![it])?;
    let mut reader = Reader { file, columns, seen: BTreeMap::new(), rows: Vec::new(), rejections: Vec::new() };
    let mut count = 0;
    while let Some(record) = records.next_record().map_err(|it| vec![it])? {
        if record.is_blank() {
            continue;
        }
        count += 1;
        if count > ROWS_MAX {
            let reason = format!("the table has more than {ROWS_MAX} rows");
            return Err(vec![Rejection::of_file(file, reason, "split it into several frameworks").at(record.line)]);
        }
        match check_width(file, &record, reader.columns.width) {
            Err(rejection) => reader.rejections.push(rejection),
            Ok(()) => {
                let cells: Vec<&str> = record.cells.iter().map(|cell| unguarded(cell.text.trim()).trim()).collect();
                reader.row(record.line, &cells);
            }
        }
        if reader.rejections.len() >= REJECTIONS_LISTED {
            break;
        }
    }
    if reader.rejections.is_empty() && reader.rows.is_empty() {
        return whole("the table has no requirement", "write one row for each");
    }
    if reader.rejections.is_empty() {
        Ok(OwnFramework { key, name: name.to_owned(), rows: reader.rows })
    } else {
        Err(reader.rejections)
    }
}

/// Where the columns are.
#[derive(Debug, Clone, Copy)]
struct Columns {
    width: usize,
    id: usize,
    title: usize,
    group: Option<usize>,
}

fn header(file: &str, records: &mut Records<'_>) -> Result<Columns, Rejection> {
    let empty = || Rejection::of_file(file, "the table is empty", "begin it with the line \"id,title,group\"").at(1);
    let head = loop {
        match records.next_record()? {
            Some(record) if record.is_blank() => {}
            Some(record) => break record,
            None => return Err(empty()),
        }
    };
    let names: Vec<String> = head.cells.iter().map(|it| it.text.trim().to_ascii_lowercase()).collect();
    let place = |wanted: &str| names.iter().position(|it| it == wanted);
    let needed = |wanted: &str| {
        place(wanted).ok_or_else(|| {
            let reason = format!("there is no column \"{wanted}\"");
            Rejection::of_file(file, reason, "name the columns \"id\", \"title\" and, where wanted, \"group\"")
                .at(head.line)
        })
    };
    Ok(Columns { width: names.len(), id: needed("id")?, title: needed("title")?, group: place("group") })
}

struct Reader<'a> {
    file: &'a str,
    columns: Columns,
    /// The line on which each id stands.
    seen: BTreeMap<String, usize>,
    rows: Vec<Row>,
    rejections: Vec<Rejection>,
}

impl Reader<'_> {
    fn row(&mut self, line: usize, cells: &[&str]) {
        let before = self.rejections.len();
        for (place, cell) in cells.iter().enumerate() {
            if card::find(cell).is_some() {
                self.refuse(line, &format!("column {}", place + 1), "the cell holds a full card number", "remove it");
            }
        }
        let id = cells[self.columns.id];
        let title = cells[self.columns.title];
        let group = self.columns.group.map_or("", |it| cells[it]);
        for (name, text, most, needed) in
            [("id", id, ID_MAX, true), ("title", title, TITLE_MAX, true), ("group", group, ID_MAX, false)]
        {
            if needed && text.is_empty() {
                self.refuse(line, name, "the cell is empty", "fill it in, or delete the row");
            } else if text.chars().count() > most {
                self.refuse(line, name, &format!("the cell is longer than {most} characters"), "shorten it");
            } else if text.chars().any(char::is_control) {
                self.refuse(line, name, "the cell has a line break or another control character", "remove it");
            }
        }
        if let Some(first) = self.seen.get(id).copied() {
            let reason = format!("\"{}\" stands on line {first} already", shortened(id));
            self.refuse(line, "id", &reason, "give each requirement an id of its own");
        }
        if self.rejections.len() == before {
            self.seen.insert(id.to_owned(), line);
            self.rows.push(Row { id: id.to_owned(), title: title.to_owned(), group: group.to_owned() });
        }
    }

    fn refuse(&mut self, line: usize, field: &str, reason: &str, remedy: &str) {
        self.rejections.push(Rejection::of_file(self.file, reason, remedy).at(line).field(field));
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<OwnFramework, Vec<Rejection>> {
        read("rules.csv", text, "house-rules".parse().unwrap(), " House rules ")
    }

    #[test]
    fn a_table_is_read_and_comes_back() {
        let it = of("\u{feff}Title;Group;ID\nNo mail with cards;Data;A-10\n'=Formula;;A-9\n\n").unwrap();
        assert_eq!((it.name.as_str(), it.rows.len()), ("House rules", 2));
        let ids: Vec<String> = it.entries().iter().map(|it| it.key.to_string()).collect();
        assert_eq!(ids, ["house-rules:A-9", "house-rules:A-10"]);
        assert!(it.has(&"house-rules:A-9".parse().unwrap()) && !it.has(&"other:A-9".parse().unwrap()));
        assert_eq!(of(&it.csv()).unwrap(), it);
    }

    #[test]
    fn every_row_that_is_wrong_is_named_with_line_and_column() {
        let long = "x".repeat(TITLE_MAX + 1);
        let text = format!("id,title\nA,One\nA,Two\n,Three\nB,{long}\nC,4111 1111 1111 1111\nD\n");
        let told: Vec<(Option<usize>, String)> =
            of(&text).unwrap_err().into_iter().map(|it| (it.line, it.field)).collect();
        let expected = [(3, "id"), (4, "id"), (5, "title"), (6, "column 2"), (7, "column 2")];
        assert_eq!(told, expected.map(|(line, field)| (Some(line), field.to_owned())));
    }

    #[test]
    fn a_table_has_an_end() {
        let rows = |count: usize| (0..count).map(|it| format!("{it},Title\n")).collect::<String>();
        assert_eq!(of(&format!("id,title\n{}", rows(ROWS_MAX))).unwrap().rows.len(), ROWS_MAX);
        assert!(of(&format!("id,title\n{}", rows(ROWS_MAX + 1))).unwrap_err()[0].reason.contains("2000 rows"));
        assert!(of(&"x".repeat(BYTES_MAX + 1)).unwrap_err()[0].reason.contains("1 MiB"));
        for text in ["", "\n", "name\nA", "id,title\n"] {
            assert_eq!(of(text).unwrap_err().len(), 1, "{text:?}");
        }
        let many = of(&format!("id,title\n{}", "A,\n".repeat(ROWS_MAX))).unwrap_err();
        assert_eq!(many.len(), REJECTIONS_LISTED);
    }
}
