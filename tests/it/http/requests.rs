//! The request inbox through the real router, without JavaScript, from both sides.

use domain::backend::library::Library as _;
use domain::evidence::EvidenceKey;
use domain::evidence::draft::About;
use domain::evidence::file::WebLink;
use domain::evidence::item::{Proves, Source, Version};
use domain::role::Role;
use domain::time::Timestamp;
use http::StatusCode;
use store::{Actor, ChainVerdict, Start};
use tests::both_dbs;

use super::app::TestApp;
use super::auditor::{auditor, signed};
use super::reviews::shop;

const INBOX: &str = "/w/shop/evidence/requests";
const FIRST: &str = "/w/shop/evidence/requests/REQ-1";

/// An evidence item that is a link.
async fn item(app: &TestApp, title: &str) -> EvidenceKey {
    let version = Version {
        number: 0,
        source: Source::Link(WebLink::parse("https://wiki.shop.example/scan").unwrap()),
        collected: "2026-11-01".parse().unwrap(),
        covers_from: None,
        covers_until: None,
        expires: None,
        collector: None,
        added: Timestamp(0),
    };
    let about = About { title: title.to_owned(), note: String::new(), proves: Proves::default() };
    app.store.gate(Actor::Operator).add_item(&shop(), about, version).await.unwrap()
}

both_dbs!(a_request_goes_from_one_side_to_the_other_until_it_is_accepted, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    signed(&app, &mut owner).await;
    let (scan, other) = (item(&app, "Scan of November").await, item(&app, "Salaries").await);
    let mut qsa = auditor(&app, 30).await;
    let empty = qsa.get(INBOX).await;
    assert!(empty.body.contains("No requests") && empty.body.contains("Ask for something"), "{}", empty.body);
    let wrong = [("text", ""), ("requirement", "99.9"), ("due", "2020-01-01")];
    let wrong = qsa.post(&format!("{INBOX}/new"), &wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Fill in this field.") && wrong.body.contains("value=\"99.9\""), "{}", wrong.body);
    let question =
        [("text", "Show the last <scan>\nof every server"), ("requirement", "11.3.2"), ("due", "2026-12-01")];
    let asked = qsa.post(&format!("{INBOX}/new"), &question).await;
    assert_eq!(asked.location(), format!("{FIRST}?done=request-asked"), "{}", asked.body);
    // The team is told, and answers with an item.
    let told = owner.get("/w/shop/notices").await.body;
    assert!(told.contains("REQ-1 waits for an answer: Show the last &lt;scan&gt;") && told.contains(FIRST), "{told}");
    let page = owner.get(FIRST).await.body;
    for words in ["of every server", "11.3.2", "2026-12-01", "Scan of November", "Salaries", "Who answers"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("Accept the answer"), "{page}");
    let unanswered = owner.post(FIRST, &[("step", "accept"), ("rev", "1")]).await;
    assert_eq!(unanswered.status, StatusCode::FORBIDDEN, "it is the other side's step");
    let theirs = qsa.post(FIRST, &[("step", "answer"), ("words", "Mine"), ("rev", "1")]).await;
    assert_eq!(theirs.status, StatusCode::FORBIDDEN, "{}", theirs.body);
    let key = scan.to_string();
    let answer = [("step", "answer"), ("words", "Here it is."), ("item", key.as_str()), ("rev", "1")];
    let answered = owner.post(FIRST, &answer).await;
    assert_eq!(answered.location(), format!("{FIRST}?done=request-saved"), "{}", answered.body);
    let late = owner.post(FIRST, &answer).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
    // Who asked is told, and sees what was attached and nothing else.
    assert!(qsa.get("/w/shop/notices").await.body.contains("REQ-1 has an answer"));
    let page = qsa.get(FIRST).await.body;
    assert!(page.contains("Here it is.") && page.contains("Scan of November"), "{page}");
    assert!(!page.contains("Salaries") && !page.contains(&other.to_string()), "{page}");
    let returned = [("step", "return"), ("words", "That is one server."), ("rev", "2")];
    assert_eq!(qsa.post(FIRST, &returned).await.status, StatusCode::SEE_OTHER);
    let told = owner.get("/w/shop/notices").await.body;
    assert!(told.contains("REQ-1 was sent back"), "{told}");
    assert!(owner.get(&format!("{INBOX}?show=team")).await.body.contains("REQ-1"));
    let unknown = [("step", "answer"), ("item", "EV-0099"), ("rev", "3")];
    let unknown = owner.post(FIRST, &unknown).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unknown.body);
    let again = [("step", "answer"), ("words", "All of them."), ("item", key.as_str()), ("rev", "3")];
    assert_eq!(owner.post(FIRST, &again).await.status, StatusCode::SEE_OTHER);
    assert_eq!(qsa.post(FIRST, &[("step", "accept"), ("rev", "4")]).await.status, StatusCode::SEE_OTHER);
    let page = owner.get(FIRST).await.body;
    for words in ["sent it back", "That is one server.", "accepted the answer", "Accepted", "All of them."] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!owner.get("/w/shop/notices").await.body.contains("REQ-1"));
    assert!(!owner.get(&format!("{INBOX}?show=team")).await.body.contains("REQ-1"));
    assert!(owner.get(&format!("{INBOX}?show=over")).await.body.contains("REQ-1"));
    // What was said is in the trail by its hash alone.
    let trail = owner.get("/w/shop/history").await.body;
    assert!(trail.contains("Evidence asked for") && !trail.contains("That is one server."), "{trail}");
    let chain = app.store.verify_chain(Some(&shop())).await.unwrap();
    assert!(matches!(chain, ChainVerdict::Whole { .. }), "{chain:?}");
});

both_dbs!(who_may_not_ask_reads_and_who_may_not_answer_writes, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let asked =
        owner.post(&format!("{INBOX}/new"), &[("text", "Show the last scan"), ("owner", "security-lead")]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    app.add_account("reviewer@shop.example", &[("shop", Role::Reviewer)]).await;
    let (mut viewer, mut reviewer) =
        (app.signed_in("viewer@shop.example").await, app.signed_in("reviewer@shop.example").await);
    let page = viewer.get(FIRST).await;
    assert!(page.body.contains("Show the last scan") && !page.body.contains("id=\"steps\""), "{}", page.body);
    let say = [("step", "say"), ("words", "Which one?"), ("rev", "1")];
    assert_eq!(viewer.post(FIRST, &say).await.status, StatusCode::FORBIDDEN);
    assert_eq!(viewer.get(&format!("{INBOX}/new")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        reviewer.post(FIRST, &[("step", "answer"), ("words", "x"), ("rev", "1")]).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(reviewer.post(FIRST, &say).await.status, StatusCode::SEE_OTHER);
    assert!(owner.get(FIRST).await.body.contains("Which one?"));
    assert_eq!(owner.get(&format!("{INBOX}/REQ-9")).await.status, StatusCode::NOT_FOUND);
    let unknown = owner.post(FIRST, &[("step", "pay"), ("rev", "2")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unknown.body);
    // In a state of the past nothing is asked.
    owner.post("/w/shop/snapshots", &[("name", "Then")]).await;
    let past = owner.post(&format!("{INBOX}/new?at=snap-1"), &[("text", "Sneaked in")]).await;
    assert_eq!(past.status, StatusCode::CONFLICT);
});
