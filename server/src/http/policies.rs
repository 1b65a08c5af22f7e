//! Policy documents and trainings: a posted form becomes a record, and somebody else approves a policy.

use axum::extract::Path;
use axum::response::Response;
use domain::evidence::policy::{FIELDS as POLICY_FIELDS, Policy, PolicyKey, policy_from_form};
use domain::evidence::training::{FIELDS as TRAINING_FIELDS, Training, TrainingKey, training_from_form};
use domain::problem::Problem;
use domain::role::Capability;

use super::act::Act;
use super::evidence::{Known, only, saved};
use super::model::{in_workspace, seen};

/// Adds a policy.
pub async fn add(Path(workspace): Path<String>, act: Act) -> Response {
    policy(&workspace, None, act).await
}

/// Saves a policy as the form has it.
pub async fn edit(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    policy(&workspace, Some(key), act).await
}

async fn policy(workspace: &str, key: Option<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(workspace);
    let page = paths.evidence("policies", key.as_deref().unwrap_or("new"));
    let attempt = async {
        let backend = &*act.caller.backend;
        let mut known = Known::of(backend, &workspace).await?;
        let existing = match &key {
            Some(key) => {
                let key: PolicyKey = key.parse().map_err(|_| Problem::NotFound)?;
                known.book.policies.remove(&key).ok_or(Problem::NotFound)?.value
            }
            None => Policy::new(),
        };
        let form = &act.posted.0;
        only(form, &["requirement"], &[&POLICY_FIELDS])?;
        let is_item = |key| known.book.items.contains_key(&key);
        let read = known.read(|around| policy_from_form(form, &existing, around, is_item));
        let revision = if key.is_some() { seen(form)?.0 } else { 0 };
        backend.save_policy(&workspace, read.map_err(Problem::Invalid)?, revision).await
    };
    match attempt.await {
        Ok((key, changed)) => {
            saved(&paths.evidence("policies", &key.to_string()), if changed { "policy-saved" } else { "unchanged" })
        }
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Approves a policy in its version of now.
pub async fn approve(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(&workspace);
    let page = paths.evidence("policies", &key);
    let attempt = async {
        let backend = &*act.caller.backend;
        if !backend.estate(&workspace).await?.workspace.allows(Capability::EditModel) {
            return Err(Problem::Forbidden);
        }
        let key: PolicyKey = key.parse().map_err(|_| Problem::NotFound)?;
        only(&act.posted.0, &[], &[])?;
        backend.approve_policy(&workspace, key, seen(&act.posted.0)?.0).await
    };
    match attempt.await {
        Ok(_) => saved(&page, "policy-approved"),
        Err(problem) => act.again(&page, problem).await,
    }
}

/// Notes a training.
pub async fn add_training(Path(workspace): Path<String>, act: Act) -> Response {
    training(&workspace, None, act).await
}

/// Saves a training as the form has it.
pub async fn edit_training(Path((workspace, key)): Path<(String, String)>, act: Act) -> Response {
    training(&workspace, Some(key), act).await
}

async fn training(workspace: &str, key: Option<String>, act: Act) -> Response {
    let (workspace, paths) = in_workspace(workspace);
    let page = paths.evidence("training", key.as_deref().unwrap_or("new"));
    let attempt = async {
        let backend = &*act.caller.backend;
        let mut known = Known::of(backend, &workspace).await?;
        let existing = match &key {
            Some(key) => {
                let key: TrainingKey = key.parse().map_err(|_| Problem::NotFound)?;
                known.book.trainings.remove(&key).ok_or(Problem::NotFound)?.value
            }
            None => Training::new(known.book.today),
        };
        let form = &act.posted.0;
        only(form, &["person"], &[&TRAINING_FIELDS])?;
        let is_item = |key| known.book.items.contains_key(&key);
        let read = known.read(|around| training_from_form(form, &existing, around, is_item));
        let revision = if key.is_some() { seen(form)?.0 } else { 0 };
        backend.save_training(&workspace, read.map_err(Problem::Invalid)?, revision).await
    };
    match attempt.await {
        Ok((key, changed)) => {
            saved(&paths.evidence("training", &key.to_string()), if changed { "training-saved" } else { "unchanged" })
        }
        Err(problem) => act.again(&page, problem).await,
    }
}
