//! Registers as tables: which column means what, on which scale a file rates, and what each row becomes.
//!
//! Three steps. [`Table`] is what a file holds, whatever its format was; [`Mapping::guess`] says what its columns mean
//! and a person may correct it; [`Reader`] takes one row after the other, so that whoever calls it can show progress and
//! stop. Nothing is clamped, cut or rounded: a row that does not fit is rejected with its line, and whatever is read
//! differently from how it is written is noted beside it.

mod choices;
mod columns;
mod read;
mod row;
mod scale;
#[cfg(test)]
mod tests;
mod value;
#[cfg(feature = "xlsx")]
pub mod workbook;
mod write;

pub use choices::{Choices, Laid, only_known};
pub use columns::{Column, Mapping};
pub use read::{Around, Counts, DryRun, Imported, Outcome, Reader, Stop, dry_run, dry_run_watched, rows_hash};
pub use scale::{Answers, Axis, Question, SCALES, SourceScale, questions, source_scale};
pub use write::to_csv;

use serde::{Deserialize, Serialize};

use crate::import::Limits;
use crate::import::card;
use crate::import::cell::unguarded;
use crate::import::decode;
use crate::import::rejection::Rejection;
use crate::import::table::{Records, check_width};

/// How many columns a table may have.
pub const COLUMNS_MAX: usize = 200;

/// Longest cell, in characters: what spreadsheets take.
pub const CELL_MAX: usize = 32_767;

/// A table: a header and rows, each cell a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The name of the file, for messages.
    pub file: String,
    /// What the columns are called.
    pub header: Vec<String>,
    /// The rows below it; blank ones are left out.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The line on which it begins, from 1; the row of a sheet.
    pub line: usize,
    /// As many cells as the header has. A card number in one has its digits replaced.
    pub cells: Vec<String>,
    /// The places of the cells in which a card number stood: a row with one is rejected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<usize>,
}

impl Row {
    /// A row as it was read. Card numbers are left out at once, so that nothing keeps or repeats one.
    #[must_use]
    pub fn new(line: usize, mut cells: Vec<String>) -> Self {
        let mut withheld = Vec::new();
        for (place, cell) in cells.iter_mut().enumerate() {
            if let Some(masked) = card::find(cell) {
                *cell = masked;
                withheld.push(place);
            }
        }
        Self { line, cells, withheld }
    }
}

impl Table {
    /// The table as text, to keep it until somebody decides.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts, numbers and lists always have a form in JSON")
    }

    /// What [`Self::to_json`] wrote; `None` for anything else.
    #[must_use]
    pub fn from_json(text: &str) -> Option<Self> {
        let table: Self = serde_json::from_str(text).ok()?;
        table.rows.iter().all(|row| row.cells.len() == table.header.len()).then_some(table)
    }

    /// What a cell says, by the line of its row and the name of its column.
    #[must_use]
    pub fn cell(&self, line: usize, column: &str) -> Option<&str> {
        let place = self.header.iter().position(|it| it == column)?;
        let row = self.rows.binary_search_by_key(&line, |row| row.line).ok()?;
        self.rows.get(row)?.cells.get(place).map(String::as_str)
    }

    /// The table where it has no more columns and no longer cells than allowed.
    fn checked(mut self) -> Result<Self, Rejection> {
        if self.header.len() > COLUMNS_MAX {
            let reason = format!("the file has more than {COLUMNS_MAX} columns");
            let remedy = "delete the columns that do not belong to the register";
            return Err(Rejection::of_file(&self.file, reason, remedy).at(1));
        }
        let long = |cells: &[String]| cells.iter().any(|it| it.chars().count() > CELL_MAX);
        let line = self.rows.iter().find(|row| long(&row.cells)).map(|row| row.line);
        if let Some(line) = line.or_else(|| long(&self.header).then_some(1)) {
            let reason = format!("a cell has more than {CELL_MAX} characters");
            return Err(Rejection::of_file(&self.file, reason, "shorten it").at(line));
        }
        for name in &mut self.header {
            *name = card::scrub(name);
        }
        Ok(self)
    }

    /// The table of a CSV file, with whatever delimiter, line ends and byte order mark.
    ///
    /// # Errors
    /// The file is too large, not UTF-8 or no table, with the line where one is known.
    pub fn from_csv(file: &str, bytes: &[u8], limits: &Limits) -> Result<Self, Rejection> {
        let file = crate::import::base_name(file);
        let text = decode::text(&file, bytes, limits)?;
        let mut records = Records::new(&file, text);
        let mut table: Option<Self> = None;
        while let Some(record) = records.next_record()? {
            if record.is_blank() {
                continue;
            }
            if let Some(table) = &mut table {
                check_width(&file, &record, table.header.len())?;
                if table.rows.len() >= limits.rows {
                    let reason = format!("the file has more than {} rows", limits.rows);
                    return Err(Rejection::of_file(&file, reason, "split it into several files").at(record.line));
                }
            }
            let cells: Vec<String> = record.cells.iter().map(|it| unguarded(it.text.trim()).to_owned()).collect();
            match &mut table {
                None => table = Some(Self { file: file.clone(), header: cells, rows: Vec::new() }),
                Some(table) => table.rows.push(Row::new(record.line, cells)),
            }
        }
        let empty = || Rejection::of_file(&file, "there is no header", "name the columns in the first line");
        table.ok_or_else(empty)?.checked()
    }
}
