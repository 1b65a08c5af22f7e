//! Entries of a chain as people read them: filtered, a page at a time, with what was before and after each.

use std::collections::BTreeMap;

use domain::audit::{TrailEntry, TrailFilter, TrailPage, details};
use domain::id::WorkspaceId;
use domain::time::Timestamp;

use super::payload::Personal;
use super::{INSTANCE, workspace_chain};
use crate::db::{Tx, row, rows};
use crate::error::StoreError;
use crate::rows::statements;

statements! {
    /// The day after the last one, and an action with everything below it, come as values of their own.
    PAGE = "SELECT audit_entry.chain, audit_entry.seq, audit_entry.time, audit_entry.actor_kind, audit_entry.actor_id, \
        account.name AS actor_name, audit_entry.action, audit_entry.object_type, audit_entry.object_key, \
        audit_entry.hash, audit_payload.payload FROM audit_entry \
        LEFT JOIN audit_payload ON audit_payload.chain = audit_entry.chain AND audit_payload.seq = audit_entry.seq \
        LEFT JOIN account ON account.key = audit_entry.actor_id \
        WHERE audit_entry.chain = $1 AND audit_entry.seq < $2 AND audit_entry.time >= $3 AND audit_entry.time < $4 \
        AND ($5 = '' OR account.name = $5 OR audit_entry.actor_kind = $5) \
        AND ($6 = '' OR audit_entry.action = $6 OR audit_entry.action LIKE $7) \
        AND ($8 = '' OR audit_entry.object_type = $8) AND ($9 = '' OR audit_entry.object_key = $9) \
        ORDER BY audit_entry.seq DESC LIMIT $10";
    /// What was denied in a workspace: the claim is kept like any text that somebody typed.
    DENIED = "SELECT audit_entry.chain, audit_entry.seq, audit_entry.time, audit_entry.actor_kind, \
        audit_entry.actor_id, account.name AS actor_name, audit_entry.action, audit_entry.object_type, \
        audit_entry.object_key, audit_entry.hash, audit_payload.payload FROM audit_entry \
        JOIN audit_personal ON audit_personal.chain = audit_entry.chain AND audit_personal.seq = audit_entry.seq \
        LEFT JOIN audit_payload ON audit_payload.chain = audit_entry.chain AND audit_payload.seq = audit_entry.seq \
        LEFT JOIN account ON account.key = audit_entry.actor_id \
        WHERE audit_entry.chain = $1 AND audit_entry.action = 'access.denied' AND audit_personal.value = $2 \
        AND audit_entry.seq < $3 AND audit_entry.time >= $4 AND audit_entry.time < $5 \
        AND ($6 = '' OR account.name = $6 OR audit_entry.actor_kind = $6) \
        ORDER BY audit_entry.seq DESC LIMIT $7";
    PERSONAL = "SELECT salt, value FROM audit_personal WHERE chain = $1 AND seq = $2 ORDER BY number";
    HEAD = "SELECT seq, hash FROM chain_head WHERE chain = $1";
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    chain: String,
    seq: i64,
    time: i64,
    actor_kind: String,
    actor_id: Option<String>,
    actor_name: Option<String>,
    action: String,
    object_type: Option<String>,
    object_key: Option<String>,
    hash: String,
    payload: Option<String>,
}

/// The name of a chain.
fn chain_of(workspace: Option<&WorkspaceId>) -> String {
    workspace.map_or_else(|| INSTANCE.to_owned(), |key| workspace_chain(key.as_str()))
}

/// The newest entries that a filter lets through, newest first.
pub(crate) async fn page(
    tx: &mut Tx,
    workspace: Option<&WorkspaceId>,
    filter: &TrailFilter,
    most: u32,
) -> Result<TrailPage, StoreError> {
    let before = filter.before.unwrap_or(i64::MAX);
    let from = filter.from.map_or(i64::MIN, |day| day.start().0);
    let until = filter.to.map_or(i64::MAX, |day| day.plus_days(1).start().0);
    let one_more = i64::from(most) + 1;
    let who = filter.who.as_str();
    let mut found = match (filter.denied, workspace) {
        (true, Some(key)) => rows!(tx, EntryRow, DENIED, INSTANCE, key.as_str(), before, from, until, who, one_more)?,
        (denied, _) => {
            let action = if denied { "access.denied" } else { filter.action.as_str() };
            let below = format!("{action}.%");
            let (chain, kind, key) = (chain_of(workspace), filter.kind.as_str(), filter.key.as_str());
            let (chain, below) = (chain.as_str(), below.as_str());
            rows!(tx, EntryRow, PAGE, chain, before, from, until, who, action, below, kind, key, one_more)?
        }
    };
    let shown = usize::try_from(most).unwrap_or(usize::MAX);
    let has_older = found.len() > shown;
    found.truncate(shown);
    let mut entries = Vec::with_capacity(found.len());
    for row in found {
        let personal = rows!(tx, (Vec<u8>, String), PERSONAL, row.chain.as_str(), row.seq)?;
        entries.push(row.told(personal));
    }
    Ok(TrailPage { entries, has_older })
}

/// The number and the hash of the last entry of a chain.
pub(crate) async fn head(tx: &mut Tx, workspace: Option<&WorkspaceId>) -> Result<(i64, String), StoreError> {
    Ok(row!(tx, (i64, String), HEAD, chain_of(workspace).as_str())?.unwrap_or_default())
}

impl EntryRow {
    fn told(self, personal: Vec<(Vec<u8>, String)>) -> TrailEntry {
        let by_hash: BTreeMap<String, String> =
            personal.into_iter().map(|(salt, value)| (Personal::hash(&salt, &value), value)).collect();
        TrailEntry {
            sequence: self.seq,
            at: Timestamp(self.time),
            actor: self.actor_name.or(self.actor_id).unwrap_or(self.actor_kind),
            action: self.action,
            kind: self.object_type,
            key: self.object_key,
            hash: self.hash,
            details: details(self.payload.as_deref().unwrap_or_default(), &by_hash),
        }
    }
}
