//! Registers of risks from a file, and as one.

use domain::backend::risks::{RiskRegister, Risks as _};
use domain::export::xlsx::workbook;
use domain::id::WorkspaceId;
use domain::import::Limits;
use domain::inventory::Cell;
use domain::risk::RiskKey;
use domain::risk::sheet::Table;
use domain::role::Role;
use http::StatusCode;
use store::{Actor, Start};
use tests::both_dbs;

use super::app::{Answer, Browser, TestApp};

/// A register of our own: five steps, a day as people write it, and a system by its name.
const REGISTER: &str = "Risk ID,Title,Scenario,Asset,Likelihood (1-5),Impact (1-5),Score,Status,Review date,Colour\n\
    A-1,Queue is read,Somebody reads the retry queue,Checkout,4,5,20,Open,2027-01-31,red\n\
    A-2,Key leaks,A key gets into the log,,2,3,7,Accepted,Q2-2027,blue\n";

/// One row rates beyond the scale that the header states.
const OFF_SCALE: &str = "Title,Likelihood (1-5),Impact (1-5)\nFine,3,3\nTerrible,6,2\n";

/// What a browser would post of the form of a preview: hidden values, chosen options, ticked boxes.
fn filled(page: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for input in page.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap()) {
        let ticked = input.contains("type=\"checkbox\"") && input.contains("checked");
        if input.contains("name=\"hash\"") || (input.contains("name=\"leave_out\"") && ticked) {
            pairs.push((attribute(input, "name"), attribute(input, "value")));
        }
    }
    for select in page.split("<select").skip(1).map(|rest| rest.split("</select>").next().unwrap()) {
        let name = attribute(select.split('>').next().unwrap(), "name");
        let chosen =
            select.split("<option").skip(1).find(|option| option.split('>').next().unwrap().contains("selected"));
        if name.contains('.') {
            pairs.push((name, chosen.map(|option| attribute(option, "value")).unwrap_or_default()));
        }
    }
    pairs
}

fn attribute(tag: &str, name: &str) -> String {
    tag.split_once(&format!(" {name}=\"")).map_or("", |(_, rest)| rest.split('"').next().unwrap()).to_owned()
}

/// Puts an answer in the place of the one with its name, or adds it.
fn set(answers: &mut Vec<(String, String)>, name: &str, value: &str) {
    answers.retain(|(known, _)| known != name);
    answers.push((name.to_owned(), value.to_owned()));
}

async fn decide(browser: &mut Browser, page: &str, answers: &[(String, String)], action: &str) -> Answer {
    let mut form: Vec<(&str, &str)> = answers.iter().map(|(name, value)| (&**name, &**value)).collect();
    form.push(("action", action));
    browser.post(page, &form).await
}

/// Uploads a register; the page on which it waits.
async fn brought(browser: &mut Browser, name: &str, content: &[u8]) -> String {
    let uploaded = browser.upload("/w/shop/risks/import", name, content).await;
    assert_eq!(uploaded.status, StatusCode::SEE_OTHER, "{}", uploaded.body);
    let page = uploaded.location().to_owned();
    assert!(page.starts_with("/w/shop/risks/import/"), "{page}");
    page
}

