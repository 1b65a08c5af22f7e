//! Proposals through the real router, on both databases: edited beside the model, tested, approved, merged.

use domain::role::Role;
use http::StatusCode;
use store::Start;
use tests::both_dbs;

use super::app::{Browser, TestApp};

const PROPOSAL: &str = "/w/shop/proposals/prop-1";

async fn done(browser: &mut Browser, path: &str, form: &[(&str, &str)]) -> String {
    let answer = browser.post(path, form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
    answer.location().to_owned()
}

/// Two systems, a flow, and a proposal that renames the flow and adds a system.
async fn proposed(owner: &mut Browser) {
    for name in ["Checkout", "Gateway"] {
        done(owner, "/w/shop/systems/new", &[("name", name)]).await;
    }
    let flow = [("from", "checkout"), ("to", "gateway"), ("id", "pay"), ("auth", "none")];
    done(owner, "/w/shop/flows/new", &flow).await;
    let begun = done(owner, "/w/shop/proposals", &[("title", "New till"), ("reason", "The old one goes.")]).await;
    assert_eq!(begun, format!("{PROPOSAL}?done=proposal-begun"));
    let saved = done(owner, "/w/shop/systems/new?proposal=prop-1", &[("name", "Till")]).await;
    assert!(saved.contains("done=saved-to-proposal") && saved.contains("proposal=prop-1"), "{saved}");
    let edited = [
        ("from", "checkout"),
        ("to", "gateway"),
        ("auth", "none"),
        ("rev", "99"),
        ("field.0.element", "pan"),
        ("field.0.form", "clear"),
    ];
    done(owner, "/w/shop/flows/pay/edit?proposal=prop-1", &edited).await;
}

async fn pass_gates(browser: &mut Browser) {
    for gate in ["peer_review", "security_test", "test_data", "canary_plan", "rollback_criteria"] {
        let result = format!("result.{gate}");
        let form = [("step", "pass"), ("gate", gate), (result.as_str(), "https://results.shop.example/1")];
        done(browser, PROPOSAL, &form).await;
    }
}

both_dbs!(edits_of_a_proposal_are_seen_with_it_and_nowhere_else, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    proposed(&mut owner).await;
    let revision = app.revision("shop").await;
    assert!(!owner.get("/w/shop/systems").await.body.contains("Till"));
    let with = owner.get("/w/shop/systems?proposal=prop-1").await.body;
    assert!(with.contains("Till") && with.contains("aria-label=\"Proposal\""), "{with}");
    assert!(with.contains("href=\"/w/shop/systems/new?proposal=prop-1\""), "forms stay with it: {with}");
    let map = owner.get("/w/shop/map?proposal=prop-1&mode=diff").await.body;
    assert!(map.contains("+ added") && map.contains("~ was"), "{map}");
    let page = owner.get(PROPOSAL).await.body;
    for words in ["Categories that moved", "Till", "Peer review", "only member", "1 added, 0 removed, 1 changed"] {
        assert!(page.contains(words), "{words} in {page}");
    }
    for path in ["/w/shop/people/new", "/w/shop/settings", "/w/shop/history/take-back", "/w/shop/import/x"] {
        let refused = owner.post(&format!("{path}?proposal=prop-1"), &[("name", "Sneaked in")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{path}: {}", refused.body);
    }
    assert_eq!(app.revision("shop").await, revision);
    app.add_account("auditor@walk.example", &[("shop", Role::Auditor)]).await;
    let mut auditor = app.signed_in("auditor@walk.example").await;
    for path in ["/w/shop/proposals", PROPOSAL, "/w/shop/map?proposal=prop-1"] {
        assert_eq!(auditor.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
});

both_dbs!(a_single_member_merges_and_it_is_marked, |place| {
    let (_app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    proposed(&mut owner).await;
    done(&mut owner, PROPOSAL, &[("step", "submit")]).await;
    let early = owner.post(PROPOSAL, &[("step", "merge")]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", early.body);
    assert!(early.body.contains("A gate is still open"), "{}", early.body);
    pass_gates(&mut owner).await;
    done(&mut owner, PROPOSAL, &[("step", "merge")]).await;
    for path in [PROPOSAL, "/w/shop/proposals"] {
        let page = owner.get(path).await.body;
        assert!(page.contains("Merged") && page.contains("not four-eyes"), "{page}");
    }
    assert!(owner.get("/w/shop/systems").await.body.contains("Till"));
    assert_eq!(owner.get("/w/shop/map?proposal=prop-1").await.status, StatusCode::NOT_FOUND);
    let again = owner.post(PROPOSAL, &[("step", "merge")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
});

both_dbs!(others_approve_and_the_requester_never_does, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    for (mail, role) in [("editor@walk.example", Role::Editor), ("viewer@walk.example", Role::Viewer)] {
        app.add_account(mail, &[("shop", role)]).await;
    }
    let (mut editor, mut viewer) =
        (app.signed_in("editor@walk.example").await, app.signed_in("viewer@walk.example").await);
    proposed(&mut owner).await;
    let not_yet = editor.post(PROPOSAL, &[("step", "approve"), ("need", "security")]).await;
    assert_eq!(not_yet.status, StatusCode::UNPROCESSABLE_ENTITY, "it is a draft: {}", not_yet.body);
    done(&mut owner, PROPOSAL, &[("step", "submit")]).await;
    let own = owner.post(PROPOSAL, &[("step", "approve"), ("need", "security")]).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(own.body.contains("Nobody approves or reviews what they asked for"), "{}", own.body);
    let looks = viewer.post(PROPOSAL, &[("step", "approve"), ("need", "security")]).await;
    assert_eq!(looks.status, StatusCode::FORBIDDEN);
    let others = editor.post("/w/shop/systems/new?proposal=prop-1", &[("name", "Mine")]).await;
    assert_eq!(others.status, StatusCode::FORBIDDEN, "only the requester edits it");
    pass_gates(&mut editor).await;
    for need in ["security", "owner:checkout", "owner:gateway", "owner:till"] {
        let early = owner.post(PROPOSAL, &[("step", "merge")]).await;
        assert!(early.body.contains("An approval is still missing"), "{}", early.body);
        done(&mut editor, PROPOSAL, &[("step", "approve"), ("need", need)]).await;
    }
    // Somebody changes the same flow directly: it has to be decided, and approved again.
    let direct = [("from", "checkout"), ("to", "gateway"), ("auth", "mtls"), ("rev", "99")];
    done(&mut editor, "/w/shop/flows/pay/edit", &direct).await;
    let clash = owner.post(PROPOSAL, &[("step", "merge")]).await;
    assert_eq!(clash.status, StatusCode::CONFLICT, "{}", clash.body);
    assert!(clash.body.contains("Changed meanwhile: 1") && clash.body.contains("By now"), "{}", clash.body);
    let flow = [("step", "resolve"), ("object", "{\"Flow\":\"pay\"}"), ("choice", "yours")];
    done(&mut owner, PROPOSAL, &flow).await;
    let page = owner.get(PROPOSAL).await.body;
    assert!(!page.contains("Changed meanwhile") && page.contains("Draft"), "{page}");
    done(&mut owner, PROPOSAL, &[("step", "submit")]).await;
    let review = [("step", "pass"), ("gate", "peer_review"), ("result.peer_review", "Seen.")];
    done(&mut editor, PROPOSAL, &review).await;
    for need in ["security", "owner:checkout", "owner:gateway", "owner:till"] {
        done(&mut editor, PROPOSAL, &[("step", "approve"), ("need", need)]).await;
    }
    done(&mut owner, PROPOSAL, &[("step", "merge")]).await;
    let merged = owner.get(PROPOSAL).await.body;
    assert!(merged.contains("Merged by") && !merged.contains("not four-eyes"), "{merged}");
});

both_dbs!(a_protected_scope_is_changed_through_proposals_only, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    for name in ["Checkout", "Wiki"] {
        done(&mut owner, "/w/shop/systems/new", &[("name", name)]).await;
    }
    let in_scope =
        [("name", "Vault"), ("holding.0.element", "pan"), ("holding.0.form", "clear"), ("holding.0.ops", "store")];
    done(&mut owner, "/w/shop/systems/new", &in_scope).await;
    done(&mut owner, "/w/shop/settings/protection", &[("form", "protect"), ("protects", "yes")]).await;
    let revision = app.revision("shop").await;
    let refused = owner.post("/w/shop/systems/vault/edit", &[("name", "Safe"), ("rev", "99")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    assert!(refused.body.contains("Save this to a proposal"), "{}", refused.body);
    assert_eq!(app.revision("shop").await, revision);
    done(&mut owner, "/w/shop/systems/wiki/edit", &[("name", "Notes"), ("rev", "99")]).await;
});

both_dbs!(a_form_is_proposed_instead_of_saved, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let form = owner.get("/w/shop/systems/new").await.body;
    assert!(form.contains("Propose it instead"), "{form}");
    let revision = app.revision("shop").await;
    let typed = [("name", "Till"), ("action", "propose")];
    let saved = done(&mut owner, "/w/shop/systems/new", &typed).await;
    assert!(saved.contains("done=saved-to-proposal") && saved.contains("proposal=prop-1"), "{saved}");
    assert_eq!(app.revision("shop").await, revision, "nothing is live");
    let page = owner.get(PROPOSAL).await.body;
    assert!(page.contains("Change of Till") && page.contains("1 object"), "{page}");
    let inside = owner.get("/w/shop/systems/new?proposal=prop-1").await.body;
    assert!(!inside.contains("Propose it instead"), "saving goes there already");
    // What is refused leaves no proposal that waits for anything.
    done(&mut owner, "/w/shop/systems/new", &[("name", "Desk")]).await;
    let nameless = owner.post("/w/shop/systems/desk/edit", &[("name", ""), ("rev", "9"), ("action", "propose")]).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", nameless.body);
    assert!(!owner.get("/w/shop/proposals").await.body.contains("prop-2"));
});
