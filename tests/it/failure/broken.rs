//! A fault of ours is told with a number, and nothing about its cause.

use http::StatusCode;
use store::Start;

use crate::http::app::{PASSWORD, TestApp};

#[tokio::test]
async fn without_its_database_the_server_says_so_and_gives_a_number() {
    let (app, mut browser) = TestApp::set_up(Start::Empty).await;
    app.store.close().await;
    for path in ["/w/shop", "/workspaces", "/w/shop/map.svg"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        for secret in ["sqlx", "SELECT", "pool", "PoolClosed", &app.place.url] {
            assert!(!answer.body.contains(secret), "{path}: {secret}");
        }
        assert!(answer.body.contains("in the log"), "{path}: {}", answer.body);
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
    let form = [("mail", "security@shop.example"), ("password", PASSWORD)];
    let answer = app.browser().post("/sign-in", &form).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(app.browser().get(server::assets::names().css).await.status, StatusCode::OK, "files need no database");
}

#[tokio::test]
async fn a_session_that_is_being_used_while_it_ends_does_not_come_back() {
    let (app, browser) = TestApp::set_up(Start::Empty).await;
    let mut requests = Vec::new();
    for _ in 0..50 {
        let mut copy = browser.clone();
        requests.push(tokio::spawn(async move { copy.get("/w/shop").await.status }));
    }
    let mut leaving = browser.clone();
    assert_eq!(leaving.post("/sign-out", &[]).await.status, StatusCode::SEE_OTHER);
    for request in requests {
        let status = request.await.unwrap();
        assert!([StatusCode::OK, StatusCode::SEE_OTHER].contains(&status), "{status}");
    }
    let mut copy = app.browser();
    copy.cookies = browser.cookies.clone();
    assert_eq!(copy.get("/w/shop").await.status, StatusCode::SEE_OTHER);
}
