//! Samples: which objects who audits looks at. Picked by criteria and a word, so that anybody can draw the same sample again;
//! frozen, so that nobody exchanges an object afterwards; then one request per object.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::evidence::request::{Question, WORDS_MAX};
use crate::filter::Filter;
use crate::id::PersonId;
use crate::inventory::{FLOWS, Kind, Order, SYSTEMS, Table};
use crate::library::reference::RequirementKey;
use crate::model::Model;
use crate::model::draft::fields::Fields;
use crate::model::draft::{Form, NAME_MAX};
use crate::model::object::{ObjectKind, ObjectRef};
use crate::problem::{FieldCode, FieldError};
use crate::schedule::plan::numbered_key;
use crate::scope::verdict::Scope;
use crate::time::{Day, Timestamp};

/// The most objects of a sample.
pub const SIZE_MAX: u32 = 200;
/// The longest filter, in characters.
pub const FILTER_MAX: usize = 256;
/// The fields of the form of criteria.
pub const FIELDS: [&str; 5] = ["name", "kind", "filter", "size", "seed"];

/// The kinds of objects that samples are drawn of.
pub const KINDS: [ObjectKind; 8] = [
    ObjectKind::System,
    ObjectKind::Flow,
    ObjectKind::Credential,
    ObjectKind::Key,
    ObjectKind::Control,
    ObjectKind::Vendor,
    ObjectKind::Segment,
    ObjectKind::Script,
];

numbered_key! {
    /// The key of a sample, written `SMP-3`.
    SampleKey, "SMP-", NoSampleKey
}

/// What a sample is drawn by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criteria {
    /// What people call the sample.
    pub name: String,
    /// The kind of its objects.
    pub kind: ObjectKind,
    /// The filter that they pass, as lists of this kind take it; empty is all.
    pub filter: String,
    /// How many.
    pub size: u32,
    /// The word that decides which of them: another word draws another sample.
    pub seed: String,
}

/// A sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// The key.
    pub key: SampleKey,
    /// What it was drawn by.
    pub criteria: Criteria,
    /// How many objects passed the filter.
    pub population: usize,
    /// The objects that were picked, by key.
    pub picked: Vec<ObjectRef>,
    /// Who froze it, and when. Nothing of it changes from then on.
    pub frozen: Option<(PersonId, Timestamp)>,
}

/// Why no sample was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSample {
    /// The inventory has no list of this kind.
    #[error("samples are not drawn of this kind")]
    Kind,
    /// Nothing passes the filter.
    #[error("nothing passes the filter")]
    Empty,
}

impl Sample {
    /// Draws a sample from a model with its scope. The same criteria draw the same sample from the same model, and an object
    /// more or less exchanges as few of the others as can be: every object has its place by the hash of word and key.
    ///
    /// # Errors
    /// Says why none was drawn.
    pub fn draw(criteria: Criteria, model: &Model, scope: &Scope) -> Result<Self, NoSample> {
        let kind = list_of(criteria.kind).ok_or(NoSample::Kind)?;
        let table = Table::with_scope(kind, model, scope);
        let rows = table.rows(&Filter::parse(&criteria.filter), Order { column: "key", descending: false });
        let population = rows.len();
        let mut placed: Vec<([u8; 32], ObjectRef)> =
            rows.iter().map(|row| row.object.reference()).map(|it| (place(&criteria.seed, &it), it)).collect();
        placed.sort();
        placed.truncate(criteria.size as usize);
        let mut picked: Vec<ObjectRef> = placed.into_iter().map(|(_, object)| object).collect();
        picked.sort();
        if picked.is_empty() {
            return Err(NoSample::Empty);
        }
        Ok(Self { key: SampleKey(0), criteria, population, picked, frozen: None })
    }

    /// Freezes it.
    ///
    /// # Errors
    /// `Frozen` where it is frozen already.
    pub fn freeze(&mut self, by: &PersonId, at: Timestamp) -> Result<(), FieldCode> {
        if self.frozen.is_some() {
            return Err(FieldCode::Frozen);
        }
        self.frozen = Some((by.clone(), at));
        Ok(())
    }

    /// One question per object, in the order of the sample.
    ///
    /// # Errors
    /// `NotInThisState` as long as it is not frozen.
    pub fn questions(
        &self,
        text: &str,
        requirement: Option<&RequirementKey>,
        due: Option<Day>,
    ) -> Result<Vec<Question>, FieldCode> {
        if self.frozen.is_none() {
            return Err(FieldCode::NotInThisState);
        }
        let text = text.trim();
        if text.is_empty() {
            return Err(FieldCode::Missing);
        }
        if text.chars().count() > WORDS_MAX {
            return Err(FieldCode::TooLong(4_000));
        }
        let question = |object: &ObjectRef| Question {
            text: text.to_owned(),
            requirement: requirement.cloned(),
            object: Some(object.clone()),
            due,
            owner: None,
        };
        Ok(self.picked.iter().map(question).collect())
    }
}

/// The list of a kind that samples are drawn of.
fn list_of(kind: ObjectKind) -> Option<&'static Kind> {
    match kind {
        ObjectKind::System => Some(&SYSTEMS),
        ObjectKind::Flow => Some(&FLOWS),
        kind => Kind::of(kind).filter(|_| KINDS.contains(&kind)),
    }
}

