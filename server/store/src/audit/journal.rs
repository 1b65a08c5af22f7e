//! What changes did to the objects of a workspace, read back from the payloads of the audit trail.

use domain::command::Revision;
use domain::creep::Journalled;
use domain::id::SystemId;
use domain::time::Timestamp;
use serde_json::Value;

use crate::db::{Tx, rows};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::{Reader, statements};

statements! {
    /// Payloads that name a key anywhere; which of them are about it, the reader decides.
    NAMING = "SELECT audit_entry.seq, audit_entry.time, audit_entry.actor_kind, audit_entry.actor_id, \
        account.name AS actor_name, audit_entry.action, audit_entry.object_rev, audit_payload.payload \
        FROM audit_entry JOIN audit_payload ON audit_payload.chain = audit_entry.chain \
        AND audit_payload.seq = audit_entry.seq LEFT JOIN account ON account.key = audit_entry.actor_id \
        WHERE audit_entry.workspace_id = $1 AND audit_entry.object_rev IS NOT NULL \
        AND audit_payload.payload LIKE $2 ESCAPE '!' ORDER BY audit_entry.seq DESC LIMIT $3";
}

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    time: i64,
    actor_kind: String,
    actor_id: Option<String>,
    actor_name: Option<String>,
    action: String,
    object_rev: i64,
    payload: String,
}

/// The newest changes that name a system, newest first.
pub(crate) async fn naming(
    tx: &mut Tx,
    permit: &Permit,
    system: &SystemId,
    most: u32,
) -> Result<Vec<Journalled>, StoreError> {
    let found = rows!(tx, Row, NAMING, permit.workspace(), naming_pattern(system)?.as_str(), i64::from(most))?;
    found.into_iter().map(journalled).collect()
}

fn journalled(row: Row) -> Result<Journalled, StoreError> {
    let key = row.seq.to_string();
    let payload: Value =
        serde_json::from_str(&row.payload).map_err(|_| Reader::new("audit_payload", &key).bad("payload"))?;
    let changes = match payload {
        Value::Object(mut members) => members.remove("changes"),
        _ => None,
    };
    Ok(Journalled {
        revision: Revision(row.object_rev),
        at: Timestamp(row.time),
        actor: row.actor_name.or(row.actor_id).unwrap_or(row.actor_kind),
        action: row.action,
        changes: match changes {
            Some(Value::Array(changes)) => changes,
            _ => Vec::new(),
        },
    })
}

/// What a payload contains that names the system: its key as a text of JSON.
fn naming_pattern(system: &SystemId) -> Result<String, StoreError> {
    let mut pattern = "%".to_owned();
    for character in serde_json::to_string(system.as_str())?.chars() {
        if matches!(character, '!' | '%' | '_') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    Ok(pattern)
}
