//! Evidence: files come in as streams and go out as attachments, what they prove is a form.

use std::collections::BTreeSet;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use app::ui::link::{encoded, with_query};
use axum::body::Body;
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use bytes::Bytes;
use domain::backend::Backend;
use domain::backend::Estate;
use domain::backend::library::{LibraryBook, Taking};
use domain::evidence::EvidenceKey;
use domain::evidence::draft::{
    About, Around, ITEM_FIELDS, REASON_MAX, VERSION_FIELDS, about_from_form, version_from_form,
};
use domain::evidence::file::QuotaError;
use domain::evidence::item::{ItemChange, StoredFile};
use domain::evidence::media::Preview;
use domain::evidence::picture::{LOOKED_AT, SHOWN_BYTES_MAX, is_shown};
use domain::id::WorkspaceId;
use domain::model::draft::Form;
use domain::pack::scan::{FileScan, Scanned};
use domain::problem::{FieldCode, Problem};
use domain::review::ReviewKey;
use domain::role::Capability;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::request::Parts;
use hyper::body::{Frame, SizeHint};
use store::{Files, NotTaken, Ready};
use tokio::io::{AsyncRead, ReadBuf};

use super::act::Act;
use super::form::{Posted, unread};
use super::headers::FILE_POLICY;
use super::model::{in_workspace, seen};
use super::page::Setting;
use super::refusal::Refusal;
use super::session::Caller;
use super::{Site, fault};

/// How many files come in at once.
pub const UPLOADS: usize = 8;
/// So many bytes of a file are sent at once.
const PIECE: u64 = 64 * 1024;
/// How many bytes the fields beside a file have together.
const FIELDS_MAX: usize = 64 * 1024;

/// What a form is read against.
pub(super) struct Known {
    pub(super) estate: Arc<Estate>,
    pub(super) book: LibraryBook,
    reviews: BTreeSet<ReviewKey>,
}

impl Known {
    /// For somebody who may change what the workspace holds. The gate asks again.
    pub(super) async fn of(backend: &dyn Backend, workspace: &WorkspaceId) -> Result<Self, Problem> {
        let estate = backend.estate(workspace).await?;
        if !estate.workspace.allows(Capability::EditModel) {
            return Err(Problem::Forbidden);
        }
        let book = backend.library(workspace).await?;
        let reviews = backend.reviews(workspace).await?.reviews.iter().map(|it| it.key).collect();
        Ok(Self { estate, book, reviews })
    }

