//! Systems and flows: a posted form becomes a command, and the command's receipt a page.

use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::backend::Estate;
use domain::command::{Command, Receipt, Revision};
use domain::id::{FlowId, SystemId, WorkspaceId};
use domain::model::draft::{Form, flow_from_form, system_from_form};
use domain::problem::{FieldCode, Problem};

use app::ui::link::{Paths, with_query};

use super::act::Act;

/// Adds a system.
pub async fn add_system(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    carry_out(act, &workspace, &paths.page("systems/new"), |estate, form| {
        let system = system_from_form(form, None, &estate.model).map_err(Problem::Invalid)?;
        let page = paths.system(&system.id);
        Ok((Command::AddSystem(Box::new(system)), Done { page, code: "system-added" }))
    })
    .await
}

/// Saves a system as the form has it.
pub async fn edit_system(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.system(&SystemId::new(key.as_str()));
    carry_out(act, &workspace, &format!("{page}/edit"), |estate, form| {
        let existing = estate.model.systems.get(key.as_str()).ok_or(Problem::NotFound)?;
        let system = system_from_form(form, Some(existing), &estate.model).map_err(Problem::Invalid)?;
        Ok((Command::EditSystem(Box::new(system), seen(form)?), Done { page: page.clone(), code: "system-saved" }))
    })
    .await
}

/// Confirms a system that only flows spoke of.
pub async fn confirm_system(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let id = SystemId::new(key);
    let page = paths.system(&id);
    carry_out(act, &workspace, &page, |_, form| {
        Ok((Command::ConfirmSystem(id.clone(), seen(form)?), Done { page: page.clone(), code: "system-confirmed" }))
    })
    .await
}

/// Deletes a system.
pub async fn delete_system(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let id = SystemId::new(key);
    carry_out(act, &workspace, &paths.system(&id), |_, form| {
        let done = Done { page: paths.page("systems"), code: "system-deleted" };
        Ok((Command::DeleteSystem(id.clone(), seen(form)?), done))
    })
    .await
}

/// Adds a flow.
pub async fn add_flow(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    carry_out(act, &workspace, &paths.page("flows/new"), |estate, form| {
        let flow = flow_from_form(form, None, &estate.model).map_err(Problem::Invalid)?;
        let page = paths.flow(&flow.id);
        Ok((Command::AddFlow(Box::new(flow)), Done { page, code: "flow-added" }))
    })
    .await
}

/// Saves a flow as the form has it.
pub async fn edit_flow(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.flow(&FlowId::new(key.as_str()));
    carry_out(act, &workspace, &format!("{page}/edit"), |estate, form| {
        let existing = estate.model.flows.get(key.as_str()).ok_or(Problem::NotFound)?;
        let flow = flow_from_form(form, Some(existing), &estate.model).map_err(Problem::Invalid)?;
        Ok((Command::EditFlow(Box::new(flow), seen(form)?), Done { page: page.clone(), code: "flow-saved" }))
    })
    .await
}

/// Deletes a flow.
pub async fn delete_flow(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let id = FlowId::new(key);
    carry_out(act, &workspace, &paths.flow(&id), |_, form| {
        let done = Done { page: paths.page("flows"), code: "flow-deleted" };
        Ok((Command::DeleteFlow(id.clone(), seen(form)?), done))
    })
    .await
}

/// Where a command that was carried out leads.
pub(super) struct Done {
    /// The page.
    pub page: String,
    /// Which sentence the page says.
    pub code: &'static str,
}

/// Builds the command from the form and the workspace as it is, carries it out, and goes to the page of the result.
/// Where that does not work, or the person asked only for one more row, the form is shown again at `page` with what
/// was typed.
pub(super) async fn carry_out(
    act: Act,
    workspace: &WorkspaceId,
    page: &str,
    command: impl FnOnce(&Estate, &Form) -> Result<(Command, Done), Problem> + Send,
) -> Response {
    if act.posted.value("action") == "more" {
        return act.look_again(page).await;
    }
    let attempt = async {
        let backend = &act.caller.backend;
        let estate = backend.estate(workspace).await?;
        let (command, done) = command(&estate, &act.posted.0)?;
        Ok((backend.execute(workspace, command).await?, done))
    };
    match attempt.await {
        Ok((receipt, done)) => see(&done, &receipt),
        Err(problem) => act.again(page, problem).await,
    }
}

fn see(done: &Done, receipt: &Receipt) -> Response {
    if receipt.objects == 0 {
        return Redirect::to(&with_query(&done.page, &[("done", "unchanged")])).into_response();
    }
    let revision = receipt.revision.0.to_string();
    Redirect::to(&with_query(&done.page, &[("done", done.code), ("rev", &revision)])).into_response()
}

pub(super) fn in_workspace(key: &str) -> (WorkspaceId, Paths) {
    let workspace = WorkspaceId::new(key);
    let paths = Paths::of(&workspace);
    (workspace, paths)
}

/// The revision at which the person saw the object, from the hidden field of the form.
pub(super) fn seen(form: &Form) -> Result<Revision, Problem> {
    let value = form.iter().find(|(name, _)| name == "rev").map_or("", |(_, value)| value);
    value.parse().map(Revision).map_err(|_| Problem::field("rev", FieldCode::Missing))
}
