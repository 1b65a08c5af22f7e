//! One signature: who says what about which state, chained to the one before.

use serde::{Deserialize, Serialize};

use super::ReviewKey;
use super::event::Part;
use crate::id::{AccountId, PersonId};
use crate::review::canonical::{canonical, hash};
use crate::time::Timestamp;

/// What a chain of signatures begins with.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The review.
    pub review: ReviewKey,
    /// SHA-256 of the snapshot that was taken while it was signed.
    pub snapshot: String,
    /// What was signed, in words.
    pub statement: String,
    /// What the signer was shown: [`super::Session::content_hash`].
    pub shown: String,
    /// Who signed.
    pub signer: PersonId,
    /// The account with which they did, whoever it is linked to later.
    pub account: AccountId,
    /// What they did by it.
    pub part: Part,
    /// In which role.
    pub role: String,
    /// How they proved who they are: password and code.
    pub method: String,
    /// When, in UTC.
    pub at: Timestamp,
    /// What they added.
    pub comment: String,
    /// The hash of the signature before it in this review, superseded ones included.
    pub previous: String,
    /// The hash of everything above.
    pub hash: String,
}

impl Signature {
    /// The signature with its hash.
    #[must_use]
    pub fn hashed(mut self) -> Self {
        self.hash = self.computed_hash();
        self
    }

    /// The hash that it must have.
    #[must_use]
    pub fn computed_hash(&self) -> String {
        let without = Self { hash: String::new(), ..self.clone() };
        hash("plumbline-signature-v1", &canonical(&without))
    }
}
