//! API tokens, behind the gate.

use async_trait::async_trait;
use domain::backend::WorkspaceEntry;
use domain::backend::tokens::{ApiTokens, NewToken};
use domain::id::{TokenId, WorkspaceId};
use domain::problem::Problem;
use domain::role::Capability;
use domain::token::{TokenEntry, TokenWish};
use serde_json::json;

use super::{Gate, OF_TOKEN, permit};
use crate::account::standing::require_recent;
use crate::actor::TokenClaim;
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, row, transact};
use crate::error::{Failure, StoreError};
use crate::gate::Permit;
use crate::token;

#[async_trait]
impl ApiTokens for Gate {
    async fn api_tokens(&self, workspace: &WorkspaceId) -> Result<Vec<TokenEntry>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::MakeTokens).await?;
            let entries = token::list(&mut tx, &permit, &self.actor, self.store.now()).await?;
            tx.rollback().await?;
            Ok(entries)
        };
        let outcome = outcome.await;
        self.told(outcome, "token.list", workspace).await
    }

    async fn make_api_token(&self, workspace: &WorkspaceId, wish: TokenWish) -> Result<NewToken, Problem> {
        let outcome = transact!(self.store.db(), serial, |tx| self.try_make(tx, workspace, &wish));
        self.told(outcome, "token.make", workspace).await
    }

    async fn revoke_api_token(&self, workspace: &WorkspaceId, token: &TokenId) -> Result<(), Problem> {
        let outcome = transact!(self.store.db(), serial, |tx| self.try_revoke(tx, workspace, token));
        self.told(outcome, "token.revoke", workspace).await
    }
}

impl Gate {
    /// The one workspace that a token opens.
    pub(super) async fn workspace_of_token(
        &self,
        tx: &mut Tx,
        claim: &TokenClaim,
    ) -> Result<Vec<WorkspaceEntry>, Failure> {
        let found = row!(tx, (String,), OF_TOKEN, claim.token.as_str(), claim.at.0)?;
        let Some((key,)) = found else { return Ok(Vec::new()) };
        let permit = permit(tx, &self.actor, &WorkspaceId::new(key), self.today(), Capability::ReadModel).await?;
        Ok(vec![permit.entry().clone()])
    }

    async fn try_make(&self, tx: &mut Tx, workspace: &WorkspaceId, wish: &TokenWish) -> Result<NewToken, Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::MakeTokens).await?;
        require_recent(tx, &self.actor, self.store.now()).await?;
        let made = token::make(tx, &permit, &self.actor, self.store.now(), wish).await?;
        let made = made.ok_or(Problem::Forbidden)?;
        let what = json!({ "scope": wish.scope, "days": wish.days });
        let payload = Payload::with_personal(&what, &[("name", &wish.name)])?;
        self.note_token(tx, &permit, "token.make", &made.id, &payload).await?;
        Ok(made)
    }

    async fn try_revoke(&self, tx: &mut Tx, workspace: &WorkspaceId, id: &TokenId) -> Result<(), Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::MakeTokens).await?;
        let now = self.store.now();
        // Whoever may end a token is who sees it in the list.
        let seen = token::list(tx, &permit, &self.actor, now).await?.into_iter().any(|entry| entry.id == *id);
        if !seen || !token::revoke(tx, &permit, id, now).await? {
            return Err(Problem::NotFound.into());
        }
        self.note_token(tx, &permit, "token.revoke", id, &Payload::plain(&json!({}))).await?;
        Ok(())
    }

    async fn note_token(
        &self,
        tx: &mut Tx,
        permit: &Permit,
        action: &str,
        token: &TokenId,
        payload: &Payload,
    ) -> Result<(), StoreError> {
        let subject = Subject { kind: "token", key: token.as_str(), revision: None };
        let chain = Chain::Workspace(permit);
        audit::append(tx, &chain, self.store.now(), &self.actor, action, Some(&subject), payload).await
    }
}
