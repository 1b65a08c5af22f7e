//! Flows that two people confirm, checkpoints, the profile of the entity and the stages of its channels, through the real
//! router.

use axum::body::Body;
use domain::backend::Backend as _;
use domain::backend::people::People as _;
use domain::confirmation::side_by_side;
use domain::id::WorkspaceId;
use domain::role::Role;
use http::{Method, StatusCode};
use store::{Actor, ChainVerdict, Start};
use tests::both_dbs;

use super::app::{Answer, Browser, TestApp, request};

const FLOW: &str = "/w/shop/flows/pay";
const CONFIRM: &str = "/w/shop/flows/pay/confirm";

fn shop() -> WorkspaceId {
    WorkspaceId::new("shop")
}

async fn made(owner: &mut Browser, page: &str, form: &[(&str, &str)]) {
    let answer = owner.post(&format!("/w/shop/{page}"), form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{page}: {}", answer.body);
}

/// Links an account to a person.
async fn link(app: &TestApp, owner: &mut Browser, mail: &str, person: &str) {
    let members = app.store.gate(Actor::Operator).members(&shop()).await.unwrap();
    let account = members.into_iter().find(|it| it.mail.as_deref() == Some(mail)).unwrap().account.to_string();
    made(owner, &format!("people/{person}/account"), &[("account", account.as_str())]).await;
}

/// A flow whose ends two people answer for, each with an account; and somebody who answers for both, and one for none.
async fn two_ends(app: &TestApp, owner: &mut Browser) -> (Browser, Browser) {
    for (name, id) in [("Checkout lead", "producer"), ("Bank lead", "consumer"), ("Both lead", "both")] {
        made(owner, "people/new", &[("name", name), ("id", id)]).await;
    }
    made(owner, "systems/new", &[("name", "Checkout"), ("owner", "producer"), ("fact.deputy", "both")]).await;
    made(owner, "systems/new", &[("name", "Bank"), ("owner", "consumer"), ("fact.deputy", "both")]).await;
    let flow =
        [("from", "checkout"), ("to", "bank"), ("id", "pay"), ("field.0.element", "email"), ("field.0.form", "clear")];
    made(owner, "flows/new", &flow).await;
    let mut browsers = Vec::new();
    for person in ["producer", "consumer"] {
        let mail = format!("{person}@shop.example");
        app.add_account(&mail, &[("shop", Role::Reviewer)]).await;
        link(app, owner, &mail, person).await;
        browsers.push(app.signed_in(&mail).await);
    }
    let consumer = browsers.pop().unwrap();
    (browsers.pop().unwrap(), consumer)
}

async fn say(app: &TestApp, browser: &mut Browser, form: &[(&str, &str)]) -> Answer {
    let rev = app.revision("shop").await.to_string();
    let form = [form, &[("rev", rev.as_str())]].concat();
    browser.post(CONFIRM, &form).await
}

async fn confirmed(app: &TestApp) -> (bool, bool) {
    let estate = app.store.gate(Actor::Operator).estate(&shop()).await.unwrap();
    let both = side_by_side(&estate.stored.flows["pay"]);
    (both.is_confirmed(), both.disagree())
}

both_dbs!(two_people_confirm_a_flow_and_a_change_of_it_takes_that_back, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let (mut producer, mut consumer) = two_ends(&app, &mut owner).await;
    let page = producer.get(FLOW).await.body;
    for part in
        ["Do both ends say so?", "Not confirmed by both ends", "You answer for the end that sends", "Checkout lead"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    let said = say(&app, &mut producer, &[("end", "source"), ("answer", "agrees")]).await;
    assert!(said.location().starts_with("/w/shop/flows/pay?done=flow-confirmed"), "{} {}", said.status, said.body);
    assert_eq!(confirmed(&app).await, (false, false), "one end is not both");

    // The other end is somebody else's, and so is this one for whoever answers for nothing.
    let theirs = say(&app, &mut producer, &[("end", "target"), ("answer", "agrees")]).await;
    assert_eq!(theirs.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(theirs.body.contains("Somebody else answers for the system at this end"), "{}", theirs.body);
    assert_eq!(
        say(&app, &mut consumer, &[("end", "target"), ("answer", "agrees")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(confirmed(&app).await, (true, false));
    let page = producer.get(FLOW).await.body;
    assert!(page.contains("Confirmed by both ends") && page.contains("Bank lead"), "{page}");
    let list = owner.get("/w/shop/flows").await.body;
    assert!(list.contains("Confirmed by both ends: 1 of 1 flows in use."), "{list}");
    assert!(owner.get("/w/shop/flows?q=is:confirmed").await.body.contains("href=\"/w/shop/flows/pay\""));

    // What the flow carries changes: both are asked again, and nobody contradicts anybody.
    let rev = app.revision("shop").await.to_string();
    let edit =
        [("from", "checkout"), ("to", "bank"), ("field.0.element", "pan"), ("field.0.form", "clear"), ("rev", &rev)];
    made(&mut owner, "flows/pay/edit", &edit).await;
    assert_eq!(confirmed(&app).await, (false, false));
    let page = consumer.get(FLOW).await.body;
    assert_eq!(page.matches("Agreed with what was entered before").count(), 2, "{page}");
    assert!(owner.get("/w/shop/flows?q=is:unconfirmed").await.body.contains("href=\"/w/shop/flows/pay\""));

    let trail = owner.get("/w/shop/history").await.body;
    assert_eq!(trail.matches("Flow confirmed or contradicted by one of its ends").count(), 2, "{trail}");
    let chain = app.store.verify_chain(Some(&shop())).await.unwrap();
    assert!(matches!(chain, ChainVerdict::Whole { .. }), "{chain:?}");
});

both_dbs!(different_answers_stand_side_by_side_and_are_a_finding, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let (mut producer, mut consumer) = two_ends(&app, &mut owner).await;
    assert_eq!(
        say(&app, &mut producer, &[("end", "source"), ("answer", "agrees")]).await.status,
        StatusCode::SEE_OTHER
    );
    let nothing = say(&app, &mut consumer, &[("end", "target"), ("answer", "differs")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body.contains("What goes over the wire: Fill in this field."), "{}", nothing.body);
    let differs =
        [("end", "target"), ("answer", "differs"), ("field", "email:clear"), ("field", "pan:clear"), ("field", "")];
    assert_eq!(say(&app, &mut consumer, &differs).await.status, StatusCode::SEE_OTHER);
    assert_eq!(confirmed(&app).await, (false, true));
    let page = owner.get(FLOW).await.body;
    for part in ["The ends contradict each other", "The receiver says", "differs", "Something else"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let found = owner.get("/w/shop/findings?q=rule:F-ENDS-DIFFER").await.body;
    assert!(found.contains("the sender says that it carries email clear"), "{found}");
    assert!(owner.get("/w/shop/flows?q=is:ends-differ").await.body.contains("href=\"/w/shop/flows/pay\""));

    // What somebody sees, they confirm: not what somebody else made of it meanwhile.
    let stale = producer.post(CONFIRM, &[("end", "source"), ("answer", "agrees"), ("rev", "1")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.body);
});

both_dbs!(one_person_never_confirms_both_ends_and_no_form_forges_it, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let (_, mut consumer) = two_ends(&app, &mut owner).await;
    app.add_account("both@shop.example", &[("shop", Role::Reviewer)]).await;
    link(&app, &mut owner, "both@shop.example", "both").await;
    let mut both = app.signed_in("both@shop.example").await;
    assert!(both.get(FLOW).await.body.contains("For which end"));
    assert_eq!(say(&app, &mut both, &[("end", "source"), ("answer", "agrees")]).await.status, StatusCode::SEE_OTHER);
    let again = say(&app, &mut both, &[("end", "target"), ("answer", "agrees")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("You answered for the other end of this flow."), "{}", again.body);

    // Neither the form of the flow nor a copy of it confirms anything.
    let forged = r#"[{"end":"target","person":"consumer","answer":"agrees","at":"2026-01-01T00:00:00Z"}]"#;
    let rev = app.revision("shop").await.to_string();
    let edit = [("from", "checkout"), ("to", "bank"), ("fact.confirmations", forged), ("rev", rev.as_str())];
    owner.post("/w/shop/flows/pay/edit", &edit).await;
    assert_eq!(confirmed(&app).await, (false, false));
    assert!(!owner.get("/w/shop/flows/pay/edit").await.body.contains("confirmations"));
    assert!(!owner.get("/w/shop/flows/new?copy=pay").await.body.contains("agrees"));

    // A program confirms nothing in anybody's name either.
    let token = owner.post("/w/shop/tokens", &[("name", "Pipeline"), ("scope", "write"), ("days", "90")]).await;
    let token = &token.body[token.body.find("plb_").unwrap()..];
    let bearer = format!("Bearer {}", token.split(['"', '<']).next().unwrap());
    let flow = "/api/v1/workspaces/shop/objects/flows/pay";
    let reads = [("authorization", bearer.as_str())];
    let read = app.browser().send(request(Method::GET, flow, &reads, Body::empty())).await;
    let tag = read.headers["etag"].to_str().unwrap().to_owned();
    let writes = [reads[0], ("content-type", "application/json"), ("if-match", tag.as_str())];
    let body = format!(
        r#"{{"id":"pay","from":"checkout","to":"bank","data":[{{"element":"email"}}],"confirmations":{forged}}}"#
    );
    let put = app.browser().send(request(Method::PUT, flow, &writes, Body::from(body))).await;
    assert_eq!(put.status, StatusCode::FORBIDDEN, "{}", put.body);

    // Rights: who only reads is told so, and who is linked to nobody how to change that.
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    assert!(!viewer.get(FLOW).await.body.contains("Save what you say"));
    let refused = say(&app, &mut viewer, &[("end", "target"), ("answer", "perhaps")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    app.add_account("editor@shop.example", &[("shop", Role::Editor)]).await;
    let mut editor = app.signed_in("editor@shop.example").await;
    let nobody = say(&app, &mut editor, &[("end", "target"), ("answer", "agrees")]).await;
    assert!(nobody.body.contains("Your account is linked to no person of this workspace."), "{}", nobody.body);
    for (form, words) in [
        (&[("end", "middle"), ("answer", "agrees")][..], "Choose one of the values offered."),
        (&[("end", "target"), ("answer", "differs"), ("field", "pan")][..], "write each by its key"),
        (
            &[("end", "target"), ("answer", "agrees"), ("person", "producer")][..],
            "something that its page does not have",
        ),
    ] {
        let wrong = say(&app, &mut consumer, form).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.body);
        assert!(wrong.body.contains(words), "{words}: {}", wrong.body);
    }
    assert_eq!(confirmed(&app).await, (false, false));
    let proposed =
        consumer.post(&format!("{CONFIRM}?proposal=prop-1"), &[("end", "target"), ("answer", "agrees")]).await;
    assert!(proposed.status.is_client_error(), "no proposal holds what somebody confirms: {}", proposed.status);
});

both_dbs!(a_vendor_begins_and_ends_with_a_checklist, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let today = app.store.gate(Actor::Operator).estate(&shop()).await.unwrap().today;
    let (soon, over) = (today.plus_days(20).to_string(), today.plus_days(-1).to_string());
    let vendor = [
        ("name", "Card service"),
        ("id", "psp"),
        ("fact.contact", "desk"),
        ("fact.incident_contact", "night desk"),
        ("fact.aoc_expires", over.as_str()),
        ("fact.end_date", soon.as_str()),
        ("fact.sla_availability_permille", "999"),
        ("fact.sla_notify_hours", "72"),
    ];
    made(&mut owner, "inventory/vendors/new", &vendor).await;
    made(&mut owner, "systems/new", &[("name", "Checkout")]).await;
    made(&mut owner, "systems/new", &[("name", "Gateway"), ("boundary", "third_party"), ("vendor", "psp")]).await;
    made(&mut owner, "flows/new", &[("from", "checkout"), ("to", "gateway"), ("id", "pay")]).await;
    let page = owner.get("/w/shop/inventory/vendors/psp").await.body;
    for part in [
        "Before it is used",
        "1 of 6 done",
        "Both contacts are there.",
        "Ask for an attestation that is valid today.",
        "Before it is over",
        "Remove or retire the flows with them: 1.",
        "99.9 %",
        "within 72 hours only",
        &format!("ends on {soon}"),
        &format!("was over on {over}"),
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let list = owner.get("/w/shop/inventory/vendors").await.body;
    assert!(
        list.contains("3 alerts about what vendors promised") && list.contains("The agreement ends soon"),
        "{list}"
    );

    let rev = app.revision("shop").await.to_string();
    let tick = |gate, point, evidence| [("gate", gate), ("point", point), ("evidence", evidence), ("rev", "99")];
    let check = "/w/shop/inventory/vendors/psp/check";
    let nothing = owner.post(check, &tick("onboarding", "identity", " ")).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body.contains("id=\"evidence-onboarding-identity-error\""), "{}", nothing.body);
    let still_there = owner.post(check, &tick("decommissioning", "edges_removed", "They are gone.")).await;
    assert_eq!(still_there.status, StatusCode::UNPROCESSABLE_ENTITY, "what is there is not gone: {}", still_there.body);
    let other = owner.post(check, &tick("onboarding", "rotation", "EV-0001")).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", other.body);
    let number = owner.post(check, &tick("onboarding", "identity", "4111 1111 1111 1111")).await;
    assert!(number.status == StatusCode::UNPROCESSABLE_ENTITY, "{}", number.body);
    assert!(number.body.contains("This looks like a full card number."), "{}", number.body);
    let stale = [("gate", "onboarding"), ("point", "identity"), ("evidence", "EV-0001"), ("rev", "0")];
    assert_eq!(owner.post(check, &stale).await.status, StatusCode::CONFLICT);
    let link =
        [("gate", "onboarding"), ("point", "identity"), ("evidence", "https://shop.example/check"), ("rev", &rev)];
    let done = owner.post(check, &link).await;
    assert!(done.location().starts_with("/w/shop/inventory/vendors/psp?done=point-ticked"), "{}", done.body);
    let page = owner.get("/w/shop/inventory/vendors/psp").await.body;
    for part in ["2 of 6 done", "href=\"https://shop.example/check\"", &today.to_string()] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("checkpoints"), "the fact is told by the list: {page}");
    app.add_account("reviewer@shop.example", &[("shop", Role::Reviewer)]).await;
    let mut reviewer = app.signed_in("reviewer@shop.example").await;
    assert!(!reviewer.get("/w/shop/inventory/vendors/psp").await.body.contains("Tick it"));
    assert_eq!(reviewer.post(check, &link).await.status, StatusCode::FORBIDDEN);
    let segment = owner.post("/w/shop/inventory/segments/none/check", &link).await;
    assert_eq!(segment.status, StatusCode::NOT_FOUND, "{}", segment.body);

    made(&mut owner, "inventory/credentials/new", &[("name", "Key"), ("id", "key"), ("kind", "api_key")]).await;
    let key = owner.get("/w/shop/inventory/credentials/key").await.body;
    assert!(key.contains("0 of 4 done") && key.contains("Move it to a vault"), "{key}");
    let chain = app.store.verify_chain(Some(&shop())).await.unwrap();
    assert!(matches!(chain, ChainVerdict::Whole { .. }), "{chain:?}");
});

both_dbs!(a_point_is_ticked_on_the_day_of_the_workspace, |place| {
    // Half past ten, and half past midnight of the next day where the workspace is.
    place.clock.advance(60 * 60);
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let today = app.store.gate(Actor::Operator).estate(&shop()).await.unwrap().today;
    let zone = [("form", "time-zone"), ("time_zone", "Pacific/Kiritimati")];
    made(&mut owner, "settings/time-zone", &zone).await;
    made(&mut owner, "inventory/vendors/new", &[("name", "Card service"), ("id", "psp")]).await;
    let rev = app.revision("shop").await.to_string();
    let tick = [("gate", "onboarding"), ("point", "identity"), ("evidence", "EV-0001"), ("rev", rev.as_str())];
    made(&mut owner, "inventory/vendors/psp/check", &tick).await;
    let estate = app.store.gate(Actor::Operator).estate(&shop()).await.unwrap();
    let ticked = &estate.stored.vendors["psp"].facts["checkpoints"].value;
    assert_eq!(ticked[0]["done_at"], today.plus_days(1).to_string(), "{ticked}");
});

both_dbs!(the_profile_names_channels_and_each_stage_has_flows_or_a_reason, |place| {
    const ENTITY: &str = "/w/shop/settings/entity";
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let empty = owner.get("/w/shop/board").await.body;
    assert!(empty.contains("No payment channel yet"), "{empty}");
    let profile = [
        ("legal_name", "Shop Ltd"),
        ("entity_type", "merchant"),
        ("validation", "saq"),
        ("level", "2"),
        ("locations", "Head office\r\nData centre"),
        ("channel", ""),
        ("channel", "moto"),
        ("brand", ""),
        ("brand", "visa"),
        ("transactions.visa", "1 500 000"),
        ("acquirers", "Bank"),
        ("assessor", "Own team"),
        ("from", "2026-01-01"),
        ("until", "2026-12-31"),
        ("rev", "0"),
    ];
    assert!(owner.get(ENTITY).await.body.contains("Enter the registered name."));
    let mut wrong = profile.to_vec();
    wrong.retain(|(name, _)| !["level", "until"].contains(name));
    wrong.extend([("level", "7"), ("until", "2025-12-31")]);
    let refused = owner.post(ENTITY, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for part in ["href=\"#f-level\"", "href=\"#f-until\"", "Shop Ltd"] {
        assert!(refused.body.contains(part), "{part}: {}", refused.body);
    }
    let saved = owner.post(ENTITY, &profile).await;
    assert_eq!(saved.location(), "/w/shop/settings/entity?done=entity-saved", "{}", saved.body);
    assert_eq!(owner.post(ENTITY, &profile).await.status, StatusCode::CONFLICT, "it was saved since");
    let page = owner.get(ENTITY).await.body;
    assert!(page.contains("value=\"1500000\"") && !page.contains("Still missing"), "{page}");

    // The channel of the profile and the one that a flow names.
    made(&mut owner, "systems/new", &[("name", "Checkout")]).await;
    made(&mut owner, "systems/new", &[("name", "Bank")]).await;
    let flow = [
        ("from", "checkout"),
        ("to", "bank"),
        ("id", "pay"),
        ("fact.payment_stage", "authorisation"),
        ("fact.payment_channel", "e_commerce"),
    ];
    made(&mut owner, "flows/new", &flow).await;
    let board = owner.get("/w/shop/board").await.body;
    assert!(board.contains("11 stages without a flow and without a reason."), "{board}");
    let filter = "/w/shop/flows?q=payment_stage%3Aauthorisation+payment_channel%3Ae_commerce";
    let listed = board.split("href=\"").find(|it| it.starts_with("/w/shop/flows?q=payment_stage")).unwrap();
    let listed = owner.get(listed.split('"').next().unwrap()).await.body;
    assert!(listed.contains("href=\"/w/shop/flows/pay\""), "{filter}: {listed}");

    let cell = "/w/shop/board?channel=moto&stage=settlement";
    assert!(owner.get(cell).await.body.contains("Why has settlement of"));
    let because = |reason, rev| [("channel", "moto"), ("stage", "settlement"), ("reason", reason), ("rev", rev)];
    let number = owner.post("/w/shop/board", &because("4111 1111 1111 1111", "1")).await;
    assert!(
        number.status == StatusCode::UNPROCESSABLE_ENTITY && number.body.contains("href=\"#f-reason\""),
        "{}",
        number.body
    );
    let said = owner.post("/w/shop/board", &because("The provider settles without us.", "1")).await;
    assert_eq!(said.location(), "/w/shop/board?done=cell-explained", "{}", said.body);
    let board = owner.get("/w/shop/board").await.body;
    for part in ["The provider settles without us.", "10 stages without", "Change the reason"] {
        assert!(board.contains(part), "{part}: {board}");
    }
    let stale = owner.post("/w/shop/board", &because("", "1")).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.body);
    let scope = owner.get("/w/shop/scope").await.body;
    for part in ["Stages of payment channels: 12; with flows: 1; with a reason why not: 1.", "Speaks against a yes"] {
        assert!(scope.contains(part), "{part}: {scope}");
    }

    // Editors explain, administrators say who is assessed, everybody reads.
    for (role, explains, sets) in [
        (Role::Admin, true, true),
        (Role::Editor, true, false),
        (Role::Reviewer, false, false),
        (Role::Auditor, false, false),
    ] {
        let mail = format!("{role}@shop.example");
        app.add_account(&mail, &[("shop", role)]).await;
        let mut browser = app.signed_in(&mail).await;
        let page = browser.get(ENTITY).await;
        assert_eq!(page.status, StatusCode::OK, "{role}: {}", page.body);
        assert_eq!(page.body.contains("name=\"legal_name\""), sets, "{role}");
        // Nothing was signed yet, and an auditor sees nothing else.
        assert_eq!(page.body.contains("Shop Ltd"), role != Role::Auditor, "{role}");
        assert_eq!(browser.get(cell).await.body.contains("name=\"reason\""), explains, "{role}");
        let status = |may| if may { StatusCode::CONFLICT } else { StatusCode::FORBIDDEN };
        assert_eq!(browser.post("/w/shop/board", &because("", "0")).await.status, status(explains), "{role}");
        assert_eq!(browser.post(ENTITY, &[("legal_name", "Other"), ("rev", "0")]).await.status, status(sets), "{role}");
    }
    let trail = owner.get("/w/shop/history").await.body;
    assert!(trail.contains("Profile of the entity changed") && !trail.contains("Shop Ltd"), "{trail}");
    let chain = app.store.verify_chain(Some(&shop())).await.unwrap();
    assert!(matches!(chain, ChainVerdict::Whole { .. }), "{chain:?}");
});

both_dbs!(a_confirmation_of_the_scope_answers_seven_elements_with_what_the_model_said, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    for (name, id) in [("Checkout lead", "producer"), ("Bank lead", "consumer")] {
        made(&mut owner, "people/new", &[("name", name), ("id", id)]).await;
    }
    let vault = [("name", "Vault"), ("holding.0.element", "pan"), ("holding.0.form", "clear")];
    made(&mut owner, "systems/new", &vault).await;
    let opening = |kind| {
        [
            ("kind", kind),
            ("name", "2026"),
            ("due", "2026-12-15"),
            ("statement", "The scope is what is written here."),
            ("signer.0.person", "producer"),
            ("signer.0.part", "attests"),
            ("signer.0.role", "Head of payments"),
            ("signer.1.person", "consumer"),
            ("signer.1.part", "approves"),
            ("signer.1.role", "Head of security"),
        ]
    };
    made(&mut owner, "reviews/new", &opening("scope")).await;
    made(&mut owner, "reviews/new", &opening("integrations")).await;
    let page = owner.get("/w/shop/reviews/REV-1").await.body;
    for part in [
        "0 of 7 elements answered",
        "Systems of ours that hold account data: 1; outside the CDE: 0.",
        "href=\"/w/shop/systems?q=key%3Avault\"",
        "Nobody has approved the map yet.",
        "Save the answer",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let answer = |element, confirmed, words| [("element", element), ("confirmed", confirmed), ("words", words)];
    let elements = "/w/shop/reviews/REV-1/elements";
    let nothing = owner.post(elements, &answer("locations", "", " ")).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body.contains("Choose one of the values offered."), "{}", nothing.body);
    assert_eq!(owner.post(elements, &answer("everything", "yes", "x")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = owner.post(elements, &answer("locations", "yes", "The vault, and nothing else.")).await;
    assert_eq!(said.location(), "/w/shop/reviews/REV-1?done=review-saved", "{}", said.body);
    let page = owner.get("/w/shop/reviews/REV-1").await.body;
    for part in
        ["1 of 7 elements answered", "The vault, and nothing else.", "The model said then: ", "Change the answer"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }

    // No other review has them, and who only reads answers none.
    assert!(!owner.get("/w/shop/reviews/REV-2").await.body.contains("elements answered"));
    let other = owner.post("/w/shop/reviews/REV-2/elements", &answer("locations", "yes", "All.")).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", other.body);
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    let page = viewer.get("/w/shop/reviews/REV-1").await.body;
    assert!(page.contains("1 of 7 elements answered") && !page.contains("Save the answer"), "{page}");
    assert_eq!(viewer.post(elements, &answer("flows", "yes", "All.")).await.status, StatusCode::FORBIDDEN);
    for element in ["flows", "diagrams", "components", "segmentation", "third_parties", "completeness"] {
        let said = owner.post(elements, &answer(element, "no", "Not all of it.")).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{element}: {}", said.body);
    }
    assert!(owner.get("/w/shop/reviews/REV-1").await.body.contains("7 of 7 elements answered"));
    let chain = app.store.verify_chain(Some(&shop())).await.unwrap();
    assert!(matches!(chain, ChainVerdict::Whole { .. }), "{chain:?}");
});
