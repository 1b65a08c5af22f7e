//! Everything that must stay secret, used in every way that could make it slip out: signing in, getting it wrong, faults
//! and panics. Afterwards none of it is in the log, in a page that refuses something, in the database, or in what the
//! command line prints.
//!
//! The log is the program's own, at its most talkative, so the test runs itself as another process and reads what that
//! wrote.

use std::path::Path;
use std::process::Command;

use axum::body::Body;
use axum::routing::post;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, StatusCode};
use server::config::LogFormat;
use server::telemetry;
use store::Clock as _;
use store::inspect::totp_code;

use crate::cli::plumbline;
use crate::http::app::{Answer, Browser, PASSWORD, TestApp, request};
use crate::http::second_factor::enrol;

/// Names the file into which the other process writes what must not have slipped out.
pub(super) const FILE: &str = "PLUMBLINE_TEST_SECRETS";
/// The form of its log.
const FORMAT: &str = "PLUMBLINE_TEST_LOG_FORMAT";

#[test]
fn no_secret_is_in_the_log_in_a_refusal_in_the_database_or_on_the_terminal() {
    if let Ok(file) = std::env::var(FILE) {
        return used(Path::new(&file));
    }
    for format in ["text", "json"] {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("secrets");
        let name = "no_secret_is_in_the_log_in_a_refusal_in_the_database_or_on_the_terminal";
        let log = log_of_another_process(&format!("canary::secrets::{name}"), &file, format);
        let secrets = std::fs::read_to_string(&file).unwrap();
        let secrets: Vec<(&str, &str)> = secrets.lines().filter_map(|line| line.split_once('\t')).collect();
        assert!(secrets.len() >= 25, "{} secrets", secrets.len());
        for (what, secret) in secrets {
            assert!(!log.contains(secret), "{what} is in the log: {}", around(&log, secret));
        }
        for said in ["POST", "the store failed", "a thread panicked", "boom"] {
            assert!(log.contains(said), "the log says {said:?}, so it is the log");
        }
    }
}

#[test]
fn a_text_from_outside_stays_on_its_line_of_the_log() {
    if std::env::var(FILE).is_ok() {
        return told();
    }
    for format in ["text", "json"] {
        let folder = tempfile::TempDir::new().unwrap();
        let name = "a_text_from_outside_stays_on_its_line_of_the_log";
        let log = log_of_another_process(&format!("canary::secrets::{name}"), &folder.path().join("none"), format);
        assert!(log.contains("forged"), "what came from outside is in the log");
        for line in log.lines() {
            assert!(!line.trim_start().starts_with("forged"), "{line}");
            assert!(!line.chars().any(char::is_control), "{line:?}");
            if format == "json" && line.starts_with('{') {
                let _object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
            }
        }
        let written = log.lines().filter(|line| line.contains("forged")).count();
        assert!((2..=6).contains(&written), "{written} lines: {log}");
    }
}

/// Text that would begin a line of its own, in the places of which the log says something.
fn told() {
    begin_log();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let app = TestApp::new().await;
        let text = "x\r\nforged line\u{1b}[31m\u{85}";
        let headers = [("sec-fetch-site", "same-origin"), (CONTENT_TYPE.as_str(), "application/csp-report")];
        let report = request(Method::POST, "/csp-report", &headers, Body::from(text));
        assert_eq!(app.browser().send(report).await.status, StatusCode::NO_CONTENT);
        app.store.run_raw("ALTER TABLE throttle RENAME TO \"throttle\nforged\"").await.unwrap();
        let answer = app.browser().post("/sign-in", &[("mail", text), ("password", text)]).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        let thrown = tokio::spawn(async { panic!("x\nforged panic") as () }).await;
        assert!(thrown.is_err());
    });
}

/// Runs a test as a process of its own, and gives what it wrote.
pub(super) fn log_of_another_process(name: &str, file: &Path, format: &str) -> String {
    let ended = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(FILE, file)
        .env(FORMAT, format)
        .output()
        .unwrap();
    let log = format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success(), "{log}");
    assert!(log.contains("1 passed"), "{log}");
    log
}

pub(super) fn begin_log() {
    let format = if std::env::var(FORMAT).is_ok_and(|it| it == "json") { LogFormat::Json } else { LogFormat::Text };
    // As it runs, and as somebody sets it who looks for a fault.
    telemetry::start(format, if format == LogFormat::Json { "info" } else { "trace" }).unwrap();
    telemetry::log_panics();
}

/// Some of the text before what should not be there.
pub(super) fn around<'a>(log: &'a str, secret: &str) -> &'a str {
    let at = log.find(secret).unwrap_or_default();
    let line = log[..at].rfind('\n').map_or(0, |line| line + 1);
    &log[line..at]
}

fn used(file: &Path) {
    begin_log();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let secrets = runtime.block_on(driven());
    let more = on_the_terminal();
    let lines: Vec<String> =
        secrets.into_iter().chain(more).map(|(what, secret)| format!("{what}\t{secret}")).collect();
    std::fs::write(file, lines.join("\n")).unwrap();
}

