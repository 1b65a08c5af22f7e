//! From what is known of a field to what it seems to be: its name first, then what stands around it, what its
//! description says, and what its values look like. Each can raise or take back what another says.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use regex::Regex;

use super::describe::Description;
use super::unit::Unit;
use super::value::Values;
use super::{Direction, Finding};
use crate::id::ElementId;
use crate::import::names::{Confidence, Hits, Name, hits, meaning};
use crate::model::catalogue::{Element, class_of, element};
use crate::model::element::{ElementClass, Form};

const PAN: &str = "pan";
const NAME: &str = "cardholder_name";
const EXPIRY: &str = "expiry";
const CODE: &str = "card_verification_code";

/// A number of so many characters or fewer is a part of a card number.
const SHORTENED: u64 = 10;

/// What the fields seem to be, those that seem to be nothing left out.
pub(super) fn all(units: &[Unit]) -> Vec<Finding> {
    let fields: Vec<Field<'_>> = units.iter().map(Field::of).collect();
    let beside_code: BTreeSet<(String, String)> =
        fields.iter().filter(|field| field.is_plainly_a_code()).map(|field| field.unit.group()).collect();
    let beside_scheme: BTreeSet<(String, String)> =
        fields.iter().filter(|field| field.unit.facets.names_card_scheme).map(|field| field.unit.group()).collect();
    fields.iter().filter_map(|field| field.finding(&beside_code, &beside_scheme)).collect()
}

/// What a person should look at.
pub(super) fn warnings(findings: &[Finding]) -> Vec<String> {
    let returned: Vec<&str> = findings
        .iter()
        .filter(|it| it.confidence != Confidence::Low && it.form == Form::Clear)
        .filter(|it| matches!(it.direction, Direction::Response | Direction::Both))
        .filter(|it| it.element.as_str() == PAN || class_of(it.element.as_str()) == Some(ElementClass::Sad))
        .map(|it| it.path.as_str())
        .collect();
    let Some((first, rest)) = returned.split_first() else { return Vec::new() };
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    vec![format!("The interface returns clear card data: {first}{more}. Check that every receiver needs it.")]
}

/// A field with everything that was derived from it.
struct Field<'u> {
    unit: &'u Unit,
    name: Name,
    hits: Hits,
    said: Description,
}

/// What a field seems to be, before its form is known.
struct Guess {
    row: &'static Element,
    confidence: Confidence,
    reason: String,
}

impl<'u> Field<'u> {
    fn of(unit: &'u Unit) -> Self {
        let name = unit.name();
        let hits = if unit.facets.is_container { Hits::default() } else { hits(&name) };
        Self { unit, hits, said: Description::of(&unit.facets.description), name }
    }

    fn is_plainly_a_code(&self) -> bool {
        self.hits.strong.is_some_and(|row| row.id == CODE) && !self.is_flag() && !self.is_an_outcome()
    }

    fn is_flag(&self) -> bool {
        let values = &self.unit.values;
        self.unit.facets.is_boolean || (values.flags > 0 && values.others + values.card_numbers == 0)
    }

    fn finding(
        &self,
        beside_code: &BTreeSet<(String, String)>,
        beside_scheme: &BTreeSet<(String, String)>,
    ) -> Option<Finding> {
        if self.unit.facets.is_container || self.is_flag() {
            return None;
        }
        let guess = self
            .by_own_name()
            .or_else(|| self.by_surroundings())
            .or_else(|| self.by_description())
            .or_else(|| self.by_neighbour(beside_code))
            .or_else(|| self.by_value())
            .or_else(|| self.by_scheme(beside_scheme))
            .or_else(|| self.by_description_alone())?;
        Some(self.formed(guess))
    }

