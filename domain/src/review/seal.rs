//! A seal: what one review fixed for good, as canonical bytes in a chain.
//!
//! The bytes name what was sealed by hash: the snapshot, what followed from it, the register, the review with its
//! signatures, the index of the evidence, the members, what people said of requirements. Each seal names the hash of the one before, and the instance signs
//! [`payload`] with its Ed25519 key. So a byte that changed, a seal that is missing and a seal that was put in between
//! are all noticed, by this program or by any other.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::canonical::{canonical, hash};
use super::kind::ReviewKind;
use super::outcome::Engine;
use super::session::{ReviewKey, Signature};
use crate::model::object::ObjectRef;
use crate::schedule::plan::numbered_key;
use crate::text::text_enum;
use crate::time::{Day, Timestamp};

/// What the chain of a workspace begins with.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// The version of the form of the bytes.
const VERSION: u32 = 1;
/// The longest content that is read, in bytes.
const CONTENT_MAX: usize = 16 * 1024 * 1024;

numbered_key! {
    /// The key of a seal, written `SEAL-3`: its place in the chain of the workspace, from 1.
    SealKey, "SEAL-", NoSealKey
}

text_enum! {
    /// What a seal fixes beside itself, each as bytes of its own.
    Content {
        Snapshot = "snapshot": "Model",
        Outcome = "outcome": "Scope and findings",
        Register = "register": "Risk register",
        Review = "review": "Review",
        Evidence = "evidence": "Index of the evidence",
        Access = "access": "Members",
        Statements = "statements": "Entity and requirements",
    }
}

/// What a seal says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// The version of this form.
    pub version: u32,
    /// The key.
    pub key: SealKey,
    /// The workspace.
    pub workspace: String,
    /// The review.
    pub review: ReviewKey,
    /// What the review was about.
    pub kind: ReviewKind,
    /// What people call it.
    pub name: String,
    /// When it was made, in UTC.
    pub sealed_at: Timestamp,
    /// The day, in the workspace's zone, as of which dates were judged.
    pub as_of: Day,
    /// The hash of the seal before it; zeros for the first.
    pub previous: String,
    /// The seal of the same review that it replaces, because a signature there was wrong.
    pub supersedes: Option<SealKey>,
    /// The objects it covers: the next difference of each starts here.
    pub covers: BTreeSet<ObjectRef>,
    /// What it fixes.
    pub contents: BTreeMap<Content, Fixed>,
    /// The hash of the last entry of the audit trail before it.
    pub audit_head: String,
    /// What computed the outcome.
    pub engine: Engine,
    /// The signatures, in order.
    pub signatures: Vec<Signature>,
}

/// Bytes that are fixed by their hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixed {
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// How many bytes.
    pub bytes: u64,
}

impl Fixed {
    /// The bytes, by their hash.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self { sha256: hex::encode(Sha256::digest(bytes)), bytes: bytes.len() as u64 }
    }
}

/// A seal as it is kept: its bytes, their hash, and the signature of the instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The canonical bytes of the [`Seal`].
    pub content: String,
    /// Their hash.
    pub hash: String,
    /// The signature over [`payload`], in hexadecimal.
    pub signature: String,
    /// Which key of the instance signed.
    pub signed_with: String,
}

/// Why a seal is not what was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Altered {
    /// The bytes do not have the hash.
    #[error("the content does not have its hash")]
    Hash,
    /// The instance did not sign this hash.
    #[error("the signature does not belong to the hash")]
    Signature,
    /// The bytes are no seal, or not in the one form that it has.
    #[error("the content is not in the form in which seals are written")]
    Form,
    /// A signature of a person does not have its hash, or does not follow the one before.
    #[error("a signature of a person was changed")]
    Person,
    /// It does not follow the seal before: one is missing, or was put in between.
    #[error("it does not follow the seal before it")]
    Chain,
    /// What it fixes does not have the hash.
    #[error("what it fixes was changed")]
    Content(Content),
}

/// How a signature of the instance is checked: payload, signature, and which key.
pub type Verify<'v> = &'v dyn Fn(&[u8], &[u8], &str) -> bool;

/// What the instance signs for a hash.
#[must_use]
pub fn payload(hash: &str) -> Vec<u8> {
    format!("plumbline-seal-v1\n{hash}\n").into_bytes()
}

impl Seal {
    /// The version that is written.
    #[must_use]
    pub const fn current_version() -> u32 {
        VERSION
    }

    /// The seal with the signature of the instance, which `sign` makes over [`payload`].
    ///
    /// # Errors
    /// What `sign` fails with.
    pub fn seal<E>(&self, signed_with: &str, sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>) -> Result<Sealed, E> {
        let content = canonical(self);
        let hash = hash("plumbline-seal-v1", &content);
        let signature = hex::encode(sign(&payload(&hash))?);
        Ok(Sealed { content, hash, signature, signed_with: signed_with.to_owned() })
    }

