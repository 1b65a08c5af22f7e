//! Reports for people: pages that everybody who sees the model reads, and their tables as files.

use http::StatusCode;
use store::Start;
use tests::both_dbs;

use super::app::TestApp;

/// The workspace with the sample.
const SHOP: &str = "/w/storefront-payments-sample";
const KINDS: [&str; 5] = ["scope-statement", "field-inventory", "disclosure", "subject-request", "measures"];

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
