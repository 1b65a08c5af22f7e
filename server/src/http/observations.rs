//! Lists of what sources saw: brought, stored beside what is declared, and forgotten.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Request};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::backend::Backend;
use domain::command::{Command, Receipt};
use domain::id::{RecordId, WorkspaceId};
use domain::model::object::{Object, ObjectRef};
use domain::observation::{Seen, Stated, brought, key, read};
use domain::problem::{FieldCode, Problem};

use app::ui::link::{Paths, with_query};

use super::act::Act;
use super::form::{Posted, only};
use super::import::may_import;
use super::model::{Done, carry_out, in_workspace, seen};
use super::page::Setting;
use super::recognise::{broken_off, content};
use super::refusal::Refusal;
use super::session::Caller;

/// The fields of the form beside its file.
const STATED: [&str; 4] = ["name", "seen_at", "complete_for", "complete_since"];

/// Takes the list of a source, and stores it in the place of what the source saw before.
pub async fn bring(Path(workspace): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (caller, setting) = (Caller::of(&parts), Setting::of(&parts));
    let workspace = WorkspaceId::new(workspace);
    // Before the file is read: who may not import need not send it.
    if let Err(problem) = may_import(&*caller.backend, &workspace).await {
        return setting.render_again(Posted(Vec::new()), problem).await;
    }
    let (file, stated) = match sent(Request::from_parts(parts, body)).await {
        Ok(sent) => sent,
        Err(refusal) => return refusal.into_response(),
    };
    let again: Vec<(String, String)> = stated.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let Some((name, content)) = file else {
        return setting.render_again(Posted(again), Problem::field("file", FieldCode::Missing)).await;
    };
    let listed = match read(&name, &content) {
        Ok(listed) => listed,
        Err(rejections) => {
            let sentences = rejections.iter().map(|it| ("rejection".to_owned(), it.to_string()));
            let shown = again.into_iter().chain(sentences).collect();
            return setting.render_again(Posted(shown), Problem::Invalid(Vec::new())).await;
        }
    };
    match store(&*caller.backend, &workspace, listed, &stated).await {
        Ok((id, receipt)) => {
            let page = Paths::of(&workspace).observation(&id);
            let revision = receipt.revision.0.to_string();
            let done = match receipt.objects {
                0 => vec![("done", "unchanged")],
                _ => vec![("done", "observed"), ("rev", revision.as_str())],
            };
            Redirect::to(&with_query(&page, &done)).into_response()
        }
        Err(problem) => setting.render_again(Posted(again), problem).await,
    }
}

/// Forgets a source and what it saw.
pub async fn forget(Path((workspace, source)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let id = RecordId::new(source);
    carry_out(act, &workspace, &paths.observation(&id), |_, form| {
        only(form, &["rev"])?;
        let object = ObjectRef::Record(key(&id));
        let command = Command::Delete { object, seen: seen(form)?, detach: false };
        Ok((command, Done { page: paths.page("observations"), code: "record-deleted" }))
    })
    .await
}

async fn store(
    backend: &dyn Backend,
    workspace: &WorkspaceId,
    listed: Seen,
    stated: &BTreeMap<&'static str, String>,
) -> Result<(RecordId, Receipt), Problem> {
    let estate = backend.estate(workspace).await?;
    let value = |name: &str| stated.get(name).map_or("", String::as_str);
    let stated = Stated {
        name: value("name"),
        seen_at: value("seen_at"),
        complete_for: value("complete_for"),
        complete_since: value("complete_since"),
    };
    let source = brought(listed, &stated, &estate.stored, estate.today).map_err(Problem::Invalid)?;
    let (id, name) = (source.id.clone(), source.name.clone());
    let before = estate.stored.records.get(&key(&id)).map(|it| &**it);
    let objects = vec![Object::Record(Arc::new(source.into_record(before)))];
    let receipt = backend.execute(workspace, Command::Import { source: name, objects, seen: estate.revision }).await?;
    Ok((id, receipt))
}

type Sent = (Option<(String, Vec<u8>)>, BTreeMap<&'static str, String>);

/// The file of the form and what is stated beside it. Whatever else is in the form is read over.
async fn sent(mut request: Request) -> Result<Sent, Refusal> {
    // The size is limited already; the usual limit of forms is too small for files.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Refusal::BadRequest)?;
    let (mut file, mut stated) = (None, BTreeMap::new());
    while let Some(field) = form.next_field().await.map_err(|error| broken_off(&error))? {
        let named = field.name().unwrap_or_default().to_owned();
        if named == "file" {
            let name = field.file_name().unwrap_or_default().to_owned();
            let content = content(field).await?;
            file = Some((name, content)).filter(|(name, content)| !(name.is_empty() && content.is_empty()));
        } else if let Some(known) = STATED.iter().find(|it| **it == named) {
            stated.insert(*known, String::from_utf8(content(field).await?).map_err(|_| Refusal::BadRequest)?);
        }
    }
    Ok((file, stated))
}
