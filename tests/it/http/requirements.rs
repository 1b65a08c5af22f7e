//! Where requirements stand, who does what, frameworks of one's own and controls on integrations, through forms and as
//! files, on both databases.

use domain::backend::library::Library as _;
use domain::id::WorkspaceId;
use domain::library::RequirementKey;
use domain::library::controls::IntegrationControl;
use domain::pack::Profile;
use domain::role::Role;
use http::StatusCode;
use store::{Actor, Start};
use tests::both_dbs;

use super::app::{Answer, Browser, TestApp};

/// A whole worksheet. The clock of the tests stands at 2026-11-21T09:30:00Z.
const COMPENSATED: [(&str, &str); 9] = [
    ("status", "in_place_ccw"),
    ("reason", "Old terminals stay until spring"),
    ("constraints", "The terminals cannot encrypt"),
    ("objective", "Nobody reads card numbers"),
    ("risk", "Somebody listens in the shop"),
    ("definition", "They stand in a network of their own"),
    ("validation", "Tested from the office"),
    ("maintenance", "Looked at every month"),
    ("rev", "0"),
];

async fn shop(owner: &mut Browser) {
    for (page, form) in [
        ("systems/new", &[("name", "Checkout")][..]),
        ("systems/new", &[("name", "Bank"), ("boundary", "third_party")][..]),
        ("flows/new", &[("from", "checkout"), ("to", "bank"), ("id", "pay"), ("auth", "mtls")][..]),
        ("inventory/vendors/new", &[("name", "Acquirer"), ("id", "acquirer")][..]),
    ] {
        let made = owner.post(&format!("/w/shop/{page}"), form).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{page}: {}", made.body);
    }
}

fn holds(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part}: {page}");
    }
}

async fn framework(browser: &mut Browser, path: &str, fields: &[(&str, &str)], file: Option<&str>) -> Answer {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    }
    if let Some(content) = file {
        let head = "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"rules.csv\"\r\n\r\n";
        body.push_str(&format!("{head}{content}\r\n"));
    }
    body.push_str("--edge--\r\n");
    browser.multipart(path, &body).await
}