/// Confirms a register, and waits until it was read where that takes longer.
async fn confirmed(browser: &mut Browser, page: &str, answers: &[(String, String)]) -> String {
    let done = decide(browser, page, answers, "confirm").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    for _ in 0..200 {
        let shown = browser.get(page).await;
        if !shown.body.contains("The rows are being read") {
            return shown.body;
        }
        assert_eq!(shown.headers["refresh"], "2");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("it is still being read");
}

async fn register(app: &TestApp) -> RiskRegister {
    app.store.gate(Actor::Operator).risks(&WorkspaceId::new("shop")).await.unwrap()
}

fn parts(page: &str, expected: &[&str]) {
    for part in expected {
        assert!(page.contains(part), "{part}: {page}");
    }
}

both_dbs!(a_register_is_read_looked_at_and_then_confirmed_as_a_whole, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    owner.post("/w/shop/systems/new", &[("name", "Checkout")]).await;
    let page = brought(&mut owner, "register.csv", REGISTER.as_bytes()).await;
    let preview = owner.get(&page).await;
    assert_eq!(preview.status, StatusCode::OK);
    let expected = [
        "What the file calls the risk",
        "These columns are left out: Colour.",
        "Queue is read",
        "Q2-2027",
        "until somebody here accepts it",
        "The file says 7, but 2 times 3 is 6.",
        "Its steps are those of this register.",
    ];
    parts(&preview.body, &expected);
    assert!(register(&app).await.risks.is_empty(), "a preview stores nothing");

    let answers = filled(&preview.body);
    assert!(answers.contains(&("column.4".to_owned(), "inherent_likelihood".to_owned())), "{answers:?}");
    let again = decide(&mut owner, &page, &answers, "preview").await;
    assert_eq!(again.status, StatusCode::OK, "another look is no error: {}", again.body);
    parts(&confirmed(&mut owner, &page, &answers).await, &["The risks of the file are in the register."]);
    let first = register(&app).await.risks[&RiskKey(1)].clone();
    assert_eq!((first.title.as_str(), first.reference.as_deref()), ("Queue is read", Some("A-1")));
    assert_eq!(first.links.iter().map(|it| it.text()).collect::<Vec<_>>(), ["system:checkout"]);
    parts(&owner.get("/w/shop/risks/R-2").await.body, &["Key leaks", "2027-06-30", "Security lead"]);
    let trail = owner.get("/w/shop/history").await.body;
    assert_eq!(trail.matches("Risks imported").count(), 1, "{trail}");

    // The same file changes nothing; one cell more does.
    let page = brought(&mut owner, "register.csv", REGISTER.as_bytes()).await;
    let preview = owner.get(&page).await.body;
    assert!(preview.contains("Nothing would change.") && !preview.contains("Confirm the import"), "{preview}");
    let renamed = REGISTER.replace("Key leaks", "Key is printed");
    let page = brought(&mut owner, "register.csv", renamed.as_bytes()).await;
    let preview = owner.get(&page).await.body;
    parts(&preview, &["<del>Key leaks</del>", "<ins>Key is printed</ins>", "/w/shop/risks/R-2"]);
    confirmed(&mut owner, &page, &filled(&preview)).await;
    let history = app.store.gate(Actor::Operator).risk(&WorkspaceId::new("shop"), RiskKey(2)).await.unwrap();
    assert_eq!((history.revision, history.risk.title.as_str()), (2, "Key is printed"));
});

#[tokio::test]
async fn a_workbook_is_read_like_a_table_and_its_sheet_can_be_named() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let text = |it: &str| Cell::Text(it.to_owned());
    let rows = [vec![text("Keys leak"), Cell::Number(2), Cell::Number(5)]];
    let book = workbook("Register", &["Title", "Likelihood (1-5)", "Impact (1-5)"], rows.into_iter());
    let page = brought(&mut owner, "register.xlsx", &book).await;
    let preview = owner.get(&page).await.body;
    confirmed(&mut owner, &page, &filled(&preview)).await;
    assert_eq!(register(&app).await.risks[&RiskKey(1)].title, "Keys leak");
    let mut body = b"--edge\r\nContent-Disposition: form-data; name=\"sheet\"\r\n\r\nMoon\r\n--edge\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"r.xlsx\"\r\n\r\n"
        .to_vec();
    body.extend(&book);
    body.extend(b"\r\n--edge--\r\n");
    let headers = [("sec-fetch-site", "same-origin"), ("content-type", "multipart/form-data; boundary=edge")];
    let path = "/w/shop/risks/import";
    let asked = super::app::request(http::Method::POST, path, &headers, axum::body::Body::from(body));
    let refused = owner.send(asked).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
    parts(&refused.body, &["there is no sheet", "Register", "value=\"Moon\""]);
}

