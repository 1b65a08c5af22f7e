//! Gates, approvals, and the buttons that move a proposal on.

use std::collections::BTreeSet;

use domain::model::Model;
use domain::proposal::{Circle, Gate, Need, Proposal, REASON_MAX, State};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::request::{Place, Request};
use super::Names;
use crate::ui::field::{field, hidden};
use crate::ui::icon::icon;
use crate::ui::table::{cell, small};

/// The gates: what was done for each, and the form that says so.
pub(super) fn gates(request: &Request, place: &Place, it: &Proposal, names: &Names) -> AnyView {
    let may = place.may(Capability::EditModel) && it.state.is_open();
    let all: Vec<_> = Gate::ALL.iter().map(|gate| one_gate(request, place, it, names, *gate, may)).collect();
    view! {
        <section class="section" aria-labelledby="gates">
            <h2 id="gates">"Gates"</h2>
            <div class="cards">{all}</div>
        </section>
    }
    .into_any()
}

fn one_gate(request: &Request, place: &Place, it: &Proposal, names: &Names, gate: Gate, may: bool) -> AnyView {
    let content = match it.gates.get(&gate) {
        Some(passed) => {
            let open = may.then(|| {
                view! {
                    <form method="post" action=place.paths.proposal(it.key)>
                        {hidden("step", "reopen".to_owned())}
                        {hidden("gate", gate.to_string())}
                        <button class="button small quiet">{format!("Open {} again", gate.label().to_lowercase())}</button>
                    </form>
                }
            });
            view! {
                <p><strong>{icon("circle-check")}"Passed"</strong>{format!(" by {}, {}", names.name(&passed.by), passed.at)}</p>
                {result(&passed.result)}
                {open}
            }
            .into_any()
        }
        None if may => {
            let posted = request.submitted.as_ref();
            let this = posted
                .is_some_and(|posted| posted.form.iter().any(|(name, value)| name == "gate" && value == gate.as_str()));
            let state = if this { request.form(Vec::new) } else { crate::ui::form::FormState::new(Vec::new()) };
            let label = format!("Result of: {}", gate.label().to_lowercase());
            let most = u32::try_from(REASON_MAX).unwrap_or(u32::MAX);
            view! {
                <form class="form" method="post" action=place.paths.proposal(it.key)>
                    {hidden("step", "pass".to_owned())}
                    {hidden("gate", gate.to_string())}
                    {field(&state, format!("result.{gate}"), label).hint("A text, or a link to it.").area_of(most)}
                    <button class="button small">{format!("Pass {}", gate.label().to_lowercase())}</button>
                </form>
            }
            .into_any()
        }
        None => view! { <p class="muted">"Open"</p> }.into_any(),
    };
    view! { <section class="card"><h3>{gate.label()}</h3>{content}</section> }.into_any()
}

/// The result of a gate; a link where it is one.
fn result(text: &str) -> AnyView {
    let is_link = text.starts_with("https://") && !text.contains(char::is_whitespace);
    if is_link {
        let href = text.to_owned();
        view! { <p><a href=href rel="noreferrer nofollow">{text.to_owned()}</a></p> }.into_any()
    } else {
        view! { <p class="prose">{text.to_owned()}</p> }.into_any()
    }
}

/// The approvals: whose, who may give it, and the button for those who may.
pub(super) fn approvals(place: &Place, it: &Proposal, live: &Model, circle: &Circle, names: &Names) -> AnyView {
    let needs: BTreeSet<Need> = match it.state.is_open() {
        true => it.needs(circle),
        false => it.approvals.keys().cloned().collect(),
    };
    let content = if needs.is_empty() {
        let words = match &it.state {
            State::Merged(merged) if !merged.four_eyes => "Nobody else was a member, so nobody else approved it.",
            _ if circle.is_alone() => {
                "You are the only member, so nobody can approve this. It may be merged, and is marked: not four-eyes."
            }
            _ => "None was given.",
        };
        view! { <p>{words}</p> }.into_any()
    } else {
        let rows = needs.iter().map(|need| row(place, it, live, circle, names, need)).collect();
        small("approvals", "Approvals".to_owned(), &["Of", "Who may", "Given"], rows)
    };
    view! {
        <section class="section" aria-labelledby="approve">
            <h2 id="approve">"Who agrees"</h2>
            {content}
        </section>
    }
    .into_any()
}

fn row(place: &Place, it: &Proposal, live: &Model, circle: &Circle, names: &Names, need: &Need) -> AnyView {
    let of = match need {
        Need::Security => "Security".to_owned(),
        Need::Owner(system) => {
            let name = live.systems.get(system).map_or_else(|| system.to_string(), |it| it.name.clone());
            format!("Owner of {name}")
        }
    };
    let who = it.who_may(need, live, circle);
    let listed: Vec<String> = who.iter().map(|account| names.name(account)).collect();
    let listed = if listed.is_empty() { "nobody yet".to_owned() } else { listed.join(", ") };
    let given = match it.approvals.get(need) {
        Some(approval) => {
            view! { {icon("circle-check")}{format!("{}, {}", names.name(&approval.by), approval.at)} }.into_any()
        }
        None if it.state == State::Review && who.contains(&place.account.id) => view! {
            <form method="post" action=place.paths.proposal(it.key)>
                {hidden("step", "approve".to_owned())}
                {hidden("need", need.to_string())}
                <button class="button small primary">{format!("Approve as {}", of.to_lowercase())}</button>
            </form>
        }
        .into_any(),
        None => view! { <span class="muted">"Missing"</span> }.into_any(),
    };
    view! { <tr><th scope="row">{of}</th>{cell("Who may", listed)}{cell("Given", given)}</tr> }.into_any()
}

/// Sending to review, merging, giving up: whatever of it makes sense now.
pub(super) fn moves(place: &Place, it: &Proposal, own: bool, clash: bool, circle: &Circle) -> Option<AnyView> {
    if !it.state.is_open() || !place.may(Capability::EditModel) {
        return None;
    }
    let button = |step: &str, label: &'static str, class: &'static str| {
        view! {
            <form method="post" action=place.paths.proposal(it.key)>
                {hidden("step", step.to_owned())}
                <button class=class>{label}</button>
            </form>
        }
    };
    let submit = (own && it.state == State::Draft && !it.edits.is_empty())
        .then(|| button("submit", "Send to review", "button primary"));
    let (gates, needs) = (it.open_gates().count(), it.open_needs(circle).len());
    let ready = it.state == State::Review && gates == 0 && needs == 0 && !clash;
    let merge = ready.then(|| button("merge", "Merge: make it live", "button primary"));
    let waits = (it.state == State::Review && !ready).then(|| {
        let clash = if clash { " Something changed meanwhile." } else { "" };
        view! { <p class="meta">{format!("Open: {gates} gates, {needs} approvals.{clash}")}</p> }
    });
    let withdraw = own.then(|| button("withdraw", "Give it up", "button quiet"));
    let alone = (ready && circle.is_alone())
        .then(|| view! { <p class="meta">"You are the only member: it will be marked not four-eyes."</p> });
    Some(view! { {waits}{alone}<div class="button-row">{submit}{merge}{withdraw}</div> }.into_any())
}
