//! Cryptographic keys with their holders, and credentials with their grants.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::command::Revision;
use domain::id::{CredentialId, DomainId, ElementId, KeyId, SystemId};
use domain::model::credential::{Credential, Grant, Key};
use domain::model::object::{Object, ObjectKind};

use super::Loading;
use super::fact::{self, FactIndex};
use crate::db::batch::{Batch, put};
use crate::db::{Tx, rows, run};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::{Reader, count_column, key_or_none, list_column, position_column, statements};

statements! {
    KEYS = "SELECT key, rev, name, usage, p2pe_listed, attested FROM crypto_key WHERE workspace_id = $1 ORDER BY key";
    PUT_KEY = "INSERT INTO crypto_key (workspace_id, key, rev, name, usage, p2pe_listed, attested) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (workspace_id, key) DO UPDATE SET rev = excluded.rev, \
        name = excluded.name, usage = excluded.usage, p2pe_listed = excluded.p2pe_listed, \
        attested = excluded.attested";
    REMOVE_KEY = "DELETE FROM crypto_key WHERE workspace_id = $1 AND key = $2";
    HOLDERS = "SELECT crypto_key, system_key FROM crypto_key_holder WHERE workspace_id = $1 \
        ORDER BY crypto_key, system_key";
    PUT_HOLDER = "INSERT INTO crypto_key_holder (workspace_id, crypto_key, system_key) VALUES ($1, $2, $3)";
    CLEAR_HOLDERS = "DELETE FROM crypto_key_holder WHERE workspace_id = $1 AND crypto_key = $2";

    CREDENTIALS = "SELECT key, rev, name, kind, bound, mfa, ttl_minutes, non_exportable, shared, location \
        FROM credential WHERE workspace_id = $1 ORDER BY key";
    PUT_CREDENTIAL = "INSERT INTO credential (workspace_id, key, rev, name, kind, bound, mfa, ttl_minutes, \
        non_exportable, shared, location) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
        ON CONFLICT (workspace_id, key) DO UPDATE SET rev = excluded.rev, name = excluded.name, \
        kind = excluded.kind, bound = excluded.bound, mfa = excluded.mfa, ttl_minutes = excluded.ttl_minutes, \
        non_exportable = excluded.non_exportable, shared = excluded.shared, location = excluded.location";
    REMOVE_CREDENTIAL = "DELETE FROM credential WHERE workspace_id = $1 AND key = $2";
    HELD_BY = "SELECT credential_key, system_key FROM credential_held_by WHERE workspace_id = $1 \
        ORDER BY credential_key, system_key";
    PUT_HELD_BY = "INSERT INTO credential_held_by (workspace_id, credential_key, system_key) VALUES ($1, $2, $3)";
    CLEAR_HELD_BY = "DELETE FROM credential_held_by WHERE workspace_id = $1 AND credential_key = $2";
    BOUND_TO = "SELECT credential_key, system_key FROM credential_bound_to WHERE workspace_id = $1 \
        ORDER BY credential_key, system_key";
    PUT_BOUND_TO = "INSERT INTO credential_bound_to (workspace_id, credential_key, system_key) VALUES ($1, $2, $3)";
    CLEAR_BOUND_TO = "DELETE FROM credential_bound_to WHERE workspace_id = $1 AND credential_key = $2";
    GRANTS = "SELECT credential_key, position, system_key, privilege, action, elements, token_domain \
        FROM credential_grant WHERE workspace_id = $1 ORDER BY credential_key, position";
    PUT_GRANT = "INSERT INTO credential_grant (workspace_id, credential_key, position, system_key, privilege, action, \
        elements, token_domain) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    CLEAR_GRANTS = "DELETE FROM credential_grant WHERE workspace_id = $1 AND credential_key = $2";
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    key: String,
    rev: i64,
    name: String,
    usage: String,
    p2pe_listed: bool,
    attested: bool,
}

#[derive(sqlx::FromRow)]
struct CredentialRow {
    key: String,
    rev: i64,
    name: String,
    kind: String,
    bound: bool,
    mfa: bool,
    ttl_minutes: Option<i64>,
    non_exportable: bool,
    shared: bool,
    location: String,
}

#[derive(sqlx::FromRow)]
struct GrantRow {
    credential_key: String,
    position: i64,
    system_key: String,
    privilege: String,
    action: String,
    elements: Option<String>,
    token_domain: Option<String>,
}

type SystemsByKey = BTreeMap<String, BTreeSet<SystemId>>;

fn by_key(rows: Vec<(String, String)>) -> SystemsByKey {
    let mut systems = SystemsByKey::new();
    for (key, system) in rows {
        systems.entry(key).or_default().insert(SystemId::new(system));
    }
    systems
}

