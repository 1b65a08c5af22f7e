//! Samples: which objects who audits looks at. Picked from what was signed, by criteria, so that anybody can draw the same
//! sample again; frozen, so that nobody exchanges an object afterwards; then one request per object.
//!
//! Nobody chooses the seed: it is the hash of the workspace, the seal and the criteria. Every object has its place by the
//! hash of the seed with its kind and its key, and the first ones are the sample ([`METHOD`]).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::evidence::request::{Question, RequestKey, WORDS_MAX};
use crate::filter::Filter;
use crate::id::PersonId;
use crate::inventory::{FLOWS, Kind, Order, SYSTEMS, Table};
use crate::library::reference::RequirementKey;
use crate::model::Model;
use crate::model::draft::fields::Fields;
use crate::model::draft::{Form, NAME_MAX};
use crate::model::object::{ObjectKind, ObjectRef};
use crate::model::party::PartyKind;
use crate::problem::{FieldCode, FieldError};
use crate::review::seal::SealKey;
use crate::schedule::plan::numbered_key;
use crate::scope::verdict::Scope;
use crate::time::{Day, Timestamp};

/// The most objects of a sample.
pub const SIZE_MAX: u32 = 200;
/// The longest filter, in characters.
pub const FILTER_MAX: usize = 256;
/// The fields of the form of criteria.
pub const FIELDS: [&str; 4] = ["name", "kind", "filter", "size"];
/// The fields of the form of a step about a sample.
pub const STEP_FIELDS: [&str; 5] = ["step", "text", "requirement", "due", "rev"];

/// How a sample is drawn, in words.
pub const METHOD: &str = "The seed is the SHA-256 of the workspace, the hash of the seal and the criteria, so nobody chooses \
    it. Each object that passes the filter has a place: the SHA-256 of the seed with its kind and key. The objects with the \
    first places are the sample. Whoever has the sealed model draws the same one.";

/// The kinds of objects that samples are drawn of.
pub const KINDS: [ObjectKind; 10] = [
    ObjectKind::System,
    ObjectKind::Flow,
    ObjectKind::Credential,
    ObjectKind::Key,
    ObjectKind::Control,
    ObjectKind::Vendor,
    ObjectKind::Segment,
    ObjectKind::Script,
    ObjectKind::AccessGroup,
    ObjectKind::Person,
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
}

/// What a sample is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Basis<'a> {
    /// The key of the workspace.
    pub workspace: &'a str,
    /// The seal.
    pub seal: SealKey,
    /// Its hash, in hexadecimal.
    pub hash: &'a str,
    /// The model that it fixes, as of the day of the seal.
    pub model: &'a Model,
    /// The scope of that model.
    pub scope: &'a Scope,
}

/// An object that was picked, with what it was called then.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Picked {
    /// The object.
    pub object: ObjectRef,
    /// Its name in the sealed model.
    pub title: String,
}

