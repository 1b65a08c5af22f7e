//! The settings of a register, its past, its trend, and what each person has to do, through the real router.

use std::fmt::Write as _;

use domain::backend::Backend as _;
use domain::backend::people::People as _;
use domain::backend::risks::Risks as _;
use domain::id::WorkspaceId;
use domain::risk::{Level, RiskKey, Scheme};
use domain::role::Role;
use http::StatusCode;
use store::{Actor, ChainVerdict, Start};
use tests::both_dbs;

use super::app::{Answer, Browser, TestApp};

const DAY: i64 = 24 * 3600;
const SETTINGS: &str = "/w/shop/settings/risks";

fn shop() -> WorkspaceId {
    WorkspaceId::new("shop")
}

async fn add(browser: &mut Browser, title: &str, (likelihood, impact): (&str, &str)) {
    let form = [("title", title), ("inherent_likelihood", likelihood), ("inherent_impact", impact), ("rev", "0")];
    let added = browser.post("/w/shop/risks/new", &form).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
}

/// What a hidden field of a page holds.
fn hidden(page: &Answer, name: &str) -> String {
    let tag = page.body.split("<input").find(|tag| tag.contains(&format!("name=\"{name}\""))).unwrap_or_default();
    tag.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

async fn level(app: &TestApp, risk: u32) -> Option<Level> {
    let history = app.store.gate(Actor::Operator).risk(&shop(), RiskKey(risk)).await.unwrap();
    history.risk.level(history.register.scheme)
}

both_dbs!(another_scheme_is_shown_before_every_risk_is_rated_again, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    add(&mut owner, "Likely and hardly bad", ("5", "1")).await;
    add(&mut owner, "In the middle", ("3", "3")).await;
    let form = owner.get(SETTINGS).await;
    for part in ["NIST SP 800-30", "Highest level that needs no treatment", "months at most", "OWASP"] {
        assert!(form.body.contains(part), "{part}: {}", form.body);
    }
    let product = [("scheme", "product"), ("rev", "0")];
    let looked = owner.post(SETTINGS, &product).await;
    assert_eq!(looked.status, StatusCode::OK, "{}", looked.body);
    for part in ["Nothing is saved yet", "Likely and hardly bad", "1 rating that move", "2 rated risks"] {
        assert!(looked.body.contains(part), "{part}: {}", looked.body);
    }
    assert_eq!(level(&app, 1).await, Some(Level::VeryLow), "nothing was saved");

    let shown = hidden(&looked, "shown");
    assert_eq!(shown.len(), 64);
    add(&mut owner, "Added meanwhile", ("5", "5")).await;
    let apply = [("scheme", "product"), ("rev", "0"), ("shown", shown.as_str()), ("action", "apply")];
    assert_eq!(owner.post(SETTINGS, &apply).await.location(), "/w/shop/settings/risks?done=risk-register-saved");
    assert_eq!(level(&app, 1).await, Some(Level::Moderate));
    let page = owner.get("/w/shop/risks/R-3").await.body;
    assert!(page.contains("Critical"), "the words of the scheme: {page}");

    // Fewer steps: the ratings themselves are others, and each risk keeps what it was.
    let looked = owner.post(SETTINGS, &[("scheme", "three"), ("rev", "1")]).await;
    let shown = hidden(&looked, "shown");
    add(&mut owner, "One more", ("4", "4")).await;
    let apply = [("scheme", "three"), ("rev", "1"), ("shown", shown.as_str()), ("action", "apply")];
    let late = owner.post(SETTINGS, &apply).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "what was shown is not what would happen: {}", late.body);
    let shown = hidden(&late, "shown");
    let apply = [("scheme", "three"), ("rev", "1"), ("shown", shown.as_str()), ("action", "apply")];
    assert_eq!(owner.post(SETTINGS, &apply).await.status, StatusCode::SEE_OTHER);
    let history = app.store.gate(Actor::Operator).risk(&shop(), RiskKey(1)).await.unwrap();
    assert_eq!((history.register.scheme, history.revision, history.versions.len()), (Scheme::Three, 2, 2));
    let page = owner.get("/w/shop/risks/R-1").await.body;
    assert!(page.contains("5 became 3"), "{page}");
    let stale = owner.post(SETTINGS, &[("appetite", "high"), ("rev", "1")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.body);
    let trail = owner.get("/w/shop/history").await.body;
    assert_eq!(trail.matches("Risk register set").count(), 2, "one entry for each: {trail}");
    let chain = app.store.verify_chain(Some(&shop())).await.unwrap();
    assert!(matches!(chain, ChainVerdict::Whole { .. }), "{chain:?}");
});

