//! A workspace in which nobody has opened a review yet; sessions are tested through the router.

use async_trait::async_trait;
use domain::backend::reviews::{ReviewBook, ReviewState, Reviews, SealReport, Signing};
use domain::id::WorkspaceId;
use domain::problem::Problem;
use domain::review::ReviewKey;
use domain::review::seal::{Content, SealKey};
use domain::review::session::{Command, Opening};

use crate::estate::Fake;

#[async_trait]
impl Reviews for Fake {
    async fn reviews(&self, workspace: &WorkspaceId) -> Result<ReviewBook, Problem> {
        self.member(workspace)?;
        Ok(ReviewBook {
            reviews: Vec::new(),
            seals: Vec::new(),
            broken: None,
            me: None,
            four_eyes: false,
            now: self.estate.today.start(),
        })
    }

    async fn review(&self, _: &WorkspaceId, _: ReviewKey) -> Result<ReviewState, Problem> {
        Err(Problem::NotFound)
    }

    async fn open_review(&self, _: &WorkspaceId, _: Opening) -> Result<ReviewKey, Problem> {
        Err(Problem::Forbidden)
    }

    async fn step_review(&self, _: &WorkspaceId, _: ReviewKey, _: Command) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn sign_review(&self, _: &WorkspaceId, _: ReviewKey, _: Signing) -> Result<Option<SealKey>, Problem> {
        Err(Problem::Forbidden)
    }

    async fn seal(&self, _: &WorkspaceId, _: SealKey, _: bool) -> Result<SealReport, Problem> {
        Err(Problem::NotFound)
    }

    async fn sealed_bytes(&self, _: &WorkspaceId, _: SealKey, _: Option<Content>) -> Result<String, Problem> {
        Err(Problem::NotFound)
    }
}
