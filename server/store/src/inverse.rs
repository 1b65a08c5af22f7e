//! What takes the newest changes of a workspace back.

use std::collections::BTreeSet;

use domain::command::Revision;
use domain::command::undo::Inverse;

use crate::db::{Tx, row, rows, run};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::{Reader, statements};

statements! {
    PUT = "INSERT INTO change_inverse (workspace_id, revision, content) VALUES ($1, $2, $3)";
    FORGET = "DELETE FROM change_inverse WHERE workspace_id = $1 AND revision <= $2";
    BY_REVISION = "SELECT content FROM change_inverse WHERE workspace_id = $1 AND revision = $2";
    REVISIONS = "SELECT revision FROM change_inverse WHERE workspace_id = $1 ORDER BY revision";
}

/// Of how many of the newest revisions it is kept.
const KEPT: i64 = 100;

/// Keeps what takes a change back, where anything is kept for it, and forgets the oldest.
pub(crate) async fn put(
    tx: &mut Tx,
    permit: &Permit,
    revision: Revision,
    inverse: Option<Inverse>,
) -> Result<(), StoreError> {
    if let Some(inverse) = inverse {
        run!(tx, PUT, permit.workspace(), revision.0, inverse.to_text()?.as_str())?;
    }
    run!(tx, FORGET, permit.workspace(), revision.0 - KEPT)?;
    Ok(())
}

pub(crate) async fn by_revision(
    tx: &mut Tx,
    permit: &Permit,
    revision: Revision,
) -> Result<Option<Inverse>, StoreError> {
    let Some((content,)) = row!(tx, (String,), BY_REVISION, permit.workspace(), revision.0)? else {
        return Ok(None);
    };
    let key = revision.0.to_string();
    let read = Reader::new("change_inverse", &key);
    Ok(Some(Inverse::from_text(revision, &content).map_err(|_| read.bad("content"))?))
}

pub(crate) async fn revisions(tx: &mut Tx, permit: &Permit) -> Result<BTreeSet<Revision>, StoreError> {
    let found = rows!(tx, (i64,), REVISIONS, permit.workspace())?;
    Ok(found.into_iter().map(|(revision,)| Revision(revision)).collect())
}
