//! The acceptances of a risk: the one that counts with what can be done about it, and earlier ones with the facts of then.

use std::collections::BTreeSet;

use domain::backend::risks::RiskHistory;
use domain::id::PersonId;
use domain::risk::acceptance::{Acceptance, Current, Event, State, owners_of};
use domain::risk::bound::{Bound, Change};
use domain::risk::record::Stage;
use domain::role::Capability;
use leptos::prelude::*;

use super::super::request::{Place, Request};
use super::{level_chip, link_view, person};
use crate::ui::field::{field, hidden};
use crate::ui::form::FormState;
use crate::ui::header;
use crate::ui::icon::icon;
use crate::ui::notice::{Tone, notice};
use crate::ui::table::{cell, count, small};

/// Where the acceptance of the risk stands, what can be done, and what was decided before.
pub(super) fn section(request: &Request, place: &Place, history: &RiskHistory) -> AnyView {
    let own = place.paths.risk(history.risk.key);
    let waits = |it: &Current| matches!(it.standing.state, State::Proposed | State::InReview);
    let asks = place.may(Capability::AcceptRisks)
        && history.risk.stage != Stage::Closed
        && history.risk.current().is_some()
        && !history.acceptances.iter().any(waits);
    let ask = asks.then(|| {
        let renews = history.acceptances.iter().any(|it| it.standing.state.is_in_force());
        header::action(
            format!("{own}/accept"),
            "check",
            if renews { "Ask to renew it" } else { "Ask to accept it" },
            false,
        )
    });
    let none = history.acceptances.is_empty().then(|| {
        view! { <p class="muted">"Nobody has asked to live with this risk. Accepting it never says that a requirement is met."</p> }
    });
    let (first, others) = history.acceptances.split_first().unzip();
    let latest = first.map(|it| one(request, place, history, it));
    let earlier: Vec<_> = others.unwrap_or_default().iter().map(|it| one(request, place, history, it)).collect();
    let earlier = (!earlier.is_empty()).then(|| {
        view! {
            <details>
                <summary>{format!("Earlier, {}", count(earlier.len(), "decision"))}</summary>
                <div class="stack">{earlier}</div>
            </details>
        }
    });
    view! {
        <section class="section" aria-labelledby="acceptance">
            <header class="section-header"><h2 id="acceptance">"Acceptance"</h2>{ask}</header>
            {none}
            {latest}
            {earlier}
        </section>
    }
    .into_any()
}

/// The state as a chip.
pub(super) fn badge(state: State) -> AnyView {
    let tone = match state {
        State::Proposed | State::InReview => "info",
        State::Active | State::Approved => "ok",
        State::Expiring => "warn",
        State::Lapsed | State::Expired | State::Revoked | State::Rejected => "error",
        State::Withdrawn => "",
    };
    let tone = (!tone.is_empty()).then_some(tone);
    view! { <span class="badge" data-tone=tone>{state.label()}</span> }.into_any()
}

fn one(request: &Request, place: &Place, history: &RiskHistory, current: &Current) -> AnyView {
    let Current { acceptance, standing } = current;
    let scheme = history.register.scheme;
    let content = &acceptance.content;
    let conditions = (!content.conditions.is_empty())
        .then(|| view! { <div><dt>"On condition that"</dt><dd>{content.conditions.clone()}</dd></div> });
    let approvals: Vec<_> = acceptance
        .approvals
        .iter()
        .map(|it| view! { <li>{person(place, &it.by)}" on "{it.at.day().to_string()}</li> })
        .collect();
    let approved =
        (!approvals.is_empty()).then(|| view! { <div><dt>"Approved by"</dt><dd><ul>{approvals}</ul></dd></div> });
    let needed = acceptance.level().map(|level| usize::from(history.register.authority.terms(level).approvers));
    let waits = match (standing.state, needed) {
        (State::InReview, Some(needed)) => {
            let left = needed.saturating_sub(acceptance.approvals.len());
            let words = format!("Waits for {} by a member whose tier reaches the level.", count(left, "approval"));
            Some(view! { <p class="meta">{words}</p> })
        }
        _ => None,
    };
    let level =
        acceptance.level().map(|level| view! { <div><dt>"Level"</dt><dd>{level_chip(scheme, level)}</dd></div> });
    let key = acceptance.key.to_string();
    view! {
        <article class="card" aria-label=format!("Acceptance {key}")>
            <div class="page-meta">{badge(standing.state)}<span class="key">{key.clone()}</span></div>
            {changed(place, current)}
            <dl class="key-value">
                {level}
                <div><dt>"Because"</dt><dd>{content.justification.clone()}</dd></div>
                {conditions}
                <div><dt>"Until"</dt><dd>{content.expires.to_string()}</dd></div>
                <div><dt>"Asked for by"</dt><dd>{person(place, &acceptance.requester)}</dd></div>
                {approved}
            </dl>
            {waits}
            {steps(request, place, history, current)}
            {acceptance.bound.as_ref().map(|bound| facts(place, format!("facts-{key}"), bound))}
            {events(place, acceptance)}
        </article>
    }
    .into_any()
}

