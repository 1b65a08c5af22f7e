//! What people do about findings.

use std::collections::BTreeMap;

use domain::command::Receipt;
use domain::findings::life::{Acting, Concern, Event, Happening, REPORTED, Record, State, Step, Triage, reconcile};
use domain::findings::{Finding, Identity};
use domain::id::AccountId;
use domain::model::Model;
use domain::problem::{FieldCode, Problem};
use serde_json::{Value, json};

use super::{of_judged, record};
use crate::account::standing::require_recent;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::Tx;
use crate::error::Failure;
use crate::execute::{Act, Written};
use crate::live::Copies;
use crate::model::party::person_of_account;

/// About how many findings one step can be.
const MOST: usize = 500;

/// Takes a step about findings, all of them or none.
pub(crate) async fn triage(tx: &mut Tx, act: &Act<'_>, copies: &Copies, triage: &Triage) -> Result<Written, Failure> {
    let Act { permit, actor, now } = *act;
    if triage.findings.is_empty() || triage.findings.len() > MOST {
        return Err(Problem::field("finding", FieldCode::Missing).into());
    }
    if triage.step == Step::Approve {
        require_recent(tx, actor, now).await?;
    }
    let live = copies.current(tx, permit).await?;
    owner_exists(&live.model, &triage.step)?;
    let judged = live.judge(now.day()).await?;
    let found = of_judged(&judged, now).await?;
    let current: BTreeMap<Identity, &Finding> = found.findings.iter().map(|it| (it.identity(), it)).collect();
    let person = match permit.account() {
        Some(account) => person_of_account(tx, permit, account).await?,
        None => None,
    };
    let by = Acting { account: actor.id().map(AccountId::from), person, tier: permit.standing().tier };

    let mut changed = Vec::new();
    for named in &triage.findings {
        let stored = record::one(tx, permit, &named.identity).await?;
        let known: BTreeMap<Identity, Record> = stored.iter().map(|it| (it.identity.clone(), it.clone())).collect();
        // The person saw the finding as facts and time have made it, which may not be written down yet.
        let moved = reconcile(&known, current.get(&named.identity).copied(), now).pop();
        let before = moved.as_ref().map(|event| event.record.clone()).or(stored).ok_or(Problem::NotFound)?;
        if before.version != named.version {
            return Err(Problem::Conflict.into());
        }
        let Some(event) = before.after(&triage.step, &by, now)? else { continue };
        if let Some(moved) = moved {
            record::put(tx, permit, now, (None, None), &moved).await?;
        }
        record::put(tx, permit, now, (Some(actor), None), &event).await?;
        changed.push((before.state, event.record));
    }
    if !changed.is_empty() {
        note(tx, act, &triage.step, &changed).await?;
    }
    let receipt = Receipt { revision: live.revision, scope_changes: Vec::new(), objects: changed.len() };
    Ok(Written { receipt, live: Some(live.judged(judged)) })
}

/// Keeps a concern as a finding.
pub(crate) async fn report(tx: &mut Tx, act: &Act<'_>, copies: &Copies, concern: &Concern) -> Result<Written, Failure> {
    let Act { permit, actor, now } = *act;
    let live = copies.current(tx, permit).await?;
    if live.model.get(&concern.subject).is_none() {
        return Err(Problem::NotFound.into());
    }
    let number = record::next_number(tx, permit, REPORTED, &concern.subject).await?;
    let record = Record::reported(concern, number, now);
    let key = record.identity.to_string();
    record::put(tx, permit, now, (Some(actor), None), &Event { record, what: Happening::Reported }).await?;
    let subject = Subject { kind: "finding", key: &key, revision: None };
    let payload = Payload::with_personal(&json!({ "severity": concern.severity }), &[("concern", &concern.words)])?;
    audit::append(tx, &Chain::Workspace(permit), now, actor, "finding.report", Some(&subject), &payload).await?;
    Ok(Written { receipt: Receipt { revision: live.revision, scope_changes: Vec::new(), objects: 1 }, live: None })
}

fn owner_exists(model: &Model, step: &Step) -> Result<(), Problem> {
    match step {
        Step::Assign(Some(owner)) if !model.people.contains_key(owner) => {
            Err(Problem::field("owner", FieldCode::NoSuchObject))
        }
        _ => Ok(()),
    }
}

/// The entry of the audit trail. Reasons are free text of a person.
async fn note(tx: &mut Tx, act: &Act<'_>, step: &Step, changed: &[(State, Record)]) -> Result<(), Failure> {
    let Act { permit, actor, now } = *act;
    let finding = |(was, is): &(State, Record)| json!({ "finding": is.identity.to_string(), "before": was, "after": is.state, "version": is.version });
    let mut told = json!({ "findings": changed.iter().map(finding).collect::<Vec<Value>>() });
    match step {
        Step::Assign(owner) => told["owner"] = json!(owner),
        Step::Due(due) => told["due"] = json!(due),
        Step::Decide(decision) => {
            told["outcome"] = json!(decision.outcome());
            told["until"] = json!(decision.until());
        }
        Step::Look | Step::Approve | Step::TurnDown(_) | Step::Reopen(_) | Step::Close(_) => {}
    }
    let reason: Vec<(&str, &str)> = step.reason().map(|reason| ("reason", reason)).into_iter().collect();
    let payload = Payload::with_personal(&told, &reason)?;
    let key = match changed {
        [(_, only)] => Some(only.identity.to_string()),
        _ => None,
    };
    let subject = match &key {
        Some(key) => Subject { kind: "finding", key, revision: None },
        None => Subject { kind: "workspace", key: permit.key().as_str(), revision: None },
    };
    let action = format!("finding.{}", step.word());
    Ok(audit::append(tx, &Chain::Workspace(permit), now, actor, &action, Some(&subject), &payload).await?)
}
