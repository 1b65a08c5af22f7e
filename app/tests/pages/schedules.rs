//! Schedules: one that is late and was called for, one that ended, a test that failed, an analysis that is approved.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::backend::incidents::Kept;
use domain::backend::schedules::{ScheduleBook, ScheduleHistory, ScheduleVersion, Schedules};
use domain::id::WorkspaceId;
use domain::model::object::ObjectRef;
use domain::problem::Problem;
use domain::risk::action::Action;
use domain::schedule::analysis::{Analysis, AnalysisKey};
use domain::schedule::analysis_draft::AnalysisStep;
use domain::schedule::assurance::{Activity, ActivityKey, ActivityKind, Measured, Outcome};
use domain::schedule::call::Call;
use domain::schedule::late::LateCause;
use domain::schedule::noted::Noted;
use domain::schedule::plan::Because;
use domain::schedule::tick::Passing;
use domain::schedule::trigger::{Trigger, TriggerKind};
use domain::schedule::{Cadence, Planned, Run, Schedule, ScheduleKey, State, Subject, Zone};
use domain::time::{Day, Timestamp};

use crate::estate::Fake;

/// 2026-11-21T09:30:00Z.
const NOW: Timestamp = Timestamp(1_795_253_400_000_000);

fn full() -> Planned {
    let mut schedule = Schedule::new(ScheduleKey(1), Day(20_000));
    schedule.name = "The <checkout>".to_owned();
    schedule.subject = Subject::Object(ObjectRef::System("checkout".into()));
    schedule.because = Because::Analysis(AnalysisKey(1));
    schedule.owner = Some("payments".into());
    schedule.reviewers = ["payments".into(), "gone".into()].into();
    schedule.triggers = TriggerKind::ALL.iter().copied().collect();
    let cause = || "Two <people> ill".to_owned();
    let run = Run {
        due: Day(20_000),
        done_at: Day(20_010).start(),
        by: "payments".into(),
        reference: "ACT-1".to_owned(),
        late: Some(LateCause { cause: cause(), told: cause(), caught_up: cause() }),
    };
    let trigger = Trigger {
        kind: TriggerKind::ScopeRise,
        significance: None,
        object: ObjectRef::System("checkout".into()),
        sentence: "It came <closer>.".to_owned(),
    };
    Planned { schedule, runs: vec![run], calls: vec![Call { at: NOW, trigger }] }
}

fn ended() -> Planned {
    let mut schedule = Schedule::new(ScheduleKey(2), Day(21_000));
    (schedule.name, schedule.ended) = ("Old one".to_owned(), true);
    Planned { schedule, runs: Vec::new(), calls: Vec::new() }
}

fn failed() -> Activity {
    let mut it = Activity::new(Day(20_000));
    (it.key, it.kind) = (ActivityKey(1), ActivityKind::Failover);
    it.scope = [ObjectRef::System("checkout".into()), ObjectRef::System("gone".into())].into();
    (it.tester, it.independent) = ("Test <house>".to_owned(), Some(true));
    (it.done, it.outcome) = (Some(Day(20_001)), Some(Outcome::Failed));
    it.open_points = vec![Action::new(1, "Patch <it>".to_owned())];
    it.measured = Some(Measured { recovery_minutes: 90, lost_minutes: Some(3) });
    it
}

fn analysis(number: u32, approved: bool) -> Analysis {
    let words = || "Because <so>".to_owned();
    let mut it = Analysis::new("payments".into());
    (it.key, it.requirement, it.frequency) = (AnalysisKey(number), "7.2.5.1".to_owned(), Some(Cadence::Months(6)));
    (it.assets, it.threats, it.factors) = (words(), words(), words());
    (it.justification, it.change_triggers) = (words(), words());
    it.approved = approved.then(|| ("gone".into(), Day(20_000)));
    it
}

fn kept<T>(value: T) -> Kept<T> {
    Kept { revision: 2, value }
}

#[async_trait]
impl Schedules for Fake {
    async fn schedules(&self, workspace: &WorkspaceId) -> Result<ScheduleBook, Problem> {
        self.member(workspace)?;
        let mut book = ScheduleBook {
            schedules: BTreeMap::new(),
            activities: BTreeMap::new(),
            analyses: BTreeMap::new(),
            zone: Zone::utc(),
            now: NOW,
            me: None,
        };
        if !self.estate.model.systems.is_empty() {
            book.schedules = [full(), ended()].map(|it| (it.schedule.key, kept(it))).into();
            book.activities = [failed()].map(|it| (it.key, kept(it))).into();
            book.analyses = [analysis(1, true), analysis(2, false)].map(|it| (it.key, kept(it))).into();
        }
        Ok(book)
    }

    async fn schedule(&self, workspace: &WorkspaceId, key: ScheduleKey) -> Result<ScheduleHistory, Problem> {
        let planned = self.schedules(workspace).await?.schedules.remove(&key).ok_or(Problem::NotFound)?.value;
        let (schedule, noted_by) = (planned.schedule.clone(), vec![None; planned.runs.len()]);
        let passing = Passing { at: NOW, state: State::Late, due: Day(20_000), warning: None, missed: 2 };
        let version = ScheduleVersion { revision: 1, at: NOW, by: None, schedule };
        Ok(ScheduleHistory {
            planned,
            revision: 2,
            noted_by,
            passings: vec![passing],
            versions: vec![version],
            zone: Zone::utc(),
            now: NOW,
        })
    }

    async fn save_schedule(&self, _: &WorkspaceId, _: Schedule, _: i64) -> Result<(ScheduleKey, bool), Problem> {
        Err(Problem::Forbidden)
    }

    async fn record_run(&self, _: &WorkspaceId, _: ScheduleKey, _: Noted) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn save_activity(&self, _: &WorkspaceId, _: Activity, _: i64) -> Result<(ActivityKey, bool), Problem> {
        Err(Problem::Forbidden)
    }

    async fn save_analysis(&self, _: &WorkspaceId, _: Analysis, _: i64) -> Result<(AnalysisKey, bool), Problem> {
        Err(Problem::Forbidden)
    }

    async fn step_analysis(&self, _: &WorkspaceId, _: AnalysisKey, _: AnalysisStep, _: i64) -> Result<bool, Problem> {
        Err(Problem::Forbidden)
    }
}
