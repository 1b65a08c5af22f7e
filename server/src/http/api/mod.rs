//! The interface for programs, under `/api/v1`: the model, its scope and blast radii, in JSON.
//!
//! A program sends an API token and no cookie. It reaches what the token covers and the token's member may do, through
//! the same gate as a page. Refusals are problem details (RFC 9457); revisions are entity tags.

pub mod answer;
pub mod call;
pub mod collection;
pub mod document;
pub mod engine;
pub mod imports;
pub mod objects;
pub mod workspaces;

use axum::routing::{MethodRouter, delete, get, post, put};

use super::Site;
use super::routes::Call as Route;

/// What answers at an address of the interface.
pub fn answer_to(route: Route) -> MethodRouter<Site> {
    match route {
        Route::Document => get(document::show),
        Route::Workspaces => get(workspaces::list),
        Route::Workspace => get(workspaces::one),
        Route::Model => get(workspaces::model),
        Route::Import => post(imports::import),
        Route::Objects => get(objects::list),
        Route::Object => get(objects::one),
        Route::PutObject => put(objects::put),
        Route::DeleteObject => delete(objects::delete),
        Route::Scope => get(engine::scope),
        Route::Verdict => get(engine::verdict),
        Route::Blast => get(engine::blast),
    }
}

/// Whether an address belongs to the interface, known or not.
#[must_use]
pub fn is_api(path: &str) -> bool {
    path == "/api/v1" || path.starts_with("/api/v1/")
}
