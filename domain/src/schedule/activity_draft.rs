//! The form of a test or an exercise: what a person posts becomes an activity, or the list of everything that is wrong.
//!
//! As in the other forms a field that was not posted stays as it was, an empty one clears, and lists are posted whole.

use std::collections::BTreeSet;

use super::assurance::{Activity, ActivityKey, ActivityKind, Measured};
use crate::model::Model;
use crate::model::draft::fields::Fields;
use crate::model::draft::{Form, NAME_MAX};
use crate::model::object::ObjectRef;
use crate::problem::{FieldCode, FieldError};
use crate::risk::draft::actions::read_into;
use crate::risk::draft::links_into;
use crate::risk::draft::write::write_action;
use crate::risk::record::Link;
use crate::time::Day;

/// The fields of the form that stand alone; `link` repeats. Its rows are those of actions.
pub const ACTIVITY_FIELDS: [&str; 13] = [
    "kind",
    "link",
    "find",
    "perimeter",
    "tester",
    "independent",
    "planned",
    "done",
    "outcome",
    "report",
    "retest_of",
    "recovery_minutes",
    "lost_minutes",
];
/// The most objects that an activity or an analysis names.
const NAMED_MAX: usize = 500;

impl Activity {
    /// An activity that is planned for a day. Its key is given when it is kept.
    #[must_use]
    pub const fn new(planned: Day) -> Self {
        Self {
            key: ActivityKey(0),
            kind: ActivityKind::VulnerabilityScan,
            scope: BTreeSet::new(),
            perimeter: String::new(),
            tester: String::new(),
            independent: None,
            planned,
            done: None,
            outcome: None,
            report: None,
            open_points: Vec::new(),
            retest_of: None,
            measured: None,
            noted_by: None,
        }
    }
}

/// Reads the form of an activity, on this day. `is_activity` tells whether there is one that could be tested again.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn activity_from_form(
    form: &Form,
    existing: &Activity,
    model: &Model,
    is_activity: impl Fn(ActivityKey) -> bool,
    today: Day,
) -> Result<Activity, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let mut it = existing.clone();
    it.kind = fields.choice("kind", it.kind);
    objects_into(&mut fields, &mut it.scope, model);
    for (name, text) in [("perimeter", &mut it.perimeter), ("tester", &mut it.tester)] {
        if let Some(posted) = fields.line(name, NAME_MAX) {
            *text = posted;
        }
    }
    it.independent = fields.optional_yes_or_no("independent", it.independent);
    match fields.day("planned", Some(it.planned)) {
        Some(day) => it.planned = day,
        None if fields.posted("planned") == Some("") => fields.error("planned", FieldCode::Missing),
        None => {}
    }
    it.done = fields.day("done", it.done);
    if it.done.is_some_and(|day| day > today) {
        fields.error("done", FieldCode::InTheFuture);
    }
    it.outcome = fields.optional_choice("outcome", it.outcome);
    match (it.done, it.outcome) {
        (None, Some(_)) => fields.error("done", FieldCode::Missing),
        (Some(_), None) => fields.error("outcome", FieldCode::Missing),
        _ => {}
    }
    if let Some(report) = fields.line("report", NAME_MAX) {
        it.report = (!report.is_empty()).then_some(report);
    }
    retest(&mut fields, &mut it, is_activity);
    measured(&mut fields, &mut it);
    read_into(&mut fields, &mut it.open_points, model);
    fields.finish(it)
}

/// What is tested again stands, whether it is still there or not. Nothing tests itself again.
fn retest(fields: &mut Fields<'_>, it: &mut Activity, is_activity: impl Fn(ActivityKey) -> bool) {
    match fields.posted("retest_of") {
        None => {}
        Some("") => it.retest_of = None,
        Some(text) => match text.parse::<ActivityKey>() {
            Ok(key) if it.retest_of == Some(key) || (key != it.key && is_activity(key)) => it.retest_of = Some(key),
            _ => fields.error("retest_of", FieldCode::NoSuchObject),
        },
    }
}

fn measured(fields: &mut Fields<'_>, it: &mut Activity) {
    let recovery = fields.count("recovery_minutes", it.measured.map(|it| it.recovery_minutes));
    let lost_minutes = fields.count("lost_minutes", it.measured.and_then(|it| it.lost_minutes));
    it.measured = match (recovery, lost_minutes) {
        (Some(recovery_minutes), lost_minutes) => Some(Measured { recovery_minutes, lost_minutes }),
        (None, Some(_)) => {
            fields.error("recovery_minutes", FieldCode::Missing);
            None
        }
        (None, None) => None,
    };
    if it.measured.is_some() && it.done.is_none() {
        fields.error("done", FieldCode::Missing);
    }
}

