//! The form of a schedule: what a person posts becomes a schedule, or the list of everything that is wrong with it.

use std::collections::BTreeSet;

use super::cadence::Cadence;
use super::plan::{Schedule, Subject};
use crate::model::Model;
use crate::model::draft::fields::Fields;
use crate::model::draft::{Form, NAME_MAX};
use crate::model::object::ObjectRef;
use crate::problem::{FieldCode, FieldError};
use crate::risk::record::Link;

/// The most announcements of one schedule.
pub const WARNINGS_MAX: usize = 10;
/// The earliest announcement, in days before.
pub const WARNING_MAX: u16 = 180;

/// The fields of the form. `reviewer` and `trigger` repeat.
pub const FIELDS: [&str; 10] =
    ["name", "subject", "cadence", "first_due", "owner", "reviewer", "warnings", "trigger", "ended", "rev"];

impl Subject {
    /// The subject as one text: `topic:systems`, `activity:failover`, or an object as `system:checkout`.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Topic(topic) => format!("topic:{topic}"),
            Self::Activity(kind) => format!("activity:{kind}"),
            Self::Object(object) => Link::Object(object.clone()).text(),
        }
    }

    /// What [`Self::text`] writes; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':')? {
            ("topic", topic) => topic.parse().ok().map(Self::Topic),
            ("activity", kind) => kind.parse().ok().map(Self::Activity),
            _ => match Link::parse(text)? {
                Link::Object(object) => Some(Self::Object(object)),
                Link::Element(_) | Link::Finding(_) => None,
            },
        }
    }
}

/// Reads the form of a schedule: a new one, or one that exists with what the form changes.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn schedule_from_form(form: &Form, existing: &Schedule, model: &Model) -> Result<Schedule, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let mut it = existing.clone();
    if let Some(name) = fields.line("name", NAME_MAX) {
        it.name = name;
    }
    if it.name.is_empty() {
        fields.error("name", FieldCode::Missing);
    }
    if let Some(text) = fields.posted("subject") {
        match Subject::parse(text) {
            Some(subject) if is_known(&subject, existing, model) => it.subject = subject,
            _ => fields.error("subject", FieldCode::NoSuchObject),
        }
    }
    match fields.posted("cadence").map(str::parse::<Cadence>) {
        None => {}
        Some(Ok(cadence)) => it.cadence = cadence,
        Some(Err(_)) => fields.error("cadence", FieldCode::NotInList),
    }
    if let Some(day) = fields.day("first_due", Some(it.first_due)) {
        it.first_due = day;
    } else {
        fields.error("first_due", FieldCode::Missing);
    }
    let known = |key: &str| model.people.contains_key(key);
    it.owner = fields.reference("owner", it.owner.take(), known);
    let before: Vec<_> = it.reviewers.iter().cloned().collect();
    it.reviewers = fields.keys("reviewer", &before, known).into_iter().collect();
    warnings(&mut fields, &mut it);
    let before: Vec<_> = it.triggers.iter().copied().collect();
    it.triggers = fields.several("trigger", &before).into_iter().collect();
    it.ended = fields.yes_or_no("ended", it.ended);
    fields.finish(it)
}

fn warnings(fields: &mut Fields<'_>, it: &mut Schedule) {
    let Some(text) = fields.posted("warnings") else { return };
    let numbers: Option<BTreeSet<u16>> = text
        .split([' ', ',', ';'])
        .filter(|word| !word.is_empty())
        .map(|word| word.parse().ok().filter(|days| (1..=WARNING_MAX).contains(days)))
        .collect();
    match numbers {
        Some(numbers) if numbers.len() <= WARNINGS_MAX => it.warnings = numbers.into_iter().rev().collect(),
        Some(_) => fields.error("warnings", FieldCode::TooMany),
        None => fields.error("warnings", FieldCode::NotANumber),
    }
}

/// What stood there before stands, whether the model still knows it or not.
fn is_known(subject: &Subject, existing: &Schedule, model: &Model) -> bool {
    match subject {
        Subject::Object(ObjectRef::Settings) => false,
        Subject::Object(object) => *subject == existing.subject || model.get(object).is_some(),
        Subject::Topic(_) | Subject::Activity(_) => true,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;
    use crate::schedule::plan::{Because, ScheduleKey, Topic};
    use crate::schedule::trigger::TriggerKind;
    use crate::time::Day;

    fn empty() -> Schedule {
        Schedule {
            key: ScheduleKey(1),
            name: String::new(),
            subject: Subject::Topic(Topic::Systems),
            cadence: Cadence::Months(3),
            because: Because::Decided,
            first_due: Day(20_500),
            owner: None,
            reviewers: BTreeSet::new(),
            warnings: vec![30, 14, 7],
            triggers: BTreeSet::new(),
            ended: false,
        }
    }

    fn read(pairs: &[(&str, &str)]) -> Result<Schedule, Vec<FieldError>> {
        let model = read_json(br#"{"systems":[{"id":"till"}],"people":[{"id":"lead"}]}"#).unwrap().0;
        let form: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        schedule_from_form(&form, &empty(), &model)
    }

    #[test]
    fn a_form_becomes_a_schedule() {
        let it = read(&[
            ("name", "Till"),
            ("subject", "system:till"),
            ("cadence", "quarterly 3 15"),
            ("first_due", "2026-12-15"),
            ("owner", "lead"),
            ("reviewer", "lead"),
            ("warnings", "7, 30"),
            ("trigger", "scope_rise"),
        ])
        .unwrap();
        assert_eq!(it.subject, Subject::Object(ObjectRef::System("till".into())));
        assert_eq!((it.warnings.as_slice(), it.cadence.to_string().as_str()), (&[30, 7][..], "quarterly 3 15"));
        assert_eq!((it.triggers, it.reviewers), ([TriggerKind::ScopeRise].into(), ["lead".into()].into()));
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let wrong = read(&[
            ("name", ""),
            ("subject", "system:nothing"),
            ("cadence", "often"),
            ("first_due", "soon"),
            ("owner", "nobody"),
            ("warnings", "0"),
        ]);
        let fields: Vec<String> = wrong.unwrap_err().into_iter().map(|it| it.field).collect();
        assert_eq!(fields, ["name", "subject", "cadence", "first_due", "owner", "warnings"]);
    }

    #[test]
    fn a_subject_survives_the_way_through_text() {
        for text in ["topic:scope", "activity:failover", "system:till", r#"link:["a","b"]"#] {
            assert_eq!(Subject::parse(text).unwrap().text(), text);
        }
        assert!(Subject::parse("element:pan").is_none() && Subject::parse("till").is_none());
    }
}