#[tokio::test]
async fn a_register_of_three_steps_asks_how_each_becomes_one_of_five() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let three = b"Title,Likelihood (1-3),Impact (1-3)\nx,1,3\n";
    let page = brought(&mut owner, "three.csv", three).await;
    let preview = owner.get(&page).await.body;
    parts(
        &preview,
        &["rates on another scale", "1 becomes 1, 2 becomes 3, 3 becomes 5", "1 becomes 2, 2 becomes 3, 3 becomes 4"],
    );
    assert!(!preview.contains("Confirm the import"), "{preview}");
    let mut answers = filled(&preview);
    let refused = confirmed(&mut owner, &page, &answers).await;
    parts(&refused, &["something is not answered"]);
    set(&mut answers, "way.likelihood", "centre");
    set(&mut answers, "way.impact", "own");
    let open = decide(&mut owner, &page, &answers, "preview").await.body;
    parts(&open, &["Impact, step 1: Fill in this field."]);
    for (step, becomes) in [("1", "1"), ("2", "2"), ("3", "5")] {
        set(&mut answers, &format!("step.impact.{step}"), becomes);
    }
    let shown = decide(&mut owner, &page, &answers, "preview").await.body;
    parts(&shown, &["Confirm the import", "<caption id=\"change-table\">1 risk<"]);
    confirmed(&mut owner, &page, &filled(&shown)).await;
    let rating = register(&app).await.risks[&RiskKey(1)].inherent.unwrap();
    assert_eq!((rating.likelihood().number(), rating.impact().number()), (2, 5));
}

#[tokio::test]
async fn a_row_outside_the_scale_is_shown_as_such_and_left_out_only_when_somebody_says_so() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let page = brought(&mut owner, "off.csv", OFF_SCALE.as_bytes()).await;
    let preview = owner.get(&page).await.body;
    let expected = [
        "Rejected rows stop the whole import",
        "<td data-label=\"Row\" class=\"line\">3</td>",
        "Likelihood (1-5)",
        "lies outside the scale from 1 to 5",
        "Correct the rating, or say that the file has another scale.",
    ];
    parts(&preview, &expected);
    assert!(!preview.contains("Confirm the import"), "{preview}");
    let mut answers = filled(&preview);
    parts(&confirmed(&mut owner, &page, &answers).await, &["Nothing was written"]);
    assert!(register(&app).await.risks.is_empty());
    set(&mut answers, "leave_out", "yes");
    let shown = decide(&mut owner, &page, &answers, "preview").await.body;
    parts(&shown, &["The rejected rows are left out.", "Confirm the import"]);
    confirmed(&mut owner, &page, &filled(&shown)).await;
    let register = register(&app).await;
    assert_eq!((register.risks.len(), register.risks[&RiskKey(1)].title.as_str()), (1, "Fine"));
}

#[tokio::test]
async fn what_is_not_what_was_shown_is_not_written() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let page = brought(&mut owner, "register.csv", REGISTER.as_bytes()).await;
    let answers = filled(&owner.get(&page).await.body);
    let mut other = answers.clone();
    set(&mut other, "column.2", "cause");
    parts(&confirmed(&mut owner, &page, &other).await, &["is not what was shown"]);
    owner.post("/w/shop/risks/new", &[("title", "In between"), ("rev", "0")]).await;
    parts(&confirmed(&mut owner, &page, &answers).await, &["is not what was shown"]);
    assert_eq!(register(&app).await.risks.len(), 1);
    // What was chosen stays, and another look is enough.
    let shown = owner.get(&page).await.body;
    confirmed(&mut owner, &page, &filled(&shown)).await;
    assert_eq!(register(&app).await.risks.len(), 3);
}

