//! Registers as tables: which column means what, on which scale a file rates, and what each row becomes.
//!
//! Three steps. [`Table`] is what a file holds, whatever its format was; [`Mapping::guess`] says what its columns mean
//! and a person may correct it; [`Reader`] takes one row after the other, so that whoever calls it can show progress and
//! stop. Nothing is clamped, cut or rounded: a row that does not fit is rejected with its line, and whatever is read
//! differently from how it is written is noted beside it.

mod columns;
mod read;
mod row;
mod scale;
#[cfg(test)]
mod tests;
mod value;
mod write;

pub use columns::{Column, Mapping};
pub use read::{DryRun, Imported, Outcome, Reader, dry_run, rows_hash};
pub use scale::{Answers, Axis, Question, SourceScale, questions};
pub use write::to_csv;

use crate::import::Limits;
use crate::import::cell::unguarded;
use crate::import::decode;
use crate::import::rejection::Rejection;
use crate::import::table::{Records, check_width};

/// A table: a header and rows, each cell a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The name of the file, for messages.
    pub file: String,
    /// What the columns are called.
    pub header: Vec<String>,
    /// The rows below it; blank ones are left out.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line on which it begins, from 1; the row of a sheet.
    pub line: usize,
    /// As many cells as the header has.
    pub cells: Vec<String>,
}

impl Table {
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
                Some(table) => table.rows.push(Row { line: record.line, cells }),
            }
        }
        table.ok_or_else(|| Rejection::of_file(&file, "there is no header", "name the columns in the first line"))
    }
}
