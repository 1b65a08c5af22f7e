//! What can go wrong below the gate.

use domain::problem::Problem;

/// Why the store cannot do what it was asked for reasons of its own. People are told an incident number only.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database, or the way to it.
    #[error("the database failed")]
    Driver(#[from] sqlx::Error),
    /// A migration.
    #[error("the database cannot be brought to this version")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The database is set up in a way that can lose or mix up data.
    #[error("the database is not safe to use: {0}")]
    Unsafe(String),
    /// A file beside the database.
    #[error("a file cannot be written")]
    File(#[source] std::io::Error),
    /// A file that cannot be used as a database.
    #[error(transparent)]
    Unfit(#[from] crate::db::snapshot::Unfit),
    /// A row holds what no version of this program writes.
    #[error("column {column} of table {table} holds an unexpected value in row {row}")]
    BadRow {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The key of the row.
        row: String,
    },
    /// The operating system gives no random bytes.
    #[error("no random numbers: {0}")]
    Random(getrandom::Error),
    /// A value that the database cannot hold, although the model can.
    #[error("{0} is larger than the database can hold")]
    TooLarge(&'static str),
    /// A background thread ended early.
    #[error("a background computation failed")]
    Computation(#[from] tokio::task::JoinError),
    /// Passwords cannot be hashed.
    #[error("the password hash failed: {0}")]
    Hash(String),
    /// A secret that cannot be sealed or opened.
    #[error("{0}")]
    Seal(&'static str),
    /// A snapshot whose content is not what was taken.
    #[error("a snapshot cannot be used")]
    Snapshot(#[from] domain::snapshot::Damaged),
    /// JSON that cannot be written or read.
    #[error("JSON in the database")]
    Json(#[from] serde_json::Error),
}

/// How an attempt ended that did not succeed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The person can be told, and nothing is wrong with us.
    Problem(Problem),
    /// The actor may not do this, or not here. Told like a problem, and kept in the audit trail.
    Denied(Problem),
    /// Ours.
    Store(StoreError),
}

impl From<getrandom::Error> for StoreError {
    fn from(error: getrandom::Error) -> Self {
        Self::Random(error)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl<E: Into<StoreError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Store(error.into())
    }
}

impl StoreError {
    /// A row that no version of this program writes.
    pub(crate) fn bad_row(table: &'static str, column: &'static str, row: impl ToString) -> Self {
        Self::BadRow { table, column, row: row.to_string() }
    }

    /// Whether the same transaction may succeed when it is tried again: PostgreSQL's serialization failures and deadlocks.
    pub(crate) fn is_transient(&self) -> bool {
        matches!(self.code().as_deref(), Some("40001" | "40P01"))
    }

    /// Whether another process or a long write holds the database.
    pub(crate) fn is_busy(&self) -> bool {
        // SQLITE_BUSY and its extended codes; PostgreSQL's lock_timeout; a pool without a free connection.
        matches!(self.code().as_deref(), Some("5" | "261" | "517" | "55P03"))
            || matches!(self, Self::Driver(sqlx::Error::PoolTimedOut))
    }

    /// Whether a row with this unique key exists already.
    pub(crate) fn is_taken(&self) -> bool {
        matches!(self, Self::Driver(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    /// The code of the database's own error.
    pub(crate) fn code(&self) -> Option<String> {
        match self {
            Self::Driver(sqlx::Error::Database(error)) => error.code().map(|code| code.into_owned()),
            _ => None,
        }
    }
}

/// The chain of causes in one line, for the log. Never shown to a person.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text.push_str(": ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    text
}
