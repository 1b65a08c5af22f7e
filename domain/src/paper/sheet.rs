//! A table on paper: how wide its columns are, and what of it is left to the file.

use serde::Serialize;

use crate::text::grouped;

/// Up to how many columns a page that stands upright holds.
pub(super) const UPRIGHT: usize = 6;
/// The longest text of a cell, in characters. What is longer is cut and told in full by the file.
const CELL_MAX: usize = 1500;
/// The least that a column needs and the most that it wants, in characters.
const WIDTHS: (usize, usize) = (7, 72);
/// The longest word that is not broken, in characters.
const WORD_MAX: usize = 18;
/// What the edges of a cell take, in characters.
const EDGES: usize = 2;
/// How many characters a page that stands upright holds beside each other.
const ROOM: usize = 104;
/// The same for a page on its side, where the letters are smaller.
const ROOM_WIDE: usize = 170;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, one cell for each column.
    pub rows: Vec<Vec<String>>,
    /// What it does not show, and where that is; empty where it shows everything.
    pub rest: String,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// The heading.
    pub label: String,
    /// How wide it is beside the others.
    pub weight: usize,
    /// What its longest word needs, and what its usual cell wants, in characters.
    #[serde(skip)]
    widths: (usize, usize),
    /// Whether its cells are categories or severities, which have colours beside their words.
    pub chip: bool,
}

impl Sheet {
    /// A table of at most so many rows; `file` is where all of them are.
    #[must_use]
    pub fn new(labels: &[&str], rows: Vec<Vec<String>>, most: usize, file: &str) -> Self {
        let all = rows.len();
        let mut cut = false;
        let rows: Vec<Vec<String>> = rows
            .into_iter()
            .take(most)
            .map(|row| row.into_iter().map(|cell| shortened(cell, &mut cut)).collect())
            .collect();
        let mut rest = String::new();
        if all > rows.len() {
            let (shown, all) = (grouped(rows.len()), grouped(all));
            rest = format!("The first {shown} of {all} rows; all of them are in {file}.");
        }
        if cut {
            let space = if rest.is_empty() { "" } else { " " };
            rest.push_str(&format!("{space}What ends in … is in full in {file}."));
        }
        let columns = labels.iter().enumerate().map(|(place, label)| Column {
            label: (*label).to_owned(),
            weight: 0,
            widths: widths(label, &rows, place),
            chip: false,
        });
        let mut sheet = Self { columns: columns.collect(), rows, rest };
        sheet.fit();
        sheet
    }

    /// The same with the cells of a column shown as categories or severities.
    #[must_use]
    pub fn with_chips(mut self, label: &str) -> Self {
        for (place, column) in self.columns.iter_mut().enumerate().filter(|(_, it)| it.label == label) {
            // A chip never breaks, and has an edge.
            let longest = self.rows.iter().filter_map(|row| row.get(place)).map(|it| it.chars().count()).max();
            let chip = longest.unwrap_or_default().clamp(8, WORD_MAX) + 2 * EDGES;
            column.chip = true;
            column.widths = (chip, chip);
        }
        self.fit();
        self
    }

    /// Gives every column what it wants; where the page is too narrow for that, what it needs, and of the rest its share.
    fn fit(&mut self) {
        let room = if self.columns.len() > UPRIGHT { ROOM_WIDE } else { ROOM };
        let needed: usize = self.columns.iter().map(|it| it.widths.0).sum();
        let more: usize = self.columns.iter().map(|it| it.widths.1 - it.widths.0).sum();
        let spare = room.saturating_sub(needed).min(more);
        for column in &mut self.columns {
            let (need, want) = column.widths;
            column.weight = need + (want - need) * spare / more.max(1);
        }
    }
}

/// What the longest word of a column needs that is not broken, and what its usual cell wants.
fn widths(label: &str, rows: &[Vec<String>], place: usize) -> (usize, usize) {
    let cells = || rows.iter().filter_map(|row| row.get(place)).map(String::as_str);
    let words = cells().chain([label]).flat_map(|it| it.split([' ', '>', ';'])).map(|it| it.chars().count());
    let need = words.max().unwrap_or_default().clamp(WIDTHS.0, WORD_MAX);
    let letters: usize = cells().map(|it| it.chars().count()).sum();
    let usual = letters.div_ceil(rows.len().max(1));
    (need + EDGES, need.max(usual).min(WIDTHS.1) + EDGES)
}

fn shortened(cell: String, cut: &mut bool) -> String {
    if cell.chars().count() <= CELL_MAX {
        return cell;
    }
    *cut = true;
    cell.chars().take(CELL_MAX).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_told_with_its_file() {
        let rows = vec![vec!["a".to_owned()], vec!["b".repeat(CELL_MAX + 1)], vec!["c".to_owned()]];
        let sheet = Sheet::new(&["Key"], rows, 2, "all.csv");
        assert_eq!(sheet.rows.len(), 2);
        assert_eq!(sheet.rows[1][0].chars().count(), CELL_MAX + 1);
        assert_eq!(
            sheet.rest,
            "The first 2 of 3 rows; all of them are in all.csv. What ends in … is in full in all.csv."
        );
    }

    #[test]
    fn a_column_with_more_to_say_is_wider_and_none_is_without_room() {
        let row = vec!["x".to_owned(), "some words that go on for a while".to_owned()];
        let sheet = Sheet::new(&["Key", "Why"], vec![row], 9, "all.csv");
        assert_eq!(sheet.rest, "");
        let weights: Vec<usize> = sheet.columns.iter().map(|it| it.weight).collect();
        assert_eq!(weights, [9, 35]);
        assert_eq!(sheet.with_chips("Key").columns[0].weight, 12);
    }

    #[test]
    fn a_page_that_is_too_narrow_takes_from_what_can_break() {
        let row = ["refund", "words ".repeat(50).as_str(), "words ".repeat(50).as_str()].map(str::to_owned).to_vec();
        let sheet = Sheet::new(&["System", "Why", "Instead", "A", "B", "C"], vec![row], 9, "all.csv");
        let weights: Vec<usize> = sheet.columns.iter().map(|it| it.weight).collect();
        assert_eq!(weights, [9, 34, 34, 9, 9, 9]);
    }
}
