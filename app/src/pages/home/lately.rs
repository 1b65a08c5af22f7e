//! What goes on in the workspace: open incidents, what left or entered scope this week, which dates come next.

use domain::backend::calendar::Agenda;
use domain::backend::incidents::IncidentBook;
use domain::incident::deadline::{DeadlineState, deadlines, left};
use domain::incident::record::Phase;
use domain::scope::delta::CategoryChange;
use domain::scope::verdict::{Category, Sub};
use leptos::prelude::*;

use super::super::request::Place;
use crate::ui::icon::icon;
use crate::ui::scope::Shown;

/// How many days back Home tells of changes of scope.
pub(super) const DAYS: i64 = 7;

/// How many of each Home shows.
const FIRST: usize = 6;

/// So many days ahead Home tells of dates.
const AHEAD: i32 = 30;

/// The incidents that are open, each with whom to tell next.
pub(super) fn incidents(place: &Place, book: &IncidentBook) -> Option<AnyView> {
    let open: Vec<_> = book.incidents.values().rev().filter(|it| it.phase != Phase::Closed && !it.drill).collect();
    let rows: Vec<_> = open
        .iter()
        .take(FIRST)
        .map(|it| {
            let all = deadlines(it, &book.preparation.value.table, book.now);
            let next = all.into_iter().find(|it| matches!(it.state, DeadlineState::Late | DeadlineState::Open));
            let next = next.map(|it| {
                let tone = if it.state == DeadlineState::Late { "error" } else { "warn" };
                let words = format!("{}: {}", it.whom, left(it.due, book.now));
                view! { <span class="badge" data-tone=tone>{words}</span> }
            });
            view! {
                <li>
                    <a class="grow" href=place.paths.incident(it.key)>{it.title.clone()}</a>
                    {next}
                    <span class="meta">{it.phase.label()}</span>
                </li>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="open-incidents">
                <header class="card-header">
                    <h2 id="open-incidents">"Open incidents"</h2>
                    <a href=place.paths.page("incidents")>{format!("All {}", open.len())}</a>
                </header>
                <ul class="list-rows">{rows}</ul>
            </section>
        }
        .into_any()
    })
}

/// What comes due next, whoever answers for it; what is late is counted.
pub(super) fn coming(place: &Place, agenda: &Agenda) -> Option<AnyView> {
    let late = agenda.entries.iter().filter(|it| it.overdue).count();
    let until = agenda.today.plus_days(AHEAD);
    let rows: Vec<_> = agenda
        .entries
        .iter()
        .filter(|it| !it.overdue && it.day <= until)
        .take(FIRST)
        .map(|it| {
            view! {
                <li>
                    <time class="meta" datetime=it.day.to_string()>{it.day.to_string()}</time>
                    <a class="grow" href=place.paths.entry(it)>{it.title.clone()}</a>
                </li>
            }
        })
        .collect();
    let late =
        (late > 0).then(|| view! { <p><span class="badge" data-tone="error">{format!("{late} late")}</span></p> });
    (!rows.is_empty() || late.is_some()).then(|| {
        view! {
            <section class="card" aria-labelledby="coming">
                <header class="card-header">
                    <h2 id="coming">"Next dates"</h2>
                    <a href=place.paths.page("calendar")>"Calendar"</a>
                </header>
                {late}
                {(!rows.is_empty()).then(|| view! { <ul class="list-rows">{rows}</ul> })}
            </section>
        }
        .into_any()
    })
}

/// What changed category this week, the newest first.
pub(super) fn moves(place: &Place, moves: &[CategoryChange]) -> Option<AnyView> {
    let side = |side: Option<(Category, Option<Sub>)>| match side {
        Some((category, sub)) => Shown::category(category, sub).chip(),
        None => view! { <span class="muted">"not there"</span> }.into_any(),
    };
    let rows: Vec<_> = moves
        .iter()
        .rev()
        .take(FIRST)
        .map(|it| {
            let name = match place.estate.model.systems.get(&it.system) {
                Some(system) => {
                    view! { <a class="grow" href=place.paths.system(&system.id)>{system.name.clone()}</a> }.into_any()
                }
                None => view! { <span class="grow">{it.name.clone()}</span> }.into_any(),
            };
            view! {
                <li>
                    {name}
                    <span class="cluster">
                        {side(it.before)}
                        {icon("arrow-right")}
                        <span class="visually-hidden">" is now "</span>
                        {side(it.after)}
                    </span>
                </li>
            }
        })
        .collect();
    let more = moves.len().saturating_sub(FIRST);
    (!rows.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="moves">
                <header class="card-header"><h2 id="moves">"Scope, last 7 days"</h2></header>
                <ul class="list-rows">{rows}</ul>
                {(more > 0).then(|| view! { <p class="meta">{format!("And {more} more.")}</p> })}
            </section>
        }
        .into_any()
    })
}
