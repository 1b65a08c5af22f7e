//! A table that was pasted instead of uploaded: it is read like a file and waits for the same preview.

use app::ui::link::Paths;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::backend::StagedImport;
use domain::id::WorkspaceId;
use domain::import::{Limits, Rejection, read};
use domain::problem::{FieldCode, Problem};
use domain::role::Capability;

use super::act::Act;
use super::refusal::Refusal;
use super::{Site, fault};

/// What a pasted table is called in previews and in the audit trail.
const NAME: &str = "pasted-table.csv";

/// Reads the table and keeps what was read until somebody decides.
pub async fn table(State(site): State<Site>, Path(workspace): Path<String>, act: Act) -> Response {
    let workspace = WorkspaceId::new(workspace);
    let paths = Paths::of(&workspace);
    let page = paths.page("paste");
    let allowed = async {
        act.posted.only(&["text"])?;
        let estate = act.caller.backend.estate(&workspace).await?;
        match act.posted.value("text").trim() {
            _ if !estate.workspace.role.may(Capability::ImportModel) => Err(Problem::Forbidden),
            "" => Err(Problem::field("text", FieldCode::Missing)),
            // Trimmed at the end only: a table may begin with an empty cell.
            _ => Ok(act.posted.value("text").trim_end().to_owned()),
        }
    };
    let text = match allowed.await {
        Ok(text) => text,
        Err(problem) => return act.again(&page, problem).await,
    };
    let Ok(_reader) = site.readers.acquire().await else { return Refusal::Busy.into_response() };
    let read = tokio::task::spawn_blocking(move || {
        read(NAME, text.as_bytes(), &Limits::browser())
            .map(|reading| StagedImport { file_name: reading.file_name().to_owned(), content: reading.to_json() })
    });
    match read.await {
        Ok(Ok(staged)) => match act.caller.backend.stage_import(&workspace, staged).await {
            Ok(import) => Redirect::to(&paths.import(&import)).into_response(),
            Err(problem) => act.again(&page, problem).await,
        },
        Ok(Err(rejections)) => rejected(act, &page, &rejections).await,
        Err(error) => Refusal::from(fault("a pasted table could not be read", &error)).into_response(),
    }
}

/// Shows the page with the table as it was pasted and what is wrong with it. A card number is not shown again.
async fn rejected(mut act: Act, page: &str, rejections: &[Rejection]) -> Response {
    if domain::model::card_number::looks_like_card_number(act.posted.value("text")) {
        act.posted.0.retain(|(name, _)| name != "text");
    }
    act.posted.0.extend(rejections.iter().map(|rejection| ("rejection".to_owned(), rejection.to_string())));
    act.again(page, Problem::Invalid(Vec::new())).await
}
