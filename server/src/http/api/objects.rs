//! Objects of the model, one by one, in the members of a model file.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::Path;
use domain::backend::Estate;
use domain::command::{Command, Revision};
use domain::export::model_file;
use domain::id::{FlowId, SystemId, WorkspaceId};
use domain::import::{Choices, Limits, Rejection, plan, read};
use domain::model::Model;
use domain::model::object::{Object, ObjectKind, ObjectRef};
use domain::problem::Problem;
use http::StatusCode;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::answer::{Answer, Refused};
use super::call::{Call, Content};
use super::collection::{COLLECTIONS, Collection};
use crate::http::fault;
use crate::http::refusal::Refusal;

/// How many objects one answer lists unless the caller says otherwise, and at most.
const PAGE: usize = 100;
const PAGE_MAX: usize = 1000;

/// `GET /api/v1/workspaces/{ws}/objects/{kind}`, in the order of keys, page by page.
pub async fn list(Path((workspace, kind)): Path<(String, String)>, call: Call) -> Result<Answer, Refused> {
    let estate = call.export(&workspace).await?;
    let collection = Collection::find(&kind)?;
    let after = call.parameter("after")?.unwrap_or_default();
    let most = match call.parameter("limit")?.map(str::parse) {
        None => PAGE,
        Some(Ok(number @ 1..=PAGE_MAX)) => number,
        Some(_) => return Err(Refused::field("limit", format!("Give a number from 1 to {PAGE_MAX}."))),
    };
    let mut page: Vec<(String, Object)> = estate
        .stored
        .objects()
        .filter(|object| object.reference().kind() == collection.kind)
        .map(|object| (object.reference().key(), object))
        .filter(|(key, _)| key.as_str() > after)
        .collect();
    page.sort_by(|(one, _), (other, _)| one.cmp(other));
    let more = page.len() > most;
    page.truncate(most);
    let next = page.last().filter(|_| more).map(|(key, _)| key.clone());
    let items: Vec<Value> = page.iter().map(|(_, object)| model_file::members(object).into()).collect();
    Ok(Answer::value(&json!({ "items": items, "next": next })).at(estate.revision))
}

/// `GET /api/v1/workspaces/{ws}/objects/{kind}/{key}`. The entity tag is the revision at which it changed last.
pub async fn one(Path((workspace, kind, key)): Path<(String, String, String)>, call: Call) -> Result<Answer, Refused> {
    let estate = call.export(&workspace).await?;
    let reference = Collection::find(&kind)?.reference(&key);
    let object = estate.stored.get(&reference).ok_or(Problem::NotFound)?;
    let members = Value::from(model_file::members(&object));
    Ok(Answer::value(&members).at(changed(&estate, &reference)))
}

/// `PUT /api/v1/workspaces/{ws}/objects/{kind}/{key}`: the object is from now on as stated, whatever it was before.
pub async fn put(
    Path((workspace, kind, key)): Path<(String, String, String)>,
    call: Call,
    Content(body): Content,
) -> Result<Answer, Refused> {
    let estate = call.estate(&workspace).await?;
    let collection = Collection::find(&kind)?;
    let reference = collection.reference(&key);
    let known = estate.stored.get(&reference).is_some();
    let seen = seen(&call, &estate, &reference)?;
    let planned = tokio::task::spawn_blocking(move || stated(&estate, collection, &reference, &body));
    let objects = planned.await.map_err(|error| fault("an object could not be read", &error))??;
    let command = Command::Import { source: "api".to_owned(), objects, seen };
    let receipt = call.backend.execute(&WorkspaceId::new(workspace), command).await?;
    Ok(Answer::receipt(&receipt).status(if known { StatusCode::OK } else { StatusCode::CREATED }))
}

