//! The columns of a CSV table: the names in its first row, and what the cells below look like.

use super::unit::{Facets, Unit, shown};
use super::value::Values;
use super::{Bounds, Collected};
use crate::import::rejection::Rejection;
use crate::import::table::{Record, Records};
use crate::model::card_number::looks_like_card_number;

/// So many rows are looked at.
const ROWS: usize = 1_000;

/// The fields of a table. A table whose first row holds values instead of names has numbered columns.
///
/// # Errors
/// The file is no table, or its first rows cannot be read.
pub(super) fn units(file: &str, text: &str, bounds: &Bounds) -> Result<Collected, Rejection> {
    let mut records = Records::new(file, text);
    let mut header = None;
    while let Some(record) = records.next_record()? {
        if !record.is_blank() {
            header = Some(record);
            break;
        }
    }
    let Some(header) = header else {
        let remedy = "choose an OpenAPI document, a JSON Schema, a sample payload, or a table with a header";
        return Err(Rejection::of_file(file, "the file is empty", remedy));
    };
    if header.cells.len() > bounds.fields {
        let reason = format!("the table has more than {} columns", bounds.fields);
        return Err(Rejection::of_file(file, reason, "leave out the columns that carry no payment data"));
    }
    let has_names = !header.cells.iter().any(|cell| is_value(&cell.text));
    let mut collected = Collected::default();
    for (at, cell) in header.cells.iter().enumerate() {
        let name = if has_names { shown(cell.text.trim()) } else { format!("column {}", at + 1) };
        let facets = Facets { is_text: true, ..Facets::default() };
        collected.units.push(Unit { steps: vec![name], facets, ..Unit::default() });
    }
    if !has_names {
        look(&header, &mut collected.units);
        collected
            .warnings
            .push("The first row holds values and no names, so that the columns are numbered.".to_owned());
    }
    for _ in 0..ROWS {
        let Some(record) = records.next_record()? else { break };
        look(&record, &mut collected.units);
    }
    Ok(collected)
}

fn look(record: &Record<'_>, units: &mut [Unit]) {
    for (unit, cell) in units.iter_mut().zip(&record.cells) {
        unit.values.look_at_text(&cell.text);
    }
}

/// Whether a cell of the first row is a value: a card number, an IBAN, a mask, an address of mail, or many digits.
fn is_value(text: &str) -> bool {
    let mut values = Values::default();
    values.look_at_text(text);
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    looks_like_card_number(text) || values.ibans > 0 || !values.masks.is_empty() || text.contains('@') || digits >= 6
}
