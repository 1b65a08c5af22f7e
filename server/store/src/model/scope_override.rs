//! People's own scope decisions.

use std::sync::Arc;

use domain::command::Revision;
use domain::id::SystemId;
use domain::model::object::Object;
use domain::model::settings::{Override, OverrideKey};

use super::Loading;
use crate::db::batch::{Batch, put};
use crate::db::{Tx, rows, run};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::{Reader, day_column, list_column, statements};

statements! {
    OVERRIDES = "SELECT system_key, number, rev, category, justification, evidence, author, approver, role, \
        decided_at, expires, fingerprint, stale FROM scope_override WHERE workspace_id = $1 \
        ORDER BY system_key, number";
    PUT = "INSERT INTO scope_override (workspace_id, system_key, number, rev, category, justification, evidence, \
        author, approver, role, decided_at, expires, fingerprint, stale) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
        ON CONFLICT (workspace_id, system_key, number) DO UPDATE SET rev = excluded.rev, \
        category = excluded.category, justification = excluded.justification, evidence = excluded.evidence, \
        author = excluded.author, approver = excluded.approver, role = excluded.role, \
        decided_at = excluded.decided_at, expires = excluded.expires, fingerprint = excluded.fingerprint, \
        stale = excluded.stale";
    REMOVE = "DELETE FROM scope_override WHERE workspace_id = $1 AND system_key = $2 AND number = $3";
}

#[derive(sqlx::FromRow)]
struct OverrideRow {
    system_key: String,
    number: i64,
    rev: i64,
    category: String,
    justification: String,
    evidence: String,
    author: Option<String>,
    approver: Option<String>,
    role: Option<String>,
    decided_at: Option<i64>,
    expires: Option<i64>,
    fingerprint: Option<String>,
    stale: bool,
}

pub(super) async fn load(tx: &mut Tx, permit: &Permit, loading: &mut Loading) -> Result<(), StoreError> {
    for row in rows!(tx, OverrideRow, OVERRIDES, permit.workspace())? {
        let read = Reader::new("scope_override", &row.system_key);
        let decision = Override {
            category: read.word("category", &row.category)?,
            evidence: read.list("evidence", &row.evidence)?,
            decided_at: read.day("decided_at", row.decided_at)?,
            expires: read.day("expires", row.expires)?,
            key: OverrideKey {
                number: u32::try_from(row.number).map_err(|_| read.bad("number"))?,
                system: SystemId::new(row.system_key.as_str()),
            },
            justification: row.justification,
            author: row.author,
            approver: row.approver,
            role: row.role,
            fingerprint: row.fingerprint,
            stale: row.stale,
        };
        loading.add(Object::Override(Arc::new(decision)), row.rev);
    }
    Ok(())
}

pub(super) async fn put(
    batch: &mut Batch<'_>,
    permit: &Permit,
    revision: Revision,
    it: &Override,
) -> Result<(), StoreError> {
    let evidence = list_column(it.evidence.iter().map(String::as_str))?;
    put!(
        batch,
        PUT,
        permit.workspace(),
        it.key.system.as_str(),
        i64::from(it.key.number),
        revision.0,
        it.category.as_str(),
        it.justification.as_str(),
        evidence.as_str(),
        it.author.as_deref(),
        it.approver.as_deref(),
        it.role.as_deref(),
        day_column(it.decided_at),
        day_column(it.expires),
        it.fingerprint.as_deref(),
        it.stale,
    )?;
    Ok(())
}

pub(super) async fn remove(tx: &mut Tx, permit: &Permit, key: &OverrideKey) -> Result<(), StoreError> {
    run!(tx, REMOVE, permit.workspace(), key.system.as_str(), i64::from(key.number))?;
    Ok(())
}