/// `DELETE /api/v1/workspaces/{ws}/objects/{kind}/{key}`, for systems and flows.
pub async fn delete(
    Path((workspace, kind, key)): Path<(String, String, String)>,
    call: Call,
) -> Result<Answer, Refused> {
    let estate = call.estate(&workspace).await?;
    let reference = Collection::find(&kind)?.reference(&key);
    if estate.stored.get(&reference).is_none() {
        return Err(Problem::NotFound.into());
    }
    let seen = seen(&call, &estate, &reference)?;
    let command = match reference {
        ObjectRef::System(_) => Command::DeleteSystem(SystemId::new(key), seen),
        ObjectRef::Flow(_) => Command::DeleteFlow(FlowId::new(key), seen),
        _ => return Err(Refusal::WrongMethod.into()),
    };
    Ok(Answer::receipt(&call.backend.execute(&WorkspaceId::new(workspace), command).await?))
}

/// The revision at which the caller saw the object. Who changes what exists says so, so that nothing is overwritten
/// unseen.
fn seen(call: &Call, estate: &Estate, reference: &ObjectRef) -> Result<Revision, Refused> {
    match (call.seen()?, estate.changed.get(reference)) {
        (Some(seen), Some(changed)) if seen < *changed => Err(Refusal::Conflict.into()),
        (Some(seen), Some(_)) => Ok(seen),
        (Some(_), None) => Err(Problem::NotFound.into()),
        (None, Some(_)) => Err(Refusal::Unconditional.into()),
        (None, None) => Ok(estate.revision),
    }
}

fn changed(estate: &Estate, reference: &ObjectRef) -> Revision {
    estate.changed.get(reference).copied().unwrap_or(estate.revision)
}

/// The object that a body states, with the segments that it names and that are not there yet.
fn stated(
    estate: &Arc<Estate>,
    collection: Collection,
    reference: &ObjectRef,
    body: &[u8],
) -> Result<Vec<Object>, Refused> {
    // A value of its own, so that nothing in it can end the list that is put around it.
    serde_json::from_slice::<IgnoredAny>(body).map_err(|error| {
        Refused::field("", format!("The body is no JSON: {error}. Send one object as GET shows it."))
    })?;
    // Where the object is not in the model, nothing of it is kept that the body leaves out.
    let mut others = (*estate.stored).clone();
    others.remove(reference);
    let reading = read("body.json", &file(&others, collection, body), &Limits::command_line())?;
    let objects = plan(&reading, &others, &Choices::unanswered(&reading))
        .map_err(|rejections: Vec<Rejection>| Refused::from(rejections))?;
    let (stated, more): (Vec<Object>, Vec<Object>) = objects.into_iter().partition(|it| it.reference() == *reference);
    // What else the file has are the stubs, which change nothing, and what the object is the first to name.
    let named = more.into_iter().filter(|object| others.get(&object.reference()).is_none());
    let objects: Vec<Object> = stated.into_iter().chain(named).collect();
    if objects.iter().any(|object| object.reference() == *reference) {
        Ok(objects)
    } else {
        Err(Refused::field("id", "Give the object the key that the address has."))
    }
}

/// A model file with the one object, and beside it the keys of whatever it can refer to: a file refuses references that
/// lead out of it.
fn file(others: &Model, collection: Collection, body: &[u8]) -> Vec<u8> {
    let mut lists: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for known in COLLECTIONS.iter().filter(|it| it.kind != ObjectKind::Flow && it.kind != ObjectKind::Person) {
        lists.insert(known.word, Vec::new());
    }
    for object in others.objects() {
        let reference = object.reference();
        if let Some(known) = COLLECTIONS.iter().find(|it| it.kind == reference.kind())
            && let Some(list) = lists.get_mut(known.word)
        {
            list.push(json!({ "id": reference.key() }));
        }
    }
    let own = lists.remove(collection.word).unwrap_or_default();
    let mut file = format!("{{\"{}\":[", collection.word).into_bytes();
    file.extend_from_slice(body);
    for stub in own {
        file.extend_from_slice(b",\n");
        file.extend_from_slice(stub.to_string().as_bytes());
    }
    file.push(b']');
    for (word, stubs) in lists {
        file.extend_from_slice(format!(",\n\"{word}\":{}", Value::from(stubs)).as_bytes());
    }
    file.push(b'}');
    file
}
