//! What is kept about findings, behind the gate.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use domain::backend::Estate;
use domain::backend::triage::FindingRecords;
use domain::findings::Identity;
use domain::findings::life::{HistoryLine, Record};
use domain::id::WorkspaceId;
use domain::problem::Problem;
use domain::role::Capability;

use super::{Gate, permit};
use crate::findings::{record, standing, still_decided};

#[async_trait]
impl FindingRecords for Gate {
    async fn records(&self, estate: &Arc<Estate>) -> Result<BTreeMap<Identity, Record>, Problem> {
        let workspace = &estate.workspace.id;
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
            // What was decided since is being worked on: what was signed has every finding as the rules have it.
            let records = if permit.sees_working() { record::all(&mut tx, &permit).await? } else { BTreeMap::new() };
            tx.rollback().await?;
            let at = if permit.sees_working() { self.store.now() } else { self.instant(estate) };
            standing(estate, records, at).await
        };
        let outcome = outcome.await;
        self.told(outcome, "records", workspace).await
    }

    async fn decided_findings(&self, estate: &Arc<Estate>) -> Result<BTreeSet<Identity>, Problem> {
        let workspace = &estate.workspace.id;
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
            let decided =
                if permit.sees_working() { record::decided(&mut tx, &permit).await? } else { BTreeMap::new() };
            tx.rollback().await?;
            still_decided(estate, decided, self.store.now()).await
        };
        let outcome = outcome.await;
        self.told(outcome, "decided findings", workspace).await
    }

    async fn finding_history(&self, workspace: &WorkspaceId, finding: &Identity) -> Result<Vec<HistoryLine>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
            let history =
                if permit.sees_working() { record::history(&mut tx, &permit, finding).await? } else { Vec::new() };
            tx.rollback().await?;
            Ok(history)
        };
        let outcome = outcome.await;
        self.told(outcome, "finding history", workspace).await
    }
}
