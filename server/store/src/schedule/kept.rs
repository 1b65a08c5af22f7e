//! Saving schedules, activities and analyses, with what follows for the others: a frequency that an analysis sets, a run
//! that an activity shows.

use domain::backend::incidents::Kept;
use domain::id::PersonId;
use domain::problem::{FieldCode, Problem};
use domain::schedule::analysis::Analysis;
use domain::schedule::analysis_draft::AnalysisStep;
use domain::schedule::assurance::Activity;
use domain::schedule::late;
use domain::schedule::noted::Noted;
use domain::schedule::plan::Because;
use domain::schedule::{Planned, Schedule, ScheduleKey, Subject, Zone};

use super::{Record, add, clock, edit, find, last_by, list, one, run};
use crate::actor::Actor;
use crate::db::Tx;
use crate::error::Failure;
use crate::execute::Act;

/// The record as it was seen; a conflict where somebody changed it since.
async fn seen_as<T: Record>(tx: &mut Tx, act: &Act<'_>, number: u32, seen: i64) -> Result<Kept<T>, Failure> {
    let before = one::<T>(tx, act.permit, number).await?;
    if before.revision > seen { Err(Problem::Conflict.into()) } else { Ok(before) }
}

/// Saves a schedule; one without a number is a new one.
pub(crate) async fn schedule(
    tx: &mut Tx,
    act: &Act<'_>,
    zone: &Zone,
    (mut schedule, seen): (Schedule, i64),
) -> Result<(u32, bool), Failure> {
    if let Because::Analysis(key) = schedule.because {
        match find::<Analysis>(tx, act.permit, key.0).await? {
            Some(analysis) => drop(analysis.value.feed(&mut schedule)),
            None => return Err(Problem::field("analysis", FieldCode::NoSuchObject).into()),
        }
    }
    let number = schedule.key.0;
    if number == 0 {
        let number = add(tx, act, schedule.clone(), "schedule.add").await?;
        schedule.key = ScheduleKey(number);
        clock::begin(tx, act, zone, &unbegun(schedule)).await?;
        return Ok((number, true));
    }
    let before = seen_as::<Schedule>(tx, act, number, seen).await?;
    let action = match (before.value.ended, schedule.ended) {
        (false, true) => "schedule.end",
        (true, false) => "schedule.resume",
        _ => "schedule.edit",
    };
    Ok((number, change(tx, act, zone, &before, schedule, action).await?))
}

fn unbegun(schedule: Schedule) -> Planned {
    Planned { schedule, runs: Vec::new(), calls: Vec::new() }
}

/// Puts a schedule in the place of another. What time did until now, it did to the one before.
async fn change(
    tx: &mut Tx,
    act: &Act<'_>,
    zone: &Zone,
    before: &Kept<Schedule>,
    after: Schedule,
    action: &str,
) -> Result<bool, Failure> {
    let key = before.value.key;
    if before.value == after {
        return Ok(false);
    }
    let planned = run::planned(tx, act.permit, key).await?.0.value;
    clock::catch_up(tx, act, zone, &planned).await?;
    let changed = edit(tx, act, (key.0, before), after.clone(), action).await?;
    clock::set(tx, act, zone, &Planned { schedule: after, ..planned }).await?;
    Ok(changed)
}

/// Saves an activity; one without a number is a new one. One that counts is a run of the schedules of its kind.
pub(crate) async fn activity(
    tx: &mut Tx,
    act: &Act<'_>,
    zone: &Zone,
    (mut activity, seen): (Activity, i64),
    by: &PersonId,
) -> Result<(u32, bool), Failure> {
    let number = activity.key.0;
    let (number, changed) = if number == 0 {
        activity.noted_by = Some(by.clone());
        (add(tx, act, activity.clone(), "activity.add").await?, true)
    } else {
        let before = seen_as::<Activity>(tx, act, number, seen).await?;
        activity.noted_by.clone_from(&before.value.noted_by);
        (number, edit(tx, act, (number, &before), activity.clone(), "activity.edit").await?)
    };
    activity.numbered(number);
    if changed {
        show(tx, act, zone, &activity, by).await?;
    }
    Ok((number, changed))
}

