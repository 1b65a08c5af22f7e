//! How much, how long and how many at once?

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT};
use http::{HeaderMap, HeaderValue};
use http_body_util::{BodyExt as _, Limited};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::refusal::Refusal;
use super::routes::{self, Call, Endpoint};

/// The largest form, in bytes.
pub const FORM_BYTES: u64 = 64 * 1024;

/// The largest file that the browser may send, in bytes. The command line takes more.
pub const FILE_BYTES: u64 = 32 * 1024 * 1024;

/// The largest specification, sample or list of observations that the browser may send, in bytes.
pub const SPECIFICATION_BYTES: u64 = 16 * 1024 * 1024;

/// The largest object that a program may send, in bytes.
pub const OBJECT_BYTES: u64 = 1024 * 1024;

/// What the multipart wrapping of a file may add, in bytes.
const WRAPPING_BYTES: u64 = 64 * 1024;

/// How much of a body that is too large is read and forgotten, in bytes, so that a browser which sends everything
/// before it listens comes to see the answer.
const DRAINED_BYTES: u64 = 256 * 1024 * 1024;

/// How long that may take.
const DRAINED_WITHIN: Duration = Duration::from_secs(20);

/// How long a page or a form may take.
const ANSWERED_WITHIN: Duration = Duration::from_secs(30);

/// How long a file may take, in either direction.
const FILE_WITHIN: Duration = Duration::from_secs(300);

/// How long a client may pause while it sends a body.
const BODY_IDLE: Duration = Duration::from_secs(15);

/// How many requests are worked on at once.
pub const AT_ONCE: usize = 128;

/// Refuses at once what is more than we can work on.
pub async fn concurrency(State(slots): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    match slots.try_acquire() {
        Ok(_slot) => next.run(request).await,
        Err(_) => Refusal::Busy.into_response(),
    }
}

/// Refuses bodies that are too large, by what the client announces and by what it sends. A file of evidence may have as
/// many bytes as is configured.
pub async fn body(State(evidence): State<u64>, request: Request, next: Next) -> Response {
    let (most, refusal) = match endpoint(&request) {
        Some(Endpoint::AddItem | Endpoint::AddItemVersion) => {
            (evidence + WRAPPING_BYTES, Refusal::EvidenceTooLarge(evidence / 1024 / 1024))
        }
        Some(Endpoint::UploadFile | Endpoint::BringRegister) => (FILE_BYTES + WRAPPING_BYTES, Refusal::FileTooLarge),
        Some(Endpoint::ReadSpecification | Endpoint::BringObservations) => {
            (SPECIFICATION_BYTES + WRAPPING_BYTES, Refusal::SpecificationTooLarge)
        }
        Some(Endpoint::Api(Call::Import)) => (FILE_BYTES, Refusal::FileTooLarge),
        Some(Endpoint::Api(Call::PutObject)) => (OBJECT_BYTES, Refusal::FormTooLarge),
        _ => (FORM_BYTES, Refusal::FormTooLarge),
    };
    if announced(request.headers()).is_some_and(|bytes| bytes > most) {
        return refuse_and_drain(refusal, request).await;
    }
    let (parts, body) = request.into_parts();
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let limited = if body.is_end_stream() { body } else { Body::new(Limited::new(body, most)) };
    next.run(Request::from_parts(parts, limited)).await
}

/// Stops what takes too long. Whatever it had begun in the database is undone.
pub async fn time(request: Request, next: Next) -> Response {
    let most = match endpoint(&request) {
        Some(
            Endpoint::UploadFile
            | Endpoint::AddItem
            | Endpoint::AddItemVersion
            | Endpoint::ItemFile
            | Endpoint::ItemPicture
            | Endpoint::BringRegister
            | Endpoint::DecideImport
            | Endpoint::ReadSpecification
            | Endpoint::BringObservations
            | Endpoint::ModelFile
            | Endpoint::PackFile
            | Endpoint::TrailFile
            | Endpoint::InstanceTrailFile
            | Endpoint::MapFile
            | Endpoint::MapPicture
            | Endpoint::MapMermaid
            | Endpoint::MapDot
            | Endpoint::MapDrawIo
            | Endpoint::ReportDocument,
        ) => FILE_WITHIN,
        Some(Endpoint::Api(Call::Import | Call::Model)) => FILE_WITHIN,
        _ => ANSWERED_WITHIN,
    };
    let request = request.map(|body| {
        if body.is_end_stream() {
            body
        } else {
            Body::new(tower_http::timeout::TimeoutBody::new(BODY_IDLE, Box::pin(body)))
        }
    });
    timeout(most, next.run(request)).await.unwrap_or_else(|_| Refusal::TimedOut.into_response())
}

fn endpoint(request: &Request) -> Option<Endpoint> {
    let path = request.extensions().get::<MatchedPath>()?;
    routes::find(request.method(), path.as_str()).map(|route| route.endpoint)
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn refuse_and_drain(refusal: Refusal, request: Request) -> Response {
    let announced = announced(request.headers()).unwrap_or(u64::MAX);
    // Who asks first has sent nothing yet, and who announces more than we drain is cut off.
    if !request.headers().contains_key(EXPECT) && announced <= DRAINED_BYTES {
        let mut body = request.into_body();
        let drained = timeout(DRAINED_WITHIN, async move { while let Some(Ok(_)) = body.frame().await {} });
        if drained.await.is_ok() {
            return refusal.into_response();
        }
    }
    let mut response = refusal.into_response();
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
