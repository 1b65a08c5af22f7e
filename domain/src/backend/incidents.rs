//! What a member may ask about the incidents of a workspace and about what is prepared for them.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::blast::start::StartError;
use crate::blast::{Start, radius};
use crate::id::{PersonId, WorkspaceId};
use crate::incident::containment::{Sheet, contain};
use crate::incident::playbook::{Drill, Playbook};
use crate::incident::preparation::{Drafted, Preparation};
use crate::incident::{Incident, IncidentKey, Step};
use crate::model::Model;
use crate::problem::Problem;
use crate::scope::verdict::Scope;
use crate::time::Timestamp;

/// The incidents of a workspace. Who may read the model reads them, who may change the model changes them.
#[async_trait]
pub trait Incidents: Send + Sync {
    /// Every incident, and what is prepared.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn incidents(&self, workspace: &WorkspaceId) -> Result<IncidentBook, Problem>;

    /// One incident with its versions.
    ///
    /// # Errors
    /// As `Backend::estate`, and `NotFound` where there is no such incident.
    async fn incident(&self, workspace: &WorkspaceId, incident: IncidentKey) -> Result<IncidentHistory, Problem>;

    /// Opens an incident. It gets the next number, whatever key it has.
    ///
    /// # Errors
    /// As `Backend::execute`.
    async fn add_incident(&self, workspace: &WorkspaceId, incident: Incident) -> Result<IncidentKey, Problem>;

    /// Takes a step about an incident. `seen` is its revision at which the person saw it; a step that only adds does not
    /// ask for it. Whether anything changed.
    ///
    /// # Errors
    /// As `Backend::execute`, and those of [`Step::apply`]; `Conflict` where the incident changed since.
    async fn step_incident(
        &self,
        workspace: &WorkspaceId,
        incident: IncidentKey,
        step: Step,
        seen: i64,
    ) -> Result<bool, Problem>;

    /// Saves something of what is prepared. `seen` is its revision at which the person saw it, 0 for what is not kept
    /// yet. Its number, and whether anything changed.
    ///
    /// # Errors
    /// As `Backend::execute`; `Conflict` where it changed since, `NotFound` where there is none of that number.
    async fn prepare(&self, workspace: &WorkspaceId, what: Prepared, seen: i64) -> Result<(u32, bool), Problem>;
}

/// Something that is prepared before anything happens. A playbook or an exercise with the number 0 is a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prepared {
    /// Who answers, and whom to tell.
    Duties(Box<Drafted>),
    /// What to do in a case.
    Playbook(Box<Playbook>),
    /// An exercise.
    Drill(Box<Drill>),
}

/// Something with the number of its last save; 0 where it was never saved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept<T> {
    /// How often it was saved.
    pub revision: i64,
    /// What it says.
    pub value: T,
}

/// Everything about incidents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentBook {
    /// The incidents, by key.
    pub incidents: BTreeMap<IncidentKey, Incident>,
    /// Who answers, and whom to tell.
    pub preparation: Kept<Preparation>,
    /// The playbooks, by number.
    pub playbooks: BTreeMap<u32, Kept<Playbook>>,
    /// The exercises, by number.
    pub drills: BTreeMap<u32, Kept<Drill>>,
    /// The present moment, for deadlines.
    pub now: Timestamp,
    /// The person of the inventory who asks, where the account is linked to one.
    pub me: Option<PersonId>,
}

impl IncidentBook {
    /// The playbooks alone.
    #[must_use]
    pub fn plays(&self) -> Vec<Playbook> {
        self.playbooks.values().map(|it| it.value.clone()).collect()
    }

    /// The containment sheet of a start, for an incident or as if it was detected just now.
    ///
    /// # Errors
    /// The model has nothing of which the start speaks.
    pub fn sheet(
        &self,
        (model, scope): (&Model, &Scope),
        start: &Start,
        about: Option<&Incident>,
    ) -> Result<Sheet, StartError> {
        let blast = radius(model, scope, start)?;
        let unnamed = Incident::new(IncidentKey(0), String::new(), self.now);
        let duties = &self.preparation.value.table;
        Ok(contain(model, &blast, about.unwrap_or(&unnamed), duties, &self.plays(), self.now))
    }

    /// The exercises alone.
    #[must_use]
    pub fn exercises(&self) -> Vec<Drill> {
        self.drills.values().map(|it| it.value.clone()).collect()
    }
}

/// An incident with everything that it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentHistory {
    /// The incident as it is.
    pub incident: Incident,
    /// How often it was saved.
    pub revision: i64,
    /// Its versions, the newest first; the newest is the incident as it is.
    pub versions: Vec<IncidentVersion>,
}

/// An incident as it was saved once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentVersion {
    /// The number of the save, from 1.
    pub revision: i64,
    /// When.
    pub at: Timestamp,
    /// Who saved it; absent where nobody was signed in.
    pub by: Option<String>,
    /// The incident of then.
    pub incident: Incident,
}
