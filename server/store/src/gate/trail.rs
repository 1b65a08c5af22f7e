//! The audit trail, behind the gate.

use async_trait::async_trait;
use domain::audit::{ChainReport, FILE_MAX, TrailFilter, TrailPage};
use domain::backend::trail::Trail;
use domain::id::WorkspaceId;
use domain::problem::Problem;
use domain::role::Capability;
use serde_json::json;

use super::{Gate, Permit, permit};
use crate::account::standing::require_recent;
use crate::audit::page::{head, page};
use crate::audit::payload::Payload;
use crate::audit::verify::{ChainVerdict, verify};
use crate::audit::{self, Chain};
use crate::db::{Tx, transact};
use crate::error::Failure;

#[async_trait]
impl Trail for Gate {
    async fn trail(
        &self,
        workspace: Option<&WorkspaceId>,
        filter: &TrailFilter,
        most: u32,
    ) -> Result<TrailPage, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            self.may_read_trail(&mut tx, workspace).await?;
            let found = page(&mut tx, workspace, filter, most.min(FILE_MAX)).await?;
            tx.rollback().await?;
            Ok(found)
        };
        self.told_of_trail(outcome.await, "audit", workspace).await
    }

    async fn take_trail(&self, workspace: Option<&WorkspaceId>, filter: &TrailFilter) -> Result<TrailPage, Problem> {
        let attempt = async {
            transact!(self.store.db(), locking, |tx| self.note_trail(tx, workspace))?;
            let mut tx = self.store.db().read().await?;
            self.may_read_trail(&mut tx, workspace).await?;
            let found = page(&mut tx, workspace, filter, FILE_MAX).await?;
            tx.rollback().await?;
            Ok(found)
        };
        self.told_of_trail(attempt.await, "audit.export", workspace).await
    }

    async fn verify_trail(&self, workspace: Option<&WorkspaceId>) -> Result<ChainReport, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            self.may_read_trail(&mut tx, workspace).await?;
            let verdict = verify(&mut tx, workspace).await?;
            let (entries, hash) = head(&mut tx, workspace).await?;
            tx.rollback().await?;
            let is_whole = matches!(verdict, ChainVerdict::Whole { .. });
            Ok(ChainReport { is_whole, words: verdict.to_string(), entries, head: hash })
        };
        self.told_of_trail(outcome.await, "audit", workspace).await
    }
}

impl Gate {
    /// The permit of a workspace; none for the chain of the instance, which who administers it may read.
    async fn may_read_trail(&self, tx: &mut Tx, workspace: Option<&WorkspaceId>) -> Result<Option<Permit>, Failure> {
        match workspace {
            Some(key) => permit(tx, &self.actor, key, self.today(), Capability::ReadAudit).await.map(Some),
            None => self.instance_admin(tx).await.map(|_| None),
        }
    }

    async fn note_trail(&self, tx: &mut Tx, workspace: Option<&WorkspaceId>) -> Result<(), Failure> {
        let permit = self.may_read_trail(tx, workspace).await?;
        require_recent(tx, &self.actor, self.store.now()).await?;
        let chain = permit.as_ref().map_or(Chain::Instance, Chain::Workspace);
        let (now, payload) = (self.store.now(), Payload::plain(&json!({})));
        Ok(audit::append(tx, &chain, now, &self.actor, "audit.export", None, &payload).await?)
    }

    async fn told_of_trail<T>(
        &self,
        outcome: Result<T, Failure>,
        action: &str,
        workspace: Option<&WorkspaceId>,
    ) -> Result<T, Problem> {
        match workspace {
            Some(key) => self.told(outcome, action, key).await,
            None => self.told_of_instance(outcome, action).await,
        }
    }
}
