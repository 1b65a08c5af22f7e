//! The start guide, a pasted table, least data and the search over everything, as browsers ask for them.

use domain::role::Role;
use http::StatusCode;
use store::Start;
use tests::both_dbs;

use super::app::TestApp;

both_dbs!(a_pasted_table_goes_the_way_of_a_file, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let table = "name\tkind\tboundary\r\nGift cards\tservice\town\r\n\"Print; shop\"\tsaas\tthird_party\r\n";
    let staged = owner.post("/w/shop/paste", &[("text", table)]).await;
    assert!(staged.location().starts_with("/w/shop/import/"), "{}", staged.body);
    assert!(owner.get(staged.location()).await.body.contains("Gift cards"));
    assert_eq!(owner.get("/w/shop/systems/gift-cards").await.status, StatusCode::NOT_FOUND, "nothing is stored yet");
    let confirmed = owner.post(staged.location(), &[("action", "confirm"), ("rev", "1")]).await;
    assert_eq!(confirmed.status, StatusCode::SEE_OTHER, "{}", confirmed.body);
    assert_eq!(owner.get("/w/shop/systems/gift-cards").await.status, StatusCode::OK);

    for (text, words) in [("", "Fill in this field."), ("name\tkind\n\"broken\tx", "The table was not read.")] {
        let refused = owner.post("/w/shop/paste", &[("text", text)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
        assert!(refused.body.contains(words), "{words} in {}", refused.body);
    }
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    assert_eq!(viewer.post("/w/shop/paste", &[("text", table)]).await.status, StatusCode::FORBIDDEN);
});

both_dbs!(what_nobody_needs_is_dropped_at_once_and_the_guide_counts_it, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    owner.post("/w/shop/systems/new", &[("name", "Checkout")]).await;
    let desk =
        [("name", "Desk"), ("holding.0.element", "email"), ("holding.0.form", "clear"), ("holding.0.ops", "store")];
    owner.post("/w/shop/systems/new", &desk).await;
    // What a flow carries stands in one line of its form.
    let sends = [("from", "checkout"), ("to", "desk"), ("id", "ask"), ("carries", "pan, email")];
    let added = owner.post("/w/shop/flows/new", &sends).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let wrong = owner.post("/w/shop/flows/new", &[("from", "checkout"), ("to", "desk"), ("carries", "shoes")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.body.contains("Divide the elements by commas") && wrong.body.contains("value=\"shoes\""),
        "{}",
        wrong.body
    );

    let guide = owner.get("/w/shop/guide").await.body;
    assert!(guide.contains("1 left of 1") && guide.contains("No system has left scope yet"), "{guide}");
    let preview = owner.get("/w/shop/least-data?take=clear%3Apan%3Aask").await.body;
    assert!(preview.contains("would change category") && preview.contains("not sent"), "{preview}");
    let revision = app.revision("shop").await.to_string();
    let drop = [("take", "clear:pan:ask"), ("rev", revision.as_str())];
    let dropped = owner.post("/w/shop/least-data", &drop).await;
    assert!(dropped.location().starts_with("/w/shop/fields?done=several-changed"), "{}", dropped.body);
    let flow = owner.get("/w/shop/flows/ask").await.body;
    assert!(flow.contains("1 declared field") && flow.contains("elements/email"), "{flow}");
    let guide = owner.get("/w/shop/guide").await.body;
    assert!(guide.contains("2 systems left scope") && guide.contains("Done: all 1"), "{guide}");
    assert_eq!(owner.post("/w/shop/least-data", &drop).await.status, StatusCode::CONFLICT, "it is not sent any more");
    assert_eq!(owner.post("/w/shop/least-data", &[("rev", "99")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
});

#[tokio::test]
async fn the_search_finds_records_commands_findings_and_what_people_say() {
    let (app, mut owner) = TestApp::set_up(Start::Sample).await;
    owner
        .post(
            "/w/storefront-payments-sample/comments",
            &[("kind", "system"), ("key", "checkout"), ("text", "The zebra adapter goes.")],
        )
        .await;
    let said = owner.get("/w/storefront-payments-sample/search?q=zebra").await.body;
    assert!(
        said.contains("Comments (1)") && said.contains("/w/storefront-payments-sample/systems/checkout/comments"),
        "{said}"
    );
    let commands = owner.get("/w/storefront-payments-sample/search?q=%3E%20add%20sys").await.body;
    assert!(commands.contains("Add a system") && !commands.contains("Add a vendor"), "{commands}");
    let code = owner.get("/w/storefront-payments-sample/search?q=c%20f").await.body;
    assert!(code.contains("href=\"/w/storefront-payments-sample/flows/new\""), "{code}");
    app.add_account("viewer@shop.example", &[("storefront-payments-sample", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    let none = viewer.get("/w/storefront-payments-sample/search?q=%3E%20add").await.body;
    assert!(!none.contains("Add a system") && none.contains("Nothing is called like this"), "{none}");
}

#[tokio::test]
async fn the_page_of_an_element_counts_who_sees_it_and_says_where_it_is_kept_too_long() {
    let (_app, mut owner) = TestApp::set_up(Start::Empty).await;
    for name in ["Ann", "Ben"] {
        owner.post("/w/shop/people/new", &[("name", name)]).await;
    }
    let vault = [
        ("name", "Vault"),
        ("holding.0.element", "pan"),
        ("holding.0.form", "clear"),
        ("holding.0.ops", "store"),
        ("holding.0.fact.verbs", "export"),
        ("holding.0.fact.purpose", "Refunds"),
    ];
    let added = owner.post("/w/shop/systems/new", &vault).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let group = [("name", "Agents"), ("fact.system", "vault"), ("fact.members", "ann"), ("fact.members", "ben")];
    let grouped = owner.post("/w/shop/inventory/access-groups/new", &group).await;
    assert_eq!(grouped.status, StatusCode::SEE_OTHER, "{}", grouped.body);
    let page = owner.get("/w/shop/elements/pan").await.body;
    for part in ["2 people can see it", "2 people can export it", "Kept too long", "Nobody has said", "Refunds"] {
        assert!(page.contains(part), "{part} in {page}");
    }
}
