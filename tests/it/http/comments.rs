//! What members say about objects, and the views of lists that they keep, as browsers post them.

use domain::role::Role;
use http::StatusCode;
use store::Start;
use tests::both_dbs;

use super::app::TestApp;

both_dbs!(a_comment_is_its_authors_to_change_and_stands_in_the_trail, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    owner.post("/w/shop/systems/new", &[("name", "Till")]).await;
    let about = [("kind", "system"), ("key", "till"), ("text", "Ask the bank <b>first</b>.\r\nThen move it.")];
    let written = owner.post("/w/shop/comments", &about).await;
    assert_eq!(written.location(), "/w/shop/systems/till/comments?done=comment-added", "{}", written.body);
    let page = owner.get(written.location()).await.body;
    assert!(page.contains("The comment was written.") && page.contains("&lt;b&gt;first&lt;/b&gt;"), "{page}");
    let key = page.split("/w/shop/comments/").nth(1).unwrap().split('/').next().unwrap().to_owned();

    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    let seen = viewer.get("/w/shop/systems/till/comments").await.body;
    assert!(seen.contains("Security lead") && !seen.contains("Change or delete"), "{seen}");
    for action in ["edit", "delete"] {
        let theirs = viewer.post(&format!("/w/shop/comments/{key}/{action}"), &[("text", "Mine now")]).await;
        assert_eq!(theirs.status, StatusCode::NOT_FOUND, "{action}: {}", theirs.body);
    }
    let also = [("kind", "system"), ("key", "till"), ("text", "Seen.")];
    assert_eq!(viewer.post("/w/shop/comments", &also).await.status, StatusCode::SEE_OTHER);

    app.place.clock.advance(60);
    let changed = owner.post(&format!("/w/shop/comments/{key}/edit"), &[("text", "=Moved already.")]).await;
    assert!(owner.get(changed.location()).await.body.contains("changed <time"), "{}", changed.body);
    let file = owner.get("/w/shop/export/comments").await.body;
    assert_eq!(file.lines().count(), 3, "{file}");
    assert!(file.contains("\"System\",\"till\",\"Till\",\"Security lead\"") && file.contains("\"'=Moved"), "{file}");

    let gone = owner.post(&format!("/w/shop/comments/{key}/delete"), &[("text", "x")]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.body);
    let trail = owner.get("/w/shop/systems/till/history").await.body;
    for part in ["Comment written", "Comment changed", "Comment deleted"] {
        assert!(trail.contains(part), "{part} in {trail}");
    }
    let history = owner.get("/w/shop/history").await.body;
    assert!(!history.contains("Moved already"), "the text is in the trail by its hash only");
});

