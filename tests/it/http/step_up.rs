//! What needs a recent proof, and what warns before a session ends.

use domain::role::Role;
use http::StatusCode;
use store::Start;

use super::app::{PASSWORD, TestApp};

#[tokio::test]
async fn what_gives_rights_or_takes_everything_away_asks_for_a_recent_proof() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    app.add_account("target@shop.example", &[("shop", Role::Viewer)]).await;
    owner.post("/workspaces", &[("name", "Elsewhere"), ("sample", "no")]).await;
    let listed = owner.get("/admin").await.body;
    let target = listed.split("/admin/accounts/").nth(1).unwrap().split(['"', '/']).next().unwrap().to_owned();
    let member = format!("/w/shop/members/{target}");
    app.place.clock.advance(5 * 60 + 1);

    let asked: Vec<(String, Vec<(&str, &str)>)> = vec![
        ("/w/shop/members".to_owned(), vec![("mail", "new@shop.example"), ("role", "viewer")]),
        (member.clone(), vec![("role", "editor"), ("tier", "1")]),
        (format!("{member}/remove"), vec![("to", "")]),
        ("/w/shop/people/security-lead/account".to_owned(), vec![("account", target.as_str())]),
        ("/w/shop/tokens".to_owned(), vec![("name", "Pipeline"), ("scope", "read"), ("days", "30")]),
        (
            "/w/shop/settings/second-factor".to_owned(),
            vec![("form", "second-factor"), ("required", "no"), ("grace_days", "7")],
        ),
        ("/w/shop/settings/hand-over".to_owned(), vec![("form", "hand-over"), ("to", target.as_str())]),
        ("/w/shop/settings/archive".to_owned(), vec![]),
        ("/w/elsewhere/settings/delete".to_owned(), vec![("form", "delete"), ("name", "Elsewhere")]),
        (format!("/admin/accounts/{target}"), vec![("action", "disable")]),
        (format!("/admin/accounts/{target}/reset-link"), vec![]),
        ("/profile/second-factor/offer".to_owned(), vec![]),
        ("/profile/sessions/end-others".to_owned(), vec![]),
    ];
    for (path, form) in &asked {
        let answer = owner.post(path, form).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}: {}", answer.body);
        assert!(answer.body.contains("action=\"/re-authenticate\""), "{path}: {}", answer.body);
    }
    let export = owner.get("/w/shop/export/model").await;
    assert_eq!(export.location(), "/re-authenticate?next=%2Fw%2Fshop%2Fexport%2Fmodel", "{}", export.body);
    assert_eq!(owner.get("/w/shop/map.svg").await.status, StatusCode::OK, "a drawing is no export of everything");

    assert_eq!(owner.post("/re-authenticate", &[("password", PASSWORD)]).await.status, StatusCode::SEE_OTHER);
    let exported = owner.get("/w/shop/export/model").await;
    assert_eq!(exported.status, StatusCode::OK);
    let exports = app.store.texts("SELECT action FROM audit_entry WHERE action = 'model.export'").await.unwrap();
    assert_eq!(exports.len(), 1, "an export is kept in the audit trail");
    // In an order in which none takes away what the next one needs.
    let (last, rest): (Vec<_>, Vec<_>) = asked.iter().partition(|(path, _)| {
        path.contains("/remove")
            || path.contains("hand-over")
            || path.contains("archive")
            || path == &format!("/admin/accounts/{target}")
    });
    for (path, form) in rest {
        let answer = owner.post(path, form).await;
        assert!(!answer.status.is_client_error(), "{path}: {} {}", answer.status, answer.body);
    }
    assert_eq!(last.len(), 4);
}

#[tokio::test]
async fn an_administrator_hands_over_a_link_that_is_shown_once() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    app.add_account("target@shop.example", &[("shop", Role::Viewer)]).await;
    let mut target = app.signed_in("target@shop.example").await;
    let page = owner.get("/admin").await.body;
    let action = page.split("action=\"/admin/accounts/").find(|it| it.contains("/reset-link\"")).unwrap();
    let action = format!("/admin/accounts/{}", action.split('"').next().unwrap());
    assert!(action.ends_with("/reset-link"), "{action}");
    assert_eq!(target.post(&action, &[]).await.status, StatusCode::FORBIDDEN);
    let made = owner.post(&action, &[]).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let token = made.body.split("/reset/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(!owner.get("/admin").await.body.contains(&token), "it is shown once");
    let new = "handed over on a piece of paper";
    let set = app.browser().post(&format!("/reset/{token}"), &[("new_password", new)]).await;
    assert_eq!(set.location(), "/sign-in?done=reset", "{}", set.body);
    assert!(target.get("/w/shop").await.location().starts_with("/sign-in"), "their sessions have ended");
    let unknown = owner.post("/admin/accounts/vkwq/reset-link", &[]).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_workspace_says_who_needs_a_second_factor() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    app.add_account("editor@shop.example", &[("shop", Role::Editor)]).await;
    let settings = owner.get("/w/shop/settings").await.body;
    assert!(settings.contains("Save the policy"), "{settings}");
    let save = |required: &'static str, days: &'static str| {
        [("form", "second-factor"), ("required", required), ("grace_days", days)]
    };
    for wrong in [save("maybe", "7"), save("yes", "91"), save("yes", "-1"), save("yes", "soon")] {
        let answer = owner.post("/w/shop/settings/second-factor", &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
    }
    assert_eq!(owner.post("/w/shop/settings/second-factor", &save("yes", "0")).await.status, StatusCode::SEE_OTHER);
    let mut editor = app.signed_in("editor@shop.example").await;
    assert_eq!(editor.get("/w/shop").await.location(), "/profile/second-factor", "no days are left");
    assert_eq!(owner.post("/w/shop/settings/second-factor", &save("no", "0")).await.status, StatusCode::SEE_OTHER);
    let mut editor = app.signed_in("editor@shop.example").await;
    assert_eq!(editor.get("/w/shop").await.status, StatusCode::OK, "nothing is asked for any longer");
    assert_eq!(editor.post("/w/shop/settings/second-factor", &save("no", "7")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_page_warns_before_the_session_ends_and_works_without_its_script() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let page = owner.get("/w/shop").await;
    let box_of =
        |body: &str| body.split("id=\"session-warning\"").nth(1).unwrap().split('>').next().unwrap().to_owned();
    assert!(box_of(&page.body).contains("hidden"), "without a script it does not show");
    assert!(page.body.contains("(840, 43200, 120);"), "14 minutes idle, 12 hours in all");
    app.place.clock.advance(10 * 60);
    assert!(owner.get("/w/shop").await.body.contains("(840, 42600, 120);"));
    assert!(!app.browser().get("/sign-in").await.body.contains("session-warning"), "nobody is signed in there");
    // What the button asks for keeps the session.
    for _ in 0..3 {
        app.place.clock.advance(14 * 60);
        let headers = [("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors")];
        let request = super::app::request(http::Method::HEAD, "/profile", &headers, axum::body::Body::empty());
        assert_eq!(owner.send(request).await.status, StatusCode::OK);
    }
    app.place.clock.advance(16 * 60);
    let headers = [("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "cors")];
    let request = super::app::request(http::Method::HEAD, "/profile", &headers, axum::body::Body::empty());
    assert_eq!(owner.send(request).await.status, StatusCode::SEE_OTHER, "and does not bring back one that has ended");
}
