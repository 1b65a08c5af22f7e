//! A decision that nothing needs to be done about a finding for now.

use serde::{Deserialize, Serialize};

use super::State;
use super::record::text;
use crate::id::AccountId;
use crate::problem::{FieldCode, FieldError, Problem};
use crate::text::text_enum;
use crate::time::{Day, Timestamp};

/// The longest time for which a decision holds, in days. Then somebody looks again.
pub const DECISION_DAYS: i32 = 365;

/// The longest reason, in characters.
pub const REASON_MAX: u32 = 1000;

text_enum! {
    /// What a decision says.
    Outcome {
        Accepted = "accepted": "Accept the risk",
        Compensated = "compensated": "A compensating control stands in",
        FalsePositive = "false_positive": "Not applicable: false positive",
        OutOfContext = "out_of_context": "Not applicable: out of context",
    }
}

impl Outcome {
    /// Where the finding stands then.
    #[must_use]
    pub const fn state(self) -> State {
        match self {
            Self::Accepted => State::Accepted,
            Self::Compensated => State::Compensated,
            Self::FalsePositive | Self::OutOfContext => State::NotApplicable,
        }
    }
}

/// A decision: what, for how long, and why. Made only by [`Decision::parse`], so that none is without an end or a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    outcome: Outcome,
    until: Day,
    reason: String,
}

impl Decision {
    /// A decision as a form states it.
    ///
    /// # Errors
    /// `Invalid` with the fields `outcome`, `until` (not from today until in 365 days) and `reason`.
    pub fn parse(outcome: &str, until: &str, reason: &str, today: Day) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        let outcome = outcome.parse::<Outcome>();
        if outcome.is_err() {
            errors.push(FieldError::new("outcome", FieldCode::NotInList));
        }
        let until = match until.trim() {
            "" => Err(FieldCode::Missing),
            typed => typed.parse::<Day>().map_err(|_| FieldCode::NotADay),
        };
        let until = until.and_then(|day| {
            let possible = today <= day && day <= today.plus_days(DECISION_DAYS);
            if possible { Ok(day) } else { Err(FieldCode::NotWithinDays(DECISION_DAYS.unsigned_abs())) }
        });
        errors.extend(until.err().map(|code| FieldError::new("until", code)));
        let reason = text("reason", reason, REASON_MAX);
        if let Err(Problem::Invalid(more)) = &reason {
            errors.extend(more.iter().cloned());
        }
        match (outcome, until, reason) {
            (Ok(outcome), Ok(until), Ok(reason)) => Ok(Self { outcome, until, reason }),
            _ => Err(Problem::Invalid(errors)),
        }
    }

    /// A decision whose parts were judged elsewhere.
    pub(super) const fn of(outcome: Outcome, until: Day, reason: String) -> Self {
        Self { outcome, until, reason }
    }

    /// What it says.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The last day on which it holds.
    #[must_use]
    pub const fn until(&self) -> Day {
        self.until
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// A decision that waits for a second person. It is void once the facts change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// What is asked for.
    pub decision: Decision,
    /// Who asks.
    pub requester: AccountId,
    /// When.
    pub at: Timestamp,
}
