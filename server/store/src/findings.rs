//! What the rules find, computed away from the threads that serve requests, and what is kept about it.

pub(crate) mod record;
mod run;
mod triage;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::backend::Estate;
use domain::backend::assessment::{self, Remedy};
use domain::findings::life::{Record, overlay};
use domain::findings::{Finding, Findings, Identity};
use domain::time::Timestamp;

use crate::error::{Failure, StoreError};
use crate::live::Judged;

pub(crate) use run::{Run, bring_due};
pub(crate) use triage::{report, triage};

/// The findings of an estate.
pub(crate) async fn of(estate: &Arc<Estate>, now: Timestamp) -> Result<Arc<Findings>, Failure> {
    let estate = Arc::clone(estate);
    let found = tokio::task::spawn_blocking(move || estate.found.findings(&estate, now));
    Ok(found.await.map_err(StoreError::from)?)
}

/// The findings of a model as of a day.
pub(crate) async fn of_judged(judged: &Judged, now: Timestamp) -> Result<Arc<Findings>, StoreError> {
    let judged = judged.clone();
    let found = tokio::task::spawn_blocking(move || judged.found.findings_in(&judged.model, &judged.scope, now));
    Ok(found.await?)
}

/// Where every finding of an estate stands, given what is recorded.
pub(crate) async fn standing(
    estate: &Arc<Estate>,
    records: BTreeMap<Identity, Record>,
    now: Timestamp,
) -> Result<BTreeMap<Identity, Record>, Failure> {
    let estate = Arc::clone(estate);
    let records = tokio::task::spawn_blocking(move || {
        let findings = estate.found.findings(&estate, now);
        overlay(records, &findings.findings, now)
    });
    Ok(records.await.map_err(StoreError::from)?)
}

/// Which of the findings that were set aside are so still: facts and time may have opened some again.
pub(crate) async fn still_decided(
    estate: &Arc<Estate>,
    decided: BTreeMap<Identity, Record>,
    now: Timestamp,
) -> Result<BTreeSet<Identity>, Failure> {
    if decided.is_empty() {
        return Ok(BTreeSet::new());
    }
    let estate = Arc::clone(estate);
    let kept = tokio::task::spawn_blocking(move || {
        let findings = estate.found.findings(&estate, now);
        let concerned: Vec<&Finding> =
            findings.findings.iter().filter(|it| decided.contains_key(&it.identity())).collect();
        let now = overlay(decided, concerned, now);
        now.into_values().filter(|it| it.state.is_decided()).map(|it| it.identity).collect()
    });
    Ok(kept.await.map_err(StoreError::from)?)
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
