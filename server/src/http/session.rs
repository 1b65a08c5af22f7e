//! Who sends a request? From the cookie, through the kept session, to a backend that is bound to that person.
//!
//! Everything is closed unless its route is open: an address that nobody listed is closed as well.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use app::ui::link::with_query;
use async_trait::async_trait;
use axum::extract::{FromRequest as _, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::backend::Backend;
use domain::id::AccountId;
use domain::problem::Problem;
use http::header::{AUTHORIZATION, COOKIE, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method};
use serde_json::Value;
use store::{Actor, Awaits, SessionHash, SignInId, SignedIn, Sitting, Store, StoreError};
use time::OffsetDateTime;
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Error, Id, Record};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore, session_store};

use super::api::is_api;
use super::form::Posted;
use super::held::Held;
use super::next::{own_page, sign_in_for};
use super::page::Setting;
use super::refusal::Refusal;
use super::routes::{self, Body, Endpoint};
use super::{Site, fault};

/// Under which name a session keeps the account.
const ACCOUNT: &str = "account";

/// Under which name a session keeps the time that the account signed in.
const SIGN_IN: &str = "sign_in";

/// The layer wants to be told when a session ends, and never asks: the store has decided before.
const NOT_ASKED: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

/// Whoever sends a request: everything that they can do, and nothing else.
#[derive(Clone)]
pub struct Caller {
    /// Bound to the person.
    pub backend: Arc<dyn Backend>,
    /// What the pages say about the session; `None` where nobody is signed in.
    pub sitting: Option<app::context::Sitting>,
    /// Whether the server can send mail.
    pub sends_mail: bool,
}

impl Caller {
    /// The caller of a request that has passed [`admit`].
    ///
    /// # Panics
    /// Where the layer is missing, which a test of every route would show.
    #[must_use]
    pub fn of(request: &Parts) -> Self {
        request.extensions.get::<Self>().expect("every route is behind the session").clone()
    }
}

/// The layer that reads and writes the cookie.
pub fn layer(site: &Site) -> SessionManagerLayer<Kept> {
    SessionManagerLayer::new(Kept(site.store.clone()))
        .with_name(cookie_name(site.https()))
        .with_secure(site.https())
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        // How long a session lives is decided by the store; the browser forgets it when it is closed.
        .with_expiry(Expiry::OnSessionEnd)
}

/// The name of the cookie. The prefix makes the browser insist on TLS, this very host and the whole site.
const fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-sid" } else { "sid" }
}

/// Binds a backend to whoever sends the request, and stops who may not go on.
pub async fn admit(State(site): State<Site>, session: Session, mut request: Request, next: Next) -> Response {
    if names_nothing(request.uri().path()) {
        return Refusal::NotFound.into_response();
    }
    if sent_twice(request.headers(), cookie_name(site.https())) {
        return Refusal::BadRequest.into_response();
    }
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let path = path.as_str();
    let open = routes::is_open(path);
    let route = routes::find(request.method(), path);
    if is_api(request.uri().path()) {
        return admit_program(&site, request, next).await;
    }
    // Files and reports are the same for everybody; a page loads ten of them and need not ask the database for each.
    let asked = match route.map(|route| route.endpoint) {
        Some(Endpoint::Asset | Endpoint::CspReport) => Ok((Actor::Nobody, None)),
        _ => who(&session, &site.store).await,
    };
    let (actor, sitting) = match asked {
        Ok(asked) => asked,
        Err(problem) => return Refusal::from(problem).into_response(),
    };
    let caller = Caller {
        backend: Arc::new(site.store.gate(actor.clone())),
        sitting: sitting.map(|it| app::context::Sitting {
            second_factor_due: it.second_factor_due,
            seconds_left: it.seconds_left,
            idle_seconds: it.idle_seconds,
        }),
        sends_mail: site.post.is_some(),
    };
    request.extensions_mut().insert(caller);
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let wanted = request.uri().path_and_query().map_or("/", |it| it.as_str()).to_owned();
    match sitting.map(|it| it.awaits) {
        None if open => {}
        None if reads && is_new(&site.store).await => return Redirect::to("/setup").into_response(),
        None if reads => return Redirect::to(&sign_in_for(&wanted)).into_response(),
        None => return signed_out(request, &wanted).await,
        Some(awaits) if open || routes::is_reached(path, awaits) => {}
        Some(Awaits::Code) if reads => {
            let next = own_page(&wanted).unwrap_or_default();
            return Redirect::to(&with_query("/second-factor", &[("next", next)])).into_response();
        }
        Some(_) if reads => return Redirect::to("/profile/second-factor").into_response(),
        Some(_) => return Refusal::SecondFactor.into_response(),
    }
    next.run(request).await
}

