//! A table on paper: how wide its columns are, and what of it is left to the file.

use serde::Serialize;

use crate::text::grouped;

/// Up to how many columns a page that stands upright holds.
pub(super) const UPRIGHT: usize = 6;
/// The longest text of a cell, in characters. What is longer is cut and told in full by the file.
const CELL_MAX: usize = 1500;
/// The least and the most that a column counts for, in characters.
const WEIGHTS: (usize, usize) = (7, 44);

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
            weight: weight(label, &rows, place),
            chip: false,
        });
        Self { columns: columns.collect(), rows, rest }
    }

    /// The same with the cells of a column shown as categories or severities.
    #[must_use]
    pub fn with_chips(mut self, label: &str) -> Self {
        for (place, column) in self.columns.iter_mut().enumerate().filter(|(_, it)| it.label == label) {
            // A chip never breaks, and has an edge.
            let longest = self.rows.iter().filter_map(|row| row.get(place)).map(|it| it.chars().count()).max();
            column.chip = true;
            column.weight = longest.unwrap_or_default().clamp(8, 18) + 2;
        }
        self
    }
}

/// What a column counts for: its usual cell, and no less than its longest word that fits.
fn weight(label: &str, rows: &[Vec<String>], place: usize) -> usize {
    let cells = || rows.iter().filter_map(|row| row.get(place)).map(String::as_str);
    let words = cells().chain([label]).flat_map(|it| it.split([' ', '>', ';'])).map(|it| it.chars().count());
    let longest = words.max().unwrap_or_default().min(18) + 1;
    let letters: usize = cells().map(|it| it.chars().count()).sum();
    let usual = letters.div_ceil(rows.len().max(1));
    longest.max(usual).clamp(WEIGHTS.0, WEIGHTS.1)
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
        assert_eq!(weights, [7, 33]);
        assert_eq!(sheet.with_chips("Key").columns[0].weight, 10);
    }
}
