//! Snapshots: taking one.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};

use app::ui::link::with_query;

use super::act::Act;
use super::model::in_workspace;

/// Takes a snapshot of the model as it is.
pub async fn take(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let attempt = async {
        act.posted.only(&["name"])?;
        act.caller.backend.take_snapshot(&workspace, act.posted.value("name")).await
    };
    match attempt.await {
        Ok(taken) => {
            let page = with_query(&paths.snapshot(taken.key), &[("done", "snapshot-taken")]);
            Redirect::to(&page).into_response()
        }
        Err(problem) => act.again(&paths.page("snapshots"), problem).await,
    }
}
