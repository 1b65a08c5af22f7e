//! The one write path: whatever changes a model passes through here, in one transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::command::undo::Inverse;
use domain::command::{Change, Command, Receipt, Revision};
use domain::model::Model;
use domain::model::object::{Object, ObjectRef};
use domain::problem::{FieldCode, Problem};
use domain::time::Timestamp;
use serde_json::Value;

use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::batch::Batch;
use crate::db::{Tx, run};
use crate::error::Failure;
use crate::gate::Permit;
use crate::live::{self, Copies, Live};
use crate::rows::statements;
use crate::{acceptance, findings, inverse, model, proposal, receipt, schedule, scope};

statements! {
    /// The workspace's own row: its identifier is the workspace.
    ADVANCE = "UPDATE workspace SET revision = $2 WHERE id = $1 AND revision = $3";
}

/// Of how many systems that changed category a receipt says why. A large import moves thousands, each with its proof,
/// and their own pages tell it as well.
const EXPLAINED: usize = 200;

/// A write that will have happened once the transaction commits.
pub(crate) struct Written {
    pub(crate) receipt: Receipt,
    /// What takes the place of the model in memory; `None` where nothing changed.
    pub(crate) live: Option<Live>,
}

/// Who writes, where, and when.
pub(crate) struct Act<'a> {
    pub(crate) permit: &'a Permit,
    pub(crate) actor: &'a Actor,
    pub(crate) now: Timestamp,
}

/// Under which name, from which file, and about which object a change stands in the audit trail.
pub(crate) struct What<'a> {
    pub(crate) action: &'a str,
    pub(crate) source: Option<&'a str>,
    pub(crate) subject: Option<ObjectRef>,
}

/// Carries out a command for an actor whose permit covers it.
pub(crate) async fn execute(
    tx: &mut Tx,
    act: &Act<'_>,
    copies: &Copies,
    command: &Command,
) -> Result<Written, Failure> {
    match command {
        Command::Triage(triage) => return findings::triage(tx, act, copies, triage).await,
        Command::Report(concern) => return findings::report(tx, act, copies, concern).await,
        Command::BringDue => return findings::bring_due(tx, act, copies).await,
        Command::Reassign { from, to } | Command::DeletePerson(from, _, Some(to)) => {
            findings::record::hand_over(tx, act.permit, from, Some(to)).await?;
        }
        Command::DeletePerson(from, _, None) => findings::record::hand_over(tx, act.permit, from, None).await?,
        _ => {}
    }
    let before = copies.current(tx, act.permit).await?;
    let (after, change) = before.model.apply(command, |object| before.changed.get(object).copied())?;
    if is_protected(command) && proposal::protects(tx, act.permit).await? {
        let (is, will) =
            (before.judge(act.now.day()).await?, live::judge(Arc::new(after.clone()), act.now.day()).await?);
        if proposal::touches_scope(&change, (&before.model, &is.scope), &will.scope) {
            return Err(Problem::field("proposal", FieldCode::Protected).into());
        }
    }
    let what = What { action: command.name(), source: source(command), subject: subject(command) };
    write(tx, act, &before, after, &change, &what).await
}

/// Writes a change: objects, scope, receipt, audit entry, revision.
pub(crate) async fn write(
    tx: &mut Tx,
    act: &Act<'_>,
    before: &Live,
    after: Model,
    change: &Change,
    what: &What<'_>,
) -> Result<Written, Failure> {
    let Act { permit, actor, now } = *act;
    if change.is_empty() {
        let receipt = Receipt { revision: before.revision, scope_changes: Vec::new(), objects: 0 };
        return Ok(Written { receipt, live: None });
    }
    refuse_nul(change)?;
    let revision = Revision(before.revision.0 + 1);
    let today = now.day();
    // First of all, so that of two processes one waits here for the other: rows that both of them write would clash as
    // duplicates, which nobody can tell from a fault.
    if run!(tx, ADVANCE, permit.workspace(), revision.0, before.revision.0)? != 1 {
        return Err(Problem::Conflict.into());
    }

    let known = before.changed.known(change);
    for object in &change.removals {
        model::remove(tx, permit, object).await?;
    }
    let mut batch = Batch::new(tx);
    // Of several puts of one object the last one counts, as in the model; one statement cannot write a row twice.
    let last: BTreeMap<ObjectRef, usize> =
        change.puts.iter().enumerate().map(|(place, object)| (object.reference(), place)).collect();
    for (_, object) in change.puts.iter().enumerate().filter(|(place, it)| last.get(&it.reference()) == Some(place)) {
        model::put(&mut batch, permit, revision, object, known.contains(&object.reference())).await?;
    }
    batch.flush().await?;

    let (earlier, after) = (before.judge(today).await?, Arc::new(after));
    let (judged, mut scope_changes) = live::judge_change(&earlier, &after).await?;
    scope::write_differences(tx, permit, before.written.as_deref(), &judged.scope).await?;
    scope_changes.iter_mut().skip(EXPLAINED).for_each(|change| change.because.clear());
    let receipt = Receipt { revision, scope_changes, objects: change.puts.len() + change.removals.len() };
    findings::Run { before: &earlier, after: &judged, was: before.revision, is: revision }.record(tx, act).await?;
    acceptance::observe(tx, act, &judged, Some(revision)).await?;
    schedule::call::of_change(tx, act, (&earlier, &judged)).await?;
    receipt::put(tx, permit, now, &receipt).await?;
    inverse::put(tx, permit, revision, Inverse::of(change, &before.model, revision)).await?;

    let payload = Payload::of_change(&before.model, change, what.source)?;
    let (kind, key) = what
        .subject
        .as_ref()
        .map_or_else(|| ("workspace", permit.key().to_string()), |object| (object.kind().as_str(), object.key()));
    let subject = Subject { kind, key: &key, revision: Some(revision.0) };
    audit::append(tx, &Chain::Workspace(permit), now, actor, what.action, Some(&subject), &payload).await?;

    let live = Live::written(revision, after, before.changed.after(change, revision), judged);
    Ok(Written { receipt, live: Some(live) })
}

