//! Findings: what a person does about them becomes one command.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::Path;
use axum::response::Response;
use domain::backend::Estate;
use domain::command::Command;
use domain::findings::answers::{Answer, answers_of};
use domain::findings::life::{Concern, Named, Step, Triage};
use domain::findings::settings::form::settings_from_form;
use domain::findings::{Finding, Identity};
use domain::id::WorkspaceId;
use domain::model::object::{Object, ObjectRef};
use domain::problem::{FieldCode, Problem};
use domain::role::Capability;

use super::act::Act;
use super::form::{only, only_once};
use super::members::done;
use super::model::{Done, carry_out, in_workspace, see, seen};

/// Carries out a fix of a finding.
pub async fn apply(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.finding_at(&key);
    let objects = match chosen(&act, &workspace, &key).await {
        Ok(objects) => objects,
        Err(problem) => return act.again(&page, problem).await,
    };
    carry_out(act, &workspace, &page, |_, form| {
        Ok((Command::EditAll(objects, seen(form)?), Done { page: page.clone(), code: "fix-applied" }))
    })
    .await
}

/// The objects as the chosen fix leaves them.
async fn chosen(act: &Act, workspace: &WorkspaceId, key: &str) -> Result<Vec<Object>, Problem> {
    let backend = &act.caller.backend;
    let estate = act.estate(workspace).await?;
    if !estate.allows(Capability::EditModel) {
        return Err(Problem::Forbidden);
    }
    only(&act.posted.0, &["rev", "fix"])?;
    let findings = backend.findings(&estate).await?;
    let finding = findings.all().find(|it| it.identity().to_string() == key).ok_or(Problem::NotFound)?;
    let number: usize = act.posted.value("fix").parse().map_err(|_| Problem::field("fix", FieldCode::Missing))?;
    let remedy = backend.remedies(&estate, finding).await?.into_iter().nth(number);
    let effect = remedy.and_then(|it| it.effect).and_then(|it| it.objects).filter(|it| !it.is_empty());
    effect.ok_or_else(|| Problem::field("fix", FieldCode::NotInList))
}

