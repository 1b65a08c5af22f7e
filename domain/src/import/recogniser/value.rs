//! What the values of a sample look like. They are looked at in memory; what is kept says that a check passed, or
//! where the digits of a mask stand, and nothing of the values themselves.

use std::collections::BTreeSet;

use super::tree::Node;
use crate::model::card_number::looks_like_card_number;
use crate::model::catalogue::catalogue;

/// So many bytes of one text are looked at.
const LOOKED_AT: usize = 32 * 1024;

/// So many different masks of one field are kept.
const MASKS: usize = 4;

/// What was seen in the values of one field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Values {
    /// Values that are a card number.
    pub(super) card_numbers: usize,
    /// Of these, the published test numbers.
    pub(super) test_numbers: usize,
    /// A card number stands among other words.
    pub(super) within_text: bool,
    /// Masks, as positions.
    pub(super) masks: BTreeSet<String>,
    /// Values that are an IBAN.
    pub(super) ibans: usize,
    /// Values that are identifiers such as `tok_…`.
    pub(super) identifiers: usize,
    /// Values that are yes or no.
    pub(super) flags: usize,
    /// Values that are something else. Nothing at all counts as nothing.
    pub(super) others: usize,
}

impl Values {
    /// Looks at one value.
    pub(super) fn look(&mut self, value: &Node) {
        match value {
            Node::Null | Node::List(_) | Node::Map(_) => {}
            Node::Bool(_) => self.flags += 1,
            Node::Number => self.others += 1,
            Node::Whole(number) => self.look_at_text(&number.to_string()),
            Node::Text(text) => self.look_at_text(text),
        }
    }

    /// Looks at one text.
    pub(super) fn look_at_text(&mut self, text: &str) {
        let text = text.get(..text.floor_char_boundary(LOOKED_AT)).unwrap_or(text).trim();
        if text.is_empty() {
            return;
        }
        if looks_like_card_number(text) {
            let bare: String = text.chars().filter(|c| !is_separator(*c)).collect();
            if bare.chars().all(|c| c.is_numeric()) {
                self.card_numbers += 1;
                self.test_numbers += usize::from(catalogue().known_test_pans.contains(&bare));
            } else {
                self.within_text = true;
            }
        } else if let Some(mask) = mask(text) {
            if self.masks.len() < MASKS {
                self.masks.insert(mask);
            }
        } else if is_iban(text) {
            self.ibans += 1;
        } else if IDENTIFIER_PREFIXES.iter().any(|prefix| text.starts_with(prefix)) || is_identifier(text) {
            self.identifiers += 1;
        } else {
            self.others += 1;
        }
    }

    /// Whether every card number that was seen is a published test number.
    pub(super) const fn is_test_data(&self) -> bool {
        self.card_numbers > 0 && self.card_numbers == self.test_numbers
    }

    /// Whether there were values, and none is a card number or a mask of one.
    pub(super) fn speak_against_a_card_number(&self) -> bool {
        self.card_numbers == 0 && self.masks.is_empty() && self.others + self.identifiers + self.ibans > 0
    }
}

const fn is_separator(character: char) -> bool {
    matches!(character, ' ' | '-' | '\u{a0}')
}

/// The positions of a masked number: `d` where a digit is kept, `*` where one is left out. `None` where the text is
/// no mask of 8 to 19 positions with digits kept and at least four left out.
fn mask(text: &str) -> Option<String> {
    let mut mask = String::new();
    for character in text.chars().filter(|c| !is_separator(*c)) {
        mask.push(match character {
            _ if character.is_numeric() => 'd',
            '*' | 'x' | 'X' | '#' | '\u{2022}' | '\u{b7}' | '\u{25cf}' => '*',
            _ => return None,
        });
        if mask.len() > 19 {
            return None;
        }
    }
    let kept = mask.bytes().filter(|byte| *byte == b'd').count();
    let left_out = mask.len() - kept;
    (mask.len() >= 8 && (1..=10).contains(&kept) && left_out >= 4).then_some(mask)
}

/// The beginnings of identifiers that gateways give out.
const IDENTIFIER_PREFIXES: [&str; 12] =
    ["pm_", "tok_", "cnon:", "ch_", "pi_", "re_", "cus_", "card_", "src_", "seti_", "ba_", "pi-"];

/// Whether a text is an identifier: a short prefix, an underline, and letters with digits.
pub(super) fn is_identifier(text: &str) -> bool {
    text.split_once('_').is_some_and(|(prefix, rest)| {
        (2..=8).contains(&prefix.len())
            && prefix.bytes().all(|byte| byte.is_ascii_lowercase())
            && rest.len() >= 10
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && rest.bytes().any(|byte| byte.is_ascii_digit())
    })
}

