//! Specifications and samples on their way to a flow: upload or paste, preview, and the decision.
//!
//! A sample may hold card numbers. It is looked at in memory and forgotten; what waits for the decision are paths, elements
//! and forms. Nothing that was sent is repeated in an answer.

use std::sync::Arc;

use app::ui::link::{Paths, with_query};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use bytes::BytesMut;
use domain::backend::{Backend, Estate, StagedImport};
use domain::command::{Command, Receipt, Revision};
use domain::id::{FlowId, ImportId, WorkspaceId};
use domain::import::adoption::{Adoption, Part, adopt};
use domain::import::recogniser::{Recognition, recognise};
use domain::import::{Limits, Rejection};
use domain::model::flow::Flow;
use domain::model::object::Object;
use domain::problem::{FieldCode, Problem};

use super::act::Act;
use super::form::{Posted, unread};
use super::import::may_import;
use super::page::Setting;
use super::refusal::Refusal;
use super::session::Caller;
use super::{Site, fault};

/// What a pasted text is called, as it has no file.
const PASTED: &str = "pasted text";

/// Takes a file or a pasted text, recognises its fields, and keeps those until somebody decides.
pub async fn read(State(site): State<Site>, Path(workspace): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (caller, setting) = (Caller::of(&parts), Setting::of(&parts));
    let workspace = WorkspaceId::new(workspace);
    // Before the file is read: who may not import need not send it.
    if let Err(problem) = may_import(&*caller.backend, &workspace).await {
        return setting.render_again(Posted(Vec::new()), problem).await;
    }
    let sent = match sent(Request::from_parts(parts, body)).await {
        Ok(sent) => sent,
        Err(refusal) => return refusal.into_response(),
    };
    let Some((name, content)) = sent else {
        return setting.render_again(Posted(Vec::new()), Problem::field("file", FieldCode::Missing)).await;
    };
    let Ok(_reader) = site.readers.acquire().await else { return Refusal::Busy.into_response() };
    let recognised = tokio::task::spawn_blocking(move || recognise(&name, &content, &Limits::specification()));
    let recognition = match recognised.await {
        Ok(Ok(recognition)) => recognition,
        Ok(Err(rejection)) => return rejected(setting, &rejection).await,
        Err(error) => return Refusal::from(fault("a file could not be recognised", &error)).into_response(),
    };
    let staged = StagedImport { file_name: recognition.file.clone(), content: recognition.to_json() };
    match caller.backend.stage_import(&workspace, staged).await {
        Ok(reading) => Redirect::to(&Paths::of(&workspace).reading(&reading)).into_response(),
        Err(problem) => setting.render_again(Posted(Vec::new()), problem).await,
    }
}

/// Carries out what a person decides about recognised fields: another look, a flow, or nothing.
pub async fn decide(Path((workspace, reading)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, reading) = (WorkspaceId::new(workspace), ImportId::new(reading));
    let paths = Paths::of(&workspace);
    let page = paths.reading(&reading);
    let backend = &act.caller.backend;
    let part = act.posted.value("part");
    let is_another_part = !part.is_empty() && part != act.posted.value("shown");
    match act.posted.value("action") {
        // What was chosen a moment ago was not looked at yet, so that nobody can have confirmed it.
        "confirm" | "confirm_on" if is_another_part => act.look_again(&page).await,
        "preview" => act.look_again(&page).await,
        "cancel" => match backend.drop_import(&workspace, &reading).await {
            Ok(()) => {
                Redirect::to(&with_query(&paths.page("recognise"), &[("done", "import-cancelled")])).into_response()
            }
            Err(problem) => act.again(&page, problem).await,
        },
        action @ ("confirm" | "confirm_on") => match confirm(&**backend, &workspace, &reading, &act.posted).await {
            Ok((flow, receipt)) => {
                let revision = receipt.revision.0.to_string();
                let mut query = match receipt.objects {
                    0 => vec![("done", "unchanged")],
                    _ => vec![("done", "imported"), ("rev", revision.as_str())],
                };
                if action == "confirm_on" {
                    query.push(("part", Part::Answers.as_str()));
                    return Redirect::to(&with_query(&page, &query)).into_response();
                }
                // What was confirmed is in the model now; a copy that stays behind goes by itself after a day.
                if let Err(problem) = backend.drop_import(&workspace, &reading).await {
                    tracing::warn!(?problem, "a confirmed reading could not be forgotten");
                }
                Redirect::to(&with_query(&paths.flow(&flow), &query)).into_response()
            }
            Err(problem) => act.again(&page, problem).await,
        },
        _ => act.again(&page, Problem::field("action", FieldCode::NotInList)).await,
    }
}

async fn confirm(
    backend: &dyn Backend,
    workspace: &WorkspaceId,
    reading: &ImportId,
    posted: &Posted,
) -> Result<(FlowId, Receipt), Problem> {
    let staged = backend.staged_import(workspace, reading).await?;
    let recognition = Recognition::from_json(&staged.content).ok_or(Problem::NotFound)?;
    let estate = backend.estate(workspace).await?;
    let seen = posted.value("rev").parse().map(Revision).unwrap_or(estate.revision);
    let flow = adopted(&recognition, &estate, posted)?;
    let (id, objects) = (flow.id.clone(), vec![Object::Flow(Arc::new(flow))]);
    let receipt = backend.execute(workspace, Command::Import { source: recognition.file, objects, seen }).await?;
    Ok((id, receipt))
}

/// The flow that follows from the form. One that would carry and keep nothing is none.
fn adopted(recognition: &Recognition, estate: &Estate, posted: &Posted) -> Result<Flow, Problem> {
    let adoption = Adoption::from_form(&posted.0, recognition, &estate.stored);
    let adopted = adopt(recognition, &estate.stored, &adoption, estate.today).map_err(Problem::Invalid)?;
    if adopted.effects.is_empty() {
        return Err(Problem::field("take", FieldCode::Missing));
    }
    Ok(adopted.flow)
}

/// Shows the page with what is wrong with the file, and with nothing of it.
async fn rejected(setting: Setting, rejection: &Rejection) -> Response {
    let sentence = ("rejection".to_owned(), rejection.to_string());
    setting.render_again(Posted(vec![sentence]), Problem::Invalid(Vec::new())).await
}

/// What a browser sends: the name and content of the file, or else of the pasted text. Whatever else is in the form is
/// read over.
async fn sent(mut request: Request) -> Result<Option<(String, Vec<u8>)>, Refusal> {
    // The size is limited already; the usual limit of forms is too small for files.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Refusal::BadRequest)?;
    let (mut file, mut text) = (None, None);
    while let Some(field) = form.next_field().await.map_err(|error| broken_off(&error))? {
        match field.name() {
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                file = Some((name, content(field).await?))
                    .filter(|(name, content)| !(name.is_empty() && content.is_empty()));
            }
            Some("text") => {
                text = Some((PASTED.to_owned(), content(field).await?))
                    .filter(|(_, content)| !content.iter().all(u8::is_ascii_whitespace));
            }
            _ => {}
        }
    }
    Ok(file.or(text))
}

pub(super) async fn content(mut field: Field<'_>) -> Result<Vec<u8>, Refusal> {
    let mut content = BytesMut::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken_off(&error))? {
        content.extend_from_slice(&chunk);
    }
    Ok(content.to_vec())
}

pub(super) fn broken_off(error: &MultipartError) -> Refusal {
    match unread(error) {
        Refusal::FormTooLarge => Refusal::SpecificationTooLarge,
        other => other,
    }
}
