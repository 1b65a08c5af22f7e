//! A workspace without API tokens.

use async_trait::async_trait;
use domain::backend::tokens::{ApiTokens, NewToken};
use domain::id::{TokenId, WorkspaceId};
use domain::problem::Problem;
use domain::token::{TokenEntry, TokenWish};

use crate::estate::Fake;

#[async_trait]
impl ApiTokens for Fake {
    async fn api_tokens(&self, _: &WorkspaceId) -> Result<Vec<TokenEntry>, Problem> {
        Ok(Vec::new())
    }

    async fn make_api_token(&self, _: &WorkspaceId, _: TokenWish) -> Result<NewToken, Problem> {
        Err(Problem::Forbidden)
    }

    async fn revoke_api_token(&self, _: &WorkspaceId, _: &TokenId) -> Result<(), Problem> {
        Err(Problem::NotFound)
    }
}
