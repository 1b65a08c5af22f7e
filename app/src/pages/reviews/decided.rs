//! What was signed, what no longer counts, and everything that happened in a review.

use domain::review::session::{Event, Part, Phase, Signature};
use leptos::prelude::*;

use super::super::request::Place;
use super::super::risks::person;
use super::{Seen, people};
use crate::ui::table::{cell, count, small};

/// Who signs, who has, and what was signed before and counts no longer.
pub(super) fn signatures(seen: &Seen) -> AnyView {
    let session = &seen.review.session;
    let rows = session
        .opening()
        .signers
        .iter()
        .map(|signer| {
            let signed = session.signatures().iter().find(|it| it.signer == signer.person);
            let when = match signed {
                Some(it) => view! { {it.at.to_string()}<br/><span class="meta">{it.method.clone()}</span> }.into_any(),
                None => "Not yet".into_any(),
            };
            view! {
                <tr>
                    <th scope="row" data-label="Who">{person(&seen.place, &signer.person)}</th>
                    {cell("As", signer.role.clone())}
                    {cell("Does", signer.part.label())}
                    {cell("Signed", when)}
                </tr>
            }
            .into_any()
        })
        .collect();
    let superseded: Vec<_> = session
        .superseded()
        .iter()
        .map(|(it, reason)| {
            view! { <li>{person(&seen.place, &it.signer)}{format!(", {}: {reason}", it.at)}</li> }
        })
        .collect();
    let superseded = (!superseded.is_empty()).then(|| {
        view! {
            <details>
                <summary>{format!("Signatures that count no longer: {}", superseded.len())}</summary>
                <ul class="list-rows">{superseded}</ul>
            </details>
        }
    });
    let last = (session.needs_second_person() && session.phase() != Phase::Sealed).then(|| {
        let approves = session.opening().signers.iter().filter(|it| it.part == Part::Approves).map(|it| &it.person);
        view! { <p class="meta">"Signs last, and decides nothing here: "{people(&seen.place, approves)}</p> }
    });
    view! {
        <section class="section" aria-labelledby="signers-heading">
            <header class="section-header"><h2 id="signers-heading">"Who signs"</h2></header>
            <blockquote>{session.opening().statement.clone()}</blockquote>
            {small("signers", count(session.opening().signers.len(), "signature"), &["Who", "As", "Does", "Signed"], rows)}
            {last}
            {superseded}
        </section>
    }
    .into_any()
}

/// Everything that happened, the newest last.
pub(super) fn history(seen: &Seen) -> AnyView {
    let all = &seen.review.session.history;
    let items: Vec<_> = all.iter().map(|event| view! { <li>{event_view(&seen.place, event)}</li> }).collect();
    view! {
        <details>
            <summary>{format!("What happened: {}", all.len())}</summary>
            <ol class="stack">{items}</ol>
        </details>
    }
    .into_any()
}

/// One signature in a sentence.
pub(super) fn signature(place: &Place, it: &Signature) -> AnyView {
    let comment = (!it.comment.is_empty()).then(|| view! { <p>{it.comment.clone()}</p> });
    view! {
        {person(place, &it.signer)}
        {format!(", {}, {} on {} with {}", it.role, it.part.label().to_lowercase(), it.at, it.method)}
        {comment}
    }
    .into_any()
}

fn event_view(place: &Place, event: &Event) -> AnyView {
    let (at, who, words) = match event {
        Event::Opened { by, at, .. } => (at, Some(by), "opened it".to_owned()),
        Event::Ticked { by, at, items } => (at, Some(by), format!("looked at {}", count(items.len(), "item"))),
        Event::Unticked { by, at, item } => (at, Some(by), format!("takes another look at {}", item.key())),
        Event::FellOff { at, items } => {
            let keys: Vec<String> = items.iter().map(|it| it.item.key()).collect();
            (at, None, format!("Changed after they were ticked: {}", keys.join(", ")))
        }
        Event::Voided { at } => (at, None, "Something changed, so that the signatures count no longer".to_owned()),
        Event::Asked { by, at, question, .. } => (at, Some(by), format!("asked: {question}")),
        Event::Answered { by, at, words, .. } => (at, Some(by), format!("answered: {words}")),
        Event::Settled { by, at, carried, .. } => (at, Some(by), format!("decided about {carried}")),
        Event::ElementAnswered { by, at, element, .. } => (at, Some(by), format!("answered: {}", element.label())),
        Event::Signed { signature } => (&signature.at, Some(&signature.signer), "signed".to_owned()),
        Event::Refused { by, at, reason, .. } => (at, Some(by), format!("refused to sign: {reason}")),
        Event::RefusalAnswered { by, at, words } => (at, Some(by), format!("answered the refusal: {words}")),
        Event::Sealed { at, seal, .. } => (at, None, format!("Sealed as {seal}")),
        Event::Superseded { by, at, reason, .. } => (at, Some(by), format!("superseded a signature: {reason}")),
        Event::Withdrawn { by, at, reason } => (at, Some(by), format!("withdrew it: {reason}")),
    };
    let at = at.to_string();
    let who = who.map(|it| view! { {person(place, it)}" " });
    view! { <time class="meta" datetime=at.clone()>{at.clone()}</time>" "{who}{words} }.into_any()
}
