//! A walk over the registry of routes. What is not listed as open is closed, and what belongs to others does not exist.

use axum::body::Body;
use domain::role::Role;
use http::{Method, StatusCode};
use server::http::routes::{Body as Carried, Endpoint, ROUTES, Route, Verb};
use store::Start;

use crate::http::app::{Answer, Browser, TestApp, request};

/// A valid request of a route, for objects of a workspace. What is denied is denied for who asks, not for what.
async fn ask(browser: &mut Browser, route: &Route, workspace: &str, key: &str, job: &str) -> Answer {
    let path = route
        .path
        .replace("{ws}", workspace)
        .replace("{key}", key)
        .replace("{job}", job)
        .replace("{file}", "none.css")
        .replace("{token}", "00c0ffee");
    if route.verb == Verb::Get {
        return browser.get(&path).await;
    }
    match route.endpoint {
        Endpoint::UploadFile => browser.upload(&path, "flows.csv", b"source,target\na,b\n").await,
        Endpoint::CspReport => {
            let headers = [("sec-fetch-site", "same-origin"), ("content-type", "application/csp-report")];
            browser.send(request(Method::POST, &path, &headers, Body::from("{}"))).await
        }
        Endpoint::AddSystem | Endpoint::EditSystem => browser.post(&path, &[("name", "Till"), ("rev", "99")]).await,
        Endpoint::AddFlow | Endpoint::EditFlow => {
            browser.post(&path, &[("from", "checkout"), ("to", "bank"), ("rev", "99")]).await
        }
        Endpoint::DecideImport => browser.post(&path, &[("action", "confirm"), ("rev", "99")]).await,
        Endpoint::AddWorkspace => browser.post(&path, &[("name", "Other"), ("sample", "no")]).await,
        Endpoint::ChooseTheme => browser.post(&path, &[("theme", "dark")]).await,
        _ => browser.post(&path, &[("rev", "99")]).await,
    }
}

/// A workspace `shop` with two systems, a flow and a staged file; the keys of flow and file.
async fn filled(owner: &mut Browser) -> (String, String) {
    for name in ["Checkout", "Bank"] {
        assert_eq!(owner.post("/w/shop/systems/new", &[("name", name)]).await.status, StatusCode::SEE_OTHER);
    }
    let flow = owner.post("/w/shop/flows/new", &[("from", "checkout"), ("to", "bank"), ("id", "pay")]).await;
    assert_eq!(flow.status, StatusCode::SEE_OTHER, "{}", flow.body);
    let staged = owner.upload("/w/shop/import", "flows.csv", b"source,target\na,b\n").await;
    let job = staged.location().rsplit('/').next().unwrap().to_owned();
    ("pay".to_owned(), job)
}

/// The routes for people. Programs have a walk of their own, with their tokens.
fn for_people() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| !matches!(route.endpoint, Endpoint::Api(_)))
}

fn key_of(route: &Route, flow: &str) -> String {
    if route.path.contains("/flows/") { flow.to_owned() } else { "checkout".to_owned() }
}

/// An answer without what the request itself put into it.
fn without_names(answer: &Answer, workspace: &str, key: &str, job: &str) -> String {
    answer.without_chance().replace(workspace, "(ws)").replace(key, "(key)").replace(job, "(job)")
}

#[tokio::test]
async fn nobody_reaches_what_is_not_open() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let (flow, job) = filled(&mut owner).await;
    let before = app.revision("shop").await;
    for route in for_people() {
        let answer = ask(&mut app.browser(), route, "shop", &key_of(route, &flow), &job).await;
        let name = format!("{:?} {}", route.verb, route.path);
        match (route.open, route.verb) {
            (true, Verb::Get) if route.endpoint == Endpoint::SetUpPage => {
                assert_eq!(answer.location(), "/sign-in", "there is an account already");
            }
            (true, _) => {
                assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{name}");
                assert!(!answer.location().starts_with("/sign-in"), "{name}");
            }
            (false, Verb::Get) => {
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}");
                assert!(answer.location().starts_with("/sign-in"), "{name}: {}", answer.location());
                assert!(answer.body.is_empty(), "{name}");
            }
            (false, _) => {
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}");
                assert!(!answer.body.contains("Checkout"), "{name}");
            }
        }
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::POST] {
        let headers = [("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded")];
        let answer = app.browser().send(request(method.clone(), "/w/shop/map", &headers, Body::empty())).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method}");
    }
    assert!(app.browser().get("/nowhere").await.location().starts_with("/sign-in"), "unknown addresses are closed too");
    assert_eq!(app.revision("shop").await, before);
}

