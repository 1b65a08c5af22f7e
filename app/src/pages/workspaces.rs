//! The workspaces of a person, and a form for a new one.

use domain::backend::WorkspaceEntry;
use domain::problem::Problem;
use leptos::prelude::*;

use super::frame::Screen;
use super::request::Request;
use crate::ui::field::{Input, field};
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::link::Paths;
use crate::ui::notice::empty_state;

pub(super) async fn page(request: Request) -> Result<Screen, Problem> {
    let backend = request.backend()?;
    let account = backend.account().await?;
    let entries = backend.workspaces().await?;
    // An archived workspace is out of the way until somebody asks for it.
    let (archived, entries): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.archived);
    let list = if entries.is_empty() {
        empty_state(
            "inventory",
            "No workspace yet",
            "A workspace holds one payment estate and the people who look after it.",
            (),
        )
    } else {
        let rows: Vec<_> = entries.iter().map(entry).collect();
        view! { <section class="card"><ul class="list-rows">{rows}</ul></section> }.into_any()
    };
    let body = view! {
        {Header::new("Workspaces").lede("Choose the estate to look at.").view()}
        {list}
        {(!archived.is_empty()).then(|| archive(&archived))}
        {form(&request)}
    };
    Ok(Screen::of_account(account, "Workspaces", body))
}

fn entry(workspace: &WorkspaceEntry) -> AnyView {
    view! {
        <li>
            <a class="grow" href=Paths::of(&workspace.id).home()>{workspace.name.clone()}</a>
            {workspace.sample.then(|| view! { <span class="badge">"sample"</span> })}
            <span class="meta">{workspace.role.label()}</span>
        </li>
    }
    .into_any()
}

fn archive(archived: &[WorkspaceEntry]) -> AnyView {
    let rows: Vec<_> = archived.iter().map(entry).collect();
    let words = format!("Archived ({})", archived.len());
    view! { <details><summary>{words}</summary><ul class="list-rows">{rows}</ul></details> }.into_any()
}

fn form(request: &Request) -> AnyView {
    let state = request.form(Vec::new);
    let start = [("no", "Start empty", ""), ("yes", "Load the sample estate", "A small shop with mistakes to find.")];
    view! {
        <section class="card" aria-labelledby="new-workspace">
            <h2 id="new-workspace">"New workspace"</h2>
            {request.general_problem()}
            {state.summary(|name| (name == "name").then(|| "Name".to_owned()))}
            <form class="form" method="post" action="/workspaces">
                {field(&state, "name", "Name").required().input(Input { most: 120, ..Input::default() })}
                {field(&state, "sample", "Begin with").radios("cards", &start)}
                <div class="button-row"><button class="button primary">{icon("plus")}"Make the workspace"</button></div>
            </form>
        </section>
    }
    .into_any()
}
