//! Files that were read and wait until somebody confirms their preview.

use domain::backend::StagedImport;
use domain::id::ImportId;
use domain::problem::{FieldCode, Problem};
use domain::time::Timestamp;

use crate::clock::random_key;
use crate::db::{Tx, row, run};
use crate::error::{Failure, StoreError};
use crate::gate::Permit;
use crate::rows::statements;

statements! {
    INSERT = "INSERT INTO staged_import (workspace_id, key, file_name, content, created_at) VALUES ($1, $2, $3, $4, $5)";
    BY_KEY = "SELECT file_name, content FROM staged_import WHERE workspace_id = $1 AND key = $2 AND created_at > $3";
    REMOVE = "DELETE FROM staged_import WHERE workspace_id = $1 AND key = $2";
    REMOVE_OLD = "DELETE FROM staged_import WHERE workspace_id = $1 AND created_at <= $2";
    /// Makes room: all but the newest so many go.
    REMOVE_ALL_BUT = "DELETE FROM staged_import WHERE workspace_id = $1 AND key NOT IN (SELECT key FROM staged_import \
        WHERE workspace_id = $1 ORDER BY created_at DESC, key LIMIT $2)";
}

/// How long a staged file waits, in seconds.
const LIFETIME: i64 = 24 * 3600;

/// Largest staged file, in bytes.
const CONTENT_MAX: usize = 40 * 1024 * 1024;

/// How many files of a workspace wait at once. A new one takes the place of the oldest.
const MOST: i64 = 16;

/// Keeps a file.
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

/// A file that still waits.
pub(crate) async fn staged(
    tx: &mut Tx,
    permit: &Permit,
    now: Timestamp,
    import: &ImportId,
) -> Result<Option<StagedImport>, StoreError> {
    let oldest = now.plus_seconds(-LIFETIME).0;
    if import.as_str().contains('\0') {
        return Ok(None);
    }
    let row = row!(tx, (String, String), BY_KEY, permit.workspace(), import.as_str(), oldest)?;
    Ok(row.map(|(file_name, content)| StagedImport { file_name, content }))
}

/// Forgets a file; false where there is none.
pub(crate) async fn forget(tx: &mut Tx, permit: &Permit, import: &ImportId) -> Result<bool, StoreError> {
    Ok(!import.as_str().contains('\0') && run!(tx, REMOVE, permit.workspace(), import.as_str())? > 0)
}