/// What is not as the approvers saw it.
fn changed(place: &Place, current: &Current) -> Option<AnyView> {
    let Current { acceptance, standing } = current;
    let lapsed = acceptance.history.iter().rev().find_map(|event| match event {
        Event::Lapsed { changes, .. } | Event::Returned { changes, .. } => Some(changes),
        _ => None,
    });
    let over = matches!(standing.state, State::Lapsed | State::Proposed);
    let changes = if over && standing.changes.is_empty() { lapsed? } else { &standing.changes };
    if changes.is_empty() {
        return None;
    }
    let worse = changes.iter().any(|it| it.worse);
    let words = match (standing.state, worse) {
        (State::Lapsed, _) => "It lapsed because facts that it rests on got worse. Decide again, or treat the risk.",
        (_, true) => "Facts that it rests on got worse. It has to be asked for again.",
        (_, false) => "Facts that it rests on got better since. It goes on.",
    };
    let rows = changes.iter().map(|it| change_row(place, it)).collect();
    let id = format!("changes-{}", acceptance.key);
    let table = small(id, count(changes.len(), "difference"), &["What", "Then", "Now", "Effect"], rows);
    Some(view! { {notice(if worse { Tone::Warn } else { Tone::Info }, words)}{table} }.into_any())
}

fn change_row(place: &Place, change: &Change) -> AnyView {
    let of = change.of.as_ref().map(|link| view! { " of "{link_view(place, link)} });
    let what = change.what.replace('_', " ");
    let effect = if change.worse { "Worse" } else { "Better" };
    view! {
        <tr>
            <th scope="row" data-label="What">{what}{of}</th>
            {cell("Then", change.was.clone().unwrap_or_else(|| "not there".to_owned()))}
            {cell("Now", change.is.clone().unwrap_or_else(|| "not there".to_owned()))}
            {cell("Effect", effect)}
        </tr>
    }
    .into_any()
}

/// The forms of what can be done about it now, and why an approval is not for who looks.
fn steps(request: &Request, place: &Place, history: &RiskHistory, current: &Current) -> Option<AnyView> {
    if !place.may(Capability::AcceptRisks) {
        return None;
    }
    let Current { acceptance, standing } = current;
    let me = history.me.as_ref();
    let is_among = |people: &BTreeSet<PersonId>| me.is_some_and(|me| people.contains(me));
    let author = is_among(&acceptance.authors);
    let owner = is_among(&owners_of(&history.risk, &place.estate.model));
    let approved = acceptance.approvals.iter().any(|it| Some(&it.by) == me);
    let form = |word: &'static str, label: &'static str, reason: bool| {
        step(request, place, history, acceptance, word, label, reason)
    };
    Some(match standing.state {
        State::InReview if author => view! {
            <p class="meta">"You asked for it, so others approve it."</p>
            {form("withdraw", "Withdraw it", false)}
        }
        .into_any(),
        State::InReview if owner || approved => {
            let why = if owner { "You answer for this risk, so others approve it." } else { "You have approved it." };
            view! { <p class="meta">{why}</p>{form("reject", "Reject it", true)} }.into_any()
        }
        State::InReview => view! { {form("approve", "Approve", false)}{form("reject", "Reject it", true)} }.into_any(),
        State::Proposed => {
            view! { {form("submit", "Ask again on the facts of now", false)}{author.then(|| form("withdraw", "Withdraw it", false))} }
                .into_any()
        }
        State::Approved | State::Active | State::Expiring => form("revoke", "Revoke it", true),
        State::Rejected | State::Withdrawn | State::Expired | State::Lapsed | State::Revoked => return None,
    })
}

