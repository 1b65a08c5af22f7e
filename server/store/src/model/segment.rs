//! Segments, the links between them, and controls.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::command::Revision;
use domain::id::{ControlId, SegmentId};
use domain::model::object::{Object, ObjectKind, ObjectRef};
use domain::model::segment::{Control, Link, LinkKey, Segment};

use super::Loading;
use super::fact::{self, FactIndex};
use crate::db::batch::{Batch, put};
use crate::db::{Tx, rows, run};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::{Reader, count_column, day_column, key_or_none, list_column, position_column, statements};

statements! {
    SEGMENTS = "SELECT key, rev, name, trust, microsegmented FROM segment WHERE workspace_id = $1 ORDER BY key";
    PUT_SEGMENT = "INSERT INTO segment (workspace_id, key, rev, name, trust, microsegmented) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace_id, key) DO UPDATE SET rev = excluded.rev, \
        name = excluded.name, trust = excluded.trust, microsegmented = excluded.microsegmented";
    REMOVE_SEGMENT = "DELETE FROM segment WHERE workspace_id = $1 AND key = $2";

    LINKS = "SELECT a, b, rev, policy, control_key FROM link WHERE workspace_id = $1 ORDER BY a, b";
    PUT_LINK = "INSERT INTO link (workspace_id, a, b, rev, policy, control_key) VALUES ($1, $2, $3, $4, $5, $6) \
        ON CONFLICT (workspace_id, a, b) DO UPDATE SET rev = excluded.rev, policy = excluded.policy, \
        control_key = excluded.control_key";
    REMOVE_LINK = "DELETE FROM link WHERE workspace_id = $1 AND a = $2 AND b = $3";

    CONTROLS = "SELECT key, rev, name, kind, applies_to, mode, status, last_change, last_review, last_tested, \
        frequency_days, report_ref FROM control WHERE workspace_id = $1 ORDER BY key";
    PUT_CONTROL = "INSERT INTO control (workspace_id, key, rev, name, kind, applies_to, mode, status, last_change, \
        last_review, last_tested, frequency_days, report_ref) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
        ON CONFLICT (workspace_id, key) DO UPDATE SET rev = excluded.rev, name = excluded.name, \
        kind = excluded.kind, applies_to = excluded.applies_to, mode = excluded.mode, status = excluded.status, \
        last_change = excluded.last_change, last_review = excluded.last_review, \
        last_tested = excluded.last_tested, frequency_days = excluded.frequency_days, \
        report_ref = excluded.report_ref";
    REMOVE_CONTROL = "DELETE FROM control WHERE workspace_id = $1 AND key = $2";
    BETWEEN = "SELECT control_key, segment_key FROM control_between WHERE workspace_id = $1 \
        ORDER BY control_key, position";
    PUT_BETWEEN = "INSERT INTO control_between (workspace_id, control_key, position, segment_key) \
        VALUES ($1, $2, $3, $4)";
    CLEAR_BETWEEN = "DELETE FROM control_between WHERE workspace_id = $1 AND control_key = $2";
}

