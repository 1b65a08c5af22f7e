//! Whole requests: cookies, tokens, filters in addresses, forms, uploads, bodies of programs. Whatever comes, nothing of
//! it is a fault of ours, and what is refused changes nothing.

use axum::body::Body;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE};
use http::{HeaderValue, Method, StatusCode};
use server::http::routes::{Body as Carried, Endpoint, ROUTES};
use store::Start;
use tests::fuzz::{Corpus, fuzz};
use tokio::runtime::Runtime;

use crate::http::app::{Answer, Browser, TestApp, request};

/// The workspace with the sample estate.
const SAMPLE: &str = "storefront-payments-sample";

const FORM: &str = "application/x-www-form-urlencoded";

/// A server with the sample, its owner, and the runtime on which both live.
fn served() -> (Runtime, TestApp, Browser) {
    let runtime = Runtime::new().unwrap();
    let (app, owner) = runtime.block_on(TestApp::set_up(Start::Sample));
    (runtime, app, owner)
}

fn no_fault(answer: &Answer, what: &str) {
    let busy = answer.status == StatusCode::SERVICE_UNAVAILABLE;
    assert!(!answer.status.is_server_error() || busy, "{what}: {} {}", answer.status, answer.body);
    assert!(!answer.body.contains("<script>alert"), "{what}: {}", answer.body);
}

/// The bytes as the value of a header, where they can be one.
fn header(bytes: &[u8]) -> Option<HeaderValue> {
    HeaderValue::from_bytes(bytes).ok()
}

#[test]
fn no_cookie_but_the_right_one_opens_anything() {
    let (runtime, app, owner) = served();
    let right = owner.cookies["sid"].clone();
    let seeds = [format!("sid={right}x"), format!("sid={}", &right[1..]), "theme=dark; sid=".to_owned()];
    let seeds: Vec<&[u8]> = seeds.iter().map(String::as_bytes).collect();
    let pieces = ["sid=", "__Host-sid=", "device=", "; ", "=", ";", "\"", "%3D", "theme=dark"];
    fuzz(300, &Corpus { seeds: &seeds, pieces: &pieces }, |bytes| {
        let Some(cookie) = header(bytes) else { return };
        if String::from_utf8_lossy(bytes).contains(&right) && !bytes.ends_with(b"x") {
            return;
        }
        let mut asked = request(Method::GET, "/w/shop", &[("sec-fetch-site", "same-origin")], Body::empty());
        asked.headers_mut().insert(COOKIE, cookie);
        let answer = runtime.block_on(app.browser().send(asked));
        no_fault(&answer, "a cookie");
        assert_ne!(answer.status, StatusCode::OK, "{}", bytes.escape_ascii());
    });
}

#[test]
fn no_token_but_the_right_one_opens_anything() {
    let (runtime, app, _) = served();
    let seeds: [&[u8]; 3] = [
        b"Bearer plb_00000000_0000000000000000000000000000000000000000000",
        b"bearer plb_",
        b"Basic c2VjdXJpdHlAc2hvcC5leGFtcGxlOng=",
    ];
    fuzz(300, &Corpus { seeds: &seeds, pieces: &["Bearer ", "plb_", "_", " ", ",", "="] }, |bytes| {
        let Some(value) = header(bytes) else { return };
        let mut asked = request(Method::GET, "/api/v1/workspaces", &[], Body::empty());
        asked.headers_mut().insert(AUTHORIZATION, value);
        let answer = runtime.block_on(app.browser().send(asked));
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", bytes.escape_ascii());
    });
}

#[test]
fn any_filter_in_an_address_shows_a_list() {
    let (runtime, _app, mut owner) = served();
    let seeds: [&[u8]; 4] = [
        b"systems?q=scope:cde+-is:undeclared+segment:%22Card+zone%22&sort=name&page=2",
        b"flows?q=field:pan&sort=-to",
        b"map?q=order&focus=checkout&hops=2&mode=explain",
        b"systems?done=system-saved&rev=2",
    ];
    let pieces = ["q=", "&", "sort=", "-", "page=", "%22", "%", "+", ":", "is:", "scope:", "hops=", "rev=", "done="];
    fuzz(60, &Corpus { seeds: &seeds, pieces: &pieces }, |bytes| {
        let path = format!("/w/{SAMPLE}/{}", String::from_utf8_lossy(bytes));
        let Ok(uri) = path.parse::<http::Uri>() else { return };
        if uri.path_and_query().is_none_or(|it| it.as_str().len() < path.len()) {
            return;
        }
        let answer = runtime.block_on(owner.get(&path));
        no_fault(&answer, &path);
    });
}

