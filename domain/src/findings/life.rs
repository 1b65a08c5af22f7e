//! The life of a finding: what people decided about it survives every run of the rules, as long as the facts stay.
//!
//! A [`Record`] belongs to an identity (rule, subject, discriminator), so a renaming loses nothing. Beside it stands the
//! hash of the facts that people saw: when the facts change, a decision no longer covers them, and the finding is open
//! again. [`reconcile`] compares what is recorded with what the rules find now and says what happened; [`changes`] finds
//! the few findings to which anything can have happened; [`Record::after`] is what a person does.

mod changes;
mod decision;
mod happening;
mod reconcile;
mod record;
mod risk;
mod step;
#[cfg(test)]
mod tests;

use crate::text::text_enum;

pub use changes::{Changes, changes};
pub use decision::{DECISION_DAYS, Decision, Outcome, REASON_MAX, Request};
pub use happening::{FactChange, Happening, HistoryLine, Reopening};
pub use reconcile::{Event, overlay, reconcile};
pub use record::{CONCERN_MAX, Concern, REPORTED, Record};
pub use step::{Acting, Named, Step, Triage};

text_enum! {
    /// Where a finding stands.
    State {
        /// Nobody has looked at it yet.
        New = "new": "New",
        /// Somebody has looked at it, and it is to be dealt with.
        Open = "open": "Open",
        /// The risk is accepted for a time.
        Accepted = "accepted": "Accepted",
        /// A compensating control stands in for what is missing.
        Compensated = "compensated": "Compensated",
        /// It is a false positive, or out of context.
        NotApplicable = "not_applicable": "Not applicable",
        /// The rules no longer find it, or whoever reported it says that it is done.
        Fixed = "fixed": "Fixed",
    }
}

impl State {
    /// Whether somebody decided that nothing needs to be done for now.
    #[must_use]
    pub const fn is_decided(self) -> bool {
        matches!(self, Self::Accepted | Self::Compensated | Self::NotApplicable)
    }

    /// Whether it is to be dealt with.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::New | Self::Open)
    }
}

text_enum! {
    /// Where a finding comes from.
    Source {
        Rule = "rule": "Found by a rule",
        Reported = "reported": "Reported by a person",
    }
}
