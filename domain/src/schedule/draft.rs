//! The form of a schedule: what a person posts becomes a schedule, or the list of everything that is wrong with it.

use std::collections::BTreeSet;

use super::analysis::AnalysisKey;
use super::cadence::Cadence;
use super::on_time::WARNING_DAYS;
use super::plan::{Because, Schedule, ScheduleKey, Subject, Topic};
use crate::model::Model;
use crate::model::draft::fields::Fields;
use crate::model::draft::{Form, NAME_MAX};
use crate::model::object::ObjectRef;
use crate::problem::{FieldCode, FieldError};
use crate::risk::record::Link;
use crate::time::Day;

/// The most announcements of one schedule.
pub const WARNINGS_MAX: usize = 10;
/// The earliest announcement, in days before.
pub const WARNING_MAX: u16 = 180;

/// The fields of the form. `reviewer` and `trigger` repeat.
pub const FIELDS: [&str; 11] =
    ["name", "subject", "cadence", "analysis", "first_due", "owner", "reviewer", "warnings", "trigger", "ended", "rev"];
/// Those of [`FIELDS`] that may repeat.
pub const REPEATED: [&str; 2] = ["reviewer", "trigger"];

impl Schedule {
    /// A schedule of which nothing is said yet, due for the first time on a day.
    #[must_use]
    pub fn new(key: ScheduleKey, first_due: Day) -> Self {
        Self {
            key,
            name: String::new(),
            subject: Subject::Topic(Topic::Systems),
            cadence: Topic::Systems.usual(false).0,
            because: Because::Decided,
            first_due,
            owner: None,
            reviewers: BTreeSet::new(),
            warnings: WARNING_DAYS.into(),
            triggers: BTreeSet::new(),
            ended: false,
        }
    }
}

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

/// Reads the form of a schedule: a new one, or one that exists with what the form changes. The frequency of an analysis
/// that it names is taken over where it is kept.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn schedule_from_form(
    form: &Form,
    existing: &Schedule,
    model: &Model,
    is_analysis: impl Fn(AnalysisKey) -> bool,
) -> Result<Schedule, Vec<FieldError>> {
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
        Some(Err(_)) => fields.error("cadence", FieldCode::NotACadence),
    }
    because(&mut fields, &mut it, is_analysis, model.settings.service_provider);
    match fields.day("first_due", Some(it.first_due)) {
        Some(day) => it.first_due = day,
        None if fields.posted("first_due") == Some("") => fields.error("first_due", FieldCode::Missing),
        None => {}
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

/// Why so often: an analysis that sets it, else a requirement that asks for exactly that, else somebody decided.
fn because(
    fields: &mut Fields<'_>,
    it: &mut Schedule,
    is_analysis: impl Fn(AnalysisKey) -> bool,
    service_provider: bool,
) {
    let named = match fields.posted("analysis") {
        None => match it.because {
            Because::Analysis(key) => Some(key),
            Because::Decided | Because::Requirement(_) => None,
        },
        Some("") => None,
        Some(text) => {
            let key = text.parse().ok().filter(|key| it.because == Because::Analysis(*key) || is_analysis(*key));
            if key.is_none() {
                fields.error("analysis", FieldCode::NoSuchObject);
            }
            key
        }
    };
    let asked = it.subject.requirement(service_provider).filter(|_| it.cadence == it.subject.usual(service_provider));
    it.because = match (named, asked) {
        (Some(key), _) => Because::Analysis(key),
        (None, Some(requirement)) => Because::Requirement(requirement.to_owned()),
        (None, None) => Because::Decided,
    };
}

/// The schedule as the fields of its form. Reading them back changes nothing.
#[must_use]
pub fn schedule_to_form(it: &Schedule) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: String| form.push((name.to_owned(), value));
    put("name", it.name.clone());
    put("subject", it.subject.text());
    put("cadence", it.cadence.to_string());
    put("analysis", if let Because::Analysis(key) = it.because { key.to_string() } else { String::new() });
    put("first_due", it.first_due.to_string());
    put("owner", it.owner.as_ref().map(ToString::to_string).unwrap_or_default());
    for person in &it.reviewers {
        put("reviewer", person.to_string());
    }
    let warnings: Vec<String> = it.warnings.iter().map(ToString::to_string).collect();
    put("warnings", warnings.join(", "));
    for kind in &it.triggers {
        put("trigger", kind.to_string());
    }
    put("ended", if it.ended { "yes" } else { "no" }.to_owned());
    form
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
    use crate::schedule::trigger::TriggerKind;

    fn empty() -> Schedule {
        Schedule::new(ScheduleKey(1), Day(20_500))
    }

    fn read(pairs: &[(&str, &str)]) -> Result<Schedule, Vec<FieldError>> {
        let model = read_json(br#"{"systems":[{"id":"till"}],"people":[{"id":"lead"}]}"#).unwrap().0;
        let form: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        schedule_from_form(&form, &empty(), &model, |key| key == AnalysisKey(3))
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
        assert_eq!((&it.triggers, &it.reviewers), (&[TriggerKind::ScopeRise].into(), &["lead".into()].into()));
        let model = read_json(br#"{"systems":[{"id":"till"}],"people":[{"id":"lead"}]}"#).unwrap().0;
        assert_eq!(schedule_from_form(&schedule_to_form(&it), &it, &model, |_| false), Ok(it.clone()));
        assert_eq!(schedule_from_form(&Vec::new(), &it, &model, |_| false), Ok(it));
    }

    #[test]
    fn why_so_often_is_an_analysis_a_requirement_or_a_decision() {
        let because = |analysis: &str, cadence: &str| {
            let form = [("name", "Scope"), ("subject", "topic:scope"), ("cadence", cadence), ("analysis", analysis)];
            read(&form).map(|it| it.because)
        };
        assert_eq!(because("", "12m"), Ok(Because::Requirement("12.5.2".to_owned())));
        assert_eq!(because("", "6m"), Ok(Because::Decided));
        assert_eq!(because("TRA-3", "6m"), Ok(Because::Analysis(AnalysisKey(3))));
        assert_eq!(because("TRA-4", "6m").unwrap_err()[0].code, FieldCode::NoSuchObject);
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
