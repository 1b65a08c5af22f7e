//! What comes due in the sample, and nothing that concerns anybody.

use async_trait::async_trait;
use domain::backend::calendar::{Agenda, Calendar, FeedEntry, Told, Which};
use domain::digest::Rhythm;
use domain::id::WorkspaceId;
use domain::problem::Problem;
use domain::schedule::Zone;
use domain::schedule::calendar::{Sources, entries};
use domain::time::Day;

use crate::estate::Fake;

#[async_trait]
impl Calendar for Fake {
    async fn agenda(&self, workspace: &WorkspaceId) -> Result<Agenda, Problem> {
        self.member(workspace)?;
        let (zone, today) = (Zone::utc(), self.estate.today);
        let sources = Sources {
            model: &self.estate.model,
            schedules: &[],
            reviews: &[],
            analyses: &[],
            risks: &[],
            acceptances: &[],
            activities: &[],
            incidents: &[],
        };
        let entries = entries(&sources, &zone, today.start(), Day(i32::MAX));
        Ok(Agenda { entries, zone, now: today.start(), today, me: None })
    }

    async fn notices(&self, workspace: &WorkspaceId) -> Result<Vec<Told>, Problem> {
        self.member(workspace).map(|()| Vec::new())
    }

    async fn unread_notices(&self, workspace: &WorkspaceId) -> Result<usize, Problem> {
        self.member(workspace).map(|()| 2)
    }

    async fn read_notices(&self, _: &WorkspaceId, _: Which) -> Result<usize, Problem> {
        Err(Problem::Forbidden)
    }

    async fn feed(&self, workspace: &WorkspaceId) -> Result<Option<FeedEntry>, Problem> {
        self.member(workspace).map(|()| None)
    }

    async fn make_feed(&self, _: &WorkspaceId) -> Result<String, Problem> {
        Err(Problem::Forbidden)
    }

    async fn end_feed(&self, _: &WorkspaceId) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn digest(&self, workspace: &WorkspaceId) -> Result<Rhythm, Problem> {
        self.member(workspace).map(|()| Rhythm::Off)
    }

    async fn set_digest(&self, _: &WorkspaceId, _: Rhythm) -> Result<bool, Problem> {
        Err(Problem::Forbidden)
    }
}
