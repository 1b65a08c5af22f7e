//! Members, invitations, people and workspaces through forms.

use domain::backend::people::People as _;
use domain::id::WorkspaceId;
use domain::role::Role;
use http::StatusCode;
use store::{Actor, Start};

use super::app::{Answer, Browser, PASSWORD, TestApp};

/// The path of the link that a page shows.
fn link(answer: &Answer) -> String {
    let link = answer.body.split("value=\"").find(|part| part.contains("/invite/")).unwrap();
    let link = link.split('"').next().unwrap();
    assert!(link.starts_with("http://127.0.0.1:"), "it begins with the configured address: {link}");
    link[link.find("/invite/").unwrap()..].to_owned()
}

async fn invite(browser: &mut Browser, mail: &str, role: &str) -> Answer {
    browser.post("/w/shop/members", &[("mail", mail), ("role", role), ("tier", "1")]).await
}

async fn member_page(app: &TestApp, name: &str) -> String {
    let members = app.store.gate(Actor::Operator).members(&WorkspaceId::new("shop")).await.unwrap();
    format!("/w/shop/members/{}", members.iter().find(|it| it.name == name).unwrap().account)
}

#[tokio::test]
async fn somebody_is_invited_joins_changes_role_and_goes() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let made = invite(&mut owner, "new@shop.example", "editor").await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let link = link(&made);
    assert!(!owner.get("/w/shop/members").await.body.contains(&link), "it is shown once");

    let mut newcomer = app.browser();
    let page = newcomer.get(&link).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Editor (security)") && page.body.contains("new@shop.example"), "{}", page.body);
    let weak = newcomer.post(&link, &[("name", "New editor"), ("password", "short")]).await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(weak.body.contains("New editor") && !weak.body.contains("value=\"short\""), "{}", weak.body);
    let joined = newcomer.post(&link, &[("name", "New editor"), ("password", PASSWORD)]).await;
    assert_eq!(joined.location(), "/w/shop", "{}", joined.body);
    assert_eq!(newcomer.post("/w/shop/systems/new", &[("name", "Till")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(app.browser().get(&link).await.status, StatusCode::NOT_FOUND, "it works once");

    let page = member_page(&app, "New editor").await;
    let changed = owner.post(&page, &[("role", "viewer"), ("tier", "2")]).await;
    assert_eq!(changed.location(), "/w/shop/members?done=member-changed", "{}", changed.body);
    assert!(newcomer.get("/w/shop").await.location().starts_with("/sign-in"), "the session has ended");
    let mut viewer = app.signed_in("new@shop.example").await;
    assert_eq!(viewer.post("/w/shop/systems/new", &[("name", "Safe")]).await.status, StatusCode::FORBIDDEN);

    let edit = [("name", "Till"), ("owner", "new-editor"), ("rev", "99")];
    assert_eq!(owner.post("/w/shop/systems/till/edit", &edit).await.status, StatusCode::SEE_OTHER);
    let shown = owner.get(&page).await;
    assert!(shown.body.contains("What they answer for") && shown.body.contains("/systems/till"), "{}", shown.body);
    let removed = owner.post(&format!("{page}/remove"), &[("to", "security-lead")]).await;
    assert!(removed.location().starts_with("/w/shop/members?done=member-removed"), "{}", removed.body);
    assert!(owner.get("/w/shop/systems/till").await.body.contains("owner Security lead"));
    assert!(viewer.get("/w/shop").await.location().starts_with("/sign-in"));
    let mut former = app.signed_in("new@shop.example").await;
    assert_eq!(former.get("/w/shop").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn links_that_do_not_hold_look_alike_and_whether_an_account_exists_is_not_told() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let unknown = "0".repeat(64);
    let link = link(&invite(&mut owner, "new@shop.example", "viewer").await);
    owner.post("/w/shop/members", &[("mail", "new@shop.example"), ("role", "viewer")]).await;
    let shown = async |token: &str| {
        let answer = app.browser().get(&format!("/invite/{token}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        answer.without_chance().replace(token, "(token)")
    };
    let expected = shown(&unknown).await;
    for token in ["x-y-z", link.strip_prefix("/invite/").unwrap()] {
        assert_eq!(shown(token).await, expected);
    }
    app.add_account("known@other.example", &[]).await;
    let without = |answer: Answer, mail: &str| {
        let token = self::link(&answer);
        answer.without_chance().replace(&token, "(link)").replace(mail, "(mail)")
    };
    // The list is ordered by time.
    app.place.clock.advance(1);
    let known = invite(&mut owner, "known@other.example", "viewer").await;
    let key = |text: &str| {
        // The page lists the open invitations; each form has a random key in its address.
        let parts = text.split("/invitations/");
        parts.map(|part| part.split_once("/withdraw").map_or(part, |(_, rest)| rest)).collect::<String>()
    };
    let known = key(&without(known, "known@other.example"));
    let open = app.store.gate(Actor::Operator).invitations(&WorkspaceId::new("shop")).await.unwrap();
    let last = open.iter().find(|it| it.mail == "known@other.example").unwrap();
    owner.post(&format!("/w/shop/invitations/{}/withdraw", last.id), &[]).await;
    let unknown = invite(&mut owner, "knows@other.example", "viewer").await;
    assert_eq!(key(&without(unknown, "knows@other.example")), known);
}

#[tokio::test]
async fn a_signed_in_person_joins_under_a_new_session_identifier() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    app.add_account("known@other.example", &[]).await;
    let link = link(&invite(&mut owner, "known@other.example", "reviewer").await);
    let mut known = app.signed_in("known@other.example").await;
    assert!(owner.get(&link).await.body.contains("Sign out"), "it is for another address");
    assert!(known.get(&link).await.body.contains("Join as known"));
    let before = known.cookies["sid"].clone();
    assert_eq!(known.post(&link, &[]).await.location(), "/w/shop");
    assert_ne!(known.cookies["sid"], before);
    assert_eq!(known.get("/w/shop").await.status, StatusCode::OK);
    let mut copy = app.browser();
    copy.cookies.insert("sid".to_owned(), before);
    assert!(copy.get("/w/shop").await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn a_field_that_a_form_does_not_have_changes_nothing() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let page = member_page(&app, "viewer").await;
    let shop = WorkspaceId::new("shop");
    let operator = app.store.gate(Actor::Operator);
    let before = (operator.members(&shop).await, operator.invitations(&shop).await, app.revision("shop").await);
    let remove = format!("{page}/remove");
    let forms: [(&str, &[(&str, &str)]); 9] = [
        ("/w/shop/members", &[("mail", "new@shop.example"), ("role", "viewer")]),
        (&page, &[("role", "editor"), ("tier", "1")]),
        (&remove, &[("to", "")]),
        ("/w/shop/settings", &[("name", "Other")]),
        ("/w/shop/settings/archive", &[]),
        ("/w/shop/settings/delete", &[("name", "Shop")]),
        ("/w/shop/people/new", &[("name", "Deputy")]),
        ("/w/shop/people/security-lead/delete", &[("rev", "99")]),
        ("/profile", &[("name", "Other")]),
    ];
    let extras = ["id_hash", "workspace_id", "account_id", "is_admin", "instance_admin", "created_at", "prev_hash"];
    for (path, form) in forms {
        for extra in extras {
            let mut form = form.to_vec();
            form.push((extra, "1"));
            let answer = owner.post(path, &form).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {extra}: {}", answer.body);
        }
    }
    let twice = [("mail", "new@shop.example"), ("role", "viewer"), ("role", "owner")];
    assert_eq!(owner.post("/w/shop/members", &twice).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let after = (operator.members(&shop).await, operator.invitations(&shop).await, app.revision("shop").await);
    assert_eq!(after, before);
}

#[tokio::test]
async fn an_archived_workspace_is_shown_apart_and_offers_no_change() {
    let (_app, mut owner) = TestApp::set_up(Start::Empty).await;
    let archived = owner.post("/w/shop/settings/archive", &[]).await;
    assert_eq!(archived.location(), "/w/shop/settings?done=workspace-archived", "{}", archived.body);
    let settings = owner.get("/w/shop/settings").await;
    assert!(settings.body.contains("Restore the workspace") && !settings.body.contains("Save the name"));
    assert!(!owner.get("/w/shop/systems").await.body.contains("/w/shop/systems/new"));
    assert_eq!(owner.get("/w/shop/systems/new").await.status, StatusCode::FORBIDDEN);
    let refused = owner.post("/w/shop/systems/new", &[("name", "Till")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "the page itself is refused: {}", refused.body);
    assert!(owner.get("/workspaces").await.body.contains("Archived (1)"));
    assert_eq!(owner.post("/w/shop/settings/restore", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(owner.post("/w/shop/systems/new", &[("name", "Till")]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_workspace_is_deleted_by_its_name() {
    let (_app, mut owner) = TestApp::set_up(Start::Empty).await;
    let wrong = owner.post("/w/shop/settings/delete", &[("form", "delete"), ("name", "shop")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Type the name of the workspace exactly"), "{}", wrong.body);
    let done = owner.post("/w/shop/settings/delete", &[("form", "delete"), ("name", "Shop")]).await;
    assert_eq!(done.location(), "/workspaces");
    assert_eq!(owner.get("/w/shop").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_person_is_added_linked_edited_and_deleted_through_forms() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let form = [("name", "Payments team"), ("kind", "team"), ("mail", ""), ("function", "Runs the checkout")];
    let added = owner.post("/w/shop/people/new", &form).await;
    assert!(added.location().starts_with("/w/shop/people/payments-team?done=person-added"), "{}", added.body);
    let page = owner.get(added.location()).await;
    assert!(page.body.contains("Runs the checkout") && page.body.contains("Saved."), "{}", page.body);
    let path = member_page(&app, "Security lead").await;
    let account = path.rsplit('/').next().unwrap();
    let linked = owner.post("/w/shop/people/payments-team/account", &[("account", account)]).await;
    assert_eq!(linked.location(), "/w/shop/people/payments-team?done=person-linked", "{}", linked.body);
    assert!(owner.get("/w/shop/people/payments-team").await.body.contains("Signs in as Security lead"));
    // Whose account is behind whom is said by those who manage members: a person signs with it.
    app.add_account("editor@shop.example", &[("shop", Role::Editor)]).await;
    let mut editor = app.signed_in("editor@shop.example").await;
    let page = editor.get("/w/shop/people/payments-team").await.body;
    assert!(page.contains("Signs in as Security lead") && !page.contains("Save the link"), "{page}");
    let taken = editor.post("/w/shop/people/payments-team/account", &[("account", "")]).await;
    assert_eq!(taken.status, StatusCode::FORBIDDEN, "{}", taken.body);
    assert!(owner.get("/w/shop/people/payments-team").await.body.contains("Signs in as Security lead"));
    let rev = app.revision("shop").await.to_string();
    let edit = [("name", "Checkout team"), ("kind", "team"), ("rev", rev.as_str())];
    assert_eq!(owner.post("/w/shop/people/payments-team/edit", &edit).await.status, StatusCode::SEE_OTHER);
    let deleted = owner.post("/w/shop/people/payments-team/delete", &[("rev", "99")]).await;
    assert!(deleted.location().starts_with("/w/shop/people?done=person-deleted"), "{}", deleted.body);
    assert_eq!(owner.get("/w/shop/people/payments-team").await.status, StatusCode::NOT_FOUND);
}
