//! What a member may ask about the reviews of a workspace.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::id::{PersonId, WorkspaceId};
use crate::problem::Problem;
use crate::review::content::Reviewed;
use crate::review::elements::Beside;
use crate::review::examination::Fault;
use crate::review::outcome::Recomputed;
use crate::review::seal::{Content, Seal, SealKey, Sealed};
use crate::review::session::{Command, Opening};
use crate::review::{Difference, Gate, ReviewKey, Session};
use crate::risk::RiskKey;
use crate::risk::acceptance::Current;
use crate::schedule::late::LateCause;
use crate::snapshot::SnapshotKey;
use crate::time::Timestamp;

/// The reviews of a workspace, and what was sealed. Who may read the model reads them; taking part is a right of its own,
/// and who signs is fixed when a review is opened.
#[async_trait]
pub trait Reviews: Send + Sync {
    /// Every review and every seal.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn reviews(&self, workspace: &WorkspaceId) -> Result<ReviewBook, Problem>;

    /// One review, with the difference to the model as it is now. What happened to it meanwhile is taken into account,
    /// whether anybody wrote it down or not.
    ///
    /// # Errors
    /// As `Backend::estate`, and `NotFound` where there is no such review.
    async fn review(&self, workspace: &WorkspaceId, review: ReviewKey) -> Result<ReviewState, Problem>;

    /// Opens a review under the next key.
    ///
    /// # Errors
    /// As `Backend::execute`, and those of [`crate::review::session::open`].
    async fn open_review(&self, workspace: &WorkspaceId, opening: Opening) -> Result<ReviewKey, Problem>;

    /// Does something in a review. Signing has a way of its own.
    ///
    /// # Errors
    /// As `Backend::execute`, and those of [`Session::decide`].
    async fn step_review(&self, workspace: &WorkspaceId, review: ReviewKey, command: Command) -> Result<(), Problem>;

    /// Signs what was shown. The snapshot is taken in the same commit, and with the last signature the seal is made and
    /// noted as a run of the schedule that the review was opened for. The seal, where it was made.
    ///
    /// # Errors
    /// As [`Self::step_review`]; `Reauthenticate` where the person proved longer than five minutes ago who they are,
    /// `cause`, `told` and `caught_up` where the schedule is late and nobody said why; `GateOpen` of the field `step` where something blocks the signature: [`ReviewState::gates`] lists it.
    async fn sign_review(
        &self,
        workspace: &WorkspaceId,
        review: ReviewKey,
        signing: Signing,
    ) -> Result<Option<SealKey>, Problem>;

    /// A seal with everything that is wrong with it, found in the bytes that are kept. `again` computes what follows from
    /// the sealed model once more.
    ///
    /// # Errors
    /// As `Backend::estate`, and `NotFound` where there is no such seal.
    async fn seal(&self, workspace: &WorkspaceId, seal: SealKey, again: bool) -> Result<SealReport, Problem>;

    /// The bytes of a seal, or those of something that it fixes. The sealed model is taken away with its snapshot.
    ///
    /// # Errors
    /// As [`Self::seal`]; `Forbidden` where the role may not export.
    async fn sealed_bytes(
        &self,
        workspace: &WorkspaceId,
        seal: SealKey,
        content: Option<Content>,
    ) -> Result<String, Problem>;
}

/// What a signer brings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signing {
    /// What was shown: [`Session::content_hash`].
    pub shown: String,
    /// What they add; may be empty.
    pub comment: String,
    /// Why the schedule that the review was opened for is late, where it is.
    pub late: Option<LateCause>,
}

/// The reviews of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewBook {
    /// The reviews as their events have them, by key.
    pub reviews: Vec<Session>,
    /// The seals, by key. One that cannot be read has none.
    pub seals: Vec<(SealKey, Option<Seal>, Sealed)>,
    /// Where the chain of the seals is broken.
    pub broken: Option<SealKey>,
    /// Whoever asks, as reviews name them.
    pub me: Option<PersonId>,
    /// Whether somebody other than the authors approves, whatever is asked for at the opening.
    pub four_eyes: bool,
    /// The present moment.
    pub now: Timestamp,
}

/// A review as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewState {
    /// What happened, together with what the model makes of it now.
    pub session: Session,
    /// What is different now; nothing where the review is over.
    pub difference: Difference,
    /// What blocks a signature; nothing where the review is over.
    pub gates: Vec<Gate>,
    /// When the seals were made from which the difference starts.
    pub bases: BTreeMap<SealKey, Timestamp>,
    /// When a confirmation of the scope was sealed last, where one was.
    pub scope_sealed: Option<Timestamp>,
    /// The acceptances, as they stand.
    pub acceptances: Vec<Current>,
    /// The titles of the risks.
    pub risks: BTreeMap<RiskKey, String>,
    /// Whoever asks, as reviews name them.
    pub me: Option<PersonId>,
    /// The present moment.
    pub now: Timestamp,
}

/// A seal, examined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealReport {
    /// The key.
    pub key: SealKey,
    /// The bytes with their hash and signature.
    pub sealed: Sealed,
    /// What they say, as far as they can be read.
    pub seal: Option<Seal>,
    /// The snapshot of the sealed model.
    pub snapshot: Option<SnapshotKey>,
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// What follows from the sealed model today; only where that was asked for, and can be told.
    pub recomputed: Option<Recomputed>,
    /// The review as it was sealed, where it can be read.
    pub reviewed: Option<Reviewed>,
    /// The seal of the same review that replaces it.
    pub replaced_by: Option<SealKey>,
    /// With which key the instance signs now.
    pub key_now: String,
}

impl ReviewState {
    /// What the review knows beside the model, for the elements of the confirmation of the scope. Whoever confirmed the
    /// scope last approved the map as it was then.
    #[must_use]
    pub fn beside(&self) -> Beside {
        let progress = self.session.progress(&self.difference);
        Beside {
            diagrams_approved: self.scope_sealed.map(|at| at.day()),
            changed_since: self.difference.changed().count(),
            looked_at: (progress.done, progress.items),
        }
    }
}