both_dbs!(appetite_and_authority_of_the_workspace_hold_everywhere, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    add(&mut owner, "In the middle", ("3", "3")).await;
    let list = owner.get("/w/shop/risks").await.body;
    assert!(list.contains("needs treatment"), "{list}");
    let form = [
        ("appetite", "moderate"),
        ("appetite_fraud", "very_low"),
        ("months_moderate", "2"),
        ("months_high", "2"),
        ("months_very_high", "1"),
        ("rev", "0"),
    ];
    assert_eq!(owner.post(SETTINGS, &form).await.status, StatusCode::SEE_OTHER);
    assert!(!owner.get("/w/shop/risks").await.body.contains("needs treatment"));
    assert!(!owner.get("/w/shop/risks/R-1").await.body.contains("above what is tolerated"));
    let fraud = [("title", "In the middle"), ("category", "fraud"), ("rev", "1")];
    assert_eq!(owner.post("/w/shop/risks/R-1/edit", &fraud).await.status, StatusCode::SEE_OTHER);
    assert!(owner.get("/w/shop/risks/R-1").await.body.contains("above what is tolerated (Very low)"));

    let today = app.store.gate(Actor::Operator).estate(&shop()).await.unwrap().today;
    let until = |days: i32| today.plus_days(days).to_string();
    let (late, early) = (until(80), until(50));
    let ask = |until| [("justification", "It is replaced in spring."), ("expires", until)];
    let refused = owner.post("/w/shop/risks/R-1/accept", &ask(&late)).await;
    assert!(refused.body.contains("can be accepted until"), "{} {}", refused.status, refused.body);
    assert_eq!(owner.post("/w/shop/risks/R-1/accept", &ask(&early)).await.status, StatusCode::SEE_OTHER);

    let wrong = [("months_very_high", "9"), ("approvers_high", "1"), ("rev", "1")];
    let refused = owner.post(SETTINGS, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    let unknown = owner.post(SETTINGS, &[("appetite_moon", "low"), ("rev", "1")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    app.add_account("editor@shop.example", &[("shop", Role::Editor)]).await;
    let mut editor = app.signed_in("editor@shop.example").await;
    assert_eq!(editor.get(SETTINGS).await.status, StatusCode::FORBIDDEN);
    for form in [&[("appetite", "low"), ("rev", "1")][..], &[("scheme", "product"), ("rev", "1")]] {
        let refused = editor.post(SETTINGS, form).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    }
});

both_dbs!(an_acceptance_lapses_where_another_scheme_makes_its_risk_worse, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    add(&mut owner, "Likely and hardly bad", ("5", "1")).await;
    let today = app.store.gate(Actor::Operator).estate(&shop()).await.unwrap().today.plus_days(60).to_string();
    let ask = [("justification", "It is replaced in spring."), ("expires", today.as_str())];
    assert_eq!(owner.post("/w/shop/risks/R-1/accept", &ask).await.status, StatusCode::SEE_OTHER);
    app.add_account("second@shop.example", &[("shop", Role::Owner)]).await;
    let mut second = app.signed_in("second@shop.example").await;
    let gate = app.store.gate(Actor::Operator);
    let shown = gate.risk(&shop(), RiskKey(1)).await.unwrap().acceptances[0].acceptance.content_hash();
    let approve = [("acceptance", "A-1"), ("step", "approve"), ("shown", shown.as_str())];
    let approved = second.post("/w/shop/risks/R-1/acceptance", &approve).await;
    assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.body);
    let looked = owner.post(SETTINGS, &[("scheme", "product"), ("rev", "0")]).await;
    let shown = hidden(&looked, "shown");
    let apply = [("scheme", "product"), ("rev", "0"), ("shown", shown.as_str()), ("action", "apply")];
    assert_eq!(owner.post(SETTINGS, &apply).await.status, StatusCode::SEE_OTHER);
    let page = owner.get("/w/shop/risks/R-1").await.body;
    assert!(page.contains("It lapsed because facts"), "{page}");
    assert!(owner.get("/w/shop").await.status.is_success());
});