#[test]
fn any_body_of_any_form_is_taken_or_refused() {
    let (runtime, app, mut owner) = served();
    let forms: Vec<String> = ROUTES
        .iter()
        .filter(|route| route.body == Carried::Form)
        // What would end the session or the workspace that the rest of the run needs, and what reads nothing of its body
        // but computes ten hashes whatever is sent.
        .filter(|route| !matches!(route.endpoint, Endpoint::SignOut | Endpoint::DeleteWorkspace))
        .filter(|route| !matches!(route.endpoint, Endpoint::ArchiveWorkspace | Endpoint::RenewRecoveryCodes))
        .map(|route| {
            route
                .path
                .replace("{ws}", SAMPLE)
                .replace("{kind}", "segments")
                .replace("{key}", "checkout")
                .replace("{token}", "0")
                .replace("{job}", "0")
                .replace("{tab}", "history")
                .replace("{number}", "1")
        })
        .collect();
    assert!(forms.len() >= 35, "{}", forms.len());
    let seeds: [&[u8]; 3] = [
        b"name=Till&rev=1&kind=service&holding.0.element=pan&holding.0.form=clear&fact.note=x&action=save",
        b"from=checkout&to=bank&field.0.element=pan&field.0.wire=card%5Bnumber%5D&rev=1",
        b"mail=a%40b.example&role=viewer&tier=1&from=2026-01-01&until=2026-02-01",
    ];
    let pieces = [
        "&",
        "=",
        "%",
        "%00",
        "%FF",
        "+",
        "name=",
        "rev=",
        "action=more&",
        "role=owner&",
        "held=",
        "held_to=%2F&",
        "next=",
    ];
    let mut turn = 0;
    fuzz(200, &Corpus { seeds: &seeds, pieces: &pieces }, |bytes| {
        let path = &forms[turn % forms.len()];
        turn += 1;
        let before = runtime.block_on(app.revision(SAMPLE));
        let headers = [("sec-fetch-site", "same-origin"), (CONTENT_TYPE.as_str(), FORM)];
        let answer = runtime.block_on(owner.send(request(Method::POST, path, &headers, Body::from(bytes.to_vec()))));
        no_fault(&answer, path);
        if answer.status.is_client_error() {
            assert_eq!(runtime.block_on(app.revision(SAMPLE)), before, "{path}: what is refused changes nothing");
        }
    });
}

#[test]
fn any_upload_is_taken_or_refused() {
    let (runtime, app, mut owner) = served();
    let before = runtime.block_on(app.revision(SAMPLE));
    let seeds: [&[u8]; 2] = [
        b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"flows.csv\"\r\nContent-Type: text/csv\r\n\r\n\
          source,target\r\na,b\r\n--edge--\r\n",
        b"--edge\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nx\r\n--edge--\r\n",
    ];
    let pieces = [
        "--edge",
        "--edge--",
        "\r\n\r\n",
        "name=\"file\"",
        "filename=\"../../etc/passwd\"",
        "filename*=UTF-8''%ff",
        ";",
        "\"",
    ];
    fuzz(150, &Corpus { seeds: &seeds, pieces: &pieces }, |bytes| {
        let headers =
            [("sec-fetch-site", "same-origin"), (CONTENT_TYPE.as_str(), "multipart/form-data; boundary=edge")];
        let body = Body::from(bytes.to_vec());
        no_fault(
            &runtime.block_on(owner.send(request(Method::POST, &format!("/w/{SAMPLE}/import"), &headers, body))),
            "an upload",
        );
    });
    assert_eq!(runtime.block_on(app.revision(SAMPLE)), before, "a file that nobody confirmed changes nothing");
}

#[test]
fn any_body_of_a_program_is_taken_or_refused() {
    let (runtime, app, mut owner) = served();
    let form = [("name", "Pipeline"), ("scope", "write"), ("days", "90")];
    let made = runtime.block_on(owner.post(&format!("/w/{SAMPLE}/tokens"), &form));
    let start = made.body.find("plb_").expect("the page shows the token");
    let token: String = made.body[start..].chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '_').collect();
    let bearer = format!("Bearer {token}");
    let seeds: [&[u8]; 3] = [
        br#"{"id":"till","name":"Till","kind":"service","holdings":[{"element":"pan","form":"clear","ops":["store"]}]}"#,
        br#"{"systems":[{"id":"till"}],"flows":[{"id":"f","from":"till","to":"till"}]}"#,
        br#"{"id":"till"}],"people":[{"id":"x"}"#,
    ];
    let pieces = ["{", "}", "[", "]", ",", ":", "\"", "null", "\\u0000", "1e999", "\"workspace_id\":\"x\",", "\"id\":"];
    let mut turn = 0;
    fuzz(150, &Corpus { seeds: &seeds, pieces: &pieces }, |bytes| {
        let (method, path) = match turn % 3 {
            0 => (Method::PUT, "/api/v1/workspaces/storefront-payments-sample/objects/systems/till"),
            1 => (Method::POST, "/api/v1/workspaces/storefront-payments-sample/imports"),
            _ => (Method::PUT, "/api/v1/workspaces/storefront-payments-sample/objects/flows/f"),
        };
        turn += 1;
        let before = runtime.block_on(app.revision(SAMPLE));
        let headers = [(AUTHORIZATION.as_str(), bearer.as_str()), (CONTENT_TYPE.as_str(), "application/json")];
        let answer = runtime.block_on(app.browser().send(request(method, path, &headers, Body::from(bytes.to_vec()))));
        no_fault(&answer, path);
        if answer.status.is_client_error() {
            assert_eq!(runtime.block_on(app.revision(SAMPLE)), before, "{path}: what is refused changes nothing");
        }
    });
}

#[test]
fn any_report_of_a_browser_is_taken_or_refused() {
    let (runtime, app, _) = served();
    let seeds: [&[u8]; 2] = [
        br#"{"csp-report":{"document-uri":"http://127.0.0.1:8080/w/shop","violated-directive":"script-src","blocked-uri":"inline"}}"#,
        br#"[{"type":"csp-violation","url":"http://a/","body":{"effectiveDirective":"img-src","blockedURL":"data"}}]"#,
    ];
    fuzz(200, &Corpus { seeds: &seeds, pieces: &["{", "}", "[", "]", "\"", "\\n", "\\u001b", ":"] }, |bytes| {
        let headers = [("sec-fetch-site", "same-origin"), (CONTENT_TYPE.as_str(), "application/csp-report")];
        let body = Body::from(bytes.to_vec());
        no_fault(
            &runtime.block_on(app.browser().send(request(Method::POST, "/csp-report", &headers, body))),
            "a report",
        );
    });
}
