//! Opening a PostgreSQL database, and refusing one that forgets what it acknowledged.

use std::str::FromStr;
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::error::StoreError;

/// How long a migration waits for another process that migrates. Its own statements may take as long as they need.
const PATIENCE: [(&str, &str); 2] = [("lock_timeout", "10min"), ("statement_timeout", "0")];

const FSYNC: &str = "SHOW fsync";
const SYNCHRONOUS_COMMIT: &str = "SHOW synchronous_commit";

/// Whether a URL can be read. What is told of one that cannot does not repeat it, as it may hold a password.
pub(super) fn check_url(url: &str) -> Result<(), String> {
    PgConnectOptions::from_str(url).map(drop).map_err(|error| match error {
        sqlx::Error::Configuration(cause) => cause.to_string(),
        _ => "it is no URL".to_owned(),
    })
}

/// Brings the schema to this version, over a connection of its own: the limits of the others are for answers to people.
pub(super) async fn migrate(pool: &PgPool) -> Result<(), StoreError> {
    let options = PgConnectOptions::clone(&pool.connect_options()).options(PATIENCE);
    let patient = PgPoolOptions::new().max_connections(1).connect_with(options).await?;
    let migrated = super::migrations::postgres().run(&patient).await;
    patient.close().await;
    Ok(migrated?)
}

pub(super) async fn open(url: &str, wait: Duration) -> Result<PgPool, StoreError> {
    let options = PgConnectOptions::from_str(url)?.application_name("plumbline").options([
        ("statement_timeout", "10s"),
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "15s"),
    ]);
    let pool = PgPoolOptions::new().max_connections(10).acquire_timeout(wait).connect_with(options).await?;
    for (setting, statement) in [("fsync", FSYNC), ("synchronous_commit", SYNCHRONOUS_COMMIT)] {
        let value: String = sqlx::query_scalar(statement).fetch_one(&pool).await?;
        if value == "off" {
            return Err(StoreError::Unsafe(format!("PostgreSQL runs with {setting} = off and can lose commits")));
        }
    }
    Ok(pool)
}
