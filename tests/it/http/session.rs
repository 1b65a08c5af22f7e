//! Set-up, sign-in, sign-out, and what the cookie is worth.

use std::collections::BTreeSet;

use axum::body::Body;
use http::header::SET_COOKIE;
use http::{Method, StatusCode};
use server::config::origin::Origin;
use store::Start;

use super::app::{Answer, PASSWORD, TestApp, request};

fn cookies(answer: &Answer) -> Vec<&str> {
    answer.headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect()
}

fn set_up_form<'a>(token: &'a str, mail: &'a str) -> [(&'a str, &'a str); 6] {
    [
        ("token", token),
        ("organisation", "Shop"),
        ("name", "Security lead"),
        ("mail", mail),
        ("password", PASSWORD),
        ("start", "sample"),
    ]
}

#[tokio::test]
async fn the_set_up_link_makes_the_first_account_once() {
    let app = TestApp::new().await;
    let token = app.store.setup_token().await.unwrap().unwrap();
    let mut browser = app.browser();
    assert_eq!(browser.get("/").await.location(), "/setup", "there is nothing else to do yet");
    assert_eq!(browser.get("/setup").await.status, StatusCode::OK);
    let done = browser.post("/setup", &set_up_form(&token, "security@shop.example")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(browser.get(done.location()).await.status, StatusCode::OK);
    let again = app.browser().post("/setup", &set_up_form(&token, "other@shop.example")).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("other@shop.example") && !again.body.contains(PASSWORD), "{}", again.body);
    assert_eq!(app.store.setup_token().await.unwrap(), None);
    assert_eq!(app.browser().get("/setup").await.location(), "/sign-in");
}

#[tokio::test]
async fn of_ten_who_set_up_at_once_one_succeeds() {
    let app = TestApp::new().await;
    let token = app.store.setup_token().await.unwrap().unwrap();
    let mut tries = Vec::new();
    for number in 0..10 {
        let (mut browser, token) = (app.browser(), token.clone());
        tries.push(tokio::spawn(async move {
            let mail = format!("person{number}@shop.example");
            browser.post("/setup", &set_up_form(&token, &mail)).await.status
        }));
    }
    let mut done = 0;
    for attempt in tries {
        done += usize::from(attempt.await.unwrap() == StatusCode::SEE_OTHER);
    }
    assert_eq!(done, 1);
}

