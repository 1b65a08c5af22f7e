//! What kind of data an element in a form is, as the rules of findings read it.

use crate::id::ElementId;
use crate::model::catalogue;
use crate::model::element::{ElementClass, Form, Holding};
use crate::model::flow::Flow;

/// Whether it is the card number, in whatever form.
#[must_use]
pub fn is_pan(holding: &Holding) -> bool {
    holding.element.as_str() == "pan"
}

/// Whether it is sensitive authentication data, in whatever form.
#[must_use]
pub fn is_sad(holding: &Holding) -> bool {
    class(&holding.element) == Some(ElementClass::Sad)
}

/// Whether anybody who sees it can read it: in clear, or in a form that nobody knows.
#[must_use]
pub const fn is_readable(holding: &Holding) -> bool {
    matches!(holding.form, Form::Clear | Form::Unknown)
}

/// Whether it is a live card number or live authentication data, readable or encrypted. Tokens, hashes, truncated and
/// masked numbers are none, and neither is a name or an expiry date by itself.
#[must_use]
pub fn is_account_data(holding: &Holding) -> bool {
    is_whole(holding) && (is_pan(holding) || is_sad(holding))
}

/// As [`is_account_data`], with the other elements of a card: its name, expiry date and service code.
#[must_use]
pub fn is_card_data(holding: &Holding) -> bool {
    is_whole(holding) && matches!(class(&holding.element), Some(ElementClass::Chd | ElementClass::Sad))
}

const fn is_whole(holding: &Holding) -> bool {
    holding.live && matches!(holding.form, Form::Clear | Form::Unknown | Form::Encrypted)
}

/// The class of an element; `None` where the catalogue does not have it.
#[must_use]
pub fn class(element: &ElementId) -> Option<ElementClass> {
    catalogue::class_of(element.as_str())
}

/// "the card number in clear", for the middle of a sentence.
#[must_use]
pub fn words(holding: &Holding) -> String {
    holding.form.of_data(&element_words(&holding.element))
}

/// "card number": the element without its form, for the middle of a sentence.
#[must_use]
pub fn element_words(element: &ElementId) -> String {
    match element.as_str() {
        "pan" => "card number".to_owned(),
        "card_verification_code" => "card verification code".to_owned(),
        "full_track" => "full track data".to_owned(),
        "pin" | "pin_block" => element.as_str().replace('_', " ").to_uppercase().replace("BLOCK", "block"),
        other => catalogue::element(other).map_or_else(
            || format!("\"{other}\""),
            |row| {
                let mut letters = row.name.chars();
                let first = letters.next().into_iter().flat_map(char::to_lowercase);
                first.chain(letters).collect()
            },
        ),
    }
}

/// How many digits a mask shows at the beginning, at the end, and elsewhere. `d` is a digit that is shown.
#[must_use]
pub fn digits_shown(mask: &str) -> (usize, usize, usize) {
    let positions: Vec<bool> = mask.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c == 'd').collect();
    let all = positions.iter().filter(|shown| **shown).count();
    let leading = positions.iter().take_while(|shown| **shown).count();
    if leading == positions.len() {
        return (leading, 0, 0);
    }
    let trailing = positions.iter().rev().take_while(|shown| **shown).count();
    (leading, trailing, all - leading - trailing)
}

/// Whether a mask shows more than the BIN of eight digits and the last four.
#[must_use]
pub fn shows_too_much(mask: &str) -> bool {
    let (leading, trailing, elsewhere) = digits_shown(mask);
    leading > 8 || trailing > 4 || elsewhere > 0
}

/// What a flow carries, found once for all rules.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cargo {
    /// A live card number that anybody who listens can read.
    pub readable_pan: bool,
    /// A live card number or live authentication data, readable or encrypted.
    pub account_data: bool,
    /// Sensitive authentication data in any form.
    pub sad: bool,
    /// A token for a card number.
    pub token: bool,
    /// A readable secret: a key, a password, an access token.
    pub secret: bool,
}

impl Cargo {
    pub(super) fn of(flow: &Flow) -> Self {
        let mut cargo = Self::default();
        for field in &flow.fields {
            let class = class(&field.element);
            let live_and_readable = field.live && is_readable(field);
            cargo.readable_pan |= live_and_readable && is_pan(field);
            cargo.account_data |= is_whole(field) && (is_pan(field) || class == Some(ElementClass::Sad));
            cargo.sad |= field.live && class == Some(ElementClass::Sad);
            cargo.token |= is_pan(field) && matches!(field.form, Form::Tokenised | Form::NetworkToken);
            cargo.secret |= live_and_readable && class == Some(ElementClass::Secret);
        }
        cargo
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_may_show_the_bin_and_the_last_four() {
        for (mask, too_much) in
            [("dddddd******dddd", false), ("dddddddd****dddd", false), ("****", false), ("ddddddddd***dddd", true)]
        {
            assert_eq!(shows_too_much(mask), too_much, "{mask}");
        }
        assert!(shows_too_much("dddd**dd**dddd") && shows_too_much("dddd dddd dddd dddd"));
        assert!(shows_too_much("***********ddddd"));
    }

    #[test]
    fn data_is_named_as_people_say_it() {
        let named = |element: &str, form| words(&Holding::new(element.into(), form, &[]));
        assert_eq!(named("pan", Form::Clear), "the card number in clear");
        assert_eq!(named("pin_block", Form::Encrypted), "the encrypted PIN block");
        assert_eq!(named("cardholder_name", Form::Clear), "the cardholder name in clear");
    }
}
