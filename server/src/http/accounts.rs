//! The first account, signing in and signing out. The only handlers that speak to the store itself.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::problem::{FieldCode, Problem};
use http::request::Parts;
use http::{HeaderName, HeaderValue};
use store::{SetUp, SignedIn, Start};
use tower_sessions::Session;

use app::ui::link::Paths;

use super::act::Act;
use super::client::ClientAddress;
use super::next::own_page;
use super::page;
use super::refusal::Refusal;
use super::session;
use super::{Site, fault};

/// The page for the first account. Once there is one, it is the page to sign in.
pub async fn set_up_page(State(site): State<Site>, parts: Parts) -> Response {
    match site.store.is_new().await {
        Ok(true) => page::show(parts).await,
        Ok(false) => Redirect::to("/sign-in").into_response(),
        Err(error) => Refusal::from(fault("it is unknown whether there is an account", &error)).into_response(),
    }
}

/// Makes the first account with the token of the set-up link, and signs it in.
pub async fn set_up(State(site): State<Site>, session: Session, act: Act) -> Response {
    let field = |name: &str| act.posted.value(name).to_owned();
    let start = match act.posted.value("start") {
        "sample" => Start::Sample,
        "empty" => Start::Empty,
        _ => return act.again("/setup", Problem::field("start", FieldCode::Missing)).await,
    };
    let wish = SetUp {
        token: field("token"),
        organisation: field("organisation"),
        name: field("name"),
        mail: field("mail"),
        password: field("password"),
        start,
    };
    match site.store.set_up(&wish).await {
        Ok(signed_in) => {
            let home =
                signed_in.workspace.as_ref().map_or_else(|| "/".to_owned(), |workspace| Paths::of(workspace).home());
            enter(&session, &signed_in, &home).await
        }
        Err(problem) => act.again("/setup", problem).await,
    }
}

/// Signs in, and goes to where the person wanted to go.
pub async fn sign_in(
    State(site): State<Site>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    session: Session,
    act: Act,
) -> Response {
    let (mail, password) = (act.posted.value("mail"), act.posted.value("password"));
    match site.store.sign_in(mail, password, &address.to_string()).await {
        Ok(signed_in) => enter(&session, &signed_in, own_page(act.posted.value("next")).unwrap_or("/")).await,
        Err(problem) => act.again("/sign-in", problem).await,
    }
}

/// Ends the session and the sign-in that it belongs to.
pub async fn sign_out(State(site): State<Site>, session: Session) -> Response {
    const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
    match session::end(&session, &site.store).await {
        Ok(()) => {
            let forget = HeaderValue::from_static("\"cache\", \"storage\"");
            ([(CLEAR_SITE_DATA, forget)], Redirect::to("/sign-in")).into_response()
        }
        Err(problem) => Refusal::from(problem).into_response(),
    }
}

pub(super) async fn enter(session: &Session, signed_in: &SignedIn, next: &str) -> Response {
    match session::begin(session, signed_in).await {
        Ok(()) => Redirect::to(next).into_response(),
        Err(error) => Refusal::from(fault("a session could not be begun", &error)).into_response(),
    }
}