    /// Whether bytes are those that it fixes.
    ///
    /// # Errors
    /// They are not, or it fixes no such content.
    pub fn check(&self, content: Content, bytes: &[u8]) -> Result<(), Altered> {
        let fixed = self.contents.get(&content).ok_or(Altered::Content(content))?;
        if *fixed == Fixed::of(bytes) { Ok(()) } else { Err(Altered::Content(content)) }
    }
}

impl Sealed {
    /// What the seal says, after everything about it was checked that can be checked on its own.
    ///
    /// # Errors
    /// What was altered.
    pub fn read(&self, verify: Verify<'_>) -> Result<Seal, Altered> {
        if self.content.len() > CONTENT_MAX {
            return Err(Altered::Form);
        }
        if hash("plumbline-seal-v1", &self.content) != self.hash {
            return Err(Altered::Hash);
        }
        let signature = hex::decode(&self.signature).map_err(|_| Altered::Signature)?;
        // Hexadecimal has two forms; one is written.
        let one_form = hex::encode(&signature) == self.signature;
        if !(one_form && verify(&payload(&self.hash), &signature, &self.signed_with)) {
            return Err(Altered::Signature);
        }
        let seal: Seal = serde_json::from_str(&self.content).map_err(|_| Altered::Form)?;
        if canonical(&seal) != self.content || seal.version != VERSION {
            return Err(Altered::Form);
        }
        let same = |it: &Signature| it.hash == it.computed_hash();
        let follow = seal.signatures.windows(2).all(|pair| pair[1].previous == pair[0].hash);
        if seal.signatures.iter().all(same) && follow { Ok(seal) } else { Err(Altered::Person) }
    }
}

/// The seals of a workspace, after each was checked and that each follows the one before. Only a key outside the chain
/// shows that the last ones are missing: the audit trail names each seal, too.
///
/// # Errors
/// The place in the chain, from 0, and what is wrong there.
pub fn verify_chain(chain: &[Sealed], workspace: &str, verify: Verify<'_>) -> Result<Vec<Seal>, (usize, Altered)> {
    let mut seals: Vec<Seal> = Vec::new();
    let mut previous = GENESIS;
    for (place, sealed) in chain.iter().enumerate() {
        let seal = sealed.read(verify).map_err(|why| (place, why))?;
        let numbered = u32::try_from(place + 1) == Ok(seal.key.0);
        let later = seals.last().is_none_or(|before| before.sealed_at <= seal.sealed_at);
        if !(numbered && later && seal.previous == previous && seal.workspace == workspace) {
            return Err((place, Altered::Chain));
        }
        seals.push(seal);
        previous = &sealed.hash;
    }
    Ok(seals)
}

