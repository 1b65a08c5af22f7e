//! The pages and the forms on them.

use http::StatusCode;
use server::http::router::pages;
use server::http::routes::{Endpoint, ROUTES};
use std::collections::BTreeSet;
use store::Start;

use super::app::{Browser, TestApp};

#[test]
fn every_page_of_the_app_has_a_route_and_every_page_route_a_page() {
    let listed: BTreeSet<String> = ROUTES
        .iter()
        .filter(|route| matches!(route.endpoint, Endpoint::Page | Endpoint::SetUpPage | Endpoint::ResetPage))
        .map(|route| route.path.to_owned())
        .collect();
    assert_eq!(pages(), listed);
}

#[test]
fn no_function_is_called_from_the_browser_past_the_routes() {
    let functions: Vec<_> = leptos::server_fn::axum::server_fn_paths().collect();
    assert!(functions.is_empty(), "{functions:?}");
}

#[tokio::test]
async fn every_page_answers_completely() {
    let (_app, mut browser) = TestApp::set_up(Start::Sample).await;
    let start = browser.get("/").await;
    assert_eq!((start.status, start.location()), (StatusCode::SEE_OTHER, "/workspaces"));
    let workspace = sample(&mut browser).await;
    for page in [
        "",
        "/map",
        "/systems",
        "/systems/new",
        "/flows",
        "/flows/new",
        "/elements/pan",
        "/import",
        "/history",
        "/tokens",
        "/people",
        "/members",
        "/settings",
        "/inventory",
        "/inventory/segments",
        "/inventory/credentials",
        "/inventory/credentials/new",
    ] {
        let answer = browser.get(&format!("{workspace}{page}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}: {}", answer.body);
        assert!(answer.body.starts_with("<!DOCTYPE html>") && answer.body.trim_end().ends_with("</html>"), "{page}");
        assert_eq!(answer.body.matches("<h1").count(), 1, "{page}");
        assert!(answer.body.len() < 120_000, "{page}: {} bytes", answer.body.len());
    }
}

/// The address of the workspace with the sample estate.
async fn sample(browser: &mut Browser) -> String {
    let list = browser.get("/workspaces").await.body;
    let links = list.split("href=\"/w/").skip(1).map(|rest| rest.split('"').next().unwrap());
    format!("/w/{}", links.into_iter().find(|key| key.contains("sample")).unwrap())
}

#[tokio::test]
async fn a_system_is_added_edited_and_deleted_through_forms() {
    let (_app, mut browser) = TestApp::set_up(Start::Empty).await;
    let added = browser
        .post(
            "/w/shop/systems/new",
            &[("name", "Checkout service"), ("kind", "service"), ("boundary", "own"), ("rev", "1")],
        )
        .await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    assert_eq!(added.location(), "/w/shop/systems/checkout-service?done=system-added&rev=2");
    let page = browser.get(added.location()).await;
    assert!(page.body.contains("1 system changed category"), "the page shows what the save did: {}", page.body);

    let edited = browser
        .post(
            "/w/shop/systems/checkout-service/edit",
            &[
                ("name", "Checkout"),
                ("rev", "2"),
                ("holding.0.element", "pan"),
                ("holding.0.form", "clear"),
                ("holding.0.ops", "store"),
            ],
        )
        .await;
    assert_eq!(edited.location(), "/w/shop/systems/checkout-service?done=system-saved&rev=3", "{}", edited.body);
    let page = browser.get(edited.location()).await;
    assert!(page.body.contains("CDE"), "{}", page.body);

    let late = browser.post("/w/shop/systems/checkout-service/edit", &[("name", "Cash desk"), ("rev", "2")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("Cash desk"), "what was typed is kept: {}", late.body);

    let deleted = browser.post("/w/shop/systems/checkout-service/delete", &[("rev", "3")]).await;
    assert_eq!(deleted.location(), "/w/shop/systems?done=system-deleted&rev=4", "{}", deleted.body);
    assert_eq!(browser.get("/w/shop/systems/checkout-service").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_save_that_changes_nothing_says_so() {
    let (_app, mut browser) = TestApp::set_up(Start::Empty).await;
    browser.post("/w/shop/systems/new", &[("name", "Checkout")]).await;
    let same = browser.post("/w/shop/systems/checkout/edit", &[("name", "Checkout"), ("rev", "2")]).await;
    assert_eq!(same.location(), "/w/shop/systems/checkout?done=unchanged", "{}", same.body);
    assert!(browser.get(same.location()).await.body.contains("Nothing was changed"));
}

#[tokio::test]
async fn a_form_with_errors_comes_back_with_everything_that_was_typed() {
    let (app, mut browser) = TestApp::set_up(Start::Empty).await;
    let form = [("name", ""), ("owner", "nobody"), ("kind", "spaceship"), ("fact.note", "kept <b>text</b> & more")];
    let answer = browser.post("/w/shop/systems/new", &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Fill in this field."), "{}", answer.body);
    assert!(!answer.body.contains("<b>text</b>"), "what was typed is text, never markup");
    assert_eq!(app.revision("shop").await, 1, "nothing was stored");
}

#[tokio::test]
async fn another_row_is_offered_without_saving_anything() {
    let (_app, mut browser) = TestApp::set_up(Start::Empty).await;
    let form = [("name", "Checkout"), ("holding.0.element", "pan"), ("action", "more")];
    let answer = browser.post("/w/shop/systems/new", &form).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.body.contains("value=\"Checkout\"") && answer.body.contains("holding.1.element"), "{}", answer.body);
    assert_eq!(browser.get("/w/shop/systems/checkout").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_flow_joins_two_systems_and_shows_what_it_does_to_scope() {
    let (_app, mut browser) = TestApp::set_up(Start::Empty).await;
    for name in ["Storefront", "Payments"] {
        browser.post("/w/shop/systems/new", &[("name", name)]).await;
    }
    let form = [
        ("from", "storefront"),
        ("to", "payments"),
        ("protocol", "https"),
        ("field.0.element", "pan"),
        ("field.0.form", "clear"),
    ];
    let added = browser.post("/w/shop/flows/new", &form).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let page = browser.get(added.location()).await;
    assert!(page.body.contains("2 systems changed category"), "{}", page.body);
    let key = added.location().split("/flows/").nth(1).unwrap().split('?').next().unwrap().to_owned();
    let deleted = browser.post(&format!("/w/shop/flows/{key}/delete"), &[("rev", "4")]).await;
    assert!(deleted.location().starts_with("/w/shop/flows?done=flow-deleted"), "{}", deleted.body);
}

#[tokio::test]
async fn a_key_with_any_character_stays_one_address() {
    let (_app, mut browser) = TestApp::set_up(Start::Empty).await;
    let added = browser.post("/w/shop/systems/new", &[("name", "Odd"), ("id", "a/b?c#d ü\"<")]).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    assert!(added.location().starts_with("/w/shop/systems/a%2Fb%3Fc%23d%20%C3%BC%22%3C?"), "{}", added.location());
    let page = browser.get(added.location()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Odd"));
}

#[tokio::test]
async fn markup_in_a_name_is_text_on_every_page() {
    let (_app, mut browser) = TestApp::set_up(Start::Empty).await;
    let name = "</title><script>alert(1)</script>";
    let added = browser.post("/w/shop/systems/new", &[("name", name), ("id", "odd")]).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    for page in ["", "/map", "/systems", "/systems/odd", "/systems/odd/edit", "/flows/new", "/history", "/map.svg"] {
        let answer = browser.get(&format!("/w/shop{page}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        assert!(!answer.body.contains("<script>alert"), "{page}");
        assert!(answer.body.matches("</title>").count() <= 1 || page == "/map", "{page}");
    }
}

#[tokio::test]
async fn a_person_with_one_workspace_starts_in_it() {
    let (app, _) = TestApp::set_up(Start::Empty).await;
    app.add_account("editor@shop.example", &[("shop", domain::role::Role::Editor)]).await;
    assert_eq!(app.signed_in("editor@shop.example").await.get("/").await.location(), "/w/shop");
}

#[tokio::test]
async fn a_workspace_is_made_with_or_without_the_sample() {
    let (_app, mut browser) = TestApp::set_up(Start::Empty).await;
    assert_eq!(browser.post("/workspaces", &[("name", "Stores"), ("sample", "no")]).await.location(), "/w/stores");
    assert_eq!(
        browser.post("/workspaces", &[("name", ""), ("sample", "no")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let sample = browser.post("/workspaces", &[("name", "Try"), ("sample", "yes")]).await;
    assert!(browser.get(&format!("{}/systems", sample.location())).await.body.len() > 20_000);
}

#[tokio::test]
async fn colours_are_chosen_for_this_browser_and_lead_back() {
    let (_app, mut browser) = TestApp::set_up(Start::Empty).await;
    let chosen = browser.post("/theme", &[("theme", "dark"), ("next", "/w/shop/systems?q=a")]).await;
    assert_eq!(chosen.location(), "/w/shop/systems?q=a");
    for page in ["/w/shop", "/nowhere"] {
        assert!(browser.get(page).await.body.contains("data-theme=\"dark\""), "{page}");
    }
    assert_eq!(browser.post("/theme", &[("theme", "dark"), ("next", "//evil.example")]).await.location(), "/");
    assert_eq!(browser.post("/theme", &[("theme", "pink")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_model_and_the_map_are_files_to_save() {
    let (_app, mut browser) = TestApp::set_up(Start::Sample).await;
    let workspace = sample(&mut browser).await;
    for (file, kind, name) in [
        ("export/model", "application/json; charset=utf-8", "-model.json"),
        ("map.svg", "image/svg+xml; charset=utf-8", "-map.svg"),
        ("map.png", "image/png", "-map.png"),
        ("map.mmd", "text/vnd.mermaid; charset=utf-8", "-map.mmd"),
        ("map.dot", "text/vnd.graphviz; charset=utf-8", "-map.dot"),
        ("map.drawio", "application/vnd.jgraph.mxfile; charset=utf-8", "-map.drawio"),
    ] {
        let answer = browser.get(&format!("{workspace}/{file}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers["content-type"], kind);
        assert_eq!(answer.headers["content-security-policy"], "sandbox; default-src 'none'");
        let disposition = answer.headers["content-disposition"].to_str().unwrap();
        assert!(disposition.starts_with("attachment; filename=\"") && disposition.contains(name), "{disposition}");
    }
}

#[tokio::test]
async fn a_file_of_the_map_holds_what_the_page_shows() {
    let (_app, mut browser) = TestApp::set_up(Start::Sample).await;
    let workspace = sample(&mut browser).await;
    let said = |text: &str| {
        let from = text.find("Showing ").unwrap();
        text[from..from + text[from..].find(" Nothing else is hidden.").unwrap()].to_owned()
    };
    for query in ["", "?q=scope:out", "?focus=crm&hops=1", "?closed=cde", "?focus=crm&mode=explain"] {
        let page = said(&browser.get(&format!("{workspace}/map{query}")).await.body);
        for ending in ["svg", "mmd", "dot"] {
            let file = browser.get(&format!("{workspace}/map.{ending}{query}")).await.body;
            assert_eq!(said(&file), page, "{ending}{query}");
        }
    }
    let whole = said(&browser.get(&format!("{workspace}/map")).await.body);
    let part = said(&browser.get(&format!("{workspace}/map?q=scope:out")).await.body);
    assert_ne!(whole, part);
}

#[tokio::test]
async fn a_segment_is_collapsed_and_opened_by_links() {
    let (_app, mut browser) = TestApp::set_up(Start::Sample).await;
    let workspace = sample(&mut browser).await;
    let whole = browser.get(&format!("{workspace}/map")).await.body;
    let collapse = format!("{workspace}/map?closed=cde");
    assert!(whole.contains(&format!("href=\"{collapse}\"")), "the list of segments has the link");
    let collapsed = browser.get(&collapse).await.body;
    assert!(collapsed.contains("1 segment collapsed.") && collapsed.contains("data-kind=\"group\""));
    assert!(collapsed.contains(&format!("href=\"{workspace}/map?open=cde\"")), "its box leads back");
}

#[tokio::test]
async fn a_browsers_report_is_taken_without_a_session() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let headers = [("sec-fetch-site", "same-origin"), ("content-type", "application/csp-report")];
    let report = axum::body::Body::from("{\"csp-report\":{}}");
    let answer = browser.send(super::app::request(http::Method::POST, "/csp-report", &headers, report)).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
}
