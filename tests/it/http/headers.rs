//! Every answer carries the headers that protect it.

use axum::body::Body;
use http::{Method, StatusCode};
use server::http::routes::{ROUTES, Verb};
use store::Start;

use super::app::{Answer, Browser, TestApp, request};

/// Every address of the registry with plain values in it, and addresses that fail in each way that there is.
async fn everything(browser: &mut Browser) -> Vec<(String, Answer)> {
    let mut answers = Vec::new();
    for route in ROUTES {
        let path = filled(route.path);
        let answer = match route.verb {
            Verb::Get => browser.get(&path).await,
            // Signing out would end the walk.
            Verb::Post if route.path == "/sign-out" => continue,
            Verb::Post => browser.post(&path, &[]).await,
            Verb::Put | Verb::Delete => {
                let headers = [("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
                browser.send(request(route.verb.method(), &path, &headers, Body::empty())).await
            }
        };
        answers.push((format!("{:?} {path}", route.verb), answer));
    }
    for (method, path) in [
        (Method::GET, "/nowhere"),
        (Method::GET, "/api/<svg>"),
        (Method::PUT, "/w/shop/map"),
        (Method::DELETE, "/sign-in"),
        (Method::GET, "/assets/app.0000000000000000.css"),
        (Method::GET, "/w/%FF/map"),
        (Method::OPTIONS, "/w/shop"),
    ] {
        let name = format!("{method} {path}");
        let Ok(uri) = path.replace('<', "%3C").replace('>', "%3E").parse::<http::Uri>() else { panic!("{path}") };
        let answer =
            browser.send(request(method, &uri.to_string(), &[("sec-fetch-site", "same-origin")], Body::empty())).await;
        answers.push((name, answer));
    }
    answers
}

/// A path with a value in each place that varies.
fn filled(path: &str) -> String {
    path.replace("{ws}", "shop")
        .replace("{key}", "checkout")
        .replace("{job}", "0")
        .replace("{tab}", "history")
        .replace("{file}", "none.css")
}

#[tokio::test]
async fn every_answer_is_protected() {
    let (app, mut browser) = TestApp::set_up(Start::Sample).await;
    let mut answers = everything(&mut browser).await;
    answers.extend(everything(&mut app.browser()).await);
    for (name, answer) in answers {
        let header = |wanted: &str| answer.headers.get(wanted).map_or("", |value| value.to_str().unwrap());
        assert_eq!(header("x-content-type-options"), "nosniff", "{name}");
        assert_eq!(header("referrer-policy"), "same-origin", "{name}");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{name}");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{name}");
        assert_eq!(header("reporting-endpoints"), "csp=\"/csp-report\"", "{name}");
        assert!(header("permissions-policy").contains("camera=()"), "{name}");
        assert!(header("content-security-policy").contains("default-src 'none'"), "{name}");
        assert_eq!(header("cache-control"), "no-store", "{name}");
        assert_eq!(header("vary"), "Cookie, Sec-Fetch-Site", "{name}");
        assert_eq!(header("x-request-id").len(), 16, "{name}");
        for absent in ["server", "x-powered-by", "strict-transport-security", "access-control-allow-origin"] {
            assert!(!answer.headers.contains_key(absent), "{name}: {absent}");
        }
        let kind = header("content-type");
        assert!(answer.body.is_empty() || kind == "image/png" || kind.contains("charset=utf-8"), "{name}: {kind}");
        assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{name}: {}", answer.body);
    }
}

#[tokio::test]
async fn a_page_runs_its_own_scripts_only() {
    let (_app, mut browser) = TestApp::set_up(Start::Sample).await;
    let mut nonces = std::collections::BTreeSet::new();
    let pages = ROUTES
        .iter()
        .filter(|route| route.verb == Verb::Get && !route.path.contains('.') && !route.path.contains("{file}"));
    for route in pages {
        let path = filled(route.path);
        let answer = browser.get(&path).await;
        if !answer.headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
            continue;
        }
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        let nonce = answer.nonce();
        let expected = format!(
            "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
             style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
             form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; manifest-src 'self'; \
             report-to csp; report-uri /csp-report"
        );
        assert_eq!(policy, expected);
        assert!(nonces.insert(nonce.to_owned()), "{path}: a nonce was used twice");
        for tag in tags(&answer.body) {
            if tag.starts_with("<script") {
                assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: {tag}");
            }
            assert!(!tag.contains(" style="), "{path}: {tag}");
            assert!(!has_handler(tag), "{path}: {tag}");
            assert!(!tag.contains("javascript:"), "{path}: {tag}");
        }
    }
    assert!(nonces.len() > 10, "{}", nonces.len());
}

/// The opening tags of a page.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<').skip(1).filter(|tag| !tag.starts_with('/')).map(|tag| tag.split('>').next().unwrap_or_default())
}

/// Whether a tag has an attribute such as `onclick`.
fn has_handler(tag: &str) -> bool {
    tag.split_whitespace().skip(1).any(|word| {
        word.split_once('=')
            .is_some_and(|(name, _)| name.starts_with("on") && name.bytes().all(|it| it.is_ascii_lowercase()))
    })
}

#[tokio::test]
async fn behind_tls_the_browser_is_told_to_stay_there() {
    let app = TestApp::public().await;
    let answer = app.browser().get("/sign-in").await;
    assert_eq!(answer.headers["strict-transport-security"], "max-age=63072000; includeSubDomains");
}

#[tokio::test]
async fn a_file_of_the_program_may_be_kept() {
    let app = TestApp::new().await;
    let css = server::assets::names().css;
    let answer = app.browser().get(css).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(answer.headers["vary"], "Accept-Encoding");
    assert_eq!(answer.headers["cross-origin-resource-policy"], "same-origin");
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_not_echoed() {
    let (_app, mut browser) = TestApp::set_up(Start::Empty).await;
    let answer = browser.get("/api/%3Csvg%20onload=x%3E").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.headers["content-type"], "text/html; charset=utf-8");
    assert!(!answer.body.contains("<svg onload") && !answer.body.contains("%3Csvg"), "{}", answer.body);
}
