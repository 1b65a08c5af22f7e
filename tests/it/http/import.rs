//! A file on its way into a model.

use http::StatusCode;
use store::Start;
use tests::both_dbs;

use super::app::{Answer, Browser, TestApp};

/// A shop of our own: the card number enters at the storefront, and nobody declared the warehouse.
const FLOWS: &str = "source,target,protocol,fields\n\
    storefront,checkout,https,card.number;card.cvc;cart.id\n\
    checkout,payments,grpc,card_number\n\
    checkout,warehouse,amqp,order.items\n";

/// The hidden inputs and the chosen options of the form of a preview, as a browser would post them.
fn filled(page: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for input in page.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap()) {
        if input.contains("type=\"hidden\"") && input.contains("name=\"rev\"") {
            pairs.push(("rev".to_owned(), attribute(input, "value")));
        }
    }
    for select in page.split("<select").skip(1).map(|rest| rest.split("</select>").next().unwrap()) {
        let name = attribute(select.split('>').next().unwrap(), "name");
        let chosen =
            select.split("<option").skip(1).find(|option| option.split('>').next().unwrap().contains("selected"));
        if name.starts_with("wire.") {
            pairs.push((name, chosen.map(|option| attribute(option, "value")).unwrap_or_default()));
        }
    }
    pairs
}

fn attribute(tag: &str, name: &str) -> String {
    tag.split_once(&format!("{name}=\"")).map_or("", |(_, rest)| rest.split('"').next().unwrap()).to_owned()
}

async fn decide(browser: &mut Browser, page: &str, answers: &[(String, String)], action: &str) -> Answer {
    let mut form: Vec<(&str, &str)> = answers.iter().map(|(name, value)| (&**name, &**value)).collect();
    form.push(("action", action));
    browser.post(page, &form).await
}

both_dbs!(a_file_is_read_looked_at_and_then_confirmed_as_a_whole, |place| {
    let (app, mut browser) = TestApp::set_up_at(place, Start::Empty).await;
    let uploaded = browser.upload("/w/shop/import", "flows.csv", FLOWS.as_bytes()).await;
    assert_eq!(uploaded.status, StatusCode::SEE_OTHER, "{}", uploaded.body);
    let page = uploaded.location().to_owned();
    assert!(page.starts_with("/w/shop/import/"), "{page}");
    let preview = browser.get(&page).await;
    assert_eq!(preview.status, StatusCode::OK);
    assert_eq!(app.revision("shop").await, 1, "a preview stores nothing");

    let answers = filled(&preview.body);
    assert!(answers.iter().any(|(name, value)| name.starts_with("wire.") && value == "pan:clear"), "{answers:?}");
    let again = decide(&mut browser, &page, &answers, "preview").await;
    assert_eq!(again.status, StatusCode::OK, "another look is no error: {}", again.body);

    let done = decide(&mut browser, &page, &answers, "confirm").await;
    assert_eq!(done.location(), "/w/shop?done=imported&rev=2", "{}", done.body);
    let home = browser.get(done.location()).await;
    assert!(home.body.contains("4 systems changed category"), "{}", home.body);
    assert_eq!(browser.get(&page).await.status, StatusCode::NOT_FOUND, "what was confirmed does not wait any more");
    let checkout = browser.get("/w/shop/systems/checkout").await;
    assert!(checkout.body.contains("CDE"), "{}", checkout.body);
});