/// The form of one step: a button, or folded with its reason.
fn step(
    request: &Request,
    place: &Place,
    history: &RiskHistory,
    acceptance: &Acceptance,
    word: &'static str,
    label: &'static str,
    reason: bool,
) -> AnyView {
    let key = acceptance.key.to_string();
    let posted = request.submitted.as_ref();
    let is =
        |name: &str, value: &str| posted.is_some_and(|it| it.form.iter().any(|(key, is)| key == name && is == value));
    let sent = is("acceptance", &key) && is("step", word);
    let state = if sent { request.form(Vec::new) } else { FormState::new(Vec::new()) };
    let class = if word == "approve" { "button primary" } else { "button" };
    let why = reason.then(|| field(&state, "reason", "Why").required().area_of(2_000));
    let button = view! { <button class=class>{icon("check")}{label}</button> };
    let shown = (word == "approve").then(|| hidden("shown", acceptance.content_hash()));
    let form = view! {
        <form class="form" method="post" action=format!("{}/acceptance", place.paths.risk(history.risk.key))>
            {hidden("acceptance", key)}
            {hidden("step", word.to_owned())}
            {shown}
            {why}
            <div class="button-row">{button}</div>
        </form>
    };
    if !reason {
        return form.into_any();
    }
    let summary = sent.then(|| state.summary(|name| (name == "reason").then(|| "Why".to_owned())));
    view! { <details open=sent><summary>{label}</summary>{summary}{form}</details> }.into_any()
}

/// The facts that the decision rests on, as they were when it was put into review.
fn facts(place: &Place, id: String, bound: &Bound) -> AnyView {
    let findings = bound.findings.iter().flat_map(|(identity, facts)| {
        let head = (format!("Finding {}", identity.rule), facts.severity.label().to_owned(), facts.sentence.clone());
        let each = facts.facts.iter().map(|fact| (fact.of.key(), fact.name.replace('_', " "), fact.value.to_string()));
        std::iter::once(head).chain(each)
    });
    let mut rows: Vec<AnyView> = findings.map(|(of, what, value)| row(of.into_any(), what, value)).collect();
    for (link, attributes) in &bound.objects {
        rows.extend(
            attributes
                .iter()
                .map(|(name, grade)| row(link_view(place, link), name.replace('_', " "), grade.to_string())),
        );
    }
    let caption = count(rows.len(), "fact");
    view! {
        <details>
            <summary>"The facts of then"</summary>
            {small(id, caption, &["Of", "What", "Then"], rows)}
        </details>
    }
    .into_any()
}

fn row(of: AnyView, what: String, value: String) -> AnyView {
    view! { <tr><th scope="row" data-label="Of">{of}</th>{cell("What", what)}{cell("Then", value)}</tr> }.into_any()
}

/// What happened to it, in order.
fn events(place: &Place, acceptance: &Acceptance) -> AnyView {
    let items: Vec<_> = acceptance
        .history
        .iter()
        .map(|event| {
            let (at, words, by, why) = match event {
                Event::Proposed { by, at, .. } => (at, "Asked for", Some(by), None),
                Event::Edited { by, at, .. } => (at, "Changed", Some(by), None),
                Event::Submitted { by, at, .. } => (at, "Put into review", Some(by), None),
                Event::Approved { approval } => (&approval.at, "Approved", Some(&approval.by), None),
                Event::Granted { at } => (at, "In force", None, None),
                Event::Rejected { by, at, reason } => (at, "Rejected", Some(by), Some(reason)),
                Event::Withdrawn { by, at } => (at, "Withdrawn", Some(by), None),
                Event::Revoked { by, at, reason } => (at, "Revoked", Some(by), Some(reason)),
                Event::Returned { at, .. } => (at, "Facts got worse: to be asked for again", None, None),
                Event::Lapsed { at, .. } => (at, "Lapsed: facts got worse", None, None),
                Event::Improved { at, .. } => (at, "Facts got better", None, None),
                Event::Expired { at } => (at, "Expired", None, None),
            };
            let by = by.map(|by| view! { " by "{person(place, by)} });
            let why = why.map(|why| format!(": {why}"));
            let at = at.to_string();
            view! { <li><time class="meta" datetime=at.clone()>{at.clone()}</time>" "{words}{by}{why}</li> }
        })
        .collect();
    view! { <details><summary>"What happened to it"</summary><ol class="stack">{items}</ol></details> }.into_any()
}
