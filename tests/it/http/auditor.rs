//! Who audits, through the real router: sees what was signed and nothing else, for the days of the engagement, and
//! everything that they take away is noted with its hash.

use domain::backend::Backend as _;
use domain::backend::people::People as _;
use domain::problem::Problem;
use domain::review::seal::Fixed;
use domain::role::{Engagement, Role, Standing};
use domain::time::Day;
use http::StatusCode;
use store::{Actor, Start};
use tests::both_dbs;

use super::app::{Browser, TestApp};
use super::reviews::{OPENING, confirm, fill, shop, sign};

/// Two systems, signed and sealed in REV-1, with the snapshot snap-1.
pub(super) async fn signed(app: &TestApp, owner: &mut Browser) {
    fill(app, &["Till", "Ledger"]).await;
    let opened = owner.post("/w/shop/reviews/new", &OPENING).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
    for key in ["till", "ledger"] {
        confirm(app, owner, 1, key).await;
    }
    let sealed = sign(owner, 1).await;
    assert_eq!(sealed.location(), "/w/shop/seals/SEAL-1?done=review-sealed", "{}", sealed.body);
}

/// An auditor who is engaged from today for so many days.
pub(super) async fn auditor(app: &TestApp, days: i32) -> Browser {
    app.add_account("qsa@firm.example", &[("shop", Role::Auditor)]).await;
    let operator = app.store.gate(Actor::Operator);
    let today = operator.estate(&shop()).await.unwrap().today;
    let members = operator.members(&shop()).await.unwrap();
    let account = members.into_iter().find(|it| it.mail.as_deref() == Some("qsa@firm.example")).unwrap().account;
    let engagement = Some(Engagement { from: today, until: Day(today.0 + days) });
    let standing = Standing { engagement, ..Standing::usual(Role::Auditor) };
    operator.change_member(&shop(), &account, standing).await.unwrap();
    app.signed_in("qsa@firm.example").await
}

/// What is being worked on, and so on no page for who audits.
const WORKING: [&str; 11] = [
    "risks",
    "incidents",
    "calendar",
    "schedules",
    "guide",
    "proposals",
    "history",
    "import",
    "export/risks",
    "reports/measures",
    "reviews/REV-1",
];

