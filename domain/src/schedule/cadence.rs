//! How often something is to be done, and when it is due next.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::risk::acceptance::months_later;
use crate::time::Day;

/// The longest distance in days.
pub const DAYS_MAX: u16 = 1_826;
/// The longest distance in months.
pub const MONTHS_MAX: u8 = 60;

/// How often something is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cadence {
    /// So many days after it was done last.
    Days(u16),
    /// So many months after it was done last, as the standard counts its timeframes: within 92, 184 or 365 days (366
    /// where a 29 February lies between), or on the same day of the due month, whichever is later.
    Months(u8),
    /// On this day of each month, or its last day where it is shorter.
    Monthly {
        /// From 1 to 31.
        day: u8,
    },
    /// On this day of one month in each quarter.
    Quarterly {
        /// The month of the quarter, from 1 to 3.
        month: u8,
        /// From 1 to 31.
        day: u8,
    },
    /// On this day of each year; 29 February is the 28th where there is none.
    Yearly {
        /// From 1 to 12.
        month: u8,
        /// From 1 to 31.
        day: u8,
    },
}

impl Cadence {
    /// Whether the days on which it is due are those of the calendar, whenever it was done.
    #[must_use]
    pub const fn is_calendar(self) -> bool {
        matches!(self, Self::Monthly { .. } | Self::Quarterly { .. } | Self::Yearly { .. })
    }

    /// The first day of a calendar rule on or after the day; the day itself where only the distance counts.
    #[must_use]
    pub fn on_or_after(self, day: Day) -> Day {
        let (year, month, _) = day.ymd();
        let Some((months, first, of_month)) = self.rule() else { return day };
        // At most two candidates: that of the period in which the day lies, and that of the next.
        let since = (month - 1).div_euclid(months) * months + first - 1;
        let at = |since| day_of_rule(year, since, of_month);
        at(since).filter(|it| *it >= day).or_else(|| at(since + months)).unwrap_or(day)
    }

    /// The last day of a calendar rule before the day: the period that ends with a day of the rule begins after it. `None`
    /// where only the distance counts.
    #[must_use]
    pub fn before(self, day: Day) -> Option<Day> {
        let (year, month, _) = day.ymd();
        let (months, first, of_month) = self.rule()?;
        let since = (month - 1).div_euclid(months) * months + first - 1;
        let at = |since| day_of_rule(year, since, of_month);
        at(since).filter(|it| *it < day).or_else(|| at(since - months))
    }

    /// When it is due next after it was done on a day, where the day on which it had been due was `due`.
    ///
    /// What was done early counts for the day for which it was done, and what was done late makes up for every day of
    /// the calendar rule that was missed until then.
    #[must_use]
    pub fn next(self, due: Day, done: Day) -> Day {
        match self {
            Self::Days(days) => done.plus_days(i32::from(days.max(1))),
            Self::Months(months) => {
                let same_day = months_later(done, u32::from(months.max(1)));
                within_days(months, done).map_or(same_day, |days| same_day.max(done.plus_days(days)))
            }
            _ => self.on_or_after(due.max(done).plus_days(1)),
        }
    }

    /// About how many days lie between two times: what decides which of two cadences is stricter.
    #[must_use]
    pub const fn about_days(self) -> u32 {
        match self {
            Self::Days(days) => days as u32,
            Self::Months(months) => months as u32 * 365 / 12,
            Self::Monthly { .. } => 30,
            Self::Quarterly { .. } => 91,
            Self::Yearly { .. } => 365,
        }
    }

    /// The months of a period, the month in it, and the day of the month.
    const fn rule(self) -> Option<(i32, i32, u8)> {
        match self {
            Self::Days(_) | Self::Months(_) => None,
            Self::Monthly { day } => Some((1, 1, day)),
            Self::Quarterly { month, day } => Some((3, month as i32, day)),
            Self::Yearly { month, day } => Some((12, month as i32, day)),
        }
    }

    /// The cadence in words, to complete "is done ..".
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Days(1) => "every day".to_owned(),
            Self::Days(days) => format!("every {days} days"),
            Self::Months(1) => "every month".to_owned(),
            Self::Months(12) => "every year".to_owned(),
            Self::Months(months) => format!("every {months} months"),
            Self::Monthly { day } => format!("each month on day {day}"),
            Self::Quarterly { month, day } => format!("each quarter on day {day} of month {month}"),
            Self::Yearly { month, day } => format!("each year on {month:02}-{day:02}"),
        }
    }
}

