//! The proposals of a workspace, and beginning one.

use domain::problem::Problem;
use domain::proposal::{Proposal, REASON_MAX, TITLE_MAX};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::snapshots::tabs;
use super::{Names, state};
use crate::ui::field::{Input, field};
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, number, small};

const LEDE: &str = "A proposal holds edits beside the model: you see its map, its scope and what it would change before \
                    anything is live.";

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let backend = request.backend()?;
    let all = backend.proposals(&place.estate.workspace.id).await?;
    let names = Names::of(&backend.members(&place.estate.workspace.id).await?);
    let table = if all.is_empty() {
        let sentence = "Begin one for a change that others should see, test and approve before it counts.";
        empty_state("compare", "No proposals yet", sentence, ())
    } else {
        let rows = all.iter().map(|it| row(&place, &names, it)).collect();
        let heads = ["Proposal", "State", "Requester", "Begun (UTC)", "Objects", "Gates open"];
        small("proposals", count(all.len(), "proposal"), &heads, rows)
    };
    let body = view! {
        {Header::new("Proposals").lede(LEDE).view()}
        {tabs(&place, "proposals")}
        {table}
        {place.may(Capability::EditModel).then(|| form(&request, &place))}
    };
    Ok(Screen::inside(&place, Section::Map, "Proposals", body))
}

fn row(place: &Place, names: &Names, it: &Proposal) -> AnyView {
    let at = it.made_at.to_string();
    view! {
        <tr>
            <th scope="row">
                <a href=place.paths.proposal(it.key)>{it.title.clone()}</a>
                " "<span class="key">{it.key.to_string()}</span>
            </th>
            {cell("State", state(it))}
            {cell("Requester", names.name(&it.requester))}
            {cell("Begun (UTC)", view! { <time datetime=at.clone()>{at.clone()}</time> })}
            {number("Objects", it.edits.len())}
            {number("Gates open", if it.state.is_open() { it.open_gates().count() } else { 0 })}
        </tr>
    }
    .into_any()
}

fn form(request: &Request, place: &Place) -> AnyView {
    let values = request.form(Vec::new);
    let most = u32::try_from(TITLE_MAX).unwrap_or(u32::MAX);
    let labels = |name: &str| match name {
        "title" => Some("What changes".to_owned()),
        "reason" => Some("Why".to_owned()),
        _ => None,
    };
    view! {
        <section class="card" aria-labelledby="begin">
            <h2 id="begin">"Begin a proposal"</h2>
            {request.general_problem()}
            {values.summary(labels)}
            <form class="form" method="post" action=place.paths.page("proposals")>
                {field(&values, "title", "What changes")
                    .hint("In a line, for example: refunds go through the gateway.")
                    .required()
                    .input(Input { most, ..Input::default() })}
                {field(&values, "reason", "Why").required().area_of(u32::try_from(REASON_MAX).unwrap_or(u32::MAX))}
                <div class="button-row"><button class="button primary">{icon("plus")}"Begin it"</button></div>
            </form>
        </section>
    }
    .into_any()
}
