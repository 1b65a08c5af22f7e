//! Registers of risks that were read from a file: kept for a day, and written all at once.

use std::collections::BTreeMap;

use domain::backend::StagedImport;
use domain::backend::register_imports::{ImportState, ImportedRisks, RegisterImport};
use domain::id::ImportId;
use domain::problem::{FieldCode, Problem};
use domain::risk::RiskKey;
use domain::risk::sheet::Counts;
use domain::time::Timestamp;
use serde_json::json;

use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::clock::random_key;
use crate::db::batch::{Batch, put};
use crate::db::{Tx, row, rows, run};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::gate::Permit;
use crate::rows::{Reader, statements};

statements! {
    INSERT = "INSERT INTO register_import (workspace_id, key, file_name, content, choices, state, total_rows, read_rows, \
        new_rows, changed_rows, unchanged_rows, left_out_rows, created_at, touched_at) \
        VALUES ($1, $2, $3, $4, '', 'waiting', 0, 0, 0, 0, 0, 0, $5, $5)";
    BY_KEY = "SELECT file_name, content, choices, state, total_rows, read_rows, new_rows, changed_rows, unchanged_rows, \
        left_out_rows, touched_at FROM register_import WHERE workspace_id = $1 AND key = $2 AND created_at > $3";
    REMOVE = "DELETE FROM register_import WHERE workspace_id = $1 AND key = $2 \
        AND (state NOT IN ('reading', 'done') OR (state = 'reading' AND touched_at <= $3))";
    REMOVE_OLD = "DELETE FROM register_import WHERE workspace_id = $1 AND created_at <= $2";
    /// Makes room: all but the newest so many go, and what is being read stays.
    REMOVE_ALL_BUT = "DELETE FROM register_import WHERE workspace_id = $1 AND state <> 'reading' AND key NOT IN \
        (SELECT key FROM register_import WHERE workspace_id = $1 ORDER BY created_at DESC, key LIMIT $2)";
    /// Of two who confirm at once the second one touches no row. What nobody went on with broke off.
    BEGIN = "UPDATE register_import SET state = 'reading', choices = $3, total_rows = $4, read_rows = 0, touched_at = $5 \
        WHERE workspace_id = $1 AND key = $2 AND (state NOT IN ('reading', 'done') \
        OR (state = 'reading' AND touched_at <= $6))";
    NOTE = "UPDATE register_import SET read_rows = $3, touched_at = $4 \
        WHERE workspace_id = $1 AND key = $2 AND state = 'reading'";
    END = "UPDATE register_import SET state = $3, touched_at = $4 \
        WHERE workspace_id = $1 AND key = $2 AND state = 'reading'";
    FINISH = "UPDATE register_import SET state = 'done', content = '', choices = '', read_rows = total_rows, \
        new_rows = $3, changed_rows = $4, unchanged_rows = $5, left_out_rows = $6, touched_at = $7 \
        WHERE workspace_id = $1 AND key = $2 AND state = 'reading'";
    REVISIONS = "SELECT number, revision FROM risk WHERE workspace_id = $1";
    PUT_RISK = "INSERT INTO risk (workspace_id, number, revision, content) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (workspace_id, number) DO UPDATE SET revision = excluded.revision, content = excluded.content";
    PUT_VERSION = "INSERT INTO risk_version (workspace_id, number, revision, changed_at, account_id, content) \
        VALUES ($1, $2, $3, $4, $5, $6)";
}

/// How long a register waits, in seconds.
const LIFETIME: i64 = 24 * 3600;

/// After how many seconds without a sign a reading broke off, as a server that ends makes it.
const SILENCE: i64 = 120;

/// Largest table that is kept, in bytes.
const CONTENT_MAX: usize = 48 * 1024 * 1024;

/// How many registers of a workspace wait at once. A new one takes the place of the oldest.
const MOST: i64 = 8;

/// Keeps a table.
pub(crate) async fn stage(
    tx: &mut Tx,
    permit: &Permit,
    now: Timestamp,
    staged: &StagedImport,
) -> Result<ImportId, Failure> {
    if staged.content.len() > CONTENT_MAX {
        return Err(Problem::field("file", FieldCode::TooLong(CONTENT_MAX as u32)).into());
    }
    if staged.content.contains('\0') || staged.file_name.contains('\0') {
        return Err(Problem::field("file", FieldCode::ControlCharacter).into());
    }
    run!(tx, REMOVE_OLD, permit.workspace(), now.plus_seconds(-LIFETIME).0)?;
    run!(tx, REMOVE_ALL_BUT, permit.workspace(), MOST - 1)?;
    let key = random_key::<16>()?;
    let (file_name, content) = (staged.file_name.as_str(), staged.content.as_str());
    run!(tx, INSERT, permit.workspace(), key.as_str(), file_name, content, now.0)?;
    Ok(ImportId::new(key))
}

/// A table that still waits, or what became of it.
pub(crate) async fn one(
    tx: &mut Tx,
    permit: &Permit,
    now: Timestamp,
    import: &ImportId,
) -> Result<RegisterImport, Failure> {
    let Some(key) = plain(import) else { return Err(Problem::NotFound.into()) };
    let found = row!(tx, ImportRow, BY_KEY, permit.workspace(), key, now.plus_seconds(-LIFETIME).0)?;
    Ok(found.ok_or(Failure::Problem(Problem::NotFound))?.read(key, now)?)
}

/// Forgets a table; false where there is none, or it is being read or in the register already.
pub(crate) async fn forget(
    tx: &mut Tx,
    permit: &Permit,
    now: Timestamp,
    import: &ImportId,
) -> Result<bool, StoreError> {
    let Some(key) = plain(import) else { return Ok(false) };
    Ok(run!(tx, REMOVE, permit.workspace(), key, now.plus_seconds(-SILENCE).0)? > 0)
}

