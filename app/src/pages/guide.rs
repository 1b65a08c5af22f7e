//! The start guide: six steps from an empty workspace to a small scope, what is left of each, and what they have done so far.

use domain::inventory::guide::{Step, left_scope, steps};
use domain::inventory::title;
use domain::model::object::ObjectRef;
use domain::problem::Problem;
use domain::role::Capability;
use domain::scope::delta::CategoryChange;
use domain::scope::verdict::{Category, Sub};
use leptos::prelude::*;

use super::frame::{Screen, Section};
use super::request::{Place, Request};
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::scope::Shown;
use crate::ui::table::count;

/// How many objects a step names; the number of all is told.
const MOST: usize = 8;

/// How many systems that left scope are named.
const MOST_LEFT: usize = 30;

const LEDE: &str =
    "Six steps from nothing to a small scope that you can prove. Begin anywhere; each says what is left.";

pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    place.working()?;
    let moves = request.backend()?.scope_moves(&place.estate.workspace.id).await?;
    let all = steps(&place.estate.model, place.estate.today);
    let complete = all.iter().filter(|step| step.is_complete()).count();
    let items: Vec<_> = all.iter().enumerate().map(|(number, it)| step(&place, number, it)).collect();
    let add = place
        .may(Capability::EditModel)
        .then(|| header::keyed(place.paths.page("systems/new"), "plus", "Add a system", true, "s"));
    let body = view! {
        {Header::new("Start guide").lede(LEDE).actions(add).view()}
        <p class="meta" role="status">{format!("{complete} of {} steps are complete", all.len())}</p>
        <ol class="guide">{items}</ol>
        {effect(&place, &moves)}
    };
    Ok(Screen::inside(&place, Section::Home, "Start guide", body))
}

fn step(place: &Place, number: usize, step: &Step) -> AnyView {
    let id = format!("step-{}", number.saturating_add(1));
    let (state, told) = match (step.of, step.left.len()) {
        (0, _) => ("todo", "Nothing to look at yet".to_owned()),
        (of, 0) => ("done", format!("Done: all {of}")),
        (of, left) => ("current", format!("{left} left of {of}")),
    };
    let named: Vec<_> = step
        .left
        .iter()
        .take(MOST)
        .map(|(object, missing)| view! { <li>{link(place, object)}" "<span class="muted">{*missing}</span></li> })
        .collect();
    let more = step.left.len().saturating_sub(MOST);
    let done = (step.of > 0).then(|| {
        let label = format!("{}: {} of {} done", step.heading, step.done(), step.of);
        view! { <progress value=step.done().to_string() max=step.of.to_string() aria-label=label></progress> }
    });
    view! {
        <li class="card" data-state=state>
            <header class="card-header">
                <h2 id=id>{format!("{}. {}", number.saturating_add(1), step.heading)}</h2>
                <span class="badge" data-tone=if state == "done" { "ok" } else { "neutral" }>
                    {(state == "done").then(|| icon("check"))}
                    {told}
                </span>
            </header>
            <p class="muted">{step.why}</p>
            {done}
            {(!named.is_empty()).then(|| view! { <ul class="plain-list">{named}</ul> })}
            {(more > 0).then(|| view! { <p class="meta">{format!("and {more} more")}</p> })}
            <p><a href=place.paths.page(step.page)>{format!("Go to it: {}", step.heading.to_lowercase())}</a></p>
        </li>
    }
    .into_any()
}

fn link(place: &Place, object: &ObjectRef) -> AnyView {
    let model = &place.estate.model;
    let name = model.get(object).map_or_else(|| object.key(), |it| title(&it, model));
    view! { <a href=place.paths.object(object).unwrap_or_default()>{name}</a> }.into_any()
}

/// What left scope since the workspace was made, as the receipts of its changes tell.
fn effect(place: &Place, moves: &[CategoryChange]) -> AnyView {
    let left = left_scope(moves, &place.estate.scope);
    let content = if left.is_empty() {
        view! { <p class="muted">"No system has left scope yet. Each that does is named here."</p> }.into_any()
    } else {
        let rows: Vec<_> = left.iter().take(MOST_LEFT).map(|it| moved(place, it)).collect();
        let more = left.len().saturating_sub(MOST_LEFT);
        view! {
            <p>{format!("{} left scope since the workspace was made.", count(left.len(), "system"))}</p>
            <ul class="list-rows">{rows}</ul>
            {(more > 0).then(|| view! { <p class="meta">{format!("and {more} more")}</p> })}
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="effect">
            <header class="card-header"><h2 id="effect">"Effect so far"</h2></header>
            {content}
        </section>
    }
    .into_any()
}

fn moved(place: &Place, change: &CategoryChange) -> AnyView {
    let side = |side: Option<(Category, Option<Sub>)>| match side {
        Some((category, sub)) => Shown::category(category, sub).chip(),
        None => view! { <span class="muted">"gone"</span> }.into_any(),
    };
    let name = match place.estate.model.systems.get(&change.system) {
        Some(system) => {
            view! { <a class="grow" href=place.paths.system(&system.id)>{system.name.clone()}</a> }.into_any()
        }
        None => view! { <span class="grow">{change.name.clone()}</span> }.into_any(),
    };
    view! {
        <li>
            {name}
            <span class="cluster">
                {side(change.before)}
                {icon("arrow-right")}
                <span class="visually-hidden">" is now "</span>
                {side(change.after)}
            </span>
        </li>
    }
    .into_any()
}
