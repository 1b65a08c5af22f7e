//! Looks for full card numbers in the files of a pack while they are written, piece by piece.
//!
//! A number counts where it stands alone, alone as digits or in groups as cards print them: what touches a letter or
//! another digit, as in hashes and keys, is no number of a card. It must have the length and the first digits of a brand and
//! the right check digit. What is told of one is where it stands and its shape, never a digit.

mod escape;
mod found;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::model::card_number::{GROUPINGS, LENGTHS, digit, is_card_number, is_divider};
use crate::model::catalogue::catalogue;
use escape::Escape;

pub use found::{HITS_MAX, Hit, Scanned};

/// The most groups of digits in a row that are looked at together.
const GROUPS_MAX: usize = 64;

/// Of how many groups the longest number is.
const LONGEST: usize = 5;

/// The most dividers between two groups of one number.
const GAP_MAX: u64 = 3;

/// How files begin that hold no text, whatever else is in them.
const BINARY: [&[u8]; 8] =
    [b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"RIFF"];

/// One group of digits.
#[derive(Debug, Clone)]
struct Group {
    digits: Vec<u8>,
    column: u64,
    /// What stands between it and the group before; nothing at the beginning of a row.
    before: Gap,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    Blank,
    Dash,
}

/// What is being read.
#[derive(Debug)]
enum At {
    /// Between words, with how many dividers of which kind since the last group.
    Gap(Gap, u64),
    /// In a word of nothing but digits. It began after `gap`.
    Digits { digits: Vec<u8>, column: u64, gap: Gap },
    /// In a word that holds something else, or is longer than any number.
    Word,
}

/// Looks through one file. It is fed in pieces of any size.
pub struct FileScan {
    file: String,
    head: Vec<u8>,
    /// The bytes of a character that is not whole yet.
    carry: Vec<u8>,
    is_binary: bool,
    line: u64,
    column: u64,
    /// The two characters before the one that is looked at.
    before: [char; 2],
    /// What is left of an escape such as those of JSON.
    escape: Escape,
    at: At,
    row: Vec<Group>,
    tests: &'static BTreeSet<Vec<u8>>,
    found: Scanned,
}

