//! Why a file, or a row of it, cannot be taken: where, what, and what to do about it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::card;

/// How many rejections one answer lists. What lies beyond is counted, not listed.
pub const REJECTIONS_LISTED: usize = 200;

/// One thing that stops an import. It never holds a card number: digits of one become `d`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rejection {
    /// The name of the file.
    pub file: String,
    /// The line, from 1, where one is known.
    pub line: Option<usize>,
    /// The column or the place in the file; empty where it is the file as a whole.
    pub field: String,
    /// What is wrong, without a full stop.
    pub reason: String,
    /// What to do about it, without a full stop.
    pub remedy: String,
}

impl Rejection {
    /// A rejection of the file as a whole.
    #[must_use]
    pub fn of_file(file: &str, reason: impl AsRef<str>, remedy: impl Into<String>) -> Self {
        Self {
            file: card::scrub(file),
            line: None,
            field: String::new(),
            reason: card::scrub(reason.as_ref()),
            remedy: remedy.into(),
        }
    }

    /// What stands at the end of a list that is not complete.
    #[must_use]
    pub(super) fn more(file: &str, number: Option<usize>) -> Self {
        let reason =
            number.map_or_else(|| "more problems follow".to_owned(), |number| format!("{number} more problems follow"));
        Self::of_file(file, reason, "correct those listed first, then import again")
    }

    /// The same at a line.
    #[must_use]
    pub fn at(mut self, line: impl Into<Option<usize>>) -> Self {
        self.line = line.into();
        self
    }

    /// The same for a column or a place of the file.
    #[must_use]
    pub fn field(mut self, field: &str) -> Self {
        self.field = card::scrub(&shortened(field));
        self
    }
}

/// One sentence with file, line, field, reason and remedy.
impl fmt::Display for Rejection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(out, ", line {line}")?;
        }
        if !self.field.is_empty() {
            write!(out, ", field \"{}\"", self.field)?;
        }
        write!(out, ": {}; {}.", self.reason, self.remedy)
    }
}

/// A value as a message may quote it: on one line, and not longer than a line.
pub(crate) fn shortened(value: &str) -> String {
    const MOST: usize = 60;
    let mut short: String = value.chars().take(MOST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if value.chars().count() > MOST {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejection_is_one_sentence_with_file_line_field_and_remedy() {
        let it = Rejection::of_file("shop.csv", "\"pigeon\" is no protocol", "use https").at(4).field("protocol");
        assert_eq!(it.to_string(), "shop.csv, line 4, field \"protocol\": \"pigeon\" is no protocol; use https.");
    }

    #[test]
    fn a_card_number_never_gets_into_a_rejection() {
        let it =
            Rejection::of_file("4111111111111111.csv", "4111 1111 1111 1111 is wrong", "x").field("4111111111111111");
        assert!(!it.to_string().contains("1111"), "{it}");
    }
}
