//! The audit trail: one hash chain per workspace, and one for the instance.
//!
//! An entry is appended in the transaction of what it tells of. The database refuses to change or delete one.

pub(crate) mod canonical;
pub(crate) mod checkpoint;
pub(crate) mod entry;
pub(crate) mod journal;
pub(crate) mod page;
pub(crate) mod payload;
pub(crate) mod verify;

use domain::backend::AuditLine;
use domain::command::Revision;
use domain::model::object::ObjectRef;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::actor::Actor;
use crate::db::{Tx, row, rows, run};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::statements;
use entry::{Entry, NO_HASH};
use payload::Payload;

statements! {
    /// Takes the next number and locks the chain until the transaction ends.
    NEXT = "UPDATE chain_head SET seq = seq + 1 WHERE chain = $1 RETURNING seq, hash";
    ADVANCE = "UPDATE chain_head SET hash = $2 WHERE chain = $1";
    BEGIN_CHAIN = "INSERT INTO chain_head (chain, workspace_id, seq, hash) VALUES ($1, $2, 0, $3)";
    INSERT_ENTRY = "INSERT INTO audit_entry (chain, seq, workspace_id, prev_hash, time, actor_kind, actor_id, \
        session_id, action, object_type, object_key, object_rev, payload_hash, hash) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    INSERT_PAYLOAD = "INSERT INTO audit_payload (chain, seq, payload) VALUES ($1, $2, $3)";
    INSERT_PERSONAL = "INSERT INTO audit_personal (chain, seq, number, salt, value) VALUES ($1, $2, $3, $4, $5)";
    NEWEST = "SELECT audit_entry.seq, audit_entry.time, audit_entry.actor_kind, audit_entry.actor_id, \
        account.name AS actor_name, audit_entry.action, audit_entry.object_type, audit_entry.object_key, \
        audit_entry.object_rev, audit_entry.hash FROM audit_entry LEFT JOIN account ON account.key = audit_entry.actor_id \
        WHERE audit_entry.workspace_id = $1 ORDER BY audit_entry.seq DESC LIMIT $2";
    NEWEST_OF = "SELECT audit_entry.seq, audit_entry.time, audit_entry.actor_kind, audit_entry.actor_id, \
        account.name AS actor_name, audit_entry.action, audit_entry.object_type, audit_entry.object_key, \
        audit_entry.object_rev, audit_entry.hash FROM audit_entry LEFT JOIN account ON account.key = audit_entry.actor_id \
        WHERE audit_entry.workspace_id = $1 AND audit_entry.object_type = $2 AND audit_entry.object_key = $3 \
        ORDER BY audit_entry.seq DESC LIMIT $4";
}

/// The name of the chain of the instance.
const INSTANCE: &str = "instance";

/// Which chain.
pub(crate) enum Chain<'a> {
    /// Sign-ins, failures, accounts and configuration.
    Instance,
    /// What happens in a workspace.
    Workspace(&'a Permit),
}

impl Chain<'_> {
    fn key(&self) -> String {
        match self {
            Self::Instance => INSTANCE.to_owned(),
            Self::Workspace(permit) => workspace_chain(permit.key().as_str()),
        }
    }

    fn workspace(&self) -> Option<Uuid> {
        match self {
            Self::Instance => None,
            Self::Workspace(permit) => Some(permit.workspace()),
        }
    }
}

fn workspace_chain(key: &str) -> String {
    format!("workspace/{key}")
}

/// What an entry is about.
pub(crate) struct Subject<'a> {
    pub(crate) kind: &'a str,
    pub(crate) key: &'a str,
    pub(crate) revision: Option<i64>,
}

/// Appends an entry to a chain.
pub(crate) async fn append(
    tx: &mut Tx,
    chain: &Chain<'_>,
    at: Timestamp,
    actor: &Actor,
    action: &str,
    subject: Option<&Subject<'_>>,
    payload: &Payload,
) -> Result<(), StoreError> {
    let key = chain.key();
    let Some((sequence, previous_hash)) = row!(tx, (i64, String), NEXT, key.as_str())? else {
        return Err(StoreError::bad_row("chain_head", "chain", &key));
    };
    let entry = Entry {
        chain: key.clone(),
        sequence,
        previous_hash,
        time: at,
        actor_kind: actor.kind().to_owned(),
        actor_id: actor.id().map(ToOwned::to_owned),
        session: actor.session().map(ToOwned::to_owned),
        action: action.to_owned(),
        object_type: subject.map(|it| it.kind.to_owned()),
        object_key: subject.map(|it| it.key.to_owned()),
        object_revision: subject.and_then(|it| it.revision),
        payload_hash: Payload::hash(&payload.text),
    };
    let hash = entry.hash();
    run!(
        tx,
        INSERT_ENTRY,
        entry.chain.as_str(),
        entry.sequence,
        chain.workspace(),
        entry.previous_hash.as_str(),
        entry.time.0,
        entry.actor_kind.as_str(),
        entry.actor_id.as_deref(),
        entry.session.as_deref(),
        entry.action.as_str(),
        entry.object_type.as_deref(),
        entry.object_key.as_deref(),
        entry.object_revision,
        entry.payload_hash.as_str(),
        hash.as_str(),
    )?;
    run!(tx, INSERT_PAYLOAD, key.as_str(), sequence, payload.text.as_str())?;
    for (number, personal) in (0_i64..).zip(&payload.personal) {
        let salt: &[u8] = &personal.salt;
        run!(tx, INSERT_PERSONAL, key.as_str(), sequence, number, salt, personal.value.as_str())?;
    }
    run!(tx, ADVANCE, key.as_str(), hash.as_str())?;
    Ok(())
}

/// Begins the chain of a new workspace.
pub(crate) async fn begin_chain(tx: &mut Tx, workspace: Uuid, key: &str) -> Result<(), StoreError> {
    run!(tx, BEGIN_CHAIN, workspace_chain(key).as_str(), workspace, NO_HASH)?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct LineRow {
    seq: i64,
    time: i64,
    actor_kind: String,
    actor_id: Option<String>,
    actor_name: Option<String>,
    action: String,
    object_type: Option<String>,
    object_key: Option<String>,
    object_rev: Option<i64>,
    hash: String,
}

/// The newest entries of the workspace's chain, newest first.
pub(crate) async fn newest(tx: &mut Tx, permit: &Permit, most: u32) -> Result<Vec<AuditLine>, StoreError> {
    let lines = rows!(tx, LineRow, NEWEST, permit.workspace(), i64::from(most))?;
    Ok(lines.into_iter().map(LineRow::told).collect())
}

/// The newest entries of the workspace's chain that are about one object, newest first.
pub(crate) async fn newest_of(
    tx: &mut Tx,
    permit: &Permit,
    object: &ObjectRef,
    most: u32,
) -> Result<Vec<AuditLine>, StoreError> {
    let (kind, key) = (object.kind().as_str(), object.key());
    let lines = rows!(tx, LineRow, NEWEST_OF, permit.workspace(), kind, key.as_str(), i64::from(most))?;
    Ok(lines.into_iter().map(LineRow::told).collect())
}

impl LineRow {
    fn told(self) -> AuditLine {
        AuditLine {
            sequence: self.seq,
            at: Timestamp(self.time),
            actor: self.actor_name.or(self.actor_id).unwrap_or(self.actor_kind),
            action: self.action,
            revision: self.object_rev.map(Revision),
            object: self.object_type.map(|kind| match self.object_key {
                Some(key) => format!("{kind} {key}"),
                None => kind,
            }),
            hash: self.hash,
        }
    }
}