    /// Reads a form.
    pub(super) fn read<T>(&self, read: impl FnOnce(Around<'_>) -> T) -> T {
        read(Around {
            model: &self.estate.model,
            is_requirement: &|key| self.book.lists(key),
            is_review: &|key| self.reviews.contains(&key),
            today: self.book.today,
            now: self.book.now,
        })
    }
}

/// Adds an item with its first file or address.
pub async fn add(State(site): State<Site>, Path(workspace): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (caller, setting) = (Caller::of(&parts), Setting::of(&parts));
    let (workspace, paths) = in_workspace(&workspace);
    let page = setting.at(&paths.page("evidence/items/new"));
    // Before the file is read: who may not add anything need not send it.
    let known = match Known::of(&*caller.backend, &workspace).await {
        Ok(known) => known,
        Err(problem) => return page.render_again(Posted(Vec::new()), problem).await,
    };
    let sent = match receive(&site, Request::from_parts(parts, body)).await {
        Ok(sent) => sent,
        Err(refusal) => return refusal.into_response(),
    };
    if sent.asks_again() {
        return page.render_draft(Posted(sent.form)).await;
    }
    let version = sent.version(&known);
    let Sent { form, file, .. } = sent;
    let attempt = async {
        only(&form, &["requirement", "link"], &[&ITEM_FIELDS, &VERSION_FIELDS])?;
        let about = known.read(|around| about_from_form(&form, &About::default(), around));
        let (about, version) = match (about, version) {
            (Ok(about), Ok(version)) => (about, version),
            (about, version) => {
                let errors = [about.err(), version.err()].into_iter().flatten().flatten().collect();
                return Err(Problem::Invalid(errors));
            }
        };
        place(file).await?;
        caller.backend.add_item(&workspace, about, version).await
    };
    match attempt.await {
        Ok(key) => saved(&paths.evidence("items", &key.to_string()), "item-added"),
        Err(problem) => page.render_again(Posted(form), problem).await,
    }
}

/// Adds a version to an item. The earlier ones stay.
pub async fn add_version(
    State(site): State<Site>,
    Path((workspace, key)): Path<(String, String)>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let (caller, setting) = (Caller::of(&parts), Setting::of(&parts));
    let (workspace, paths) = in_workspace(&workspace);
    let own = paths.evidence("items", &key);
    let page = setting.at(&own);
    let ready = async {
        let known = Known::of(&*caller.backend, &workspace).await?;
        let key: EvidenceKey = key.parse().map_err(|_| Problem::NotFound)?;
        if known.book.items.contains_key(&key) { Ok((known, key)) } else { Err(Problem::NotFound) }
    };
    let (known, key) = match ready.await {
        Ok(ready) => ready,
        Err(problem) => return page.render_again(Posted(Vec::new()), problem).await,
    };
    let sent = match receive(&site, Request::from_parts(parts, body)).await {
        Ok(sent) => sent,
        Err(refusal) => return refusal.into_response(),
    };
    let version = sent.version(&known);
    let Sent { form, file, .. } = sent;
    let attempt = async {
        only(&form, &[], &[&VERSION_FIELDS])?;
        let version = version.map_err(Problem::Invalid)?;
        let revision = seen(&form)?.0;
        place(file).await?;
        caller.backend.change_item(&workspace, key, ItemChange::Add(version), revision).await
    };
    match attempt.await {
        Ok(_) => saved(&own, "version-added"),
        Err(problem) => page.render_again(Posted(form), problem).await,
    }
}

/// Saves what an item is about.
pub async fn edit(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let own = paths.evidence("items", &key);
    let page = format!("{own}/edit");
    if act.posted.value("action") == "find" {
        return act.look_again(&page).await;
    }
    let attempt = async {
        let backend = &*act.caller.backend;
        let known = Known::of(backend, &workspace).await?;
        let key: EvidenceKey = key.parse().map_err(|_| Problem::NotFound)?;
        let item = &known.book.items.get(&key).ok_or(Problem::NotFound)?.value;
        let form = &act.posted.0;
        only(form, &["requirement", "link"], &[&ITEM_FIELDS])?;
        let about = known.read(|around| about_from_form(form, &About::of(item), around)).map_err(Problem::Invalid)?;
        backend.change_item(&workspace, key, ItemChange::About(about), seen(form)?.0).await
    };
    match attempt.await {
        Ok(changed) => saved(&own, if changed { "item-saved" } else { "unchanged" }),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Puts a legal hold on an item, lifts it, or withdraws the item.
pub async fn step(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let own = paths.evidence("items", &key);
    let attempt = async {
        let backend = &*act.caller.backend;
        if !backend.estate(&workspace).await?.workspace.allows(Capability::EditModel) {
            return Err(Problem::Forbidden);
        }
        let key: EvidenceKey = key.parse().map_err(|_| Problem::NotFound)?;
        let form = &act.posted.0;
        only(form, &[], &[&["step", "reason"]])?;
        let reason = act.posted.value("reason").to_owned();
        if reason.chars().count() > REASON_MAX {
            return Err(Problem::field("reason", FieldCode::TooLong(1_000)));
        }
        let (change, code) = match act.posted.value("step") {
            "hold" => (ItemChange::Hold(reason), "item-held"),
            "lift" => (ItemChange::Lift, "item-lifted"),
            "withdraw" => (ItemChange::Withdraw(reason), "item-withdrawn"),
            _ => return Err(Problem::field("step", FieldCode::NotInList)),
        };
        backend.change_item(&workspace, key, change, seen(form)?.0).await.map(|_| code)
    };
    match attempt.await {
        Ok(code) => saved(&own, code),
        Err(problem) => act.again(&own, problem).await,
    }
}

/// The file of a version, to be saved and not shown.
pub async fn file(State(site): State<Site>, Path(of): Path<(String, String, String)>, parts: Parts) -> Response {
    give(&site, of, &parts, Taking::Download).await.unwrap_or_else(|response| response)
}

/// The picture of a version, for the page of its item and for nothing else.
pub async fn picture(State(site): State<Site>, Path(of): Path<(String, String, String)>, parts: Parts) -> Response {
    give(&site, of, &parts, Taking::Preview).await.unwrap_or_else(|response| response)
}

async fn give(
    site: &Site,
    (workspace, key, number): (String, String, String),
    parts: &Parts,
    taking: Taking,
) -> Result<Response, Response> {
    let (workspace, paths) = in_workspace(&workspace);
    let refused = |problem: Problem| Refusal::from(problem).into_response();
    let item: EvidenceKey = key.parse().map_err(|_| refused(Problem::NotFound))?;
    let number: u32 = number.parse().map_err(|_| refused(Problem::NotFound))?;
    let stored = match Caller::of(parts).backend.take_file(&workspace, (item, number), taking).await {
        Ok(stored) => stored,
        // What is wrong with the file stands on the page of its item.
        Err(problem @ Problem::Invalid(_)) => {
            let page = Setting::of(parts).at(&paths.evidence("items", &key));
            return Err(page.render_again(Posted(Vec::new()), problem).await);
        }
        Err(problem) => return Err(refused(problem)),
    };
    let files = site.store.files().ok_or_else(|| refused(Problem::NotFound))?;
    if taking == Taking::Preview && !may_be_shown(files, &stored).await {
        return Err(refused(Problem::NotFound));
    }
    let path = files.path(stored.sha256);
    let opened = tokio::fs::File::open(path).await;
    let opened = opened.map_err(|error| refused(fault("a file of evidence could not be opened", &error)))?;
    let body = Body::new(FileBody { file: opened, left: stored.bytes });
    let (kind, disposition) = match taking {
        Taking::Download => ("application/octet-stream", disposition(stored.name.as_str())),
        Taking::Preview => (stored.media.as_str(), HeaderValue::from_static("inline")),
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CONTENT_DISPOSITION, disposition),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_POLICY)),
    ];
    Ok((headers, body).into_response())
}

