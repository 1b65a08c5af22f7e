//! Full card numbers in a text: an import refuses them, and no message repeats one.
//!
//! A card number is 13 to 19 digits that pass the Luhn check, begin in the range of a brand with a length of
//! that brand, and are not one digit repeated. Luhn alone is not enough: one in ten numbers passes it.

use std::ops::Range;
use std::sync::OnceLock;

use crate::model::catalogue::catalogue;

/// The groups in which card numbers are printed.
const GROUPS: [&[usize]; 4] = [&[4, 4, 4, 4, 3], &[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4]];

/// The positions of the first full card number in a text, as a mask: `dddd dddd dddd dddd`.
#[must_use]
pub fn find(text: &str) -> Option<String> {
    let spans = spans(text);
    let first = spans.first()?;
    Some(masked(&text[first.clone()]))
}

/// The text with every digit of a full card number replaced by `d`.
#[must_use]
pub fn scrub(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut done = 0;
    for span in spans(text) {
        clean.push_str(&text[done..span.start]);
        clean.push_str(&masked(&text[span.clone()]));
        done = span.end;
    }
    clean.push_str(&text[done..]);
    clean
}

fn masked(number: &str) -> String {
    number.chars().map(|c| if digit(c).is_some() { 'd' } else { c }).collect()
}

/// The value of a digit, as typed on any keyboard: ASCII or full-width.
const fn digit(character: char) -> Option<u8> {
    match character {
        '0'..='9' => Some(character as u8 - b'0'),
        '\u{ff10}'..='\u{ff19}' => Some((character as u32 - 0xff10) as u8),
        _ => None,
    }
}

const fn separates(character: char) -> bool {
    matches!(character, ' ' | '-' | '\u{a0}' | '\u{2010}'..='\u{2015}')
}

/// A run of digits without anything between them.
struct Group {
    span: Range<usize>,
    digits: Vec<u8>,
    /// Exactly one blank or dash stands between the group before and this one.
    continues: bool,
}

fn spans(text: &str) -> Vec<Range<usize>> {
    let groups = groups(text);
    let total: usize = groups.iter().map(|group| group.digits.len()).sum();
    let Some((first, last)) = groups.first().zip(groups.last()) else { return Vec::new() };
    // A text of nothing but digits, blanks and dashes is one number, however it is grouped.
    if (13..=19).contains(&total) && text.chars().all(|c| digit(c).is_some() || separates(c) || c.is_whitespace()) {
        let digits: Vec<u8> = groups.iter().flat_map(|group| group.digits.iter().copied()).collect();
        let whole = first.span.start..last.span.end;
        return if is_card(&digits) { vec![whole] } else { Vec::new() };
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < groups.len() {
        let taken = card_at(text, &groups[at..]);
        if taken > 0 {
            found.push(groups[at].span.start..groups[at + taken - 1].span.end);
        }
        at += taken.max(1);
    }
    found
}

/// How many groups from the first one on make a card number that stands on its own; 0 for none.
fn card_at(text: &str, groups: &[Group]) -> usize {
    let long: &[usize] = &[groups[0].digits.len()];
    for shape in std::iter::once(long).chain(GROUPS) {
        let Some(taken) = groups.get(..shape.len()) else { continue };
        let fits = taken.iter().zip(shape).all(|(group, length)| group.digits.len() == *length)
            && taken[1..].iter().all(|group| group.continues);
        let span = taken[0].span.start..taken[shape.len() - 1].span.end;
        if fits && stands_alone(text, &span) {
            let digits: Vec<u8> = taken.iter().flat_map(|group| group.digits.iter().copied()).collect();
            if is_card(&digits) {
                return shape.len();
            }
        }
    }
    0
}

/// Whether no letter, sign or decimal point makes the digits part of something else.
fn stands_alone(text: &str, span: &Range<usize>) -> bool {
    let mut before = text[..span.start].chars().rev();
    let mut after = text[span.end..].chars();
    let alone_before = match before.next() {
        Some('.' | ',') => !before.next().is_some_and(|c| digit(c).is_some()),
        Some(c) => !c.is_alphanumeric() && c != '+',
        None => true,
    };
    let alone_after = match after.next() {
        Some('.' | ',') => !after.next().is_some_and(|c| digit(c).is_some()),
        Some(c) => !c.is_alphanumeric(),
        None => true,
    };
    alone_before && alone_after
}

fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (at, character) in text.char_indices() {
        let Some(value) = digit(character) else { continue };
        let end = at + character.len_utf8();
        match groups.last_mut() {
            Some(group) if group.span.end == at => {
                group.span.end = end;
                group.digits.push(value);
            }
            last => {
                let continues = last.is_some_and(|group| {
                    let mut between = text[group.span.end..at].chars();
                    between.next().is_some_and(separates) && between.next().is_none()
                });
                groups.push(Group { span: at..end, digits: vec![value], continues });
            }
        }
    }
    groups
}

