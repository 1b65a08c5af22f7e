//! The life of a workspace after it was made: renaming, archiving, deleting.

use domain::evidence::Item;
use domain::problem::{FieldCode, Problem};
use domain::time::Timestamp;
use serde_json::json;

use super::check_name;
use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, run};
use crate::error::Failure;
use crate::gate::Permit;
use crate::library;
use crate::rows::statements;

statements! {
    RENAME = "UPDATE workspace SET name = $2 WHERE id = $1";
    ARCHIVE = "UPDATE workspace SET archived_at = $2 WHERE id = $1";
    /// The row stays for the audit trail, without anything that a person wrote.
    DELETE = "UPDATE workspace SET name = '', deleted_at = $2 WHERE id = $1";
    ERASE = "DELETE FROM audit_personal WHERE chain IN (SELECT chain FROM chain_head WHERE workspace_id = $1)";
    SEAL_CONTENTS = "DELETE FROM seal_content WHERE workspace_id = $1";
    SEALS = "DELETE FROM seal WHERE workspace_id = $1";
    REVIEW_EVENTS = "DELETE FROM review_event WHERE workspace_id = $1";
    REVIEWS = "DELETE FROM review WHERE workspace_id = $1";
    SNAPSHOTS = "DELETE FROM snapshot WHERE workspace_id = $1";
    PROPOSALS = "DELETE FROM proposal WHERE workspace_id = $1";
    OVERRIDES = "DELETE FROM scope_override WHERE workspace_id = $1";
    VERDICTS = "DELETE FROM verdict WHERE workspace_id = $1";
    FLOWS = "DELETE FROM flow WHERE workspace_id = $1";
    CREDENTIALS = "DELETE FROM credential WHERE workspace_id = $1";
    KEYS = "DELETE FROM crypto_key WHERE workspace_id = $1";
    SYSTEMS = "DELETE FROM system WHERE workspace_id = $1";
    CONTROLS = "DELETE FROM control WHERE workspace_id = $1";
    LINKS = "DELETE FROM link WHERE workspace_id = $1";
    SEGMENTS = "DELETE FROM segment WHERE workspace_id = $1";
    VENDORS = "DELETE FROM vendor WHERE workspace_id = $1";
    PEOPLE = "DELETE FROM person WHERE workspace_id = $1";
    RECORDS = "DELETE FROM record WHERE workspace_id = $1";
    FACTS = "DELETE FROM fact WHERE workspace_id = $1";
    FINDING_EVENTS = "DELETE FROM finding_event WHERE workspace_id = $1";
    FINDINGS = "DELETE FROM finding WHERE workspace_id = $1";
    FINDING_RUNS = "DELETE FROM finding_run WHERE workspace_id = $1";
    INVERSES = "DELETE FROM change_inverse WHERE workspace_id = $1";
    RECEIPTS = "DELETE FROM change_receipt WHERE workspace_id = $1";
    IMPORTS = "DELETE FROM staged_import WHERE workspace_id = $1";
    PACKS = "DELETE FROM pack WHERE workspace_id = $1";
    REGISTER_IMPORTS = "DELETE FROM register_import WHERE workspace_id = $1";
    ACCEPTANCE_EVENTS = "DELETE FROM acceptance_event WHERE workspace_id = $1";
    ACCEPTANCES = "DELETE FROM acceptance WHERE workspace_id = $1";
    RISK_VERSIONS = "DELETE FROM risk_version WHERE workspace_id = $1";
    RISKS = "DELETE FROM risk WHERE workspace_id = $1";
    INCIDENT_VERSIONS = "DELETE FROM incident_record_version WHERE workspace_id = $1";
    INCIDENTS = "DELETE FROM incident_record WHERE workspace_id = $1";
    SCHEDULE_CALLS = "DELETE FROM schedule_call WHERE workspace_id = $1";
    SCHEDULE_PASSINGS = "DELETE FROM schedule_passing WHERE workspace_id = $1";
    SCHEDULE_RUNS = "DELETE FROM schedule_run WHERE workspace_id = $1";
    SCHEDULE_CLOCKS = "DELETE FROM schedule_clock WHERE workspace_id = $1";
    SCHEDULE_VERSIONS = "DELETE FROM schedule_record_version WHERE workspace_id = $1";
    SCHEDULES = "DELETE FROM schedule_record WHERE workspace_id = $1";
    LIBRARY_VERSIONS = "DELETE FROM library_record_version WHERE workspace_id = $1";
    LIBRARY = "DELETE FROM library_record WHERE workspace_id = $1";
    RISK_REGISTERS = "DELETE FROM risk_register WHERE workspace_id = $1";
    ENTITY_PROFILES = "DELETE FROM entity_profile WHERE workspace_id = $1";
    SETTINGS = "DELETE FROM model_settings WHERE workspace_id = $1";
    COMMENTS = "DELETE FROM comment WHERE workspace_id = $1";
    VIEWS = "DELETE FROM saved_view WHERE workspace_id = $1";
    INVITATIONS = "DELETE FROM invitation WHERE workspace_id = $1";
    MEMBERS = "DELETE FROM member WHERE workspace_id = $1";
}

