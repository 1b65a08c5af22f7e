//! One log line for each request.
//!
//! It names the route and not the address, because addresses hold what people typed.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use super::request_id::RequestId;
use crate::clock::instant;

/// Writes the line, and puts the request's number on everything that is logged on the way.
pub async fn log(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let method = request.method().clone();
    let span = tracing::info_span!("request", %id);
    let started = instant();
    async move {
        let response = next.run(request).await;
        let status = response.status().as_u16();
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        if status >= 500 {
            tracing::error!(?method, route, status, duration_ms, "answered");
        } else {
            tracing::info!(?method, route, status, duration_ms, "answered");
        }
        response
    }
    .instrument(span)
    .await
}
