//! What tests may see of the database that nobody else may: its statements, its schema, and raw SQL.

use std::sync::Arc;
use std::time::Duration;

use sqlx::{AssertSqlSafe, Executor, SqlSafeStr};

use crate::clock::Clock;
use crate::db::{Db, Tx, on};
use crate::error::StoreError;
use crate::store::Store;
use crate::{
    acceptance, account, audit, comment, digest, entity, execute, feed, findings, gate, import, incident, inverse,
    library, model, notice, pack, proposal, receipt, register_import, review, risk, schedule, scope, session, snapshot,
    token, view, workspace,
};

/// How long a test waits for a connection to PostgreSQL.
const PATIENCE: Duration = Duration::from_secs(60);

/// One statement of the store.
#[derive(Debug, Clone, Copy)]
pub struct Named {
    /// The module that runs it.
    pub module: &'static str,
    /// The name of its constant.
    pub name: &'static str,
    /// The text.
    pub sql: &'static str,
}

/// Every statement of the store.
#[must_use]
pub fn statements() -> Vec<Named> {
    let modules: &[(&str, &[(&str, &str)])] = &[
        ("acceptance::kept", acceptance::kept::ALL),
        ("account", account::ALL),
        ("account::bucket", account::bucket::ALL),
        ("account::change", account::change::ALL),
        ("account::device", account::device::ALL),
        ("account::directory", account::directory::ALL),
        ("account::invitation", account::invitation::ALL),
        ("account::joining", account::joining::ALL),
        ("account::member", account::member::ALL),
        ("account::recovery", account::recovery::ALL),
        ("account::reset", account::reset::ALL),
        ("account::second_factor", account::second_factor::ALL),
        ("account::set_up", account::set_up::ALL),
        ("account::sign_in", account::sign_in::ALL),
        ("account::standing", account::standing::ALL),
        ("account::throttle", account::throttle::ALL),
        ("audit", audit::ALL),
        ("audit::journal", audit::journal::ALL),
        ("audit::page", audit::page::ALL),
        ("audit::verify", audit::verify::ALL),
        ("comment", comment::ALL),
        ("digest", digest::ALL),
        ("entity", entity::ALL),
        ("execute", execute::ALL),
        ("feed", feed::ALL),
        ("findings::record", findings::record::ALL),
        ("gate", gate::ALL),
        ("gate::requests", gate::requests::ALL),
        ("import", import::ALL),
        ("model::credential", model::credential::ALL),
        ("model::element", model::element::ALL),
        ("model::fact", model::fact::ALL),
        ("model::flow", model::flow::ALL),
        ("model::party", model::party::ALL),
        ("model::scope_override", model::scope_override::ALL),
        ("model::segment", model::segment::ALL),
        ("model::settings", model::settings::ALL),
        ("model::system", model::system::ALL),
        ("incident", incident::ALL),
        ("inverse", inverse::ALL),
        ("library", library::ALL),
        ("notice", notice::ALL),
        ("pack", pack::ALL),
        ("pack::asked", pack::asked::ALL),
        ("pack::signers", pack::signers::ALL),
        ("proposal", proposal::ALL),
        ("receipt", receipt::ALL),
        ("register_import", register_import::ALL),
        ("review::kept", review::kept::ALL),
        ("review::sealed", review::sealed::ALL),
        ("risk", risk::ALL),
        ("risk::copies", risk::copies::ALL),
        ("risk::setting", risk::setting::ALL),
        ("schedule", schedule::ALL),
        ("schedule::call", schedule::call::ALL),
        ("schedule::clock", schedule::clock::ALL),
        ("schedule::run", schedule::run::ALL),
        ("scope", scope::ALL),
        ("session", session::ALL),
        ("snapshot", snapshot::ALL),
        ("token", token::ALL),
        ("view", view::ALL),
        ("workspace", workspace::ALL),
        ("workspace::life", workspace::life::ALL),
        ("workspace::policy", workspace::policy::ALL),
    ];
    modules.iter().flat_map(|(module, all)| all.iter().map(|(name, sql)| Named { module, name, sql })).collect()
}

/// The text of a value that is hashed in the audit trail.
#[must_use]
pub fn canonical(value: &serde_json::Value) -> String {
    audit::canonical::text(value)
}

/// The bytes of a text in base 32, as secrets of authenticator apps are written.
///
/// # Panics
/// It is not base 32.
#[must_use]
pub fn base32(text: &str) -> Vec<u8> {
    data_encoding::BASE32_NOPAD.decode(text.as_bytes()).expect("the secret is base 32")
}

/// The code that an authenticator app with this secret shows at this time.
#[must_use]
pub fn totp_code(secret: &str, at: domain::time::Timestamp) -> String {
    account::totp::code(&base32(secret), at)
}

impl Store {
    /// As [`Store::open`], for a machine that is busy with other tests: a connection that takes long is no finding.
    ///
    /// # Errors
    /// As there.
    pub async fn open_patiently(place: &str, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        Ok(Self::of(Db::open(place, PATIENCE).await?, clock))
    }

    /// Whether the database is PostgreSQL.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        matches!(self.db(), Db::Postgres(_))
    }

    /// Brings an empty database to the schema of an earlier version.
    ///
    /// # Errors
    /// A migration fails.
    pub async fn migrate_to(&self, version: i64) -> Result<(), StoreError> {
        self.db().migrate_to(version).await
    }

    /// Asks the database whether it accepts a statement.
    ///
    /// # Errors
    /// It does not.
    pub async fn prepare(&self, sql: &'static str) -> Result<(), StoreError> {
        let mut tx = self.db().locking().await?;
        on!(&mut tx, |connection| connection.prepare(sql.into_sql_str()).await.map(drop))?;
        tx.rollback().await
    }

    /// Runs any statement and commits it; gives the number of rows it touched.
    ///
    /// # Errors
    /// The database refuses it.
    pub async fn run_raw(&self, sql: &str) -> Result<u64, StoreError> {
        let mut tx: Tx = self.db().locking().await?;
        let touched = on!(&mut tx, |connection| {
            sqlx::query(AssertSqlSafe(sql)).execute(connection).await.map(|done| done.rows_affected())
        })?;
        tx.commit().await?;
        Ok(touched)
    }

    /// The first column of a query, which must be a text.
    ///
    /// # Errors
    /// The database refuses it.
    pub async fn texts(&self, sql: &str) -> Result<Vec<String>, StoreError> {
        let mut tx = self.db().read().await?;
        let texts = on!(&mut tx, |connection| {
            sqlx::query_scalar::<_, String>(AssertSqlSafe(sql)).fetch_all(connection).await
        })?;
        tx.rollback().await?;
        Ok(texts)
    }

    /// Forgets every model in memory, so that the next read comes from the database.
    pub fn forget_copies(&self) {
        self.copies().clear();
        self.risks().clear();
        self.unread().clear();
        self.opened().clear();
    }
}
