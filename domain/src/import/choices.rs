//! What a person says about the names on the wire and about the systems that only a flow named.

use std::collections::{BTreeMap, BTreeSet};

use super::reading::{Reading, WireItem};
use crate::id::{ElementId, SystemId};
use crate::model::catalogue::{element, normalise};
use crate::model::draft;
use crate::model::element::Form;

/// What a name on the wire is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// This element in this form.
    Element(ElementId, Form),
    /// Nobody knows yet: the name stays on the flow as work.
    Unrecognised,
    /// No payment data, as a person said.
    NotPaymentData,
}

/// The answers to a preview.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// By name on the wire. A name without an answer is unrecognised.
    pub names: BTreeMap<String, Choice>,
    /// Undeclared systems that a person confirms to exist.
    pub confirmed: BTreeSet<SystemId>,
}

impl Choices {
    /// Every name as the catalogue proposes it, sure or likely: what a preview shows at first.
    #[must_use]
    pub fn proposed(reading: &Reading) -> Self {
        Self::where_(reading, |item| item.proposed.is_some())
    }

    /// Every sure proposal, and no likely one. For callers who decide so without looking at each name.
    #[must_use]
    pub fn accepting_high(reading: &Reading) -> Self {
        Self::where_(reading, WireItem::is_sure)
    }

    /// No answer at all: every name stays unrecognised.
    #[must_use]
    pub fn unanswered(reading: &Reading) -> Self {
        Self::where_(reading, |_| false)
    }

    /// The answers of a posted form: `wire.<n>` with an element and form such as `pan:clear`, `unrecognised` or
    /// `none` for the n-th of [`Reading::wire_names`], and `confirm` with the key of a system, repeated.
    /// What is missing or makes no sense is unrecognised.
    #[must_use]
    pub fn from_form(form: &draft::Form, reading: &Reading) -> Self {
        let mut choices = Self::unanswered(reading);
        let names = reading.wire_names();
        for (field, value) in form {
            if field == "confirm" {
                choices.confirmed.insert(SystemId::new(value.as_str()));
            } else if let Some(number) = field.strip_prefix("wire.")
                && let Some(name) = number.parse().ok().and_then(|number: usize| names.get(number))
                && let Some(choice) = Choice::read(value)
            {
                choices.names.insert(name.clone(), choice);
            }
        }
        choices
    }

    fn where_(reading: &Reading, accepts: impl Fn(&WireItem) -> bool) -> Self {
        let names = reading.wire_items().into_iter().map(|(name, item)| {
            let choice = match &item.proposed {
                Some(it) if accepts(&item) => Choice::Element(it.element.clone(), it.form),
                _ => Choice::Unrecognised,
            };
            (name.to_owned(), choice)
        });
        Self { names: names.collect(), confirmed: BTreeSet::new() }
    }
}

impl Choice {
    /// The value of a form field.
    #[must_use]
    pub fn value(&self) -> String {
        match self {
            Self::Element(element, form) => format!("{element}:{form}"),
            Self::Unrecognised => "unrecognised".to_owned(),
            Self::NotPaymentData => "none".to_owned(),
        }
    }

    /// The choice that a form field means; `None` where it names no element or form.
    #[must_use]
    pub fn read(value: &str) -> Option<Self> {
        match value {
            "unrecognised" => Some(Self::Unrecognised),
            "none" => Some(Self::NotPaymentData),
            _ => {
                let (named, form) = value.split_once(':')?;
                let form: Form = form.parse().ok()?;
                element(named)?;
                let (element, form) = normalise(named, Some(form));
                Some(Self::Element(ElementId::new(element), form))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_survives_the_way_through_a_form() {
        for choice in
            [Choice::Element(ElementId::new("pan"), Form::Tokenised), Choice::Unrecognised, Choice::NotPaymentData]
        {
            assert_eq!(Choice::read(&choice.value()), Some(choice));
        }
        assert_eq!(Choice::read("loyalty:clear"), None);
        assert_eq!(Choice::read("pan:blue"), None);
        assert_eq!(Choice::read("pan_truncated:truncated"), Some(Choice::Element("pan".into(), Form::Truncated)));
    }
}
