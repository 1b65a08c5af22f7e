//! Which data elements a system gained, when, by which change, and who approved it.

use domain::creep::{Gain, gains};
use domain::id::SystemId;
use domain::model::catalogue;
use domain::model::element::{Holding, Op};
use domain::problem::Problem;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::history::action;
use super::super::request::{Place, Request};
use super::flow_name;
use crate::ui::header::Header;
use crate::ui::notice::empty_state;
use crate::ui::scope::elements;
use crate::ui::table::{cell, count, small};

/// How many changes are looked through.
const MOST: u32 = 200;

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let id = SystemId::new(request.path("key"));
    let system = place.estate.model.systems.get(&id).cloned().ok_or(Problem::NotFound)?;
    let journal = request.backend()?.journal_of_system(&place.estate.workspace.id, &id, MOST).await?;
    let is_all = journal.len() < usize::try_from(MOST).unwrap_or(usize::MAX);
    let gained = gains(&id, &journal);
    let table = if gained.is_empty() {
        let sentence = "No change that is kept brought a data element to this system.";
        empty_state("history", "Nothing gained", sentence, ())
    } else {
        let rows = gained.iter().map(|it| row(&place, it)).collect();
        let columns = ["When (UTC)", "Element", "Form", "By", "Change", "Who", "Approved by"];
        small("timeline", format!("{}, newest first", count(gained.len(), "gain")), &columns, rows)
    };
    let heading = format!("What {} gained", system.name);
    let head = Header::new(heading.clone())
        .below(place.paths.page("systems"), "Systems")
        .below(place.paths.system(&id), system.name.clone())
        .lede("Every data element that came to it, by which change, and who approved it.");
    let older = (!is_all).then(|| {
        view! { <p class="hint">{format!("The newest {MOST} changes that name this system were looked through.")}</p> }
    });
    let body = view! { {head.view()}{table}{older} };
    Ok(Screen::inside(&place, Section::Inventory, heading, body))
}

fn row(place: &Place, it: &Gain) -> AnyView {
    let model = &place.estate.model;
    let at = it.at.to_string();
    let chip = Holding::new(it.element.clone(), it.form, &[Op::Transmit]);
    let name = catalogue::element(it.element.as_str()).map_or_else(|| it.element.to_string(), |row| row.name.clone());
    let by = match &it.flow {
        None => view! { <span>"Its own holding"</span> }.into_any(),
        Some(id) => match model.flows.get(id) {
            Some(flow) => view! { <a href=place.paths.flow(id)>{flow_name(model, flow)}</a> }.into_any(),
            None => view! { <span class="key">{id.to_string()}</span> }.into_any(),
        },
    };
    let approved = match &it.approved_by {
        None => view! { <span class="muted">"Not recorded"</span> }.into_any(),
        Some(id) => {
            let name = model.people.get(id).map_or_else(|| id.to_string(), |person| person.name.clone());
            view! { <a href=place.paths.person(id)>{name}</a> }.into_any()
        }
    };
    view! {
        <tr>
            <th scope="row"><time datetime=at.clone()>{at.clone()}</time></th>
            {cell("Element", view! {
                {elements(std::slice::from_ref(&chip))}
                " "
                <a href=place.paths.element(&it.element)>{name}</a>
            })}
            {cell("Form", it.form.label())}
            {cell("By", by)}
            {cell("Change", format!("{} (revision {})", action(&it.action), it.revision.0))}
            {cell("Who", it.actor.clone())}
            {cell("Approved by", approved)}
        </tr>
    }
    .into_any()
}
