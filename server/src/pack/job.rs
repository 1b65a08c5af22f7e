//! Makes the packs that somebody asked for, one at a time, in a task of its own: it notes how far it is, looks whether
//! somebody gave it up, and leaves an archive in the data folder.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::id::WorkspaceId;
use domain::pack::job::PackNumber;
use domain::problem::Problem;
use store::{Actor, Gate, Store};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::child::Child;
use super::folder::Folder;
use super::{Built, Progress, Unbuilt, build};
use crate::compiler::Failed;
use crate::http::causes;

/// How often the making notes how far it is and looks whether to go on.
const PULSE: Duration = Duration::from_millis(300);

/// How often what waits for its turn notes that.
const WAITING: Duration = Duration::from_secs(20);

/// What is told where nothing better is known. The cause is in the log.
const FAULT: &str = "The pack could not be made. The log of the server says why. Make it again.";

/// What is told where the server ends before a pack is finished.
const ENDED: &str = "The server ended before it was finished. Make it again.";

/// Makes packs. Cheap to clone; all clones make one at a time together.
#[derive(Clone)]
pub struct Workshop {
    store: Store,
    folder: Folder,
    turn: Arc<Semaphore>,
    /// Where a process of its own makes them; otherwise this one does.
    child: Option<Arc<Child>>,
}

impl Workshop {
    /// Makes packs of a store into the data folder.
    #[must_use]
    pub fn new(store: Store, data: &Path) -> Self {
        let folder = Folder::of(data);
        let folder = store.files().map_or(folder.clone(), |it| folder.with_evidence(it.folder()));
        Self { store, folder, turn: Arc::new(Semaphore::new(1)), child: None }
    }

    /// The same, with a process of its own for each pack.
    #[must_use]
    pub fn in_child(self, child: Child) -> Self {
        Self { child: Some(Arc::new(child)), ..self }
    }

    /// Ends what is being made, so that the server can end.
    pub fn stop(&self) {
        if let Some(child) = &self.child {
            child.stop();
        }
    }

    /// Where the archives are.
    #[must_use]
    pub const fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Makes a pack that was asked for, as soon as it is its turn.
    pub fn begin(&self, workspace: WorkspaceId, pack: PackNumber) -> JoinHandle<()> {
        let this = self.clone();
        tokio::spawn(async move { this.carry_out(&workspace, pack).await })
    }

    /// Marks as failed what an earlier process did not finish. For a server that has its database to itself.
    pub async fn tidy(&self) {
        match self.store.break_off_packs().await {
            Ok(0) => {}
            Ok(packs) => tracing::warn!(packs, "packs were not finished when the server ended; they can be made again"),
            Err(error) => tracing::error!(error = causes(&error), "packs that were not finished could not be marked"),
        }
        self.clear().await;
    }

    /// Removes archives to which nothing refers any more.
    pub async fn clear(&self) {
        let kept = match self.store.pack_files().await {
            Ok(kept) => kept,
            Err(error) => {
                tracing::error!(error = causes(&error), "the names of archives could not be read");
                return;
            }
        };
        let folder = self.folder.clone();
        match tokio::task::spawn_blocking(move || folder.clear(&kept)).await {
            Ok(Ok(0)) => {}
            Ok(Ok(removed)) => tracing::info!(removed, "archives of packs were removed"),
            Ok(Err(error)) => tracing::error!(error = causes(&error), "archives of packs could not be removed"),
            Err(error) => tracing::error!(error = causes(&error), "archives of packs could not be removed"),
        }
    }

    /// Makes a pack now, in this process.
    pub async fn make_now(&self, workspace: &WorkspaceId, pack: PackNumber) {
        let here = Self { child: None, ..self.clone() };
        here.carry_out(workspace, pack).await;
    }

    async fn carry_out(&self, workspace: &WorkspaceId, pack: PackNumber) {
        let gate = self.store.gate(Actor::Operator);
        let made = async {
            let Some(_turn) = self.turn(&gate, workspace, pack).await? else { return Ok(()) };
            match &self.child {
                None => self.make(&gate, workspace, pack).await,
                Some(child) => {
                    let (child, workspace) = (Arc::clone(child), workspace.clone());
                    let ended = tokio::task::spawn_blocking(move || child.make(&workspace, pack)).await;
                    let ended = ended.map_err(|error| NotMade::Fault(causes(&error)))?;
                    ended.map_err(|error| match error.kind() {
                        io::ErrorKind::Interrupted => NotMade::Said(ENDED.to_owned()),
                        _ => NotMade::Fault(causes(&error)),
                    })
                }
            }
        };
        let Err(why) = made.await else { return };
        let why = why.sentence();
        tracing::warn!(%pack, why, "a pack was not made");
        if let Err(problem) = gate.fail_pack(workspace, pack, &why).await {
            tracing::error!(?problem, "the end of a pack could not be noted");
        }
    }

