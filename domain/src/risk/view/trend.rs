//! How many open risks of each level there were over time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Counts;
use crate::risk::record::{Risk, RiskKey, Stage};
use crate::risk::scheme::{Level, Rating, Scheme};
use crate::text::text_enum;
use crate::time::{Day, Timestamp};

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

/// A risk as it was saved once, as far as a trend looks at it. It reads the same text as the whole risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Saved {
    key: RiskKey,
    inherent: Option<Rating>,
    residual: Option<Rating>,
    stage: Stage,
}

impl Saved {
    fn level(&self, scheme: Scheme) -> Option<Level> {
        let rating = self.residual.or(self.inherent).filter(|_| self.stage != Stage::Closed);
        rating.map(|rating| rating.level(scheme))
    }
}

/// The moments of a register from everything that was saved in it. Each of `schemes` holds from its instant on; before the
/// first one the usual scheme did. Both lists are in the order of time; another scheme is a moment of every risk whose
/// level it moves.
#[must_use]
pub fn moments(saved: &[(Timestamp, Saved)], schemes: &[(Timestamp, Scheme)]) -> Vec<Moment> {
    let mut scheme = Scheme::Nist;
    let mut now: BTreeMap<RiskKey, (Saved, Option<Level>)> = BTreeMap::new();
    let mut moments = Vec::new();
    let mut changes = schemes.iter().peekable();
    for (at, version) in saved {
        while let Some((since, to)) = changes.next_if(|(since, _)| since <= at) {
            scheme = *to;
            rate_again(&mut now, scheme, since.day(), &mut moments);
        }
        let level = version.level(scheme);
        let was = now.insert(version.key, (*version, level)).and_then(|(_, was)| was);
        if was != level {
            moments.push(Moment { day: at.day(), risk: version.key, level });
        }
    }
    for (since, to) in changes {
        rate_again(&mut now, *to, since.day(), &mut moments);
    }
    moments
}

fn rate_again(
    now: &mut BTreeMap<RiskKey, (Saved, Option<Level>)>,
    scheme: Scheme,
    day: Day,
    moments: &mut Vec<Moment>,
) {
    for (risk, (version, was)) in now {
        let level = version.level(scheme);
        if *was != level {
            *was = level;
            moments.push(Moment { day, risk: *risk, level });
        }
    }
}

text_enum! {
    /// How far back a trend looks.
    Span {
        Weeks = "weeks": "13 weeks",
        Months = "months": "12 months",
    }
}

impl Span {
    /// The days at whose ends is counted, the last one today.
    #[must_use]
    pub fn days(self, today: Day) -> Vec<Day> {
        match self {
            Self::Weeks => (0..=13).rev().map(|week| today.plus_days(-7 * week)).collect(),
            Self::Months => {
                let (year, month, _) = today.ymd();
                let first = i64::from(year) * 12 + i64::from(month) - 1;
                let begins = |months: i64| {
                    let at = first - months;
                    let year = i32::try_from(at.div_euclid(12)).ok()?;
                    Day::from_ymd(year, u32::try_from(at.rem_euclid(12) + 1).ok()?, 1)
                };
                // The last day of each month before this one, and today.
                let mut days: Vec<Day> = (0..12).rev().filter_map(begins).map(|it| it.plus_days(-1)).collect();
                days.push(today);
                days
            }
        }
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
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::risk::scheme::Step;

    #[test]
    fn another_scheme_is_a_moment_of_every_risk_that_it_moves() {
        let mut risk = Risk::new(RiskKey(1));
        let step = |number| Step::new(number).unwrap();
        risk.inherent = Rating::new(Scheme::Nist, step(5), step(1));
        let saved = |risk: &Risk| serde_json::from_str::<Saved>(&serde_json::to_string(risk).unwrap()).unwrap();
        let at = |day: i32| Day(day).start();
        let closed = Risk { stage: Stage::Closed, ..risk.clone() };
        let versions = [(at(10), saved(&risk)), (at(30), saved(&closed))];
        let moments = moments(&versions, &[(at(20), Scheme::Product)]);
        let told: Vec<(i32, Option<Level>)> = moments.iter().map(|it| (it.day.0, it.level)).collect();
        assert_eq!(told, [(10, Some(Level::VeryLow)), (20, Some(Level::Moderate)), (30, None)]);
    }

    #[test]
    fn a_span_ends_today() {
        let today: Day = "2026-03-15".parse().unwrap();
        for span in Span::ALL {
            let days = span.days(today);
            assert_eq!((days.len() >= 13, days.last().copied(), days.is_sorted()), (true, Some(today), true));
        }
        assert_eq!(Span::Months.days(today)[11], "2026-02-28".parse().unwrap());
    }

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
        let step = Step::new(5);
        risk.inherent = step.and_then(|step| Rating::new(Scheme::Nist, step, step));
        let moment = Moment::of(Some(&was), &risk, Scheme::Nist, Day(1));
        assert_eq!(moment.and_then(|it| it.level), Some(Level::VeryHigh));
        let closed = Risk { stage: Stage::Closed, ..risk.clone() };
        assert_eq!(Moment::of(Some(&risk), &closed, Scheme::Nist, Day(2)).map(|it| it.level), Some(None));
    }
}
