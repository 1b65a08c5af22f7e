//! Full card numbers in a file: an import refuses them, and no message repeats one.

use crate::model::card_number::looks_like_card_number;
use crate::model::element::mask_positions;

/// Fewer digits than this are no card number.
const FEWEST_DIGITS: usize = 13;

/// A text with a full card number in it, every digit replaced by `d`; `None` where there is none.
#[must_use]
pub fn find(text: &str) -> Option<String> {
    let digits = text.chars().filter(|c| c.is_numeric()).take(FEWEST_DIGITS).count();
    (digits == FEWEST_DIGITS && looks_like_card_number(text)).then(|| mask_positions(text))
}

/// The text, with every digit replaced by `d` where a full card number is in it.
#[must_use]
pub fn scrub(text: &str) -> String {
    find(text).unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_number_leaves_its_positions_only() {
        assert_eq!(find("pay 4111 1111 1111 1111 now").as_deref(), Some("pay dddd dddd dddd dddd now"));
        assert_eq!(find("４１１１１１１１１１１１１１１１").as_deref(), Some("dddddddddddddddd"));
        assert_eq!(find("test_4035501428146300").as_deref(), Some("test_dddddddddddddddd"));
        assert_eq!(scrub("order 12"), "order 12");
    }

    #[test]
    fn digits_that_pass_the_check_alone_are_no_card_number() {
        for text in [
            "993617895204576J",
            "777718270854480",
            "SCP-880090622238-01",
            "2d926214-5383-4873-8b11-0a4111111111",
            "150.00000000000034",
            "0000000000000000",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
