//! Where findings stand, through the real router: decisions, the second person, what edits and time do, and concerns.

use domain::backend::Backend as _;
use domain::backend::triage::FindingRecords as _;
use domain::findings::life::{Record, State};
use domain::id::WorkspaceId;
use domain::role::Role;
use http::StatusCode;
use store::{Actor, Start};
use tests::both_dbs;

use super::app::{Answer, Browser, TestApp};

const SAMPLE: &str = "storefront-payments-sample";
const SHOP: &str = "/w/storefront-payments-sample";
const DAY: i64 = 24 * 3600;

/// What is kept about the first finding of a rule.
async fn record(app: &TestApp, rule: &str) -> Record {
    let gate = app.store.gate(Actor::Operator);
    let estate = gate.estate(&WorkspaceId::new(SAMPLE)).await.unwrap();
    let records = gate.records(&estate).await.unwrap();
    records.into_values().find(|it| it.identity.rule == rule).unwrap()
}

fn encoded(key: &str) -> String {
    key.replace(' ', "%20").replace(':', "%3A")
}

fn page_of(record: &Record) -> String {
    format!("{SHOP}/findings/{}", encoded(&record.identity.to_string()))
}

/// Sends a step about a finding as it stands now.
async fn step(app: &TestApp, browser: &mut Browser, rule: &str, fields: &[(&str, &str)]) -> Answer {
    let record = record(app, rule).await;
    let seen = record.version.to_string();
    let form: Vec<(&str, &str)> = fields.iter().copied().chain([("seen", seen.as_str())]).collect();
    browser.post(&format!("{}/triage", page_of(&record)), &form).await
}

fn accept(until: &'static str) -> [(&'static str, &'static str); 4] {
    [("step", "decide"), ("outcome", "accepted"), ("until", until), ("reason", "Replaced in spring.")]
}

fn saved(answer: &Answer) -> bool {
    answer.status == StatusCode::SEE_OTHER && answer.location().ends_with("done=finding-saved")
}

both_dbs!(a_decision_about_a_grave_finding_waits_for_a_second_person, |place| {
    let (app, mut lead) = TestApp::set_up_at(place, Start::Sample).await;
    app.add_account("ciso@shop.example", &[(SAMPLE, Role::Owner)]).await;
    app.add_account("editor@shop.example", &[(SAMPLE, Role::Editor)]).await;
    let asked = step(&app, &mut lead, "F-SAD-STORED", &accept("2027-01-31")).await;
    assert!(saved(&asked), "{} {}", asked.status, asked.body);
    let waits = record(&app, "F-SAD-STORED").await;
    assert_eq!((waits.state, waits.request.is_some()), (State::Open, true));
    let list = lead.get(&format!("{SHOP}/findings?q=is:waiting")).await.body;
    assert!(list.contains("waits for approval"), "{list}");

    let own = step(&app, &mut lead, "F-SAD-STORED", &[("step", "approve")]).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", own.body);
    assert!(own.body.contains("Nobody approves their own decision"), "{}", own.body);
    let mut editor = app.signed_in("editor@shop.example").await;
    let low = step(&app, &mut editor, "F-SAD-STORED", &[("step", "approve")]).await;
    assert!(low.body.contains("approval tier does not reach"), "{} {}", low.status, low.body);

    let mut ciso = app.signed_in("ciso@shop.example").await;
    app.place.clock.advance(5 * 60 + 1);
    let late = step(&app, &mut ciso, "F-SAD-STORED", &[("step", "approve")]).await;
    assert_eq!(late.status, StatusCode::FORBIDDEN, "approving asks for a recent proof: {}", late.body);
    let mut ciso = app.signed_in("ciso@shop.example").await;
    let approved = step(&app, &mut ciso, "F-SAD-STORED", &[("step", "approve")]).await;
    assert!(saved(&approved), "{} {}", approved.status, approved.body);
    let accepted = record(&app, "F-SAD-STORED").await;
    assert_eq!((accepted.state, accepted.request), (State::Accepted, None));

    let page = ciso.get(&page_of(&record(&app, "F-SAD-STORED").await)).await.body;
    for words in ["Asked for approval", "Approved: Accept the risk until 2027-01-31", "Replaced in spring.", "ciso"] {
        assert!(page.contains(words), "{words} in {page}");
    }
    let todo = ciso.get(&format!("{SHOP}/findings?q=rule:f-sad-stored")).await.body;
    let decided = ciso.get(&format!("{SHOP}/findings?list=decided")).await.body;
    assert!(decided.contains("F-SAD-STORED") && decided.contains("Accepted until 2027-01-31"), "{decided}");
    assert!(!todo.contains("Accepted until"), "{todo}");
    let trail = ciso.get(&format!("{SHOP}/history")).await.body;
    assert!(trail.contains("Decision about a finding approved") && !trail.contains("Replaced in spring"), "{trail}");
});