both_dbs!(a_requirement_stands_where_people_say_and_a_second_person_approves, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    shop(&mut owner).await;
    let before = app.revision("shop").await;
    holds(&owner.get("/w/shop/requirements").await.body, &["0 of 247 in place or not applicable", "247 of 247"]);
    let unsaid = owner.get("/w/shop/requirements/3.5.1").await;
    holds(&unsaid.body, &["Nobody has said where it stands.", "Say where it stands", "Acquirer"]);
    assert_eq!(owner.get("/w/shop/requirements/6.4.1").await.status, StatusCode::NOT_FOUND);

    let path = "/w/shop/requirements/3.5.1/status";
    let refused = owner.post(path, &[("status", "in_place_ccw"), ("constraints", "Old"), ("rev", "0")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&refused.body, &["The further risk: Fill in this field.", "What keeps it working: Fill in", ">Old<"]);
    let reason = owner.post(path, &[("status", "not_applicable"), ("rev", "0")]).await;
    holds(&reason.body, &["Why: Fill in this field."]);
    let stranger = owner.post(path, &[("status", "in_place"), ("approved", "yes"), ("rev", "0")]).await;
    assert_eq!(stranger.status, StatusCode::UNPROCESSABLE_ENTITY);

    let saved = owner.post(path, &COMPENSATED).await;
    assert_eq!(saved.location(), "/w/shop/requirements/3.5.1?done=position-saved", "{}", saved.body);
    let page = owner.get("/w/shop/requirements/3.5.1").await;
    holds(
        &page.body,
        &["The terminals cannot encrypt", "Have a second person approve", "Old terminals stay until spring"],
    );
    let own = owner.post("/w/shop/requirements/3.5.1", &[("step", "approve"), ("rev", "1")]).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", own.body);

    app.add_account("editor@shop.example", &[("shop", Role::Editor)]).await;
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut editor = app.signed_in("editor@shop.example").await;
    holds(&editor.get("/w/shop/requirements/3.5.1").await.body, &["Approve it"]);
    let approved = editor.post("/w/shop/requirements/3.5.1", &[("step", "approve"), ("rev", "1")]).await;
    assert_eq!(approved.location(), "/w/shop/requirements/3.5.1?done=position-approved", "{}", approved.body);
    let page = editor.get("/w/shop/requirements/3.5.1").await;
    holds(&page.body, &["2027-11-21", "2 versions"]);
    let mut viewer = app.signed_in("viewer@shop.example").await;
    let seen = viewer.get("/w/shop/requirements/3.5.1").await;
    assert!(seen.status == StatusCode::OK && !seen.body.contains("/status\""), "{}", seen.body);
    assert_eq!(viewer.get(path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(viewer.post(path, &COMPENSATED).await.status, StatusCode::FORBIDDEN);

    let stale = owner.post(path, &[("status", "not_in_place"), ("reason", "Mine"), ("rev", "1")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    holds(&stale.body, &["Someone changed this", "Mine"]);
    let list = owner.get("/w/shop/requirements?q=status:in_place_ccw").await;
    holds(&list.body, &["1 of 247", "Compensating control", "1 of 247 in place or not applicable"]);
    let file = owner.get("/w/shop/export/requirements?q=status:in_place_ccw").await;
    assert_eq!(file.body.lines().count(), 2, "{}", file.body);
    holds(&file.body, &["\"pci:3.5.1\"", "\"in_place_ccw\"", "2027-11-21"]);
    assert_eq!(app.revision("shop").await, before, "the model stays as it is");
    let asvs = owner.get("/w/shop/requirements?framework=asvs&q=level:1").await;
    holds(&asvs.body, &["asvs%3A", "of 345"]);
    assert_eq!(owner.get("/w/shop/requirements/asvs%3A6.2.1").await.status, StatusCode::OK);
    assert_eq!(owner.get("/w/shop/requirements?framework=moon").await.status, StatusCode::NOT_FOUND);
});

both_dbs!(what_was_said_is_in_the_pack_and_what_is_said_later_is_not_in_one_of_a_snapshot, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    shop(&mut owner).await;
    let path = "/w/shop/requirements/3.5.1/status";
    assert_eq!(owner.post(path, &COMPENSATED).await.status, StatusCode::SEE_OTHER);
    let gate = app.store.gate(Actor::Operator);
    let workspace = WorkspaceId::new("shop");
    let source = gate.pack_source(&workspace, None, Profile::Full).await.unwrap();
    let said = &source.requirements.positions;
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].requirement, RequirementKey::pci("3.5.1").unwrap());
    let page = owner.get("/w/shop/requirements/3.5.1").await;
    holds(&page.body, &["1 version"]);
});

both_dbs!(who_does_what_is_said_in_one_table_and_what_is_not_in_the_form_stays, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    shop(&mut owner).await;
    let path = "/w/shop/vendors/acquirer/responsibility";
    let page = owner.get(path).await;
    holds(&page.body, &["Said of 0 of 247 requirements", "row.246.party", "PCI DSS 12.8.5"]);
    let chapter = owner.get(&format!("{path}?chapter=3")).await;
    assert!(!chapter.body.contains("row.246.party") && chapter.body.contains("row.0.party"), "{}", chapter.body);
    let rows = [
        ("as_of", "2026-11-01"),
        ("row.0.requirement", "pci:3.5.1"),
        ("row.0.party", "shared"),
        ("row.0.note", ""),
        ("row.1.requirement", "pci:12.8.5"),
        ("row.1.party", "provider"),
        ("row.1.note", ""),
        ("row.2.requirement", "pci:4.2.1"),
        ("row.2.party", ""),
        ("row.2.note", ""),
        ("rev", "0"),
    ];
    let refused = owner.post(path, &rows).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&refused.body, &["What each does: Fill in this field."]);
    let mut rows = rows;
    rows[3].1 = "They encrypt, we keep no copy";
    let saved = owner.post(path, &rows).await;
    assert_eq!(saved.location(), format!("{path}?done=responsibility-saved"), "{}", saved.body);
    let one = [("row.0.requirement", "pci:12.8.5"), ("row.0.party", ""), ("row.0.note", ""), ("rev", "1")];
    assert_eq!(owner.post(path, &one).await.status, StatusCode::SEE_OTHER);
    let page = owner.get("/w/shop/requirements/3.5.1").await;
    holds(&page.body, &["They encrypt, we keep no copy", "Shared", "Said of 1 of 1 vendor"]);
    assert!(!owner.get("/w/shop/requirements/12.8.5").await.body.contains("Said of 1 of"));
    let missing = owner.post("/w/shop/vendors/nobody/responsibility", &one).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let gate = app.store.gate(Actor::Operator);
    let source = gate.pack_source(&WorkspaceId::new("shop"), None, Profile::Full).await.unwrap();
    assert_eq!(source.requirements.matrices[0].rows.len(), 1);
});