/// Who asks, and how far their sign-in is. One that was ended meanwhile is nobody's.
async fn who(session: &Session, store: &Store) -> Result<(Actor, Option<Sitting>), Problem> {
    let actor = actor(session).await.map_err(|error| fault("a session could not be read", &error))?;
    let Actor::Account { id, session } = &actor else { return Ok((Actor::Nobody, None)) };
    let sitting = store.sitting(id, session).await.map_err(|error| fault("a sign-in could not be read", &error))?;
    Ok(match sitting {
        Some(sitting) => (actor, Some(sitting)),
        None => (Actor::Nobody, None),
    })
}

/// Refuses a form of somebody whose session has ended. What a browser of ours sent is kept in the page that asks for the
/// password, and goes on from there.
async fn signed_out(request: Request, wanted: &str) -> Response {
    let had_session = request
        .headers()
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .any(|pair| matches!(pair.trim().split_once('='), Some(("sid" | "__Host-sid", _))));
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let takes_form = routes::find(&Method::POST, &path).is_some_and(|route| route.body == Body::Form);
    let leaves = matches!(path.as_str(), "/sign-out" | "/theme");
    if !had_session || !takes_form || leaves || *request.method() != Method::POST {
        return Refusal::SignedOut.into_response();
    }
    let (parts, body) = request.into_parts();
    let setting = Setting::of(&parts);
    match Posted::from_request(Request::from_parts(parts, body), &()).await {
        Ok(posted) => Held::new(wanted, posted).ask(setting, "/sign-in", Some(Problem::SignedOut)).await,
        Err(refused) => refused,
    }
}

/// Binds a backend to the token of a program. A cookie opens nothing here: were it to, a page of another site could
/// have a browser send it.
async fn admit_program(site: &Site, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let mut credentials = headers.get_all(AUTHORIZATION).into_iter();
    let token = match (credentials.next(), credentials.next()) {
        (Some(one), None) => one.to_str().ok().and_then(|text| text.strip_prefix("Bearer ")),
        (None, _) => None,
        (Some(_), Some(_)) => return Refusal::BadRequest.into_response(),
    };
    let Some(token) = token else { return Refusal::SignedOut.into_response() };
    if headers.contains_key(COOKIE) {
        return Refusal::BadRequest.into_response();
    }
    let actor = match site.store.recognise(token).await {
        Ok(Some(actor)) => actor,
        Ok(None) => return Refusal::SignedOut.into_response(),
        Err(error) => return Refusal::from(fault("a token could not be read", &error)).into_response(),
    };
    request.extensions_mut().insert(Caller {
        backend: Arc::new(site.store.gate(actor)),
        sitting: None,
        sends_mail: false,
    });
    next.run(request).await
}

/// Whether there is no account yet, so that setting up is all that a visitor can do.
async fn is_new(store: &Store) -> bool {
    store.is_new().await.unwrap_or_else(|error| {
        tracing::error!(error = super::causes(&error), "it is unknown whether there is an account");
        false
    })
}

/// Whether a path has a control character in it. No key has one, and one database cannot even be asked for it.
fn names_nothing(path: &str) -> bool {
    path.as_bytes()
        .windows(3)
        .any(|it| it[0] == b'%' && (matches!(it[1], b'0' | b'1') || it[1..].eq_ignore_ascii_case(b"7f")))
}

/// Whether a cookie is there more than once, as where somebody slips one of their own in beside it: which of them counts
/// would be up to the reader.
fn sent_twice(headers: &HeaderMap, name: &str) -> bool {
    let values = headers.get_all(COOKIE).into_iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
    let named = values.filter(|pair| {
        let end = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        pair[..end].trim_ascii() == name.as_bytes()
    });
    named.count() > 1
}

/// Begins the session of somebody who has just signed in, under a new id: the one before may be known to others.
///
/// # Errors
/// The database.
pub async fn begin(session: &Session, signed_in: &SignedIn) -> Result<(), Error> {
    session.clear().await;
    session.cycle_id().await?;
    session.insert(ACCOUNT, signed_in.account.as_str()).await?;
    session.insert(SIGN_IN, signed_in.sign_in.as_str()).await
}

/// Goes on under a new id: what the person may do has changed.
///
/// # Errors
/// The database.
pub async fn rotate(session: &Session) -> Result<(), Error> {
    session.cycle_id().await
}

