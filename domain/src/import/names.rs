//! Which element a name on the wire stands for, by the name patterns of the catalogue.
//!
//! A pattern of its own (`card_number`) is sure; a name that means something beside a card only (`number` in
//! `card.number`) is likely. Neither is stored before a person confirms it.

use std::sync::OnceLock;

use regex::{Regex, RegexSet};

use crate::id::ElementId;
use crate::model::catalogue::{Element, catalogue, element, normalise};
use crate::model::element::Form;
use crate::text::text_enum;

text_enum! {
    /// How sure a match is.
    Confidence {
        High = "high": "High",
        Medium = "medium": "Medium",
        /// Only a value or a description says so. It is listed, and never proposed.
        Low = "low": "Low",
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
    let (element, form) = meaning(row, &Name::of(path).leaf);
    Some(Match { element, form, confidence })
}

/// The element and form that a row of the catalogue and the words of a name give, aliases replaced.
pub(super) fn meaning(row: &Element, leaf: &str) -> (ElementId, Form) {
    match &row.normalises_to {
        Some(_) => {
            let (element, form) = normalise(&row.id, None);
            (ElementId::new(element), form)
        }
        None => (ElementId::new(row.id.as_str()), form_by_name(row, leaf)),
    }
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
    let hits = hits(&Name::of(path));
    match (hits.strong, hits.weak) {
        (Some(row), _) => Some((row, Confidence::High)),
        (None, Some(row)) => Some((row, Confidence::Medium)),
        (None, None) => None,
    }
}

/// What the patterns say of one name.
#[derive(Debug, Clone, Default)]
pub(super) struct Hits {
    /// The first row with a pattern for this name whatever stands around it.
    pub(super) strong: Option<&'static Element>,
    /// The first row that means this name where it stands.
    pub(super) weak: Option<&'static Element>,
    /// The rows that would mean this name if it stood elsewhere, in catalogue order.
    pub(super) bare: Vec<&'static Element>,
}

/// What the patterns say of a name with its surroundings.
pub(super) fn hits(name: &Name) -> Hits {
    let mut hits = Hits::default();
    if name.leaf.is_empty() {
        return hits;
    }
    let patterns = patterns();
    let hit = patterns.leaves.matches(&name.leaf);
    if !hit.matched_any() {
        return hits;
    }
    // Ruled out first, so that the order of the patterns does not matter.
    let mut ruled_out = vec![false; patterns.rows.len()];
    for at in &hit {
        let (row, kind) = patterns.meanings[at];
        ruled_out[row] |= kind == Kind::Not;
    }
    let alone = catalogue().direct_parent_leaves.contains(&name.leaf);
    let weak_parents: Vec<&String> =
        name.direct_parents.iter().filter(|parent| !patterns.not_context.is_match(parent)).collect();
    let is_weak_somewhere = name.direct_parents.is_empty() || !weak_parents.is_empty();
    let hit_rows = hit.iter().map(|at| patterns.meanings[at]).filter(|(row, _)| !ruled_out[*row]);
    for (at, kind) in hit_rows {
        let row = &patterns.rows[at];
        match kind {
            Kind::Strong if hits.strong.is_none() => hits.strong = Some(row.element),
            Kind::Weak => {
                let context = row.context.as_ref();
                let says = |text: &str| context.is_some_and(|pattern| pattern.is_match(text));
                let fits = weak_parents.iter().any(|parent| says(parent))
                    || (!alone && is_weak_somewhere && says(&name.parents));
                if fits && hits.weak.is_none() {
                    hits.weak = Some(row.element);
                }
                if !hits.bare.iter().any(|it| it.id == row.element.id) {
                    hits.bare.push(row.element);
                }
            }
            Kind::Strong | Kind::Not => {}
        }
    }
    hits
}

/// A path as the patterns see it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Name {
    /// The last segment, in words joined by `_`.
    pub(super) leaf: String,
    /// Everything before it.
    pub(super) parents: String,
    /// What stands directly before it. A schema that several properties refer to has several.
    pub(super) direct_parents: Vec<String>,
}

impl Name {
    /// The name of a path such as `cards[0].expYear`.
    pub(super) fn of(path: &str) -> Self {
        let mut segments = segments(path);
        let leaf = segments.pop().unwrap_or_default();
        let direct_parents = segments.last().cloned().into_iter().collect();
        Self { leaf, parents: segments.join("_"), direct_parents }
    }
}

/// The segments of a path in words; positions of lists are left out.
pub(super) fn segments(path: &str) -> Vec<String> {
    path.split(['.', '/', '[', ']']).map(words).filter(|segment| segment.chars().any(|c| !c.is_ascii_digit())).collect()
}

/// A segment in lower case, its words joined by `_`: `expYear`, `exp-year` and `EXP_YEAR` are `exp_year`,
/// `IPAddress` is `ip_address`. Letters with an accent lose it, so that `número` is `numero`.
pub(super) fn words(segment: &str) -> String {
    let folded: String;
    let segment = if segment.is_ascii() {
        segment
    } else {
        folded = segment.chars().map(without_accent).collect();
        &folded
    };
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

/// The letters of western European languages without their accents; every other sign as it is.
const fn without_accent(character: char) -> char {
    match character {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'Á' | 'À' | 'Â' | 'Ã' | 'Ä' | 'Å' => 'A',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'É' | 'È' | 'Ê' | 'Ë' => 'E',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'Í' | 'Ì' | 'Î' | 'Ï' => 'I',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'Ó' | 'Ò' | 'Ô' | 'Õ' | 'Ö' => 'O',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'Ú' | 'Ù' | 'Û' | 'Ü' => 'U',
        'ñ' => 'n',
        'Ñ' => 'N',
        'ç' => 'c',
        'Ç' => 'C',
        'ß' => 's',
        other => other,
    }
}

/// All patterns over leaves in one automaton, and what each of them means.
struct Patterns {
    not_context: Regex,
    leaves: RegexSet,
    meanings: Vec<(usize, Kind)>,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Strong,
    Weak,
    Not,
}

struct Row {
    element: &'static Element,
    context: Option<Regex>,
}

fn patterns() -> &'static Patterns {
    static COMPILED: OnceLock<Patterns> = OnceLock::new();
    COMPILED.get_or_init(|| {
        let one = |pattern: &String| Regex::new(pattern).expect("the catalogue is part of the program and tested");
        let mut meanings = Vec::new();
        let mut texts: Vec<&String> = Vec::new();
        let mut rows = Vec::new();
        for (at, element) in catalogue().elements.iter().enumerate() {
            let of = &element.patterns;
            for (kind, patterns) in [(Kind::Strong, &of.strong), (Kind::Weak, &of.weak), (Kind::Not, &of.not)] {
                meanings.extend(patterns.iter().map(|_| (at, kind)));
                texts.extend(patterns);
            }
            rows.push(Row { element, context: of.context.as_ref().map(one) });
        }
        let leaves = RegexSet::new(texts).expect("the catalogue is part of the program and tested");
        Patterns { not_context: one(&catalogue().not_context), leaves, meanings, rows }
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
