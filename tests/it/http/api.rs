//! The interface for programs: who reaches what with which token, and what it answers.

use axum::body::Body;
use domain::role::Role;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, ETAG, IF_MATCH};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use server::http::api::document::document;
use server::http::routes::{Body as Carried, Endpoint, ROUTES, Route, Verb};
use store::Start;

use super::app::{Answer, Browser, TestApp, request};

/// A program with a token.
struct Program {
    browser: Browser,
    token: String,
}

impl Program {
    fn with(app: &TestApp, token: &str) -> Self {
        Self { browser: app.browser(), token: token.to_owned() }
    }

    async fn call(&mut self, method: Method, path: &str, more: &[(&str, &str)], body: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut headers = vec![(AUTHORIZATION.as_str(), bearer.as_str())];
        headers.extend_from_slice(more);
        self.browser.send(request(method, path, &headers, Body::from(body.to_owned()))).await
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.call(Method::GET, path, &[], "").await
    }

    async fn put(&mut self, path: &str, tag: Option<&str>, body: &Value) -> Answer {
        let mut headers = vec![(CONTENT_TYPE.as_str(), "application/json")];
        headers.extend(tag.map(|tag| (IF_MATCH.as_str(), tag)));
        self.call(Method::PUT, path, &headers, &body.to_string()).await
    }

    /// A valid request of a route of the interface.
    async fn ask(&mut self, route: &Route, workspace: &str, key: &str) -> Answer {
        let path = route.path.replace("{ws}", workspace).replace("{kind}", "systems").replace("{key}", key);
        let path = if path.ends_with("/blast") { format!("{path}?start=system:{key}") } else { path };
        let json = [(CONTENT_TYPE.as_str(), "application/json"), (IF_MATCH.as_str(), "\"99\"")];
        let body = match route.body {
            Carried::Object => json!({ "id": key, "name": "Changed" }).to_string(),
            Carried::Model => json!({ "systems": [{ "id": "new" }] }).to_string(),
            _ => String::new(),
        };
        self.call(route.verb.method(), &path, &json, &body).await
    }
}

fn value(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

fn tag(answer: &Answer) -> String {
    answer.headers[ETAG].to_str().unwrap().to_owned()
}

fn api() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| matches!(route.endpoint, Endpoint::Api(_)))
}

/// The token that a page shows once.
async fn token(browser: &mut Browser, workspace: &str, scope: &str) -> String {
    let form = [("name", "Pipeline"), ("scope", scope), ("days", "90")];
    let made = browser.post(&format!("/w/{workspace}/tokens"), &form).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let start = made.body.find("plb_").expect("the page shows the token");
    let token: String = made.body[start..].chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '_').collect();
    let again = browser.get(&format!("/w/{workspace}/tokens")).await;
    assert!(!again.body.contains(&token), "it is shown once");
    token
}

async fn shop() -> (TestApp, Browser) {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    for name in ["Checkout", "Bank"] {
        assert_eq!(owner.post("/w/shop/systems/new", &[("name", name)]).await.status, StatusCode::SEE_OTHER);
    }
    (app, owner)
}

#[tokio::test]
async fn without_a_token_nothing_answers_and_a_cookie_opens_nothing() {
    let (app, mut owner) = shop().await;
    let before = app.revision("shop").await;
    let right = token(&mut owner, "shop", "write").await;
    let longer = format!("{right}0");
    let other = format!("{}{}", &right[..right.len() - 1], if right.ends_with('0') { '1' } else { '0' });
    for route in api() {
        for wrong in ["", "plb_00000000_00", &longer, &other] {
            let answer = Program::with(&app, wrong).ask(route, "shop", "checkout").await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{} {wrong}", route.path);
            assert_eq!(answer.headers[CONTENT_TYPE], "application/problem+json; charset=utf-8");
            assert_eq!(answer.headers["www-authenticate"], "Bearer realm=\"plumbline\"");
            assert!(!answer.body.contains("Checkout"));
        }
        if route.verb == Verb::Get {
            let path = route.path.replace("{ws}", "shop").replace("{kind}", "systems").replace("{key}", "checkout");
            assert_eq!(owner.get(&path).await.status, StatusCode::UNAUTHORIZED, "{path}");
        }
        let mut both = Program::with(&app, &right);
        both.browser.cookies = owner.cookies.clone();
        let answer = both.ask(route, "shop", "checkout").await;
        let expected = [StatusCode::BAD_REQUEST, StatusCode::FORBIDDEN];
        assert!(expected.contains(&answer.status), "{} {}", route.path, answer.status);
    }
    assert!(owner.cookies.keys().any(|name| name == "sid"), "{COOKIE} was sent");
    assert_eq!(app.revision("shop").await, before);
}

