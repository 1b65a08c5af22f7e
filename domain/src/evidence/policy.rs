//! Policy documents: which version holds, who answers for it, who approved it, and when somebody looks at it next.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::draft::{Around, requirements_into};
use crate::id::PersonId;
use crate::library::reference::{EvidenceKey, RequirementKey};
use crate::model::draft::fields::Fields;
use crate::model::draft::{Form, NAME_MAX};
use crate::problem::{FieldCode, FieldError};
use crate::risk::acceptance::months_later;
use crate::schedule::plan::numbered_key;
use crate::text::text_enum;
use crate::time::Day;

/// The longest name of a version, in characters.
pub const VERSION_MAX: usize = 60;
/// So many days before a look is due it is told of.
pub const SOON_DAYS: i32 = 30;
/// The fields of the form; `requirement` repeats.
pub const FIELDS: [&str; 7] = ["title", "version", "owner", "document", "requirement", "next_review", "rev"];

numbered_key! {
    /// The key of a policy, written `POL-3`.
    PolicyKey, "POL-", NoPolicyKey
}

text_enum! {
    /// Where a policy stands on a day, what needs somebody first.
    State {
        NotApproved = "not_approved": "Not approved",
        Late = "late": "Review is late",
        Soon = "soon": "Review is due soon",
        InForce = "in_force": "In force",
    }
}

/// A policy document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The key.
    pub key: PolicyKey,
    /// What people call it.
    pub title: String,
    /// Which version it is.
    pub version: String,
    /// Who answers for it.
    pub owner: Option<PersonId>,
    /// The evidence item that is the document.
    pub document: Option<EvidenceKey>,
    /// The requirements that it answers.
    pub requirements: BTreeSet<RequirementKey>,
    /// Who approved this version, and when.
    pub approved: Option<(PersonId, Day)>,
    /// When somebody looks at it next; a year after the approval where nobody said.
    pub next_review: Option<Day>,
}

impl Policy {
    /// A policy of which nothing is said. Its key is given when it is kept.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            key: PolicyKey(0),
            title: String::new(),
            version: String::new(),
            owner: None,
            document: None,
            requirements: BTreeSet::new(),
            approved: None,
            next_review: None,
        }
    }

    /// Approves this version. Who answers for it may: management approves, and often is the same person.
    ///
    /// # Errors
    /// `Missing` where no document is named, so that nobody approves nothing.
    pub fn approve(&mut self, by: &PersonId, on: Day) -> Result<(), FieldCode> {
        if self.document.is_none() {
            return Err(FieldCode::Missing);
        }
        self.approved = Some((by.clone(), on));
        if self.next_review.is_none_or(|it| it <= on) {
            self.next_review = Some(months_later(on, 12));
        }
        Ok(())
    }

    /// The day on which somebody looks at it next; `None` as long as nobody approved it.
    #[must_use]
    pub fn review_due(&self) -> Option<Day> {
        let (_, on) = self.approved.as_ref()?;
        Some(self.next_review.unwrap_or_else(|| months_later(*on, 12)))
    }

    /// Where it stands on a day.
    #[must_use]
    pub fn state(&self, today: Day) -> State {
        match self.review_due() {
            None => State::NotApproved,
            Some(due) if due < today => State::Late,
            Some(due) if due <= today.plus_days(SOON_DAYS) => State::Soon,
            Some(_) => State::InForce,
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::new()
    }
}

