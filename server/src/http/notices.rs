//! Notices: marking them as read, and saying how often a digest comes by mail.

use std::collections::BTreeSet;

use app::ui::link::with_query;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::backend::calendar::Which;
use domain::digest::Rhythm;
use domain::problem::{FieldCode, Problem};

use super::act::Act;
use super::form::only_once;
use super::model::in_workspace;

/// Marks some notices as read, or all of them.
pub async fn read(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.page("notices");
    let attempt = async {
        only_once(&act.posted.0, &["all"], "notice")?;
        let which = if act.posted.value("all") == "yes" {
            Which::All
        } else {
            let named = act.posted.0.iter().filter(|(name, _)| name == "notice").map(|(_, value)| value.clone());
            Which::These(named.collect::<BTreeSet<String>>())
        };
        act.caller.backend.read_notices(&workspace, which).await
    };
    match attempt.await {
        Ok(0) => see(&page, "unchanged"),
        Ok(_) => see(&page, "notices-read"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Says how often a digest comes.
pub async fn set_digest(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.page("notices");
    let attempt = async {
        act.posted.only(&["rhythm"])?;
        let rhythm: Rhythm =
            act.posted.value("rhythm").parse().map_err(|_| Problem::field("rhythm", FieldCode::NotInList))?;
        act.caller.backend.set_digest(&workspace, rhythm).await
    };
    match attempt.await {
        Ok(changed) => see(&page, if changed { "digest-saved" } else { "unchanged" }),
        Err(problem) => act.again(&page, problem).await,
    }
}

fn see(page: &str, code: &str) -> Response {
    Redirect::to(&with_query(page, &[("done", code)])).into_response()
}
