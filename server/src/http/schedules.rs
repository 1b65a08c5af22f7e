//! What is done again and again: a posted form becomes a schedule, a run of one, a test, or an analysis.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::backend::Backend;
use domain::backend::schedules::ScheduleBook;
use domain::command::Command;
use domain::id::{PersonId, WorkspaceId};
use domain::model::draft::Form;
use domain::model::object::Object;
use domain::problem::{FieldCode, Problem};
use domain::risk::draft::ROW_FIELDS;
use domain::role::Capability;
use domain::schedule::activity_draft::{ACTIVITY_FIELDS, activity_from_form};
use domain::schedule::analysis::{Analysis, AnalysisKey};
use domain::schedule::analysis_draft::{
    ANALYSIS_FIELDS, ANALYSIS_STEP_FIELDS, AnalysisStep, analysis_from_form, analysis_step_from_form,
};
use domain::schedule::assurance::{Activity, ActivityKey};
use domain::schedule::draft::{FIELDS, REPEATED, schedule_from_form};
use domain::schedule::noted::{RUN_FIELDS, noted_from_form};
use domain::schedule::{Schedule, ScheduleKey, Zone};

use app::ui::link::with_query;

use super::act::Act;
use super::form::only;
use super::model::{Done, carry_out, in_workspace, seen};
use super::risks::is_draft;