#[tokio::test]
async fn a_register_can_be_cancelled_and_what_the_page_does_not_have_is_refused() {
    let (_app, mut owner) = TestApp::set_up(Start::Empty).await;
    let page = brought(&mut owner, "register.csv", REGISTER.as_bytes()).await;
    let strange = owner.post(&page, &[("action", "confirm"), ("moon", "1")]).await;
    assert_eq!(strange.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", strange.body);
    let nothing = owner.post(&page, &[("action", "dance")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let stopped = owner.post(&page, &[("action", "stop")]).await;
    assert_eq!(stopped.location(), page, "nothing was begun, so nothing is stopped");
    let cancelled = decide(&mut owner, &page, &[], "cancel").await;
    assert_eq!(cancelled.location(), "/w/shop/risks/import?done=import-cancelled");
    assert_eq!(owner.get(&page).await.status, StatusCode::NOT_FOUND);
    for (name, content, said) in [
        ("empty.csv", &b""[..], "there is no header"),
        ("broken.xlsx", b"PK\x03\x04 and nothing", "it has no directory"),
        ("latin.csv", b"Title\ncaf\xe9\n", "UTF-8"),
    ] {
        let refused = owner.upload("/w/shop/risks/import", name, content).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        parts(&refused.body, &[name, said]);
    }
    let missing = owner.upload("/w/shop/risks/import", "", b"").await;
    parts(&missing.body, &["Fill in this field."]);
}

#[tokio::test]
async fn who_may_not_import_does_not_see_how() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let page = brought(&mut owner, "register.csv", REGISTER.as_bytes()).await;
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    assert!(!viewer.get("/w/shop/risks").await.body.contains("risks/import"));
    for path in ["/w/shop/risks/import", page.as_str()] {
        assert_eq!(viewer.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let sent = viewer.upload("/w/shop/risks/import", "r.csv", REGISTER.as_bytes()).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
    assert_eq!(viewer.post(&page, &[("action", "confirm")]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_file_has_exactly_what_the_list_shows() {
    let (_app, mut owner) = TestApp::set_up(Start::Empty).await;
    for (title, likelihood) in [("=1+1", "5"), ("Middle", "3"), ("Small", "1")] {
        let form = [("title", title), ("inherent_likelihood", likelihood), ("inherent_impact", "5"), ("rev", "0")];
        assert_eq!(owner.post("/w/shop/risks/new", &form).await.status, StatusCode::SEE_OTHER);
    }
    let query = "q=level%3A%3E%3Dmoderate&sort=-level&cols=inherent&cols=status";
    let list = owner.get(&format!("/w/shop/risks?{query}")).await.body;
    assert!(list.contains("Inherent</th>") && !list.contains("Next due</a>"), "{list}");
    let csv = owner.get(&format!("/w/shop/export/risks?{query}&as=csv")).await;
    let expected = "\"Key\",\"Risk\",\"Status\",\"Inherent\"\n\"R-2\",\"Middle\",\"Draft\",\"High (3, 5)\"\n\
        \"R-1\",\"'=1+1\",\"Draft\",\"Very high (5, 5)\"\n";
    assert_eq!(csv.body.replace("\r\n", "\n"), expected);
    let link = "as=xlsx";
    assert!(list.contains(link), "{list}");
    let whole = owner.get("/w/shop/export/risks").await.body;
    assert!(whole.starts_with("\"key\",\"reference\",\"title\""), "{whole}");
    // Read back the whole register is as it was.
    let table = Table::from_csv("r.csv", whole.as_bytes(), &Limits::register()).unwrap();
    assert_eq!(table.rows.len(), 3);
    let page = brought(&mut owner, "r.csv", whole.as_bytes()).await;
    parts(&owner.get(&page).await.body, &["Nothing would change."]);
}

#[tokio::test]
async fn a_view_of_the_register_is_kept_with_its_columns() {
    let (_app, mut owner) = TestApp::set_up(Start::Empty).await;
    owner.post("/w/shop/risks/new", &[("title", "x"), ("rev", "0")]).await;
    let wish = [("list", "risks"), ("name", "Costs"), ("q", "is:draft"), ("sort", "title"), ("cols", "money,effort")];
    let kept = owner.post("/w/shop/views", &wish).await;
    assert!(kept.location().starts_with("/w/shop/risks?q=is%3Adraft&sort=title&cols=money"), "{}", kept.location());
    let list = owner.get(kept.location()).await.body;
    parts(&list, &["Costs", "Effort, person-days</th>"]);
}

#[tokio::test]
async fn several_risks_are_changed_at_once_after_a_look() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    for title in ["Queue one", "Queue two", "Other"] {
        owner.post("/w/shop/risks/new", &[("title", title), ("rev", "0")]).await;
    }
    let preview = owner.get("/w/shop/risks/change?q=queue&set=category&to=fraud").await.body;
    parts(&preview, &["2 risks would change", "not stated", "Fraud", "value=\"R-1:1\"", "value=\"R-2:1\""]);
    let form = [("set", "category"), ("to", "fraud"), ("key", "R-1:1"), ("key", "R-2:1")];
    let saved = owner.post("/w/shop/risks/change", &form).await;
    assert_eq!(saved.location(), "/w/shop/risks?done=risks-changed", "{}", saved.body);
    assert_eq!(owner.post("/w/shop/risks/change", &form).await.location(), "/w/shop/risks?done=unchanged");
    // Somebody changed one of them since: none is changed.
    let late = [("set", "category"), ("to", "integrity"), ("key", "R-1:1"), ("key", "R-3:1")];
    assert_eq!(owner.post("/w/shop/risks/change", &late).await.status, StatusCode::CONFLICT);
    let register = register(&app).await;
    let categories: Vec<_> = register.risks.values().map(|it| it.category.map(|it| it.as_str())).collect();
    assert_eq!(categories, [Some("fraud"), Some("fraud"), None]);
    let wrong = [("set", "next_review"), ("to", "soon"), ("key", "R-1:2")];
    assert_eq!(owner.post("/w/shop/risks/change", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let unknown = [("set", "stage"), ("to", "closed"), ("key", "R-1:2")];
    assert_eq!(owner.post("/w/shop/risks/change", &unknown).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// Registers that people published elsewhere; they are no part of this.
#[tokio::test]
async fn registers_of_others_are_understood() {
    let folder = std::env::var_os("PLUMBLINE_SHARED").map(std::path::PathBuf::from);
    let folder = folder.map(|it| it.join("corpus/3-registers-controls")).filter(|it| it.is_dir());
    let Some(folder) = folder else {
        eprintln!("skipped: the registers of others are not there");
        return;
    };
    // The rows, whether the scale is another one, and whether a likelihood lies above three.
    for (file, rows, asks, goes_higher) in [
        ("sg1unitis/risk_register.csv", 12, false, true),
        ("nextcloud-gap/risk-register.csv", 13, true, false),
        ("voltmart/risk_register.crlf.csv", 12, false, false),
    ] {
        let (app, mut owner) = TestApp::set_up(Start::Empty).await;
        let content = std::fs::read(folder.join(file)).unwrap();
        let page = brought(&mut owner, file, &content).await;
        let mut preview = owner.get(&page).await.body;
        assert_eq!(preview.contains("rates on another scale"), asks, "{file}");
        if asks {
            let mut answers = filled(&preview);
            set(&mut answers, "way.likelihood", "spread");
            set(&mut answers, "way.impact", "spread");
            preview = decide(&mut owner, &page, &answers, "preview").await.body;
        }
        parts(&confirmed(&mut owner, &page, &filled(&preview)).await, &["The risks of the file are in the register."]);
        let rated = register(&app).await.risks.values().filter(|risk| risk.inherent.is_some()).count();
        assert_eq!(rated, rows, "{file}");

        // On a scale that is too small the rows beyond it are shown, and none of them is made to fit.
        let page = brought(&mut owner, file, &content).await;
        let mut answers = filled(&owner.get(&page).await.body);
        set(&mut answers, "scale.likelihood", "0-3");
        set(&mut answers, "way.likelihood", "spread");
        set(&mut answers, "way.impact", "spread");
        let shown = decide(&mut owner, &page, &answers, "preview").await.body;
        if goes_higher {
            parts(&shown, &["lies outside the scale from 0 to 3", "Rejected rows stop the whole import"]);
        }
    }
}
