//! Records of every kind through forms, as browsers post them.

use domain::role::Role;
use http::StatusCode;
use store::{Clock as _, Start};

use super::app::TestApp;

#[tokio::test]
async fn a_denied_link_takes_a_segment_out_of_scope_and_the_page_says_so() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    for name in ["Card zone", "Back office"] {
        let added = owner.post("/w/shop/inventory/segments/new", &[("name", name), ("trust", "internal")]).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    }
    let till = [
        ("name", "Till"),
        ("segment", "card-zone"),
        ("holding.0.element", "pan"),
        ("holding.0.form", "clear"),
        ("holding.0.ops", "store"),
    ];
    owner.post("/w/shop/systems/new", &till).await;
    owner.post("/w/shop/systems/new", &[("name", "Ledger"), ("segment", "back-office")]).await;
    let open = [("a", "card-zone"), ("b", "back-office"), ("policy", "open")];
    let linked = owner.post("/w/shop/inventory/links/new", &open).await;
    assert!(linked.location().starts_with("/w/shop/inventory/links/back-office~card-zone?done=record-added"));
    let page = owner.get(linked.location()).await.body;
    assert!(page.contains("1 system changed category") && page.contains("Ledger"), "{page}");
    let segment = owner.get("/w/shop/inventory/segments/back-office").await.body;
    assert!(segment.contains("Ledger") && segment.contains(">Open</a>"), "{segment}");

    let revision = app.revision("shop").await.to_string();
    let tested = domain::time::Day(app.place.clock.now().day().0 - 3).to_string();
    let control = [("name", "Edge firewall"), ("kind", "firewall"), ("between", "card-zone"), ("last_tested", &tested)];
    owner.post("/w/shop/inventory/controls/new", &control).await;
    let link = "/w/shop/inventory/links/back-office~card-zone";
    let denied = [("policy", "denied"), ("control", "edge-firewall"), ("rev", revision.as_str())];
    let saved = owner.post(&format!("{link}/edit"), &denied).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert!(owner.get(saved.location()).await.body.contains("1 system changed category"));
    let late = owner.post(&format!("{link}/edit"), &[("policy", "open"), ("rev", revision.as_str())]).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
    let twice = owner.post("/w/shop/inventory/links/new", &open).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.body.contains("There is a link between these two segments already."), "{}", twice.body);
}

#[tokio::test]
async fn a_record_goes_with_its_references_only_when_that_is_said() {
    let (_app, mut owner) = TestApp::set_up(Start::Empty).await;
    owner.post("/w/shop/inventory/segments/new", &[("name", "Card zone")]).await;
    owner.post("/w/shop/systems/new", &[("name", "Till"), ("segment", "card-zone")]).await;
    let own = "/w/shop/inventory/segments/card-zone";
    let kept = owner.post(&format!("{own}/delete"), &[("rev", "99")]).await;
    assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(kept.body.contains("Other objects still refer to this one."), "{}", kept.body);
    let gone = owner.post(&format!("{own}/delete"), &[("rev", "99"), ("detach", "yes")]).await;
    assert!(gone.location().starts_with("/w/shop/inventory/segments?done=record-deleted"), "{}", gone.body);
    assert_eq!(owner.get(own).await.status, StatusCode::NOT_FOUND);
    assert!(owner.get("/w/shop/systems/till").await.body.contains("no segment"));
}

#[tokio::test]
async fn a_decision_names_who_wrote_it_and_nobody_approves_their_own() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    owner.post("/w/shop/systems/new", &[("name", "Till")]).await;
    let last_day = app.place.clock.now().day().plus_days(60).to_string();
    let decided = [
        ("system", "till"),
        ("category", "cde"),
        ("justification", "The assessor asks for it."),
        ("expires", last_day.as_str()),
        ("author", "somebody-else"),
        ("approver", "somebody-else"),
    ];
    let made = owner.post("/w/shop/inventory/overrides/new", &decided).await;
    assert!(made.location().starts_with("/w/shop/inventory/overrides/till~0?done=record-added"), "{}", made.body);
    let page = owner.get(made.location()).await.body;
    assert!(page.contains("1 system changed category"), "{page}");
    assert!(page.contains("/w/shop/people/security-lead") && !page.contains("somebody-else"), "{page}");
    let own = owner.post("/w/shop/inventory/overrides/till~0/approve", &[("rev", "99")]).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(own.body.contains("Nobody approves their own decision."), "{}", own.body);
    let other = owner.post("/w/shop/inventory/segments/till/approve", &[("rev", "99")]).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    // Who approves proves again who they are, whatever they approve.
    app.place.clock.advance(5 * 60 + 1);
    let stale = owner.post("/w/shop/inventory/overrides/till~0/approve", &[("rev", "99")]).await;
    assert_eq!(stale.status, StatusCode::FORBIDDEN);
    assert!(stale.body.contains("action=\"/re-authenticate\""), "{}", stale.body);
}