    fn by_own_name(&self) -> Option<Guess> {
        let row = self.hits.strong.filter(|row| !self.is_ruled_out(row))?;
        let reason = format!("The name \"{}\" says {}", self.leaf(), lower(&row.name));
        if row.id == PAN && self.unit.values.speak_against_a_card_number() {
            let reason = format!("{reason}, though no value of the sample is a card number.");
            return Some(Guess { row, confidence: Confidence::Medium, reason });
        }
        if row.id == NAME && matches!(self.name.leaf.as_str(), "cardholder" | "card_holder") && self.is_always_empty() {
            let reason = format!("{reason}, but it is empty here and may be an object or a reference.");
            return Some(Guess { row, confidence: Confidence::Low, reason });
        }
        Some(Guess { row, confidence: Confidence::High, reason: format!("{reason}{}.", self.also(row)) })
    }

    fn by_surroundings(&self) -> Option<Guess> {
        let row = self.hits.weak.filter(|row| !self.is_ruled_out(row))?;
        let described = self.said.speaks_of(&row.id);
        if !described && self.speaks_of_something_else(row) {
            return None;
        }
        let confirmed = described || (row.id == PAN && self.unit.values.card_numbers > 0);
        let confidence = if confirmed { Confidence::High } else { Confidence::Medium };
        let parent = self.name.direct_parents.first().map_or("it", String::as_str);
        let reason =
            format!("\"{}\" within \"{parent}\" is usually {}{}.", self.leaf(), lower(&row.name), self.also(row));
        Some(Guess { row, confidence, reason })
    }

    fn by_description(&self) -> Option<Guess> {
        let fits = |row: &&'static Element| self.said.speaks_of(&row.id) && !self.is_ruled_out(row);
        let row = self.hits.bare.iter().copied().find(fits)?;
        if row.id == NAME && self.said.names_a_thing() {
            return None;
        }
        let reason = format!("\"{}\" alone says little; its description speaks of {}.", self.leaf(), lower(&row.name));
        Some(Guess { row, confidence: Confidence::Medium, reason })
    }

    fn by_neighbour(&self, beside_code: &BTreeSet<(String, String)>) -> Option<Guess> {
        let fits = |row: &&'static Element| [PAN, EXPIRY].contains(&row.id.as_str()) && !self.is_ruled_out(row);
        let row = self.hits.bare.iter().copied().find(fits)?;
        if !beside_code.contains(&self.unit.group()) {
            return None;
        }
        let reason = format!("\"{}\" beside a verification code is usually {}.", self.leaf(), lower(&row.name));
        Some(Guess { row, confidence: Confidence::Medium, reason })
    }

    fn by_value(&self) -> Option<Guess> {
        let values = &self.unit.values;
        let guess = |id: &str, confidence, reason: &str| {
            element(id).map(|row| Guess { row, confidence, reason: reason.to_owned() })
        };
        if values.within_text {
            return guess(PAN, Confidence::High, "A card number stands within the text of a sample value.");
        }
        if values.card_numbers > 0 {
            return if is_reference(&self.name.leaf) {
                guess(
                    PAN,
                    Confidence::Low,
                    "A sample value passes the checks of a card number, but the name is that of an identifier.",
                )
            } else {
                guess(PAN, Confidence::Medium, "A sample value passes the checks of a card number.")
            };
        }
        if !values.masks.is_empty() && mentions_a_card(&self.name) {
            return guess(
                "pan_truncated",
                Confidence::Medium,
                "A sample value is a masked number, and the name speaks of a card.",
            );
        }
        if values.ibans > 0 && self.hits.strong.is_none() {
            return guess("bank_account", Confidence::Medium, "A sample value passes the checks of an IBAN.");
        }
        None
    }

    fn by_scheme(&self, beside_scheme: &BTreeSet<(String, String)>) -> Option<Guess> {
        let is_number = matches!(
            self.name.leaf.as_str(),
            "identification" | "id" | "account_id" | "number" | "account_number" | "value"
        );
        let row = element(PAN)?;
        (is_number && beside_scheme.contains(&self.unit.group())).then(|| Guess {
            row,
            confidence: Confidence::Low,
            reason: "The scheme beside it allows card numbers: what this carries depends on the scheme.".to_owned(),
        })
    }