/// Whether a text is an IBAN: the length of its country, and 1 as the remainder of 97 (ISO 13616, ISO 7064).
pub(super) fn is_iban(text: &str) -> bool {
    let bare: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').map(|byte| byte.to_ascii_uppercase()).collect();
    let Some((country, rest)) = bare.split_at_checked(2) else { return false };
    let has_length = IBAN_LENGTHS.iter().any(|(code, length)| code.as_bytes() == country && *length == bare.len());
    if !has_length || !rest[..2].iter().all(u8::is_ascii_digit) || !bare.iter().all(u8::is_ascii_alphanumeric) {
        return false;
    }
    let turned = bare[4..].iter().chain(&bare[..4]);
    let remainder = turned.fold(0_u32, |remainder, byte| match byte {
        b'0'..=b'9' => (remainder * 10 + u32::from(byte - b'0')) % 97,
        _ => (remainder * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    remainder == 1
}

/// The length of an IBAN by country.
#[rustfmt::skip]
const IBAN_LENGTHS: [(&str, usize); 76] = [
    ("AD", 24), ("AE", 23), ("AL", 28), ("AT", 20), ("AZ", 28), ("BA", 20), ("BE", 16), ("BG", 22), ("BH", 22),
    ("BR", 29), ("BY", 28), ("CH", 21), ("CR", 22), ("CY", 28), ("CZ", 24), ("DE", 22), ("DK", 18), ("DO", 28),
    ("EE", 20), ("EG", 29), ("ES", 24), ("FI", 18), ("FO", 18), ("FR", 27), ("GB", 22), ("GE", 22), ("GI", 23),
    ("GL", 18), ("GR", 27), ("GT", 28), ("HR", 21), ("HU", 28), ("IE", 22), ("IL", 23), ("IQ", 23), ("IS", 26),
    ("IT", 27), ("JO", 30), ("KW", 30), ("KZ", 20), ("LB", 28), ("LC", 32), ("LI", 21), ("LT", 20), ("LU", 20),
    ("LV", 21), ("LY", 25), ("MC", 27), ("MD", 24), ("ME", 22), ("MK", 19), ("MR", 27), ("MT", 31), ("MU", 30),
    ("NL", 18), ("NO", 15), ("PK", 24), ("PL", 28), ("PS", 29), ("PT", 25), ("QA", 29), ("RO", 24), ("RS", 22),
    ("SA", 24), ("SC", 31), ("SE", 24), ("SI", 19), ("SK", 24), ("SM", 27), ("ST", 25), ("SV", 28), ("TL", 23),
    ("TN", 24), ("TR", 26), ("UA", 29), ("XK", 20),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(texts: &[&str]) -> Values {
        let mut values = Values::default();
        texts.iter().for_each(|text| values.look_at_text(text));
        values
    }

    #[test]
    fn a_card_number_is_counted_and_not_kept() {
        let values = seen(&["4111 1111 1111 1111", "4035501428146300"]);
        assert_eq!((values.card_numbers, values.test_numbers, values.is_test_data()), (2, 1, false));
        assert!(!format!("{values:?}").contains("1111"));
        assert!(seen(&["call about 4111111111111111 please"]).within_text);
        assert_eq!(seen(&["993617895204576J", "777718270854480"]).others, 2);
    }

    #[test]
    fn a_mask_keeps_positions_only() {
        let masks = |text: &str| seen(&[text]).masks.into_iter().next();
        assert_eq!(masks("XXXX-XXXX-XXXX-4242").as_deref(), Some("************dddd"));
        assert_eq!(masks("•••• •••• •••• 1").as_deref(), Some("************d"));
        assert_eq!(masks("411111******1111").as_deref(), Some("dddddd******dddd"));
        assert_eq!(masks("****4242").as_deref(), Some("****dddd"));
        for text in ["4242", "xxxx", "****", "1234567*", "extra", "2026-11-21", "********************1234"] {
            assert_eq!(masks(text), None, "{text}");
        }
    }

    #[test]
    fn an_iban_has_the_length_of_its_country_and_its_check_digits() {
        assert!(is_iban("DE89 3704 0044 0532 0130 00"));
        assert!(is_iban("gb29nwbk60161331926819"));
        for text in ["DE89 3704 0044 0532 0130 01", "DE8937040044053201300", "XX89370400440532013000", "", "é", "DE"] {
            assert!(!is_iban(text), "{text}");
        }
    }

    #[test]
    fn identifiers_of_gateways_are_no_names() {
        assert_eq!(seen(&["tok_1", "ich_1Pgag4B7WZ01zgkW", "Jenny Rosen", "free_text"]).identifiers, 2);
    }
}
