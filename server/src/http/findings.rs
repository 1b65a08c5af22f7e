//! Findings: a fix that somebody chose becomes one command.

use axum::extract::Path;
use axum::response::Response;
use domain::command::Command;
use domain::id::WorkspaceId;
use domain::model::object::Object;
use domain::problem::{FieldCode, Problem};
use domain::role::Capability;

use super::act::Act;
use super::form::only;
use super::model::{Done, carry_out, in_workspace, seen};

/// Carries out a fix of a finding.
pub async fn apply(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.finding_at(&key);
    let objects = match chosen(&act, &workspace, &key).await {
        Ok(objects) => objects,
        Err(problem) => return act.again(&page, problem).await,
    };
    carry_out(act, &workspace, &page, |_, form| {
        Ok((Command::EditAll(objects, seen(form)?), Done { page: page.clone(), code: "fix-applied" }))
    })
    .await
}

/// The objects as the chosen fix leaves them.
async fn chosen(act: &Act, workspace: &WorkspaceId, key: &str) -> Result<Vec<Object>, Problem> {
    let backend = &act.caller.backend;
    let estate = act.estate(workspace).await?;
    if !estate.allows(Capability::EditModel) {
        return Err(Problem::Forbidden);
    }
    only(&act.posted.0, &["rev", "fix"])?;
    let findings = backend.findings(&estate).await?;
    let finding = findings.all().find(|it| it.identity().to_string() == key).ok_or(Problem::NotFound)?;
    let number: usize = act.posted.value("fix").parse().map_err(|_| Problem::field("fix", FieldCode::Missing))?;
    let remedy = backend.remedies(&estate, finding).await?.into_iter().nth(number);
    let effect = remedy.and_then(|it| it.effect).and_then(|it| it.objects).filter(|it| !it.is_empty());
    effect.ok_or_else(|| Problem::field("fix", FieldCode::NotInList))
}
