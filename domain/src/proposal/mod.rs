//! Proposals: edits of the model that are not live yet, with what has to happen before they are.
//!
//! A proposal holds each object that it touches as it was when the edit began and as it should be. It is a draft until
//! its requester asks for review; gates are passed and approvals given by people; and merging makes one command of all
//! edits, unless something changed meanwhile. Nothing here reads a clock or a database: who asks, the model as it is and
//! who is a member are arguments.

mod approval;
mod edits;
mod life;
mod merge;
pub mod text;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use approval::{Circle, Need, NoNeed};
pub use life::Acting;
pub use merge::{Choice, Clash, Merge};

use crate::command::Revision;
use crate::id::AccountId;
use crate::model::card_number::looks_like_card_number;
use crate::model::object::{Object, ObjectRef};
use crate::problem::{FieldCode, FieldError, Problem};
use crate::text::text_enum;
use crate::time::Timestamp;

/// Longest title, in characters.
pub const TITLE_MAX: usize = 120;
/// Longest reason, and longest result of a gate, in characters.
pub const REASON_MAX: usize = 2000;
/// Objects that one proposal touches at most: a file is imported and looked at by itself.
pub const EDITS_MAX: usize = 500;

/// The largest number that a key may have.
const NUMBER_MAX: u32 = 999_999_999;

/// How a proposal is known in its workspace: `prop-1` is the first that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProposalKey(u32);

impl ProposalKey {
    /// The key with this number; `None` where no proposal can have it.
    #[must_use]
    pub const fn of_number(number: u32) -> Option<Self> {
        if number > 0 && number <= NUMBER_MAX { Some(Self(number)) } else { None }
    }

    /// The number, from 1.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for ProposalKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "prop-{}", self.0)
    }
}

/// A text is not the key of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a proposal is written prop-1, prop-2 and so on")]
pub struct NoProposalKey;

impl FromStr for ProposalKey {
    type Err = NoProposalKey;

    fn from_str(text: &str) -> Result<Self, NoProposalKey> {
        let digits = text.strip_prefix("prop-").filter(|it| it.bytes().all(|byte| byte.is_ascii_digit()));
        let number = digits.filter(|it| !it.starts_with('0')).and_then(|it| it.parse().ok());
        number.and_then(Self::of_number).ok_or(NoProposalKey)
    }
}

/// A set of edits with everything that was said and decided about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The key.
    pub key: ProposalKey,
    /// What it is, in a line.
    pub title: String,
    /// Why.
    pub reason: String,
    /// Who asks. Only they edit it, and they never approve it.
    pub requester: AccountId,
    /// When it was made.
    pub made_at: Timestamp,
    /// What it changes.
    pub edits: BTreeMap<ObjectRef, Edit>,
    /// The gates that were passed.
    pub gates: BTreeMap<Gate, Passed>,
    /// The approvals that were given to what it holds now.
    pub approvals: BTreeMap<Need, Approval>,
    /// Where it stands.
    pub state: State,
}

/// What a proposal does to one object. Neither side is missing from both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The object as it was when the edit began; `None` where there was none.
    pub base: Option<Object>,
    /// The object as it should be; `None` where it should go.
    pub draft: Option<Object>,
}

/// Where a proposal stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its requester works on it.
    Draft,
    /// It waits for gates and approvals.
    Review,
    /// Its edits are live.
    Merged(Merged),
    /// Its requester gave it up.
    Withdrawn,
}

impl State {
    /// The state as a word.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Review => "In review",
            Self::Merged(_) => "Merged",
            Self::Withdrawn => "Withdrawn",
        }
    }

    /// Whether anything can still happen to it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Draft | Self::Review)
    }
}

/// How a proposal became live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// Who merged it.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// The revision that it made.
    pub revision: Revision,
    /// Somebody other than the requester approved it. Shown wherever it is not so.
    pub four_eyes: bool,
}

text_enum! {
    /// Something that has to be done before a proposal is merged.
    Gate {
        PeerReview = "peer_review": "Peer review",
        SecurityTest = "security_test": "Security test",
        TestData = "test_data": "Masked or synthetic test data",
        CanaryPlan = "canary_plan": "Canary plan",
        RollbackCriteria = "rollback_criteria": "Rollback criteria",
    }
}

/// That a gate was passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    /// Who says so.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// The result, or where it stands: a text or a link.
    pub result: String,
}

/// That somebody approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// What somebody does with a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Asks for review.
    Submit,
    /// Passes a gate with its result.
    Pass(Gate, String),
    /// Opens a gate again.
    Reopen(Gate),
    /// Gives an approval.
    Approve(Need),
    /// Decides what holds of an object that somebody else changed meanwhile.
    Resolve(ObjectRef, Choice),
    /// Takes an edit out.
    Drop(ObjectRef),
    /// Gives it up.
    Withdraw,
    /// Makes it live.
    Merge,
}

impl Step {
    /// The name under which the audit trail knows it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Submit => "proposal.submit",
            Self::Pass(..) => "proposal.pass_gate",
            Self::Reopen(_) => "proposal.reopen_gate",
            Self::Approve(_) => "proposal.approve",
            Self::Resolve(..) => "proposal.resolve",
            Self::Drop(_) => "proposal.drop_edit",
            Self::Withdraw => "proposal.withdraw",
            Self::Merge => "proposal.merge",
        }
    }
}

/// A proposal that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// What it is.
    pub title: String,
    /// Why.
    pub reason: String,
}

impl Wish {
    /// A wish as a form states it.
    ///
    /// # Errors
    /// `Invalid` with the fields `title` and `reason`.
    pub fn parse(title: &str, reason: &str) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        let title = plain("title", title, TITLE_MAX, false, &mut errors);
        let reason = plain("reason", reason, REASON_MAX, true, &mut errors);
        if errors.is_empty() { Ok(Self { title, reason }) } else { Err(Problem::Invalid(errors)) }
    }

    /// The wish of somebody who proposes what a form holds, instead of saving it. The name is that of the object, where
    /// it has one.
    #[must_use]
    pub fn from_form_of(name: &str) -> Self {
        let reason = "Proposed from the form of what it changes.".to_owned();
        let named = (!name.trim().is_empty()).then(|| Self::parse(&format!("Change of {name}"), &reason));
        match named {
            Some(Ok(wish)) => wish,
            _ => Self { title: "Change of one record".to_owned(), reason },
        }
    }
}

/// The result of a gate as a form states it.
///
/// # Errors
/// `Invalid` with the field `result`.
pub fn result_from_form(text: &str) -> Result<String, Problem> {
    let mut errors = Vec::new();
    let result = plain("result", text, REASON_MAX, true, &mut errors);
    if errors.is_empty() { Ok(result) } else { Err(Problem::Invalid(errors)) }
}

/// A text from a form, without blanks around it.
fn plain(field: &str, text: &str, most: usize, lines: bool, errors: &mut Vec<FieldError>) -> String {
    let text = text.trim().replace("\r\n", "\n");
    let refused = |character: char| character.is_control() && !(lines && matches!(character, '\n' | '\t'));
    let code = if text.is_empty() {
        Some(FieldCode::Missing)
    } else if text.chars().count() > most {
        Some(FieldCode::TooLong(u32::try_from(most).unwrap_or(u32::MAX)))
    } else if text.chars().any(refused) {
        Some(FieldCode::ControlCharacter)
    } else if looks_like_card_number(&text) {
        Some(FieldCode::CardNumber)
    } else {
        None
    };
    errors.extend(code.map(|code| FieldError::new(field, code)));
    text
}
