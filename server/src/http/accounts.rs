//! The first account, signing in and out, and proving again who one is. The only handlers that speak to the store itself.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::problem::{FieldCode, Problem};
use http::request::Parts;
use http::{HeaderName, HeaderValue};
use store::{Awaits, SetUp, SignedIn, Start};
use tower_sessions::Session;

use app::ui::link::{Paths, with_query};

use super::act::Act;
use super::held::{Held, go_on};
use super::page;
use super::refusal::Refusal;
use super::session;
use super::visitor::{Visitor, remember};
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
            match session::begin(&session, &signed_in).await {
                Ok(()) => Redirect::to(&home).into_response(),
                Err(error) => Refusal::from(fault("a session could not be begun", &error)).into_response(),
            }
        }
        Err(problem) => act.again("/setup", problem).await,
    }
}

/// Signs in, and goes to where the person wanted to go, or first to the second factor.
pub async fn sign_in(State(site): State<Site>, visitor: Visitor, session: Session, act: Act) -> Response {
    if act.posted.value("forgotten") == "yes" {
        return forgotten(&site, &act);
    }
    let (mail, password) = (act.posted.value("mail"), act.posted.value("password"));
    let signed_in = match site.store.sign_in_from(mail, password, &visitor.visit()).await {
        Ok(signed_in) => signed_in,
        Err(problem) => return act.again("/sign-in", problem).await,
    };
    if let Err(error) = session::begin(&session, &signed_in).await {
        return Refusal::from(fault("a session could not be begun", &error)).into_response();
    }
    let mut response = onwards(act, &signed_in).await;
    if let Some(token) = &signed_in.device {
        remember(&mut response, token, site.https());
    }
    response
}

/// Somebody forgot the password. The answer is the same for every address, and given before anybody looks for it.
fn forgotten(site: &Site, act: &Act) -> Response {
    if let Some(post) = &site.post {
        post.forgotten(act.posted.value("address"));
    }
    Redirect::to("/sign-in?done=asked").into_response()
}

/// The page of a link to a new password. A link that was used or is too old leads nowhere.
pub async fn reset_page(State(site): State<Site>, Path(token): Path<String>, parts: Parts) -> Response {
    match site.store.is_reset_token(&token).await {
        Ok(true) => page::show(parts).await,
        Ok(false) => Refusal::NotFound.into_response(),
        Err(error) => Refusal::from(fault("a link could not be read", &error)).into_response(),
    }
}

/// Sets a new password with a link, and leads to signing in with it.
pub async fn reset_password(State(site): State<Site>, Path(token): Path<String>, act: Act) -> Response {
    match site.store.reset_password(&token, act.posted.value("new_password")).await {
        Ok(()) => Redirect::to("/sign-in?done=reset").into_response(),
        Err(Problem::NotFound) => Refusal::NotFound.into_response(),
        Err(problem) => {
            let page = act.setting.path_and_query().to_owned();
            act.again(&page, problem).await
        }
    }
}

/// Completes a sign-in with a code of the second factor.
pub async fn prove_second_factor(State(site): State<Site>, visitor: Visitor, session: Session, act: Act) -> Response {
    let actor = match session::actor(&session).await {
        Ok(actor) => actor,
        Err(error) => return Refusal::from(fault("a session could not be read", &error)).into_response(),
    };
    match site.store.prove_second_factor(&actor, act.posted.value("code"), &visitor.visit()).await {
        Ok(token) => {
            if let Err(error) = session.cycle_id().await {
                return Refusal::from(fault("a session could not be renewed", &error)).into_response();
            }
            let mut response = go_on(act.setting, &act.posted).await;
            remember(&mut response, &token, site.https());
            response
        }
        Err(problem) => act.again("/second-factor", problem).await,
    }
}

/// Proves again who one is, and goes on with what needed it.
pub async fn re_authenticate(State(site): State<Site>, visitor: Visitor, session: Session, act: Act) -> Response {
    let actor = match session::actor(&session).await {
        Ok(actor) => actor,
        Err(error) => return Refusal::from(fault("a session could not be read", &error)).into_response(),
    };
    let (password, code) = (act.posted.value("password"), act.posted.value("code"));
    match site.store.re_authenticate(&actor, password, code, &visitor.visit()).await {
        Ok(()) => match session.cycle_id().await {
            Ok(()) => go_on(act.setting, &act.posted).await,
            Err(error) => Refusal::from(fault("a session could not be renewed", &error)).into_response(),
        },
        Err(problem) => act.again("/re-authenticate", problem).await,
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

/// Where somebody goes who has just signed in.
async fn onwards(act: Act, signed_in: &SignedIn) -> Response {
    match (signed_in.awaits, Held::carried(&act.posted)) {
        (Awaits::Code, Some(held)) => held.ask(act.setting, "/second-factor", None).await,
        (Awaits::Code, None) => {
            let next = act.posted.value("next");
            Redirect::to(&with_query("/second-factor", &[("next", next)])).into_response()
        }
        (Awaits::Enrolment, _) => Redirect::to("/profile/second-factor").into_response(),
        (Awaits::Nothing, _) => go_on(act.setting, &act.posted).await,
    }
}

/// Begins the session of somebody who has just signed in, and goes on.
pub(super) async fn enter(session: &Session, signed_in: &SignedIn, next: &str) -> Response {
    match session::begin(session, signed_in).await {
        Ok(()) => Redirect::to(next).into_response(),
        Err(error) => Refusal::from(fault("a session could not be begun", &error)).into_response(),
    }
}