/// The objects of the fields `link` and `find`: objects of the model and nothing else.
pub(crate) fn objects_into(fields: &mut Fields<'_>, existing: &mut BTreeSet<ObjectRef>, model: &Model) {
    let mut links: BTreeSet<Link> = existing.iter().cloned().map(Link::Object).collect();
    links_into(fields, &mut links, model, &|_| false);
    let mut objects = BTreeSet::new();
    for link in links {
        match link {
            Link::Object(object) => drop(objects.insert(object)),
            Link::Element(_) | Link::Finding(_) => fields.error("link", FieldCode::NoSuchObject),
        }
    }
    if objects.len() > NAMED_MAX {
        fields.error("link", FieldCode::TooMany);
    }
    *existing = objects;
}

/// The activity as the fields of its form. Reading them back changes nothing.
#[must_use]
pub fn activity_to_form(it: &Activity) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: &str| form.push((name.to_owned(), value.to_owned()));
    let number = |it: Option<u64>| it.map(|it| it.to_string()).unwrap_or_default();
    put("kind", it.kind.as_str());
    for object in &it.scope {
        put("link", &Link::Object(object.clone()).text());
    }
    put("perimeter", &it.perimeter);
    put("tester", &it.tester);
    put("independent", it.independent.map_or("", |yes| if yes { "yes" } else { "no" }));
    put("planned", &it.planned.to_string());
    put("done", &it.done.map(|it| it.to_string()).unwrap_or_default());
    put("outcome", it.outcome.map_or("", |it| it.as_str()));
    put("report", it.report.as_deref().unwrap_or_default());
    put("retest_of", &it.retest_of.map(|it| it.to_string()).unwrap_or_default());
    put("recovery_minutes", &number(it.measured.map(|it| it.recovery_minutes)));
    put("lost_minutes", &number(it.measured.and_then(|it| it.lost_minutes)));
    for (row, action) in it.open_points.iter().enumerate() {
        write_action(row, action, &mut put);
    }
    form
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;

    fn read(pairs: &[(&str, &str)], existing: &Activity) -> Result<Activity, Vec<(String, FieldCode)>> {
        let model = read_json(br#"{"systems":[{"id":"till"}],"people":[{"id":"lead"}]}"#).unwrap().0;
        let form: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let today = "2026-11-21".parse().unwrap();
        let told = |errors: Vec<FieldError>| errors.into_iter().map(|it| (it.field, it.code)).collect();
        activity_from_form(&form, existing, &model, |key| key == ActivityKey(1), today).map_err(told)
    }

    #[test]
    fn an_activity_comes_back_as_it_was() {
        let said = [
            ("kind", "failover"),
            ("link", "system:till"),
            ("perimeter", "From inside"),
            ("tester", "Platform team"),
            ("independent", "no"),
            ("planned", "2026-11-01"),
            ("done", "2026-11-02"),
            ("outcome", "partial"),
            ("report", "EV-1"),
            ("retest_of", "ACT-1"),
            ("recovery_minutes", "45"),
            ("action.0.what", "Write the address down"),
            ("action.0.who", "lead"),
        ];
        let it = read(&said, &Activity::new(Day(0))).unwrap();
        assert_eq!((it.scope.len(), it.open_points.len(), it.retest_of), (1, 1, Some(ActivityKey(1))));
        assert_eq!(it.measured, Some(Measured { recovery_minutes: 45, lost_minutes: None }));
        let back = activity_to_form(&it);
        let back: Vec<(&str, &str)> = back.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(read(&back, &it), Ok(it.clone()));
        assert_eq!(read(&[], &it), Ok(it));
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let wrong = [
            ("kind", "guess"),
            ("link", "element:pan"),
            ("done", "2026-12-01"),
            ("retest_of", "ACT-9"),
            ("lost_minutes", "3"),
        ];
        let fields: Vec<String> =
            read(&wrong, &Activity::new(Day(0))).unwrap_err().into_iter().map(|(field, _)| field).collect();
        for name in ["kind", "link", "done", "retest_of", "recovery_minutes", "outcome"] {
            assert!(fields.iter().any(|it| it == name), "{name}: {fields:?}");
        }
        let unfinished = read(&[("outcome", "passed")], &Activity::new(Day(0)));
        assert_eq!(unfinished, Err(vec![("done".to_owned(), FieldCode::Missing)]));
    }
}
