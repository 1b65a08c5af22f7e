//! What happened beside the calendar and calls for a schedule: a change of the model, an incident, a proof that ran out.

use std::collections::BTreeMap;

use domain::blast::Start;
use domain::delta::State;
use domain::incident::Incident;
use domain::model::object::ObjectRef;
use domain::schedule::call::{Call, by_time as comes_by_time, calls};
use domain::schedule::trigger::{Trigger, of_incident, triggers};
use domain::schedule::{Schedule, ScheduleKey};
use domain::time::{Day, Timestamp};
use serde_json::json;

use super::{clock, find, read};
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, row, rows, run};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::gate::Permit;
use crate::live::Judged;
use crate::rows::statements;

statements! {
    OPEN = "SELECT number, content FROM schedule_call WHERE workspace_id = $1 AND answered_at IS NULL \
        ORDER BY number, place";
    NEXT_PLACE = "SELECT COALESCE(MAX(place), 0) + 1 FROM schedule_call WHERE workspace_id = $1 AND number = $2";
    INSERT = "INSERT INTO schedule_call (workspace_id, number, place, at, answered_at, content) \
        VALUES ($1, $2, $3, $4, NULL, $5)";
    ANSWER = "UPDATE schedule_call SET answered_at = $3 WHERE workspace_id = $1 AND number = $2 \
        AND answered_at IS NULL AND at <= $4";
}

/// The most calls of a schedule that wait for an answer: whoever does not answer these reads no further ones.
const WAITING: usize = 200;

/// The calls that nobody answered yet, by the number of their schedule, the oldest first.
pub(super) async fn open(tx: &mut Tx, permit: &Permit) -> Result<BTreeMap<i64, Vec<Call>>, StoreError> {
    let mut all: BTreeMap<i64, Vec<Call>> = BTreeMap::new();
    for (number, content) in rows!(tx, (i64, String), OPEN, permit.workspace())? {
        all.entry(number).or_default().push(read("schedule_call", number, &content)?);
    }
    Ok(all)
}

/// A schedule was done at an instant: what called for it until then is answered.
pub(super) async fn answer(tx: &mut Tx, act: &Act<'_>, key: ScheduleKey, done: Timestamp) -> Result<(), StoreError> {
    run!(tx, ANSWER, act.permit.workspace(), i64::from(key.0), act.now.0, done.0)?;
    Ok(())
}

/// Calls for the schedules that a change of the model concerns.
pub(crate) async fn of_change(
    tx: &mut Tx,
    act: &Act<'_>,
    (before, after): (&Judged, &Judged),
) -> Result<usize, Failure> {
    let numbers: Vec<i64> = clock::watching(tx, act.permit).await?.into_keys().collect();
    if numbers.is_empty() {
        return Ok(0);
    }
    let happened = between(before, after).await?;
    put(tx, act, &numbers, &happened).await
}

/// Calls for the schedules that the passing of time since a day concerns, of those that were last compared on that day.
pub(super) async fn by_time(
    tx: &mut Tx,
    act: &Act<'_>,
    (before, after): (&Judged, &Judged),
    since: Day,
) -> Result<usize, Failure> {
    let watching = clock::watching(tx, act.permit).await?;
    let numbers: Vec<i64> = watching.into_iter().filter(|(_, day)| *day == since).map(|(number, _)| number).collect();
    let mut happened = between(before, after).await?;
    happened.retain(|it| comes_by_time(it.kind));
    put(tx, act, &numbers, &happened).await
}

/// Calls for the schedules that an incident concerns; a drill concerns none.
pub(crate) async fn of_incident_opened(tx: &mut Tx, act: &Act<'_>, incident: &Incident) -> Result<usize, Failure> {
    let numbers: Vec<i64> = clock::watching(tx, act.permit).await?.into_keys().collect();
    if numbers.is_empty() || incident.drill {
        return Ok(0);
    }
    let object = match &incident.start {
        Some(Start::System { id }) => ObjectRef::System(id.clone()),
        Some(Start::Credential { id }) => ObjectRef::Credential(id.clone()),
        Some(Start::Vendor { id }) => ObjectRef::Vendor(id.clone()),
        // The workspace as a whole, for what is no object of the model.
        Some(Start::Connector { .. } | Start::Field { .. }) | None => ObjectRef::Settings,
    };
    put(tx, act, &numbers, &[of_incident(&incident.title, object)]).await
}

/// What happened between two states of the model. Computed away from the threads that serve requests.
async fn between(before: &Judged, after: &Judged) -> Result<Vec<Trigger>, StoreError> {
    let (before, after) = (before.clone(), after.clone());
    let happened = tokio::task::spawn_blocking(move || {
        let state = |it: &Judged| (it.model.clone(), it.scope.clone());
        let ((model, scope), (later, scope_later)) = (state(&before), state(&after));
        triggers(State { model: &model, scope: &scope }, State { model: &later, scope: &scope_later })
    });
    Ok(happened.await?)
}

/// Writes the calls down. What a schedule waits to be done for already is not told twice.
async fn put(tx: &mut Tx, act: &Act<'_>, numbers: &[i64], happened: &[Trigger]) -> Result<usize, Failure> {
    if happened.is_empty() {
        return Ok(0);
    }
    let Act { permit, actor, now } = *act;
    let waiting = open(tx, permit).await?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for number in numbers {
        let Ok(key) = u32::try_from(*number) else { continue };
        let Some(kept) = find::<Schedule>(tx, permit, key).await? else { continue };
        let told = waiting.get(number).map(Vec::as_slice).unwrap_or_default();
        let is_told = |call: &Call| {
            told.iter().any(|it| it.trigger.kind == call.trigger.kind && it.trigger.object == call.trigger.object)
        };
        let new: Vec<Call> = calls(&kept.value, happened, now).into_iter().filter(|it| !is_told(it)).collect();
        for call in new.iter().take(WAITING.saturating_sub(told.len())) {
            let place = row!(tx, (i64,), NEXT_PLACE, permit.workspace(), *number)?.map_or(1, |(next,)| next);
            let content = serde_json::to_string(call)?;
            run!(tx, INSERT, permit.workspace(), *number, place, now.0, content)?;
            *counts.entry(kept.value.key.to_string()).or_default() += 1;
        }
    }
    let called = counts.values().sum();
    if called > 0 {
        let subject = Subject { kind: "workspace", key: permit.key().as_str(), revision: None };
        let payload = Payload::plain(&json!({ "schedules": counts }));
        audit::append(tx, &Chain::Workspace(permit), now, actor, "schedule.called", Some(&subject), &payload).await?;
    }
    Ok(called)
}
