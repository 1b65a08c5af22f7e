//! One proposal: what it changes, what that does to scope and blast radii, its gates, and who agrees.

use domain::problem::Problem;
use domain::proposal::{ProposalKey, State};
use domain::role::Capability;
use leptos::prelude::*;

use super::super::editor::not_done;
use super::super::frame::{Screen, Section};
use super::super::request::{Place, Request};
use super::super::snapshots::changes::changes;
use super::super::snapshots::{Compared, tabs};
use super::{Names, decide, edits, state};
use crate::ui::header::{self, Header};
use crate::ui::notice::{Tone, notice};

pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = request.place().await?;
    let key: ProposalKey = request.path("key").parse().map_err(|_| Problem::NotFound)?;
    let (backend, workspace) = (request.backend()?, &place.estate.workspace.id);
    let it = backend.proposal(workspace, key).await?;
    let circle = backend.circle(workspace).await?;
    let names = Names::of(&backend.members(workspace).await?);
    let live = backend.estate(workspace).await?;
    let own = it.requester == place.account.id;
    let clashes = if it.state.is_open() { it.clashes(&live.stored) } else { Vec::new() };
    let effect = if it.state.is_open() && !it.edits.is_empty() {
        let drafted = backend.estate_with(workspace, key).await?;
        let delta = backend.difference(&live, &drafted).await?;
        let there =
            Place { paths: place.paths.keeping("proposal", &key.to_string()), estate: drafted, ..place.clone() };
        Some(view! {
            <section class="section" aria-labelledby="effect">
                <h2 id="effect">"What it would do"</h2>
                {changes(&there, &Compared { before: live.clone(), delta })}
            </section>
        })
    } else {
        None
    };
    let text = key.to_string();
    let with = |page: &str, mode: &str| place.paths.query(page, &[("proposal", text.as_str()), ("mode", mode)]);
    let actions = it.state.is_open().then(|| {
        let works = own && place.may(Capability::EditModel);
        let label = if works { "Work on it" } else { "Map with it" };
        view! {
            {header::action(with("map", ""), "map", label, works)}
            {header::action(with("map", "diff"), "compare", "What differs on the map", false)}
        }
    });
    let alone = match &it.state {
        State::Merged(merged) if !merged.four_eyes => Some(notice(
            Tone::Warn,
            "Not four-eyes: it was merged in a workspace of one member, and nobody else saw it.",
        )),
        _ => None,
    };
    let merged = match &it.state {
        State::Merged(merged) => Some(view! {
            <p>{format!("Merged by {} on {}, as revision {}.", names.name(&merged.by), merged.at, merged.revision.0)}</p>
        }),
        _ => None,
    };
    let head = Header::new(it.title.clone())
        .below(place.paths.page("proposals"), "Proposals")
        .meta(view! {
            {state(&it)}
            <span class="key">{text.clone()}</span>
            <span>{format!("Asked for by {}", names.name(&it.requester))}</span>
        })
        .actions(actions);
    let body = view! {
        {head.view()}
        {tabs(&place, "proposals")}
        {not_done(&request)}
        {alone}
        <p class="prose">{it.reason.clone()}</p>
        {merged}
        {decide::moves(&place, &it, own, !clashes.is_empty(), &circle)}
        {edits::clashes(&place, &it, &clashes, own)}
        <section class="section" aria-labelledby="held">
            <h2 id="held">"What it changes"</h2>
            {edits::edits(&place, &it, own)}
        </section>
        {decide::gates(&request, &place, &it, &names)}
        {decide::approvals(&place, &it, &live.stored, &circle, &names)}
        {effect}
    };
    Ok(Screen::inside(&place, Section::Map, it.title.clone(), body))
}
