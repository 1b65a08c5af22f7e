//! The field lens: systems by elements, and the flows that send more than their target needs.

use domain::fields::{Cell, Excess, least_data, matrix};
use domain::id::{ElementId, SystemId};
use domain::model::draft::chip_label;
use domain::model::element::{Form, Holding};
use domain::problem::Problem;
use domain::role::Capability;
use leptos::prelude::*;

use super::element::element_name;
use super::frame::{Screen, Section};
use super::request::{Place, Request};
use super::systems::{flow_name, system_name};
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::notice::empty_state;
use crate::ui::scope::{Shown, elements};
use crate::ui::table::{Listing, cell, count, small};

/// How many flows the list of least data names.
const MOST: usize = 200;

const LEDE: &str = "Which system has which element, in which form, and what it does with it.";

pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let lens = matrix(&place.estate.model);
    let listing = Listing::of(place.paths.page("fields"), |name| request.query(name));
    let content = if lens.elements.is_empty() {
        let action = view! { <a class="button" href=place.paths.page("flows")>"Look at the flows"</a> };
        empty_state(
            "fields",
            "No element is declared yet",
            "Say on a system what it holds, or on a flow what it carries.",
            action,
        )
    } else {
        let rows: Vec<_> = lens.cells.iter().collect();
        let body = listing.slice(&rows).iter().map(|(id, cells)| row(&place, id, &lens.elements, cells)).collect();
        let heads = lens.elements.iter().map(|id| element_head(&place, id)).collect();
        let caption = format!("{} by {}", count(rows.len(), "system"), count(lens.elements.len(), "element"));
        view! { {grid(caption, heads, body)}{listing.pagination(rows.len())} }.into_any()
    };
    let body = view! {
        {Header::new("Fields").lede(LEDE).view()}
        {content}
        {excess(&place)}
    };
    Ok(Screen::inside(&place, Section::Fields, "Fields", body))
}

/// A table whose columns come from the data: it scrolls in a frame of its own, and its first column stays.
fn grid(caption: String, heads: Vec<AnyView>, rows: Vec<AnyView>) -> AnyView {
    view! {
        <div class="table-wrap" role="region" aria-labelledby="matrix" tabindex="0">
            <table class="table matrix">
                <caption id="matrix">{caption}</caption>
                <thead><tr><th scope="col">"System"</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn element_head(place: &Place, id: &ElementId) -> AnyView {
    let name = element_name(id);
    let short = short_name(id);
    view! { <th scope="col"><a href=place.paths.element(id) title=name>{short}</a></th> }.into_any()
}

fn row(
    place: &Place,
    id: &SystemId,
    elements: &[ElementId],
    cells: &std::collections::BTreeMap<ElementId, Cell>,
) -> AnyView {
    let model = &place.estate.model;
    let chip = model.systems.get(id).map(|system| Shown::of(system, place.estate.scope.systems.get(id)).chip());
    let cells: Vec<_> = elements.iter().map(|element| of(element, cells.get(element))).collect();
    view! {
        <tr>
            <th scope="row"><span class="cluster">{chip}<a href=place.paths.system(id)>{system_name(model, id)}</a></span></th>
            {cells}
        </tr>
    }
    .into_any()
}

/// The forms, and what the system does with it. What only its flows say is told apart.
fn of(element: &ElementId, cell: Option<&Cell>) -> AnyView {
    let Some(cell) = cell else { return view! { <td data-label=short_name(element)></td> }.into_any() };
    let forms: Vec<&str> = cell.forms.iter().map(|form| form.label()).collect();
    let ops: Vec<&str> = cell.ops.iter().map(|op| op.label()).collect();
    let ops = if cell.declared { ops.join(", ").to_lowercase() } else { "flows only".to_owned() };
    view! {
        <td data-label=short_name(element)>
            {forms.join(", ")}
            " "
            <span class="meta">{ops}</span>
        </td>
    }
    .into_any()
}

fn excess(place: &Place) -> AnyView {
    let all = least_data(&place.estate.model);
    let content = if all.is_empty() {
        view! { <p>"No flow sends a system of ours more than it declares it needs."</p> }.into_any()
    } else {
        let rows = all.iter().take(MOST).map(|it| too_much(place, it)).collect();
        let caption = if all.len() > MOST {
            format!("The first {MOST} of {}", count(all.len(), "field"))
        } else {
            format!("{} more than is needed", count(all.len(), "field"))
        };
        if place.may(Capability::EditModel) {
            let table = small("least", caption, &["Take", "Flow", "Sends", "To", "Needs"], rows);
            view! {
                <form class="stack" method="get" action=place.paths.page("least-data")>
                    {table}
                    <div class="button-row">
                        <button class="button">{icon("check")}"Look at dropping what is ticked"</button>
                        <a class="button quiet" href=place.paths.page("least-data")>
                            {format!("Look at dropping all {}", all.len())}
                        </a>
                    </div>
                </form>
            }
            .into_any()
        } else {
            small("least", caption, &["Flow", "Sends", "To", "Needs"], rows)
        }
    };
    view! {
        <section class="section" aria-labelledby="least-data">
            <h2 id="least-data">"Least data"</h2>
            <p class="meta">
                "What a flow sends although its target declares no use of it, or needs it only in a form that tells less."
            </p>
            {content}
        </section>
    }
    .into_any()
}

fn too_much(place: &Place, it: &Excess) -> AnyView {
    let model = &place.estate.model;
    let name = model.flows.get(&it.flow).map_or_else(|| it.flow.to_string(), |flow| flow_name(model, flow));
    let sent = Holding::new(it.element.clone(), it.form, &[]);
    let needs = if it.needs.is_empty() {
        "declares no use of it".to_owned()
    } else {
        let forms: Vec<String> = it.needs.iter().map(|form| form.label().to_lowercase()).collect();
        format!("only {}", forms.join(", "))
    };
    let edits = place.may(Capability::EditModel);
    let tick = edits.then(|| {
        let label = format!("Drop {} from {name}", element_name(&it.element));
        view! { <td data-label="Take"><input type="checkbox" name="take" value=it.word() aria-label=label/></td> }
    });
    let own = place.paths.flow(&it.flow);
    let href = if edits { format!("{own}/edit") } else { own };
    view! {
        <tr>
            {tick}
            <th scope="row"><a href=href>{name}</a></th>
            {cell("Sends", view! { {elements(std::slice::from_ref(&sent))}" "{element_name(&it.element)} })}
            {cell("To", view! { <a href=place.paths.system(&it.to)>{system_name(model, &it.to)}</a> })}
            {cell("Needs", needs)}
        </tr>
    }
    .into_any()
}

/// The word of its chip, which fits above a column and beside a cell.
fn short_name(id: &ElementId) -> String {
    chip_label(&Holding::new(id.clone(), Form::Clear, &[]))
}