both_dbs!(the_register_is_shown_as_it_was_and_its_levels_over_time, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    // Whoever administers the instance is asked for a second factor after the days of grace; an editor here is not.
    let policy = [("required", "no"), ("grace_days", "7")];
    assert_eq!(owner.post("/w/shop/settings/second-factor", &policy).await.status, StatusCode::SEE_OTHER);
    app.add_account("editor@shop.example", &[("shop", Role::Editor)]).await;
    add(&mut owner, "Somebody reads the queue", ("5", "5")).await;
    let first = app.store.gate(Actor::Operator).estate(&shop()).await.unwrap().today;
    app.place.clock.advance(10 * DAY);
    let mut owner = app.signed_in("editor@shop.example").await;
    let milder = [("title", "Nobody reads it"), ("inherent_likelihood", "1"), ("inherent_impact", "1"), ("rev", "1")];
    assert_eq!(owner.post("/w/shop/risks/R-1/edit", &milder).await.status, StatusCode::SEE_OTHER);
    add(&mut owner, "A later one", ("3", "3")).await;
    let then = owner.get(&format!("/w/shop/risks?on={}", first.plus_days(3))).await.body;
    assert!(then.contains("Somebody reads the queue") && !then.contains("A later one"), "{then}");
    assert!(then.contains("This is the register at the end of") && !then.contains("/risks/new"), "{then}");
    let matrix = owner.get(&format!("/w/shop/risks?view=matrix&stand=inherent&on={first}")).await.body;
    assert!(matrix.contains(", likelihood Very high, impact Very high: Very high"), "{matrix}");
    let before = owner.get(&format!("/w/shop/risks?on={}", first.plus_days(-1))).await;
    assert_eq!(before.status, StatusCode::OK, "{}", before.body);
    assert!(!before.body.contains("Somebody reads the queue"));
    for day in ["moon", "2999-01-01", "2026-02-31", "%00"] {
        let now = owner.get(&format!("/w/shop/risks?on={day}")).await;
        assert!(now.status == StatusCode::OK && now.body.contains("A later one"), "{day}: {}", now.body);
    }

    let trend = owner.get("/w/shop/risks?view=trend").await.body;
    for part in ["role=\"img\"", "Open risks at the end of each day", "Very high"] {
        assert!(trend.contains(part), "{part}: {trend}");
    }
    let gate = app.store.gate(Actor::Operator);
    let weeks = gate.risk_trend(&shop(), domain::risk::view::Span::Weeks).await.unwrap();
    let of = |level| weeks.days.iter().map(|(_, counts)| counts.of(level)).collect::<Vec<_>>();
    assert_eq!((of(Level::VeryHigh).last(), of(Level::VeryHigh).iter().sum::<usize>()), (Some(&0), 1));
    assert_eq!((of(Level::VeryLow).last(), of(Level::Moderate).last()), (Some(&1), Some(&1)));
});

