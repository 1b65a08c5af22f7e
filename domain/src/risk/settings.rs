//! What a register is set to, as the fields of a form; and what another scheme makes of the risks that are rated.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::acceptance::{APPROVERS_MAX, Authority, AuthorityError, MONTHS_MAX, Terms};
use super::appetite::{Appetite, Register};
use super::record::{Category, Risk, RiskKey};
use super::scheme::convert::{Conversion, Move, Way, rerate};
use super::scheme::{Level, Scheme};
use crate::model::draft::Form;
use crate::model::draft::fields::Fields;
use crate::problem::{FieldCode, FieldError};

/// A register as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Setting {
    /// What it is set to.
    pub register: Register,
    /// How often that was changed; 0 where nobody ever did.
    pub revision: i64,
}

/// A change of what a register is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is set to from then on.
    pub register: Register,
    /// How a scale of one number of steps is laid over one with another.
    pub way: Way,
    /// The revision of the settings at which the person saw them.
    pub seen: i64,
    /// The [`Rerating::hash`] of what the person was shown, where they were shown any.
    pub shown: Option<String>,
}

/// The fields of the form that stand alone: beside them each category and each level has some.
const ALONE: [&str; 6] = ["scheme", "way", "appetite", "rev", "shown", "action"];

/// Whether the form has a field of this name.
#[must_use]
pub fn is_field(name: &str) -> bool {
    let of_category = |text: &str| text.parse::<Category>().is_ok();
    let of_level = |text: &str| text.parse::<Level>().is_ok();
    ALONE.contains(&name)
        || name.strip_prefix("appetite_").is_some_and(of_category)
        || name.strip_prefix("months_").is_some_and(of_level)
        || name.strip_prefix("approvers_").is_some_and(of_level)
}

/// The settings as the fields of their form. Reading them back changes nothing.
#[must_use]
pub fn setting_to_form(setting: &Setting) -> Vec<(String, String)> {
    let Register { scheme, appetite, authority } = &setting.register;
    let mut form: Vec<(String, String)> = Vec::new();
    let mut put = |name: String, value: &str| form.push((name, value.to_owned()));
    put("scheme".to_owned(), scheme.as_str());
    put("way".to_owned(), Way::Spread.as_str());
    put("appetite".to_owned(), appetite.usual.as_str());
    for category in Category::ALL {
        put(format!("appetite_{category}"), appetite.by_category.get(category).map_or("", |it| it.as_str()));
    }
    for level in Level::ALL {
        let terms = authority.terms(*level);
        put(format!("months_{level}"), &terms.months.to_string());
        put(format!("approvers_{level}"), &terms.approvers.to_string());
    }
    put("rev".to_owned(), &setting.revision.to_string());
    form
}

/// Reads the form. What was not posted stays as it is.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn change_from_form(form: &Form, existing: &Setting) -> Result<Change, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let was = &existing.register;
    let scheme = fields.choice("scheme", was.scheme);
    let way = fields.choice("way", Way::Spread);
    let mut appetite = Appetite { usual: fields.choice("appetite", was.appetite.usual), by_category: BTreeMap::new() };
    for category in Category::ALL {
        let stored = was.appetite.by_category.get(category).copied();
        if let Some(level) = fields.optional_choice(&format!("appetite_{category}"), stored) {
            appetite.by_category.insert(*category, level);
        }
    }
    let authority = authority(&mut fields, &was.authority);
    let seen = fields.posted("rev").and_then(|text| text.parse().ok());
    if seen.is_none() {
        fields.error("rev", FieldCode::NotANumber);
    }
    let shown = fields.posted("shown").filter(|text| !text.is_empty()).map(str::to_owned);
    let register = Register { scheme, appetite, authority };
    fields.finish(Change { register, way, seen: seen.unwrap_or_default(), shown })
}

fn authority(fields: &mut Fields<'_>, was: &Authority) -> Authority {
    let mut terms: BTreeMap<Level, Terms> = BTreeMap::new();
    for level in Level::ALL.iter().copied() {
        let stored = was.terms(level);
        let months = number(fields, &format!("months_{level}"), stored.months, 1..=MONTHS_MAX);
        let fewest = Authority::fewest_approvers(level);
        let approvers = number(fields, &format!("approvers_{level}"), stored.approvers, fewest..=APPROVERS_MAX);
        terms.insert(level, Terms { months, approvers });
    }
    match Authority::new(terms) {
        Ok(authority) => authority,
        Err(error) => {
            let (name, code) = match error {
                AuthorityError::Months(level) => (format!("months_{level}"), FieldCode::NotInList),
                AuthorityError::Approvers(level) => (format!("approvers_{level}"), FieldCode::NotInList),
                AuthorityError::LongerThanBelow(level) => (format!("months_{level}"), FieldCode::LongerThanBelow),
            };
            fields.error(&name, code);
            was.clone()
        }
    }
}

/// A number of a closed range; as it was where none was posted or it is wrong.
fn number(fields: &mut Fields<'_>, name: &str, was: u8, allowed: std::ops::RangeInclusive<u8>) -> u8 {
    let Some(text) = fields.posted(name) else { return was };
    match text.parse::<u8>() {
        Ok(number) if allowed.contains(&number) => number,
        Ok(_) => {
            fields.error(name, FieldCode::NotInList);
            was
        }
        Err(_) => {
            fields.error(name, FieldCode::NotANumber);
            was
        }
    }
}

