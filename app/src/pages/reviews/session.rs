//! The session: what is unchanged at once, what changed one by one, what was decided before, and what blocks a signature.

use domain::problem::Problem;
use domain::review::draft::{ONE_BY_ONE, unattested};
use domain::review::session::{Phase, TickState};
use domain::review::{Item, ReviewKind};
use leptos::prelude::*;

use super::super::editor::not_done;
use super::super::frame::{Screen, Section};
use super::super::request::Request;
use super::super::risks::person;
use super::super::scope::elements::{self, Asked};
use super::panel::{panel, shows_errors};
use super::{Seen, carried, counted, decided, gates, item, meeting, people, phase};
use crate::ui::field::hidden;
use crate::ui::form::FormState;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, small};

/// The most items of a table.
const MOST: usize = 300;

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let seen = Seen::of(&request).await?;
    if let Some(number) = request.query("item").and_then(|it| it.parse::<usize>().ok())
        && seen.is_going_on()
    {
        return Ok(meeting::page(&request, seen, number));
    }
    let title = seen.review.session.opening().name.clone();
    let trouble = (!shows_errors(&request, &seen)).then(|| not_done(&request));
    let body = view! {
        {head(&seen).view()}
        {trouble}
        {progress(&seen)}
        {panel(&request, &seen)}
        {over(&seen)}
        {refused(&seen)}
        {fell_off(&seen)}
        {unchanged(&seen)}
        {changed(&seen)}
        {of_kind(&request, &seen).await?}
        {carried::section(&seen)}
        {carried::questions(&seen)}
        {gates::section(&seen, false)}
        {decided::signatures(&seen)}
        {decided::history(&seen)}
        {withdraw(&seen)}
    };
    let place = seen.place;
    Ok(Screen::inside(&place, Section::Reviews, title, body))
}

/// What only one kind of review has: the answers to the elements of requirement 12.5.2, where the scope is confirmed.
async fn of_kind(request: &Request, seen: &Seen) -> Result<Option<AnyView>, Problem> {
    let session = &seen.review.session;
    match session.opening().cover.kind {
        ReviewKind::Scope => {}
        ReviewKind::Integrations | ReviewKind::Access | ReviewKind::Vendors | ReviewKind::Credentials => {
            return Ok(None);
        }
    }
    let kept = request.backend()?.entity(&seen.place.estate.workspace.id).await?;
    let said = kept.prefilled(&seen.place.estate, seen.review.beside());
    let form = if answers_element(request) { request.form(Vec::new) } else { FormState::default() };
    let asked = Asked { action: format!("{}/elements", seen.own()), typed: form };
    // Of a review that is over every answer stands as it was signed.
    let counts = |element| !seen.is_going_on() || session.is_answered(element, &seen.review.difference);
    Ok(Some(elements::part(&seen.place, &said, session.elements(), &counts, seen.is_open().then_some(&asked))))
}

/// Whether the form that the page answers is that of an element, which tells beside its fields what is wrong.
fn answers_element(request: &Request) -> bool {
    let form = request.submitted.as_ref().map(|it| it.form.as_slice()).unwrap_or_default();
    form.iter().any(|(name, _)| name == "element")
}

fn head(seen: &Seen) -> Header {
    let (place, session) = (&seen.place, &seen.review.session);
    let opening = session.opening();
    let own = seen.own();
    let meet = (seen.is_open() && !seen.review.difference.items.is_empty())
        .then(|| header::action(seen.asking(&[("item", "1")]), "users", "One by one", false));
    let sign = seen.takes_part().then(|| header::action(format!("{own}/sign"), "edit", "Sign review", true));
    let whose = (!opening.cover.owners.is_empty())
        .then(|| view! { <span>"of "{people(place, opening.cover.owners.iter())}</span> });
    let late = seen.is_going_on() && place.estate.today > opening.due;
    let late = late.then(|| view! { " "<span class="badge" data-tone="error">"late"</span> });
    Header::new(opening.name.clone())
        .below(place.paths.page("reviews"), "Reviews")
        .lede(opening.cover.kind.label())
        .meta(view! {
            {phase(session.phase())}
            {whose}
            <span>"due "{opening.due.to_string()}{late}</span>
            <span>"signed by "{people(place, opening.signers.iter().map(|it| &it.person))}</span>
            <span class="key">{session.key.to_string()}</span>
        })
        .actions(view! { {meet}{sign} })
}

/// How far it is, in words and as a bar.
pub(super) fn progress(seen: &Seen) -> Option<AnyView> {
    if !seen.is_going_on() {
        return None;
    }
    let it = seen.review.session.progress(&seen.review.difference);
    let words = format!(
        "{}: {} unchanged, {} changed. {} of {} looked at, {} of {} signed.",
        counted(seen.review.session.opening().cover.kind, it.items),
        it.unchanged,
        it.items - it.unchanged,
        it.done,
        it.items,
        it.signed,
        it.signers,
    );
    let (value, max) = (it.done.to_string(), it.items.max(1).to_string());
    Some(
        view! {
            <div class="review-progress">
                <p id="progress">{words}</p>
                <progress value=value max=max aria-labelledby="progress"></progress>
            </div>
        }
        .into_any(),
    )
}

/// Where a review that is over went.
fn over(seen: &Seen) -> Option<AnyView> {
    let session = &seen.review.session;
    match (session.phase(), session.seals().last()) {
        (Phase::Sealed, Some(seal)) => {
            let link = view! { <a href=seen.place.paths.seal(*seal)>{seal.to_string()}</a> };
            Some(notice(
                Tone::Ok,
                view! { "It is sealed as "{link}". What was signed, and whether it is still so, stands there." },
            ))
        }
        (Phase::Withdrawn, None) => Some(notice(Tone::Info, "This review was given up. Nothing of it was sealed.")),
        (Phase::Withdrawn, Some(seal)) => {
            let link = view! { <a href=seen.place.paths.seal(*seal)>{seal.to_string()}</a> };
            Some(notice(
                Tone::Info,
                view! { "This review was opened again after "{link}" and given up. The seal stays readable, and nothing starts from it." },
            ))
        }
        _ => None,
    }
}

