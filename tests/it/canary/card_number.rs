//! A full card number in a file that somebody imports: whatever becomes of the file, the number is not in the database, in
//! the log, in an answer or on the terminal.

use axum::body::Body;
use domain::backend::Backend as _;
use domain::export::xlsx::workbook;
use domain::id::WorkspaceId;
use domain::inventory::Cell;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, StatusCode};
use store::{Actor, Start};

use super::secrets::{FILE, around, begin_log, log_of_another_process};
use crate::cli::plumbline;
use crate::http::app::{TestApp, request};

/// The number as it stands in a file, alone and among other digits.
const NUMBERS: [&str; 3] = ["4929341985721172", "4929 3419 8572 1172", "4929-3419-8572-1172"];

/// A workbook with the number in its header and in a cell.
fn of_workbook(number: &str) -> Vec<u8> {
    let rows = [vec![Cell::Text("x".to_owned()), Cell::Text(format!("see {number}"))]];
    workbook("Risks", &["Title", number], rows.into_iter())
}

/// Files with the number wherever a text may stand, some of them wrong in another way as well.
fn files(number: &str) -> Vec<(String, Vec<u8>)> {
    let file = |name: &str, content: String| (name.to_owned(), content.into_bytes());
    let mut broken = format!("source,target\na,b {number}\n").into_bytes();
    broken.extend([0xff, 0xfe]);
    vec![
        file(&format!("{number}.csv"), "source,target\na,b\n".to_owned()),
        file("target.csv", format!("source,target\na,b {number}\n")),
        file("header.csv", format!("source,target,{number}\na,b,c\n")),
        file("fields.csv", format!("source,target,fields\na,b,sample {number};card_number\nc,d,card_number\n")),
        file("unknown-column.csv", format!("source,target,sample value\na,b,{number}\n")),
        file("too-many-cells.csv", format!("source,target\na,b,c,{number}\n")),
        file("no-source.csv", format!("source,target,note\n,b,{number}\n")),
        file("open-quote.csv", format!("source,target\n\"a,{number}\n")),
        file("names.csv", format!("id,name,note\ntill,Till of {number},x\n")),
        ("not-utf8.csv".to_owned(), broken),
        file("name.json", format!("{{\"systems\":[{{\"id\":\"till\",\"name\":\"{number}\"}}]}}")),
        file("key.json", format!("{{\"systems\":[{{\"id\":\"till {number}\"}}]}}")),
        file("member.json", format!("{{\"systems\":[{{\"id\":\"till\",\"x {number}\":\"{number}\"}}]}}")),
        file(
            "wire.json",
            format!(
                "{{\"flows\":[{{\"id\":\"f\",\"from\":\"a\",\"to\":\"b\",\"wire_names\":[{{\"name\":\"{number}\"}}]}}]}}"
            ),
        ),
        file("syntax.json", format!("{{\"systems\":[{{\"id\":\"{number}\" oops")),
        file("register.csv", format!("Title,Likelihood\nx,3\n{number},{number}\n")),
        ("register.xlsx".to_owned(), of_workbook(number)),
        file("note.yaml", format!("systems:\n- id: till\n  note: \"{number}\"\n")),
        file("syntax.yaml", format!("systems:\n- id: till\n\t{number}: x\n")),
    ]
}

#[test]
fn a_card_number_in_an_import_is_kept_nowhere() {
    if std::env::var(FILE).is_ok() {
        return imported();
    }
    for format in ["text", "json"] {
        let folder = tempfile::TempDir::new().unwrap();
        let name = "canary::card_number::a_card_number_in_an_import_is_kept_nowhere";
        let log = log_of_another_process(name, &folder.path().join("none"), format);
        assert!(log.contains("/import"), "the log tells of the uploads: {log}");
        for number in NUMBERS {
            assert!(!log.contains(number), "{}", around(&log, number));
        }
    }
}

fn imported() {
    begin_log();
    tokio::runtime::Runtime::new().unwrap().block_on(by_browser_and_program());
    by_command();
}

async fn by_browser_and_program() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let made = owner.post("/w/shop/tokens", &[("name", "Pipeline"), ("scope", "write"), ("days", "90")]).await;
    let token = made.body[made.body.find("plb_").unwrap()..].split(['"', '<']).next().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let mut answers = Vec::new();
    for number in NUMBERS {
        for (name, content) in files(number) {
            let answer = owner.upload("/w/shop/import", &name, &content).await;
            assert!(!answer.status.is_server_error(), "{name}: {}", answer.body);
            if answer.status == StatusCode::SEE_OTHER {
                let preview = answer.location().to_owned();
                answers.push((name.clone(), owner.get(&preview).await.body));
                answers.push((name.clone(), owner.post(&preview, &[("action", "confirm"), ("rev", "99")]).await.body));
            }
            answers.push((name.clone(), answer.body));
            let answer = owner.upload("/w/shop/risks/import", &name, &content).await;
            assert!(!answer.status.is_server_error(), "{name}: {}", answer.body);
            if answer.status == StatusCode::SEE_OTHER {
                let preview = answer.location().to_owned();
                answers.push((name.clone(), owner.get(&preview).await.body));
                answers.push((name.clone(), owner.post(&preview, &[("action", "confirm")]).await.body));
            }
            answers.push((format!("{name} as a register"), answer.body));
            let kind = if name.ends_with("csv") { "text/csv" } else { "application/json" };
            let headers = [(AUTHORIZATION.as_str(), bearer.as_str()), (CONTENT_TYPE.as_str(), kind)];
            let path = "/api/v1/workspaces/shop/imports";
            let answer = app.browser().send(request(Method::POST, path, &headers, Body::from(content))).await;
            answers.push((format!("{name} of a program"), answer.body));
        }
    }
    answers.push(("the trail".to_owned(), owner.get("/w/shop/history").await.body));
    let estate = app.store.gate(Actor::Operator).estate(&WorkspaceId::new("shop")).await.unwrap();
    assert!(estate.model.systems.len() >= 2, "a number in the name of a file keeps nobody from importing it");
    for number in NUMBERS {
        for (what, body) in &answers {
            assert!(!body.contains(number), "{what}: {}", around(body, number));
        }
        for suffix in ["", "-wal"] {
            let bytes = std::fs::read(format!("{}{suffix}", app.place.url)).unwrap_or_default();
            let at = bytes.windows(number.len()).position(|window| window == number.as_bytes());
            let before = at.map(|at| bytes[at.saturating_sub(200)..at].escape_ascii().to_string());
            assert_eq!(before, None, "{number} is in the database{suffix}");
        }
    }
}

fn by_command() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let data = path("data");
    let loaded = plumbline(&["demo", "load", "--data", &data], b"");
    let workspace = loaded.output.trim_end().rsplit("/w/").next().unwrap().to_owned();
    for number in NUMBERS {
        for (name, content) in files(number) {
            std::fs::write(path(&name), content).unwrap();
            let options = ["import", "--data", &data, "--workspace", &workspace, &path(&name)];
            let ended = plumbline(&options, b"");
            assert!(!ended.output.contains(number), "{name}: {}", ended.output);
            // The path is what was typed, and says nothing that is not on the screen already.
            let said = ended.errors.replace(&path(&name), "(path)");
            assert!(!said.contains(number), "{name}: {said}");
        }
    }
}
