//! What people say of requirements: where each stands, who does it, the frameworks that list them, and controls on
//! integrations.

use std::collections::BTreeSet;

use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Request};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::backend::Backend;
use domain::backend::library::LibraryBook;
use domain::id::{PersonId, SystemId, VendorId, WorkspaceId};
use domain::import::Rejection;
use domain::library::controls::{
    IntegrationControl, PRESET_FIELDS, STATEMENT_FIELDS, preset_from_form, statement_from_form,
};
use domain::library::framework::{BYTES_MAX, read};
use domain::library::position_draft::{FIELDS, position_from_form};
use domain::library::responsibility::{ROW_FIELDS, VendorMatrix, matrix_from_form};
use domain::library::{FrameworkKey, Position, RequirementKey};
use domain::model::card_number::looks_like_card_number;
use domain::model::draft::Form;
use domain::problem::{FieldCode, Problem};
use domain::role::Capability;

use app::ui::link::{Paths, with_query};

use super::act::Act;
use super::form::{Posted, only, only_once};
use super::import::broken_off;
use super::model::{in_workspace, seen};
use super::page::Setting;
use super::refusal::Refusal;
use super::session::Caller;

/// What a pasted table is called in what is said about it.
const PASTED: &str = "pasted-table.csv";

/// The longest text of a field that stands beside a file, in bytes.
const BESIDE_MAX: usize = 4_000;

/// Says where a requirement stands.
pub async fn say(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let own = paths.requirement(&key);
    let attempt = async {
        let (backend, book) = may_say(&act, &workspace).await?;
        let requirement = named(&key, &book)?;
        let form = &act.posted.0;
        let single: Vec<&str> =
            FIELDS.iter().copied().filter(|it| *it != "evidence").chain(["rev", "action"]).collect();
        only_once(form, &single, "evidence")?;
        let blank = Position::new(requirement.clone());
        let existing = book.positions.get(&requirement).map_or(&blank, |it| &it.value);
        let is_item = |key| book.items.contains_key(&key);
        let position =
            position_from_form(form, existing, &who(&book), book.today, is_item).map_err(Problem::Invalid)?;
        backend.save_position(&workspace, position, seen(form)?.0).await
    };
    match attempt.await {
        Ok(changed) => saved(&own, if changed { "position-saved" } else { "unchanged" }),
        Err(problem) => act.again(&format!("{own}/status"), problem).await,
    }
}

/// Approves a compensating control, or renews its yearly review.
pub async fn approve(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let own = paths.requirement(&key);
    let attempt = async {
        let (backend, book) = may_say(&act, &workspace).await?;
        let requirement = named(&key, &book)?;
        only(&act.posted.0, &["rev", "step"])?;
        if act.posted.value("step") != "approve" {
            return Err(Problem::field("step", FieldCode::NotInList));
        }
        backend.approve_position(&workspace, &requirement, seen(&act.posted.0)?.0).await
    };
    match attempt.await {
        Ok(changed) => saved(&own, if changed { "position-approved" } else { "unchanged" }),
        Err(problem) => act.again(&own, problem).await,
    }
}

