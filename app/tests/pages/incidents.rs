//! Incidents: one of which everything is said, one that is closed, a playbook that was tried and duties.

use async_trait::async_trait;
use domain::backend::incidents::{IncidentBook, IncidentHistory, IncidentVersion, Incidents, Kept, Prepared};
use domain::id::WorkspaceId;
use domain::incident::duty::{DataClass, Holder, Role};
use domain::incident::playbook::{Drill, DrillResult, PlannedStep, Playbook, Trigger};
use domain::incident::record::{Entry, Phase, Told};
use domain::incident::unexpected::CardCase;
use domain::incident::{Incident, IncidentKey, Preparation, Step};
use domain::problem::Problem;
use domain::risk::action::Action;
use domain::risk::record::Link;
use domain::risk::{Level, RiskKey};
use domain::time::{Day, Timestamp};

use crate::estate::Fake;

/// 2026-11-21T09:30:00Z.
const NOW: Timestamp = Timestamp(1_795_253_400_000_000);
const HOUR: i64 = 3600;

fn full() -> Incident {
    let mut it = Incident::new(IncidentKey(1), "A key <in> the open".to_owned(), NOW.plus_seconds(-30 * HOUR));
    it.level = Some(Level::High);
    it.began_at = Some(NOW.plus_seconds(-60 * HOUR));
    it.start = "system:checkout".parse().ok();
    it.links = ["system:checkout", "element:pan", "flow:gone"].iter().filter_map(|it| Link::parse(it)).collect();
    it.data = [DataClass::Card, DataClass::Personal].into();
    it.jurisdictions = ["EU".to_owned()].into();
    it.lead = Some("payments".into());
    it.root_cause = "It was <b>copied</b>".to_owned();
    it.risks = [RiskKey(1), RiskKey(77)].into();
    it.actions = vec![Action { due: Some(Day(0)), ..Action::new(1, "Rotate it".to_owned()) }];
    let by = || "account:a".into();
    it.note(Entry { at: NOW, noted_at: NOW, by: by(), what: "Seen <i>there</i>".to_owned() });
    for duty in [2, 99] {
        let (whom, reference) = ("The bank".to_owned(), "Mail <1>".to_owned());
        it.told.push(Told { duty, whom, at: NOW, by: by(), reference, late_because: "Closed".to_owned() });
    }
    it.card_case = Some(CardCase::new("checkout".into()));
    it
}

fn closed() -> Incident {
    let mut it = Incident::new(IncidentKey(2), "Nothing".to_owned(), NOW.plus_seconds(-90 * HOUR));
    (it.drill, it.phase, it.closed_at) = (true, Phase::Closed, Some(NOW));
    it
}

fn preparation() -> Preparation {
    let mut it = Preparation::default();
    it.roles.set(Role::PrivacyOfficer, Holder { person: Some("payments".into()), deputy: Some("gone".into()) });
    it.table[0].confirmed = Some(("payments".into(), Day(20_000)));
    it
}

#[async_trait]
impl Incidents for Fake {
    async fn incidents(&self, workspace: &WorkspaceId) -> Result<IncidentBook, Problem> {
        self.member(workspace)?;
        let step = PlannedStep { what: "Take it <off>".to_owned(), who: Some(Role::PrivacyOfficer), minutes: Some(1) };
        let playbook = Playbook {
            number: 1,
            title: "A host <is> lost".to_owned(),
            applies_to: [Trigger::System, Trigger::UnexpectedCard].into(),
            steps: vec![step],
            contacts: vec!["On call: <see> the board".to_owned()],
        };
        let mut drill = Drill::new(1, Day(20_000));
        drill.number = 1;
        (drill.done, drill.result) = (Some(Day(20_010)), Some(DrillResult::Partly));
        drill.took_part = ["payments".into(), "gone".into()].into();
        drill.found = vec!["Nobody <knew>".to_owned()];
        let kept = |revision| Kept { revision, value: preparation() };
        let is_empty = self.estate.model.systems.is_empty();
        let incidents = if is_empty { Vec::new() } else { vec![full(), closed()] };
        Ok(IncidentBook {
            incidents: incidents.into_iter().map(|it| (it.key, it)).collect(),
            preparation: kept(1),
            playbooks: [(1, Kept { revision: 1, value: playbook })].into(),
            drills: [(1, Kept { revision: 1, value: drill })].into(),
            now: NOW,
            me: None,
        })
    }

    async fn incident(&self, workspace: &WorkspaceId, incident: IncidentKey) -> Result<IncidentHistory, Problem> {
        let mut book = self.incidents(workspace).await?;
        let incident = book.incidents.remove(&incident).ok_or(Problem::NotFound)?;
        let before = Incident::new(incident.key, "Before".to_owned(), NOW);
        let version = |revision, by: Option<&str>, incident| IncidentVersion {
            revision,
            at: NOW,
            by: by.map(str::to_owned),
            incident,
        };
        let versions = vec![version(2, Some("Payments lead"), incident.clone()), version(1, None, before)];
        Ok(IncidentHistory { incident, revision: 2, versions })
    }

    async fn add_incident(&self, _: &WorkspaceId, _: Incident) -> Result<IncidentKey, Problem> {
        Err(Problem::Forbidden)
    }

    async fn step_incident(&self, _: &WorkspaceId, _: IncidentKey, _: Step, _: i64) -> Result<bool, Problem> {
        Err(Problem::Forbidden)
    }

    async fn prepare(&self, _: &WorkspaceId, _: Prepared, _: i64) -> Result<(u32, bool), Problem> {
        Err(Problem::Forbidden)
    }
}
