//! A schedule with what was done for it and what calls for it: where it stands, and for which day a run counts.

use super::call::Call;
use super::late::Run;
use super::on_time::{Standing, State};
use super::plan::Schedule;
use super::zone::Zone;
use crate::time::{Day, Timestamp};

/// A schedule with what is kept about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The schedule.
    pub schedule: Schedule,
    /// The last times that it was done, the oldest first.
    pub runs: Vec<Run>,
    /// What happened since it was last done, and asks for it before the calendar does; the oldest first.
    pub calls: Vec<Call>,
}

impl Planned {
    /// The last time that it was done.
    #[must_use]
    pub fn last(&self) -> Option<&Run> {
        self.schedule.interval(&self.runs).last()
    }

    /// The day on which it is due now: that of the calendar, or the earlier one of what called for it.
    #[must_use]
    pub fn due(&self, zone: &Zone) -> Day {
        let calendar = self.schedule.interval(&self.runs).due(zone);
        self.called(zone).map_or(calendar, |day| day.min(calendar))
    }

    /// The day for which a run at an instant counts. Usually that is the day on which it is due. `meant` is the day for
    /// which it was begun, where that is known.
    ///
    /// One run is enough for each day of a calendar rule. A further one is evidence for the day for which the last one
    /// counted, and leaves the next day where it is: one in the period that ends with a day which is fulfilled, one on the
    /// same day as a late one, and before the next day is reached, one that was begun for a day which is fulfilled. Two
    /// teams that sign for the same quarter do not keep the next quarter between them. What called for it since is
    /// answered by the next run, whenever that is.
    #[must_use]
    pub fn counts_for(&self, zone: &Zone, at: Timestamp, meant: Option<Day>) -> Day {
        self.further(zone, at, meant).unwrap_or_else(|| self.due(zone))
    }

    /// The day for which the last run counted, where a run at an instant is a further one for it.
    #[must_use]
    pub fn further(&self, zone: &Zone, at: Timestamp, meant: Option<Day>) -> Option<Day> {
        let (last, calendar) = (self.last()?, self.schedule.interval(&self.runs).due(zone));
        if !self.schedule.cadence.is_calendar() || self.called(zone).is_some_and(|day| day < calendar) {
            return None;
        }
        let day = zone.day_of(at);
        let before_its_period = self.schedule.cadence.before(calendar).is_some_and(|before| day <= before);
        let late_again = last.was_late(zone) && day <= zone.day_of(last.done_at);
        let begun_before = day < calendar && meant.is_some_and(|meant| meant <= last.due);
        (before_its_period || late_again || begun_before).then_some(last.due)
    }

    /// Where it stands; `None` where it has ended. What called for it counts like the calendar.
    #[must_use]
    pub fn standing(&self, zone: &Zone, now: Timestamp) -> Option<Standing> {
        let standing = self.schedule.standing(&self.runs, zone, now)?;
        let Some(due) = self.called(zone).filter(|day| *day < standing.due) else { return Some(standing) };
        let days_left = due.0.saturating_sub(zone.day_of(now).0);
        let (state, missed) = match days_left {
            ..0 => (State::Late, standing.missed.max(1)),
            0 => (State::Due, standing.missed),
            _ => (State::Warning, standing.missed),
        };
        let turns = [zone.start_of(due), zone.end_of(due), standing.next_change];
        let next_change = turns.into_iter().filter(|at| *at > now).min().unwrap_or(standing.next_change);
        Some(Standing { state, due, late_from: zone.end_of(due), days_left, missed, next_change, ..standing })
    }

