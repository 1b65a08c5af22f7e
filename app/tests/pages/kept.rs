//! What the backend in memory keeps about findings: nothing was decided, so each is as the rules find it now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use domain::backend::Estate;
use domain::backend::triage::FindingRecords;
use domain::findings::Identity;
use domain::findings::life::{HistoryLine, Record, overlay};
use domain::id::WorkspaceId;
use domain::problem::Problem;

use crate::estate::Fake;

#[async_trait]
impl FindingRecords for Fake {
    async fn records(&self, estate: &Arc<Estate>) -> Result<BTreeMap<Identity, Record>, Problem> {
        let now = estate.today.start();
        Ok(overlay(BTreeMap::new(), &estate.found.findings(estate, now).findings, now))
    }

    async fn decided_findings(&self, _: &Arc<Estate>) -> Result<BTreeSet<Identity>, Problem> {
        Ok(BTreeSet::new())
    }

    async fn finding_history(&self, _: &WorkspaceId, _: &Identity) -> Result<Vec<HistoryLine>, Problem> {
        Ok(Vec::new())
    }
}