/// That somebody refused to sign, and nobody has done anything about it.
fn refused(seen: &Seen) -> Option<AnyView> {
    let it = seen.review.session.open_refusal().filter(|_| seen.is_going_on())?;
    let link = seen.is_open().then(|| {
        view! { " "<a href=seen.asking(&[("do", "answer-refusal")])>"Say what was done about it"</a> }
    });
    let by = person(&seen.place, &it.by);
    Some(notice(Tone::Warn, view! { {by}" refused to sign: "{it.reason.clone()}{link} }))
}

/// The items that changed after somebody had looked at them.
fn fell_off(seen: &Seen) -> Option<AnyView> {
    let fallen = |it: &&Item| matches!(seen.review.session.tick_state(it), TickState::FellOff);
    let all: Vec<&Item> = seen.review.difference.items.values().filter(fallen).collect();
    if all.is_empty() {
        return None;
    }
    let items: Vec<_> = all
        .into_iter()
        .map(|it| {
            let number = seen.number(it).to_string();
            view! {
                <li>
                    {item::name(&seen.place, it)}" changed after it was ticked. "
                    <a class="button small" href=seen.asking(&[("item", &number)])>{format!("Look again at {}", it.name)}</a>
                </li>
            }
        })
        .collect();
    Some(
        view! {
            <section class="section" aria-labelledby="fell-off">
                <header class="section-header"><h2 id="fell-off">"Fell off"</h2></header>
                <ul class="list-rows">{items}</ul>
            </section>
        }
        .into_any(),
    )
}

/// What is as it was when it was last signed: attested at once.
fn unchanged(seen: &Seen) -> Option<AnyView> {
    let all: Vec<&Item> = seen.review.difference.unchanged().collect();
    if all.is_empty() {
        return None;
    }
    let (open, of_all) = unattested(&seen.review.session, &seen.review.difference);
    let heading = format!("Unchanged since it was last signed: {}", all.len());
    let form = (seen.is_open() && !open.is_empty()).then(|| {
        let button = format!("Attest {} as still correct", open.len());
        let boxes = if open.len() > ONE_BY_ONE {
            hidden("all", of_all)
        } else {
            let boxes: Vec<_> = all
                .iter()
                .filter(|it| !seen.is_done(it))
                .map(|it| {
                    view! {
                        <label class="choice">
                            <input type="checkbox" name="seen" value=it.fingerprint.clone() checked=true/>
                            <span>{it.name.clone()}</span>
                        </label>
                    }
                })
                .collect();
            view! {
                <fieldset class="field">
                    <legend>"Equal in everything that is signed: name, owner, flows, fields, credentials, verdict"</legend>
                    <div class="choices inline">{boxes}</div>
                </fieldset>
            }
            .into_any()
        };
        view! {
            <form class="form card" method="post" action=seen.own()>
                {hidden("step", "attest".to_owned())}
                {boxes}
                <div class="button-row"><button class="button primary">{icon("check")}{button}</button></div>
            </form>
        }
    });
    let done: Vec<&Item> = all.into_iter().filter(|it| seen.is_done(it) || !seen.is_open()).collect();
    let table = (!done.is_empty()).then(|| {
        let caption = count(done.len(), "unchanged item");
        view! { <details><summary>{caption}</summary>{table(seen, "unchanged-items", &done)}</details> }
    });
    Some(
        view! {
            <section class="section" aria-labelledby="unchanged">
                <header class="section-header"><h2 id="unchanged">{heading}</h2></header>
                {form}
                {table}
            </section>
        }
        .into_any(),
    )
}

/// What is not as it was: each looked at on its own.
fn changed(seen: &Seen) -> Option<AnyView> {
    let all: Vec<&Item> = seen.review.difference.changed().collect();
    if all.is_empty() {
        return None;
    }
    let heading = format!("Changed: {}", all.len());
    Some(
        view! {
            <section class="section" aria-labelledby="changed">
                <header class="section-header"><h2 id="changed">{heading}</h2></header>
                {table(seen, "changed-items", &all)}
            </section>
        }
        .into_any(),
    )
}

fn table(seen: &Seen, id: &'static str, items: &[&Item]) -> AnyView {
    let rows = items
        .iter()
        .take(MOST)
        .map(|it| {
            let number = seen.number(it).to_string();
            view! {
                <tr>
                    <th scope="row" data-label="What">
                        <a href=seen.asking(&[("item", &number)])>{it.name.clone()}</a>
                    </th>
                    {cell("What differs", view! {
                        {item::difference(&seen.place, it)}
                        {item::since(&seen.review.bases, &seen.place, it)}
                    })}
                    {cell("Where it stands", item::state(seen, it))}
                    {cell("What you say", item::buttons(seen, it, None))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let caption = match items.len() {
        more if more > MOST => format!("The first {MOST} of {more} items; the others come up one by one"),
        some => count(some, "item"),
    };
    small(id, caption, &["What", "What differs", "Where it stands", "What you say"], rows)
}

fn withdraw(seen: &Seen) -> Option<AnyView> {
    let possible = seen.takes_part() && matches!(seen.review.session.phase(), Phase::Open | Phase::Signing);
    possible.then(|| view! { <p><a href=seen.asking(&[("do", "withdraw")])>"Withdraw this review"</a></p> }.into_any())
}