pub(super) async fn load(
    tx: &mut Tx,
    permit: &Permit,
    facts: &mut FactIndex,
    loading: &mut Loading,
) -> Result<(), StoreError> {
    let mut holders = by_key(rows!(tx, (String, String), HOLDERS, permit.workspace())?);
    for row in rows!(tx, KeyRow, KEYS, permit.workspace())? {
        let key = Key {
            usage: Reader::new("crypto_key", &row.key).word("usage", &row.usage)?,
            holders: holders.remove(&row.key).unwrap_or_default(),
            facts: facts.take(ObjectKind::Key, &row.key),
            id: KeyId::new(row.key),
            name: row.name,
            p2pe_listed: row.p2pe_listed,
            attested: row.attested,
        };
        loading.add(Object::Key(Arc::new(key)), row.rev);
    }
    let mut held_by = by_key(rows!(tx, (String, String), HELD_BY, permit.workspace())?);
    let mut bound_to = by_key(rows!(tx, (String, String), BOUND_TO, permit.workspace())?);
    let mut grants = load_grants(tx, permit, facts).await?;
    for row in rows!(tx, CredentialRow, CREDENTIALS, permit.workspace())? {
        let read = Reader::new("credential", &row.key);
        let bound_to = bound_to.remove(&row.key).unwrap_or_default();
        let credential = Credential {
            kind: read.word("kind", &row.kind)?,
            location: read.word("location", &row.location)?,
            ttl_minutes: read.count("ttl_minutes", row.ttl_minutes)?,
            held_by: held_by.remove(&row.key).unwrap_or_default(),
            grants: grants.remove(&row.key).unwrap_or_default(),
            bound_to: row.bound.then_some(bound_to),
            facts: facts.take(ObjectKind::Credential, &row.key),
            id: CredentialId::new(row.key.as_str()),
            name: row.name,
            mfa: row.mfa,
            non_exportable: row.non_exportable,
            shared: row.shared,
        };
        loading.add(Object::Credential(Arc::new(credential)), row.rev);
    }
    Ok(())
}

async fn load_grants(
    tx: &mut Tx,
    permit: &Permit,
    facts: &mut FactIndex,
) -> Result<BTreeMap<String, Vec<Grant>>, StoreError> {
    let mut grants: BTreeMap<String, Vec<Grant>> = BTreeMap::new();
    for row in rows!(tx, GrantRow, GRANTS, permit.workspace())? {
        let read = Reader::new("credential_grant", &row.credential_key);
        let elements = row.elements.as_deref().map(|json| read.list("elements", json)).transpose()?;
        let grant = Grant {
            privilege: read.word("privilege", &row.privilege)?,
            action: read.words("action", &row.action)?,
            elements: elements.map(|elements| elements.into_iter().map(ElementId::new).collect()),
            facts: facts.take_part(ObjectKind::Grant, &row.credential_key, row.position),
            on: SystemId::new(row.system_key),
            domain: row.token_domain.map(DomainId::new),
        };
        grants.entry(row.credential_key).or_default().push(grant);
    }
    Ok(grants)
}

pub(super) async fn put_key(
    batch: &mut Batch<'_>,
    permit: &Permit,
    revision: Revision,
    it: &Key,
    known: bool,
) -> Result<(), StoreError> {
    let key = it.id.as_str();
    if known {
        run!(batch.tx(), CLEAR_HOLDERS, permit.workspace(), key)?;
    }
    put!(
        batch,
        PUT_KEY,
        permit.workspace(),
        key,
        revision.0,
        it.name.as_str(),
        it.usage.as_str(),
        it.p2pe_listed,
        it.attested,
    )?;
    for system in &it.holders {
        put!(batch, PUT_HOLDER, permit.workspace(), key, system.as_str())?;
    }
    fact::put(batch, permit, ObjectKind::Key, key, &it.facts).await
}

pub(super) async fn remove_key(tx: &mut Tx, permit: &Permit, id: &KeyId) -> Result<(), StoreError> {
    run!(tx, REMOVE_KEY, permit.workspace(), id.as_str())?;
    Ok(())
}

pub(super) async fn put(
    batch: &mut Batch<'_>,
    permit: &Permit,
    revision: Revision,
    it: &Credential,
    known: bool,
) -> Result<(), StoreError> {
    let key = it.id.as_str();
    if known {
        for clear in [CLEAR_HELD_BY, CLEAR_BOUND_TO, CLEAR_GRANTS] {
            run!(batch.tx(), clear, permit.workspace(), key)?;
        }
    }
    put!(
        batch,
        PUT_CREDENTIAL,
        permit.workspace(),
        key,
        revision.0,
        it.name.as_str(),
        it.kind.as_str(),
        it.bound_to.is_some(),
        it.mfa,
        count_column("ttl_minutes", it.ttl_minutes)?,
        it.non_exportable,
        it.shared,
        it.location.as_str(),
    )?;
    for system in &it.held_by {
        put!(batch, PUT_HELD_BY, permit.workspace(), key, system.as_str())?;
    }
    for system in it.bound_to.iter().flatten() {
        put!(batch, PUT_BOUND_TO, permit.workspace(), key, system.as_str())?;
    }
    for (position, grant) in it.grants.iter().enumerate() {
        let action = list_column(grant.action.iter().map(|action| action.as_str()))?;
        let elements =
            grant.elements.as_ref().map(|them| list_column(them.iter().map(ElementId::as_str))).transpose()?;
        put!(
            batch,
            PUT_GRANT,
            permit.workspace(),
            key,
            position_column(position)?,
            grant.on.as_str(),
            grant.privilege.as_str(),
            action.as_str(),
            elements.as_deref(),
            key_or_none!(grant.domain),
        )?;
        fact::put_part(batch, permit, ObjectKind::Grant, key, position, &grant.facts).await?;
    }
    fact::put(batch, permit, ObjectKind::Credential, key, &it.facts).await
}

pub(super) async fn remove(tx: &mut Tx, permit: &Permit, id: &CredentialId) -> Result<(), StoreError> {
    run!(tx, REMOVE_CREDENTIAL, permit.workspace(), id.as_str())?;
    Ok(())
}
