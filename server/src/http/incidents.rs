//! Incidents and what is prepared for them: a posted form becomes a record, or a step about one.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::backend::Backend;
use domain::backend::incidents::Prepared;
use domain::findings::Identity;
use domain::id::WorkspaceId;
use domain::incident::draft::{Around, FIELDS, REPEATED, incident_from_form};
use domain::incident::playbook::{Drill, Playbook};
use domain::incident::preparation::{is_field, preparation_from_form};
use domain::incident::rehearsal::{
    DRILL_FIELDS, PLAYBOOK_FIELDS, STEP_ROW_FIELDS, drill_from_form, playbook_from_form,
};
use domain::incident::step::{STEP_FIELDS, step_from_form};
use domain::incident::{Incident, IncidentKey, Step};
use domain::model::draft::Form;
use domain::problem::{FieldCode, Problem};
use domain::risk::draft::ROW_FIELDS;
use domain::role::Capability;

use app::ui::link::with_query;

use super::act::Act;
use super::form::only_once;
use super::model::{in_workspace, seen};
use super::risks::is_draft;

/// Opens an incident.
pub async fn add(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.page("incidents/new");
    if is_draft(&act) {
        return act.look_again(&page).await;
    }
    let attempt = async {
        let backend = may_edit(&act, &workspace).await?;
        let new = Incident::new(IncidentKey(0), String::new(), backend.incidents(&workspace).await?.now);
        if act.posted.value("detected_at").is_empty() {
            return Err(Problem::field("detected_at", FieldCode::Missing));
        }
        let incident = read(backend, &workspace, &act.posted.0, &new).await?;
        backend.add_incident(&workspace, incident).await
    };
    match attempt.await {
        Ok(key) => saved(&paths.incident(key), "incident-added"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Saves an incident as the form has it.
pub async fn edit(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.incident_at(&key);
    let edit = format!("{page}/edit");
    if is_draft(&act) {
        return act.look_again(&edit).await;
    }
    let attempt = async {
        let backend = may_edit(&act, &workspace).await?;
        let key = key_of(&key)?;
        let existing = backend.incident(&workspace, key).await?.incident;
        let incident = read(backend, &workspace, &act.posted.0, &existing).await?;
        backend.step_incident(&workspace, key, Step::Edit(Box::new(incident)), seen(&act.posted.0)?.0).await
    };
    match attempt.await {
        Ok(changed) => saved(&page, if changed { "incident-saved" } else { "unchanged" }),
        Err(problem) => act.again(&edit, problem).await,
    }
}

/// Takes a step about an incident: notes something, writes down who was told, answers about a card number, closes it.
pub async fn step(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let own = paths.incident_at(&key);
    let page = if act.posted.value("step") == "case" { format!("{own}/card") } else { own };
    let attempt = async {
        let backend = may_edit(&act, &workspace).await?;
        let key = key_of(&key)?;
        // The button has a name, as on every form.
        only_once(&act.posted.0, &STEP_FIELDS, "action")?;
        let estate = backend.estate(&workspace).await?;
        let existing = backend.incident(&workspace, key).await?.incident;
        let step = step_from_form(&act.posted.0, &existing, &estate.model)?;
        backend.step_incident(&workspace, key, step, seen(&act.posted.0)?.0).await
    };
    match attempt.await {
        Ok(changed) => saved(&page, if changed { "incident-saved" } else { "unchanged" }),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Saves who answers and whom to tell.
pub async fn duties(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.page("incidents/duties");
    if act.posted.value("action") == "more" {
        return act.look_again(&page).await;
    }
    let attempt = async {
        let backend = may_edit(&act, &workspace).await?;
        once(&act.posted.0, &[], is_field)?;
        let existing = backend.incidents(&workspace).await?.preparation.value;
        let estate = backend.estate(&workspace).await?;
        let drafted = preparation_from_form(&act.posted.0, &existing, &estate.model).map_err(Problem::Invalid)?;
        backend.prepare(&workspace, Prepared::Duties(Box::new(drafted)), seen(&act.posted.0)?.0).await
    };
    match attempt.await {
        Ok((_, changed)) => saved(&page, if changed { "duties-saved" } else { "unchanged" }),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Adds a playbook.
pub async fn add_playbook(Path(workspace): Path<String>, act: Act) -> Response {
    playbook(&workspace, None, act).await
}

/// Saves a playbook as the form has it.
pub async fn edit_playbook(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    playbook(&workspace, Some(key), act).await
}

async fn playbook(workspace: &str, key: Option<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(workspace);
    let page = match &key {
        Some(key) => format!("{}/edit", paths.playbook_at(key)),
        None => paths.page("incidents/playbooks/new"),
    };
    if act.posted.value("action") == "more" {
        return act.look_again(&page).await;
    }
    let attempt = async {
        let backend = may_edit(&act, &workspace).await?;
        once(&act.posted.0, &["applies_to"], |name| {
            PLAYBOOK_FIELDS.contains(&name)
                || is_row(name, |group, field| group == "step" && STEP_ROW_FIELDS.contains(&field))
        })?;
        let existing = match &key {
            Some(key) => {
                let number = number_of(key)?;
                backend.incidents(&workspace).await?.playbooks.remove(&number).ok_or(Problem::NotFound)?.value
            }
            None => Playbook::new(),
        };
        let playbook = playbook_from_form(&act.posted.0, &existing).map_err(Problem::Invalid)?;
        backend.prepare(&workspace, Prepared::Playbook(Box::new(playbook)), seen(&act.posted.0)?.0).await
    };
    match attempt.await {
        Ok((number, changed)) => saved(&paths.playbook(number), if changed { "playbook-saved" } else { "unchanged" }),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Plans an exercise, or writes one down that was done.
pub async fn add_drill(Path(workspace): Path<String>, act: Act) -> Response {
    drill(&workspace, None, act).await
}

/// Saves an exercise as the form has it.
pub async fn edit_drill(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    drill(&workspace, Some(key), act).await
}

async fn drill(workspace: &str, key: Option<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(workspace);
    let page = match &key {
        Some(key) => paths.drill_at(key),
        None => paths.page("incidents/drills/new"),
    };
    let attempt = async {
        let backend = may_edit(&act, &workspace).await?;
        once(&act.posted.0, &["took_part"], |name| DRILL_FIELDS.contains(&name))?;
        let mut book = backend.incidents(&workspace).await?;
        let estate = backend.estate(&workspace).await?;
        let existing = match &key {
            Some(key) => book.drills.remove(&number_of(key)?).ok_or(Problem::NotFound)?.value,
            None => Drill::new(0, estate.today),
        };
        let known = |number| book.playbooks.contains_key(&number);
        let drill =
            drill_from_form(&act.posted.0, &existing, &estate.model, known, estate.today).map_err(Problem::Invalid)?;
        backend.prepare(&workspace, Prepared::Drill(Box::new(drill)), seen(&act.posted.0)?.0).await
    };
    match attempt.await {
        Ok((_, changed)) => saved(&paths.page("incidents/drills"), if changed { "drill-saved" } else { "unchanged" }),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// The backend, for somebody who changes what the workspace holds. The gate asks again.
async fn may_edit<'a>(act: &'a Act, workspace: &WorkspaceId) -> Result<&'a dyn Backend, Problem> {
    let backend = act.caller.backend.as_ref();
    if !backend.estate(workspace).await?.workspace.allows(Capability::EditModel) {
        return Err(Problem::Forbidden);
    }
    Ok(backend)
}

/// The incident of a form, read against the workspace as it is.
async fn read(
    backend: &dyn Backend,
    workspace: &WorkspaceId,
    form: &Form,
    existing: &Incident,
) -> Result<Incident, Problem> {
    once(form, &REPEATED, |name| {
        FIELDS.contains(&name) || is_row(name, |group, field| group == "action" && ROW_FIELDS.contains(&(group, field)))
    })?;
    let estate = backend.estate(workspace).await?;
    let risks = backend.risks(workspace).await?.risks;
    let names_findings = form.iter().any(|(name, value)| name == "link" && value.contains("finding:"));
    let found: BTreeSet<Identity> = if names_findings {
        backend.findings(&estate).await?.findings.iter().map(|it| it.identity()).collect()
    } else {
        BTreeSet::new()
    };
    let now = backend.incidents(workspace).await?.now;
    let around = Around {
        model: &estate.model,
        is_risk: &|key| risks.contains_key(&key),
        is_finding: &|identity| found.contains(identity),
        now,
    };
    incident_from_form(form, existing, around).map_err(Problem::Invalid)
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

/// Whether a name is that of a field in a row, and of one that the list has.
fn is_row(name: &str, known: impl Fn(&str, &str) -> bool) -> bool {
    let row = name.split_once('.').and_then(|(group, rest)| Some((group, rest.split_once('.')?)));
    row.is_some_and(|(group, (number, field))| number.parse::<u32>().is_ok() && known(group, field))
}

fn key_of(text: &str) -> Result<IncidentKey, Problem> {
    text.parse().map_err(|_| Problem::NotFound)
}

fn number_of(text: &str) -> Result<u32, Problem> {
    text.parse().map_err(|_| Problem::NotFound)
}

fn saved(page: &str, code: &str) -> Response {
    Redirect::to(&with_query(page, &[("done", code)])).into_response()
}
