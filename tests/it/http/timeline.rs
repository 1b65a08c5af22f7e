//! What a system gained, read from the audit trail.

use domain::role::Role;
use http::StatusCode;
use store::Start;
use tests::both_dbs;

use super::app::TestApp;

both_dbs!(every_element_that_came_to_a_system_is_told_with_its_change_and_who_approved_it, |place| {
    let (app, mut browser) = TestApp::set_up_at(place, Start::Empty).await;
    for name in ["Web shop", "Customer_desk"] {
        assert_eq!(browser.post("/w/shop/systems/new", &[("name", name)]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(browser.post("/w/shop/people/new", &[("name", "Ann")]).await.status, StatusCode::SEE_OTHER);
    let flow = [
        ("from", "web-shop"),
        ("to", "customer-desk"),
        ("id", "sync"),
        ("field.0.element", "pan"),
        ("field.0.form", "truncated"),
        ("fact.approved_by", "ann"),
    ];
    let added = browser.post("/w/shop/flows/new", &flow).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let timeline = browser.get("/w/shop/systems/customer-desk/gained").await;
    assert_eq!(timeline.status, StatusCode::OK);
    for part in ["Flow added", "Truncated", "/people/ann", "Security lead", "1 gain, newest first"] {
        assert!(timeline.body.contains(part), "{part}: {}", timeline.body);
    }
    let other = browser.get("/w/shop/systems/web-shop/gained").await.body;
    assert!(other.contains("Nothing gained"), "what it sends is no gain: {other}");

    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    assert_eq!(viewer.get("/w/shop/systems/customer-desk/gained").await.status, StatusCode::FORBIDDEN);
});
