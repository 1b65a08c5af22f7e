//! A quarter through the real router, without JavaScript: opened, attested, confirmed, refused with a list, signed, sealed.

use domain::backend::Backend as _;
use domain::backend::reviews::Reviews as _;
use domain::command::Command;
use domain::id::WorkspaceId;
use domain::model::object::ObjectRef;
use domain::model::reader::read_json;
use domain::review::ReviewKey;
use domain::role::Role;
use http::StatusCode;
use store::{Actor, Start};
use tests::both_dbs;

use super::app::{Answer, Browser, PASSWORD, TestApp};

pub(super) const OPENING: [(&str, &str); 8] = [
    ("kind", "integrations"),
    ("name", "2026-Q4"),
    ("due", "2026-12-15"),
    ("statement", "What these systems send and store is what they need."),
    ("four_eyes", "no"),
    ("signer.0.person", "security-lead"),
    ("signer.0.part", "attests"),
    ("signer.0.role", "Head of security"),
];

pub(super) fn shop() -> WorkspaceId {
    WorkspaceId::new("shop")
}

/// Systems of which nothing is missing.
pub(super) async fn fill(app: &TestApp, names: &[&str]) {
    let gate = app.store.gate(Actor::Operator);
    let systems: Vec<String> = names
        .iter()
        .map(|it| format!(r#"{{"id":"{}","name":"{it}","owner":"pat","deputy":"dan"}}"#, it.to_lowercase()))
        .collect();
    let text = format!(
        r#"{{"people":[{{"id":"pat","name":"Pat"}},{{"id":"dan","name":"Dan"}}],"systems":[{}]}}"#,
        systems.join(",")
    );
    let (model, _) = read_json(text.as_bytes()).unwrap();
    let objects = model.objects().filter(|it| it.reference() != ObjectRef::Settings).collect();
    let seen = gate.estate(&shop()).await.unwrap().revision;
    gate.execute(&shop(), Command::Import { source: "model.json".to_owned(), objects, seen }).await.unwrap();
}

/// What was seen of an item.
async fn seen(app: &TestApp, review: u32, key: &str) -> String {
    let state = app.store.gate(Actor::Operator).review(&shop(), ReviewKey(review)).await.unwrap();
    state.difference.items[&ObjectRef::System(key.into())].fingerprint.clone()
}

pub(super) async fn confirm(app: &TestApp, browser: &mut Browser, review: u32, key: &str) -> Answer {
    let (item, seen) = (format!("system:{key}"), seen(app, review, key).await);
    browser
        .post(&format!("/w/shop/reviews/REV-{review}"), &[("step", "confirm"), ("item", &item), ("seen", &seen)])
        .await
}

fn value<'p>(page: &'p str, name: &str) -> &'p str {
    let start = format!("name=\"{name}\" value=\"");
    page.split(start.as_str()).nth(1).unwrap_or_else(|| panic!("no {name}: {page}")).split('"').next().unwrap()
}

pub(super) async fn sign(browser: &mut Browser, review: u32) -> Answer {
    let path = format!("/w/shop/reviews/REV-{review}/sign");
    let page = browser.get(&path).await.body;
    let shown = value(&page, "shown").to_owned();
    browser.post(&path, &[("shown", &shown), ("comment", "As discussed.")]).await
}

