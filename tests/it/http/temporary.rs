//! Temporary rights: the ledger, its finding, and rolling back what was widened for an event.

use domain::backend::Backend as _;
use domain::id::WorkspaceId;
use http::StatusCode;
use store::{Actor, Start};
use tests::both_dbs;

use super::app::TestApp;

const MODEL: &[u8] = br#"{"systems":[{"id":"db","name":"Ledger"},{"id":"crm","name":"Customer desk"}],
    "people":[{"id":"ann","name":"Ann"}],
    "credentials":[{"id":"ops","name":"Operations","kind":"user","held_by":["crm"],"grants":[
        {"on":"db","priv":"read"},
        {"on":"db","priv":"admin","temporary":true,"until":"2020-01-02T08:00:00Z","event":"Holiday freeze",
         "reason":"No deployment over the holidays","rollback_owner":"ann"},
        {"on":"crm","priv":"act","temporary":true,"until":"2999-01-01T00:00:00Z","rollback_owner":"ann"}]},
      {"id":"bot","name":"Export bot","kind":"service","grants":[{"on":"db","priv":"read","event":"Holiday freeze"}]}]}"#;

async fn imported(browser: &mut super::app::Browser) {
    let page = browser.upload("/w/shop/import", "model.json", MODEL).await.location().to_owned();
    let done = browser.post(&page, &[("action", "confirm"), ("rev", "99")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
}

both_dbs!(what_was_widened_for_an_event_is_rolled_back_as_one_change_and_can_be_taken_back, |place| {
    let (app, mut browser) = TestApp::set_up_at(place, Start::Empty).await;
    imported(&mut browser).await;
    let ledger = browser.get("/w/shop/temporary").await.body;
    assert!(ledger.contains("3 rights: 1 over, 1 without an end, 0 within 14 days"), "{ledger}");
    assert!(ledger.contains("No deployment over the holidays") && ledger.contains("/people/ann"), "{ledger}");
    assert!(ledger.contains("/findings/F-VENDOR-ALWAYS-ON"), "what outlived its end is a finding: {ledger}");

    let before = app.revision("shop").await;
    let preview = browser.get("/w/shop/temporary?event=Holiday%20freeze&all=yes").await.body;
    assert!(preview.contains("Rolling back 2 rights"), "{preview}");
    assert!(!preview.contains("Customer desk</a>"), "what is of no event is not in the list of one: {preview}");
    assert_eq!(app.revision("shop").await, before, "a preview stores nothing");

    let rev = before.to_string();
    let form = [("rev", rev.as_str()), ("right", "1-ops"), ("right", "0-bot")];
    let done = browser.post("/w/shop/temporary", &form).await;
    assert_eq!(done.location(), format!("/w/shop/temporary?done=rolled-back&rev={}", before + 1), "{}", done.body);
    let grants = async |id: &str| {
        let estate = app.store.gate(Actor::Operator).estate(&WorkspaceId::new("shop")).await.unwrap();
        estate.stored.credentials.get(id).unwrap().grants.len()
    };
    assert_eq!((grants("ops").await, grants("bot").await), (2, 0));
    let after = browser.get(done.location()).await.body;
    assert!(after.contains("Undo") && after.contains("1 right: 0 over"), "{after}");

    let undone = browser.post("/w/shop/history/take-back", &[("rev", &(before + 1).to_string())]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.body);
    assert_eq!((grants("ops").await, grants("bot").await), (3, 1));
});

#[tokio::test]
async fn only_temporary_rights_are_rolled_back_and_only_as_they_were_seen() {
    let (app, mut browser) = TestApp::set_up(Start::Empty).await;
    imported(&mut browser).await;
    let before = app.revision("shop").await;
    let rev = before.to_string();
    for (form, status) in [
        (&[("rev", rev.as_str())][..], StatusCode::UNPROCESSABLE_ENTITY),
        (&[("rev", rev.as_str()), ("right", "0-ops")], StatusCode::NOT_FOUND),
        (&[("rev", rev.as_str()), ("right", "x")], StatusCode::NOT_FOUND),
        (&[("rev", "1"), ("right", "1-ops")], StatusCode::CONFLICT),
    ] {
        let answer = browser.post("/w/shop/temporary", form).await;
        assert_eq!(answer.status, status, "{form:?}: {}", answer.body);
    }
    assert_eq!(app.revision("shop").await, before);
}