/// Within how many days a timeframe of the standard is met.
fn within_days(months: u8, done: Day) -> Option<i32> {
    match months {
        1 => Some(31),
        3 => Some(92),
        6 => Some(184),
        12 => {
            let year = done.ymd().0;
            let leap = |year| Day::from_ymd(year, 2, 29).is_some_and(|it| it > done && it <= done.plus_days(365));
            Some(if leap(year) || leap(year + 1) { 366 } else { 365 })
        }
        _ => None,
    }
}

/// The day of the month that lies so many months after the January of a year; before it where that is negative.
fn day_of_rule(year: i32, since: i32, day: u8) -> Option<Day> {
    day_of_month(year + since.div_euclid(12), since.rem_euclid(12) + 1, day)
}

/// The day of a month, or its last day where it is shorter.
fn day_of_month(year: i32, month: i32, day: u8) -> Option<Day> {
    let month = u32::try_from(month).ok()?;
    (1..=u32::from(day)).rev().find_map(|day| Day::from_ymd(year, month, day))
}

/// As files and forms write it: `90d`, `3m`, `monthly 15`, `quarterly 3 15`, `yearly 12 31`.
impl fmt::Display for Cadence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => write!(out, "{days}d"),
            Self::Months(months) => write!(out, "{months}m"),
            Self::Monthly { day } => write!(out, "monthly {day}"),
            Self::Quarterly { month, day } => write!(out, "quarterly {month} {day}"),
            Self::Yearly { month, day } => write!(out, "yearly {month} {day}"),
        }
    }
}

/// A text is no cadence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a cadence such as 90d, 3m, monthly 15, quarterly 3 15 or yearly 12 31")]
pub struct NoCadence;

impl FromStr for Cadence {
    type Err = NoCadence;

    fn from_str(text: &str) -> Result<Self, NoCadence> {
        let number = |text: &str, most: u16| {
            let digits = (1..=4).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
            let number: u16 = text.parse().ok().filter(|_| digits).ok_or(NoCadence)?;
            if (1..=most).contains(&number) { Ok(number) } else { Err(NoCadence) }
        };
        let small = |text: &str, most: u8| u8::try_from(number(text, u16::from(most))?).map_err(|_| NoCadence);
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            [one] => match (one.strip_suffix('d'), one.strip_suffix('m')) {
                (Some(days), _) => Ok(Self::Days(number(days, DAYS_MAX)?)),
                (_, Some(months)) => Ok(Self::Months(small(months, MONTHS_MAX)?)),
                _ => Err(NoCadence),
            },
            ["monthly", day] => Ok(Self::Monthly { day: small(day, 31)? }),
            ["quarterly", month, day] => Ok(Self::Quarterly { month: small(month, 3)?, day: small(day, 31)? }),
            ["yearly", month, day] => {
                let (month, day) = (small(month, 12)?, small(day, 31)?);
                // 2024 has every day that any year has.
                Day::from_ymd(2024, u32::from(month), u32::from(day)).ok_or(NoCadence)?;
                Ok(Self::Yearly { month, day })
            }
            _ => Err(NoCadence),
        }
    }
}

impl Serialize for Cadence {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cadence {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn next(cadence: &str, due: &str, done: &str) -> String {
        cadence.parse::<Cadence>().unwrap().next(day(due), day(done)).to_string()
    }

    #[test]
    fn a_timeframe_of_the_standard_ends_at_the_later_of_its_two_measures() {
        assert_eq!(next("3m", "2026-01-01", "2026-02-01"), "2026-05-04", "92 days are more than until 1 May");
        assert_eq!(next("3m", "2026-01-01", "2026-07-01"), "2026-10-01");
        assert_eq!(next("6m", "2026-01-01", "2026-08-31"), "2027-03-03", "184 days");
        assert_eq!(next("12m", "2026-01-01", "2026-03-01"), "2027-03-01");
    }

