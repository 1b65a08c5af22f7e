//! What the person who looks has to do about risks: actions, decisions, reviews.

use domain::backend::risks::RiskRegister;
use domain::risk::Risk;
use domain::risk::action::{Action, Waiting};
use domain::risk::view::mine::{Mine, REVIEW_DAYS, mine};
use domain::time::Day;
use leptos::prelude::*;

use super::super::request::Place;
use super::actions::due_view;
use super::{level_chip, waiting};
use crate::ui::notice::{Tone, empty_state, notice};
use crate::ui::table::{cell, count, small};

/// How many actions and reviews are listed.
const LISTED: usize = 200;

/// The work of who looks.
pub(super) fn work(place: &Place, register: &RiskRegister) -> AnyView {
    let risks = register.risks.values().map(|risk| &**risk);
    let found = mine(risks, &register.tasks, register.me.as_ref(), register.tier, place.estate.today);
    let nobody = register.me.is_none().then(|| {
        notice(
            Tone::Info,
            "Your account is linked to no person of this workspace, so no action and no risk can be yours. Whoever manages \
             members links it on the page of the person.",
        )
    });
    if found.is_empty() {
        let sentence = format!(
            "No action is yours, no decision waits for you, and no risk of yours is to be reviewed within {REVIEW_DAYS} days."
        );
        return view! { {nobody}{empty_state("checklist", "Nothing waits for you", &sentence, ())} }.into_any();
    }
    view! {
        {nobody}
        {decisions(place, register, &found)}
        {actions(place, register, &found)}
        {reviews(place, register, &found)}
    }
    .into_any()
}

fn decisions(place: &Place, register: &RiskRegister, found: &Mine<'_>) -> Option<AnyView> {
    waiting::list(place, &register.risks, &found.decisions, "Decisions that wait for you")
}

fn actions(place: &Place, register: &RiskRegister, found: &Mine<'_>) -> Option<AnyView> {
    let rows: Vec<_> = found
        .actions
        .iter()
        .take(LISTED)
        .map(|(risk, action, waits)| action_row(place, register, risk, action, waits))
        .collect();
    (!rows.is_empty()).then(|| {
        let columns = ["What", "Risk", "Level", "Due", "State", "Waits for"];
        view! {
            <section class="section" aria-labelledby="my-actions-heading">
                <header class="section-header"><h2 id="my-actions-heading">"Your actions"</h2></header>
                {small("my-actions", count(found.actions.len(), "action"), &columns, rows)}
            </section>
        }
        .into_any()
    })
}

fn action_row(place: &Place, register: &RiskRegister, risk: &Risk, action: &Action, waits: &Waiting) -> AnyView {
    let scheme = register.register.scheme;
    let waits = match waits {
        Waiting::No => String::new(),
        Waiting::For(numbers) | Waiting::Forever(numbers) => {
            numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
    };
    view! {
        <tr>
            <th scope="row" data-label="What">{action.what.clone()}</th>
            {cell("Risk", view! { <a href=place.paths.risk(risk.key)>{risk.title.clone()}</a> })}
            {cell("Level", risk.level(scheme).map(|level| level_chip(scheme, level)))}
            {cell("Due", due_view(action.due, action.is_late(place.estate.today)))}
            {cell("State", action.state.label())}
            {cell("Waits for", waits)}
        </tr>
    }
    .into_any()
}

fn reviews(place: &Place, register: &RiskRegister, found: &Mine<'_>) -> Option<AnyView> {
    let rows: Vec<_> =
        found.reviews.iter().take(LISTED).map(|(day, risk)| review_row(place, register, *day, risk)).collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="my-reviews-heading">
                <header class="section-header"><h2 id="my-reviews-heading">"Risks to review"</h2></header>
                {small("my-reviews", count(found.reviews.len(), "review"), &["Risk", "Level", "Review"], rows)}
            </section>
        }
        .into_any()
    })
}

fn review_row(place: &Place, register: &RiskRegister, day: Day, risk: &Risk) -> AnyView {
    let scheme = register.register.scheme;
    view! {
        <tr>
            <th scope="row" data-label="Risk"><a href=place.paths.risk(risk.key)>{risk.title.clone()}</a></th>
            {cell("Level", risk.level(scheme).map(|level| level_chip(scheme, level)))}
            {cell("Review", due_view(Some(day), day < place.estate.today))}
        </tr>
    }
    .into_any()
}
