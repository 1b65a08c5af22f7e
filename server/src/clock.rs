//! The clock of the machine, for everything that takes the time as an argument.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::time::Timestamp;
use store::Clock;

/// The time of the operating system.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        // A clock set before 1970 reads as 1970, and one set after the year 294,247 as that.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}