impl FileScan {
    /// Begins with a file of this name.
    #[must_use]
    pub fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            head: Vec::new(),
            carry: Vec::new(),
            is_binary: false,
            line: 1,
            column: 0,
            before: [' '; 2],
            escape: Escape::default(),
            at: At::Gap(Gap::None, 0),
            row: Vec::new(),
            tests: test_numbers(),
            found: Scanned::default(),
        }
    }

    /// Reads the next piece.
    pub fn feed(&mut self, piece: &[u8]) {
        if self.is_binary {
            return;
        }
        let missing = 8_usize.saturating_sub(self.head.len()).min(piece.len());
        self.head.extend(&piece[..missing]);
        // No text begins with a zero within its first characters; those in two bytes a character do, and are told as not
        // read. One that comes later divides words: what was found before it stays found.
        if self.head.contains(&0) || BINARY.iter().any(|magic| self.head.starts_with(magic)) {
            self.is_binary = true;
            return;
        }
        let joined;
        let bytes = if self.carry.is_empty() {
            piece
        } else {
            self.carry.extend(piece);
            joined = std::mem::take(&mut self.carry);
            &joined[..]
        };
        let mut chunks = bytes.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            chunk.valid().chars().for_each(|it| self.take(it));
            let invalid = chunk.invalid();
            if invalid.is_empty() {
                continue;
            }
            // The beginning of a character at the end of a piece goes on in the next one.
            let is_cut =
                chunks.peek().is_none() && std::str::from_utf8(invalid).is_err_and(|error| error.error_len().is_none());
            if is_cut {
                self.carry = invalid.to_vec();
            } else {
                self.take(char::REPLACEMENT_CHARACTER);
            }
        }
    }

    /// Ends the file, and adds what is in it.
    pub fn end(mut self, to: &mut Scanned) {
        if self.is_binary {
            to.unread.push(self.file);
            return;
        }
        self.take('\n');
        to.take_in(self.found);
    }

    fn take(&mut self, character: char) {
        self.column += 1;
        let read = character;
        let character = if self.escape.takes(character) { '\u{0}' } else { character };
        if character.is_alphanumeric() {
            self.within_word(character);
        } else {
            self.between_words(character);
        }
        self.before = [self.before[1], character];
        if read == '\n' {
            (self.line, self.column) = (self.line + 1, 0);
        }
    }

    fn within_word(&mut self, character: char) {
        let column = self.column;
        let value = digit(character);
        match (&mut self.at, value) {
            (At::Word, _) => {}
            // One digit more than any number has is enough to know that it is none.
            (At::Digits { digits, .. }, Some(value)) if digits.len() <= *LENGTHS.end() => digits.push(value),
            (At::Gap(gap, _), Some(value)) if !is_part_of_another_number(self.before) => {
                let gap = if self.row.is_empty() { Gap::None } else { *gap };
                self.at = At::Digits { digits: vec![value], column, gap };
            }
            _ => {
                self.at = At::Word;
                self.look();
            }
        }
    }

    fn between_words(&mut self, character: char) {
        match std::mem::replace(&mut self.at, At::Gap(Gap::None, 0)) {
            At::Word => {}
            At::Digits { digits, column, gap } => {
                self.row.push(Group { digits, column, before: gap });
                if self.row.len() >= GROUPS_MAX {
                    self.look_up_to(LONGEST - 1);
                }
                self.at = self.gap(Gap::None, 0, character);
            }
            At::Gap(gap, count) => self.at = self.gap(gap, count, character),
        }
    }

    fn gap(&mut self, gap: Gap, count: u64, character: char) -> At {
        if self.row.is_empty() {
            return At::Gap(Gap::None, 0);
        }
        if !is_divider(character) || count >= GAP_MAX {
            self.look();
            return At::Gap(Gap::None, 0);
        }
        let is_blank = character.is_whitespace();
        let gap = if is_blank && gap != Gap::Dash { Gap::Blank } else { Gap::Dash };
        At::Gap(gap, count + 1)
    }

    /// Looks for numbers in the row that has ended.
    fn look(&mut self) {
        self.look_up_to(0);
    }

    /// Looks for numbers in the row, but for those that begin with one of the last so many groups: more may follow.
    fn look_up_to(&mut self, kept: usize) {
        let mut row = std::mem::take(&mut self.row);
        let mut from = 0;
        while from + kept < row.len() {
            let rest = &row[from..];
            let grouped = GROUPINGS.iter().map(|sizes| sizes.len()).filter(|count| is_number(rest, *count));
            let alone = rest.first().is_some_and(|group| is_card_number(&group.digits)).then_some(1);
            match grouped.max().or(alone) {
                Some(count) => {
                    self.hit(&rest[..count]);
                    from += count;
                }
                None => from += 1,
            }
        }
        self.row = row.split_off(from.min(row.len()));
    }

    fn hit(&mut self, groups: &[Group]) {
        let digits: Vec<u8> = groups.iter().flat_map(|group| group.digits.iter().copied()).collect();
        let is_test = self.tests.contains(&digits);
        let mut mask = String::new();
        for (place, group) in groups.iter().enumerate() {
            if place > 0 {
                mask.push(if group.before == Gap::Dash { '-' } else { ' ' });
            }
            mask.extend(group.digits.iter().map(|_| '#'));
        }
        let column = groups.first().map_or(1, |group| group.column);
        self.found.note(is_test, Hit { file: self.file.clone(), line: self.line, column, mask });
    }
}

/// Whether the first so many groups are one number, as cards print it, and nothing that dashes make longer.
fn is_number(row: &[Group], count: usize) -> bool {
    let Some(groups) = row.get(..count) else { return false };
    let [first, rest @ ..] = groups else { return false };
    let Some(gap) = rest.first().map(|group| group.before) else { return false };
    let sizes = groups.iter().map(|group| group.digits.len());
    let is_grouped = GROUPINGS.iter().any(|grouping| sizes.clone().eq(grouping.iter().copied()));
    let goes_on = first.before == Gap::Dash || row.get(count).is_some_and(|next| next.before == Gap::Dash);
    is_grouped
        && rest.iter().all(|group| group.before == gap)
        && !(gap == Gap::Dash && goes_on)
        && is_card_number(&groups.iter().flat_map(|group| group.digits.iter().copied()).collect::<Vec<_>>())
}

/// Telephone numbers begin with `+`; decimals follow a digit and a point.
fn is_part_of_another_number([before, last]: [char; 2]) -> bool {
    last == '+' || (last == '.' && before.is_ascii_digit())
}

/// The published test numbers.
fn test_numbers() -> &'static BTreeSet<Vec<u8>> {
    static NUMBERS: std::sync::OnceLock<BTreeSet<Vec<u8>>> = std::sync::OnceLock::new();
    NUMBERS.get_or_init(|| {
        let digits = |number: &String| number.chars().filter_map(digit).collect();
        catalogue().known_test_pans.iter().map(digits).collect()
    })
}
