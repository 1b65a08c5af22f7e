//! Rows of elements in forms: on a system (`holding.<n>.`) and on a flow (`field.<n>.`).

use super::fields::{Fields, check_line};
use super::options::is_own_element;
use super::{MASK_MAX, POPULATION_MAX, facts};
use crate::id::{DomainId, ElementId, PopulationId};
use crate::model::Model;
use crate::model::catalogue;
use crate::model::element::{Form, Holding, Op};
use crate::model::object::ObjectKind;
use crate::model::ops::Ops;
use crate::problem::FieldCode;

/// A group of rows: what it is called in the form, whose facts its rows have, what is done by default.
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) kind: ObjectKind,
    pub(super) op: Op,
}

/// The elements of a system.
pub(super) const HOLDINGS: Group = Group { name: "holding", kind: ObjectKind::Holding, op: Op::Process };
/// The elements of a flow.
pub(super) const FLOW_FIELDS: Group = Group { name: "field", kind: ObjectKind::FlowField, op: Op::Transmit };

/// The rows of the form as holdings. What a row does not show stays as it was on the same element.
pub(super) fn read(fields: &mut Fields<'_>, group: &Group, as_they_were: &[Holding], model: &Model) -> Vec<Holding> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for (number, mut row) in fields.rows(group.name) {
        if row.posted("element").is_some_and(|element| !element.is_empty()) {
            let (element, form) = element_and_form(&mut row, number, as_they_were, model);
            rows.push(Row { number, fields: row, element, form });
        }
    }
    let origins = origins(&rows, as_they_were);
    let mut holdings = Vec::with_capacity(rows.len());
    for (mut row, origin) in rows.into_iter().zip(origins) {
        holdings.push(holding(&mut row, origin, group, model));
        fields.absorb(row.fields);
    }
    holdings
}

/// The holdings as form fields, everything that [`read`] reads.
pub(super) fn write(group: &Group, holdings: &[Holding], form: &mut Vec<(String, String)>) {
    for (number, holding) in holdings.iter().enumerate() {
        let prefix = format!("{}.{number}.", group.name);
        let mut put = |name: &str, value: String| form.push((format!("{prefix}{name}"), value));
        let text = |value: Option<&dyn ToString>| value.map(ToString::to_string).unwrap_or_default();
        put("element", holding.element.to_string());
        put("form", holding.form.to_string());
        // What is done with a field, how many are kept of it and of whom, is said of systems; a flow sends it.
        if group.kind == ObjectKind::Holding {
            for op in holding.ops.iter() {
                put("ops", op.to_string());
            }
            put("records", text(holding.records.as_ref().map(|it| it as _)));
            put("population", text(holding.population.as_ref().map(|it| it as _)));
        }
        put("key", text(holding.key.as_ref().map(|it| it as _)));
        put("domain", text(holding.domain.as_ref().map(|it| it as _)));
        put("alg", text(holding.alg.as_ref().map(|it| it as _)));
        put("mask", holding.mask.clone().unwrap_or_default());
        put("live", if holding.live { "yes" } else { "no" }.to_owned());
        put("phase", holding.phase.to_string());
        facts::write(group.kind, &prefix, &holding.facts, form);
    }
}

/// A row that names an element.
struct Row<'a> {
    number: usize,
    fields: Fields<'a>,
    element: ElementId,
    form: Form,
}

/// The element and its form, after aliases are replaced. An element that the catalogue does not list is accepted
/// where it is one of the workspace's own, or stood before.
fn element_and_form(row: &mut Fields<'_>, number: usize, as_they_were: &[Holding], model: &Model) -> (ElementId, Form) {
    let named = row.posted("element").unwrap_or_default();
    let before = as_they_were.get(number).filter(|holding| holding.element.as_str() == named);
    let form = row.optional_choice("form", before.map(|holding| holding.form));
    let stood = as_they_were.iter().any(|holding| holding.element.as_str() == named);
    if catalogue::element(named).is_none() && !stood && !is_own_element(model, named) {
        row.error("element", FieldCode::NotInList);
    }
    let (element, form) = catalogue::normalise(named, form);
    (ElementId::new(element), form)
}

