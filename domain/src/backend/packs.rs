//! What a member may ask about the evidence packs of a workspace.

use async_trait::async_trait;

use crate::id::{AccountId, WorkspaceId};
use crate::pack::job::{PackNumber, PackOrigin, PackState, PackWish};
use crate::pack::profile::Profile;
use crate::pack::scan::Scanned;
use crate::problem::Problem;
use crate::time::Timestamp;

/// The packs that were asked for. Who may export the model asks for packs, sees them and takes them away; who may not see
/// addresses or drafts sees those only in which there are none.
#[async_trait]
pub trait Packs: Send + Sync {
    /// The packs, newest first.
    ///
    /// # Errors
    /// As `Backend::estate`; `Forbidden` where the role may not export.
    async fn packs(&self, workspace: &WorkspaceId) -> Result<Vec<PackRecord>, Problem>;

    /// One pack.
    ///
    /// # Errors
    /// As [`Self::packs`], and `NotFound` where there is no such pack.
    async fn pack(&self, workspace: &WorkspaceId, pack: PackNumber) -> Result<PackRecord, Problem>;

    /// Asks for a pack. It waits until somebody makes it.
    ///
    /// # Errors
    /// As [`Self::packs`]; `Reauthenticate` where the person proved longer than five minutes ago who they are; errors of the
    /// field `of` where there is no such seal or snapshot, and where somebody asks for a draft who may not see one.
    async fn ask_pack(&self, workspace: &WorkspaceId, wish: PackWish) -> Result<PackRecord, Problem>;

    /// Gives up a pack that waits or is being made.
    ///
    /// # Errors
    /// As [`Self::pack`], and `Conflict` where it is finished.
    async fn cancel_pack(&self, workspace: &WorkspaceId, pack: PackNumber) -> Result<(), Problem>;

    /// Releases a pack that was stopped because card numbers seem to be in it, as a second person.
    ///
    /// # Errors
    /// As [`Self::ask_pack`]; `Forbidden` where the role approves nothing, `OwnDecision` of the field `reason` where whoever
    /// asked for it tries to, `Conflict` where it is not stopped.
    async fn release_pack(&self, workspace: &WorkspaceId, pack: PackNumber, reason: &str) -> Result<(), Problem>;

    /// The keys with which this instance signs packs, and did, newest first.
    ///
    /// # Errors
    /// As [`Self::packs`].
    async fn pack_signers(&self, workspace: &WorkspaceId) -> Result<Vec<Signer>, Problem>;

    /// Notes that somebody takes a finished pack away.
    ///
    /// # Errors
    /// As [`Self::ask_pack`], and `Conflict` where it is not finished.
    async fn take_pack(&self, workspace: &WorkspaceId, pack: PackNumber) -> Result<PackRecord, Problem>;
}

/// The public half of a key that signs packs, or did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signer {
    /// Which of the instance's keys it is, from 1.
    pub generation: u32,
    /// The public key, of Ed25519.
    pub public: [u8; 32],
    /// Since when it signs: until the next one did.
    pub since: Timestamp,
}

/// A pack that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackRecord {
    /// Its number.
    pub number: PackNumber,
    /// The name of its archive, without ending: drawn, and never made of what somebody typed.
    pub file: String,
    /// What it is made from.
    pub origin: PackOrigin,
    /// For whom it is made.
    pub profile: Profile,
    /// How far it is.
    pub state: PackState,
    /// How many files were written.
    pub files: usize,
    /// How many files there are; 0 while they are computed.
    pub of: usize,
    /// How many bytes of the archive there are.
    pub bytes: u64,
    /// SHA-256 of the archive in hexadecimal; empty before it is whole.
    pub sha256: String,
    /// What was found in the files.
    pub scanned: Scanned,
    /// Why it was not made; empty where it was.
    pub problem: String,
    /// Who asked for it; nobody where the command line did.
    pub asked_by: Option<AccountId>,
    /// Who asked for it, as a name.
    pub asked_by_name: Option<String>,
    /// When.
    pub asked_at: Timestamp,
    /// Who released it although something was found, when and why.
    pub released: Option<Released>,
    /// How often it was taken away.
    pub downloads: u64,
}

/// The word of a second person on a pack that was stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// Who, as a name.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}
