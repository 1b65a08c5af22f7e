//! The risk register through forms.

use domain::backend::risks::Risks as _;
use domain::id::WorkspaceId;
use domain::risk::RiskKey;
use domain::role::Role;
use http::StatusCode;
use store::{Actor, Start};

use super::app::TestApp;

const FORM: [(&str, &str); 12] = [
    ("title", "Somebody reads the queue"),
    ("event", "Cards are read"),
    ("category", "confidentiality"),
    ("link", "system:checkout"),
    ("owner", ""),
    ("stage", "draft"),
    ("inherent_likelihood", "4"),
    ("inherent_impact", "5"),
    ("control.0.what", "Only operators reach it"),
    ("action.0.what", "Delete it"),
    ("action.0.effort", "2.5"),
    ("rev", "0"),
];

#[tokio::test]
async fn a_risk_is_added_seen_changed_and_its_history_kept() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    owner.post("/w/shop/systems/new", &[("name", "Checkout")]).await;
    let before = app.revision("shop").await;
    let added = owner.post("/w/shop/risks/new", &FORM).await;
    assert_eq!(added.location(), "/w/shop/risks/R-1?done=risk-added", "{}", added.body);
    let page = owner.get("/w/shop/risks/R-1").await;
    assert_eq!(page.status, StatusCode::OK);
    for part in ["Very high", "2.5 person-days", "/w/shop/systems/checkout", "Only operators reach it"] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    let list = owner.get("/w/shop/risks?q=level%3Avery_high").await;
    assert!(list.body.contains("/w/shop/risks/R-1"), "{}", list.body);
    let matrix = owner.get("/w/shop/risks?view=matrix&stand=inherent").await.body;
    assert!(
        matrix.contains("1 risk<") && matrix.contains(", likelihood High, impact Very high: Very high"),
        "{matrix}"
    );
    assert!(!matrix.contains("1 risk, likelihood"), "nobody hears the count twice: {matrix}");

    let renamed = owner.post("/w/shop/risks/R-1/edit", &[("title", "Cards in the queue"), ("rev", "1")]).await;
    assert_eq!(renamed.location(), "/w/shop/risks/R-1?done=risk-saved", "{}", renamed.body);
    let page = owner.get("/w/shop/risks/R-1").await;
    assert!(page.body.contains("Somebody reads the queue became Cards in the queue"), "{}", page.body);
    assert!(page.body.contains("Security lead"), "who changed it");
    let same = owner.post("/w/shop/risks/R-1/edit", &[("title", "Cards in the queue"), ("rev", "2")]).await;
    assert_eq!(same.location(), "/w/shop/risks/R-1?done=unchanged");
    let stale = owner.post("/w/shop/risks/R-1/edit", &[("title", "Mine"), ("rev", "1")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.body.contains("Mine") && stale.body.contains("Cards in the queue"), "{}", stale.body);
    assert_eq!(app.revision("shop").await, before, "the model stays as it is");
    let trail = owner.get("/w/shop/history").await;
    assert!(trail.body.contains("/risks/R-1\"") && trail.body.contains("Risk changed"), "{}", trail.body);
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once_and_what_was_typed_stays() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let wrong = [
        ("title", ""),
        ("link", "system:moon"),
        ("stage", "open"),
        ("action.0.what", "Delete it"),
        ("action.0.ticket", "javascript:alert(1)"),
        ("rev", "0"),
    ];
    let refused = owner.post("/w/shop/risks/new", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in ["Title: Fill in this field.", "Owner: Fill in", "Action 1, ticket: Enter a link", "Delete it"] {
        assert!(refused.body.contains(part), "{part}: {}", refused.body);
    }
    let unknown = owner.post("/w/shop/risks/new", &[("title", "x"), ("status", "accepted"), ("rev", "0")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    let card = owner.post("/w/shop/risks/new", &[("title", "4111 1111 1111 1111"), ("rev", "0")]).await;
    assert_eq!(card.status, StatusCode::UNPROCESSABLE_ENTITY);
    let register = app.store.gate(Actor::Operator).risks(&WorkspaceId::new("shop")).await.unwrap();
    assert!(register.risks.is_empty());
}

#[tokio::test]
async fn who_only_reads_the_model_only_reads_the_register() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    owner.post("/w/shop/risks/new", &[("title", "x"), ("rev", "0")]).await;
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    let page = viewer.get("/w/shop/risks/R-1").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("/risks/R-1/edit"));
    assert_eq!(viewer.get("/w/shop/risks/R-1/edit").await.status, StatusCode::FORBIDDEN);
    let edit = [("title", "y"), ("rev", "1")];
    assert_eq!(viewer.post("/w/shop/risks/R-1/edit", &edit).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_deleted_workspace_leaves_no_risk_behind() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    owner.post("/w/shop/risks/new", &[("title", "x"), ("rev", "0")]).await;
    let gate = app.store.gate(Actor::Operator);
    assert!(gate.risk(&WorkspaceId::new("shop"), RiskKey(1)).await.is_ok());
    let deleted = owner.post("/w/shop/settings/delete", &[("name", "Shop")]).await;
    assert_eq!(deleted.status, StatusCode::SEE_OTHER, "{}", deleted.body);
    assert_eq!(app.store.texts("SELECT content FROM risk_version").await.unwrap(), Vec::<String>::new());
}
