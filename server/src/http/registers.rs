//! Registers of risks on their way in: upload, preview, the decision, and the work that follows it.
//!
//! What a person confirms is read by a task of its own, outside of any transaction, which notes how far it is and looks
//! whether somebody stopped it. Only what was read as it was shown is written, all at once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use app::ui::link::{Paths, with_query};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use bytes::BytesMut;
use domain::backend::register_imports::{ImportState, ImportedRisks};
use domain::backend::{Backend, StagedImport};
use domain::id::{ImportId, WorkspaceId};
use domain::import::{Limits, Rejection};
use domain::problem::{FieldCode, Problem};
use domain::risk::sheet::workbook::is_workbook;
use domain::risk::sheet::{Around, Choices, DryRun, Outcome, Table, dry_run_watched, only_known, rows_hash};
use domain::risk::{Risk, RiskKey, Scheme};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::act::Act;
use super::form::Posted;
use super::import::{broken_off, may_import};
use super::page::Setting;
use super::refusal::Refusal;
use super::session::Caller;
use super::{Site, fault};

/// How often a reading notes how far it is and looks whether to go on.
const PULSE: Duration = Duration::from_millis(300);

/// How often whoever waits for room notes that.
const WAITING: Duration = Duration::from_secs(20);

/// For how long the answer to a confirmation waits, so that small registers need no page in between.
const PATIENCE: Duration = Duration::from_secs(2);

/// Takes a file, reads its table, and keeps that until somebody decides.
pub async fn bring(State(site): State<Site>, Path(workspace): Path<String>, request: Request) -> Response {
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
    let again = Posted(vec![("sheet".to_owned(), sent.sheet.clone())]);
    if sent.name.is_empty() && sent.content.is_empty() {
        return setting.render_again(again, Problem::field("file", FieldCode::Missing)).await;
    }
    let Ok(_reader) = site.readers.acquire().await else { return Refusal::Busy.into_response() };
    let read = tokio::task::spawn_blocking(move || {
        let table = sent.table()?;
        Ok::<_, Rejection>(StagedImport { content: table.to_json(), file_name: table.file })
    });
    let staged = match read.await {
        Ok(Ok(staged)) => staged,
        Ok(Err(rejection)) => {
            let Posted(mut form) = again;
            form.push(("rejection".to_owned(), rejection.to_string()));
            return setting.render_again(Posted(form), Problem::Invalid(Vec::new())).await;
        }
        Err(error) => return Refusal::from(fault("a register could not be read", &error)).into_response(),
    };
    match caller.backend.stage_register(&workspace, staged).await {
        Ok(import) => Redirect::to(&Paths::of(&workspace).register_import(&import)).into_response(),
        Err(problem) => setting.render_again(again, problem).await,
    }
}

/// Carries out what a person decides about a register: another look, all of it, a stop, or nothing.
pub async fn decide(State(site): State<Site>, Path((workspace, import)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, import) = (WorkspaceId::new(workspace), ImportId::new(import));
    let paths = Paths::of(&workspace);
    let page = paths.register_import(&import);
    let backend = Arc::clone(&act.caller.backend);
    if let Err(problem) = only_known(&act.posted.0) {
        return act.again(&page, problem).await;
    }
    match act.posted.value("action") {
        "preview" => act.look_again(&page).await,
        "cancel" => match backend.drop_register(&workspace, &import).await {
            Ok(()) => {
                Redirect::to(&with_query(&paths.page("risks/import"), &[("done", "import-cancelled")])).into_response()
            }
            Err(problem) => act.again(&page, problem).await,
        },
        "stop" => match backend.end_register(&workspace, &import, ImportState::Stopped).await {
            Ok(()) => Redirect::to(&page).into_response(),
            Err(problem) => act.again(&page, problem).await,
        },
        "confirm" => match begin(&site.readers, &backend, &workspace, &import, &act.posted).await {
            Ok(mut work) => {
                // Whoever waits no longer does not stop the work.
                let ended = timeout(PATIENCE, &mut work).await.is_ok();
                let is_done = ended
                    && backend.register_import(&workspace, &import).await.is_ok_and(|it| it.state == ImportState::Done);
                let register = with_query(&paths.page("risks"), &[("done", "risks-imported")]);
                Redirect::to(if is_done { &register } else { &page }).into_response()
            }
            Err(problem) => act.again(&page, problem).await,
        },
        _ => act.again(&page, Problem::field("action", FieldCode::NotInList)).await,
    }
}