    /// The right to make a pack now; `None` where nobody waits for it any more.
    async fn turn(
        &self,
        gate: &Gate,
        workspace: &WorkspaceId,
        pack: PackNumber,
    ) -> Result<Option<OwnedSemaphorePermit>, NotMade> {
        let mut turn = Box::pin(Arc::clone(&self.turn).acquire_owned());
        loop {
            tokio::select! {
                permit = &mut turn => return Ok(permit.ok()),
                () = sleep(WAITING) => match gate.wait_for_pack(workspace, pack).await {
                    Ok(true) | Err(Problem::TooMany(_)) => {}
                    Ok(false) => return Ok(None),
                    Err(problem) => return Err(problem.into()),
                }
            }
        }
    }

    async fn make(&self, gate: &Gate, workspace: &WorkspaceId, pack: PackNumber) -> Result<(), NotMade> {
        let Some((source, key)) = gate.begin_pack(workspace, pack).await? else { return Ok(()) };
        let signer = self.store.pack_key().await.map_err(|error| NotMade::Fault(causes(&error)))?;
        let (progress, stops) = (Arc::new(Mutex::new(Progress::default())), Arc::new(AtomicBool::new(false)));
        let (progress_there, stops_there) = (Arc::clone(&progress), Arc::clone(&stops));
        let (folder, name) = (self.folder.clone(), key.clone());
        let mut building = tokio::task::spawn_blocking(move || -> Result<Built, Unbuilt> {
            let mut file = folder.begin(&name)?;
            let mut open = |sha256: &str| folder.evidence(sha256);
            let built = build(source, &signer, &mut file, &mut open, &mut |now| {
                *progress_there.lock().unwrap_or_else(PoisonError::into_inner) = now;
                !stops_there.load(Ordering::Relaxed)
            })?;
            if stops_there.load(Ordering::Relaxed) {
                return Err(Unbuilt::Stopped);
            }
            folder.finish(&name, &file)?;
            Ok(built)
        });
        let built = loop {
            tokio::select! {
                done = &mut building => break done.map_err(|error| NotMade::Fault(causes(&error)))?,
                () = sleep(PULSE) => {
                    let Progress { files, of, bytes } = *progress.lock().unwrap_or_else(PoisonError::into_inner);
                    match gate.note_pack(workspace, pack, (files, of, bytes)).await {
                        // A database that is busy for a moment stops nobody; the next note comes soon.
                        Ok(true) | Err(Problem::TooMany(_)) => {}
                        Ok(false) => stops.store(true, Ordering::Relaxed),
                        Err(problem) => {
                            stops.store(true, Ordering::Relaxed);
                            tracing::warn!(?problem, "how far a pack is could not be noted");
                        }
                    }
                }
            }
        };
        let kept = match &built {
            Ok(it) => gate.finish_pack(workspace, pack, (it.files, it.bytes, &it.sha256), &it.scanned).await,
            Err(_) => Ok(false),
        };
        if !matches!(kept, Ok(true)) {
            self.folder.remove(&key);
        }
        kept?;
        match built {
            Ok(_) => Ok(()),
            // Somebody gave it up, which is written down; or it could not be noted, and is told so.
            Err(Unbuilt::Stopped) => Err(NotMade::Said(FAULT.to_owned())),
            Err(Unbuilt::Unfit(error)) => Err(NotMade::Said(format!("{error}. {}", error.remedy()))),
            Err(Unbuilt::OtherKey) => {
                Err(NotMade::Said("The key that signs packs was changed meanwhile. Make the pack again.".to_owned()))
            }
            Err(Unbuilt::Document(failed)) => Err(NotMade::of_document(&failed)),
            Err(Unbuilt::Io(error)) => Err(NotMade::of_disk(&error)),
        }
    }
}

/// Why a pack was not made.
enum NotMade {
    /// A sentence for whoever asked for it.
    Said(String),
    /// A cause for the log.
    Fault(String),
}

impl NotMade {
    fn of_document(failed: &Failed) -> Self {
        match failed {
            Failed::TooLarge | Failed::TooLong => Self::Said(format!(
                "The report of the pack could not be made: {failed}. Make the pack again; where that stays so, tell whoever \
                 runs this instance."
            )),
            Failed::Process(_) | Failed::Refused(_) => Self::Fault(causes(failed)),
        }
    }

    fn of_disk(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::Said("There is no room for the pack in the data folder. Make room, then make it again.".to_owned())
            }
            io::ErrorKind::InvalidData => {
                Self::Said(format!("An evidence file is not what was uploaded: {error}. Restore it from a backup."))
            }
            io::ErrorKind::NotFound => Self::Said(
                "An evidence file is not on this machine. Restore the folder evidence from a backup, then make the pack again."
                    .to_owned(),
            ),
            _ => Self::Fault(error.to_string()),
        }
    }

    fn sentence(self) -> String {
        match self {
            Self::Said(sentence) => sentence,
            Self::Fault(cause) => {
                tracing::error!(error = cause, "a pack could not be made");
                FAULT.to_owned()
            }
        }
    }
}

impl From<Problem> for NotMade {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::NotFound => Self::Said("What it was to be made from is not there any more.".to_owned()),
            other => Self::Fault(format!("{other:?}")),
        }
    }
}