#[tokio::test]
async fn a_token_does_what_its_scope_and_its_member_may_and_nothing_of_other_workspaces() {
    let (app, mut owner) = shop().await;
    owner.post("/workspaces", &[("name", "Elsewhere"), ("sample", "no")]).await;
    app.add_account("viewer@shop.example", &[("shop", Role::Viewer)]).await;
    app.add_account("editor@shop.example", &[("shop", Role::Editor)]).await;
    let mut editor = app.signed_in("editor@shop.example").await;
    let mut viewer = app.signed_in("viewer@shop.example").await;
    assert_eq!(viewer.get("/w/shop/tokens").await.status, StatusCode::FORBIDDEN);
    let reading = token(&mut owner, "shop", "read").await;
    let writing = token(&mut editor, "shop", "write").await;
    let before = app.revision("shop").await;
    for route in api().filter(|route| route.path.contains("{ws}")) {
        let name = format!("{:?} {}", route.verb, route.path);
        let mut reader = Program::with(&app, &reading);
        let own = reader.ask(route, "shop", "checkout").await;
        let expected = if route.verb == Verb::Get { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(own.status, expected, "{name}: {}", own.body);
        let foreign = reader.ask(route, "elsewhere", "checkout").await;
        let made_up = reader.ask(route, "vkwqzjxyy", "checkout").await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{name}: {}", foreign.body);
        assert_eq!(foreign.without_chance(), made_up.without_chance(), "{name}");
    }
    assert_eq!(app.revision("shop").await, before);
    for route in api().filter(|route| route.path.contains("{ws}")) {
        let answer = Program::with(&app, &writing).ask(route, "shop", "bank").await;
        let found = route.verb == Verb::Get && answer.status == StatusCode::OK;
        let name = format!("{:?} {}: {} {}", route.verb, route.path, answer.status, answer.body);
        assert!(found || answer.status.is_success() || answer.status == StatusCode::NOT_FOUND, "{name}");
    }
    assert!(app.revision("shop").await > before);
    // Neither people nor tokens are managed by a token: those addresses know cookies only.
    let answer = Program::with(&app, &writing).get("/w/shop/tokens").await;
    assert!(answer.location().starts_with("/sign-in"), "{}", answer.location());
    let listed = value(&Program::with(&app, &writing).get("/api/v1/workspaces").await);
    assert_eq!(listed["workspaces"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_token_ends_when_it_is_revoked_when_its_days_are_over_and_with_the_account() {
    let (app, mut owner) = shop().await;
    let revoked = token(&mut owner, "shop", "read").await;
    let kept = token(&mut owner, "shop", "read").await;
    let id = &revoked["plb_".len()..][..8];
    app.add_account("editor@shop.example", &[("shop", Role::Editor)]).await;
    let mut editor = app.signed_in("editor@shop.example").await;
    let theirs = format!("/w/shop/tokens/{id}/revoke");
    assert_eq!(editor.post(&theirs, &[]).await.status, StatusCode::NOT_FOUND, "it is not the editor's");
    assert_eq!(owner.post(&theirs, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(owner.post(&theirs, &[]).await.status, StatusCode::NOT_FOUND, "it has ended");
    let scope = "/api/v1/workspaces/shop/scope";
    assert_eq!(Program::with(&app, &revoked).get(scope).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(Program::with(&app, &kept).get(scope).await.status, StatusCode::OK);
    app.place.clock.advance(90 * 86_400 - 1);
    assert_eq!(Program::with(&app, &kept).get(scope).await.status, StatusCode::OK);
    app.place.clock.advance(1);
    assert_eq!(Program::with(&app, &kept).get(scope).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn objects_are_made_read_replaced_and_removed_each_on_the_revision_that_was_seen() {
    let (app, mut owner) = shop().await;
    let mut program = Program::with(&app, &token(&mut owner, "shop", "write").await);
    let path = "/api/v1/workspaces/shop/objects/systems/till";
    let till =
        json!({ "id": "till", "name": "Till", "holdings": [{ "element": "pan", "form": "clear", "ops": ["store"] }] });
    let made = program.put(path, None, &till).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let changes = &value(&made)["scope_changes"];
    assert_eq!(changes[0]["after"]["category"], "cde", "{changes}");
    let read = program.get(path).await;
    assert_eq!(value(&read)["name"], "Till");
    assert_eq!(value(&read)["holdings"][0]["element"], "pan");
    let seen = tag(&read);

    assert_eq!(program.put(path, None, &till).await.status, StatusCode::PRECONDITION_REQUIRED);
    let renamed = json!({ "id": "till", "name": "Till of the shop" });
    let replaced = program.put(path, Some(&seen), &renamed).await;
    assert_eq!(replaced.status, StatusCode::OK, "{}", replaced.body);
    assert_eq!(value(&replaced)["scope_changes"][0]["after"]["category"], "out_of_scope", "nothing is kept");
    assert_eq!(program.put(path, Some(&seen), &till).await.status, StatusCode::CONFLICT);

    let now = tag(&program.get(path).await);
    let gone = program.call(Method::DELETE, path, &[(IF_MATCH.as_str(), &now)], "").await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.body);
    assert_eq!(program.get(path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_wrong_with_a_body_is_named_and_nothing_is_stored() {
    let (app, mut owner) = shop().await;
    let mut program = Program::with(&app, &token(&mut owner, "shop", "write").await);
    let before = app.revision("shop").await;
    let flow = "/api/v1/workspaces/shop/objects/flows/f";
    let json = [(CONTENT_TYPE.as_str(), "application/json")];
    for (body, named) in [
        ("{", "JSON"),
        ("[1]", "flows"),
        (r#"{"id":"f"}],"systems":[{"id":"x"}"#, "JSON"),
        (r#"{"id":"g","from":"checkout","to":"bank"}"#, "key that the address has"),
        (r#"{"id":"f","from":"checkout","to":"nowhere"}"#, "nowhere"),
        (r#"{"id":"f","from":"checkout","to":"bank","data":[{"element":"quux"}]}"#, "quux"),
        (r#"{"id":"f","from":"checkout","to":"bank","name":"4111111111111111"}"#, "card number"),
    ] {
        let answer = program.call(Method::PUT, flow, &json, body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}: {}", answer.body);
        assert!(answer.body.contains(named), "{body}: {}", answer.body);
        assert!(!answer.body.contains("4111111111111111"));
    }
    for (path, named) in [
        ("/api/v1/workspaces/shop/blast", "start"),
        ("/api/v1/workspaces/shop/blast?start=crm", "start"),
        ("/api/v1/workspaces/shop/objects/systems?limit=0", "limit"),
        ("/api/v1/workspaces/shop/objects/systems?limit=5&limit=6", "once"),
    ] {
        let answer = program.get(path).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(answer.body.contains(named), "{path}: {}", answer.body);
    }
    assert_eq!(program.get("/api/v1/workspaces/shop/objects/gadgets").await.status, StatusCode::NOT_FOUND);
    assert_eq!(program.get("/api/v1/nothing").await.headers[CONTENT_TYPE], "application/problem+json; charset=utf-8");
    let text = [(CONTENT_TYPE.as_str(), "text/plain")];
    assert_eq!(program.call(Method::PUT, flow, &text, "{}").await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let long = format!("{{\"id\":\"f\",\"note\":\"{}\"}}", "x".repeat(1024 * 1024));
    assert_eq!(program.call(Method::PUT, flow, &json, &long).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(app.revision("shop").await, before);
}

#[tokio::test]
async fn a_file_is_tried_then_imported_and_the_model_comes_back_as_it_was_sent() {
    let (app, mut owner) = shop().await;
    let mut program = Program::with(&app, &token(&mut owner, "shop", "write").await);
    let json = [(CONTENT_TYPE.as_str(), "application/json")];
    let imports = "/api/v1/workspaces/shop/imports";
    let file = json!({
        "systems": [{ "id": "checkout", "name": "Checkout" }, { "id": "crm", "name": "CRM" }],
        "flows": [{ "id": "leak", "from": "checkout", "to": "crm", "data": [{ "element": "pan" }] }],
    });
    let before = app.revision("shop").await;
    let tried = program.call(Method::POST, &format!("{imports}?dry_run=true"), &json, &file.to_string()).await;
    assert_eq!((value(&tried)["new"].as_u64(), &value(&tried)["written"]), (Some(2), &Value::Null), "{}", tried.body);
    assert_eq!(app.revision("shop").await, before);
    let done = program.call(Method::POST, imports, &json, &file.to_string()).await;
    assert_eq!(value(&done)["written"]["objects"], 2, "{}", done.body);
    let blast = value(&program.get("/api/v1/workspaces/shop/blast?start=system:crm").await);
    assert_eq!(blast["data"][0][0], "pan", "{blast}");
    let why = value(&program.get("/api/v1/workspaces/shop/scope/crm").await);
    assert_eq!(why["verdict"]["category"], "cde");
    assert!(why["because"].as_array().unwrap().iter().any(|it| it.as_str().unwrap().contains("card number")), "{why}");

    let model = program.get("/api/v1/workspaces/shop/model").await;
    let again = program.call(Method::POST, imports, &json, &model.body).await;
    assert_eq!(
        (value(&again)["new"].as_u64(), value(&again)["changed"].as_u64()),
        (Some(0), Some(0)),
        "{}",
        again.body
    );
    let csv = [(CONTENT_TYPE.as_str(), "text/csv")];
    let rows = program.call(Method::POST, imports, &csv, "source,target\ncrm,bank\n").await;
    assert_eq!(value(&rows)["new"], 1, "{}", rows.body);
}

#[tokio::test]
async fn a_token_approves_nothing_not_even_by_a_file() {
    let (app, mut owner) = shop().await;
    let mut program = Program::with(&app, &token(&mut owner, "shop", "write").await);
    let json = [(CONTENT_TYPE.as_str(), "application/json")];
    let imports = "/api/v1/workspaces/shop/imports";
    let file = |approver: &str| {
        let decided =
            r#""system":"bank","category":"cde","justification":"The assessor asks for it.","expires":"2027-01-01""#;
        format!("{{\"systems\":[{{\"id\":\"bank\"}}],\"overrides\":[{{{decided},\"author\":\"one\"{approver}}}]}}")
    };
    let before = app.revision("shop").await;
    let refused = program.call(Method::POST, imports, &json, &file(",\"approver\":\"two\"")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    assert_eq!(app.revision("shop").await, before);
    let taken = program.call(Method::POST, imports, &json, &file("")).await;
    assert_eq!(taken.status, StatusCode::OK, "a decision that nobody approved may come from a file: {}", taken.body);
}

#[tokio::test]
async fn a_list_comes_page_by_page_and_the_document_is_served() {
    let (app, mut owner) = shop().await;
    let mut program = Program::with(&app, &token(&mut owner, "shop", "read").await);
    let first = value(&program.get("/api/v1/workspaces/shop/objects/systems?limit=1").await);
    assert_eq!((first["items"][0]["id"].as_str(), first["next"].as_str()), (Some("bank"), Some("bank")));
    let next = value(&program.get("/api/v1/workspaces/shop/objects/systems?limit=1&after=bank").await);
    assert_eq!((next["items"][0]["id"].as_str(), &next["next"]), (Some("checkout"), &Value::Null));
    assert_eq!(program.get("/api/v1/openapi.json").await.body, document());
    let workspace = value(&program.get("/api/v1/workspaces/shop").await);
    assert_eq!((workspace["systems"].as_u64(), workspace["role"].as_str()), (Some(2), Some("owner")));
}
