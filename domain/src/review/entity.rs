//! Who is assessed: name, places, channels, brands, acquirers, level, transactions, assessor, period.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::board::{Explanation, PaymentChannel};
use crate::model::draft::fields::Fields;
use crate::model::draft::{Form, NAME_MAX};
use crate::problem::{FieldCode, FieldError, Problem};
use crate::schedule::late::wrong;
use crate::text::text_enum;
use crate::time::Day;

/// The most items of a list.
pub const ITEMS_MAX: usize = 100;
/// The longest item of a list, in characters.
pub const ITEM_MAX: usize = 300;

text_enum! {
    /// What the entity is.
    EntityType {
        Merchant = "merchant": "Merchant",
        ServiceProvider = "service_provider": "Service provider",
        Issuer = "issuer": "Issuer",
        Several = "several": "Several of these",
    }
}

text_enum! {
    /// How it shows that it complies.
    Validation {
        Saq = "saq": "Self-assessment questionnaire (SAQ)",
        Roc = "roc": "Report on compliance (ROC)",
    }
}

text_enum! {
    /// A card brand.
    Brand {
        Visa = "visa": "Visa",
        Mastercard = "mastercard": "Mastercard",
        Amex = "amex": "American Express",
        Discover = "discover": "Discover",
        Jcb = "jcb": "JCB",
        UnionPay = "unionpay": "UnionPay",
        Other = "other": "Another brand",
    }
}

/// The profile of the entity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EntityProfile {
    /// The name as it is registered.
    pub legal_name: String,
    /// What it is.
    pub entity_type: Option<EntityType>,
    /// How it validates.
    pub validation: Option<Validation>,
    /// The level, from 1 to 4.
    pub level: Option<u8>,
    /// Offices, shops, data centres: one line each.
    pub locations: Vec<String>,
    /// The ways in which customers pay.
    pub channels: BTreeSet<PaymentChannel>,
    /// The brands that are taken, each with how many transactions a year; `None` is unknown.
    pub brands: BTreeMap<Brand, Option<u64>>,
    /// The acquirers, one line each.
    pub acquirers: Vec<String>,
    /// Who assesses: a person and their company.
    pub assessor: String,
    /// The first day of the period that is assessed.
    pub from: Option<Day>,
    /// The last day.
    pub until: Option<Day>,
    /// Why stages of channels have no flows.
    pub explanations: Vec<Explanation>,
}

impl EntityProfile {
    /// How many transactions there are in a year over all brands; `None` where it is unknown of one.
    #[must_use]
    pub fn transactions(&self) -> Option<u64> {
        if self.brands.is_empty() {
            return None;
        }
        self.brands.values().try_fold(0u64, |sum, it| Some(sum.saturating_add((*it)?)))
    }

    /// What is still missing, each as one sentence.
    #[must_use]
    pub fn gaps(&self) -> Vec<&'static str> {
        let gaps = [
            (self.legal_name.is_empty(), "Enter the registered name."),
            (self.entity_type.is_none(), "Say whether it is a merchant or a service provider."),
            (self.validation.is_none(), "Say how it validates."),
            (self.level.is_none(), "Enter the level."),
            (self.locations.is_empty(), "Enter the locations."),
            (self.channels.is_empty(), "Choose the payment channels."),
            (self.brands.is_empty(), "Choose the card brands."),
            (!self.brands.is_empty() && self.transactions().is_none(), "Enter the transactions of each brand."),
            (self.acquirers.is_empty(), "Enter the acquirers."),
            (self.from.is_none() || self.until.is_none(), "Enter the period that is assessed."),
        ];
        gaps.into_iter().filter(|(missing, _)| *missing).map(|(_, sentence)| sentence).collect()
    }

    /// Notes why a stage of a channel has no flow, in place of what was said of it before; an empty reason takes it back.
    /// Saying the same again leaves who said it first.
    ///
    /// # Errors
    /// `Invalid` with the field `reason`.
    pub fn explain(&mut self, mut explanation: Explanation) -> Result<(), Problem> {
        explanation.reason = explanation.reason.trim().to_owned();
        let cell = (explanation.channel, explanation.stage);
        if explanation.reason.is_empty() {
            self.explanations.retain(|it| (it.channel, it.stage) != cell);
            return Ok(());
        }
        if let Some(code) = wrong(&explanation.reason) {
            return Err(Problem::field("reason", code));
        }
        let same = |it: &Explanation| (it.channel, it.stage) == cell && it.reason == explanation.reason;
        if !self.explanations.iter().any(same) {
            self.explanations.retain(|it| (it.channel, it.stage) != cell);
            self.explanations.push(explanation);
            self.explanations.sort_by_key(|it| (it.channel, it.stage));
        }
        Ok(())
    }
}

