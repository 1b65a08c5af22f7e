//! The risk register, behind the gate.

use async_trait::async_trait;
use domain::backend::risks::{RiskHistory, RiskRegister, Risks};
use domain::id::WorkspaceId;
use domain::problem::{FieldCode, Problem};
use domain::risk::{Risk, RiskKey};
use domain::role::Capability;

use super::{Gate, permit};
use crate::db::{Tx, transact};
use crate::error::Failure;
use crate::execute::Act;
use crate::risk;

#[async_trait]
impl Risks for Gate {
    async fn risks(&self, workspace: &WorkspaceId) -> Result<RiskRegister, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
            let register = risk::list(&mut tx, &permit).await?;
            tx.rollback().await?;
            Ok(register)
        };
        self.told(outcome.await, "risks", workspace).await
    }

    async fn risk(&self, workspace: &WorkspaceId, risk: RiskKey) -> Result<RiskHistory, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
            let history = risk::history(&mut tx, &permit, risk).await?;
            tx.rollback().await?;
            Ok(history)
        };
        self.told(outcome.await, "risk", workspace).await
    }

    async fn add_risk(&self, workspace: &WorkspaceId, risk: Risk) -> Result<RiskKey, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_add_risk(tx, workspace, &risk));
        drop(turn);
        self.told(outcome, "risk.add", workspace).await
    }

    async fn edit_risk(&self, workspace: &WorkspaceId, risk: Risk, seen: i64) -> Result<bool, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_edit_risk(tx, workspace, &risk, seen));
        drop(turn);
        self.told(outcome, "risk.edit", workspace).await
    }
}

impl Gate {
    async fn try_add_risk(&self, tx: &mut Tx, workspace: &WorkspaceId, risk: &Risk) -> Result<RiskKey, Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::EditModel).await?;
        refuse_nul(risk)?;
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        risk::add(tx, &act, risk.clone()).await
    }

    async fn try_edit_risk(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        risk: &Risk,
        seen: i64,
    ) -> Result<bool, Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::EditModel).await?;
        refuse_nul(risk)?;
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        risk::edit(tx, &act, risk, seen).await
    }
}

/// PostgreSQL cannot hold U+0000, not even as it is escaped in JSON where somebody reads it as such.
fn refuse_nul(risk: &Risk) -> Result<(), Failure> {
    let text = serde_json::to_string(risk)?;
    if text.contains("\\u0000") { Err(Problem::field("title", FieldCode::ControlCharacter).into()) } else { Ok(()) }
}
