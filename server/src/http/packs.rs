//! Evidence packs: asking for one, seeing how far it is, deciding about it, and taking it away.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use app::ui::link::with_query;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use bytes::Bytes;
use domain::backend::packs::PackRecord;
use domain::id::WorkspaceId;
use domain::pack::job::{PACK_FIELDS, PackNumber, PackState, PackWish};
use domain::problem::{FieldCode, Problem};
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::request::Parts;
use hyper::body::{Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead as _, ReadBuf};
use tokio::time::timeout;

use super::act::Act;
use super::download::safe;
use super::headers::FILE_POLICY;
use super::model::in_workspace;
use super::next::own_page;
use super::refusal::Refusal;
use super::session::Caller;
use super::{Site, fault};

/// For how long the answer to a wish waits, so that small packs need no page in between.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many bytes of an archive are sent at once.
const PIECE: usize = 64 * 1024;

/// Asks for a pack, which is made by a task of its own.
pub async fn ask(State(site): State<Site>, Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let attempt = async {
        act.posted.only(&PACK_FIELDS)?;
        let wish = PackWish::from_form(|name| act.posted.value(name).to_owned())?;
        act.caller.backend.ask_pack(&workspace, wish).await
    };
    match attempt.await {
        Ok(pack) => {
            let mut work = site.packs.begin(workspace.clone(), pack.number);
            // Whoever waits no longer does not stop the work.
            let _ = timeout(PATIENCE, &mut work).await;
            Redirect::to(&paths.page(&format!("evidence/packs/{}", pack.number))).into_response()
        }
        Err(problem) => act.again(&paths.page("evidence/packs/new"), problem).await,
    }
}

/// Gives a pack up, or releases one that was stopped.
pub async fn decide(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.page(&format!("evidence/packs/{key}"));
    let attempt = async {
        let number = number_of(&key)?;
        act.posted.only(&["action", "reason"])?;
        let backend = &act.caller.backend;
        match act.posted.value("action") {
            "cancel" => backend.cancel_pack(&workspace, number).await.map(|()| "pack-cancelled"),
            "release" => {
                let reason = act.posted.value("reason");
                backend.release_pack(&workspace, number, reason).await.map(|()| "pack-released")
            }
            _ => Err(Problem::field("action", FieldCode::NotInList)),
        }
    };
    match attempt.await {
        Ok(done) => Redirect::to(&with_query(&page, &[("done", done)])).into_response(),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// The archive of a pack. Who takes it away proves first who they are, and comes back to its page: a browser that is sent on
/// to a file stays where it was and says nothing.
pub async fn file(
    State(site): State<Site>,
    Path((workspace, key)): Path<(String, String)>,
    parts: Parts,
) -> Result<Response, Refusal> {
    let backend = Caller::of(&parts).backend;
    let id = WorkspaceId::new(&*workspace);
    let number = number_of(&key)?;
    // Looked for first: what is not here is not noted as taken away.
    let pack = backend.pack(&id, number).await?;
    if pack.state == PackState::Done && !site.packs.folder().has(&pack.file) {
        return Err(Refusal::PackElsewhere);
    }
    match backend.take_pack(&id, number).await {
        Ok(pack) => sent(&site, &workspace, &pack).await,
        Err(Problem::Reauthenticate) => {
            let page = parts.uri.path().trim_end_matches("/file");
            let next = with_query(own_page(page).unwrap_or_default(), &[("done", "confirmed")]);
            Ok(Redirect::to(&with_query("/re-authenticate", &[("next", &next)])).into_response())
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn sent(site: &Site, workspace: &str, pack: &PackRecord) -> Result<Response, Refusal> {
    let (folder, key) = (site.packs.folder().clone(), pack.file.clone());
    let opened = tokio::task::spawn_blocking(move || folder.open(&key)).await;
    let opened = opened.map_err(|error| fault("an archive could not be opened", &error))?;
    let file = opened.map_err(|error| fault("an archive could not be opened", &error))?;
    let name = format!("{}-{}-{}-{}.zip", safe(workspace), pack.number, pack.origin, pack.profile);
    let disposition = format!("attachment; filename=\"{name}\"");
    let disposition = HeaderValue::from_str(&disposition).map_err(|error| fault("a name cannot be sent", &error))?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/zip")),
        (CONTENT_DISPOSITION, disposition),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_POLICY)),
        (CONTENT_LENGTH, HeaderValue::from(pack.bytes)),
    ];
    let body = Sent { file: File::from_std(file), left: pack.bytes, buffer: vec![0; PIECE] };
    Ok((headers, Body::new(body)).into_response())
}

fn number_of(key: &str) -> Result<PackNumber, Problem> {
    key.parse().map_err(|_| Problem::NotFound)
}

/// An archive on its way: never more than a piece of it is in memory.
struct Sent {
    file: File,
    left: u64,
    buffer: Vec<u8>,
}

impl hyper::body::Body for Sent {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let this = &mut *self;
        let most = usize::try_from(this.left).unwrap_or(usize::MAX).min(this.buffer.len());
        let mut read = ReadBuf::new(&mut this.buffer[..most]);
        if let Err(error) = ready!(Pin::new(&mut this.file).poll_read(context, &mut read)) {
            return Poll::Ready(Some(Err(error)));
        }
        if read.filled().is_empty() {
            return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
        }
        let piece = Bytes::copy_from_slice(read.filled());
        this.left = this.left.saturating_sub(piece.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
