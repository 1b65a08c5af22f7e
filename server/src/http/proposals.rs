//! Proposals: beginning one, and every step of its life.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::command::Receipt;
use domain::problem::{FieldCode, Problem};
use domain::proposal::text::object_of_text;
use domain::proposal::{Gate, ProposalKey, Step, Wish, result_from_form};

use app::ui::link::{encoded, with_query};

use super::act::Act;
use super::form::Posted;
use super::model::in_workspace;

/// Begins a proposal.
pub async fn begin(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let attempt = async {
        act.posted.only(&["title", "reason"])?;
        let wish = Wish::parse(act.posted.value("title"), act.posted.value("reason"))?;
        act.caller.backend.begin_proposal(&workspace, wish).await
    };
    match attempt.await {
        Ok(key) => Redirect::to(&with_query(&paths.proposal(key), &[("done", "proposal-begun")])).into_response(),
        Err(problem) => act.again(&paths.page("proposals"), problem).await,
    }
}

/// Does a step of a proposal.
pub async fn step(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = match key.parse::<ProposalKey>() {
        Ok(key) => paths.proposal(key),
        Err(_) => paths.page(&format!("proposals/{}", encoded(&key))),
    };
    let attempt = async {
        let key = key.parse::<ProposalKey>().map_err(|_| Problem::NotFound)?;
        // Who may not read it is told so before what is wrong with the form.
        act.caller.backend.proposal(&workspace, key).await?;
        let step = asked(&act.posted)?;
        act.caller.backend.step_proposal(&workspace, key, step).await
    };
    match attempt.await {
        Ok(Some(Receipt { revision, .. })) => {
            let pairs = [("done", "proposal-merged"), ("rev", &revision.0.to_string())];
            Redirect::to(&with_query(&page, &pairs)).into_response()
        }
        Ok(None) => Redirect::to(&with_query(&page, &[("done", "proposal-changed")])).into_response(),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// The step that a form asks for.
fn asked(posted: &Posted) -> Result<Step, Problem> {
    fn read<T: std::str::FromStr>(posted: &Posted, name: &str) -> Result<T, Problem> {
        posted.value(name).parse().map_err(|_| Problem::field(name, FieldCode::NotInList))
    }
    let object = || object_of_text(posted.value("object")).ok_or_else(|| Problem::field("object", FieldCode::Missing));
    Ok(match posted.value("step") {
        "submit" => Step::Submit,
        "pass" => {
            let gate: Gate = read(posted, "gate")?;
            let name = format!("result.{gate}");
            let result = result_from_form(posted.value(&name)).map_err(|problem| match problem {
                Problem::Invalid(errors) => {
                    let named = errors.into_iter().map(|error| domain::problem::FieldError::new(&name, error.code));
                    Problem::Invalid(named.collect())
                }
                other => other,
            })?;
            Step::Pass(gate, result)
        }
        "reopen" => Step::Reopen(read(posted, "gate")?),
        "approve" => Step::Approve(read(posted, "need")?),
        "resolve" => Step::Resolve(object()?, read(posted, "choice")?),
        "drop" => Step::Drop(object()?),
        "withdraw" => Step::Withdraw,
        "merge" => Step::Merge,
        _ => return Err(Problem::field("step", FieldCode::NotInList)),
    })
}
