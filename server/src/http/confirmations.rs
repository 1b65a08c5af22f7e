//! What members confirm: a flow, a checkpoint, who is assessed, and why a stage has no flow.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::response::Response;
use domain::command::Command;
use domain::confirmation;
use domain::id::{FlowId, PersonId, WorkspaceId};
use domain::inventory::{Kind, find};
use domain::model::draft::Form;
use domain::problem::{FieldCode, Problem};
use domain::review::checkpoint::{self, Done as Ticked, with_done};
use domain::review::elements::answer_from_form;
use domain::review::entity::{entity_from_form, is_field};
use domain::review::{ReviewKey, ReviewKind};
use domain::role::Capability;

use super::act::Act;
use super::form::{only, only_once};
use super::members::done;
use super::model::{Done, carry_out, in_workspace, see, seen};

/// Says what a flow carries, for one of its ends.
pub async fn confirm_flow(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let flow = FlowId::new(key.as_str());
    let page = paths.flow(&flow);
    let attempt = async {
        may(&act, &workspace, Capability::ConfirmFlows).await?;
        only_once(&act.posted.0, &["rev", "end", "answer"], "field")?;
        let said = confirmation::from_form(&act.posted.0)?;
        act.caller.backend.confirm_flow(&workspace, &flow, said, seen(&act.posted.0)?).await
    };
    match attempt.await {
        Ok(receipt) => see(&Done { page, code: "flow-confirmed" }, &receipt),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Ticks a point of the checklist of a vendor or a credential, with what shows it.
pub async fn tick(Path((workspace, kind, key)): Path<(String, String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.record_at(&kind, &key);
    let by = match who(&act, &workspace).await {
        Ok(by) => by,
        Err(problem) => return act.again(&page, problem).await,
    };
    // The day on which it is ticked is that of the workspace, wherever the instance stands.
    let today = match act.caller.backend.schedules(&workspace).await {
        Ok(book) => book.zone.day_of(book.now),
        Err(problem) => return act.again(&page, problem).await,
    };
    carry_out(act, &workspace, &page, |estate, form| {
        // What else may be wrong with the form is told to nobody who may not change anything.
        if !estate.workspace.role.may(Capability::EditModel) {
            return Err(Problem::Forbidden);
        }
        let kind = Kind::named(&kind).ok_or(Problem::NotFound)?;
        let object = find(kind, &key, &estate.stored).ok_or(Problem::NotFound)?.reference();
        only(form, &["rev", "gate", "point", "evidence"])?;
        let (gate, point, evidence) = checkpoint::from_form(form)?;
        let ticked = Ticked { on: today, by, evidence };
        let object = with_done(&estate.stored, &object, gate, point, &ticked)?;
        Ok((Command::Edit(Box::new(object), seen(form)?), Done { page: page.clone(), code: "point-ticked" }))
    })
    .await
}

/// Says who is assessed.
pub async fn save_entity(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.page("settings/entity");
    let attempt = async {
        may(&act, &workspace, Capability::ManageWorkspace).await?;
        let form = &act.posted.0;
        let repeats = |name: &str| ["channel", "brand"].contains(&name);
        let mut once = BTreeSet::new();
        if !form.iter().all(|(name, _)| is_field(name) && (repeats(name) || once.insert(name.as_str()))) {
            return Err(Problem::field("form", FieldCode::UnknownField));
        }
        let kept = act.caller.backend.entity(&workspace).await?;
        let entity = entity_from_form(form, &kept.entity).map_err(Problem::Invalid)?;
        act.caller.backend.save_entity(&workspace, entity, number(form)?).await
    };
    match attempt.await {
        Ok(changed) => done(&page, if changed { "entity-saved" } else { "unchanged" }),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Answers an element of the confirmation of the scope, in its review.
pub async fn answer_element(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.review_at(&key);
    let attempt = async {
        may(&act, &workspace, Capability::Review).await?;
        only(&act.posted.0, &["element", "confirmed", "words"])?;
        let key: ReviewKey = key.parse().map_err(|_| Problem::NotFound)?;
        let backend = act.caller.backend.as_ref();
        let (review, estate) = (backend.review(&workspace, key).await?, backend.estate(&workspace).await?);
        // No other review confirms the scope.
        if review.session.opening().cover.kind != ReviewKind::Scope {
            return Err(Problem::field("element", FieldCode::NotInThisState));
        }
        let said = backend.entity(&workspace).await?.prefilled(&estate, review.beside());
        let command = answer_from_form(&act.posted.0, &said)?;
        backend.step_review(&workspace, key, command).await
    };
    match attempt.await {
        Ok(()) => done(&page, "review-saved"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Says why a stage of a payment channel has no flow.
pub async fn explain(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let cell = [("channel", act.posted.value("channel")), ("stage", act.posted.value("stage"))];
    let again = paths.query("board", &cell);
    let attempt = async {
        may(&act, &workspace, Capability::EditModel).await?;
        only(&act.posted.0, &["rev", "channel", "stage", "reason"])?;
        let wrong = |name: &str| Problem::field(name, FieldCode::NotInList);
        let channel = act.posted.value("channel").parse().map_err(|_| wrong("channel"))?;
        let stage = act.posted.value("stage").parse().map_err(|_| wrong("stage"))?;
        let seen = number(&act.posted.0)?;
        act.caller.backend.explain_cell(&workspace, (channel, stage), act.posted.value("reason"), seen).await
    };
    match attempt.await {
        Ok(changed) => done(&paths.page("board"), if changed { "cell-explained" } else { "unchanged" }),
        Err(problem) => act.again(&again, problem).await,
    }
}

/// Whether the person may do it there. What else may be wrong with a form is told to nobody who may not.
async fn may(act: &Act, workspace: &WorkspaceId, capability: Capability) -> Result<(), Problem> {
    let estate = act.caller.backend.estate(workspace).await?;
    if estate.workspace.allows(capability) { Ok(()) } else { Err(Problem::Forbidden) }
}

/// The person behind the account that asks.
async fn who(act: &Act, workspace: &WorkspaceId) -> Result<Option<PersonId>, Problem> {
    let own = act.caller.backend.account().await?.id;
    let people = act.caller.backend.accounts_of_people(workspace).await?;
    Ok(people.into_iter().find(|(_, account)| *account == own).map(|(person, _)| person))
}

/// The number of the save that the person saw.
fn number(form: &Form) -> Result<i64, Problem> {
    let value = form.iter().find(|(name, _)| name == "rev").map_or("", |(_, value)| value);
    value.parse().map_err(|_| Problem::field("rev", FieldCode::Missing))
}
