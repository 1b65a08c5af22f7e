//! Comments about objects of a model: writing, changing, deleting and reading them.

use domain::backend::comments::{About, Comment};
use domain::id::CommentId;
use domain::time::Timestamp;
use uuid::Uuid;

use crate::clock::random_key;
use crate::db::{Tx, row, rows, run};
use crate::error::StoreError;
use crate::gate::Permit;
use crate::rows::{Reader, statements};

statements! {
    INSERT = "INSERT INTO comment (key, workspace_id, account_id, object_type, object_key, text, written_at) \
        VALUES ($2, $1, $3, $4, $5, $6, $7)";
    OF_WORKSPACE = "SELECT comment.key, comment.account_id, account.name AS author, comment.object_type, \
        comment.object_key, comment.text, comment.written_at, comment.edited_at FROM comment \
        JOIN account ON account.id = comment.account_id \
        WHERE comment.workspace_id = $1 ORDER BY comment.written_at, comment.key";
    /// Those in which somebody may be named.
    NAMING = "SELECT comment.key, comment.account_id, account.name AS author, comment.object_type, \
        comment.object_key, comment.text, comment.written_at, comment.edited_at FROM comment \
        JOIN account ON account.id = comment.account_id \
        WHERE comment.workspace_id = $1 AND comment.written_at >= $2 AND comment.text LIKE '%@%' \
        ORDER BY comment.written_at DESC, comment.key LIMIT 1000";
    OF_OBJECT = "SELECT comment.key, comment.account_id, account.name AS author, comment.object_type, \
        comment.object_key, comment.text, comment.written_at, comment.edited_at FROM comment \
        JOIN account ON account.id = comment.account_id \
        WHERE comment.workspace_id = $1 AND comment.object_type = $2 AND comment.object_key = $3 \
        ORDER BY comment.written_at, comment.key";
    BY_KEY = "SELECT comment.key, comment.account_id, account.name AS author, comment.object_type, \
        comment.object_key, comment.text, comment.written_at, comment.edited_at FROM comment \
        JOIN account ON account.id = comment.account_id \
        WHERE comment.workspace_id = $1 AND comment.account_id = $2 AND comment.key = $3";
    UPDATE = "UPDATE comment SET text = $4, edited_at = $5 \
        WHERE workspace_id = $1 AND account_id = $2 AND key = $3";
    DELETE = "DELETE FROM comment WHERE workspace_id = $1 AND account_id = $2 AND key = $3";
}

/// The comments about one thing, or all of the workspace, the oldest first.
pub(crate) async fn list(tx: &mut Tx, permit: &Permit, about: Option<&About>) -> Result<Vec<Comment>, StoreError> {
    let found = match about {
        Some(about) => {
            let (kind, key) = (about.topic().as_str(), about.key());
            rows!(tx, CommentRow, OF_OBJECT, permit.workspace(), kind, key.as_str())?
        }
        None => rows!(tx, CommentRow, OF_WORKSPACE, permit.workspace())?,
    };
    found.into_iter().map(|row| row.comment(permit.account())).collect()
}

/// The newest comments since an instant in which somebody may be named.
pub(crate) async fn naming(tx: &mut Tx, permit: &Permit, since: Timestamp) -> Result<Vec<Comment>, StoreError> {
    let found = rows!(tx, CommentRow, NAMING, permit.workspace(), since.0)?;
    found.into_iter().map(|row| row.comment(permit.account())).collect()
}

/// A comment that this account wrote.
pub(crate) async fn own(
    tx: &mut Tx,
    permit: &Permit,
    account: Uuid,
    comment: &CommentId,
) -> Result<Option<Comment>, StoreError> {
    let found = row!(tx, CommentRow, BY_KEY, permit.workspace(), account, comment.as_str())?;
    found.map(|row| row.comment(Some(account))).transpose()
}

/// Writes a comment of an account.
pub(crate) async fn add(
    tx: &mut Tx,
    permit: &Permit,
    account: Uuid,
    now: Timestamp,
    about: &About,
    text: &str,
) -> Result<CommentId, StoreError> {
    let (key, of) = (random_key::<8>()?, about.key());
    let kind = about.topic().as_str();
    run!(tx, INSERT, permit.workspace(), key.as_str(), account, kind, of.as_str(), text, now.0)?;
    Ok(CommentId::new(key))
}

/// Gives a comment of this account another text.
pub(crate) async fn edit(
    tx: &mut Tx,
    permit: &Permit,
    account: Uuid,
    now: Timestamp,
    comment: &CommentId,
    text: &str,
) -> Result<(), StoreError> {
    run!(tx, UPDATE, permit.workspace(), account, comment.as_str(), text, now.0).map(drop)
}

/// Deletes a comment of this account.
pub(crate) async fn delete(tx: &mut Tx, permit: &Permit, account: Uuid, comment: &CommentId) -> Result<(), StoreError> {
    run!(tx, DELETE, permit.workspace(), account, comment.as_str()).map(drop)
}

#[derive(sqlx::FromRow)]
struct CommentRow {
    key: String,
    account_id: Uuid,
    author: String,
    object_type: String,
    object_key: String,
    text: String,
    written_at: i64,
    edited_at: Option<i64>,
}

impl CommentRow {
    fn comment(self, asks: Option<Uuid>) -> Result<Comment, StoreError> {
        let topic = Reader::new("comment", &self.key).word("object_type", &self.object_type)?;
        Ok(Comment {
            id: CommentId::new(self.key),
            topic,
            key: self.object_key,
            author: self.author,
            own: asks == Some(self.account_id),
            text: self.text,
            written_at: Timestamp(self.written_at),
            edited_at: self.edited_at.map(Timestamp),
        })
    }
}
