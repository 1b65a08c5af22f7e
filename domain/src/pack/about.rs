//! What a pack is, for programs: its profile, what it was made from, and by what it was computed.

use serde::{Deserialize, Serialize};

use super::profile::Profile;
use super::trail::Span;
use crate::review::canonical::canonical;
use crate::review::outcome::Engine;
use crate::review::seal::SealKey;
use crate::time::{Day, Timestamp};

/// The version of the form of a pack.
const VERSION: u32 = 1;

/// What a pack says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The version of this form.
    pub version: u32,
    /// For whom it is made.
    pub profile: Profile,
    /// The key of the workspace.
    pub workspace: String,
    /// The seal that it was made from; a draft has none.
    pub seal: Option<Named>,
    /// The day as of which dates are judged.
    pub as_of: Day,
    /// The instant of the seal; of a draft, that as of which it was made.
    pub at: Timestamp,
    /// What computed `outcome.json`.
    pub engine: Engine,
    /// The version of the engine that made the other files.
    pub made_with: String,
    /// The slice of the audit trail.
    pub trail: Span,
    /// The key with which checkpoints of the audit trail are verified; may be empty.
    pub checkpoint_key: String,
}

/// A seal by its hash, with the signature of the instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The key.
    pub key: SealKey,
    /// The hash of its bytes.
    pub hash: String,
    /// The signature over the hash, in hexadecimal.
    pub signature: String,
    /// The public key of the instance that signed, in hexadecimal.
    pub signed_with: String,
}

impl About {
    /// The version that is written.
    #[must_use]
    pub const fn current_version() -> u32 {
        VERSION
    }

    /// Whether nothing was sealed: it is no evidence yet.
    #[must_use]
    pub const fn is_draft(&self) -> bool {
        self.seal.is_none()
    }

    /// The canonical bytes, with a line end.
    #[must_use]
    pub fn bytes(&self) -> String {
        canonical(self) + "\n"
    }

    /// What [`Self::bytes`] wrote; `None` for anything else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let about: Self = serde_json::from_str(text).ok()?;
        (about.version == VERSION && about.bytes() == text).then_some(about)
    }
}
