//! How long things took, and how much of it was the commit.

use std::error::Error;
use std::fmt;
use std::io::Write as _;
use std::time::{Duration, Instant};

use prometheus_client::registry::Registry;

/// What a piece of work gives, and how long it took.
#[expect(clippy::disallowed_methods, reason = "time is what is measured here")]
pub async fn timed<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let start = Instant::now();
    let result = work.await;
    (result, start.elapsed())
}

/// How long each of many runs took.
#[derive(Debug, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// One more run.
    pub fn add(&mut self, took: Duration) {
        let place = self.0.partition_point(|it| *it <= took);
        self.0.insert(place, took);
    }

    /// The time within which so many of a hundred runs ended.
    pub fn at(&self, percent: usize) -> Duration {
        let place = (self.0.len() * percent).div_ceil(100).max(1) - 1;
        self.0.get(place).copied().unwrap_or_default()
    }

    /// All runs together.
    pub fn sum(&self) -> Duration {
        self.0.iter().sum()
    }
}

/// Median, 95th percentile and the longest, as cells of a table.
impl fmt::Display for Times {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [p50, p95, longest] = [50, 95, 100].map(|percent| milliseconds(self.at(percent)));
        write!(out, "{p50} | {p95} | {longest}")
    }
}

/// A duration in milliseconds.
pub fn milliseconds(time: Duration) -> String {
    let time = time.as_secs_f64() * 1000.0;
    if time < 10.0 { format!("{time:.1} ms") } else { format!("{time:.0} ms") }
}

/// The time that commits took, as the program itself counts it.
pub struct Commits(Registry);

impl Default for Commits {
    fn default() -> Self {
        let mut registry = Registry::default();
        store::meter::register(&mut registry);
        Self(registry)
    }
}

impl Commits {
    /// All commits of this process so far.
    pub fn so_far(&self) -> Result<Duration, Box<dyn Error>> {
        self.sum("plumbline_commit_duration_seconds_sum ")
    }

    /// All writes of registers from files so far, from waiting for their turn to the commit.
    pub fn registers(&self) -> Result<Duration, Box<dyn Error>> {
        self.sum("plumbline_command_duration_seconds_sum{command=\"risk.import\",outcome=\"done\"} ")
    }

    fn sum(&self, name: &str) -> Result<Duration, Box<dyn Error>> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.0)?;
        let sum = text.lines().find_map(|line| line.strip_prefix(name));
        Ok(Duration::from_secs_f64(sum.ok_or("this is not counted")?.trim().parse()?))
    }
}

/// The size of a page as a server sends it to a browser that knows brotli, at the level that is usual for answers made on
/// request.
pub fn brotli(page: &[u8]) -> Result<usize, Box<dyn Error>> {
    let mut small = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
    small.write_all(page)?;
    Ok(small.into_inner().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_occurred() {
        let mut times = Times::default();
        (1..=200).rev().for_each(|it| times.add(Duration::from_millis(it)));
        assert_eq!(times.to_string(), "100 ms | 190 ms | 200 ms");
        assert_eq!(times.sum(), Duration::from_millis(20_100));
    }
}