both_dbs!(a_quarter_is_signed_without_scripts_and_the_seal_shows_it, |place| {
    let (app, mut lead) = TestApp::set_up_at(place, Start::Empty).await;
    fill(&app, &["Till", "Ledger"]).await;
    let empty = lead.get("/w/shop/reviews").await;
    assert!(empty.body.contains("No reviews"), "{}", empty.body);
    let form = lead.get("/w/shop/reviews/new").await;
    assert!(form.body.contains("value=\"2026-Q4\"") && form.body.contains("Who signs"), "{}", form.body);
    let nameless = lead.post("/w/shop/reviews/new", &[("kind", "integrations")]).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nameless.body.contains("Fill in this field."), "{}", nameless.body);
    let opened = lead.post("/w/shop/reviews/new", &OPENING).await;
    assert_eq!(opened.location(), "/w/shop/reviews/REV-1?done=review-opened", "{}", opened.body);

    // The first one: nobody has signed anything, so each is looked at.
    let session = lead.get("/w/shop/reviews/REV-1").await;
    assert!(session.body.contains("2 systems: 0 unchanged, 2 changed. 0 of 2 looked at"), "{}", session.body);
    let refused = sign(&mut lead, 1).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in ["What blocks a signature", "Look at Till", "Look at Ledger", "A gate is still open"] {
        assert!(refused.body.contains(said), "{said}: {}", refused.body);
    }
    let one = lead.get("/w/shop/reviews/REV-1?item=1").await;
    assert!(one.body.contains("1 of 2") && one.body.contains("accesskey=\"c\""), "{}", one.body);
    for key in ["till", "ledger"] {
        let confirmed = confirm(&app, &mut lead, 1, key).await;
        assert_eq!(confirmed.location(), "/w/shop/reviews/REV-1?done=review-saved", "{}", confirmed.body);
    }
    app.place.clock.advance(5 * 60 + 1);
    let asked = sign(&mut lead, 1).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    assert!(asked.body.contains("action=\"/re-authenticate\""), "{}", asked.body);
    lead.post("/re-authenticate", &[("password", PASSWORD)]).await;
    let sealed = sign(&mut lead, 1).await;
    assert_eq!(sealed.location(), "/w/shop/seals/SEAL-1?done=review-sealed", "{}", sealed.body);
    let seal = lead.get("/w/shop/seals/SEAL-1?verify=now").await;
    for said in ["fit together", "identical, to the last finding", "Head of security", "As discussed.", "Public key"] {
        assert!(seal.body.contains(said), "{said}: {}", seal.body);
    }
    let file = lead.get("/w/shop/seals/SEAL-1/file").await;
    assert!(file.headers["content-disposition"].to_str().unwrap().contains("shop-SEAL-1-seal.json"));
    assert!(file.body.starts_with("{\"as_of\""), "{}", file.body);
    let part = lead.get("/w/shop/seals/SEAL-1/file?part=review").await;
    assert!(part.body.contains("\"signatures\"") || part.body.contains("\"events\""), "{}", part.body);
    assert_eq!(lead.get("/w/shop/seals/SEAL-1/file?part=other").await.status, StatusCode::NOT_FOUND);
    assert_eq!(lead.get("/w/shop/seals/SEAL-2").await.status, StatusCode::NOT_FOUND);

    // The next one: attested at once, with what the form of the page has.
    let opened = lead.post("/w/shop/reviews/new", &OPENING).await;
    assert_eq!(opened.location(), "/w/shop/reviews/REV-2?done=review-opened", "{}", opened.body);
    let session = lead.get("/w/shop/reviews/REV-2").await;
    assert!(session.body.contains("Attest 2 as still correct"), "{}", session.body);
    let (till, ledger) = (seen(&app, 2, "till").await, seen(&app, 2, "ledger").await);
    let attested = [("step", "attest"), ("seen", till.as_str()), ("seen", ledger.as_str())];
    let attested = lead.post("/w/shop/reviews/REV-2", &attested).await;
    assert_eq!(attested.location(), "/w/shop/reviews/REV-2?done=review-saved", "{}", attested.body);
    let late = lead.post("/w/shop/reviews/REV-2", &[("step", "attest"), ("seen", "older")]).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.body.contains("What this rests on changed"), "{}", late.body);
    let sealed = sign(&mut lead, 2).await;
    assert_eq!(sealed.location(), "/w/shop/seals/SEAL-2?done=review-sealed", "{}", sealed.body);
    let list = lead.get("/w/shop/reviews").await;
    assert!(list.body.contains("SEAL-2 2026-Q4") && list.body.contains("No review is going on."), "{}", list.body);
});

