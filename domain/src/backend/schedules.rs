//! What a member may ask about what is done again and again: schedules, tests and exercises, targeted risk analyses.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::incidents::Kept;
use crate::id::{PersonId, WorkspaceId};
use crate::problem::Problem;
use crate::schedule::analysis::{Analysis, AnalysisKey};
use crate::schedule::analysis_draft::AnalysisStep;
use crate::schedule::assurance::{Activity, ActivityKey};
use crate::schedule::late::Run;
use crate::schedule::noted::Noted;
use crate::schedule::tick::Passing;
use crate::schedule::{Planned, Schedule, ScheduleKey, Zone};
use crate::time::Timestamp;

/// The schedules of a workspace. Who may read the model reads them, who may change the model changes them.
#[async_trait]
pub trait Schedules: Send + Sync {
    /// Every schedule with its last runs, every activity, every analysis.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn schedules(&self, workspace: &WorkspaceId) -> Result<ScheduleBook, Problem>;

    /// One schedule with what was done, what time did, and what it was before.
    ///
    /// # Errors
    /// As `Backend::estate`, and `NotFound` where there is no such schedule.
    async fn schedule(&self, workspace: &WorkspaceId, key: ScheduleKey) -> Result<ScheduleHistory, Problem>;

    /// Saves a schedule; one with the number 0 is a new one. `seen` is its revision at which the person saw it. A frequency
    /// that an analysis sets is taken over. Its key, and whether anything changed.
    ///
    /// # Errors
    /// As `Backend::execute`; `Conflict` where it changed since, `NotFound` where there is none of that number.
    async fn save_schedule(
        &self,
        workspace: &WorkspaceId,
        schedule: Schedule,
        seen: i64,
    ) -> Result<(ScheduleKey, bool), Problem>;

    /// Notes that what a schedule asks for was done.
    ///
    /// # Errors
    /// As `Backend::execute`; `Invalid` with the fields of a late cause where it was late and nobody said why, with the field
    /// `done` where a later run is noted, with the field `step` where the schedule has ended.
    async fn record_run(&self, workspace: &WorkspaceId, key: ScheduleKey, noted: Noted) -> Result<(), Problem>;

    /// Saves an activity; one with the number 0 is a new one. One that counts is noted as a run of the schedules of its
    /// kind, as far as it was in time.
    ///
    /// # Errors
    /// As [`Self::save_schedule`].
    async fn save_activity(
        &self,
        workspace: &WorkspaceId,
        activity: Activity,
        seen: i64,
    ) -> Result<(ActivityKey, bool), Problem>;

    /// Saves an analysis; one with the number 0 is a new one. Who saves it is its author.
    ///
    /// # Errors
    /// As [`Self::save_schedule`].
    async fn save_analysis(
        &self,
        workspace: &WorkspaceId,
        analysis: Analysis,
        seen: i64,
    ) -> Result<(AnalysisKey, bool), Problem>;

    /// Approves an analysis, which sets the frequency of the schedules that rest on it, or notes its yearly review.
    ///
    /// # Errors
    /// As [`Self::save_schedule`]; `Invalid` with the field `step` where the author approves, or where nobody approved what
    /// is reviewed, and with the fields of a late cause.
    async fn step_analysis(
        &self,
        workspace: &WorkspaceId,
        key: AnalysisKey,
        step: AnalysisStep,
        seen: i64,
    ) -> Result<bool, Problem>;
}

/// Everything that is done again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleBook {
    /// The schedules, by key; of the runs of each the last few.
    pub schedules: BTreeMap<ScheduleKey, Kept<Planned>>,
    /// The tests and exercises, by key.
    pub activities: BTreeMap<ActivityKey, Kept<Activity>>,
    /// The targeted risk analyses, by key.
    pub analyses: BTreeMap<AnalysisKey, Kept<Analysis>>,
    /// The zone of the workspace's days.
    pub zone: Zone,
    /// The present moment.
    pub now: Timestamp,
    /// The person of the inventory who asks, where the account is linked to one.
    pub me: Option<PersonId>,
}

impl ScheduleBook {
    /// The activities alone.
    #[must_use]
    pub fn done(&self) -> Vec<Activity> {
        self.activities.values().map(|it| it.value.clone()).collect()
    }
}

/// A schedule with everything that is kept about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleHistory {
    /// The schedule, with its newest runs.
    pub planned: Planned,
    /// How often it was saved.
    pub revision: i64,
    /// Who noted each run, as far as somebody was signed in; as many as there are runs.
    pub noted_by: Vec<Option<String>>,
    /// What the passing of time did, the newest first.
    pub passings: Vec<Passing>,
    /// Its versions, the newest first.
    pub versions: Vec<ScheduleVersion>,
    /// The zone of the workspace's days.
    pub zone: Zone,
    /// The present moment.
    pub now: Timestamp,
}

/// A schedule as it was saved once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleVersion {
    /// The number of the save, from 1.
    pub revision: i64,
    /// When.
    pub at: Timestamp,
    /// Who saved it; absent where nobody was signed in.
    pub by: Option<String>,
    /// The schedule of then.
    pub schedule: Schedule,
}

/// The runs of a schedule as pairs with who noted them, the newest first.
#[must_use]
pub fn newest_first(history: &ScheduleHistory) -> Vec<(&Run, Option<&str>)> {
    let by = history.noted_by.iter().map(Option::as_deref);
    history.planned.runs.iter().zip(by).rev().collect()
}
