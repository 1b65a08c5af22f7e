//! The matrix: a table of likelihood and impact, each cell with its level and a link to its risks.

use domain::backend::risks::RiskRegister;
use domain::risk::record::Stand;
use domain::risk::view::matrix::{Cell, Matrix};
use domain::risk::view::table::{USUAL_STAND, cell_term};
use domain::risk::{Scheme, Step};
use leptos::prelude::*;

use super::super::request::{Place, Request};
use super::level_chip;
use crate::ui::table::{cell as labelled, count};

/// How many risks of a cell are listed in it; the table lists all of them.
const LISTED: usize = 20;

/// The matrix of the rating that the query asks for, with the risks below it.
pub(super) fn matrix(place: &Place, request: &Request, register: &RiskRegister) -> AnyView {
    let stand = request.query("stand").and_then(|word| word.parse().ok()).unwrap_or(USUAL_STAND);
    let scheme = register.register.scheme;
    let matrix = Matrix::of(register.risks.values().map(|risk| &**risk), scheme, stand);
    let heads: Vec<_> = Step::scale(scheme.steps())
        .map(|step| view! { <th scope="col">{format!("{} {}", step.number(), scheme.step_label(step))}</th> })
        .collect();
    let rows: Vec<_> = matrix.rows.iter().map(|cells| row(place, register, (scheme, stand), cells)).collect();
    let caption = format!("{} rating by likelihood and impact, {}", stand.label(), scheme.label());
    view! {
        {choice(place, stand)}
        <div class="table-wrap" role="region" aria-labelledby="matrix" tabindex="0">
            <table class="table">
                <caption id="matrix">{caption}</caption>
                <thead><tr><th scope="col">"Likelihood, impact"</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {unrated(place, register, &matrix)}
    }
    .into_any()
}

fn choice(place: &Place, current: Stand) -> AnyView {
    let links: Vec<_> = Stand::ALL
        .iter()
        .map(|stand| {
            let href = place.paths.query("risks", &[("view", "matrix"), ("stand", stand.as_str())]);
            let current = (*stand == current).then_some("page");
            view! { <a href=href aria-current=current>{stand.label()}</a> }
        })
        .collect();
    view! { <nav class="tabs" aria-label="Which rating">{links}</nav> }.into_any()
}

fn row(place: &Place, register: &RiskRegister, (scheme, stand): (Scheme, Stand), cells: &[Cell]) -> AnyView {
    let step = cells.first().map(|cell| cell.likelihood);
    let head = step.map(|step| format!("{} {}", step.number(), scheme.step_label(step)));
    let cells: Vec<_> = cells.iter().map(|cell| cell_view(place, register, (scheme, stand), cell)).collect();
    view! { <tr><th scope="row">{head}</th>{cells}</tr> }.into_any()
}

fn cell_view(place: &Place, register: &RiskRegister, (scheme, stand): (Scheme, Stand), cell: &Cell) -> AnyView {
    let number = cell.number.map(|number| view! { <span class="meta">{number.to_string()}" "</span> });
    let risks = (!cell.risks.is_empty()).then(|| {
        let links: Vec<_> = cell
            .risks
            .iter()
            .take(LISTED)
            .map(|key| {
                let title = register.risks.get(key).map(|risk| risk.title.clone()).unwrap_or_default();
                view! { <li><a href=place.paths.risk(*key)>{key.to_string()}</a>" "{title}</li> }
            })
            .collect();
        let words = cell.words(scheme);
        view! {
            <details>
                <summary>{count(cell.risks.len(), "risk")}<span class="visually-hidden">{words}</span></summary>
                <ul>{links}</ul>
                {more(place, &format!("{stand}:{}", cell_term(cell.likelihood, cell.impact)), cell.risks.len())}
            </details>
        }
    });
    let content = view! { {number}{level_chip(scheme, cell.level)}{risks} };
    labelled(scheme.step_label(cell.impact), content)
}

/// A link to the table with all risks of a cell, where not all are listed.
fn more(place: &Place, term: &str, all: usize) -> Option<AnyView> {
    let href = place.paths.query("risks", &[("q", &format!("{term} -is:closed"))]);
    (all > LISTED).then(|| view! { <p><a href=href>{format!("All {all} in the table")}</a></p> }.into_any())
}

fn unrated(place: &Place, register: &RiskRegister, matrix: &Matrix) -> Option<AnyView> {
    let links: Vec<_> = matrix
        .unrated
        .iter()
        .take(LISTED)
        .filter_map(|key| register.risks.get(key))
        .map(|risk| view! { <li><a class="grow" href=place.paths.risk(risk.key)>{risk.title.clone()}</a></li> })
        .collect();
    (!links.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="unrated">
                <h2 id="unrated">"Not rated this way"</h2>
                <ul class="list-rows">{links}</ul>
                {more(place, &format!("-{}:any", matrix.stand), matrix.unrated.len())}
            </section>
        }
        .into_any()
    })
}
