//! Training records: who was taught what on which day, and until when that holds.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::draft::Around;
use crate::id::PersonId;
use crate::library::reference::{EvidenceKey, RequirementKey};
use crate::model::draft::fields::Fields;
use crate::model::draft::{Form, NAME_MAX};
use crate::problem::{FieldCode, FieldError};
use crate::risk::acceptance::months_later;
use crate::schedule::plan::numbered_key;
use crate::text::text_enum;
use crate::time::Day;

/// The most people of one training.
pub const PEOPLE_MAX: usize = 1_000;
/// The fields of the form; `person` repeats.
pub const FIELDS: [&str; 7] = ["kind", "content", "held", "until", "person", "evidence", "rev"];

numbered_key! {
    /// The key of a training, written `TRN-3`.
    TrainingKey, "TRN-", NoTrainingKey
}

text_enum! {
    /// What is taught.
    TrainingKind {
        Awareness = "awareness": "Security awareness",
        SecureCoding = "secure_coding": "Secure development",
        Incident = "incident": "Responding to incidents",
        Terminals = "terminals": "Tampering with payment terminals",
        CardNumbers = "card_numbers": "Handling card numbers",
    }
}

impl TrainingKind {
    /// The requirement that asks for it, and after how many months it is held again; `None` where the entity sets that itself.
    #[must_use]
    pub fn asked_by(self) -> (Option<RequirementKey>, Option<u32>) {
        let (id, months) = match self {
            Self::Awareness => ("12.6.3", Some(12)),
            Self::SecureCoding => ("6.2.2", Some(12)),
            Self::Incident => ("12.10.4", None),
            Self::Terminals => ("9.5.1.3", None),
            Self::CardNumbers => ("12.6.3.2", Some(12)),
        };
        (RequirementKey::pci(id), months)
    }
}

/// One training of several people on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Training {
    /// The key.
    pub key: TrainingKey,
    /// What was taught.
    pub kind: TrainingKind,
    /// What it was about, in words.
    pub content: String,
    /// The day.
    pub held: Day,
    /// The last day on which it holds, where somebody said.
    pub until: Option<Day>,
    /// Who was there.
    pub people: BTreeSet<PersonId>,
    /// What shows it.
    pub evidence: Option<EvidenceKey>,
}

impl Training {
    /// A training on a day. Its key is given when it is kept.
    #[must_use]
    pub const fn new(held: Day) -> Self {
        Self {
            key: TrainingKey(0),
            kind: TrainingKind::Awareness,
            content: String::new(),
            held,
            until: None,
            people: BTreeSet::new(),
            evidence: None,
        }
    }

    /// The last day on which it holds: the day that somebody said, or that of the requirement; `None` has no end.
    #[must_use]
    pub fn holds_until(&self) -> Option<Day> {
        self.until.or_else(|| self.kind.asked_by().1.map(|months| months_later(self.held, months)))
    }

    /// Whether it holds on a day.
    #[must_use]
    pub fn holds(&self, today: Day) -> bool {
        self.held <= today && self.holds_until().is_none_or(|until| today <= until)
    }
}

/// Who of these people has a training of a kind that holds on a day, each with the last one; and who has none.
#[must_use]
pub fn trained<'a>(
    people: impl IntoIterator<Item = &'a PersonId>,
    trainings: &'a [Training],
    kind: TrainingKind,
    today: Day,
) -> BTreeMap<&'a PersonId, Option<&'a Training>> {
    let last = |person: &PersonId| {
        let of_it = trainings.iter().filter(|it| it.kind == kind && it.holds(today) && it.people.contains(person));
        of_it.max_by_key(|it| (it.held, it.key))
    };
    people.into_iter().map(|person| (person, last(person))).collect()
}

