//! A specification or a sample on its way to a flow.

use domain::backend::Backend as _;
use domain::id::WorkspaceId;
use domain::model::element::Form;
use http::StatusCode;
use store::{Actor, Start};
use tests::both_dbs;

use super::app::TestApp;

const SPECIFICATION: &str = r#"{"openapi":"3.0.0","info":{"title":"Pay","version":"1"},"paths":{"/pay":{"post":{
    "requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":{
        "card_number":{"type":"string"},"card":{"type":"object","properties":{"name":{"type":"string"}}}}}}}},
    "responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"type":"object","properties":{
        "last4":{"type":"string","maxLength":4}}}}}}}}}}}"#;

async fn with_two_systems(app: &(TestApp, super::app::Browser)) {
    let mut browser = app.0.signed_in("security@shop.example").await;
    for name in ["Web shop", "Provider"] {
        assert_eq!(browser.post("/w/shop/systems/new", &[("name", name)]).await.status, StatusCode::SEE_OTHER);
    }
}

both_dbs!(a_specification_becomes_a_flow_of_what_was_confirmed, |place| {
    let both = TestApp::set_up_at(place, Start::Empty).await;
    with_two_systems(&both).await;
    let (app, mut browser) = both;
    let before = app.revision("shop").await;
    let read = browser.upload("/w/shop/recognise", "pay.json", SPECIFICATION.as_bytes()).await;
    assert_eq!(read.status, StatusCode::SEE_OTHER, "{}", read.body);
    let page = read.location().to_owned();
    let shown = browser.get(&page).await.body;
    assert!(shown.contains("OpenAPI 3") && shown.contains("Fields of Pay"), "{shown}");
    let ticked = shown.split("<input").find(|it| it.contains("value=\"pan:clear\"")).unwrap();
    assert!(ticked.split('>').next().unwrap().contains("checked"), "{ticked}");
    assert!(shown.contains("name=\"ask.cardholder_name:clear\""), "what is likely is asked");
    assert!(!shown.contains("pan:truncated"), "what comes back is not sent");
    assert_eq!(app.revision("shop").await, before, "a preview stores nothing");

    let rev = before.to_string();
    let mut form = vec![
        ("rev", rev.as_str()),
        ("shown", "requests"),
        ("part", "requests"),
        ("from", "web-shop"),
        ("to", "provider"),
        ("take", "pan:clear"),
        ("ask.cardholder_name:clear", "leave_out"),
    ];
    form.push(("action", "preview"));
    let again = browser.post(&page, &form).await;
    assert_eq!(again.status, StatusCode::OK);
    assert!(again.body.contains("A new flow") && again.body.contains("card_number"), "{}", again.body);
    assert_eq!(app.revision("shop").await, before);

    *form.last_mut().unwrap() = ("action", "confirm_on");
    let done = browser.post(&page, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert!(done.location().ends_with("&part=answers"), "{}", done.location());
    let answers = browser.get(done.location()).await.body;
    assert!(answers.contains("value=\"pan:truncated\""), "{answers}");

    let estate = app.store.gate(Actor::Operator).estate(&WorkspaceId::new("shop")).await.unwrap();
    let flow = estate.stored.flows.values().next().unwrap();
    assert_eq!((flow.from.as_str(), flow.to.as_str(), flow.name.as_str()), ("web-shop", "provider", "Pay"));
    let fields: Vec<_> = flow.fields.iter().map(|it| (it.element.as_str(), it.form)).collect();
    assert_eq!(fields, [("pan", Form::Clear)], "nothing that nobody confirmed");
    assert!(flow.wire_names.is_empty());
    let detail = browser.get(&format!("/w/shop/flows/{}", flow.id)).await.body;
    assert!(detail.contains("pay.json"), "the flow says where its field was seen: {detail}");
    let history = browser.get("/w/shop/history").await.body;
    assert!(history.contains("Undo"), "the change can be taken back: {history}");

    let revision = app.revision("shop").await.to_string();
    form[0] = ("rev", revision.as_str());
    *form.last_mut().unwrap() = ("action", "confirm");
    let second = browser.post(&page, &form).await;
    assert!(second.location().ends_with("done=unchanged"), "the same answers change nothing: {}", second.location());
    assert_eq!(browser.get(&page).await.status, StatusCode::NOT_FOUND, "what was confirmed does not wait any more");
});

#[tokio::test]
async fn a_flow_that_is_there_gets_what_it_lacks_and_loses_nothing() {
    let both = TestApp::set_up(Start::Empty).await;
    with_two_systems(&both).await;
    let (app, mut browser) = both;
    let flow = [
        ("from", "web-shop"),
        ("to", "provider"),
        ("id", "pay"),
        ("field.0.element", "expiry"),
        ("field.0.form", "clear"),
    ];
    assert_eq!(browser.post("/w/shop/flows/new", &flow).await.status, StatusCode::SEE_OTHER);
    let page = browser.upload("/w/shop/recognise", "p.json", SPECIFICATION.as_bytes()).await.location().to_owned();
    let form = [("shown", "requests"), ("part", "requests"), ("flow", "pay"), ("take", "pan:clear")];
    let mut look = form.to_vec();
    look.push(("action", "preview"));
    let shown = browser.post(&page, &look).await.body;
    assert!(shown.contains("Declared on the flow, and not in this part of the file"), "{shown}");
    let mut confirm = form.to_vec();
    confirm.extend([("action", "confirm"), ("rev", "99")]);
    let done = browser.post(&page, &confirm).await;
    assert!(done.location().starts_with("/w/shop/flows/pay?"), "{}", done.body);
    let estate = app.store.gate(Actor::Operator).estate(&WorkspaceId::new("shop")).await.unwrap();
    let elements: Vec<_> =
        estate.stored.flows.get("pay").unwrap().fields.iter().map(|it| it.element.as_str()).collect();
    assert_eq!(elements, ["expiry", "pan"]);
}

#[tokio::test]
async fn what_is_wrong_is_said_and_stores_nothing() {
    let both = TestApp::set_up(Start::Empty).await;
    with_two_systems(&both).await;
    let (app, mut browser) = both;
    let before = app.revision("shop").await;
    let broken = browser.upload("/w/shop/recognise", "broken.json", b"{\"openapi\": oops").await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(broken.body.contains("It was not read"), "{}", broken.body);
    let nothing = browser.upload("/w/shop/recognise", "", b"").await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body.contains("Choose a file, or paste a text below."), "{}", nothing.body);
    let huge = browser.upload("/w/shop/recognise", "huge.json", &vec![b' '; 17 * 1024 * 1024]).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(huge.body.contains("plumbline recognise FILE"), "{}", huge.body);

    let page = browser.upload("/w/shop/recognise", "p.json", SPECIFICATION.as_bytes()).await.location().to_owned();
    let base = [("shown", "requests"), ("part", "requests"), ("action", "confirm")];
    for (pairs, said) in [
        (&[("from", "web-shop"), ("take", "pan:clear")][..], "href=\"#f-to\""),
        (&[("from", "web-shop"), ("to", "nobody"), ("take", "pan:clear")], "href=\"#f-to\""),
        (&[("flow", "none"), ("take", "pan:clear")], "href=\"#f-flow\""),
        (&[("from", "web-shop"), ("to", "provider")], "Tick at least one field"),
    ] {
        let mut form = base.to_vec();
        form.extend(pairs);
        let answer = browser.post(&page, &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{pairs:?}");
        assert!(answer.body.contains(said), "{said}: {}", answer.body);
    }
    let unseen = [("shown", "requests"), ("part", "answers"), ("from", "web-shop"), ("to", "provider")];
    let mut unseen = unseen.to_vec();
    unseen.extend([("take", "pan:clear"), ("action", "confirm")]);
    let shown = browser.post(&page, &unseen).await;
    assert_eq!(shown.status, StatusCode::OK, "a part that was not shown cannot be confirmed");
    assert!(shown.body.contains("value=\"pan:truncated\""), "{}", shown.body);
    assert_eq!(app.revision("shop").await, before);
    let import = page.replace("/recognise/", "/import/");
    assert_eq!(browser.get(&import).await.status, StatusCode::NOT_FOUND, "it is no import");
    let cancelled = browser.post(&page, &[("action", "cancel")]).await;
    assert!(cancelled.location().ends_with("done=import-cancelled"));
    assert_eq!(browser.get(&page).await.status, StatusCode::NOT_FOUND);
}
