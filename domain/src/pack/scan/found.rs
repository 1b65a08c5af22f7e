//! What was found in the files of a pack: where numbers of cards stand, never a digit of one.

use serde::{Deserialize, Serialize};

/// The most hits that are listed one by one; what comes after is counted.
pub const HITS_MAX: usize = 200;

/// Where a number stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hit {
    /// The name of the file in the pack.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The first character of it in the line, from 1.
    pub column: u64,
    /// One `#` for each digit, with what divides the groups.
    pub mask: String,
}

/// What was found in the files of a pack.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scanned {
    /// Numbers that stop the pack.
    pub stops: Vec<Hit>,
    /// Published test numbers, which are told and stop nothing.
    pub warnings: Vec<Hit>,
    /// How many more numbers there are that stop the pack.
    pub more_stops: u64,
    /// How many more test numbers there are.
    pub more_warnings: u64,
    /// Files that hold no text, so that nothing was looked for in them.
    pub unread: Vec<String>,
}

impl Scanned {
    /// Whether the pack must not leave without a second person's word.
    #[must_use]
    pub const fn stops(&self) -> bool {
        !self.stops.is_empty()
    }

    /// How many numbers stop the pack.
    #[must_use]
    pub fn stop_count(&self) -> u64 {
        self.stops.len() as u64 + self.more_stops
    }

    /// How many test numbers there are.
    #[must_use]
    pub fn warning_count(&self) -> u64 {
        self.warnings.len() as u64 + self.more_warnings
    }

    /// Notes a number; the list has an end, the count has none.
    pub(super) fn note(&mut self, is_test: bool, hit: Hit) {
        let (hits, more) = self.list(is_test);
        if hits.len() < HITS_MAX {
            hits.push(hit);
        } else {
            *more += 1;
        }
    }

    /// Adds what was found in one more file.
    pub(super) fn take_in(&mut self, other: Self) {
        other.stops.into_iter().for_each(|hit| self.note(false, hit));
        other.warnings.into_iter().for_each(|hit| self.note(true, hit));
        self.more_stops += other.more_stops;
        self.more_warnings += other.more_warnings;
        self.unread.extend(other.unread);
    }

    const fn list(&mut self, is_test: bool) -> (&mut Vec<Hit>, &mut u64) {
        match is_test {
            true => (&mut self.warnings, &mut self.more_warnings),
            false => (&mut self.stops, &mut self.more_stops),
        }
    }
}
