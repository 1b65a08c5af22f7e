//! Nothing that is sent to us is read without a limit.

use axum::body::Body;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{Method, StatusCode};
use store::Start;

use super::app::{Answer, Browser, TestApp, request};

const MULTIPART: &str = "multipart/form-data; boundary=edge";
const FORM: &str = "application/x-www-form-urlencoded";
const MEBIBYTE: usize = 1024 * 1024;

/// Posts so many bytes; announces how many where `announced`.
async fn post(browser: &mut Browser, path: &str, kind: &str, announced: bool, body: Vec<u8>) -> Answer {
    let bytes = body.len();
    let mut request = request(Method::POST, path, &[("sec-fetch-site", "same-origin")], Body::from(body));
    request.headers_mut().insert(CONTENT_TYPE, kind.parse().unwrap());
    if announced {
        request.headers_mut().insert(CONTENT_LENGTH, bytes.into());
    }
    browser.send(request).await
}

fn form_of(bytes: usize) -> Vec<u8> {
    let mut form = b"name=".to_vec();
    form.resize(bytes, b'a');
    form
}

fn file_of(bytes: usize) -> Vec<u8> {
    let mut body = b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n".to_vec();
    body.resize(body.len() + bytes, b'a');
    body.extend_from_slice(b"\r\n--edge--\r\n");
    body
}

#[tokio::test]
async fn a_file_of_50_mb_is_refused_with_the_way_to_import_it() {
    let (_app, mut browser) = TestApp::set_up(Start::Empty).await;
    for announced in [true, false] {
        let answer = post(&mut browser, "/w/shop/import", MULTIPART, announced, file_of(50 * MEBIBYTE)).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "announced: {announced}");
        assert!(answer.body.contains("plumbline import --data DIR --workspace WORKSPACE FILE"), "{}", answer.body);
        assert!(answer.body.contains("nothing was stored"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_file_just_above_the_limit_is_refused_as_a_file_and_not_as_a_form() {
    let (_app, mut browser) = TestApp::set_up(Start::Empty).await;
    let answer = post(&mut browser, "/w/shop/import", MULTIPART, true, file_of(32 * MEBIBYTE + 1)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("a.csv") && answer.body.contains("plumbline import"), "{}", answer.body);
}

#[tokio::test]
async fn a_form_over_its_limit_reaches_no_handler() {
    let (_app, mut browser) = TestApp::set_up(Start::Empty).await;
    for announced in [true, false] {
        let inside = post(&mut browser, "/workspaces", FORM, announced, form_of(64 * 1024)).await;
        assert_eq!(inside.status, StatusCode::UNPROCESSABLE_ENTITY, "the name is too long, the form is not");
        let outside = post(&mut browser, "/workspaces", FORM, announced, form_of(64 * 1024 + 1)).await;
        assert_eq!(outside.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(outside.body.contains("64 KiB"), "{}", outside.body);
    }
}

#[tokio::test]
async fn whoever_may_not_import_need_not_send_the_file() {
    let (app, _) = TestApp::set_up(Start::Empty).await;
    app.add_account("viewer@shop.example", &[("shop", domain::role::Role::Viewer)]).await;
    let answer =
        app.signed_in("viewer@shop.example").await.upload("/w/shop/import", "a.csv", b"source,target\na,b\n").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
}