/// Ends the sign-in of a session, and with it all sessions that belong to it.
///
/// # Errors
/// `Broken`.
pub async fn end(session: &Session, store: &Store) -> Result<(), Problem> {
    let failed = |error: Error| fault("a session could not be ended", &error);
    if let Actor::Account { session: sign_in, .. } = actor(session).await.map_err(failed)? {
        store.sign_out(&sign_in).await?;
    }
    session.flush().await.map_err(failed)
}

/// The actor that the session speaks for.
pub(super) async fn actor(session: &Session) -> Result<Actor, Error> {
    let account: Option<String> = session.get(ACCOUNT).await?;
    let sign_in: Option<String> = session.get(SIGN_IN).await?;
    Ok(match (account, sign_in) {
        (Some(account), Some(sign_in)) => {
            Actor::Account { id: AccountId::new(account), session: SignInId::new(sign_in) }
        }
        _ => Actor::Nobody,
    })
}

/// The sessions of the store, as the layer asks for them.
#[derive(Clone)]
pub struct Kept(Store);

impl std::fmt::Debug for Kept {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Kept")
    }
}

#[async_trait]
impl SessionStore for Kept {
    /// Where the sign-in was ended meanwhile nothing is kept, and the cookie is worth nothing. That is no error.
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let sign_in = record.data.get(SIGN_IN).and_then(Value::as_str).map(SignInId::new);
        let kept = self.0.sessions().create(&hash(&record.id), sign_in.as_ref(), &written(record)?).await;
        if !kept.map_err(backend)? {
            tracing::info!("a session was not begun, because its sign-in was ended meanwhile");
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.0.sessions().save(&hash(&record.id), &written(record)?).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let Some(kept) = self.0.sessions().load(&hash(id)).await.map_err(backend)? else { return Ok(None) };
        let mut data: HashMap<String, Value> =
            serde_json::from_str(&kept.data).map_err(|error| session_store::Error::Decode(error.to_string()))?;
        // Whose session it is, its own row says and nothing else.
        data.remove(ACCOUNT);
        data.remove(SIGN_IN);
        if let Some((account, sign_in)) = kept.signed_in {
            data.insert(ACCOUNT.to_owned(), account.as_str().into());
            data.insert(SIGN_IN.to_owned(), sign_in.as_str().into());
        }
        Ok(Some(Record { id: *id, data, expiry_date: NOT_ASKED }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.0.sessions().delete(&hash(id)).await.map_err(backend)
    }
}

/// The identifier as the cookie carries it, hashed.
fn hash(id: &Id) -> SessionHash {
    SessionHash::of(id.to_string().as_bytes())
}

fn written(record: &Record) -> session_store::Result<String> {
    let ordered: BTreeMap<&String, &Value> = record.data.iter().collect();
    serde_json::to_string(&ordered).map_err(|error| session_store::Error::Encode(error.to_string()))
}

fn backend(error: StoreError) -> session_store::Error {
    session_store::Error::Backend(super::causes(&error))
}

/// Makes a browser accept that its cookie is taken away: one whose name demands `Secure` is ignored without it, and the
/// layer leaves that out when it removes.
pub async fn complete_removal(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let cookies: Vec<HeaderValue> = response.headers().get_all(SET_COOKIE).iter().map(completed).collect();
    if !cookies.is_empty() {
        response.headers_mut().remove(SET_COOKIE);
        for cookie in cookies {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    response
}

fn completed(cookie: &HeaderValue) -> HeaderValue {
    let Ok(text) = cookie.to_str() else { return cookie.clone() };
    let ours = text.starts_with("__Host-sid=") || text.starts_with("sid=");
    if !ours || text.contains("; HttpOnly") {
        return cookie.clone();
    }
    let secure = if text.starts_with("__Host-") { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{text}; HttpOnly; SameSite=Lax{secure}")).unwrap_or_else(|_| cookie.clone())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_a_control_character_names_nothing() {
        for path in ["/w/a%00b", "/w/%1f", "/w/%7F/map", "/w/%0A"] {
            assert!(names_nothing(path), "{path}");
        }
        for path in ["/w/shop", "/w/a%2Fb", "/w/k%C3%BCche", "/w/100%", "/w/a%20b"] {
            assert!(!names_nothing(path), "{path}");
        }
    }

    #[test]
    fn a_cookie_that_is_taken_away_says_all_that_its_name_demands() {
        let completed = |text: &str| completed(&text.parse().unwrap()).to_str().unwrap().to_owned();
        assert_eq!(
            completed("__Host-sid=; Path=/; Max-Age=0"),
            "__Host-sid=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
        );
        let set = "__Host-sid=x; HttpOnly; SameSite=Lax; Secure; Path=/";
        assert_eq!(completed(set), set);
        assert_eq!(completed("theme=dark; Path=/"), "theme=dark; Path=/");
    }
}
