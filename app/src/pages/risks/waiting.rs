//! The decisions about risks that wait for somebody.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::risk::view::tasks::{Task, TaskKind};
use domain::risk::{Risk, RiskKey};
use leptos::prelude::*;

use super::super::request::Place;
use super::acceptance::badge;
use super::person;

/// What waits, with a link to where it is decided; nothing where nothing waits.
pub(in super::super) fn section(
    place: &Place,
    risks: &BTreeMap<RiskKey, Arc<Risk>>,
    tasks: &[Task],
) -> Option<AnyView> {
    list(place, risks, &tasks.iter().collect::<Vec<_>>(), "Decisions that wait")
}

/// How many decisions a list shows; my work and the filter of the register have the others.
const LISTED: usize = 50;

/// The same of some of them, under a heading of its own.
pub(super) fn list(
    place: &Place,
    risks: &BTreeMap<RiskKey, Arc<Risk>>,
    tasks: &[&Task],
    heading: &'static str,
) -> Option<AnyView> {
    let items: Vec<_> = tasks.iter().take(LISTED).map(|task| item(place, risks, task)).collect();
    let more = tasks.len().saturating_sub(LISTED);
    let more = (more > 0).then(|| view! { <p class="meta">{format!("And {more} more.")}</p> });
    (!items.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="decisions">
                <header class="card-header"><h2 id="decisions">{heading}</h2></header>
                <ul class="list-rows">{items}</ul>
                {more}
            </section>
        }
        .into_any()
    })
}

fn item(place: &Place, risks: &BTreeMap<RiskKey, Arc<Risk>>, task: &Task) -> AnyView {
    let title = risks.get(&task.risk).map(|risk| risk.title.clone()).unwrap_or_default();
    let who: Vec<_> = match task.kind {
        TaskKind::Approve => Vec::new(),
        _ => task.who.iter().take(1).map(|it| person(place, it)).collect(),
    };
    view! {
        <li>
            {badge(task.state)}
            <a class="grow" href=place.paths.risk(task.risk)>{title}</a>
            <span class="meta">{task.kind.label()}</span>
            <span class="meta">{who}</span>
        </li>
    }
    .into_any()
}
