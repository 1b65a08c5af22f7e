//! Systems with what hangs on them: holdings, capabilities, copies, management relations, controls.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::command::Revision;
use domain::id::{DomainId, KeyId, SegmentId, SystemId, VendorId};
use domain::model::object::{Object, ObjectKind};
use domain::model::system::{Capability, CopyOf, ManageTarget, Manages, System};

use super::Loading;
use super::element::{self, Place};
use super::fact::{self, FactIndex};
use crate::db::batch::{Batch, put};
use crate::db::{Tx, rows, run};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::{Reader, count_column, key_or_none, position_column, statements};

statements! {
    SYSTEMS = "SELECT key, rev, name, kind, function, boundary, vendor_key, operated_by, environment, segment_key, \
        lifecycle, disposed, payment_page, relay, sealed_scd, exposure, detect_minutes, undeclared FROM system \
        WHERE workspace_id = $1 ORDER BY key";
    PUT = "INSERT INTO system (workspace_id, key, rev, name, kind, function, boundary, vendor_key, operated_by, \
        environment, segment_key, lifecycle, disposed, payment_page, relay, sealed_scd, exposure, detect_minutes, \
        undeclared) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) \
        ON CONFLICT (workspace_id, key) DO UPDATE SET rev = excluded.rev, name = excluded.name, \
        kind = excluded.kind, function = excluded.function, boundary = excluded.boundary, \
        vendor_key = excluded.vendor_key, operated_by = excluded.operated_by, environment = excluded.environment, \
        segment_key = excluded.segment_key, lifecycle = excluded.lifecycle, disposed = excluded.disposed, \
        payment_page = excluded.payment_page, relay = excluded.relay, sealed_scd = excluded.sealed_scd, \
        exposure = excluded.exposure, detect_minutes = excluded.detect_minutes, undeclared = excluded.undeclared";
    REMOVE = "DELETE FROM system WHERE workspace_id = $1 AND key = $2";

    CAPABILITIES = "SELECT system_key, kind, token_domain FROM capability WHERE workspace_id = $1 \
        ORDER BY system_key, position";
    PUT_CAPABILITY = "INSERT INTO capability (workspace_id, system_key, position, kind, token_domain) \
        VALUES ($1, $2, $3, $4, $5)";
    CLEAR_CAPABILITIES = "DELETE FROM capability WHERE workspace_id = $1 AND system_key = $2";

    COPIES = "SELECT system_key, source_key, encrypt_key FROM copies WHERE workspace_id = $1 \
        ORDER BY system_key, position";
    PUT_COPY = "INSERT INTO copies (workspace_id, system_key, position, source_key, encrypt_key) \
        VALUES ($1, $2, $3, $4, $5)";
    CLEAR_COPIES = "DELETE FROM copies WHERE workspace_id = $1 AND system_key = $2";

    MANAGES = "SELECT system_key, target_system, target_segment, how FROM manages WHERE workspace_id = $1 \
        ORDER BY system_key, position";
    PUT_MANAGES = "INSERT INTO manages (workspace_id, system_key, position, target_system, target_segment, how) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    CLEAR_MANAGES = "DELETE FROM manages WHERE workspace_id = $1 AND system_key = $2";

    CONTROLS = "SELECT system_key, control FROM system_control WHERE workspace_id = $1 ORDER BY system_key, position";
    PUT_CONTROL = "INSERT INTO system_control (workspace_id, system_key, position, control) VALUES ($1, $2, $3, $4)";
    CLEAR_CONTROLS = "DELETE FROM system_control WHERE workspace_id = $1 AND system_key = $2";
}

#[derive(sqlx::FromRow)]
struct SystemRow {
    key: String,
    rev: i64,
    name: String,
    kind: String,
    function: String,
    boundary: String,
    vendor_key: Option<String>,
    operated_by: Option<String>,
    environment: String,
    segment_key: Option<String>,
    lifecycle: String,
    disposed: bool,
    payment_page: String,
    relay: Option<bool>,
    sealed_scd: bool,
    exposure: Option<String>,
    detect_minutes: Option<i64>,
    undeclared: bool,
}

type ManagesRow = (String, Option<String>, Option<String>, String);

