//! One evidence pack: how far it is, what it is, and what was found in it.

use domain::backend::packs::PackRecord;
use domain::pack::job::{PackState, REASON_MAX};
use domain::pack::scan::Hit;
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::{address, offer, origin, size};
use crate::ui::field::field;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, number, small};

/// The most files of which it is said that they were not looked through.
const UNREAD_MAX: usize = 100;

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let key = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let pack = request.backend()?.pack(&place.estate.workspace.id, key).await?;
    let download = (pack.state == PackState::Done && pack.profile.is_for(place.estate.workspace.role))
        .then(|| header::action(format!("{}/file", address(&place, pack.number)), "download", "Download", true));
    let head = Header::new(pack.number.to_string())
        .below(place.paths.page("evidence/packs"), "Evidence packs")
        .lede(pack.profile.label())
        .actions(download);
    let conflict = (request.problem() == Some(&Problem::Conflict)).then(|| {
        notice(Tone::Warn, "This was not carried out: the pack is in another state by now, which is shown here.")
    });
    let body = view! {
        {head.view()}
        {request.general_problem()}
        {conflict}
        {state(&request, &place, &pack)}
        {facts(&place, &pack)}
        {hits("warnings", "Published test numbers", &pack.scanned.warnings, pack.scanned.more_warnings)}
        {unread(&pack)}
    };
    let screen = Screen::inside(&place, Section::Evidence, pack.number.to_string(), body);
    Ok(screen.coming_again_while(pack.state.is_going_on()))
}

fn state(request: &Request, place: &Place, pack: &PackRecord) -> AnyView {
    match pack.state {
        PackState::Waiting | PackState::Making => progress(place, pack),
        PackState::Done => match &pack.released {
            None => notice(Tone::Ok, "The pack is finished. It is signed, and no card number was found in it."),
            Some(it) => {
                let (by, at) = (it.by.clone(), it.at.to_string());
                let words = format!("{} was found in it. {by} released it at {at}: ", numbers(pack));
                notice(Tone::Warn, view! { {words}<q>{it.reason.clone()}</q> })
            }
        },
        PackState::Stopped => stopped(request, place, pack),
        PackState::Cancelled => view! {
            {notice(Tone::Info, "Somebody cancelled it before it was finished.")}
            {offer(place)}
        }
        .into_any(),
        PackState::Failed => view! { {notice(Tone::Error, pack.problem.clone())}{offer(place)} }.into_any(),
    }
}

/// How far it is, with a button that gives it up.
fn progress(place: &Place, pack: &PackRecord) -> AnyView {
    let page = address(place, pack.number);
    let words = match (pack.state, pack.of) {
        (PackState::Waiting, _) => "Another pack is being made. This one is next.".to_owned(),
        (_, 0) => "Its files are being computed.".to_owned(),
        (_, of) => format!("{} of {} written, {}", pack.files, count(of, "file"), size(pack.bytes)),
    };
    view! {
        <section class="card" aria-labelledby="progress">
            <h2 id="progress">"The pack is being made"</h2>
            <p>
                <progress max=pack.of.max(1).to_string() value=pack.files.to_string() aria-labelledby="progress"></progress>
                " "{words}
            </p>
            <p>"Every file is looked through for card numbers on the way. This page shows the newest state by itself."</p>
            <div class="button-row">
                <a class="button" href=page.clone()>"Show the newest state"</a>
                <form method="post" action=page>
                    <button class="button quiet" name="action" value="cancel">{icon("close")}"Cancel the pack"</button>
                </form>
            </div>
        </section>
    }
    .into_any()
}

