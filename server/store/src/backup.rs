//! Backups of an SQLite database: made while it is being written, judged before they are used, and put back as a whole.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::evidence::file::Sha256;
use serde_json::json;

use crate::actor::Actor;
use crate::audit::payload::Payload;
use crate::audit::verify::{self, ChainVerdict, Head};
use crate::audit::{self, Chain};
use crate::clock::Clock;
pub use crate::db::snapshot::place;
use crate::db::snapshot::{self, Unfit};
use crate::db::{Db, transact};
use crate::error::{Failure, StoreError};
use crate::files::Files;
use crate::store::Store;
use crate::{library, session};

/// What is known of a backup that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Examined {
    /// The number of its schema.
    pub schema: i64,
    /// How many audit chains it has; each is whole.
    pub chains: usize,
    /// How many entries they have together.
    pub entries: i64,
}

/// Writes one state of an SQLite database into a new file, while others may write, and reads that file over. The file
/// gets its name when it is whole and usable; an existing file is never replaced.
///
/// # Errors
/// The database cannot be read, the file cannot be written, or what was written is not fit to be restored.
pub async fn back_up(database: &Path, into: &Path) -> Result<Examined, StoreError> {
    let draft = snapshot::beside(into, ".unread");
    let _ = std::fs::remove_file(&draft);
    let outcome = async {
        snapshot::copy_file(database, &draft).await?;
        let examined = examine(&draft).await?;
        place(&draft, into).map_err(StoreError::File)?;
        Ok(examined)
    };
    let outcome = outcome.await;
    let _ = std::fs::remove_file(&draft);
    outcome
}

/// Reads a backup over: whether it is a whole database of ours that this version can use, and every audit chain leads from
/// its first entry to its head.
///
/// # Errors
/// `Unfit` says why it must not be used.
pub async fn examine(file: &Path) -> Result<Examined, StoreError> {
    let (schema, db) = snapshot::examine(file).await?;
    let examined = whole(&db).await.map(|(chains, entries)| Examined { schema, chains, entries });
    db.close().await;
    examined
}

/// Makes a copy of a backup, in a place where nobody uses it yet, ready to be served: brings it to the schema of this
/// version, ends every sign-in (some may have been ended after the backup was made), and notes the restoration in the
/// audit trail of the instance. Afterwards the database is this one file.
///
/// # Errors
/// As [`examine`], and where a migration fails.
pub async fn make_ready(copy: &Path, clock: Arc<dyn Clock>) -> Result<Examined, StoreError> {
    examine(copy).await?;
    let name = copy.to_str().ok_or_else(|| StoreError::File(std::io::ErrorKind::InvalidFilename.into()))?;
    let store = Store::open(name, clock).await?;
    let outcome = async {
        store.db().migrate().await?;
        store.note_restoration().await?;
        whole(store.db()).await
    };
    let outcome = outcome.await;
    store.close().await;
    outcome?;
    let left: PathBuf = snapshot::beside(copy, "-wal");
    if left.exists() {
        return Err(StoreError::Unsafe("the log of the restored database could not be folded into it".to_owned()));
    }
    examine(copy).await
}

impl Store {
    /// Checks every audit chain, each from its first entry to its head: that of the instance, then those of the workspaces.
    ///
    /// # Errors
    /// The database.
    pub async fn verify_chains(&self) -> Result<Vec<(String, ChainVerdict)>, StoreError> {
        chains(self.db()).await
    }

    /// As [`Self::verify_chains`], compared with the heads that checkpoints have.
    ///
    /// # Errors
    /// The database.
    pub async fn verify_chains_against(&self, recorded: &[Head]) -> Result<Vec<(String, ChainVerdict)>, StoreError> {
        let mut tx = self.db().read().await?;
        let verdicts = verify::against(&mut tx, recorded).await?;
        tx.rollback().await?;
        Ok(verdicts)
    }

    /// Which files of evidence the records name that a folder lacks.
    ///
    /// # Errors
    /// The database.
    pub async fn lost_files(&self, folder: &Path) -> Result<Vec<Sha256>, StoreError> {
        let mut tx = self.db().read().await?;
        let named = library::named_files(&mut tx).await?;
        tx.rollback().await?;
        Ok(Files::lacking(folder, &named))
    }

    /// Where every audit chain stands, in the order of their names.
    ///
    /// # Errors
    /// The database.
    pub async fn heads(&self) -> Result<Vec<Head>, StoreError> {
        let mut tx = self.db().read().await?;
        let heads = verify::heads(&mut tx).await?;
        tx.rollback().await?;
        Ok(heads)
    }

    async fn note_restoration(&self) -> Result<(), StoreError> {
        let now = self.now();
        let noted: Result<(), Failure> = transact!(self.db(), serial, |tx| async {
            session::end_everybody(tx, now).await?;
            let payload = Payload::plain(&json!({}));
            Ok(audit::append(tx, &Chain::Instance, now, &Actor::Operator, "instance.restore", None, &payload).await?)
        });
        noted.map_err(|failure| match failure {
            Failure::Store(error) => error,
            Failure::Problem(problem) | Failure::Denied(problem) => StoreError::Unsafe(format!("{problem:?}")),
        })
    }
}

async fn chains(db: &Db) -> Result<Vec<(String, ChainVerdict)>, StoreError> {
    let mut tx = db.read().await?;
    let verdicts = verify::all(&mut tx).await?;
    tx.rollback().await?;
    Ok(verdicts)
}

/// How many chains there are and how many entries they have, if every one is whole.
async fn whole(db: &Db) -> Result<(usize, i64), StoreError> {
    let verdicts = chains(db).await?;
    let mut entries = 0;
    for (chain, verdict) in &verdicts {
        match verdict {
            ChainVerdict::Whole { entries: more } => entries += more,
            broken => return Err(Unfit::Broken(format!("chain {chain}: {broken}")).into()),
        }
    }
    Ok((verdicts.len(), entries))
}
