//! Until when somebody has to be told, from the moment of detection.

use std::collections::BTreeSet;

use serde::Serialize;

use super::duty::{DataClass, Duty, Role};
use super::record::{Incident, Told};
use crate::text::text_enum;
use crate::time::Timestamp;

/// One duty of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deadline {
    /// The number of the duty in the table.
    pub duty: u32,
    /// Whom to tell.
    pub whom: String,
    /// Where the duty holds.
    pub jurisdiction: String,
    /// On what it rests.
    pub basis: String,
    /// Who of us tells them.
    pub by: Option<Role>,
    /// A person of the workspace confirmed the duty.
    pub confirmed: bool,
    /// The last moment.
    pub due: Timestamp,
    /// How they were told first.
    pub told: Option<Told>,
    /// Where it stands.
    pub state: DeadlineState,
    /// When that changes by the passing of time alone.
    pub next_change: Option<Timestamp>,
}

text_enum! {
    /// Where a deadline stands.
    DeadlineState {
        Late = "late": "Late",
        Open = "open": "Open",
        ToldLate = "told_late": "Told late",
        InTime = "in_time": "Told in time",
    }
}

/// Every duty that an incident raises, the next first. Where nobody knows yet which data or where, every duty counts:
/// what is unknown is never taken for not affected.
#[must_use]
pub fn deadlines(incident: &Incident, duties: &[Duty], now: Timestamp) -> Vec<Deadline> {
    let mut raised: Vec<Deadline> = duties
        .iter()
        .filter(|duty| applies(duty, &incident.data, &incident.jurisdictions))
        .map(|duty| {
            let due = duty.due(incident.detected_at);
            let told = incident.told.iter().filter(|it| it.duty == duty.number).min_by_key(|it| it.at).cloned();
            let state = match &told {
                Some(told) if told.at <= due => DeadlineState::InTime,
                Some(_) => DeadlineState::ToldLate,
                None if now > due => DeadlineState::Late,
                None => DeadlineState::Open,
            };
            Deadline {
                duty: duty.number,
                whom: duty.whom.clone(),
                jurisdiction: duty.jurisdiction.clone(),
                basis: duty.basis.clone(),
                by: duty.by,
                confirmed: duty.confirmed.is_some(),
                due,
                told,
                state,
                next_change: (state == DeadlineState::Open).then_some(Timestamp(due.0.saturating_add(1))),
            }
        })
        .collect();
    raised.sort_by_key(|it| (it.due, it.duty));
    raised
}

/// How much time is left until a moment, or how long ago it was, in the two largest units: `2 days 3 hours left`.
#[must_use]
pub fn left(due: Timestamp, now: Timestamp) -> String {
    let minutes = due.0.abs_diff(now.0) / 60_000_000;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let unit = |number: u64, name: &str| match number {
        0 => None,
        1 => Some(format!("1 {name}")),
        more => Some(format!("{more} {name}s")),
    };
    let parts = [unit(days, "day"), unit(hours, "hour"), unit(minutes, "minute").filter(|_| days == 0)];
    let words: Vec<String> = parts.into_iter().flatten().collect();
    let words = if words.is_empty() { "less than a minute".to_owned() } else { words.join(" ") };
    format!("{words} {}", if now > due { "late" } else { "left" })
}

fn applies(duty: &Duty, data: &BTreeSet<DataClass>, jurisdictions: &BTreeSet<String>) -> bool {
    let of_data = data.is_empty() || duty.data == DataClass::Service || data.contains(&duty.data);
    let here = duty.jurisdiction.is_empty() || jurisdictions.is_empty() || jurisdictions.contains(&duty.jurisdiction);
    of_data && here
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::incident::duty::usual_duties;
    use crate::incident::record::IncidentKey;

    const HOUR: i64 = 3_600_000_000;

    fn incident() -> Incident {
        Incident::new(IncidentKey(1), "x".to_owned(), Timestamp(0))
    }

    fn told(duty: u32, hours: i64) -> Told {
        Told {
            duty,
            whom: "x".to_owned(),
            at: Timestamp(hours * HOUR),
            by: "lead".into(),
            reference: String::new(),
            late_because: String::new(),
        }
    }

    #[test]
    fn what_nobody_knows_yet_raises_every_duty() {
        let mut it = incident();
        assert_eq!(deadlines(&it, &usual_duties(), Timestamp(0)).len(), 4);
        it.data = [DataClass::Personal].into();
        assert_eq!(deadlines(&it, &usual_duties(), Timestamp(0)).len(), 2);
        it.jurisdictions = ["EU".to_owned()].into();
        let only = deadlines(&it, &usual_duties(), Timestamp(0));
        assert_eq!((only.len(), only[0].due), (1, Timestamp(72 * HOUR)));
    }

    #[test]
    fn a_deadline_is_late_one_moment_after_it() {
        let mut it = incident();
        it.data = [DataClass::Personal].into();
        let state = |it: &Incident, now: i64| {
            deadlines(it, &usual_duties(), Timestamp(now)).iter().find(|it| it.duty == 3).map(|it| it.state)
        };
        assert_eq!(state(&it, 72 * HOUR), Some(DeadlineState::Open));
        assert_eq!(state(&it, 72 * HOUR + 1), Some(DeadlineState::Late));
        it.told = vec![told(3, 80), told(3, 71)];
        assert_eq!(state(&it, 100 * HOUR), Some(DeadlineState::InTime));
        it.told = vec![told(3, 80)];
        assert_eq!(state(&it, 100 * HOUR), Some(DeadlineState::ToldLate));
    }

    #[test]
    fn the_time_that_is_left_is_said_in_its_two_largest_units() {
        let said = |due: i64, now: i64| left(Timestamp(due * HOUR / 60), Timestamp(now * HOUR / 60));
        assert_eq!(said(72 * 60, 0), "3 days left");
        assert_eq!(said(72 * 60, 60), "2 days 23 hours left");
        assert_eq!(said(60, 1), "59 minutes left");
        assert_eq!(said(0, 61), "1 hour 1 minute late");
        assert_eq!(said(0, 0), "less than a minute left");
    }

    proptest! {
        #[test]
        fn a_deadline_changes_exactly_when_it_says(now in -10i64..200, told_at in proptest::option::of(0i64..200)) {
            let mut it = incident();
            it.told.extend(told_at.map(|hours| told(4, hours)));
            for deadline in deadlines(&it, &usual_duties(), Timestamp(now * HOUR)) {
                let again = |at: i64| {
                    let all = deadlines(&it, &usual_duties(), Timestamp(at));
                    all.into_iter().find(|it| it.duty == deadline.duty).map(|it| it.state)
                };
                match deadline.next_change {
                    Some(next) => {
                        prop_assert!(next > Timestamp(now * HOUR));
                        prop_assert_eq!(again(next.0 - 1), Some(deadline.state));
                        prop_assert_ne!(again(next.0), Some(deadline.state));
                    }
                    None => prop_assert_eq!(again(i64::MAX), Some(deadline.state)),
                }
            }
        }
    }
}
