//! A month as a calendar shows it: whole weeks from Monday to Sunday.

use std::fmt;
use std::str::FromStr;

use crate::time::Day;

/// A month of a year, written `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// The first day of it.
    first: Day,
}

/// The names of the months.
const NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The names of the days of a week, which begins on Monday (ISO 8601).
pub const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Years that a calendar can be asked for.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=9000;

/// A text that is no month of the form `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a month of the form 2026-11")]
pub struct NoMonth;

impl Month {
    /// The month in which a day lies.
    #[must_use]
    pub fn of(day: Day) -> Self {
        let (_, _, of_month) = day.ymd();
        Self { first: day.plus_days(1 - of_month) }
    }

    /// Its first day.
    #[must_use]
    pub const fn first(self) -> Day {
        self.first
    }

    /// Its last day.
    #[must_use]
    pub fn last(self) -> Day {
        self.next().first.plus_days(-1)
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self::of(self.first.plus_days(31))
    }

    /// The month before it.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::of(self.first.plus_days(-1))
    }

    /// Whether a day lies in it.
    #[must_use]
    pub fn holds(self, day: Day) -> bool {
        Self::of(day) == self
    }

    /// Its weeks, each as its Monday: all that have a day of it.
    #[must_use]
    pub fn weeks(self) -> Vec<Day> {
        let (mut monday, last) = (monday_of(self.first), self.last());
        let mut weeks = Vec::new();
        while monday <= last {
            weeks.push(monday);
            monday = monday.plus_days(7);
        }
        weeks
    }

    /// Its name with the year: `November 2026`.
    #[must_use]
    pub fn label(self) -> String {
        let (year, month, _) = self.first.ymd();
        let name = usize::try_from(month - 1).ok().and_then(|at| NAMES.get(at)).copied().unwrap_or_default();
        format!("{name} {year}")
    }
}

/// The Monday of the week in which a day lies.
#[must_use]
pub const fn monday_of(day: Day) -> Day {
    // 1970-01-01 was a Thursday.
    day.plus_days(-(day.0.saturating_add(3).rem_euclid(7)))
}

/// The name of the day of the week.
#[must_use]
pub fn weekday(day: Day) -> &'static str {
    let at = usize::try_from(day.0.saturating_add(3).rem_euclid(7)).unwrap_or_default();
    WEEKDAYS.get(at).copied().unwrap_or_default()
}

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, _) = self.first.ymd();
        write!(out, "{year:04}-{month:02}")
    }
}

impl FromStr for Month {
    type Err = NoMonth;

    fn from_str(text: &str) -> Result<Self, NoMonth> {
        let first: Day = format!("{text}-01").parse().map_err(|_| NoMonth)?;
        if YEARS.contains(&first.ymd().0) { Ok(Self { first }) } else { Err(NoMonth) }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_whole_weeks_from_monday_on() {
        let month: Month = "2026-11".parse().unwrap();
        assert_eq!((month.to_string(), month.label()), ("2026-11".to_owned(), "November 2026".to_owned()));
        let weeks: Vec<String> = month.weeks().iter().map(ToString::to_string).collect();
        assert_eq!(weeks, ["2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23", "2026-11-30"]);
        assert_eq!((month.first().to_string(), month.last().to_string()), ("2026-11-01".into(), "2026-11-30".into()));
        assert_eq!((weekday(month.first()), weekday(month.last())), ("Sunday", "Monday"));
    }

    #[test]
    fn months_follow_each_other_over_the_year_and_the_leap_day() {
        let month: Month = "2024-02".parse().unwrap();
        assert_eq!(month.last().to_string(), "2024-02-29");
        assert!(month.holds("2024-02-29".parse().unwrap()) && !month.holds("2024-03-01".parse().unwrap()));
        let december: Month = "2026-12".parse().unwrap();
        assert_eq!((december.next().to_string(), december.next().previous()), ("2027-01".to_owned(), december));
        for day in 0..1500 {
            let (day, monday) = (Day(day), monday_of(Day(day)));
            assert!(monday <= day && day < monday.plus_days(7) && weekday(monday) == "Monday");
        }
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for text in ["", "2026", "2026-13", "2026-1", "2026-11-01", "0001-01", "9999-12", "next"] {
            assert_eq!(text.parse::<Month>(), Err(NoMonth), "{text}");
        }
    }
}
