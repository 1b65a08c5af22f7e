//! Schedules, tests, recovery objectives and risk analyses through forms, on both databases.

use domain::backend::schedules::Schedules as _;
use domain::id::WorkspaceId;
use domain::role::Role;
use http::StatusCode;
use store::{Actor, Start};
use tests::both_dbs;

use super::app::{Browser, TestApp};

/// The clock of the tests stands at 2026-11-21T09:30:00Z.
const SCHEDULE: [(&str, &str); 9] = [
    ("name", "Systems of the shop"),
    ("subject", "system:checkout"),
    ("cadence", "3m"),
    ("first_due", "2026-12-15"),
    ("owner", "ann"),
    ("reviewer", "ann"),
    ("warnings", "7, 30"),
    ("trigger", "scope_rise"),
    ("rev", "0"),
];

const ANALYSIS: [(&str, &str); 8] = [
    ("requirement", "7.2.5.1"),
    ("assets", "Service accounts"),
    ("threats", "Rights that nobody needs"),
    ("factors", "Few changes"),
    ("frequency", "6m"),
    ("justification", "Half a year bounds it"),
    ("change_triggers", "A new product"),
    ("rev", "0"),
];

async fn shop(owner: &mut Browser) {
    assert_eq!(owner.post("/w/shop/systems/new", &[("name", "Checkout")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(owner.post("/w/shop/people/new", &[("name", "Ann")]).await.status, StatusCode::SEE_OTHER);
}

fn holds(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part}: {page}");
    }
}

both_dbs!(a_schedule_is_added_done_late_with_its_cause_and_changed, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    shop(&mut owner).await;
    let before = app.revision("shop").await;
    holds(
        &owner.get("/w/shop/schedules").await.body,
        &["No schedules", "PCI DSS 12.5.2 asks for it.", "Add a schedule"],
    );
    let prefilled = owner.get("/w/shop/schedules/new?subject=topic:scope&cadence=12m&name=Scope").await;
    holds(&prefilled.body, &["value=\"topic:scope\" selected", "value=\"12m\"", "value=\"Scope\""]);
    let added = owner.post("/w/shop/schedules/new", &SCHEDULE).await;
    assert_eq!(added.location(), "/w/shop/schedules/SCH-1?done=schedule-added", "{}", added.body);
    let page = owner.get("/w/shop/schedules/SCH-1").await;
    holds(
        &page.body,
        &["Systems of the shop", "every 3 months", "in 24 days", "It was never done.", "Due soon", "Ann"],
    );

    let earlier = [("first_due", "2026-11-15"), ("rev", "1")];
    assert_eq!(owner.post("/w/shop/schedules/SCH-1/edit", &earlier).await.status, StatusCode::SEE_OTHER);
    let page = owner.get("/w/shop/schedules").await;
    holds(&page.body, &["1 schedule, 1 late", "6 days late"]);
    let refused = owner.post("/w/shop/schedules/SCH-1", &[("done", "2026-11-21"), ("reference", "EV-7")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&refused.body, &["Why it was late: Fill in this field.", "How it was caught up: Fill in", "EV-7"]);
    let ahead = owner.post("/w/shop/schedules/SCH-1", &[("done", "2026-11-22")]).await;
    holds(&ahead.body, &["Done on: This lies ahead"]);
    let late = [
        ("done", "2026-11-20"),
        ("reference", "EV-7"),
        ("cause", "Two people were ill"),
        ("told", "The security lead, on the day"),
        ("caught_up", "Done by the deputy"),
        ("action", "save"),
    ];
    let done = owner.post("/w/shop/schedules/SCH-1", &late).await;
    assert_eq!(done.location(), "/w/shop/schedules/SCH-1?done=run-noted", "{}", done.body);
    let page = owner.get("/w/shop/schedules/SCH-1").await;
    holds(&page.body, &["Two people were ill", "EV-7", "2027-02-20", "1 time"]);

    let page = owner.get("/w/shop/schedules/SCH-1/edit").await;
    holds(&page.body, &["30, 7", "name=\"rev\" value=\"2\""]);
    let ended = [("ended", "yes"), ("rev", "2")];
    let saved = owner.post("/w/shop/schedules/SCH-1/edit", &ended).await;
    assert_eq!(saved.location(), "/w/shop/schedules/SCH-1?done=schedule-saved", "{}", saved.body);
    let stale = owner.post("/w/shop/schedules/SCH-1/edit", &[("name", "Mine"), ("rev", "1")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    holds(&stale.body, &["Mine", "Systems of the shop"]);
    let page = owner.get("/w/shop/schedules/SCH-1").await;
    assert!(!page.body.contains("Note that it was done"), "{}", page.body);
    holds(&owner.get("/w/shop/schedules").await.body, &["1 schedule, ended"]);
    assert_eq!(app.revision("shop").await, before, "the model stays as it is");
    holds(&owner.get("/w/shop/history").await.body, &["/schedules/SCH-1\"", "Schedule added", "Schedule ended"]);
});

both_dbs!(everything_that_is_wrong_with_a_schedule_is_said_at_once, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let wrong = [
        ("name", ""),
        ("subject", "system:moon"),
        ("cadence", "often"),
        ("first_due", "soon"),
        ("owner", "nobody"),
        ("warnings", "0"),
        ("analysis", "TRA-9"),
        ("rev", "0"),
    ];
    let refused = owner.post("/w/shop/schedules/new", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let parts =
        ["Name: Fill in", "What it is about: There is nothing", "How often: Write how often", "First due: Enter a day"];
    holds(&refused.body, &parts);
    holds(
        &refused.body,
        &["Who sees to it: There is", "Announced, days before:", "Set by a targeted risk analysis: There"],
    );
    for missing in ["subject", "cadence", "first_due"] {
        let form: Vec<_> = SCHEDULE.into_iter().filter(|(name, _)| *name != missing).collect();
        let refused = owner.post("/w/shop/schedules/new", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{missing}");
    }
    let unknown = [("name", "x"), ("because", "me"), ("rev", "0")];
    assert_eq!(owner.post("/w/shop/schedules/new", &unknown).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(owner.get("/w/shop/schedules/SCH-1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(owner.post("/w/shop/schedules/SCH-1", &[("done", "2026-11-21")]).await.status, StatusCode::NOT_FOUND);
    let book = app.store.gate(Actor::Operator).schedules(&WorkspaceId::new("shop")).await.unwrap();
    assert!(book.schedules.is_empty());
});

both_dbs!(a_test_is_planned_written_down_and_shows_how_soon_payments_are_back, |place| {
    let (_app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    shop(&mut owner).await;
    holds(&owner.get("/w/shop/activities").await.body, &["No tests or exercises"]);
    holds(&owner.get("/w/shop/recovery").await.body, &["No ways of paying yet"]);
    let flow = [
        ("from", "checkout"),
        ("to", "checkout"),
        ("id", "pay"),
        ("field.0.element", "pan"),
        ("fact.payment_channel", "e_commerce"),
        ("fact.payment_stage", "authorisation"),
    ];
    assert_eq!(owner.post("/w/shop/flows/new", &flow).await.status, StatusCode::SEE_OTHER);
    let planned = [("kind", "failover"), ("planned", "2026-11-20"), ("link", "system:checkout"), ("rev", "0")];
    let added = owner.post("/w/shop/activities/new", &planned).await;
    assert_eq!(added.location(), "/w/shop/activities/ACT-1?done=activity-saved", "{}", added.body);
    let wrong = [("done", "2026-11-22"), ("outcome", ""), ("rev", "1")];
    let refused = owner.post("/w/shop/activities/ACT-1", &wrong).await;
    holds(&refused.body, &["Done on: This lies ahead", "Result: Fill in"]);
    let failed = [
        ("done", "2026-11-20"),
        ("outcome", "partial"),
        ("tester", "Platform team"),
        ("report", "EV-3"),
        ("recovery_minutes", "90"),
        ("action.0.what", "Write the address down"),
        ("action.0.who", "ann"),
        ("rev", "1"),
    ];
    let saved = owner.post("/w/shop/activities/ACT-1", &failed).await;
    assert_eq!(saved.location(), "/w/shop/activities/ACT-1?done=activity-saved", "{}", saved.body);
    let page = owner.get("/w/shop/activities/ACT-1").await;
    holds(&page.body, &["Passed in part", "Finish the point that is open.", "Write the address down", "Ann"]);
    let recovery = owner.get("/w/shop/recovery").await;
    let parts = ["e commerce, authorisation", "1 h 30 min", "The last exercise did not pass", "Nobody said it of"];
    holds(&recovery.body, &parts);
    holds(&recovery.body, &["No exercise that passed: "]);
    let more = owner.post("/w/shop/activities/new", &[("kind", "failover"), ("action", "more")]).await;
    assert_eq!(more.status, StatusCode::OK);
    holds(&more.body, &["Open point 1"]);
});

both_dbs!(an_analysis_is_written_approved_by_somebody_else_and_reviewed, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    shop(&mut owner).await;
    holds(
        &owner.get("/w/shop/analyses").await.body,
        &["No targeted risk analyses", "/w/shop/analyses/new?requirement=8.6.3"],
    );
    let wrong = owner.post("/w/shop/analyses/new", &[("requirement", "1.2.4"), ("rev", "0")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&wrong.body, &["Requirement: Choose", "Threats: Fill in", "What leads to a new analysis: Fill in"]);
    let added = owner.post("/w/shop/analyses/new", &ANALYSIS).await;
    assert_eq!(added.location(), "/w/shop/analyses/TRA-1?done=analysis-saved", "{}", added.body);
    let resting = [&SCHEDULE[..8], &[("analysis", "TRA-1"), ("rev", "0")]].concat();
    assert_eq!(owner.post("/w/shop/schedules/new", &resting).await.status, StatusCode::SEE_OTHER);
    let words = "TRA-1 is not approved yet; until then the cadence that was typed holds";
    holds(&owner.get("/w/shop/schedules/SCH-1").await.body, &["every 3 months", words]);
    let own = owner.post("/w/shop/analyses/TRA-1", &[("step", "approve"), ("rev", "1")]).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&own.body, &["Nobody approves their own decision."]);
    app.add_account("second@shop.example", &[("shop", Role::Editor)]).await;
    let mut second = app.signed_in("second@shop.example").await;
    let approved = second.post("/w/shop/analyses/TRA-1", &[("step", "approve"), ("rev", "1")]).await;
    assert_eq!(approved.location(), "/w/shop/analyses/TRA-1?done=analysis-approved", "{}", approved.body);
    holds(&owner.get("/w/shop/schedules/SCH-1").await.body, &["every 6 months", "TRA-1 sets it"]);
    let review = [("step", "renew"), ("done", "2026-11-21"), ("rev", "2")];
    let refused = owner.post("/w/shop/analyses/TRA-1", &review).await;
    holds(&refused.body, &["Result: Fill in this field."]);
    let review = [&review[..], &[("result", "Still right")]].concat();
    let reviewed = owner.post("/w/shop/analyses/TRA-1", &review).await;
    assert_eq!(reviewed.location(), "/w/shop/analyses/TRA-1?done=analysis-renewed", "{}", reviewed.body);
    holds(&owner.get("/w/shop/analyses/TRA-1").await.body, &["Still right", "2027-11-21", "Systems of the shop"]);
});

both_dbs!(how_often_is_suggested_from_the_transactions_of_the_profile, |place| {
    let (_app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    shop(&mut owner).await;
    let flow = [("from", "checkout"), ("to", "checkout"), ("id", "pay"), ("field.0.element", "pan")];
    assert_eq!(owner.post("/w/shop/flows/new", &flow).await.status, StatusCode::SEE_OTHER);
    let unknown = "Nobody said how many payments there are in a year";
    holds(&owner.get("/w/shop/schedules").await.body, &[unknown, "subject=system%3Acheckout&amp;cadence=3m"]);
    let profile = [("brand", ""), ("brand", "visa"), ("transactions.visa", "7000000"), ("rev", "0")];
    let saved = owner.post("/w/shop/settings/entity", &profile).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let page = owner.get("/w/shop/schedules").await.body;
    holds(&page, &["7,000,000 payments a year: every month.", "subject=system%3Acheckout&amp;cadence=1m"]);
    assert!(!page.contains(unknown), "{page}");
});

both_dbs!(two_notes_in_one_quarter_move_its_day_once, |place| {
    let (_app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    shop(&mut owner).await;
    let mut quarterly = SCHEDULE;
    (quarterly[2].1, quarterly[3].1) = ("quarterly 3 31", "2026-12-31");
    assert_eq!(owner.post("/w/shop/schedules/new", &quarterly).await.status, StatusCode::SEE_OTHER);
    holds(&owner.get("/w/shop/schedules/SCH-1").await.body, &["It counts for 2026-12-31."]);
    for _ in 0..2 {
        let done = owner.post("/w/shop/schedules/SCH-1", &[("done", "2026-11-21"), ("action", "save")]).await;
        assert_eq!(done.location(), "/w/shop/schedules/SCH-1?done=run-noted", "{}", done.body);
        let page = owner.get("/w/shop/schedules/SCH-1").await;
        holds(&page.body, &["2027-03-31", "It was done for 2026-12-31. What you note now is kept for that day"]);
    }
});

both_dbs!(a_zone_is_set_and_a_name_that_nobody_knows_is_refused, |place| {
    let (_app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let refused = owner.post("/w/shop/settings/time-zone", &[("form", "time-zone"), ("time_zone", "Mars/Base")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&refused.body, &["Time zone: Enter the name of a time zone", "Mars/Base"]);
    let saved =
        owner.post("/w/shop/settings/time-zone", &[("form", "time-zone"), ("time_zone", "europe/berlin")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    holds(&owner.get("/w/shop/settings").await.body, &["value=\"Europe/Berlin\""]);
    holds(&owner.get("/w/shop/schedules").await.body, &["Days are those of Europe/Berlin."]);
});

both_dbs!(who_only_reads_plans_nothing, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    shop(&mut owner).await;
    assert_eq!(owner.post("/w/shop/schedules/new", &SCHEDULE).await.status, StatusCode::SEE_OTHER);
    assert_eq!(owner.post("/w/shop/analyses/new", &ANALYSIS).await.status, StatusCode::SEE_OTHER);
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    let page = viewer.get("/w/shop/schedules/SCH-1").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("/SCH-1/edit") && !page.body.contains("Note that it was done"), "{}", page.body);
    assert!(!viewer.get("/w/shop/schedules").await.body.contains("What is not scheduled yet"));
    assert!(!viewer.get("/w/shop/analyses/TRA-1").await.body.contains("Approve it"));
    for path in ["schedules/new", "schedules/SCH-1/edit", "activities/new", "analyses/new", "analyses/TRA-1/edit"] {
        assert_eq!(viewer.get(&format!("/w/shop/{path}")).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let run = [("done", "2026-11-21")];
    assert_eq!(viewer.post("/w/shop/schedules/SCH-1", &run).await.status, StatusCode::FORBIDDEN);
    let step = [("step", "approve"), ("rev", "1")];
    assert_eq!(viewer.post("/w/shop/analyses/TRA-1", &step).await.status, StatusCode::FORBIDDEN);
    let zone = [("time_zone", "Europe/Berlin")];
    assert_eq!(viewer.post("/w/shop/settings/time-zone", &zone).await.status, StatusCode::FORBIDDEN);

    let deleted = owner.post("/w/shop/settings/delete", &[("name", "Shop")]).await;
    assert_eq!(deleted.status, StatusCode::SEE_OTHER, "{}", deleted.body);
    for table in ["schedule_record_version", "schedule_record"] {
        let left = app.store.texts(&format!("SELECT content FROM {table}")).await.unwrap();
        assert_eq!(left, Vec::<String>::new(), "{table}");
    }
});
