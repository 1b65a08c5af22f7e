//! Notes what was taken away: every file that leaves a workspace as an attachment, with the hash of the bytes that were sent.
//!
//! The bytes are hashed while they pass. The last of them waits until the note is written, so that nobody has a whole file of
//! which there is none.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use domain::backend::Backend;
use domain::backend::requests::Downloaded;
use domain::id::WorkspaceId;
use http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH};
use http::{HeaderValue, Method};
use http_body_util::BodyExt as _;
use hyper::body::{Body as HttpBody, Frame};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use super::moment;
use super::session::Caller;

/// So many parts of a file wait for the browser at most.
const WAITING: usize = 4;

/// Passes a response on and notes it where it is a file of a workspace.
pub async fn noted(request: Request, next: Next) -> Response {
    let what = (*request.method() == Method::GET).then(|| of_workspace(&request)).flatten();
    let backend = request.extensions().get::<Caller>().map(|it| Arc::clone(&it.backend));
    let response = next.run(request).await;
    let is_file = response.status().is_success()
        && response.headers().get(CONTENT_DISPOSITION).is_some_and(|it| it.as_bytes().starts_with(b"attachment"));
    match (what, backend) {
        (Some((workspace, what)), Some(backend)) if is_file => watched(response, backend, workspace, what),
        _ => response,
    }
}

/// The workspace of an address, and the rest of the address.
fn of_workspace(request: &Request) -> Option<(WorkspaceId, String)> {
    let rest = request.uri().path_and_query()?.as_str().strip_prefix("/w/")?;
    let (key, what) = rest.split_once('/')?;
    Some((WorkspaceId::new(moment::decoded(key)?), what.to_owned()))
}

/// The same response, whose bytes are hashed on the way.
fn watched(response: Response, backend: Arc<dyn Backend>, workspace: WorkspaceId, what: String) -> Response {
    let (mut parts, body) = response.into_parts();
    if let Some(length) = body.size_hint().exact() {
        parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    let (to, from) = mpsc::channel(WAITING);
    tokio::spawn(async move { pass(body, &to, (backend, workspace, what)).await });
    Response::from_parts(parts, Body::new(Passed(from)))
}

/// Passes the bytes on, hashes them, and writes the note before the last of them goes.
async fn pass(
    mut body: Body,
    to: &mpsc::Sender<Result<Bytes, axum::Error>>,
    (backend, workspace, what): (Arc<dyn Backend>, WorkspaceId, String),
) {
    let (mut digest, mut bytes, mut whole) = (Sha256::new(), 0_u64, true);
    let mut held: Option<Bytes> = None;
    while let Some(frame) = body.frame().await {
        let part = match frame.map(Frame::into_data) {
            Ok(Ok(part)) => part,
            // What is no data belongs behind the last byte, and no file of ours has any.
            Ok(Err(_)) => continue,
            Err(error) => {
                whole = false;
                let _gone = to.send(Err(error)).await;
                break;
            }
        };
        digest.update(&part);
        bytes = bytes.saturating_add(part.len() as u64);
        if let Some(before) = held.replace(part)
            && to.send(Ok(before)).await.is_err()
        {
            // The browser is gone.
            whole = false;
            break;
        }
    }
    let file = Downloaded { what, sha256: hex::encode(digest.finalize()), bytes, whole };
    let last = match backend.note_download(&workspace, &file).await {
        Ok(()) => held.map(Ok),
        Err(problem) => {
            tracing::error!(?problem, "a file that was taken away could not be noted, so it broke off");
            Some(Err(axum::Error::new(std::io::Error::other("the file could not be noted"))))
        }
    };
    if let (true, Some(last)) = (whole, last) {
        let _gone = to.send(last).await;
    }
}

/// The bytes as they come.
struct Passed(mpsc::Receiver<Result<Bytes, axum::Error>>);

impl HttpBody for Passed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.0.poll_recv(context).map(|part| part.map(|it| it.map(Frame::data)))
    }
}