both_dbs!(each_person_sees_their_own_work, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let lead = [("name", "Payments lead"), ("id", "payments-lead")];
    assert_eq!(owner.post("/w/shop/people/new", &lead).await.status, StatusCode::SEE_OTHER);
    let gate = app.store.gate(Actor::Operator);
    let today = gate.estate(&shop()).await.unwrap().today;
    let (late, review) = (today.plus_days(-1).to_string(), today.plus_days(5).to_string());
    let form = [
        ("title", "Somebody reads the queue"),
        ("owner", "payments-lead"),
        ("next_review", review.as_str()),
        ("action.0.what", "Delete the queue"),
        ("action.0.due", late.as_str()),
        ("action.0.effort", "2.5"),
        ("rev", "0"),
    ];
    assert_eq!(owner.post("/w/shop/risks/new", &form).await.status, StatusCode::SEE_OTHER);
    let mine = owner.get("/w/shop/risks?view=mine").await.body;
    assert!(!mine.contains("Delete the queue"), "{mine}");
    let account = gate.members(&shop()).await.unwrap().remove(0).account.to_string();
    let people = gate.estate(&shop()).await.unwrap();
    // Whoever set the instance up may be a person of the inventory already.
    for person in people.model.people.keys().filter(|it| it.as_str() != "payments-lead") {
        owner.post(&format!("/w/shop/people/{person}/account"), &[("account", "")]).await;
    }
    let linked = owner.post("/w/shop/people/payments-lead/account", &[("account", account.as_str())]).await;
    assert_eq!(linked.status, StatusCode::SEE_OTHER, "{}", linked.body);
    let mine = owner.get("/w/shop/risks?view=mine").await.body;
    for part in ["Delete the queue", "late", "Risks to review"] {
        assert!(mine.contains(part), "{part}: {mine}");
    }
    let board = owner.get("/w/shop/risks?view=actions&due=late").await.body;
    assert!(board.contains("Delete the queue") && board.contains("In all 2.5 person-days"), "{board}");
    assert!(!owner.get("/w/shop/risks?view=actions&due=never").await.body.contains("Delete the queue"));
    let next = owner.get("/w/shop/risks?view=next").await.body;
    assert!(next.contains("Delete the queue: 2.5 person-days."), "{next}");
});

both_dbs!(what_a_risk_is_about_is_found_without_a_script, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    for name in ["Checkout", "Checkout log", "Bank"] {
        owner.post("/w/shop/systems/new", &[("name", name)]).await;
    }
    let find = [("title", "x"), ("find", "check"), ("link", ""), ("rev", "0"), ("action", "find")];
    let found = owner.post("/w/shop/risks/new", &find).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.body);
    for part in ["value=\"system:checkout\"", "value=\"system:checkout-log\"", " found."] {
        assert!(found.body.contains(part), "{part}: {}", found.body);
    }
    let saved = owner
        .post("/w/shop/risks/new", &[("title", "x"), ("find", "Checkout"), ("link", "system:bank"), ("rev", "0")])
        .await;
    assert_eq!(saved.location(), "/w/shop/risks/R-1?done=risk-added", "{}", saved.body);
    let risk = app.store.gate(Actor::Operator).risk(&shop(), RiskKey(1)).await.unwrap().risk;
    let links: Vec<String> = risk.links.iter().map(|it| it.text()).collect();
    assert_eq!(links, ["system:bank", "system:checkout"]);
    let doubt = owner.post("/w/shop/risks/R-1/edit", &[("find", "check"), ("rev", "1")]).await;
    assert_eq!(doubt.status, StatusCode::UNPROCESSABLE_ENTITY, "several match: {}", doubt.body);
});

