//! Files of evidence on their way in: streamed to the disk with the form that they came with, and refused by size, type and
//! card numbers before any record names them.

use std::io;

use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use bytes::Bytes;
use domain::evidence::Version;
use domain::evidence::draft::version_from_form;
use domain::evidence::file::QuotaError;
use domain::pack::scan::{FileScan, Scanned};
use domain::problem::{FieldCode, FieldError, Problem};
use store::{Files, NotTaken, Ready};

use super::Known;
use crate::http::form::unread;
use crate::http::refusal::Refusal;
use crate::http::{Site, fault};

/// How many bytes the fields beside a file have together.
const FIELDS_MAX: usize = 64 * 1024;

/// What came with a form: its fields, and the file or why it is not taken.
pub(super) struct Sent {
    pub(super) form: Vec<(String, String)>,
    pub(super) file: Option<Ready>,
    wrong: Option<FieldCode>,
}

impl Sent {
    /// Whether the person asked for another look.
    pub(super) fn asks_again(&self) -> bool {
        self.form.iter().any(|(name, value)| name == "action" && value == "find")
    }

    /// The version that the form describes.
    pub(super) fn version(&self, known: &Known) -> Result<Version, Vec<FieldError>> {
        let file = self.file.as_ref().map(|it| it.file().clone());
        let read = known.read(|around| version_from_form(&self.form, file, around));
        match self.wrong {
            None => read,
            Some(code) => {
                let mut errors = read.err().unwrap_or_default();
                errors.retain(|it| it.field != "file");
                errors.insert(0, FieldError::new("file", code));
                Err(errors)
            }
        }
    }
}

/// Gives a file its place, once the form that it came with is right.
pub(super) async fn place(file: Option<Ready>) -> Result<(), Problem> {
    let Some(file) = file else { return Ok(()) };
    file.place().await.map_err(|error| disk(&error).map_or_else(|problem| problem, |it| Problem::field("file", it)))
}

/// Reads a form with a file in it. The file goes to the disk as it comes, and nothing of it stays where the form is wrong.
pub(super) async fn receive(site: &Site, mut request: Request) -> Result<Sent, Refusal> {
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