both_dbs!(what_an_edit_does_to_a_finding_is_written_down_with_it, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Sample).await;
    let found = record(&app, "PF-12").await;
    assert_eq!(found.state, State::New);
    let page = page_of(&found);
    let revision = app.revision(SAMPLE).await.to_string();
    let assigned = step(&app, &mut owner, "PF-12", &[("step", "assign"), ("owner", "")]).await;
    assert!(assigned.location().ends_with("done=unchanged"), "{}", assigned.location());
    let made = owner.post(&format!("{page}/apply"), &[("rev", &revision), ("fix", "0")]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let states = "SELECT state FROM finding WHERE rule = 'PF-12' ORDER BY state";
    assert_eq!(app.store.texts(states).await.unwrap(), ["fixed"]);
    let fixed = owner.get(&format!("{SHOP}/findings?list=fixed")).await.body;
    assert!(fixed.contains("PF-12"), "{fixed}");

    let fix = app.revision(SAMPLE).await.to_string();
    let back = owner.post(&format!("{SHOP}/history/take-back"), &[("rev", &fix)]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
    assert_eq!(app.store.texts(states).await.unwrap(), ["open"]);
    let told = owner.get(&page).await.body;
    for words in ["The model shows it again.", "No longer found", "Found for the first time", "Security lead"] {
        assert!(told.contains(words), "{words} in {told}");
    }
});

both_dbs!(a_decision_ends_with_its_day_and_the_tick_writes_it_down, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Sample).await;
    let gate = app.store.gate(Actor::Operator);
    let shop = WorkspaceId::new(SAMPLE);
    let medium = {
        let estate = gate.estate(&shop).await.unwrap();
        let records = gate.records(&estate).await.unwrap();
        records.into_values().find(|it| !it.is_grave() && it.state == State::New).unwrap()
    };
    let (page, seen) = (format!("{}/triage", page_of(&medium)), medium.version.to_string());
    let form: Vec<(&str, &str)> = accept("2026-11-22").into_iter().chain([("seen", seen.as_str())]).collect();
    let decided = owner.post(&page, &form).await;
    assert!(saved(&decided), "{} {}", decided.status, decided.body);
    let conflict = owner.post(&page, &form).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT, "it is not as it was seen: {}", conflict.body);
    let now = |state: State| {
        let (gate, shop, identity) = (&gate, &shop, &medium.identity);
        async move {
            let estate = gate.estate(shop).await.unwrap();
            assert_eq!(gate.records(&estate).await.unwrap()[identity].state, state);
        }
    };
    now(State::Accepted).await;
    app.place.clock.advance(2 * DAY);
    now(State::Open).await;
    let stored = "SELECT state FROM finding WHERE decision IS NOT NULL";
    assert_eq!(app.store.texts(stored).await.unwrap(), ["accepted"], "nobody has written it down yet");
    let done = app.store.bring_due().await.unwrap();
    assert_eq!(done.iter().map(|(workspace, _)| workspace).collect::<Vec<_>>(), [&shop]);
    assert!(app.store.texts(stored).await.unwrap().is_empty());
    assert!(app.store.bring_due().await.unwrap().is_empty(), "once is enough");
    let history = gate.finding_history(&shop, &medium.identity).await.unwrap();
    assert_eq!(history.len(), 2, "{history:?}");
    assert_eq!((&history[0].actor, history[0].revision), (&None, None), "time did it");
    assert_eq!(history[1].actor.as_deref(), Some("Security lead"));
});