both_dbs!(an_auditor_sees_what_was_signed_and_nothing_that_came_later, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    owner.post("/w/shop/inventory/segments/new", &[("name", "Early"), ("id", "early")]).await;
    let mut auditor = auditor(&app, 30).await;
    // Before anything was signed there is nothing to see, and the page says why.
    let home = auditor.get("/w/shop").await;
    assert!(home.body.contains("Nothing was signed yet"), "{}", home.body);
    for path in ["systems", "map", "scope", "search?q=early", "inventory", "inventory/segments", "fields"] {
        let page = auditor.get(&format!("/w/shop/{path}")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        assert!(!page.body.contains("Early"), "{path}: {}", page.body);
    }
    assert_eq!(auditor.get("/w/shop/inventory/segments/early").await.status, StatusCode::NOT_FOUND);

    signed(&app, &mut owner).await;
    owner.post("/w/shop/systems/new", &[("name", "Late")]).await;
    owner.post("/w/shop/snapshots", &[("name", "Of the team")]).await;
    let home = auditor.get("/w/shop").await;
    for words in ["As signed in REV-1 on", "SEAL-1", "What was signed and sealed on", "Scope statement"] {
        assert!(home.body.contains(words), "{words}: {}", home.body);
    }
    for hidden in ["Back to now", "/w/shop/risks", "/w/shop/import\"", "/w/shop/incidents"] {
        assert!(!home.body.contains(hidden), "{hidden}: {}", home.body);
    }
    let systems = auditor.get("/w/shop/systems").await;
    assert!(systems.body.contains("Till") && !systems.body.contains("Late"), "{}", systems.body);
    assert!(systems.body.contains("As signed in REV-1"), "{}", systems.body);
    assert_eq!(auditor.get("/w/shop/systems/till").await.status, StatusCode::OK);
    assert_eq!(auditor.get("/w/shop/systems/late").await.status, StatusCode::NOT_FOUND);
    assert_eq!(auditor.get("/w/shop/systems/till?at=snap-1").await.status, StatusCode::OK);
    for unsigned in ["systems/till?at=snap-2", "export/model?at=snap-2", "snapshots/snap-2"] {
        let answer = auditor.get(&format!("/w/shop/{unsigned}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{unsigned}: {}", answer.body);
    }
    let list = auditor.get("/w/shop/snapshots").await.body;
    assert!(list.contains("snap-1") && !list.contains("Of the team"), "{list}");
    for working in WORKING {
        let answer = auditor.get(&format!("/w/shop/{working}")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{working}: {}", answer.body);
    }
    let reviews = auditor.get("/w/shop/reviews").await;
    assert!(reviews.body.contains("SEAL-1"), "{}", reviews.body);
    assert_eq!(auditor.get("/w/shop/seals/SEAL-1").await.status, StatusCode::OK);
    let statement = auditor.get("/w/shop/reports/scope-statement").await;
    assert!(statement.status.is_success() && !statement.body.contains("Late"), "{}", statement.body);
    // The team goes on with the model of now.
    assert!(owner.get("/w/shop/systems").await.body.contains("Late"));
});

both_dbs!(what_an_auditor_takes_away_is_noted_with_its_hash, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    signed(&app, &mut owner).await;
    let mut auditor = auditor(&app, 30).await;
    let noted = async || {
        let sql = "SELECT audit_payload.payload FROM audit_entry JOIN audit_payload \
            ON audit_payload.chain = audit_entry.chain AND audit_payload.seq = audit_entry.seq \
            WHERE audit_entry.action = 'file.download' ORDER BY audit_entry.seq";
        app.store.texts(sql).await.unwrap()
    };
    owner.get("/w/shop/export/inventory/systems").await;
    assert!(noted().await.is_empty(), "of the team nothing is noted here");
    let files = ["export/inventory/systems?q=till", "map.svg", "export/reports/field-inventory", "seals/SEAL-1/file"];
    for (number, path) in files.into_iter().enumerate() {
        let file = auditor.get(&format!("/w/shop/{path}")).await;
        assert_eq!(file.status, StatusCode::OK, "{path}: {}", file.body);
        let all = noted().await;
        assert_eq!(all.len(), number + 1, "{path}: {all:?}");
        let hash = Fixed::of(file.body.as_bytes()).sha256;
        assert!(all[number].contains(&hash) && all[number].contains("\"whole\":true"), "{path}: {all:?}");
    }
    // A page is no file, and what is refused was not taken away.
    auditor.get("/w/shop/map").await;
    auditor.get("/w/shop/export/risks").await;
    assert_eq!(noted().await.len(), files.len());
    let trail = owner.get("/w/shop/history").await.body;
    assert!(trail.contains("File taken away"), "{trail}");
});

both_dbs!(an_engagement_ends_by_itself, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    signed(&app, &mut owner).await;
    let mut qsa = auditor(&app, 1).await;
    assert_eq!(qsa.get("/w/shop").await.status, StatusCode::OK);
    app.place.clock.advance(24 * 3600);
    let mut last_day = app.signed_in("qsa@firm.example").await;
    assert_eq!(last_day.get("/w/shop/evidence/requests").await.status, StatusCode::OK, "the last day is in it");
    app.place.clock.advance(24 * 3600);
    let mut after = app.signed_in("qsa@firm.example").await;
    for path in ["", "/systems", "/evidence/requests", "/snapshots/snap-1", "/export/model", "/map.svg"] {
        let answer = after.get(&format!("/w/shop{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.body);
    }
    let refused = after.post("/w/shop/evidence/requests/new", &[("text", "Show the last scan")]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "{}", refused.body);
    assert_eq!(after.get("/w/qzjx").await.status, StatusCode::NOT_FOUND, "like a workspace that is not there");
    assert_eq!(app.store.gate(Actor::Nobody).estate(&shop()).await.err(), Some(Problem::SignedOut));
});
