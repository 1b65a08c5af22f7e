//! The audit trail as a file. Taking it away is noted in it.

use app::ui::link::with_query;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::audit::{TrailFilter, csv};
use domain::id::WorkspaceId;
use domain::problem::Problem;
use http::request::Parts;

use super::download::{File, safe};
use super::next::own_page;
use super::refusal::Refusal;
use super::session::Caller;

/// The trail of a workspace.
pub async fn of_workspace(Path(workspace): Path<String>, parts: Parts) -> Response {
    let key = WorkspaceId::new(&*workspace);
    file(Some(&key), &format!("{}-audit.csv", safe(&workspace)), &parts).await
}

/// The trail of the instance.
pub async fn of_instance(parts: Parts) -> Response {
    file(None, "instance-audit.csv", &parts).await
}

async fn file(workspace: Option<&WorkspaceId>, name: &str, parts: &Parts) -> Response {
    let query: Vec<(String, String)> =
        form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let value = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    match Caller::of(parts).backend.take_trail(workspace, &TrailFilter::of(value)).await {
        Ok(page) => File::csv(name.to_owned(), csv(&page.entries)).into_response(),
        // Who takes it away proves first who they are, and comes back here.
        Err(Problem::Reauthenticate) => {
            let address = parts.uri.path_and_query().map_or_else(|| parts.uri.path(), |it| it.as_str());
            let next = own_page(address).unwrap_or_default();
            Redirect::to(&with_query("/re-authenticate", &[("next", next)])).into_response()
        }
        Err(problem) => Refusal::from(problem).into_response(),
    }
}
