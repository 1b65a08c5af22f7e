//! Why a system is in scope, or is not: the proof in sentences.

use domain::model::system::System;
use domain::scope::verdict::Verdict;
use leptos::prelude::*;

use super::request::Place;
use crate::ui::header;
use crate::ui::icon::icon;
use crate::ui::scope::Shown;
use crate::ui::sentence::sentence;

/// The verdict with its proof, other reasons and what it rests on.
pub(super) fn why_in_scope(place: &Place, system: &System, shown: Shown) -> AnyView {
    let Some(verdict) = place.estate.scope.systems.get(&system.id) else {
        return ().into_any();
    };
    let heading = if verdict.category.in_scope() { "Why it is in scope" } else { "Why it is not in scope" };
    let explain = place.paths.query("map", &[("mode", "explain"), ("focus", system.id.as_str())]);
    view! {
        <section class="verdict" data-category=shown.category aria-labelledby="why">
            <header class="section-header">
                <h2 id="why">{heading}</h2>
                {(verdict.witness.len() > 1).then(|| header::action(explain, "explain", "Explain on the map", false))}
            </header>
            {steps(place, system)}
            {rule(verdict)}
            {others(verdict)}
            {flags(verdict)}
        </section>
    }
    .into_any()
}

/// The steps of the proof, in order.
pub(super) fn steps(place: &Place, system: &System) -> AnyView {
    let sentences = sentences(place, system);
    let steps: Vec<_> =
        sentences.iter().map(|it| view! { <li><p>{sentence(&place.paths, it)}</p></li> }).collect();
    view! { <ol class="steps">{steps}</ol> }.into_any()
}

fn rule(verdict: &Verdict) -> Option<AnyView> {
    let rule = verdict.rule?;
    let computed = verdict
        .computed_category
        .map(|category| view! { <span>{format!("Without a person's decision: {}", category.label())}</span> });
    Some(
        view! {
            <p class="step-meta">
                <span>{rule.label()}</span>
                <span class="key">{rule.as_str()}</span>
                {verdict.opst.map(|opst| view! { <span>{format!("Scoping toolkit {}", opst.label())}</span> })}
                {computed}
            </p>
        }
        .into_any(),
    )
}

fn others(verdict: &Verdict) -> Option<AnyView> {
    if verdict.other_reasons.is_empty() {
        return None;
    }
    let rows: Vec<_> = verdict
        .other_reasons
        .iter()
        .map(|reason| view! { <li><span class="grow">{reason.rule.label()}</span><span class="key">{reason.rule.as_str()}</span></li> })
        .collect();
    let summary = match verdict.reasons.saturating_sub(1) {
        1 => "1 other reason".to_owned(),
        more => format!("{more} other reasons"),
    };
    Some(view! { <details><summary>{summary}</summary><ul class="list-rows">{rows}</ul></details> }.into_any())
}

fn flags(verdict: &Verdict) -> Option<AnyView> {
    if verdict.flags.is_empty() {
        return None;
    }
    let flags: Vec<_> = verdict
        .flags
        .iter()
        .map(|flag| view! { <li class="badge" data-tone="warn">{icon("circle-alert")}{flag.label()}</li> })
        .collect();
    Some(view! { <ul class="cluster" aria-label="What the verdict rests on">{flags}</ul> }.into_any())
}

/// The proof as sentences.
fn sentences(place: &Place, system: &System) -> Vec<domain::scope::explain::Sentence> {
    use domain::scope::explain::{Part, Sentence};
    let Some(verdict) = place.estate.scope.systems.get(&system.id) else { return Vec::new() };
    verdict
        .witness
        .iter()
        .zip(&verdict.steps)
        .map(|(node, step)| {
            let name = super::systems::system_name(&place.estate.model, node);
            Sentence(vec![Part::System(node.clone(), name), Part::Text(format!(": {}.", step.rule.label()))])
        })
        .collect()
}
