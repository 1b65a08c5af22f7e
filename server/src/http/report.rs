//! Browsers report what the content security policy stopped. A report is a line in the log, nothing more.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::State;
use http::StatusCode;

use super::Site;
use crate::clock::instant;

/// How many reports a minute are written; a broken extension of one browser must not fill the disk.
const A_MINUTE: u32 = 60;

/// How much of a report is written, in characters.
const WRITTEN: usize = 2000;

/// Counts the reports of the current minute.
#[derive(Debug)]
pub struct Reports {
    started: Instant,
    /// The minute since the start, and the reports in it.
    counted: Mutex<(u64, u32)>,
}

impl Default for Reports {
    fn default() -> Self {
        Self { started: instant(), counted: Mutex::new((0, 0)) }
    }
}

impl Reports {
    /// Whether one more may be written.
    fn admit(&self) -> bool {
        let now = self.started.elapsed().as_secs() / 60;
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.0 != now {
            *counted = (now, 0);
        }
        counted.1 = counted.1.saturating_add(1);
        counted.1 <= A_MINUTE
    }
}

/// Writes the report into the log. The text comes from outside, so it is written escaped.
pub async fn csp(State(site): State<Site>, body: Bytes) -> StatusCode {
    if site.reports.admit() {
        let report: String = String::from_utf8_lossy(&body).chars().take(WRITTEN).collect();
        tracing::warn!(?report, "a browser reported a violation of the content security policy");
    }
    StatusCode::NO_CONTENT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_reports_is_not_written() {
        let reports = Reports::default();
        assert_eq!((0..1000).filter(|_| reports.admit()).count(), 60);
    }
}
