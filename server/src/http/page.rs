//! Renders a page of the app for one request, also where the request posted a form that was not carried out.

use std::sync::Arc;

use app::context::{AssetNames, PageContext, ShownOnce, Submitted, Theme};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use domain::backend::Backend;
use domain::problem::Problem;
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body_util::BodyExt as _;
use leptos::nonce::Nonce;
use leptos::prelude::provide_context;

use super::form::Posted;
use super::moment;
use super::nonce::ScriptNonce;
use super::refusal::Refusal;
use super::session::Caller;
use crate::assets;

/// Answers with the page of the app at the address that was asked for.
pub async fn show(parts: Parts) -> Response {
    Setting::of(&parts).render().await
}

/// What a page is rendered with: everything that the request says beside its form.
#[derive(Clone)]
pub struct Setting {
    context: PageContext,
    backend: Arc<dyn Backend>,
}

impl Setting {
    /// The setting of a request that has passed the guards.
    ///
    /// # Panics
    /// Where the guards are missing, which a test of every route would show.
    #[must_use]
    pub fn of(request: &Parts) -> Self {
        let nonce = request.extensions.get::<ScriptNonce>().expect("every route is behind the headers");
        let caller = request.extensions.get::<Caller>().expect("every route is behind the session");
        let names = assets::names();
        let context = PageContext {
            nonce: nonce.as_str().into(),
            assets: AssetNames {
                css: names.css,
                js: names.js,
                wasm: names.wasm,
                icons: names.icons,
                favicon: names.favicon,
                font_latin: names.font_latin,
            },
            theme: theme(&request.headers),
            path_and_query: request.uri.path_and_query().map_or("/", |it| it.as_str()).into(),
            sitting: caller.sitting,
            sends_mail: caller.sends_mail,
        };
        Self { context, backend: Arc::clone(&caller.backend) }
    }

    /// The address that was asked for.
    #[must_use]
    pub fn path_and_query(&self) -> &str {
        &self.context.path_and_query
    }

    /// The page that is rendered at another address than the one that was posted to.
    #[must_use]
    pub fn at(mut self, path_and_query: &str) -> Self {
        self.context.path_and_query = path_and_query.into();
        self
    }

    /// The page.
    pub async fn render(self) -> Response {
        self.rendered(None, None).await
    }

    /// The page once more with what was typed, and why it was not carried out.
    pub async fn render_again(self, posted: Posted, problem: Problem) -> Response {
        let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response =
            self.rendered(Some(Submitted { form: posted.without_passwords(), problem: Some(problem) }), None).await;
        if response.status() == StatusCode::OK {
            *response.status_mut() = status;
        }
        response
    }

    /// The page with something that is shown this once and kept nowhere: the answer to a form that made a secret.
    pub async fn render_with(self, shown_once: ShownOnce) -> Response {
        self.rendered(Some(Submitted { form: Vec::new(), problem: None }), Some(shown_once)).await
    }

    /// The page once more with what was typed, because the person asked for another look at it.
    pub async fn render_draft(self, posted: Posted) -> Response {
        self.rendered(Some(Submitted { form: posted.without_passwords(), problem: None }), None).await
    }

    async fn rendered(self, submitted: Option<Submitted>, shown_once: Option<ShownOnce>) -> Response {
        let Self { context, backend } = self;
        // The app sees the address and nothing else of the request: no cookie, no header.
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = match context.path_and_query.parse() {
            Ok(uri) => uri,
            Err(_) => return Refusal::BadRequest.into_response(),
        };
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("text/html"));
        let provided = {
            let context = context.clone();
            move || {
                provide_context(Nonce::from_value(Arc::clone(&context.nonce)));
                provide_context(context.clone());
                provide_context(Arc::clone(&backend));
                if let Some(submitted) = &submitted {
                    provide_context(submitted.clone());
                }
                if let Some(shown_once) = &shown_once {
                    provide_context(shown_once.clone());
                }
            }
        };
        let address = Arc::clone(&context.path_and_query);
        let shell = move || app::shell(context.clone());
        let response = leptos_axum::render_app_async_with_context(provided, shell)(request).await;
        // Whole pages have a length, and whatever still could fail fails here and not half-way to the browser.
        let (mut parts, body) = response.into_parts();
        parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        match body.collect().await {
            Ok(whole) => Response::from_parts(parts, Body::from(finished(whole.to_bytes(), &address))),
            Err(error) => {
                tracing::error!(?error, "a page broke off while it was rendered");
                Refusal::Broken(None).into_response()
            }
        }
    }
}

/// The document as it leaves: whole, and with what its address keeps in every link.
fn finished(html: Bytes, path_and_query: &str) -> Bytes {
    let document = match String::from_utf8(html.into()) {
        Ok(html) => whole_document(html),
        Err(broken) => return broken.into_bytes().into(),
    };
    moment::carried(document, path_and_query).into()
}

/// Leptos writes scripts of its own behind the end of the document, where none belongs: they move inside.
fn whole_document(html: String) -> String {
    const END: &str = "</body></html>";
    match html.split_once(END) {
        Some((document, scripts)) if !scripts.is_empty() => format!("{document}{scripts}{END}"),
        _ => html,
    }
}

/// The colours that the person chose.
#[must_use]
pub fn theme(headers: &HeaderMap) -> Theme {
    let cookies = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == super::preference::COOKIE_NAME)
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or_default()
}
