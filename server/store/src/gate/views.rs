//! Saved views, behind the gate. A view that is shared leaves an entry in the audit trail; one's own is nobody else's
//! business.

use async_trait::async_trait;
use domain::backend::views::{SavedView, SavedViews, ViewWish};
use domain::id::{ViewId, WorkspaceId};
use domain::inventory::is_list;
use domain::problem::Problem;
use domain::role::Capability;
use serde_json::json;
use uuid::Uuid;

use super::{Gate, Permit, permit};
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, transact};
use crate::error::Failure;
use crate::view;

#[async_trait]
impl SavedViews for Gate {
    async fn views(&self, workspace: &WorkspaceId) -> Result<Vec<SavedView>, Problem> {
        let outcome = async {
            let mut tx = self.store.db().read().await?;
            let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadModel).await?;
            let views = match permit.account() {
                // What somebody shares with the team is part of its work.
                Some(account) if permit.sees_working() => view::list(&mut tx, &permit, account).await?,
                _ => Vec::new(),
            };
            tx.rollback().await?;
            Ok(views)
        };
        let outcome = outcome.await;
        self.told(outcome, "view.list", workspace).await
    }

    async fn save_view(&self, workspace: &WorkspaceId, wish: ViewWish) -> Result<ViewId, Problem> {
        let outcome = transact!(self.store.db(), serial, |tx| self.try_save_view(tx, workspace, &wish));
        self.told(outcome, "view.save", workspace).await
    }

    async fn delete_view(&self, workspace: &WorkspaceId, view: &ViewId) -> Result<(), Problem> {
        let outcome = transact!(self.store.db(), serial, |tx| self.try_delete_view(tx, workspace, view));
        self.told(outcome, "view.delete", workspace).await
    }
}

impl Gate {
    async fn try_save_view(&self, tx: &mut Tx, workspace: &WorkspaceId, wish: &ViewWish) -> Result<ViewId, Failure> {
        let (permit, account) = self.viewing(tx, workspace).await?;
        if wish.shared && !permit.entry().role.may(Capability::EditModel) {
            return Err(Failure::Denied(Problem::Forbidden));
        }
        wish.check(is_list)?;
        let before = view::list(tx, &permit, account).await?;
        let was_shared = |it: &SavedView| it.shared && it.own && it.list == wish.list && it.name == wish.name.trim();
        let id = view::save(tx, &permit, account, self.store.now(), wish).await?;
        if wish.shared || before.iter().any(was_shared) {
            self.note_view(tx, &permit, "view.share", &id, (&wish.list, wish.name.trim())).await?;
        }
        Ok(id)
    }

    async fn try_delete_view(&self, tx: &mut Tx, workspace: &WorkspaceId, id: &ViewId) -> Result<(), Failure> {
        let (permit, account) = self.viewing(tx, workspace).await?;
        let seen = view::list(tx, &permit, account).await?;
        let known = seen.into_iter().find(|it| it.id == *id && it.deletable).ok_or(Problem::NotFound)?;
        view::delete(tx, &permit, id).await?;
        if known.shared {
            self.note_view(tx, &permit, "view.delete", id, (&known.list, &known.name)).await?;
        }
        Ok(())
    }

    /// A view belongs to somebody, so the operator keeps none.
    async fn viewing(&self, tx: &mut Tx, workspace: &WorkspaceId) -> Result<(Permit, Uuid), Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::SaveViews).await?;
        let account = permit.account().ok_or(Failure::Denied(Problem::Forbidden))?;
        Ok((permit, account))
    }

    async fn note_view(
        &self,
        tx: &mut Tx,
        permit: &Permit,
        action: &str,
        id: &ViewId,
        (list, name): (&str, &str),
    ) -> Result<(), Failure> {
        let payload = Payload::with_personal(&json!({ "list": list }), &[("name", name)])?;
        let subject = Subject { kind: "view", key: id.as_str(), revision: None };
        let (chain, now) = (Chain::Workspace(permit), self.store.now());
        Ok(audit::append(tx, &chain, now, &self.actor, action, Some(&subject), &payload).await?)
    }
}
