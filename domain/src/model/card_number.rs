//! Whether a text contains a full card number, which this product never stores.
//!
//! A number counts where its length and first digits belong to a brand (the ranges of the catalogue) and
//! its check digit is right, so that order numbers, timestamps and identifiers pass.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use super::catalogue::catalogue;

/// How many digits a card number has. The 12 digits of some old Maestro cards are left out: too many
/// ordinary numbers look like one.
pub(crate) const LENGTHS: RangeInclusive<usize> = 13..=19;

/// How card numbers are printed: the sizes of their groups of digits. They are looked for within longer rows
/// of groups; a row that is no longer than a card number counts as one number however it is divided.
pub(crate) const GROUPINGS: [&[usize]; 8] =
    [&[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4], &[4, 4, 4, 4, 3], &[6, 13], &[4, 4, 4, 5], &[4, 4, 4, 6], &[8, 8]];

/// Whether a card number stands in the text, alone or among other words; blanks and dashes within it do not hide it.
///
/// Digits that touch letters, as in hashes and keys, and the groups of a UUID are no card number; neither is
/// what follows a `+`, as in a telephone number, or a decimal point.
#[must_use]
pub fn looks_like_card_number(text: &str) -> bool {
    if text.len() < *LENGTHS.start() {
        return false;
    }
    rows(text).iter().any(|row| {
        let whole: Vec<u8> = row.concat();
        is_card_number(&whole)
            || row.iter().any(|group| is_card_number(group))
            || GROUPINGS.iter().any(|sizes| {
                row.windows(sizes.len()).any(|groups| {
                    groups.iter().map(Vec::len).eq(sizes.iter().copied()) && is_card_number(&groups.concat())
                })
            })
    })
}

/// The rows of digit groups of a text: groups that only a blank or a dash divides.
fn rows(text: &str) -> Vec<Vec<Vec<u8>>> {
    let characters: Vec<char> = text.chars().collect();
    let mut rows: Vec<Vec<Vec<u8>>> = Vec::new();
    // Where the last accepted group ended; the next group continues its row where only dividers lie between.
    let mut continues_from: Option<usize> = None;
    let mut at = 0;
    while at < characters.len() {
        if is_word(&characters, at) {
            let start = at;
            while is_word(&characters, at) {
                at += 1;
            }
            let word = &characters[start..at];
            if is_uuid_at(&characters, start) {
                at = start + UUID.len();
                continues_from = None;
                continue;
            }
            let digits: Option<Vec<u8>> = word.iter().copied().map(digit).collect();
            let Some(digits) = digits.filter(|_| !is_part_of_another_number(&characters, start)) else {
                continues_from = None;
                continue;
            };
            let continues = continues_from.is_some_and(|end| {
                (end + 1..=end + 3).contains(&start) && characters[end..start].iter().copied().all(is_divider)
            });
            match rows.last_mut().filter(|_| continues) {
                Some(row) => row.push(digits),
                None => rows.push(vec![digits]),
            }
            continues_from = Some(at);
        } else {
            at += 1;
        }
    }
    rows
}

fn is_word(characters: &[char], at: usize) -> bool {
    characters.get(at).is_some_and(|c| c.is_alphanumeric())
}

/// Blanks and dashes as people and word processors write them.
pub(crate) const fn is_divider(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\u{a0}' | '\u{202f}' | '-' | '\u{2010}' | '\u{2011}' | '\u{2013}')
}

/// The digit, also one of full width.
pub(crate) fn digit(character: char) -> Option<u8> {
    let narrow = match character {
        '\u{ff10}'..='\u{ff19}' => u32::from(character) - 0xff10 + u32::from('0'),
        _ => u32::from(character),
    };
    char::from_u32(narrow).and_then(|c| c.to_digit(10)).and_then(|digit| u8::try_from(digit).ok())
}

/// Telephone numbers begin with `+`; decimals follow a digit and a point.
fn is_part_of_another_number(characters: &[char], start: usize) -> bool {
    match start.checked_sub(1).map(|before| characters[before]) {
        Some('+') => true,
        Some('.') => start >= 2 && characters[start - 2].is_ascii_digit(),
        _ => false,
    }
}