/// Reads the form of the profile: `channel` and `brand` repeat, `transactions.<brand>` stands beside each brand, and
/// `locations` and `acquirers` have one item on each line.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn entity_from_form(form: &Form, existing: &EntityProfile) -> Result<EntityProfile, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let mut it = existing.clone();
    if let Some(name) = fields.line("legal_name", NAME_MAX) {
        it.legal_name = name;
    }
    if let Some(assessor) = fields.line("assessor", NAME_MAX) {
        it.assessor = assessor;
    }
    it.entity_type = fields.optional_choice("entity_type", it.entity_type);
    it.validation = fields.optional_choice("validation", it.validation);
    match fields.posted("level") {
        None => {}
        Some("") => it.level = None,
        Some(text) => match text.parse::<u8>() {
            Ok(level @ 1..=4) => it.level = Some(level),
            _ => fields.error("level", FieldCode::NotInList),
        },
    }
    it.locations = list(&mut fields, "locations", it.locations);
    it.acquirers = list(&mut fields, "acquirers", it.acquirers);
    let before: Vec<_> = it.channels.iter().copied().collect();
    it.channels = fields.several("channel", &before).into_iter().collect();
    let before: Vec<_> = it.brands.keys().copied().collect();
    let brands = fields.several("brand", &before);
    it.brands = brands
        .into_iter()
        .map(|brand| {
            let was = existing.brands.get(&brand).copied().flatten();
            (brand, fields.count(&format!("transactions.{brand}"), was))
        })
        .collect();
    it.from = fields.day("from", it.from);
    it.until = fields.day("until", it.until);
    if it.from.zip(it.until).is_some_and(|(from, until)| until < from) {
        fields.error("until", FieldCode::EndsBeforeItBegins);
    }
    fields.finish(it)
}

