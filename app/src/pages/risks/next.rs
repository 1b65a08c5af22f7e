//! What to do next, what it costs, and which systems leave scope with it: one page for who answers for a product.

use domain::backend::risks::RiskRegister;
use domain::id::SystemId;
use domain::risk::view::next::{Effect, NextStep, Plan};
use leptos::prelude::*;

use super::super::request::Place;
use super::actions::{costs, due_view, risk_of};
use super::{level_chip, person};
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, small};

/// How many steps fit on one page.
const LISTED: usize = 25;

/// How many systems a step names.
const NAMED: usize = 5;

/// The steps that are planned, and the changes that nobody planned yet.
pub(super) fn view(place: &Place, register: &RiskRegister, plan: &Plan) -> AnyView {
    let (planned, proposed): (Vec<&NextStep>, Vec<&NextStep>) =
        plan.steps.iter().partition(|step| step.action.is_some());
    if plan.steps.is_empty() {
        let sentence =
            "No risk has an open action, and no single change that was calculated takes a system out of scope.";
        return empty_state("checklist", "Nothing is to be done", sentence, ());
    }
    view! {
        {part(place, register, "planned", "What is planned", &planned)}
        {part(place, register, "proposed", "What nobody planned yet, and what it would take out of scope", &proposed)}
        <p class="meta">
            {format!(
                "The effect of {} of {} was calculated, the cheapest first. An action carries one out where the name of the \
                 change stands in it.",
                plan.calculated,
                count(plan.proposed, "change"),
            )}
        </p>
    }
    .into_any()
}

fn part(
    place: &Place,
    register: &RiskRegister,
    id: &'static str,
    heading: &'static str,
    steps: &[&NextStep],
) -> Option<AnyView> {
    let rows: Vec<_> = steps.iter().take(LISTED).map(|step| row(place, register, step)).collect();
    let caption = if steps.len() > LISTED {
        format!("The first {LISTED} of {}", count(steps.len(), "step"))
    } else {
        count(steps.len(), "step")
    };
    let columns = ["What, and what it does", "Risk", "Level", "Who", "Due", "Leaves scope"];
    (!rows.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby=format!("{id}-heading")>
                <header class="section-header"><h2 id=format!("{id}-heading")>{heading}</h2></header>
                <p class="meta">{costs(steps)}</p>
                {small(id, caption, &columns, rows)}
            </section>
        }
        .into_any()
    })
}

fn row(place: &Place, register: &RiskRegister, step: &NextStep) -> AnyView {
    view! {
        <tr>
            <th scope="row" data-label="What, and what it does">{step.sentence()}</th>
            {cell("Risk", risk_of(place, register, step.action))}
            {cell("Level", step.level.map(|level| level_chip(register.register.scheme, level)))}
            {cell("Who", step.who.as_ref().map(|who| person(place, who)))}
            {cell("Due", due_view(step.due, step.late))}
            {cell("Leaves scope", step.effect.as_ref().map(|effect| leaving(place, effect)))}
        </tr>
    }
    .into_any()
}

fn leaving(place: &Place, effect: &Effect) -> AnyView {
    let name = |id: &SystemId| place.estate.model.systems.get(id).map_or_else(|| id.to_string(), |it| it.name.clone());
    let links: Vec<_> = effect
        .leave
        .iter()
        .take(NAMED)
        .map(|id| view! { <li><a href=place.paths.system(id)>{name(id)}</a></li> })
        .collect();
    let more = effect.leave.len().saturating_sub(NAMED);
    let more = (more > 0).then(|| view! { <li class="muted">{format!("and {more} more")}</li> });
    view! { <ul class="cluster">{links}{more}</ul> }.into_any()
}
