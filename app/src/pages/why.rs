//! Why a system is in scope, or is not: the proof in sentences.

use std::ops::Range;

use domain::id::SystemId;
use domain::model::system::System;
use domain::scene::estate::{ProofStep, mini_path_along, steps_along};
use domain::scene::{Theme, mini};
use domain::scope::explain::{Part, Sentence, explain_with_way};
use domain::scope::verdict::{Category, Verdict};
use leptos::prelude::*;

use super::request::Place;
use crate::ui::header;
use crate::ui::scope::Shown;
use crate::ui::sentence::sentence;

/// The verdict with its proof, in words and as a small drawing, and the other reasons.
pub(super) fn why_in_scope(place: &Place, system: &System, shown: Shown) -> AnyView {
    let (model, scope) = (&place.estate.model, &place.estate.scope);
    let Some(verdict) = scope.systems.get(&system.id) else { return ().into_any() };
    let heading = match verdict.category {
        category if category.in_scope() => "Why it is in scope",
        Category::OutOfScope => "Why it is not in scope",
        _ => "What it is to the scope",
    };
    // What both the sentences and the drawing follow is looked up once.
    let (sentences, way) = explain_with_way(model, scope, &system.id);
    let steps = steps_along(scope, &system.id, &way);
    let path = mini_path_along(model, scope, &system.id, &steps, &place.paths.home());
    let explain = place.paths.query("map", &[("mode", "explain"), ("focus", system.id.as_str())]);
    let explain = path.is_some().then(|| header::action(explain, "explain", "Explain on the map", false));
    view! {
        <section class="verdict" data-category=shown.category aria-labelledby="why">
            <header class="section-header"><h2 id="why">{heading}</h2>{explain}</header>
            <div class="split">
                <div class="stack tight">{told(place, &sentences, &steps)}{rule(verdict)}{others(verdict)}</div>
                {path.map(|path| view! { <div inner_html=mini(&path, PATH_WIDTH, Theme::Page)></div> })}
            </div>
        </section>
    }
    .into_any()
}

/// The room of the small drawing in pixels: beside the sentences there is width for one box, so they stand below each
/// other.
const PATH_WIDTH: i32 = 340;

/// The sentences of the proof: the verdict, then what leads to it. The steps have the numbers that the map gives them.
pub(super) fn proof(place: &Place, system: &System) -> AnyView {
    let (sentences, way) = explain_with_way(&place.estate.model, &place.estate.scope, &system.id);
    told(place, &sentences, &steps_along(&place.estate.scope, &system.id, &way))
}

fn told(place: &Place, sentences: &[Sentence], steps: &[ProofStep]) -> AnyView {
    let steps: Vec<_> = steps.iter().map(|step| (step.before.clone(), step.after.clone())).collect();
    let rest = sentences.get(1..).unwrap_or_default();
    let numbered = steps_within(rest, &steps).unwrap_or(0..rest.len());
    let said = |it: &Sentence| sentence(&place.paths, it);
    let plain = |them: &[Sentence]| them.iter().map(|it| view! { <p>{said(it)}</p> }).collect_view();
    let items: Vec<_> = rest[numbered.clone()].iter().map(|it| view! { <li><p>{said(it)}</p></li> }).collect();
    let items = (!items.is_empty()).then(|| view! { <ol class="steps">{items}</ol> });
    view! {
        {sentences.first().map(|it| view! { <p class="verdict-line"><span>{said(it)}</span></p> })}
        {plain(&rest[..numbered.start])}
        {items}
        {plain(&rest[numbered.end..])}
    }
    .into_any()
}

/// Which of the sentences tell the steps that the map numbers: as many as there are, from the first that names both
/// ends of the first step. `None` where the sentences tell something else.
fn steps_within(sentences: &[Sentence], steps: &[(SystemId, SystemId)]) -> Option<Range<usize>> {
    let names =
        |it: &Sentence, system: &SystemId| it.0.iter().any(|part| matches!(part, Part::System(id, _) if id == system));
    let tells = |it: &Sentence, step: &(SystemId, SystemId)| names(it, &step.0) && names(it, &step.1);
    let first = steps.first()?;
    let start = sentences.iter().position(|it| tells(it, first))?;
    let told = sentences.get(start..start.checked_add(steps.len())?)?;
    told.iter().zip(steps).all(|(it, step)| tells(it, step)).then_some(start..start + steps.len())
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
        .map(|reason| {
            view! {
                <li><span class="grow">{reason.rule.label()}</span><span class="key">{reason.rule.as_str()}</span></li>
            }
        })
        .collect();
    let summary = match verdict.reasons.saturating_sub(1) {
        1 => "1 other reason".to_owned(),
        more => format!("{more} other reasons"),
    };
    Some(view! { <details><summary>{summary}</summary><ul class="list-rows">{rows}</ul></details> }.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(systems: &[&str]) -> Sentence {
        Sentence(systems.iter().map(|id| Part::System(SystemId::new(*id), (*id).to_owned())).collect())
    }

    fn step(before: &str, after: &str) -> (SystemId, SystemId) {
        (before.into(), after.into())
    }

    #[test]
    fn the_numbered_sentences_are_those_of_the_steps_and_no_others() {
        let steps = [step("browser", "web"), step("web", "pay")];
        let sentences = [said(&["browser"]), said(&["browser", "web"]), said(&["web", "pay"]), said(&[])];
        assert_eq!(steps_within(&sentences, &steps), Some(1..3));
        assert_eq!(steps_within(&sentences[..2], &steps), None);
        assert_eq!(steps_within(&[said(&["browser", "web"]), said(&["pay"])], &steps), None);
        assert_eq!(steps_within(&sentences, &[]), None);
    }
}
