//! Why a system is in scope, or is not: the proof in sentences.

use domain::model::system::System;
use domain::scene::estate::mini_path;
use domain::scene::{Theme, mini};
use domain::scope::explain::explain;
use domain::scope::verdict::Verdict;
use leptos::prelude::*;

use super::request::Place;
use crate::ui::header;
use crate::ui::scope::Shown;
use crate::ui::sentence::sentence;

/// The verdict with its proof, in words and as a small drawing, and the other reasons.
pub(super) fn why_in_scope(place: &Place, system: &System, shown: Shown) -> AnyView {
    let (model, scope) = (&place.estate.model, &place.estate.scope);
    let Some(verdict) = scope.systems.get(&system.id) else { return ().into_any() };
    let heading = if verdict.category.in_scope() { "Why it is in scope" } else { "Why it is not in scope" };
    let path = mini_path(model, scope, &system.id, &place.paths.home());
    let explain = place.paths.query("map", &[("mode", "explain"), ("focus", system.id.as_str())]);
    let explain = path.is_some().then(|| header::action(explain, "explain", "Explain on the map", false));
    view! {
        <section class="verdict" data-category=shown.category aria-labelledby="why">
            <header class="section-header"><h2 id="why">{heading}</h2>{explain}</header>
            <div class="split">
                <div>{proof(place, system)}{rule(verdict)}{others(verdict)}</div>
                {path.map(|path| view! { <div class="map-path-frame" inner_html=mini(&path, PATH_WIDTH, Theme::Page)></div> })}
            </div>
        </section>
    }
    .into_any()
}

/// The room of the small drawing in pixels: beside the sentences there is width for one box, so they stand below each other.
const PATH_WIDTH: i32 = 340;

/// The sentences of the proof: the verdict, then what leads to it.
pub(super) fn proof(place: &Place, system: &System) -> AnyView {
    let sentences = explain(&place.estate.model, &place.estate.scope, &system.id);
    let mut sentences = sentences.iter();
    let verdict =
        sentences.next().map(|it| view! { <p class="verdict-line"><span>{sentence(&place.paths, it)}</span></p> });
    let steps: Vec<_> = sentences.map(|it| view! { <li><p>{sentence(&place.paths, it)}</p></li> }).collect();
    let steps = (!steps.is_empty()).then(|| view! { <ol class="steps">{steps}</ol> });
    view! { {verdict}{steps} }.into_any()
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