/// A sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// The key.
    pub key: SampleKey,
    /// What it was drawn by.
    pub criteria: Criteria,
    /// The seal whose model it was drawn from.
    pub seal: SealKey,
    /// The hash of that seal, in hexadecimal.
    pub seal_hash: String,
    /// The seed, in hexadecimal.
    pub seed: String,
    /// How many objects passed the filter.
    pub population: usize,
    /// The objects that were picked, by key.
    pub picked: Vec<Picked>,
    /// Who drew it, and when.
    pub drawn: (PersonId, Timestamp),
    /// Who froze it, and when. Nothing of it changes from then on.
    pub frozen: Option<(PersonId, Timestamp)>,
    /// The requests that were made from it, in the order of the objects.
    pub requests: Vec<RequestKey>,
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
    /// Draws a sample. The same criteria draw the same sample from the same seal.
    ///
    /// # Errors
    /// Says why none was drawn.
    pub fn draw(criteria: Criteria, basis: Basis<'_>, by: PersonId, at: Timestamp) -> Result<Self, NoSample> {
        let all = population(&criteria, basis.model, basis.scope)?;
        let seed = seed(&criteria, basis);
        let mut placed: Vec<([u8; 32], &Picked)> = all.iter().map(|it| (place(&seed, &it.object), it)).collect();
        placed.sort();
        placed.truncate(criteria.size as usize);
        let mut picked: Vec<Picked> = placed.into_iter().map(|(_, it)| it.clone()).collect();
        picked.sort();
        if picked.is_empty() {
            return Err(NoSample::Empty);
        }
        Ok(Self {
            key: SampleKey(0),
            criteria,
            seal: basis.seal,
            seal_hash: basis.hash.to_owned(),
            seed,
            population: all.len(),
            picked,
            drawn: (by, at),
            frozen: None,
            requests: Vec::new(),
        })
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
    /// `NotInThisState` as long as it is not frozen, and once they were asked; `Missing` and `TooLong` of the text.
    pub fn questions(
        &self,
        text: &str,
        requirement: Option<&RequirementKey>,
        due: Option<Day>,
    ) -> Result<Vec<Question>, FieldCode> {
        if self.frozen.is_none() || !self.requests.is_empty() {
            return Err(FieldCode::NotInThisState);
        }
        let text = text.trim();
        if text.is_empty() {
            return Err(FieldCode::Missing);
        }
        if text.chars().count() > WORDS_MAX {
            return Err(FieldCode::TooLong(4_000));
        }
        let question = |it: &Picked| Question {
            text: text.to_owned(),
            requirement: requirement.cloned(),
            object: Some(it.object.clone()),
            title: Some(it.title.clone()),
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

/// Every object that passes the filter.
fn population(criteria: &Criteria, model: &Model, scope: &Scope) -> Result<Vec<Picked>, NoSample> {
    let filter = Filter::parse(&criteria.filter);
    if criteria.kind == ObjectKind::Person {
        // People have no list of records: words are looked for in name and key, and teams are none.
        let people = model.people.values().filter(|it| it.kind != PartyKind::Team);
        let people = people.filter(|it| filter.lets_through(&format!("{} {}", it.name, it.id), |_, _| false));
        return Ok(people
            .map(|it| Picked { object: ObjectRef::Person(it.id.clone()), title: it.name.clone() })
            .collect());
    }
    let kind = list_of(criteria.kind).ok_or(NoSample::Kind)?;
    let table = Table::with_scope(kind, model, scope);
    let rows = table.rows(&filter, Order { column: "key", descending: false });
    Ok(rows.iter().map(|row| Picked { object: row.object.reference(), title: row.title.clone() }).collect())
}

fn seed(criteria: &Criteria, basis: Basis<'_>) -> String {
    let size = criteria.size.to_string();
    hex::encode(digest(&[
        "plumbline-sample-v1",
        basis.workspace,
        basis.hash,
        criteria.kind.as_str(),
        criteria.filter.as_str(),
        size.as_str(),
    ]))
}

fn place(seed: &str, object: &ObjectRef) -> [u8; 32] {
    digest(&[seed, object.kind().as_str(), &object.key()])
}

fn digest(parts: &[&str]) -> [u8; 32] {
    let mut digest = Sha256::new();
    // A byte that no key and no filter has keeps the parts apart.
    for part in parts {
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
    if kind == ObjectKind::Person && !Filter::parse(&filter).terms.is_empty() {
        fields.error("filter", FieldCode::NotInList);
    }
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
    fields.finish(Criteria { name, kind, filter, size })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::tests::model;
    use crate::scope::compute;

    fn criteria(filter: &str, size: u32) -> Criteria {
        Criteria { name: "Servers".to_owned(), kind: ObjectKind::System, filter: filter.to_owned(), size }
    }

    fn servers(count: usize) -> Model {
        let systems: Vec<String> = (0..count)
            .map(|it| format!(r#"{{"id":"s{it:03}","environment":"{}"}}"#, if it % 2 == 0 { "prod" } else { "test" }))
            .collect();
        model(&format!(r#""systems":[{}]"#, systems.join(",")))
    }

    fn of_seal(model: &Model, criteria: Criteria, hash: &str) -> Result<Sample, NoSample> {
        let scope = compute(model);
        let basis = Basis { workspace: "shop", seal: SealKey(1), hash, model, scope: &scope };
        Sample::draw(criteria, basis, "qsa".into(), Timestamp(1))
    }

    fn draw(model: &Model, criteria: Criteria) -> Result<Sample, NoSample> {
        of_seal(model, criteria, "00")
    }

    #[test]
    fn the_same_seal_and_criteria_draw_the_same_sample_and_others_another_one() {
        let model = servers(100);
        let one = draw(&model, criteria("", 10)).unwrap();
        assert_eq!(draw(&model, criteria("", 10)).unwrap(), one);
        assert_eq!((one.population, one.picked.len(), one.seed.len()), (100, 10, 64));
        assert_ne!(of_seal(&model, criteria("", 10), "01").unwrap().picked, one.picked, "another seal");
        let renamed = Criteria { name: "Another name".to_owned(), ..criteria("", 10) };
        assert_eq!(draw(&model, renamed).unwrap().picked, one.picked, "the name is no criterion");
        assert_ne!(draw(&model, criteria("", 11)).unwrap().seed, one.seed);
    }

    /// The method as it is told in words, written a second time.
    #[test]
    fn the_places_are_the_hashes_that_the_words_say() {
        let one = draw(&servers(30), criteria("", 4)).unwrap();
        let hash = |text: String| hex::encode(Sha256::digest(text.as_bytes()));
        let seed = hash("plumbline-sample-v1\0shop\x0000\0system\0\x004\0".to_owned());
        assert_eq!(one.seed, seed);
        let mut all: Vec<(String, String)> =
            (0..30).map(|it| format!("s{it:03}")).map(|key| (hash(format!("{seed}\0system\0{key}\0")), key)).collect();
        all.sort();
        let mut first: Vec<String> = all.into_iter().take(4).map(|(_, key)| key).collect();
        first.sort();
        assert_eq!(one.picked.iter().map(|it| it.object.key()).collect::<Vec<_>>(), first);
    }

    #[test]
    fn only_what_passes_the_filter_is_picked() {
        let model = servers(20);
        let test = draw(&model, criteria("environment:test", 50)).unwrap();
        assert_eq!((test.population, test.picked.len()), (10, 10));
        assert_eq!(draw(&model, criteria("environment:dr", 5)), Err(NoSample::Empty));
        let settings = Criteria { kind: ObjectKind::Settings, ..criteria("", 5) };
        assert_eq!(draw(&model, settings), Err(NoSample::Kind));
    }

    #[test]
    fn people_are_drawn_without_teams() {
        let model = model(
            r#""people":[{"id":"lead","name":"Security lead"},{"id":"dev","name":"Developer"},{"id":"all","name":"All","kind":"team"}]"#,
        );
        let people = |filter| draw(&model, Criteria { kind: ObjectKind::Person, ..criteria(filter, 9) });
        assert_eq!(people("").unwrap().population, 2);
        assert_eq!(people("secur").unwrap().picked[0].title, "Security lead");
        assert_eq!(people("all"), Err(NoSample::Empty));
    }

    #[test]
    fn every_kind_has_a_list() {
        let listed = |it: &&ObjectKind| **it != ObjectKind::Person;
        assert!(KINDS.iter().filter(listed).all(|it| list_of(*it).is_some_and(|kind| kind.object == *it)));
        assert!(list_of(ObjectKind::Settings).is_none());
    }

    #[test]
    fn a_frozen_sample_gives_one_question_per_object() {
        let mut it = draw(&servers(5), criteria("", 3)).unwrap();
        assert_eq!(it.questions("Show its build record", None, None), Err(FieldCode::NotInThisState));
        it.freeze(&"qsa".into(), Timestamp(1)).unwrap();
        assert_eq!(it.freeze(&"qsa".into(), Timestamp(2)), Err(FieldCode::Frozen));
        let key = RequirementKey::pci("2.2.1");
        let questions = it.questions(" Show its build record ", key.as_ref(), Some(Day(1))).unwrap();
        let about: Vec<&ObjectRef> = questions.iter().filter_map(|it| it.object.as_ref()).collect();
        assert_eq!(about, it.picked.iter().map(|it| &it.object).collect::<Vec<_>>());
        assert!(questions.iter().all(|it| it.requirement == key && it.text == "Show its build record"));
        assert_eq!(it.questions("", None, None), Err(FieldCode::Missing));
        it.requests.push(RequestKey(1));
        assert_eq!(it.questions("Again", None, None), Err(FieldCode::NotInThisState), "each is asked once");
    }

    #[test]
    fn criteria_tell_what_is_wrong() {
        let form = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let read = criteria_from_form(&form(&[("name", "Servers"), ("filter", "environment:prod"), ("size", "5")]));
        assert_eq!(read, Ok(Criteria { filter: "environment:prod".to_owned(), ..criteria("", 5) }));
        let wrong = form(&[("name", ""), ("kind", "settings"), ("filter", "colour:red"), ("size", "201")]);
        let mut fields: Vec<String> = criteria_from_form(&wrong).unwrap_err().into_iter().map(|it| it.field).collect();
        fields.sort();
        assert_eq!(fields, ["kind", "name", "size"], "settings have no list whose words could be known");
        let wrong = form(&[("name", "x"), ("filter", "colour:red")]);
        assert_eq!(criteria_from_form(&wrong).unwrap_err()[0].field, "filter");
    }
}
