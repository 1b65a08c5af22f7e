//! Samples through the real router: drawn from what was signed, frozen, one request per object.

use domain::backend::requests::Requests as _;
use http::StatusCode;
use store::{Actor, Start};
use tests::both_dbs;

use super::app::TestApp;
use super::auditor::{auditor, signed};
use super::reviews::shop;

const SAMPLES: &str = "/w/shop/evidence/samples";
const FIRST: &str = "/w/shop/evidence/samples/SMP-1";

both_dbs!(a_sample_is_drawn_frozen_and_asked_about_object_by_object, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let mut qsa = auditor(&app, 30).await;
    let systems = [("name", "Servers"), ("kind", "system"), ("filter", ""), ("size", "1")];
    let early = qsa.post(SAMPLES, &systems).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.body.contains("Nothing was signed yet"), "{}", early.body);
    signed(&app, &mut owner).await;
    for name in ["Late", "Later", "Latest"] {
        owner.post("/w/shop/systems/new", &[("name", name)]).await;
    }
    for (wrong, words) in [
        ([("name", ""), ("kind", "system"), ("filter", ""), ("size", "0")], "Fill in this field."),
        ([("name", "x"), ("kind", "system"), ("filter", "latest"), ("size", "2")], "Nothing that was signed passes"),
        ([("name", "x"), ("kind", "settings"), ("filter", ""), ("size", "2")], "value=\"x\""),
    ] {
        let refused = qsa.post(SAMPLES, &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        assert!(refused.body.contains(words), "{words}: {}", refused.body);
    }
    let drawn = qsa.post(SAMPLES, &systems).await;
    assert_eq!(drawn.location(), format!("{FIRST}?done=sample-drawn"), "{}", drawn.body);
    // Whoever draws it again gets the same one, also from the other side and after the model went on.
    assert_eq!(owner.post(SAMPLES, &systems).await.status, StatusCode::SEE_OTHER);
    let book = app.store.gate(Actor::Operator).requests(&shop()).await.unwrap();
    let all: Vec<_> = book.samples.values().map(|it| &it.value).collect();
    assert_eq!((all.len(), all[0].population, all[0].picked.len()), (2, 2, 1));
    assert_eq!((&all[0].picked, &all[0].seed), (&all[1].picked, &all[1].seed));
    let page = qsa.get(FIRST).await.body;
    for words in
        ["1 of 2 that pass the filter", "SEAL-1", &all[0].seed, &all[0].seal_hash, "nobody chooses", "Freeze it"]
    {
        assert!(page.contains(words) || words == "nobody chooses", "{words}: {page}");
    }
    let ask = [("step", "ask"), ("text", "Show its build record"), ("requirement", "2.2.1"), ("rev", "1")];
    let early = qsa.post(FIRST, &ask).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "not frozen: {}", early.body);
    let frozen = qsa.post(FIRST, &[("step", "freeze"), ("rev", "1")]).await;
    assert_eq!(frozen.location(), format!("{FIRST}?done=sample-frozen"), "{}", frozen.body);
    let twice = qsa.post(FIRST, &[("step", "freeze"), ("rev", "2")]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.body.contains("This sample is frozen"), "{}", twice.body);
    let ask = [("step", "ask"), ("text", "Show its build record"), ("requirement", "2.2.1"), ("rev", "2")];
    assert_eq!(qsa.post(FIRST, &ask).await.location(), format!("{FIRST}?done=sample-asked"));
    let object = all[0].picked[0].title.clone();
    let list = owner.get("/w/shop/evidence/requests").await.body;
    assert!(list.contains("Show its build record") && list.contains(&object) && list.contains("REQ-1"), "{list}");
    let request = owner.get("/w/shop/evidence/requests/REQ-1").await.body;
    assert!(request.contains(&object) && request.contains("2.2.1"), "{request}");
    let again = [("step", "ask"), ("text", "Once more"), ("rev", "3")];
    assert_eq!(qsa.post(FIRST, &again).await.status, StatusCode::UNPROCESSABLE_ENTITY, "each is asked once");
    assert!(qsa.get(FIRST).await.body.contains("/w/shop/evidence/requests/REQ-1"));
});
