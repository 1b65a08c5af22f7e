//! Files of evidence on their way out: attachments that a browser saves and does not show, and pictures for one page.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use app::ui::link::encoded;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use domain::backend::library::Taking;
use domain::evidence::EvidenceKey;
use domain::evidence::item::StoredFile;
use domain::evidence::media::Preview;
use domain::evidence::picture::{LOOKED_AT, SHOWN_BYTES_MAX, is_shown};
use domain::problem::Problem;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::request::Parts;
use hyper::body::{Frame, SizeHint};
use store::Files;
use tokio::io::{AsyncRead, ReadBuf};

use crate::http::form::Posted;
use crate::http::headers::FILE_POLICY;
use crate::http::model::in_workspace;
use crate::http::page::Setting;
use crate::http::refusal::Refusal;
use crate::http::session::Caller;
use crate::http::{Site, fault};

/// So many bytes of a file are sent at once.
const PIECE: u64 = 64 * 1024;

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
