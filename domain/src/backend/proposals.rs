//! What a member may ask about proposals: edits of the model that are not live yet.

use std::sync::Arc;

use async_trait::async_trait;

use super::Estate;
use crate::command::{Command, Receipt};
use crate::id::WorkspaceId;
use crate::problem::Problem;
use crate::proposal::{Circle, Proposal, ProposalKey, Step, Wish};

/// The proposals of a workspace. Auditors see none: they see what is decided.
#[async_trait]
pub trait Proposals: Send + Sync {
    /// The newest proposals, newest first.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn proposals(&self, workspace: &WorkspaceId) -> Result<Vec<Proposal>, Problem>;

    /// One of them.
    ///
    /// # Errors
    /// As `Backend::estate`, `NotFound`.
    async fn proposal(&self, workspace: &WorkspaceId, key: ProposalKey) -> Result<Proposal, Problem>;

    /// Who works in the workspace, by whom approvals are decided.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn circle(&self, workspace: &WorkspaceId) -> Result<Circle, Problem>;

    /// The workspace as it would be with an open proposal.
    ///
    /// # Errors
    /// As [`Self::proposal`]; `NotFound` as well where it was merged or withdrawn.
    async fn estate_with(&self, workspace: &WorkspaceId, key: ProposalKey) -> Result<Arc<Estate>, Problem>;

    /// Begins a proposal.
    ///
    /// # Errors
    /// As `Backend::execute`.
    async fn begin_proposal(&self, workspace: &WorkspaceId, wish: Wish) -> Result<ProposalKey, Problem>;

    /// Puts what a command does into a proposal instead of into the model. The receipt tells what it would do to the scope;
    /// its revision is that of the model, which stays.
    ///
    /// # Errors
    /// As `Backend::execute` and [`Proposal::edit`].
    async fn save_to_proposal(
        &self,
        workspace: &WorkspaceId,
        key: ProposalKey,
        command: Command,
    ) -> Result<Receipt, Problem>;

    /// Does a step of a proposal's life. Merging gives the receipt of what it changed.
    ///
    /// # Errors
    /// As `Backend::execute`, [`Proposal::step`] and [`Proposal::merge`]; `Reauthenticate` for an approval and a merge by
    /// somebody who proved longer than five minutes ago who they are.
    async fn step_proposal(
        &self,
        workspace: &WorkspaceId,
        key: ProposalKey,
        step: Step,
    ) -> Result<Option<Receipt>, Problem>;

    /// Whether what is in scope is changed through proposals only.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn protects_scope(&self, workspace: &WorkspaceId) -> Result<bool, Problem>;

    /// Says whether what is in scope is changed through proposals only.
    ///
    /// # Errors
    /// As `Backend::execute`.
    async fn set_protects_scope(&self, workspace: &WorkspaceId, protects: bool) -> Result<(), Problem>;
}
