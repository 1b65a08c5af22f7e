//! People and teams of the model: a posted form becomes a command.

use axum::extract::Path;
use axum::response::Response;
use domain::command::Command;
use domain::id::{AccountId, PersonId, WorkspaceId};
use domain::model::draft::{Form, person_from_form};
use domain::model::fact::attributes_of;
use domain::model::object::ObjectKind;
use domain::problem::Problem;

use app::ui::link::Paths;

use super::act::Act;
use super::form::only;
use super::members::done;
use super::model::{Done, carry_out, in_workspace, seen};

/// Adds a person or a team.
pub async fn add(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    carry_out(act, &workspace, &paths.page("people/new"), |estate, form| {
        known_fields(form)?;
        let person = person_from_form(form, None, &estate.model).map_err(Problem::Invalid)?;
        let page = paths.person(&person.id);
        Ok((Command::AddPerson(Box::new(person)), Done { page, code: "person-added" }))
    })
    .await
}

/// Saves a person or a team as the form has it.
pub async fn edit(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.person(&PersonId::new(key.as_str()));
    carry_out(act, &workspace, &format!("{page}/edit"), |estate, form| {
        known_fields(form)?;
        let existing = estate.model.people.get(key.as_str()).ok_or(Problem::NotFound)?;
        let person = person_from_form(form, Some(existing), &estate.model).map_err(Problem::Invalid)?;
        Ok((Command::EditPerson(Box::new(person), seen(form)?), Done { page: page.clone(), code: "person-saved" }))
    })
    .await
}

/// Deletes a person or a team; what they answered for goes to whom the form names.
pub async fn delete(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let id = PersonId::new(key);
    carry_out(act, &workspace, &paths.person(&id), |_, form| {
        only(form, &["rev", "to"])?;
        let to = form.iter().find(|(name, value)| name == "to" && !value.is_empty());
        let to = to.map(|(_, value)| PersonId::new(value.as_str()));
        let done = Done { page: paths.page("people"), code: "person-deleted" };
        Ok((Command::DeletePerson(id.clone(), seen(form)?, to), done))
    })
    .await
}

/// Says which member is behind a person.
pub async fn link(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let workspace = WorkspaceId::new(workspace);
    let person = PersonId::new(key);
    let page = Paths::of(&workspace).person(&person);
    let attempt = async {
        act.posted.only(&["account"])?;
        let member = Some(act.posted.value("account")).filter(|key| !key.is_empty()).map(AccountId::from);
        act.caller.backend.link_person(&workspace, &person, member.as_ref()).await
    };
    match attempt.await {
        Ok(()) => done(&page, "person-linked"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Refuses what the form of a person does not have.
fn known_fields(form: &Form) -> Result<(), Problem> {
    let facts: Vec<String> = attributes_of(ObjectKind::Person).map(|it| format!("fact.{}", it.name)).collect();
    let mut names = vec!["rev", "action", "id", "name", "kind", "mail", "function"];
    names.extend(facts.iter().map(String::as_str));
    only(form, &names)
}