    fn by_description_alone(&self) -> Option<Guess> {
        let facets = &self.unit.facets;
        if !facets.is_text || facets.is_listed || self.hits.strong.is_some() || self.said.is_shortened() {
            return None;
        }
        let looks_long = facets.max_length.is_none_or(|length| (13..=64).contains(&length));
        let row = element(PAN).filter(|row| looks_long && self.said.speaks_of(&row.id))?;
        let reason = "Only the description speaks of a card number; the name does not.".to_owned();
        Some(Guess { row, confidence: Confidence::Low, reason })
    }

    /// Whether something speaks against an element, whatever the name says.
    fn is_ruled_out(&self, row: &Element) -> bool {
        let facets = &self.unit.facets;
        let values = &self.unit.values;
        let is_card_data = [PAN, NAME, EXPIRY, CODE].contains(&row.id.as_str());
        if is_card_data && self.is_of_another_thing() && !self.said.speaks_of(&row.id) {
            return true;
        }
        match row.id.as_str() {
            PAN => facets.is_listed,
            NAME => {
                facets.is_listed
                    || self.said.speaks_of_a_bank_account()
                    || (self.is_of_a_bank_account() && !self.said.speaks_of(NAME))
                    || (values.identifiers > 0 && values.others == 0)
            }
            _ => false,
        }
    }

    /// Whether a vague name is described, and the description is about something else.
    fn speaks_of_something_else(&self, row: &Element) -> bool {
        match row.id.as_str() {
            NAME => !self.said.is_empty() && (self.said.names_a_thing() || !self.said.speaks_of_a_card()),
            CODE => !self.said.is_empty() || self.unit.facets.is_listed,
            PAN => !self.said.is_empty() && !self.said.speaks_of_a_card(),
            _ => false,
        }
    }

    /// Whether what stands directly around the field is no payment card: a gift card, a passport, a voucher.
    fn is_of_another_thing(&self) -> bool {
        let parents = &self.name.direct_parents;
        // The parts of a date belong to what the date belongs to.
        let is_part = matches!(self.name.leaf.as_str(), "month" | "year" | "mm" | "yy" | "yyyy");
        (is_part && other_things().is_match(&self.name.parents))
            || other_things().is_match(&self.name.leaf)
            || (!parents.is_empty() && parents.iter().all(|parent| other_things().is_match(parent)))
    }

    /// Whether nothing tells that the field is a text.
    fn is_always_empty(&self) -> bool {
        !self.unit.facets.is_text && self.unit.values == Values::default()
    }

    /// Whether what stands directly around the field is a bank account.
    fn is_of_a_bank_account(&self) -> bool {
        let parents = &self.name.direct_parents;
        let is_bank = |parent: &String| banks().is_match(parent) && !parent.contains("card");
        !parents.is_empty() && parents.iter().all(is_bank)
    }

    fn is_an_outcome(&self) -> bool {
        let parents = &self.name.direct_parents;
        let in_outcomes = parents.iter().any(|parent| outcomes().is_match(parent));
        self.unit.facets.is_listed || self.said.is_an_outcome() || in_outcomes
    }

    /// The finding of a guess, with its form.
    fn formed(&self, guess: Guess) -> Finding {
        let Guess { mut row, mut confidence, mut reason } = guess;
        if row.id == CODE
            && self.is_an_outcome()
            && let Some(outcome) = element("avs_cvc_result")
        {
            row = outcome;
            confidence = confidence.max(Confidence::Medium);
            reason = format!("\"{}\" is here the outcome of a check of the code, not the code.", self.leaf());
        }
        let (element, mut form) = meaning(row, &self.name.leaf);
        if form == Form::Clear || form == Form::Unknown {
            form = self.form(row, form, &mut reason);
        }
        let masks = &self.unit.values.masks;
        let shows_mask = element.as_str() == PAN && matches!(form, Form::Truncated | Form::Masked);
        self.finding_of(element, form, confidence, reason, masks.first().filter(|_| shows_mask).cloned())
    }

