//! What a body says beyond what its form or its object has: nothing of it counts.

use axum::body::Body;
use domain::backend::Backend as _;
use domain::backend::people::People as _;
use domain::export::model_file::to_json;
use domain::id::WorkspaceId;
use domain::model::fact::attribute;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use server::http::api::collection::COLLECTIONS;
use server::http::routes::{Body as Carried, Endpoint};
use store::{Actor, Start};

use super::routes::{filled, for_people, path_of, valid_form};
use crate::http::app::{Answer, Browser, TestApp, request};

/// What somebody would add who wants more than the form offers. Those that a form really has are left out there.
const MORE: [(&str, &str); 20] = [
    ("workspace_id", "elsewhere"),
    ("workspace", "elsewhere"),
    ("ws", "elsewhere"),
    ("account_id", "1"),
    ("account", "somebody"),
    ("is_admin", "true"),
    ("instance_admin", "true"),
    ("role", "owner"),
    ("tier", "4"),
    ("id", "of-my-own"),
    ("key", "of-my-own"),
    ("revision", "1"),
    ("created_by", "somebody"),
    ("created_at", "1"),
    ("approved_by", "somebody"),
    ("status", "approved"),
    ("prev_hash", "00"),
    ("undeclared", "true"),
    ("sample", "yes"),
    ("archived", "true"),
];

/// The fields of that list which a form takes.
fn own(endpoint: Endpoint) -> &'static [&'static str] {
    match endpoint {
        Endpoint::AddSystem | Endpoint::AddFlow | Endpoint::AddPerson | Endpoint::AddRecord => &["id"],
        Endpoint::Invite | Endpoint::ChangeMember => &["role", "tier"],
        Endpoint::LinkPerson => &["account"],
        Endpoint::AddWorkspace => &["sample"],
        Endpoint::EndSession => &["key"],
        Endpoint::AddComment | Endpoint::ChangeSeveral | Endpoint::ChangeRisks => &["key"],
        _ => &[],
    }
}

/// Everything that the two workspaces and the instance hold, as far as it does not depend on chance.
async fn everything(app: &TestApp) -> String {
    let operator = app.store.gate(Actor::Operator);
    let mut all = String::new();
    for workspace in ["shop", "elsewhere"].map(WorkspaceId::new) {
        let Ok(estate) = operator.estate(&workspace).await else {
            all.push_str(&format!("{workspace} is gone\n"));
            continue;
        };
        let entry = &estate.workspace;
        all.push_str(&format!("{} {} {} {}\n", entry.name, entry.sample, entry.archived, estate.revision.0));
        all.push_str(&to_json(&estate.stored));
        for member in operator.members(&workspace).await.unwrap() {
            all.push_str(&format!("{} {:?} {:?} {}\n", member.name, member.mail, member.standing, member.disabled));
        }
        let open = operator.invitations(&workspace).await.unwrap();
        let mut open: Vec<String> = open.iter().map(|it| format!("{} {:?}\n", it.mail, it.standing)).collect();
        open.sort();
        all.push_str(&open.concat());
    }
    let accounts = "SELECT mail || ' ' || name || ' ' || instance_admin || ' ' || (disabled_at IS NULL) FROM account ORDER BY mail";
    let workspaces = "SELECT key || ' ' || name || ' ' || sample FROM workspace ORDER BY key";
    let comments = "SELECT object_key || ' ' || text FROM comment ORDER BY object_key, text";
    let views = "SELECT list || ' ' || name || ' ' || q || ' ' || shared FROM saved_view ORDER BY list, name";
    let digests = "SELECT account.mail || ' ' || digest.rhythm FROM digest JOIN account ON account.id = digest.account_id \
        ORDER BY account.mail, digest.rhythm";
    let feeds = "SELECT account.mail FROM calendar_feed JOIN account ON account.id = calendar_feed.account_id ORDER BY account.mail";
    for query in [accounts, workspaces, comments, views, digests, feeds] {
        all.push_str(&app.store.texts(query).await.unwrap().join("\n"));
    }
    all
}