/// Whether a page may show it as a picture: by its type, its size and how many pixels its head says that it has.
async fn may_be_shown(files: &Files, stored: &StoredFile) -> bool {
    if stored.media.preview() != Some(Preview::Picture) || stored.bytes > SHOWN_BYTES_MAX {
        return false;
    }
    let (files, stored) = (files.clone(), stored.clone());
    let looked = tokio::task::spawn_blocking(move || {
        files.head(&stored, LOOKED_AT).is_ok_and(|head| is_shown(stored.media, stored.bytes, &head))
    });
    looked.await.unwrap_or(false)
}

/// The name that a browser proposes: plain letters for old ones, and the name itself.
fn disposition(name: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() || matches!(it, '-' | '.' | '_') { it } else { '_' })
        .collect();
    let text = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", encoded(name));
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("attachment"))
}

/// The bytes of a file, a piece at a time.
struct FileBody {
    file: tokio::fs::File,
    left: u64,
}

impl hyper::body::Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let mut piece = vec![0; usize::try_from(self.left.min(PIECE)).unwrap_or_default()];
        let mut buffer = ReadBuf::new(&mut piece);
        if let Err(error) = ready!(Pin::new(&mut self.file).poll_read(context, &mut buffer)) {
            return Poll::Ready(Some(Err(error)));
        }
        let read = buffer.filled().len();
        if read == 0 {
            return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
        }
        piece.truncate(read);
        self.left = self.left.saturating_sub(read as u64);
        Poll::Ready(Some(Ok(Frame::data(piece.into()))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// What came with a form: its fields, and the file or why it is not taken.
struct Sent {
    form: Vec<(String, String)>,
    file: Option<Ready>,
    wrong: Option<FieldCode>,
}

impl Sent {
    /// Whether the person asked for another look.
    fn asks_again(&self) -> bool {
        self.form.iter().any(|(name, value)| name == "action" && value == "find")
    }

    /// The version that the form describes.
    fn version(&self, known: &Known) -> Result<domain::evidence::Version, Vec<domain::problem::FieldError>> {
        let file = self.file.as_ref().map(|it| it.file().clone());
        let read = known.read(|around| version_from_form(&self.form, file, around));
        match self.wrong {
            None => read,
            Some(code) => {
                let mut errors = read.err().unwrap_or_default();
                errors.retain(|it| it.field != "file");
                errors.insert(0, domain::problem::FieldError::new("file", code));
                Err(errors)
            }
        }
    }
}

/// Gives a file its place, once the form that it came with is right.
async fn place(file: Option<Ready>) -> Result<(), Problem> {
    let Some(file) = file else { return Ok(()) };
    file.place().await.map_err(|error| disk(&error).map_or_else(|problem| problem, |it| Problem::field("file", it)))
}

/// Reads a form with a file in it. The file goes to the disk as it comes, and nothing of it stays where the form is wrong.
async fn receive(site: &Site, mut request: Request) -> Result<Sent, Refusal> {
    let files = site.store.files().ok_or(Refusal::NotFound)?;
    let _turn = site.uploads.try_acquire().map_err(|_| Refusal::Busy)?;
    let most = files.quota().file_bytes / 1024 / 1024;
    let broken_off = |error: &(dyn std::error::Error + 'static)| match unread(error) {
        Refusal::FormTooLarge => Refusal::EvidenceTooLarge(most),
        other => other,
    };
    // The size is limited already; the usual limit of forms is too small for files.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| Refusal::BadRequest)?;
    let mut sent = Sent { form: Vec::new(), file: None, wrong: None };
    let mut room = FIELDS_MAX;
    while let Some(mut field) = multipart.next_field().await.map_err(|error| broken_off(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let called = field.file_name().unwrap_or_default().to_owned();
            if sent.file.is_some() || sent.wrong.is_some() {
                return Err(Refusal::BadRequest);
            }
            match take(files, &called, &mut field).await {
                Ok(file) => sent.file = file,
                Err(Stopped::Wrong(code)) => sent.wrong = Some(code),
                Err(Stopped::Fault(problem)) => return Err(problem.into()),
                Err(Stopped::BrokenOff(error)) => return Err(broken_off(&error)),
            }
            continue;
        }
        let mut value = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|error| broken_off(&error))? {
            room = room.checked_sub(chunk.len() + name.len()).ok_or(Refusal::FormTooLarge)?;
            value.extend_from_slice(&chunk);
        }
        sent.form.push((name, String::from_utf8(value).map_err(|_| Refusal::BadRequest)?));
    }
    Ok(sent)
}

/// Why a file did not come in.
enum Stopped {
    /// The person can choose another one.
    Wrong(FieldCode),
    /// Ours.
    Fault(Problem),
    /// The browser sent no more, or too much.
    BrokenOff(axum::extract::multipart::MultipartError),
}

impl From<NotTaken> for Stopped {
    fn from(why: NotTaken) -> Self {
        match why {
            NotTaken::Name(why) => Self::Wrong(why.code()),
            NotTaken::Media(why) => Self::Wrong(why.code()),
            NotTaken::Size(QuotaError::Empty) => Self::Wrong(FieldCode::EmptyFile),
            NotTaken::Size(_) => Self::Wrong(FieldCode::StorageFull),
            NotTaken::Disk(error) => disk(&error).map_or_else(Self::Fault, Self::Wrong),
            NotTaken::Store(error) => Self::Fault(fault("a file of evidence could not be taken in", &error)),
        }
    }
}

/// A full disk is told; the rest is a fault of ours.
fn disk(error: &io::Error) -> Result<FieldCode, Problem> {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Ok(FieldCode::StorageFull),
        _ => Err(fault("a file of evidence could not be written", error)),
    }
}

