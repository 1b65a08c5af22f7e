//! The map's modes, places on the map, taking changes back, search and a flow in one line, through the real router.

use http::StatusCode;
use store::Start;

use super::app::{Browser, TestApp};

async fn shop(browser: &mut Browser) {
    for name in ["Checkout", "Gateway", "Wiki"] {
        let added = browser.post("/w/shop/systems/new", &[("name", name)]).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    }
    let flow = [
        ("from", "checkout"),
        ("to", "gateway"),
        ("id", "pay"),
        ("auth", "none"),
        ("field.0.element", "pan"),
        ("field.0.form", "clear"),
    ];
    let added = browser.post("/w/shop/flows/new", &flow).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
}

#[tokio::test]
async fn a_blast_radius_is_a_picture_and_the_same_as_tables() {
    let (_app, mut owner) = TestApp::set_up(Start::Empty).await;
    shop(&mut owner).await;
    let page = owner.get("/w/shop/map?mode=blast&start=system:checkout").await;
    assert_eq!(page.status, StatusCode::OK);
    for part in [
        "If Checkout is hostile",
        "class=\"hop hop-0\"",
        "id=\"hop-table\"",
        "administers it",
        "This is where it starts.",
    ] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    let file = owner.get("/w/shop/map.svg?mode=blast&start=system:checkout").await;
    assert!(file.body.contains("#5B21B6"), "the file shows what was seen");
    for (query, words) in [
        ("mode=blast", "What is hostile"),
        ("mode=blast&start=nonsense", "A start is written as kind:key"),
        ("mode=blast&start=system:nobody", "There is no system:nobody in this workspace."),
        ("mode=blast&focus=checkout", "If Checkout is hostile"),
        ("mode=blast&start=field:pan", "The way of"),
    ] {
        let page = owner.get(&format!("/w/shop/map?{query}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(words), "{query}: {}", page.body);
    }
}

#[tokio::test]
async fn the_way_of_an_element_is_a_picture_and_the_same_as_tables() {
    let (_app, mut owner) = TestApp::set_up(Start::Empty).await;
    shop(&mut owner).await;
    let page = owner.get("/w/shop/map?mode=lineage&element=pan").await.body;
    for part in ["The way of ", "enters, clear", "id=\"holder-table\"", "id=\"way-table\""] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let nobody = owner.get("/w/shop/map?mode=lineage&element=biometric").await.body;
    assert!(nobody.contains("no flow that counts carries it") && nobody.contains("data-key=\"wiki\""), "{nobody}");
}

#[tokio::test]
async fn a_system_stands_where_it_was_put_until_that_is_taken_back() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    shop(&mut owner).await;
    let revision = app.revision("shop").await.to_string();
    let place = [("column", "4"), ("row", "2"), ("focus", "wiki"), ("q", "wiki"), ("rev", revision.as_str())];
    let moved = owner.post("/w/shop/systems/wiki/move", &place).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.body);
    assert!(
        moved.location().starts_with("/w/shop/map?q=wiki&focus=wiki&done=system-moved&rev="),
        "{}",
        moved.location()
    );
    let page = owner.get(moved.location()).await.body;
    assert!(page.contains("data-cell=\"3 1\" data-pinned=\"true\""), "{page}");
    assert!(page.contains("No system changed category") && page.contains(">Undo</button>"), "{page}");
    let export = owner.get("/w/shop/systems/wiki").await.body;
    assert!(export.contains("Pin on the map"), "it is a fact like any other: {export}");

    let now = app.revision("shop").await.to_string();
    let undone = owner.post("/w/shop/history/take-back", &[("rev", &now)]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.body);
    let history = owner.get(undone.location()).await.body;
    assert!(history.contains("Change taken back") && history.contains(">Redo</button>"), "{history}");
    assert!(!owner.get("/w/shop/map").await.body.contains("data-pinned"));
    let twice = owner.post("/w/shop/history/take-back", &[("rev", &now)]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT, "what was taken back is not taken back again");

    for (column, row) in [("0", "1"), ("65", "1"), ("x", "1"), ("", "1"), ("1", "257")] {
        let refused = owner.post("/w/shop/systems/wiki/move", &[("column", column), ("row", row), ("rev", "99")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{column} {row}");
    }
}

#[tokio::test]
async fn a_deleted_flow_comes_back_and_goes_again() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    shop(&mut owner).await;
    let before = owner.get("/w/shop/flows/pay").await.body;
    let deleted = owner.post("/w/shop/flows/pay/delete", &[("rev", "99")]).await;
    assert_eq!(deleted.status, StatusCode::SEE_OTHER, "{}", deleted.body);
    let revision = app.revision("shop").await.to_string();
    let back = owner.post("/w/shop/history/take-back", &[("rev", &revision)]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
    assert!(owner.get(back.location()).await.body.contains("changed category"), "the scope follows");
    let after = owner.get("/w/shop/flows/pay").await;
    assert_eq!(after.status, StatusCode::OK);
    assert!(before.contains("Card number") == after.body.contains("Card number"));
    let redo = app.revision("shop").await.to_string();
    let gone = owner.post("/w/shop/history/take-back", &[("rev", &redo)]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.body);
    assert_eq!(owner.get("/w/shop/flows/pay").await.status, StatusCode::NOT_FOUND);

    let unknown = owner.post("/w/shop/history/take-back", &[("rev", "9999")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing is kept of it");
}

#[tokio::test]
async fn a_flow_in_one_line_is_shown_and_then_saved() {
    let (_app, mut owner) = TestApp::set_up(Start::Empty).await;
    shop(&mut owner).await;
    let shown = owner.get("/w/shop/search?q=wiki+%3E+gateway+%3A+pan+tokenised+%40https+mtls").await.body;
    for part in ["Understood as", "(tokenised)", "Mutual TLS", "In transport", "Save this flow"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    let saved = owner.post("/w/shop/search", &[("line", "wiki > gateway : pan tokenised @https mtls")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    assert!(saved.location().starts_with("/w/shop/flows/wiki-gateway-https?done=flow-added"), "{}", saved.location());
    let wrong = owner.post("/w/shop/search", &[("line", "wiki > nowhere : shoe")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("There is no system \u{201c}nowhere\u{201d}."), "{}", wrong.body);
    let card = owner.post("/w/shop/search", &[("line", "wiki > gateway : 4111 1111 1111 1111")]).await;
    assert_eq!(card.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!card.body.contains("4111"), "{}", card.body);
}

#[tokio::test]
async fn everything_with_a_name_is_found() {
    let (_app, mut owner) = TestApp::set_up(Start::Empty).await;
    shop(&mut owner).await;
    owner.post("/w/shop/inventory/segments/new", &[("name", "Check zone")]).await;
    let page = owner.get("/w/shop/search?q=check").await.body;
    for part in [
        "href=\"/w/shop/systems/checkout\"",
        "href=\"/w/shop/flows/pay\"",
        "href=\"/w/shop/inventory/segments/check-zone\"",
        "3 matches",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(owner.get("/w/shop/search?q=payroll").await.body.contains("Nothing is called like this"));
    // The address is the person's own; what the page makes of it does not hold the number.
    let card = owner.get("/w/shop/search?q=4111+1111+1111+1111").await.body;
    assert!(!card.contains("4111 1111") && card.contains("This looks like a full card number."), "{card}");
}

#[tokio::test]
async fn several_systems_are_looked_at_and_then_changed_at_once() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    shop(&mut owner).await;
    owner.post("/w/shop/inventory/segments/new", &[("name", "Back office")]).await;
    let page = owner.get("/w/shop/change/systems?q=kind%3Aservice&set=segment&to=back-office").await.body;
    for part in ["3 systems would change", "Back office", "Change 3 systems", "would change category"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let revision = app.revision("shop").await.to_string();
    let change =
        [("set", "segment"), ("to", "back-office"), ("rev", revision.as_str()), ("key", "wiki"), ("key", "gateway")];
    let saved = owner.post("/w/shop/change/systems", &change).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let list = owner.get("/w/shop/systems?q=segment:back-office").await.body;
    assert!(list.contains("2 of 3 systems"), "{list}");
    let now = app.revision("shop").await.to_string();
    let undone = owner.post("/w/shop/history/take-back", &[("rev", &now)]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "one undo for all of them: {}", undone.body);
    assert!(owner.get("/w/shop/systems?q=segment:back-office").await.body.contains("Nothing matches"));
    let late = owner.post("/w/shop/change/systems", &change).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let wrong =
        owner.post("/w/shop/change/systems", &[("set", "name"), ("to", "x"), ("rev", "99"), ("key", "wiki")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_field_lens_shows_who_has_what_and_where_more_is_sent_than_needed() {
    let (_app, mut owner) = TestApp::set_up(Start::Empty).await;
    shop(&mut owner).await;
    let needs =
        [("name", "Desk"), ("holding.0.element", "pan"), ("holding.0.form", "truncated"), ("holding.0.ops", "store")];
    owner.post("/w/shop/systems/new", &needs).await;
    let sends =
        [("from", "checkout"), ("to", "desk"), ("id", "ask"), ("field.0.element", "pan"), ("field.0.form", "clear")];
    owner.post("/w/shop/flows/new", &sends).await;
    let page = owner.get("/w/shop/fields").await.body;
    for part in ["3 systems by 1 element", "flows only", "only truncated", "/w/shop/flows/ask/edit"] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[tokio::test]
async fn a_system_is_edited_beside_the_map_and_saving_comes_back_to_the_same_view() {
    let (_app, mut owner) = TestApp::set_up(Start::Empty).await;
    shop(&mut owner).await;
    let view = "/w/shop/map?focus=checkout&hops=1";
    let panel = owner.get(view).await.body;
    assert!(panel.contains("/w/shop/map?focus=checkout&amp;hops=1&amp;edit=here"), "{panel}");
    let form = owner.get(&format!("{view}&edit=here")).await.body;
    assert!(form.contains("Edit Checkout") && form.contains("/w/shop/systems/checkout/edit"), "{form}");
    let renamed = [("name", "Till"), ("rev", "9"), ("back", view)];
    let saved = owner.post("/w/shop/systems/checkout/edit", &renamed).await;
    assert!(saved.location().starts_with(&format!("{view}&done=system-saved")), "{}", saved.location());
    assert!(owner.get(saved.location()).await.body.contains("Till"));
    // Nowhere else, and what is wrong keeps the way back.
    for elsewhere in ["https://evil.example/", "//evil.example", "/w/other/map?focus=x", "/w/shop/map/../x"] {
        let form = [("name", "Till"), ("rev", "9"), ("note", ""), ("back", elsewhere)];
        let saved = owner.post("/w/shop/systems/checkout/edit", &form).await;
        assert!(!saved.location().contains("evil") && !saved.location().contains("other"), "{}", saved.location());
    }
    let wrong = owner.post("/w/shop/systems/checkout/edit", &[("name", ""), ("rev", "9"), ("back", view)]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("name=\"back\" value=\"/w/shop/map?focus=checkout&amp;hops=1\""), "{}", wrong.body);
}

#[tokio::test]
async fn a_view_of_the_map_is_kept_under_a_name() {
    let (_app, mut owner) = TestApp::set_up(Start::Empty).await;
    shop(&mut owner).await;
    let keep = |q: &'static str, name: &'static str| [("list", "map"), ("name", name), ("q", q)];
    let query = "focus=checkout&hops=1&mode=blast&start=system%3Acheckout";
    let kept = owner.post("/w/shop/views", &keep(query, "Reach of the checkout")).await;
    assert_eq!(kept.location(), format!("/w/shop/map?{query}&done=view-saved"));
    let page = owner.get("/w/shop/map").await.body;
    let link = format!("href=\"/w/shop/map?{}\"", query.replace('&', "&amp;"));
    assert!(page.contains(&link) && page.contains("Reach of the checkout"), "{page}");
    let odd = owner.post("/w/shop/views", &keep("focus=a#b\"c", "Odd")).await;
    assert_eq!(odd.location(), "/w/shop/map?done=view-saved", "what no view of the map says is the map");
}
