//! One state of an SQLite database as a file of its own, taken while others write, and what such a file must be.

use std::fs::{File, OpenOptions, hard_link, remove_file};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::time::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Connection as _, SqliteConnection, SqlitePool};

use super::{Db, migrations};
use crate::error::StoreError;

/// Copies what one read transaction sees, page by page, without the free pages. Writers go on meanwhile.
const COPY: &str = "VACUUM INTO $1";
const OWN_FILE: &str = "SELECT file FROM pragma_database_list WHERE name = 'main'";
const WHOLE: &str = "PRAGMA integrity_check(1)";
const DANGLING: &str = "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1";
const HAS_MIGRATIONS: &str = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'";
const MIGRATIONS: &str = "SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version";

/// Why a file is no database of ours that can be used.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// Another program's, or not a database at all.
    #[error("it is no database of Plumbline")]
    Foreign,
    /// Written by a later version.
    #[error("it has schema {found}, and this version of Plumbline knows no schema after {known}: use a newer version")]
    Newer {
        /// The schema of the file.
        found: i64,
        /// The newest schema that this version knows.
        known: i64,
    },
    /// Bytes of it were changed or lost.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// An audit chain does not lead from its first entry to its head.
    #[error("the audit trail is broken: {0}")]
    Broken(String),
}

/// Copies the database of an open connection into a new file that only this user can read. The file is there as a whole
/// or not at all, and an existing one is never replaced.
pub(crate) async fn copy(connection: &mut SqliteConnection, into: &Path) -> Result<(), StoreError> {
    let draft = beside(into, ".partial");
    let copied = copy_and_sync(connection, &draft).await;
    let placed = match copied {
        Ok(()) => place(&draft, into).map_err(StoreError::File),
        Err(error) => Err(error),
    };
    let _ = remove_file(&draft);
    placed
}

/// A file name with something added to its end.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Gives a finished file its name, unless there is one of that name, so that both survive the loss of power.
///
/// # Errors
/// The file cannot be written, or there is one of that name.
pub fn place(draft: &Path, path: &Path) -> io::Result<()> {
    File::open(draft)?.sync_all()?;
    hard_link(draft, path)?;
    remove_file(draft)?;
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

async fn copy_and_sync(connection: &mut SqliteConnection, draft: &Path) -> Result<(), StoreError> {
    // Left over from a copy that was cut off; SQLite itself fills an empty file only.
    match remove_file(draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(StoreError::File(error)),
        _ => {}
    }
    OpenOptions::new().create_new(true).write(true).mode(0o600).open(draft).map_err(StoreError::File)?;
    let name = draft.to_str().ok_or_else(|| StoreError::File(io::ErrorKind::InvalidFilename.into()))?;
    sqlx::query(COPY).bind(name).execute(&mut *connection).await?;
    Ok(())
}

/// Copies the database at a path, which another process may be writing, and reads the copy over before it gets its name.
pub(crate) async fn copy_file(database: &Path, into: &Path) -> Result<(), StoreError> {
    let mut connection = SqliteConnection::connect_with(&existing(database)).await?;
    let copied = copy(&mut connection, into).await;
    connection.close().await?;
    copied
}

/// Keeps a copy of a database whose schema is about to change, beside it; `None` where nothing changes or nothing is there
/// yet. Its name says the schema and the time.
pub(crate) async fn keep_before_migration(writer: &SqlitePool, now: Timestamp) -> Result<Option<PathBuf>, StoreError> {
    let mut connection = writer.acquire().await?;
    let applied = applied(&mut connection).await?;
    let Some((schema, _)) = applied.last().filter(|(schema, _)| *schema < migrations::newest()) else {
        return Ok(None);
    };
    let file: String = sqlx::query_scalar(OWN_FILE).fetch_one(&mut *connection).await?;
    let time: String = now.to_string().chars().filter(|it| it.is_ascii_alphanumeric()).collect();
    let into = Path::new(&file).with_extension(format!("schema-{schema}.{time}.db"));
    copy(&mut connection, &into).await?;
    Ok(Some(into))
}

/// Whether a file is a whole database of ours that this version can read; its schema. The file is not changed.
pub(crate) async fn examine(file: &Path) -> Result<(i64, Db), StoreError> {
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(existing(file)).await;
    let pool = pool.map_err(|error| foreign(error.into()))?;
    let mut connection = pool.acquire().await?;
    let applied = applied(&mut connection).await.map_err(foreign)?;
    let known = migrations::newest();
    let schema = match applied.last() {
        None => return Err(Unfit::Foreign.into()),
        Some((found, _)) if *found > known => return Err(Unfit::Newer { found: *found, known }.into()),
        Some((found, _)) => *found,
    };
    let ours = migrations::sqlite();
    let mut expected = ours.iter().map(|it| (it.version, it.checksum.to_vec()));
    if !applied.iter().all(|it| expected.next().as_ref() == Some(it)) {
        return Err(Unfit::Foreign.into());
    }
    let whole: String = sqlx::query_scalar(WHOLE).fetch_one(&mut *connection).await.map_err(damaged)?;
    if whole != "ok" {
        return Err(Unfit::Damaged(whole).into());
    }
    let dangling: Option<String> =
        sqlx::query_scalar(DANGLING).fetch_optional(&mut *connection).await.map_err(damaged)?;
    if let Some(table) = dangling {
        return Err(Unfit::Damaged(format!("a row of table {table} refers to one that is not there")).into());
    }
    drop(connection);
    Ok((schema, Db::Sqlite { writer: pool.clone(), readers: pool }))
}

/// The migrations that a database has seen, with the hash of each.
async fn applied(connection: &mut SqliteConnection) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
    let has: i64 = sqlx::query_scalar(HAS_MIGRATIONS).fetch_one(&mut *connection).await?;
    if has == 0 {
        return Ok(Vec::new());
    }
    Ok(sqlx::query_as(MIGRATIONS).fetch_all(&mut *connection).await?)
}

/// How a file that exists is opened to be read as it is.
fn existing(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        .busy_timeout(Duration::from_secs(5))
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .pragma("mmap_size", "0")
}

/// SQLite's codes for a file that is no database: 11 is "malformed", 26 "not a database".
fn foreign(error: StoreError) -> StoreError {
    match error.code().as_deref() {
        Some("26") => Unfit::Foreign.into(),
        Some("11") => Unfit::Damaged(error.to_string()).into(),
        _ => error,
    }
}

fn damaged(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(cause) => Unfit::Damaged(cause.message().to_owned()).into(),
        _ => error.into(),
    }
}
