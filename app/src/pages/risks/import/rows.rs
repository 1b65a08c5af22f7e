//! The rows of a register: those that are rejected, with where, what and remedy, and what the others become.

use domain::backend::risks::RiskRegister;
use domain::import::Rejection;
use domain::risk::change::changes;
use domain::risk::sheet::{DryRun, Imported, Outcome, Table};
use leptos::prelude::*;

use super::super::super::request::Place;
use super::super::level_chip;
use crate::ui::table::{cell, classed, count};

/// How many rows each table lists; what lies beyond is counted.
const LISTED: usize = 200;

/// Longest value that is shown, in characters.
const LENGTH: usize = 80;

/// The rows that cannot be read.
pub(super) fn rejected(table: &Table, run: &DryRun) -> Option<AnyView> {
    if run.rejections.is_empty() {
        return None;
    }
    let rows: Vec<_> = run.rejections.iter().take(LISTED).map(|it| rejection(table, it)).collect();
    let caption = listed(rows.len(), run.rejections.len(), "problem");
    let columns = ["Row", "Column", "Value", "What is wrong", "What to do"];
    Some(
        view! {
            <section class="section" aria-labelledby="rejected">
                <h2 id="rejected">"Rejected"</h2>
                {classed("rejected-table", caption, "table import-table", &columns, rows)}
            </section>
        }
        .into_any(),
    )
}

fn rejection(table: &Table, it: &Rejection) -> AnyView {
    let value = it.line.and_then(|line| table.cell(line, &it.field)).unwrap_or_default();
    let mut short: String = value.chars().take(LENGTH).collect();
    if value.chars().count() > LENGTH {
        short.push('…');
    }
    view! {
        <tr data-state="rejected">
            <td class="line" data-label="Row">{it.line.map(|line| line.to_string())}</td>
            {cell("Column", it.field.clone())}
            {cell("Value", short)}
            {cell("What is wrong", sentence(&it.reason))}
            {cell("What to do", sentence(&it.remedy))}
        </tr>
    }
    .into_any()
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}

/// What the rows become: changed ones first, as there is most to look at.
pub(super) fn rows(place: &Place, run: &DryRun, risks: &RiskRegister) -> Option<AnyView> {
    if run.rows.is_empty() {
        return None;
    }
    let of = |outcome: Outcome| run.rows.iter().filter(move |row| row.outcome == outcome);
    let ordered = of(Outcome::Changed).chain(of(Outcome::New)).chain(of(Outcome::Unchanged));
    let rows: Vec<_> = ordered.take(LISTED).map(|it| row(place, it, risks)).collect();
    let caption = listed(rows.len(), run.rows.len(), "risk");
    let columns = ["Row", "State", "Risk", "Level", "What changes", "How it is read"];
    Some(
        view! {
            <section class="section" aria-labelledby="changes">
                <h2 id="changes">"What would change"</h2>
                {classed("change-table", caption, "table import-table", &columns, rows)}
            </section>
        }
        .into_any(),
    )
}

fn listed(shown: usize, all: usize, thing: &str) -> String {
    let all_of_them = count(all, thing);
    if shown == all { all_of_them } else { format!("The first {shown} of {all_of_them}") }
}

fn row(place: &Place, it: &Imported, risks: &RiskRegister) -> AnyView {
    let (state, words) = match it.outcome {
        Outcome::New => ("new", "New"),
        Outcome::Changed => ("changed", "Changed"),
        Outcome::Unchanged => ("unchanged", "Unchanged"),
    };
    let scheme = risks.register.scheme;
    let risk = &it.risk;
    let name = match it.outcome {
        Outcome::New => view! { <span>{risk.title.clone()}</span> }.into_any(),
        _ => view! { <a href=place.paths.risk(risk.key)>{risk.title.clone()}</a> }.into_any(),
    };
    let level = match risk.level(scheme) {
        Some(level) => level_chip(scheme, level),
        None => view! { <span class="muted">"Not rated"</span> }.into_any(),
    };
    let notes: Vec<_> = it.notes.iter().map(|note| view! { <li>{note.clone()}</li> }).collect();
    view! {
        <tr data-state=state>
            <td class="line" data-label="Row">{it.line.to_string()}</td>
            {cell("State", words)}
            {cell("Risk", view! { {name}" "<span class="key">{risk.key.to_string()}</span> })}
            {cell("Level", level)}
            {cell("What changes", (it.outcome == Outcome::Changed).then(|| changed(it, risks)))}
            {cell("How it is read", (!notes.is_empty()).then(|| view! { <ul>{notes}</ul> }))}
        </tr>
    }
    .into_any()
}

fn changed(it: &Imported, risks: &RiskRegister) -> AnyView {
    let before = risks.risks.get(&it.risk.key);
    let changes = before.map(|before| changes(before, &it.risk)).unwrap_or_default();
    let items: Vec<_> = changes
        .into_iter()
        .map(|change| {
            let name = change.field.replace('_', " ");
            let was = (!change.was.is_empty()).then(|| view! { <del>{change.was.join(", ")}</del>" " });
            let is = (!change.is.is_empty()).then(|| view! { <ins>{change.is.join(", ")}</ins> });
            view! { <li data-change="changed"><span>{name}": "{was}{is}</span></li> }
        })
        .collect();
    view! { <ul class="diff-list">{items}</ul> }.into_any()
}
