//! Checkpoints of the audit trail: written while the server runs, and made or used on the command line.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::time::Timestamp;
use store::{CheckpointKey, CheckpointPublicKey, Clock as _, Head, Store};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use super::{Failure, Streams, block_on, data, key};
use crate::clock::SystemClock;
use crate::config::{Location, VerifyOptions};
use crate::http::causes;

/// How often the server looks whether one is due.
const LOOK: Duration = Duration::from_secs(60);

/// One is due after so many new entries,
const ENTRIES: i64 = 1000;

/// or after so many seconds in which there were any.
const SECONDS: i64 = 3600;

/// Largest file that is read as a checkpoint, in bytes.
const FILE_MAX: u64 = 8 * 1024 * 1024;

/// Writes checkpoints to the log, and into a folder where one is named.
pub(super) struct Checkpoints {
    store: Store,
    key: CheckpointKey,
    folder: Option<PathBuf>,
    entries: i64,
    at: Timestamp,
}

impl Checkpoints {
    /// Begins where the chains stand now. The folder is made, for this user only, where it is missing.
    pub(super) async fn begin(store: Store, location: &Location, folder: Option<&Path>) -> Result<Self, Failure> {
        if let Some(folder) = folder {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
            made.map_err(|error| {
                let folder = folder.display();
                Failure::usage(format!(
                    "Checkpoints cannot be written to {folder}: {error}. Choose another folder with --checkpoints."
                ))
            })?;
        }
        let entries = total(&store.heads().await.map_err(data::unavailable)?);
        let key = signing_key(location)?;
        Ok(Self { store, key, folder: folder.map(Path::to_owned), entries, at: SystemClock.now() })
    }

    /// Writes what falls due until the server stops. The last one is for when no request is left: see [`Self::write`].
    pub(super) async fn keep(mut self, mut stop: watch::Receiver<bool>) -> Self {
        let mut minute = interval(LOOK);
        minute.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let stops = tokio::select! {
                _ = minute.tick() => false,
                () = stopped(&mut stop) => true,
            };
            if stops {
                return self;
            }
            self.look().await;
        }
    }

    async fn look(&mut self) {
        let hour_is_over = SystemClock.now().0 - self.at.0 >= SECONDS * 1_000_000;
        let many = match self.store.heads().await {
            Ok(heads) => total(&heads) - self.entries >= ENTRIES,
            Err(_) => false,
        };
        if hour_is_over || many {
            self.write().await;
        }
    }

    /// Writes one, unless nothing was appended since the last. A failure is logged, and the next look tries again.
    pub(super) async fn write(&mut self) {
        let heads = match self.store.heads().await {
            Ok(heads) => heads,
            Err(error) => return tracing::error!(error = causes(&error), "a checkpoint could not be made"),
        };
        let (entries, now) = (total(&heads), SystemClock.now());
        if entries == self.entries {
            self.at = now;
            return;
        }
        let note = self.key.sign(&heads);
        tracing::info!(entries, ?note, "a checkpoint of the audit trail");
        if let Some(folder) = &self.folder
            && let Err(error) = save(folder, now, entries, &note)
        {
            let folder = folder.display();
            return tracing::error!(%error, %folder, "a checkpoint could not be written");
        }
        (self.entries, self.at) = (entries, now);
    }
}

/// Waits for the wish to stop; whoever could wish it being gone counts as one.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Prints the checkpoint of this moment.
pub(super) fn print(location: &Location, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let heads = block_on(async {
        let store = data::open_as_is(location).await?;
        let heads = store.heads().await;
        store.close().await;
        heads.map_err(data::unavailable)
    })?;
    Ok(write!(streams.output, "{}", signing_key(location)?.sign(&heads))?)
}

/// Prints the key with which checkpoints are verified.
pub(super) fn print_key(location: &Location, streams: &mut Streams<'_>) -> Result<(), Failure> {
    Ok(writeln!(streams.output, "{}", signing_key(location)?.public())?)
}

/// What the checkpoints say that were given to `audit verify`.
pub(super) fn recorded(options: &VerifyOptions) -> Result<Vec<Head>, Failure> {
    if options.checkpoint.is_empty() {
        return Ok(Vec::new());
    }
    let public: CheckpointPublicKey = match &options.public_key {
        Some(key) => *key,
        None => signing_key(&options.location)?.public(),
    };
    let mut heads = Vec::new();
    for file in &options.checkpoint {
        let shown = file.display();
        let too_large = fs::metadata(file).is_ok_and(|it| it.len() > FILE_MAX);
        if too_large {
            return Err(Failure::usage(format!("{shown} is no checkpoint: it is too large.")));
        }
        let note = fs::read_to_string(file)
            .map_err(|error| Failure::usage(format!("{shown} cannot be read: {error}. Check --checkpoint.")))?;
        heads.extend(public.open(&note).map_err(|problem| {
            Failure::usage(format!(
                "{shown} was not used: {problem}. Give the file as the server wrote it, and with --public-key the line that \
                 `plumbline audit key` printed where it ran."
            ))
        })?);
    }
    Ok(heads)
}

fn signing_key(location: &Location) -> Result<CheckpointKey, Failure> {
    let Some(sealing) = key::read(location)? else {
        return Err(Failure::usage(format!(
            "There is no key file {}. Check --data or --key-file.",
            key::path(location).display()
        )));
    };
    CheckpointKey::of(&sealing).map_err(|error| Failure::fault(format!("Checkpoints cannot be signed: {error}.")))
}

fn total(heads: &[Head]) -> i64 {
    heads.iter().map(|head| head.sequence).sum()
}

/// A file of its own for each, so that none takes the place of an earlier one.
fn save(folder: &Path, now: Timestamp, entries: i64, note: &str) -> io::Result<()> {
    let name = format!("checkpoint-{}-{entries}.txt", now.0);
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(folder.join(name))?;
    file.write_all(note.as_bytes())?;
    file.sync_all()
}