    /// The earliest day on which something that happened asks for it.
    fn called(&self, zone: &Zone) -> Option<Day> {
        self.calls.iter().map(|it| it.due(zone)).min()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::object::ObjectRef;
    use crate::schedule::plan::ScheduleKey;
    use crate::schedule::trigger::{Trigger, TriggerKind};

    fn quarterly() -> Planned {
        let mut schedule = Schedule::new(ScheduleKey(1), "2026-12-31".parse().unwrap());
        schedule.cadence = "quarterly 3 31".parse().unwrap();
        Planned { schedule, runs: Vec::new(), calls: Vec::new() }
    }

    /// Notes that it was done at noon of a day: for which day it counts, and when it is due next.
    fn done(planned: &mut Planned, day: &str) -> (String, String) {
        begun_for(planned, day, None)
    }

    fn begun_for(planned: &mut Planned, day: &str, meant: Option<&str>) -> (String, String) {
        let zone = Zone::utc();
        let done_at = format!("{day}T12:00:00Z").parse().unwrap();
        let due = planned.counts_for(&zone, done_at, meant.map(|it| it.parse().unwrap()));
        planned.runs.push(Run { due, done_at, by: "lead".into(), reference: String::new(), late: None });
        (due.to_string(), planned.due(&zone).to_string())
    }

    fn days(of: &str, next: &str) -> (String, String) {
        (of.to_owned(), next.to_owned())
    }

    #[test]
    fn two_runs_in_one_period_are_one_for_the_calendar() {
        let mut planned = quarterly();
        assert_eq!(done(&mut planned, "2026-12-01"), days("2026-12-31", "2027-03-31"));
        assert_eq!(done(&mut planned, "2026-12-01"), days("2026-12-31", "2027-03-31"));
        assert_eq!(done(&mut planned, "2026-12-02"), days("2026-12-31", "2027-03-31"));
        assert_eq!(done(&mut planned, "2026-12-31"), days("2026-12-31", "2027-03-31"));
        // The next quarter has begun, so that it counts for its day, however early.
        assert_eq!(done(&mut planned, "2027-01-02"), days("2027-03-31", "2027-06-30"));
        assert_eq!(done(&mut planned, "2027-03-31"), days("2027-03-31", "2027-06-30"));
        // A late one makes up for the day, and twice on one day is once.
        assert_eq!(done(&mut planned, "2027-07-05"), days("2027-06-30", "2027-09-30"));
        assert_eq!(done(&mut planned, "2027-07-05"), days("2027-06-30", "2027-09-30"));
        assert_eq!(done(&mut planned, "2027-07-06"), days("2027-09-30", "2027-12-31"));
        let mut by_distance = quarterly();
        by_distance.schedule.cadence = "3m".parse().unwrap();
        assert_eq!(done(&mut by_distance, "2026-12-01").1, "2027-03-03");
        assert_eq!(done(&mut by_distance, "2026-12-02").1, "2027-03-04", "a distance is counted from the last time");
    }

    #[test]
    fn what_was_begun_for_a_day_that_is_fulfilled_keeps_no_other() {
        let mut planned = quarterly();
        let meant = Some("2026-12-31");
        assert_eq!(begun_for(&mut planned, "2027-01-05", meant), days("2026-12-31", "2027-03-31"), "late");
        assert_eq!(begun_for(&mut planned, "2027-01-06", meant), days("2026-12-31", "2027-03-31"), "late, too");
        // On the next day it is the one that is done.
        assert_eq!(begun_for(&mut planned, "2027-03-31", meant), days("2027-03-31", "2027-06-30"));
        assert_eq!(begun_for(&mut planned, "2027-04-01", Some("2027-06-30")), days("2027-06-30", "2027-09-30"));
    }

    #[test]
    fn what_answers_a_call_takes_the_place_of_no_day_of_the_calendar() {
        let mut planned = quarterly();
        let call = |at: &str| {
            let object = ObjectRef::System("till".into());
            let kind = TriggerKind::NewVendor;
            let trigger = Trigger { kind, significance: None, object, sentence: String::new() };
            vec![Call { at: format!("{at}T00:00:00Z").parse().unwrap(), trigger }]
        };
        planned.calls = call("2026-11-20");
        assert_eq!(done(&mut planned, "2026-11-25").0, "2026-12-20");
        planned.calls.clear();
        assert_eq!(done(&mut planned, "2026-12-01"), days("2026-12-31", "2027-03-31"));
        planned.calls = call("2026-12-05");
        assert_eq!(done(&mut planned, "2026-12-10").0, "2027-01-04", "a call is answered also where the day is kept");
        planned.calls.clear();
        assert_eq!(done(&mut planned, "2026-12-20"), days("2027-01-04", "2027-03-31"));
    }

    #[test]
    fn what_happened_asks_before_the_calendar_does() {
        let (zone, at) = (Zone::utc(), "2026-01-10T12:00:00Z".parse().unwrap());
        let schedule = Schedule::new(ScheduleKey(1), "2026-12-01".parse().unwrap());
        let mut planned = Planned { schedule, runs: Vec::new(), calls: Vec::new() };
        assert_eq!(planned.standing(&zone, at).unwrap().state, State::Planned);
        let object = ObjectRef::System("till".into());
        let trigger = Trigger { kind: TriggerKind::NewVendor, significance: None, object, sentence: String::new() };
        planned.calls.push(Call { at, trigger });
        let standing = planned.standing(&zone, at).unwrap();
        assert_eq!((standing.state, standing.due.to_string().as_str()), (State::Warning, "2026-02-09"));
        let state = |day: &str| planned.standing(&zone, day.parse::<Day>().unwrap().start()).unwrap().state;
        assert_eq!((state("2026-02-09"), state("2026-02-10")), (State::Due, State::Late));
        assert_eq!(planned.due(&zone).to_string(), "2026-02-09");
    }
}
