//! What can be done about one finding: who answers, by when, setting it aside, and the second person's word.

use domain::findings::life::{Record, Source, State};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::request::{Place, Request};
use super::triage::{fields, label_of};
use super::{badge, owner};
use crate::ui::field::hidden;
use crate::ui::form::FormState;
use crate::ui::icon::icon;

/// Where the finding stands, and the forms of what can be done.
pub(super) fn section(request: &Request, place: &Place, record: &Record) -> AnyView {
    let triages = place.may(Capability::TriageFindings);
    let fixed = record.state == State::Fixed;
    let steps: Vec<AnyView> = [
        (triages && record.state == State::New)
            .then(|| form(request, place, record, "look", "Mark as looked at", true)),
        (triages && !fixed).then(|| form(request, place, record, "assign", "Say who answers", false)),
        (triages && !fixed).then(|| form(request, place, record, "due", "Set a due day", false)),
        (triages && !fixed).then(|| form(request, place, record, "decide", "Set it aside", false)),
        (triages && (record.state.is_decided() || is_closed(record)))
            .then(|| form(request, place, record, "reopen", "Open it again", false)),
        (triages && record.source == Source::Reported && !fixed)
            .then(|| form(request, place, record, "close", "Say that it is done", false)),
    ]
    .into_iter()
    .flatten()
    .collect();
    view! {
        <section class="section" aria-labelledby="standing">
            <header class="section-header"><h2 id="standing">"Where it stands"</h2></header>
            <div class="split">
                {facts(place, record)}
                <div class="stack tight">{waiting(request, place, record)}{steps}</div>
            </div>
        </section>
    }
    .into_any()
}

fn is_closed(record: &Record) -> bool {
    record.source == Source::Reported && record.state == State::Fixed
}

fn facts(place: &Place, record: &Record) -> AnyView {
    let due = match record.due {
        Some(day) => {
            let late = record.is_overdue(place.estate.today);
            let late = late.then(|| view! { " "<span class="badge" data-tone="error">"overdue"</span> });
            view! { {day.to_string()}{late} }.into_any()
        }
        None => view! { <span class="muted">"no day yet"</span> }.into_any(),
    };
    let decision = record.decision.as_ref().map(|it| {
        view! {
            <div><dt>"Decided"</dt><dd>{it.outcome().label()}</dd></div>
            <div><dt>"Until"</dt><dd>{it.until().to_string()}</dd></div>
            <div><dt>"Because"</dt><dd>{it.reason().to_owned()}</dd></div>
        }
    });
    let (first, last) = (record.first_seen.to_string(), record.last_seen.to_string());
    let last = (record.state == State::Fixed).then(|| {
        view! { <div><dt>"Gone since"</dt><dd><time datetime=last.clone()>{last.clone()}</time></dd></div> }
    });
    view! {
        <dl class="key-value">
            <div><dt>"State"</dt><dd>{badge(record)}</dd></div>
            <div><dt>"Owner"</dt><dd>{owner(place, record)}</dd></div>
            <div><dt>"Due"</dt><dd>{due}</dd></div>
            {decision}
            <div><dt>"First seen"</dt><dd><time datetime=first.clone()>{first.clone()}</time></dd></div>
            {last}
        </dl>
    }
    .into_any()
}

/// A decision that waits, for the person who may approve it and for everybody who wonders.
fn waiting(request: &Request, place: &Place, record: &Record) -> Option<AnyView> {
    let waits = record.request.as_ref()?;
    let own = waits.requester == place.account.id;
    let words = format!(
        "A decision waits for a second person: {} until {}. Reason: {}",
        waits.decision.outcome().label(),
        waits.decision.until(),
        waits.decision.reason()
    );
    let approves = place.may(Capability::ApproveFindings);
    let approve = (approves && !own).then(|| {
        view! {
            <form method="post" action=action(place, record)>
                {named(record, "approve")}
                <button class="button primary">{icon("check")}"Approve"</button>
            </form>
        }
    });
    let label = if own { "Withdraw it" } else { "Turn it down" };
    Some(
        view! {
            <div class="notice" data-tone="info">{icon("info")}<p>{words}</p>{approve}</div>
            {own.then(|| view! { <p class="meta">"You asked for it, so somebody else has to approve it."</p> })}
            {approves.then(|| form(request, place, record, "turn_down", label, false))}
        }
        .into_any(),
    )
}

fn action(place: &Place, record: &Record) -> String {
    format!("{}/triage", place.paths.finding(&record.identity))
}

fn named(record: &Record, word: &'static str) -> AnyView {
    view! { {hidden("step", word.to_owned())}{hidden("seen", record.version.to_string())} }.into_any()
}

/// The form of a step, folded unless it is only a button, or was sent and not carried out.
fn form(
    request: &Request,
    place: &Place,
    record: &Record,
    word: &'static str,
    label: &'static str,
    bare: bool,
) -> AnyView {
    let posted = request.submitted.as_ref();
    let sent = posted.is_some_and(|it| it.form.iter().any(|(name, value)| name == "step" && value == word));
    let stored = || {
        vec![
            ("owner".to_owned(), record.owner.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("due".to_owned(), record.due.map(|it| it.to_string()).unwrap_or_default()),
        ]
    };
    let state = if sent { request.form(stored) } else { FormState::new(stored()) };
    let grave = word == "decide" && record.is_grave();
    let note = grave.then(|| {
        view! { <p class="meta">"Of a critical or high finding a second person approves it; until then it stays open."</p> }
    });
    let button = view! { <button class="button">{icon("check")}{label}</button> };
    let form = view! {
        <form class="form" method="post" action=action(place, record)>
            {named(record, word)}
            {note}
            {fields(place, &state, word)}
            <div class="button-row">{button}</div>
        </form>
    };
    if bare {
        return form.into_any();
    }
    view! {
        <details open=sent>
            <summary>{label}</summary>
            {sent.then(|| state.summary(label_of))}
            {form}
        </details>
    }
    .into_any()
}
