//! Snapshots through the real router, on both databases: taken, looked at, compared, taken away, and never changed.

use axum::body::Body;
use domain::role::Role;
use domain::snapshot::thaw;
use http::{Method, StatusCode};
use store::Start;
use tests::both_dbs;

use super::app::{Browser, TestApp, request};

/// Two systems and a flow, a snapshot, then a third system, a changed flow, and one system less.
async fn story(browser: &mut Browser) {
    for name in ["Checkout", "Gateway", "Wiki"] {
        let added = browser.post("/w/shop/systems/new", &[("name", name)]).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    }
    let ends = [("from", "checkout"), ("to", "gateway"), ("id", "pay"), ("auth", "none")];
    let added = browser.post("/w/shop/flows/new", &ends).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let taken = browser.post("/w/shop/snapshots", &[("name", "Before the move")]).await;
    assert_eq!(taken.location(), "/w/shop/snapshots/snap-1?done=snapshot-taken", "{}", taken.body);
    assert_eq!(browser.post("/w/shop/systems/new", &[("name", "Till")]).await.status, StatusCode::SEE_OTHER);
    let edited = [
        ("from", "checkout"),
        ("to", "gateway"),
        ("auth", "none"),
        ("rev", "99"),
        ("field.0.element", "pan"),
        ("field.0.form", "clear"),
    ];
    let edited = browser.post("/w/shop/flows/pay/edit", &edited).await;
    assert_eq!(edited.status, StatusCode::SEE_OTHER, "{}", edited.body);
    let gone = browser.post("/w/shop/systems/wiki/delete", &[("rev", "99")]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER, "{}", gone.body);
}

/// The pages that show the model.
const PAGES: [&str; 15] = [
    "/w/shop",
    "/w/shop/map",
    "/w/shop/map?focus=checkout",
    "/w/shop/systems",
    "/w/shop/systems/wiki",
    "/w/shop/flows",
    "/w/shop/flows/pay",
    "/w/shop/inventory",
    "/w/shop/inventory/segments",
    "/w/shop/fields",
    "/w/shop/findings",
    "/w/shop/search?q=wiki",
    "/w/shop/people",
    "/w/shop/elements/pan",
    "/w/shop/snapshots",
];

fn at(path: &str) -> String {
    format!("{path}{}at=snap-1", if path.contains('?') { '&' } else { '?' })
}

/// The addresses in the workspace that a page links or sends to.
fn addresses(html: &str) -> Vec<&str> {
    html.split(['<'])
        .filter(|tag| !tag.contains("data-now"))
        .flat_map(|tag| tag.split(" href=\"").skip(1).chain(tag.split(" action=\"").skip(1)))
        .filter_map(|rest| rest.split('"').next())
        .filter(|address| address.starts_with("/w/shop"))
        .collect()
}