/// Which holding each row continues: the one with its number where element and form are the same, else
/// another one with the same element and form, else the one with its number where the element is the same.
fn origins<'a>(rows: &[Row<'_>], as_they_were: &'a [Holding]) -> Vec<Option<&'a Holding>> {
    let mut free: Vec<Option<&Holding>> = as_they_were.iter().map(Some).collect();
    let mut origins: Vec<Option<&Holding>> = vec![None; rows.len()];
    let same_element = |row: &Row<'_>, holding: &Holding| holding.element == row.element;
    let same = |row: &Row<'_>, holding: &Holding| same_element(row, holding) && holding.form == row.form;
    for pass in 0..3 {
        for (row, origin) in rows.iter().zip(&mut origins).filter(|(_, origin)| origin.is_none()) {
            *origin = match pass {
                0 => free.get_mut(row.number).and_then(|slot| slot.take_if(|it| same(row, it))),
                1 => free.iter_mut().find_map(|slot| slot.take_if(|it| same(row, it))),
                _ => free.get_mut(row.number).and_then(|slot| slot.take_if(|it| same_element(row, it))),
            };
        }
    }
    origins
}

fn holding(row: &mut Row<'_>, origin: Option<&Holding>, group: &Group, model: &Model) -> Holding {
    let mut holding = match origin {
        Some(before) if before.form == row.form => before.clone(),
        // Key, token domain, algorithm and mask belong to the form that the element had.
        Some(before) => Holding { form: row.form, key: None, domain: None, alg: None, mask: None, ..before.clone() },
        None => Holding::new(row.element.clone(), row.form, &[group.op]),
    };
    let fields = &mut row.fields;
    if let Some(ops) = ops(fields) {
        holding.ops = ops;
    }
    holding.records = fields.count("records", holding.records);
    holding.key = fields.reference("key", holding.key, |key| model.keys.contains_key(key));
    // A token domain needs no record: the tokens of another organisation have none.
    if let Some(domain) = fields.key("domain") {
        holding.domain = domain.map(DomainId::new);
    }
    holding.alg = fields.optional_choice("alg", holding.alg);
    holding.mask = mask(fields, holding.mask);
    holding.live = fields.yes_or_no("live", holding.live);
    holding.phase = fields.choice("phase", holding.phase);
    if let Some(population) = fields.line("population", POPULATION_MAX) {
        holding.population = (!population.is_empty()).then(|| PopulationId::new(population));
    }
    holding.facts = facts::read(fields, group.kind, &holding.facts, model);
    holding
}

/// What is done with the element; `None` where nothing is ticked, which says nothing.
fn ops(fields: &mut Fields<'_>) -> Option<Ops> {
    let words: Vec<&str> = fields.all("ops").into_iter().map(str::trim).filter(|word| !word.is_empty()).collect();
    let ops: Ops = words.iter().filter_map(|word| word.parse().ok()).collect();
    if words.iter().any(|word| word.parse::<Op>().is_err()) {
        fields.error("ops", FieldCode::NotInList);
    }
    (!ops.is_empty()).then_some(ops)
}

/// A mask as positions: digits become `d`, the usual signs for a removed digit `*`; blanks and dashes go.
fn mask(fields: &mut Fields<'_>, as_it_was: Option<String>) -> Option<String> {
    let Some(text) = fields.posted("mask") else { return as_it_was };
    if text.is_empty() || as_it_was.as_deref() == Some(text) {
        return as_it_was.filter(|_| !text.is_empty());
    }
    let positions: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-'))
        .map(|c| match c {
            'x' | 'X' | '#' | '\u{2022}' | '\u{b7}' => '*',
            'D' => 'd',
            digit if digit.is_numeric() => 'd',
            other => other,
        })
        .collect();
    if let Err(code) = check_line(&positions, MASK_MAX) {
        fields.error("mask", code);
    } else if positions.chars().any(|c| c != 'd' && c != '*') {
        fields.error("mask", FieldCode::NotAMask);
    }
    Some(positions)
}
