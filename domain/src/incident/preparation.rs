//! What is agreed before anything happens: who answers, and the table of whom to tell within how many hours.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::draft::JURISDICTION_MAX;
use super::duty::{Duties, Duty, Holder, Role, usual_duties};
use crate::id::PersonId;
use crate::model::Model;
use crate::model::draft::fields::{Fields, characters};
use crate::model::draft::{Form, NAME_MAX};
use crate::problem::{FieldCode, FieldError};
use crate::risk::draft::{CONTROL_MAX, ROWS_MAX};
use crate::time::Day;

/// The most hours that a duty may give: ten years. What takes longer is no notification.
pub const HOURS_MAX: u32 = 87_600;

/// Who answers for what, and whom to tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preparation {
    /// Who answers, and who stands in.
    pub roles: Duties,
    /// Whom to tell, by number.
    pub table: Vec<Duty>,
    /// The number that the next row of the table gets. Incidents name rows by their number, so none is used twice.
    pub next: u32,
}

/// Nobody is named, and the table is the one that comes with the product.
impl Default for Preparation {
    fn default() -> Self {
        let table = usual_duties();
        let next = table.iter().map(|duty| duty.number).max().unwrap_or(0).saturating_add(1);
        Self { roles: Duties::default(), table, next }
    }
}

/// A preparation as a form has it: which rows are confirmed is known, but not by whom and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drafted {
    /// What was typed. No row of it is confirmed.
    pub preparation: Preparation,
    /// The numbers of the rows that somebody confirms.
    pub confirmed: BTreeSet<u32>,
}

impl Drafted {
    /// The preparation that is stored. Who confirmed a row before stands where the row says the same as then; whoever
    /// changes a row and confirms it, confirms it today.
    #[must_use]
    pub fn resolve(self, before: &Preparation, by: &PersonId, today: Day) -> Preparation {
        let mut preparation = self.preparation;
        for duty in &mut preparation.table {
            if !self.confirmed.contains(&duty.number) {
                continue;
            }
            let was = before.table.iter().find(|it| it.number == duty.number);
            let same = was.is_some_and(|was| Duty { confirmed: None, ..was.clone() } == *duty);
            let stands = was.and_then(|it| it.confirmed.clone()).filter(|_| same);
            duty.confirmed = Some(stands.unwrap_or_else(|| (by.clone(), today)));
        }
        preparation
    }
}

/// The fields of a row of the table.
pub const ROW_FIELDS: [&str; 8] = ["number", "jurisdiction", "data", "hours", "whom", "basis", "by", "confirmed"];

/// Whether a name is a field of this form.
#[must_use]
pub fn is_field(name: &str) -> bool {
    match name.split_once('.') {
        Some(("person" | "deputy", role)) => role.parse::<Role>().is_ok(),
        Some(("duty", rest)) => rest
            .split_once('.')
            .is_some_and(|(number, field)| number.parse::<u32>().is_ok() && ROW_FIELDS.contains(&field)),
        _ => false,
    }
}

/// Reads the form: who answers, and the rows of the table. A row without somebody to tell is gone.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn preparation_from_form(form: &Form, existing: &Preparation, model: &Model) -> Result<Drafted, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let mut preparation = existing.clone();
    let known = |key: &str| model.people.contains_key(key);
    for role in Role::ALL.iter().copied() {
        let was = existing.roles.of(role).cloned().unwrap_or_default();
        let person: Option<PersonId> = fields.reference(&format!("person.{role}"), was.person, known);
        let deputy: Option<PersonId> = fields.reference(&format!("deputy.{role}"), was.deputy, known);
        if deputy.is_some() && deputy == person {
            fields.error(&format!("deputy.{role}"), FieldCode::AnswersForIt);
        }
        if person.is_some() || deputy.is_some() || existing.roles.of(role).is_some() {
            preparation.roles.set(role, Holder { person, deputy });
        }
    }
    let confirmed = table(&mut fields, &mut preparation);
    fields.finish(Drafted { preparation, confirmed })
}

fn table(fields: &mut Fields<'_>, preparation: &mut Preparation) -> BTreeSet<u32> {
    let rows = fields.rows("duty");
    let mut confirmed = BTreeSet::new();
    if rows.is_empty() {
        confirmed.extend(preparation.table.iter().filter(|it| it.confirmed.is_some()).map(|it| it.number));
        preparation.table.iter_mut().for_each(|it| it.confirmed = None);
        return confirmed;
    }
    if rows.len() > ROWS_MAX {
        fields.error("duty", FieldCode::TooLong(characters(ROWS_MAX)));
    }
    let mut table: Vec<Duty> = Vec::new();
    for (_, mut row) in rows {
        let number = row.count("number", None).and_then(|it| u32::try_from(it).ok());
        let known = number.and_then(|number| preparation.table.iter().find(|it| it.number == number));
        let whom = row.line("whom", NAME_MAX).unwrap_or_else(|| known.map(|it| it.whom.clone()).unwrap_or_default());
        if whom.is_empty() {
            fields.absorb(row);
            continue;
        }
        let mut duty = known.cloned().unwrap_or_else(|| {
            preparation.next = preparation.next.saturating_add(1);
            Duty { number: preparation.next - 1, confirmed: None, ..blank() }
        });
        if row.yes_or_no("confirmed", false) {
            confirmed.insert(duty.number);
        }
        duty.confirmed = None;
        duty.whom = whom;
        duty_row(&mut row, &mut duty);
        table.push(duty);
        fields.absorb(row);
    }
    table.sort_by_key(|it| it.number);
    table.dedup_by_key(|it| it.number);
    preparation.table = table;
    confirmed
}

