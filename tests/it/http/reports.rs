//! Reports for people: pages that everybody who sees the model reads, and their tables as files.

use domain::role::Role;
use http::StatusCode;
use store::Start;
use tests::both_dbs;

use super::app::TestApp;

/// The workspace with the sample.
const SHOP: &str = "/w/storefront-payments-sample";
const KINDS: [&str; 6] = ["scope-statement", "field-inventory", "disclosure", "subject-request", "risks", "measures"];

both_dbs!(every_report_is_a_page_and_each_of_its_tables_a_file, |place| {
    let (_app, mut browser) = TestApp::set_up_at(place, Start::Sample).await;
    let list = browser.get(&format!("{SHOP}/reports")).await;
    assert_eq!(list.status, StatusCode::OK, "{}", list.body);
    for kind in KINDS {
        assert!(list.body.contains(&format!("{SHOP}/reports/{kind}")), "{kind}");
        let page = browser.get(&format!("{SHOP}/reports/{kind}")).await;
        assert_eq!(page.status, StatusCode::OK, "{kind}: {}", page.body);
        let file = browser.get(&format!("{SHOP}/export/reports/{kind}")).await;
        assert_eq!(file.status, StatusCode::OK, "{kind}: {}", file.body);
        assert!(file.body.lines().count() > 1 && file.body.starts_with('"'), "{kind}: {}", file.body);
    }
    let document = browser.get(&format!("{SHOP}/export/documents/measures")).await;
    assert_eq!(
        (document.status, &document.headers["content-type"]),
        (StatusCode::OK, &"application/pdf".parse().unwrap())
    );
    assert!(document.body.starts_with("%PDF-1.7") && document.body.contains("<pdfuaid:part>1</pdfuaid:part>"));
    assert_eq!(document.headers["content-security-policy"], "sandbox; default-src 'none'");
    let page = browser.get(&format!("{SHOP}/reports/measures")).await.body;
    assert!(page.contains(&format!("{SHOP}/export/documents/measures")), "{page}");
    let statement = browser.get(&format!("{SHOP}/reports/scope-statement")).await.body;
    for part in ["The entity", "Systems in scope", "Out of scope", "Nobody has confirmed the scope yet."] {
        assert!(statement.contains(part), "{part}: {statement}");
    }
    let outside = browser.get(&format!("{SHOP}/export/reports/scope-statement?table=exclusions")).await.body;
    assert!(outside.starts_with("\"system\",\"name\",\"reason\","), "{outside}");
    let risks = browser.get(&format!("{SHOP}/reports/risks")).await.body;
    for part in ["Open risks over time", "Acceptances", "Actions that are open", "What the open actions cost"] {
        assert!(risks.contains(part), "{part}: {risks}");
    }
    let measures = browser.get(&format!("{SHOP}/reports/measures")).await.body;
    assert!(measures.contains("Systems of ours out of scope") && measures.contains("By quarter"), "{measures}");
});

#[tokio::test]
async fn a_sheet_is_about_a_category_of_person_that_there_is() {
    let (_app, mut browser) = TestApp::set_up(Start::Sample).await;
    let sheet = browser.get(&format!("{SHOP}/reports/subject-request?about=customers")).await;
    assert_eq!(sheet.status, StatusCode::OK, "{}", sheet.body);
    assert!(sheet.body.contains("Checklist per system") && sheet.body.contains("E-mail address"), "{}", sheet.body);
    for page in [
        "reports/subject-request?about=nobody",
        "reports/none",
        "export/reports/none",
        "export/documents/none",
        "export/documents/subject-request?about=nobody",
        "export/reports/measures?table=none",
    ] {
        assert_eq!(browser.get(&format!("{SHOP}/{page}")).await.status, StatusCode::NOT_FOUND, "{page}");
    }
}

both_dbs!(measures_tell_how_they_were_in_the_quarters_before, |place| {
    let (app, mut browser) = TestApp::set_up_at(place, Start::Sample).await;
    let taken = browser.post(&format!("{SHOP}/snapshots"), &[("name", "Of the quarter")]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
    let alone = browser.get(&format!("{SHOP}/export/reports/measures?table=trend")).await.body;
    let quarters =
        |file: &str| file.lines().filter(|line| line.contains("Flows that an end has not confirmed")).count();
    assert_eq!(quarters(&alone), 1, "the quarter is not over: {alone}");
    // A hundred days later it is one of the quarters before.
    app.place.clock.advance(100 * 24 * 3600);
    // Who owns the workspace would need a second factor by then.
    app.add_account("viewer@shop.example", &[("storefront-payments-sample", Role::Viewer)]).await;
    let mut browser = app.signed_in("viewer@shop.example").await;
    let later = browser.get(&format!("{SHOP}/export/reports/measures?table=trend")).await;
    assert_eq!(quarters(&later.body), 2, "{}", later.body);
    let page = browser.get(&format!("{SHOP}/reports/measures")).await.body;
    assert!(page.contains("worse than at the end of the last quarter"), "{page}");
});