/// Takes the file of a field in, unless it is a text with a full card number: evidence of what is kept would be kept itself,
/// and would stop every pack. A field without a name and without bytes is one in which nobody chose a file.
async fn take(files: &Files, called: &str, field: &mut Field<'_>) -> Result<Option<Ready>, Stopped> {
    let mut next = field.chunk().await.map_err(Stopped::BrokenOff)?;
    while next.as_ref().is_some_and(Bytes::is_empty) {
        next = field.chunk().await.map_err(Stopped::BrokenOff)?;
    }
    if next.is_none() {
        return if called.is_empty() { Ok(None) } else { Err(Stopped::Wrong(FieldCode::EmptyFile)) };
    }
    let quota = files.quota();
    let told = |why: NotTaken| match why {
        NotTaken::Size(why) => Stopped::Wrong(why.code(&quota)),
        why => why.into(),
    };
    let mut incoming = files.begin(called).map_err(told)?;
    let (mut scan, mut scanned) = (FileScan::new(called), Scanned::default());
    while let Some(chunk) = next {
        incoming.write(&chunk).await.map_err(told)?;
        scan.feed(&chunk);
        next = field.chunk().await.map_err(Stopped::BrokenOff)?;
    }
    scan.end(&mut scanned);
    if let Some(first) = scanned.stops.first() {
        return Err(Stopped::Wrong(FieldCode::CardNumberInFile(u32::try_from(first.line).unwrap_or(u32::MAX))));
    }
    incoming.finish().await.map(Some).map_err(told)
}

/// Refuses what a form does not have, and anything twice that does not repeat.
pub(super) fn only(form: &Form, repeated: &[&str], known: &[&[&str]]) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    let fits = |name: &str| matches!(name, "rev" | "action") || known.iter().any(|it| it.contains(&name));
    if form.iter().all(|(name, _)| fits(name) && (repeated.contains(&name.as_str()) || seen.insert(name.as_str()))) {
        Ok(())
    } else {
        Err(Problem::field("form", FieldCode::UnknownField))
    }
}

pub(super) fn saved(page: &str, code: &str) -> Response {
    Redirect::to(&with_query(page, &[("done", code)])).into_response()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_never_breaks_out_of_its_header() {
        let of = |name: &str| disposition(name).to_str().unwrap().to_owned();
        assert_eq!(of("scan.pdf"), "attachment; filename=\"scan.pdf\"; filename*=UTF-8''scan.pdf");
        let told = of("a\"; x=\r\ny größe.pdf");
        assert!(
            told.starts_with("attachment; filename=\"a___x___y_gr__e.pdf\"; filename*=UTF-8''a%22%3B%20x%3D%0D%0Ay")
        );
    }
}