#[tokio::test]
async fn a_comment_without_text_with_a_card_number_or_about_nothing_is_refused() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    owner.post("/w/shop/systems/new", &[("name", "Till")]).await;
    for (text, words) in [(" ", "Fill in this field."), ("PAN 4242 4242 4242 4242", "full card number")] {
        let refused = owner.post("/w/shop/comments", &[("kind", "system"), ("key", "till"), ("text", text)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(words), "{words} in {}", refused.body);
    }
    for (kind, key) in [("system", "nothing"), ("holding", "till"), ("", "")] {
        let refused = owner.post("/w/shop/comments", &[("kind", kind), ("key", key), ("text", "x")]).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{kind}");
    }
    // An auditor sees what is decided, and a comment decides nothing.
    app.add_account("auditor@firm.example", &[("shop", Role::Auditor)]).await;
    let mut auditor = app.signed_in("auditor@firm.example").await;
    assert!(!auditor.get("/w/shop/systems/till").await.body.contains("/comments\""));
    // The history of an object is for those who read the trail.
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    assert_eq!(viewer.get("/w/shop/systems/till/history").await.status, StatusCode::FORBIDDEN);
    assert_eq!(viewer.get("/w/shop/systems/till/nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_object_has_the_same_pages_beside_its_overview() {
    let (_app, mut owner) = TestApp::set_up(Start::Sample).await;
    let all = [
        ("/w/storefront-payments-sample/systems/checkout", &["flows", "fields", "findings", "history", "comments"][..]),
        ("/w/storefront-payments-sample/flows/checkout-psp", &["fields", "findings", "history", "comments"]),
        ("/w/storefront-payments-sample/inventory/segments/cde", &["flows", "findings", "history", "comments"]),
        ("/w/storefront-payments-sample/people/payments-lead", &["findings", "history", "comments"]),
    ];
    for (own, tabs) in all {
        let overview = owner.get(own).await;
        assert_eq!(overview.status, StatusCode::OK, "{own}");
        for tab in tabs {
            let path = format!("{own}/{tab}");
            assert!(overview.body.contains(&format!("href=\"{path}\"")), "{path}");
            let page = owner.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
            assert!(page.body.contains(&format!("href=\"{path}\" aria-current=\"page\"")), "{path}");
        }
    }
}

both_dbs!(a_view_is_kept_shared_and_forgotten, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Sample).await;
    let own = [("list", "systems"), ("name", "Card <data>"), ("q", "field:pan scope:in"), ("sort", "-flows")];
    let kept = owner.post("/w/storefront-payments-sample/views", &own).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    let page = owner.get(kept.location()).await.body;
    assert!(page.contains("Card &lt;data&gt;") && page.contains("The view was kept."), "{page}");
    assert!(page.contains("?q=field%3Apan%20scope%3Ain&amp;sort=-flows"), "{page}");

    app.add_account("viewer@shop.example", &[("storefront-payments-sample", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    assert!(
        !viewer.get("/w/storefront-payments-sample/systems").await.body.contains("Card &lt;data&gt;"),
        "it is the owner's own"
    );
    let mut shared = own.to_vec();
    shared.push(("shared", "yes"));
    assert_eq!(viewer.post("/w/storefront-payments-sample/views", &shared).await.status, StatusCode::FORBIDDEN);
    assert_eq!(owner.post("/w/storefront-payments-sample/views", &shared).await.status, StatusCode::SEE_OTHER);
    let seen = viewer.get("/w/storefront-payments-sample/systems").await.body;
    assert_eq!(seen.matches("Card &lt;data&gt;").count(), 1, "the second of that name took the place of the first");
    assert!(!viewer.get("/w/storefront-payments-sample/flows").await.body.contains("Card &lt;data&gt;"));

    let page = owner.get("/w/storefront-payments-sample/systems").await.body;
    let key = page.split("/w/storefront-payments-sample/views/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let delete = format!("/w/storefront-payments-sample/views/{key}/delete");
    assert_eq!(viewer.post(&delete, &[]).await.status, StatusCode::NOT_FOUND, "it is not the viewer's");
    assert_eq!(owner.post(&delete, &[]).await.location(), "/w/storefront-payments-sample/systems?done=view-deleted");
    assert!(owner.get("/w/storefront-payments-sample/history").await.body.contains("Shared view deleted"));
    for wrong in [("list", "nowhere"), ("name", " "), ("q", "4242 4242 4242 4242")] {
        let mut form = own.to_vec();
        form.retain(|(name, _)| *name != wrong.0);
        form.push(wrong);
        assert_eq!(
            owner.post("/w/storefront-payments-sample/views", &form).await.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{wrong:?}"
        );
    }
});

#[tokio::test]
async fn a_workbook_has_what_the_list_shows_the_same_every_time() {
    let (_app, mut owner) = TestApp::set_up(Start::Sample).await;
    let query = "q=scope%3Ain&sort=-flows&cols=scope&cols=flows";
    let path = format!("/w/storefront-payments-sample/export/inventory/systems?{query}&as=xlsx");
    let file = owner.get(&path).await;
    assert_eq!(file.status, StatusCode::OK);
    let header = |name: &str| file.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert!(header("content-type").contains("spreadsheetml.sheet"), "{}", header("content-type"));
    assert!(header("content-disposition").contains("storefront-payments-sample-systems.xlsx"));
    assert_eq!(file.body, owner.get(&path).await.body);
    let listed = owner.get(&format!("/w/storefront-payments-sample/systems?{query}&size=200")).await.body;
    let csv = owner.get(&format!("/w/storefront-payments-sample/export/inventory/systems?{query}")).await.body;
    let rows = csv.lines().count() - 1;
    assert!(rows > 3 && listed.contains(&format!("{rows} of ")), "{rows}");
    assert_eq!(file.body.matches("<row ").count(), rows + 1);
    assert_eq!(
        owner.get("/w/storefront-payments-sample/export/inventory/flows?q=field:pan").await.status,
        StatusCode::OK
    );
}
