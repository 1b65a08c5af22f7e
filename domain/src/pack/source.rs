//! What a pack is made from.

use std::collections::BTreeMap;

use super::content::slug;
use super::name;
use super::profile::Profile;
use super::trail::Span;
use crate::evidence::item::StoredFile;
use crate::evidence::{EvidenceKey, Index};
pub use crate::review::access::Member;
use crate::review::content::Registered;
use crate::review::entity::EntityProfile;
use crate::review::seal::{Content, Seal, Sealed};
pub use crate::review::statements::Requirements;
use crate::time::{Day, Timestamp};

/// Everything that a pack is made from. The same source gives the same bytes.
#[derive(Debug, Clone)]
pub struct Source {
    /// For whom it is made.
    pub profile: Profile,
    /// The key of the workspace.
    pub workspace: String,
    /// What people call the workspace.
    pub name: String,
    /// The model as it is stored, in the bytes of a model file; of a seal, exactly those that it fixes.
    pub model: String,
    /// The seal; without one the pack is a draft.
    pub sealed: Option<SealedState>,
    /// The day as of which dates are judged.
    pub as_of: Day,
    /// The instant of the seal; of a draft, that as of which it is made.
    pub at: Timestamp,
    /// The risk register, as it was sealed; of a draft as it is.
    pub register: Registered,
    /// Whom it is about; of a seal, as it was sealed.
    pub entity: EntityProfile,
    /// The entries of the audit trail in their canonical form, in order, the last one that at which the seal was made.
    pub trail: Vec<String>,
    /// The chain that the entries are of, as checkpoints name it.
    pub chain: String,
    /// The members of the workspace.
    pub members: Vec<Member>,
    /// The files that people collected.
    pub evidence: Vec<Evidence>,
    /// The index of the evidence: of a seal, that of its time.
    pub index: Index,
    /// What people said of requirements; of a seal, as it was sealed.
    pub requirements: Requirements,
    /// What the hashes of a redacted pack are salted with: drawn once for each seal.
    pub salt: [u8; 32],
    /// The bytes of `01_scope_statement.pdf`, which is made outside of this crate.
    pub report: Option<Vec<u8>>,
    /// The bytes of `verify.html`, which is made outside of this crate.
    pub page: Option<Vec<u8>>,
    /// The public key with which the pack is signed.
    pub public_key: [u8; 32],
    /// The key with which checkpoints of the audit trail are verified, as the command line prints it; may be empty.
    pub checkpoint_key: String,
}

/// A seal with everything that it fixes.
#[derive(Debug, Clone)]
pub struct SealedState {
    /// The bytes, their hash and the signature of the instance.
    pub sealed: Sealed,
    /// What they say.
    pub seal: Seal,
    /// What it fixes, each in its bytes.
    pub contents: BTreeMap<Content, String>,
}

/// A file that people collected, which lies elsewhere and is streamed into the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its number.
    pub key: String,
    /// Its name, as whoever uploaded it called it.
    pub name: String,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// How many bytes.
    pub bytes: u64,
}

impl Evidence {
    /// The files that an index names, by item.
    #[must_use]
    pub fn of(index: &Index) -> Vec<Self> {
        let file = |(key, file): (EvidenceKey, &StoredFile)| Self {
            key: key.to_string(),
            name: file.name.as_str().to_owned(),
            sha256: file.sha256.to_string(),
            bytes: file.bytes,
        };
        index.files().map(file).collect()
    }

    /// The name of the file in the pack. Two items with the same file name it once.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}{}-{}", name::EVIDENCE, self.sha256.get(..12).unwrap_or_default(), slug(&self.name))
    }
}

impl Source {
    /// Where the slice of the audit trail begins and ends.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::of(&self.chain, &self.trail)
    }
}