/// Adds a schedule.
pub async fn add(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.page("schedules/new");
    let attempt = async {
        let (backend, book) = may_plan(&act, &workspace).await?;
        let form = &act.posted.0;
        let today = book.zone.day_of(book.now);
        // A new one says what it is about, how often, and from when on.
        for name in ["subject", "cadence", "first_due"] {
            if act.posted.value(name).trim().is_empty() {
                return Err(Problem::field(name, FieldCode::Missing));
            }
        }
        let schedule = read(backend, &workspace, form, &Schedule::new(ScheduleKey(0), today), &book).await?;
        backend.save_schedule(&workspace, schedule, 0).await
    };
    match attempt.await {
        Ok((key, _)) => saved(&paths.schedule(key), "schedule-added"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Saves a schedule as the form has it.
pub async fn edit(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let own = paths.schedule_at(&key);
    let attempt = async {
        let (backend, mut book) = may_plan(&act, &workspace).await?;
        let key: ScheduleKey = key.parse().map_err(|_| Problem::NotFound)?;
        let existing = book.schedules.remove(&key).ok_or(Problem::NotFound)?.value.schedule;
        let schedule = read(backend, &workspace, &act.posted.0, &existing, &book).await?;
        backend.save_schedule(&workspace, schedule, seen(&act.posted.0)?.0).await
    };
    match attempt.await {
        Ok((_, changed)) => saved(&own, if changed { "schedule-saved" } else { "unchanged" }),
        Err(problem) => act.again(&format!("{own}/edit"), problem).await,
    }
}

/// Notes that what a schedule asks for was done.
pub async fn record_run(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let own = paths.schedule_at(&key);
    let attempt = async {
        let (backend, mut book) = may_plan(&act, &workspace).await?;
        let key: ScheduleKey = key.parse().map_err(|_| Problem::NotFound)?;
        let planned = book.schedules.remove(&key).ok_or(Problem::NotFound)?.value;
        once(&act.posted.0, &[], |name| RUN_FIELDS.contains(&name))?;
        let last = planned.last().map(|run| run.done_at);
        let noted = noted_from_form(&act.posted.0, &book.zone, book.now, last).map_err(Problem::Invalid)?;
        backend.record_run(&workspace, key, noted).await
    };
    match attempt.await {
        Ok(()) => saved(&own, "run-noted"),
        Err(problem) => act.again(&own, problem).await,
    }
}

/// Plans a test or an exercise, or writes one down that was done.
pub async fn add_activity(Path(workspace): Path<String>, act: Act) -> Response {
    activity(&workspace, None, act).await
}

/// Saves a test or an exercise as the form has it.
pub async fn edit_activity(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    activity(&workspace, Some(key), act).await
}

async fn activity(workspace: &str, key: Option<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(workspace);
    let page = match &key {
        Some(key) => paths.activity_at(key),
        None => paths.page("activities/new"),
    };
    if is_draft(&act) {
        return act.look_again(&page).await;
    }
    let attempt = async {
        let (backend, mut book) = may_plan(&act, &workspace).await?;
        let today = book.zone.day_of(book.now);
        let existing = match &key {
            Some(key) => {
                let key: ActivityKey = key.parse().map_err(|_| Problem::NotFound)?;
                book.activities.remove(&key).ok_or(Problem::NotFound)?.value
            }
            None => Activity::new(today),
        };
        let form = &act.posted.0;
        once(form, &["link"], |name| ACTIVITY_FIELDS.contains(&name) || is_action_row(name))?;
        let estate = backend.estate(&workspace).await?;
        let known = |key: ActivityKey| book.activities.contains_key(&key);
        let activity = activity_from_form(form, &existing, &estate.model, known, today).map_err(Problem::Invalid)?;
        backend.save_activity(&workspace, activity, seen(form)?.0).await
    };
    match attempt.await {
        Ok((key, changed)) => saved(&paths.activity(key), if changed { "activity-saved" } else { "unchanged" }),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Adds a targeted risk analysis.
pub async fn add_analysis(Path(workspace): Path<String>, act: Act) -> Response {
    analysis(&workspace, None, act).await
}

/// Saves a targeted risk analysis as the form has it.
pub async fn edit_analysis(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    analysis(&workspace, Some(key), act).await
}

async fn analysis(workspace: &str, key: Option<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(workspace);
    let page = match &key {
        Some(key) => format!("{}/edit", paths.analysis_at(key)),
        None => paths.page("analyses/new"),
    };
    if is_draft(&act) {
        return act.look_again(&page).await;
    }
    let attempt = async {
        let (backend, mut book) = may_plan(&act, &workspace).await?;
        let existing = match &key {
            Some(key) => {
                let key: AnalysisKey = key.parse().map_err(|_| Problem::NotFound)?;
                book.analyses.remove(&key).ok_or(Problem::NotFound)?.value
            }
            // The gate says who the author is.
            None => Analysis::new(PersonId::new("nobody")),
        };
        let form = &act.posted.0;
        once(form, &["link"], |name| ANALYSIS_FIELDS.contains(&name))?;
        let estate = backend.estate(&workspace).await?;
        let analysis = analysis_from_form(form, &existing, &estate.model).map_err(Problem::Invalid)?;
        backend.save_analysis(&workspace, analysis, seen(form)?.0).await
    };
    match attempt.await {
        Ok((key, changed)) => saved(&paths.analysis(key), if changed { "analysis-saved" } else { "unchanged" }),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Approves an analysis, or notes its yearly review.
pub async fn step_analysis(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let own = paths.analysis_at(&key);
    let attempt = async {
        let (backend, mut book) = may_plan(&act, &workspace).await?;
        let key: AnalysisKey = key.parse().map_err(|_| Problem::NotFound)?;
        let existing = book.analyses.remove(&key).ok_or(Problem::NotFound)?.value;
        let form = &act.posted.0;
        once(form, &[], |name| ANALYSIS_STEP_FIELDS.contains(&name))?;
        let step = analysis_step_from_form(form, &existing, &book.zone, book.now)?;
        let code = match step {
            AnalysisStep::Approve => "analysis-approved",
            AnalysisStep::Renew(_) => "analysis-renewed",
        };
        let changed = backend.step_analysis(&workspace, key, step, seen(form)?.0).await?;
        Ok(if changed { code } else { "unchanged" })
    };
    match attempt.await {
        Ok(code) => saved(&own, code),
        Err(problem) => act.again(&own, problem).await,
    }
}

/// Sets the zone of the workspace's days.
pub async fn set_time_zone(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.page("settings");
    carry_out(act, &workspace, &page, |estate, form| {
        if !estate.workspace.allows(Capability::ManageWorkspace) {
            return Err(Problem::Forbidden);
        }
        only(form, &["form", "time_zone"])?;
        let name = form.iter().find(|(name, _)| name == "time_zone").map_or("", |(_, value)| value.as_str());
        let mut settings = estate.stored.settings.clone();
        Zone::set(&mut settings, name).map_err(|_| Problem::field("time_zone", FieldCode::NotATimeZone))?;
        let object = Object::Settings(Arc::new(settings));
        let done = Done { page: page.clone(), code: "time-zone-saved" };
        Ok((Command::Edit(Box::new(object), estate.revision), done))
    })
    .await
}

/// The backend and what is planned, for somebody who changes what the workspace holds. The gate asks again.
async fn may_plan<'a>(act: &'a Act, workspace: &WorkspaceId) -> Result<(&'a dyn Backend, ScheduleBook), Problem> {
    let backend = act.caller.backend.as_ref();
    if !backend.estate(workspace).await?.workspace.allows(Capability::EditModel) {
        return Err(Problem::Forbidden);
    }
    Ok((backend, backend.schedules(workspace).await?))
}

/// The schedule of a form, read against the workspace as it is.
async fn read(
    backend: &dyn Backend,
    workspace: &WorkspaceId,
    form: &Form,
    existing: &Schedule,
    book: &ScheduleBook,
) -> Result<Schedule, Problem> {
    once(form, &REPEATED, |name| FIELDS.contains(&name))?;
    let estate = backend.estate(workspace).await?;
    let known = |key: AnalysisKey| book.analyses.contains_key(&key);
    schedule_from_form(form, existing, &estate.model, known).map_err(Problem::Invalid)
}

/// Refuses what a form does not have, and anything twice that does not repeat.
fn once(form: &Form, repeated: &[&str], known: impl Fn(&str) -> bool) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    let fits = |name: &str| matches!(name, "rev" | "action") || known(name);
    if form.iter().all(|(name, _)| fits(name) && (repeated.contains(&name.as_str()) || seen.insert(name.as_str()))) {
        Ok(())
    } else {
        Err(Problem::field("form", FieldCode::UnknownField))
    }
}

/// Whether a name is that of a field in a row of actions.
fn is_action_row(name: &str) -> bool {
    let row = name.strip_prefix("action.").and_then(|rest| rest.split_once('.'));
    row.is_some_and(|(number, field)| number.parse::<u32>().is_ok() && ROW_FIELDS.contains(&("action", field)))
}

fn saved(page: &str, code: &str) -> Response {
    Redirect::to(&with_query(page, &[("done", code)])).into_response()
}
