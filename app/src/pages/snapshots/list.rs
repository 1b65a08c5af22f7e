//! The snapshots of a workspace, and taking one.

use domain::problem::Problem;
use domain::role::Capability;
use domain::snapshot::{SNAPSHOT_NAME_MAX, Snapshot};
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::tabs;
use crate::ui::field::{Input, field};
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::notice::empty_state;
use crate::ui::table::{cell, count, number, small};

const LEDE: &str = "A snapshot keeps the whole model as it is now, under a name and a hash. It never changes, and every page \
                    can be looked at as of it.";

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let all = request.backend()?.snapshots(&place.estate.workspace.id).await?;
    let table = if all.is_empty() {
        let sentence = "Take one before a change, a review or an audit, to see later what was different.";
        empty_state("history", "No snapshots yet", sentence, ())
    } else {
        let rows = all.iter().map(|snapshot| row(&place, snapshot)).collect();
        let heads = ["Name", "Taken (UTC)", "By", "Systems", "Flows", "Fields", "Hash", "Look"];
        small("snapshots", count(all.len(), "snapshot"), &heads, rows)
    };
    let body = view! {
        {Header::new("Snapshots").lede(LEDE).view()}
        {tabs(&place, "snapshots")}
        {table}
        {place.may(Capability::EditModel).then(|| form(&request, &place))}
    };
    Ok(Screen::inside(&place, Section::Map, "Snapshots", body))
}

fn row(place: &Place, it: &Snapshot) -> AnyView {
    let at = it.taken_at.to_string();
    let key = it.key.to_string();
    let short: String = it.hash.chars().take(12).collect();
    let whole = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let (then, differs) = (place.paths.query("map", &[("at", &key)]), place.paths.query("diff", &[("from", &key)]));
    view! {
        <tr>
            <th scope="row">
                <a href=place.paths.snapshot(it.key)>{it.name.clone()}</a>
                " "<span class="key">{key}</span>
            </th>
            {cell("Taken (UTC)", view! { <time datetime=at.clone()>{at.clone()}</time> })}
            {cell("By", it.taken_by.clone())}
            {number("Systems", whole(it.summary.systems))}
            {number("Flows", whole(it.summary.flows))}
            {number("Fields", whole(it.summary.fields))}
            {cell("Hash", view! { <code class="hash" title=it.hash.clone()>{short}</code> })}
            {cell("Look", view! {
                <span class="cluster">
                    <a href=then aria-label=format!("Map as of {}", it.name)>"Map then"</a>
                    <a href=differs aria-label=format!("What differs from {}", it.name)>"What differs"</a>
                </span>
            })}
        </tr>
    }
    .into_any()
}

fn form(request: &Request, place: &Place) -> AnyView {
    let state = request.form(Vec::new);
    let most = u32::try_from(SNAPSHOT_NAME_MAX).unwrap_or(u32::MAX);
    view! {
        <section class="card" aria-labelledby="take">
            <h2 id="take">"Take a snapshot"</h2>
            {request.general_problem()}
            {state.summary(|name| (name == "name").then(|| "Name".to_owned()))}
            <form class="form" method="post" action=place.paths.page("snapshots")>
                {field(&state, "name", "Name")
                    .hint("For example: before the move to the new gateway.")
                    .required()
                    .input(Input { most, ..Input::default() })}
                <div class="button-row">
                    <button class="button primary">{icon("plus")}"Take a snapshot"</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}
