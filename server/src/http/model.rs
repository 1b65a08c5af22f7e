//! Systems and flows: a posted form becomes a command, and the command's receipt a page.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::backend::Estate;
use domain::bulk::{changed, is_for};
use domain::command::{Command, Receipt, Revision, to_write};
use domain::fields::{least, least_data};
use domain::id::{FlowId, SystemId, WorkspaceId};
use domain::inventory::{Kind, find};
use domain::layout::Pin;
use domain::model::card_number::looks_like_card_number;
use domain::model::draft::{Form, flow_from_form, system_from_form};
use domain::problem::{FieldCode, Problem};
use domain::proposal::{ProposalKey, Step, Wish};
use domain::quick::{parse, with_carried};
use domain::role::Capability;
use domain::temporary::{GrantKey, rolled_back};

use app::ui::link::{Paths, encoded, with_query};

use super::act::Act;
use super::form::only;
use super::moment::PROPOSAL;

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
    // Whoever edits beside the map comes back to it, and nowhere else.
    let back = act.posted.value("back");
    let map = paths.page("map");
    let done =
        if back.strip_prefix(&map).is_some_and(|rest| rest.starts_with('?')) { back.to_owned() } else { page.clone() };
    carry_out(act, &workspace, &format!("{page}/edit"), |estate, form| {
        let existing = estate.model.systems.get(key.as_str()).ok_or(Problem::NotFound)?;
        let form: Vec<(String, String)> = form.iter().filter(|(name, _)| name != "back").cloned().collect();
        let system = system_from_form(&form, Some(existing), &estate.model).map_err(Problem::Invalid)?;
        Ok((Command::EditSystem(Box::new(system), seen(&form)?), Done { page: done.clone(), code: "system-saved" }))
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

/// Puts a system at a place of the map, or gives it back to the layout; then shows the view from which that was asked.
pub async fn move_system(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let id = SystemId::new(key);
    let kept = |form: &Form, name: &str| form.iter().find(|(it, _)| it == name).map(|(_, value)| value.clone());
    let view: Vec<(&str, String)> = VIEW.iter().filter_map(|name| Some((*name, kept(&act.posted.0, name)?))).collect();
    let view: Vec<(&str, &str)> = view.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = paths.query("map", &view);
    carry_out(act, &workspace, &page, |_, form| {
        only(form, &[&["rev", "column", "row", "release"], VIEW].concat())?;
        let done = Done { page: page.clone(), code: "system-moved" };
        Ok((Command::MoveSystem(id.clone(), pin(form)?, seen(form)?), done))
    })
    .await
}

/// Gives one field of many objects of a kind a value, as the preview showed it.
pub async fn change_several(Path((workspace, kind)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.page(&format!("change/{}", encoded(&kind)));
    carry_out(act, &workspace, &page, |estate, form| {
        let kind = Kind::listed(&kind).filter(|kind| is_for(kind)).ok_or(Problem::NotFound)?;
        if !estate.workspace.role.may(to_write(kind.object)) {
            return Err(Problem::Forbidden);
        }
        let value = |name: &str| form.iter().find(|(it, _)| it == name).map_or("", |(_, value)| value.as_str());
        if form.iter().any(|(name, _)| !["set", "to", "rev", "key"].contains(&name.as_str())) {
            return Err(Problem::field("key", FieldCode::UnknownField));
        }
        let named = form.iter().filter(|(name, _)| name == "key");
        let objects = named.map(|(_, key)| find(kind, key, &estate.stored).map(|it| it.reference()));
        let objects = objects.collect::<Option<BTreeSet<_>>>().ok_or(Problem::NotFound)?;
        let objects = changed(kind, (&estate.stored, &estate.model), &objects, value("set"), value("to"))?;
        Ok((Command::EditAll(objects, seen(form)?), Done { page: paths.list(kind), code: "several-changed" }))
    })
    .await
}

/// Takes what is not needed off several flows, as the preview showed it.
pub async fn drop_fields(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    carry_out(act, &workspace, &paths.page("least-data"), |estate, form| {
        if !estate.workspace.role.may(Capability::EditModel) {
            return Err(Problem::Forbidden);
        }
        if form.iter().any(|(name, _)| !["take", "rev"].contains(&name.as_str())) {
            return Err(Problem::field("take", FieldCode::UnknownField));
        }
        let asked: BTreeSet<&str> =
            form.iter().filter(|(name, _)| name == "take").map(|(_, word)| word.as_str()).collect();
        let all = least_data(&estate.model);
        let chosen: Vec<_> = all.into_iter().filter(|it| asked.contains(it.word().as_str())).collect();
        // What was looked at and is not sent any more was changed by somebody else.
        if asked.is_empty() || chosen.len() != asked.len() {
            return Err(if asked.is_empty() { Problem::field("take", FieldCode::Missing) } else { Problem::Conflict });
        }
        let done = Done { page: paths.page("fields"), code: "several-changed" };
        Ok((Command::EditAll(least(&estate.stored, &chosen), seen(form)?), done))
    })
    .await
}

/// Takes the chosen temporary rights back, as one change.
pub async fn roll_back(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.page("temporary");
    carry_out(act, &workspace, &page, |estate, form| {
        // What else may be wrong with the form is told to nobody who may not change anything.
        if !estate.workspace.role.may(Capability::EditModel) {
            return Err(Problem::Forbidden);
        }
        if form.iter().any(|(name, _)| !["right", "rev"].contains(&name.as_str())) {
            return Err(Problem::field("right", FieldCode::UnknownField));
        }
        let named = form.iter().filter(|(name, _)| name == "right").map(|(_, key)| GrantKey::read(key));
        let chosen = named.collect::<Option<_>>().ok_or(Problem::NotFound)?;
        let objects = rolled_back(&estate.stored, &chosen)?;
        Ok((Command::EditAll(objects, seen(form)?), Done { page: page.clone(), code: "rolled-back" }))
    })
    .await
}

/// What the address of a view of the map says, which its forms bring along.
const VIEW: &[&str] = &["q", "focus", "hops", "mode", "start", "element", "open", "closed"];

/// The place that a form names, counted from 1 as people count; none where the system is given back.
fn pin(form: &Form) -> Result<Option<Pin>, Problem> {
    let value = |name: &str| form.iter().find(|(it, _)| it == name).map_or("", |(_, value)| value.trim());
    if value("release") == "yes" {
        return Ok(None);
    }
    let place = |name: &str, most: usize| match value(name) {
        "" => Err(Problem::field(name, FieldCode::Missing)),
        text => match text.parse::<usize>() {
            Ok(number) if (1..=most).contains(&number) => Ok(number - 1),
            _ => Err(Problem::field(name, FieldCode::NotANumber)),
        },
    };
    Ok(Some(Pin { column: place("column", Pin::COLUMNS)?, row: place("row", Pin::ROWS)? }))
}

/// Adds a flow.
pub async fn add_flow(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    carry_out(act, &workspace, &paths.page("flows/new"), |estate, form| {
        let form = with_carried(form, &estate.model)?;
        let flow = flow_from_form(&form, None, &estate.model).map_err(Problem::Invalid)?;
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

/// Adds a flow that was written in one line.
pub async fn add_quick_flow(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let line = act.posted.value("line").to_owned();
    // A card number is not written into an address either.
    let again = if looks_like_card_number(&line) { "" } else { &line };
    carry_out(act, &workspace, &paths.query("search", &[("q", again)]), |estate, form| {
        only(form, &["line"])?;
        if looks_like_card_number(&line) {
            return Err(Problem::field("line", FieldCode::CardNumber));
        }
        // The page tells each mistake beside the line; here only that there is one.
        let quick = parse(&line, &estate.model).map_err(|_| Problem::field("line", FieldCode::NotAFlow))?;
        let flow = flow_from_form(&quick.form(), None, &estate.model).map_err(Problem::Invalid)?;
        let page = paths.flow(&flow.id);
        Ok((Command::AddFlow(Box::new(flow)), Done { page, code: "flow-added" }))
    })
    .await
}

/// Takes back the change that made a revision.
pub async fn take_back(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.page("history");
    let attempt = async {
        only(&act.posted.0, &["rev"])?;
        act.caller.backend.take_back(&workspace, seen(&act.posted.0)?).await
    };
    match attempt.await {
        Ok(receipt) => see(&Done { page, code: "taken-back" }, &receipt),
        Err(problem) => act.again(&page, problem).await,
    }
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
    let proposal = match act.proposal() {
        Ok(proposal) => proposal,
        Err(problem) => return act.again(page, problem).await,
    };
    // A form that is shown again stays with its proposal.
    let page = proposal.map_or_else(|| page.to_owned(), |key| with_query(page, &[(PROPOSAL, &key.to_string())]));
    if act.posted.value("action") == "more" {
        return act.look_again(&page).await;
    }
    let attempt = async {
        let backend = &act.caller.backend;
        let estate = act.estate(workspace).await?;
        let (command, done) = command(&estate, &act.posted.0)?;
        match proposal {
            None if act.posted.value("action") == PROPOSE => {
                let (key, receipt) = propose(&act, workspace, command).await?;
                Ok((receipt, done, Some(key)))
            }
            None => Ok((backend.execute(workspace, command).await?, done, None)),
            Some(key) => Ok((backend.save_to_proposal(workspace, key, command).await?, done, Some(key))),
        }
    };
    match attempt.await {
        Ok((receipt, done, None)) => see(&done, &receipt),
        Ok((receipt, done, Some(key))) => {
            let code = if receipt.objects == 0 { "unchanged" } else { "saved-to-proposal" };
            let pairs = [("done", code), (PROPOSAL, &key.to_string())];
            Redirect::to(&with_query(&done.page, &pairs)).into_response()
        }
        Err(problem) => act.again(&page, problem).await,
    }
}

/// The button of a form that makes a proposal of what was typed.
const PROPOSE: &str = "propose";

/// Begins a proposal that holds one command. Where the command does not fit, no proposal is left behind.
async fn propose(act: &Act, workspace: &WorkspaceId, command: Command) -> Result<(ProposalKey, Receipt), Problem> {
    let backend = &act.caller.backend;
    let key = backend.begin_proposal(workspace, Wish::from_form_of(act.posted.value("name"))).await?;
    match backend.save_to_proposal(workspace, key, command).await {
        Ok(receipt) => Ok((key, receipt)),
        Err(problem) => {
            backend.step_proposal(workspace, key, Step::Withdraw).await?;
            Err(problem)
        }
    }
}

pub(super) fn see(done: &Done, receipt: &Receipt) -> Response {
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
