//! The risk register and its decisions, behind the gate.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use domain::backend::Estate;
use domain::backend::risks::{Decisions, RiskHistory, RiskRegister, Risks};
use domain::id::{PersonId, WorkspaceId};
use domain::problem::{FieldCode, Problem};
use domain::risk::acceptance::{Acceptance, AcceptanceKey, Ask, Asked, Command, Current, Standing};
use domain::risk::settings::{Change, Setting};
use domain::risk::view::next::{Plan, plan};
use domain::risk::view::tasks::{standings, tasks};
use domain::risk::view::trend::{Span, Trend, trend};
use domain::risk::{Risk, RiskKey, Scheme};
use domain::role::{Capability, Tier};
use domain::time::{Day, Timestamp};
use serde::Serialize;

use super::{Gate, Permit, permit};
use crate::acceptance::{self, Facts, Kept};
use crate::db::{Tx, transact};
use crate::error::{Failure, StoreError};
use crate::execute::Act;
use crate::model::party::person_of_account;
use crate::risk::{self, setting};

#[async_trait]
impl Risks for Gate {
    async fn risks(&self, workspace: &WorkspaceId) -> Result<RiskRegister, Problem> {
        let outcome = self.read_register(workspace).await;
        self.told(outcome, "risks", workspace).await
    }

    async fn risks_on(&self, workspace: &WorkspaceId, day: Day) -> Result<RiskRegister, Problem> {
        let outcome = self.read_register_on(workspace, day).await;
        self.told(outcome, "risks", workspace).await
    }

    async fn risk_setting(&self, workspace: &WorkspaceId) -> Result<Setting, Problem> {
        let outcome = self.read_setting(workspace).await;
        self.told(outcome, "risk.setting", workspace).await
    }

