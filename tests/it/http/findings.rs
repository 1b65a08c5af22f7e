//! Findings through the real router: what the sample shows, what would end it, and who may make the change.

use domain::backend::Backend as _;
use domain::findings::Finding;
use domain::id::WorkspaceId;
use domain::role::Role;
use http::StatusCode;
use store::{Actor, Start};

use super::app::TestApp;

const SAMPLE: &str = "storefront-payments-sample";
const SHOP: &str = "/w/storefront-payments-sample";

/// The path of a finding's page.
fn page_of(finding: &Finding) -> String {
    let key = finding.identity().to_string().replace(' ', "%20").replace(':', "%3A");
    format!("{SHOP}/findings/{key}")
}

/// The first finding of a rule in the sample's workspace.
async fn find(app: &TestApp, rule: &str) -> Option<Finding> {
    let gate = app.store.gate(Actor::Operator);
    let estate = gate.estate(&WorkspaceId::new(SAMPLE)).await.unwrap();
    gate.findings(&estate).await.unwrap().findings.iter().find(|it| it.rule == rule).cloned()
}

#[tokio::test]
async fn the_sample_shows_its_findings_the_most_urgent_first() {
    let (_app, mut owner) = TestApp::set_up(Start::Sample).await;
    let home = owner.get(SHOP).await.body;
    assert!(home.contains("Look at this first") && home.contains("card verification code in clear"), "{home}");
    let list = owner.get(&format!("{SHOP}/findings")).await.body;
    let at = |words: &str| list.find(words).unwrap_or_else(|| panic!("{words} in {list}"));
    assert!(at("F-SAD-STORED") < at("F-DFD"));
    let critical = owner.get(&format!("{SHOP}/findings?q=severity:critical")).await.body;
    assert!(critical.contains("F-SAD-STORED") && !critical.contains("F-DFD"), "{critical}");
    let requirement = owner.get(&format!("{SHOP}/findings?q=requirement:3.3.1")).await.body;
    assert!(requirement.contains("F-SAD-STORED") && !requirement.contains("F-CDE-INBOUND"), "{requirement}");
    let rules = owner.get(&format!("{SHOP}/rules?q=is:silent")).await.body;
    assert!(rules.contains("found nothing") && !rules.contains(">F-SAD-STORED<"), "{rules}");
}

#[tokio::test]
async fn a_fix_is_tried_out_first_and_made_by_whoever_may_edit() {
    let (app, mut owner) = TestApp::set_up(Start::Sample).await;
    let finding = find(&app, "PF-12").await.unwrap();
    let page = page_of(&finding);
    let told = owner.get(&page).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.body);
    for words in
        ["The facts it rests on", "Ends 7 findings", "1 system would change category", "Requirements that speak to it"]
    {
        assert!(told.body.contains(words), "{words} in {}", told.body);
    }

    app.add_account("viewer@shop.example", &[(SAMPLE, Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    assert!(!viewer.get(&page).await.body.contains("Make this change"));
    let revision = app.revision(SAMPLE).await.to_string();
    let form = [("rev", revision.as_str()), ("fix", "0")];
    let apply = format!("{page}/apply");
    assert_eq!(viewer.post(&apply, &form).await.status, StatusCode::FORBIDDEN);

    let wrong = owner.post(&apply, &[("rev", &revision), ("fix", "77")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.body);
    assert_eq!(app.revision(SAMPLE).await.to_string(), revision);
    let made = owner.post(&apply, &form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let after = owner.get(made.location()).await;
    assert_eq!(after.status, StatusCode::OK, "the change that ended it is no error");
    assert!(after.body.contains("1 system changed category") && after.body.contains("this is not found any more"));
    assert_eq!(owner.get(&page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(find(&app, "PF-12").await, None);
    let again = owner.post(&apply, &form).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}
