//! The risks of a workspace and their versions. They are no part of the model: no engine reads them, and changing one
//! makes no revision of the model.

pub(crate) mod kept;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::backend::risks::RiskVersion;
use domain::problem::Problem;
use domain::risk::{Risk, RiskKey};
use domain::time::Timestamp;
use serde_json::json;

use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, row, rows, run};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::gate::Permit;
use crate::rows::{Reader, statements};

statements! {
    LIST = "SELECT number, content FROM risk WHERE workspace_id = $1 ORDER BY number";
    BY_NUMBER = "SELECT revision, content FROM risk WHERE workspace_id = $1 AND number = $2";
    NEXT = "SELECT COALESCE(MAX(number), 0) + 1 FROM risk WHERE workspace_id = $1";
    INSERT = "INSERT INTO risk (workspace_id, number, revision, content) VALUES ($1, $2, 1, $3)";
    /// Of two who save at once the second one touches no row.
    UPDATE = "UPDATE risk SET revision = revision + 1, content = $4 \
        WHERE workspace_id = $1 AND number = $2 AND revision = $3";
    INSERT_VERSION = "INSERT INTO risk_version (workspace_id, number, revision, changed_at, account_id, content) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    /// The version of an instant, and every later one.
    SINCE = "SELECT content FROM risk_version WHERE workspace_id = $1 AND number = $2 AND (changed_at >= $3 \
        OR revision = (SELECT MAX(revision) FROM risk_version WHERE workspace_id = $1 AND number = $2 \
        AND changed_at < $3)) ORDER BY revision";
    VERSIONS = "SELECT risk_version.revision, risk_version.changed_at, account.name, risk_version.content \
        FROM risk_version LEFT JOIN account ON account.id = risk_version.account_id \
        WHERE risk_version.workspace_id = $1 AND risk_version.number = $2 \
        ORDER BY risk_version.revision DESC LIMIT $3";
}

/// How many of the newest versions of a risk are shown.
const SHOWN: i64 = 100;

/// Every risk of the workspace.
pub(crate) async fn list(tx: &mut Tx, permit: &Permit) -> Result<BTreeMap<RiskKey, Arc<Risk>>, StoreError> {
    let mut risks = BTreeMap::new();
    for (number, content) in rows!(tx, (i64, String), LIST, permit.workspace())? {
        let risk = read("risk", number, &content)?;
        risks.insert(risk.key, Arc::new(risk));
    }
    Ok(risks)
}

/// One risk with the number of its version.
pub(crate) async fn one(tx: &mut Tx, permit: &Permit, key: RiskKey) -> Result<(i64, Risk), Failure> {
    let number = i64::from(key.0);
    let found = row!(tx, (i64, String), BY_NUMBER, permit.workspace(), number)?;
    let (revision, content) = found.ok_or(Failure::Problem(Problem::NotFound))?;
    Ok((revision, read("risk", number, &content)?))
}

/// A risk as it was at an instant, and everything that it was since.
pub(crate) async fn since(tx: &mut Tx, permit: &Permit, key: RiskKey, at: Timestamp) -> Result<Vec<Risk>, StoreError> {
    let number = i64::from(key.0);
    let found = rows!(tx, (String,), SINCE, permit.workspace(), number, at.0)?;
    found.iter().map(|(content,)| read("risk_version", number, content)).collect()
}

/// The newest versions of a risk, the newest first.
pub(crate) async fn versions(tx: &mut Tx, permit: &Permit, key: RiskKey) -> Result<Vec<RiskVersion>, StoreError> {
    let number = i64::from(key.0);
    let mut versions = Vec::new();
    let lines = rows!(tx, (i64, i64, Option<String>, String), VERSIONS, permit.workspace(), number, SHOWN)?;
    for (revision, at, by, content) in lines {
        let risk = read("risk_version", number, &content)?;
        versions.push(RiskVersion { revision, at: Timestamp(at), by, risk });
    }
    Ok(versions)
}

/// Adds a risk under the next number.
pub(crate) async fn add(tx: &mut Tx, act: &Act<'_>, mut risk: Risk) -> Result<RiskKey, Failure> {
    let workspace = act.permit.workspace();
    let next = row!(tx, (i64,), NEXT, workspace)?.map_or(1, |(next,)| next);
    let number = u32::try_from(next).map_err(|_| StoreError::bad_row("risk", "number", next.to_string()))?;
    risk.key = RiskKey(number);
    let content = serde_json::to_string(&risk)?;
    run!(tx, INSERT, workspace, next, content.as_str())?;
    keep(tx, act, risk.key, 1, "risk.add", &content).await?;
    Ok(risk.key)
}

/// Puts a risk in the place of the one with its key; false where nothing is different.
pub(crate) async fn edit(tx: &mut Tx, act: &Act<'_>, risk: &Risk, seen: i64) -> Result<bool, Failure> {
    let (workspace, number) = (act.permit.workspace(), i64::from(risk.key.0));
    let (revision, before) = one(tx, act.permit, risk.key).await?;
    if revision > seen {
        return Err(Problem::Conflict.into());
    }
    if before == *risk {
        return Ok(false);
    }
    let content = serde_json::to_string(risk)?;
    if run!(tx, UPDATE, workspace, number, revision, content.as_str())? != 1 {
        return Err(Problem::Conflict.into());
    }
    keep(tx, act, risk.key, revision + 1, "risk.edit", &content).await?;
    Ok(true)
}

/// Keeps a version, and its entry in the audit trail. What people wrote enters that by its salted hash only.
async fn keep(
    tx: &mut Tx,
    act: &Act<'_>,
    key: RiskKey,
    revision: i64,
    action: &str,
    content: &str,
) -> Result<(), Failure> {
    let Act { permit, actor, now } = *act;
    let number = i64::from(key.0);
    run!(tx, INSERT_VERSION, permit.workspace(), number, revision, now.0, permit.account(), content)?;
    let (key, payload) = (key.to_string(), Payload::with_personal(&json!({}), &[("after", content)])?);
    let subject = Subject { kind: "risk", key: &key, revision: Some(revision) };
    Ok(audit::append(tx, &Chain::Workspace(permit), now, actor, action, Some(&subject), &payload).await?)
}

fn read(table: &'static str, number: i64, content: &str) -> Result<Risk, StoreError> {
    let key = number.to_string();
    serde_json::from_str(content).map_err(|_| Reader::new(table, &key).bad("content"))
}
