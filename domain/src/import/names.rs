//! Which element a name on the wire stands for, by the name patterns of the catalogue.
//!
//! A pattern of its own (`card_number`) is sure; a name that means something beside a card only (`number` in
//! `card.number`) is likely. Neither is stored before a person confirms it.

use std::sync::OnceLock;

use regex::Regex;

use crate::id::ElementId;
use crate::model::catalogue::{Element, catalogue, element, normalise};
use crate::model::element::Form;
use crate::text::text_enum;

text_enum! {
    /// How sure a match is.
    Confidence {
        High = "high": "High",
        Medium = "medium": "Medium",
    }
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The element, aliases replaced.
    pub element: ElementId,
    /// The form as far as the name says it: clear where the element can be clear, else unknown.
    pub form: Form,
    /// How sure it is.
    pub confidence: Confidence,
}

/// What a path such as `credit_card.number` or `cards[0].expYear` stands for; `None` where no pattern hits.
///
/// The first strong hit in catalogue order counts, else the first weak one. The key of an element is a strong
/// hit for it.
#[must_use]
pub fn recognise(path: &str) -> Option<Match> {
    let (row, confidence) = row_of(path)?;
    let named = Name::of(path);
    let form = form_by_name(row, &named.leaf);
    let (element, form) = match &row.normalises_to {
        Some(_) => normalise(&row.id, None),
        None => (row.id.as_str(), form),
    };
    Some(Match { element: ElementId::new(element), form, confidence })
}

/// The form that a name tells. Nobody encrypts by calling a field `pin`, so that an element without a clear form
/// has an unknown one until somebody says so.
fn form_by_name(row: &Element, leaf: &str) -> Form {
    let says_encrypted = leaf.split('_').any(|word| matches!(word, "enc" | "encrypted" | "cipher" | "ciphertext"));
    if row.id == "pin_block" || (says_encrypted && row.forms.contains(&Form::Encrypted)) {
        Form::Encrypted
    } else if row.forms.contains(&Form::Clear) {
        Form::Clear
    } else {
        Form::Unknown
    }
}

/// The row of the catalogue that a path hits, before aliases are replaced.
fn row_of(path: &str) -> Option<(&'static Element, Confidence)> {
    if let Some(row) = element(path.trim()) {
        return Some((row, Confidence::High));
    }
    let name = Name::of(path);
    if name.leaf.is_empty() {
        return None;
    }
    let patterns = patterns();
    let not_context = patterns.not_context.is_match(&name.direct_parent);
    let mut weak = None;
    for row in &patterns.rows {
        if row.not.iter().any(|pattern| pattern.is_match(&name.leaf)) {
            continue;
        }
        if row.strong.iter().any(|pattern| pattern.is_match(&name.leaf)) {
            return Some((row.element, Confidence::High));
        }
        if weak.is_none() && !not_context && row.weak.iter().any(|pattern| pattern.is_match(&name.leaf)) {
            let direct = catalogue().direct_parent_leaves.contains(&name.leaf);
            let context = if direct { &name.direct_parent } else { &name.parents };
            if row.context.as_ref().is_some_and(|pattern| pattern.is_match(context)) {
                weak = Some((row.element, Confidence::Medium));
            }
        }
    }
    weak
}

/// A path as the patterns see it.
#[derive(Debug, PartialEq, Eq)]
struct Name {
    leaf: String,
    parents: String,
    direct_parent: String,
}

impl Name {
    fn of(path: &str) -> Self {
        let mut segments: Vec<String> = path
            .split(['.', '/', '[', ']'])
            .map(words)
            .filter(|segment| segment.chars().any(|c| !c.is_ascii_digit()))
            .collect();
        let leaf = segments.pop().unwrap_or_default();
        let direct_parent = segments.last().cloned().unwrap_or_default();
        Self { leaf, parents: segments.join("_"), direct_parent }
    }
}

