//! The store as a whole.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, UNIX_EPOCH};

use domain::backend::Backend as _;
use domain::command::Command;
use domain::id::WorkspaceId;
use domain::time::Timestamp;
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, MutexGuard};

use crate::account::password::Hasher;
use crate::account::seal::SealingKey;
use crate::actor::Actor;
use crate::audit::verify::{self, ChainVerdict};
use crate::clock::Clock;
use crate::db::{Db, WAIT};
use crate::error::StoreError;
use crate::files::{Files, Swept};
use crate::gate::Gate;
use crate::library;
use crate::live::Copies;
use crate::notice::Unread;
use crate::risk::copies::RiskCopies;
use crate::session::Sessions;
use crate::snapshot::Opened;
use crate::workspace;

/// The database with everything that reads and writes it. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    copies: Copies,
    risks: RiskCopies,
    unread: Unread,
    opened: Opened,
    hasher: Hasher,
    sealing_key: OnceLock<SealingKey>,
    files: OnceLock<Files>,
    turns: [Mutex<()>; 64],
}

/// A pool of connections to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// What it is for.
    pub name: &'static str,
    /// How many are open.
    pub open: u32,
    /// How many of these nobody uses.
    pub idle: u32,
    /// How many there may be.
    pub most: u32,
}

/// How busy the computation of password hashes is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hashing {
    /// How many are being computed.
    pub running: usize,
    /// How many wait for that.
    pub waiting: usize,
}

impl Store {
    /// Opens a database: a URL that begins with `postgres:`, or the path of an SQLite file, which is made where
    /// it is missing.
    ///
    /// # Errors
    /// The database cannot be reached, or is not safe to use: an SQLite with the bug that corrupts data, a
    /// PostgreSQL that acknowledges before it has written.
    pub async fn open(place: &str, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        Ok(Self::of(Db::open(place, WAIT).await?, clock))
    }

    /// A store on an open database.
    pub(crate) fn of(db: Db, clock: Arc<dyn Clock>) -> Self {
        let inner = Inner {
            db,
            clock,
            copies: Copies::default(),
            risks: RiskCopies::default(),
            unread: Unread::default(),
            opened: Opened::default(),
            hasher: Hasher::default(),
            sealing_key: OnceLock::new(),
            files: OnceLock::new(),
            turns: std::array::from_fn(|_| Mutex::default()),
        };
        Self(Arc::new(inner))
    }

    /// Whether the URL of a PostgreSQL database can be read. Nobody is asked.
    ///
    /// # Errors
    /// Why it cannot, without repeating any of it.
    pub fn check_url(url: &str) -> Result<(), String> {
        Db::check_url(url)
    }

    /// Brings the schema to this version. A schema that is newer is refused. An SQLite database that holds something is
    /// copied first; gives the path of that copy.
    ///
    /// # Errors
    /// A migration fails, or the database has one that this version does not know, or the copy cannot be made: then
    /// nothing was changed.
    pub async fn migrate(&self) -> Result<Option<PathBuf>, StoreError> {
        let kept = self.0.db.keep_before_migration(self.now()).await?;
        self.0.db.migrate().await?;
        Ok(kept)
    }

    /// Seals secrets with this key from now on. Without one no second factor can be set up or proved; a second key is
    /// ignored.
    #[must_use]
    pub fn with_sealing_key(self, key: SealingKey) -> Self {
        let _first_stays = self.0.sealing_key.set(key);
        self
    }

    /// Keeps the files of evidence here from now on. Without a folder none is taken; a second one is ignored.
    #[must_use]
    pub fn with_files(self, files: Files) -> Self {
        let _first_stays = self.0.files.set(files);
        self
    }

    /// The files of evidence, where they are kept.
    #[must_use]
    pub fn files(&self) -> Option<&Files> {
        self.0.files.get()
    }

    /// What an actor can ask. Whoever the actor claims to be is checked with every call.
    #[must_use]
    pub fn gate(&self, actor: Actor) -> Gate {
        Gate::new(self.clone(), actor)
    }

