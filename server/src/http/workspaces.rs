//! The list of workspaces: where a person starts, and how one more is made.

use axum::response::{IntoResponse as _, Redirect, Response};
use http::request::Parts;

use app::ui::link::Paths;

use super::act::Act;
use super::refusal::Refusal;
use super::session::Caller;

/// Goes to the person's only workspace, or to the list.
pub async fn start(parts: Parts) -> Response {
    match Caller::of(&parts).backend.workspaces().await {
        Ok(workspaces) => match workspaces.iter().filter(|it| !it.archived).collect::<Vec<_>>().as_slice() {
            [only] => Redirect::to(&Paths::of(&only.id).home()).into_response(),
            _ => Redirect::to("/workspaces").into_response(),
        },
        Err(problem) => Refusal::from(problem).into_response(),
    }
}

/// Makes a workspace, empty or with the sample estate.
pub async fn add(act: Act) -> Response {
    let sample = act.posted.value("sample") == "yes";
    match act.caller.backend.create_workspace(act.posted.value("name"), sample).await {
        Ok(workspace) => Redirect::to(&Paths::of(&workspace).home()).into_response(),
        Err(problem) => act.again("/workspaces", problem).await,
    }
}
