//! What the rules find: computed away from the threads that serve requests.

use std::sync::Arc;

use domain::backend::Estate;
use domain::backend::assessment::{self, Remedy};
use domain::findings::{Finding, Findings};
use domain::time::Timestamp;

use crate::error::{Failure, StoreError};

/// The findings of an estate.
pub(crate) async fn of(estate: &Arc<Estate>, now: Timestamp) -> Result<Arc<Findings>, Failure> {
    let estate = Arc::clone(estate);
    let found = tokio::task::spawn_blocking(move || estate.found.findings(&estate, now));
    Ok(found.await.map_err(StoreError::from)?)
}

/// What can be done about one of them.
pub(crate) async fn remedies(estate: &Arc<Estate>, finding: &Finding, now: Timestamp) -> Result<Vec<Remedy>, Failure> {
    let (estate, finding) = (Arc::clone(estate), finding.clone());
    let remedies = tokio::task::spawn_blocking(move || {
        let findings = estate.found.findings(&estate, now);
        assessment::remedies(&estate, &findings, &finding, now)
    });
    Ok(remedies.await.map_err(StoreError::from)?)
}
