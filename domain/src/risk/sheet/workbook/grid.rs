//! The cells of a sheet, row by row.

use super::WorkbookError;
use super::archive::Archive;
use super::book::{Styles, TEXTS_MAX};
use super::value;
use super::xml::{Attributes, Step, walk};
use crate::risk::sheet::{CELL_MAX, COLUMNS_MAX};

/// The last row and column of the format.
const LAST_ROW: usize = 1_048_576;
const LAST_COLUMN: usize = 16_384;

/// How many cells a sheet may have in all, empty ones between others included.
const CELLS_MAX: usize = 2_000_000;

/// The rows that say something, with their numbers.
pub(super) fn rows(
    archive: &Archive<'_>,
    part: &str,
    strings: &[String],
    styles: &Styles,
    most: usize,
) -> Result<Vec<(usize, Vec<String>)>, WorkbookError> {
    let mut grid = Grid::new(part, strings, styles, most);
    walk(archive, part, |step| grid.step(step))?;
    Ok(grid.rows)
}

/// How a cell says what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Shared,
    Bool,
    Text,
}

struct Grid<'g> {
    part: &'g str,
    strings: &'g [String],
    styles: &'g Styles,
    most: usize,
    rows: Vec<(usize, Vec<String>)>,
    /// The row and the column that are read, both from 0; the next ones between.
    row: usize,
    column: usize,
    cells: Vec<String>,
    kind: Kind,
    style: usize,
    text: String,
    /// Whether what stands here belongs to the value of the cell.
    is_value: bool,
    is_reading_aid: bool,
    size: usize,
    count: usize,
}

impl<'g> Grid<'g> {
    const fn new(part: &'g str, strings: &'g [String], styles: &'g Styles, most: usize) -> Self {
        Self {
            part,
            strings,
            styles,
            most,
            rows: Vec::new(),
            row: 0,
            column: 0,
            cells: Vec::new(),
            kind: Kind::Number,
            style: 0,
            text: String::new(),
            is_value: false,
            is_reading_aid: false,
            size: 0,
            count: 0,
        }
    }

    fn damaged(&self, what: &str) -> WorkbookError {
        WorkbookError::Damaged { part: self.part.to_owned(), what: format!("{what} near row {}", self.row) }
    }

    fn step(&mut self, step: Step<'_>) -> Result<(), WorkbookError> {
        match step {
            Step::Open("row", attributes) => self.begin_row(&attributes)?,
            Step::Open("c", attributes) => self.begin_cell(&attributes)?,
            Step::Open("v" | "t", _) => self.is_value = true,
            Step::Close("v" | "t") => self.is_value = false,
            Step::Open("rPh", _) => self.is_reading_aid = true,
            Step::Close("rPh") => self.is_reading_aid = false,
            Step::Text(piece) if self.is_value && !self.is_reading_aid => {
                self.text.push_str(piece);
                if self.text.len() > CELL_MAX * 4 {
                    return Err(WorkbookError::Cell { row: self.row, most: CELL_MAX });
                }
            }
            Step::Close("c") => self.end_cell()?,
            Step::Close("row") => self.end_row()?,
            _ => {}
        }
        Ok(())
    }

    fn begin_row(&mut self, attributes: &Attributes<'_>) -> Result<(), WorkbookError> {
        let number = match attributes.get("r") {
            Some(text) => text.parse().map_err(|_| self.damaged("a row has no number"))?,
            None => self.row + 1,
        };
        if number <= self.row || number > LAST_ROW {
            return Err(self.damaged("rows are out of order"));
        }
        (self.row, self.column) = (number, 0);
        Ok(())
    }

    fn begin_cell(&mut self, attributes: &Attributes<'_>) -> Result<(), WorkbookError> {
        if let Some(place) = attributes.get("r") {
            let column = value::column(&place).filter(|it| *it < LAST_COLUMN);
            let column = column.ok_or_else(|| self.damaged("a cell has no place"))?;
            if column < self.column {
                return Err(self.damaged("cells are out of order"));
            }
            self.column = column;
        }
        self.kind = match attributes.get("t").as_deref() {
            Some("s") => Kind::Shared,
            Some("b") => Kind::Bool,
            Some("inlineStr" | "str" | "d" | "e") => Kind::Text,
            _ => Kind::Number,
        };
        self.style = attributes.get("s").and_then(|it| it.parse().ok()).unwrap_or(0);
        self.text.clear();
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), WorkbookError> {
        let text = std::mem::take(&mut self.text);
        let said = match self.kind {
            _ if text.trim().is_empty() => String::new(),
            Kind::Text => value::unescaped(&text),
            Kind::Bool => if text.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned(),
            Kind::Number => value::number(text.trim(), self.styles.is_date(self.style), self.styles.from_1904),
            Kind::Shared => {
                let shared = text.trim().parse().ok().and_then(|place: usize| self.strings.get(place));
                shared.cloned().ok_or(WorkbookError::NoText { row: self.row })?
            }
        };
        let place = self.column;
        self.column += 1;
        if said.trim().is_empty() {
            return Ok(());
        }
        if said.chars().count() > CELL_MAX {
            return Err(WorkbookError::Cell { row: self.row, most: CELL_MAX });
        }
        if place >= COLUMNS_MAX {
            return Err(WorkbookError::Columns { row: self.row, most: COLUMNS_MAX });
        }
        // One shared text may stand in every cell, so what counts is what the cells say.
        self.size += said.len();
        if self.size > TEXTS_MAX {
            return Err(WorkbookError::Texts { most: TEXTS_MAX / 1024 / 1024 });
        }
        self.cells.resize(place, String::new());
        self.cells.push(said);
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), WorkbookError> {
        let cells = std::mem::take(&mut self.cells);
        if cells.is_empty() {
            return Ok(());
        }
        self.count += cells.len();
        // The header is a row as well.
        if self.rows.len() > self.most || self.count > CELLS_MAX {
            return Err(WorkbookError::Rows { most: self.most });
        }
        self.rows.push((self.row, cells));
        Ok(())
    }
}
