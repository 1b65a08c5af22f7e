//! Only our own pages change anything.

use axum::body::Body;
use http::{Method, StatusCode};
use server::http::routes::{Body as Carried, ROUTES, Verb};
use store::Start;

use super::app::{Browser, HOST_NAME, TestApp, request};

fn kind(body: Carried) -> &'static str {
    match body {
        Carried::File => "multipart/form-data; boundary=edge",
        Carried::Report => "application/csp-report",
        Carried::Object | Carried::Model => "application/json",
        Carried::Form | Carried::None => "application/x-www-form-urlencoded",
    }
}

async fn send(browser: &mut Browser, verb: Verb, path: &str, headers: &[(&str, &str)]) -> StatusCode {
    browser.send(request(verb.method(), path, headers, Body::empty())).await.status
}

#[tokio::test]
async fn a_form_of_another_site_reaches_no_handler() {
    let (app, _) = TestApp::set_up(Start::Empty).await;
    let own = format!("http://{HOST_NAME}");
    let sites = [None, Some("same-origin"), Some("same-site"), Some("cross-site"), Some("none"), Some("other")];
    let origins = [None, Some(own.as_str()), Some("https://evil.example"), Some("null")];
    let unsafe_routes: Vec<_> = ROUTES.iter().filter(|route| route.verb != Verb::Get).collect();
    assert!(unsafe_routes.len() >= 15);
    for route in unsafe_routes {
        let path =
            route.path.replace("{ws}", "shop").replace("{key}", "a").replace("{job}", "0").replace("{tab}", "history");
        for site in sites {
            for origin in origins {
                let mut headers = vec![("content-type", kind(route.body))];
                headers.extend(site.map(|it| ("sec-fetch-site", it)));
                headers.extend(origin.map(|it| ("origin", it)));
                let ours = match (site, origin) {
                    (_, Some("null")) => false,
                    (Some(site), _) => site == "same-origin",
                    (None, origin) => origin == Some(&*own),
                };
                // Nobody is signed in, so that what gets past the guard is told from it by its status.
                let status = send(&mut app.browser(), route.verb, &path, &headers).await;
                assert_eq!(status == StatusCode::FORBIDDEN, !ours, "{path} {site:?} {origin:?}: {status}");
            }
        }
    }
}

#[tokio::test]
async fn a_body_of_another_kind_reaches_no_handler() {
    let (_app, mut browser) = TestApp::set_up(Start::Empty).await;
    for route in ROUTES.iter().filter(|route| route.body != Carried::None) {
        let path =
            route.path.replace("{ws}", "shop").replace("{key}", "a").replace("{job}", "0").replace("{tab}", "history");
        for kind in ["text/plain", "text/html", ""] {
            let headers = [("sec-fetch-site", "same-origin"), ("content-type", kind)];
            let status = send(&mut browser, route.verb, &path, &headers).await;
            assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path} {kind}");
        }
    }
}

#[tokio::test]
async fn a_page_is_opened_from_elsewhere_but_never_embedded() {
    let (_app, mut browser) = TestApp::set_up(Start::Empty).await;
    let mut open = async |site: &str, mode: &str, dest: &str| {
        let headers = [("sec-fetch-site", site), ("sec-fetch-mode", mode), ("sec-fetch-dest", dest)];
        browser.send(request(Method::GET, "/workspaces", &headers, Body::empty())).await.status
    };
    assert_eq!(open("cross-site", "navigate", "document").await, StatusCode::OK);
    assert_eq!(open("cross-site", "navigate", "iframe").await, StatusCode::FORBIDDEN);
    assert_eq!(open("same-origin", "navigate", "object").await, StatusCode::FORBIDDEN);
    assert_eq!(open("cross-site", "no-cors", "image").await, StatusCode::FORBIDDEN);
    assert_eq!(open("same-site", "cors", "empty").await, StatusCode::FORBIDDEN);
    assert_eq!(open("same-origin", "cors", "empty").await, StatusCode::OK);
}