/// What stops it, and the form in which a second person releases it.
fn stopped(request: &Request, place: &Place, pack: &PackRecord) -> AnyView {
    let is_own = pack.asked_by.as_ref() == Some(&place.account.id);
    let may = place.may(Capability::ApproveFindings);
    let page = address(place, pack.number);
    let form = request.form(Vec::new);
    let release = if may && !is_own {
        let most = u32::try_from(REASON_MAX).unwrap_or(u32::MAX);
        view! {
            {form.summary(|name| (name == "reason").then(|| "Reason".to_owned()))}
            <form class="form" method="post" action=page>
                {field(&form, "reason", "Why these are no card numbers")
                    .hint("It is kept in the history, with your name.")
                    .required()
                    .area_of(most)}
                <div class="button-row">
                    <button class="button danger" name="action" value="release">"Release the pack"</button>
                </div>
            </form>
        }
        .into_any()
    } else {
        view! {
            {form.summary(|name| (name == "reason").then(|| "Reason".to_owned()))}
            <p>"Somebody else who approves findings can release it, with a reason. Send them the address of this page."</p>
        }
        .into_any()
    };
    let words = format!("{} was found in it. It cannot be downloaded.", numbers(pack));
    view! {
        {notice(Tone::Error, words)}
        {hits("stops", "Card numbers", &pack.scanned.stops, pack.scanned.more_stops)}
        <section class="card" aria-labelledby="release">
            <h2 id="release">"What to do"</h2>
            <p>
                "Take the numbers out of the text where they stand, then make the pack again. Of a seal the text stays as it \
                 was signed: what is none of a card can be released."
            </p>
            {release}
        </section>
    }
    .into_any()
}

fn numbers(pack: &PackRecord) -> String {
    let found = usize::try_from(pack.scanned.stop_count()).unwrap_or(usize::MAX);
    format!("What looks like {}", count(found, "card number"))
}

fn facts(place: &Place, pack: &PackRecord) -> AnyView {
    let at = pack.asked_at.to_string();
    let is_whole = matches!(pack.state, PackState::Done | PackState::Stopped);
    let fact = |label: &'static str, value: AnyView| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let whole = is_whole.then(|| {
        view! {
            {fact("Files", pack.files.to_string().into_any())}
            {fact("Size", size(pack.bytes).into_any())}
            {fact("SHA-256 of the archive", view! { <code class="hash">{pack.sha256.clone()}</code> }.into_any())}
            {fact("Downloads", pack.downloads.to_string().into_any())}
        }
    });
    let by = pack.asked_by_name.clone().unwrap_or_else(|| "Command line".to_owned());
    view! {
        <dl class="key-value">
            {fact("Made from", origin(place, pack))}
            {fact("Asked by", by.into_any())}
            {fact("When (UTC)", view! { <time datetime=at.clone()>{at.clone()}</time> }.into_any())}
            {whole}
        </dl>
    }
    .into_any()
}

/// Where numbers stand; never a digit of one.
fn hits(id: &'static str, heading: &'static str, hits: &[Hit], more: u64) -> Option<AnyView> {
    if hits.is_empty() {
        return None;
    }
    let rows = hits
        .iter()
        .map(|it| {
            let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
            view! {
                <tr>
                    <th scope="row"><code>{it.file.clone()}</code></th>
                    {number("Line", whole(it.line))}
                    {number("Character", whole(it.column))}
                    {cell("Shape", view! { <code>{it.mask.clone()}</code> })}
                </tr>
            }
            .into_any()
        })
        .collect();
    let more = (more > 0).then(|| view! { <p class="muted">{format!("{more} more are not listed.")}</p> });
    Some(
        view! {
            <section class="section">
                {small(id, format!("{heading}: {}", hits.len()), &["File", "Line", "Character", "Shape"], rows)}
                {more}
            </section>
        }
        .into_any(),
    )
}

/// Files that hold no text.
fn unread(pack: &PackRecord) -> Option<AnyView> {
    let all = &pack.scanned.unread;
    let rest = all.len().saturating_sub(UNREAD_MAX);
    let names: Vec<_> = all.iter().take(UNREAD_MAX).map(|it| view! { <li><code>{it.clone()}</code></li> }).collect();
    let more = (rest > 0).then(|| view! { <p class="muted">{format!("{rest} more are not listed.")}</p> });
    (!all.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="unread">
                <h2 id="unread">"Not looked through for card numbers"</h2>
                <p>"These hold no text: documents, pictures, workbooks. Look at them yourself before you hand them over."</p>
                <ul>{names}</ul>
                {more}
            </section>
        }
        .into_any()
    })
}
