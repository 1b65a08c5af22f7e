//! The table of `docs/asvs.md` holds: every requirement is there once, and what shows it exists.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use http::{Method, StatusCode};
use server::http::routes::{Endpoint, ROUTES, Verb};
use store::Start;

use crate::http::app::{TestApp, request};

/// The ids of the standard with their levels, as its publisher lists them.
const REQUIREMENTS: &str = include_str!("../fixtures/asvs-5.0.txt");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn text(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_requirement_of_both_levels_has_one_line_that_says_what_shows_it() {
    let expected: BTreeMap<&str, &str> = REQUIREMENTS.lines().filter_map(|line| line.split_once(' ')).collect();
    assert_eq!(expected.len(), 253);
    let table = text("docs/asvs.md");
    let mut found = BTreeMap::new();
    let (mut tests, mut waiting) = (0, 0);
    for line in table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Id")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [id, level, title, shown] = cells[..] else { panic!("four cells: {line}") };
        assert!(found.insert(id, level).is_none(), "{id} is there twice");
        assert!(!title.is_empty() && title.len() <= 100, "{id}: a title in our own words");
        let (kind, reason) = shown.split_once(": ").unwrap_or(("", ""));
        match kind {
            "Not applicable" | "Deviation" => assert!(reason.ends_with('.') && reason.len() > 10, "{id}: {reason}"),
            "Later" => waiting += usize::from(reason.len() > 5),
            "Document" => section(id, reason),
            _ => {
                for name in shown.split(", ") {
                    let name = name.strip_prefix('`').and_then(|it| it.strip_suffix('`'));
                    test(id, name.unwrap_or_else(|| panic!("{id}: `file::name`, not {shown}")));
                    tests += 1;
                }
            }
        }
    }
    assert_eq!(found, expected);
    eprintln!("{tests} tests are named; {waiting} lines wait for a later part");
}

/// The test is in the file that the table names.
fn test(id: &str, name: &str) {
    let (file, name) = name.split_once("::").unwrap_or_else(|| panic!("{id}: {name} names no test"));
    let source = text(file);
    let forms = if file.ends_with(".ts") {
        vec![format!("test(\"{name}\"")]
    } else {
        vec![format!("fn {name}("), format!("both_dbs!({name},"), format!("    {name},\n")]
    };
    assert!(forms.iter().any(|form| source.contains(form)), "{id}: {file} has no test {name}");
}

/// The section is in the page on security.
fn section(id: &str, link: &str) {
    let heading = link.strip_prefix('[').and_then(|it| it.split(']').next()).unwrap_or_default();
    let anchor = heading.to_lowercase().replace(' ', "-");
    assert_eq!(link, format!("[{heading}](security.md#{anchor})"), "{id}");
    assert!(text("docs/security.md").contains(&format!("\n## {heading}\n")), "{id}: security.md has no {heading}");
}

#[test]
fn no_crate_permits_unsafe_code() {
    let workspace = text("Cargo.toml");
    assert!(workspace.contains("\nunsafe_code = \"forbid\"\n"));
    let members = workspace.split("\nmembers = [").nth(1).unwrap().split(']').next().unwrap();
    let members: Vec<&str> = members.split(',').map(|it| it.trim().trim_matches('"')).collect();
    assert!(members.len() >= 7, "{members:?}");
    for member in members {
        assert!(text(format!("{member}/Cargo.toml")).contains("[lints]\nworkspace = true"), "{member}");
    }
}

#[test]
fn a_release_checks_for_overflow() {
    let release = text("Cargo.toml");
    let release = release.split("[profile.release]").nth(1).unwrap().split("\n[").next().unwrap();
    assert!(release.contains("overflow-checks = true"), "{release}");
}