/// What a workspace holds, in an order in which nothing is left that refers to something gone. The parts of an object
/// go with it, and what belongs to a membership goes with that.
const CONTENT: [&str; 48] = [
    PACKS,
    LIBRARY_VERSIONS,
    LIBRARY,
    SEAL_CONTENTS,
    SEALS,
    REVIEW_EVENTS,
    REVIEWS,
    SNAPSHOTS,
    PROPOSALS,
    SCHEDULE_CALLS,
    SCHEDULE_PASSINGS,
    SCHEDULE_RUNS,
    SCHEDULE_CLOCKS,
    SCHEDULE_VERSIONS,
    SCHEDULES,
    INCIDENT_VERSIONS,
    INCIDENTS,
    ACCEPTANCE_EVENTS,
    ACCEPTANCES,
    RISK_VERSIONS,
    RISKS,
    RISK_REGISTERS,
    ENTITY_PROFILES,
    OVERRIDES,
    VERDICTS,
    FLOWS,
    CREDENTIALS,
    KEYS,
    SYSTEMS,
    CONTROLS,
    LINKS,
    SEGMENTS,
    VENDORS,
    PEOPLE,
    RECORDS,
    FACTS,
    FINDING_EVENTS,
    FINDINGS,
    FINDING_RUNS,
    INVERSES,
    RECEIPTS,
    IMPORTS,
    REGISTER_IMPORTS,
    SETTINGS,
    COMMENTS,
    VIEWS,
    INVITATIONS,
    MEMBERS,
];

/// Gives a workspace another name; its key stays.
pub(crate) async fn rename(
    tx: &mut Tx,
    permit: &Permit,
    actor: &Actor,
    now: Timestamp,
    name: &str,
) -> Result<(), Failure> {
    if let Some(error) = check_name("name", name) {
        return Err(Problem::Invalid(vec![error]).into());
    }
    let (before, name) = (permit.entry().name.as_str(), name.trim());
    if before == name {
        return Ok(());
    }
    run!(tx, RENAME, permit.workspace(), name)?;
    let payload = Payload::with_personal(&json!({}), &[("before", before), ("after", name)])?;
    note(tx, permit, actor, now, "workspace.rename", &payload).await
}

/// Archives a workspace, or restores it.
pub(crate) async fn archive(
    tx: &mut Tx,
    permit: &Permit,
    actor: &Actor,
    now: Timestamp,
    archived: bool,
) -> Result<(), Failure> {
    if permit.entry().archived == archived {
        return Ok(());
    }
    run!(tx, ARCHIVE, permit.workspace(), archived.then_some(now.0))?;
    let action = if archived { "workspace.archive" } else { "workspace.restore" };
    note(tx, permit, actor, now, action, &Payload::plain(&json!({}))).await
}

/// Deletes a workspace with all that it holds. Its audit trail stays whole, but for the personal values beside it.
pub(crate) async fn delete(
    tx: &mut Tx,
    permit: &Permit,
    actor: &Actor,
    now: Timestamp,
    typed: &str,
) -> Result<(), Failure> {
    if typed.trim() != permit.entry().name {
        return Err(Problem::field("name", FieldCode::NotTheName).into());
    }
    let items = library::list::<Item, _>(tx, permit, |it| it.key).await?;
    if items.values().any(|it| it.value.hold.is_some()) {
        return Err(Problem::field("name", FieldCode::OnHold).into());
    }
    note(tx, permit, actor, now, "workspace.delete", &Payload::plain(&json!({}))).await?;
    for statement in CONTENT {
        run!(tx, statement, permit.workspace())?;
    }
    run!(tx, ERASE, permit.workspace())?;
    run!(tx, DELETE, permit.workspace(), now.0)?;
    let subject = Subject { kind: "workspace", key: permit.key().as_str(), revision: None };
    let payload = Payload::plain(&json!({}));
    Ok(audit::append(tx, &Chain::Instance, now, actor, "workspace.delete", Some(&subject), &payload).await?)
}

async fn note(
    tx: &mut Tx,
    permit: &Permit,
    actor: &Actor,
    now: Timestamp,
    action: &str,
    payload: &Payload,
) -> Result<(), Failure> {
    let subject = Subject { kind: "workspace", key: permit.key().as_str(), revision: None };
    Ok(audit::append(tx, &Chain::Workspace(permit), now, actor, action, Some(&subject), payload).await?)
}