both_dbs!(every_page_shows_then_and_every_link_stays_there, |place| {
    let (_app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    story(&mut owner).await;
    for path in PAGES {
        let then = owner.get(&at(path)).await;
        assert_eq!(then.status, StatusCode::OK, "{path}: {}", then.body);
        for words in ["aria-label=\"Snapshot\"", "Before the move", "Back to now", "Nothing here can be changed"] {
            assert!(then.body.contains(words), "{path}: {words} in {}", then.body);
        }
        assert!(!then.body.contains("Till"), "{path}: {}", then.body);
        let own = |address: &str| address.contains("at=snap-1");
        let forms_that_read = then.body.matches("name=\"at\" value=\"snap-1\"").count();
        let others: Vec<&str> = addresses(&then.body).into_iter().filter(|address| !own(address)).collect();
        // What a form that reads sends takes the place of the query of its address.
        assert_eq!(others.len(), forms_that_read, "{path}: {others:?}");
        let writes = then.body.split("<form").filter(|form| form.contains("method=\"post\""));
        for form in writes {
            assert!(form.contains("action=\"/theme\"") || form.contains("action=\"/sign-out\""), "{path}: {form}");
        }
        for word in ["/edit\"", "/edit?", "systems/new", "flows/new"] {
            assert!(!then.body.contains(word), "{path}: {word}");
        }
        let now = owner.get(path).await;
        assert!(!now.body.contains("aria-label=\"Snapshot\""), "{path}");
    }
    assert!(owner.get(&at("/w/shop/systems")).await.body.contains("Wiki"));
    assert!(!owner.get("/w/shop/systems").await.body.contains("Wiki"));
    assert!(owner.get(&at("/w/shop/map")).await.body.contains("data-key=\"wiki\""));
    assert_eq!(owner.get("/w/shop/map?at=snap-2").await.status, StatusCode::NOT_FOUND);
    assert_eq!(owner.get("/w/shop/map?at=now").await.status, StatusCode::NOT_FOUND);
    for page in ["systems/new", "systems/wiki/edit", "flows/new", "import", "tokens", "settings"] {
        assert_eq!(owner.get(&at(&format!("/w/shop/{page}"))).await.status, StatusCode::FORBIDDEN, "{page}");
    }
});

both_dbs!(nothing_is_changed_from_a_page_of_the_past, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    story(&mut owner).await;
    let before = app.revision("shop").await;
    for path in ["/w/shop/systems/new", "/w/shop/flows/pay/delete", "/w/shop/snapshots", "/w/shop/history/take-back"] {
        let refused = owner.post(&at(path), &[("name", "Sneaked in"), ("rev", "99")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{path}");
        assert!(refused.body.contains("This page shows the past"), "{}", refused.body);
    }
    let headers = [("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded")];
    let put = request(Method::PUT, "/w/shop/systems/new?at=anything", &headers, Body::empty());
    assert_eq!(owner.send(put).await.status, StatusCode::CONFLICT);
    assert_eq!(app.revision("shop").await, before);
    for statement in ["UPDATE snapshot SET name = 'x'", "UPDATE snapshot SET content = '{}'"] {
        assert!(app.store.run_raw(statement).await.is_err(), "{statement}");
    }
});

both_dbs!(what_differs_is_a_list_a_picture_and_a_file, |place| {
    let (_app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    story(&mut owner).await;
    let list = owner.get("/w/shop/diff?from=snap-1").await;
    assert_eq!(list.status, StatusCode::OK, "{}", list.body);
    for words in
        ["1 added, 1 removed", "Categories that moved", "Till", "Wiki", "pan clear", "/w/shop/systems/wiki?at=snap-1"]
    {
        assert!(list.body.contains(words), "{words} in {}", list.body);
    }
    let map = owner.get("/w/shop/map?mode=diff&from=snap-1").await;
    for words in
        ["+ added", "\u{d7} removed", "class=\"struck\"", "What differs between Before the move (snap-1) and now"]
    {
        assert!(map.body.contains(words), "{words} in {}", map.body);
    }
    let file = owner.get("/w/shop/map.svg?mode=diff&from=snap-1").await;
    assert!(file.body.contains("+ added") && file.body.contains("Wiki"), "{}", file.body);
    let then = owner.get("/w/shop/map.svg?at=snap-1").await;
    assert!(then.body.contains("Wiki") && !then.body.contains("Till"), "{}", then.body);
    owner.post("/w/shop/snapshots", &[("name", "After it")]).await;
    let both = owner.get("/w/shop/diff?from=snap-1&at=snap-2").await;
    assert!(both.body.contains("From Before the move (snap-1)") && both.body.contains("to After it (snap-2)"));
    assert!(both.body.contains("1 added, 1 removed"), "{}", both.body);
    let same = owner.get("/w/shop/diff?from=snap-2").await;
    assert!(same.body.contains("Nothing differs"), "{}", same.body);
    let backwards = owner.get("/w/shop/map?mode=diff&from=snap-2&at=snap-1").await;
    assert!(backwards.body.contains("and Before the move (snap-1)"), "{}", backwards.body);
});

both_dbs!(the_hash_of_a_snapshot_is_that_of_its_file, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    story(&mut owner).await;
    let page = owner.get("/w/shop/snapshots/snap-1").await.body;
    let file = owner.get("/w/shop/export/model?at=snap-1").await;
    assert_eq!(file.status, StatusCode::OK);
    let said = |text: &str| text.len() == 64 && text.bytes().all(|it| it.is_ascii_hexdigit());
    let hash = page.split(['<', '>', '"']).find(|text| said(text)).unwrap_or_else(|| panic!("no hash in {page}"));
    let model = thaw(&file.body, hash).unwrap();
    assert!(model.systems.contains_key("wiki") && !model.systems.contains_key("till"));
    assert!(file.headers["content-disposition"].to_str().unwrap().contains("shop-snap-1-model.json"));
    let trail = owner.get("/w/shop/history").await.body;
    assert!(trail.contains("Snapshot taken") && trail.contains("Snapshot exported"), "{trail}");
    app.store.forget_copies();
    assert!(owner.get("/w/shop/systems/wiki?at=snap-1").await.status.is_success());
});

both_dbs!(a_viewer_looks_at_snapshots_and_an_auditor_at_none_that_nobody_signed, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    story(&mut owner).await;
    for (role, sees) in [(Role::Viewer, true), (Role::Auditor, false)] {
        let mail = format!("{role}@walk.example");
        app.add_account(&mail, &[("shop", role)]).await;
        let mut browser = app.signed_in(&mail).await;
        for path in ["/w/shop/people/security-lead?at=snap-1", "/w/shop/export/model?at=snap-1"] {
            let answer = browser.get(path).await;
            let expected = if sees { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(answer.status, expected, "{role} {path}: {}", answer.body);
            assert_eq!(answer.body.contains("security@shop.example"), sees, "{role} {path}");
        }
        let list = browser.get("/w/shop/snapshots").await;
        assert_eq!(list.body.contains("Before the move"), sees, "{role}: {}", list.body);
        assert!(!list.body.contains("Take a snapshot"), "{role}: {}", list.body);
        let refused = browser.post("/w/shop/snapshots", &[("name", "Mine")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{role}");
    }
    for name in ["", "4111 1111 1111 1111"] {
        let refused = owner.post("/w/shop/snapshots", &[("name", name)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
    }
});