#[derive(sqlx::FromRow)]
struct SegmentRow {
    key: String,
    rev: i64,
    name: String,
    trust: String,
    microsegmented: bool,
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    a: String,
    b: String,
    rev: i64,
    policy: String,
    control_key: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ControlRow {
    key: String,
    rev: i64,
    name: String,
    kind: String,
    applies_to: String,
    mode: String,
    status: String,
    last_change: Option<i64>,
    last_review: Option<i64>,
    last_tested: Option<i64>,
    frequency_days: Option<i64>,
    report_ref: Option<String>,
}

pub(super) async fn load(
    tx: &mut Tx,
    permit: &Permit,
    facts: &mut FactIndex,
    loading: &mut Loading,
) -> Result<(), StoreError> {
    for row in rows!(tx, SegmentRow, SEGMENTS, permit.workspace())? {
        let segment = Segment {
            trust: Reader::new("segment", &row.key).word("trust", &row.trust)?,
            facts: facts.take(ObjectKind::Segment, &row.key),
            id: SegmentId::new(row.key),
            name: row.name,
            microsegmented: row.microsegmented,
        };
        loading.add(Object::Segment(Arc::new(segment)), row.rev);
    }
    for row in rows!(tx, LinkRow, LINKS, permit.workspace())? {
        let policy = Reader::new("link", &row.a).word("policy", &row.policy)?;
        let key = LinkKey::new(SegmentId::new(row.a), SegmentId::new(row.b));
        let facts = facts.take(ObjectKind::Link, &fact::owner_key(&ObjectRef::Link(key.clone())));
        let link = Link { key, policy, control: row.control_key.map(ControlId::new), facts };
        loading.add(Object::Link(Arc::new(link)), row.rev);
    }
    let mut between: BTreeMap<String, Vec<SegmentId>> = BTreeMap::new();
    for (control, segment) in rows!(tx, (String, String), BETWEEN, permit.workspace())? {
        between.entry(control).or_default().push(SegmentId::new(segment));
    }
    for row in rows!(tx, ControlRow, CONTROLS, permit.workspace())? {
        let read = Reader::new("control", &row.key);
        let control = Control {
            kind: read.word("kind", &row.kind)?,
            between: between.remove(&row.key).unwrap_or_default(),
            applies_to: read.list("applies_to", &row.applies_to)?,
            mode: read.word("mode", &row.mode)?,
            status: read.word("status", &row.status)?,
            last_change: read.day("last_change", row.last_change)?,
            last_review: read.day("last_review", row.last_review)?,
            last_tested: read.day("last_tested", row.last_tested)?,
            frequency_days: read.count("frequency_days", row.frequency_days)?,
            facts: facts.take(ObjectKind::Control, &row.key),
            id: ControlId::new(row.key.as_str()),
            name: row.name,
            report_ref: row.report_ref,
        };
        loading.add(Object::Control(Arc::new(control)), row.rev);
    }
    Ok(())
}

pub(super) async fn put(
    batch: &mut Batch<'_>,
    permit: &Permit,
    revision: Revision,
    it: &Segment,
) -> Result<(), StoreError> {
    put!(
        batch,
        PUT_SEGMENT,
        permit.workspace(),
        it.id.as_str(),
        revision.0,
        it.name.as_str(),
        it.trust.as_str(),
        it.microsegmented,
    )?;
    fact::put(batch, permit, ObjectKind::Segment, it.id.as_str(), &it.facts).await
}

pub(super) async fn remove(tx: &mut Tx, permit: &Permit, id: &SegmentId) -> Result<(), StoreError> {
    run!(tx, REMOVE_SEGMENT, permit.workspace(), id.as_str())?;
    Ok(())
}

pub(super) async fn put_link(
    batch: &mut Batch<'_>,
    permit: &Permit,
    revision: Revision,
    it: &Link,
) -> Result<(), StoreError> {
    let (a, b) = (it.key.a().as_str(), it.key.b().as_str());
    let control = key_or_none!(it.control);
    put!(batch, PUT_LINK, permit.workspace(), a, b, revision.0, it.policy.as_str(), control)?;
    fact::put(batch, permit, ObjectKind::Link, &fact::owner_key(&ObjectRef::Link(it.key.clone())), &it.facts).await
}

pub(super) async fn remove_link(tx: &mut Tx, permit: &Permit, key: &LinkKey) -> Result<(), StoreError> {
    run!(tx, REMOVE_LINK, permit.workspace(), key.a().as_str(), key.b().as_str())?;
    Ok(())
}

pub(super) async fn put_control(
    batch: &mut Batch<'_>,
    permit: &Permit,
    revision: Revision,
    it: &Control,
    known: bool,
) -> Result<(), StoreError> {
    let key = it.id.as_str();
    let applies_to = list_column(it.applies_to.iter().map(String::as_str))?;
    if known {
        run!(batch.tx(), CLEAR_BETWEEN, permit.workspace(), key)?;
    }
    put!(
        batch,
        PUT_CONTROL,
        permit.workspace(),
        key,
        revision.0,
        it.name.as_str(),
        it.kind.as_str(),
        applies_to.as_str(),
        it.mode.as_str(),
        it.status.as_str(),
        day_column(it.last_change),
        day_column(it.last_review),
        day_column(it.last_tested),
        count_column("frequency_days", it.frequency_days)?,
        it.report_ref.as_deref(),
    )?;
    for (position, segment) in it.between.iter().enumerate() {
        put!(batch, PUT_BETWEEN, permit.workspace(), key, position_column(position)?, segment.as_str())?;
    }
    fact::put(batch, permit, ObjectKind::Control, key, &it.facts).await
}

pub(super) async fn remove_control(tx: &mut Tx, permit: &Permit, id: &ControlId) -> Result<(), StoreError> {
    run!(tx, REMOVE_CONTROL, permit.workspace(), id.as_str())?;
    Ok(())
}