#[tokio::test]
async fn what_was_typed_in_the_set_up_is_shown_again_with_what_is_wrong() {
    let app = TestApp::new().await;
    let token = app.store.setup_token().await.unwrap().unwrap();
    let form = [
        ("token", &*token),
        ("organisation", "Shop & Söhne"),
        ("name", ""),
        ("mail", "nowhere"),
        ("password", "short"),
        ("start", "empty"),
    ];
    let answer = app.browser().post("/setup", &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in ["Shop &amp; Söhne", "nowhere", "Enter an e-mail address", "at least 12 characters"] {
        assert!(answer.body.contains(part), "{part}: {}", answer.body);
    }
    assert!(cookies(&answer).is_empty());
}

#[tokio::test]
async fn the_set_up_token_is_never_shown_and_need_not_be_pasted_twice() {
    let app = TestApp::new().await;
    let token = app.store.setup_token().await.unwrap().unwrap();
    let mut browser = app.browser();
    let mut form = set_up_form(&token, "nowhere").to_vec();
    let again = browser.post("/setup", &form).await.body;
    let sent = format!("<input type=\"hidden\" name=\"token\" value=\"{token}\"");
    assert_eq!((again.matches(&token).count(), again.contains(&sent)), (1, true), "{again}");
    assert!(!again.contains("Set-up token"), "there is nothing to paste: {again}");
    // One that does not fit is asked for anew, and not repeated either.
    form.retain(|(name, _)| *name != "token" && *name != "mail");
    form.extend([("token", "a-guess-of-somebody"), ("mail", "security@shop.example")]);
    let refused = browser.post("/setup", &form).await.body;
    assert!(refused.contains("Set-up token") && !refused.contains("a-guess-of-somebody"), "{refused}");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_look_the_same() {
    let (app, _) = TestApp::set_up(Start::Empty).await;
    let before = app.store.verifications();
    let known =
        app.browser().post("/sign-in", &[("mail", "security@shop.example"), ("password", "wrong wrong wrong")]).await;
    let after_known = app.store.verifications();
    let unknown =
        app.browser().post("/sign-in", &[("mail", "security@none.example"), ("password", "wrong wrong wrong")]).await;
    let after_unknown = app.store.verifications();
    assert_eq!(known.status, unknown.status);
    assert_eq!(known.without_chance(), unknown.without_chance().replace("none.example", "shop.example"));
    assert_eq!(known.headers.len(), unknown.headers.len());
    assert_eq!(after_known - before, after_unknown - after_known, "both cost one verification");
    assert!(!known.body.contains("wrong wrong wrong"));
}

#[tokio::test]
async fn signing_in_goes_to_where_the_person_wanted_to_go_and_nowhere_else() {
    let (app, _) = TestApp::set_up(Start::Empty).await;
    let wanted = app.browser().get("/w/shop/systems?q=pan").await;
    assert_eq!(wanted.location(), "/sign-in?next=%2Fw%2Fshop%2Fsystems%3Fq%3Dpan");
    for (next, goes_to) in [
        ("/w/shop/systems?q=pan", "/w/shop/systems?q=pan"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ] {
        let form = [("mail", "security@shop.example"), ("password", PASSWORD), ("next", next)];
        assert_eq!(app.browser().post("/sign-in", &form).await.location(), goes_to, "{next}");
    }
}

#[tokio::test]
async fn the_cookie_changes_at_sign_in_and_the_one_before_is_dead() {
    let (app, mut browser) = TestApp::set_up(Start::Empty).await;
    let before = browser.cookies["sid"].clone();
    let form = [("mail", "security@shop.example"), ("password", PASSWORD)];
    let answer = browser.post("/sign-in", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_ne!(browser.cookies["sid"], before);
    let mut thief = app.browser();
    thief.cookies.insert("sid".to_owned(), before);
    assert_eq!(thief.get("/workspaces").await.status, StatusCode::SEE_OTHER);
    let mut chosen = app.browser();
    let planted = "AAAAAAAAAAAAAAAAAAAAAA".to_owned();
    chosen.cookies.insert("sid".to_owned(), planted.clone());
    chosen.post("/sign-in", &form).await;
    assert_ne!(chosen.cookies["sid"], planted, "an id that somebody else chose is not taken");
    assert_eq!(chosen.get("/workspaces").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_session_that_is_sent_twice_opens_nothing() {
    let (app, owner) = TestApp::set_up(Start::Empty).await;
    let sid = owner.cookies["sid"].clone();
    let asked = async |cookies: &[&str]| {
        let mut headers = vec![("sec-fetch-site", "same-origin")];
        headers.extend(cookies.iter().map(|cookie| ("cookie", *cookie)));
        app.browser().send(request(Method::GET, "/w/shop", &headers, Body::empty())).await.status
    };
    let (once, twice, slipped_in) =
        (format!("sid={sid}"), format!("sid={sid};  sid={sid}"), format!("sid=x; sid={sid}"));
    assert_eq!(asked(&[&once]).await, StatusCode::OK);
    assert_eq!(asked(&[&once, "theme=dark; other=1"]).await, StatusCode::OK);
    for cookies in [[twice.as_str()].as_slice(), &[&slipped_in], &[&once, &once], &["sid", &once]] {
        assert_eq!(asked(cookies).await, StatusCode::BAD_REQUEST, "{cookies:?}");
    }
}

#[tokio::test]
async fn cookies_say_all_that_protects_them() {
    let app = TestApp::public().await;
    let token = app.store.setup_token().await.unwrap().unwrap();
    let mut browser = app.browser();
    let answer = browser.post("/setup", &set_up_form(&token, "security@shop.example")).await;
    let parts = |cookie: &str| cookie.split("; ").skip(1).map(str::to_owned).collect::<BTreeSet<_>>();
    let expected = BTreeSet::from(["HttpOnly", "SameSite=Lax", "Secure", "Path=/"].map(str::to_owned));
    let set = cookies(&answer);
    assert_eq!(set.len(), 1, "{set:?}");
    assert!(set[0].starts_with("__Host-sid="), "{set:?}");
    assert_eq!(parts(set[0]), expected);
    let themed = browser.post("/theme", &[("theme", "dark"), ("next", "/workspaces")]).await;
    assert!(cookies(&themed).iter().all(|cookie| cookie.contains("; Secure") && cookie.contains("; HttpOnly")));
    let ended = browser.post("/sign-out", &[]).await;
    let removal = cookies(&ended);
    assert!(removal[0].contains("Max-Age=0") && removal[0].contains("; Secure"), "{removal:?}");
    assert_eq!(ended.headers["clear-site-data"], "\"cache\", \"storage\"");
}

#[tokio::test]
async fn the_database_does_not_hold_the_cookie() {
    let (app, browser) = TestApp::set_up(Start::Empty).await;
    let sid = &browser.cookies["sid"];
    app.store.close().await;
    let folder = std::path::Path::new(&app.place.url).parent().unwrap();
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(sid.len()).any(|window| window == sid.as_bytes()));
    }
}

#[tokio::test]
async fn a_session_ends_after_15_idle_minutes_and_after_12_hours() {
    let (app, mut browser) = TestApp::set_up(Start::Empty).await;
    app.place.clock.advance(14 * 60 + 59);
    assert_eq!(browser.get("/workspaces").await.status, StatusCode::OK);
    app.place.clock.advance(15 * 60 + 1);
    assert_eq!(browser.get("/workspaces").await.location(), "/sign-in?next=%2Fworkspaces");
    let mut busy = app.signed_in("security@shop.example").await;
    for _ in 0..71 {
        app.place.clock.advance(10 * 60);
        assert_eq!(busy.get("/workspaces").await.status, StatusCode::OK);
    }
    app.place.clock.advance(10 * 60 + 1);
    assert_eq!(busy.get("/workspaces").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn signing_out_ends_the_session_everywhere() {
    let (app, mut browser) = TestApp::set_up(Start::Empty).await;
    let mut copy = app.browser();
    copy.cookies = browser.cookies.clone();
    assert_eq!(browser.post("/sign-out", &[]).await.location(), "/sign-in");
    assert!(!browser.cookies.contains_key("sid"));
    assert_eq!(copy.get("/workspaces").await.status, StatusCode::SEE_OTHER);
    assert_eq!(copy.post("/workspaces", &[("name", "x")]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn many_tries_from_one_address_have_to_wait() {
    let app = TestApp::public().await;
    let guess = async |address: &str| {
        let mut browser = app.browser();
        browser.peer = address.parse().unwrap();
        browser.post("/setup", &set_up_form("a guess", "security@shop.example")).await
    };
    for _ in 0..20 {
        assert_eq!(guess("203.0.113.9").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let refused = guess("203.0.113.9").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!((1..=6).contains(&refused.headers["retry-after"].to_str().unwrap().parse::<u32>().unwrap()));
    assert_eq!(guess("203.0.113.10").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn a_server_behind_tls_knows_itself_by_its_public_address() {
    let origin = Origin::Public("https://plumbline.shop.example".parse().unwrap());
    assert_eq!(origin.url("127.0.0.1:8080".parse().unwrap()), "https://plumbline.shop.example");
    assert_eq!(Origin::Local.url("127.0.0.1:8080".parse().unwrap()), "http://127.0.0.1:8080");
}
