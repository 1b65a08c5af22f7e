//! The reviews: those that are going on, what was sealed, and what they asked for.

use domain::backend::reviews::ReviewBook;
use domain::problem::Problem;
use domain::review::Session;
use domain::review::session::{LeadsTo, Phase, TickSaid};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::findings::named;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::person;
use super::{people, phase};
use crate::ui::header::{self, Header};
use crate::ui::notice::{Tone, empty_state, notice};
use crate::ui::table::{cell, count, small};

const LEDE: &str = "What changed since somebody last signed, looked at, signed, and sealed.";

/// The most tasks that are listed.
const TASKS: usize = 100;

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.reviews(&place.estate.workspace.id).await?;
    let takes_part = place.may(Capability::Review);
    let open = || header::action(place.paths.page("reviews/new"), "plus", "Open a review", true);
    let content = if book.reviews.is_empty() {
        let sentence =
            "The first one looks at every object once. From then on a review shows what differs since it was signed.";
        empty_state("reviews", "No reviews", sentence, takes_part.then(open))
    } else {
        // What goes on in a review is work: who sees only what was signed sees its seals.
        let work = place.works().then(|| view! { {going_on(&place, &book)}{tasks(&place, &book)} });
        let over = place.works().then(|| over(&place, &book));
        view! { {work}{seals(&place, &book)}{over} }.into_any()
    };
    let broken = book.broken.map(|key| {
        let words = format!("The chain of the seals is broken at {key}. ");
        notice(Tone::Error, view! { {words}<a href=place.paths.seal(key)>"What is wrong with it"</a> })
    });
    let body = view! {
        {Header::new("Reviews").lede(LEDE).actions(takes_part.then(open)).view()}
        {broken}
        {content}
    };
    Ok(Screen::inside(&place, Section::Reviews, "Reviews", body))
}

fn going_on(place: &Place, book: &ReviewBook) -> AnyView {
    let is_over = |it: &&Session| matches!(it.phase(), Phase::Sealed | Phase::Withdrawn);
    let mut all: Vec<&Session> = book.reviews.iter().filter(|it| !is_over(it)).collect();
    all.sort_by_key(|it| (it.opening().due, it.key));
    if all.is_empty() {
        return view! { <p class="muted">"No review is going on."</p> }.into_any();
    }
    let columns = ["Review", "About", "Due", "Signed", "Where it is", "Questions"];
    let rows = all.iter().map(|it| row(place, book, it)).collect();
    small("open-reviews", format!("{}, going on", count(all.len(), "review")), &columns, rows)
}

fn row(place: &Place, book: &ReviewBook, it: &Session) -> AnyView {
    let opening = it.opening();
    let late =
        (place.estate.today > opening.due).then(|| view! { " "<span class="badge" data-tone="error">"late"</span> });
    let mine = opening.signers.iter().any(|signer| Some(&signer.person) == book.me.as_ref())
        && !it.signatures().iter().any(|signed| Some(&signed.signer) == book.me.as_ref());
    let mine = mine.then(|| view! { " "<span class="badge" data-tone="info">"You sign"</span> });
    let whose = (!opening.cover.owners.is_empty())
        .then(|| view! { <span class="meta">"of "{people(place, opening.cover.owners.iter())}</span> });
    let asked = it.open_questions().count();
    view! {
        <tr>
            <th scope="row" data-label="Review">
                <a href=place.paths.review(it.key)>{opening.name.clone()}</a>
                " "
                <span class="key">{it.key.to_string()}</span>
            </th>
            {cell("About", view! { {opening.cover.kind.label()}" "{whose} })}
            {cell("Due", view! { {opening.due.to_string()}{late} })}
            {cell("Signed", view! { {format!("{} of {}", it.signatures().len(), opening.signers.len())}{mine} })}
            {cell("Where it is", phase(it.phase()))}
            {cell("Questions", (asked > 0).then(|| asked.to_string()))}
        </tr>
    }
    .into_any()
}

/// What reviews asked for, the first that is due first.
fn tasks(place: &Place, book: &ReviewBook) -> Option<AnyView> {
    let mut all = Vec::new();
    for it in book.reviews.iter().filter(|it| it.phase() != Phase::Withdrawn) {
        for (object, tick) in it.to_be_changed() {
            let TickSaid::NeedsChange { words, leads_to: LeadsTo::Task { who, due } } = &tick.said else { continue };
            all.push((*due, it.key, object, words, who));
        }
    }
    if all.is_empty() {
        return None;
    }
    all.sort();
    let rows = all
        .iter()
        .take(TASKS)
        .map(|(due, review, object, words, who)| {
            let late =
                (place.estate.today > *due).then(|| view! { " "<span class="badge" data-tone="warn">"due"</span> });
            view! {
                <tr>
                    <th scope="row" data-label="What">{(*words).clone()}</th>
                    {cell("About", named(place, object))}
                    {cell("Who", person(place, who))}
                    {cell("Due", view! { {due.to_string()}{late} })}
                    {cell("Review", view! { <a class="key" href=place.paths.review(*review)>{review.to_string()}</a> })}
                </tr>
            }
            .into_any()
        })
        .collect();
    Some(small(
        "asked-for",
        format!("{} asked for by reviews", count(all.len(), "change")),
        &["What", "About", "Who", "Due", "Review"],
        rows,
    ))
}

fn seals(place: &Place, book: &ReviewBook) -> Option<AnyView> {
    if book.seals.is_empty() {
        return None;
    }
    let rows = book
        .seals
        .iter()
        .rev()
        .map(|(key, seal, sealed)| {
            let name = seal.as_ref().map(|it| it.name.clone()).unwrap_or_default();
            let at = seal.as_ref().map(|it| it.sealed_at.to_string());
            let about = seal.as_ref().map(|it| it.kind.label());
            let hash: String = sealed.hash.chars().take(16).collect();
            let replaced = book.seals.iter().any(|(_, it, _)| it.as_ref().and_then(|it| it.supersedes) == Some(*key));
            let replaced = replaced.then(|| view! { " "<span class="badge" data-tone="warn">"Replaced"</span> });
            view! {
                <tr>
                    <th scope="row" data-label="Seal">
                        <a href=place.paths.seal(*key)>{format!("{key} {name}")}</a>
                        {replaced}
                    </th>
                    {cell("About", about)}
                    {cell("Sealed", at)}
                    {cell("Hash", view! { <span class="key">{format!("{hash}\u{2026}")}</span> })}
                </tr>
            }
            .into_any()
        })
        .collect();
    Some(small("seals", count(book.seals.len(), "seal"), &["Seal", "About", "Sealed", "Hash"], rows))
}

/// The reviews that are over, folded.
fn over(place: &Place, book: &ReviewBook) -> Option<AnyView> {
    let is_over = |it: &&Session| matches!(it.phase(), Phase::Sealed | Phase::Withdrawn);
    let all: Vec<&Session> = book.reviews.iter().rev().filter(is_over).collect();
    if all.is_empty() {
        return None;
    }
    let rows = all
        .iter()
        .map(|it| {
            view! {
                <tr>
                    <th scope="row" data-label="Review">
                        <a href=place.paths.review(it.key)>{format!("{} {}", it.key, it.opening().name)}</a>
                    </th>
                    {cell("About", it.opening().cover.kind.label())}
                    {cell("Where it is", phase(it.phase()))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let table = small("over", count(all.len(), "review"), &["Review", "About", "Where it is"], rows);
    Some(view! { <details><summary>{format!("Over: {}", all.len())}</summary>{table}</details> }.into_any())
}
