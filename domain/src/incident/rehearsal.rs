//! The forms of playbooks and of the exercises in which they are tried.

use std::collections::BTreeSet;

use super::draft::{TEXT_MAX, listed};
use super::playbook::{Drill, PlannedStep, Playbook, Trigger};
use crate::id::PersonId;
use crate::model::Model;
use crate::model::draft::fields::{Fields, characters};
use crate::model::draft::{Form, NAME_MAX};
use crate::problem::{FieldCode, FieldError};
use crate::risk::draft::{CONTROL_MAX, ROWS_MAX};
use crate::time::Day;

/// The fields of the form of a playbook that stand alone; `applies_to` repeats.
pub const PLAYBOOK_FIELDS: [&str; 3] = ["title", "applies_to", "contacts"];
/// The fields of a step of it.
pub const STEP_ROW_FIELDS: [&str; 3] = ["what", "who", "minutes"];
/// The fields of the form of an exercise; `took_part` repeats.
pub const DRILL_FIELDS: [&str; 6] = ["playbook", "planned", "done", "took_part", "result", "found"];

impl Playbook {
    /// A playbook of which nothing is said. Its number is given when it is kept.
    #[must_use]
    pub const fn new() -> Self {
        Self { number: 0, title: String::new(), applies_to: BTreeSet::new(), steps: Vec::new(), contacts: Vec::new() }
    }
}

impl Default for Playbook {
    fn default() -> Self {
        Self::new()
    }
}

impl Drill {
    /// An exercise of a playbook that is planned for a day.
    #[must_use]
    pub const fn new(playbook: u32, planned: Day) -> Self {
        Self { number: 0, playbook, planned, done: None, took_part: BTreeSet::new(), result: None, found: Vec::new() }
    }
}

/// Reads the form of a playbook.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn playbook_from_form(form: &Form, existing: &Playbook) -> Result<Playbook, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let mut playbook = existing.clone();
    if let Some(title) = fields.line("title", NAME_MAX) {
        playbook.title = title;
    }
    if playbook.title.is_empty() {
        fields.error("title", FieldCode::Missing);
    }
    let was: Vec<Trigger> = playbook.applies_to.iter().copied().collect();
    playbook.applies_to = fields.several("applies_to", &was).into_iter().collect();
    playbook.contacts = listed(&mut fields, "contacts", CONTROL_MAX, &existing.contacts);
    let rows = fields.rows("step");
    if rows.len() > ROWS_MAX {
        fields.error("step", FieldCode::TooLong(characters(ROWS_MAX)));
    }
    if !rows.is_empty() {
        playbook.steps = Vec::new();
    }
    for (_, mut row) in rows {
        let what = row.line("what", TEXT_MAX).unwrap_or_default();
        let who = row.optional_choice("who", None);
        let minutes = row.count("minutes", None).map(u32::try_from);
        if matches!(minutes, Some(Err(_))) {
            row.error("minutes", FieldCode::NotANumber);
        }
        // A row without words is an empty row of the page.
        if !what.is_empty() {
            playbook.steps.push(PlannedStep { what, who, minutes: minutes.and_then(Result::ok) });
        }
        fields.absorb(row);
    }
    fields.finish(playbook)
}

/// The playbook as the fields of its form. Reading them back changes nothing.
#[must_use]
pub fn playbook_to_form(playbook: &Playbook) -> Vec<(String, String)> {
    let mut form = vec![("title".to_owned(), playbook.title.clone())];
    form.extend(playbook.applies_to.iter().map(|it| ("applies_to".to_owned(), it.to_string())));
    for (row, step) in playbook.steps.iter().enumerate() {
        form.push((format!("step.{row}.what"), step.what.clone()));
        form.push((format!("step.{row}.who"), step.who.map(|it| it.to_string()).unwrap_or_default()));
        form.push((format!("step.{row}.minutes"), step.minutes.map(|it| it.to_string()).unwrap_or_default()));
    }
    form.push(("contacts".to_owned(), playbook.contacts.join("\n")));
    form
}

