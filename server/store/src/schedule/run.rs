//! What was done for a schedule.

use std::collections::BTreeMap;

use domain::backend::incidents::Kept;
use domain::id::PersonId;
use domain::problem::{FieldCode, Problem};
use domain::schedule::late::{self, Run};
use domain::schedule::noted::Noted;
use domain::schedule::{Planned, Schedule, ScheduleKey, Zone};
use domain::time::Day;
use serde_json::json;

use super::{call, clock, list, one, read};
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, row, rows, run};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::gate::Permit;
use crate::rows::statements;

statements! {
    /// Of each schedule the last few.
    RECENT = "SELECT schedule_run.number, schedule_run.content FROM schedule_run WHERE schedule_run.workspace_id = $1 \
        AND schedule_run.place > (SELECT MAX(newer.place) FROM schedule_run newer WHERE newer.workspace_id = $1 \
        AND newer.number = schedule_run.number) - $2 ORDER BY schedule_run.number, schedule_run.place";
    NEWEST = "SELECT schedule_run.content, account.name FROM schedule_run \
        LEFT JOIN account ON account.id = schedule_run.account_id \
        WHERE schedule_run.workspace_id = $1 AND schedule_run.number = $2 ORDER BY schedule_run.place DESC LIMIT $3";
    NEXT_PLACE = "SELECT COALESCE(MAX(place), 0) + 1 FROM schedule_run WHERE workspace_id = $1 AND number = $2";
    INSERT = "INSERT INTO schedule_run (workspace_id, number, place, noted_at, account_id, content) \
        VALUES ($1, $2, $3, $4, $5, $6)";
}

/// How many of the last runs of each schedule come with a list.
const LISTED: i64 = 12;
/// How many of the last runs of a schedule its page shows.
const SHOWN: i64 = 200;

/// Every schedule with its last runs and what calls for it.
pub(crate) async fn all(tx: &mut Tx, permit: &Permit) -> Result<BTreeMap<ScheduleKey, Kept<Planned>>, StoreError> {
    let mut runs: BTreeMap<i64, Vec<Run>> = BTreeMap::new();
    for (number, content) in rows!(tx, (i64, String), RECENT, permit.workspace(), LISTED)? {
        runs.entry(number).or_default().push(read("schedule_run", number, &content)?);
    }
    let mut calls = call::open(tx, permit).await?;
    let mut planned = |kept: Kept<Schedule>| {
        let number = i64::from(kept.value.key.0);
        let runs = runs.remove(&number).unwrap_or_default();
        let calls = calls.remove(&number).unwrap_or_default();
        (kept.value.key, Kept { revision: kept.revision, value: Planned { schedule: kept.value, runs, calls } })
    };
    Ok(list::<Schedule>(tx, permit).await?.into_values().map(&mut planned).collect())
}

/// One schedule with its newest runs and what calls for it, and who noted each run.
pub(crate) async fn planned(
    tx: &mut Tx,
    permit: &Permit,
    key: ScheduleKey,
) -> Result<(Kept<Planned>, Vec<Option<String>>), Failure> {
    let kept = one::<Schedule>(tx, permit, key.0).await?;
    let number = i64::from(key.0);
    let (mut runs, mut noted_by) = (Vec::new(), Vec::new());
    for (content, name) in rows!(tx, (String, Option<String>), NEWEST, permit.workspace(), number, SHOWN)? {
        runs.push(read("schedule_run", number, &content)?);
        noted_by.push(name);
    }
    runs.reverse();
    noted_by.reverse();
    let calls = call::open(tx, permit).await?.remove(&number).unwrap_or_default();
    let planned = Planned { schedule: kept.value, runs, calls };
    Ok((Kept { revision: kept.revision, value: planned }, noted_by))
}

/// Notes that what a schedule asks for was done, in the transaction of whatever did it: a person's word, the seal of a
/// review, an activity that counts. A further one for a day that is fulfilled is kept and does not move the next day;
/// `meant` is the day for which it was begun, where that is known. Whoever calls has asked whether the actor may.
pub(crate) async fn record(
    tx: &mut Tx,
    act: &Act<'_>,
    zone: &Zone,
    key: ScheduleKey,
    (noted, meant): (&Noted, Option<Day>),
    by: &PersonId,
) -> Result<(), Failure> {
    let Act { permit, actor, now } = *act;
    let (before, _) = planned(tx, permit, key).await?;
    let mut planned = before.value;
    if planned.schedule.ended {
        return Err(Problem::field("step", FieldCode::NotInThisState).into());
    }
    if planned.last().is_some_and(|last| noted.at < last.done_at) {
        return Err(Problem::field("done", FieldCode::BeforeTheLast).into());
    }
    if noted.at > now {
        return Err(Problem::field("done", FieldCode::InTheFuture).into());
    }
    let due = planned.counts_for(zone, noted.at, meant);
    let mut done = late::run(due, noted.at, by, noted.late.clone(), zone)?;
    done.reference.clone_from(&noted.reference);
    let content = serde_json::to_string(&done)?;
    if content.contains("\\u0000") {
        return Err(Problem::field("reference", FieldCode::ControlCharacter).into());
    }
    clock::catch_up(tx, act, zone, &planned).await?;
    let (workspace, number) = (permit.workspace(), i64::from(key.0));
    let place = row!(tx, (i64,), NEXT_PLACE, workspace, number)?.map_or(1, |(next,)| next);
    run!(tx, INSERT, workspace, number, place, now.0, permit.account(), content.as_str())?;
    call::answer(tx, act, key, done.done_at).await?;
    planned.runs.push(done);
    clock::set(tx, act, zone, &planned).await?;
    let payload = Payload::with_personal(&json!({ "run": place }), &[("after", &content)])?;
    let text = key.to_string();
    let subject = Subject { kind: "schedule", key: &text, revision: Some(before.revision) };
    Ok(audit::append(tx, &Chain::Workspace(permit), now, actor, "schedule.run", Some(&subject), &payload).await?)
}