/// A register as a person confirmed it.
struct Confirmed {
    workspace: WorkspaceId,
    import: ImportId,
    table: Table,
    choices: Choices,
    /// The hash of the rows that were shown.
    shown: String,
}

/// Begins to read a register in a task of its own.
async fn begin(
    readers: &Arc<Semaphore>,
    backend: &Arc<dyn Backend>,
    workspace: &WorkspaceId,
    import: &ImportId,
    posted: &Posted,
) -> Result<JoinHandle<()>, Problem> {
    let kept = backend.register_import(workspace, import).await?;
    if !kept.state.is_open() {
        return Err(Problem::Conflict);
    }
    let scheme = backend.risks(workspace).await?.register.scheme;
    let form = posted.0.clone();
    let read = tokio::task::spawn_blocking(move || {
        // A table that was kept by another version of this program may not be readable by this one.
        let table = Table::from_json(&kept.content).ok_or(Problem::NotFound)?;
        let choices = Choices::from_form(&form, &table, scheme).map_err(Problem::Invalid)?;
        Ok::<_, Problem>((table, choices))
    });
    let (table, choices) = read.await.map_err(|error| fault("a register could not be read", &error))??;
    backend.begin_register(workspace, import, &choices.to_form(), table.rows.len()).await?;
    let (workspace, import, shown) = (workspace.clone(), import.clone(), posted.value("hash").to_owned());
    let confirmed = Confirmed { workspace, import, table, choices, shown };
    let (readers, backend) = (Arc::clone(readers), Arc::clone(backend));
    Ok(tokio::spawn(async move {
        let Some(_reader) = turn(readers, &backend, &confirmed).await else { return };
        carry_out(&backend, confirmed).await;
    }))
}

/// Waits until there is room to read, and notes all the while that it goes on. `None` where somebody stopped it, or confirmed
/// something else, while it waited.
async fn turn(
    readers: Arc<Semaphore>,
    backend: &Arc<dyn Backend>,
    confirmed: &Confirmed,
) -> Option<OwnedSemaphorePermit> {
    let Confirmed { workspace, import, choices, .. } = confirmed;
    let mut room = std::pin::pin!(readers.acquire_owned());
    let reader = loop {
        tokio::select! {
            reader = &mut room => break reader.ok()?,
            () = sleep(WAITING) => drop(backend.note_register(workspace, import, 0).await),
        }
    };
    let kept = backend.register_import(workspace, import).await.ok()?;
    (kept.state == ImportState::Reading && kept.choices == choices.to_form()).then_some(reader)
}

/// Reads and writes a register, and notes how that ended.
async fn carry_out(backend: &Arc<dyn Backend>, confirmed: Confirmed) {
    let (workspace, import) = (confirmed.workspace.clone(), confirmed.import.clone());
    let state = match read_and_write(backend, confirmed).await {
        Ok(()) => return,
        Err(Problem::Conflict) => ImportState::Outdated,
        Err(Problem::Invalid(_)) => ImportState::Rejected,
        Err(problem) => {
            tracing::warn!(?problem, "a register was not imported");
            ImportState::Failed
        }
    };
    if let Err(problem) = backend.end_register(&workspace, &import, state).await {
        tracing::warn!(?problem, "the end of an import could not be noted");
    }
}

