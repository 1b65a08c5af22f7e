//! What a member may ask about the audit trail, and who administers the instance about that of the instance.

use async_trait::async_trait;

use crate::audit::{ChainReport, TrailFilter, TrailPage};
use crate::id::WorkspaceId;
use crate::problem::Problem;

/// The audit trail of a workspace; that of the instance where none is named.
#[async_trait]
pub trait Trail: Send + Sync {
    /// The newest entries that a filter lets through, with what was before and after each. What was denied to somebody in
    /// the workspace is in the chain of the instance, and shown where the filter asks for what was denied.
    ///
    /// # Errors
    /// As `Backend::estate`; `Forbidden` where the role may not read the audit trail, and where somebody who does not
    /// administer the instance asks for that of the instance.
    async fn trail(
        &self,
        workspace: Option<&WorkspaceId>,
        filter: &TrailFilter,
        most: u32,
    ) -> Result<TrailPage, Problem>;

    /// As [`Self::trail`], to be taken away: it is noted in the trail itself.
    ///
    /// # Errors
    /// As there.
    async fn take_trail(&self, workspace: Option<&WorkspaceId>, filter: &TrailFilter) -> Result<TrailPage, Problem>;

    /// Checks the chain from its first entry to its head.
    ///
    /// # Errors
    /// As [`Self::trail`].
    async fn verify_trail(&self, workspace: Option<&WorkspaceId>) -> Result<ChainReport, Problem>;
}
