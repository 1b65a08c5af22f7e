//! A fresh database for one test.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use domain::evidence::file::Quota;
use store::{Files, SealingKey, Store};
use tempfile::TempDir;

use crate::clock::StillClock;
use crate::postgres;

/// How much room the files of evidence have in tests: little, so that its end is near.
pub const QUOTA: Quota = Quota { file_bytes: 1024 * 1024, bytes: 3 * 1024 * 1024, files: 20 };

fn files_folder() -> TempDir {
    TempDir::new().expect("a temporary folder can be made")
}

/// A database of its own, gone when the test ends, and the clock of whoever opens it.
pub struct Place {
    /// The path or URL, as the store takes it.
    pub url: String,
    /// The clock that every store opened here goes by.
    pub clock: Arc<StillClock>,
    folder: Option<TempDir>,
    files: TempDir,
}

impl Place {
    /// A file in a folder of its own, opened as in production.
    ///
    /// # Panics
    /// The machine gives no temporary folder.
    #[must_use]
    pub fn sqlite() -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let url = folder.path().join("plumbline.db").display().to_string();
        Self { url, clock: Arc::default(), folder: Some(folder), files: files_folder() }
    }

    /// A schema of its own on the cluster of this test run; `None` where the machine has no PostgreSQL.
    ///
    /// # Panics
    /// The cluster cannot be started, or there is none and `CI` is `true`.
    pub async fn postgres() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let cluster = postgres::cluster()?;
        let schema = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let clock: Arc<StillClock> = Arc::default();
        let outside = Store::open_patiently(&cluster.url("public"), clock.clone()).await.expect("the cluster answers");
        outside.run_raw(&format!("CREATE SCHEMA {schema}")).await.expect("a schema can be made");
        outside.close().await;
        Some(Self { url: cluster.url(&schema), clock, folder: None, files: files_folder() })
    }

    /// Opens the database and brings it to the newest schema.
    ///
    /// # Panics
    /// Either fails.
    pub async fn store(&self) -> Store {
        let store = self.bare_store().await;
        store.migrate().await.expect("the migrations run");
        store
    }

    /// Opens the database as it is.
    ///
    /// # Panics
    /// It cannot be opened.
    pub async fn bare_store(&self) -> Store {
        let store = Store::open_patiently(&self.url, self.clock.clone()).await.expect("the database can be opened");
        store.with_sealing_key(SealingKey::new([7; 32])).with_files(Files::new(self.files().to_owned(), QUOTA))
    }

    /// The folder of the files of evidence.
    #[must_use]
    pub fn files(&self) -> &Path {
        self.files.path()
    }

    /// Whether the database is a file in a folder of its own.
    #[must_use]
    pub const fn is_file(&self) -> bool {
        self.folder.is_some()
    }
}
