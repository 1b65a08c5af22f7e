//! Signing: what is signed, who signs, what blocks it, and refusing.

use domain::problem::Problem;
use domain::review::draft::{WORDS_MAX, item_key};
use domain::review::session::Phase;
use domain::role::Capability;
use domain::schedule::ScheduleKey;
use leptos::prelude::*;

use super::super::editor::not_done;
use super::super::frame::{Screen, Section};
use super::super::request::Request;
use super::{Seen, decided, gates, item, label};
use crate::ui::field::{field, hidden};
use crate::ui::form::FormState;
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, small};

/// The most items that are repeated on the page; the hash is over all of them.
const MOST: usize = 300;

const LEDE: &str = "You sign what stands here, as it is now. A snapshot of the model is taken in the same step.";

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let seen = Seen::of(&request).await?;
    if !seen.place.may(Capability::Review) {
        return Err(Problem::Forbidden);
    }
    let session = &seen.review.session;
    let opening = session.opening();
    let head = Header::new("Sign review")
        .below(seen.place.paths.page("reviews"), "Reviews")
        .below(seen.own(), opening.name.clone())
        .lede(LEDE)
        .view();
    let signer = opening.signers.iter().find(|it| Some(&it.person) == seen.review.me.as_ref());
    let signed = session.signatures().iter().any(|it| Some(&it.signer) == seen.review.me.as_ref());
    let stands = match (signer, signed) {
        _ if !seen.is_going_on() => {
            Some(notice(Tone::Info, "This review is over. Nothing of it can be signed any more."))
        }
        (None, _) => Some(notice(Tone::Info, "Only those who were named when the review was opened sign it.")),
        (_, true) => Some(notice(Tone::Ok, "You have signed. Others sign after you.")),
        _ => None,
    };
    let may = signer.is_some() && !signed && seen.is_going_on();
    let refuses = refusing(&request);
    let late = match opening.schedule {
        Some(schedule) if may && session.seals().is_empty() => is_late(&request, &seen, schedule).await?,
        _ => false,
    };
    let form = may.then(|| {
        let role = signer.map(|it| format!("{}, {}", it.role, it.part.label().to_lowercase())).unwrap_or_default();
        sign_form(&request, &seen, (&role, late), refuses)
    });
    let refuse =
        (may && matches!(session.phase(), Phase::Open | Phase::Signing)).then(|| refuse(&request, &seen, refuses));
    let supersede = supersede(&request, &seen);
    let title = format!("Sign {}", opening.name);
    let body = view! {
        {head}
        {(!refuses).then(|| not_done(&request))}
        {stands}
        {gates::section(&seen, true)}
        <section class="section" aria-labelledby="statement">
            <h2 id="statement">"What is signed"</h2>
            <blockquote>{opening.statement.clone()}</blockquote>
            {items(&seen)}
        </section>
        {form}
        {refuse}
        {decided::signatures(&seen)}
        {supersede}
    };
    let place = seen.place.clone();
    Ok(Screen::inside(&place, Section::Reviews, title, body))
}

/// Whether the form that came back is the one that refuses.
fn refusing(request: &Request) -> bool {
    request.submitted.as_ref().is_some_and(|it| it.form.iter().any(|(name, value)| name == "step" && value == "refuse"))
}

