//! From a finding to an accepted risk, through the real router: who may approve, what an edit of the map does, and what
//! stays readable.

use domain::backend::Backend as _;
use domain::backend::people::People as _;
use domain::backend::risks::Risks as _;
use domain::backend::triage::FindingRecords as _;
use domain::command::Command;
use domain::findings::life;
use domain::id::WorkspaceId;
use domain::model::object::ObjectRef;
use domain::model::relations::Exposure;
use domain::risk::RiskKey;
use domain::risk::acceptance::{Current, State};
use domain::role::{Role, Standing, Tier};
use http::StatusCode;
use store::{Actor, ChainVerdict, Start};
use tests::both_dbs;

use super::app::{Answer, Browser, TestApp};

const SAMPLE: &str = "storefront-payments-sample";
const SHOP: &str = "/w/storefront-payments-sample";
const DAY: i64 = 24 * 3600;
const RULE: &str = "F-SAD-STORED";

fn workspace() -> WorkspaceId {
    WorkspaceId::new(SAMPLE)
}

async fn record(app: &TestApp) -> life::Record {
    let gate = app.store.gate(Actor::Operator);
    let estate = gate.estate(&workspace()).await.unwrap();
    let records = gate.records(&estate).await.unwrap();
    records.into_values().find(|it| it.identity.rule == RULE).unwrap()
}

async fn newest(app: &TestApp) -> Current {
    let gate = app.store.gate(Actor::Operator);
    gate.risk(&workspace(), RiskKey(1)).await.unwrap().acceptances.remove(0)
}

async fn member(app: &TestApp, mail: &str, tier: Tier) -> Browser {
    app.add_account(mail, &[(SAMPLE, Role::Reviewer)]).await;
    let gate = app.store.gate(Actor::Operator);
    let members = gate.members(&workspace()).await.unwrap();
    let account = members.into_iter().find(|it| it.mail.as_deref() == Some(mail)).unwrap().account;
    let standing = Standing { tier, ..Standing::usual(Role::Reviewer) };
    gate.change_member(&workspace(), &account, standing).await.unwrap();
    app.signed_in(mail).await
}

/// Sends the form of the finding as it comes filled in, with a reason and this rating.
async fn ask(app: &TestApp, browser: &mut Browser, rating: (&str, &str), until: &str) -> Answer {
    let finding = record(app).await.identity;
    let link = domain::risk::record::Link::Finding(finding.clone()).text();
    let subject = domain::risk::record::Link::Object(finding.subject.clone()).text();
    let owner = app.store.gate(Actor::Operator).estate(&workspace()).await.unwrap();
    let owner = owner.model.people.keys().next().unwrap().to_string();
    let form = [
        ("title", "Codes are kept"),
        ("event", "Somebody reads them"),
        ("category", "confidentiality"),
        ("owner", owner.as_str()),
        ("link", link.as_str()),
        ("link", subject.as_str()),
        ("stage", "open"),
        ("treatment", "retain"),
        ("inherent_likelihood", rating.0),
        ("inherent_impact", rating.1),
        ("justification", "The vault takes it over in spring."),
        ("conditions", "Nobody exports it."),
        ("expires", until),
    ];
    browser.post(&format!("{SHOP}/risks/accept"), &form).await
}

async fn step(app: &TestApp, browser: &mut Browser, word: &str, more: &[(&str, &str)]) -> Answer {
    let acceptance = newest(app).await.acceptance;
    let (key, shown) = (acceptance.key.to_string(), acceptance.content_hash());
    let mut form = vec![("acceptance", key.as_str()), ("step", word)];
    if word == "approve" {
        form.push(("shown", shown.as_str()));
    }
    form.extend(more);
    browser.post(&format!("{SHOP}/risks/R-1/acceptance"), &form).await
}

fn decided(answer: &Answer) -> bool {
    answer.status == StatusCode::SEE_OTHER && answer.location().ends_with("done=risk-decided")
}

/// Makes the facts worse: the system of the finding can be reached from the internet.
async fn worsen(app: &TestApp) {
    let ObjectRef::System(id) = record(app).await.identity.subject else { panic!("the finding is on a system") };
    let gate = app.store.gate(Actor::Operator);
    let estate = gate.estate(&workspace()).await.unwrap();
    let seen = *estate.changed.get(&ObjectRef::System(id.clone())).unwrap();
    let mut system = (*estate.stored.systems[&id]).clone();
    assert_ne!(system.exposure, Some(Exposure::Internet));
    system.exposure = Some(Exposure::Internet);
    gate.execute(&workspace(), Command::EditSystem(Box::new(system), seen)).await.unwrap();
}

