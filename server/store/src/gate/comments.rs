//! Comments, behind the gate. Each change leaves its entry in the audit trail; the text stands there like any other that a
//! person wrote, so that it can be erased.

use async_trait::async_trait;
use domain::backend::comments::{About, Comment, Comments, comment_text};
use domain::id::{CommentId, WorkspaceId};
use domain::problem::Problem;
use domain::role::Capability;
use serde_json::json;
use uuid::Uuid;

use super::{Gate, Permit, permit};
use crate::audit::payload::Payload;
use crate::audit::{self, Chain, Subject};
use crate::db::{Tx, transact};
use crate::error::Failure;
use crate::{comment, risk};

#[async_trait]
impl Comments for Gate {
    async fn comments_of(&self, workspace: &WorkspaceId, about: &About) -> Result<Vec<Comment>, Problem> {
        let outcome = self.read_comments(workspace, Some(about)).await;
        self.told(outcome, "comment.list", workspace).await
    }

    async fn comments(&self, workspace: &WorkspaceId) -> Result<Vec<Comment>, Problem> {
        let outcome = self.read_comments(workspace, None).await;
        self.told(outcome, "comment.list", workspace).await
    }

    async fn add_comment(&self, workspace: &WorkspaceId, about: &About, text: &str) -> Result<CommentId, Problem> {
        let outcome = transact!(self.store.db(), serial, |tx| self.try_comment(tx, workspace, about, text));
        self.told(outcome, "comment.add", workspace).await
    }

    async fn edit_comment(&self, workspace: &WorkspaceId, comment: &CommentId, text: &str) -> Result<(), Problem> {
        let outcome = transact!(self.store.db(), serial, |tx| self.try_edit_comment(tx, workspace, comment, text));
        self.told(outcome, "comment.edit", workspace).await
    }

    async fn delete_comment(&self, workspace: &WorkspaceId, comment: &CommentId) -> Result<(), Problem> {
        let outcome = transact!(self.store.db(), serial, |tx| self.try_delete_comment(tx, workspace, comment));
        self.told(outcome, "comment.delete", workspace).await
    }
}

impl Gate {
    async fn read_comments(&self, workspace: &WorkspaceId, about: Option<&About>) -> Result<Vec<Comment>, Failure> {
        let mut tx = self.store.db().read().await?;
        // Reading is no change, so an archived workspace keeps what was said in it.
        let permit = permit(&mut tx, &self.actor, workspace, self.today(), Capability::ReadWorking).await?;
        if !permit.entry().role.may(Capability::Comment) {
            return Err(Failure::Denied(Problem::Forbidden));
        }
        let comments = comment::list(&mut tx, &permit, about).await?;
        tx.rollback().await?;
        Ok(comments)
    }

    async fn try_comment(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        about: &About,
        text: &str,
    ) -> Result<CommentId, Failure> {
        let (permit, account) = self.commenting(tx, workspace).await?;
        let text = comment_text(text)?;
        match about {
            About::Object(object) if self.store.copies().current(tx, &permit).await?.model.get(object).is_none() => {
                return Err(Problem::NotFound.into());
            }
            About::Object(_) => {}
            About::Risk(key) => drop(risk::one(tx, &permit, *key).await?),
        }
        let id = comment::add(tx, &permit, account, self.store.now(), about, &text).await?;
        let (kind, key) = (about.topic(), about.key());
        self.note_comment(tx, &permit, "comment.add", (kind.as_str(), &key), &id, &[("text", &text)]).await?;
        Ok(id)
    }

    async fn try_edit_comment(
        &self,
        tx: &mut Tx,
        workspace: &WorkspaceId,
        id: &CommentId,
        text: &str,
    ) -> Result<(), Failure> {
        let (permit, account) = self.commenting(tx, workspace).await?;
        let before = comment::own(tx, &permit, account, id).await?.ok_or(Problem::NotFound)?;
        let text = comment_text(text)?;
        if text == before.text {
            return Ok(());
        }
        comment::edit(tx, &permit, account, self.store.now(), id, &text).await?;
        let texts = [("before", before.text.as_str()), ("after", text.as_str())];
        self.note_comment(tx, &permit, "comment.edit", (before.topic.as_str(), &before.key), id, &texts).await
    }

    async fn try_delete_comment(&self, tx: &mut Tx, workspace: &WorkspaceId, id: &CommentId) -> Result<(), Failure> {
        let (permit, account) = self.commenting(tx, workspace).await?;
        let before = comment::own(tx, &permit, account, id).await?.ok_or(Problem::NotFound)?;
        comment::delete(tx, &permit, account, id).await?;
        let texts = [("before", before.text.as_str())];
        self.note_comment(tx, &permit, "comment.delete", (before.topic.as_str(), &before.key), id, &texts).await
    }

    /// Who comments has an account: the operator has nobody's name to give.
    async fn commenting(&self, tx: &mut Tx, workspace: &WorkspaceId) -> Result<(Permit, Uuid), Failure> {
        let permit = permit(tx, &self.actor, workspace, self.today(), Capability::Comment).await?;
        let account = permit.account().ok_or(Failure::Denied(Problem::Forbidden))?;
        Ok((permit, account))
    }

    async fn note_comment(
        &self,
        tx: &mut Tx,
        permit: &Permit,
        action: &str,
        (kind, key): (&str, &str),
        id: &CommentId,
        texts: &[(&str, &str)],
    ) -> Result<(), Failure> {
        let payload = Payload::with_personal(&json!({ "comment": id }), texts)?;
        let subject = Subject { kind, key, revision: None };
        let (chain, now) = (Chain::Workspace(permit), self.store.now());
        Ok(audit::append(tx, &chain, now, &self.actor, action, Some(&subject), &payload).await?)
    }
}
