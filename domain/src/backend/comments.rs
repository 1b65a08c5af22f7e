//! What members say about objects of a model and about risks: plain text, beside both and in no hash of their facts.

use std::str::FromStr;

use async_trait::async_trait;

use crate::id::{CommentId, WorkspaceId};
use crate::model::card_number::looks_like_card_number;
use crate::model::object::{ObjectKind, ObjectRef};
use crate::problem::{FieldCode, Problem};
use crate::risk::RiskKey;
use crate::time::Timestamp;

/// Longest comment, in characters.
pub const COMMENT_MAX: u32 = 4_000;

/// The comments of a workspace. Every member who may comment reads all of them, and changes and deletes their own.
#[async_trait]
pub trait Comments: Send + Sync {
    /// The comments about one object or risk, the oldest first.
    ///
    /// # Errors
    /// As `Backend::estate`; `Forbidden` where the role may not comment.
    async fn comments_of(&self, workspace: &WorkspaceId, about: &About) -> Result<Vec<Comment>, Problem>;

    /// All comments of a workspace, the oldest first, also those about what is deleted.
    ///
    /// # Errors
    /// As [`Self::comments_of`].
    async fn comments(&self, workspace: &WorkspaceId) -> Result<Vec<Comment>, Problem>;

    /// Writes a comment about an object or a risk.
    ///
    /// # Errors
    /// As [`Self::comments_of`], `NotFound` where there is none, and those of [`comment_text`].
    async fn add_comment(&self, workspace: &WorkspaceId, about: &About, text: &str) -> Result<CommentId, Problem>;

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

/// What a comment is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// An object of the model.
    Object(ObjectRef),
    /// A risk of the register.
    Risk(RiskKey),
}

impl About {
    /// What kind of thing it is.
    #[must_use]
    pub const fn topic(&self) -> Topic {
        match self {
            Self::Object(object) => Topic::Object(object.kind()),
            Self::Risk(_) => Topic::Risk,
        }
    }

    /// The key of the thing.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Object(object) => object.key(),
            Self::Risk(risk) => risk.to_string(),
        }
    }
}

/// What kind of thing a comment is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Objects of this kind.
    Object(ObjectKind),
    /// Risks.
    Risk,
}

impl Topic {
    /// The word of a risk, which no kind of object has.
    const RISK: &str = "risk";

    /// As it is stored and as forms name it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Object(kind) => kind.as_str(),
            Self::Risk => Self::RISK,
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Object(kind) => kind.label(),
            Self::Risk => "Risk",
        }
    }
}

/// A word that is no topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither a kind of object nor a risk")]
pub struct NoTopic;

impl FromStr for Topic {
    type Err = NoTopic;

    fn from_str(text: &str) -> Result<Self, NoTopic> {
        if text == Self::RISK { Ok(Self::Risk) } else { text.parse().map(Self::Object).map_err(|_| NoTopic) }
    }
}

/// A comment as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its key.
    pub id: CommentId,
    /// What kind of thing it is about.
    pub topic: Topic,
    /// The key of that thing, which may be gone.
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
    fn every_topic_has_a_word_of_its_own() {
        let topics = ObjectKind::ALL.iter().copied().map(Topic::Object).chain([Topic::Risk]);
        for topic in topics {
            assert_eq!(topic.as_str().parse(), Ok(topic));
        }
        assert_eq!("moon".parse::<Topic>(), Err(NoTopic));
    }

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
