//! Registers of risks that come from a file, behind the gate.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::backend::StagedImport;
use domain::backend::register_imports::{ImportState, ImportedRisks, RegisterImport, RegisterImports};
use domain::id::{ImportId, WorkspaceId};
use domain::problem::Problem;
use domain::risk::RiskKey;
use domain::role::Capability;
use serde_json::json;

use super::risks::refuse_nul;
use super::{Gate, Permit, permit};
use crate::audit::payload::Payload;
use crate::db::{Tx, transact};
use crate::error::Failure;
use crate::execute::Act;
use crate::meter;
use crate::register_import::{self as store, Written};
use crate::risk::setting;

#[async_trait]
impl RegisterImports for Gate {
    async fn stage_register(&self, workspace: &WorkspaceId, staged: StagedImport) -> Result<ImportId, Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_stage_register(tx, workspace, &staged));
        drop(turn);
        self.told(outcome, "import.stage", workspace).await
    }

    async fn register_import(&self, workspace: &WorkspaceId, import: &ImportId) -> Result<RegisterImport, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = self.importing(&mut tx, workspace).await?;
            let found = store::one(&mut tx, &permit, self.store.now(), import).await;
            tx.rollback().await?;
            found
        };
        let outcome = outcome.await;
        self.told(outcome, "import", workspace).await
    }

    async fn drop_register(&self, workspace: &WorkspaceId, import: &ImportId) -> Result<(), Problem> {
        let turn = self.store.turn(workspace).await;
        let outcome = transact!(self.store.db(), serial, |tx| self.try_drop_register(tx, workspace, import));
        drop(turn);
        self.told(outcome, "import.drop", workspace).await
    }

    async fn begin_register(
        &self,
        workspace: &WorkspaceId,
        import: &ImportId,
        choices: &[(String, String)],
        rows: usize,
    ) -> Result<(), Problem> {
        let outcome = transact!(self.store.db(), locking, |tx| async {
            let permit = self.importing(tx, workspace).await?;
            let now = self.store.now();
            store::one(tx, &permit, now, import).await?;
            let choices = serde_json::to_string(choices)?;
            match store::begin(tx, &permit, now, import, (&choices, rows)).await? {
                true => Ok(()),
                false => Err(Failure::Problem(Problem::Conflict)),
            }
        });
        self.told(outcome, "risk.import", workspace).await
    }

    async fn note_register(&self, workspace: &WorkspaceId, import: &ImportId, read: usize) -> Result<bool, Problem> {
        let outcome = transact!(self.store.db(), locking, |tx| async {
            let permit = self.importing(tx, workspace).await?;
            Ok(store::note(tx, &permit, self.store.now(), import, read).await?)
        });
        self.told(outcome, "risk.import", workspace).await
    }

    async fn end_register(
        &self,
        workspace: &WorkspaceId,
        import: &ImportId,
        state: ImportState,
    ) -> Result<(), Problem> {
        let outcome = transact!(self.store.db(), locking, |tx| async {
            let permit = self.importing(tx, workspace).await?;
            store::one(tx, &permit, self.store.now(), import).await?;
            // What is written is done by writing it, and nothing is begun by ending it.
            let state = if state.is_open() { state } else { ImportState::Failed };
            Ok(store::end(tx, &permit, self.store.now(), import, state).await?)
        });
        self.told(outcome, "risk.import", workspace).await
    }

    async fn risk_revisions(&self, workspace: &WorkspaceId) -> Result<BTreeMap<RiskKey, i64>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
            let revisions = store::revisions(&mut tx, &permit).await?;
            tx.rollback().await?;
            Ok(revisions)
        };
        let outcome = outcome.await;
        self.told(outcome, "risks", workspace).await
    }

    async fn import_risks(
        &self,
        workspace: &WorkspaceId,
        import: &ImportId,
        brought: ImportedRisks,
    ) -> Result<bool, Problem> {
        // Everything that needs no database happens before the transaction.
        let written = written(&brought);
        let begun = meter::instant();
        let turn = self.store.turn(workspace).await;
        let outcome = match &written {
            Ok(written) => transact!(self.store.db(), serial, |tx| {
                self.try_import_risks(tx, workspace, import, (&brought, written))
            }),
            Err(problem) => Err(Failure::Problem(problem.clone())),
        };
        drop(turn);
        let outcome = self.told(outcome, "risk.import", workspace).await;
        meter::command("risk.import", &outcome, begun.elapsed());
        outcome
    }
}

/// The risks as they are written.
fn written(brought: &ImportedRisks) -> Result<Vec<Written>, Problem> {
    let mut written = Vec::with_capacity(brought.risks.len());
    for (risk, seen) in &brought.risks {
        let content = refuse_nul(risk).map_err(|failure| super::told(failure, "risk.import"))?;
        written.push((risk.key, *seen, content));
    }
    Ok(written)
}

impl Gate {
    async fn importing(&self, tx: &mut Tx, workspace: &WorkspaceId) -> Result<Permit, Failure> {
        permit(tx, &self.actor, workspace, self.today(), Capability::ImportModel).await
    }

    async fn try_stage_register(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        staged: &StagedImport,
    ) -> Result<ImportId, Failure> {
        let permit = self.importing(tx, workspace).await?;
        let import = store::stage(tx, &permit, self.store.now(), staged).await?;
        let payload = Payload::with_personal(&json!({}), &[("file_name", &staged.file_name)])?;
        self.note_import(tx, &permit, "import.stage", &import, &payload).await?;
        Ok(import)
    }

    async fn try_drop_register(&self, tx: &mut Tx, workspace: &WorkspaceId, import: &ImportId) -> Result<(), Failure> {
        let permit = self.importing(tx, workspace).await?;
        if store::forget(tx, &permit, self.store.now(), import).await? {
            self.note_import(tx, &permit, "import.drop", import, &Payload::plain(&json!({}))).await?;
            return Ok(());
        }
        // What somebody else confirmed meanwhile is not taken back by this.
        store::one(tx, &permit, self.store.now(), import).await?;
        Err(Failure::Problem(Problem::Conflict))
    }

    async fn try_import_risks(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        import: &ImportId,
        (brought, written): (&ImportedRisks, &[Written]),
    ) -> Result<bool, Failure> {
        self.importing(tx, workspace).await?;
        // Bringing a file is one right, writing risks another.
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::EditModel).await?;
        setting::still(tx, &permit, brought.scheme).await?;
        let act = Act { permit: &permit, actor: &self.actor, now: self.store.now() };
        let done = store::write(tx, &act, import, brought, written).await?;
        if done && brought.counts.changed > 0 {
            self.observe_risks(tx, &act).await?;
        }
        Ok(done)
    }
}
