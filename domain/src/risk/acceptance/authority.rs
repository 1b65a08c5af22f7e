//! For how long a risk of each level may be accepted, and by how many people.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::risk::scheme::Level;
use crate::time::Day;

/// The longest that any risk may be accepted, in months.
pub const MONTHS_MAX: u8 = 12;
/// The most approvers that a workspace may ask for.
pub const APPROVERS_MAX: u8 = 5;

/// The terms of each level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Authority(BTreeMap<Level, Terms>);

/// The terms of one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// For how many months at most.
    pub months: u8,
    /// How many different people must approve.
    pub approvers: u8,
}

/// Why terms cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityError {
    /// Nothing can be accepted for less than a month or more than a year.
    #[error("{0}: between 1 and 12 months")]
    Months(Level),
    /// High and very high need two people at least.
    #[error("{0}: too few or too many approvers")]
    Approvers(Level),
    /// A higher level would be accepted for longer than a lower one.
    #[error("{0}: no longer than for the level below")]
    LongerThanBelow(Level),
}

impl Authority {
    /// The terms where nobody says otherwise: low and moderate 12 months, high 6, very high 3.
    #[must_use]
    pub const fn usual(level: Level) -> Terms {
        match level {
            Level::VeryLow | Level::Low | Level::Moderate => Terms { months: 12, approvers: 1 },
            Level::High => Terms { months: 6, approvers: 2 },
            Level::VeryHigh => Terms { months: 3, approvers: 2 },
        }
    }

    /// The fewest people who must approve a risk of the level, whatever a workspace sets.
    #[must_use]
    pub const fn fewest_approvers(level: Level) -> u8 {
        Self::usual(level).approvers
    }

    /// The terms of a workspace; the usual ones where a level is left out.
    ///
    /// # Errors
    /// The first level, from below, whose terms are none.
    pub fn new(terms: BTreeMap<Level, Terms>) -> Result<Self, AuthorityError> {
        let mut below = MONTHS_MAX;
        let mut all = BTreeMap::new();
        for level in Level::ALL.iter().copied() {
            let of_level = terms.get(&level).copied().unwrap_or_else(|| Self::usual(level));
            if !(1..=MONTHS_MAX).contains(&of_level.months) {
                return Err(AuthorityError::Months(level));
            }
            if !(Self::fewest_approvers(level)..=APPROVERS_MAX).contains(&of_level.approvers) {
                return Err(AuthorityError::Approvers(level));
            }
            if of_level.months > below {
                return Err(AuthorityError::LongerThanBelow(level));
            }
            below = of_level.months;
            all.insert(level, of_level);
        }
        Ok(Self(all))
    }

    /// The terms of a level.
    #[must_use]
    pub fn terms(&self, level: Level) -> Terms {
        self.0.get(&level).copied().unwrap_or_else(|| Self::usual(level))
    }

    /// The last day on which an acceptance of the level may end that is decided on a day.
    #[must_use]
    pub fn latest_end(&self, level: Level, decided: Day) -> Day {
        months_later(decided, u32::from(self.terms(level).months))
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self(Level::ALL.iter().map(|level| (*level, Self::usual(*level))).collect())
    }
}

impl<'de> Deserialize<'de> for Authority {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(BTreeMap::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// The same day of a later month; its last day where the month is shorter. The day itself beyond the year 9999.
#[must_use]
pub fn months_later(day: Day, months: u32) -> Day {
    let (year, month, of_month) = day.ymd();
    let months = i64::from(year) * 12 + i64::from(month) - 1 + i64::from(months);
    let (Ok(year), Ok(month), Ok(of_month)) =
        (i32::try_from(months.div_euclid(12)), u32::try_from(months.rem_euclid(12) + 1), u32::try_from(of_month))
    else {
        return day;
    };
    (1..=of_month).rev().find_map(|of_month| Day::from_ymd(year, month, of_month)).unwrap_or(day)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn months_end_with_the_month() {
        assert_eq!(months_later(day("2027-11-30"), 3), day("2028-02-29"));
        assert_eq!(months_later(day("2026-12-31"), 12), day("2027-12-31"));
        assert_eq!(months_later(day("2024-02-29"), 12), day("2025-02-28"));
    }

    #[test]
    fn nobody_sets_terms_that_are_laxer_than_the_rule_of_two() {
        let set = |level, months, approvers| Authority::new([(level, Terms { months, approvers })].into());
        assert_eq!(set(Level::High, 6, 1), Err(AuthorityError::Approvers(Level::High)));
        assert_eq!(set(Level::Low, 13, 1), Err(AuthorityError::Months(Level::Low)));
        assert_eq!(set(Level::VeryHigh, 7, 2), Err(AuthorityError::LongerThanBelow(Level::VeryHigh)));
        assert_eq!(set(Level::VeryHigh, 1, 3).unwrap().terms(Level::VeryHigh), Terms { months: 1, approvers: 3 });
        assert!(serde_json::from_str::<Authority>(r#"{"high":{"months":6,"approvers":1}}"#).is_err());
    }
}
