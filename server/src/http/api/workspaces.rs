//! The workspaces that a token opens, and their models.

use axum::extract::Path;
use domain::backend::WorkspaceEntry;
use domain::export::model_file;
use domain::scope::verdict::Category;
use serde_json::{Map, Value, json};

use super::answer::{Answer, Refused};
use super::call::Call;

/// `GET /api/v1/workspaces`.
pub async fn list(call: Call) -> Result<Answer, Refused> {
    let entries = call.backend.workspaces().await?;
    Ok(Answer::value(&json!({ "workspaces": entries.iter().map(entry).collect::<Vec<_>>() })))
}

/// `GET /api/v1/workspaces/{ws}`.
pub async fn one(Path(workspace): Path<String>, call: Call) -> Result<Answer, Refused> {
    let estate = call.estate(&workspace).await?;
    let mut members = entry(&estate.workspace);
    let counts: Map<String, Value> = Category::ALL
        .iter()
        .map(|category| {
            let number = estate.scope.systems.values().filter(|verdict| verdict.category == *category).count();
            (category.as_str().to_owned(), number.into())
        })
        .collect();
    members["revision"] = estate.revision.0.into();
    members["as_of"] = estate.today.to_string().into();
    members["systems"] = estate.model.systems.len().into();
    members["flows"] = estate.model.flows.len().into();
    members["categories"] = counts.into();
    Ok(Answer::value(&members).at(estate.revision))
}

/// `GET /api/v1/workspaces/{ws}/model`.
pub async fn model(Path(workspace): Path<String>, call: Call) -> Result<Answer, Refused> {
    let estate = call.export(&workspace).await?;
    Ok(Answer::text(model_file::to_json(&estate.stored)).at(estate.revision))
}

fn entry(it: &WorkspaceEntry) -> Value {
    json!({ "id": it.id, "name": it.name, "role": it.role, "sample": it.sample })
}
