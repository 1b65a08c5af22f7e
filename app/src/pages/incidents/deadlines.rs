//! Whom to tell of an incident until when, and who was told.

use domain::backend::incidents::{IncidentBook, IncidentHistory};
use domain::incident::Deadline;
use domain::incident::deadline::{DeadlineState, deadlines, left};
use domain::incident::draft::TEXT_MAX;
use domain::incident::duty::Role;
use domain::incident::step::proposed;
use domain::model::draft::{NAME_MAX, options};
use leptos::prelude::*;

use super::super::editor::one_of;
use super::super::request::{Place, Request};
use super::super::risks::person;
use super::detail::INSTANT;
use super::{counted, limit, step_form};
use crate::ui::field::{Input, field, hidden};
use crate::ui::table::{cell, small};

/// Every duty that the incident raises, with the form that says who was told.
pub(super) fn section(
    request: &Request,
    place: &Place,
    book: &IncidentBook,
    history: &IncidentHistory,
    edits: bool,
) -> AnyView {
    let all = deadlines(&history.incident, &book.preparation.value.table, book.now);
    let unsure = match (history.incident.data.is_empty(), history.incident.jurisdictions.is_empty()) {
        (true, true) => Some("Nobody says yet which data and where, so every duty counts."),
        (true, false) => Some("Nobody says yet which data, so duties about any data count."),
        (false, true) => Some("Nobody says yet where, so duties of every place count."),
        (false, false) => None,
    };
    let unsure =
        unsure.map(|words| view! { <p class="meta">{words}" What is unknown is not taken for not affected."</p> });
    let table = if all.is_empty() {
        view! { <p class="muted">"No duty of the table applies to this incident."</p> }.into_any()
    } else {
        rows_of(place, book, &all, history.incident.drill)
    };
    let others: Vec<_> = history
        .incident
        .told
        .iter()
        .filter(|told| !all.iter().any(|it| it.duty == told.duty && it.told.as_ref() == Some(*told)))
        .map(|told| {
            let by = person(place, &told.by);
            let more = if told.reference.is_empty() { String::new() } else { format!(", {}", told.reference) };
            view! { <li>{format!("{}: {} by ", told.at, told.whom)}{by}{more}</li> }
        })
        .collect();
    let heading = if history.incident.drill { "Who would have to be told" } else { "Who has to be told" };
    let others = (!others.is_empty()).then(|| view! { <h3>"Told as well"</h3><ul>{others}</ul> });
    view! {
        <section class="section" aria-labelledby="deadlines-heading">
            <header class="section-header"><h2 id="deadlines-heading">{heading}</h2></header>
            {unsure}
            {table}
            {others}
            {edits.then(|| form(request, place, book, history, &all))}
        </section>
    }
    .into_any()
}

/// The deadlines as a table, counted down to the present moment.
pub(super) fn rows_of(place: &Place, book: &IncidentBook, all: &[Deadline], drill: bool) -> AnyView {
    let rows = all.iter().map(|it| row(place, book, it, drill)).collect();
    let columns = ["Whom", "Where", "Rests on", "Told by", "Until", "Time left", "Told"];
    small("deadlines", counted(all.len(), "duty", "duties"), &columns, rows)
}

fn row(place: &Place, book: &IncidentBook, it: &Deadline, drill: bool) -> AnyView {
    // In an exercise nobody outside waits, so that nothing alarms.
    let tone = match it.state {
        DeadlineState::Late | DeadlineState::Open if drill => "info",
        DeadlineState::Late => "error",
        DeadlineState::Open | DeadlineState::ToldLate => "warn",
        DeadlineState::InTime => "ok",
    };
    let time = match it.state {
        DeadlineState::Late | DeadlineState::Open => left(it.due, book.now),
        DeadlineState::InTime | DeadlineState::ToldLate => it.state.label().to_owned(),
    };
    let told = it.told.as_ref().map(|told| {
        let more: Vec<String> =
            [&told.reference, &told.late_because].into_iter().filter(|it| !it.is_empty()).cloned().collect();
        view! {
            <span>
                {format!("{}, {} by ", told.whom, told.at)}
                {person(place, &told.by)}
                {(!more.is_empty()).then(|| view! { <span class="meta">{format!(" {}", more.join(". "))}</span> })}
            </span>
        }
    });
    let place_of = if it.jurisdiction.is_empty() { "Everywhere".to_owned() } else { it.jurisdiction.clone() };
    let unconfirmed = (!it.confirmed).then(|| view! { " "<span class="badge" data-tone="warn">"Not confirmed"</span> });
    view! {
        <tr>
            <th scope="row" data-label="Whom">{it.whom.clone()}{unconfirmed}</th>
            {cell("Where", place_of)}
            {cell("Rests on", it.basis.clone())}
            {cell("Told by", it.by.map(|role| teller(place, book, role)))}
            {cell("Until", view! { <time>{it.due.to_string()}</time> })}
            {cell("Time left", view! { <span class="badge" data-tone=tone>{time}</span> })}
            {cell("Told", told)}
        </tr>
    }
    .into_any()
}

/// Who of us tells them: the person where somebody is named, with who stands in.
fn teller(place: &Place, book: &IncidentBook, role: Role) -> AnyView {
    let holder = book.preparation.value.roles.of(role).cloned().unwrap_or_default();
    let name = match &holder.person {
        Some(id) => person(place, id),
        None => role.label().into_any(),
    };
    let deputy = holder.deputy.map(|id| view! { ", else "{person(place, &id)} });
    view! { <span>{name}{deputy}</span> }.into_any()
}

fn form(request: &Request, place: &Place, book: &IncidentBook, history: &IncidentHistory, all: &[Deadline]) -> AnyView {
    let open = all.iter().find(|it| it.told.is_none()).map(|it| it.duty.to_string()).unwrap_or_default();
    let form =
        step_form(request, "tell", || vec![("duty".to_owned(), open), ("told_at".to_owned(), proposed(book.now))]);
    let table = book.preparation.value.table.iter();
    let duties: Vec<(String, String)> = table
        .map(|it| {
            let place = if it.jurisdiction.is_empty() { String::new() } else { format!(", {}", it.jurisdiction) };
            (it.number.to_string(), format!("{}{place} ({})", it.whom, it.data.label().to_lowercase()))
        })
        .collect();
    let people = options::people(&place.estate.model);
    let line = Input { most: limit(NAME_MAX), ..Input::default() };
    let is_open = form.is_wrong();
    view! {
        <details open=is_open>
            <summary>"Write down who was told"</summary>
            <form class="form card" method="post" action=place.paths.incident(history.incident.key)>
                {hidden("rev", history.revision.to_string())}
                {hidden("step", "tell".to_owned())}
                <div class="field-row">
                    {field(&form, "duty", "Which duty").select(Some("Choose one"), &duties)}
                    {field(&form, "whom", "Whom exactly").input(line)}
                    {field(&form, "told_at", "When they were told").hint("In UTC.").input(INSTANT)}
                    {one_of(field(&form, "by", "Told by"), "I did", &people)}
                    {field(&form, "reference", "Where that is recorded").optional().input(line)}
                </div>
                {field(&form, "late_because", "Why it was late")
                    .hint("Needed where it came after its deadline.")
                    .optional()
                    .area_of(limit(TEXT_MAX))}
                <div class="button-row"><button class="button">"Save who was told"</button></div>
            </form>
        </details>
    }
    .into_any()
}
