//! On which day an instant lies where the workspace is, and at which instant a day begins there.
//!
//! The database of time zones is inside the program, and only with the feature `zones`: the browser's code knows UTC
//! only. What is stored is always an instant in UTC or a day; a zone is applied when it is read.

use std::fmt;

use crate::findings::said;
use crate::model::Model;
use crate::model::fact::Fact;
use crate::model::settings::Settings;
use crate::time::{Day, Timestamp};

/// The longest name of a zone that is looked up, in bytes.
const NAME_MAX: usize = 64;

/// The fact of the settings that names the zone.
const FACT: &str = "time_zone";

/// A time zone.
#[derive(Clone)]
pub struct Zone {
    name: String,
    #[cfg(feature = "zones")]
    rules: Option<jiff::tz::TimeZone>,
}

/// A text names no time zone that this program knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no time zone such as Europe/Berlin")]
pub struct NoZone;

impl Zone {
    /// Universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self {
            name: "UTC".to_owned(),
            #[cfg(feature = "zones")]
            rules: None,
        }
    }

    /// The zone with a name of the time zone database, such as `Europe/Berlin`, in any case.
    ///
    /// # Errors
    /// There is none, or this program was built without the database and it is not UTC.
    pub fn parse(name: &str) -> Result<Self, NoZone> {
        let name = name.trim();
        if ["utc", "etc/utc", "z"].contains(&name.to_ascii_lowercase().as_str()) {
            return Ok(Self::utc());
        }
        let plain = |it: u8| it.is_ascii_alphanumeric() || b"/_+-".contains(&it);
        if name.is_empty() || name.len() > NAME_MAX || !name.bytes().all(plain) {
            return Err(NoZone);
        }
        Self::look_up(name)
    }

    /// The zone that a workspace has set; UTC where it has set none that is known.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        Self::parse(Self::said(&model.settings)).unwrap_or_else(|_| Self::utc())
    }

    /// Puts the zone with a name into the settings of a workspace; an empty name takes it out, which means UTC.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn set(settings: &mut Settings, name: &str) -> Result<(), NoZone> {
        if name.trim().is_empty() {
            settings.facts.remove(FACT);
        } else {
            let fact = Fact::of(Self::parse(name)?.name.into());
            settings.facts.insert(FACT.to_owned(), fact);
        }
        Ok(())
    }

    /// What the settings of a workspace say, whether there is such a zone or not; empty where they say nothing.
    #[must_use]
    pub fn said(settings: &Settings) -> &str {
        said::text(&settings.facts, FACT).unwrap_or_default()
    }

    /// Its name, as the database writes it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The instant at which clocks show a full hour of a day, 0 to 23. Where that hour is left out it is the one after it,
    /// where it comes twice the first.
    #[must_use]
    pub fn at(&self, day: Day, hour: u8) -> Timestamp {
        self.local(day, hour).unwrap_or_else(|| day.start().plus_seconds(i64::from(hour) * 3600))
    }

    /// The instant at which a day is over: the beginning of the next one.
    #[must_use]
    pub fn end_of(&self, day: Day) -> Timestamp {
        self.start_of(day.plus_days(1))
    }
}

#[cfg(not(feature = "zones"))]
impl Zone {
    fn look_up(_: &str) -> Result<Self, NoZone> {
        Err(NoZone)
    }

    /// The day on which an instant lies.
    #[must_use]
    pub fn day_of(&self, at: Timestamp) -> Day {
        at.day()
    }

    /// The first instant of a day.
    #[must_use]
    pub const fn start_of(&self, day: Day) -> Timestamp {
        day.start()
    }

    #[expect(clippy::unused_self, reason = "with time zones it is needed")]
    const fn local(&self, _: Day, _: u8) -> Option<Timestamp> {
        None
    }
}

#[cfg(feature = "zones")]
impl Zone {
    fn look_up(name: &str) -> Result<Self, NoZone> {
        let rules = jiff::tz::TimeZoneDatabase::bundled().get(name).map_err(|_| NoZone)?;
        let name = rules.iana_name().unwrap_or(name).to_owned();
        Ok(Self { name, rules: Some(rules) })
    }

    /// The day on which an instant lies.
    #[must_use]
    pub fn day_of(&self, at: Timestamp) -> Day {
        let local = || {
            let date = self.rules.as_ref()?.to_datetime(jiff::Timestamp::from_microsecond(at.0).ok()?).date();
            let (month, day) = (u32::try_from(date.month()).ok()?, u32::try_from(date.day()).ok()?);
            Day::from_ymd(i32::from(date.year()), month, day)
        };
        local().unwrap_or_else(|| at.day())
    }

    /// The first instant of a day. A day that a zone left out, as Apia did with one in 2011, begins and ends at once.
    #[must_use]
    pub fn start_of(&self, day: Day) -> Timestamp {
        // Where midnight is left out the day begins when clocks are put forward; where it comes twice, the first time.
        self.local(day, 0).unwrap_or_else(|| day.start())
    }

