//! What who audits asks, and what the team answers: requests and samples.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::incidents::Kept;
use crate::evidence::engagement::sample::{Criteria, Sample, SampleKey};
use crate::evidence::request::{Question, Request, RequestKey, Side, Step};
use crate::evidence::{EvidenceKey, Item};
use crate::id::{PersonId, WorkspaceId};
use crate::library::reference::RequirementKey;
use crate::problem::Problem;
use crate::time::{Day, Timestamp};

/// The requests and samples of a workspace. Who may see the model reads them; who may ask for evidence asks, draws and says
/// something; the team answers as far as it may change the model; only who audits accepts, sends back and withdraws.
#[async_trait]
pub trait Requests: Send + Sync {
    /// Every request and every sample.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn requests(&self, workspace: &WorkspaceId) -> Result<RequestBook, Problem>;

    /// Asks for something.
    ///
    /// # Errors
    /// As `Backend::execute`.
    async fn ask(&self, workspace: &WorkspaceId, question: Question) -> Result<RequestKey, Problem>;

    /// Takes a step about a request as it was seen.
    ///
    /// # Errors
    /// As `Backend::execute`; `Conflict` where something happened since, `NotFound` where there is no such request, `Forbidden`
    /// where it is the other side's step; `Invalid` with the field `step` where it does not stand so, `item` where there is no
    /// such evidence item.
    async fn step_request(
        &self,
        workspace: &WorkspaceId,
        request: RequestKey,
        step: Step,
        seen: i64,
    ) -> Result<(), Problem>;

    /// Draws a sample from the model that was signed last.
    ///
    /// # Errors
    /// As `Backend::execute`; `Invalid` with the field `kind` where nothing was signed yet, `filter` where nothing passes it.
    async fn draw_sample(&self, workspace: &WorkspaceId, criteria: Criteria) -> Result<SampleKey, Problem>;

    /// Freezes a sample as it was seen.
    ///
    /// # Errors
    /// As [`Self::step_request`].
    async fn freeze_sample(&self, workspace: &WorkspaceId, sample: SampleKey, seen: i64) -> Result<(), Problem>;

    /// Asks the same of each object of a frozen sample, once. How many requests were made.
    ///
    /// # Errors
    /// As [`Self::step_request`].
    async fn ask_of_sample(
        &self,
        workspace: &WorkspaceId,
        sample: SampleKey,
        asked: AskedOfEach,
        seen: i64,
    ) -> Result<usize, Problem>;

    /// Notes that whoever asks took a file away, in the audit trail; of who audits only. A file that broke off is noted as far
    /// as it came.
    ///
    /// # Errors
    /// As `Backend::export`, without the recent proof.
    async fn note_download(&self, workspace: &WorkspaceId, file: &Downloaded) -> Result<(), Problem>;
}

/// A file that was taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Downloaded {
    /// The path that it was asked for with, below the workspace.
    pub what: String,
    /// The hash of its bytes, in hexadecimal.
    pub sha256: String,
    /// How many bytes.
    pub bytes: u64,
    /// Whether all of it was sent.
    pub whole: bool,
}

/// What is asked of each object of a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedOfEach {
    /// In words.
    pub text: String,
    /// The requirement that it is about.
    pub requirement: Option<RequirementKey>,
    /// By when an answer is wanted.
    pub due: Option<Day>,
}

/// Every request and every sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestBook {
    /// The requests.
    pub requests: BTreeMap<RequestKey, Kept<Request>>,
    /// The samples.
    pub samples: BTreeMap<SampleKey, Kept<Sample>>,
    /// The evidence items that whoever asks may see: the team all of them, who audits those that they were given.
    pub items: BTreeMap<EvidenceKey, Kept<Item>>,
    /// The names of those whom requests name and who are no people of the inventory.
    pub names: BTreeMap<PersonId, String>,
    /// For whom whoever asks speaks.
    pub side: Side,
    /// Who they are, as requests name them.
    pub me: PersonId,
    /// The present day in the workspace's zone.
    pub today: Day,
    /// The present moment.
    pub now: Timestamp,
}
