//! Incidents, duties, playbooks, drills and the containment sheet through forms, on both databases.

use domain::backend::incidents::Incidents as _;
use domain::id::WorkspaceId;
use domain::incident::IncidentKey;
use domain::role::Role;
use http::StatusCode;
use store::{Actor, Start};
use tests::both_dbs;

use super::app::{Browser, TestApp};

/// The clock of the tests stands at 2026-11-21T09:30:00Z.
const INCIDENT: [(&str, &str); 13] = [
    ("title", "Key in a public place"),
    ("detected_at", "2026-11-21T08:30"),
    ("began_at", "2026-11-20T22:00"),
    ("level", "high"),
    ("phase", "open"),
    ("start", "system:checkout"),
    ("data", "card"),
    ("link", "system:checkout"),
    ("root_cause", ""),
    ("action.0.what", "Rotate the key"),
    ("action.0.due", "2026-11-22"),
    ("action.0.state", "doing"),
    ("rev", "0"),
];

async fn shop(owner: &mut Browser) {
    for name in ["Checkout", "Gateway"] {
        let added = owner.post("/w/shop/systems/new", &[("name", name)]).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    }
    let flow = [("from", "checkout"), ("to", "gateway"), ("id", "pay"), ("field.0.element", "pan")];
    let added = owner.post("/w/shop/flows/new", &flow).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
}

async fn opened(owner: &mut Browser) {
    let added = owner.post("/w/shop/incidents/new", &INCIDENT).await;
    assert_eq!(added.location(), "/w/shop/incidents/I-1?done=incident-added", "{}", added.body);
}

fn holds(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part}: {page}");
    }
}