    async fn set_risk_register(&self, workspace: &WorkspaceId, change: Change) -> Result<bool, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_set_register(tx, workspace, &change));
        drop(turn);
        self.told(outcome, "risk.register", workspace).await
    }

    async fn risk_decisions(&self, workspace: &WorkspaceId) -> Result<Decisions, Problem> {
        let outcome = self.read_decisions(workspace).await;
        self.told(outcome, "risk.decisions", workspace).await
    }

    async fn risk_trend(&self, workspace: &WorkspaceId, span: Span) -> Result<Trend, Problem> {
        let outcome = self.read_trend(workspace, span).await;
        self.told(outcome, "risk.trend", workspace).await
    }

    async fn risk_plan(&self, estate: &Arc<Estate>) -> Result<Plan, Problem> {
        let outcome = self.read_plan(estate).await;
        self.told(outcome, "risk.plan", &estate.workspace.id).await
    }

    async fn risk(&self, workspace: &WorkspaceId, risk: RiskKey) -> Result<RiskHistory, Problem> {
        let outcome = self.read_risk(workspace, risk).await;
        self.told(outcome, "risk", workspace).await
    }

    async fn add_risk(&self, workspace: &WorkspaceId, risk: Risk, scheme: Scheme) -> Result<RiskKey, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_add_risk(tx, workspace, (&risk, scheme)));
        drop(turn);
        self.told(outcome, "risk.add", workspace).await
    }

    async fn edit_risk(&self, workspace: &WorkspaceId, risk: Risk, seen: (i64, Scheme)) -> Result<bool, Problem> {
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
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
        let register = setting::current(&mut tx, &permit).await?.register;
        let risks = self.store.risks().all(&mut tx, &permit).await?;
        let kept = acceptance::latest(&mut tx, &permit).await?;
        let me = me(&mut tx, &permit).await?;
        let acceptances = self.stand(tx, &permit, kept, (&risks, register.scheme)).await?;
        let (standings, tasks) = (standings(&acceptances), tasks(&risks, &acceptances));
        let risks = Arc::unwrap_or_clone(risks);
        Ok(RiskRegister { register, risks, standings, acceptances, tasks, me, tier: tier(&permit) })
    }

    async fn read_register_on(&self, workspace: &WorkspaceId, day: Day) -> Result<RiskRegister, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
        let end = day.plus_days(1).start();
        let register = setting::before(&mut tx, &permit, end).await?;
        let risks = self.store.risks().on(&mut tx, &permit, day, self.today()).await?;
        let stood = |acceptance: Acceptance| {
            let state = acceptance.state(Timestamp(end.0 - 1));
            Current { acceptance, standing: Standing { state, changes: Vec::new(), next_change: None } }
        };
        let acceptances: Vec<Current> =
            acceptance::before(&mut tx, &permit, end).await?.into_iter().map(stood).collect();
        let me = me(&mut tx, &permit).await?;
        tx.rollback().await?;
        let (standings, risks) = (standings(&acceptances), Arc::unwrap_or_clone(risks));
        Ok(RiskRegister { register, risks, standings, acceptances, tasks: Vec::new(), me, tier: tier(&permit) })
    }

    async fn read_decisions(&self, workspace: &WorkspaceId) -> Result<Decisions, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
        let kept = acceptance::latest(&mut tx, &permit).await?;
        if kept.is_empty() {
            tx.rollback().await?;
            return Ok(Decisions::default());
        }
        let scheme = setting::current(&mut tx, &permit).await?.register.scheme;
        let risks = risk::with_acceptance(&mut tx, &permit).await?;
        let acceptances = self.stand(tx, &permit, kept, (&risks, scheme)).await?;
        Ok(Decisions { tasks: tasks(&risks, &acceptances), risks })
    }

    async fn read_setting(&self, workspace: &WorkspaceId) -> Result<Setting, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
        let setting = setting::current(&mut tx, &permit).await?;
        tx.rollback().await?;
        Ok(setting)
    }

    async fn read_trend(&self, workspace: &WorkspaceId, span: Span) -> Result<Trend, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
        let moments = self.store.risks().moments(&mut tx, &permit).await?;
        tx.rollback().await?;
        Ok(trend(&moments, &span.days(self.today())))
    }

    async fn read_plan(&self, estate: &Arc<Estate>) -> Result<Plan, Failure> {
        let mut tx = self.store.db().read().await?;
        let workspace = &estate.workspace.id;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
        let scheme = setting::current(&mut tx, &permit).await?.register.scheme;
        let risks = self.store.risks().all(&mut tx, &permit).await?;
        tx.rollback().await?;
        let estate = Arc::clone(estate);
        let planned = tokio::task::spawn_blocking(move || {
            let risks = risks.values().map(|risk| &**risk);
            plan(risks, &estate.model, &estate.scope, scheme, estate.today)
        });
        Ok(planned.await.map_err(StoreError::from)?)
    }

    async fn try_set_register(&self, tx: &mut Tx, workspace: &WorkspaceId, change: &Change) -> Result<bool, Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::ManageWorkspace).await?;
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        let changed = setting::set(tx, &act, change).await?;
        if changed {
            // What was accepted at one level may lie at a higher one now.
            let live = self.store.copies().current(tx, &permit).await?;
            let judged = live.judge(act.now.day()).await?;
            acceptance::observe(tx, &act, &judged, None).await?;
        }
        Ok(changed)
    }

    async fn read_risk(&self, workspace: &WorkspaceId, key: RiskKey) -> Result<RiskHistory, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
        let (revision, risk) = risk::one(&mut tx, &permit, key).await?;
        let register = setting::current(&mut tx, &permit).await?.register;
        let versions = risk::versions(&mut tx, &permit, key).await?;
        let kept = acceptance::of_risk(&mut tx, &permit, key).await?;
        let me = me(&mut tx, &permit).await?;
        let risk = Arc::new(risk);
        let risks = [(key, Arc::clone(&risk))].into();
        let mut acceptances = self.stand(tx, &permit, kept, (&risks, register.scheme)).await?;
        acceptances.reverse();
        Ok(RiskHistory { register, risk, revision, versions, acceptances, me })
    }

    /// Where acceptances stand now. The model is only judged where something can still happen to one.
    pub(super) async fn stand(
        &self,
        mut tx: Tx,
        permit: &Permit,
        kept: Vec<Kept>,
        (risks, scheme): (&BTreeMap<RiskKey, Arc<Risk>>, Scheme),
    ) -> Result<Vec<Current>, Failure> {
        let now = self.store.now();
        if !kept.iter().any(|it| it.acceptance.is_open()) {
            tx.rollback().await?;
            return Ok(acceptance::currents(kept, risks, None, (scheme, now)));
        }
        let live = self.store.copies().current(&mut tx, permit).await?;
        tx.rollback().await?;
        let judged = live.judge(now.day()).await?;
        let facts = Facts::of(&judged, now).await?;
        let currents = acceptance::currents(kept, risks, Some((&judged, &facts)), (scheme, now));
        self.store.copies().keep(permit.workspace(), live.judged(judged));
        Ok(currents)
    }

    async fn try_add_risk(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        (risk, scheme): (&Risk, Scheme),
    ) -> Result<RiskKey, Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::EditModel).await?;
        setting::still(tx, &permit, scheme).await?;
        refuse_nul(risk)?;
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        risk::add(tx, &act, risk.clone()).await
    }

    async fn try_edit_risk(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        risk: &Risk,
        (seen, scheme): (i64, Scheme),
    ) -> Result<bool, Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::EditModel).await?;
        setting::still(tx, &permit, scheme).await?;
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
        let today = self.today();
        let permit = permit(tx, &self.actor, workspace, today, Capability::AcceptRisks).await?;
        refuse_nul(&(&ask.justification, &ask.conditions))?;
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        let (key, risk) = match &ask.risk {
            Asked::Known(key) => (*key, risk::one(tx, &permit, *key).await?.1),
            Asked::New(risk, scheme) => {
                // Asking for an acceptance is one right, adding a risk another.
                let adds = super::permit(tx, &self.actor, workspace, today, Capability::EditModel).await?;
                setting::still(tx, &adds, *scheme).await?;
                refuse_nul(risk)?;
                let adding = Act { permit: &adds, ..act };
                let key = risk::add(tx, &adding, (**risk).clone()).await?;
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

/// Up to which level whoever asks approves acceptances.
pub(super) fn tier(permit: &Permit) -> Option<Tier> {
    permit.entry().allows(Capability::AcceptRisks).then(|| permit.standing().tier)
}

/// The person of the inventory who asks.
pub(super) async fn me(tx: &mut Tx, permit: &Permit) -> Result<Option<PersonId>, StoreError> {
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
