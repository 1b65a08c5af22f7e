//! What a member may ask about the risks of a workspace.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::id::WorkspaceId;
use crate::problem::Problem;
use crate::risk::{Register, Risk, RiskKey};
use crate::time::Timestamp;

/// The risk register of a workspace. Who may read the model reads it, who may change the model changes it.
#[async_trait]
pub trait Risks: Send + Sync {
    /// The register with every risk.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn risks(&self, workspace: &WorkspaceId) -> Result<RiskRegister, Problem>;

    /// One risk with its versions.
    ///
    /// # Errors
    /// As `Backend::estate`, and `NotFound` where there is no such risk.
    async fn risk(&self, workspace: &WorkspaceId, risk: RiskKey) -> Result<RiskHistory, Problem>;

    /// Puts a new risk into the register. It gets the next number, whatever key it has.
    ///
    /// # Errors
    /// As `Backend::execute`.
    async fn add_risk(&self, workspace: &WorkspaceId, risk: Risk) -> Result<RiskKey, Problem>;

    /// Puts a risk in the place of the one with its key. `seen` is the revision of the risk at which the person saw it.
    /// Whether anything changed.
    ///
    /// # Errors
    /// As `Backend::execute`: `Conflict` where the risk changed since, `NotFound` where there is none.
    async fn edit_risk(&self, workspace: &WorkspaceId, risk: Risk, seen: i64) -> Result<bool, Problem>;
}

/// A register with its risks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskRegister {
    /// What it is set to.
    pub register: Register,
    /// The risks, by key.
    pub risks: BTreeMap<RiskKey, Arc<Risk>>,
}

/// A risk with everything that it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskHistory {
    /// What the register is set to.
    pub register: Register,
    /// The risk as it is.
    pub risk: Arc<Risk>,
    /// How often it was saved.
    pub revision: i64,
    /// Its versions, the newest first; the newest is the risk as it is.
    pub versions: Vec<RiskVersion>,
}

/// A risk as it was saved once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskVersion {
    /// The number of the save, from 1.
    pub revision: i64,
    /// When.
    pub at: Timestamp,
    /// Who saved it; absent where nobody was signed in, as on the command line.
    pub by: Option<String>,
    /// The risk of then.
    pub risk: Risk,
}