both_dbs!(a_finding_is_accepted_by_a_second_person_and_lapses_when_the_map_gets_worse, |place| {
    let (app, mut lead) = TestApp::set_up_at(place, Start::Sample).await;
    let mut ciso = member(&app, "ciso@shop.example", Tier::Moderate).await;
    let page = format!("{SHOP}/risks/accept?finding={}", record(&app).await.identity.to_string().replace(' ', "%20"));
    let form = lead.get(&page).await;
    assert_eq!(form.status, StatusCode::OK);
    for part in ["What the map suggests", "inherent_likelihood", "Why it can be lived with", "finding:["] {
        assert!(form.body.contains(part), "{part}: {}", form.body);
    }
    let asked = ask(&app, &mut lead, ("3", "3"), "2027-06-30").await;
    assert_eq!(asked.location(), format!("{SHOP}/risks/R-1?done=risk-asked"), "{}", asked.body);
    let twice = lead
        .post(
            &format!("{SHOP}/risks/R-1/accept"),
            &[("justification", "The vault takes it over in spring."), ("expires", "2027-01-31")],
        )
        .await;
    assert!(twice.body.contains("has asked for the acceptance"), "{} {}", twice.status, twice.body);

    let own = step(&app, &mut lead, "approve", &[]).await;
    assert!(own.body.contains("Nobody approves their own decision"), "{} {}", own.status, own.body);
    let list = ciso.get(&format!("{SHOP}/risks")).await.body;
    assert!(list.contains("Waits for approval") && list.contains("Codes are kept"), "{list}");
    assert!(ciso.get(SHOP).await.body.contains("Decisions that wait"), "Home tells of it");
    assert!(ciso.get(&format!("{SHOP}/risks/R-1")).await.body.contains("Approve"), "the page offers it");
    let stale = ciso
        .post(&format!("{SHOP}/risks/R-1/acceptance"), &[("acceptance", "A-1"), ("step", "approve"), ("shown", "00")])
        .await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let approved = step(&app, &mut ciso, "approve", &[]).await;
    assert!(decided(&approved), "{} {}", approved.status, approved.body);
    assert_eq!(newest(&app).await.standing.state, State::Active);
    assert_eq!(record(&app).await.state, life::State::Accepted);
    let shown = lead.get(&format!("{SHOP}/findings?list=decided")).await.body;
    assert!(shown.contains(RULE), "{shown}");

    worsen(&app).await;
    assert_eq!(newest(&app).await.standing.state, State::Lapsed);
    let kept = app.store.texts("SELECT content FROM acceptance_event ORDER BY place DESC").await.unwrap();
    assert!(kept[0].contains("\"lapsed\""), "written down with the edit: {}", kept[0]);
    assert_eq!(record(&app).await.state, life::State::Open);
    let list = lead.get(&format!("{SHOP}/risks")).await.body;
    assert!(list.contains("Decide again, or treat the risk"), "{list}");
    let page = lead.get(&format!("{SHOP}/risks/R-1")).await.body;
    for part in ["facts that it rests on got worse", "The vault takes it over", "The facts of then", "Approved by"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let trail = lead.get(&format!("{SHOP}/history")).await.body;
    assert!(trail.contains("lapsed: facts got worse") && !trail.contains("The vault takes it over"), "{trail}");
    let chain = app.store.verify_chain(Some(&workspace())).await.unwrap();
    assert!(matches!(chain, ChainVerdict::Whole { .. }), "{chain:?}");
});

both_dbs!(a_tier_below_the_level_approves_nothing_and_a_high_risk_needs_two, |place| {
    let (app, mut lead) = TestApp::set_up_at(place, Start::Sample).await;
    let mut low = member(&app, "low@shop.example", Tier::Moderate).await;
    let mut ciso = member(&app, "ciso@shop.example", Tier::VeryHigh).await;
    let mut cfo = member(&app, "cfo@shop.example", Tier::High).await;
    let long = ask(&app, &mut lead, ("4", "4"), "2027-11-20").await;
    assert!(long.body.contains("can be accepted until"), "{} {}", long.status, long.body);
    assert!(app.store.gate(Actor::Operator).risks(&workspace()).await.unwrap().risks.is_empty(), "all or nothing");
    assert_eq!(ask(&app, &mut lead, ("4", "4"), "2027-03-01").await.status, StatusCode::SEE_OTHER);
    let below = step(&app, &mut low, "approve", &[]).await;
    assert!(below.body.contains("approval tier does not reach"), "{} {}", below.status, below.body);
    assert!(decided(&step(&app, &mut ciso, "approve", &[]).await));
    assert_eq!(newest(&app).await.standing.state, State::InReview, "one of two");
    assert_ne!(record(&app).await.state, life::State::Accepted);
    let again = step(&app, &mut ciso, "approve", &[]).await;
    assert!(again.body.contains("approved this already"), "{} {}", again.status, again.body);
    app.place.clock.advance(5 * 60 + 1);
    let late = step(&app, &mut cfo, "approve", &[]).await;
    assert_eq!(late.status, StatusCode::FORBIDDEN, "approving asks for a recent proof: {}", late.body);
    let mut cfo = app.signed_in("cfo@shop.example").await;
    assert!(decided(&step(&app, &mut cfo, "approve", &[]).await));
    assert_eq!(newest(&app).await.standing.state, State::Active);
});

both_dbs!(what_is_over_is_over_whether_anybody_wrote_it_down_or_not, |place| {
    let (app, mut lead) = TestApp::set_up_at(place, Start::Sample).await;
    let mut ciso = member(&app, "ciso@shop.example", Tier::Moderate).await;
    let today = app.store.gate(Actor::Operator).estate(&workspace()).await.unwrap().today;
    assert_eq!(ask(&app, &mut lead, ("2", "2"), &today.plus_days(2).to_string()).await.status, StatusCode::SEE_OTHER);
    assert!(decided(&step(&app, &mut ciso, "approve", &[]).await));
    assert_eq!(newest(&app).await.standing.state, State::Expiring);
    app.place.clock.advance(3 * DAY);
    assert_eq!(newest(&app).await.standing.state, State::Expired, "computed when it is read");
    assert_ne!(record(&app).await.state, life::State::Accepted);
    app.store.bring_due().await.unwrap();
    let kept = app.store.texts("SELECT content FROM acceptance_event ORDER BY place DESC").await.unwrap();
    assert!(kept[0].contains("\"expired\""), "written down by the tick: {}", kept[0]);
    let mut lead = app.signed_in("security@shop.example").await;
    let list = lead.get(&format!("{SHOP}/risks")).await.body;
    assert!(list.contains("Expired") && list.contains("Decide again"), "{list}");
});

both_dbs!(who_answered_for_the_risk_when_it_was_asked_for_does_not_approve_it, |place| {
    let (app, mut lead) = TestApp::set_up_at(place, Start::Sample).await;
    let mut ciso = member(&app, "ciso@shop.example", Tier::VeryHigh).await;
    let gate = app.store.gate(Actor::Operator);
    let members = gate.members(&workspace()).await.unwrap();
    let account =
        members.iter().find(|it| it.mail.as_deref() == Some("ciso@shop.example")).unwrap().account.to_string();
    let estate = gate.estate(&workspace()).await.unwrap();
    let mut people = estate.model.people.keys().map(ToString::to_string);
    let (own, other) = (people.next().unwrap(), people.next().unwrap());
    let linked = lead.post(&format!("{SHOP}/people/{own}/account"), &[("account", account.as_str())]).await;
    assert_eq!(linked.status, StatusCode::SEE_OTHER, "{}", linked.body);
    let form = [
        ("title", "Codes are kept"),
        ("owner", own.as_str()),
        ("inherent_likelihood", "2"),
        ("inherent_impact", "2"),
        ("rev", "0"),
    ];
    assert_eq!(lead.post(&format!("{SHOP}/risks/new"), &form).await.status, StatusCode::SEE_OTHER);
    let asked = [("justification", "The vault takes it over in spring."), ("expires", "2027-01-31")];
    assert_eq!(lead.post(&format!("{SHOP}/risks/R-1/accept"), &asked).await.status, StatusCode::SEE_OTHER);
    let refused = step(&app, &mut ciso, "approve", &[]).await;
    assert!(refused.body.contains("Whoever answers for this"), "{} {}", refused.status, refused.body);
    let handed = lead.post(&format!("{SHOP}/risks/R-1/edit"), &[("owner", other.as_str()), ("rev", "1")]).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", handed.body);
    let refused = step(&app, &mut ciso, "approve", &[]).await;
    assert!(refused.body.contains("Whoever answers for this"), "{} {}", refused.status, refused.body);
    let rejected = step(&app, &mut ciso, "reject", &[("reason", "Not like this.")]).await;
    assert!(decided(&rejected), "{} {}", rejected.status, rejected.body);
    assert_eq!(newest(&app).await.standing.state, State::Rejected);
});
