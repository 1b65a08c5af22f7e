//! Opening an SQLite file so that what was acknowledged stays.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection, SqlitePool};

use crate::error::StoreError;

/// The first version without the bug that corrupts a database when the write-ahead log is reset (3.7.0 to 3.51.2).
const OLDEST: [u32; 3] = [3, 51, 3];

const VERSION: &str = "SELECT sqlite_version()";
const SYNCHRONOUS: &str = "PRAGMA synchronous";
const JOURNAL_MODE: &str = "PRAGMA journal_mode";
const FOREIGN_KEYS: &str = "PRAGMA foreign_keys";

/// One connection that writes, and several that only read.
pub(super) async fn open(path: &Path) -> Result<(SqlitePool, SqlitePool), StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .foreign_keys(true)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .pragma("mmap_size", "0")
        .pragma("journal_size_limit", "67108864")
        .pragma("secure_delete", "ON");
    // The switch to the write-ahead log needs the file for itself, so it is made before the pools.
    let mut first = SqliteConnection::connect_with(&options).await?;
    refuse_old(&mut first).await?;
    first.close().await?;

    let writer = pool(1).connect_with(options.clone()).await?;
    let readers = pool(readers()).connect_with(options.pragma("query_only", "ON")).await?;
    Ok((writer, readers))
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(|connection, _| Box::pin(assert_settings(connection)))
}

/// Twice the number of processors, at most 16.
fn readers() -> u32 {
    let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    u32::try_from(processors * 2).unwrap_or(16).min(16)
}

async fn refuse_old(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let version: String = sqlx::query_scalar(VERSION).fetch_one(connection).await?;
    if parts(&version) < OLDEST {
        return Err(StoreError::Unsafe(format!("SQLite {version} can corrupt data; 3.51.3 or later is needed")));
    }
    Ok(())
}

fn parts(version: &str) -> [u32; 3] {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

/// Reads back, on every new connection, the settings on which durability and integrity rest.
async fn assert_settings(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let synchronous: i64 = sqlx::query_scalar(SYNCHRONOUS).fetch_one(&mut *connection).await?;
    let journal: String = sqlx::query_scalar(JOURNAL_MODE).fetch_one(&mut *connection).await?;
    let foreign_keys: i64 = sqlx::query_scalar(FOREIGN_KEYS).fetch_one(&mut *connection).await?;
    if (synchronous, journal.as_str(), foreign_keys) != (2, "wal", 1) {
        return Err(sqlx::Error::Configuration(
            format!(
                "SQLite did not take its settings: synchronous={synchronous} journal={journal} keys={foreign_keys}"
            )
            .into(),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number_not_by_text() {
        assert!(parts("3.51.2") < OLDEST);
        assert!(parts("3.9.0") < OLDEST);
        assert!(parts("3.51.3") >= OLDEST);
        assert!(parts("3.100.0") > OLDEST);
    }
}