#[tokio::test]
async fn what_a_form_does_not_have_changes_nothing() {
    let (plain, mut honest) = TestApp::set_up(Start::Empty).await;
    let (app, mut curious) = TestApp::set_up(Start::Empty).await;
    for browser in [&mut honest, &mut curious] {
        browser.post("/workspaces", &[("name", "Elsewhere"), ("sample", "no")]).await;
    }
    let mut walked = 0;
    // What ends the session or the workspace comes to nothing with its valid form already, or has no fields.
    let skipped = [Endpoint::SignOut, Endpoint::ChooseTheme, Endpoint::ArchiveWorkspace, Endpoint::RenewRecoveryCodes];
    for route in for_people().filter(|route| route.body == Carried::Form && !skipped.contains(&route.endpoint)) {
        // Of files that wait the oldest make room, so that each must have an age of its own.
        plain.place.clock.advance(1);
        app.place.clock.advance(1);
        let (keys, other_keys) = (filled(&plain, &mut honest).await, filled(&app, &mut curious).await);
        assert_eq!(everything(&app).await, everything(&plain).await, "before {}", route.path);
        let form = valid_form(route).to_vec();
        let mut more = form.clone();
        let names = own(route.endpoint);
        more.extend(MORE.iter().filter(|(name, _)| !names.contains(name) && !form.iter().any(|(own, _)| own == name)));
        let before = everything(&app).await;
        let expected = honest.post(&path_of(route, "shop", &keys), &form).await;
        let answer = curious.post(&path_of(route, "shop", &other_keys), &more).await;
        let is_fit = !expected.status.is_client_error() || expected.status == StatusCode::CONFLICT;
        if answer.status == StatusCode::UNPROCESSABLE_ENTITY && is_fit {
            // Refused as a whole, and nothing of it was carried out.
            assert_eq!(everything(&app).await, before, "{}", route.path);
            let again = curious.post(&path_of(route, "shop", &other_keys), &form).await;
            assert_eq!(again.status, expected.status, "{}", route.path);
        } else {
            assert_eq!(answer.status, expected.status, "{}: {}", route.path, answer.body);
        }
        assert_eq!(everything(&app).await, everything(&plain).await, "{}", route.path);
        walked += 1;
    }
    assert!(walked >= 35, "{walked} forms");
}

async fn put(browser: &mut Browser, bearer: &str, path: &str, value: &Value) -> Answer {
    let headers = [(AUTHORIZATION.as_str(), bearer), (CONTENT_TYPE.as_str(), "application/json")];
    browser.send(request(Method::PUT, path, &headers, Body::from(value.to_string()))).await
}

async fn program(owner: &mut Browser) -> String {
    let made = owner.post("/w/shop/tokens", &[("name", "Pipeline"), ("scope", "write"), ("days", "90")]).await;
    format!("Bearer {}", made.body[made.body.find("plb_").unwrap()..].split(['"', '<']).next().unwrap())
}

#[tokio::test]
async fn what_an_object_does_not_have_is_refused_by_name() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let bearer = program(&mut owner).await;
    owner.post("/w/shop/systems/new", &[("name", "Checkout")]).await;
    let before = everything(&app).await;
    let mut tried = 0;
    for collection in COLLECTIONS {
        let path = format!("/api/v1/workspaces/shop/objects/{}/new", collection.word);
        // What a kind really has, it takes: a registered fact, the status of a control, an open end.
        let known =
            |name: &str| ["id", "status", "undeclared"].contains(&name) || attribute(collection.kind, name).is_some();
        for (name, value) in MORE.iter().filter(|(name, _)| !known(name)) {
            let mut body = json!({ "id": "new", "name": "New", "from": "checkout", "to": "checkout" });
            if collection.word != "flows" {
                body.as_object_mut().unwrap().retain(|name, _| name == "id" || name == "name");
            }
            body[*name] = (*value).into();
            let answer = put(&mut app.browser(), &bearer, &path, &body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {name}: {}", answer.body);
            let errors: Value = serde_json::from_str(&answer.body).unwrap();
            assert!(errors["errors"].to_string().contains(name), "{path} {name}: {}", answer.body);
            tried += 1;
        }
    }
    assert!(tried >= 100);
    assert_eq!(everything(&app).await, before);
}