/// Says who does what between us and a vendor. What the form has no row for stays as it is.
pub async fn responsibility(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, _) = in_workspace(&workspace);
    let page = act.setting.path_and_query().to_owned();
    let attempt = async {
        let (backend, book) = may_say(&act, &workspace).await?;
        let vendor = VendorId::new(key);
        if !backend.estate(&workspace).await?.model.vendors.contains_key(&vendor) {
            return Err(Problem::NotFound);
        }
        let form = &act.posted.0;
        once(form)?;
        let blank = VendorMatrix::new(vendor.clone());
        let existing = book.responsibilities.get(&vendor).map_or(&blank, |it| &it.value);
        let is_known = |key: &RequirementKey| book.lists(key);
        let matrix = matrix_from_form(form, existing, book.today, is_known).map_err(Problem::Invalid)?;
        if matrix == blank {
            return Ok(false);
        }
        backend.save_responsibility(&workspace, matrix, seen(form)?.0).await
    };
    match attempt.await {
        Ok(changed) => saved(&page, if changed { "responsibility-saved" } else { "unchanged" }),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Says whether a control is in place on the integrations of a system, or takes that back.
pub async fn state_control(Path((workspace, system, control)): Path<(String, String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = act.setting.path_and_query().to_owned();
    let attempt = async {
        let (backend, book) = may_say(&act, &workspace).await?;
        let control: IntegrationControl = control.parse().map_err(|_| Problem::NotFound)?;
        let system = SystemId::new(system);
        if !backend.estate(&workspace).await?.model.systems.contains_key(&system) {
            return Err(Problem::NotFound);
        }
        let form = &act.posted.0;
        only(form, &[&STATEMENT_FIELDS[..], &["rev", "action"]].concat())?;
        let said = statement_from_form(form, &system, control, &who(&book), book.today).map_err(Problem::Invalid)?;
        backend.state_control(&workspace, (system, control), said, seen(form)?.0).await
    };
    match attempt.await {
        Ok(changed) => saved(&paths.page("evidence/controls"), if changed { "control-saved" } else { "unchanged" }),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Says what a control keeps off, and how urgent it is.
pub async fn save_preset(Path((workspace, control)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = act.setting.path_and_query().to_owned();
    let attempt = async {
        let (backend, book) = may_say(&act, &workspace).await?;
        let control: IntegrationControl = control.parse().map_err(|_| Problem::NotFound)?;
        let form = &act.posted.0;
        only(form, &[&PRESET_FIELDS[..], &["rev", "action"]].concat())?;
        let existing = book.presets().into_iter().find(|it| it.control == control).ok_or(Problem::NotFound)?;
        let preset = preset_from_form(form, &existing).map_err(Problem::Invalid)?;
        if preset == existing {
            return Ok(false);
        }
        backend.save_preset(&workspace, preset, seen(form)?.0).await
    };
    match attempt.await {
        Ok(changed) => saved(&paths.page("evidence/controls"), if changed { "preset-saved" } else { "unchanged" }),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Brings a framework.
pub async fn bring(Path(workspace): Path<String>, request: Request) -> Response {
    framework(&workspace, None, request).await
}

/// Puts another table in the place of a framework's.
pub async fn replace(Path((workspace, key)): Path<(String, String)>, request: Request) -> Response {
    framework(&workspace, Some(key), request).await
}

async fn framework(workspace: &str, key: Option<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (caller, setting) = (Caller::of(&parts), Setting::of(&parts));
    let workspace = WorkspaceId::new(workspace);
    let backend = caller.backend.as_ref();
    // Before the file is read: who may not say anything need not send it.
    if let Err(problem) = may_edit(backend, &workspace).await {
        return setting.render_again(Posted(Vec::new()), problem).await;
    }
    let sent = match sent(Request::from_parts(parts, body)).await {
        Ok(sent) => sent,
        Err(refusal) => return refusal.into_response(),
    };
    let again = sent.again();
    match keep(backend, &workspace, key, sent).await {
        Ok((page, changed)) => saved(&page, if changed { "framework-saved" } else { "unchanged" }),
        Err(Unread::Problem(problem)) => setting.render_again(Posted(again), problem).await,
        Err(Unread::Rejected(rejections)) => {
            let mut form = again;
            form.extend(rejections.iter().map(|it| ("rejection".to_owned(), it.to_string())));
            setting.render_again(Posted(form), Problem::Invalid(Vec::new())).await
        }
    }
}

/// Why a table is not kept.
enum Unread {
    Problem(Problem),
    Rejected(Vec<Rejection>),
}

impl From<Problem> for Unread {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// The address of the framework, and whether anything changed.
async fn keep(
    backend: &dyn Backend,
    workspace: &WorkspaceId,
    key: Option<String>,
    sent: Sent,
) -> Result<(String, bool), Unread> {
    let book = backend.library(workspace).await?;
    let key: FrameworkKey = match key {
        Some(key) => {
            let key = key.parse().map_err(|_| Problem::NotFound)?;
            if book.frameworks.contains_key(&key) { key } else { return Err(Problem::NotFound.into()) }
        }
        None => {
            if looks_like_card_number(&sent.key) {
                return Err(Problem::field("key", FieldCode::CardNumber).into());
            }
            let key: FrameworkKey =
                sent.key.trim().parse().map_err(|_| Problem::field("key", FieldCode::NotAFrameworkKey))?;
            if book.frameworks.contains_key(&key) {
                return Err(Problem::field("key", FieldCode::Taken).into());
            }
            key
        }
    };
    let (file, content) = sent.table().ok_or_else(|| Problem::field("file", FieldCode::Missing))?;
    let whole = |reason: &str, remedy: &str| Unread::Rejected(vec![Rejection::of_file(file, reason, remedy)]);
    let text =
        std::str::from_utf8(content).map_err(|_| whole("the file is not in UTF-8", "save it as CSV in UTF-8"))?;
    let framework = read(file, text, key, &sent.name).map_err(Unread::Rejected)?;
    let page = Paths::of(workspace).framework_at(framework.key.as_str());
    let seen = seen(&[("rev".to_owned(), sent.rev)])?.0;
    Ok((page, backend.save_framework(workspace, framework, seen).await?))
}

/// The fields of the form of a framework.
#[derive(Default)]
struct Sent {
    name: String,
    key: String,
    rev: String,
    file: String,
    content: Vec<u8>,
    text: Vec<u8>,
}

impl Sent {
    /// The table with its name: the file, else what was pasted.
    fn table(&self) -> Option<(&str, &[u8])> {
        if !self.content.is_empty() {
            Some((&self.file, &self.content))
        } else if !self.text.trim_ascii().is_empty() {
            Some((PASTED, &self.text))
        } else {
            None
        }
    }

    /// What the page shows again. A table with a card number in it is not shown.
    fn again(&self) -> Vec<(String, String)> {
        let mut form = vec![("name".to_owned(), self.name.clone()), ("key".to_owned(), self.key.clone())];
        let text = String::from_utf8_lossy(&self.text);
        if !looks_like_card_number(&text) {
            form.push(("text".to_owned(), text.into_owned()));
        }
        form.retain(|(_, value)| !looks_like_card_number(value));
        form
    }
}

/// Reads the form. Whatever else is in it is read over.
async fn sent(mut request: Request) -> Result<Sent, Refusal> {
    // The size is limited already; the usual limit of forms is too small for files.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Refusal::BadRequest)?;
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.map_err(|error| broken_off(&error))? {
        let named = field.name().unwrap_or_default().to_owned();
        match named.as_str() {
            "file" => {
                field.file_name().unwrap_or_default().clone_into(&mut sent.file);
                sent.content = bytes(field, BYTES_MAX).await?;
            }
            "text" => sent.text = bytes(field, BYTES_MAX).await?,
            "name" => sent.name = line(field).await?,
            "key" => sent.key = line(field).await?,
            "rev" => sent.rev = line(field).await?,
            _ => {}
        }
    }
    Ok(sent)
}

/// What a field holds, and of what is too long one byte more than it may have, so that it is told.
async fn bytes(mut field: Field<'_>, most: usize) -> Result<Vec<u8>, Refusal> {
    let mut all = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken_off(&error))? {
        let room = (most + 1).saturating_sub(all.len());
        all.extend(chunk.iter().take(room));
    }
    Ok(all)
}

async fn line(field: Field<'_>) -> Result<String, Refusal> {
    let bytes = bytes(field, BESIDE_MAX).await?;
    if bytes.len() > BESIDE_MAX {
        Err(Refusal::BadRequest)
    } else {
        String::from_utf8(bytes).map_err(|_| Refusal::BadRequest)
    }
}

/// The backend and what was said, for somebody who may say something. The gate asks again.
async fn may_say<'a>(act: &'a Act, workspace: &WorkspaceId) -> Result<(&'a dyn Backend, LibraryBook), Problem> {
    let backend = act.caller.backend.as_ref();
    may_edit(backend, workspace).await?;
    Ok((backend, backend.library(workspace).await?))
}

async fn may_edit(backend: &dyn Backend, workspace: &WorkspaceId) -> Result<(), Problem> {
    if backend.estate(workspace).await?.workspace.allows(Capability::EditModel) {
        Ok(())
    } else {
        Err(Problem::Forbidden)
    }
}

/// The requirement of an address: a number alone is one of PCI DSS.
fn named(text: &str, book: &LibraryBook) -> Result<RequirementKey, Problem> {
    let key = text.parse().ok().or_else(|| RequirementKey::pci(text)).ok_or(Problem::NotFound)?;
    if book.lists(&key) { Ok(key) } else { Err(Problem::NotFound) }
}

/// Who fills in the form. The gate knows it better.
fn who(book: &LibraryBook) -> PersonId {
    book.me.clone().unwrap_or_else(|| PersonId::new("nobody"))
}

/// Refuses what the form of a matrix does not have, and anything twice.
fn once(form: &Form) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    let is_row = |name: &str| {
        let row = name.strip_prefix("row.").and_then(|rest| rest.split_once('.'));
        row.is_some_and(|(number, field)| number.parse::<u32>().is_ok() && ROW_FIELDS.contains(&field))
    };
    let fits = |name: &str| matches!(name, "rev" | "as_of" | "action") || is_row(name);
    if form.iter().all(|(name, _)| fits(name) && seen.insert(name.as_str())) {
        Ok(())
    } else {
        Err(Problem::field("form", FieldCode::UnknownField))
    }
}

fn saved(page: &str, code: &str) -> Response {
    Redirect::to(&with_query(page, &[("done", code)])).into_response()
}
