//! What members say about objects of a model: plain text, beside the model and in no hash of its facts.

use async_trait::async_trait;

use crate::id::{CommentId, WorkspaceId};
use crate::model::card_number::looks_like_card_number;
use crate::model::object::{ObjectKind, ObjectRef};
use crate::problem::{FieldCode, Problem};
use crate::time::Timestamp;

/// Longest comment, in characters.
pub const COMMENT_MAX: u32 = 4_000;

/// The comments of a workspace. Every member who may comment reads all of them, and changes and deletes their own.
#[async_trait]
pub trait Comments: Send + Sync {
    /// The comments about one object, the oldest first.
    ///
    /// # Errors
    /// As `Backend::estate`; `Forbidden` where the role may not comment.
    async fn comments_of(&self, workspace: &WorkspaceId, object: &ObjectRef) -> Result<Vec<Comment>, Problem>;

    /// All comments of a workspace, the oldest first, also those about what is deleted.
    ///
    /// # Errors
    /// As [`Self::comments_of`].
    async fn comments(&self, workspace: &WorkspaceId) -> Result<Vec<Comment>, Problem>;

    /// Writes a comment about an object.
    ///
    /// # Errors
    /// As [`Self::comments_of`], `NotFound` where there is no such object, and those of [`comment_text`].
    async fn add_comment(&self, workspace: &WorkspaceId, object: &ObjectRef, text: &str) -> Result<CommentId, Problem>;

    /// Says something else in a comment of one's own. What it was stays in the audit trail.
    ///
    /// # Errors
    /// As [`Self::comments_of`], `NotFound` where the person wrote no such comment, and those of [`comment_text`].
    async fn edit_comment(&self, workspace: &WorkspaceId, comment: &CommentId, text: &str) -> Result<(), Problem>;

    /// Deletes a comment of one's own.
    ///
    /// # Errors
    /// As [`Self::comments_of`], and `NotFound` where the person wrote no such comment.
    async fn delete_comment(&self, workspace: &WorkspaceId, comment: &CommentId) -> Result<(), Problem>;
}

/// A comment as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its key.
    pub id: CommentId,
    /// The kind of the object that it is about.
    pub kind: ObjectKind,
    /// The key of that object, which may be gone.
    pub key: String,
    /// Who wrote it, by name.
    pub author: String,
    /// Whether the person who asks wrote it.
    pub own: bool,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub written_at: Timestamp,
    /// When it was changed last; `None` where it never was.
    pub edited_at: Option<Timestamp>,
}

/// The text of a comment as it is stored: without blanks around it, lines ending alike.
///
/// # Errors
/// `Invalid` with the field `text` where it is empty, too long, holds control characters or a full card number.
pub fn comment_text(text: &str) -> Result<String, Problem> {
    let text = text.replace("\r\n", "\n");
    let text = text.trim();
    let wrong = match () {
        () if text.is_empty() => FieldCode::Missing,
        () if text.chars().count() > COMMENT_MAX as usize => FieldCode::TooLong(COMMENT_MAX),
        () if text.chars().any(|it| it.is_control() && it != '\n' && it != '\t') => FieldCode::ControlCharacter,
        () if looks_like_card_number(text) => FieldCode::CardNumber,
        () => return Ok(text.to_owned()),
    };
    Err(Problem::field("text", wrong))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_plain_text_without_card_numbers() {
        assert_eq!(comment_text(" Two\r\nlines \n"), Ok("Two\nlines".to_owned()));
        let refused = |text: &str| comment_text(text).err();
        assert_eq!(refused("  \n"), Some(Problem::field("text", FieldCode::Missing)));
        assert_eq!(refused("seen: 4111 1111 1111 1111"), Some(Problem::field("text", FieldCode::CardNumber)));
        assert_eq!(refused("a\0b"), Some(Problem::field("text", FieldCode::ControlCharacter)));
        assert_eq!(refused(&"x".repeat(4_001)), Some(Problem::field("text", FieldCode::TooLong(COMMENT_MAX))));
    }
}
