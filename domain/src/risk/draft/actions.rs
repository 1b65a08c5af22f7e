//! The actions of a form: rows that keep their number, whatever their place.

use super::{Around, ROWS_MAX, SENTENCE_MAX};
use crate::id::PersonId;
use crate::model::Model;
use crate::model::draft::fields::{Fields, characters};
use crate::problem::FieldCode;
use crate::risk::action::{Action, Money, PersonDays, TICKET_MAX, Ticket, Waiting, waiting};
use crate::risk::record::Risk;

/// Reads the rows. One without words is gone.
pub(super) fn read(fields: &mut Fields<'_>, risk: &mut Risk, around: Around<'_>) {
    read_into(fields, &mut risk.actions, around.model);
}

/// As [`read`], of whatever has actions.
pub(crate) fn read_into(fields: &mut Fields<'_>, existing: &mut Vec<Action>, model: &Model) {
    let rows = fields.rows("action");
    if rows.is_empty() {
        return;
    }
    if rows.len() > ROWS_MAX {
        fields.error("action", FieldCode::TooLong(characters(ROWS_MAX)));
    }
    let mut next = existing.iter().map(|it| it.number).max().unwrap_or(0).saturating_add(1);
    let mut actions: Vec<Action> = Vec::new();
    let mut rows_of: Vec<(u32, usize)> = Vec::new();
    for (row_number, mut row) in rows {
        let number = row.count("number", None).and_then(|it| u32::try_from(it).ok());
        let known = number.and_then(|number| existing.iter().find(|it| it.number == number));
        let what =
            row.line("what", SENTENCE_MAX).unwrap_or_else(|| known.map(|it| it.what.clone()).unwrap_or_default());
        if what.is_empty() {
            fields.absorb(row);
            continue;
        }
        let mut action = known.cloned().unwrap_or_else(|| {
            next = next.saturating_add(1);
            Action::new(next - 1, String::new())
        });
        action.what = what;
        action_row(&mut row, &mut action, model);
        rows_of.push((action.number, row_number));
        actions.push(action);
        fields.absorb(row);
    }
    actions.sort_by_key(|it| it.number);
    actions.dedup_by_key(|it| it.number);
    for (number, row) in rows_of {
        let field = format!("action.{row}.after");
        let Some(action) = actions.iter().find(|it| it.number == number) else { continue };
        if action.after.iter().any(|it| !actions.iter().any(|other| other.number == *it)) {
            fields.error(&field, FieldCode::NoSuchObject);
        } else if matches!(waiting(&actions, number), Waiting::Forever(_)) {
            fields.error(&field, FieldCode::WaitsForItself);
        }
    }
    *existing = actions;
}

fn action_row(row: &mut Fields<'_>, action: &mut Action, model: &Model) {
    let known = |key: &str| model.people.contains_key(key);
    action.who = row.reference::<PersonId>("who", action.who.take(), known);
    action.due = row.day("due", action.due);
    action.state = row.choice("state", action.state);
    action.effort =
        parsed(row, "effort", action.effort, FieldCode::NotPersonDays, |text| text.parse::<PersonDays>().ok());
    action.money = parsed(row, "money", action.money, FieldCode::NotMoney, |text| text.parse::<Money>().ok());
    action.ticket = parsed(row, "ticket", action.ticket.take(), FieldCode::NotATicket, Ticket::parse);
    if let Some(option) = row.line("option", TICKET_MAX) {
        action.option = (!option.is_empty()).then_some(option);
    }
    if let Some(text) = row.posted("after") {
        let numbers = text.split([',', ';', ' ']).map(str::trim).filter(|it| !it.is_empty());
        let numbers: Vec<Option<u32>> = numbers.map(|it| it.parse().ok()).collect();
        if numbers.contains(&None) {
            row.error("after", FieldCode::NotANumber);
        }
        action.after = numbers.into_iter().flatten().collect();
    }
}

fn parsed<T>(
    fields: &mut Fields<'_>,
    name: &str,
    as_it_was: Option<T>,
    code: FieldCode,
    parse: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    match fields.posted(name) {
        None => as_it_was,
        Some("") => None,
        Some(text) => {
            let value = parse(text);
            if value.is_none() {
                fields.error(name, code);
            }
            value
        }
    }
}