fn place(seed: &str, object: &ObjectRef) -> [u8; 32] {
    let mut digest = Sha256::new();
    // A byte that no key and no word has keeps the parts apart.
    for part in ["plumbline-sample-v1", seed, object.kind().as_str(), &object.key()] {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    digest.finalize().into()
}

/// Reads the criteria of a sample.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn criteria_from_form(form: &Form) -> Result<Criteria, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let name = fields.line("name", NAME_MAX).unwrap_or_default();
    if name.is_empty() {
        fields.error("name", FieldCode::Missing);
    }
    let kind: ObjectKind = fields.choice("kind", ObjectKind::System);
    if !KINDS.contains(&kind) {
        fields.error("kind", FieldCode::NotInList);
    }
    let filter = fields.line("filter", FILTER_MAX).unwrap_or_default();
    if let Some(of_kind) = list_of(kind) {
        let keys = Table::of(of_kind, &Model::default()).keys();
        if Filter::parse(&filter).unknown_key(&keys).is_some() {
            fields.error("filter", FieldCode::NotInList);
        }
    }
    let size = fields.count("size", Some(10)).and_then(|it| u32::try_from(it).ok()).unwrap_or(0);
    if !(1..=SIZE_MAX).contains(&size) {
        fields.error("size", FieldCode::NotANumber);
    }
    let seed = fields.line("seed", NAME_MAX).unwrap_or_default();
    fields.finish(Criteria { name, kind, filter, size, seed })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::tests::model;
    use crate::scope::compute;

    fn criteria(filter: &str, size: u32, seed: &str) -> Criteria {
        Criteria {
            name: "Servers".to_owned(),
            kind: ObjectKind::System,
            filter: filter.to_owned(),
            size,
            seed: seed.to_owned(),
        }
    }

    fn servers(count: usize) -> Model {
        let systems: Vec<String> = (0..count)
            .map(|it| format!(r#"{{"id":"s{it:03}","environment":"{}"}}"#, if it % 2 == 0 { "prod" } else { "test" }))
            .collect();
        model(&format!(r#""systems":[{}]"#, systems.join(",")))
    }

    fn draw(model: &Model, criteria: Criteria) -> Result<Sample, NoSample> {
        Sample::draw(criteria, model, &compute(model))
    }

    #[test]
    fn the_same_word_draws_the_same_sample_and_another_word_another_one() {
        let model = servers(100);
        let one = draw(&model, criteria("", 10, "2026")).unwrap();
        assert_eq!(draw(&model, criteria("", 10, "2026")).unwrap(), one);
        assert_ne!(draw(&model, criteria("", 10, "2027")).unwrap().picked, one.picked);
        assert_eq!((one.population, one.picked.len()), (100, 10));
        let larger = draw(&servers(101), criteria("", 10, "2026")).unwrap();
        let same = larger.picked.iter().filter(|it| one.picked.contains(it)).count();
        assert!(same >= 9, "one more object exchanges at most one");
    }

    #[test]
    fn only_what_passes_the_filter_is_picked() {
        let model = servers(20);
        let test = draw(&model, criteria("environment:test", 50, "")).unwrap();
        assert_eq!((test.population, test.picked.len()), (10, 10));
        assert_eq!(draw(&model, criteria("environment:dr", 5, "")), Err(NoSample::Empty));
        let settings = Criteria { kind: ObjectKind::Settings, ..criteria("", 5, "") };
        assert_eq!(draw(&model, settings), Err(NoSample::Kind));
    }

    #[test]
    fn every_kind_has_a_list() {
        assert!(KINDS.iter().all(|it| list_of(*it).is_some_and(|kind| kind.object == *it)));
        assert!(list_of(ObjectKind::Settings).is_none());
    }

    #[test]
    fn a_frozen_sample_gives_one_question_per_object() {
        let mut it = draw(&servers(5), criteria("", 3, "")).unwrap();
        assert_eq!(it.questions("Show its build record", None, None), Err(FieldCode::NotInThisState));
        it.freeze(&"qsa".into(), Timestamp(1)).unwrap();
        assert_eq!(it.freeze(&"qsa".into(), Timestamp(2)), Err(FieldCode::Frozen));
        let key = RequirementKey::pci("2.2.1");
        let questions = it.questions(" Show its build record ", key.as_ref(), Some(Day(1))).unwrap();
        let about: Vec<&ObjectRef> = questions.iter().filter_map(|it| it.object.as_ref()).collect();
        assert_eq!(about, it.picked.iter().collect::<Vec<_>>());
        assert!(questions.iter().all(|it| it.requirement == key && it.text == "Show its build record"));
        assert_eq!(it.questions("", None, None), Err(FieldCode::Missing));
    }

    #[test]
    fn criteria_tell_what_is_wrong() {
        let form = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let read = criteria_from_form(&form(&[("name", "Servers"), ("filter", "environment:prod"), ("size", "5")]));
        assert_eq!(read, Ok(Criteria { filter: "environment:prod".to_owned(), ..criteria("", 5, "") }));
        let wrong = form(&[("name", ""), ("kind", "settings"), ("filter", "colour:red"), ("size", "201")]);
        let mut fields: Vec<String> = criteria_from_form(&wrong).unwrap_err().into_iter().map(|it| it.field).collect();
        fields.sort();
        assert_eq!(fields, ["kind", "name", "size"], "settings have no list whose words could be known");
        let wrong = form(&[("name", "x"), ("filter", "colour:red")]);
        assert_eq!(criteria_from_form(&wrong).unwrap_err()[0].field, "filter");
    }
}
