//! Decisions of before that do not hold as they did, and the questions that were asked: each with what to do.

use domain::review::Carried;
use domain::review::session::Settlement;
use domain::risk::acceptance::State;
use leptos::prelude::*;

use super::super::findings::named;
use super::super::request::Place;
use super::super::risks::person;
use super::Seen;
use crate::ui::field::hidden;
use crate::ui::icon::icon;
use crate::ui::table::{cell, count, small};

/// The decisions that are to be made again.
pub(super) fn section(seen: &Seen) -> Option<AnyView> {
    let all = &seen.review.difference.carried;
    if all.is_empty() {
        return None;
    }
    let rows = all.iter().map(|it| row(seen, it)).collect();
    Some(
        view! {
            <section class="section" aria-labelledby="carried-heading">
                <header class="section-header"><h2 id="carried-heading">"Decisions carried over"</h2></header>
                {small("carried", count(all.len(), "decision"), &["What happened", "Where it stands", "What to do"], rows)}
            </section>
        }
        .into_any(),
    )
}

fn row(seen: &Seen, carried: &Carried) -> AnyView {
    let (place, key) = (&seen.place, carried.key());
    let settled = seen.review.session.settlement(carried);
    let stands = match settled {
        None => view! { <span class="badge" data-tone="warn">"Open"</span> }.into_any(),
        Some(Settlement::Stands(words)) => {
            view! { <span class="badge" data-tone="ok">"Stands"</span>" "{words.clone()} }.into_any()
        }
        Some(Settlement::Again(again)) => {
            view! { <span class="badge" data-tone="ok">"Asked again"</span>" "<span class="key">{again.to_string()}</span> }
                .into_any()
        }
    };
    let acts = (seen.is_open() && settled.is_none()).then(|| {
        view! {
            <div class="button-row">
                {decide(place, carried)}
                {noted(seen, carried)}
                <a
                    class="button quiet small"
                    href=seen.asking(&[("do", "settle"), ("carried", &key)])
                    aria-label=format!("It stands: {}", carried.sentence())
                >
                    "It stands"
                </a>
            </div>
        }
    });
    view! {
        <tr>
            <th scope="row" data-label="What happened">{carried.sentence()}</th>
            {cell("Where it stands", stands)}
            {cell("What to do", acts)}
        </tr>
    }
    .into_any()
}

/// Where it is decided again.
fn decide(place: &Place, carried: &Carried) -> Option<AnyView> {
    let link = |href: String, words: &'static str| view! { <a class="button small" href=href>{words}</a> }.into_any();
    match carried {
        Carried::RiskMoved { risk, .. } => Some(link(place.paths.risk(*risk), "Look at the risk")),
        Carried::AcceptanceEnded { risk: Some(risk), .. } => {
            Some(link(format!("{}/accept", place.paths.risk(*risk)), "Re-decide"))
        }
        Carried::AcceptanceEnded { risk: None, .. } => None,
        Carried::ProofExpired { object, .. } => Some(view! { <span>{named(place, object)}</span> }.into_any()),
    }
}

/// Says that it was asked for again, where it was, so that the review need not wait for the approval.
fn noted(seen: &Seen, carried: &Carried) -> Option<AnyView> {
    let Carried::AcceptanceEnded { risk: Some(risk), .. } = carried else { return None };
    let asked = seen.review.acceptances.iter().rev().find(|it| {
        it.acceptance.content.risk == Some(*risk) && matches!(it.standing.state, State::Proposed | State::InReview)
    })?;
    let key = asked.acceptance.key.to_string();
    Some(
        view! {
            <form method="post" action=seen.own()>
                {hidden("step", "settle".to_owned())}
                {hidden("carried", carried.key())}
                {hidden("again", key.clone())}
                <button class="button small">{icon("check")}{format!("Asked again as {key}")}</button>
            </form>
        }
        .into_any(),
    )
}

/// A hint in the form that leaves a decision standing: where it is made again instead.
pub(super) fn decided_again(seen: &Seen, carried: &Carried) -> Option<AnyView> {
    let link = decide(&seen.place, carried)?;
    Some(view! { <p class="meta">"Or decide again: "{link}</p> }.into_any())
}

/// The questions, the open ones first.
pub(super) fn questions(seen: &Seen) -> Option<AnyView> {
    let all = seen.review.session.questions();
    if all.is_empty() {
        return None;
    }
    let mut sorted: Vec<_> = all.iter().collect();
    sorted.sort_by_key(|it| it.answer.is_some());
    let rows = sorted
        .into_iter()
        .map(|it| {
            let item = seen.review.difference.items.get(&it.item).map(|item| item.name.clone());
            let answer = match &it.answer {
                Some((by, words)) => {
                    view! { {words.clone()}" "<span class="meta">{person(&seen.place, by)}</span> }.into_any()
                }
                None if seen.is_open() => {
                    let number = it.number.to_string();
                    let href = seen.asking(&[("do", "answer"), ("question", &number)]);
                    view! { <a class="button small" href=href>{format!("Answer question {number}")}</a> }.into_any()
                }
                None => "Not answered".into_any(),
            };
            view! {
                <tr>
                    <th scope="row" data-label="Question">{it.question.clone()}</th>
                    {cell("About", item.unwrap_or_else(|| it.item.key()))}
                    {cell("Asked by", person(&seen.place, &it.by))}
                    {cell("Whom", person(&seen.place, &it.whom))}
                    {cell("Answer", answer)}
                </tr>
            }
            .into_any()
        })
        .collect();
    Some(
        view! {
            <section class="section" aria-labelledby="questions-heading">
                <header class="section-header"><h2 id="questions-heading">"Questions"</h2></header>
                {small("questions", count(all.len(), "question"), &["Question", "About", "Asked by", "Whom", "Answer"], rows)}
            </section>
        }
        .into_any(),
    )
}