both_dbs!(a_framework_comes_as_a_file_or_pasted_and_every_wrong_line_is_named, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let path = "/w/shop/frameworks/new";
    let named = [("name", "House rules"), ("key", "house-rules"), ("rev", "0")];
    let nothing = framework(&mut owner, path, &named, None).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&nothing.body, &["File: Fill in this field."]);
    let wrong = "id,title\nA-1,One\nA-1,Two\n,Three\nA-4,4111 1111 1111 1111\n";
    let refused = framework(&mut owner, path, &named, Some(wrong)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&refused.body, &["line 3", "line 4", "line 5", "stands on line 2 already", "House rules"]);
    assert!(!refused.body.contains("4111"), "{}", refused.body);
    for key in ["pci", "House", "4111111111111111"] {
        let refused = framework(&mut owner, path, &[("name", "x"), ("key", key)], Some("id,title\nA,One\n")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{key}");
    }
    let pasted = [&named[..], &[("text", "id\ttitle\tgroup\nA-1\tNo cards in mail\tData\nA-2\tOwners\t\n")]].concat();
    let brought = framework(&mut owner, path, &pasted, None).await;
    assert_eq!(brought.location(), "/w/shop/frameworks/house-rules?done=framework-saved", "{}", brought.body);
    let again = framework(&mut owner, path, &pasted, None).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "the key is taken");

    holds(&owner.get("/w/shop/requirements?framework=house-rules").await.body, &["2 of 2", "No cards in mail"]);
    let said =
        owner.post("/w/shop/requirements/house-rules%3AA-1/status", &[("status", "in_place"), ("rev", "0")]).await;
    assert_eq!(said.location(), "/w/shop/requirements/house-rules%3AA-1?done=position-saved", "{}", said.body);
    let own = "/w/shop/frameworks/house-rules";
    let other =
        framework(&mut owner, own, &[("name", "House rules"), ("rev", "1")], Some("id;title\nA-2;Owners\n")).await;
    assert_eq!(other.location(), format!("{own}?done=framework-saved"), "{}", other.body);
    let stale = framework(&mut owner, own, &[("name", "x"), ("rev", "1")], Some("id,title\nA-3,x\n")).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    holds(&owner.get(own).await.body, &["1 requirement of which somebody spoke is no longer in the table"]);
    holds(&owner.get("/w/shop/export/frameworks/house-rules").await.body, &["\"A-2\",\"Owners\""]);
    holds(&owner.get("/w/shop/frameworks").await.body, &["House rules", "1 framework"]);

    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    assert!(!viewer.get(own).await.body.contains("Replace it"));
    assert_eq!(framework(&mut viewer, path, &pasted, None).await.status, StatusCode::FORBIDDEN);
});

both_dbs!(a_control_is_derived_from_facts_until_a_person_says_otherwise, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    shop(&mut owner).await;
    let page = owner.get("/w/shop/evidence/controls").await;
    holds(&page.body, &["1 of 1 integration", "Rate limiting", "from facts", "data-presence=\"in_place\""]);
    let cell = "/w/shop/evidence/controls/checkout/api_authentication";
    holds(&owner.get(cell).await.body, &["Mutual TLS", "/w/shop/flows/pay", "Say it yourself"]);
    let refused = owner.post(cell, &[("presence", "absent"), ("reason", ""), ("rev", "0")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&refused.body, &["Why: Fill in this field."]);
    let said = [("presence", "absent"), ("reason", "The certificate is not checked"), ("rev", "0")];
    let saved = owner.post(cell, &said).await;
    assert_eq!(saved.location(), "/w/shop/evidence/controls?done=control-saved", "{}", saved.body);
    let page = owner.get("/w/shop/evidence/controls?q=absent:api_authentication").await;
    holds(&page.body, &["1 of 1 integration", "said, facts differ", "1 said otherwise than the facts"]);
    let file = owner.get("/w/shop/export/controls").await;
    assert_eq!(file.body.lines().count(), 9, "{}", file.body);
    holds(&file.body, &["\"api_authentication\",\"absent\",\"person\",\"in_place\"", "The certificate is not checked"]);
    holds(&owner.get(cell).await.body, &["What was said is not what the facts tell.", "2026-11-21"]);
    assert_eq!(owner.post(cell, &[("presence", ""), ("reason", ""), ("rev", "1")]).await.status, StatusCode::SEE_OTHER);
    holds(&owner.get("/w/shop/evidence/controls?q=absent:any").await.body, &["No integration matches"]);
    for missing in ["checkout/moon", "moon/rate_limiting", "moon"] {
        let answer = owner.get(&format!("/w/shop/evidence/controls/{missing}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{missing}");
    }

    let preset = "/w/shop/evidence/controls/rate_limiting";
    let saved = owner.post(preset, &[("risk", "Cards are tried out"), ("priority", "high"), ("rev", "0")]).await;
    assert_eq!(saved.location(), "/w/shop/evidence/controls?done=preset-saved", "{}", saved.body);
    holds(&owner.get("/w/shop/evidence/controls").await.body, &["Cards are tried out"]);
    let empty = owner.post(preset, &[("risk", ""), ("priority", "high"), ("rev", "1")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    assert_eq!(viewer.get(cell).await.status, StatusCode::OK);
    assert_eq!(viewer.post(cell, &said).await.status, StatusCode::FORBIDDEN);
    assert_eq!(viewer.get(preset).await.status, StatusCode::FORBIDDEN);
    let book = app.store.gate(Actor::Operator).library(&WorkspaceId::new("shop")).await.unwrap();
    assert!(book.stated().is_empty() && book.presets.contains_key(&IntegrationControl::RateLimiting));
});