/// Every item with what was said of it.
fn items(seen: &Seen) -> Option<AnyView> {
    let all = seen.items();
    if all.is_empty() {
        return None;
    }
    let rows = all
        .iter()
        .take(MOST)
        .map(|it| {
            view! {
                <tr>
                    <th scope="row" data-label="What">{item::name(&seen.place, it)}</th>
                    {cell("What differs", item::difference(&seen.place, it))}
                    {cell("What was said", item::state(seen, it))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let caption =
        if all.len() > MOST { format!("The first {MOST} of {}", all.len()) } else { format!("All {}", all.len()) };
    let table = small("signed-items", caption, &["What", "What differs", "What was said"], rows);
    let words = format!("{} items, one by one", all.len());
    Some(view! { <details><summary>{words}</summary>{table}</details> }.into_any())
}

/// Whether the schedule that the review was opened for is late, so that whoever signs last says why.
async fn is_late(request: &Request, seen: &Seen, schedule: ScheduleKey) -> Result<bool, Problem> {
    match request.backend()?.schedule(&seen.place.estate.workspace.id, schedule).await {
        Ok(it) => {
            let day = it.planned.counts_for(&it.zone, it.now, Some(seen.review.session.opening().due));
            Ok(!it.planned.schedule.ended && it.zone.day_of(it.now) > day)
        }
        Err(Problem::NotFound) => Ok(false),
        Err(problem) => Err(problem),
    }
}

fn sign_form(request: &Request, seen: &Seen, (role, late): (&str, bool), refuses: bool) -> AnyView {
    let shown = seen.review.session.content_hash(&seen.review.difference);
    let form = if refuses { FormState::default() } else { request.form(Vec::new) };
    let short: String = shown.chars().take(16).collect();
    view! {
        <form class="form card" method="post" action=format!("{}/sign", seen.own())>
            {hidden("shown", shown)}
            <p>{format!("You sign as: {role}. What you see has the hash {short}\u{2026}.")}</p>
            <p class="meta">
                "Unless you did so in the last five minutes, you are asked who you are: your password, and the code of your authenticator app where you have one."
            </p>
            {late.then(|| {
                let most = u32::try_from(WORDS_MAX).unwrap_or(u32::MAX);
                view! {
                    {notice(Tone::Warn, "The schedule of this review is late. Whoever signs last says why; an assessor asks for it.")}
                    {field(&form, "cause", "Why it is late").area_of(most)}
                    {field(&form, "told", "Who was told, and when").area_of(most)}
                    {field(&form, "caught_up", "How it was caught up, and what keeps it from happening again").area_of(most)}
                }
            })}
            {field(&form, "comment", "What you add").optional().area_of(u32::try_from(WORDS_MAX).unwrap_or(u32::MAX))}
            <div class="button-row"><button class="button primary">{icon("edit")}"Sign"</button></div>
        </form>
    }
    .into_any()
}

/// Refusing, with the reason and what is to be looked at again.
fn refuse(request: &Request, seen: &Seen, open: bool) -> AnyView {
    let form = if open { request.form(Vec::new) } else { FormState::default() };
    let boxes: Vec<_> = seen
        .items()
        .into_iter()
        .filter(|it| seen.is_done(it))
        .take(MOST)
        .map(|it| {
            view! {
                <label class="choice">
                    <input type="checkbox" name="item" value=item_key(&it.object)/>
                    <span>{it.name.clone()}</span>
                </label>
            }
        })
        .collect();
    let again = (!boxes.is_empty()).then(|| {
        view! {
            <fieldset class="field">
                <legend>"What is to be looked at again"</legend>
                <div class="choices inline">{boxes}</div>
            </fieldset>
        }
    });
    let summary = open.then(|| form.summary(label));
    view! {
        <details open=open>
            <summary>"Refuse to sign"</summary>
            {summary}
            <form class="form" method="post" action=seen.own()>
                {hidden("step", "refuse".to_owned())}
                {field(&form, "words", "Why you do not sign").required().area_of(u32::try_from(WORDS_MAX).unwrap_or(u32::MAX))}
                {again}
                <div class="button-row"><button class="button">{icon("close")}"Refuse"</button></div>
            </form>
        </details>
    }
    .into_any()
}

/// Says that one's own kind of signature was wrong: it stays readable, and everybody signs again.
fn supersede(request: &Request, seen: &Seen) -> Option<AnyView> {
    let session = &seen.review.session;
    let named = session.opening().signers.iter().any(|it| Some(&it.person) == seen.review.me.as_ref());
    let possible = named && matches!(session.phase(), Phase::Signing | Phase::Sealed);
    let last = session.signatures().last().filter(|_| possible)?;
    let is_back = request.submitted.as_ref().is_some_and(|it| it.form.iter().any(|(_, value)| value == "supersede"));
    let form = if is_back { request.form(Vec::new) } else { FormState::default() };
    let options: Vec<_> = session
        .signatures()
        .iter()
        .map(|it| {
            let words = format!("{}, {}", it.signer, it.at);
            view! { <option value=it.hash.clone() selected=it.hash == last.hash>{words}</option> }
        })
        .collect();
    Some(
        view! {
            <details open=is_back>
                <summary>"A signature was wrong"</summary>
                {is_back.then(|| form.summary(label))}
                <form class="form" method="post" action=seen.own()>
                    {hidden("step", "supersede".to_owned())}
                    <div class="field">
                        <label for="signature">"Which"</label>
                        <select class="input" id="signature" name="signature">{options}</select>
                    </div>
                    <div class="field">
                        <label for="f-superseded">"Why"</label>
                        <textarea class="input" id="f-superseded" name="words" rows="3" maxlength=WORDS_MAX.to_string()></textarea>
                    </div>
                    <p class="meta">"It stays readable with this reason. Everybody signs again, and a new seal replaces the one before."</p>
                    <div class="button-row"><button class="button">{icon("undo")}"Supersede it"</button></div>
                </form>
            </details>
        }
        .into_any(),
    )
}