both_dbs!(an_incident_is_opened_worked_on_closed_and_its_history_kept, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    shop(&mut owner).await;
    let before = app.revision("shop").await;
    holds(&owner.get("/w/shop/incidents").await.body, &["No incidents", "/w/shop/incidents/new"]);
    opened(&mut owner).await;
    let page = owner.get("/w/shop/incidents/I-1").await;
    assert_eq!(page.status, StatusCode::OK);
    holds(&page.body, &["Key in a public place", "Rotate the key", "2026-11-21T08:30:00Z", "Acquirers", "1 hour late"]);
    holds(&page.body, &["23 hours left", "Not confirmed", "Nobody says yet why it could happen."]);
    assert!(!page.body.contains("Close the incident"), "{}", page.body);
    holds(&owner.get("/w/shop/incidents").await.body, &["/w/shop/incidents/I-1", "1 hour late"]);

    let note = [("step", "note"), ("rev", "1"), ("at", "2026-11-21T08:45"), ("what", "Taken off the net")];
    let noted = owner.post("/w/shop/incidents/I-1", &note).await;
    assert_eq!(noted.location(), "/w/shop/incidents/I-1?done=incident-saved", "{}", noted.body);
    // What only adds overwrites nothing, so that two can write at once.
    let told =
        [("duty", "2"), ("whom", "The schemes"), ("told_at", "2026-11-21T09:00"), ("step", "tell"), ("rev", "1")];
    let told = owner.post("/w/shop/incidents/I-1", &told).await;
    assert_eq!(told.location(), "/w/shop/incidents/I-1?done=incident-saved", "{}", told.body);
    let late = [("duty", "1"), ("whom", "The bank"), ("told_at", "2026-11-21T09:00"), ("step", "tell"), ("rev", "1")];
    let refused = owner.post("/w/shop/incidents/I-1", &late).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&refused.body, &["Why it was late: Fill in this field.", "The bank"]);
    let late = [&late[..], &[("late_because", "Nobody had the number.")]].concat();
    assert_eq!(owner.post("/w/shop/incidents/I-1", &late).await.status, StatusCode::SEE_OTHER);
    let page = owner.get("/w/shop/incidents/I-1").await;
    holds(&page.body, &["Told in time", "Told late", "Taken off the net", "Nobody had the number.", "4 versions"]);

    let early = owner.post("/w/shop/incidents/I-1", &[("step", "close"), ("rev", "4")]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    let stale = owner.post("/w/shop/incidents/I-1/edit", &[("title", "Mine"), ("rev", "1")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    holds(&stale.body, &["Mine", "Key in a public place"]);
    let done = [
        ("root_cause", "It was in a repository"),
        ("action.0.number", "1"),
        ("action.0.what", "Rotate the key"),
        ("action.0.state", "done"),
        ("rev", "4"),
    ];
    let saved = owner.post("/w/shop/incidents/I-1/edit", &done).await;
    assert_eq!(saved.location(), "/w/shop/incidents/I-1?done=incident-saved", "{}", saved.body);
    holds(&owner.get("/w/shop/incidents/I-1").await.body, &["Close the incident", "root cause"]);
    let closed = owner.post("/w/shop/incidents/I-1", &[("step", "close"), ("rev", "5")]).await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.body);
    assert_eq!(owner.post("/w/shop/incidents/I-1", &note).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let again = [("step", "reopen"), ("rev", "6"), ("reason", "Seen once more")];
    assert_eq!(owner.post("/w/shop/incidents/I-1", &again).await.status, StatusCode::SEE_OTHER);
    holds(&owner.get("/w/shop/incidents/I-1").await.body, &["Reopened: Seen once more"]);

    assert_eq!(app.revision("shop").await, before, "the model stays as it is");
    let trail = owner.get("/w/shop/history").await;
    holds(&trail.body, &["/incidents/I-1\"", "Incident opened", "Somebody told of an incident", "Incident closed"]);
    let texts = app.store.texts("SELECT payload FROM audit_payload").await.unwrap();
    assert!(!texts.iter().any(|it| it.contains("repository")), "texts of people stand there by their hash");
    let file = owner.get("/w/shop/export/incidents").await;
    assert_eq!(file.status, StatusCode::OK);
    holds(&file.body, &["\"I-1\"", "\"It was in a repository\""]);
});

both_dbs!(everything_that_is_wrong_with_an_incident_is_said_at_once, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let wrong = [
        ("title", ""),
        ("detected_at", "2026-11-21T09:31"),
        ("start", "system:moon"),
        ("risk", "R-1"),
        ("jurisdictions", "4111 1111 1111 1111"),
        ("action.0.what", "Rotate it"),
        ("action.0.due", "soon"),
        ("rev", "0"),
    ];
    let refused = owner.post("/w/shop/incidents/new", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&refused.body, &["Title: Fill in", "Detected: This lies ahead", "What is assumed to be hostile: There is"]);
    holds(&refused.body, &["Action 1, due", "Where people or cards are affected: This looks like a full card number"]);
    let undated = owner.post("/w/shop/incidents/new", &[("title", "x"), ("rev", "0")]).await;
    assert_eq!(undated.status, StatusCode::UNPROCESSABLE_ENTITY);
    let unknown = [("title", "x"), ("detected_at", "2026-11-21T09:00"), ("told", "all"), ("rev", "0")];
    assert_eq!(owner.post("/w/shop/incidents/new", &unknown).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let book = app.store.gate(Actor::Operator).incidents(&WorkspaceId::new("shop")).await.unwrap();
    assert!(book.incidents.is_empty());
});

both_dbs!(duties_have_holders_and_rows_that_somebody_confirms, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    for name in ["Ann", "Ben"] {
        assert_eq!(owner.post("/w/shop/people/new", &[("name", name)]).await.status, StatusCode::SEE_OTHER);
    }
    let page = owner.get("/w/shop/incidents/duties").await;
    holds(&page.body, &["4 rows of the table are not confirmed", "Supervisory authority", "Deputy: privacy officer"]);
    let form = [
        ("person.privacy_officer", "ann"),
        ("deputy.privacy_officer", "ben"),
        ("duty.0.number", "3"),
        ("duty.0.jurisdiction", "EU"),
        ("duty.0.data", "personal"),
        ("duty.0.hours", "48"),
        ("duty.0.whom", "Our authority"),
        ("duty.0.by", "privacy_officer"),
        ("duty.0.confirmed", "yes"),
        ("duty.1.whom", "Insurer"),
        ("duty.1.hours", "12"),
        ("duty.1.data", "service"),
        ("rev", "0"),
    ];
    let saved = owner.post("/w/shop/incidents/duties", &form).await;
    assert_eq!(saved.location(), "/w/shop/incidents/duties?done=duties-saved", "{}", saved.body);
    let book = app.store.gate(Actor::Operator).incidents(&WorkspaceId::new("shop")).await.unwrap();
    let table = &book.preparation.value.table;
    assert_eq!(table.iter().map(|it| it.number).collect::<Vec<_>>(), [3, 5]);
    assert!(table[0].confirmed.is_some() && table[1].confirmed.is_none());
    let stale = owner.post("/w/shop/incidents/duties", &[("duty.0.whom", "Mine"), ("rev", "0")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let same = owner.post("/w/shop/incidents/duties", &[("rev", "1")]).await;
    assert_eq!(same.location(), "/w/shop/incidents/duties?done=unchanged");
    let wrong = [("deputy.incident_lead", "ann"), ("person.incident_lead", "ann"), ("rev", "1")];
    assert_eq!(owner.post("/w/shop/incidents/duties", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    shop(&mut owner).await;
    opened(&mut owner).await;
    holds(&owner.get("/w/shop/incidents/I-1").await.body, &["Insurer", "11 hours left"]);
});

both_dbs!(a_playbook_is_tried_and_stands_beside_the_case_it_is_for, |place| {
    let (_app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    shop(&mut owner).await;
    let form = [
        ("title", "Hostile system"),
        ("applies_to", ""),
        ("applies_to", "system"),
        ("step.0.what", "Take it off the net"),
        ("step.0.who", "incident_lead"),
        ("step.0.minutes", "30"),
        ("step.1.what", ""),
        ("contacts", "On call: the board in the hall"),
        ("rev", "0"),
    ];
    let saved = owner.post("/w/shop/incidents/playbooks/new", &form).await;
    assert_eq!(saved.location(), "/w/shop/incidents/playbooks/1?done=playbook-saved", "{}", saved.body);
    let drill = [("playbook", "1"), ("planned", "2026-11-20"), ("rev", "0")];
    let saved = owner.post("/w/shop/incidents/drills/new", &drill).await;
    assert_eq!(saved.location(), "/w/shop/incidents/drills?done=drill-saved", "{}", saved.body);
    holds(&owner.get("/w/shop/incidents/drills").await.body, &["Drill 1: Hostile system", "late"]);
    let done = [("done", "2026-11-21"), ("result", "partly"), ("found", "Nobody had the number"), ("rev", "1")];
    let saved = owner.post("/w/shop/incidents/drills/1", &done).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let stale = owner.post("/w/shop/incidents/drills/1", &[("planned", "2026-11-19"), ("rev", "1")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let page = owner.get("/w/shop/incidents/playbooks/1").await;
    holds(
        &page.body,
        &["Take it off the net", "within 30 minutes", "2026-11-21", "2027-11-21", "Nobody had the number"],
    );
    opened(&mut owner).await;
    for address in [
        "/w/shop/incidents/I-1",
        "/w/shop/map?mode=blast&start=system:checkout",
        "/w/shop/containment?start=system:checkout",
    ] {
        let page = owner.get(address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}");
        holds(&page.body, &["Hostile system", "Take it off the net", "On call: the board in the hall"]);
    }
    let renamed = owner.post("/w/shop/incidents/playbooks/1/edit", &[("title", "A host is lost"), ("rev", "1")]).await;
    assert_eq!(renamed.location(), "/w/shop/incidents/playbooks/1?done=playbook-saved", "{}", renamed.body);
});

both_dbs!(a_containment_sheet_is_a_page_and_a_file, |place| {
    let (_app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    shop(&mut owner).await;
    opened(&mut owner).await;
    holds(&owner.get("/w/shop/containment").await.body, &["Choose what is assumed to be hostile."]);
    let map = owner.get("/w/shop/map?mode=blast&start=system:checkout").await;
    holds(&map.body, &["/w/shop/containment?start=system%3Acheckout"]);
    let alone = owner.get("/w/shop/containment?start=system:checkout").await;
    holds(
        &alone.body,
        &["1. Cut", "id=\"cuts\"", "Hostile data going on", "as if it was detected just now", "no-print"],
    );
    let of = owner.get("/w/shop/containment?start=system:checkout&incident=I-1").await;
    holds(&of.body, &["Counted from 2026-11-21T08:30:00Z, when I-1 was detected", "1 hour late"]);
    let unknown = owner.get("/w/shop/containment?start=system:moon").await;
    assert_eq!(unknown.status, StatusCode::OK);
    holds(&unknown.body, &["There is no system:moon in this workspace"]);
    let file = owner.get("/w/shop/export/containment?start=system:checkout&incident=I-1").await;
    assert_eq!(file.status, StatusCode::OK);
    holds(&file.body, &["\"cut\",\"pay\"", "\"tell\",\"1\",\"Acquirers\""]);
    assert_eq!(owner.get("/w/shop/export/containment?start=moon").await.status, StatusCode::NOT_FOUND);
});

both_dbs!(a_card_number_where_none_should_be_is_followed_upstream_and_answered_for, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    shop(&mut owner).await;
    let flow = [
        ("from", "gateway"),
        ("to", "checkout"),
        ("id", "back"),
        ("field.0.element", "pan"),
        ("field.1.element", "card_verification_code"),
    ];
    assert_eq!(owner.post("/w/shop/flows/new", &flow).await.status, StatusCode::SEE_OTHER);
    opened(&mut owner).await;
    let found = [("step", "case"), ("case_system", "checkout"), ("sad_found", "no"), ("rev", "1")];
    let saved = owner.post("/w/shop/incidents/I-1", &found).await;
    assert_eq!(saved.location(), "/w/shop/incidents/I-1/card?done=incident-saved", "{}", saved.body);
    let page = owner.get("/w/shop/incidents/I-1/card").await;
    holds(&page.body, &["How it came to", "/w/shop/flows/back", "Decide what is done with the data"]);
    holds(&owner.get("/w/shop/incidents/I-1").await.body, &["About the card number: say where it came from"]);
    let answers = [
        ("step", "case"),
        ("case_system", "checkout"),
        ("sad_found", "yes"),
        ("decision", "delete"),
        ("evidence", "EV-1"),
        ("source", "A debug log"),
        ("fix", "The log is off"),
        ("rev", "2"),
    ];
    assert_eq!(owner.post("/w/shop/incidents/I-1", &answers).await.status, StatusCode::SEE_OTHER);
    holds(&owner.get("/w/shop/incidents/I-1/card").await.body, &["Everything that has to be answered is answered."]);
    let wrong = [("step", "case"), ("case_system", "moon"), ("rev", "3")];
    assert_eq!(owner.post("/w/shop/incidents/I-1", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let gate = app.store.gate(Actor::Operator);
    let incident = gate.incident(&WorkspaceId::new("shop"), IncidentKey(1)).await.unwrap().incident;
    assert_eq!(incident.card_case.unwrap().sad_found, Some(true));
});

both_dbs!(who_only_reads_changes_nothing_and_the_past_is_not_written, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    shop(&mut owner).await;
    opened(&mut owner).await;
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    let page = viewer.get("/w/shop/incidents/I-1").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("/incidents/I-1/edit") && !page.body.contains("Write it down"), "{}", page.body);
    holds(&viewer.get("/w/shop/incidents/duties").await.body, &["Supervisory authority", "Everywhere"]);
    for path in ["incidents/new", "incidents/I-1/edit", "incidents/playbooks/new", "incidents/drills/new"] {
        assert_eq!(viewer.get(&format!("/w/shop/{path}")).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let note = [("step", "note"), ("rev", "1"), ("at", "2026-11-21T08:45"), ("what", "seen")];
    assert_eq!(viewer.post("/w/shop/incidents/I-1", &note).await.status, StatusCode::FORBIDDEN);
    assert_eq!(viewer.post("/w/shop/incidents/duties", &[("rev", "0")]).await.status, StatusCode::FORBIDDEN);
    let taken = owner.post("/w/shop/snapshots", &[("name", "First")]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
    let past = owner.post("/w/shop/incidents/I-1?at=snap-1", &note).await;
    assert!(past.status.is_client_error(), "{}", past.status);
    let page = owner.get("/w/shop/incidents/I-1?at=snap-1").await;
    assert!(page.status == StatusCode::OK && !page.body.contains("Write it down"), "{}", page.body);
    let history = app.store.gate(Actor::Operator).incident(&WorkspaceId::new("shop"), IncidentKey(1)).await.unwrap();
    assert_eq!(history.revision, 1);
});

both_dbs!(a_deleted_workspace_leaves_no_incident_behind, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    shop(&mut owner).await;
    opened(&mut owner).await;
    let deleted = owner.post("/w/shop/settings/delete", &[("name", "Shop")]).await;
    assert_eq!(deleted.status, StatusCode::SEE_OTHER, "{}", deleted.body);
    let left = app.store.texts("SELECT content FROM incident_record_version").await.unwrap();
    assert_eq!(left, Vec::<String>::new());
});
