//! What the passing of time did since somebody last looked: a job that did not run for weeks tells nothing twice, and
//! leaves nothing out.

use serde::{Deserialize, Serialize};

use super::on_time::{Interval, State, on_time};
use super::zone::Zone;
use crate::time::{Day, Timestamp};

/// The most steps that are told of one interval: more than a daily one makes in ten years.
const MOST: usize = 4_000;

/// One thing that the passing of time did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passing {
    /// When it happened, in UTC.
    pub at: Timestamp,
    /// Where it stood from then on.
    pub state: State,
    /// The day on which it is or was due.
    pub due: Day,
    /// The announcement that was reached.
    pub warning: Option<u16>,
    /// How many times have been missed.
    pub missed: u32,
}

/// What happened after `since` until `now` inclusive, each at the instant at which it happened, in order. Two ticks one
/// after the other tell together what one over the whole time does.
#[must_use]
pub fn passed(interval: &Interval<'_>, zone: &Zone, since: Timestamp, now: Timestamp) -> Vec<Passing> {
    let mut passed = Vec::new();
    let mut at = on_time(interval, zone, since).next_change;
    while at <= now && passed.len() < MOST {
        let it = on_time(interval, zone, at);
        passed.push(Passing { at, state: it.state, due: it.due, warning: it.warning, missed: it.missed });
        at = it.next_change;
    }
    passed
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::said::instant_of;
    use crate::schedule::on_time::WARNING_DAYS;

    fn interval() -> Interval<'static> {
        let first_due = "2026-03-15".parse().unwrap();
        Interval { cadence: "monthly 15".parse().unwrap(), first_due, warnings: &WARNING_DAYS, runs: &[] }
    }

    #[test]
    fn a_tick_after_40_days_tells_each_step_with_its_own_day() {
        let (since, now) = (instant_of("2026-03-01T12:00:00Z").unwrap(), instant_of("2026-04-10T12:00:00Z").unwrap());
        assert_eq!((now.0 - since.0) / 86_400_000_000, 40);
        let told: Vec<_> = passed(&interval(), &Zone::utc(), since, now)
            .iter()
            .map(|it| (it.at.day().to_string(), it.state, it.warning))
            .collect();
        let expected = [
            ("2026-03-01", State::Warning, Some(14)),
            ("2026-03-08", State::Warning, Some(7)),
            ("2026-03-15", State::Due, Some(7)),
            ("2026-03-16", State::Late, None),
        ];
        // The 14 days had been reached before the first tick.
        assert_eq!(told, expected[1..].iter().map(|it| (it.0.to_owned(), it.1, it.2)).collect::<Vec<_>>());
        assert!(passed(&interval(), &Zone::utc(), now, now).is_empty());
    }

    #[test]
    fn two_ticks_tell_what_one_does() {
        let at = |text: &str| instant_of(text).unwrap();
        let (first, middle, last) = (at("2026-01-01"), at("2026-03-15T00:00:00Z"), at("2026-09-01"));
        let mut both = passed(&interval(), &Zone::utc(), first, middle);
        both.extend(passed(&interval(), &Zone::utc(), middle, last));
        assert_eq!(both, passed(&interval(), &Zone::utc(), first, last));
        assert_eq!(both.last().map(|it| it.missed), Some(6));
    }
}
