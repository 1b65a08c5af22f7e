//! Timings of one piece of work.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long a piece of work took, over several runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// The middle one.
    pub median: Duration,
    /// The fastest, which a busy machine disturbs least.
    pub fastest: Duration,
}

impl Timing {
    /// Runs the work so many times, at least once, and drops each result outside of the measured time.
    #[expect(clippy::disallowed_methods, reason = "time is what is measured here")]
    pub fn of<T>(runs: usize, mut work: impl FnMut() -> T) -> Self {
        let mut times: Vec<Duration> = (0..runs.max(1))
            .map(|_| {
                let start = Instant::now();
                let result = black_box(work());
                let time = start.elapsed();
                drop(result);
                time
            })
            .collect();
        times.sort_unstable();
        Self { median: times[times.len() / 2], fastest: times[0] }
    }

    /// How many times the other one's median this one's is.
    #[must_use]
    pub fn ratio(&self, other: &Self) -> f64 {
        self.median.as_secs_f64() / other.median.as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_run_as_often_as_asked_and_the_fastest_is_no_slower_than_the_median() {
        let mut runs = 0;
        let timing = Timing::of(5, || runs += 1);
        assert!(timing.fastest <= timing.median);
        assert_eq!(runs, 5);
    }
}