/// Reads every row, and writes what became of them where that is what was shown.
async fn read_and_write(backend: &Arc<dyn Backend>, confirmed: Confirmed) -> Result<(), Problem> {
    let Confirmed { workspace, import, table, choices, shown } = confirmed;
    // The numbers first: a risk that changes in between then looks older than it is, which the write refuses.
    let revisions = backend.risk_revisions(&workspace).await?;
    let (estate, risks) = (backend.estate(&workspace).await?, backend.risks(&workspace).await?);
    let (read, stops) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let (read_there, stops_there) = (Arc::clone(&read), Arc::clone(&stops));
    let mut reading = tokio::task::spawn_blocking(move || {
        let scheme = risks.register.scheme;
        let around = Around { existing: &risks.risks, register: &risks.register, model: &estate.model };
        let run = dry_run_watched(&table, &choices.mapping, &choices.answers, around, |number| {
            read_there.store(number, Ordering::Relaxed);
            !stops_there.load(Ordering::Relaxed)
        })?;
        let leaves_out = choices.leaves_out;
        Some(brought((run, scheme), leaves_out, &shown, &revisions))
    });
    let brought = loop {
        tokio::select! {
            done = &mut reading => break done.map_err(|error| fault("a register could not be read", &error))?,
            () = sleep(PULSE) => {
                match backend.note_register(&workspace, &import, read.load(Ordering::Relaxed)).await {
                    // A database that is busy for a moment stops nobody; the next note comes soon.
                    Ok(true) | Err(Problem::TooMany(_)) => {}
                    Ok(false) => stops.store(true, Ordering::Relaxed),
                    Err(problem) => {
                        stops.store(true, Ordering::Relaxed);
                        return Err(problem);
                    }
                }
            }
        }
    };
    // Nothing is left to do where somebody stopped it.
    let Some(brought) = brought else { return Ok(()) };
    backend.import_risks(&workspace, &import, brought?).await.map(drop)
}

/// What is written of a register that was read.
fn brought(
    (run, scheme): (DryRun, Scheme),
    leaves_out: bool,
    shown: &str,
    revisions: &BTreeMap<RiskKey, i64>,
) -> Result<ImportedRisks, Problem> {
    if !run.questions.is_empty() || run.rows.is_empty() || !(run.rejections.is_empty() || leaves_out) {
        return Err(Problem::Invalid(Vec::new()));
    }
    let rows_sha256 = rows_hash(&run.rows);
    if rows_sha256 != shown {
        return Err(Problem::Conflict);
    }
    let counts = run.counts();
    let written = run.rows.into_iter().filter(|row| row.outcome != Outcome::Unchanged);
    let seen = |risk: Risk| {
        let revision = revisions.get(&risk.key).copied().unwrap_or(0);
        (risk, revision)
    };
    Ok(ImportedRisks { risks: written.map(|row| seen(row.risk)).collect(), scheme, counts, rows_sha256 })
}

/// What a browser sends.
#[derive(Default)]
struct Sent {
    name: String,
    content: BytesMut,
    /// The name of the sheet; empty for the first.
    sheet: String,
}

impl Sent {
    /// The table of the file: a workbook or CSV, by its content.
    fn table(&self) -> Result<Table, Rejection> {
        let limits = Limits::register();
        if is_workbook(&self.content) {
            return Table::from_workbook(&self.name, &self.content, Some(&self.sheet), &limits);
        }
        Table::from_csv(&self.name, &self.content, &limits)
    }
}

/// Longest name of a sheet, in bytes: more than any spreadsheet takes.
const SHEET_MAX: usize = 400;

/// The fields of the form. Whatever else is in it is read over.
async fn sent(mut request: Request) -> Result<Sent, Refusal> {
    // The size is limited already; the usual limit of forms is too small for files.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Refusal::BadRequest)?;
    let mut sent = Sent::default();
    while let Some(mut field) = form.next_field().await.map_err(|error| broken_off(&error))? {
        match field.name() {
            Some("file") => {
                field.file_name().unwrap_or_default().clone_into(&mut sent.name);
                sent.content.clear();
                while let Some(chunk) = field.chunk().await.map_err(|error| broken_off(&error))? {
                    sent.content.extend_from_slice(&chunk);
                }
            }
            Some("sheet") => {
                let mut sheet = Vec::new();
                while let Some(chunk) = field.chunk().await.map_err(|error| broken_off(&error))? {
                    if sheet.len() + chunk.len() > SHEET_MAX {
                        return Err(Refusal::BadRequest);
                    }
                    sheet.extend_from_slice(&chunk);
                }
                sent.sheet = String::from_utf8(sheet).map_err(|_| Refusal::BadRequest)?;
            }
            _ => {}
        }
    }
    Ok(sent)
}