/// Reads the form of an exercise, on this day.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn drill_from_form(
    form: &Form,
    existing: &Drill,
    model: &Model,
    is_playbook: impl Fn(u32) -> bool,
    today: Day,
) -> Result<Drill, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let mut drill = existing.clone();
    let number = (drill.playbook > 0).then_some(u64::from(drill.playbook));
    match fields.count("playbook", number).map(u32::try_from) {
        Some(Ok(number)) if number == existing.playbook || is_playbook(number) => drill.playbook = number,
        Some(_) => fields.error("playbook", FieldCode::NoSuchObject),
        None => fields.error("playbook", FieldCode::Missing),
    }
    match fields.day("planned", Some(drill.planned)) {
        Some(day) => drill.planned = day,
        None if fields.posted("planned") == Some("") => fields.error("planned", FieldCode::Missing),
        None => {}
    }
    drill.done = fields.day("done", drill.done);
    if drill.done.is_some_and(|day| day > today) {
        fields.error("done", FieldCode::InTheFuture);
    }
    let was: Vec<PersonId> = drill.took_part.iter().cloned().collect();
    drill.took_part = fields.keys("took_part", &was, |key| model.people.contains_key(key)).into_iter().collect();
    drill.result = fields.optional_choice("result", drill.result);
    match (drill.done, drill.result) {
        (None, Some(_)) => fields.error("done", FieldCode::Missing),
        (Some(_), None) => fields.error("result", FieldCode::Missing),
        _ => {}
    }
    drill.found = listed(&mut fields, "found", CONTROL_MAX, &existing.found);
    fields.finish(drill)
}

/// The exercise as the fields of its form. Reading them back changes nothing.
#[must_use]
pub fn drill_to_form(drill: &Drill) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: String| form.push((name.to_owned(), value));
    put("playbook", if drill.playbook > 0 { drill.playbook.to_string() } else { String::new() });
    put("planned", drill.planned.to_string());
    put("done", drill.done.map(|it| it.to_string()).unwrap_or_default());
    for person in &drill.took_part {
        put("took_part", person.to_string());
    }
    put("result", drill.result.map(|it| it.to_string()).unwrap_or_default());
    put("found", drill.found.join("\n"));
    form
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::tests::model;
    use crate::incident::duty::Role;

    fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_playbook_comes_back_and_a_step_without_words_is_gone() {
        let said = form(&[
            ("title", "A key is known"),
            ("applies_to", ""),
            ("applies_to", "credential"),
            ("step.0.what", "Rotate it"),
            ("step.0.who", "incident_lead"),
            ("step.0.minutes", "30"),
            ("step.1.what", ""),
            ("contacts", "On call: see the board\r\n\r\nAcquirer: the hotline"),
        ]);
        let playbook = playbook_from_form(&said, &Playbook::new()).unwrap();
        assert_eq!((playbook.steps.len(), playbook.contacts.len()), (1, 2));
        assert_eq!((playbook.steps[0].who, playbook.steps[0].minutes), (Some(Role::IncidentLead), Some(30)));
        assert_eq!(playbook_from_form(&playbook_to_form(&playbook), &playbook), Ok(playbook.clone()));
        assert_eq!(playbook_from_form(&Vec::new(), &playbook), Ok(playbook));
        let wrong = form(&[("title", ""), ("step.0.what", "x"), ("step.0.minutes", "soon")]);
        assert_eq!(playbook_from_form(&wrong, &Playbook::new()).unwrap_err().len(), 2);
    }

    #[test]
    fn what_was_done_has_a_result_and_lies_behind_us() {
        let model = model(r#""systems":[],"people":[{"id":"a","name":"A"}]"#);
        let today: Day = "2026-11-22".parse().unwrap();
        let read = |pairs: &[(&str, &str)], existing: &Drill| {
            drill_from_form(&form(pairs), existing, &model, |number| number == 1, today)
        };
        let drill = Drill::new(0, today);
        let done = [
            ("playbook", "1"),
            ("planned", "2026-11-20"),
            ("done", "2026-11-21"),
            ("took_part", "a"),
            ("result", "partly"),
            ("found", "Nobody had the number of the acquirer"),
        ];
        let after = read(&done, &drill).unwrap();
        assert_eq!(after.found.len(), 1);
        let back = drill_to_form(&after);
        assert_eq!(drill_from_form(&back, &after, &model, |_| false, today), Ok(after.clone()));
        let codes = |pairs: &[(&str, &str)]| -> Vec<(String, FieldCode)> {
            read(pairs, &drill).unwrap_err().into_iter().map(|it| (it.field, it.code)).collect()
        };
        assert_eq!(codes(&[("playbook", "2")]), [("playbook".to_owned(), FieldCode::NoSuchObject)]);
        assert_eq!(codes(&[("playbook", "1"), ("result", "passed")]), [("done".to_owned(), FieldCode::Missing)]);
        let ahead = [("playbook", "1"), ("done", "2026-12-01"), ("result", "passed")];
        assert_eq!(codes(&ahead), [("done".to_owned(), FieldCode::InTheFuture)]);
    }
}