/// Answers the question of a rule, or asks it again.
pub async fn answer(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.finding_at(&key);
    let attempt = async {
        let backend = &act.caller.backend;
        let estate = backend.estate(&workspace).await?;
        if !estate.workspace.allows(Capability::EditModel) {
            return Err(Problem::Forbidden);
        }
        only(&act.posted.0, &["rev", "answer", "evidence", "valid_until"])?;
        let seen = seen(&act.posted.0)?;
        let findings = backend.findings(&estate).await?;
        let known = answers_of(&estate.stored).into_keys().find(|it| it.to_string() == key);
        if act.posted.value("answer") == "again" {
            let question = known.ok_or(Problem::NotFound)?;
            return backend.execute(&workspace, Command::Answer { question, answer: None, seen }).await;
        }
        let asked = findings.questions.iter().chain(&findings.findings).find(|it| it.identity().to_string() == key);
        let is_question = |it: &&Finding| findings.questions.contains(it) || known.as_ref() == Some(&it.identity());
        // What facts decide is no question, and has an address all the same.
        let Some(question) = asked.filter(is_question) else {
            let stated = findings.all().any(|it| it.identity().to_string() == key);
            return Err(if stated { Problem::field("answer", FieldCode::NotInThisState) } else { Problem::NotFound });
        };
        let answer = Some(Box::new(Answer::parse(question, &act.posted.0, estate.today)?));
        backend.execute(&workspace, Command::Answer { question: question.identity(), answer, seen }).await
    };
    match attempt.await {
        Ok(receipt) => {
            see(&Done { page: paths.query("findings", &[("list", "questions")]), code: "question-answered" }, &receipt)
        }
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Takes a step about one finding.
pub async fn triage_one(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.finding_at(&key);
    let attempt = async {
        let estate = may_step(&act, &workspace).await?;
        only(&act.posted.0, &[&["seen"], &Step::FIELDS[..]].concat())?;
        let known = act.caller.backend.records(&estate).await?;
        let Some(identity) = known.into_keys().find(|it| it.to_string() == key) else {
            // A question and a gap have an address, and no state.
            let findings = act.caller.backend.findings(&estate).await?;
            let stateless = findings.all().any(|it| it.identity().to_string() == key);
            return Err(if stateless { Problem::field("step", FieldCode::NotInThisState) } else { Problem::NotFound });
        };
        let step = Step::from_form(&act.posted.0, estate.today)?;
        let version = act.posted.value("seen").parse().map_err(|_| Problem::field("seen", FieldCode::Missing))?;
        carry(&act, &workspace, step, vec![Named { identity, version }]).await
    };
    match attempt.await {
        Ok(0) => done(&page, "unchanged"),
        Ok(_) => done(&page, "finding-saved"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Takes a step about several findings, as the preview showed it.
pub async fn triage(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let attempt = async {
        let estate = may_step(&act, &workspace).await?;
        only_once(&act.posted.0, &Step::FIELDS, "finding")?;
        let step = Step::from_form(&act.posted.0, estate.today)?;
        let named = act.posted.0.iter().filter(|(name, _)| name == "finding");
        let chosen: Option<Vec<(i64, String)>> = named
            .map(|(_, value)| {
                let (version, key) = value.split_once('|')?;
                Some((version.parse().ok()?, key.to_owned()))
            })
            .collect();
        let chosen = chosen.ok_or_else(|| Problem::field("finding", FieldCode::Missing))?;
        let known = act.caller.backend.records(&estate).await?;
        let by_address: BTreeMap<String, Identity> = known.into_keys().map(|it| (it.to_string(), it)).collect();
        let named = chosen.into_iter().map(|(version, key)| {
            let identity = by_address.get(&key).cloned().ok_or(Problem::NotFound)?;
            Ok(Named { identity, version })
        });
        carry(&act, &workspace, step, named.collect::<Result<Vec<Named>, Problem>>()?).await
    };
    match attempt.await {
        Ok(0) => done(&paths.page("findings"), "unchanged"),
        Ok(_) => done(&paths.page("findings"), "findings-saved"),
        Err(problem) => act.again(&paths.page("triage"), problem).await,
    }
}

/// The workspace, for somebody who may take the step that the form names.
async fn may_step(act: &Act, workspace: &WorkspaceId) -> Result<Arc<Estate>, Problem> {
    let estate = act.caller.backend.estate(workspace).await?;
    let capability = match act.posted.value("step") {
        "approve" | "turn_down" => Capability::ApproveFindings,
        _ => Capability::TriageFindings,
    };
    if estate.workspace.allows(capability) { Ok(estate) } else { Err(Problem::Forbidden) }
}

/// Takes a step about findings, each as it was seen; tells to how many anything happened.
async fn carry(act: &Act, workspace: &WorkspaceId, step: Step, findings: Vec<Named>) -> Result<usize, Problem> {
    let command = Command::Triage(Box::new(Triage { findings, step }));
    Ok(act.caller.backend.execute(workspace, command).await?.objects)
}

/// Saves what the workspace sets for its rules.
pub async fn set_rule_settings(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.page("settings/rules");
    carry_out(act, &workspace, &page, |estate, form| {
        if !estate.workspace.allows(Capability::ManageWorkspace) {
            return Err(Problem::Forbidden);
        }
        let settings = settings_from_form(form, &estate.stored.settings).map_err(Problem::Invalid)?;
        let object = Object::Settings(Arc::new(settings));
        Ok((Command::Edit(Box::new(object), seen(form)?), Done { page: page.clone(), code: "rule-settings-saved" }))
    })
    .await
}

/// Makes a finding of what a member is worried about.
pub async fn raise_concern(Path(workspace): Path<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let attempt = async {
        let estate = act.caller.backend.estate(&workspace).await?;
        if !estate.workspace.allows(Capability::RaiseConcern) {
            return Err(Problem::Forbidden);
        }
        only(&act.posted.0, &["on", "severity", "concern"])?;
        let on = act.posted.value("on");
        let subject =
            match on {
                "" => Some(ObjectRef::Settings),
                on => estate.model.objects().map(|it| it.reference()).find(|it| {
                    on.split_once(':').is_some_and(|(kind, key)| it.kind().as_str() == kind && it.key() == key)
                }),
            };
        let subject = subject.ok_or_else(|| Problem::field("on", FieldCode::NoSuchObject))?;
        let concern = Concern::parse(subject, act.posted.value("severity"), act.posted.value("concern"))?;
        act.caller.backend.execute(&workspace, Command::Report(Box::new(concern))).await
    };
    match attempt.await {
        Ok(_) => done(&paths.query("findings", &[("q", "is:reported")]), "concern-raised"),
        Err(problem) => act.again(&paths.page("concerns/new"), problem).await,
    }
}
