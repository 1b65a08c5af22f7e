//! The risk register: a posted form becomes a risk.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::backend::Backend;
use domain::findings::Identity;
use domain::id::WorkspaceId;
use domain::model::draft::Form;
use domain::problem::{FieldCode, Problem};
use domain::risk::acceptance::{ASK_FIELDS, Ask, Asked, STEP_FIELDS, step_from_form};
use domain::risk::bulk::{BulkField, Several, several};
use domain::risk::draft::{Around, FIELDS, ROW_FIELDS, risk_from_form};
use domain::risk::settings::{change_from_form, is_field};
use domain::risk::suggestion::{is_outdated, of_risk};
use domain::risk::{Register, Risk, RiskKey};
use domain::role::Capability;

use app::ui::link::with_query;

use super::act::Act;
use super::form::only_once;
use super::model::{in_workspace, seen};

/// Fields with their values, as posted.
type Pairs = Vec<(String, String)>;

/// Adds a risk.
pub async fn add(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.page("risks/new");
    if is_draft(&act) {
        return act.look_again(&page).await;
    }
    let attempt = async {
        let backend = act.caller.backend.as_ref();
        let register = backend.risk_setting(&workspace).await?.register;
        let risk = read(backend, &workspace, &act.posted.0, &Risk::new(RiskKey(0)), &register).await?;
        backend.add_risk(&workspace, risk, register.scheme).await
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
    if is_draft(&act) {
        return act.look_again(&edit).await;
    }
    let attempt = async {
        let key: RiskKey = key.parse().map_err(|_| Problem::NotFound)?;
        let backend = act.caller.backend.as_ref();
        let existing = backend.risk(&workspace, key).await?;
        let risk = read(backend, &workspace, &act.posted.0, &existing.risk, &existing.register).await?;
        backend.edit_risk(&workspace, risk, (seen(&act.posted.0)?.0, existing.register.scheme)).await
    };
    match attempt.await {
        Ok(changed) => saved(&page, if changed { "risk-saved" } else { "unchanged" }),
        Err(problem) => act.again(&edit, problem).await,
    }
}

/// Whether the person asked for another look at the form: a further row, or what matches a text.
pub(super) fn is_draft(act: &Act) -> bool {
    matches!(act.posted.value("action"), "more" | "find")
}

/// Puts what the map says now beside the ratings of a risk.
pub async fn refresh(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.risk_at(&key);
    let attempt = async {
        act.posted.only(&["rev"])?;
        let key: RiskKey = key.parse().map_err(|_| Problem::NotFound)?;
        let backend = act.caller.backend.as_ref();
        let existing = backend.risk(&workspace, key).await?;
        let mut risk = Risk::clone(&existing.risk);
        let estate = backend.estate(&workspace).await?;
        let findings = backend.findings(&estate).await?;
        risk.suggestion = of_risk(&risk, (&estate.model, &estate.scope), &findings.findings, estate.today.start());
        backend.edit_risk(&workspace, risk, (seen(&act.posted.0)?.0, existing.register.scheme)).await
    };
    match attempt.await {
        Ok(changed) => saved(&page, if changed { "risk-refreshed" } else { "unchanged" }),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Sets the register of a workspace. Another scheme is shown first with what it makes of the risks.
pub async fn set_register(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.page("settings/risks");
    let attempt = async {
        let form = &act.posted.0;
        let mut once = BTreeSet::new();
        if !form.iter().all(|(name, _)| is_field(name) && once.insert(name.as_str())) {
            return Err(Problem::field("form", FieldCode::UnknownField));
        }
        let backend = act.caller.backend.as_ref();
        let setting = backend.risk_setting(&workspace).await?;
        let change = change_from_form(form, &setting).map_err(Problem::Invalid)?;
        let estate = backend.estate(&workspace).await?;
        let rates_again = change.register.scheme != setting.register.scheme;
        // Nobody is shown the page who may not set it; the gate says so to whoever posts all the same.
        if rates_again && act.posted.value("action") != "apply" && estate.workspace.allows(Capability::ManageWorkspace)
        {
            return Ok(None);
        }
        backend.set_risk_register(&workspace, change).await.map(Some)
    };
    match attempt.await {
        Ok(None) => act.look_again(&page).await,
        Ok(Some(changed)) => saved(&page, if changed { "risk-register-saved" } else { "unchanged" }),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Changes several risks as one, as the preview showed it.
pub async fn change_several(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let attempt = async {
        let backend = act.caller.backend.as_ref();
        let estate = backend.estate(&workspace).await?;
        // What else may be wrong with the form is told to nobody who may not change anything.
        if !estate.workspace.allows(Capability::EditModel) {
            return Err(Problem::Forbidden);
        }
        only_once(&act.posted.0, &["set", "to"], "key")?;
        let set: BulkField =
            act.posted.value("set").parse().map_err(|_| Problem::field("set", FieldCode::NotInList))?;
        let register = backend.risks(&workspace).await?;
        let mut seen = BTreeMap::new();
        for (_, key) in act.posted.0.iter().filter(|(name, _)| name == "key") {
            let (key, revision) = key.split_once(':').ok_or(Problem::NotFound)?;
            let key: RiskKey = key.parse().map_err(|_| Problem::NotFound)?;
            seen.insert(key, revision.parse::<i64>().map_err(|_| Problem::NotFound)?);
        }
        let chosen = seen.keys().map(|key| register.risks.get(key).map(|it| &**it));
        let chosen = chosen.collect::<Option<Vec<&Risk>>>().ok_or(Problem::NotFound)?;
        let Several { changed, refused, .. } = {
            let around = Around { model: &estate.model, register: &register.register, is_finding: &|_| false };
            several(chosen, set, act.posted.value("to"), around)?
        };
        // What was looked at could be changed; what cannot any more was changed by somebody else.
        if let Some((_, errors)) = refused.into_iter().next() {
            return Err(Problem::Invalid(errors));
        }
        let with_seen = |risk: Risk| {
            let revision = seen.get(&risk.key).copied().unwrap_or(0);
            (risk, revision)
        };
        backend.edit_risks(&workspace, changed.into_iter().map(with_seen).collect()).await
    };
    match attempt.await {
        Ok(0) => saved(&paths.page("risks"), "unchanged"),
        Ok(_) => saved(&paths.page("risks"), "risks-changed"),
        Err(problem) => act.again(&paths.page("risks/change"), problem).await,
    }
}

/// Accepts findings: they become a risk of the register, and its acceptance is asked for in the same step.
pub async fn accept_findings(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let attempt = async {
        let backend = act.caller.backend.as_ref();
        let register = backend.risk_setting(&workspace).await?.register;
        let (asked, form): (Pairs, Pairs) =
            act.posted.0.iter().cloned().partition(|(name, _)| ASK_FIELDS.contains(&name.as_str()));
        only_once(&asked, &ASK_FIELDS, "")?;
        let risk = read(backend, &workspace, &form, &Risk::new(RiskKey(0)), &register).await;
        let ask = Ask::from_form(&asked, Asked::Known(RiskKey(0)));
        let (risk, ask) = match (risk, ask) {
            (Ok(risk), Ok(ask)) => (risk, ask),
            (Err(Problem::Invalid(mut errors)), Err(more)) => {
                errors.extend(more);
                return Err(Problem::Invalid(errors));
            }
            (Err(problem), _) => return Err(problem),
            (_, Err(errors)) => return Err(Problem::Invalid(errors)),
        };
        backend.ask_acceptance(&workspace, Ask { risk: Asked::New(Box::new(risk), register.scheme), ..ask }).await
    };
    match attempt.await {
        Ok(key) => saved(&paths.risk(key), "risk-asked"),
        Err(problem) => act.again(&paths.page("risks/accept"), problem).await,
    }
}

/// Asks for the acceptance of a risk of the register.
pub async fn ask(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.risk_at(&key);
    let attempt = async {
        let (backend, key) = may_decide(&act, &workspace, &key).await?;
        // The button has a name, as on every form.
        only_once(&act.posted.0, &ASK_FIELDS, "action")?;
        let ask = Ask::from_form(&act.posted.0, Asked::Known(key)).map_err(Problem::Invalid)?;
        backend.ask_acceptance(&workspace, ask).await
    };
    match attempt.await {
        Ok(_) => saved(&page, "risk-asked"),
        Err(problem) => act.again(&format!("{page}/accept"), problem).await,
    }
}

/// Takes a step about an acceptance: approves, rejects, withdraws, revokes, asks again.
pub async fn decide(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.risk_at(&key);
    let attempt = async {
        let (backend, key) = may_decide(&act, &workspace, &key).await?;
        only_once(&act.posted.0, &STEP_FIELDS, "")?;
        let (acceptance, command) = step_from_form(&act.posted.0)?;
        backend.decide_acceptance(&workspace, key, acceptance, command).await
    };
    match attempt.await {
        Ok(()) => saved(&page, "risk-decided"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// The risk, for somebody whose role decides about risks.
async fn may_decide<'a>(
    act: &'a Act,
    workspace: &WorkspaceId,
    key: &str,
) -> Result<(&'a dyn Backend, RiskKey), Problem> {
    let backend = act.caller.backend.as_ref();
    if !backend.estate(workspace).await?.workspace.allows(Capability::AcceptRisks) {
        return Err(Problem::Forbidden);
    }
    Ok((backend, key.parse().map_err(|_| Problem::NotFound)?))
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
    // What was rated in the words of one scheme says something else in another.
    if form.iter().any(|(name, value)| name == "scheme" && value != register.scheme.as_str()) {
        return Err(Problem::Conflict);
    }
    let estate = backend.estate(workspace).await?;
    let findings = backend.findings(&estate).await?;
    let names_findings = form.iter().any(|(name, value)| name == "link" && value.contains("finding:"));
    let found: BTreeSet<Identity> =
        if names_findings { findings.findings.iter().map(|it| it.identity()).collect() } else { BTreeSet::new() };
    let around = Around { model: &estate.model, register, is_finding: &|identity| found.contains(identity) };
    let mut risk = risk_from_form(form, existing, around).map_err(Problem::Invalid)?;
    let now = of_risk(&risk, (&estate.model, &estate.scope), &findings.findings, estate.today.start());
    // What the map says stands beside what the person says, as it was when the person said it.
    if is_outdated(risk.suggestion.as_ref(), now.as_ref()) {
        risk.suggestion = now;
    }
    Ok(risk)
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
            None => {
                matches!(name, "rev" | "scheme" | "action")
                    || FIELDS.contains(&name)
                    || domain::risk::draft::is_rating(name)
            }
        }
    };
    if form.iter().all(|(name, _)| known(name) && (name == "link" || once.insert(name.as_str()))) {
        Ok(())
    } else {
        Err(Problem::field("form", FieldCode::UnknownField))
    }
}
