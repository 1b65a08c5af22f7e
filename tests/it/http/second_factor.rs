//! The second factor in the browser: setting it up, signing in with it, and what is closed before.

use domain::role::Role;
use http::StatusCode;
use http::header::SET_COOKIE;
use server::http::routes::{ROUTES, Verb};
use store::inspect::totp_code;
use store::{Clock as _, Start};

use super::app::{Answer, Browser, PASSWORD, TestApp};

const MAIL: &str = "security@shop.example";

/// Sets an authenticator app up: its secret, and the recovery codes.
pub async fn enrol(app: &TestApp, browser: &mut Browser) -> (String, Vec<String>) {
    let offered = browser.post("/profile/second-factor/offer", &[]).await;
    assert_eq!(offered.location(), "/profile/second-factor", "{}", offered.body);
    let page = browser.get("/profile/second-factor").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("class=\"qr\"") && !page.body.contains("style="), "{}", page.body);
    let key = page.body.split("id=\"totp-key\"").nth(1).unwrap().split(['<', '>']).nth(1).unwrap();
    let secret = key.replace(' ', "");
    let done = browser.post("/profile/second-factor", &[("code", &*totp_code(&secret, app.place.clock.now()))]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    let codes: Vec<String> = done
        .body
        .split("<li><code class=\"mono\">")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect();
    assert_eq!(codes.len(), 10, "{}", done.body);
    let file = done.body.split("href=\"data:text/plain;charset=utf-8,").nth(1).unwrap().split('"').next().unwrap();
    assert!(codes.iter().all(|code| file.contains(&**code)), "they can be saved from the page itself: {file}");
    assert!(done.body.contains("download=\"plumbline-recovery-codes.txt\""), "{}", done.body);
    (secret, codes)
}

async fn with_password(browser: &mut Browser, next: &str) -> Answer {
    browser.post("/sign-in", &[("mail", MAIL), ("password", PASSWORD), ("next", next)]).await
}

#[tokio::test]
async fn signing_in_takes_the_code_and_goes_on_to_where_the_person_wanted_to_go() {
    let (app, mut browser) = TestApp::set_up(Start::Empty).await;
    let banner = browser.get("/w/shop").await.body;
    assert!(banner.contains("Set up an authenticator app") && banner.contains("2026-11-28"), "{banner}");
    let before = browser.cookies["sid"].clone();
    let (secret, codes) = enrol(&app, &mut browser).await;
    assert_ne!(browser.cookies["sid"], before, "the session has another identifier");
    assert!(!browser.get("/w/shop").await.body.contains("Your role needs a second factor"));

    app.place.clock.advance(60);
    let mut other = app.browser();
    let asked = with_password(&mut other, "/w/shop/map").await;
    assert_eq!(asked.location(), "/second-factor?next=%2Fw%2Fshop%2Fmap");
    assert!(!other.cookies.contains_key("device"), "not known before the code");
    assert_eq!(other.get("/w/shop/map").await.location(), "/second-factor?next=%2Fw%2Fshop%2Fmap");
    let pending = other.cookies["sid"].clone();
    let wrong = other.post("/second-factor", &[("code", "000000"), ("next", "/w/shop/map")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("value=\"/w/shop/map\""), "{}", wrong.body);
    let code = totp_code(&secret, app.place.clock.now());
    let done = other.post("/second-factor", &[("code", &code), ("next", "/w/shop/map")]).await;
    assert_eq!(done.location(), "/w/shop/map", "{}", done.body);
    assert_ne!(other.cookies["sid"], pending);
    assert!(other.cookies.contains_key("device"));
    assert_eq!(other.get("/w/shop/map").await.status, StatusCode::OK);
    let mut thief = app.browser();
    thief.cookies.insert("sid".to_owned(), pending);
    assert!(thief.get("/w/shop").await.location().starts_with("/sign-in"), "the identifier before the code is dead");

    let mut third = app.browser();
    with_password(&mut third, "").await;
    let done = third.post("/second-factor", &[("code", &*codes[0])]).await;
    assert_eq!(done.location(), "/");
    assert!(third.get("/profile/security").await.body.contains("9 of 10 recovery codes are left"));
    let again = browser.get("/profile/recovery-codes").await;
    assert!(codes.iter().all(|code| !again.body.contains(code)), "shown once");
}

#[tokio::test]
async fn who_has_proved_the_password_only_reaches_the_code_and_the_way_out() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    enrol(&app, &mut owner).await;
    app.place.clock.advance(60);
    let before = app.revision("shop").await;
    // Programs have tokens and no second factor; a cookie opens nothing there.
    for route in ROUTES.iter().filter(|route| !route.open && !route.path.starts_with("/api/")) {
        if ["/second-factor", "/sign-out", "/theme"].contains(&route.path) {
            continue;
        }
        let mut pending = app.browser();
        app.store.run_raw("DELETE FROM throttle").await.unwrap();
        with_password(&mut pending, "").await;
        let path = route
            .path
            .replace("{ws}", "shop")
            .replace("{key}", "x")
            .replace("{job}", "x")
            .replace("{tab}", "history")
            .replace("{number}", "1")
            .replace("{token}", "x");
        let name = format!("{:?} {path}", route.verb);
        match route.verb {
            Verb::Get => {
                let answer = pending.get(&path).await;
                assert!(answer.location().starts_with("/second-factor"), "{name}: {}", answer.status);
                assert!(answer.body.is_empty(), "{name}");
            }
            Verb::Post | Verb::Put | Verb::Delete => {
                let answer = pending.post(&path, &[("name", "x"), ("rev", "99")]).await;
                let closed = [StatusCode::UNAUTHORIZED, StatusCode::UNSUPPORTED_MEDIA_TYPE];
                assert!(closed.contains(&answer.status), "{name}: {}", answer.status);
            }
        }
    }
    assert_eq!(app.revision("shop").await, before);
    let mut pending = app.browser();
    app.store.run_raw("DELETE FROM throttle").await.unwrap();
    with_password(&mut pending, "").await;
    assert_eq!(pending.get("/second-factor").await.status, StatusCode::OK);
    assert_eq!(pending.post("/sign-out", &[]).await.location(), "/sign-in");
}

