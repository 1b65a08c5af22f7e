//! What the register of a workspace is set to. Every version is kept: what a level was on a day depends on the scheme of
//! that day.

use domain::problem::Problem;
use domain::risk::settings::{Change, Rerating, Setting};
use domain::risk::{Register, Risk, Scheme};
use domain::time::Timestamp;
use serde_json::json;

use super::kept_risks;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, row, rows, run};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::gate::Permit;
use crate::rows::{Reader, statements};

statements! {
    CURRENT = "SELECT revision, content FROM risk_register WHERE workspace_id = $1 ORDER BY revision DESC LIMIT 1";
    BEFORE = "SELECT revision, content FROM risk_register WHERE workspace_id = $1 AND changed_at < $2 \
        ORDER BY revision DESC LIMIT 1";
    VERSIONS = "SELECT revision, changed_at, content FROM risk_register WHERE workspace_id = $1 ORDER BY revision";
    INSERT = "INSERT INTO risk_register (workspace_id, revision, changed_at, account_id, content) \
        VALUES ($1, $2, $3, $4, $5)";
    /// The revision was read in this transaction, so nobody is in between.
    RERATE = "UPDATE risk SET revision = revision + 1, content = $3 WHERE workspace_id = $1 AND number = $2";
    INSERT_VERSION = "INSERT INTO risk_version (workspace_id, number, revision, changed_at, account_id, content) \
        VALUES ($1, $2, $3, $4, $5, $6)";
}

/// What the register is set to.
pub(crate) async fn current(tx: &mut Tx, permit: &Permit) -> Result<Setting, StoreError> {
    match row!(tx, (i64, String), CURRENT, permit.workspace())? {
        Some((revision, content)) => Ok(Setting { register: read(revision, &content)?, revision }),
        None => Ok(Setting::default()),
    }
}

/// That the register still has the scheme in which somebody rated a risk: in another one the same steps say something else.
pub(crate) async fn still(tx: &mut Tx, permit: &Permit, scheme: Scheme) -> Result<(), Failure> {
    if current(tx, permit).await?.register.scheme == scheme { Ok(()) } else { Err(Problem::Conflict.into()) }
}

/// What the register was set to before an instant.
pub(crate) async fn before(tx: &mut Tx, permit: &Permit, at: Timestamp) -> Result<Register, StoreError> {
    let found = row!(tx, (i64, String), BEFORE, permit.workspace(), at.0)?;
    found.map_or_else(|| Ok(Register::default()), |(revision, content)| read(revision, &content))
}

/// The schemes that the register had, each from its instant on.
pub(super) async fn schemes(tx: &mut Tx, permit: &Permit) -> Result<Vec<(Timestamp, Scheme)>, StoreError> {
    let mut schemes = Vec::new();
    for (revision, at, content) in rows!(tx, (i64, i64, String), VERSIONS, permit.workspace())? {
        schemes.push((Timestamp(at), read(revision, &content)?.scheme));
    }
    Ok(schemes)
}

/// Sets the register; false where nothing is different. Risks that the scheme rates differently get a version each, and
/// all of it one entry in the audit trail.
pub(crate) async fn set(tx: &mut Tx, act: &Act<'_>, change: &Change) -> Result<bool, Failure> {
    let Act { permit, actor, now } = *act;
    let is = current(tx, permit).await?;
    if is.revision != change.seen {
        return Err(Problem::Conflict.into());
    }
    if is.register == change.register {
        return Ok(false);
    }
    let (from, to) = (is.register.scheme, change.register.scheme);
    let mut told = json!({ "before": is.register, "after": change.register });
    if from != to {
        let risks = kept_risks(tx, permit).await?;
        let rerating = Rerating::of(risks.iter().map(|(_, risk)| risk), from, to, change.way);
        let hash = rerating.hash();
        // What was shown is what happens, or nothing does.
        if change.shown.as_ref() != Some(&hash) {
            return Err(Problem::Conflict.into());
        }
        rerate(tx, act, &risks, &rerating.risks).await?;
        let moves = rerating.moves.len();
        told["ratings_moved"] = json!(moves);
        told["risks_rewritten"] = json!(rerating.risks.len());
        told["ratings_hash"] = json!(hash);
    }
    let revision = is.revision + 1;
    let content = serde_json::to_string(&change.register)?;
    run!(tx, INSERT, permit.workspace(), revision, now.0, permit.account(), content.as_str())?;
    let key = permit.key().as_str();
    let subject = Subject { kind: "workspace", key, revision: None };
    let payload = Payload::plain(&told);
    audit::append(tx, &Chain::Workspace(permit), now, actor, "risk.register", Some(&subject), &payload).await?;
    Ok(true)
}

/// Writes the risks as they are rated now, with a version of each.
async fn rerate(tx: &mut Tx, act: &Act<'_>, risks: &[(i64, Risk)], after: &[Risk]) -> Result<(), Failure> {
    let Act { permit, now, .. } = *act;
    let mut revisions = risks.iter().map(|(revision, risk)| (risk.key, *revision));
    for risk in after {
        // Both are in the order of the keys.
        let Some((_, revision)) = revisions.find(|(key, _)| *key == risk.key) else { continue };
        let (number, content) = (i64::from(risk.key.0), serde_json::to_string(risk)?);
        let (workspace, account) = (permit.workspace(), permit.account());
        run!(tx, RERATE, workspace, number, content.as_str())?;
        run!(tx, INSERT_VERSION, workspace, number, revision + 1, now.0, account, content.as_str())?;
    }
    Ok(())
}

fn read(revision: i64, content: &str) -> Result<Register, StoreError> {
    let key = revision.to_string();
    Reader::new("risk_register", &key).json("content", content)
}
