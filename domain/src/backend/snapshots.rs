//! What a member may ask about the snapshots of a workspace, and what differs between two states of it.

use std::sync::Arc;

use async_trait::async_trait;

use super::Estate;
use crate::delta::Delta;
use crate::id::WorkspaceId;
use crate::problem::Problem;
use crate::snapshot::{Snapshot, SnapshotKey};

/// The snapshots of a workspace. They are taken, never changed, and go with their workspace only.
#[async_trait]
pub trait Snapshots: Send + Sync {
    /// Takes a snapshot of the model as it is stored now.
    ///
    /// # Errors
    /// As `Backend::execute`, `Invalid` with the field `name`.
    async fn take_snapshot(&self, workspace: &WorkspaceId, name: &str) -> Result<Snapshot, Problem>;

    /// The snapshots, newest first.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn snapshots(&self, workspace: &WorkspaceId) -> Result<Vec<Snapshot>, Problem>;

    /// The workspace as a snapshot has it, its dates judged as of the day on which it was taken.
    ///
    /// # Errors
    /// As `Backend::estate`, `NotFound` where there is no such snapshot, `Broken` where its content does not have its hash.
    async fn estate_at(&self, workspace: &WorkspaceId, key: SnapshotKey) -> Result<Arc<Estate>, Problem>;

    /// As [`Self::estate_at`], to take the whole of it away, which is kept in the audit trail.
    ///
    /// # Errors
    /// As `Backend::export` and [`Self::estate_at`].
    async fn export_at(&self, workspace: &WorkspaceId, key: SnapshotKey) -> Result<Arc<Estate>, Problem>;

    /// What differs between two states of a workspace.
    ///
    /// # Errors
    /// `Broken` where the comparison fails.
    async fn difference(&self, before: &Arc<Estate>, after: &Arc<Estate>) -> Result<Arc<Delta>, Problem>;
}