#[tokio::test]
async fn the_workspace_of_others_looks_like_one_that_does_not_exist() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let (flow, job) = filled(&mut owner).await;
    app.add_account("stranger@other.example", &[]).await;
    let mut stranger = app.signed_in("stranger@other.example").await;
    stranger.post("/workspaces", &[("name", "Elsewhere"), ("sample", "no")]).await;
    let before = app.revision("shop").await;
    let mut walked = 0;
    for route in for_people().filter(|route| route.path.contains("{ws}")) {
        let key = key_of(route, &flow);
        let real = ask(&mut stranger, route, "shop", &key, &job).await;
        let name = format!("{:?} {}", route.verb, route.path);
        assert_eq!(real.status, StatusCode::NOT_FOUND, "{name}: {}", real.body);
        let made_up = ask(&mut stranger, route, "qzjx", "vkwq", "0123456789abcdef0123456789abcdef").await;
        assert_eq!(made_up.status, real.status, "{name}");
        let expected = without_names(&made_up, "qzjx", "vkwq", "0123456789abcdef0123456789abcdef");
        assert_eq!(without_names(&real, "shop", &key, &job), expected, "{name}");
        walked += 1;
    }
    assert!(walked >= 24, "{walked}");
    assert_eq!(app.revision("shop").await, before);
}

#[tokio::test]
async fn an_object_of_another_workspace_is_not_found_in_ones_own() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let (flow, job) = filled(&mut owner).await;
    app.add_account("stranger@other.example", &[]).await;
    let mut stranger = app.signed_in("stranger@other.example").await;
    stranger.post("/workspaces", &[("name", "Elsewhere"), ("sample", "no")]).await;
    for route in for_people().filter(|route| route.path.contains("{key}") || route.path.contains("{job}")) {
        let answer = ask(&mut stranger, route, "elsewhere", &key_of(route, &flow), &job).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{:?} {}: {}", route.verb, route.path, answer.body);
    }
}

#[tokio::test]
async fn a_viewer_reads_and_changes_nothing() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let (flow, job) = filled(&mut owner).await;
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    let before = app.revision("shop").await;
    for route in for_people().filter(|route| route.path.contains("{ws}")) {
        let answer = ask(&mut viewer, route, "shop", &key_of(route, &flow), &job).await;
        let name = format!("{:?} {}", route.verb, route.path);
        let for_editors =
            ["new", "edit", "import", "{job}", "history", "tokens"].iter().any(|it| route.path.ends_with(it));
        let expected = if route.verb == Verb::Post || for_editors { StatusCode::FORBIDDEN } else { StatusCode::OK };
        assert_eq!(answer.status, expected, "{name}: {}", answer.body);
    }
    assert_eq!(app.revision("shop").await, before);
}

#[tokio::test]
async fn an_auditor_does_not_see_the_live_model() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let (flow, job) = filled(&mut owner).await;
    app.add_account("auditor@firm.example", &[("shop", Role::Auditor)]).await;
    let mut auditor = app.signed_in("auditor@firm.example").await;
    for route in for_people().filter(|route| route.path.contains("{ws}")) {
        let answer = ask(&mut auditor, route, "shop", &key_of(route, &flow), &job).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{:?} {}: {}", route.verb, route.path, answer.body);
        assert!(!answer.body.contains("Checkout"), "{}", route.path);
    }
}

#[tokio::test]
async fn the_workspace_is_taken_from_the_path_and_from_nowhere_else() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    owner.post("/workspaces", &[("name", "Elsewhere"), ("sample", "no")]).await;
    let before = app.revision("elsewhere").await;
    let form = [("name", "Till"), ("ws", "elsewhere"), ("workspace", "elsewhere"), ("workspace_id", "elsewhere")];
    let added = owner.post("/w/shop/systems/new?ws=elsewhere&workspace=elsewhere", &form).await;
    assert!(added.location().starts_with("/w/shop/systems/till"), "{}", added.location());
    assert_eq!(app.revision("elsewhere").await, before);
}

#[test]
fn every_post_says_what_it_carries_and_no_get_carries_anything() {
    let silent = |verb| matches!(verb, Verb::Get | Verb::Delete);
    assert!(ROUTES.iter().all(|route| silent(route.verb) == (route.body == Carried::None)));
}
