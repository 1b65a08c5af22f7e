//! Does a request come from our own pages?
//!
//! Browsers say where a request comes from (`Sec-Fetch-Site`, `Origin`), and no page of another site can change that.
//! Whatever can change something must come from our own origin; when nobody says where a request comes from, it is
//! refused. There are no CORS headers and no tokens in forms.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, ORIGIN};
use http::{HeaderMap, Method};

use super::refusal::Refusal;
use super::routes::{self, Body};
use crate::config::origin::Origin;

/// Refuses what does not come from our own pages, and bodies of a kind that the route does not take.
pub async fn guard(State(ours): State<Arc<Origin>>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let (method, headers) = (request.method(), request.headers());
    if is_safe(method) {
        return match may_read(headers, routes::is_open(path)) {
            true => next.run(request).await,
            false => Refusal::CrossSite.into_response(),
        };
    }
    if !may_change(headers, &ours) {
        return Refusal::CrossSite.into_response();
    }
    if routes::find(method, path).is_some_and(|route| !takes(route.body, headers)) {
        return Refusal::WrongMediaType.into_response();
    }
    next.run(request).await
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a request may change something: it comes from our own pages, as the browser says, or from no browser with
/// a token that no browser sends by itself.
fn may_change(headers: &HeaderMap, ours: &Origin) -> bool {
    let origin = headers.get(ORIGIN).map(|value| value.as_bytes());
    if origin == Some(b"null") {
        return false;
    }
    match (headers.get("sec-fetch-site"), origin) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => ours.is_ours(origin, headers.get(HOST).map(|value| value.as_bytes())),
        (None, None) => has_bearer(headers) && !headers.contains_key(COOKIE),
    }
}

/// Whether a page or file may be read: links from elsewhere open pages, but no other site embeds them or fetches
/// what needs a session.
fn may_read(headers: &HeaderMap, open: bool) -> bool {
    let is = |name: &str, values: &[&str]| headers.get(name).is_some_and(|value| values.iter().any(|it| value == *it));
    if is("sec-fetch-mode", &["navigate"]) {
        return !is("sec-fetch-dest", &["iframe", "frame", "embed", "object", "fencedframe"]);
    }
    open || !headers.contains_key("sec-fetch-site") || is("sec-fetch-site", &["same-origin", "none"])
}

fn has_bearer(headers: &HeaderMap) -> bool {
    headers.get(AUTHORIZATION).is_some_and(|value| value.as_bytes().starts_with(b"Bearer "))
}

fn takes(body: Body, headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match body {
        Body::None => true,
        Body::Form => kind == "application/x-www-form-urlencoded",
        Body::File => kind == "multipart/form-data",
        Body::Object => kind == "application/json",
        Body::Model => matches!(&*kind, "application/json" | "application/yaml" | "text/csv"),
        Body::Report => matches!(&*kind, "application/csp-report" | "application/reports+json" | "application/json"),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_str(value).unwrap())).collect()
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        let ours = Origin::Public("https://shop.example".parse().unwrap());
        let sites = [None, Some("same-origin"), Some("same-site"), Some("cross-site"), Some("none"), Some("other")];
        let origins = [None, Some("https://shop.example"), Some("https://evil.example"), Some("null")];
        for site in sites {
            for origin in origins {
                let mut given = Vec::new();
                given.extend(site.map(|it| ("sec-fetch-site", it)));
                given.extend(origin.map(|it| ("origin", it)));
                let expected = match (site, origin) {
                    (_, Some("null")) => false,
                    (Some(site), _) => site == "same-origin",
                    (None, origin) => origin == Some("https://shop.example"),
                };
                assert_eq!(may_change(&headers(&given), &ours), expected, "{site:?} {origin:?}");
            }
        }
    }

    #[test]
    fn a_program_with_a_token_and_without_a_cookie_is_no_browser() {
        let ours = Origin::Public("https://shop.example".parse().unwrap());
        assert!(may_change(&headers(&[("authorization", "Bearer t")]), &ours));
        assert!(!may_change(&headers(&[("authorization", "Bearer t"), ("cookie", "__Host-sid=x")]), &ours));
        assert!(!may_change(&headers(&[("authorization", "Basic t")]), &ours));
        assert!(!may_change(&headers(&[("authorization", "Bearer t"), ("sec-fetch-site", "cross-site")]), &ours));
    }

    #[test]
    fn a_link_from_elsewhere_opens_a_page_but_nothing_embeds_it() {
        let navigation = |dest| {
            headers(&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", dest)])
        };
        assert!(may_read(&navigation("document"), false));
        for dest in ["iframe", "frame", "embed", "object"] {
            assert!(!may_read(&navigation(dest), false), "{dest}");
        }
        let fetch =
            |site| headers(&[("sec-fetch-site", site), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")]);
        assert!(!may_read(&fetch("cross-site"), false) && !may_read(&fetch("same-site"), false));
        assert!(may_read(&fetch("same-origin"), false) && may_read(&fetch("none"), false));
        assert!(may_read(&fetch("cross-site"), true));
        assert!(may_read(&headers(&[]), false), "a program that is no browser says nothing");
    }

    #[test]
    fn a_form_is_not_read_from_json() {
        let kind = |value| headers(&[("content-type", value)]);
        assert!(takes(Body::Form, &kind("application/x-www-form-urlencoded; charset=UTF-8")));
        assert!(!takes(Body::Form, &kind("text/plain")) && !takes(Body::Form, &kind("application/json")));
        assert!(!takes(Body::Form, &headers(&[])));
        assert!(takes(Body::File, &kind("multipart/form-data; boundary=x")));
        assert!(!takes(Body::File, &kind("application/x-www-form-urlencoded")));
    }
}
