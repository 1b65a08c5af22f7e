//! What else happens in the same commit when something happens to an acceptance.

use super::{Acceptance, Event};
use crate::findings::Identity;
use crate::id::PersonId;
use crate::risk::record::RiskKey;

/// What an event of an acceptance makes happen elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consequence {
    /// The risk is no longer accepted.
    Reopen(RiskKey),
    /// The finding is no longer accepted.
    ReopenFinding(Identity),
    /// Somebody has something to do.
    Task {
        /// Who; where nobody is named, whoever answers for the risk.
        who: Option<PersonId>,
        /// What.
        what: String,
    },
}

/// What the event makes happen elsewhere.
#[must_use]
pub fn consequences(acceptance: &Acceptance, event: &Event) -> Vec<Consequence> {
    let (key, requester) = (acceptance.key, Some(acceptance.requester.clone()));
    let worse = |changes: &[crate::risk::bound::Change]| changes.iter().filter(|it| it.worse).count();
    match event {
        Event::Lapsed { changes, .. } => {
            let facts = crate::table::counted(worse(changes), "fact");
            ended(acceptance, format!("{key} lapsed because {facts} got worse. Decide again, or treat the risk."))
        }
        Event::Expired { .. } => ended(acceptance, format!("{key} has expired. Decide again, or treat the risk.")),
        Event::Revoked { .. } => ended(acceptance, format!("{key} was revoked. Treat the risk, or decide again.")),
        Event::Returned { .. } => {
            let what = format!("The facts of {key} got worse while it was in review. Look at them and ask again.");
            vec![Consequence::Task { who: requester, what }]
        }
        Event::Rejected { .. } => {
            let what = format!("{key} was rejected. Treat the risk, or ask for something else.");
            vec![Consequence::Task { who: requester, what }]
        }
        Event::Proposed { .. }
        | Event::Edited { .. }
        | Event::Submitted { .. }
        | Event::Approved { .. }
        | Event::Granted { .. }
        | Event::Withdrawn { .. }
        | Event::Improved { .. } => Vec::new(),
    }
}

fn ended(acceptance: &Acceptance, what: String) -> Vec<Consequence> {
    let content = &acceptance.content;
    let reopened = content.risk.map(Consequence::Reopen).into_iter();
    let findings = content.findings.iter().cloned().map(Consequence::ReopenFinding);
    let tasks = [None, Some(acceptance.requester.clone())].map(|who| Consequence::Task { who, what: what.clone() });
    reopened.chain(findings).chain(tasks).collect()
}
