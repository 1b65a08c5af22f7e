//! How bad a blast radius is, in whole numbers: records at risk and scores.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::holdings::is_sad;
use crate::id::PopulationId;
use crate::model::catalogue;
use crate::model::element::{ElementClass, Form, Holding};
use crate::scope::verdict::{Category, Sub};
use crate::text::text_enum;

/// The score of a blast radius.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Score {
    /// What is seen: how sensitive, and how many digits the number of records has.
    pub data: u64,
    /// What is controlled.
    pub control: u64,
    /// What takes hostile data.
    pub integrity: u64,
    /// The sum.
    pub total: u64,
}

text_enum! {
    /// How bad a total score is.
    Band {
        Critical = "critical": "Critical",
        High = "high": "High",
        Medium = "medium": "Medium",
        Low = "low": "Low",
    }
}

impl Band {
    /// The band of a total score.
    #[must_use]
    pub const fn of(total: u64) -> Self {
        match total {
            60.. => Self::Critical,
            30..60 => Self::High,
            10..30 => Self::Medium,
            0..10 => Self::Low,
        }
    }
}

/// What control over a system counts. `admin` and `act` say how far the control goes.
pub(super) const fn control_weight(category: Category, sub: Option<Sub>, admin: bool, act: bool) -> u64 {
    match (category, sub) {
        (Category::ThirdParty, Some(Sub::AccountData)) if admin || act => 8,
        (Category::ThirdParty, _) => 0,
        _ if !admin => {
            if act {
                2
            } else {
                0
            }
        }
        (Category::Cde, Some(Sub::Data)) => 20,
        (Category::Cde | Category::SecurityImpacting, _) => 10,
        (Category::ConnectedTo, _) => 4,
        (Category::OutOfScope | Category::External | Category::NotLive, _) => 1,
    }
}

/// How sensitive an element is in a form.
fn weight(element: &str, form: Form) -> u64 {
    match form {
        Form::Encrypted | Form::Hashed | Form::NetworkToken => 2,
        Form::Truncated | Form::Masked | Form::Tokenised | Form::Unknown => 1,
        Form::Clear => match element {
            "pan" => 10,
            _ if is_sad(element) => 10,
            _ if catalogue::class_of(element) == Some(ElementClass::Secret) => 9,
            "government_id" | "biometric" => 8,
            "bank_account" => 7,
            "email" | "phone" | "billing_address" | "date_of_birth" => 3,
            "cardholder_name" | "expiry" | "device_fingerprint" | "ip_address" => 2,
            _ => 1,
        },
    }
}

/// How many digits a number of records has; one where nobody knows it.
fn digits(records: Option<u64>) -> u64 {
    records.map_or(1, |records| u64::from(records.checked_ilog10().unwrap_or(0) + 1))
}

/// Whether seeing the element in the form is seeing a card: a number, or what proves its possession.
fn is_card(element: &str, form: Form) -> bool {
    form == Form::Clear && (element == "pan" || is_sad(element))
}

/// Whose data it is, so that copies are not counted twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Population<'m> {
    Named(&'m PopulationId),
    /// What nobody named is a population of its own, by place and element.
    Own(usize, &'m str),
}

/// Counts what is seen.
pub(super) struct Tally<'m> {
    places: usize,
    /// The most records of clear card data, by population.
    cards: HashMap<Population<'m>, u64>,
    records_unknown: bool,
    /// The highest weight of each element in each form, by population.
    weights: HashMap<(&'m str, Form, Population<'m>), u64>,
}

/// Counts what is seen in one place.
pub(super) struct PlaceTally<'m> {
    /// The population of each element, the last that a holding names.
    named: BTreeMap<&'m str, &'m PopulationId>,
    /// The most records of each element in each form, and whether some number is unknown.
    counts: BTreeMap<(&'m str, Form, Option<&'m PopulationId>), Count>,
}

/// Numbers of records of the same data.
#[derive(Default)]
struct Count {
    /// The most.
    records: Option<u64>,
    /// Some number is unknown.
    unknown: bool,
}

impl<'m> PlaceTally<'m> {
    /// Counts a holding, in the form that the attacker brings it into.
    pub(super) fn see(&mut self, holding: &'m Holding, form: Form) {
        let element = holding.element.as_str();
        if let Some(population) = &holding.population {
            self.named.insert(element, population);
        }
        let count = self.counts.entry((element, form, holding.population.as_ref())).or_default();
        count.records = count.records.max(holding.records);
        count.unknown |= holding.records.is_none();
    }
}

impl<'m> Tally<'m> {
    pub(super) fn new() -> Self {
        Self { places: 0, cards: HashMap::new(), records_unknown: false, weights: HashMap::new() }
    }

    /// Starts to count a place.
    pub(super) fn place(&self) -> PlaceTally<'m> {
        PlaceTally { named: BTreeMap::new(), counts: BTreeMap::new() }
    }

    /// Adds a place. What names no population joins that of the same element at the same place.
    pub(super) fn add(&mut self, place: PlaceTally<'m>) {
        self.places += 1;
        for ((element, form, named), Count { records, unknown }) in place.counts {
            let population = match named.or_else(|| place.named.get(element).copied()) {
                Some(id) => Population::Named(id),
                None => Population::Own(self.places, element),
            };
            if is_card(element, form) {
                let most = self.cards.entry(population).or_default();
                *most = (*most).max(records.unwrap_or(0));
                self.records_unknown |= unknown;
            }
            let heaviest = self.weights.entry((element, form, population)).or_default();
            *heaviest = (*heaviest).max(weight(element, form) * digits(records));
        }
    }

    /// How many records of clear card data are seen, and whether some number is unknown.
    pub(super) fn records(&self) -> (u64, bool) {
        (self.cards.values().fold(0, |sum, records| sum.saturating_add(*records)), self.records_unknown)
    }

    /// The score of what is seen.
    pub(super) fn data_score(&self) -> u64 {
        self.weights.values().fold(0, |sum, weight| sum.saturating_add(*weight))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_records_counts_by_its_digits() {
        for (records, expected) in [(None, 1), (Some(0), 1), (Some(9), 1), (Some(10), 2), (Some(120_000), 6)] {
            assert_eq!(digits(records), expected, "{records:?}");
        }
    }

    #[test]
    fn the_form_decides_unless_the_data_is_clear() {
        assert_eq!(weight("pan", Form::Clear), 10);
        assert_eq!(weight("full_track", Form::Clear), 10);
        assert_eq!(weight("password", Form::Clear), 9);
        assert_eq!(weight("password", Form::Hashed), 2);
        assert_eq!(weight("card_verification_code", Form::Unknown), 1);
        assert_eq!(weight("loyalty_number", Form::Clear), 1);
    }

    #[test]
    fn bands_begin_at_ten_thirty_and_sixty() {
        let bands = [9, 10, 29, 30, 59, 60].map(Band::of);
        assert_eq!(bands, [Band::Low, Band::Medium, Band::Medium, Band::High, Band::High, Band::Critical]);
    }
}
