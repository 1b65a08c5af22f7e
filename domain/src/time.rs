//! Days and instants as integers. The clock itself is outside: every time is an argument.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// Microseconds in one day.
const DAY: i64 = 86_400_000_000;

impl Timestamp {
    /// The UTC day on which the instant lies.
    #[must_use]
    pub fn day(self) -> Day {
        Day(i32::try_from(self.0.div_euclid(DAY)).unwrap_or(i32::MAX))
    }

    /// The instant so many seconds later (earlier where negative).
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
}

/// RFC 3339 in UTC to the second, for example `2026-11-21T09:30:00Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.rem_euclid(DAY) / 1_000_000;
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(out, "{}T{hour:02}:{minute:02}:{second:02}Z", self.day())
    }
}

/// A text that is no instant of the form `2026-11-21T09:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an instant of the form 2026-11-21T09:30")]
pub struct NoInstant;

/// In UTC to the second, from `2026-11-21`, `2026-11-21T09:30` (as browsers send it), `2026-11-21T09:30:00` or the same
/// with `Z`.
impl FromStr for Timestamp {
    type Err = NoInstant;

    fn from_str(text: &str) -> Result<Self, NoInstant> {
        let text = text.strip_suffix('Z').unwrap_or(text);
        let (day, time) = text.split_once('T').unwrap_or((text, "00:00:00"));
        let number = |part: &str| {
            let two = part.len() == 2 && part.bytes().all(|digit| digit.is_ascii_digit());
            if two { part.parse::<i64>().map_err(|_| NoInstant) } else { Err(NoInstant) }
        };
        let mut parts = time.split(':');
        let (hour, minute) = (number(parts.next().ok_or(NoInstant)?)?, number(parts.next().ok_or(NoInstant)?)?);
        let second = parts.next().map_or(Ok(0), number)?;
        if hour > 23 || minute > 59 || second > 59 || parts.next().is_some() {
            return Err(NoInstant);
        }
        let day: Day = day.parse().map_err(|_| NoInstant)?;
        Ok(day.start().plus_seconds(hour * 3600 + minute * 60 + second))
    }
}

/// A day of the proleptic Gregorian calendar: days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day of a year, month (1 to 12) and day of the month; `None` where there is no such day.
    #[must_use]
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day == 0 || day > days_in_month(year, month) {
            return None;
        }
        let shifted = year - i32::from(month <= 2);
        let era = shifted.div_euclid(400);
        let year_of_era = shifted.rem_euclid(400);
        let month = i32::try_from(month).ok()?;
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i32::try_from(day).ok()? - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(Self(era * 146_097 + day_of_era - 719_468))
    }

    /// Year, month and day of the month.
    #[must_use]
    pub fn ymd(self) -> (i32, i32, i32) {
        let days = self.0 + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        (year_of_era + era * 400 + i32::from(month <= 2), month, day)
    }

    /// The instant at which the day begins in UTC.
    #[must_use]
    pub const fn start(self) -> Timestamp {
        Timestamp(self.0 as i64 * DAY)
    }

    /// The day so many days later.
    #[must_use]
    pub const fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// ISO 8601, for example `2026-11-21`.
impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(out, "{year:04}-{month:02}-{day:02}")
    }
}

/// A text that is no day of the form `2026-11-21`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a day of the form 2026-11-21")]
pub struct NoDay;

impl FromStr for Day {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Self, NoDay> {
        let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
        let mut parts = text.split('-');
        let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NoDay);
        };
        if (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return Err(NoDay);
        }
        let (Some(year), Some(month), Some(day)) = (number(year), number(month), number(day)) else {
            return Err(NoDay);
        };
        Self::from_ymd(i32::try_from(year).map_err(|_| NoDay)?, month, day).ok_or(NoDay)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn days_survive_the_way_through_text() {
        for text in ["1970-01-01", "2024-02-29", "2026-11-21", "1999-12-31", "2100-03-01"] {
            assert_eq!(text.parse::<Day>().unwrap().to_string(), text);
        }
        assert_eq!("1970-01-02".parse::<Day>().unwrap(), Day(1));
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in ["2023-02-29", "2026-13-01", "2026-1-1", "tomorrow", "2026-11-21T00:00", "", "+026-11-21"] {
            assert_eq!(text.parse::<Day>(), Err(NoDay), "{text}");
        }
    }

    #[test]
    fn an_instant_prints_in_utc() {
        let noon = "2026-11-21".parse::<Day>().unwrap().start().plus_seconds(43_200);
        assert_eq!(noon.to_string(), "2026-11-21T12:00:00Z");
        assert_eq!(noon.day().to_string(), "2026-11-21");
        for text in ["2026-11-21T12:00:00Z", "2026-11-21T12:00:00", "2026-11-21T12:00"] {
            assert_eq!(text.parse(), Ok(noon), "{text}");
        }
        for text in ["2026-11-21T24:00", "2026-11-21T1:00", "2026-11-21T", "12:00", "", "2026-11-21T12:00:00:00"] {
            assert_eq!(text.parse::<Timestamp>(), Err(NoInstant), "{text}");
        }
    }
}
