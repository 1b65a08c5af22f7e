//! What is done again and again, behind the gate.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::backend::incidents::Kept;
use domain::backend::schedules::{ScheduleBook, ScheduleHistory, Schedules};
use domain::id::WorkspaceId;
use domain::problem::Problem;
use domain::role::Capability;
use domain::schedule::analysis::{Analysis, AnalysisKey};
use domain::schedule::analysis_draft::AnalysisStep;
use domain::schedule::assurance::{Activity, ActivityKey};
use domain::schedule::noted::Noted;
use domain::schedule::{Schedule, ScheduleKey, Zone};

use super::incidents::who;
use super::risks::{me, refuse_nul};
use super::{Gate, Permit, permit};
use crate::db::{Tx, transact};
use crate::error::Failure;
use crate::execute::Act;
use crate::schedule::{self, clock, kept, run};

#[async_trait]
impl Schedules for Gate {
    async fn schedules(&self, workspace: &WorkspaceId) -> Result<ScheduleBook, Problem> {
        let outcome = self.read_schedules(workspace).await;
        self.told(outcome, "schedules", workspace).await
    }

    async fn schedule(&self, workspace: &WorkspaceId, key: ScheduleKey) -> Result<ScheduleHistory, Problem> {
        let outcome = self.read_schedule(workspace, key).await;
        self.told(outcome, "schedule", workspace).await
    }

    async fn save_schedule(
        &self,
        workspace: &WorkspaceId,
        schedule: Schedule,
        seen: i64,
    ) -> Result<(ScheduleKey, bool), Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let (permit, zone) = self.may_plan(tx, workspace).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            refuse_nul(&schedule)?;
            kept::schedule(tx, &act, &zone, (schedule.clone(), seen)).await
        });
        drop(turn);
        let (number, changed) = self.told(outcome, "schedule.save", workspace).await?;
        Ok((ScheduleKey(number), changed))
    }

    async fn record_run(&self, workspace: &WorkspaceId, key: ScheduleKey, noted: Noted) -> Result<(), Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let (permit, zone) = self.may_plan(tx, workspace).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            let by = who(tx, &permit).await?;
            run::record(tx, &act, &zone, key, (&noted, None), &by).await
        });
        drop(turn);
        self.told(outcome, "schedule.run", workspace).await
    }

    async fn save_activity(
        &self,
        workspace: &WorkspaceId,
        activity: Activity,
        seen: i64,
    ) -> Result<(ActivityKey, bool), Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let (permit, zone) = self.may_plan(tx, workspace).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            refuse_nul(&activity)?;
            let by = who(tx, &permit).await?;
            kept::activity(tx, &act, &zone, (activity.clone(), seen), &by).await
        });
        drop(turn);
        let (number, changed) = self.told(outcome, "activity.save", workspace).await?;
        Ok((ActivityKey(number), changed))
    }

    async fn save_analysis(
        &self,
        workspace: &WorkspaceId,
        analysis: Analysis,
        seen: i64,
    ) -> Result<(AnalysisKey, bool), Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let (permit, _) = self.may_plan(tx, workspace).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            refuse_nul(&analysis)?;
            let by = who(tx, &permit).await?;
            kept::analysis(tx, &act, (analysis.clone(), seen), &by).await
        });
        drop(turn);
        let (number, changed) = self.told(outcome, "analysis.save", workspace).await?;
        Ok((AnalysisKey(number), changed))
    }

    async fn step_analysis(
        &self,
        workspace: &WorkspaceId,
        key: AnalysisKey,
        step: AnalysisStep,
        seen: i64,
    ) -> Result<bool, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let (permit, zone) = self.may_plan(tx, workspace).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            let by = who(tx, &permit).await?;
            kept::step(tx, &act, &zone, (key.0, &step, seen), &by).await
        });
        drop(turn);
        self.told(outcome, step.word(), workspace).await
    }
}

impl Gate {
    async fn read_schedules(&self, workspace: &WorkspaceId) -> Result<ScheduleBook, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
        let book = ScheduleBook {
            schedules: run::all(&mut tx, &permit).await?,
            activities: by_key(schedule::list::<Activity>(&mut tx, &permit).await?, |it| it.key),
            analyses: by_key(schedule::list::<Analysis>(&mut tx, &permit).await?, |it| it.key),
            zone: self.zone(&mut tx, &permit).await?,
            now: self.store.now(),
            me: me(&mut tx, &permit).await?,
        };
        tx.rollback().await?;
        Ok(book)
    }

    async fn read_schedule(&self, workspace: &WorkspaceId, key: ScheduleKey) -> Result<ScheduleHistory, Failure> {
        let mut tx = self.store.db().read().await?;
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
        let (kept, noted_by) = run::planned(&mut tx, &permit, key).await?;
        let history = ScheduleHistory {
            planned: kept.value,
            revision: kept.revision,
            noted_by,
            passings: clock::passings(&mut tx, &permit, key).await?,
            versions: schedule::versions(&mut tx, &permit, key).await?,
            zone: self.zone(&mut tx, &permit).await?,
            now: self.store.now(),
        };
        tx.rollback().await?;
        Ok(history)
    }

    /// Writes down what time did to the schedules of a workspace. How often anything happened.
    pub(crate) async fn tick_schedules(&self, workspace: &WorkspaceId) -> Result<usize, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| async {
            let permit = permit(tx, &self.actor, workspace, self.today(), Capability::EditModel).await?;
            let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
            let live = self.store.copies().current(tx, &permit).await?;
            clock::tick(tx, &act, &live).await
        });
        drop(turn);
        self.told(outcome, "schedule.tick", workspace).await
    }

    /// The permit of somebody who plans, and the zone of the workspace's days.
    async fn may_plan(&self, tx: &mut Tx, workspace: &WorkspaceId) -> Result<(Permit, Zone), Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::EditModel).await?;
        let zone = self.zone(tx, &permit).await?;
        Ok((permit, zone))
    }

    /// The zone of the workspace's days.
    pub(super) async fn zone(&self, tx: &mut Tx, permit: &Permit) -> Result<Zone, Failure> {
        if !permit.sees_working() {
            return Ok(Zone::of(&self.signed_estate(tx, permit).await?.model));
        }
        Ok(Zone::of(&self.store.copies().current(tx, permit).await?.model))
    }
}

/// Records by their keys instead of their numbers.
fn by_key<K: Ord, T>(records: BTreeMap<u32, Kept<T>>, key: impl Fn(&T) -> K) -> BTreeMap<K, Kept<T>> {
    records.into_values().map(|it| (key(&it.value), it)).collect()
}
