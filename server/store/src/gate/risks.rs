//! The risk register and its decisions, behind the gate.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use domain::backend::risks::{RiskHistory, RiskRegister, Risks};
use domain::id::{PersonId, WorkspaceId};
use domain::problem::{FieldCode, Problem};
use domain::risk::acceptance::{AcceptanceKey, Ask, Asked, Command, Current};
use domain::risk::view::tasks::{standings, tasks};
use domain::risk::{Register, Risk, RiskKey};
use domain::role::Capability;
use serde::Serialize;

use super::{Gate, Permit, permit};
use crate::acceptance::{self, Facts, Kept};
use crate::db::{Tx, transact};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::model::party::person_of_account;
use crate::risk;

#[async_trait]
impl Risks for Gate {
    async fn risks(&self, workspace: &WorkspaceId) -> Result<RiskRegister, Problem> {
        let outcome = self.read_register(workspace).await;
        self.told(outcome, "risks", workspace).await
    }

    async fn risk(&self, workspace: &WorkspaceId, risk: RiskKey) -> Result<RiskHistory, Problem> {
        let outcome = self.read_risk(workspace, risk).await;
        self.told(outcome, "risk", workspace).await
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

    async fn edit_risks(&self, workspace: &WorkspaceId, risks: Vec<(Risk, i64)>) -> Result<usize, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_edit_risks(tx, workspace, &risks));
        drop(turn);
        self.told(outcome, "risk.edit", workspace).await
    }

    async fn ask_acceptance(&self, workspace: &WorkspaceId, ask: Ask) -> Result<RiskKey, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_ask(tx, workspace, &ask));
        drop(turn);
        self.told(outcome, "risk.acceptance.ask", workspace).await
    }

    async fn decide_acceptance(
        &self,
        workspace: &WorkspaceId,
        risk: RiskKey,
        acceptance: AcceptanceKey,
        command: Command,
    ) -> Result<(), Problem> {
        let turn = self.store.turn(workspace).await;
        let step = (acceptance, &command);
        let outcome = transact!(self.store.db(), serial, |tx| self.try_decide(tx, workspace, risk, step));
        drop(turn);
        self.told(outcome, "risk.acceptance.decide", workspace).await
    }
}

impl Gate {
    async fn read_register(&self, workspace: &WorkspaceId) -> Result<RiskRegister, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
        let risks = self.store.registers().current(&mut tx, &permit).await?;
        let kept = acceptance::all(&mut tx, &permit).await?;
        let me = me(&mut tx, &permit).await?;
        let acceptances = self.stand(tx, &permit, kept, &risks).await?;
        let (standings, tasks) = (standings(&acceptances), tasks(&risks, &acceptances));
        Ok(RiskRegister { register: Register::default(), risks, standings, tasks, me })
    }

    async fn read_risk(&self, workspace: &WorkspaceId, key: RiskKey) -> Result<RiskHistory, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
        let (revision, risk) = risk::one(&mut tx, &permit, key).await?;
        let versions = risk::versions(&mut tx, &permit, key).await?;
        let kept = acceptance::of_risk(&mut tx, &permit, key).await?;
        let me = me(&mut tx, &permit).await?;
        let risk = Arc::new(risk);
        let mut acceptances = self.stand(tx, &permit, kept, &[(key, Arc::clone(&risk))].into()).await?;
        acceptances.reverse();
        Ok(RiskHistory { register: Register::default(), risk, revision, versions, acceptances, me })
    }

    /// Where acceptances stand now. The model is only judged where something can still happen to one.
    async fn stand(
        &self,
        mut tx: Tx,
        permit: &Permit,
        kept: Vec<Kept>,
        risks: &BTreeMap<RiskKey, Arc<Risk>>,
    ) -> Result<Vec<Current>, Failure> {
        let now = self.store.now();
        if !kept.iter().any(|it| it.acceptance.is_open()) {
            tx.rollback().await?;
            return Ok(acceptance::currents(kept, risks, None, now));
        }
        let live = self.store.copies().current(&mut tx, permit).await?;
        tx.rollback().await?;
        let judged = live.judge(now.day()).await?;
        let facts = Facts::of(&judged, now).await?;
        let currents = acceptance::currents(kept, risks, Some((&judged, &facts)), now);
        self.store.copies().keep(permit.workspace(), live.judged(judged));
        Ok(currents)
    }

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
        let changed = risk::edit(tx, &act, risk, seen).await?;
        if changed {
            self.observe_risks(tx, &act).await?;
        }
        Ok(changed)
    }

    async fn try_edit_risks(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        risks: &[(Risk, i64)],
    ) -> Result<usize, Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::EditModel).await?;
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        let mut changed = 0;
        for (risk, seen) in risks {
            refuse_nul(risk)?;
            changed += usize::from(risk::edit(tx, &act, risk, *seen).await?);
        }
        if changed > 0 {
            self.observe_risks(tx, &act).await?;
        }
        Ok(changed)
    }

    /// Another rating or another link may be more than was accepted.
    pub(super) async fn observe_risks(&self, tx: &mut Tx, act: &Act<'_>) -> Result<(), Failure> {
        let live = self.store.copies().current(tx, act.permit).await?;
        let judged = live.judge(act.now.day()).await?;
        acceptance::observe(tx, act, &judged, None).await.map(drop)
    }

    async fn try_ask(&self, tx: &mut Tx, workspace: &WorkspaceId, ask: &Ask) -> Result<RiskKey, Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::AcceptRisks).await?;
        refuse_nul(&(&ask.justification, &ask.conditions))?;
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        let (key, risk) = match &ask.risk {
            Asked::Known(key) => (*key, risk::one(tx, &permit, *key).await?.1),
            Asked::New(risk) => {
                if !permit.entry().role.may(Capability::EditModel) {
                    return Err(Failure::Denied(Problem::Forbidden));
                }
                refuse_nul(risk)?;
                let key = risk::add(tx, &act, (**risk).clone()).await?;
                (key, Risk { key, ..(**risk).clone() })
            }
        };
        let live = self.store.copies().current(tx, &permit).await?;
        let judged = live.judge(act.now.day()).await?;
        acceptance::ask(tx, &act, &judged, (key, &risk), ask).await?;
        Ok(key)
    }

    async fn try_decide(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        key: RiskKey,
        (acceptance, command): (AcceptanceKey, &Command),
    ) -> Result<(), Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::AcceptRisks).await?;
        if let Command::Reject { reason } | Command::Revoke { reason } = command {
            refuse_nul(reason)?;
        }
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        let (_, risk) = risk::one(tx, &permit, key).await?;
        let kept = acceptance::of_risk(tx, &permit, key).await?;
        let live = self.store.copies().current(tx, &permit).await?;
        let judged = live.judge(act.now.day()).await?;
        acceptance::decide(tx, &act, &judged, (key, &risk), kept, (acceptance, command.clone())).await
    }
}

/// The person of the inventory who asks.
async fn me(tx: &mut Tx, permit: &Permit) -> Result<Option<PersonId>, StoreError> {
    match permit.account() {
        Some(account) => person_of_account(tx, permit, account).await,
        None => Ok(None),
    }
}

/// PostgreSQL cannot hold U+0000, not even as it is escaped in JSON where somebody reads it as such.
/// The value as JSON.
pub(super) fn refuse_nul(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string(value)?;
    if text.contains("\\u0000") { Err(Problem::field("title", FieldCode::ControlCharacter).into()) } else { Ok(text) }
}