/// The seals that count for a difference, in order: those that no later one of the same review replaces.
#[must_use]
pub fn in_force(seals: &[Seal]) -> Vec<&Seal> {
    let replaced: BTreeSet<SealKey> = seals.iter().filter_map(|it| it.supersedes).collect();
    seals.iter().filter(|it| !replaced.contains(&it.key)).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
pub(crate) mod tests {
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;
    use crate::review::session::Part;

    /// Stands for Ed25519 here: nobody without the secret makes it.
    fn sign(payload: &[u8]) -> Result<Vec<u8>, Infallible> {
        let mut digest = Sha256::new();
        digest.update(b"secret of the instance");
        digest.update(payload);
        Ok(digest.finalize().to_vec())
    }

    fn verify(payload: &[u8], signature: &[u8], key: &str) -> bool {
        key == "key-1" && sign(payload) == Ok(signature.to_vec())
    }

    fn signature(previous: &str) -> Signature {
        Signature {
            review: ReviewKey(1),
            snapshot: "ab".repeat(32),
            statement: "Everything is as it should be.".to_owned(),
            shown: "cd".repeat(32),
            signer: "lead".into(),
            part: Part::Attests,
            role: "Payments lead".to_owned(),
            account: "a-1".into(),
            method: "password, code".to_owned(),
            at: Timestamp(1),
            comment: "é".to_owned(),
            previous: previous.to_owned(),
            hash: String::new(),
        }
        .hashed()
    }

    fn seal(number: u32, previous: &str) -> Seal {
        let first = signature(GENESIS);
        let second = signature(&first.hash);
        Seal {
            version: VERSION,
            key: SealKey(number),
            workspace: "shop".to_owned(),
            review: ReviewKey(number),
            kind: ReviewKind::Integrations,
            name: "2026-Q4".to_owned(),
            sealed_at: Timestamp(i64::from(number) * 1_000_000),
            as_of: Day(20_700),
            previous: previous.to_owned(),
            supersedes: None,
            covers: [ObjectRef::System("till".into()), ObjectRef::Settings].into(),
            contents: [(Content::Snapshot, Fixed::of(b"model")), (Content::Outcome, Fixed::of(b"verdicts"))].into(),
            audit_head: "ef".repeat(32),
            engine: Engine::current(),
            signatures: vec![first, second],
        }
    }

    fn chain(length: u32) -> Vec<Sealed> {
        let mut chain: Vec<Sealed> = Vec::new();
        for number in 1..=length {
            let previous = chain.last().map_or(GENESIS, |it| it.hash.as_str()).to_owned();
            chain.push(seal(number, &previous).seal("key-1", sign).unwrap());
        }
        chain
    }

    #[test]
    fn what_was_sealed_is_read_again_from_the_same_bytes() {
        let sealed = chain(1).remove(0);
        assert_eq!(sealed.read(&verify), Ok(seal(1, GENESIS)));
        assert_eq!(sealed, chain(1)[0], "the same seal gives the same bytes");
        let seal = seal(1, GENESIS);
        assert_eq!(seal.check(Content::Snapshot, b"model"), Ok(()));
        assert_eq!(seal.check(Content::Snapshot, b"mode1"), Err(Altered::Content(Content::Snapshot)));
        assert_eq!(seal.check(Content::Evidence, b""), Err(Altered::Content(Content::Evidence)));
    }

    #[test]
    fn a_seal_that_is_missing_moved_or_of_another_workspace_breaks_the_chain() {
        let all = chain(3);
        assert_eq!(verify_chain(&all, "shop", &verify).unwrap().len(), 3);
        let without: Vec<Sealed> = [&all[0], &all[2]].map(Clone::clone).into();
        assert_eq!(verify_chain(&without, "shop", &verify), Err((1, Altered::Chain)));
        let swapped: Vec<Sealed> = [&all[1], &all[0]].map(Clone::clone).into();
        assert_eq!(verify_chain(&swapped, "shop", &verify), Err((0, Altered::Chain)));
        assert_eq!(verify_chain(&all, "other", &verify), Err((0, Altered::Chain)));
    }

    #[test]
    fn a_seal_that_was_replaced_no_longer_counts_and_stays_in_the_chain() {
        let seals = [seal(1, GENESIS), Seal { supersedes: Some(SealKey(1)), ..seal(2, "x") }];
        assert_eq!(in_force(&seals).iter().map(|it| it.key).collect::<Vec<_>>(), [SealKey(2)]);
    }

    #[test]
    fn a_signature_that_somebody_sealed_again_with_other_words_is_noticed() {
        let mut forged = seal(1, GENESIS);
        forged.signatures[0].statement = "Something else.".to_owned();
        let sealed = forged.seal("key-1", sign).unwrap();
        assert_eq!(sealed.read(&verify), Err(Altered::Person));
    }

    proptest! {
        #[test]
        fn any_byte_that_changed_is_noticed(
            place in any::<prop::sample::Index>(), field in 0usize..4, byte in any::<u8>(), which in 0usize..3,
        ) {
            let mut all = chain(3);
            let sealed = &mut all[which];
            let text = match field {
                0 => &mut sealed.content,
                1 => &mut sealed.hash,
                2 => &mut sealed.signature,
                _ => &mut sealed.signed_with,
            };
            let mut bytes = text.clone().into_bytes();
            let place = place.index(bytes.len());
            prop_assume!(bytes[place] != byte);
            bytes[place] = byte;
            // What is no text any more cannot be kept as one, so the database itself refuses it.
            let Ok(changed) = String::from_utf8(bytes) else { return Ok(()) };
            *text = changed;
            prop_assert!(all[which].read(&verify).is_err());
            prop_assert_eq!(verify_chain(&all, "shop", &verify).map_err(|it| it.0), Err(which));
        }

        #[test]
        fn a_byte_that_changed_in_what_is_fixed_is_noticed(
            bytes in prop::collection::vec(any::<u8>(), 1..200), place in any::<prop::sample::Index>(), by in 1u8..=255,
        ) {
            let seal = Seal { contents: [(Content::Register, Fixed::of(&bytes))].into(), ..seal(1, GENESIS) };
            prop_assert!(seal.check(Content::Register, &bytes).is_ok());
            let (mut changed, place) = (bytes.clone(), place.index(bytes.len()));
            changed[place] = changed[place].wrapping_add(by);
            prop_assert!(seal.check(Content::Register, &changed).is_err());
            prop_assert!(seal.check(Content::Register, &bytes[1..]).is_err());
        }
    }
}
