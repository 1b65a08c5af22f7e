//! API tokens: making one, which is shown this once, and ending one.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::id::{TokenId, WorkspaceId};
use domain::token::TokenWish;

use app::context::ShownOnce;
use app::ui::link::{Paths, with_query};

use super::act::Act;

/// Makes a token. The answer is the page itself and no redirect, because the token must not stand in an address.
pub async fn make(Path(workspace): Path<String>, act: Act) -> Response {
    let workspace = WorkspaceId::new(workspace);
    let page = Paths::of(&workspace).page("tokens");
    let posted = &act.posted;
    let made = match TokenWish::parse(posted.value("name"), posted.value("scope"), posted.value("days")) {
        Ok(wish) => act.caller.backend.make_api_token(&workspace, wish).await,
        Err(problem) => Err(problem),
    };
    match made {
        Ok(token) => act.setting.at(&page).render_with(ShownOnce(token.secret)).await,
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Ends a token.
pub async fn revoke(Path((workspace, token)): Path<(String, String)>, act: Act) -> Response {
    let workspace = WorkspaceId::new(workspace);
    let page = Paths::of(&workspace).page("tokens");
    match act.caller.backend.revoke_api_token(&workspace, &TokenId::new(token)).await {
        Ok(()) => Redirect::to(&with_query(&page, &[("done", "token-revoked")])).into_response(),
        Err(problem) => act.again(&page, problem).await,
    }
}
