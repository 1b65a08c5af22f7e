//! A change that looks significant: drafted from what the engine sees, confirmed or dismissed by a person.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::session::ReviewKey;
use crate::command::Revision;
use crate::id::PersonId;
use crate::problem::{FieldCode, Problem};
use crate::schedule::late::wrong;
use crate::schedule::plan::numbered_key;
use crate::schedule::trigger::{Trigger, TriggerKind};
use crate::time::{Day, Timestamp};

/// Within so many days after a significant change was confirmed the scope is confirmed again, where a workspace sets no
/// other number. The standard says "upon"; how long that is, is our own rule.
pub const CONFIRM_WITHIN_DAYS: i32 = 30;

numbered_key! {
    /// The key of a significant change, written `CHG-3`.
    ChangeKey, "CHG-", NoChangeKey
}

/// What a person said of a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Decision {
    /// Nobody has said anything.
    Draft,
    /// It is significant: the requirements that it affects are confirmed, and the scope is.
    Confirmed {
        /// Who said so.
        by: PersonId,
        /// When.
        at: Timestamp,
        /// What is affected, in words.
        words: String,
        /// The review in which the scope is confirmed again, once it is open.
        review: Option<ReviewKey>,
    },
    /// It is not.
    Dismissed {
        /// Who said so.
        by: PersonId,
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
}

/// A change that looks significant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignificantChange {
    /// The key.
    pub key: ChangeKey,
    /// The revision that made it.
    pub revision: Revision,
    /// When.
    pub at: Timestamp,
    /// What makes it look significant.
    pub found: Vec<Trigger>,
    /// What a person said.
    pub decision: Decision,
}

/// A draft of what was found between two revisions; `None` where nothing looks significant.
#[must_use]
pub fn draft(key: ChangeKey, revision: Revision, at: Timestamp, found: &[Trigger]) -> Option<SignificantChange> {
    let found: Vec<Trigger> = found.iter().filter(|it| it.kind == TriggerKind::SignificantChange).cloned().collect();
    (!found.is_empty()).then_some(SignificantChange { key, revision, at, found, decision: Decision::Draft })
}

impl SignificantChange {
    /// Says that it is significant.
    ///
    /// # Errors
    /// `Invalid` with the field `words` where they are missing, `step` where somebody has decided already.
    pub fn confirm(&mut self, by: &PersonId, at: Timestamp, words: &str) -> Result<(), Problem> {
        self.decide(words)?;
        let words = words.trim().to_owned();
        self.decision = Decision::Confirmed { by: by.clone(), at, words, review: None };
        Ok(())
    }

    /// Says that it is not.
    ///
    /// # Errors
    /// As [`Self::confirm`].
    pub fn dismiss(&mut self, by: &PersonId, at: Timestamp, reason: &str) -> Result<(), Problem> {
        self.decide(reason)?;
        self.decision = Decision::Dismissed { by: by.clone(), at, reason: reason.trim().to_owned() };
        Ok(())
    }

    fn decide(&self, words: &str) -> Result<(), Problem> {
        if self.decision != Decision::Draft {
            return Err(Problem::field("step", FieldCode::NotInThisState));
        }
        wrong(words).map_or(Ok(()), |code| Err(Problem::field("words", code)))
    }

    /// The last day on which the scope is confirmed again in time; `None` where nothing is to be confirmed.
    #[must_use]
    pub fn due(&self, zone: &crate::schedule::Zone) -> Option<Day> {
        match &self.decision {
            Decision::Confirmed { at, .. } => Some(zone.day_of(*at).plus_days(CONFIRM_WITHIN_DAYS)),
            Decision::Draft | Decision::Dismissed { .. } => None,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::object::ObjectRef;
    use crate::schedule::Zone;

    fn found(kind: TriggerKind) -> Trigger {
        Trigger { kind, significance: None, object: ObjectRef::Settings, sentence: "It moved.".to_owned() }
    }

    #[test]
    fn only_what_looks_significant_is_drafted() {
        let draft = |kind| draft(ChangeKey(1), Revision(7), Timestamp(0), &[found(kind)]);
        assert!(draft(TriggerKind::NewVendor).is_none());
        assert_eq!(draft(TriggerKind::SignificantChange).unwrap().decision, Decision::Draft);
    }

    #[test]
    fn a_person_decides_once_and_says_why() {
        let mut it = draft(ChangeKey(1), Revision(7), Timestamp(0), &[found(TriggerKind::SignificantChange)]).unwrap();
        let who = PersonId::new("lead");
        assert_eq!(it.dismiss(&who, Timestamp(1), " "), Err(Problem::field("words", FieldCode::Missing)));
        assert_eq!(it.due(&Zone::utc()), None);
        it.confirm(&who, Timestamp(1), "The shop stores numbers now").unwrap();
        assert_eq!(it.due(&Zone::utc()), Some(Day(30)));
        assert_eq!(it.dismiss(&who, Timestamp(2), "No"), Err(Problem::field("step", FieldCode::NotInThisState)));
    }
}
