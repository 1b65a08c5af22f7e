//! What the description of a field says. It can make a vague name clear, and tell that a clear one means something else.

use std::sync::OnceLock;

use regex::Regex;

/// So many characters of a description are read: what a field is stands at the beginning.
const READ: usize = 400;

/// The description of a field, as words joined by `_`.
#[derive(Debug, Clone)]
pub(super) struct Description {
    words: String,
    /// Where its first sentence ends. What the form of a field is stands there; other fields are named further on.
    first: usize,
}

impl Description {
    pub(super) fn of(text: &str) -> Self {
        let mut words = String::with_capacity(text.len().min(READ));
        let (mut first, mut before) = (None, ' ');
        for character in text.chars().take(READ) {
            if first.is_none() && (character == '\n' || (before == '.' && character.is_whitespace())) {
                first = Some(words.len());
            }
            if character.is_alphanumeric() {
                words.extend(character.to_lowercase());
            } else if !words.ends_with('_') && !words.is_empty() {
                words.push('_');
            }
            before = character;
        }
        words.truncate(words.trim_end_matches('_').len());
        let first = first.unwrap_or(words.len()).min(words.len());
        Self { words, first }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    fn first_sentence(&self) -> &str {
        &self.words[..self.first]
    }

    /// Whether it speaks of the element with that key.
    pub(super) fn speaks_of(&self, element: &str) -> bool {
        !self.is_empty()
            && patterns().elements.iter().any(|(id, pattern)| *id == element && pattern.is_match(&self.words))
    }

    /// Whether it speaks of a payment card at all.
    pub(super) fn speaks_of_a_card(&self) -> bool {
        patterns().card.is_match(&self.words)
    }

    /// Whether the name that it describes is that of something else than a person: a brand, a bank, a product.
    pub(super) fn names_a_thing(&self) -> bool {
        patterns().thing.is_match(&self.words)
    }

    /// Whether it speaks of a bank account, and of no card.
    pub(super) fn speaks_of_a_bank_account(&self) -> bool {
        patterns().bank.is_match(&self.words) && !self.speaks_of_a_card()
    }

    /// Whether it is the outcome of a check, not what was checked.
    pub(super) fn is_an_outcome(&self) -> bool {
        patterns().outcome.is_match(&self.words)
    }

    /// Whether only some digits are meant.
    pub(super) fn is_shortened(&self) -> bool {
        patterns().shortened.is_match(self.first_sentence()) && !patterns().full.is_match(&self.words)
    }

    /// Whether the value is said to be encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        patterns().encrypted.is_match(self.first_sentence())
    }

    /// Whether the value is said to be a hash.
    pub(super) fn is_hashed(&self) -> bool {
        patterns().hashed.is_match(self.first_sentence())
    }
}

struct Patterns {
    elements: Vec<(&'static str, Regex)>,
    card: Regex,
    thing: Regex,
    bank: Regex,
    outcome: Regex,
    shortened: Regex,
    full: Regex,
    encrypted: Regex,
    hashed: Regex,
}

/// What descriptions say of an element, in words joined by `_`.
const ELEMENTS: [(&str, &str); 10] = [
    (
        "pan",
        "card_(account_)?number|primary_account_number|(^|_)f?pan(_|$)|n[uú]mero_d(a|e|o|u|e_la|el)_(tarjeta|carte|cartão|carta)|kartennummer",
    ),
    (
        "cardholder_name",
        "card_?holder(_s)?_(full_|first_|last_)?name|names?_(of|on)_(the_|a_|your_)?(payment_|credit_|debit_)?card|(appears|printed|written)_on_(the_|a_|your_)?(payment_|credit_|debit_)?card|card_(owner|holder)|cardholder",
    ),
    ("expiry", "card.{0,40}(expir|valid)|(expir|valid).{0,40}card"),
    (
        "card_verification_code",
        "card_(verification|security|validation|identification)|(^|_)(cvv|cvc|cvn|cav|csc)2?(_|$)|security_code",
    ),
    ("full_track", "(^|_)track_?[12]?_data|magnetic_stripe|track_(1|2|one|two)(_|$)"),
    ("pin", "(^|_)pin(_|$)"),
    (
        "pan_truncated",
        "(bank|issuer)_identification_number|(first|last)_(two|four|six|eight|[2468])_digits_of_(the_|a_)?(payment_|credit_)?card",
    ),
    ("pin_block", "(^|_)pin_block"),
    (
        "wallet_payload",
        "(apple|google|samsung|android)_pay_(payment_)?(token|payload|data)|token_retrieved_from_the_(apple|google|samsung|android)",
    ),
    ("network_token", "network_token(_number)?|token_pan|(^|_)dpan(_|$)"),
];

fn patterns() -> &'static Patterns {
    static COMPILED: OnceLock<Patterns> = OnceLock::new();
    COMPILED.get_or_init(|| {
        let one = |pattern: &str| Regex::new(pattern).expect("the patterns are part of the program and tested");
        Patterns {
            elements: ELEMENTS.iter().map(|(id, pattern)| (*id, one(pattern))).collect(),
            card: one("(^|_)(card|cards|cardholder|credit_card|pan)(_|$)"),
            thing: one(
                "(^|_)(brand|issuer|bank|product|display|displayable|friendly|scheme|network|country|template|method|type|group|campaign)(_|$)",
            ),
            bank: one("bank_account|iban|direct_debit|sepa"),
            outcome: one("^(the_|raw_|this_is_the_)*(result|outcome|status|response|indicates|whether)|(result|outcome)_of_(the_)?(cv|card|security|check|verif)|(validation|check|verification)_(result|response|status)"),
            shortened: one(
                "(last|first)_(two|four|six|eight|[2-8])(_|$)|(^|_)(last|first)_digits|masked|truncated|obfuscated|redacted|bank_identification_number|issuer_identification_number",
            ),
            full: one("(full|complete|entire|whole|unmasked)_(payment_|credit_)?(card|pan|number|primary)"),
            encrypted: one("(^|_)encrypted(_[a-z0-9]+){0,4}_(card|cards|pan|pin|cvc|cvv|security|expir[a-z]*|number|track)(_|$)|^encrypted"),
            hashed: one("(^|_)(hash|hashed|digest|hmac)(_|$)"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_tells_what_a_vague_name_means() {
        let of = Description::of;
        assert!(of("The primary account number (PAN) for the card.").speaks_of("pan"));
        assert!(of("The card holder's name as it appears on the card.").speaks_of("cardholder_name"));
        assert!(of("The year and month in which the card expires.").speaks_of("expiry"));
        assert!(of("Also known as CVV or CVC.").speaks_of("card_verification_code"));
        assert!(!of("The number of the house.").speaks_of("pan"));
        assert!(!of("").speaks_of("pan"));
    }

    #[test]
    fn a_description_tells_what_a_clear_name_does_not_mean() {
        let of = Description::of;
        assert!(of("The holder of the bank account.").speaks_of_a_bank_account());
        assert!(!of("The card or bank account.").speaks_of_a_bank_account());
        assert!(of("Result of the CVC check").is_an_outcome());
        assert!(!of("The code on the card, checked by the issuer").is_an_outcome());
        assert!(of("The last four digits").is_shortened());
        assert!(!of("The first six digits, or the full card number").is_shortened());
        assert!(of("PIN, encrypted with the bank's key: encrypted card PIN").is_encrypted());
        assert!(!of("The card number. Give this or the encrypted card number.").is_encrypted());
        assert!(of("The display name of the method").names_a_thing());
    }
}
