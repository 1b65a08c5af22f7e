//! The requests of the backend in memory: there are none, and none can be made.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::backend::requests::{AskedOfEach, Downloaded, RequestBook, Requests};
use domain::evidence::engagement::{Criteria, SampleKey};
use domain::evidence::request::{Question, RequestKey, Side, Step};
use domain::id::{PersonId, WorkspaceId};
use domain::problem::Problem;
use domain::time::Timestamp;

use crate::estate::Fake;

#[async_trait]
impl Requests for Fake {
    async fn requests(&self, _: &WorkspaceId) -> Result<RequestBook, Problem> {
        let now = Timestamp(0);
        Ok(RequestBook {
            requests: BTreeMap::new(),
            samples: BTreeMap::new(),
            items: BTreeMap::new(),
            names: BTreeMap::new(),
            side: Side::Team,
            me: PersonId::new("lead"),
            today: now.day(),
            now,
        })
    }

    async fn ask(&self, _: &WorkspaceId, _: Question) -> Result<RequestKey, Problem> {
        Err(Problem::Forbidden)
    }

    async fn step_request(&self, _: &WorkspaceId, _: RequestKey, _: Step, _: i64) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn draw_sample(&self, _: &WorkspaceId, _: Criteria) -> Result<SampleKey, Problem> {
        Err(Problem::Forbidden)
    }

    async fn freeze_sample(&self, _: &WorkspaceId, _: SampleKey, _: i64) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn ask_of_sample(&self, _: &WorkspaceId, _: SampleKey, _: AskedOfEach, _: i64) -> Result<usize, Problem> {
        Err(Problem::Forbidden)
    }

    async fn note_download(&self, _: &WorkspaceId, _: &Downloaded) -> Result<(), Problem> {
        Ok(())
    }
}
