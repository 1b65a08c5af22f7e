//! The engagement of who audits: from which day until which, and what they see in it. It ends by itself.
//!
//! The days are those of the membership, so that nothing can outlive them. Who audits sees what was sealed and what was
//! given to them, never what is being worked on.

pub mod sample;

pub use crate::role::Engagement;
pub use sample::{Basis, Criteria, Picked, Sample, SampleKey};

use crate::text::text_enum;
use crate::time::Day;

text_enum! {
    /// Where an engagement stands on a day.
    State {
        Planned = "planned": "Not begun",
        Running = "running": "Running",
        Ended = "ended": "Ended",
    }
}

/// Where an engagement stands on a day.
#[must_use]
pub const fn state(engagement: &Engagement, today: Day) -> State {
    if today.0 < engagement.from.0 {
        State::Planned
    } else if today.0 > engagement.until.0 {
        State::Ended
    } else {
        State::Running
    }
}

/// How many days are left, today among them; 0 where it has ended.
#[must_use]
pub fn days_left(engagement: &Engagement, today: Day) -> i32 {
    let first = today.0.max(engagement.from.0);
    (engagement.until.0 - first).saturating_add(1).max(0)
}

/// Something that who audits may want to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// The model as it is being worked on, and everything computed from it.
    Working,
    /// A snapshot, and whether a seal fixes it.
    Snapshot {
        /// Whether a seal fixes it.
        sealed: bool,
    },
    /// A pack, and whether it rests on a seal; a draft does not.
    Pack {
        /// Whether it rests on a seal.
        sealed: bool,
    },
    /// An evidence item, and whether it answers one of their requests or is part of a sealed pack.
    Evidence {
        /// Whether it was given to them.
        given: bool,
    },
    /// The request inbox and their samples.
    Requests,
    /// The library with what people said of each requirement.
    Library,
}

/// Whether who audits sees something on a day. Nothing before the first day, and nothing after the last.
#[must_use]
pub const fn sees(engagement: &Engagement, today: Day, thing: Thing) -> bool {
    let open = match thing {
        Thing::Working => false,
        Thing::Snapshot { sealed } | Thing::Pack { sealed } => sealed,
        Thing::Evidence { given } => given,
        Thing::Requests | Thing::Library => true,
    };
    open && matches!(state(engagement, today), State::Running)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAYS: Engagement = Engagement { from: Day(100), until: Day(110) };

    #[test]
    fn an_engagement_ends_by_itself() {
        let at = |day| (state(&DAYS, Day(day)), days_left(&DAYS, Day(day)));
        assert_eq!(at(99), (State::Planned, 11));
        assert_eq!(at(100), (State::Running, 11));
        assert_eq!(at(110), (State::Running, 1));
        assert_eq!(at(111), (State::Ended, 0));
    }

    #[test]
    fn only_what_is_sealed_or_given_is_seen_and_only_in_its_days() {
        let open = [
            Thing::Snapshot { sealed: true },
            Thing::Pack { sealed: true },
            Thing::Evidence { given: true },
            Thing::Requests,
            Thing::Library,
        ];
        let closed = [
            Thing::Working,
            Thing::Snapshot { sealed: false },
            Thing::Pack { sealed: false },
            Thing::Evidence { given: false },
        ];
        for day in [99, 100, 110, 111] {
            let running = (100..=110).contains(&day);
            assert!(open.iter().all(|it| sees(&DAYS, Day(day), *it) == running), "{day}");
            assert!(closed.iter().all(|it| !sees(&DAYS, Day(day), *it)), "{day}");
        }
    }
}
