//! Flows with their fields, wire names and the nodes on their way.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::command::Revision;
use domain::id::{ConnectorId, ControlId, CredentialId, FlowId, SystemId};
use domain::model::flow::{Flow, FlowControl, Via, WireName};
use domain::model::object::{Object, ObjectKind};

use super::Loading;
use super::element::{self, Place};
use super::fact::{self, FactIndex};
use crate::db::batch::{Batch, put};
use crate::db::{Tx, rows, run};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::{Reader, count_column, key_or_none, list_column, position_column, statements};

statements! {
    FLOWS = "SELECT key, rev, name, from_key, to_key, kind, protocol, auth, credential_key, encryption, initiator, \
        channel, access, control_record, control_kind, control_status, stage, page_key, connector, action, sync, \
        latency_seconds, period_minutes FROM flow WHERE workspace_id = $1 ORDER BY key";
    PUT = "INSERT INTO flow (workspace_id, key, rev, name, from_key, to_key, kind, protocol, auth, credential_key, \
        encryption, initiator, channel, access, control_record, control_kind, control_status, stage, page_key, \
        connector, action, sync, latency_seconds, period_minutes) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, \
        $22, $23, $24) \
        ON CONFLICT (workspace_id, key) DO UPDATE SET rev = excluded.rev, name = excluded.name, \
        from_key = excluded.from_key, to_key = excluded.to_key, kind = excluded.kind, \
        protocol = excluded.protocol, auth = excluded.auth, credential_key = excluded.credential_key, \
        encryption = excluded.encryption, initiator = excluded.initiator, channel = excluded.channel, \
        access = excluded.access, control_record = excluded.control_record, \
        control_kind = excluded.control_kind, control_status = excluded.control_status, stage = excluded.stage, \
        page_key = excluded.page_key, connector = excluded.connector, action = excluded.action, \
        sync = excluded.sync, latency_seconds = excluded.latency_seconds, \
        period_minutes = excluded.period_minutes";
    REMOVE = "DELETE FROM flow WHERE workspace_id = $1 AND key = $2";

    WIRE_NAMES = "SELECT flow_key, name, dismissed FROM wire_name WHERE workspace_id = $1 ORDER BY flow_key, position";
    PUT_WIRE_NAME = "INSERT INTO wire_name (workspace_id, flow_key, position, name, dismissed) \
        VALUES ($1, $2, $3, $4, $5)";
    CLEAR_WIRE_NAMES = "DELETE FROM wire_name WHERE workspace_id = $1 AND flow_key = $2";

    VIA = "SELECT flow_key, node_key, mode FROM via WHERE workspace_id = $1 ORDER BY flow_key, position";
    PUT_VIA = "INSERT INTO via (workspace_id, flow_key, position, node_key, mode) VALUES ($1, $2, $3, $4, $5)";
    CLEAR_VIA = "DELETE FROM via WHERE workspace_id = $1 AND flow_key = $2";
}

#[derive(sqlx::FromRow)]
struct FlowRow {
    key: String,
    rev: i64,
    name: String,
    from_key: String,
    to_key: String,
    kind: String,
    protocol: String,
    auth: String,
    credential_key: Option<String>,
    encryption: String,
    initiator: String,
    channel: String,
    access: String,
    control_record: Option<String>,
    control_kind: Option<String>,
    control_status: Option<String>,
    stage: String,
    page_key: Option<String>,
    connector: Option<String>,
    action: String,
    sync: Option<String>,
    latency_seconds: Option<i64>,
    period_minutes: Option<i64>,
}

