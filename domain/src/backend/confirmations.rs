//! What members confirm: what a flow carries, who the entity is, and why a stage of a payment channel has no flow.

use async_trait::async_trait;

use super::Estate;
use crate::command::{Receipt, Revision};
use crate::confirmation::Statement;
use crate::id::{FlowId, WorkspaceId};
use crate::problem::Problem;
use crate::review::board::{PaymentChannel, PaymentStage, board};
use crate::review::elements::{Beside, Prefilled, Sources, prefilled};
use crate::review::entity::EntityProfile;
use crate::time::Timestamp;

/// What members confirm. Who may read the model reads it.
#[async_trait]
pub trait Confirmations: Send + Sync {
    /// Says what a flow carries, for the end whose system the person answers for. Who says so, and when, the gate knows.
    /// `seen` is the revision at which the person saw the flow.
    ///
    /// # Errors
    /// As `Backend::execute` and [`crate::confirmation::confirm`]; `Forbidden` for programs; `Invalid` with the field
    /// `end` where the account is linked to no person, or to one who answers for something else; `Conflict` where the flow
    /// changed since.
    async fn confirm_flow(
        &self,
        workspace: &WorkspaceId,
        flow: &FlowId,
        said: Statement,
        seen: Revision,
    ) -> Result<Receipt, Problem>;

    /// Who is assessed, and why stages of payment channels have no flow.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn entity(&self, workspace: &WorkspaceId) -> Result<KeptEntity, Problem>;

    /// Says who is assessed. `seen` is the number of the save that the person saw. Whether anything changed.
    ///
    /// # Errors
    /// As `Backend::execute`; `Conflict` where it was saved since.
    async fn save_entity(&self, workspace: &WorkspaceId, entity: EntityProfile, seen: i64) -> Result<bool, Problem>;

    /// Says why a stage of a channel has no flow; an empty reason takes back what was said. Whether anything changed.
    ///
    /// # Errors
    /// As [`Self::save_entity`]; `Invalid` with the field `reason`.
    async fn explain_cell(
        &self,
        workspace: &WorkspaceId,
        cell: (PaymentChannel, PaymentStage),
        reason: &str,
        seen: i64,
    ) -> Result<bool, Problem>;
}

/// The profile of the entity as it was saved last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptEntity {
    /// How often it was saved; 0 where it never was.
    pub revision: i64,
    /// What it says.
    pub entity: EntityProfile,
    /// When it was saved last.
    pub saved_at: Option<Timestamp>,
    /// Who saved it, by name; absent where nobody was signed in.
    pub saved_by: Option<String>,
}

impl KeptEntity {
    /// What the model of an estate says of the seven elements of the confirmation of its scope.
    #[must_use]
    pub fn prefilled(&self, estate: &Estate, beside: Beside) -> Vec<Prefilled> {
        let board = board(&estate.model, &self.entity.channels, &self.entity.explanations);
        prefilled(&Sources { model: &estate.model, scope: &estate.scope, board: &board, beside })
    }
}