#[tokio::test]
async fn what_needs_words_has_a_form_and_says_what_is_missing() {
    let (app, mut lead) = TestApp::set_up(Start::Empty).await;
    fill(&app, &["Till"]).await;
    lead.post("/w/shop/reviews/new", &OPENING).await;
    let page = "/w/shop/reviews/REV-1";
    let about = "?do=change&item=1&about=system%3Atill";
    let form = lead.get(&format!("{page}{about}")).await;
    assert!(form.body.contains("Till needs change"), "{}", form.body);
    let till = seen(&app, 1, "till").await;
    let change = [("step", "change"), ("item", "system:till"), ("seen", till.as_str()), ("leads", "task")];
    let missing = lead.post(page, &change).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(missing.body.contains("Till needs change") && missing.body.contains("#f-words"), "{}", missing.body);
    let mut whole = change.to_vec();
    whole.extend([("words", "Drop the field."), ("who", "pat"), ("due", "2026-12-01")]);
    let noted = lead.post(page, &whole).await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER, "{}", noted.body);
    let list = lead.get("/w/shop/reviews").await;
    assert!(list.body.contains("Drop the field.") && list.body.contains("1 change asked for"), "{}", list.body);

    // A proposal is begun where none is named.
    lead.post(page, &[("step", "untick"), ("item", "system:till")]).await;
    let proposes = [change[0], change[1], change[2], ("leads", "proposal"), ("proposal", ""), ("words", "Move it.")];
    let proposed = lead.post(page, &proposes).await;
    assert_eq!(proposed.status, StatusCode::SEE_OTHER, "{}", proposed.body);
    assert!(lead.get(page).await.body.contains("/w/shop/proposals/prop-1"));

    let asked =
        lead.post(page, &[("step", "ask"), ("item", "system:till"), ("who", "dan"), ("words", "Since when?")]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
    let shown = lead.get(&format!("{page}?do=answer&question=1")).await;
    assert!(shown.body.contains("Answer a question"), "{}", shown.body);
    assert_eq!(sign(&mut lead, 1).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a question is open");
    let answered = [("step", "answer"), ("question", "1"), ("words", "Since spring.")];
    assert_eq!(lead.post(page, &answered).await.status, StatusCode::SEE_OTHER);
    let refused = lead.post(page, &[("step", "refuse"), ("words", "")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Why you do not sign"), "{}", refused.body);
    let refused = [("step", "refuse"), ("words", "Ask the till again."), ("item", "system:till")];
    assert_eq!(lead.post(page, &refused).await.status, StatusCode::SEE_OTHER);
    let session = lead.get(page).await;
    assert!(session.body.contains("refused to sign") && session.body.contains("Say what was done about it"));

    // Who only looks is offered nothing, and is refused.
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    let looked = viewer.get(page).await;
    assert_eq!(looked.status, StatusCode::OK);
    assert!(!looked.body.contains("name=\"step\""), "{}", looked.body);
    assert_eq!(viewer.post(page, &answered).await.status, StatusCode::FORBIDDEN);
    assert_eq!(viewer.get(&format!("{page}/sign")).await.status, StatusCode::FORBIDDEN);
}

both_dbs!(a_seal_is_noted_for_the_schedule_that_the_review_was_opened_for, |place| {
    let (app, mut lead) = TestApp::set_up_at(place, Start::Empty).await;
    fill(&app, &["Till"]).await;
    let schedule = [("name", "Systems"), ("subject", "topic:systems"), ("cadence", "3m"), ("first_due", "2026-11-25")];
    let planned = lead.post("/w/shop/schedules/new", &schedule).await;
    assert_eq!(planned.status, StatusCode::SEE_OTHER, "{}", planned.body);
    let page = lead.get("/w/shop/schedules/SCH-1").await;
    assert!(page.body.contains("Open its review") && page.body.contains("schedule=SCH-1"), "{}", page.body);
    let mut opening = OPENING.to_vec();
    opening.push(("schedule", "SCH-9"));
    let unknown = lead.post("/w/shop/reviews/new", &opening).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    opening.pop();
    opening.push(("schedule", "SCH-1"));
    // A review of something else, or of one team's, is not what the schedule asks for.
    let of_vendors: Vec<_> =
        opening.iter().map(|(name, value)| (*name, if *name == "kind" { "vendors" } else { *value })).collect();
    let other = lead.post("/w/shop/reviews/new", &of_vendors).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(other.body.contains("The schedule asks for everything of its topic"), "{}", other.body);
    let opened = lead.post("/w/shop/reviews/new", &opening).await;
    assert_eq!(opened.location(), "/w/shop/reviews/REV-1?done=review-opened", "{}", opened.body);
    confirm(&app, &mut lead, 1, "till").await;

    // Five days later it is late, and whoever signs last says why.
    app.place.clock.advance(5 * 24 * 3600);
    let mut lead = app.signed_in("security@shop.example").await;
    let silent = sign(&mut lead, 1).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.body.contains("Why it is late"), "{}", silent.body);
    let path = "/w/shop/reviews/REV-1/sign";
    let form = lead.get(path).await.body;
    let form = [
        ("shown", value(&form, "shown")),
        ("comment", ""),
        ("cause", "Two people were ill."),
        ("told", "The security lead, on 24 November."),
        ("caught_up", "Done today; a second person is named."),
    ];
    let sealed = lead.post(path, &form).await;
    assert_eq!(sealed.location(), "/w/shop/seals/SEAL-1?done=review-sealed", "{}", sealed.body);
    let noted = lead.get("/w/shop/schedules/SCH-1").await;
    assert!(noted.body.contains("REV-1, SEAL-1") && noted.body.contains("Two people were ill."), "{}", noted.body);
});
