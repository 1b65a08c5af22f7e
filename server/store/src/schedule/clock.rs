//! What the passing of time does to schedules, written down once, each at the instant at which it happened.

use std::collections::{BTreeMap, BTreeSet};

use domain::schedule::tick::{Passing, passed};
use domain::schedule::{Planned, ScheduleKey, Zone};
use domain::time::{Day, Timestamp};
use serde_json::json;

use super::{call, read, run as runs};
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, row, rows, run};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::gate::Permit;
use crate::live::Live;
use crate::rows::{Reader, statements};

statements! {
    INSERT = "INSERT INTO schedule_clock (workspace_id, number, seen_at, judged_day, next_change, watches) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    SEEN = "SELECT seen_at FROM schedule_clock WHERE workspace_id = $1 AND number = $2";
    /// The day as of which the model was compared stays: only the tick compares it. Where the clock of the host was put
    /// back, what was seen stays seen.
    SET = "UPDATE schedule_clock SET seen_at = CASE WHEN seen_at > $3 THEN seen_at ELSE $3 END, next_change = $4, \
        watches = $5 \
        WHERE workspace_id = $1 AND number = $2";
    JUDGED = "UPDATE schedule_clock SET judged_day = $2 WHERE workspace_id = $1 AND judged_day < $2";
    WATCHING = "SELECT number, judged_day FROM schedule_clock WHERE workspace_id = $1 AND watches = $2 ORDER BY number";
    PASSING = "INSERT INTO schedule_passing (workspace_id, number, at, content) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (workspace_id, number, at) DO NOTHING";
    PASSINGS = "SELECT at, content FROM schedule_passing WHERE workspace_id = $1 AND number = $2 \
        ORDER BY at DESC LIMIT $3";
}

/// How many of the newest passings of a schedule its page shows.
const SHOWN: i64 = 100;

/// Begins to watch the time for a new schedule.
pub(crate) async fn begin(tx: &mut Tx, act: &Act<'_>, zone: &Zone, planned: &Planned) -> Result<(), StoreError> {
    let (workspace, number) = (act.permit.workspace(), i64::from(planned.schedule.key.0));
    let (today, next) = (i64::from(act.now.day().0), next_change(planned, zone, act.now));
    run!(tx, INSERT, workspace, number, act.now.0, today, next, watches(planned))?;
    Ok(())
}

/// Writes down what time did to a schedule until now. Nothing that changes it comes before that.
pub(crate) async fn catch_up(
    tx: &mut Tx,
    act: &Act<'_>,
    zone: &Zone,
    planned: &Planned,
) -> Result<Vec<Passing>, StoreError> {
    let (workspace, number) = (act.permit.workspace(), i64::from(planned.schedule.key.0));
    let Some((seen,)) = row!(tx, (i64,), SEEN, workspace, number)? else { return Ok(Vec::new()) };
    if planned.schedule.ended {
        return Ok(Vec::new());
    }
    let passings = passed(&planned.schedule.interval(&planned.runs), zone, Timestamp(seen), act.now);
    for it in &passings {
        run!(tx, PASSING, workspace, number, it.at.0, serde_json::to_string(it)?)?;
    }
    Ok(passings)
}

/// Watches the time from now on, for a schedule as it is now.
pub(crate) async fn set(tx: &mut Tx, act: &Act<'_>, zone: &Zone, planned: &Planned) -> Result<(), StoreError> {
    let (workspace, number) = (act.permit.workspace(), i64::from(planned.schedule.key.0));
    let next = next_change(planned, zone, act.now);
    run!(tx, SET, workspace, number, act.now.0, next, watches(planned))?;
    Ok(())
}

fn watches(planned: &Planned) -> bool {
    !planned.schedule.ended && !planned.schedule.triggers.is_empty()
}

/// When there is something to write down again. At least once a day, because the zone of the workspace may change, and the
/// proof of a control may run out.
fn next_change(planned: &Planned, zone: &Zone, now: Timestamp) -> Option<i64> {
    let standing = planned.schedule.standing(&planned.runs, zone, now)?;
    Some(standing.next_change.min(now.day().plus_days(1).start()).0)
}

/// What time did to a schedule, the newest first.
pub(crate) async fn passings(tx: &mut Tx, permit: &Permit, key: ScheduleKey) -> Result<Vec<Passing>, StoreError> {
    let number = i64::from(key.0);
    let found = rows!(tx, (i64, String), PASSINGS, permit.workspace(), number, SHOWN)?;
    found.into_iter().map(|(_, content)| read("schedule_passing", number, &content)).collect()
}

/// Which schedules something beside the calendar calls for, each with the day as of which the model was last compared.
pub(super) async fn watching(tx: &mut Tx, permit: &Permit) -> Result<BTreeMap<i64, Day>, StoreError> {
    let mut all = BTreeMap::new();
    for (number, day) in rows!(tx, (i64, i64), WATCHING, permit.workspace(), true)? {
        let key = number.to_string();
        let day = Reader::new("schedule_clock", &key).day("judged_day", Some(day))?;
        all.extend(day.map(|day| (number, day)));
    }
    Ok(all)
}

/// Writes down what time did to every schedule of the workspace since it was last written down: what became due or late,
/// and what called for one because a proof ran out. How often anything happened.
pub(crate) async fn tick(tx: &mut Tx, act: &Act<'_>, live: &Live) -> Result<usize, Failure> {
    let Act { permit, actor, now } = *act;
    let zone = Zone::of(&live.model);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for kept in runs::all(tx, permit).await?.into_values() {
        for it in catch_up(tx, act, &zone, &kept.value).await? {
            *counts.entry(it.state.as_str()).or_default() += 1;
        }
        set(tx, act, &zone, &kept.value).await?;
    }
    let today = now.day();
    let days: BTreeSet<Day> = watching(tx, permit).await?.into_values().filter(|day| *day < today).collect();
    let mut called = 0;
    for day in days {
        let (before, after) = (live.judge(day).await?, live.judge(today).await?);
        called += call::by_time(tx, act, (&before, &after), day).await?;
    }
    run!(tx, JUDGED, permit.workspace(), i64::from(today.0))?;
    let happened = counts.values().sum::<usize>() + called;
    if happened > 0 {
        let subject = Subject { kind: "workspace", key: permit.key().as_str(), revision: None };
        let payload = Payload::plain(&json!({ "now": counts, "called": called }));
        audit::append(tx, &Chain::Workspace(permit), now, actor, "schedule.tick", Some(&subject), &payload).await?;
    }
    Ok(happened)
}