/// Notes an activity that counts as a run of each schedule of its kind, once, and where it was in time. Of a late one a
/// person says why, on the page of the schedule.
async fn show(tx: &mut Tx, act: &Act<'_>, zone: &Zone, activity: &Activity, by: &PersonId) -> Result<(), Failure> {
    let all: Vec<Activity> = list::<Activity>(tx, act.permit).await?.into_values().map(|it| it.value).collect();
    let Some(day) = activity.done.filter(|_| activity.counts(&all)) else { return Ok(()) };
    let reference = activity.key.to_string();
    for (number, kept) in list::<Schedule>(tx, act.permit).await? {
        if kept.value.ended || kept.value.subject != Subject::Activity(activity.kind) {
            continue;
        }
        let (planned, _) = run::planned(tx, act.permit, ScheduleKey(number)).await?;
        let planned = planned.value;
        let at = if zone.day_of(act.now) == day { act.now } else { zone.start_of(day) };
        let told = planned.runs.iter().any(|it| it.reference == reference);
        let earlier = planned.last().is_some_and(|last| at < last.done_at);
        let in_time = late::run(planned.counts_for(zone, at, None), at, by, None, zone).is_ok();
        if !told && !earlier && in_time {
            let noted = Noted { at, reference: reference.clone(), late: None };
            run::record(tx, act, zone, ScheduleKey(number), (&noted, None), by).await?;
        }
    }
    Ok(())
}

/// Saves an analysis; one without a number is a new one. Who changes it is its author.
pub(crate) async fn analysis(
    tx: &mut Tx,
    act: &Act<'_>,
    (mut analysis, seen): (Analysis, i64),
    by: &PersonId,
) -> Result<(u32, bool), Failure> {
    let number = analysis.key.0;
    if number == 0 {
        (analysis.author, analysis.approved) = (by.clone(), None);
        analysis.reviews.clear();
        return Ok((add(tx, act, analysis, "analysis.add").await?, true));
    }
    let before = seen_as::<Analysis>(tx, act, number, seen).await?;
    // Approval and reviews are steps: a form can take the approval back and nothing else.
    analysis.reviews.clone_from(&before.value.reviews);
    analysis.author.clone_from(&before.value.author);
    analysis.approved.clone_from(&before.value.approved);
    if analysis != before.value {
        (analysis.author, analysis.approved) = (by.clone(), None);
    }
    Ok((number, edit(tx, act, (number, &before), analysis, "analysis.edit").await?))
}

/// Takes a step about an analysis.
pub(crate) async fn step(
    tx: &mut Tx,
    act: &Act<'_>,
    zone: &Zone,
    (number, step, seen): (u32, &AnalysisStep, i64),
    by: &PersonId,
) -> Result<bool, Failure> {
    let before = seen_as::<Analysis>(tx, act, number, seen).await?;
    let mut after = before.value.clone();
    match step {
        AnalysisStep::Approve => {
            // Neither a program nor the operator approves anything, and the same account is the same person.
            let (Actor::Account { .. }, Some(account)) = (act.actor, act.permit.account()) else {
                return Err(Failure::Denied(Problem::Forbidden));
            };
            if before.value.approved.is_some() {
                return Err(Problem::field("step", FieldCode::NotInThisState).into());
            }
            if last_by::<Analysis>(tx, act.permit, number).await? == Some(account) {
                return Err(Problem::field("step", FieldCode::OwnDecision).into());
            }
            after.approve(by, zone.day_of(act.now)).map_err(|code| Problem::field("step", code))?;
        }
        AnalysisStep::Renew(noted) => {
            if before.value.approved.is_none() {
                return Err(Problem::field("step", FieldCode::NotInThisState).into());
            }
            let due = before.value.standing(zone, act.now).due;
            let mut run = late::run(due, noted.at, by, noted.late.clone(), zone)?;
            run.reference.clone_from(&noted.reference);
            after.reviews.push(run);
        }
    }
    let changed = edit(tx, act, (number, &before), after.clone(), step.word()).await?;
    feed(tx, act, zone, &after).await?;
    Ok(changed)
}

/// Gives the frequency of an analysis to the schedules that rest on it.
async fn feed(tx: &mut Tx, act: &Act<'_>, zone: &Zone, analysis: &Analysis) -> Result<(), Failure> {
    for kept in list::<Schedule>(tx, act.permit).await?.into_values() {
        let mut fed = kept.value.clone();
        if kept.value.because == Because::Analysis(analysis.key) && analysis.feed(&mut fed) {
            change(tx, act, zone, &kept, fed, "schedule.fed").await?;
        }
    }
    Ok(())
}