/// A segment in lower case, its words joined by `_`: `expYear`, `exp-year` and `EXP_YEAR` are `exp_year`,
/// `IPAddress` is `ip_address`.
fn words(segment: &str) -> String {
    let characters: Vec<char> = segment.chars().collect();
    let mut words = String::with_capacity(segment.len() + 4);
    for (at, character) in characters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| characters[at]);
        let after = characters.get(at + 1);
        let begins_word = character.is_ascii_uppercase()
            && before.is_some_and(|before| {
                before.is_ascii_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_ascii_uppercase() && after.is_some_and(char::is_ascii_lowercase))
            });
        if (begins_word || !character.is_ascii_alphanumeric()) && !words.is_empty() && !words.ends_with('_') {
            words.push('_');
        }
        if character.is_ascii_alphanumeric() {
            words.push(character.to_ascii_lowercase());
        }
    }
    words.trim_end_matches('_').to_owned()
}

struct Patterns {
    not_context: Regex,
    rows: Vec<Row>,
}

struct Row {
    element: &'static Element,
    strong: Vec<Regex>,
    weak: Vec<Regex>,
    context: Option<Regex>,
    not: Vec<Regex>,
}

fn patterns() -> &'static Patterns {
    static COMPILED: OnceLock<Patterns> = OnceLock::new();
    COMPILED.get_or_init(|| {
        let one = |pattern: &String| Regex::new(pattern).expect("the catalogue is part of the program and tested");
        let all = |patterns: &[String]| patterns.iter().map(one).collect();
        let rows = catalogue().elements.iter().map(|element| Row {
            element,
            strong: all(&element.patterns.strong),
            weak: all(&element.patterns.weak),
            context: element.patterns.context.as_ref().map(one),
            not: all(&element.patterns.not),
        });
        Patterns { not_context: one(&catalogue().not_context), rows: rows.collect() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str) -> Option<(String, Form, Confidence)> {
        recognise(path).map(|it| (it.element.to_string(), it.form, it.confidence))
    }

    #[test]
    fn every_positive_sample_of_the_catalogue_is_recognised() {
        for row in &catalogue().elements {
            for sample in &row.samples.positive {
                assert_eq!(row_of(sample).map(|(found, _)| found.id.as_str()), Some(row.id.as_str()), "{sample}");
            }
        }
    }

    #[test]
    fn no_negative_sample_of_the_catalogue_is_taken_for_the_element() {
        for row in &catalogue().elements {
            for sample in &row.samples.negative {
                assert_ne!(row_of(sample).map(|(found, _)| found.id.as_str()), Some(row.id.as_str()), "{sample}");
            }
        }
    }

    #[test]
    fn the_fields_of_a_card_are_recognised_with_their_form() {
        let expected = |element: &str, form, confidence| Some((element.to_owned(), form, confidence));
        for (path, it) in [
            ("credit_card.credit_card_number", expected("pan", Form::Clear, Confidence::High)),
            ("card.number", expected("pan", Form::Clear, Confidence::Medium)),
            ("credit_card_cvv", expected("card_verification_code", Form::Clear, Confidence::High)),
            ("creditCardExpirationMonth", expected("expiry", Form::Clear, Confidence::High)),
            ("card.last4", expected("pan", Form::Truncated, Confidence::High)),
            ("encryptedCardNumber", expected("pan", Form::Encrypted, Confidence::High)),
            ("card.pin", expected("pin", Form::Unknown, Confidence::Medium)),
            ("encrypted_pin", expected("pin", Form::Encrypted, Confidence::High)),
            ("pinBlock", expected("pin_block", Form::Encrypted, Confidence::High)),
            ("full_track", expected("full_track", Form::Clear, Confidence::High)),
            ("pan_truncated", expected("pan", Form::Truncated, Confidence::High)),
            ("user_id", None),
            ("phone.number", None),
            ("number", None),
            ("", None),
            ("[0]", None),
            ("***", None),
        ] {
            assert_eq!(found(path), it, "{path}");
        }
    }

    #[test]
    fn a_path_is_split_into_words_as_people_name_fields() {
        assert_eq!(words("IPAddress"), "ip_address");
        assert_eq!(words("cardNumber"), "card_number");
        assert_eq!(words("X-Api-Key"), "x_api_key");
        assert_eq!(words("CVV2"), "cvv2");
        let name = Name::of("orders[0].creditCard.EXP_YEAR");
        assert_eq!((name.leaf.as_str(), name.parents.as_str()), ("exp_year", "orders_credit_card"));
    }
}
