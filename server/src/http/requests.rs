//! Requests and samples: a posted form asks, takes a step, draws or freezes.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::backend::Backend;
use domain::backend::requests::AskedOfEach;
use domain::evidence::draft::Around;
use domain::evidence::engagement::sample::{FIELDS, STEP_FIELDS as SAMPLE_FIELDS, criteria_from_form};
use domain::evidence::request::{ASK_FIELDS, STEP_FIELDS, question_from_form, step_from_form};
use domain::id::WorkspaceId;
use domain::problem::{FieldCode, Problem};
use domain::role::Capability;

use app::ui::link::with_query;

use super::act::Act;
use super::form::{only, only_once};
use super::model::in_workspace;

/// Asks for something.
pub async fn ask(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let attempt = async {
        let backend = may_ask(&act, &workspace).await?;
        only(&act.posted.0, &ASK_FIELDS)?;
        let (estate, library) = (backend.estate(&workspace).await?, backend.library(&workspace).await?);
        let around = Around {
            model: &estate.model,
            is_requirement: &|key| library.lists(key),
            is_review: &|_| false,
            today: library.today,
            now: library.now,
        };
        let question = question_from_form(&act.posted.0, around).map_err(Problem::Invalid)?;
        backend.ask(&workspace, question).await
    };
    match attempt.await {
        Ok(key) => saved(&paths.request_at(&key.to_string()), "request-asked"),
        Err(problem) => act.again(&paths.page("evidence/requests/new"), problem).await,
    }
}

/// Takes a step about a request.
pub async fn step(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.request_at(&key);
    let attempt = async {
        let backend = may_ask(&act, &workspace).await?;
        let key = key.parse().map_err(|_| Problem::NotFound)?;
        only_once(&act.posted.0, &STEP_FIELDS, "item")?;
        let (estate, library) = (backend.estate(&workspace).await?, backend.library(&workspace).await?);
        let around = Around {
            model: &estate.model,
            is_requirement: &|key| library.lists(key),
            is_review: &|_| false,
            today: library.today,
            now: library.now,
        };
        let step = step_from_form(&act.posted.0, around, |item| library.items.contains_key(&item))?;
        backend.step_request(&workspace, key, step, seen(&act)?).await
    };
    match attempt.await {
        Ok(()) => saved(&page, "request-saved"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Draws a sample.
pub async fn draw(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let attempt = async {
        let backend = may_ask(&act, &workspace).await?;
        only(&act.posted.0, &FIELDS)?;
        let criteria = criteria_from_form(&act.posted.0).map_err(Problem::Invalid)?;
        backend.draw_sample(&workspace, criteria).await
    };
    match attempt.await {
        Ok(key) => saved(&paths.sample_at(&key.to_string()), "sample-drawn"),
        Err(problem) => act.again(&paths.page("evidence/samples"), problem).await,
    }
}

/// Freezes a sample, or asks the same of each of its objects.
pub async fn step_sample(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.sample_at(&key);
    let attempt = async {
        let backend = may_ask(&act, &workspace).await?;
        let key = key.parse().map_err(|_| Problem::NotFound)?;
        only(&act.posted.0, &SAMPLE_FIELDS)?;
        let seen = seen(&act)?;
        match act.posted.value("step") {
            "freeze" => backend.freeze_sample(&workspace, key, seen).await.map(|()| "sample-frozen"),
            "ask" => {
                let asked = of_each(&act, backend, &workspace).await?;
                backend.ask_of_sample(&workspace, key, asked, seen).await.map(|_| "sample-asked")
            }
            _ => Err(Problem::field("step", FieldCode::NotInList)),
        }
    };
    match attempt.await {
        Ok(code) => saved(&page, code),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// What is asked of each object: a question without an object and without anybody who answers.
async fn of_each(act: &Act, backend: &dyn Backend, workspace: &WorkspaceId) -> Result<AskedOfEach, Problem> {
    let (estate, library) = (backend.estate(workspace).await?, backend.library(workspace).await?);
    let around = Around {
        model: &estate.model,
        is_requirement: &|key| library.lists(key),
        is_review: &|_| false,
        today: library.today,
        now: library.now,
    };
    let question = question_from_form(&act.posted.0, around).map_err(Problem::Invalid)?;
    Ok(AskedOfEach { text: question.text, requirement: question.requirement, due: question.due })
}

/// The backend, for somebody who may ask for evidence. The gate asks again.
async fn may_ask<'a>(act: &'a Act, workspace: &WorkspaceId) -> Result<&'a dyn Backend, Problem> {
    let backend = act.caller.backend.as_ref();
    let may = backend.estate(workspace).await?.workspace.allows(Capability::AskForEvidence);
    if may { Ok(backend) } else { Err(Problem::Forbidden) }
}

/// The number of the save that the person saw.
fn seen(act: &Act) -> Result<i64, Problem> {
    act.posted.value("rev").parse().map_err(|_| Problem::field("rev", FieldCode::NotANumber))
}

fn saved(page: &str, code: &str) -> Response {
    Redirect::to(&with_query(page, &[("done", code)])).into_response()
}
