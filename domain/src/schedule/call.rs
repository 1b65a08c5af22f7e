//! What happened beside the calendar and asks for a look now: which schedules it concerns, and until when.

use serde::{Deserialize, Serialize};

use super::late::Run;
use super::plan::{Schedule, Subject};
use super::trigger::{Trigger, TriggerKind};
use super::zone::Zone;
use crate::time::{Day, Timestamp};

/// Within so many days after something happened somebody looks. Our own rule: the standard says "upon".
pub const ANSWER_WITHIN_DAYS: i32 = 30;
/// The most calls that one change makes of one schedule; an import of thousands of objects is one thing to look at.
pub const CALLS_MAX: usize = 20;

/// Something that happened, and asks for a look before the calendar does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub trigger: Trigger,
}

impl Call {
    /// The last day on which it is answered in time.
    #[must_use]
    pub fn due(&self, zone: &Zone) -> Day {
        zone.day_of(self.at).plus_days(ANSWER_WITHIN_DAYS)
    }
}

/// What of everything that happened at an instant calls for a schedule: the kinds that it names, and where it is about one
/// object, what is about that one.
#[must_use]
pub fn calls(schedule: &Schedule, happened: &[Trigger], at: Timestamp) -> Vec<Call> {
    if schedule.ended {
        return Vec::new();
    }
    let concerns = |it: &&Trigger| {
        schedule.triggers.contains(&it.kind)
            && match &schedule.subject {
                Subject::Object(object) => *object == it.object,
                Subject::Topic(_) | Subject::Activity(_) => true,
            }
    };
    let mut found: Vec<Call> = Vec::new();
    let mut more = 0_usize;
    for trigger in happened.iter().filter(concerns) {
        // One object that is told twice for the same kind is one thing to look at.
        let told = |it: &Call| it.trigger.kind == trigger.kind && it.trigger.object == trigger.object;
        if found.iter().any(told) {
            continue;
        }
        if found.len() < CALLS_MAX {
            found.push(Call { at, trigger: trigger.clone() });
        } else {
            more += 1;
        }
    }
    if let Some(last) = found.last_mut().filter(|_| more > 0) {
        last.trigger.sentence = format!("{} And {more} more.", last.trigger.sentence);
    }
    found
}

/// Whether a run answers a call: it was done at that moment or after it.
#[must_use]
pub fn answers(run: &Run, call: &Call) -> bool {
    run.done_at >= call.at
}

/// The kinds that the passing of time alone can bring about, because a proof runs out.
#[must_use]
pub fn by_time(kind: TriggerKind) -> bool {
    match kind {
        TriggerKind::ControlExpired | TriggerKind::ScopeRise | TriggerKind::SignificantChange => true,
        TriggerKind::NewMajorVersion | TriggerKind::NewVendor | TriggerKind::Incident => false,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::object::ObjectRef;
    use crate::schedule::plan::{ScheduleKey, Topic};

    fn happened(kind: TriggerKind, system: &str) -> Trigger {
        let object = ObjectRef::System(system.into());
        Trigger { kind, significance: None, object, sentence: format!("{system} moved.") }
    }

    #[test]
    fn a_schedule_is_called_by_the_kinds_it_names_about_its_object() {
        let at = "2026-11-21T09:30:00Z".parse().unwrap();
        let all = [happened(TriggerKind::ScopeRise, "till"), happened(TriggerKind::ScopeRise, "shop")];
        let mut schedule = Schedule::new(ScheduleKey(1), Day(0));
        assert!(calls(&schedule, &all, at).is_empty());
        schedule.triggers.insert(TriggerKind::ScopeRise);
        schedule.subject = Subject::Topic(Topic::Scope);
        assert_eq!(calls(&schedule, &all, at).len(), 2);
        schedule.subject = Subject::Object(ObjectRef::System("till".into()));
        let found = calls(&schedule, &all, at);
        assert_eq!((found.len(), found[0].due(&Zone::utc()).to_string().as_str()), (1, "2026-12-21"));
        schedule.ended = true;
        assert!(calls(&schedule, &all, at).is_empty());
    }

    #[test]
    fn many_at_once_are_bounded_and_counted() {
        let mut schedule = Schedule::new(ScheduleKey(1), Day(0));
        schedule.triggers.insert(TriggerKind::ScopeRise);
        let all: Vec<Trigger> = (0..30).map(|number| happened(TriggerKind::ScopeRise, &format!("s{number}"))).collect();
        let found = calls(&schedule, &all, Timestamp(0));
        assert_eq!(found.len(), CALLS_MAX);
        assert!(found[CALLS_MAX - 1].trigger.sentence.ends_with("And 10 more."));
        assert_eq!(calls(&schedule, &[all[0].clone(), all[0].clone()], Timestamp(0)).len(), 1);
    }
}
