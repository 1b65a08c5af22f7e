//! How many open risks of each level there were over time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Counts;
use crate::risk::record::{Risk, RiskKey, Stage};
use crate::risk::scheme::{Level, Scheme};
use crate::time::Day;

/// How bad a risk became on a day. One is kept for each day on which that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// The day.
    pub day: Day,
    /// The risk.
    pub risk: RiskKey,
    /// The level from then on; `None` where it was closed or not rated.
    pub level: Option<Level>,
}

impl Moment {
    /// The moment of a change, where it changed how bad the risk is.
    #[must_use]
    pub fn of(before: Option<&Risk>, after: &Risk, scheme: Scheme, day: Day) -> Option<Self> {
        let level = |risk: &Risk| risk.level(scheme).filter(|_| risk.stage != Stage::Closed);
        let (was, is) = (before.and_then(level), level(after));
        (was != is).then_some(Self { day, risk: after.key, level: is })
    }
}

/// The levels on some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trend {
    /// Each day with the counts at its end.
    pub days: Vec<(Day, Counts)>,
}

/// The counts at the end of each of the days, from moments in any order. The last moment of a risk on a day counts.
#[must_use]
pub fn trend(moments: &[Moment], days: &[Day]) -> Trend {
    let mut moments: Vec<&Moment> = moments.iter().collect();
    // Stable: of two on one day the later one in the list stays the later one.
    moments.sort_by_key(|it| it.day);
    let mut wanted = days.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let mut now: BTreeMap<RiskKey, Level> = BTreeMap::new();
    let mut ahead = moments.into_iter().peekable();
    let days = wanted
        .into_iter()
        .map(|day| {
            while let Some(moment) = ahead.next_if(|it| it.day <= day) {
                match moment.level {
                    Some(level) => drop(now.insert(moment.risk, level)),
                    None => drop(now.remove(&moment.risk)),
                }
            }
            let mut counts = Counts::default();
            now.values().for_each(|level| counts.add(*level));
            (day, counts)
        })
        .collect();
    Trend { days }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_risk_counts_from_the_day_it_was_rated_until_it_is_closed() {
        let moment = |day, risk, level| Moment { day: Day(day), risk: RiskKey(risk), level };
        let moments = [
            moment(20, 1, Some(Level::Low)),
            moment(10, 1, Some(Level::High)),
            moment(15, 2, Some(Level::High)),
            moment(30, 1, None),
        ];
        let trend = trend(&moments, &[Day(9), Day(15), Day(25), Day(30)]);
        let counts: Vec<(usize, usize)> =
            trend.days.iter().map(|(_, it)| (it.of(Level::High), it.of(Level::Low))).collect();
        assert_eq!(counts, [(0, 0), (2, 0), (1, 1), (1, 0)]);
    }

    #[test]
    fn only_a_change_of_the_level_is_a_moment() {
        let mut risk = Risk::new(RiskKey(1));
        assert_eq!(Moment::of(None, &risk, Scheme::Nist, Day(1)), None);
        let was = risk.clone();
        let step = crate::risk::scheme::Step::new(5);
        risk.inherent = step.and_then(|step| crate::risk::scheme::Rating::new(Scheme::Nist, step, step));
        let moment = Moment::of(Some(&was), &risk, Scheme::Nist, Day(1));
        assert_eq!(moment.and_then(|it| it.level), Some(Level::VeryHigh));
        let closed = Risk { stage: Stage::Closed, ..risk.clone() };
        assert_eq!(Moment::of(Some(&risk), &closed, Scheme::Nist, Day(2)).map(|it| it.level), Some(None));
    }
}
