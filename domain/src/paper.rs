//! A document for print, as data: title, facts, sections with texts, tables and pictures.
//!
//! It is written down as JSON and set by a program that knows the template and nothing of ours, so that no text of a person
//! is ever taken for markup. Everything that is shown stands in it; nothing is computed while it is set.

mod of_report;
mod sheet;

use serde::Serialize;

use crate::time::Day;

pub use of_report::paper_of_report;
pub use sheet::{Column, Sheet};

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// The title.
    pub title: String,
    /// Whom it is about, below the title and at the head of every page.
    pub subject: String,
    /// What stands at the foot of every page: from what it was made.
    pub origin: String,
    /// Whether nobody signed what it says; then every page says so.
    pub draft: bool,
    /// Whether it has a page for its title and a list of what is in it.
    pub cover: bool,
    /// Year, month and day as of which it was made. It is the date of the document, so that the same data gives the same bytes.
    pub date: [i32; 3],
    /// What to know about it: on the page of the title, or below the title.
    pub facts: Vec<Fact>,
    /// What it says in short, one sentence each.
    pub sentences: Vec<String>,
    /// Its sections.
    pub sections: Vec<Part>,
}

/// One thing to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// What it says.
    pub text: String,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The heading.
    pub title: String,
    /// Whether its tables need a page on its side.
    pub wide: bool,
    /// What is in it.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    Text {
        /// Its words.
        text: String,
    },
    /// A remark in small letters.
    Note {
        /// Its words.
        text: String,
    },
    /// A heading within the section.
    Heading {
        /// Its words.
        text: String,
    },
    /// Commands or hashes, each on a line, as they are typed.
    Lines {
        /// The lines.
        lines: Vec<String>,
    },
    /// Things to know, one below the other.
    Facts {
        /// The things.
        facts: Vec<Fact>,
    },
    /// How many there are of each, as boxes side by side.
    Counts {
        /// The label of a category, and how many.
        counts: Vec<Fact>,
    },
    /// A table.
    Table(Sheet),
    /// A picture on a page of its own.
    Picture {
        /// The number of the page, such as `M-03`.
        page: String,
        /// Its title.
        title: String,
        /// The SVG.
        svg: String,
        /// What it shows, for who does not see it.
        alt: String,
    },
}

impl Fact {
    /// One thing to know.
    #[must_use]
    pub fn new(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self { label: label.into(), text: text.into() }
    }
}

impl Part {
    /// A section; one with a table of more than six columns lies on its side.
    #[must_use]
    pub fn new(title: impl Into<String>, blocks: Vec<Block>) -> Self {
        let wide = blocks.iter().any(|it| matches!(it, Block::Table(sheet) if sheet.columns.len() > sheet::UPRIGHT));
        Self { title: title.into(), wide, blocks }
    }
}

impl Block {
    /// A paragraph.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    /// A remark.
    #[must_use]
    pub fn note(text: impl Into<String>) -> Self {
        Self::Note { text: text.into() }
    }
}

impl Paper {
    /// The form in which it is set. The same paper gives the same bytes.
    #[must_use]
    pub fn json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts and lists always have a form in JSON")
    }

    /// Year, month and day as a document has them.
    #[must_use]
    pub fn date(day: Day) -> [i32; 3] {
        let (year, month, day) = day.ymd();
        [year, month, day]
    }
}
