//! Files into a model, as the import page takes them: all or nothing, and what a file leaves out stays.

use axum::extract::Path;
use domain::command::{Command, Receipt};
use domain::id::WorkspaceId;
use domain::import::{Choices, Limits, Outcome, Preview, Reading, plan, preview, read};
use domain::model::object::Object;
use domain::role::Capability;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::answer::{Answer, Refused, written};
use super::call::{Call, Content};
use crate::http::fault;
use crate::http::refusal::Refusal;

/// How many objects the answer names. All are counted.
const LISTED: usize = 1000;

/// `POST /api/v1/workspaces/{ws}/imports`, with `dry_run=true` only to see what would change, and with `accept=high`
/// to take proposals for field names of which we are sure.
pub async fn import(
    Path(workspace): Path<String>,
    call: Call,
    headers: HeaderMap,
    Content(body): Content,
) -> Result<Answer, Refused> {
    let estate = call.estate(&workspace).await?;
    if !estate.workspace.role.may(Capability::ImportModel) {
        return Err(Refusal::Forbidden.into());
    }
    let (name, dry_run) = (file_name(&headers)?, call.flag("dry_run")?);
    let accept = match call.parameter("accept")? {
        None => false,
        Some("high") => true,
        Some(_) => return Err(Refused::field("accept", "Write accept=high, or leave it out.")),
    };
    let seen = call.seen()?.unwrap_or(estate.revision);
    let base = estate.clone();
    let planned = tokio::task::spawn_blocking(move || planned(&base.stored, name, &body, accept));
    let (shown, objects) = planned.await.map_err(|error| fault("a file could not be read", &error))??;
    if dry_run {
        return Ok(Answer::value(&answer(&shown, None)).at(estate.revision));
    }
    let command = Command::Import { source: name.to_owned(), objects, seen };
    let receipt = call.backend.execute(&WorkspaceId::new(workspace), command).await?;
    Ok(Answer::value(&answer(&shown, Some(&receipt))).at(receipt.revision))
}

fn planned(
    model: &domain::model::Model,
    name: &str,
    body: &[u8],
    accept: bool,
) -> Result<(Preview, Vec<Object>), Refused> {
    let reading: Reading = read(name, body, &Limits::browser())?;
    let choices = if accept { Choices::accepting_high(&reading) } else { Choices::unanswered(&reading) };
    let objects = plan(&reading, model, &choices)?;
    Ok((preview(&reading, model, &choices), objects))
}

/// What the file is called, by its kind: the route admits no other.
fn file_name(headers: &HeaderMap) -> Result<&'static str, Refusal> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/json" => Ok("api.json"),
        "application/yaml" => Ok("api.yaml"),
        "text/csv" => Ok("api.csv"),
        _ => Err(Refusal::WrongMediaType),
    }
}

fn answer(shown: &Preview, receipt: Option<&Receipt>) -> Value {
    let changes = shown.entries.iter().filter_map(|entry| match &entry.outcome {
        Outcome::New => Some(json!({ "object": entry.title, "outcome": "new" })),
        Outcome::Changed(fields) => {
            let fields: Vec<Value> =
                fields.iter().map(|it| json!({ "name": it.name, "before": it.before, "after": it.after })).collect();
            Some(json!({ "object": entry.title, "outcome": "changed", "fields": fields }))
        }
        Outcome::Unchanged | Outcome::Rejected(_) => None,
    });
    json!({
        "new": shown.new,
        "changed": shown.changed,
        "unchanged": shown.unchanged,
        "objects": changes.take(LISTED).collect::<Vec<_>>(),
        "undeclared": shown.undeclared,
        "written": receipt.map(written),
    })
}