/// Begins to read the rows; false where that goes on already, or ended with an import.
pub(crate) async fn begin(
    tx: &mut Tx,
    permit: &Permit,
    now: Timestamp,
    import: &ImportId,
    (choices, rows): (&str, usize),
) -> Result<bool, StoreError> {
    let Some(key) = plain(import) else { return Ok(false) };
    let silent = now.plus_seconds(-SILENCE).0;
    Ok(run!(tx, BEGIN, permit.workspace(), key, choices, number(rows), now.0, silent)? > 0)
}

/// Notes how many rows were read; false where it is not being read any more.
pub(crate) async fn note(
    tx: &mut Tx,
    permit: &Permit,
    now: Timestamp,
    import: &ImportId,
    read: usize,
) -> Result<bool, StoreError> {
    let Some(key) = plain(import) else { return Ok(false) };
    Ok(run!(tx, NOTE, permit.workspace(), key, number(read), now.0)? > 0)
}

/// Ends the reading without an import.
pub(crate) async fn end(
    tx: &mut Tx,
    permit: &Permit,
    now: Timestamp,
    import: &ImportId,
    state: ImportState,
) -> Result<(), StoreError> {
    let Some(key) = plain(import) else { return Ok(()) };
    run!(tx, END, permit.workspace(), key, state.as_str(), now.0).map(drop)
}

/// How often each risk was saved.
pub(crate) async fn revisions(tx: &mut Tx, permit: &Permit) -> Result<BTreeMap<RiskKey, i64>, StoreError> {
    let found = rows!(tx, (i64, i64), REVISIONS, permit.workspace())?;
    let read = |(number, revision): (i64, i64)| {
        let key = u32::try_from(number).map_err(|_| StoreError::bad_row("risk", "number", number.to_string()))?;
        Ok((RiskKey(key), revision))
    };
    found.into_iter().map(read).collect()
}

/// A risk as it is written: its key, how often it was saved when it was looked at, and its content.
pub(crate) type Written = (RiskKey, i64, String);

/// Writes the risks of a register, with one entry in the audit trail; false where somebody stopped it.
pub(crate) async fn write(
    tx: &mut Tx,
    act: &Act<'_>,
    import: &ImportId,
    brought: &ImportedRisks,
    written: &[Written],
) -> Result<bool, Failure> {
    let Act { permit, actor, now } = *act;
    let Some(key) = plain(import) else { return Err(Problem::NotFound.into()) };
    let file_name = one(tx, permit, now, import).await?.file_name;
    let Counts { new, changed, unchanged, rejected } = brought.counts;
    let counts = [new, changed, unchanged, rejected].map(number);
    let [new, changed, unchanged, left_out] = counts;
    // First of all, so that a stop is either before this or too late.
    if run!(tx, FINISH, permit.workspace(), key, new, changed, unchanged, left_out, now.0)? == 0 {
        return Ok(false);
    }
    let known = revisions(tx, permit).await?;
    if written.iter().any(|(key, seen, _)| known.get(key).copied().unwrap_or(0) != *seen) {
        return Err(Problem::Conflict.into());
    }
    let mut batch = Batch::new(tx);
    for (key, seen, content) in written {
        let (number, revision, content) = (i64::from(key.0), seen + 1, content.as_str());
        put!(batch, PUT_RISK, permit.workspace(), number, revision, content)?;
        put!(batch, PUT_VERSION, permit.workspace(), number, revision, now.0, permit.account(), content)?;
    }
    batch.flush().await?;
    // What changes nothing leaves no trace.
    if written.is_empty() {
        return Ok(true);
    }
    let what = json!({
        "rows_sha256": brought.rows_sha256,
        "new": new,
        "changed": changed,
        "unchanged": unchanged,
        "left_out": left_out,
    });
    let payload = Payload::with_personal(&what, &[("file_name", &file_name)])?;
    let subject = Subject { kind: "import", key, revision: None };
    audit::append(tx, &Chain::Workspace(permit), now, actor, "risk.import", Some(&subject), &payload).await?;
    Ok(true)
}

/// The key, where a database can hold it.
fn plain(import: &ImportId) -> Option<&str> {
    Some(import.as_str()).filter(|key| !key.contains('\0'))
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[derive(sqlx::FromRow)]
struct ImportRow {
    file_name: String,
    content: String,
    choices: String,
    state: String,
    total_rows: i64,
    read_rows: i64,
    new_rows: i64,
    changed_rows: i64,
    unchanged_rows: i64,
    left_out_rows: i64,
    touched_at: i64,
}

impl ImportRow {
    fn read(self, key: &str, now: Timestamp) -> Result<RegisterImport, StoreError> {
        let reader = Reader::new("register_import", key);
        let mut state: ImportState = reader.word("state", &self.state)?;
        if state == ImportState::Reading && self.touched_at <= now.plus_seconds(-SILENCE).0 {
            state = ImportState::Failed;
        }
        let choices = match self.choices.as_str() {
            "" => Vec::new(),
            text => serde_json::from_str(text).map_err(|_| reader.bad("choices"))?,
        };
        let count = |column, number: i64| usize::try_from(number).map_err(|_| reader.bad(column));
        Ok(RegisterImport {
            state,
            choices,
            read: (count("read_rows", self.read_rows)?, count("total_rows", self.total_rows)?),
            counts: Counts {
                new: count("new_rows", self.new_rows)?,
                changed: count("changed_rows", self.changed_rows)?,
                unchanged: count("unchanged_rows", self.unchanged_rows)?,
                rejected: count("left_out_rows", self.left_out_rows)?,
            },
            file_name: self.file_name,
            content: self.content,
        })
    }
}
