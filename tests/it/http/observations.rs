//! What sources saw: brought, compared with what is declared, found by the rules, exported, forgotten.

use domain::backend::Backend as _;
use domain::id::WorkspaceId;
use http::StatusCode;
use store::{Actor, Start};
use tests::both_dbs;

use super::app::{Answer, Browser, TestApp};

const MODEL: &[u8] = br#"{"systems":[{"id":"log","name":"Log store"},{"id":"psp","name":"Provider","boundary":"external"}],
    "credentials":[{"id":"psp-key","name":"Provider key","kind":"api_key","location":"vault","last_rotated":"2025-11-01"},
      {"id":"lost","name":"Lost key","kind":"api_key","location":"vault"}]}"#;

async fn shop(place: tests::place::Place) -> (TestApp, Browser) {
    let (app, mut browser) = TestApp::set_up_at(place, Start::Empty).await;
    let page = browser.upload("/w/shop/import", "model.json", MODEL).await.location().to_owned();
    let done = browser.post(&page, &[("action", "confirm"), ("rev", "99")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    (app, browser)
}

async fn bring(browser: &mut Browser, list: &str, stated: &[(&str, &str)]) -> Answer {
    let mut body = String::new();
    for (name, value) in stated {
        body.push_str(&format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    body.push_str("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\n\r\n");
    body.push_str(list);
    body.push_str("\r\n--edge--\r\n");
    browser.multipart("/w/shop/observations", &body).await
}

both_dbs!(a_list_of_secrets_stands_beside_what_is_declared_and_its_differences_are_findings, |place| {
    let (app, mut browser) = shop(place).await;
    let before = app.revision("shop").await;
    let list = "id,location,rotated\npsp-key,vault,2024-01-01\nmystery,vault,\n";
    let stated = [("name", "Vault"), ("complete_for", "vault"), ("complete_since", "2020-01-01")];
    let brought = bring(&mut browser, list, &stated).await;
    assert_eq!(
        brought.location(),
        format!("/w/shop/observations/vault?done=observed&rev={}", before + 1),
        "{}",
        brought.body
    );
    let page = browser.get("/w/shop/observations/vault").await.body;
    for part in [
        "which no credential of the model is",
        "is declared to be rotated on 2025-11-01, and Vault says 2024-01-01.",
        "Lost key is declared, and Vault has not seen it since 2020-01-01.",
        "covers vault since 2020-01-01",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let listed = browser.get("/w/shop/observations").await.body;
    assert!(listed.contains("Secrets of a store: 2"), "{listed}");

    let gate = app.store.gate(Actor::Operator);
    let workspace = WorkspaceId::new("shop");
    let estate = gate.estate(&workspace).await.unwrap();
    assert_eq!(
        estate.stored.credentials.get("psp-key").unwrap().facts["last_rotated"].text(),
        Some("2025-11-01"),
        "what is declared stays declared"
    );
    let found = gate.findings(&estate).await.unwrap();
    let of_observations: Vec<_> =
        found.findings.iter().filter(|it| it.rule.starts_with("OBS-")).map(|it| (it.rule, it.subject.key())).collect();
    for expected in [("OBS-UNDECLARED", "vault"), ("OBS-DIFFERS", "psp-key"), ("OBS-UNSEEN", "lost")] {
        assert!(of_observations.iter().any(|(rule, on)| (*rule, on.as_str()) == expected), "{of_observations:?}");
    }
    let findings = browser.get("/w/shop/findings?q=rule%3AOBS-UNDECLARED").await.body;
    assert!(findings.contains("/w/shop/observations/vault"), "the finding leads to the source: {findings}");
    let exported = domain::export::model_file::to_json(&estate.stored);
    assert!(exported.contains("\"observations\"") && exported.contains("mystery"), "{exported}");
    app.store.forget_copies();
    assert_eq!(gate.estate(&workspace).await.unwrap().stored, estate.stored, "it is stored");

    assert!(bring(&mut browser, list, &stated).await.location().ends_with("done=unchanged"));
    let rev = app.revision("shop").await.to_string();
    let forgotten = browser.post("/w/shop/observations/vault/delete", &[("rev", &rev)]).await;
    assert_eq!(forgotten.status, StatusCode::SEE_OTHER, "{}", forgotten.body);
    assert_eq!(browser.get("/w/shop/observations/vault").await.status, StatusCode::NOT_FOUND);
    let history = browser.get("/w/shop/history").await;
    assert_eq!(history.status, StatusCode::OK);
    assert!(history.body.contains("Undo"), "{}", history.body);
});

#[tokio::test]
async fn a_hit_of_a_card_number_is_critical_and_asks_what_was_done() {
    let (app, mut browser) = shop(tests::place::Place::sqlite()).await;
    let list = "system,element,time\nLog store,pan,2026-01-02T10:00:00Z\n";
    assert_eq!(bring(&mut browser, list, &[("name", "Scanner")]).await.status, StatusCode::SEE_OTHER);
    let gate = app.store.gate(Actor::Operator);
    let estate = gate.estate(&WorkspaceId::new("shop")).await.unwrap();
    let found = gate.findings(&estate).await.unwrap();
    let hit = found.findings.iter().find(|it| it.rule == "OBS-UNDECLARED").unwrap();
    assert_eq!((hit.subject.key().as_str(), hit.severity.as_str()), ("log", "critical"));
    assert!(found.questions.iter().any(|it| it.rule == "F-PAN-FOUND" && it.subject.key() == "log"));
}

#[tokio::test]
async fn a_list_with_a_card_number_or_anything_wrong_is_not_stored_and_not_repeated() {
    let (app, mut browser) = shop(tests::place::Place::sqlite()).await;
    let before = app.revision("shop").await;
    for (list, stated, said) in [
        ("id,location\n4929341985721172,vault\n", ("name", "Vault"), "full card number"),
        ("name,secret\nkey,hunter2\n", ("name", "Vault"), "those of no list that is known"),
        ("id\nkey\n", ("name", ""), "href=\"#f-name\""),
        ("id\nkey\n", ("complete_for", "cellar"), "href=\"#f-complete_for\""),
    ] {
        let answer = bring(&mut browser, list, &[stated]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{list}");
        assert!(answer.body.contains(said), "{said}: {}", answer.body);
        assert!(!answer.body.contains("4929341985721172") && !answer.body.contains("hunter2"), "{}", answer.body);
    }
    assert_eq!(app.revision("shop").await, before);
}
