//! What members confirm, behind the gate: it knows who says something for an end of a flow, and when.

use async_trait::async_trait;
use domain::backend::confirmations::{Confirmations, KeptEntity};
use domain::command::{Command, Receipt, Revision};
use domain::confirmation::{Statement, Witness, answers_for, confirm};
use domain::id::{AccountId, FlowId, WorkspaceId};
use domain::model::object::ObjectRef;
use domain::problem::{FieldCode, Problem};
use domain::review::board::{Explanation, PaymentChannel, PaymentStage};
use domain::review::entity::EntityProfile;
use domain::role::Capability;
use domain::schedule::Zone;
use uuid::Uuid;

use super::incidents::who;
use super::risks::{me, refuse_nul};
use super::{Gate, permit};
use crate::db::{Tx, transact};
use crate::error::Failure;
use crate::execute::{Act, What, Written};
use crate::{entity, execute, meter, snapshot};

/// The name of a confirmation in the audit trail and in the meters.
const CONFIRM: &str = "flow.confirm";

#[async_trait]
impl Confirmations for Gate {
    async fn confirm_flow(
        &self,
        workspace: &WorkspaceId,
        flow: &FlowId,
        said: Statement,
        seen: Revision,
    ) -> Result<Receipt, Problem> {
        let begun = meter::instant();
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_confirm(tx, workspace, (flow, &said), seen));
        let outcome = outcome.map(|(id, written)| {
            if let Some(live) = written.live {
                self.store.copies().keep(id, live);
            }
            written.receipt
        });
        drop(turn);
        let outcome = self.told(outcome, CONFIRM, workspace).await;
        meter::command(CONFIRM, &outcome, begun.elapsed());
        outcome
    }

    async fn entity(&self, workspace: &WorkspaceId) -> Result<KeptEntity, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
            let kept = if permit.sees_working() {
                entity::current(&mut tx, &permit).await?
            } else {
                match snapshot::signed_last(&mut tx, &permit).await? {
                    Some(signed) => entity::at(&mut tx, &permit, signed.taken_at).await?,
                    None => KeptEntity::default(),
                }
            };
            tx.rollback().await?;
            Ok(kept)
        };
        self.told(outcome.await, "entity", workspace).await
    }

    async fn save_entity(&self, workspace: &WorkspaceId, entity: EntityProfile, seen: i64) -> Result<bool, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_save_entity(tx, workspace, &entity, seen));
        drop(turn);
        self.told(outcome, "entity.edit", workspace).await
    }

    async fn explain_cell(
        &self,
        workspace: &WorkspaceId,
        cell: (PaymentChannel, PaymentStage),
        reason: &str,
        seen: i64,
    ) -> Result<bool, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_explain(tx, workspace, (cell, reason), seen));
        drop(turn);
        self.told(outcome, "entity.explain", workspace).await
    }
}

impl Gate {
    async fn try_confirm(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        (flow, said): (&FlowId, &Statement),
        seen: Revision,
    ) -> Result<(Uuid, Written), Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::ConfirmFlows).await?;
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        let before = self.store.copies().current(tx, &permit).await?;
        let is = before.model.flows.get(flow).ok_or(Problem::NotFound)?;
        let person = me(tx, &permit).await?.ok_or_else(|| Problem::field("end", FieldCode::NobodyToName))?;
        if !answers_for(&before.model, is, said.end, &person) {
            return Err(Problem::field("end", FieldCode::NotYourEnd).into());
        }
        let by = Witness { person, account: self.actor.id().map(AccountId::new) };
        let after = confirm(is, said.clone(), by, act.now)?;
        let command = Command::EditFlow(Box::new(after), seen);
        let (after, change) = before.model.apply(&command, |object| before.changed.get(object).copied())?;
        let what = What { action: CONFIRM, source: None, subject: Some(ObjectRef::Flow(flow.clone())) };
        let written = execute::write(tx, &act, &before, after, &change, &what).await?;
        Ok((permit.workspace(), written))
    }

    async fn try_save_entity(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        new: &EntityProfile,
        seen: i64,
    ) -> Result<bool, Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::ManageWorkspace).await?;
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        refuse_nul(new)?;
        let is = entity::current(tx, &permit).await?;
        // Reasons have a page and a right of their own.
        let new = EntityProfile { explanations: is.entity.explanations.clone(), ..new.clone() };
        entity::save(tx, &act, (&is, seen), &new, "entity.edit").await
    }

    async fn try_explain(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        ((channel, stage), reason): ((PaymentChannel, PaymentStage), &str),
        seen: i64,
    ) -> Result<bool, Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::EditModel).await?;
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        let zone = Zone::of(&self.store.copies().current(tx, &permit).await?.model);
        let (by, on) = (who(tx, &permit).await?, zone.day_of(act.now));
        let is = entity::current(tx, &permit).await?;
        let mut after = is.entity.clone();
        after.explain(Explanation { channel, stage, reason: reason.to_owned(), by, on })?;
        entity::save(tx, &act, (&is, seen), &after, "entity.explain").await
    }
}