#[tokio::test]
async fn a_file_of_a_list_has_its_rows_and_columns_and_no_formula() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    for name in ["=1+1", "Gateway"] {
        owner.post("/w/shop/inventory/vendors/new", &[("name", name), ("id", name)]).await;
    }
    let file = owner.get("/w/shop/export/inventory/vendors?sort=-name&cols=key").await;
    assert_eq!(file.body, "\"Name\",\"Key\"\r\n\"Gateway\",\"Gateway\"\r\n\"'=1+1\",\"'=1+1\"\r\n");
    let some = owner.get("/w/shop/export/inventory/vendors?q=gate&cols=key").await;
    assert_eq!(some.body, "\"Name\",\"Key\"\r\n\"Gateway\",\"Gateway\"\r\n");
    assert_eq!(owner.get("/w/shop/export/inventory/none").await.status, StatusCode::NOT_FOUND);
    app.add_account("stranger@other.example", &[]).await;
    let mut stranger = app.signed_in("stranger@other.example").await;
    assert_eq!(stranger.get("/w/shop/export/inventory/vendors").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_card_number_is_refused_in_every_kind_of_record() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let before = app.revision("shop").await;
    for kind in domain::inventory::KINDS.iter().filter(|kind| !kind.is_single()) {
        let page = format!("/w/shop/inventory/{}/new", kind.word);
        let answer = owner.post(&page, &[("name", "4242 4242 4242 4242")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", kind.word);
        assert!(answer.body.contains("full card number"), "{}", kind.word);
    }
    assert_eq!(app.revision("shop").await, before);
}

#[tokio::test]
async fn the_settings_of_the_engine_are_changed_by_who_manages_the_workspace() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let page = "/w/shop/inventory/settings/settings";
    let strict = [("strict_flat", "yes"), ("rev", "1")];
    app.add_account("editor@shop.example", &[("shop", Role::Editor)]).await;
    let mut editor = app.signed_in("editor@shop.example").await;
    assert_eq!(editor.post(&format!("{page}/edit"), &strict).await.status, StatusCode::FORBIDDEN);
    let saved = owner.post(&format!("{page}/edit"), &strict).await;
    assert!(saved.location().starts_with(&format!("{page}?done=record-saved")), "{}", saved.body);
    assert!(owner.get(page).await.body.contains("Read the network strictly"));
    assert_eq!(owner.post(&format!("{page}/delete"), &[("rev", "99")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(owner.get("/w/shop/inventory/settings/new").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_element_of_ones_own_is_made_and_then_carried() {
    let (_app, mut owner) = TestApp::set_up(Start::Empty).await;
    let held = [("name", "Till"), ("holding.0.element", "loyalty_number"), ("holding.0.form", "clear")];
    let unknown = owner.post("/w/shop/systems/new", &held).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unknown.body);
    let own = [("name", "Loyalty number"), ("fact.element", "loyalty_number"), ("fact.class", "pii")];
    let made = owner.post("/w/shop/inventory/element-policies/new", &own).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let added = owner.post("/w/shop/systems/new", &held).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
}

#[tokio::test]
async fn what_a_system_manages_copies_and_passes_on_is_said_by_hand() {
    let (_app, mut owner) = TestApp::set_up(Start::Empty).await;
    let card =
        [("name", "Vault"), ("holding.0.element", "pan"), ("holding.0.form", "clear"), ("holding.0.ops", "store")];
    owner.post("/w/shop/systems/new", &card).await;
    let manager = [("name", "Deployer"), ("manages", ""), ("manages.0.target", "vault"), ("manages.0.how", "deploy")];
    let added = owner.post("/w/shop/systems/new", &manager).await;
    assert!(owner.get(added.location()).await.body.contains("1 system changed category"), "{}", added.body);
    let backup = [
        ("name", "Backup"),
        ("copies", ""),
        ("copies.0.from", "vault"),
        ("capabilities", ""),
        ("capabilities.0.type", "detokenise"),
        ("capabilities.0.domain", "gw"),
        ("relay", "yes"),
        ("controls", "change_approval; fim"),
        ("detect_minutes", "30"),
    ];
    let added = owner.post("/w/shop/systems/new", &backup).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let form = owner.get("/w/shop/systems/backup/edit").await.body;
    for part in ["change_approval; fim", "value=\"30\"", "<option value=\"vault\" selected>"] {
        assert!(form.contains(part), "{part} in {form}");
    }
    let flow = [
        ("from", "deployer"),
        ("to", "vault"),
        ("via", ""),
        ("via.0.node", "backup"),
        ("via.0.mode", "inspect"),
        ("actions", "configure"),
        ("action", "save"),
        ("sync", "async"),
        ("latency_seconds", "5"),
    ];
    let added = owner.post("/w/shop/flows/new", &flow).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let key = added.location().split('?').next().unwrap().to_owned();
    let form = owner.get(&format!("{key}/edit")).await.body;
    for part in ["<option value=\"backup\" selected>", "<option value=\"inspect\" selected>", "value=\"5\""] {
        assert!(form.contains(part), "{part} in {form}");
    }
}
