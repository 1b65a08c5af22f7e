//! A payload with values of cards and accounts: it is recognised, and not a digit of it is in the database, in the log or
//! in an answer, whatever becomes of it.

use http::StatusCode;
use store::Start;
use tests::both_dbs;

use super::secrets::{FILE, around, begin_log, log_of_another_process};
use crate::http::app::{Answer, Browser, TestApp};

/// The values, as they stand in the samples.
const VALUES: [&str; 6] = [
    "4929341985721172",
    "4929 3419 8572 1172",
    "4929-3419-8572-1172",
    "DE89370400440532013000",
    "DE89 3704 0044 0532 0130 00",
    "Ada Lovelace-Byron",
];

/// Samples with the values wherever a text may stand, some of them wrong.
fn samples() -> Vec<(&'static str, String)> {
    let [card, spaced, dashed, iban, spaced_iban, name] = VALUES;
    vec![
        (
            "payload.json",
            format!(
                r#"{{"card":{{"number":"{card}","holder_name":"{name}","expiry":"12/29"}},"payout":{{"iban":"{iban}"}},
                   "note":"paid with {spaced}","cards":[{{"pan":"{dashed}"}}],"account":"{spaced_iban}"}}"#
            ),
        ),
        ("number.json", format!(r#"{{"card":{{"number":{card}}},"iban":"{iban}"}}"#)),
        ("keys.json", format!(r#"{{"cards":{{"{card}":{{"name":"{name}"}}}},"accounts":{{"{iban}":{{"bic":"X"}}}}}}"#)),
        ("twice.json", format!(r#"{{"{iban}":1,"{iban}":2}}"#)),
        ("broken.json", format!(r#"{{"card_number":"{card}","iban":"{iban}" oops"#)),
        ("table.csv", format!("card_number,iban,holder\n{card},{iban},{name}\n")),
        ("headless.csv", format!("{card},{iban},{name}\n{card},{iban},{name}\n")),
        ("open-quote.csv", format!("card_number,iban\n\"{card},{iban}\n")),
        ("payload.yaml", format!("card:\n  number: \"{card}\"\niban: {iban}\n")),
        ("broken.yaml", format!("card:\n\tnumber: {card}\n  iban: {iban}\n")),
        (
            "examples.json",
            format!(
                r#"{{"openapi":"3.0.0","info":{{"title":"Pay","version":"1"}},"paths":{{"/pay":{{"post":{{"requestBody":
                   {{"content":{{"application/json":{{"example":{{"card":{{"number":"{card}"}},"iban":"{iban}"}},"schema":
                   {{"properties":{{"card_number":{{"type":"string","example":"{card}","default":"{spaced}"}},
                   "iban":{{"type":"string","description":"such as {iban}","enum":["{iban}"]}}}}}}}}}}}}}}}}}}}}"#
            ),
        ),
    ]
}

async fn paste(browser: &mut Browser, text: &str) -> Answer {
    let part = |name: &str, value: &str| {
        format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    browser.multipart("/w/shop/recognise", &format!("{}{}--edge--\r\n", part("file", ""), part("text", text))).await
}

/// Uploads and pastes every sample and confirms all that is sure; gives every answer.
async fn driven(app: &TestApp, owner: &mut Browser) -> Vec<(String, String)> {
    for name in ["Web shop", "Provider"] {
        assert_eq!(owner.post("/w/shop/systems/new", &[("name", name)]).await.status, StatusCode::SEE_OTHER);
    }
    let (mut answers, mut confirmed) = (Vec::new(), 0);
    for (name, text) in samples() {
        let uploaded = owner.upload("/w/shop/recognise", name, text.as_bytes()).await;
        for answer in [uploaded, paste(owner, &text).await] {
            assert!(!answer.status.is_server_error(), "{name}: {}", answer.body);
            if answer.status == StatusCode::SEE_OTHER {
                let page = answer.location().to_owned();
                answers.push((name.to_owned(), owner.get(&page).await.body));
                let form = [
                    ("action", "confirm"),
                    ("rev", "999"),
                    ("from", "web-shop"),
                    ("to", "provider"),
                    ("part", "all"),
                    ("shown", "all"),
                    ("take", "pan:clear"),
                    ("take", "bank_account:clear"),
                    ("ask.cardholder_name:clear", "later"),
                ];
                let done = owner.post(&page, &form).await;
                confirmed += usize::from(done.status == StatusCode::SEE_OTHER);
                if done.status == StatusCode::SEE_OTHER {
                    answers.push((name.to_owned(), owner.get(done.location()).await.body));
                }
                answers.push((name.to_owned(), done.body));
            }
            answers.push((name.to_owned(), answer.body));
        }
    }
    assert!(confirmed >= 6, "{confirmed} samples became part of a flow");
    assert!(app.revision("shop").await > 3);
    answers.push(("the trail".to_owned(), owner.get("/w/shop/history").await.body));
    answers
}

/// Every text of every table, whole.
async fn tables(app: &TestApp) -> Vec<String> {
    let names = if app.store.is_postgres() {
        "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema()"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    };
    let mut all = Vec::new();
    for table in app.store.texts(names).await.unwrap() {
        let columns = if app.store.is_postgres() {
            format!("SELECT CAST(row_to_json(it) AS TEXT) FROM \"{table}\" it")
        } else {
            let columns = format!("SELECT name FROM pragma_table_info('{table}')");
            let columns = app.store.texts(&columns).await.unwrap();
            let parts: Vec<String> = columns.iter().map(|it| format!("COALESCE(CASE typeof(\"{it}\") WHEN 'blob' THEN hex(\"{it}\") ELSE CAST(\"{it}\" AS TEXT) END, '')")).collect();
            format!("SELECT {} FROM \"{table}\"", parts.join(" || ' ' || "))
        };
        for row in app.store.texts(&columns).await.unwrap() {
            all.push(format!("{table}: {row}"));
        }
    }
    all
}

both_dbs!(no_value_of_a_sample_is_in_a_table_or_in_an_answer, |place| {
    let (app, mut owner) = TestApp::set_up_at(place, Start::Empty).await;
    let answers = driven(&app, &mut owner).await;
    let rows = tables(&app).await;
    assert!(rows.iter().any(|row| row.contains("card.number")), "the paths are there, so these are the tables");
    for value in VALUES {
        for (what, body) in &answers {
            assert!(!body.contains(value), "{what}: {}", around(body, value));
        }
        for row in &rows {
            assert!(!row.contains(value), "{value} is in {row}");
        }
        if !app.store.is_postgres() {
            for suffix in ["", "-wal"] {
                let bytes = std::fs::read(format!("{}{suffix}", app.place.url)).unwrap_or_default();
                let found = bytes.windows(value.len()).any(|window| window == value.as_bytes());
                assert!(!found, "{value} is in the file of the database{suffix}");
            }
        }
    }
});

#[test]
fn no_value_of_a_sample_is_in_the_log() {
    if std::env::var(FILE).is_ok() {
        begin_log();
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let (app, mut owner) = TestApp::set_up(Start::Empty).await;
            driven(&app, &mut owner).await;
        });
        return;
    }
    for format in ["text", "json"] {
        let folder = tempfile::TempDir::new().unwrap();
        let name = "canary::sample::no_value_of_a_sample_is_in_the_log";
        let log = log_of_another_process(name, &folder.path().join("none"), format);
        assert!(log.contains("/recognise"), "the log tells of the uploads: {log}");
        for value in VALUES {
            assert!(!log.contains(value), "{}", around(&log, value));
        }
    }
}