#[tokio::test]
async fn after_the_grace_only_setting_it_up_is_reached() {
    let (app, _) = TestApp::set_up(Start::Empty).await;
    app.add_account("editor@shop.example", &[("shop", Role::Editor)]).await;
    app.signed_in("editor@shop.example").await;
    app.place.clock.advance(7 * 24 * 3600);
    let mut late = app.browser();
    let entered = late.post("/sign-in", &[("mail", "editor@shop.example"), ("password", PASSWORD)]).await;
    assert_eq!(entered.location(), "/profile/second-factor");
    for path in ["/", "/workspaces", "/w/shop", "/w/shop/export/model", "/profile/security", "/second-factor"] {
        assert_eq!(late.get(path).await.location(), "/profile/second-factor", "{path}");
    }
    assert_eq!(late.post("/w/shop/systems/new", &[("name", "x")]).await.status, StatusCode::UNAUTHORIZED);
    enrol(&app, &mut late).await;
    assert_eq!(late.get("/w/shop").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_was_typed_survives_the_end_of_the_session() {
    let (app, mut browser) = TestApp::set_up(Start::Empty).await;
    let (secret, _) = enrol(&app, &mut browser).await;
    app.place.clock.advance(16 * 60);
    let form = [("name", "Till & <b>Söhne</b>"), ("kind", "service"), ("boundary", "own"), ("password", "no field")];
    let kept = browser.post("/w/shop/systems/new", &form).await;
    assert_eq!(kept.status, StatusCode::UNAUTHORIZED);
    assert!(kept.body.contains("Nothing is lost") && !kept.body.contains("no%20field"), "{}", kept.body);
    let (to, held) = (hidden(&kept, "held_to"), hidden(&kept, "held"));
    assert_eq!(to, "/w/shop/systems/new");
    let carried = [("held_to", &*to), ("held", &*held)];

    let form = [&[("mail", MAIL), ("password", PASSWORD)], &carried[..]].concat();
    let code_asked = browser.post("/sign-in", &form).await;
    assert_eq!((hidden(&code_asked, "held_to"), hidden(&code_asked, "held")), (to.clone(), held.clone()));
    let code = totp_code(&secret, app.place.clock.now());
    let form = [&[("code", &*code)], &carried[..]].concat();
    let go_on = browser.post("/second-factor", &form).await;
    assert_eq!(go_on.status, StatusCode::OK, "{}", go_on.body);
    assert!(go_on.body.contains("action=\"/w/shop/systems/new\""), "{}", go_on.body);
    assert_eq!(hidden(&go_on, "name"), "Till & <b>Söhne</b>");
    let form = [("name", "Till & <b>Söhne</b>"), ("kind", "service"), ("boundary", "own")];
    assert_eq!(browser.post("/w/shop/systems/new", &form).await.status, StatusCode::SEE_OTHER);

    let nobody = app.browser().post("/w/shop/systems/new", &[("name", "x")]).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    assert!(!nobody.body.contains("held"), "only for who had a session");
}

#[tokio::test]
async fn what_needs_a_recent_proof_asks_for_it_and_goes_on() {
    let (app, mut browser) = TestApp::set_up(Start::Empty).await;
    app.signed_in(MAIL).await;
    app.place.clock.advance(5 * 60);
    let asked = browser.post("/profile/sessions/end-others", &[]).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    assert!(asked.body.contains("Confirm that it is you"), "{}", asked.body);
    let to = hidden(&asked, "held_to");
    let form = [("held_to", &*to), ("held", ""), ("password", "not the password")];
    let wrong = browser.post("/re-authenticate", &form).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(hidden(&wrong, "held_to"), to);
    let before = browser.cookies["sid"].clone();
    let done = browser.post("/re-authenticate", &[("held_to", &*to), ("held", ""), ("password", PASSWORD)]).await;
    assert!(done.body.contains("action=\"/profile/sessions/end-others\""), "{}", done.body);
    assert_ne!(browser.cookies["sid"], before);
    let ended = browser.post(&to, &[]).await;
    assert_eq!(ended.location(), "/profile/security?done=sessions");
    assert!(browser.get(ended.location()).await.body.contains("You are signed out everywhere else"));
}

#[tokio::test]
async fn a_new_password_takes_the_old_one_and_another_identifier() {
    let (app, mut browser) = TestApp::set_up(Start::Empty).await;
    let mut other = app.signed_in(MAIL).await;
    let before = browser.cookies["sid"].clone();
    let change = [("current_password", PASSWORD), ("new_password", "another sentence that nobody guesses")];
    let wrong = [("current_password", "wrong wrong wrong"), change[1]];
    let refused = browser.post("/profile/password", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!refused.body.contains("another sentence"), "{}", refused.body);
    let done = browser.post("/profile/password", &change).await;
    assert_eq!(done.location(), "/profile/security?done=password", "{}", done.body);
    assert_ne!(browser.cookies["sid"], before);
    assert_eq!(browser.get("/workspaces").await.status, StatusCode::OK);
    assert!(other.get("/workspaces").await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn the_cookie_of_a_known_browser_says_all_that_protects_it() {
    let app = TestApp::public().await;
    let token = app.store.setup_token().await.unwrap().unwrap();
    let form = [
        ("token", &*token),
        ("organisation", "Shop"),
        ("name", "Security lead"),
        ("mail", MAIL),
        ("password", PASSWORD),
        ("start", "empty"),
    ];
    app.browser().post("/setup", &form).await;
    let answer = with_password(&mut app.browser(), "").await;
    let cookies: Vec<&str> = answer.headers.get_all(SET_COOKIE).iter().map(|it| it.to_str().unwrap()).collect();
    let device = cookies.iter().find(|it| it.starts_with("__Host-device=")).unwrap();
    for part in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax", "; Max-Age=7776000"] {
        assert!(device.contains(part), "{device}");
    }
    assert!(!device.contains("Domain"), "{device}");
}

/// The value of a hidden field, as the page has it.
fn hidden(answer: &Answer, name: &str) -> String {
    let marker = format!("<input type=\"hidden\" name=\"{name}\" value=\"");
    let rest = answer.body.split(&marker).nth(1).unwrap_or_else(|| panic!("no field {name}: {}", answer.body));
    rest.split('"').next().unwrap().replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[tokio::test]
async fn a_link_leads_to_a_new_password_once() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let token = app.store.reset_token(MAIL).await.unwrap();
    let address = format!("/reset/{}", token.expose());
    let mut browser = app.browser();
    let page = browser.get(&address).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains(MAIL), "the link does not say whose it is");
    let weak = browser.post(&address, &[("new_password", "passwordpassword")]).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = browser.post(&address, &[("new_password", "another sentence that nobody guesses")]).await;
    assert_eq!(done.location(), "/sign-in?done=reset", "{}", done.body);
    assert!(owner.get("/workspaces").await.location().starts_with("/sign-in"));
    let used = browser.post(&address, &[("new_password", "yet another long sentence here")]).await;
    let made_up = browser.get("/reset/0123456789abcdef").await;
    assert_eq!((used.status, made_up.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    let form = [("mail", MAIL), ("password", "another sentence that nobody guesses")];
    assert_eq!(browser.post("/sign-in", &form).await.status, StatusCode::SEE_OTHER);
}
