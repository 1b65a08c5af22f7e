//! The matrix: a table of likelihood and impact, each cell with its level, how many risks lie in it and the first of them.

use domain::backend::risks::RiskRegister;
use domain::risk::record::Stand;
use domain::risk::view::matrix::{Cell, Matrix, filter_of};
use domain::risk::view::table::USUAL_STAND;
use domain::risk::{RiskKey, Scheme, Step};
use leptos::prelude::*;

use super::super::request::{Place, Request};
use super::list::As;
use super::{level_chip, level_number};
use crate::ui::table::count;

/// How many risks of a cell stand in it; the table has all of them.
const FIRST: usize = 10;

/// What every cell is made from.
struct Drawn<'a> {
    place: &'a Place,
    register: &'a RiskRegister,
    of: As,
    stand: Stand,
    scheme: Scheme,
}

/// The matrix of the rating that the query asks for, with the risks below it.
pub(super) fn matrix(place: &Place, request: &Request, register: &RiskRegister, of: As) -> AnyView {
    let stand = request.query("stand").and_then(|word| word.parse().ok()).unwrap_or_else(|| usual(register));
    let scheme = register.register.scheme;
    let drawn = Drawn { place, register, of, stand, scheme };
    let matrix = Matrix::of(register.risks.values().map(|risk| &**risk), scheme, stand);
    let heads: Vec<_> = Step::scale(scheme.steps())
        .map(|step| view! { <th scope="col">{format!("{} {}", step.number(), scheme.step_label(step))}</th> })
        .collect();
    let rows: Vec<_> = matrix.rows.iter().map(|cells| drawn.row(cells)).collect();
    let caption = format!("{} rating by likelihood and impact, {}", stand.label(), scheme.label());
    view! {
        {drawn.choice()}
        <div class="table-wrap" role="region" aria-labelledby="matrix" tabindex="0">
            <table class="table matrix">
                <caption id="matrix">{caption}</caption>
                <thead><tr><th scope="col">"Likelihood, impact"</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {drawn.unrated(&matrix)}
    }
    .into_any()
}

/// The rating that is shown unless somebody asks for another: what is left, or what there was before any control as long as
/// nobody has said what is left.
fn usual(register: &RiskRegister) -> Stand {
    let is_rated = register.risks.values().any(|risk| risk.rating(USUAL_STAND).is_some());
    if is_rated { USUAL_STAND } else { Stand::Inherent }
}

impl Drawn<'_> {
    fn choice(&self) -> AnyView {
        let links: Vec<_> = Stand::ALL
            .iter()
            .map(|stand| {
                let href = self.of.query(self.place, &[("view", "matrix"), ("stand", stand.as_str())]);
                let current = (*stand == self.stand).then_some("page");
                view! { <a href=href aria-current=current>{stand.label()}</a> }
            })
            .collect();
        view! { <nav class="tabs" aria-label="Which rating">{links}</nav> }.into_any()
    }

    fn row(&self, cells: &[Cell]) -> AnyView {
        let step = cells.first().map(|cell| cell.likelihood);
        let head = step.map(|step| format!("{} {}", step.number(), self.scheme.step_label(step)));
        let cells: Vec<_> = cells.iter().map(|cell| self.cell(cell)).collect();
        view! { <tr><th scope="row">{head}</th>{cells}</tr> }.into_any()
    }

    fn cell(&self, cell: &Cell) -> AnyView {
        let number = cell.number.map(|number| view! { <span class="meta">{number.to_string()}" "</span> });
        let risks = (!cell.risks.is_empty()).then(|| {
            let where_it_lies = format!(", {}", cell.words(self.scheme));
            view! {
                <details>
                    <summary>
                        {count(cell.risks.len(), "risk")}<span class="visually-hidden">{where_it_lies}</span>
                    </summary>
                    {self.first(&cell.risks, Some(cell))}
                </details>
            }
        });
        let content = view! { {number}{level_chip(self.scheme, cell.level)}{risks} };
        let level = level_number(cell.level);
        view! { <td data-label=self.scheme.step_label(cell.impact) data-level=level>{content}</td> }.into_any()
    }

    /// The first of some risks, and a link to the table with all of them.
    fn first(&self, risks: &[RiskKey], cell: Option<&Cell>) -> AnyView {
        let links: Vec<_> = risks
            .iter()
            .take(FIRST)
            .map(|key| {
                let title = self.register.risks.get(key).map(|risk| risk.title.clone()).unwrap_or_default();
                view! { <li><a href=self.place.paths.risk(*key)>{key.to_string()}</a>" "{title}</li> }
            })
            .collect();
        let all = self.of.query(self.place, &[("q", &filter_of(self.stand, cell))]);
        let all = (risks.len() > FIRST)
            .then(|| view! { <p><a href=all>{format!("All {} in the table", risks.len())}</a></p> });
        view! { <ul>{links}</ul>{all} }.into_any()
    }

    fn unrated(&self, matrix: &Matrix) -> Option<AnyView> {
        (!matrix.unrated.is_empty()).then(|| {
            view! {
                <section class="card" aria-labelledby="unrated">
                    <h2 id="unrated">"Not rated this way"</h2>
                    {self.first(&matrix.unrated, None)}
                </section>
            }
            .into_any()
        })
    }
}
