//! What a member may ask about the API tokens of a workspace.

use async_trait::async_trait;

use crate::id::{TokenId, WorkspaceId};
use crate::problem::Problem;
use crate::token::{TokenEntry, TokenWish};

/// The API tokens of a workspace. Only people ask: a token can neither make nor see tokens.
#[async_trait]
pub trait ApiTokens: Send + Sync {
    /// The tokens of a workspace, those that hold first, newest first. Owners and administrators see all, others
    /// their own.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn api_tokens(&self, workspace: &WorkspaceId) -> Result<Vec<TokenEntry>, Problem>;

    /// Makes a token that acts in place of the person. What is returned is the whole token, which nobody sees again.
    ///
    /// # Errors
    /// As `Backend::execute`.
    async fn make_api_token(&self, workspace: &WorkspaceId, wish: TokenWish) -> Result<NewToken, Problem>;

    /// Ends a token at once.
    ///
    /// # Errors
    /// As `Backend::execute`, and `NotFound` where the person has no such token.
    async fn revoke_api_token(&self, workspace: &WorkspaceId, token: &TokenId) -> Result<(), Problem>;
}

/// A token that was made just now.
#[derive(Clone, PartialEq, Eq)]
pub struct NewToken {
    /// The public part.
    pub id: TokenId,
    /// The whole token as programs send it. Shown once.
    pub secret: String,
}

impl std::fmt::Debug for NewToken {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "NewToken({}, ..)", self.id)
    }
}