/// Reads the form of a training. `is_item` tells whether there is such an evidence item.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn training_from_form(
    form: &Form,
    existing: &Training,
    around: Around<'_>,
    is_item: impl Fn(EvidenceKey) -> bool,
) -> Result<Training, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let mut it = existing.clone();
    it.kind = fields.choice("kind", it.kind);
    if let Some(content) = fields.line("content", NAME_MAX) {
        it.content = content;
    }
    it.held = fields.day("held", Some(it.held)).unwrap_or(it.held);
    if it.held > around.today {
        fields.error("held", FieldCode::InTheFuture);
    }
    it.until = fields.day("until", it.until);
    if it.until.is_some_and(|day| day < it.held) {
        fields.error("until", FieldCode::EndsBeforeItBegins);
    }
    let before: Vec<PersonId> = it.people.iter().cloned().collect();
    it.people = fields.keys("person", &before, |key| around.model.people.contains_key(key)).into_iter().collect();
    if it.people.is_empty() {
        fields.error("person", FieldCode::Missing);
    } else if it.people.len() > PEOPLE_MAX {
        fields.error("person", FieldCode::TooMany);
    }
    match fields.posted("evidence") {
        None => {}
        Some("") => it.evidence = None,
        Some(text) => match text.parse::<EvidenceKey>() {
            Ok(key) if it.evidence == Some(key) || is_item(key) => it.evidence = Some(key),
            _ => fields.error("evidence", FieldCode::NoSuchObject),
        },
    }
    fields.finish(it)
}

/// The training as the fields of its form. Reading them back changes nothing.
#[must_use]
pub fn training_to_form(it: &Training) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: String| form.push((name.to_owned(), value));
    put("kind", it.kind.to_string());
    put("content", it.content.clone());
    put("held", it.held.to_string());
    put("until", it.until.map(|it| it.to_string()).unwrap_or_default());
    for person in &it.people {
        put("person", person.to_string());
    }
    put("evidence", it.evidence.map(|it| it.to_string()).unwrap_or_default());
    form
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::evidence::item::tests::day;
    use crate::model::reader::read_json;
    use crate::time::Timestamp;

    fn read(pairs: &[(&str, &str)], existing: &Training) -> Result<Training, Vec<String>> {
        let model = read_json(br#"{"people":[{"id":"lead"},{"id":"desk"}]}"#).unwrap().0;
        let form: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let around = Around {
            model: &model,
            is_requirement: &|_| true,
            is_review: &|_| false,
            today: day("2026-11-21"),
            now: Timestamp(0),
        };
        let read = training_from_form(&form, existing, around, |key| key == EvidenceKey(1));
        read.map_err(|errors| errors.into_iter().map(|it| it.field).collect())
    }

    fn training() -> Training {
        let said = [("kind", "secure_coding"), ("held", "2026-01-10"), ("person", "lead"), ("evidence", "EV-0001")];
        read(&said, &Training::new(day("2026-11-21"))).unwrap()
    }

    #[test]
    fn a_training_holds_as_long_as_the_requirement_says() {
        let it = training();
        assert!(it.holds(day("2027-01-10")) && !it.holds(day("2027-01-11")) && !it.holds(day("2026-01-09")));
        let incident = Training { kind: TrainingKind::Incident, ..it.clone() };
        assert!(incident.holds(day("2040-01-01")));
        for kind in TrainingKind::ALL {
            assert!(kind.asked_by().0.is_some(), "{kind}");
        }
        let people = ["lead", "desk"].map(PersonId::new);
        let trainings = [it];
        let found = trained(&people, &trainings, TrainingKind::SecureCoding, day("2026-06-01"));
        assert!(found[&people[0]].is_some() && found[&people[1]].is_none());
    }

    #[test]
    fn it_comes_back_as_it_was() {
        let it = training();
        let form = training_to_form(&it);
        let back: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(read(&back, &it), Ok(it.clone()));
        assert_eq!(read(&[], &it), Ok(it));
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let wrong = [("kind", "yoga"), ("held", "2026-11-22"), ("until", "2026-01-01"), ("evidence", "EV-0002")];
        let mut fields = read(&wrong, &Training::new(day("2026-11-21"))).unwrap_err();
        fields.sort();
        assert_eq!(fields, ["evidence", "held", "kind", "person", "until"]);
    }
}