/// What must not slip out, and the answers in which it must not show.
#[derive(Default)]
struct Watched {
    secrets: Vec<(&'static str, String)>,
    refusals: Vec<(String, String)>,
}

impl Watched {
    fn secret(&mut self, what: &'static str, secret: impl Into<String>) {
        self.secrets.push((what, secret.into()));
    }

    fn cookies(&mut self, browser: &Browser) {
        for (name, value) in browser.cookies.iter().filter(|(name, _)| *name != "theme") {
            let what = if name == "sid" { "the cookie of a session" } else { "the cookie of a browser" };
            self.secrets.push((what, value.clone()));
        }
    }

    /// An answer that refuses something.
    fn refused(&mut self, what: &str, answer: &Answer, status: StatusCode) {
        assert_eq!(answer.status, status, "{what}: {}", answer.body);
        self.refusals.push((what.to_owned(), format!("{:?}{}", answer.headers.get("location"), answer.body)));
    }
}

const MAIL: &str = "security@shop.example";

async fn driven() -> Vec<(&'static str, String)> {
    let mut watched = Watched::default();
    let app = TestApp::new().await;

    // Setting up, wrongly and rightly.
    let token = app.store.setup_token().await.unwrap().unwrap();
    watched.secret("the token of the set-up link", token.clone());
    watched.secret("a password", PASSWORD);
    let set_up = |token: &str, password: &str| {
        let form = [("token", token), ("organisation", "Shop"), ("name", "Security lead"), ("mail", MAIL)];
        let more = [("password", password), ("start", "empty")];
        form.iter().chain(&more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>()
    };
    let mut owner = app.browser();
    let weak = "short-cnry";
    for (what, token, password) in
        [("a wrong token", "no-such-token-canary", PASSWORD), ("a bad password", &*token, weak)]
    {
        let form = set_up(token, password);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = owner.post("/setup", &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
        assert!(!answer.body.contains(password), "{what}: a password is never sent back");
    }
    let form = set_up(&token, PASSWORD);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(owner.post("/setup", &form).await.status, StatusCode::SEE_OTHER);
    watched.cookies(&owner);

    // Signing in, wrongly and rightly, and a password where the address should be.
    let wrong = "a wrong sentence by mistake";
    watched.secret("a wrong password", wrong);
    let mut browser = app.browser();
    let refused = browser.post("/sign-in", &[("mail", MAIL), ("password", wrong)]).await;
    watched.refused("a wrong password", &refused, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.post("/sign-in", &[("mail", MAIL), ("password", PASSWORD)]).await.status, StatusCode::SEE_OTHER);
    watched.cookies(&browser);

    // A new password, refused and taken.
    let new = "quite another sentence of mine";
    watched.secret("a new password", new);
    watched.secret("a weak password", weak);
    let refused = browser.post("/profile/password", &[("current_password", wrong), ("new_password", new)]).await;
    watched.refused("a wrong password in use", &refused, StatusCode::UNPROCESSABLE_ENTITY);
    let changed = browser.post("/profile/password", &[("current_password", PASSWORD), ("new_password", new)]).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.body);
    watched.cookies(&browser);

    // The second factor, its codes, and the code at the next sign-in.
    let (secret, codes) = enrol(&app, &mut browser).await;
    watched.secret("the secret of an authenticator app", secret.clone());
    codes.iter().for_each(|code| watched.secret("a recovery code", code.clone()));
    watched.cookies(&browser);
    app.place.clock.advance(60);
    let mut second = app.browser();
    second.post("/sign-in", &[("mail", MAIL), ("password", new)]).await;
    watched.cookies(&second);
    let refused = second.post("/second-factor", &[("code", "c0de-canary")]).await;
    watched.refused("a wrong code", &refused, StatusCode::UNPROCESSABLE_ENTITY);
    let code = totp_code(&secret, app.place.clock.now());
    assert_eq!(second.post("/second-factor", &[("code", &code)]).await.status, StatusCode::SEE_OTHER);
    watched.cookies(&second);
    let mut owner = second;

    // Links that work once, followed wrongly and rightly.
    let invited = owner.post("/w/shop/members", &[("mail", "new@shop.example"), ("role", "viewer")]).await;
    let invitation = invited.body.split("/invite/").nth(1).unwrap().split(['"', '<']).next().unwrap().to_owned();
    watched.secret("the token of an invitation", invitation.clone());
    let mut newcomer = app.browser();
    let page = format!("/invite/{invitation}");
    assert_eq!(newcomer.get(&page).await.status, StatusCode::OK);
    let theirs = "what the newcomer thought of";
    watched.secret("the password of a newcomer", theirs);
    let joined = newcomer.post(&page, &[("name", "New"), ("password", theirs)]).await;
    assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.body);
    watched.cookies(&newcomer);
    let reset = app.store.reset_token("new@shop.example").await.unwrap().expose().to_owned();
    watched.secret("the token of a link to a new password", reset.clone());
    let page = format!("/reset/{reset}");
    assert_eq!(newcomer.get(&page).await.status, StatusCode::OK);
    assert_eq!(newcomer.post(&page, &[("new_password", "abc")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let set = "set by a link that works once";
    watched.secret("a password set by a link", set);
    assert_eq!(newcomer.post(&page, &[("new_password", set)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(newcomer.get(&page).await.status, StatusCode::NOT_FOUND);

    // A token of a program, right, wrong, and for what it may not do.
    let made = owner.post("/w/shop/tokens", &[("name", "Pipeline"), ("scope", "read"), ("days", "90")]).await;
    let token = made.body[made.body.find("plb_").unwrap()..].split(['"', '<']).next().unwrap().to_owned();
    watched.secret("an API token", token.clone());
    for (bearer, path, status) in [
        (token.clone(), "/api/v1/workspaces/shop/model", StatusCode::OK),
        (token.clone(), "/api/v1/workspaces/elsewhere/model", StatusCode::NOT_FOUND),
        (format!("{token}0"), "/api/v1/workspaces", StatusCode::UNAUTHORIZED),
    ] {
        let headers =
            [(AUTHORIZATION.as_str(), &*format!("Bearer {bearer}")), (CONTENT_TYPE.as_str(), "application/json")];
        let answer = app.browser().send(request(Method::GET, path, &headers, Body::empty())).await;
        watched.refused(path, &answer, status);
    }

    // A panic while all of that is in the request.
    let panics = app.with_route("/panics", post(|| async { panic!("boom") as () }));
    let mut unlucky = Browser { router: panics, ..owner.clone() };
    let answer = unlucky.post("/panics", &[("password", PASSWORD), ("code", &code), ("token", &token)]).await;
    watched.refused("a panic", &answer, StatusCode::INTERNAL_SERVER_ERROR);

    // Nothing of it is in the database, nor therefore in the audit trail.
    watched.secret("the sealing key", hex(&[7; 32]));
    for suffix in ["", "-wal"] {
        let bytes = std::fs::read(format!("{}{suffix}", app.place.url)).unwrap_or_default();
        for (what, secret) in &watched.secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{what} is in the database{suffix}");
        }
    }
    assert!(std::fs::metadata(&app.place.url).unwrap().len() > 0);

    // A database that fails in the middle of it.
    app.store.run_raw("ALTER TABLE throttle RENAME TO throttle_gone").await.unwrap();
    for (path, form) in [
        ("/sign-in", vec![("mail", MAIL), ("password", new)]),
        ("/profile/password", vec![("current_password", new), ("new_password", PASSWORD)]),
    ] {
        let answer = owner.post(path, &form).await;
        watched.refused(path, &answer, StatusCode::INTERNAL_SERVER_ERROR);
    }
    let kept: Vec<(String, String)> = std::mem::take(&mut watched.refusals);
    for (what, body) in kept {
        for (name, secret) in &watched.secrets {
            assert!(!body.contains(secret.as_str()), "{what}: {name} is in the answer");
        }
        for inside in ["sqlx", "SELECT", "throttle", "boom", app.place.url.as_str(), ".rs:"] {
            assert!(!body.contains(inside), "{what}: {inside:?} is in the answer");
        }
    }
    watched.secrets
}

/// What the command line is given and makes, and prints nothing of.
fn on_the_terminal() -> Vec<(&'static str, String)> {
    let folder = tempfile::TempDir::new().unwrap();
    let data = folder.path().join("data").display().to_string();
    let mut secrets = vec![("the password in the URL of a database", "dat4base-canary".to_owned())];
    let url = "postgres://plumbline:dat4base-canary@127.0.0.1:1/none";
    let file = folder.path().join("url");
    std::fs::write(&file, url).unwrap();
    let by_file = ["--database-file", file.to_str().unwrap()];
    let mut printed = String::new();
    for command in [["migrate"].as_slice(), &["setup-token"], &["user", "reset-link", "--mail", "a@b.example"]] {
        for database in [["--database", url], by_file] {
            let ended = plumbline(&[command, &["--data", &data], &database].concat(), b"");
            printed.push_str(&format!("{}{}", ended.output, ended.errors));
        }
    }
    let ended = plumbline(&["migrate", "--data", &data], b"");
    printed.push_str(&format!("{}{}", ended.output, ended.errors));
    let key = std::fs::read_to_string(format!("{data}/plumbline.key")).unwrap_or_default();
    if !key.trim().is_empty() {
        secrets.push(("the content of the key file", key.trim().to_owned()));
    }
    let given = ["user", "add", "--data", &data, "--mail", "one@shop.example", "--name", "One", "--password-stdin"];
    let ended = plumbline(&given, b"the operator typed this one\n");
    printed.push_str(&format!("{}{}", ended.output, ended.errors));
    secrets.push(("a password from standard input", "the operator typed this one".to_owned()));
    for (what, secret) in &secrets {
        assert!(!printed.contains(secret.as_str()), "{what} is on the terminal: {printed}");
    }
    secrets
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
