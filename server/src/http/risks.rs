//! The risk register: a posted form becomes a risk.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::backend::Backend;
use domain::findings::Identity;
use domain::id::WorkspaceId;
use domain::model::draft::Form;
use domain::problem::{FieldCode, Problem};
use domain::risk::draft::{Around, FIELDS, ROW_FIELDS, risk_from_form};
use domain::risk::{Register, Risk, RiskKey};

use app::ui::link::with_query;

use super::act::Act;
use super::model::{in_workspace, seen};

/// Adds a risk.
pub async fn add(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.page("risks/new");
    if act.posted.value("action") == "more" {
        return act.look_again(&page).await;
    }
    let attempt = async {
        let backend = act.caller.backend.as_ref();
        let register = backend.risks(&workspace).await?.register;
        let risk = read(backend, &workspace, &act.posted.0, &Risk::new(RiskKey(0)), &register).await?;
        backend.add_risk(&workspace, risk).await
    };
    match attempt.await {
        Ok(key) => saved(&paths.risk(key), "risk-added"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Saves a risk as the form has it.
pub async fn edit(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.risk_at(&key);
    let edit = format!("{page}/edit");
    if act.posted.value("action") == "more" {
        return act.look_again(&edit).await;
    }
    let attempt = async {
        let key: RiskKey = key.parse().map_err(|_| Problem::NotFound)?;
        let backend = act.caller.backend.as_ref();
        let existing = backend.risk(&workspace, key).await?;
        let risk = read(backend, &workspace, &act.posted.0, &existing.risk, &existing.register).await?;
        backend.edit_risk(&workspace, risk, seen(&act.posted.0)?.0).await
    };
    match attempt.await {
        Ok(changed) => saved(&page, if changed { "risk-saved" } else { "unchanged" }),
        Err(problem) => act.again(&edit, problem).await,
    }
}

/// The risk of a form, read against the workspace as it is.
async fn read(
    backend: &dyn Backend,
    workspace: &WorkspaceId,
    form: &Form,
    existing: &Risk,
    register: &Register,
) -> Result<Risk, Problem> {
    known_fields(form)?;
    let estate = backend.estate(workspace).await?;
    let names_findings = form.iter().any(|(name, value)| name == "link" && value.contains("finding:"));
    let found: BTreeSet<Identity> = if names_findings {
        backend.findings(&estate).await?.findings.iter().map(|it| it.identity()).collect()
    } else {
        BTreeSet::new()
    };
    let around = Around { model: &estate.model, register, is_finding: &|identity| found.contains(identity) };
    risk_from_form(form, existing, around).map_err(Problem::Invalid)
}

fn saved(page: &str, code: &str) -> Response {
    Redirect::to(&with_query(page, &[("done", code)])).into_response()
}

/// Refuses what the form of a risk does not have, and anything but links twice.
fn known_fields(form: &Form) -> Result<(), Problem> {
    let mut once = BTreeSet::new();
    let known = |name: &str| {
        let row = name.split_once('.').and_then(|(group, rest)| Some((group, rest.split_once('.')?)));
        match row {
            Some((group, (number, field))) => number.parse::<u32>().is_ok() && ROW_FIELDS.contains(&(group, field)),
            None => matches!(name, "rev" | "action") || FIELDS.contains(&name) || domain::risk::draft::is_rating(name),
        }
    };
    if form.iter().all(|(name, _)| known(name) && (name == "link" || once.insert(name.as_str()))) {
        Ok(())
    } else {
        Err(Problem::field("form", FieldCode::UnknownField))
    }
}
