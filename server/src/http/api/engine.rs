//! What follows from a model: its scope with the proofs, and blast radii.

use axum::extract::Path;
use domain::blast::report::blast_json;
use domain::blast::{Start, StartError, radius};
use domain::id::SystemId;
use domain::problem::Problem;
use domain::scope::explain::explain;
use domain::scope::report;
use serde_json::json;

use super::answer::{Answer, Refused};
use super::call::Call;
use crate::http::fault;
use crate::http::refusal::Refusal;

/// `GET /api/v1/workspaces/{ws}/scope`.
pub async fn scope(Path(workspace): Path<String>, call: Call) -> Result<Answer, Refused> {
    let estate = call.estate(&workspace).await?;
    Ok(Answer::text(report::json(&estate.model, &estate.scope, &[])).at(estate.revision))
}

/// `GET /api/v1/workspaces/{ws}/scope/{key}`: the verdict on one system, and why.
pub async fn verdict(Path((workspace, key)): Path<(String, String)>, call: Call) -> Result<Answer, Refused> {
    let estate = call.estate(&workspace).await?;
    let system = SystemId::new(key);
    let revision = estate.revision;
    let told = tokio::task::spawn_blocking(move || {
        let verdict = report::verdict(&estate.model, &estate.scope, &system)?;
        let because = explain(&estate.model, &estate.scope, &system);
        let because: Vec<String> = because.iter().map(ToString::to_string).collect();
        Some(json!({ "verdict": verdict, "because": because }))
    });
    let told = told.await.map_err(|error| fault("a verdict could not be explained", &error))?;
    Ok(Answer::value(&told.ok_or(Problem::NotFound)?).at(revision))
}

/// `GET /api/v1/workspaces/{ws}/blast?start=system:crm`.
pub async fn blast(Path(workspace): Path<String>, call: Call) -> Result<Answer, Refused> {
    let estate = call.estate(&workspace).await?;
    let start = call.parameter("start")?.ok_or_else(|| Refused::field("start", HOW))?;
    let start: Start = start.parse().map_err(|_| Refused::field("start", HOW))?;
    let revision = estate.revision;
    let reached = tokio::task::spawn_blocking(move || {
        radius(&estate.model, &estate.scope, &start).map(|blast| blast_json(&blast))
    });
    match reached.await.map_err(|error| fault("a blast radius could not be computed", &error))? {
        Ok(text) => Ok(Answer::text(text).at(revision)),
        Err(StartError::Unknown { .. }) => Err(Refusal::NotFound.into()),
        Err(StartError::Syntax(_)) => Err(Refused::field("start", HOW)),
    }
}

/// What a start looks like.
const HOW: &str = "Write what is assumed to be hostile as kind:key, for example start=system:crm. Kinds are system, \
                   credential, vendor, connector and field.";