#[tokio::test]
async fn a_file_with_a_rejected_line_stores_nothing_even_when_it_is_confirmed() {
    let (app, mut browser) = TestApp::set_up(Start::Empty).await;
    let systems = b"id,name\nweb,Web shop\nweb,Web shop again\n";
    let page = browser.upload("/w/shop/import", "systems.csv", systems).await.location().to_owned();
    let preview = browser.get(&page).await;
    assert!(preview.body.contains("Rejected") && !preview.body.contains("Confirm the import"), "{}", preview.body);
    let confirmed = decide(&mut browser, &page, &filled(&preview.body), "confirm").await;
    assert_eq!(confirmed.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", confirmed.body);
    assert_eq!(app.revision("shop").await, 1);
}

#[tokio::test]
async fn the_same_file_twice_changes_nothing() {
    let (app, mut browser) = TestApp::set_up(Start::Empty).await;
    for expected in ["/w/shop?done=imported&rev=2", "/w/shop?done=unchanged"] {
        let page = browser.upload("/w/shop/import", "flows.csv", FLOWS.as_bytes()).await.location().to_owned();
        let preview = browser.get(&page).await;
        let done = decide(&mut browser, &page, &filled(&preview.body), "confirm").await;
        assert_eq!(done.location(), expected, "{}", done.body);
    }
    assert_eq!(app.revision("shop").await, 2);
}

#[tokio::test]
async fn a_cancelled_file_is_gone() {
    let (app, mut browser) = TestApp::set_up(Start::Empty).await;
    let page = browser.upload("/w/shop/import", "flows.csv", FLOWS.as_bytes()).await.location().to_owned();
    assert_eq!(decide(&mut browser, &page, &[], "cancel").await.location(), "/w/shop/import?done=import-cancelled");
    assert_eq!(browser.get(&page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.revision("shop").await, 1);
}

#[tokio::test]
async fn a_preview_that_is_out_of_date_is_not_carried_out() {
    let (app, mut browser) = TestApp::set_up(Start::Empty).await;
    browser.post("/w/shop/systems/new", &[("name", "Checkout")]).await;
    let flows = "source,target\ncheckout,bank\n";
    let systems = "id,name,kind\ncheckout,Till,service\n";
    let page = browser.upload("/w/shop/import", "systems.csv", systems.as_bytes()).await.location().to_owned();
    let answers = filled(&browser.get(&page).await.body);
    browser.post("/w/shop/systems/checkout/edit", &[("name", "Cash desk"), ("rev", "2")]).await;
    let late = decide(&mut browser, &page, &answers, "confirm").await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
    assert_eq!(app.revision("shop").await, 3);
    // A file about other objects is not touched by that change.
    let page = browser.upload("/w/shop/import", "flows.csv", flows.as_bytes()).await.location().to_owned();
    let answers = filled(&browser.get(&page).await.body);
    assert_eq!(decide(&mut browser, &page, &answers, "confirm").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_bad_file_is_named_with_line_field_and_remedy_and_stores_nothing() {
    let (app, mut browser) = TestApp::set_up(Start::Empty).await;
    let dangling = r#"{"systems":[{"id":"a","name":"A"}],"flows":[{"id":"f","from":"a","to":"ghost"}]}"#;
    let unknown = r#"{"systems":[{"id":"a","name":"A","holdings":[{"element":"moonstone","form":"clear"}]}]}"#;
    let files: [(&str, &[u8], &[&str]); 5] = [
        ("open.csv", b"source,target\nshop,\"bank\nend", &["open.csv", "line 2", "quote"]),
        ("latin.csv", b"source,target\ncaf\xe9,bank\n", &["latin.csv", "line 2", "UTF-8"]),
        ("dangling.json", dangling.as_bytes(), &["dangling.json", "ghost"]),
        ("element.json", unknown.as_bytes(), &["element.json", "moonstone"]),
        ("empty.csv", b"", &["empty.csv"]),
    ];
    for (name, content, parts) in files {
        let answer = browser.upload("/w/shop/import", name, content).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", answer.body);
        for part in parts {
            assert!(answer.body.contains(part), "{name}: {part}: {}", answer.body);
        }
    }
    assert_eq!(app.revision("shop").await, 1);
}

#[tokio::test]
async fn a_row_that_cannot_be_taken_stops_the_whole_file() {
    let (app, mut browser) = TestApp::set_up(Start::Empty).await;
    let systems = "id,name\na,First\nb,Second\na,Again\n";
    let page = browser.upload("/w/shop/import", "systems.csv", systems.as_bytes()).await.location().to_owned();
    let preview = browser.get(&page).await;
    assert!(preview.body.contains("Rejected"), "{}", preview.body);
    let answer = decide(&mut browser, &page, &filled(&preview.body), "confirm").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    assert_eq!(app.revision("shop").await, 1);
}

#[tokio::test]
async fn a_form_without_a_file_says_what_is_missing() {
    let (_app, mut browser) = TestApp::set_up(Start::Empty).await;
    let answer = browser.upload("/w/shop/import", "", b"").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Fill in this field."), "{}", answer.body);
    let headers = [("sec-fetch-site", "same-origin"), ("content-type", "multipart/form-data; boundary=edge")];
    let broken = super::app::request(
        http::Method::POST,
        "/w/shop/import",
        &headers,
        axum::body::Body::from("--edge\r\nnonsense"),
    );
    assert_eq!(browser.send(broken).await.status, StatusCode::BAD_REQUEST);
}
