//! The one function that decides every interval: due, late, done, or time for a warning.

use super::cadence::Cadence;
use super::late::Run;
use super::zone::Zone;
use crate::text::text_enum;
use crate::time::{Day, Timestamp};

/// So many days before something is due it is announced, where nobody sets another number.
pub const WARNING_DAYS: [u16; 3] = [30, 14, 7];

text_enum! {
    /// Where something stands that is to be done again and again.
    State {
        /// The day on which it was due is over.
        Late = "late": "Late",
        /// It is due today.
        Due = "due": "Due today",
        /// It is due soon.
        Warning = "warning": "Due soon",
        /// It was never done, and is not due for a while.
        Planned = "planned": "Planned",
        /// It was done, and is not due again for a while.
        Done = "done": "Done",
    }
}

/// Where something stands at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Where it stands.
    pub state: State,
    /// The day on which it is due, in the workspace's zone.
    pub due: Day,
    /// The instant at which it becomes late, in UTC.
    pub late_from: Timestamp,
    /// Days from today until it is due; negative where it is late.
    pub days_left: i32,
    /// The announcement that is reached: the smallest number of warning days that covers today.
    pub warning: Option<u16>,
    /// How many days of the calendar rule, or distances, have gone by without it being done; 0 where it is not late.
    pub missed: u32,
    /// Whether the last time was late.
    pub last_was_late: bool,
    /// The first instant at which any of this but `days_left` changes by the passing of time alone.
    pub next_change: Timestamp,
}

/// What [`on_time`] judges.
#[derive(Debug, Clone, Copy)]
pub struct Interval<'a> {
    /// How often.
    pub cadence: Cadence,
    /// The first day on which it is due.
    pub first_due: Day,
    /// The days before, on which it is announced.
    pub warnings: &'a [u16],
    /// When it was done; in any order.
    pub runs: &'a [Run],
}

impl<'a> Interval<'a> {
    /// The last time that it was done.
    #[must_use]
    pub fn last(&self) -> Option<&'a Run> {
        self.runs.iter().max_by_key(|it| (it.done_at, it.due))
    }

    /// The day on which it is due now.
    #[must_use]
    pub fn due(&self, zone: &Zone) -> Day {
        match self.last() {
            None => self.cadence.on_or_after(self.first_due),
            Some(run) => self.cadence.next(run.due, zone.day_of(run.done_at)),
        }
    }
}