    fn local(&self, day: Day, hour: u8) -> Option<Timestamp> {
        let (year, month, of_month) = day.ymd();
        let date =
            jiff::civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(of_month).ok()?);
        let time = date.ok()?.at(i8::try_from(hour.min(23)).ok()?, 0, 0, 0);
        let at = self.rules.as_ref()?.to_ambiguous_timestamp(time).compatible().ok()?;
        Some(Timestamp(at.as_microsecond()))
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Zone({})", self.name)
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn without_a_zone_days_are_those_of_utc() {
        let day: Day = "2026-11-21".parse().unwrap();
        assert_eq!(Zone::of(&Model::default()), Zone::utc());
        assert_eq!(Zone::utc().start_of(day), day.start());
        assert_eq!(Zone::utc().day_of(Timestamp(day.plus_days(1).start().0 - 1)), day);
        for name in ["", "Nowhere/Else", "../etc/passwd", "Europe/Berlin\n!", &"x".repeat(65)] {
            assert_eq!(Zone::parse(name), Err(NoZone), "{name}");
        }
        assert_eq!(Zone::parse(" utc ").unwrap().name(), "UTC");
    }

    #[test]
    fn a_zone_is_set_and_taken_out_again() {
        let mut settings = Settings::default();
        assert_eq!(Zone::set(&mut settings, "Nowhere/Else"), Err(NoZone));
        Zone::set(&mut settings, "utc").unwrap();
        assert_eq!(Zone::said(&settings), "UTC");
        Zone::set(&mut settings, " ").unwrap();
        assert_eq!((Zone::said(&settings), settings.facts.len()), ("", 0));
    }

    #[cfg(feature = "zones")]
    mod zones {
        use proptest::prelude::*;

        use super::*;
        use crate::findings::said::instant_of;

        fn starts(zone: &str, day: &str) -> String {
            Zone::parse(zone).unwrap().start_of(day.parse().unwrap()).to_string()
        }

        #[test]
        fn a_day_has_23_hours_in_spring_and_25_in_autumn() {
            let zone = Zone::parse("europe/berlin").unwrap();
            assert_eq!(zone.name(), "Europe/Berlin");
            let hours = |day: &str| {
                let day: Day = day.parse().unwrap();
                (zone.end_of(day).0 - zone.start_of(day).0) / 3_600_000_000
            };
            assert_eq!((hours("2026-03-29"), hours("2026-10-25"), hours("2026-07-01")), (23, 25, 24));
            assert_eq!(starts("Europe/Berlin", "2026-07-01"), "2026-06-30T22:00:00Z");
            assert_eq!(starts("America/New_York", "2026-03-08"), "2026-03-08T05:00:00Z");
            assert_eq!(starts("America/New_York", "2026-03-09"), "2026-03-09T04:00:00Z");
        }

        #[test]
        fn an_hour_of_the_morning_moves_with_the_clocks() {
            let zone = Zone::parse("Europe/Berlin").unwrap();
            let at = |day: &str, hour| zone.at(day.parse().unwrap(), hour).to_string();
            assert_eq!(at("2026-03-28", 7), "2026-03-28T06:00:00Z");
            assert_eq!(at("2026-03-29", 7), "2026-03-29T05:00:00Z");
            assert_eq!(at("2026-10-24", 7), "2026-10-24T05:00:00Z");
            assert_eq!(at("2026-10-25", 7), "2026-10-25T06:00:00Z");
            assert_eq!(at("2026-03-29", 2), "2026-03-29T01:00:00Z", "the hour that is left out");
            assert_eq!(Zone::utc().at("2026-03-29".parse().unwrap(), 7).to_string(), "2026-03-29T07:00:00Z");
        }

        #[test]
        fn a_midnight_that_is_left_out_begins_the_day_an_hour_later() {
            // Clocks in Beirut were put forward at midnight.
            assert_eq!(starts("Asia/Beirut", "2022-03-27"), "2022-03-26T22:00:00Z");
            let zone = Zone::parse("Asia/Beirut").unwrap();
            let day: Day = "2022-03-27".parse().unwrap();
            assert_eq!(zone.day_of(zone.start_of(day)), day);
            assert_eq!(zone.day_of(Timestamp(zone.start_of(day).0 - 1)), day.plus_days(-1));
        }

        #[test]
        fn the_day_that_apia_left_out_has_no_instant() {
            let zone = Zone::parse("Pacific/Apia").unwrap();
            let skipped: Day = "2011-12-30".parse().unwrap();
            assert_eq!(zone.start_of(skipped).to_string(), "2011-12-30T10:00:00Z");
            assert_eq!(zone.start_of(skipped), zone.end_of(skipped));
            let before = Timestamp(zone.start_of(skipped).0 - 1);
            assert_eq!(zone.day_of(before).to_string(), "2011-12-29");
            assert_eq!(zone.day_of(zone.start_of(skipped)).to_string(), "2011-12-31");
        }

        #[test]
        fn across_the_date_line_one_instant_lies_on_two_days() {
            let at = instant_of("2026-12-31T10:30:00Z").unwrap();
            let day = |zone: &str| Zone::parse(zone).unwrap().day_of(at).to_string();
            assert_eq!(day("Pacific/Kiritimati"), "2027-01-01");
            assert_eq!(day("Pacific/Pago_Pago"), "2026-12-30");
        }

        proptest! {
            #[test]
            fn every_instant_lies_within_its_day(
                seconds in -2_000_000_000i64..4_000_000_000,
                name in prop::sample::select(vec!["Europe/Berlin", "Pacific/Apia", "America/Sao_Paulo", "Asia/Beirut",
                    "America/Havana", "Atlantic/Azores", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]),
            ) {
                let (zone, at) = (Zone::parse(name).unwrap(), Timestamp(seconds * 1_000_000));
                let day = zone.day_of(at);
                prop_assert!(zone.start_of(day) <= at && at < zone.end_of(day), "{name} {at}");
            }
        }
    }
}
