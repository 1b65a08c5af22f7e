//! The catalogue of data elements: 45 elements with class, forms, storage rule and name patterns.
//!
//! The rules about elements come from PCI DSS v4.0.1 (section 2, 3.2.1, 3.3, 3.5.1); the effect on scope of
//! each form is decided by the scope engine.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::element::{ElementClass, Form};

const CATALOGUE: &str = include_str!("../../data/elements.json");

/// The catalogue as its data file holds it.
#[derive(Debug, Deserialize)]
pub struct Catalogue {
    /// Leaves for which the context must hit the direct parent.
    pub direct_parent_leaves: Vec<String>,
    /// Direct parents beside which a weak name says nothing.
    pub not_context: String,
    /// Issuer identification number ranges by brand.
    pub iin_ranges: Vec<IinRange>,
    /// Published test card numbers.
    pub known_test_pans: Vec<String>,
    /// The elements, in catalogue order.
    pub elements: Vec<Element>,
}

/// The ranges in which a brand's card numbers begin, and their lengths.
#[derive(Debug, Deserialize)]
pub struct IinRange {
    /// The brand.
    pub brand: String,
    /// First digits, `51-55` for a range.
    pub prefix: Vec<String>,
    /// Lengths in digits.
    pub lengths: Vec<usize>,
}

/// One element of the catalogue.
#[derive(Debug, Deserialize)]
pub struct Element {
    /// Its key.
    pub id: String,
    /// Its name in words.
    pub name: String,
    /// Its class.
    pub class: ElementClass,
    /// The forms it has.
    pub forms: Vec<Form>,
    /// What may be stored, in our words.
    pub storage_rule: String,
    /// How long it is needed at most, as a hint.
    pub retention_hint: String,
    /// Name patterns.
    #[serde(rename = "match")]
    pub patterns: Patterns,
    /// The element and form that this one is another name for.
    pub normalises_to: Option<Alias>,
    /// Names that must and must not match.
    pub samples: Samples,
}

/// Patterns over the normalised name of a field.
#[derive(Debug, Deserialize)]
pub struct Patterns {
    /// A hit on the leaf is a match.
    #[serde(default)]
    pub strong: Vec<String>,
    /// A hit on the leaf counts where the context hits the parents.
    #[serde(default)]
    pub weak: Vec<String>,
    /// Parents that make a weak name count.
    #[serde(default)]
    pub context: Option<String>,
    /// A hit on the leaf rules the element out.
    #[serde(default)]
    pub not: Vec<String>,
}

/// The element and form that an alias stands for.
#[derive(Debug, Deserialize)]
pub struct Alias {
    /// The element.
    pub element: String,
    /// The form.
    pub form: Form,
}

/// Sample names of an element.
#[derive(Debug, Deserialize)]
pub struct Samples {
    /// Names that must match.
    pub positive: Vec<String>,
    /// Names that must not.
    pub negative: Vec<String>,
}

/// The catalogue, read once.
pub fn catalogue() -> &'static Catalogue {
    static READ: OnceLock<Catalogue> = OnceLock::new();
    READ.get_or_init(|| serde_json::from_str(CATALOGUE).expect("the catalogue is part of the program and tested"))
}

/// The element with that key, where the catalogue has it.
#[must_use]
pub fn element(id: &str) -> Option<&'static Element> {
    static BY_ID: OnceLock<BTreeMap<&'static str, &'static Element>> = OnceLock::new();
    BY_ID.get_or_init(|| catalogue().elements.iter().map(|it| (it.id.as_str(), it)).collect()).get(id).copied()
}

/// The class of an element; `None` where the catalogue does not list it.
#[must_use]
pub fn class_of(id: &str) -> Option<ElementClass> {
    element(id).map(|it| it.class)
}

/// Replaces an alias by the element and form it stands for; another form that the alias' own row lists is kept.
#[must_use]
pub fn normalise(id: &str, form: Option<Form>) -> (&str, Form) {
    element(id).map_or((id, form.unwrap_or(Form::Clear)), |row| row.normalise(form))
}

impl Element {
    /// The element and form that this one in that form stands for; see [`normalise`].
    #[must_use]
    pub fn normalise(&self, form: Option<Form>) -> (&str, Form) {
        match (&self.normalises_to, form) {
            (None, _) => (&self.id, form.unwrap_or(Form::Clear)),
            (Some(alias), Some(form)) if self.forms.contains(&form) && form != alias.form => (&alias.element, form),
            (Some(alias), _) => (&alias.element, alias.form),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_reads_and_every_alias_points_at_an_element_that_is_none() {
        assert_eq!(catalogue().elements.len(), 45);
        for row in &catalogue().elements {
            if let Some(alias) = &row.normalises_to {
                let target = element(&alias.element);
                assert!(target.is_some_and(|it| it.normalises_to.is_none()), "{}", row.id);
            }
        }
    }

    #[test]
    fn an_alias_becomes_the_element_and_form_it_stands_for() {
        assert_eq!(normalise("pan_truncated", None), ("pan", Form::Truncated));
        assert_eq!(normalise("pan_truncated", Some(Form::Masked)), ("pan", Form::Masked));
        assert_eq!(normalise("wallet_payload", Some(Form::Encrypted)), ("pan", Form::Encrypted));
        assert_eq!(normalise("cvc_encrypted", Some(Form::Clear)), ("card_verification_code", Form::Encrypted));
        assert_eq!(normalise("pan", None), ("pan", Form::Clear));
        assert_eq!(normalise("loyalty_number", None), ("loyalty_number", Form::Clear));
    }
}