pub(super) async fn load(
    tx: &mut Tx,
    permit: &Permit,
    facts: &mut FactIndex,
    loading: &mut Loading,
) -> Result<(), StoreError> {
    let mut holdings = element::load(tx, permit, facts, Place::System).await?;
    let mut capabilities: BTreeMap<String, Vec<Capability>> = BTreeMap::new();
    for (system, kind, domain) in rows!(tx, (String, String, Option<String>), CAPABILITIES, permit.workspace())? {
        let kind = Reader::new("capability", &system).word("kind", &kind)?;
        capabilities.entry(system).or_default().push(Capability { kind, domain: domain.map(DomainId::new) });
    }
    let mut copies: BTreeMap<String, Vec<CopyOf>> = BTreeMap::new();
    for (system, from, key) in rows!(tx, (String, String, Option<String>), COPIES, permit.workspace())? {
        let copy = CopyOf { from: SystemId::new(from), encrypt_key: key.map(KeyId::new) };
        copies.entry(system).or_default().push(copy);
    }
    let mut manages: BTreeMap<String, Vec<Manages>> = BTreeMap::new();
    for (system, target, segment, how) in rows!(tx, ManagesRow, MANAGES, permit.workspace())? {
        let read = Reader::new("manages", &system);
        let how = read.word("how", &how)?;
        let target = match (target, segment) {
            (Some(target), None) => ManageTarget::System(SystemId::new(target)),
            (None, Some(segment)) => ManageTarget::Segment(SegmentId::new(segment)),
            _ => return Err(read.bad("target_system")),
        };
        manages.entry(system).or_default().push(Manages { target, how });
    }
    let mut controls: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (system, control) in rows!(tx, (String, String), CONTROLS, permit.workspace())? {
        controls.entry(system).or_default().push(control);
    }
    for row in rows!(tx, SystemRow, SYSTEMS, permit.workspace())? {
        let read = Reader::new("system", &row.key);
        let system = System {
            kind: read.word("kind", &row.kind)?,
            function: read.word("function", &row.function)?,
            boundary: read.word("boundary", &row.boundary)?,
            environment: read.word("environment", &row.environment)?,
            lifecycle: read.word("lifecycle", &row.lifecycle)?,
            payment_page: read.word("payment_page", &row.payment_page)?,
            exposure: read.word_or_none("exposure", row.exposure.as_deref())?,
            detect_minutes: read.count("detect_minutes", row.detect_minutes)?,
            holdings: holdings.remove(&row.key).unwrap_or_default(),
            capabilities: capabilities.remove(&row.key).unwrap_or_default(),
            copies: copies.remove(&row.key).unwrap_or_default(),
            manages: manages.remove(&row.key).unwrap_or_default(),
            controls: controls.remove(&row.key).unwrap_or_default(),
            facts: facts.take(ObjectKind::System, &row.key),
            id: SystemId::new(row.key.as_str()),
            name: row.name,
            vendor: row.vendor_key.map(VendorId::new),
            operated_by: row.operated_by.map(VendorId::new),
            segment: row.segment_key.map(SegmentId::new),
            disposed: row.disposed,
            relay: row.relay,
            sealed_scd: row.sealed_scd,
            undeclared: row.undeclared,
        };
        loading.add(Object::System(Arc::new(system)), row.rev);
    }
    Ok(())
}

pub(super) async fn put(
    batch: &mut Batch<'_>,
    permit: &Permit,
    revision: Revision,
    it: &System,
    known: bool,
) -> Result<(), StoreError> {
    let key = it.id.as_str();
    if known {
        element::clear(batch.tx(), permit, Place::System, key).await?;
        for clear in [CLEAR_CAPABILITIES, CLEAR_COPIES, CLEAR_MANAGES, CLEAR_CONTROLS] {
            run!(batch.tx(), clear, permit.workspace(), key)?;
        }
    }
    put!(
        batch,
        PUT,
        permit.workspace(),
        key,
        revision.0,
        it.name.as_str(),
        it.kind.as_str(),
        it.function.as_str(),
        it.boundary.as_str(),
        key_or_none!(it.vendor),
        key_or_none!(it.operated_by),
        it.environment.as_str(),
        key_or_none!(it.segment),
        it.lifecycle.as_str(),
        it.disposed,
        it.payment_page.as_str(),
        it.relay,
        it.sealed_scd,
        key_or_none!(it.exposure),
        count_column("detect_minutes", it.detect_minutes)?,
        it.undeclared,
    )?;
    element::put(batch, permit, Place::System, key, &it.holdings).await?;
    for (position, capability) in it.capabilities.iter().enumerate() {
        let (position, kind) = (position_column(position)?, capability.kind.as_str());
        put!(batch, PUT_CAPABILITY, permit.workspace(), key, position, kind, key_or_none!(capability.domain))?;
    }
    for (position, copy) in it.copies.iter().enumerate() {
        let (position, from) = (position_column(position)?, copy.from.as_str());
        put!(batch, PUT_COPY, permit.workspace(), key, position, from, key_or_none!(copy.encrypt_key))?;
    }
    for (position, manages) in it.manages.iter().enumerate() {
        let (system, segment) = match &manages.target {
            ManageTarget::System(id) => (Some(id.as_str()), None),
            ManageTarget::Segment(id) => (None, Some(id.as_str())),
        };
        let position = position_column(position)?;
        put!(batch, PUT_MANAGES, permit.workspace(), key, position, system, segment, manages.how.as_str())?;
    }
    for (position, control) in it.controls.iter().enumerate() {
        put!(batch, PUT_CONTROL, permit.workspace(), key, position_column(position)?, control.as_str())?;
    }
    fact::put(batch, permit, ObjectKind::System, key, &it.facts).await
}

/// Removes a system; its parts go with it.
pub(super) async fn remove(tx: &mut Tx, permit: &Permit, id: &SystemId) -> Result<(), StoreError> {
    run!(tx, REMOVE, permit.workspace(), id.as_str())?;
    Ok(())
}
