//! What happened to a finding: the lines of its history.

use serde::{Deserialize, Serialize};

use super::{Decision, Record, State};
use crate::command::Revision;
use crate::findings::finding::ShownFact;
use crate::findings::rule::Severity;
use crate::id::{AccountId, PersonId};
use crate::time::{Day, Timestamp};

/// One thing that happened to a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Happening {
    /// It was found for the first time. The record itself tells of it, so no line of the history is kept.
    Appeared,
    /// A person reported it.
    Reported,
    /// Somebody has looked at it.
    Looked,
    /// Somebody else answers for it, or nobody.
    Assigned {
        /// Who.
        to: Option<PersonId>,
    },
    /// It is to be dealt with by another day, or by none.
    Due {
        /// The day.
        on: Option<Day>,
    },
    /// A decision waits for a second person.
    Requested {
        /// What is asked for.
        decision: Decision,
    },
    /// A decision was made.
    Decided {
        /// What was decided.
        decision: Decision,
    },
    /// A second person approved a decision.
    Approved {
        /// What was decided.
        decision: Decision,
        /// Who asked for it.
        requester: AccountId,
    },
    /// A decision that waited was turned down or withdrawn.
    TurnedDown {
        /// Why.
        reason: String,
    },
    /// It was fixed or decided, and is open again.
    Reopened {
        /// Where it stood.
        was: State,
        /// Why.
        because: Reopening,
    },
    /// It is still there, and something about it is different; no decision held.
    Changed {
        /// The facts that differ.
        facts: Vec<FactChange>,
        /// A decision that waited for a second person is void.
        voided: bool,
    },
    /// The rules no longer find it.
    Fixed,
    /// A person says that what was reported is done.
    Closed {
        /// Why.
        reason: String,
    },
}

/// Why a finding is open again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reopening {
    /// It was fixed, and is back.
    Back,
    /// The decision has ended.
    Ended(Day),
    /// The facts that were decided about are other ones now.
    Facts(Vec<FactChange>),
    /// It is more urgent than it was.
    Worse {
        /// What it was.
        was: Severity,
        /// What it is.
        is: Severity,
    },
    /// A person reopened it.
    ByHand(String),
}

/// A fact that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactChange {
    /// What was shown; absent where the fact is new.
    pub was: Option<ShownFact>,
    /// What is shown; absent where the fact is gone.
    pub is: Option<ShownFact>,
}

impl FactChange {
    /// The facts that differ, by object and name.
    pub(super) fn between(was: &[ShownFact], is: &[ShownFact]) -> Vec<Self> {
        let gone = was.iter().filter(|fact| !is.contains(fact));
        let mut new: Vec<&ShownFact> = is.iter().filter(|fact| !was.contains(fact)).collect();
        let mut changes: Vec<Self> = Vec::new();
        for before in gone {
            let same = new.iter().position(|after| after.of == before.of && after.name == before.name);
            let after = same.map(|place| new.remove(place).clone());
            changes.push(Self { was: Some(before.clone()), is: after });
        }
        changes.extend(new.into_iter().map(|after| Self { was: None, is: Some(after.clone()) }));
        changes.sort_by(|one, other| {
            let key = |it: &Self| it.was.as_ref().or(it.is.as_ref()).map(|it| (it.of.clone(), it.name.clone()));
            key(one).cmp(&key(other))
        });
        changes
    }
}

/// One line of the history of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    /// When.
    pub at: Timestamp,
    /// Who, as a name; `None` where no person acted, because time went by.
    pub actor: Option<String>,
    /// The change of the model that caused it, where one did.
    pub revision: Option<Revision>,
    /// What.
    pub what: Happening,
}

impl HistoryLine {
    /// The first line of the history of what a rule found.
    #[must_use]
    pub const fn first(record: &Record) -> Self {
        Self { at: record.first_seen, actor: None, revision: None, what: Happening::Appeared }
    }
}
