//! Is the process alive, can it answer, and how busy is it? On a listener of its own that only this machine reaches.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use store::Store;

use crate::metrics::{MEDIA_TYPE, Metrics};

/// The routes of the second listener.
pub fn router(store: Store, metrics: Metrics) -> Router {
    let numbers = Router::new().route("/metrics", get(numbers)).with_state(Arc::new(metrics));
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready)).with_state(store).merge(numbers)
}

async fn alive() -> &'static str {
    "alive\n"
}

/// Asks the database the cheapest question there is, because without an answer every page would fail.
async fn ready(State(store): State<Store>) -> (StatusCode, &'static str) {
    match store.is_new().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}

async fn numbers(State(metrics): State<Arc<Metrics>>) -> impl IntoResponse {
    ([(CONTENT_TYPE, MEDIA_TYPE)], metrics.text())
}
