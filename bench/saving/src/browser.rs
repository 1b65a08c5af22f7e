//! What a browser does, without one: it asks the router, and keeps the cookies.

use std::collections::BTreeMap;
use std::error::Error;
use std::net::IpAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use server::http::client::Peer;
use tower::ServiceExt as _;

/// A browser on this machine.
pub struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
}

/// What came back.
pub struct Answer {
    status: StatusCode,
    location: String,
    body: String,
}

impl Answer {
    /// Where it sends the browser.
    pub fn redirect(self) -> Result<String, Box<dyn Error>> {
        match self.status {
            StatusCode::SEE_OTHER => Ok(self.location),
            status => Err(format!("the form was answered with {status}: {}", excerpt(&self.body)).into()),
        }
    }
}

impl Browser {
    /// A browser in which nobody is signed in.
    pub const fn of(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new() }
    }

    /// Opens a page that is there.
    pub async fn page(&mut self, path: &str) -> Result<String, Box<dyn Error>> {
        let answer = self.send(Method::GET, path, Body::empty()).await?;
        match answer.status {
            StatusCode::OK => Ok(answer.body),
            status => Err(format!("{path} was answered with {status}: {}", excerpt(&answer.body)).into()),
        }
    }

    /// Sends a form.
    pub async fn post(&mut self, path: &str, form: &[(String, String)]) -> Result<Answer, Box<dyn Error>> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.send(Method::POST, path, Body::from(body)).await
    }

    async fn send(&mut self, method: Method, path: &str, body: Body) -> Result<Answer, Box<dyn Error>> {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, "127.0.0.1:8080")
            .header("sec-fetch-site", "same-origin")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(COOKIE, cookies.join("; "))
            .body(body)?;
        request.extensions_mut().insert(Peer(IpAddr::from([127, 0, 0, 1])));
        let (parts, body) = self.router.clone().oneshot(request).await?.into_parts();
        for cookie in parts.headers.get_all(SET_COOKIE) {
            if let Some((name, rest)) = cookie.to_str()?.split_once('=') {
                self.cookies.insert(name.to_owned(), rest.split(';').next().unwrap_or_default().to_owned());
            }
        }
        let location = parts.headers.get(LOCATION).map_or(Ok(""), |it| it.to_str())?.to_owned();
        let body = String::from_utf8(body.collect().await?.to_bytes().to_vec())?;
        Ok(Answer { status: parts.status, location, body })
    }
}

fn excerpt(body: &str) -> String {
    body.chars().take(400).collect()
}
