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

    /// The day for which a run counts now: that of the calendar, or the earlier one of what called for it.
    #[must_use]
    pub fn due(&self, zone: &Zone) -> Day {
        let calendar = self.schedule.interval(&self.runs).due(zone);
        self.called(zone).map_or(calendar, |day| day.min(calendar))
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