fn duty_row(row: &mut Fields<'_>, duty: &mut Duty) {
    if let Some(jurisdiction) = row.line("jurisdiction", JURISDICTION_MAX) {
        if jurisdiction.contains(';') {
            row.error("jurisdiction", FieldCode::OneInEachRow);
        }
        duty.jurisdiction = jurisdiction;
    }
    duty.data = row.choice("data", duty.data);
    let posted = row.posted("hours").is_some();
    match row.count("hours", Some(duty.hours.into())).map(u32::try_from) {
        Some(Ok(hours)) if hours <= HOURS_MAX => duty.hours = hours,
        Some(_) => row.error("hours", FieldCode::NotANumber),
        None if posted => row.error("hours", FieldCode::Missing),
        None => {}
    }
    if let Some(basis) = row.line("basis", CONTROL_MAX) {
        duty.basis = basis;
    }
    duty.by = row.optional_choice("by", duty.by);
}

fn blank() -> Duty {
    Duty {
        number: 0,
        jurisdiction: String::new(),
        data: super::duty::DataClass::Card,
        hours: 24,
        whom: String::new(),
        basis: String::new(),
        by: None,
        confirmed: None,
    }
}

/// The preparation as the fields of its form. Reading them back changes nothing.
#[must_use]
pub fn preparation_to_form(preparation: &Preparation) -> Vec<(String, String)> {
    let mut form: Vec<(String, String)> = Vec::new();
    let key = |it: &Option<PersonId>| it.as_ref().map(ToString::to_string).unwrap_or_default();
    for (role, holder) in preparation.roles.iter() {
        form.push((format!("person.{role}"), key(&holder.person)));
        form.push((format!("deputy.{role}"), key(&holder.deputy)));
    }
    for (row, duty) in preparation.table.iter().enumerate() {
        let confirmed = if duty.confirmed.is_some() { "yes" } else { "no" };
        for (name, value) in [
            ("number", duty.number.to_string()),
            ("jurisdiction", duty.jurisdiction.clone()),
            ("data", duty.data.to_string()),
            ("hours", duty.hours.to_string()),
            ("whom", duty.whom.clone()),
            ("basis", duty.basis.clone()),
            ("by", duty.by.map(|it| it.to_string()).unwrap_or_default()),
            ("confirmed", confirmed.to_owned()),
        ] {
            form.push((format!("duty.{row}.{name}"), value));
        }
    }
    form
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::tests::model;

    fn read(form: &[(&str, &str)], existing: &Preparation) -> Result<Drafted, Vec<(String, FieldCode)>> {
        let form: Vec<(String, String)> =
            form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let model = model(r#""systems":[],"people":[{"id":"a","name":"A"},{"id":"b","name":"B"}]"#);
        preparation_from_form(&form, existing, &model)
            .map_err(|errors| errors.into_iter().map(|it| (it.field, it.code)).collect())
    }

    fn resolved(form: &[(&str, &str)], existing: &Preparation, by: &str, day: i32) -> Preparation {
        read(form, existing).unwrap().resolve(existing, &by.into(), Day(day))
    }

    #[test]
    fn what_is_saved_comes_back() {
        let mut before = Preparation::default();
        before.roles.set(Role::IncidentLead, Holder { person: Some("a".into()), deputy: Some("b".into()) });
        before.table[0].confirmed = Some(("a".into(), Day(3)));
        let form = preparation_to_form(&before);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert!(form.iter().all(|(name, _)| is_field(name)), "{form:?}");
        assert_eq!(resolved(&form, &before, "b", 9), before);
        assert_eq!(resolved(&[], &before, "b", 9), before);
    }

    #[test]
    fn a_row_that_says_something_else_is_confirmed_anew_and_a_number_is_never_used_twice() {
        let mut before = Preparation::default();
        before.table[0].confirmed = Some(("a".into(), Day(3)));
        let rows = [
            ("duty.0.number", "1"),
            ("duty.0.whom", "Acquirer"),
            ("duty.0.hours", "2"),
            ("duty.0.confirmed", "yes"),
            ("duty.1.number", "4"),
            ("duty.1.whom", ""),
            ("duty.2.whom", "Regulator"),
            ("duty.2.hours", "4"),
            ("duty.2.jurisdiction", "EU"),
        ];
        let after = resolved(&rows, &before, "b", 9);
        let numbers: Vec<u32> = after.table.iter().map(|it| it.number).collect();
        assert_eq!(numbers, [1, 5]);
        assert_eq!(after.table[0].confirmed, Some(("b".into(), Day(9))));
        assert_eq!((after.next, after.table[1].confirmed.clone()), (6, None));
        let gone = [("duty.0.number", "5"), ("duty.0.whom", ""), ("duty.1.whom", "Somebody"), ("duty.1.hours", "1")];
        assert_eq!(resolved(&gone, &after, "b", 9).table[0].number, 6);
    }

    #[test]
    fn a_deputy_is_somebody_else_and_hours_are_a_number() {
        let wrong = [
            ("person.executive_responsible", "a"),
            ("deputy.executive_responsible", "a"),
            ("person.incident_lead", "nobody"),
            ("duty.0.whom", "Acquirer"),
            ("duty.0.hours", "soon"),
        ];
        let errors = read(&wrong, &Preparation::default()).unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["deputy.executive_responsible", "person.incident_lead", "duty.0.hours"]);
    }
}
