//! Files on their way into a model: upload, preview, and the decision.

use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use bytes::{Bytes, BytesMut};
use domain::backend::{Backend, Estate, StagedImport};
use domain::command::{Command, Receipt, Revision};
use domain::id::{ImportId, WorkspaceId};
use domain::import::{Choices, Limits, Reading, Rejection, plan, read};
use domain::model::object::Object;
use domain::problem::{FieldCode, Problem};
use domain::role::Capability;

use app::ui::link::{Paths, with_query};

use super::act::Act;
use super::form::{Posted, unread};
use super::page::Setting;
use super::refusal::Refusal;
use super::session::Caller;
use super::{Site, fault};

/// How many files are read at once.
pub const READERS: usize = 2;

/// Takes a file, reads it, and keeps what was read until somebody decides.
pub async fn upload(State(site): State<Site>, Path(workspace): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (caller, setting) = (Caller::of(&parts), Setting::of(&parts));
    let workspace = WorkspaceId::new(workspace);
    let paths = Paths::of(&workspace);
    // Before the file is read: who may not import need not send it.
    if let Err(problem) = may_import(&*caller.backend, &workspace).await {
        return setting.render_again(Posted(Vec::new()), problem).await;
    }
    let file = match file(Request::from_parts(parts, body)).await {
        Ok(file) => file,
        Err(refusal) => return refusal.into_response(),
    };
    let Some(File { name, content }) = file.filter(|file| !(file.name.is_empty() && file.content.is_empty())) else {
        return setting.render_again(Posted(Vec::new()), Problem::field("file", FieldCode::Missing)).await;
    };
    let Ok(_reader) = site.readers.acquire().await else { return Refusal::Busy.into_response() };
    let read = tokio::task::spawn_blocking(move || {
        read(&name, &content, &Limits::browser())
            .map(|reading| StagedImport { file_name: reading.file_name().to_owned(), content: reading.to_json() })
    });
    let staged = match read.await {
        Ok(Ok(staged)) => staged,
        Ok(Err(rejections)) => return rejected(setting, &rejections).await,
        Err(error) => return Refusal::from(fault("a file could not be read", &error)).into_response(),
    };
    match caller.backend.stage_import(&workspace, staged).await {
        Ok(import) => Redirect::to(&paths.import(&import)).into_response(),
        Err(problem) => setting.render_again(Posted(Vec::new()), problem).await,
    }
}

/// Carries out what a person decides about a staged file: another look, all of it, or nothing.
pub async fn decide(Path((workspace, import)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, import) = (WorkspaceId::new(workspace), ImportId::new(import));
    let paths = Paths::of(&workspace);
    let page = paths.import(&import);
    let backend = &act.caller.backend;
    match act.posted.value("action") {
        "preview" => act.look_again(&page).await,
        "cancel" => match backend.drop_import(&workspace, &import).await {
            Ok(()) => Redirect::to(&with_query(&paths.page("import"), &[("done", "import-cancelled")])).into_response(),
            Err(problem) => act.again(&page, problem).await,
        },
        "confirm" => match confirm(&**backend, &workspace, &import, &act.posted).await {
            Ok(receipt) if receipt.objects == 0 => {
                Redirect::to(&with_query(&paths.home(), &[("done", "unchanged")])).into_response()
            }
            Ok(receipt) => {
                let revision = receipt.revision.0.to_string();
                Redirect::to(&with_query(&paths.home(), &[("done", "imported"), ("rev", &revision)])).into_response()
            }
            Err(problem) => act.again(&page, problem).await,
        },
        _ => act.again(&page, Problem::field("action", FieldCode::NotInList)).await,
    }
}

async fn confirm(
    backend: &dyn Backend,
    workspace: &WorkspaceId,
    import: &ImportId,
    posted: &Posted,
) -> Result<Receipt, Problem> {
    let staged = backend.staged_import(workspace, import).await?;
    let estate = backend.estate(workspace).await?;
    let seen = posted.value("rev").parse().map(Revision).unwrap_or(estate.revision);
    let form = posted.0.clone();
    let planned = tokio::task::spawn_blocking(move || objects(&staged, &estate, &form));
    let (source, objects) = planned.await.map_err(|error| fault("an import could not be planned", &error))??;
    let receipt = backend.execute(workspace, Command::Import { source, objects, seen }).await?;
    // What was confirmed is in the model now; a copy that stays behind goes by itself after a day.
    if let Err(problem) = backend.drop_import(workspace, import).await {
        tracing::warn!(?problem, "a confirmed file could not be forgotten");
    }
    Ok(receipt)
}

/// What a staged file puts into the model, as the person answered. Rows that cannot be taken stop all of it; the
/// preview names them.
fn objects(
    staged: &StagedImport,
    estate: &Estate,
    form: &[(String, String)],
) -> Result<(String, Vec<Object>), Problem> {
    let reading = Reading::from_json(&staged.content).map_err(|error| fault("a staged file cannot be read", &error))?;
    let choices = Choices::from_form(form, &reading);
    let objects = plan(&reading, &estate.stored, &choices).map_err(|_| Problem::Invalid(Vec::new()))?;
    Ok((staged.file_name.clone(), objects))
}

/// Whether the person may import here. The gate checks again when something is stored.
pub async fn may_import(backend: &dyn Backend, workspace: &WorkspaceId) -> Result<(), Problem> {
    let estate = backend.estate(workspace).await?;
    if estate.workspace.role.may(Capability::ImportModel) { Ok(()) } else { Err(Problem::Forbidden) }
}

/// Shows the import page with what is wrong with the file.
async fn rejected(setting: Setting, rejections: &[Rejection]) -> Response {
    let sentences = rejections.iter().map(|rejection| ("rejection".to_owned(), rejection.to_string()));
    setting.render_again(Posted(sentences.collect()), Problem::Invalid(Vec::new())).await
}

/// A file as a browser sends it.
struct File {
    name: String,
    content: Bytes,
}

/// The field `file` of the form. Whatever else is in the form is read over.
async fn file(mut request: Request) -> Result<Option<File>, Refusal> {
    // The size is limited already; the usual limit of forms is too small for files.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Refusal::BadRequest)?;
    while let Some(mut field) = form.next_field().await.map_err(|error| broken_off(&error))? {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or_default().to_owned();
            let mut content = BytesMut::new();
            while let Some(chunk) = field.chunk().await.map_err(|error| broken_off(&error))? {
                content.extend_from_slice(&chunk);
            }
            return Ok(Some(File { name, content: content.freeze() }));
        }
    }
    Ok(None)
}

pub(super) fn broken_off(error: &MultipartError) -> Refusal {
    match unread(error) {
        Refusal::FormTooLarge => Refusal::FileTooLarge,
        other => other,
    }
}
