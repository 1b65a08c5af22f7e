//! The database: one of two, one SQL text for both.
//!
//! Every statement is a named constant that SQLite and PostgreSQL both accept. What differs between
//! them (types, triggers, settings) is in the migrations and in the two modules below.

pub(crate) mod batch;
mod migrations;
mod postgres;
pub(crate) mod snapshot;
mod sqlite;

use std::path::PathBuf;
use std::time::Duration;

use domain::time::Timestamp;
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use crate::clock::random;
use crate::error::{Failure, StoreError};
use crate::meter;
use crate::store::Connections;

/// How often a write is tried again after PostgreSQL refused to serialise it.
const RETRIES: u32 = 3;

/// How long a request waits for a connection to PostgreSQL before it is told that the database is busy.
pub(crate) const WAIT: Duration = Duration::from_secs(3);

const BEGIN_READ_SQLITE: &str = "BEGIN DEFERRED";
const BEGIN_WRITE_SQLITE: &str = "BEGIN IMMEDIATE";
const BEGIN_READ_POSTGRES: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
const BEGIN_WRITE_POSTGRES: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE";
const BEGIN_LOCKING_POSTGRES: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// An open database.
#[derive(Debug, Clone)]
pub(crate) enum Db {
    /// One file: a single connection that writes, several that only read.
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    /// A server, perhaps shared with other processes of ours.
    Postgres(PgPool),
}

/// A transaction.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Runs the same expression on the connection of either database.
macro_rules! on {
    ($tx:expr, |$connection:ident| $body:expr) => {
        match $tx {
            $crate::db::Tx::Sqlite(transaction) => {
                let $connection = &mut **transaction;
                $body
            }
            $crate::db::Tx::Postgres(transaction) => {
                let $connection = &mut **transaction;
                $body
            }
        }
    };
}

/// Runs a statement with its values; gives the number of rows it touched.
macro_rules! run {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::db::on!($tx, |connection| sqlx::query($sql)$(.bind($value))*.execute(connection).await
            .map(|done| done.rows_affected()))
            .map_err($crate::error::StoreError::from)
    };
}

/// All rows of a query, each as the given row type.
macro_rules! rows {
    ($tx:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::db::on!($tx, |connection| sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_all(connection).await)
            .map_err($crate::error::StoreError::from)
    };
}

/// The row of a query, where there is one.
macro_rules! row {
    ($tx:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        $crate::db::on!($tx, |connection| {
            sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_optional(connection).await
        })
        .map_err($crate::error::StoreError::from)
    };
}

/// Runs an attempt in a write transaction and commits it; tries again where PostgreSQL asks for it.
///
/// The attempt is an expression that borrows the transaction and gives a future of
/// `Result<T, Failure>`. It must have no effect outside the transaction, as it may run several times.
macro_rules! transact {
    ($db:expr, $begin:ident, |$tx:ident| $attempt:expr) => {{
        let mut attempts = $crate::db::Attempts::default();
        loop {
            let mut transaction = match $db.$begin().await {
                Ok(transaction) => transaction,
                Err(error) => break Err($crate::error::Failure::from(error)),
            };
            let outcome = {
                let $tx = &mut transaction;
                $attempt.await
            };
            if let Some(result) = attempts.settle(transaction, outcome).await {
                break result;
            }
        }
    }};
}

pub(crate) use {on, row, rows, run, transact};

impl Db {
    /// Opens a database: a URL that begins with `postgres:`, or the path of an SQLite file. `wait` is for connections to
    /// PostgreSQL.
    pub(crate) async fn open(place: &str, wait: Duration) -> Result<Self, StoreError> {
        if place.starts_with("postgres:") || place.starts_with("postgresql:") {
            postgres::open(place, wait).await.map(Self::Postgres)
        } else {
            let path = place.strip_prefix("sqlite:").unwrap_or(place);
            let (writer, readers) = sqlite::open(std::path::Path::new(path)).await?;
            Ok(Self::Sqlite { writer, readers })
        }
    }