both_dbs!(people_comment_on_a_risk, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    add(&mut owner, "Somebody reads the queue", ("3", "3")).await;
    let form = [("kind", "risk"), ("key", "R-1"), ("text", "Seen in the log.")];
    let said = owner.post("/w/shop/comments", &form).await;
    assert_eq!(said.location(), "/w/shop/risks/R-1?done=comment-added", "{}", said.body);
    assert!(owner.get("/w/shop/risks/R-1").await.body.contains("Seen in the log."));
    for key in ["R-2", "R-01", "checkout"] {
        let form = [("kind", "risk"), ("key", key), ("text", "Nothing is there.")];
        assert_eq!(owner.post("/w/shop/comments", &form).await.status, StatusCode::NOT_FOUND, "{key}");
    }
    let comments = app.store.texts("SELECT key FROM comment").await.unwrap();
    let changed = owner.post(&format!("/w/shop/comments/{}/edit", comments[0]), &[("text", "Seen twice.")]).await;
    assert_eq!(changed.location(), "/w/shop/risks/R-1?done=comment-saved", "{}", changed.body);
    let file = owner.get("/w/shop/export/comments").await.body;
    assert!(file.contains(r#""Risk","R-1","#) && file.contains("Seen twice."), "{file}");
    let card = [("kind", "risk"), ("key", "R-1"), ("text", "4111 1111 1111 1111")];
    assert_eq!(owner.post("/w/shop/comments", &card).await.status, StatusCode::UNPROCESSABLE_ENTITY);
});

both_dbs!(what_the_map_says_is_taken_over_when_it_says_something_else, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    owner.post("/w/shop/systems/new", &[("name", "Checkout")]).await;
    let form = [("title", "x"), ("link", "system:checkout"), ("rev", "0")];
    assert_eq!(owner.post("/w/shop/risks/new", &form).await.status, StatusCode::SEE_OTHER);
    let words = "The map says something else";
    assert!(!owner.get("/w/shop/risks/R-1").await.body.contains(words));
    let holding = [
        ("name", "Checkout"),
        ("holding.0.element", "pan"),
        ("holding.0.form", "clear"),
        ("holding.0.ops", "store"),
        ("rev", "99"),
    ];
    let held = owner.post("/w/shop/systems/checkout/edit", &holding).await;
    assert_eq!(held.status, StatusCode::SEE_OTHER, "{}", held.body);
    let page = owner.get("/w/shop/risks/R-1").await;
    assert!(page.body.contains(words), "{}", page.body);
    let taken = owner.post("/w/shop/risks/R-1/suggestion", &[("rev", "1")]).await;
    assert_eq!(taken.location(), "/w/shop/risks/R-1?done=risk-refreshed", "{}", taken.body);
    assert!(!owner.get("/w/shop/risks/R-1").await.body.contains(words));
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    let refused = viewer.post("/w/shop/risks/R-1/suggestion", &[("rev", "2")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
});

both_dbs!(a_copy_of_the_register_follows_every_write, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let mut expected = String::new();
    for number in 1..=70 {
        add(&mut owner, &format!("Risk number {number}"), ("3", "3")).await;
        if number % 35 == 0 {
            let register = app.store.gate(Actor::Operator).risks(&shop()).await.unwrap();
            assert_eq!(register.risks.len(), number);
        }
    }
    for number in [1, 70] {
        let form = [("title", "Another"), ("rev", "1")];
        let saved = owner.post(&format!("/w/shop/risks/R-{number}/edit"), &form).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        write!(expected, "R-{number} ").unwrap();
    }
    let kept = app.store.gate(Actor::Operator).risks(&shop()).await.unwrap();
    let others = kept.risks.values().filter(|risk| risk.title == "Another");
    assert_eq!(others.fold(String::new(), |all, risk| format!("{all}{} ", risk.key)), expected);
    app.store.forget_copies();
    assert_eq!(app.store.gate(Actor::Operator).risks(&shop()).await.unwrap(), kept);
    let page = owner.get("/w/shop/risks?page=2").await.body;
    assert!(page.contains("51 to 70 of 70"), "{page}");
});
