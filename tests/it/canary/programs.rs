//! Canaries through the interface for programs: every text of every kind of object, one after the other.

use std::sync::Arc;

use axum::body::Body;
use domain::export::model_file::{members, to_json};
use domain::model::Model;
use domain::model::fact::{FactType, attributes_of};
use domain::model::object::Object;
use domain::model::sample::sample;
use domain::model::settings::Override;
use domain::time::Day;
use http::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, IF_MATCH};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use server::http::api::collection::COLLECTIONS;
use store::Start;

use super::html::tags;
use super::{ELEMENT, numbers, variants};
use crate::http::app::{Answer, Browser, TestApp, request};

/// The ways to every text in a value.
fn texts(value: &Value, way: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(way.to_owned()),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                texts(item, &format!("{way}/{at}"), found);
            }
        }
        Value::Object(items) => {
            for (name, item) in items {
                texts(item, &format!("{way}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The same object, approved by nobody: a program may not bring more.
fn unapproved(object: Object) -> Object {
    match object {
        Object::Override(it) => Object::Override(Arc::new(Override { approver: None, ..Override::clone(&it) })),
        other => other,
    }
}

async fn call(
    browser: &mut Browser,
    bearer: &str,
    method: Method,
    path: &str,
    tag: Option<&str>,
    body: &str,
) -> Answer {
    let mut headers = vec![(AUTHORIZATION.as_str(), bearer), (CONTENT_TYPE.as_str(), "application/json")];
    headers.extend(tag.map(|tag| (IF_MATCH.as_str(), tag)));
    browser.send(request(method, path, &headers, Body::from(body.to_owned()))).await
}

#[tokio::test]
async fn a_canary_in_any_text_of_any_object_is_text_wherever_it_shows() {
    let (app, mut owner) = TestApp::set_up(Start::Empty).await;
    let form = [("name", "Pipeline"), ("scope", "write"), ("days", "90")];
    let made = owner.post("/w/shop/tokens", &form).await;
    let start = made.body.find("plb_").unwrap();
    let token: String = made.body[start..].chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '_').collect();
    let bearer = format!("Bearer {token}");
    let mut program = app.browser();
    let mut whole = Model::default();
    let objects = sample(Day::from_ymd(2026, 11, 21).unwrap());
    objects.into_iter().for_each(|object| whole.put(unapproved(object)));
    let sent =
        call(&mut program, &bearer, Method::POST, "/api/v1/workspaces/shop/imports", None, &to_json(&whole)).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);

    let (mut number, mut taken) = (0, 0);
    for collection in COLLECTIONS {
        // The object that says most, and every registered text beside it.
        let objects = whole.objects().filter(|object| object.reference().kind() == collection.kind);
        let Some(object) = objects.max_by_key(|object| Value::from(members(object)).to_string().len()) else {
            continue;
        };
        let key = object.reference().key();
        let path = format!("/api/v1/workspaces/shop/objects/{}/{}", collection.word, app::ui::link::encoded(&key));
        let shown = call(&mut program, &bearer, Method::GET, &path, None, "").await;
        let mut value: Value = serde_json::from_str(&shown.body).unwrap();
        for attribute in attributes_of(collection.kind) {
            match attribute.kind {
                FactType::Text | FactType::LongText => value[attribute.name] = "a text".into(),
                FactType::Texts => value[attribute.name] = json!(["a text"]),
                _ => {}
            }
        }
        let tag = shown.headers[ETAG].to_str().unwrap().to_owned();
        let put = call(&mut program, &bearer, Method::PUT, &path, Some(&tag), &value.to_string()).await;
        assert!(put.status.is_success(), "{path}: {}", put.body);
        let mut ways = Vec::new();
        let shown = call(&mut program, &bearer, Method::GET, &path, None, "").await;
        texts(&serde_json::from_str(&shown.body).unwrap(), "", &mut ways);
        for way in ways {
            number += 1;
            let shown = call(&mut program, &bearer, Method::GET, &path, None, "").await;
            let tag = shown.headers[ETAG].to_str().unwrap().to_owned();
            let mut value: Value = serde_json::from_str(&shown.body).unwrap();
            for canary in &variants(number)[..3] {
                let Some(text) = value.pointer_mut(&way) else { break };
                *text = canary.as_str().into();
                let put = call(&mut program, &bearer, Method::PUT, &path, Some(&tag), &value.to_string()).await;
                assert!(!put.status.is_server_error(), "{path} {way}: {}", put.body);
                let _answer: Value = serde_json::from_str(&put.body).unwrap();
                if put.status.is_success() {
                    taken += 1;
                    break;
                }
            }
        }
    }
    assert!(taken >= 60, "{taken} of {number} texts took a canary");

    let mut shown = 0;
    let estate = call(&mut program, &bearer, Method::GET, "/api/v1/workspaces/shop/model", None, "").await;
    let model: Value = serde_json::from_str(&estate.body).unwrap();
    for (list, page) in [("systems", "systems"), ("flows", "flows"), ("people", "people")] {
        for object in model[list].as_array().unwrap() {
            let key = app::ui::link::encoded(object["id"].as_str().unwrap());
            let mut paths = vec![format!("/w/shop/{page}/{key}"), format!("/w/shop/{page}/{key}/edit")];
            paths.push(format!("/w/shop/{page}"));
            paths.push(format!("/w/shop/map?focus={key}&mode=explain"));
            for path in paths {
                let answer = owner.get(&path).await;
                assert!(!answer.status.is_server_error(), "{path}: {}", answer.status);
                assert!(tags(&answer.body).iter().all(|tag| tag.name != ELEMENT), "{path}: a canary became an element");
                shown += usize::from(!numbers(&answer.body).is_empty());
            }
        }
    }
    for path in ["/w/shop", "/w/shop/map", "/w/shop/map.svg", "/w/shop/history"] {
        let answer = owner.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(tags(&answer.body).iter().all(|tag| tag.name != ELEMENT), "{path}: a canary became an element");
    }
    assert!(shown >= 10, "{shown} pages show a canary");
}
