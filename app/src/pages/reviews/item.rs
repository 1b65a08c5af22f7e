//! One item: what differs about it in words, and what can be said of it.

use std::collections::BTreeMap;

use domain::review::draft::item_key;
use domain::review::session::{LeadsTo, Tick, TickSaid, TickState};
use domain::review::{Item, SealKey};
use domain::time::Timestamp;
use leptos::prelude::*;

use super::super::findings::named;
use super::super::request::Place;
use super::super::risks::person;
use super::super::snapshots::changes::{differs, fate};
use super::Seen;
use crate::ui::field::hidden;
use crate::ui::icon::icon;
use crate::ui::impact::moved;

/// The name of an item, linked to its facts.
pub(super) fn name(place: &Place, item: &Item) -> AnyView {
    if place.estate.model.get(&item.object).is_some() {
        named(place, &item.object)
    } else {
        item.name.clone().into_any()
    }
}

/// What differs about an item and its parts, before and after.
pub(super) fn difference(place: &Place, item: &Item) -> AnyView {
    let lines: Vec<_> = item
        .lines
        .iter()
        .map(|line| {
            let own = line.change.object == item.object;
            let of = (!own).then(|| {
                let kind = line.change.object.kind().label().to_lowercase();
                view! { {kind}" "{named(place, &line.change.object)}": " }
            });
            view! { <li>{of}{fate(&line.change.change)}{differs(&line.change.change)}</li> }
        })
        .collect();
    let scope = item.category.as_ref().map(|it| moved(&place.paths, std::slice::from_ref(it), 1));
    let never = item.base.is_none().then(|| view! { <p class="meta">"Nobody has signed it before."</p> });
    let nothing = (item.is_unchanged()).then(|| view! { <p class="meta">"As it was when it was last signed."</p> });
    view! { {never}{nothing}{(!lines.is_empty()).then(|| view! { <ul class="plain">{lines}</ul> })}{scope} }.into_any()
}

/// Since when the difference counts.
pub(super) fn since(bases: &BTreeMap<SealKey, Timestamp>, place: &Place, item: &Item) -> Option<AnyView> {
    let key = item.base?;
    let at = bases.get(&key)?;
    let words = format!("Since {}, ", at.day());
    Some(
        view! { <p class="meta">{words}<a class="key" href=place.paths.seal(key)>{key.to_string()}</a></p> }.into_any(),
    )
}

/// Whether somebody looked, and what they said.
pub(super) fn state(seen: &Seen, item: &Item) -> AnyView {
    match seen.review.session.tick_state(item) {
        TickState::Open => view! { <span class="badge" data-tone="warn">"Open"</span> }.into_any(),
        TickState::FellOff => {
            view! { <span class="badge" data-tone="error">"Changed after it was ticked"</span> }.into_any()
        }
        TickState::Holds(tick) => said(&seen.place, tick),
    }
}

/// What somebody said of an item.
pub(super) fn said(place: &Place, tick: &Tick) -> AnyView {
    let (tone, word, more) = match &tick.said {
        TickSaid::Unchanged => ("ok", "Still correct", None),
        TickSaid::Confirmed => ("ok", "Confirmed", None),
        TickSaid::NeedsChange { words, leads_to } => ("info", "Needs change", Some((words, leads_to))),
    };
    let more = more.map(|(words, leads_to)| {
        let to = match leads_to {
            LeadsTo::Task { who, due } => {
                view! { " Task for "{person(place, who)}", due "{due.to_string()}"." }.into_any()
            }
            LeadsTo::Proposal(key) => match key.parse::<domain::proposal::ProposalKey>() {
                Ok(key) => view! { " Proposal "<a href=place.paths.proposal(key)>{key.to_string()}</a>"." }.into_any(),
                Err(_) => format!(" Proposal {key}.").into_any(),
            },
        };
        view! { <p>{words.clone()}{to}</p> }
    });
    view! {
        <span class="badge" data-tone=tone>{word}</span>
        <span class="meta">" "{person(place, &tick.by)}", "{tick.at.to_string()}</span>
        {more}
    }
    .into_any()
}

/// What can be said of an item: confirming is one press; what needs words has a form of its own. `next` is the item that
/// a meeting goes to afterwards.
pub(super) fn buttons(seen: &Seen, item: &Item, next: Option<usize>) -> Option<AnyView> {
    if !seen.is_open() {
        return None;
    }
    let key = item_key(&item.object);
    let at_item = || next.map(|it| hidden("at_item", it.to_string()));
    if seen.is_done(item) {
        return Some(
            view! {
                <form method="post" action=seen.own()>
                    {hidden("step", "untick".to_owned())}
                    {hidden("item", key)}
                    {next.map(|_| hidden("at_item", seen.number(item).to_string()))}
                    <button class="button quiet small" aria-label=format!("Look again at {}", item.name)>
                        {icon("undo")}"Look again"
                    </button>
                </form>
            }
            .into_any(),
        );
    }
    let unchanged = item.is_unchanged();
    let (step, label) = if unchanged { ("attest", "Still correct") } else { ("confirm", "Confirm") };
    let press = next.map(|_| "c");
    let class = if next.is_some() { "button primary" } else { "button small" };
    let quiet = if next.is_some() { "button" } else { "button quiet small" };
    Some(
        view! {
            <div class="button-row">
                <form method="post" action=seen.own()>
                    {hidden("step", step.to_owned())}
                    {(!unchanged).then(|| hidden("item", key))}
                    {hidden("seen", item.fingerprint.clone())}
                    {at_item()}
                    <button
                        class=class
                        aria-label=format!("{label}: {}", item.name)
                        data-press=press
                        accesskey=press
                    >
                        {icon("check")}{label}
                    </button>
                </form>
                <a class=quiet href=seen.about(item, "change") aria-label=format!("Needs change: {}", item.name)>
                    "Needs change"
                </a>
                <a class=quiet href=seen.about(item, "ask") aria-label=format!("Ask somebody about {}", item.name)>
                    "Ask"
                </a>
            </div>
        }
        .into_any(),
    )
}
