//! What the acceptance of a risk does to the findings that it covers.

use super::{Decision, Event, Happening, Outcome, Record, Reopening, State};
use crate::time::Day;

impl Decision {
    /// The decision about a finding that comes with the acceptance of a risk, whose form judged end and reason.
    #[must_use]
    pub fn with_a_risk(until: Day, reason: String) -> Self {
        Self::of(Outcome::Accepted, until, reason)
    }
}

impl Record {
    /// The finding is accepted with a risk; `None` where it is fixed, or this was decided already.
    #[must_use]
    pub fn accepted_with_a_risk(&self, decision: Decision) -> Option<Event> {
        if self.state == State::Fixed || self.decision.as_ref() == Some(&decision) {
            return None;
        }
        let version = self.version + 1;
        let (state, kept) = (State::Accepted, Some(decision.clone()));
        let record = Self { state, decision: kept, request: None, version, ..self.clone() };
        Some(Event { record, what: Happening::Decided { decision } })
    }

    /// The acceptance with which the finding was accepted is over; `None` where it stands on another decision.
    #[must_use]
    pub fn acceptance_ended(&self, decision: &Decision, why: String) -> Option<Event> {
        if !self.state.is_decided() || self.decision.as_ref() != Some(decision) {
            return None;
        }
        let record =
            Self { state: State::Open, decision: None, request: None, version: self.version + 1, ..self.clone() };
        let because = Reopening::ByHand(why);
        Some(Event { record, what: Happening::Reopened { was: self.state, because } })
    }
}
