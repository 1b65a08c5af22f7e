//! Looks for full card numbers in the files of a pack while they are written, piece by piece.
//!
//! A number counts where it stands alone, alone as digits or in groups as cards print them: what touches a letter or
//! another digit, as in hashes and keys, is no number of a card. It must have the length and the first digits of a brand and
//! the right check digit. What is told of one is where it stands and its shape, never a digit.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::card_number::{GROUPINGS, LENGTHS, digit, is_card_number, is_divider};
use crate::model::catalogue::catalogue;

/// The most hits that are listed one by one; what comes after is counted.
pub const HITS_MAX: usize = 200;

/// The most groups of digits in a row that are looked at together.
const GROUPS_MAX: usize = 64;

/// Of how many groups the longest number is.
const LONGEST: usize = 5;

/// The most dividers between two groups of one number.
const GAP_MAX: u64 = 3;

/// How files begin that hold no text, whatever else is in them.
const BINARY: [&[u8]; 8] =
    [b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"RIFF"];

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
}

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

/// How far an escape is: its letters and digits belong to no word beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escape {
    None,
    /// A backslash was read.
    Begun,
    /// So many hexadecimal digits of a character are left.
    Digits(u8),
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
    found: Found,
}

#[derive(Debug, Default)]
struct Found {
    stops: Vec<Hit>,
    warnings: Vec<Hit>,
    more_stops: u64,
    more_warnings: u64,
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
            escape: Escape::None,
            at: At::Gap(Gap::None, 0),
            row: Vec::new(),
            tests: test_numbers(),
            found: Found::default(),
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
        add(&mut to.stops, &mut to.more_stops, self.found.stops, self.found.more_stops);
        add(&mut to.warnings, &mut to.more_warnings, self.found.warnings, self.found.more_warnings);
    }

    fn take(&mut self, character: char) {
        self.column += 1;
        let read = character;
        let character = if self.is_of_escape(character) { '\u{0}' } else { character };
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

    /// Whether a character is the letter of an escape, as in `\n`, or one of its digits, as in `\u000a`.
    fn is_of_escape(&mut self, character: char) -> bool {
        let (is_of, next) = match (self.escape, character) {
            (Escape::None, '\\') => (false, Escape::Begun),
            (Escape::Begun, 'u') => (true, Escape::Digits(4)),
            (Escape::Begun, 'n' | 'r' | 't' | 'b' | 'f' | '\\') => (true, Escape::None),
            (Escape::Digits(left), it) if it.is_ascii_hexdigit() => {
                (true, if left > 1 { Escape::Digits(left - 1) } else { Escape::None })
            }
            _ => (false, Escape::None),
        };
        self.escape = next;
        is_of
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
        let found = &mut self.found;
        let (hits, more) = match is_test {
            true => (&mut found.warnings, &mut found.more_warnings),
            false => (&mut found.stops, &mut found.more_stops),
        };
        if hits.len() >= HITS_MAX {
            *more += 1;
            return;
        }
        let mut mask = String::new();
        for (place, group) in groups.iter().enumerate() {
            if place > 0 {
                mask.push(if group.before == Gap::Dash { '-' } else { ' ' });
            }
            mask.extend(group.digits.iter().map(|_| '#'));
        }
        let column = groups.first().map_or(1, |group| group.column);
        hits.push(Hit { file: self.file.clone(), line: self.line, column, mask });
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

fn add(to: &mut Vec<Hit>, more: &mut u64, hits: Vec<Hit>, uncounted: u64) {
    *more += uncounted;
    for hit in hits {
        if to.len() < HITS_MAX {
            to.push(hit);
        } else {
            *more += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number that a bank could have issued: it is made here and nowhere published.
    fn number() -> String {
        let body = "400312987654321";
        let sum: u32 = body
            .bytes()
            .rev()
            .enumerate()
            .map(|(place, byte)| (place, u32::from(byte - b'0')))
            .map(|(place, digit)| if place % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit })
            .sum();
        format!("{body}{}", (10 - sum % 10) % 10)
    }

    fn grouped(divider: &str) -> String {
        let number = number();
        [&number[..4], &number[4..8], &number[8..12], &number[12..]].join(divider)
    }

    fn scan(text: &[u8], piece: usize) -> Scanned {
        let (mut scan, mut scanned) = (FileScan::new("a.csv"), Scanned::default());
        text.chunks(piece.max(1)).for_each(|piece| scan.feed(piece));
        scan.end(&mut scanned);
        scanned
    }

    fn hits(text: &str) -> Vec<(u64, u64, String)> {
        let told = |scanned: Scanned| scanned.stops.into_iter().map(|it| (it.line, it.column, it.mask)).collect();
        let whole: Vec<_> = told(scan(text.as_bytes(), usize::MAX));
        for piece in [1, 2, 3, 5, 7, 16] {
            assert_eq!(told(scan(text.as_bytes(), piece)), whole, "pieces of {piece}: {text}");
        }
        whole
    }

    #[test]
    fn a_number_is_named_by_where_it_stands_and_never_by_a_digit() {
        let text = format!("key,note\nä-1,\"card {}, until 12/27\"\nx,{}\n", number(), grouped(" "));
        let found = hits(&text);
        assert_eq!(found, [(2, 11, "#".repeat(16)), (3, 3, "#### #### #### ####".to_owned())], "{found:?}");
        let told = serde_json::to_string(&scan(text.as_bytes(), 9)).unwrap_or_default();
        assert!(!told.contains("4003") && !told.contains("9876"), "{told}");
    }

    #[test]
    fn a_number_is_found_in_every_way_in_which_it_stands_alone() {
        let number = number();
        for text in [
            number.clone(),
            format!("\"{number}\""),
            format!("pan={number};cvc="),
            format!("ref-{number}"),
            format!("x_{number}"),
            grouped("-"),
            grouped("\u{a0}"),
            format!("pay {} now", grouped("  ")),
            format!("5 {} 12 27", grouped(" ")),
            number.chars().filter_map(|it| char::from_u32(u32::from(it) - 0x30 + 0xff10)).collect(),
        ] {
            assert_eq!(hits(&text).len(), 1, "{text}");
        }
    }

    #[test]
    fn hashes_keys_times_and_drawings_pass() {
        let number = number();
        for text in [
            format!("a{number}"),
            format!("{number}f"),
            format!("{number}0000"),
            format!("9f86d081{number}9f86d0815d6c15b0f00a08"),
            format!("+{number}"),
            format!("0.{number}"),
            format!("1111-{}", grouped("-")),
            format!("{}-99", grouped("-")),
            grouped("."),
            grouped("\n"),
            "1763719200000000".to_owned(),
            "2026-11-21 09:30:00 2026-11-22".to_owned(),
            "42424242-4242-4242-8242-424242424242".to_owned(),
            "<path d=\"M4003 1298L7654 3210\"/>".to_owned(),
            "0000000000000000".to_owned(),
        ] {
            assert_eq!(hits(&text), [], "{text}");
        }
    }

    #[test]
    fn no_printed_number_has_more_groups_than_are_kept() {
        assert_eq!(GROUPINGS.iter().map(|sizes| sizes.len()).max(), Some(LONGEST));
    }

    #[test]
    fn published_test_numbers_warn_only() {
        for number in &catalogue().known_test_pans {
            let scanned = scan(format!("x,{number}\n").as_bytes(), 4);
            assert!(scanned.stops.is_empty() && scanned.warnings.len() == 1, "{number}");
        }
    }

    #[test]
    fn what_is_no_text_is_told_as_not_read() {
        for bytes in [&b"%PDF-1.7\n"[..], b"PK\x03\x04", b"text\0", b"\xff\xfe4\x00"] {
            let scanned = scan(bytes, 3);
            assert_eq!(scanned.unread, ["a.csv"], "{bytes:?}");
        }
        // Bytes that are no UTF-8 divide words, and the rest is read.
        let text = [b"caf\xe9 ".as_slice(), number().as_bytes(), b" \xe9"].concat();
        assert_eq!(scan(&text, 2).stops.len(), 1);
        assert_eq!(scan(b"", 1), Scanned::default());
        // A zero further on takes nothing back, and hides nothing behind it.
        let text = format!("first {}\0 then {}\0", number(), number());
        assert_eq!(scan(text.as_bytes(), 3).stops.len(), 2);
    }

    #[test]
    fn an_escape_is_no_part_of_a_word() {
        for escape in ["\\n", "\\t", "\\r", "\\u000a", "\\u00e9", "\\\\"] {
            let text = format!("{{\"log\":\"x{escape}{}{escape}y\"}}", number());
            for size in [1, 3, 999] {
                assert_eq!(scan(text.as_bytes(), size).stops.len(), 1, "{text}");
            }
        }
        assert_eq!(scan(format!("n{}", number()).as_bytes(), 3), Scanned::default());
    }

    #[test]
    fn many_hits_are_counted_and_not_kept() {
        let text = format!("{}\n", number()).repeat(HITS_MAX + 50);
        let scanned = scan(text.as_bytes(), 4096);
        assert_eq!((scanned.stops.len(), scanned.stop_count()), (HITS_MAX, HITS_MAX as u64 + 50));
        for begins in ["", "7 ", "7 8 ", "7 8 9 "] {
            let row = begins.to_owned() + &format!("{} ", grouped(" ")).repeat(GROUPS_MAX);
            assert_eq!(scan(row.as_bytes(), 999).stops.len(), GROUPS_MAX, "a long row is cut nowhere");
        }
    }
}