#[tokio::test]
async fn a_key_of_another_workspace_in_a_body_is_a_key_that_nothing_has() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    filled(&app, &mut owner).await;
    owner.post("/workspaces", &[("name", "Elsewhere"), ("sample", "no")]).await;
    // One object of every kind there, all with the same key.
    let theirs = json!({
        "people": [{ "id": "foreign", "name": "Foreign name" }],
        "vendors": [{ "id": "foreign", "name": "Foreign name" }],
        "segments": [{ "id": "foreign", "name": "Foreign name" }],
        "systems": [{ "id": "foreign", "name": "Foreign name" }],
        "keys": [{ "id": "foreign", "name": "Foreign name", "holders": ["foreign"] }],
        "credentials": [{ "id": "foreign", "name": "Foreign name", "kind": "api_key", "held_by": ["foreign"] }],
        "flows": [{ "id": "foreign", "from": "foreign", "to": "foreign" }],
    });
    let staged = owner.upload("/w/elsewhere/import", "model.json", theirs.to_string().as_bytes()).await;
    assert_eq!(staged.status, StatusCode::SEE_OTHER, "{}", staged.body);
    let shown = owner.get(staged.location()).await;
    let rev = shown.body.split("name=\"rev\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let done = owner.post(staged.location(), &[("action", "confirm"), ("rev", &rev)]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let elsewhere = app.store.gate(Actor::Operator).estate(&WorkspaceId::new("elsewhere")).await.unwrap();
    assert_eq!(elsewhere.model.keys.len() + elsewhere.model.flows.len(), 2, "they are there");

    let before = everything(&app).await;
    let mut tried = 0;
    let member = {
        let members = app.store.gate(Actor::Operator).members(&WorkspaceId::new("shop")).await.unwrap();
        members.into_iter().find(|it| it.name == "target").unwrap().account.to_string()
    };
    for (path, form, fields) in [
        ("/w/shop/systems/new", vec![("name", "Till")], vec!["segment", "owner", "vendor", "fact.owner"]),
        (
            "/w/shop/systems/new",
            vec![("name", "Till"), ("holding.0.element", "pan"), ("holding.0.form", "encrypted")],
            vec!["holding.0.key"],
        ),
        ("/w/shop/flows/new", vec![("from", "checkout")], vec!["to"]),
        ("/w/shop/flows/new", vec![("to", "bank")], vec!["from"]),
        ("/w/shop/flows/new", vec![("from", "checkout"), ("to", "bank")], vec!["fact.owner"]),
        (&format!("/w/shop/members/{member}/remove"), vec![], vec!["to"]),
        ("/w/shop/settings/hand-over", vec![("form", "hand-over")], vec!["to"]),
        ("/w/shop/people/security-lead/account", vec![], vec!["account"]),
        ("/w/shop/people/security-lead/delete", vec![("rev", "99")], vec!["to"]),
    ] {
        for field in fields {
            let mut answers = Vec::new();
            for key in ["foreign", "unheard"] {
                let mut form = form.clone();
                form.push((field, key));
                let answer = owner.post(path, &form).await;
                assert!(!answer.body.contains("Foreign name"), "{path} {field}");
                answers.push((answer.status, answer.without_chance().replace(key, "(key)")));
            }
            assert_eq!(answers[0], answers[1], "{path} {field}");
            tried += usize::from(answers[0].0 == StatusCode::UNPROCESSABLE_ENTITY);
            // A field that the form does not have is left alone, and what it made goes again.
            if answers[0].0 == StatusCode::SEE_OTHER {
                panic!("{path} takes {field}: {:?}", answers[0]);
            }
        }
    }
    assert!(tried >= 10, "{tried}");
    assert_eq!(everything(&app).await, before);
}
