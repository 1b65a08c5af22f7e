//! A clock that stands still until a test moves it.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::time::Timestamp;
use store::Clock;

/// Stands at 2026-11-21T09:30:00Z at first.
#[derive(Debug)]
pub struct StillClock(AtomicI64);

impl Default for StillClock {
    fn default() -> Self {
        Self(AtomicI64::new(1_795_253_400_000_000))
    }
}

impl StillClock {
    /// Moves the clock by so many seconds, back where negative.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}
