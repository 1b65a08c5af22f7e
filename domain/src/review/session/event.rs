//! What can happen to a review.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::signature::Signature;
use crate::id::{AccountId, PersonId};
use crate::model::object::ObjectRef;
use crate::review::covered::Cover;
use crate::review::elements::Element;
use crate::review::seal::SealKey;
use crate::risk::acceptance::AcceptanceKey;
use crate::schedule::ScheduleKey;
use crate::text::text_enum;
use crate::time::{Day, Timestamp};

text_enum! {
    /// What a signer does by signing.
    Part {
        /// Says that it is right; may have looked at it themselves.
        Attests = "attests": "Attests",
        /// Says that it was done as it should; signs after everybody who attests.
        Approves = "approves": "Approves",
    }
}

/// Who signs, fixed when the review is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// Who.
    pub person: PersonId,
    /// What they do by it.
    pub part: Part,
    /// In which role, in words: payments lead, head of security.
    pub role: String,
    /// The account that the person had when the review was opened: no other one signs for them. Absent where they had
    /// none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
}

/// What is fixed when a review is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// What people call it: 2026-Q4.
    pub name: String,
    /// What it covers.
    pub cover: Cover,
    /// The schedule that it fulfils.
    pub schedule: Option<ScheduleKey>,
    /// What led to it beside the calendar, in words.
    pub trigger: String,
    /// The day on which it is due.
    pub due: Day,
    /// What is signed, in words.
    pub statement: String,
    /// Who signs, each once.
    pub signers: Vec<Signer>,
    /// Somebody other than the authors approves.
    pub four_eyes: bool,
}

/// That somebody looked at an item, and what they said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// Who looked.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// What they saw: [`crate::review::Item::fingerprint`].
    pub seen: String,
    /// What they said.
    pub said: TickSaid,
}

/// What somebody said of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TickSaid {
    /// It is as it was, and still correct.
    Unchanged,
    /// It changed, and that is right.
    Confirmed,
    /// It changed, and something is to be done.
    NeedsChange {
        /// What.
        words: String,
        /// Where that is followed.
        leads_to: LeadsTo,
    },
}

/// Where a change that is needed is followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadsTo {
    /// A task: who does it, and by when.
    Task {
        /// Who.
        who: PersonId,
        /// By when.
        due: Day,
    },
    /// A proposal, by its key.
    Proposal(String),
}

/// A tick that no longer counts, because its object changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fallen {
    /// The item.
    pub item: ObjectRef,
    /// Who had looked.
    pub by: PersonId,
    /// When they had.
    pub ticked_at: Timestamp,
}

/// What was decided about a decision of before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// It was asked for again, or decided again.
    Again(AcceptanceKey),
    /// It stands as it is now, for this reason.
    Stands(String),
}

/// The answer to an element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Who answered.
    pub by: PersonId,
    /// Whether it is as the requirement asks.
    pub confirmed: bool,
    /// The answer in words.
    pub words: String,
    /// What the model said when it was answered.
    pub model_said: String,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[expect(missing_docs, reason = "who, when and what, as the event is named")]
pub enum Event {
    /// It was opened.
    Opened { by: PersonId, at: Timestamp, opening: Opening },
    /// Somebody looked at items: at many that are unchanged, or at one that changed.
    Ticked { by: PersonId, at: Timestamp, items: Vec<(ObjectRef, Tick)> },
    /// Somebody took a tick back.
    Unticked { by: PersonId, at: Timestamp, item: ObjectRef },
    /// What was ticked changed. Every signature so far is void.
    FellOff { at: Timestamp, items: Vec<Fallen> },
    /// What was signed is no longer what is there. Every signature so far is void.
    Voided { at: Timestamp },
    /// Somebody was asked about an item.
    Asked { by: PersonId, at: Timestamp, item: ObjectRef, whom: PersonId, question: String },
    /// A question was answered.
    Answered { by: PersonId, at: Timestamp, question: u32, words: String },
    /// A decision of before was made again, or left standing.
    Settled { by: PersonId, at: Timestamp, carried: String, seen: String, how: Settlement },
    /// An element of requirement 12.5.2 was answered.
    ElementAnswered { by: PersonId, at: Timestamp, element: Element, said: Said },
    /// Somebody signed.
    Signed { signature: Signature },
    /// A signer did not sign; these ticks are taken back. Every signature so far is void.
    Refused { by: PersonId, at: Timestamp, reason: String, items: BTreeSet<ObjectRef> },
    /// What was asked for by a refusal is done.
    RefusalAnswered { by: PersonId, at: Timestamp, words: String },
    /// The seal was made.
    Sealed { at: Timestamp, seal: SealKey, hash: String },
    /// A signature was wrong. It stays readable, and the review is signed again.
    Superseded { by: PersonId, at: Timestamp, signature: String, reason: String },
    /// It was given up.
    Withdrawn { by: PersonId, at: Timestamp, reason: String },
}