pub(super) async fn load(
    tx: &mut Tx,
    permit: &Permit,
    facts: &mut FactIndex,
    loading: &mut Loading,
) -> Result<(), StoreError> {
    let mut fields = element::load(tx, permit, facts, Place::Flow).await?;
    let mut wire_names: BTreeMap<String, Vec<WireName>> = BTreeMap::new();
    for (flow, name, dismissed) in rows!(tx, (String, String, bool), WIRE_NAMES, permit.workspace())? {
        wire_names.entry(flow).or_default().push(WireName { name, dismissed });
    }
    let mut via: BTreeMap<String, Vec<Via>> = BTreeMap::new();
    for (flow, node, mode) in rows!(tx, (String, String, String), VIA, permit.workspace())? {
        let mode = Reader::new("via", &flow).word("mode", &mode)?;
        via.entry(flow).or_default().push(Via { node: SystemId::new(node), mode });
    }
    for row in rows!(tx, FlowRow, FLOWS, permit.workspace())? {
        let read = Reader::new("flow", &row.key);
        let control = match (row.control_record, row.control_kind, row.control_status) {
            (None, None, None) => None,
            (Some(record), None, None) => Some(FlowControl::Record(ControlId::new(record))),
            (None, Some(kind), Some(status)) => {
                Some(FlowControl::Inline { kind, status: read.word("control_status", &status)? })
            }
            _ => return Err(read.bad("control_record")),
        };
        let flow = Flow {
            kind: read.word("kind", &row.kind)?,
            fields: fields.remove(&row.key).unwrap_or_default(),
            wire_names: wire_names.remove(&row.key).unwrap_or_default(),
            protocol: read.word("protocol", &row.protocol)?,
            auth: read.word("auth", &row.auth)?,
            encryption: read.word("encryption", &row.encryption)?,
            initiator: read.word("initiator", &row.initiator)?,
            channel: read.word("channel", &row.channel)?,
            access: read.word("access", &row.access)?,
            control,
            via: via.remove(&row.key).unwrap_or_default(),
            stage: read.word("stage", &row.stage)?,
            action: read.words("action", &row.action)?,
            sync: read.word_or_none("sync", row.sync.as_deref())?,
            latency_seconds: read.count("latency_seconds", row.latency_seconds)?,
            period_minutes: read.count("period_minutes", row.period_minutes)?,
            facts: facts.take(ObjectKind::Flow, &row.key),
            id: FlowId::new(row.key.as_str()),
            name: row.name,
            from: SystemId::new(row.from_key),
            to: SystemId::new(row.to_key),
            credential: row.credential_key.map(CredentialId::new),
            page: row.page_key.map(SystemId::new),
            connector: row.connector.map(ConnectorId::new),
        };
        loading.add(Object::Flow(Arc::new(flow)), row.rev);
    }
    Ok(())
}

pub(super) async fn put(
    batch: &mut Batch<'_>,
    permit: &Permit,
    revision: Revision,
    it: &Flow,
    known: bool,
) -> Result<(), StoreError> {
    let key = it.id.as_str();
    if known {
        element::clear(batch.tx(), permit, Place::Flow, key).await?;
        for clear in [CLEAR_WIRE_NAMES, CLEAR_VIA] {
            run!(batch.tx(), clear, permit.workspace(), key)?;
        }
    }
    let (record, kind, status) = match &it.control {
        None => (None, None, None),
        Some(FlowControl::Record(id)) => (Some(id.as_str()), None, None),
        Some(FlowControl::Inline { kind, status }) => (None, Some(kind.as_str()), Some(status.as_str())),
    };
    let action = list_column(it.action.iter().map(|action| action.as_str()))?;
    put!(
        batch,
        PUT,
        permit.workspace(),
        key,
        revision.0,
        it.name.as_str(),
        it.from.as_str(),
        it.to.as_str(),
        it.kind.as_str(),
        it.protocol.as_str(),
        it.auth.as_str(),
        key_or_none!(it.credential),
        it.encryption.as_str(),
        it.initiator.as_str(),
        it.channel.as_str(),
        it.access.as_str(),
        record,
        kind,
        status,
        it.stage.as_str(),
        key_or_none!(it.page),
        key_or_none!(it.connector),
        action.as_str(),
        key_or_none!(it.sync),
        count_column("latency_seconds", it.latency_seconds)?,
        count_column("period_minutes", it.period_minutes)?,
    )?;
    element::put(batch, permit, Place::Flow, key, &it.fields).await?;
    for (position, wire) in it.wire_names.iter().enumerate() {
        let position = position_column(position)?;
        put!(batch, PUT_WIRE_NAME, permit.workspace(), key, position, wire.name.as_str(), wire.dismissed)?;
    }
    for (position, via) in it.via.iter().enumerate() {
        let position = position_column(position)?;
        put!(batch, PUT_VIA, permit.workspace(), key, position, via.node.as_str(), via.mode.as_str())?;
    }
    fact::put(batch, permit, ObjectKind::Flow, key, &it.facts).await
}

/// Removes a flow; its parts go with it.
pub(super) async fn remove(tx: &mut Tx, permit: &Permit, id: &FlowId) -> Result<(), StoreError> {
    run!(tx, REMOVE, permit.workspace(), id.as_str())?;
    Ok(())
}