/// Reads the form of a policy. Another version or document takes the approval back, because it was given to something else.
/// `is_item` tells whether there is such an evidence item.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn policy_from_form(
    form: &Form,
    existing: &Policy,
    around: Around<'_>,
    is_item: impl Fn(EvidenceKey) -> bool,
) -> Result<Policy, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let mut it = existing.clone();
    for (name, most, text) in [("title", NAME_MAX, &mut it.title), ("version", VERSION_MAX, &mut it.version)] {
        if let Some(posted) = fields.line(name, most) {
            *text = posted;
        }
        if text.is_empty() {
            fields.error(name, FieldCode::Missing);
        }
    }
    it.owner = fields.reference("owner", it.owner.take(), |key| around.model.people.contains_key(key));
    if it.owner.is_none() {
        fields.error("owner", FieldCode::Missing);
    }
    match fields.posted("document") {
        None => {}
        Some("") => it.document = None,
        Some(text) => match text.parse::<EvidenceKey>() {
            Ok(key) if it.document == Some(key) || is_item(key) => it.document = Some(key),
            _ => fields.error("document", FieldCode::NoSuchObject),
        },
    }
    requirements_into(&mut fields, "requirement", &mut it.requirements, around.is_requirement);
    it.next_review = fields.day("next_review", it.next_review);
    if (&it.version, it.document) != (&existing.version, existing.document) {
        it.approved = None;
    }
    fields.finish(it)
}

/// The policy as the fields of its form. Reading them back changes nothing.
#[must_use]
pub fn policy_to_form(it: &Policy) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: String| form.push((name.to_owned(), value));
    put("title", it.title.clone());
    put("version", it.version.clone());
    put("owner", it.owner.as_ref().map(ToString::to_string).unwrap_or_default());
    put("document", it.document.map(|it| it.to_string()).unwrap_or_default());
    for key in &it.requirements {
        put("requirement", key.to_string());
    }
    put("next_review", it.next_review.map(|it| it.to_string()).unwrap_or_default());
    form
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::evidence::item::tests::day;
    use crate::model::reader::read_json;
    use crate::time::Timestamp;

    fn read(pairs: &[(&str, &str)], existing: &Policy) -> Result<Policy, Vec<String>> {
        let model = read_json(br#"{"people":[{"id":"lead"}]}"#).unwrap().0;
        let form: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let around = Around {
            model: &model,
            is_requirement: &|_| true,
            is_review: &|_| false,
            today: day("2026-11-21"),
            now: Timestamp(0),
        };
        let read = policy_from_form(&form, existing, around, |key| key == EvidenceKey(1));
        read.map_err(|errors| errors.into_iter().map(|it| it.field).collect())
    }

    const WHOLE: [(&str, &str); 5] = [
        ("title", "Information security policy"),
        ("version", "3.1"),
        ("owner", "lead"),
        ("document", "EV-0001"),
        ("requirement", "12.1.1;12.1.2"),
    ];

    #[test]
    fn a_policy_is_approved_and_looked_at_every_year() {
        let mut it = read(&WHOLE, &Policy::new()).unwrap();
        assert_eq!(it.state(day("2026-01-01")), State::NotApproved);
        it.approve(&"head".into(), day("2026-01-10")).unwrap();
        assert_eq!(it.state(day("2026-01-10")), State::InForce);
        assert_eq!(it.state(day("2026-12-20")), State::Soon);
        assert_eq!(it.state(day("2027-01-11")), State::Late);
        assert_eq!(Policy::new().approve(&"head".into(), day("2026-01-10")), Err(FieldCode::Missing));
    }

    #[test]
    fn it_comes_back_as_it_was_and_another_version_is_approved_again() {
        let mut it = read(&WHOLE, &Policy::new()).unwrap();
        it.approve(&"head".into(), day("2026-01-10")).unwrap();
        let form = policy_to_form(&it);
        let back: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(read(&back, &it), Ok(it.clone()));
        assert_eq!(read(&[("version", "3.2")], &it).unwrap().approved, None);
        assert!(read(&[("title", "Another title")], &it).unwrap().approved.is_some());
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let wrong = [("title", ""), ("owner", "nobody"), ("document", "EV-0002"), ("next_review", "soon")];
        let mut fields = read(&wrong, &Policy::new()).unwrap_err();
        fields.sort();
        assert_eq!(fields, ["document", "next_review", "owner", "title", "version"]);
    }
}
