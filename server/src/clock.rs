//! The clock of the machine, for everything that takes the time as an argument.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use domain::time::Timestamp;
use store::Clock;

/// The time of the operating system.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the time of day")]
        let now = SystemTime::now();
        // A clock set before 1970 reads as 1970, and one set after the year 294,247 as that.
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// Now, on the clock that only ever goes forward. For durations: how long something took, and how often it was tried.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock of durations")]
pub fn instant() -> Instant {
    Instant::now()
}