/// Whether a workspace that protects its scope asks for a proposal instead. What is merged comes from one; a place on the
/// map decides nothing; decisions have an approval of their own; and who answers for what goes with the people.
const fn is_protected(command: &Command) -> bool {
    match command {
        Command::Merge(_)
        | Command::MoveSystem(..)
        | Command::Approve { .. }
        | Command::AddPerson(_)
        | Command::EditPerson(..)
        | Command::DeletePerson(..)
        | Command::Reassign { .. }
        | Command::Triage(_)
        | Command::Report(_)
        | Command::BringDue
        | Command::LoadSample(_) => false,
        Command::AddSystem(_)
        | Command::EditSystem(..)
        | Command::ConfirmSystem(..)
        | Command::DeleteSystem(..)
        | Command::AddFlow(_)
        | Command::EditFlow(..)
        | Command::DeleteFlow(..)
        | Command::Add(_)
        | Command::Edit(..)
        | Command::EditAll(..)
        | Command::Delete { .. }
        | Command::TakeBack(_)
        | Command::Answer { .. }
        | Command::Import { .. } => true,
    }
}

/// The object that a command is about, where there is one.
fn subject(command: &Command) -> Option<ObjectRef> {
    match command {
        Command::AddSystem(system) | Command::EditSystem(system, _) => Some(ObjectRef::System(system.id.clone())),
        Command::ConfirmSystem(id, _) | Command::MoveSystem(id, ..) | Command::DeleteSystem(id, _) => {
            Some(ObjectRef::System(id.clone()))
        }
        Command::AddFlow(flow) | Command::EditFlow(flow, _) => Some(ObjectRef::Flow(flow.id.clone())),
        Command::DeleteFlow(id, _) => Some(ObjectRef::Flow(id.clone())),
        Command::AddPerson(person) | Command::EditPerson(person, _) => Some(ObjectRef::Person(person.id.clone())),
        Command::DeletePerson(id, ..) => Some(ObjectRef::Person(id.clone())),
        Command::Reassign { from, .. } => Some(ObjectRef::Person(from.clone())),
        Command::Add(object) | Command::Edit(object, _) => Some(object.reference()),
        Command::Delete { object, .. } => Some(object.clone()),
        Command::Approve { decision, .. } => Some(ObjectRef::Override(decision.clone())),
        Command::Answer { question, .. } => Some(question.subject.clone()),
        Command::EditAll(..)
        | Command::Merge(_)
        | Command::TakeBack(_)
        | Command::Import { .. }
        | Command::Triage(_)
        | Command::Report(_)
        | Command::BringDue
        | Command::LoadSample(_) => None,
    }
}

/// The file that a command comes from.
fn source(command: &Command) -> Option<&str> {
    match command {
        Command::Import { source, .. } => Some(source),
        _ => None,
    }
}

/// PostgreSQL cannot hold U+0000 in a text, so neither database gets one.
pub(crate) fn refuse_nul(change: &Change) -> Result<(), Failure> {
    for object in &change.puts {
        if contains_nul(&serde_json::to_value(object)?) {
            return Err(Problem::field(field_of_key(object), FieldCode::ControlCharacter).into());
        }
    }
    Ok(())
}

const fn field_of_key(object: &Object) -> &'static str {
    match object {
        Object::Override(_) => "justification",
        _ => "name",
    }
}

fn contains_nul(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(contains_nul),
        Value::Object(members) => members.iter().any(|(name, value)| name.contains('\0') || contains_nul(value)),
    }
}