    /// The sessions, by the hash of their identifier.
    #[must_use]
    pub const fn sessions(&self) -> Sessions<'_> {
        Sessions::new(self)
    }

    /// Checks an audit chain from its first entry to its head: that of a workspace, or that of the instance.
    ///
    /// # Errors
    /// The database.
    pub async fn verify_chain(&self, workspace: Option<&WorkspaceId>) -> Result<ChainVerdict, StoreError> {
        let mut tx = self.0.db.read().await?;
        let verdict = verify::verify(&mut tx, workspace).await?;
        tx.rollback().await?;
        Ok(verdict)
    }

    /// Writes down, in every workspace, which findings came, went or opened again because time went by. Gives the
    /// workspaces in which any did, with how many.
    ///
    /// # Errors
    /// The database. A workspace that cannot be done now is left for the next time, and logged.
    pub async fn bring_due(&self) -> Result<Vec<(WorkspaceId, usize)>, StoreError> {
        let mut tx = self.0.db.read().await?;
        let due = workspace::due(&mut tx, self.now()).await?;
        tx.rollback().await?;
        let mut done = Vec::new();
        for workspace in due {
            match self.gate(Actor::Operator).execute(&workspace, Command::BringDue).await {
                Ok(receipt) if receipt.objects > 0 => done.push((workspace, receipt.objects)),
                Ok(_) => {}
                Err(problem) => tracing::warn!(?workspace, ?problem, "findings could not be brought up to the day"),
            }
        }
        Ok(done)
    }

    /// Writes down, in every workspace, what the passing of time did to its schedules. Gives the workspaces in which it did
    /// anything, with how often.
    ///
    /// # Errors
    /// The database. A workspace that cannot be done now is left for the next time, and logged.
    pub async fn tick_schedules(&self) -> Result<Vec<(WorkspaceId, usize)>, StoreError> {
        let mut tx = self.0.db.read().await?;
        let due = workspace::due_schedules(&mut tx, self.now()).await?;
        tx.rollback().await?;
        let mut done = Vec::new();
        for workspace in due {
            match self.gate(Actor::Operator).tick_schedules(&workspace).await {
                Ok(0) => {}
                Ok(happened) => done.push((workspace, happened)),
                Err(problem) => tracing::warn!(?workspace, ?problem, "schedules could not be brought up to the day"),
            }
        }
        Ok(done)
    }

    /// Sets aside the files of evidence that no item names any more, and removes what was set aside a month ago.
    ///
    /// # Errors
    /// The database, or the disk.
    pub async fn sweep_files(&self) -> Result<Swept, StoreError> {
        let Some(files) = self.files().cloned() else { return Ok(Swept::default()) };
        let mut tx = self.0.db.read().await?;
        let named = library::named_files(&mut tx).await?;
        tx.rollback().await?;
        let now = UNIX_EPOCH + Duration::from_micros(u64::try_from(self.now().0).unwrap_or_default());
        let swept = tokio::task::spawn_blocking(move || files.sweep(&named, now)).await?;
        swept.map_err(StoreError::File)
    }

    /// How often a password was compared with a hash since the store was opened.
    #[must_use]
    pub fn verifications(&self) -> u64 {
        self.0.hasher.verifications()
    }

    /// How full the pools of connections are.
    #[must_use]
    pub fn connections(&self) -> Vec<Connections> {
        self.0.db.connections()
    }

    /// How many password hashes are being computed, and how many wait.
    #[must_use]
    pub fn hashing(&self) -> Hashing {
        let (running, waiting) = self.0.hasher.load();
        Hashing { running, waiting }
    }

    /// Closes every connection; what is under way ends first.
    pub async fn close(&self) {
        self.0.db.close().await;
    }

    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(crate) fn copies(&self) -> &Copies {
        &self.0.copies
    }

    pub(crate) fn risks(&self) -> &RiskCopies {
        &self.0.risks
    }

    pub(crate) fn unread(&self) -> &Unread {
        &self.0.unread
    }

    pub(crate) fn opened(&self) -> &Opened {
        &self.0.opened
    }

    pub(crate) fn hasher(&self) -> &Hasher {
        &self.0.hasher
    }

    pub(crate) fn sealing_key(&self) -> Result<&SealingKey, StoreError> {
        self.0.sealing_key.get().ok_or(StoreError::Seal("there is no key to seal secrets with"))
    }

    /// Waits for the writes of this process to the same workspace. They would be serialised by the database
    /// anyway; in turn, none is computed in vain. Some workspaces share a turn.
    pub(crate) async fn turn(&self, workspace: &WorkspaceId) -> MutexGuard<'_, ()> {
        self.turn_of(workspace.as_str()).await
    }

    /// Waits for whoever else in this process makes accounts or workspaces.
    pub(crate) async fn turn_to_make(&self) -> MutexGuard<'_, ()> {
        self.turn_of("").await
    }

    async fn turn_of(&self, what: &str) -> MutexGuard<'_, ()> {
        let [first, ..] = <[u8; 32]>::from(Sha256::digest(what));
        self.0.turns[usize::from(first) % self.0.turns.len()].lock().await
    }
}