/// The profile as its form has it.
#[must_use]
pub fn entity_to_form(it: &EntityProfile) -> Vec<(String, String)> {
    let day = |day: Option<Day>| day.map(|it| it.to_string()).unwrap_or_default();
    let word = |word: Option<&str>| word.unwrap_or_default().to_owned();
    let mut form: Vec<(String, String)> = [
        ("legal_name", it.legal_name.clone()),
        ("entity_type", word(it.entity_type.map(EntityType::as_str))),
        ("validation", word(it.validation.map(Validation::as_str))),
        ("level", it.level.map(|it| it.to_string()).unwrap_or_default()),
        ("locations", it.locations.join("\n")),
        ("acquirers", it.acquirers.join("\n")),
        ("assessor", it.assessor.clone()),
        ("from", day(it.from)),
        ("until", day(it.until)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    form.extend(it.channels.iter().map(|it| ("channel".to_owned(), it.as_str().to_owned())));
    for (brand, transactions) in &it.brands {
        form.push(("brand".to_owned(), brand.as_str().to_owned()));
        let count = transactions.map(|it| it.to_string()).unwrap_or_default();
        form.push((format!("transactions.{brand}"), count));
    }
    form
}

/// Whether the form of the profile has a field of this name.
#[must_use]
pub fn is_field(name: &str) -> bool {
    const ONCE: [&str; 10] = [
        "legal_name",
        "entity_type",
        "validation",
        "level",
        "locations",
        "acquirers",
        "assessor",
        "from",
        "until",
        "rev",
    ];
    let brand = |name: &str| name.parse::<Brand>().is_ok();
    ONCE.contains(&name)
        || ["channel", "brand"].contains(&name)
        || name.strip_prefix("transactions.").is_some_and(brand)
}

fn list(fields: &mut Fields<'_>, name: &str, as_it_was: Vec<String>) -> Vec<String> {
    let Some(text) = fields.lines(name, ITEMS_MAX * ITEM_MAX) else { return as_it_was };
    let items: Vec<String> = text.lines().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
    if items.len() > ITEMS_MAX {
        fields.error(name, FieldCode::TooMany);
    }
    if items.iter().any(|it| it.chars().count() > ITEM_MAX) {
        fields.error(name, FieldCode::TooLong(300));
    }
    items
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::review::board::PaymentStage;

    fn read(pairs: &[(&str, &str)]) -> Result<EntityProfile, Vec<FieldError>> {
        let form: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        entity_from_form(&form, &EntityProfile::default())
    }

    const WHOLE: [(&str, &str); 12] = [
        ("legal_name", "Shop Ltd"),
        ("entity_type", "merchant"),
        ("validation", "saq"),
        ("level", "2"),
        ("locations", "Head office\r\nData centre"),
        ("acquirers", "Acquirer"),
        ("channel", "e_commerce"),
        ("brand", "visa"),
        ("transactions.visa", "1500000"),
        ("from", "2026-01-01"),
        ("until", "2026-12-31"),
        ("assessor", "Own team"),
    ];

    #[test]
    fn a_whole_form_leaves_no_gap() {
        let it = read(&WHOLE).unwrap();
        assert_eq!(it.gaps(), Vec::<&str>::new());
        assert_eq!((it.transactions(), it.locations.len()), (Some(1_500_000), 2));
        let form = entity_to_form(&it);
        assert_eq!(entity_from_form(&form, &EntityProfile::default()).as_ref(), Ok(&it));
        assert!(form.iter().all(|(name, _)| is_field(name)) && !is_field("transactions.gold"));
        assert_eq!(EntityProfile::default().gaps().len(), 9);
        let kept = serde_json::to_string(&it).unwrap();
        assert_eq!(serde_json::from_str::<EntityProfile>(&kept).unwrap(), it);
    }

    #[test]
    fn what_is_wrong_is_told_beside_its_field() {
        let wrong = read(&[
            ("level", "5"),
            ("from", "2026-02-01"),
            ("until", "2026-01-01"),
            ("legal_name", "4111 1111 1111 1111"),
        ]);
        let fields: Vec<String> = wrong.unwrap_err().into_iter().map(|it| it.field).collect();
        assert_eq!(fields, ["level", "until", "legal_name"]);
    }

    #[test]
    fn a_cell_has_one_reason_and_an_empty_one_takes_it_back() {
        let mut it = EntityProfile::default();
        let reason = |text: &str| Explanation {
            channel: PaymentChannel::Moto,
            stage: PaymentStage::Refund,
            reason: text.to_owned(),
            by: "lead".into(),
            on: Day(1),
        };
        it.explain(reason("One")).unwrap();
        it.explain(reason("Two")).unwrap();
        it.explain(Explanation { by: "other".into(), ..reason(" Two ") }).unwrap();
        assert_eq!(it.explanations, [reason("Two")]);
        let number = it.explain(reason("4111 1111 1111 1111"));
        assert_eq!(number, Err(Problem::field("reason", FieldCode::CardNumber)));
        it.explain(reason(" ")).unwrap();
        assert!(it.explanations.is_empty());
    }
}