fn is_card(digits: &[u8]) -> bool {
    (13..=19).contains(&digits.len())
        && digits.iter().any(|digit| digit != &digits[0])
        && passes_luhn(digits)
        && in_range_of_a_brand(digits)
}

/// From the right, every second digit doubled, 9 subtracted above 9: the sum ends in 0.
fn passes_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The first digits of a brand, from and to, with how many digits that are, and the lengths it has.
struct BrandRange {
    from: u32,
    to: u32,
    width: usize,
    lengths: &'static [usize],
}

fn brand_ranges() -> &'static [BrandRange] {
    static RANGES: OnceLock<Vec<BrandRange>> = OnceLock::new();
    RANGES.get_or_init(|| {
        let mut ranges = Vec::new();
        for brand in &catalogue().iin_ranges {
            for prefix in &brand.prefix {
                let (from, to) = prefix.split_once('-').unwrap_or((prefix, prefix));
                let number = |text: &str| text.parse().expect("the catalogue is part of the program and tested");
                ranges.push(BrandRange {
                    from: number(from),
                    to: number(to),
                    width: from.len(),
                    lengths: &brand.lengths,
                });
            }
        }
        ranges
    })
}

fn in_range_of_a_brand(digits: &[u8]) -> bool {
    brand_ranges().iter().any(|range| {
        let start = digits.iter().take(range.width).fold(0, |number, digit| number * 10 + u32::from(*digit));
        (range.from..=range.to).contains(&start) && range.lengths.contains(&digits.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::catalogue::catalogue;

    #[test]
    fn every_published_test_number_of_13_digits_and_more_is_a_card_number() {
        for number in catalogue().known_test_pans.iter().filter(|number| number.len() > 12) {
            assert!(find(number).is_some(), "{number}");
            assert_eq!(scrub(number), "d".repeat(number.len()));
        }
    }

    #[test]
    fn a_card_number_is_found_however_it_is_grouped_and_inside_a_text() {
        for text in [
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            "41 11 11 11 11 11 11 11",
            " 4111111111111111 ",
            "test_4035501428146300",
            "the card 4111 1111 1111 1111.",
            "a=4111111111111111;b",
            "3782 822463 10005",
            "４１１１１１１１１１１１１１１１",
        ] {
            assert!(find(text).is_some(), "{text}");
            assert_eq!(find(&scrub(text)), None, "{text}");
        }
        assert_eq!(find("pay 4111 1111 1111 1111 now").as_deref(), Some("dddd dddd dddd dddd"));
    }

    #[test]
    fn digits_that_pass_luhn_alone_are_no_card_number() {
        for text in [
            "993617895204576J",
            "777718270854480",
            "SCP-880090622238-01",
            "2d926214-5383-4873-8b11-0a4111111111",
            "150.00000000000034",
            "0000000000000000",
            "4444444444444444",
            "4111111111111112",
            "+4111111111111111",
            "order-id 123456789012345678901234567890123456789",
            "",
        ] {
            assert_eq!(find(text), None, "{text}");
            assert_eq!(scrub(text), text);
        }
    }
}
