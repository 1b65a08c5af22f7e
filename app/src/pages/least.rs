//! Least data: what many flows send without need, dropped at once, after a look at what that does to scope.

use domain::fields::{Excess, least, least_data};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::editor::not_done;
use super::element::element_name;
use super::frame::{Screen, Section};
use super::inventory::bulk::effect;
use super::request::{Place, Request};
use super::systems::{flow_name, system_name};
use crate::ui::field::hidden;
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, small};

const LEDE: &str = "Each flow then sends no more than its target declares it needs. One undo takes all of it back.";

/// The preview of what was ticked, or of everything where nothing was.
pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    if !place.may(Capability::EditModel) {
        return Err(Problem::Forbidden);
    }
    let asked = request.query_all("take");
    let all = least_data(&place.estate.model);
    let chosen: Vec<Excess> = all.into_iter().filter(|it| asked.is_empty() || asked.contains(&it.word())).collect();
    let content = if chosen.is_empty() {
        let back = view! { <a class="button" href=place.paths.page("fields")>"Back to the fields"</a> };
        empty_state("fields", "Nothing to drop", "No flow sends a system of ours more than it declares it needs.", back)
    } else {
        preview(&place, &chosen)
    };
    let body = view! {
        {Header::new("Drop what nobody needs").lede(LEDE).below(place.paths.page("fields"), "Fields").view()}
        {not_done(&request)}
        {content}
    };
    Ok(Screen::inside(&place, Section::Fields, "Drop what nobody needs", body))
}

fn preview(place: &Place, chosen: &[Excess]) -> AnyView {
    let model = &place.estate.model;
    let objects = least(&place.estate.stored, chosen);
    let flows = objects.len();
    let rows = chosen
        .iter()
        .map(|it| {
            let name = model.flows.get(&it.flow).map_or_else(|| it.flow.to_string(), |flow| flow_name(model, flow));
            view! {
                <tr>
                    <th scope="row"><a href=place.paths.flow(&it.flow)>{name}</a></th>
                    {cell("To", system_name(model, &it.to))}
                    {cell("Now", format!("{} ({})", element_name(&it.element), it.form.label().to_lowercase()))}
                    {cell("Then", then(it))}
                </tr>
            }
            .into_any()
        })
        .collect();
    let taken: Vec<_> = chosen.iter().map(|it| hidden("take", it.word())).collect();
    let caption = format!("{} on {} would change", count(chosen.len(), "field"), count(flows, "flow"));
    view! {
        {effect(place, objects)}
        {small("least", caption, &["Flow", "To", "Now", "Then"], rows)}
        <form class="button-row" method="post" action=place.paths.page("least-data")>
            {hidden("rev", place.estate.revision.0.to_string())}
            {taken}
            <button class="button primary">{icon("check")}{format!("Change {}", count(flows, "flow"))}</button>
            {header::action(place.paths.page("fields"), "close", "Cancel", false)}
        </form>
    }
    .into_any()
}

/// What becomes of a field.
fn then(it: &Excess) -> String {
    match it.needs.iter().max_by_key(|form| (form.openness(), std::cmp::Reverse(**form))) {
        Some(form) => format!("only {}", form.label().to_lowercase()),
        None => "not sent".to_owned(),
    }
}
