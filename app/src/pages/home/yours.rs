//! What the person who looks has in hand: what concerns them, and the systems that they answer for.

use domain::backend::calendar::Told;
use domain::findings::said;
use domain::id::PersonId;
use domain::notice::NoticeKind;
use leptos::prelude::*;

use super::super::request::Place;
use crate::ui::scope::Shown;

/// How many notices Home shows.
const FIRST: usize = 6;

/// How many systems Home shows.
const SYSTEMS: usize = 12;

/// What concerns the person, what is late first.
pub(super) fn notices(place: &Place, told: &[Told]) -> Option<AnyView> {
    let rows: Vec<_> = told
        .iter()
        .take(FIRST)
        .map(|it| {
            let tone = match it.notice.kind {
                NoticeKind::Late => "error",
                NoticeKind::Deadline | NoticeKind::Decision => "warn",
                NoticeKind::Mention | NoticeKind::Soon => "info",
            };
            view! {
                <li>
                    <span class="badge" data-tone=tone>{it.notice.kind.label()}</span>
                    <a class="grow" href=place.paths.notice(&it.notice)>{it.notice.title.clone()}</a>
                    {it.notice.day.map(|day| view! { <time class="meta" datetime=day.to_string()>{day.to_string()}</time> })}
                </li>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="yours">
                <header class="card-header">
                    <h2 id="yours">"For you"</h2>
                    <a href=place.paths.page("notices")>{format!("All {}", told.len())}</a>
                </header>
                <ul class="list-rows">{rows}</ul>
            </section>
        }
        .into_any()
    })
}

/// The systems that the person or their deputy answers for, with what the scope says of each.
pub(super) fn systems(place: &Place, me: &PersonId) -> Option<AnyView> {
    let theirs = |facts| ["owner", "deputy"].into_iter().any(|fact| said::text(facts, fact) == Some(me.as_str()));
    let all: Vec<_> = place.estate.model.systems.values().filter(|it| theirs(&it.facts)).collect();
    let rows: Vec<_> = all
        .iter()
        .take(SYSTEMS)
        .map(|it| {
            let shown = Shown::of(it, place.estate.scope.systems.get(&it.id));
            view! { <li><a class="grow" href=place.paths.system(&it.id)>{it.name.clone()}</a>{shown.chip()}</li> }
        })
        .collect();
    let more = all.len().saturating_sub(SYSTEMS);
    (!rows.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="my-systems">
                <header class="card-header"><h2 id="my-systems">"Your systems"</h2></header>
                <ul class="list-rows">{rows}</ul>
                {(more > 0).then(|| view! { <p class="meta">{format!("And {more} more.")}</p> })}
            </section>
        }
        .into_any()
    })
}
