//! What protects one's own account: password, second factor, recovery codes, sessions.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::problem::Problem;
use tower_sessions::Session;

use super::act::Act;
use super::form::Posted;
use super::refusal::Refusal;
use super::session;
use super::visitor::Visitor;
use super::{Site, fault};

/// The page of what protects the account.
const SECURITY: &str = "/profile/security";

/// The page on which an authenticator app is set up.
const SECOND_FACTOR: &str = "/profile/second-factor";

/// The page that shows recovery codes once.
const CODES: &str = "/profile/recovery-codes";

/// Changes the password, and ends all other sessions.
pub async fn change_password(State(site): State<Site>, visitor: Visitor, session: Session, act: Act) -> Response {
    let actor = match session::actor(&session).await {
        Ok(actor) => actor,
        Err(error) => return Refusal::from(fault("a session could not be read", &error)).into_response(),
    };
    let (current, new) = (act.posted.value("current_password"), act.posted.value("new_password"));
    match site.store.change_password(&actor, current, new, &visitor.visit()).await {
        Ok(()) => renewed(&session, Redirect::to("/profile/security?done=password").into_response()).await,
        Err(problem) => act.again(SECURITY, problem).await,
    }
}

/// Makes a new secret to be scanned.
pub async fn offer_second_factor(act: Act) -> Response {
    match act.caller.backend.offer_second_factor().await {
        Ok(()) => Redirect::to(SECOND_FACTOR).into_response(),
        Err(problem) => act.again(SECOND_FACTOR, problem).await,
    }
}

/// Puts the scanned secret into force, and shows the recovery codes.
pub async fn confirm_second_factor(session: Session, act: Act) -> Response {
    match act.caller.backend.confirm_second_factor(act.posted.value("code")).await {
        Ok(codes) => renewed(&session, shown(act, codes).await).await,
        Err(problem) => act.again(SECOND_FACTOR, problem).await,
    }
}

/// Makes new recovery codes, and shows them.
pub async fn renew_recovery_codes(act: Act) -> Response {
    match act.caller.backend.renew_recovery_codes().await {
        Ok(codes) => shown(act, codes).await,
        Err(Problem::Conflict) => Redirect::to(SECOND_FACTOR).into_response(),
        Err(problem) => act.again(CODES, problem).await,
    }
}

/// Ends one of the person's sessions.
pub async fn end_session(act: Act) -> Response {
    match act.caller.backend.end_session(act.posted.value("key")).await {
        Ok(()) => Redirect::to("/profile/security?done=session").into_response(),
        Err(problem) => act.again(SECURITY, problem).await,
    }
}

/// Ends all of the person's sessions but this one.
pub async fn end_other_sessions(act: Act) -> Response {
    match act.caller.backend.end_other_sessions().await {
        Ok(()) => Redirect::to("/profile/security?done=sessions").into_response(),
        Err(problem) => act.again(SECURITY, problem).await,
    }
}

/// The page with codes that are never shown again: it is the answer itself, as no address leads to it.
async fn shown(act: Act, codes: Vec<String>) -> Response {
    let codes = codes.into_iter().map(|code| ("recovery_code".to_owned(), code)).collect();
    act.setting.at(CODES).render_draft(Posted(codes)).await
}

/// The answer, with another identifier of the session: what it may do has changed.
async fn renewed(session: &Session, answer: Response) -> Response {
    match session.cycle_id().await {
        Ok(()) => answer,
        Err(error) => Refusal::from(fault("a session could not be renewed", &error)).into_response(),
    }
}
