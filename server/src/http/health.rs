//! Is the process alive, and can it answer? On a listener of its own that only this machine reaches.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use store::Store;

/// The routes of the second listener.
pub fn router(store: Store) -> Router {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready)).with_state(store)
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
