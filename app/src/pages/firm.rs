//! How firm a verdict is: a second proof, what would flip it, and what an exclusion rests on until when.
//!
//! What takes several runs of the engine is asked for by a link, so that the page itself stays cheap.

use std::sync::Arc;

use domain::blast::flip::into_scope::into_scope;
use domain::blast::flip::{Way, flip, words};
use domain::inventory::work::{fields_unknown, unrecognised};
use domain::model::flow::Flow;
use domain::model::system::System;
use domain::scope::reliance::{proven_until, untried};
use domain::scope::second::second;
use domain::scope::verdict::Category;
use leptos::prelude::*;

use super::request::{Place, Request};
use super::systems::flow_name;
use crate::ui::link::with_query;
use crate::ui::notice::{Tone, notice};
use crate::ui::scope::Shown;
use crate::ui::sentence::sentence;
use crate::ui::table::{cell, count, small};

/// How many flows are named of which nobody said what they carry.
const MOST_OPEN: usize = 5;

/// The section below the proof. Nothing where the system is not ours or not live.
pub(super) fn section(place: &Place, request: &Request, system: &System) -> Option<AnyView> {
    let verdict = place.estate.scope.systems.get(&system.id)?;
    let content = match verdict.category {
        category if category.in_scope() => {
            let second = asked(request, "second").then(|| second_path(place, system));
            let flip = asked(request, "flip").then(|| way_out(place, system));
            view! {
                {second.unwrap_or_else(|| link(place, request, system, "second", "Is there a second path that shares no fact?"))}
                {flip.unwrap_or_else(|| link(place, request, system, "flip", "What would take it out of scope?"))}
            }
            .into_any()
        }
        Category::OutOfScope => {
            let flip = asked(request, "flip").then(|| way_in(place, system));
            view! {
                {unsaid(place, system)}
                {rests_on(place, system)}
                {flip.unwrap_or_else(|| link(place, request, system, "flip", "What would bring it into scope?"))}
            }
            .into_any()
        }
        _ => return None,
    };
    Some(
        view! {
            <section class="section" aria-labelledby="firm"><h2 id="firm">"How firm this is"</h2>{content}</section>
        }
        .into_any(),
    )
}

fn asked(request: &Request, name: &str) -> bool {
    request.query(name).as_deref() == Some("1")
}

/// The question as a link to its answer; what is answered already stays answered.
fn link(place: &Place, request: &Request, system: &System, name: &'static str, words: &'static str) -> AnyView {
    let kept = ["second", "flip"].map(|other| (other, if other == name || asked(request, other) { "1" } else { "" }));
    let href = format!("{}#firm", with_query(&place.paths.system(&system.id), &kept));
    view! { <p><a href=href>{words}</a></p> }.into_any()
}

fn second_path(place: &Place, system: &System) -> AnyView {
    let (model, scope) = (&place.estate.model, &place.estate.scope);
    let sentences = second(model, scope, &system.id).sentences(model, scope, &system.id);
    let items: Vec<_> = sentences.iter().map(|it| view! { <li><p>{sentence(&place.paths, it)}</p></li> }).collect();
    view! { <h3 id="second">"A second path that shares no fact"</h3><ul class="list-rows">{items}</ul> }.into_any()
}

fn way_out(place: &Place, system: &System) -> AnyView {
    let found = flip(&place.estate.model, &place.estate.scope, &system.id);
    let content = match found {
        Some(found) if found.out.is_some() || found.lower.is_some() => {
            let same = found.out == found.lower;
            let lower = found.lower.filter(|_| !same).map(|it| way(place, system, &it, "flip-lower"));
            let none = found.out.is_none().then(|| {
                view! { <p>"No change that can be proposed takes it out of scope; this takes it to a lower category."</p> }
            });
            let out = found.out.map(|it| way(place, system, &it, "flip-out"));
            view! { {out}{none}{lower} }.into_any()
        }
        _ => view! { <p>"No change that can be proposed lowers its category."</p> }.into_any(),
    };
    view! { <h3>"What would take it out of scope"</h3>{content} }.into_any()
}

