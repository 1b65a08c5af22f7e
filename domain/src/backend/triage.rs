//! What is kept about findings: where each stands, and what happened to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;

use super::Estate;
use crate::findings::Identity;
use crate::findings::life::{HistoryLine, Record};
use crate::id::WorkspaceId;
use crate::problem::Problem;

/// What is kept about findings.
#[async_trait]
pub trait FindingRecords {
    /// Where every finding of an estate stands now, those that are fixed and those that people reported included.
    ///
    /// # Errors
    /// As [`super::Backend::estate`].
    async fn records(&self, estate: &Arc<Estate>) -> Result<BTreeMap<Identity, Record>, Problem>;

    /// Which findings of an estate are set aside now.
    ///
    /// # Errors
    /// As [`super::Backend::estate`].
    async fn decided_findings(&self, estate: &Arc<Estate>) -> Result<BTreeSet<Identity>, Problem>;

    /// What happened to a finding, the newest first.
    ///
    /// # Errors
    /// As [`super::Backend::estate`].
    async fn finding_history(&self, workspace: &WorkspaceId, finding: &Identity) -> Result<Vec<HistoryLine>, Problem>;
}
