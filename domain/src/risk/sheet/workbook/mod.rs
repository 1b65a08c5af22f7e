//! Registers as workbooks (ECMA-376, Office Open XML): the first sheet that is shown, or the one with a name.
//!
//! Values are read, never formulas: a cell with one has what it last came to. Parts are unpacked while they are read, and
//! what they unpack to is counted, whatever the archive says about it.

mod archive;
mod book;
mod error;
mod grid;
#[cfg(test)]
mod tests;
mod value;
mod xml;

pub use error::WorkbookError;

use super::{Row, Table};
use crate::import::Limits;
use crate::import::rejection::Rejection;
use archive::Archive;

/// Whether the bytes begin like a workbook, whatever the file is called.
#[must_use]
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The table of a sheet: the first that is shown, or the one with this name.
///
/// # Errors
/// Why the file as a whole cannot be read.
pub fn read(file: &str, bytes: &[u8], sheet: Option<&str>, limits: &Limits) -> Result<Table, WorkbookError> {
    if bytes.len() > limits.bytes {
        return Err(WorkbookError::TooLarge { most: limits.bytes / 1024 / 1024 });
    }
    let archive = Archive::open(bytes)?;
    let book = book::open(&archive)?;
    let place = book.sheet(sheet)?;
    let (strings, styles) = (book.strings(&archive)?, book.styles(&archive)?);
    let rows = grid::rows(&archive, place, &strings, &styles, limits.rows)?;
    table(file, rows)
}

impl Table {
    /// The table of a workbook, as [`read`] gives it, with its limits and without card numbers.
    ///
    /// # Errors
    /// The file cannot be read, as a sentence with its remedy.
    pub fn from_workbook(file: &str, bytes: &[u8], sheet: Option<&str>, limits: &Limits) -> Result<Self, Rejection> {
        let file = crate::import::base_name(file);
        let table = read(&file, bytes, sheet, limits)
            .map_err(|error| Rejection::of_file(&file, error.to_string(), error.remedy()).at(error.row()))?;
        table.checked()
    }
}

/// Header and rows. Above a header there may be titles: rows with one cell, where a later one has more.
fn table(file: &str, rows: Vec<(usize, Vec<String>)>) -> Result<Table, WorkbookError> {
    let said = |cells: &[String]| cells.iter().filter(|it| !it.trim().is_empty()).count();
    let header = rows.iter().position(|(_, cells)| said(cells) > 1);
    let header = header.or_else(|| rows.iter().position(|(_, cells)| said(cells) > 0)).ok_or(WorkbookError::Empty)?;
    let below = &rows[header..];
    let used = |cells: &[String]| cells.iter().rposition(|it| !it.trim().is_empty()).map_or(0, |last| last + 1);
    let width = below.iter().map(|(_, cells)| used(cells)).max().unwrap_or(0);
    let padded = |cells: &[String]| -> Vec<String> {
        (0..width).map(|place| cells.get(place).map_or("", |it| it.trim()).to_owned()).collect()
    };
    let mut names = padded(&below[0].1);
    for (place, name) in names.iter_mut().enumerate().filter(|(_, name)| name.is_empty()) {
        *name = format!("Column {}", crate::export::xlsx::letters(place));
    }
    let rows = below[1..].iter().filter(|(_, cells)| said(cells) > 0);
    let rows = rows.map(|(line, cells)| Row::new(*line, padded(cells))).collect();
    Ok(Table { file: file.to_owned(), header: names, rows })
}