/// The changes of one way, with what they cost and what the engine says of the result.
fn way(place: &Place, system: &System, way: &Way, id: &'static str) -> AnyView {
    let rows = way
        .options
        .iter()
        .map(|option| {
            let told: Vec<_> = option
                .effects
                .iter()
                .map(|edit| view! { <p>{sentence(&place.paths, &words::sentence(edit, &place.estate.model))}</p> })
                .collect();
            view! { <tr><th scope="row">{told}</th>{cell("Cost", days(option.cost))}</tr> }.into_any()
        })
        .collect();
    let caption = format!("{} for {}", count(way.options.len(), "change"), days(way.cost));
    let smallest = if way.smallest { "Fewer changes do not do it." } else { "Fewer changes may do it too." };
    view! {
        {small(id, caption, &["Change", "Cost"], rows)}
        <p>{format!("{} would then have the category: {}. {smallest}", system.name, way.after.0.label())}</p>
    }
    .into_any()
}

fn days(cost: u64) -> String {
    format!("{cost} person-day{}", if cost == 1 { "" } else { "s" })
}

/// The flows of which nobody said what they carry: an exclusion is as good as what is known.
fn unsaid(place: &Place, system: &System) -> Option<AnyView> {
    let model = &place.estate.model;
    let touches = |flow: &&Arc<Flow>| flow.from == system.id || flow.to == system.id;
    let open: Vec<_> = model.flows.values().filter(touches).filter(|flow| unanswered(flow)).collect();
    if open.is_empty() {
        return None;
    }
    let links: Vec<_> = open
        .iter()
        .take(MOST_OPEN)
        .map(|flow| view! { <li><a href=place.paths.flow(&flow.id)>{flow_name(model, flow)}</a></li> })
        .collect();
    let more = open.len().saturating_sub(MOST_OPEN);
    let more = (more > 0).then(|| view! { <li class="muted">{format!("and {more} more")}</li> });
    let words = match open.len() {
        1 => {
            "Not proven yet: it is not known what one of its flows carries. Account data on it would bring the system into scope."
        }
        _ => {
            "Not proven yet: it is not known what some of its flows carry. Account data on one would bring the system into scope."
        }
    };
    Some(view! { {notice(Tone::Warn, words)}<ul class="list-rows">{links}{more}</ul> }.into_any())
}

fn unanswered(flow: &Flow) -> bool {
    fields_unknown(flow) || unrecognised(flow)
}

fn rests_on(place: &Place, system: &System) -> AnyView {
    let model = &place.estate.model;
    let list = untried(model, &place.estate.scope, &system.id);
    if list.is_empty() {
        return view! {
            <p>"No control, decision or attestation keeps it out: what the model says of it and its flows does. Every change there counts."</p>
        }
        .into_any();
    }
    let unproven = list.iter().filter(|it| !it.proven).count();
    let ends = match (unproven, proven_until(&list)) {
        (0, Some(day)) => format!(" until {day}, when the first of its proofs ends"),
        (0, None) => String::new(),
        (_, Some(day)) => format!(", {unproven} of them without proof; the first of the other proofs ends on {day}"),
        (_, None) => format!(", {unproven} of them without proof"),
    };
    let until = format!("This proof relies on {}{ends}.", things(list.len()));
    let items: Vec<_> =
        list.iter().map(|it| view! { <li><p>{sentence(&place.paths, &it.proof_sentence(model))}</p></li> }).collect();
    view! { <p>{until}</p><ul class="list-rows">{items}</ul> }.into_any()
}

fn things(number: usize) -> String {
    if number == 1 { "one thing".to_owned() } else { format!("{number} things") }
}

fn way_in(place: &Place, system: &System) -> AnyView {
    let model = &place.estate.model;
    let found = into_scope(model, &place.estate.scope, &system.id);
    let items: Vec<_> = found
        .iter()
        .map(|it| {
            let after = Shown::category(it.after.0, it.after.1).chip();
            view! { <li><p class="grow">{sentence(&place.paths, &it.sentence(model, &system.id))}</p>{after}</li> }
        })
        .collect();
    let content = if items.is_empty() {
        view! { <p>"No single fact would: the model has no system that handles account data."</p> }.into_any()
    } else {
        view! { <ul class="list-rows">{items}</ul> }.into_any()
    };
    view! { <h3>"What would bring it into scope"</h3>{content} }.into_any()
}
