//! Receipts: what the write that made a revision did, kept so that it can be told after a redirect.

use domain::command::{Receipt, Revision};
use domain::id::{FlowId, SystemId};
use domain::scope::delta::CategoryChange;
use domain::scope::explain::{Part, Sentence};
use domain::scope::verdict::{Category, Sub};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::{Tx, row, rows, run};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::{Reader, position_column, statements};

statements! {
    PUT = "INSERT INTO change_receipt (workspace_id, revision, objects, scope_changes, made_at) \
        VALUES ($1, $2, $3, $4, $5)";
    BY_REVISION = "SELECT objects, scope_changes FROM change_receipt WHERE workspace_id = $1 AND revision = $2";
    MOVES = "SELECT revision, scope_changes FROM change_receipt WHERE workspace_id = $1 AND scope_changes <> '[]' \
        ORDER BY revision DESC LIMIT 1000";
    MOVES_SINCE = "SELECT revision, scope_changes FROM change_receipt WHERE workspace_id = $1 AND made_at >= $2 \
        AND scope_changes <> '[]' ORDER BY revision DESC LIMIT 200";
}

/// A change of category as the column holds it.
#[derive(Serialize, Deserialize)]
struct ChangeColumn {
    system: SystemId,
    name: String,
    before: Option<(Category, Option<Sub>)>,
    after: Option<(Category, Option<Sub>)>,
    because: Vec<Vec<PartColumn>>,
}

/// A part of a sentence as the column holds it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PartColumn {
    Text(String),
    System(SystemId, String),
    Flow(FlowId, String),
}

pub(crate) async fn put(tx: &mut Tx, permit: &Permit, now: Timestamp, receipt: &Receipt) -> Result<(), StoreError> {
    let changes: Vec<ChangeColumn> = receipt.scope_changes.iter().map(to_column).collect();
    let changes = serde_json::to_string(&changes)?;
    let objects = position_column(receipt.objects)?;
    run!(tx, PUT, permit.workspace(), receipt.revision.0, objects, changes.as_str(), now.0)?;
    Ok(())
}

pub(crate) async fn by_revision(
    tx: &mut Tx,
    permit: &Permit,
    revision: Revision,
) -> Result<Option<Receipt>, StoreError> {
    let Some((objects, changes)) = row!(tx, (i64, String), BY_REVISION, permit.workspace(), revision.0)? else {
        return Ok(None);
    };
    let row = revision.0.to_string();
    let read = Reader::new("change_receipt", &row);
    let changes: Vec<ChangeColumn> = serde_json::from_str(&changes).map_err(|_| read.bad("scope_changes"))?;
    Ok(Some(Receipt {
        revision,
        scope_changes: changes.into_iter().map(from_column).collect(),
        objects: usize::try_from(objects).map_err(|_| read.bad("objects"))?,
    }))
}

/// The newest changes of category, the oldest of them first, without their reasons.
pub(crate) async fn moves(tx: &mut Tx, permit: &Permit) -> Result<Vec<CategoryChange>, StoreError> {
    read_moves(rows!(tx, (i64, String), MOVES, permit.workspace())?)
}

/// The changes of category since an instant, the oldest of them first, without their reasons.
pub(crate) async fn moves_since(
    tx: &mut Tx,
    permit: &Permit,
    since: Timestamp,
) -> Result<Vec<CategoryChange>, StoreError> {
    read_moves(rows!(tx, (i64, String), MOVES_SINCE, permit.workspace(), since.0)?)
}

fn read_moves(mut found: Vec<(i64, String)>) -> Result<Vec<CategoryChange>, StoreError> {
    found.reverse();
    let mut moves = Vec::new();
    for (revision, changes) in found {
        let row = revision.to_string();
        let read = Reader::new("change_receipt", &row);
        let changes: Vec<ChangeColumn> = serde_json::from_str(&changes).map_err(|_| read.bad("scope_changes"))?;
        moves.extend(changes.into_iter().map(|change| from_column(ChangeColumn { because: Vec::new(), ..change })));
    }
    Ok(moves)
}

fn to_column(change: &CategoryChange) -> ChangeColumn {
    let part = |part: &Part| match part {
        Part::Text(text) => PartColumn::Text(text.clone()),
        Part::System(id, name) => PartColumn::System(id.clone(), name.clone()),
        Part::Flow(id, name) => PartColumn::Flow(id.clone(), name.clone()),
    };
    ChangeColumn {
        system: change.system.clone(),
        name: change.name.clone(),
        before: change.before,
        after: change.after,
        because: change.because.iter().map(|sentence| sentence.0.iter().map(part).collect()).collect(),
    }
}

fn from_column(change: ChangeColumn) -> CategoryChange {
    let part = |part| match part {
        PartColumn::Text(text) => Part::Text(text),
        PartColumn::System(id, name) => Part::System(id, name),
        PartColumn::Flow(id, name) => Part::Flow(id, name),
    };
    CategoryChange {
        system: change.system,
        name: change.name,
        before: change.before,
        after: change.after,
        because: change.because.into_iter().map(|parts| Sentence(parts.into_iter().map(part).collect())).collect(),
    }
}