    #[test]
    fn a_year_with_a_leap_day_in_it_has_366_days() {
        assert_eq!(next("12m", "2023-03-01", "2023-03-01"), "2024-03-01");
        assert_eq!(next("12m", "2023-03-01", "2023-02-28"), "2024-02-28");
        assert_eq!(next("12m", "2024-02-29", "2024-02-29"), "2025-02-28", "the leap day itself does not lie between");
        assert_eq!(next("yearly 2 29", "2024-02-29", "2024-02-29"), "2025-02-28");
        assert_eq!(next("yearly 2 29", "2027-02-28", "2027-02-27"), "2028-02-29");
    }

    #[test]
    fn what_was_done_early_counts_for_its_day_and_what_was_done_late_for_all_that_were_missed() {
        assert_eq!(next("monthly 31", "2026-01-31", "2026-01-10"), "2026-02-28");
        assert_eq!(next("monthly 15", "2026-01-15", "2026-03-20"), "2026-04-15");
        assert_eq!(next("quarterly 3 15", "2026-12-15", "2026-12-20"), "2027-03-15");
        assert_eq!(next("yearly 12 31", "2026-12-31", "2026-12-31"), "2027-12-31");
    }

    #[test]
    fn the_first_day_of_a_rule_may_be_today() {
        let first = |cadence: &str, from: &str| cadence.parse::<Cadence>().unwrap().on_or_after(day(from)).to_string();
        assert_eq!(first("quarterly 1 1", "2026-12-31"), "2027-01-01");
        assert_eq!(first("quarterly 3 31", "2026-04-01"), "2026-06-30");
        assert_eq!(first("yearly 12 31", "2026-12-31"), "2026-12-31");
        assert_eq!(first("30d", "2026-12-31"), "2026-12-31");
    }

    #[test]
    fn a_period_begins_after_the_day_of_the_rule_before() {
        let before = |cadence: &str, of: &str| {
            cadence.parse::<Cadence>().unwrap().before(day(of)).map(|it| it.to_string()).unwrap_or_default()
        };
        assert_eq!(before("quarterly 3 31", "2027-03-31"), "2026-12-31");
        assert_eq!(before("quarterly 1 1", "2027-01-01"), "2026-10-01");
        assert_eq!(before("monthly 31", "2026-02-28"), "2026-01-31");
        assert_eq!(before("monthly 15", "2026-02-28"), "2026-02-15");
        assert_eq!(before("yearly 12 31", "2026-12-31"), "2025-12-31");
        assert_eq!(before("yearly 2 29", "2028-02-29"), "2027-02-28");
        assert_eq!(before("3m", "2026-12-31"), "", "only the distance counts");
    }

    #[test]
    fn only_cadences_that_can_be_kept_are_read() {
        for text in ["", "0d", "1827d", "61m", "monthly 0", "monthly 32", "quarterly 4 1", "yearly 2 30", "+3m", "3 m"]
        {
            assert_eq!(text.parse::<Cadence>(), Err(NoCadence), "{text}");
        }
    }

    fn cadences() -> impl Strategy<Value = Cadence> {
        prop_oneof![
            (1..=DAYS_MAX).prop_map(Cadence::Days),
            (1..=MONTHS_MAX).prop_map(Cadence::Months),
            (1u8..=31).prop_map(|day| Cadence::Monthly { day }),
            (1u8..=3, 1u8..=31).prop_map(|(month, day)| Cadence::Quarterly { month, day }),
            (1u8..=12, 1u8..=28).prop_map(|(month, day)| Cadence::Yearly { month, day }),
        ]
    }

    proptest! {
        #[test]
        fn the_next_day_lies_after_both_and_a_text_gives_the_same_again(
            cadence in cadences(), due in 0i32..60_000, done in 0i32..60_000,
        ) {
            let next = cadence.next(Day(due), Day(done));
            prop_assert!(next > Day(done) && (next > Day(due) || !cadence.is_calendar()));
            prop_assert_eq!(cadence.to_string().parse::<Cadence>(), Ok(cadence));
            if cadence.is_calendar() {
                prop_assert_eq!(cadence.on_or_after(next), next, "every due day is one of the rule");
                let before = cadence.before(next);
                prop_assert!(before.is_some_and(|it| it < next && cadence.on_or_after(it.plus_days(1)) == next));
                prop_assert!(next.0 - due.max(done) <= 366 + 31);
            }
        }
    }
}
