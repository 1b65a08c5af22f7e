//! Whether a workspace asks its owners, administrators and editors for a second factor, and how soon.

use domain::backend::people::SecondFactorPolicy;
use domain::problem::{FieldCode, Problem};
use domain::time::Timestamp;
use serde_json::json;

use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, row, run};
use crate::error::{Failure, StoreError};
use crate::gate::Permit;
use crate::rows::statements;

statements! {
    READ = "SELECT second_factor_required, second_factor_grace_days FROM workspace WHERE id = $1";
    SET = "UPDATE workspace SET second_factor_required = $2, second_factor_grace_days = $3 WHERE id = $1";
}

#[derive(sqlx::FromRow)]
struct PolicyRow {
    second_factor_required: bool,
    second_factor_grace_days: i64,
}

/// What the workspace asks for.
pub(crate) async fn read(tx: &mut Tx, permit: &Permit) -> Result<SecondFactorPolicy, StoreError> {
    let row = row!(tx, PolicyRow, READ, permit.workspace())?;
    let row = row.ok_or_else(|| StoreError::bad_row("workspace", "id", permit.key().as_str()))?;
    let days = u8::try_from(row.second_factor_grace_days);
    let grace_days =
        days.map_err(|_| StoreError::bad_row("workspace", "second_factor_grace_days", permit.key().as_str()))?;
    Ok(SecondFactorPolicy { required: row.second_factor_required, grace_days })
}

/// Changes what the workspace asks for. Who works in it already has the days from when they were asked first.
pub(crate) async fn set(
    tx: &mut Tx,
    permit: &Permit,
    actor: &Actor,
    now: Timestamp,
    policy: SecondFactorPolicy,
) -> Result<(), Failure> {
    if policy.grace_days > SecondFactorPolicy::GRACE_MAX {
        return Err(Problem::field("grace_days", FieldCode::NotInList).into());
    }
    let before = read(tx, permit).await?;
    if before == policy {
        return Ok(());
    }
    run!(tx, SET, permit.workspace(), policy.required, i64::from(policy.grace_days))?;
    let said = |it: SecondFactorPolicy| json!({ "required": it.required, "grace_days": it.grace_days });
    let payload = Payload::plain(&json!({ "before": said(before), "after": said(policy) }));
    let subject = Subject { kind: "workspace", key: permit.key().as_str(), revision: None };
    let chain = Chain::Workspace(permit);
    Ok(audit::append(tx, &chain, now, actor, "workspace.second_factor", Some(&subject), &payload).await?)
}