    /// Whether the URL of a PostgreSQL database can be read.
    pub(crate) fn check_url(url: &str) -> Result<(), String> {
        postgres::check_url(url)
    }

    /// Brings the schema to this version.
    pub(crate) async fn migrate(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite { writer, .. } => migrations::sqlite().run(writer).await?,
            Self::Postgres(pool) => postgres::migrate(pool).await?,
        }
        Ok(())
    }

    /// Brings the schema to an earlier version.
    #[cfg(feature = "inspect")]
    pub(crate) async fn migrate_to(&self, version: i64) -> Result<(), StoreError> {
        match self {
            Self::Sqlite { writer, .. } => migrations::sqlite().run_to(version, writer).await?,
            Self::Postgres(pool) => migrations::postgres().run_to(version, pool).await?,
        }
        Ok(())
    }

    /// Keeps a copy of an SQLite database beside it, where its schema is older than this version's.
    pub(crate) async fn keep_before_migration(&self, now: Timestamp) -> Result<Option<PathBuf>, StoreError> {
        match self {
            Self::Sqlite { writer, .. } => snapshot::keep_before_migration(writer, now).await,
            Self::Postgres(_) => Ok(None),
        }
    }

    /// How full the pools are.
    pub(crate) fn connections(&self) -> Vec<Connections> {
        fn pool<DB: sqlx::Database>(name: &'static str, pool: &sqlx::Pool<DB>) -> Connections {
            let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
            Connections { name, open: pool.size(), idle, most: pool.options().get_max_connections() }
        }
        match self {
            Self::Sqlite { writer, readers } => vec![pool("writer", writer), pool("reader", readers)],
            Self::Postgres(shared) => vec![pool("shared", shared)],
        }
    }

    /// A transaction that sees one state and changes nothing.
    pub(crate) async fn read(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Tx::Sqlite(readers.begin_with(BEGIN_READ_SQLITE).await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin_with(BEGIN_READ_POSTGRES).await?),
        })
    }

    /// A transaction whose outcome is as if it were alone.
    pub(crate) async fn serial(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with(BEGIN_WRITE_SQLITE).await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin_with(BEGIN_WRITE_POSTGRES).await?),
        })
    }

    /// A transaction for statements that each decide by the row they lock. Many of them may queue for one row
    /// (failed sign-ins for the head of a chain) without any being refused.
    pub(crate) async fn locking(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with(BEGIN_WRITE_SQLITE).await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin_with(BEGIN_LOCKING_POSTGRES).await?),
        })
    }

    /// Closes every connection.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await?,
            Self::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }

    pub(crate) async fn rollback(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => transaction.rollback().await?,
            Self::Postgres(transaction) => transaction.rollback().await?,
        }
        Ok(())
    }
}

/// Counts the attempts of one write.
#[derive(Default)]
pub(crate) struct Attempts(u32);

impl Attempts {
    /// Ends an attempt: commits what succeeded, rolls back the rest. `None` asks for another attempt.
    pub(crate) async fn settle<T>(&mut self, tx: Tx, outcome: Result<T, Failure>) -> Option<Result<T, Failure>> {
        let result = match outcome {
            Ok(value) => {
                let begun = meter::instant();
                let committed = tx.commit().await;
                meter::commit(begun.elapsed());
                committed.map(|()| value).map_err(Failure::Store)
            }
            Err(failure) => {
                // The connection is given up where even this fails; the failure before it is the one to tell.
                if let Err(error) = tx.rollback().await {
                    tracing::warn!(error = crate::error::causes(&error), "a transaction could not be rolled back");
                }
                Err(failure)
            }
        };
        match result {
            Err(Failure::Store(error)) if error.is_transient() && self.0 < RETRIES => {
                self.0 += 1;
                // A different pause for each process, so that two of them do not collide again.
                let jitter = random::<1>().map_or(0, |[byte]| u64::from(byte) / 8);
                tokio::time::sleep(Duration::from_millis(u64::from(self.0) * 5 + jitter)).await;
                None
            }
            result => Some(result),
        }
    }
}
