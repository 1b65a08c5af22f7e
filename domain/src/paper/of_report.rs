//! A report as a document.

use super::{Block, Fact, Paper, Part, Sheet};
use crate::report::Report;

/// The most rows of a table on paper; the file of the table has all.
const ROWS: usize = 1000;
/// Columns that hold a category or a severity.
const CHIPS: [&str; 3] = ["Category", "Severity", "Decided"];

/// A report as a document; `subject` is what people call the workspace.
#[must_use]
pub fn paper_of_report(report: &Report, subject: &str) -> Paper {
    let sections = report.tables.iter().map(|table| {
        let mut blocks = Vec::new();
        if !table.note.is_empty() {
            blocks.push(Block::note(table.note.clone()));
        }
        if table.rows.is_empty() {
            blocks.push(Block::text("Nothing to show."));
        } else {
            let labels: Vec<&str> = table.columns.iter().map(|it| it.label).collect();
            let sheet = Sheet::new(&labels, table.rows.clone(), ROWS, "the CSV of this table");
            blocks.push(Block::Table(CHIPS.iter().fold(sheet, |sheet, label| sheet.with_chips(label))));
        }
        Part::new(table.title.clone(), blocks)
    });
    let mut sections: Vec<Part> = sections.collect();
    // A document that turns with every table is tiring to read.
    let wide = sections.iter().any(|it| it.wide);
    sections.iter_mut().for_each(|it| it.wide = wide);
    Paper {
        title: report.title.clone(),
        subject: subject.to_owned(),
        origin: format!("As of {}", report.as_of),
        draft: false,
        cover: false,
        date: Paper::date(report.as_of),
        facts: vec![Fact::new("Workspace", subject), Fact::new("As of", report.as_of.to_string())],
        sentences: report.sentences.clone(),
        sections,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Table;
    use crate::time::Day;

    #[test]
    fn every_table_is_a_section_and_an_empty_one_says_so() {
        let tables = vec![
            Table::new("a", "One", [("category", "Category")], [["CDE".to_owned()]]).with_note("A note."),
            Table::new("b", "Two", [("key", "Key")], []),
        ];
        let report = Report { title: "T".to_owned(), as_of: Day(20_778), sentences: vec![], tables };
        let paper = paper_of_report(&report, "Shop");
        assert_eq!(paper.sections.len(), 2);
        assert!(matches!(&paper.sections[0].blocks[1], Block::Table(it) if it.columns[0].chip));
        assert_eq!(paper.sections[1].blocks, [Block::text("Nothing to show.")]);
        assert_eq!(paper.date, [2026, 11, 21]);
        assert_eq!(paper.json(), paper.clone().json());
    }
}
