//! Targeted risk analyses: the list, and which requirement has none yet.

use domain::backend::incidents::Kept;
use domain::backend::schedules::ScheduleBook;
use domain::problem::Problem;
use domain::role::Capability;
use domain::schedule::State;
use domain::schedule::analysis::{Analysis, REQUIREMENTS};
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::risks::person;
use super::{due, state, tabs};
use crate::ui::header::{self, Header};
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, small};

const LEDE: &str =
    "PCI DSS lets you set some frequencies yourself, with an analysis that says why. Each is reviewed every year.";

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let book = request.backend()?.schedules(&place.estate.workspace.id).await?;
    let edits = place.may(Capability::EditModel);
    let add = || header::action(place.paths.page("analyses/new"), "plus", "Add an analysis", true);
    let content = if book.analyses.is_empty() {
        let sentence = "Write one for each requirement whose frequency you set. Once somebody else approves it, it sets the schedules.";
        empty_state("evidence", "No targeted risk analyses", sentence, edits.then(add))
    } else {
        table(&place, &book)
    };
    let body = view! {
        {Header::new("Targeted risk analyses")
            .below(place.paths.page("schedules"), "Schedules")
            .lede(LEDE)
            .actions(edits.then(add))
            .view()}
        {tabs(&place, "analyses")}
        {content}
        {edits.then(|| missing(&place, &book))}
    };
    Ok(Screen::inside(&place, Section::Schedules, "Targeted risk analyses", body))
}

/// Where an analysis stands: not approved is neither late nor done.
pub(super) fn standing(book: &ScheduleBook, analysis: &Analysis) -> AnyView {
    if analysis.approved.is_none() {
        return view! { <span class="badge" data-tone="warn">"Not approved"</span> }.into_any();
    }
    state(analysis.standing(&book.zone, book.now).state)
}

/// How often, or as which process.
pub(super) fn frequency(analysis: &Analysis) -> String {
    analysis.frequency.map_or_else(|| "A process".to_owned(), |it| it.words())
}

fn table(place: &Place, book: &ScheduleBook) -> AnyView {
    let mut all: Vec<&Kept<Analysis>> = book.analyses.values().collect();
    all.sort_by_key(|it| {
        let standing = it.value.standing(&book.zone, book.now);
        (it.value.approved.is_some() && standing.state != State::Late, standing.due, it.value.key)
    });
    let rows = all
        .iter()
        .map(|it| {
            let it = &it.value;
            let approved =
                it.approved.as_ref().map(|(by, on)| view! { <span>{on.to_string()}" by "{person(place, by)}</span> });
            let review = it.approved.is_some().then(|| due(&it.standing(&book.zone, book.now)));
            view! {
                <tr>
                    {cell("State", standing(book, it))}
                    <th scope="row" data-label="Analysis">
                        <a href=place.paths.analysis(it.key)>{format!("Requirement {}", it.requirement)}</a>
                        " "
                        <span class="key">{it.key.to_string()}</span>
                    </th>
                    {cell("Sets", frequency(it))}
                    {cell("Author", person(place, &it.author))}
                    {cell("Approved", approved)}
                    {cell("Next review", review)}
                </tr>
            }
            .into_any()
        })
        .collect();
    let columns = ["State", "Analysis", "Sets", "Author", "Approved", "Next review"];
    small(
        "analyses",
        if all.len() == 1 { "1 analysis".to_owned() } else { format!("{} analyses", all.len()) },
        &columns,
        rows,
    )
}

/// The requirements that may rest on an analysis and do not yet.
fn missing(place: &Place, book: &ScheduleBook) -> Option<AnyView> {
    let there = |id: &str| book.analyses.values().any(|it| it.value.requirement == id);
    let rows: Vec<AnyView> = REQUIREMENTS
        .into_iter()
        .filter(|id| !there(id))
        .map(|id| {
            let add = place.paths.query("analyses/new", &[("requirement", id)]);
            view! {
                <tr>
                    <th scope="row" data-label="Requirement"><a href=place.paths.requirement(id)>{id}</a></th>
                    {cell("Add", view! { <a href=add>"Add"<span class="visually-hidden">{format!(" an analysis for {id}")}</span></a> })}
                </tr>
            }
            .into_any()
        })
        .collect();
    (!rows.is_empty()).then(|| {
        let table = small("missing", count(rows.len(), "requirement"), &["Requirement", "Add"], rows);
        view! { <details><summary>"Requirements without an analysis"</summary>{table}</details> }.into_any()
    })
}
