//! Registered facts of objects and of their parts.

use std::collections::BTreeMap;

use domain::id::PersonId;
use domain::model::fact::{Fact, Facts};
use domain::model::object::{ObjectKind, ObjectRef};

use crate::db::batch::{Batch, put};
use crate::db::{Tx, rows, run};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::{Reader, day_column, key_or_none, position_column, statements};

statements! {
    OF_WORKSPACE = "SELECT object_kind, object_key, part, name, value, source, as_of, confirmed_by, valid_until \
        FROM fact WHERE workspace_id = $1 ORDER BY object_kind, object_key, part, name";
    INSERT = "INSERT INTO fact (workspace_id, object_kind, object_key, part, name, value, source, as_of, \
        confirmed_by, valid_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// Those of the object itself and of its parts.
    CLEAR = "DELETE FROM fact WHERE workspace_id = $1 AND object_key = $2 AND object_kind IN ($3, $4)";
}

/// The `part` of the facts of an object itself.
const ITSELF: i64 = -1;

#[derive(sqlx::FromRow)]
struct FactRow {
    object_kind: String,
    object_key: String,
    part: i64,
    name: String,
    value: String,
    source: Option<String>,
    as_of: Option<i64>,
    confirmed_by: Option<String>,
    valid_until: Option<i64>,
}

/// All facts of a workspace, to be taken by the objects that they belong to.
pub(crate) struct FactIndex(BTreeMap<(ObjectKind, String, i64), Facts>);

impl FactIndex {
    pub(crate) async fn load(tx: &mut Tx, permit: &Permit) -> Result<Self, StoreError> {
        let mut index: BTreeMap<_, Facts> = BTreeMap::new();
        for row in rows!(tx, FactRow, OF_WORKSPACE, permit.workspace())? {
            let read = Reader::new("fact", &row.object_key);
            let fact = Fact {
                value: serde_json::from_str(&row.value).map_err(|_| read.bad("value"))?,
                source: row.source,
                as_of: read.day("as_of", row.as_of)?,
                confirmed_by: row.confirmed_by.map(PersonId::new),
                valid_until: read.day("valid_until", row.valid_until)?,
            };
            let kind = read.word("object_kind", &row.object_kind)?;
            index.entry((kind, row.object_key, row.part)).or_default().insert(row.name, fact);
        }
        Ok(Self(index))
    }

    /// The facts of an object.
    pub(crate) fn take(&mut self, kind: ObjectKind, key: &str) -> Facts {
        self.0.remove(&(kind, key.to_owned(), ITSELF)).unwrap_or_default()
    }

    /// The facts of the part of an object at a position.
    pub(crate) fn take_part(&mut self, kind: ObjectKind, key: &str, position: i64) -> Facts {
        self.0.remove(&(kind, key.to_owned(), position)).unwrap_or_default()
    }

    /// Every fact must have found its object: one that is left would be lost silently.
    pub(crate) fn assert_empty(&self) -> Result<(), StoreError> {
        self.0.keys().next().map_or(Ok(()), |(kind, key, part)| {
            Err(StoreError::bad_row("fact", "object_key", format!("{kind} {key} part {part}")))
        })
    }
}

/// Writes the facts of an object.
pub(crate) async fn put(
    batch: &mut Batch<'_>,
    permit: &Permit,
    kind: ObjectKind,
    key: &str,
    facts: &Facts,
) -> Result<(), StoreError> {
    insert(batch, permit, kind, key, ITSELF, facts).await
}

/// Writes the facts of the part of an object at a position.
pub(crate) async fn put_part(
    batch: &mut Batch<'_>,
    permit: &Permit,
    kind: ObjectKind,
    key: &str,
    position: usize,
    facts: &Facts,
) -> Result<(), StoreError> {
    insert(batch, permit, kind, key, position_column(position)?, facts).await
}

async fn insert(
    batch: &mut Batch<'_>,
    permit: &Permit,
    kind: ObjectKind,
    key: &str,
    part: i64,
    facts: &Facts,
) -> Result<(), StoreError> {
    for (name, fact) in facts {
        let value = serde_json::to_string(&fact.value)?;
        put!(
            batch,
            INSERT,
            permit.workspace(),
            kind.as_str(),
            key,
            part,
            name.as_str(),
            value.as_str(),
            fact.source.as_deref(),
            day_column(fact.as_of),
            key_or_none!(fact.confirmed_by),
            day_column(fact.valid_until),
        )?;
    }
    Ok(())
}

/// Removes the facts of an object and of its parts.
pub(crate) async fn clear(tx: &mut Tx, permit: &Permit, object: &ObjectRef) -> Result<(), StoreError> {
    let kind = object.kind();
    let parts = match object {
        ObjectRef::System(_) => ObjectKind::Holding,
        ObjectRef::Flow(_) => ObjectKind::FlowField,
        ObjectRef::Credential(_) => ObjectKind::Grant,
        _ => kind,
    };
    let key = owner_key(object);
    run!(tx, CLEAR, permit.workspace(), key.as_str(), kind.as_str(), parts.as_str())?;
    Ok(())
}

/// The key under which an object's facts stand. A link's is written so that a `/` in a segment's key is no
/// boundary.
pub(super) fn owner_key(object: &ObjectRef) -> String {
    match object {
        ObjectRef::Link(key) => serde_json::json!([key.a(), key.b()]).to_string(),
        object => object.key(),
    }
}
