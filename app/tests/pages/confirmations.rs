//! An entity of which nobody has said anything yet.

use async_trait::async_trait;
use domain::backend::confirmations::{Confirmations, KeptEntity};
use domain::command::{Receipt, Revision};
use domain::confirmation::Statement;
use domain::id::{FlowId, WorkspaceId};
use domain::problem::Problem;
use domain::review::board::{PaymentChannel, PaymentStage};
use domain::review::entity::EntityProfile;

use crate::estate::Fake;

#[async_trait]
impl Confirmations for Fake {
    async fn confirm_flow(&self, _: &WorkspaceId, _: &FlowId, _: Statement, _: Revision) -> Result<Receipt, Problem> {
        Err(Problem::Forbidden)
    }

    async fn entity(&self, workspace: &WorkspaceId) -> Result<KeptEntity, Problem> {
        self.member(workspace)?;
        Ok(KeptEntity { revision: 0, entity: EntityProfile::default(), saved_at: None, saved_by: None })
    }

    async fn save_entity(&self, _: &WorkspaceId, _: EntityProfile, _: i64) -> Result<bool, Problem> {
        Err(Problem::Forbidden)
    }

    async fn explain_cell(
        &self,
        _: &WorkspaceId,
        _: (PaymentChannel, PaymentStage),
        _: &str,
        _: i64,
    ) -> Result<bool, Problem> {
        Err(Problem::Forbidden)
    }
}
