//! The records of the inventory: a posted form becomes a command, whatever kind of record it is about.

use std::sync::Arc;

use axum::extract::Path;
use axum::response::Response;
use domain::backend::Estate;
use domain::command::{Command, to_write};
use domain::id::{PersonId, WorkspaceId};
use domain::inventory::{Kind, address, find};
use domain::model::draft::record_from_form;
use domain::model::object::{Object, ObjectKind, ObjectRef};
use domain::model::settings::Override;
use domain::problem::{FieldCode, Problem};

use super::act::Act;
use super::form::only;
use super::model::{Done, carry_out, in_workspace, seen};

/// Adds a record.
pub async fn add(Path((workspace, kind)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let list = paths.kind(&kind);
    let page = format!("{list}/new");
    let who = match who(&act, &workspace, &kind).await {
        Ok(who) => who,
        Err(problem) => return act.again(&page, problem).await,
    };
    carry_out(act, &workspace, &page, |estate, form| {
        let kind = writable(estate, &kind)?;
        let object = record_from_form(kind.object, form, None, &estate.model).map_err(Problem::Invalid)?;
        let object = written_by(object, None, who.as_ref())?;
        let page = paths.record(kind, &address(&object.reference()));
        Ok((Command::Add(Box::new(object)), Done { page, code: "record-added" }))
    })
    .await
}

/// Saves a record as the form has it.
pub async fn edit(Path((workspace, kind, key)): Path<(String, String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let own = paths.record_at(&kind, &key);
    let page = format!("{own}/edit");
    let who = match who(&act, &workspace, &kind).await {
        Ok(who) => who,
        Err(problem) => return act.again(&page, problem).await,
    };
    carry_out(act, &workspace, &page, |estate, form| {
        let kind = writable(estate, &kind)?;
        // As it is stored: what dates say of it today is not part of it.
        let existing = find(kind, &key, &estate.stored).ok_or(Problem::NotFound)?;
        let object = record_from_form(kind.object, form, Some(&existing), &estate.model).map_err(Problem::Invalid)?;
        let object = written_by(object, Some(&existing), who.as_ref())?;
        Ok((Command::Edit(Box::new(object), seen(form)?), Done { page: own.clone(), code: "record-saved" }))
    })
    .await
}

/// Deletes a record, and with the person's word every reference to it.
pub async fn delete(Path((workspace, kind, key)): Path<(String, String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let list = paths.kind(&kind);
    carry_out(act, &workspace, &paths.record_at(&kind, &key), |estate, form| {
        only(form, &["rev", "detach"])?;
        let kind = writable(estate, &kind)?;
        let object = find(kind, &key, &estate.stored).ok_or(Problem::NotFound)?.reference();
        let detach = form.iter().any(|(name, value)| name == "detach" && value == "yes");
        let command = Command::Delete { object, seen: seen(form)?, detach };
        Ok((command, Done { page: list.clone(), code: "record-deleted" }))
    })
    .await
}

/// Approves a decision on scope that somebody else wrote.
pub async fn approve(Path((workspace, kind, key)): Path<(String, String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.record_at(&kind, &key);
    let who = match who(&act, &workspace, &kind).await {
        Ok(who) => who,
        Err(problem) => return act.again(&page, problem).await,
    };
    carry_out(act, &workspace, &page, |estate, form| {
        only(form, &["rev"])?;
        let kind = writable(estate, &kind)?;
        let Some(ObjectRef::Override(decision)) = find(kind, &key, &estate.stored).map(|it| it.reference()) else {
            return Err(Problem::NotFound);
        };
        let approver = who.clone().ok_or_else(|| Problem::field("approver", FieldCode::NobodyToName))?;
        let command = Command::Approve { decision, seen: seen(form)?, approver };
        Ok((command, Done { page: page.clone(), code: "record-approved" }))
    })
    .await
}

/// The kind, for somebody whose role may write it. What else may be wrong with a form is told to nobody else.
fn writable(estate: &Estate, kind: &str) -> Result<&'static Kind, Problem> {
    let kind = Kind::named(kind).ok_or(Problem::NotFound)?;
    if estate.workspace.role.may(to_write(kind.object)) { Ok(kind) } else { Err(Problem::Forbidden) }
}

/// The person behind the account that asks. Only decisions name one, so nothing is looked up for other kinds.
async fn who(act: &Act, workspace: &WorkspaceId, kind: &str) -> Result<Option<PersonId>, Problem> {
    if Kind::named(kind).is_none_or(|kind| kind.object != ObjectKind::Override) {
        return Ok(None);
    }
    let own = act.caller.backend.account().await?.id;
    let people = act.caller.backend.accounts_of_people(workspace).await?;
    Ok(people.into_iter().find(|(_, account)| *account == own).map(|(person, _)| person))
}

/// A decision names who wrote it as it stands; everything else is as it was.
fn written_by(object: Object, before: Option<&Object>, who: Option<&PersonId>) -> Result<Object, Problem> {
    match object {
        Object::Override(it) if before != Some(&Object::Override(Arc::clone(&it))) => {
            let who = who.ok_or_else(|| Problem::field("justification", FieldCode::NobodyToName))?;
            Ok(Object::Override(Arc::new(Override { author: Some(who.to_string()), ..Override::clone(&it) })))
        }
        other => Ok(other),
    }
}