    /// The form of an element that its name leaves clear or open.
    fn form(&self, row: &Element, form: Form, reason: &mut String) -> Form {
        let facets = &self.unit.facets;
        let values = &self.unit.values;
        let has = |form: Form| row.forms.contains(&form);
        let shortened_by_length = facets.max_length.is_some_and(|length| length <= SHORTENED);
        let (form, because) = if row.id == PAN && !values.masks.is_empty() && values.card_numbers == 0 {
            (Form::Truncated, "the sample values are masked")
        } else if row.id == PAN && self.said.is_shortened() {
            (Form::Truncated, "the description speaks of some of its digits")
        } else if row.id == PAN && shortened_by_length {
            (Form::Truncated, "it is too short for a full number")
        } else if has(Form::Encrypted) && self.said.is_encrypted() {
            (Form::Encrypted, "the description says that it is encrypted")
        } else if has(Form::Hashed) && row.id == PAN && self.said.is_hashed() {
            (Form::Hashed, "the description speaks of a hash")
        } else {
            return form;
        };
        reason.push_str(&format!(" It is {}: {because}.", form.label().to_lowercase()));
        form
    }

    fn finding_of(
        &self,
        element: ElementId,
        form: Form,
        confidence: Confidence,
        reason: String,
        mask: Option<String>,
    ) -> Finding {
        Finding {
            path: self.unit.path(),
            schema: self.unit.schema.clone(),
            property: self.unit.property(),
            live: !(element.as_str() == PAN && self.unit.values.is_test_data()),
            element,
            form,
            mask,
            direction: self.unit.direction.unwrap_or(Direction::Unknown),
            confidence,
            reason,
        }
    }

    fn leaf(&self) -> &str {
        self.unit.steps.last().map_or("", |step| step.trim_end_matches("[]"))
    }

    /// What else says the same.
    fn also(&self, row: &Element) -> &'static str {
        match (row.id == PAN && self.unit.values.card_numbers > 0, self.said.speaks_of(&row.id)) {
            (true, _) => ", and a sample value passes the checks of a card number",
            (false, true) => ", and so does its description",
            (false, false) => "",
        }
    }
}

fn lower(name: &str) -> String {
    let mut characters = name.chars();
    match (characters.next(), characters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            format!("{}{}", first.to_lowercase(), characters.as_str())
        }
        _ => name.to_owned(),
    }
}

fn is_reference(leaf: &str) -> bool {
    let last = leaf.rsplit('_').next().unwrap_or(leaf);
    matches!(last, "id" | "ids" | "ref" | "reference" | "no" | "key" | "uid" | "sequence" | "timestamp" | "code")
}

fn mentions_a_card(name: &Name) -> bool {
    let said =
        [name.leaf.as_str(), name.parents.as_str()].into_iter().chain(name.direct_parents.iter().map(String::as_str));
    said.flat_map(|it| it.split('_')).any(|word| matches!(word, "card" | "cards" | "cc" | "pan" | "creditcard"))
}

fn compiled(cell: &'static OnceLock<Regex>, pattern: &str) -> &'static Regex {
    cell.get_or_init(|| Regex::new(pattern).expect("the pattern is part of the program and tested"))
}

/// Things beside payment cards that have a number, a holder, a code or an end.
fn other_things() -> &'static Regex {
    static COMPILED: OnceLock<Regex> = OnceLock::new();
    compiled(
        &COMPILED,
        "(^|_)(passport|driving|drivers?|licen[cs]e|coupon|voucher|gift_?cards?|loyalty|rewards?|membership|member_card|certificate|cert|jwt|session|subscription|document|identity|id_card|sim|insurance|promo|promotion|warranty|library|ticket|business_card|score_?card)(_|$)",
    )
}

/// Means of payment from a bank account.
fn banks() -> &'static Regex {
    static COMPILED: OnceLock<Regex> = OnceLock::new();
    compiled(&COMPILED, "(^|_)(bank|bank_account|sepa|ach|iban|bacs|eft|direct_debit|payout)(_|$)")
}

/// Places in which a code is the outcome of a check.
fn outcomes() -> &'static Regex {
    static COMPILED: OnceLock<Regex> = OnceLock::new();
    compiled(
        &COMPILED,
        "(^|_)(processor_response|checks?|results?|verification_(result|data|response)|avs|outcome)(_|$)",
    )
}