/// The shape of a UUID, `x` for a hexadecimal digit.
const UUID: &str = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

fn is_uuid_at(characters: &[char], start: usize) -> bool {
    let Some(part) = characters.get(start..start + UUID.len()) else { return false };
    part.iter().zip(UUID.chars()).all(|(c, shape)| if shape == 'x' { c.is_ascii_hexdigit() } else { *c == '-' })
        && !is_word(characters, start + UUID.len())
}

/// Whether digits have the length and the first digits of a brand, and the right check digit.
pub(crate) fn is_card_number(digits: &[u8]) -> bool {
    LENGTHS.contains(&digits.len())
        && digits.iter().any(|digit| *digit != digits[0])
        && has_right_check_digit(digits)
        && ranges().iter().any(|range| range.contains(digits))
}

/// The Luhn check (ISO/IEC 7812-1): from the right, every second digit counts double.
fn has_right_check_digit(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) => digit * 2 / 10 + digit * 2 % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// One range of first digits, with the lengths of its numbers.
struct Range {
    first: RangeInclusive<u32>,
    places: usize,
    lengths: &'static [usize],
}

impl Range {
    /// Reads `4` or `51-55`.
    fn parse(prefix: &str, lengths: &'static [usize]) -> Option<Self> {
        let (low, high) = prefix.split_once('-').unwrap_or((prefix, prefix));
        Some(Self { first: low.parse().ok()?..=high.parse().ok()?, places: low.len(), lengths })
    }

    fn contains(&self, digits: &[u8]) -> bool {
        let first = digits.iter().take(self.places).fold(0, |number, digit| number * 10 + u32::from(*digit));
        self.lengths.contains(&digits.len()) && self.first.contains(&first)
    }
}

fn ranges() -> &'static [Range] {
    static RANGES: OnceLock<Vec<Range>> = OnceLock::new();
    RANGES.get_or_init(|| {
        catalogue()
            .iin_ranges
            .iter()
            .flat_map(|brand| brand.prefix.iter().filter_map(|prefix| Range::parse(prefix, &brand.lengths)))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_test_number_is_found_alone_and_within_words() {
        for number in &catalogue().known_test_pans {
            assert!(looks_like_card_number(number), "{number}");
            assert!(looks_like_card_number(&format!("the card {number}, until 12/27")), "{number}");
            assert!(looks_like_card_number(&format!("pan={number};cvc=")), "{number}");
            assert!(looks_like_card_number(&format!("{number} 12 27 123")), "{number}");
        }
    }

    #[test]
    fn blanks_and_dashes_do_not_hide_a_number() {
        for text in [
            "card 4242 4242 4242 4242 ok",
            "4242-4242-4242-4242",
            "3782 822463 10005",
            "4242\u{a0}4242\u{a0}4242\u{a0}4242 123",
            "call 5 about 4242 4242 4242 4242 123",
            "424242 4242424242",
            "４２４２４２４２４２４２４２４２",
        ] {
            assert!(looks_like_card_number(text), "{text}");
        }
    }

    #[test]
    fn numbers_and_identifiers_of_other_shape_pass() {
        for text in [
            "4242424242424241",                                                 // wrong check digit
            "4444444444444448444444",                                           // too long
            "424242424242",                                                     // too short
            "0000000000000000",                                                 // one digit only
            "1763719200000000",                                                 // no brand begins with 1
            "411111******1111",                                                 // a mask
            "a4242424242424242",                                                // part of a key
            "4242424242424242f",                                                // part of a hash
            "42424242-4242-4242-8242-424242424242",                             // UUID
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", // digest
            "+4242424242424242",                                                // telephone number
            "0.4242424242424242",                                               // decimal
            "ports 443 8443 5432 6514 22",
            "2026-11-21 09:30:00",
            "",
        ] {
            assert!(!looks_like_card_number(text), "{text}");
        }
    }

    #[test]
    fn every_range_of_the_catalogue_reads() {
        let prefixes: usize = catalogue().iin_ranges.iter().map(|brand| brand.prefix.len()).sum();
        assert_eq!(ranges().len(), prefixes);
    }
}