both_dbs!(a_step_about_several_is_looked_at_first_and_taken_about_all_or_none, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Sample).await;
    let (one, other) = (record(&app, "F-SAD-STORED").await, record(&app, "PF-12").await);
    let keys = [one.identity.to_string(), other.identity.to_string()];
    let query = format!("step=assign&finding={}&finding={}", encoded(&keys[0]), encoded(&keys[1]));
    let preview = owner.get(&format!("{SHOP}/triage?{query}")).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.body);
    assert!(preview.body.contains("Assign 2 findings") && preview.body.contains("The owner that you choose"));
    let named = keys.clone().map(|key| format!("0|{key}"));
    let person = {
        let estate = app.store.gate(Actor::Operator).estate(&WorkspaceId::new(SAMPLE)).await.unwrap();
        estate.model.people.keys().next().unwrap().to_string()
    };
    let form = |owner: &str, last: &str| {
        let pairs = [("step", "assign"), ("owner", owner), ("finding", &named[0]), ("finding", last)];
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let post = |form: [(String, String); 4]| {
        let mut owner = owner.clone();
        async move {
            let pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            owner.post(&format!("{SHOP}/triage"), &pairs).await
        }
    };
    let nobody = post(form("somebody-else", &named[1])).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", nobody.body);
    assert!(nobody.body.contains("Assign 2 findings"), "the form is there again: {}", nobody.body);
    assert_eq!(post(form(&person, "9|no such finding")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(record(&app, "F-SAD-STORED").await.owner, None);
    let done = post(form(&person, &named[1])).await;
    assert_eq!(done.location(), format!("{SHOP}/findings?done=findings-saved"), "{}", done.body);
    for rule in ["F-SAD-STORED", "PF-12"] {
        assert_eq!(record(&app, rule).await.owner.unwrap().as_str(), person);
    }
    let listed = owner.get(&format!("{SHOP}/findings?q=owner:{person}")).await.body;
    assert!(listed.contains("2 of "), "{listed}");
});

both_dbs!(any_member_raises_a_concern_and_it_becomes_a_finding, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Sample).await;
    app.add_account("viewer@shop.example", &[(SAMPLE, Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    let raise = format!("{SHOP}/concerns/new");
    let page = viewer.get(&format!("{raise}?on=system:checkout")).await;
    assert!(page.body.contains("name=\"on\" value=\"system:checkout\""), "{}", page.body);
    let concern = |words: &'static str| [("on", "system:checkout"), ("severity", "low"), ("concern", words)];
    for (words, told) in [("", "Fill in this field"), ("Logs 4111111111111111", "full card number")] {
        let refused = viewer.post(&raise, &concern(words)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        assert!(refused.body.contains(told), "{told} in {}", refused.body);
    }
    let elsewhere = [("on", "system:nowhere"), ("severity", "low"), ("concern", "x")];
    assert_eq!(viewer.post(&raise, &elsewhere).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let raised = viewer.post(&raise, &concern("Support copies numbers by hand.")).await;
    assert_eq!(raised.status, StatusCode::SEE_OTHER, "{}", raised.body);
    let listed = viewer.get(raised.location()).await.body;
    assert!(listed.contains("Support copies numbers by hand."), "{listed}");
    assert!(!listed.contains("name=\"step\""), "a viewer decides about nothing: {listed}");
    let mine = record(&app, "reported").await;
    assert_eq!((mine.state, mine.identity.discriminator.as_str()), (State::Open, "1"));
    assert_eq!(
        step(&app, &mut viewer, "reported", &[("step", "close"), ("done", "x")]).await.status,
        StatusCode::FORBIDDEN
    );
    // An edit and the tick leave it as it is: no rule looks for it.
    let revision = app.revision(SAMPLE).await.to_string();
    let fix = format!("{}/apply", page_of(&record(&app, "PF-12").await));
    assert_eq!(owner.post(&fix, &[("rev", &revision), ("fix", "0")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(record(&app, "reported").await.state, State::Open);
    let closed = step(&app, &mut owner, "reported", &[("step", "close"), ("done", "They were trained.")]).await;
    assert!(saved(&closed), "{} {}", closed.status, closed.body);
    let page = viewer.get(&page_of(&mine)).await.body;
    for words in ["A concern that a member raised", "Reported", "viewer", "They were trained."] {
        assert!(page.contains(words), "{words} in {page}");
    }
});

#[tokio::test]
async fn the_file_of_findings_has_where_each_stands() {
    let (app, mut owner) = TestApp::set_up(Start::Sample).await;
    let due = step(&app, &mut owner, "F-SAD-STORED", &[("step", "due"), ("due", "2026-12-24")]).await;
    assert!(saved(&due), "{} {}", due.status, due.body);
    let file = owner.get(&format!("{SHOP}/export/findings?q=rule:f-sad-stored")).await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.body.starts_with("\"severity\",\"state\",\"rule\""), "{}", file.body);
    assert!(
        file.body.contains("\"critical\",\"new\",\"F-SAD-STORED\"") && file.body.contains("2026-12-24"),
        "{}",
        file.body
    );
    assert!(!file.body.contains("PF-12"), "{}", file.body);
}

#[tokio::test]
async fn a_question_has_no_state_and_a_fixed_finding_cannot_be_decided() {
    let (app, mut owner) = TestApp::set_up(Start::Sample).await;
    let gate = app.store.gate(Actor::Operator);
    let estate = gate.estate(&WorkspaceId::new(SAMPLE)).await.unwrap();
    let question = gate.findings(&estate).await.unwrap().questions[0].identity().to_string();
    let path = format!("{SHOP}/findings/{}/triage", encoded(&question));
    let answer = owner.post(&path, &[("step", "look"), ("seen", "0")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);

    let revision = app.revision(SAMPLE).await.to_string();
    let fix = format!("{}/apply", page_of(&record(&app, "PF-12").await));
    assert_eq!(owner.post(&fix, &[("rev", &revision), ("fix", "0")]).await.status, StatusCode::SEE_OTHER);
    let refused = step(&app, &mut owner, "PF-12", &accept("2026-12-24")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    assert!(refused.body.contains("cannot be done as it stands now"), "{}", refused.body);
}