/// Where something stands at an instant. Nothing else decides whether anything was on time.
#[must_use]
pub fn on_time(interval: &Interval<'_>, zone: &Zone, now: Timestamp) -> Standing {
    let (due, today) = (interval.due(zone), zone.day_of(now));
    let days_left = due.0.saturating_sub(today.0);
    let warnings = interval.warnings.iter().copied();
    let warning = warnings.clone().filter(|days| (0..=i32::from(*days)).contains(&days_left)).min();
    let state = match days_left {
        ..0 => State::Late,
        0 => State::Due,
        _ if warning.is_some() => State::Warning,
        _ if interval.runs.is_empty() => State::Planned,
        _ => State::Done,
    };
    // What was missed, and the day on which the next is: each as if the one before had been done on its day.
    let (mut missed, mut following) = (0, due);
    while following < today {
        missed += 1;
        following = interval.cadence.next(following, following);
    }
    let turns = warnings.map(|days| due.plus_days(-i32::from(days))).chain([due]).filter(|day| *day > today);
    let turns = turns.map(|day| zone.start_of(day));
    // One more is missed as soon as the day is over on which it was due.
    let next_change = turns.chain([zone.end_of(following)]).filter(|at| *at > now).min();
    Standing {
        state,
        due,
        late_from: zone.end_of(due),
        days_left,
        warning,
        missed,
        last_was_late: interval.last().is_some_and(|run| run.was_late(zone)),
        next_change: next_change.unwrap_or_else(|| zone.end_of(today)),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::findings::said::instant_of;
    use crate::id::PersonId;

    fn run(due: &str, done: &str) -> Run {
        Run {
            due: due.parse().unwrap(),
            done_at: instant_of(done).unwrap(),
            by: PersonId::new("lead"),
            reference: String::new(),
            late: None,
        }
    }

    fn standing(cadence: &str, runs: &[Run], zone: &Zone, now: &str) -> Standing {
        let first_due = "2026-01-15".parse().unwrap();
        let interval = Interval { cadence: cadence.parse().unwrap(), first_due, warnings: &WARNING_DAYS, runs };
        on_time(&interval, zone, instant_of(now).unwrap())
    }

    #[test]
    fn it_is_announced_then_due_then_late_and_then_done() {
        let at = |now: &str| {
            let it = standing("3m", &[], &Zone::utc(), now);
            (it.state, it.warning, it.days_left)
        };
        assert_eq!(at("2025-12-15T23:59:59Z"), (State::Planned, None, 31));
        assert_eq!(at("2025-12-16T00:00:00Z"), (State::Warning, Some(30), 30));
        assert_eq!(at("2026-01-08T00:00:00Z"), (State::Warning, Some(7), 7));
        assert_eq!(at("2026-01-15T23:59:59Z"), (State::Due, Some(7), 0));
        assert_eq!(at("2026-01-16T00:00:00Z"), (State::Late, None, -1));
        let done = standing("3m", &[run("2026-01-15", "2026-01-20T08:00:00Z")], &Zone::utc(), "2026-01-20T08:00:00Z");
        assert_eq!(
            (done.state, done.last_was_late, done.due.to_string()),
            (State::Done, true, "2026-04-22".to_owned())
        );
    }

    #[test]
    fn what_was_missed_is_counted_and_one_run_makes_up_for_all_of_it() {
        let late = standing("monthly 15", &[], &Zone::utc(), "2026-03-20T00:00:00Z");
        assert_eq!((late.state, late.missed, late.due.to_string()), (State::Late, 3, "2026-01-15".to_owned()));
        let caught_up = [run("2026-01-15", "2026-03-20T09:00:00Z")];
        let after = standing("monthly 15", &caught_up, &Zone::utc(), "2026-03-20T09:00:00Z");
        assert_eq!((after.state, after.missed, after.due.to_string()), (State::Warning, 0, "2026-04-15".to_owned()));
    }

    #[test]
    fn the_turn_of_the_year_is_a_day_like_any_other() {
        let runs = [run("2026-12-31", "2026-12-31T23:59:59Z")];
        let after = standing("quarterly 3 31", &runs, &Zone::utc(), "2027-01-01T00:00:00Z");
        assert_eq!(
            (after.state, after.last_was_late, after.due.to_string()),
            (State::Done, false, "2027-03-31".to_owned())
        );
    }

    #[cfg(feature = "zones")]
    mod zones {
        use super::*;

        #[test]
        fn it_becomes_late_at_midnight_where_the_workspace_is_also_when_clocks_change() {
            let berlin = Zone::parse("Europe/Berlin").unwrap();
            let at = |first_due: &str, now: &str| {
                let interval = Interval {
                    cadence: Cadence::Months(3),
                    first_due: first_due.parse().unwrap(),
                    warnings: &WARNING_DAYS,
                    runs: &[],
                };
                let it = on_time(&interval, &berlin, instant_of(now).unwrap());
                (it.state, it.late_from.to_string())
            };
            // Clocks go forward on 29 March 2026, and back on 25 October.
            assert_eq!(at("2026-03-29", "2026-03-28T23:00:00Z"), (State::Due, "2026-03-29T22:00:00Z".to_owned()));
            assert_eq!(at("2026-03-29", "2026-03-29T22:00:00Z").0, State::Late);
            assert_eq!(at("2026-10-25", "2026-10-24T22:00:00Z"), (State::Due, "2026-10-25T23:00:00Z".to_owned()));
            assert_eq!(at("2026-10-25", "2026-10-25T22:59:59Z").0, State::Due);
        }

        #[test]
        fn what_is_due_on_a_day_that_was_left_out_is_late_as_soon_as_the_day_before_is_over() {
            let apia = Zone::parse("Pacific/Apia").unwrap();
            let interval = Interval {
                cadence: Cadence::Monthly { day: 30 },
                first_due: "2011-12-30".parse().unwrap(),
                warnings: &[],
                runs: &[],
            };
            let before = on_time(&interval, &apia, instant_of("2011-12-30T09:59:59Z").unwrap());
            assert_eq!(
                (before.state, before.next_change.to_string()),
                (State::Planned, "2011-12-30T10:00:00Z".to_owned())
            );
            let after = on_time(&interval, &apia, before.next_change);
            assert_eq!((after.state, after.days_left), (State::Late, -1));
        }

        #[test]
        fn who_signs_in_the_evening_west_of_the_date_line_is_on_time() {
            let done = run("2026-03-31", "2026-04-01T10:00:00Z");
            assert!(!done.was_late(&Zone::parse("Pacific/Pago_Pago").unwrap()), "it is 31 March there");
            assert!(done.was_late(&Zone::parse("Pacific/Kiritimati").unwrap()));
        }
    }

    fn zone_of(number: usize) -> Zone {
        let names = ["UTC", "Europe/Berlin", "Pacific/Apia", "America/Sao_Paulo"];
        Zone::parse(names[number % names.len()]).unwrap_or_else(|_| Zone::utc())
    }

    proptest! {
        #[test]
        fn it_changes_exactly_when_it_says(
            cadence in prop::sample::select(vec!["1d", "30d", "1m", "3m", "12m", "monthly 31", "quarterly 2 29", "yearly 2 29"]),
            first in 15_000i32..18_000, hours in -4_000i64..12_000, zone in 0usize..4,
            done in prop::collection::vec((0i32..400, 0i64..9_000), 0..3),
        ) {
            let zone = zone_of(zone);
            let at = |hours: i64| Day(first).start().plus_seconds(hours * 3_600);
            let runs: Vec<Run> = done.into_iter().map(|(due, hours)| Run {
                due: Day(first + due), done_at: at(hours), by: PersonId::new("p"), reference: String::new(), late: None,
            }).collect();
            let interval = Interval {
                cadence: cadence.parse().unwrap(), first_due: Day(first), warnings: &WARNING_DAYS, runs: &runs,
            };
            let told = |now: Timestamp| {
                let it = on_time(&interval, &zone, now);
                (it.state, it.warning, it.missed)
            };
            let now = at(hours);
            let standing = on_time(&interval, &zone, now);
            prop_assert!(standing.next_change > now);
            prop_assert_eq!(told(Timestamp(standing.next_change.0 - 1)), told(now));
            prop_assert_ne!(told(standing.next_change), told(now));
            prop_assert_eq!(standing.state == State::Late, now >= standing.late_from);
        }
    }
}