#[tokio::test]
async fn password_fields_say_to_password_managers_what_they_are() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let mut fields = 0;
    let pages = [
        TestApp::new().await.browser().get("/setup").await.body,
        app.browser().get("/sign-in").await.body,
        owner.get("/profile/security").await.body,
        owner.get("/re-authenticate").await.body,
    ];
    for field in pages.iter().flat_map(|page| page.split("<input ").skip(1)) {
        let field = field.split('>').next().unwrap();
        if field.contains("type=\"password\"") {
            fields += 1;
            let told = ["autocomplete=\"current-password\"", "autocomplete=\"new-password\""];
            assert!(told.iter().any(|it| field.contains(it)), "{field}");
            assert!(!field.contains("onpaste"), "{field}");
        } else {
            assert!(!field.contains("name=\"password\""), "{field}");
        }
    }
    assert_eq!(fields, 5);
}

#[tokio::test]
async fn every_page_behind_the_sign_in_has_the_way_out() {
    let (_app, mut owner) = TestApp::set_up(Start::Empty).await;
    owner.post("/w/shop/systems/new", &[("name", "Checkout")]).await;
    let mut pages = 0;
    let closed =
        ROUTES.iter().filter(|route| !route.open && route.endpoint == Endpoint::Page && route.verb == Verb::Get);
    for route in closed {
        let path = route.path.replace("{ws}", "shop").replace("{key}", "checkout");
        let page = owner.get(&path).await;
        let alone = ["/second-factor", "/re-authenticate"].contains(&route.path);
        if page.status == StatusCode::OK && !alone {
            assert!(page.body.contains("action=\"/sign-out\""), "{path}");
            pages += 1;
        }
    }
    assert!(pages >= 15, "{pages} pages");
}

#[tokio::test]
async fn what_scanners_look_for_is_not_there() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let folders = ["", "/assets", "/w/shop", "/api", "/pkg", "/static"];
    let names = [
        ".git/HEAD",
        ".git/config",
        ".svn/entries",
        ".env",
        ".env.local",
        ".htaccess",
        ".DS_Store",
        "config.json",
        "config.yml",
        "backup.sql",
        "dump.sql",
        "plumbline.db",
        "plumbline.db-wal",
        "plumbline.key",
        "server-status",
        "phpinfo.php",
        "wp-login.php",
        "admin.php",
        "actuator",
        "metrics",
        "healthz",
        "readyz",
        "debug",
        "trace",
        "swagger.json",
        "graphql",
        "Cargo.toml",
        "Cargo.lock",
        "app.wasm.map",
        "main.js.map",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e/%2e%2e/etc/passwd",
    ];
    let mut probed = 0;
    for folder in folders {
        for name in names {
            let path = format!("{folder}/{name}");
            let answer = owner.get(&path).await;
            let expected = if path.starts_with("/api") { StatusCode::UNAUTHORIZED } else { StatusCode::NOT_FOUND };
            assert!([expected, StatusCode::NOT_FOUND].contains(&answer.status), "{path}: {}", answer.status);
            let visitor = app.browser().get(&path).await;
            assert!(!visitor.status.is_success(), "{path}: {}", visitor.status);
            probed += 1;
        }
        let listed = owner.get(&format!("{folder}/")).await;
        assert!(!listed.body.contains("Index of"), "{folder}/");
    }
    assert!(probed >= 120);
}

#[tokio::test]
async fn methods_that_nobody_needs_are_refused() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    for method in ["TRACE", "TRACK", "CONNECT", "PATCH", "PROPFIND", "DEBUG"] {
        for path in ["/sign-in", "/w/shop", "/api/v1/workspaces", "/assets/none.css"] {
            let headers = [("sec-fetch-site", "same-origin"), ("x-canary", "echo-canary")];
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            for browser in [&mut owner, &mut app.browser()] {
                let answer = browser.send(request(method.clone(), path, &headers, axum::body::Body::empty())).await;
                assert!(answer.status.is_client_error(), "{method} {path}: {}", answer.status);
                assert!(!answer.body.contains("echo-canary"), "{method} {path}");
            }
        }
    }
}