/// What another scheme makes of the risks of a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rerating {
    /// The risks whose ratings are stored differently then, as they become.
    #[serde(skip)]
    pub risks: Vec<Risk>,
    /// Every rating whose level or steps move, by risk.
    pub moves: Vec<Move>,
    /// How many risks of each level are of which one then; of what is rated now, by [`Risk::level`].
    #[serde(skip)]
    pub levels: BTreeMap<(Level, Level), usize>,
    /// The risks of which a rating lies above the one before it then, and did not before, without a reason that says why.
    pub out_of_order: Vec<RiskKey>,
}

impl Rerating {
    /// What the risks become. Nothing moves where the scheme stays.
    #[must_use]
    pub fn of<'a>(risks: impl IntoIterator<Item = &'a Risk> + Clone, from: Scheme, to: Scheme, way: Way) -> Self {
        let mut rerating =
            Self { risks: Vec::new(), moves: Vec::new(), levels: BTreeMap::new(), out_of_order: Vec::new() };
        if from == to {
            return rerating;
        }
        let conversion = Conversion::by(way, from.steps(), to);
        // The conversion was made for the scale of the register.
        let Ok((after, moves)) = rerate(risks.clone(), from, &conversion) else { return rerating };
        rerating.moves = moves;
        for (was, is) in risks.into_iter().zip(after) {
            if let (Some(was), Some(is)) = (was.level(from), is.level(to)) {
                *rerating.levels.entry((was, is)).or_default() += 1;
            }
            let comes_out = was.out_of_order(from).is_none() && is.out_of_order(to).is_some();
            if comes_out && is.order_reason.is_none() {
                rerating.out_of_order.push(is.key);
            }
            if *was != is {
                rerating.risks.push(is);
            }
        }
        rerating
    }

    /// What stands for all of it: of two that say the same it is the same.
    #[must_use]
    pub fn hash(&self) -> String {
        let text = serde_json::to_string(self).expect("keys, numbers and lists always have a form in JSON");
        hex::encode(Sha256::digest(text))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::risk::scheme::{Rating, Step};

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn risk(number: u32, likelihood: u8, impact: u8) -> Risk {
        let rating = Rating::new(Scheme::Nist, Step::new(likelihood).unwrap(), Step::new(impact).unwrap());
        Risk { inherent: rating, ..Risk::new(RiskKey(number)) }
    }

    #[test]
    fn the_form_read_back_changes_nothing() {
        let mut setting = Setting { revision: 3, ..Setting::default() };
        setting.register.scheme = Scheme::Four;
        setting.register.appetite.by_category.insert(Category::Fraud, Level::VeryLow);
        let form = setting_to_form(&setting);
        assert!(form.iter().all(|(name, _)| is_field(name)), "{form:?}");
        let read = change_from_form(&form, &Setting { revision: 3, ..Setting::default() }).unwrap();
        assert_eq!((read.register, read.seen), (setting.register, 3));
        assert!(!is_field("appetite_moon") && !is_field("months_"));
    }

    #[test]
    fn terms_laxer_than_the_rule_of_two_are_refused_where_they_stand() {
        let errors = |list: &[(&str, &str)]| {
            let errors = change_from_form(&pairs(list), &Setting::default()).unwrap_err();
            errors.into_iter().map(|it| (it.field, it.code)).collect::<Vec<_>>()
        };
        assert_eq!(
            errors(&[("months_very_high", "7"), ("rev", "0")]),
            [("months_very_high".to_owned(), FieldCode::LongerThanBelow)]
        );
        assert_eq!(
            errors(&[("approvers_high", "1"), ("months_low", "x"), ("rev", "0")]),
            [("approvers_high".to_owned(), FieldCode::NotInList), ("months_low".to_owned(), FieldCode::NotANumber),]
        );
        assert_eq!(errors(&[("scheme", "moon")]).len(), 2, "the scheme, and the revision that is missing");
    }

    #[test]
    fn another_scheme_says_what_each_level_becomes_and_which_risks_are_stored_differently() {
        let risks = [risk(1, 5, 1), risk(2, 3, 3), Risk::new(RiskKey(3))];
        let same_steps = Rerating::of(&risks, Scheme::Nist, Scheme::Product, Way::Spread);
        assert_eq!((same_steps.risks.len(), same_steps.moves.len()), (0, 1), "the steps stay, the level moves");
        assert_eq!(same_steps.levels[&(Level::VeryLow, Level::Moderate)], 1);
        let fewer = Rerating::of(&risks, Scheme::Nist, Scheme::Three, Way::Spread);
        assert_eq!((fewer.risks.len(), fewer.levels.values().sum::<usize>()), (2, 2));
        assert_eq!(fewer.hash(), Rerating::of(&risks, Scheme::Nist, Scheme::Three, Way::Spread).hash());
        assert_ne!(fewer.hash(), same_steps.hash());
        assert_eq!(Rerating::of(&risks, Scheme::Nist, Scheme::Nist, Way::Spread).moves, []);
    }

    #[test]
    fn what_comes_out_of_order_is_named() {
        let mut risk = risk(1, 1, 5);
        // Low without and with controls; a product makes it moderate without and high with them.
        risk.residual = Rating::new(Scheme::Nist, Step::new(5).unwrap(), Step::new(2).unwrap());
        let product = Rerating::of([&risk], Scheme::Nist, Scheme::Product, Way::Spread);
        assert_eq!(product.out_of_order, [RiskKey(1)]);
        risk.order_reason = Some("It is done more often since.".to_owned());
        assert_eq!(Rerating::of([&risk], Scheme::Nist, Scheme::Product, Way::Spread).out_of_order, []);
    }
}
