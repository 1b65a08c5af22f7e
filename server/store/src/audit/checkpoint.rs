//! Checkpoints: where every audit chain stood at one moment, signed, to be kept where the database is not.
//!
//! A chain proves that nothing in it was changed, and nothing about its end: whoever holds the database can cut the
//! newest entries off, or compute all of them anew. A checkpoint that was kept elsewhere shows both.
//!
//! The form is that of a signed note of a transparency log (C2SP signed-note and tlog-checkpoint): origin, number of
//! entries, a hash over the heads, then one line for each head; an empty line; the signature with Ed25519. Any tool
//! for such notes can check it with the public key.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use sha2::{Digest, Sha256};

use super::verify::Head;
use crate::account::seal::SealingKey;
use crate::error::StoreError;

/// Stands before the key from which the signing key is derived, so that neither is ever used as the other.
const DERIVATION: &str = "plumbline-checkpoint-v1\n";

/// The kind of signature in a note: Ed25519.
const ALGORITHM: u8 = 1;

/// Longest note that is read, in bytes: more workspaces than anybody has.
const NOTE_MAX: usize = 4 * 1024 * 1024;

/// Signs checkpoints. Derived from the key with which secrets are sealed, so that there is one key to keep.
pub struct CheckpointKey(Ed25519KeyPair);

/// With what checkpoints are verified: anybody may have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckpointPublicKey([u8; 32]);

/// Why a note is no checkpoint of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteProblem {
    /// It does not have the form of one, to the byte.
    Form,
    /// It was made by an installation with another key.
    Origin,
    /// It was changed after it was signed.
    Signature,
}

impl fmt::Display for NoteProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Form => "it is no checkpoint, or not exactly as it was written",
            Self::Origin => "its origin is another installation, or the key was replaced since",
            Self::Signature => "its signature does not fit: it was changed",
        })
    }
}

impl CheckpointKey {
    /// The key of an installation.
    ///
    /// # Errors
    /// The cryptography refuses the bytes, which no 256 bits are known for.
    pub fn of(sealing: &SealingKey) -> Result<Self, StoreError> {
        let seed = Sha256::new().chain_update(DERIVATION).chain_update(sealing.bytes()).finalize();
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed);
        pair.map(Self).map_err(|_| StoreError::Seal("no key to sign checkpoints with can be derived"))
    }

    /// With what the checkpoints of this key are verified.
    #[must_use]
    pub fn public(&self) -> CheckpointPublicKey {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.0.public_key().as_ref());
        CheckpointPublicKey(bytes)
    }

    /// The signed note of where the chains stand.
    #[must_use]
    pub fn sign(&self, heads: &[Head]) -> String {
        let public = self.public();
        let (origin, text) = (public.origin(), public.text(heads));
        let signature = self.0.sign(text.as_bytes());
        let signed = [public.id(&origin).as_slice(), signature.as_ref()].concat();
        format!("{text}\n\u{2014} {origin} {}\n", encode(&signed))
    }
}

impl CheckpointPublicKey {
    /// The name of the installation: a hash of the key, which is random.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("plumbline/{}", hex::encode(&Sha256::digest(self.0)[..8]))
    }

    /// Where the chains stood, of a note that this key signed and nobody changed since.
    ///
    /// # Errors
    /// Why it is none.
    pub fn open(&self, note: &str) -> Result<Vec<Head>, NoteProblem> {
        if note.len() > NOTE_MAX {
            return Err(NoteProblem::Form);
        }
        let (text, signature) = note.split_once("\n\n").ok_or(NoteProblem::Form)?;
        let mut lines = text.lines();
        let origin = lines.next().ok_or(NoteProblem::Form)?;
        if origin != self.origin() {
            let is_ours = origin.strip_prefix("plumbline/").is_some_and(|it| it.len() == 16);
            return Err(if is_ours { NoteProblem::Origin } else { NoteProblem::Form });
        }
        let heads: Option<Vec<Head>> = lines.skip(2).map(head).collect();
        let heads = heads.ok_or(NoteProblem::Form)?;
        // What is read must be written the same again: there is one note for one state, and no byte beside it.
        let expected = self.text(&heads);
        let signed = signature
            .strip_prefix(&format!("\u{2014} {origin} "))
            .and_then(|it| it.strip_suffix('\n'))
            .and_then(decode)
            .ok_or(NoteProblem::Form)?;
        if format!("{text}\n") != expected {
            return Err(NoteProblem::Form);
        }
        let signature = signed.strip_prefix(&self.id(origin)).ok_or(NoteProblem::Form)?;
        let key = UnparsedPublicKey::new(&ED25519, self.0);
        key.verify(expected.as_bytes(), signature).map_err(|_| NoteProblem::Signature)?;
        Ok(heads)
    }

    /// The part of a note that is signed.
    fn text(&self, heads: &[Head]) -> String {
        let lines: String = heads.iter().map(|it| format!("head {} {} {}\n", it.sequence, it.hash, it.chain)).collect();
        let entries: i64 = heads.iter().map(|it| it.sequence).fold(0, i64::saturating_add);
        format!("{}\n{entries}\n{}\n{lines}", self.origin(), encode(&Sha256::digest(&lines)))
    }

    /// The first bytes of the hash by which a signature names its key.
    fn id(&self, origin: &str) -> [u8; 4] {
        let hash: [u8; 32] =
            Sha256::new().chain_update(origin).chain_update([b'\n', ALGORITHM]).chain_update(self.0).finalize().into();
        [hash[0], hash[1], hash[2], hash[3]]
    }
}

/// As verifiers of signed notes take it: the name, the id of the key, and the key behind its kind.
impl fmt::Display for CheckpointPublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.origin();
        let key = encode(&[[ALGORITHM].as_slice(), &self.0].concat());
        write!(out, "{origin}+{}+{key}", hex::encode(self.id(&origin)))
    }
}

impl FromStr for CheckpointPublicKey {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let advice = "write the line that `plumbline audit key` prints";
        let bytes = text.splitn(3, '+').nth(2).and_then(decode).ok_or(advice)?;
        let key = bytes.strip_prefix(&[ALGORITHM]).and_then(|it| <[u8; 32]>::try_from(it).ok()).map(Self);
        key.filter(|key| key.to_string() == text).ok_or(advice)
    }
}

/// A line of a head.
fn head(line: &str) -> Option<Head> {
    let mut parts = line.strip_prefix("head ")?.splitn(3, ' ');
    let (sequence, hash, chain) = (parts.next()?, parts.next()?, parts.next()?);
    let is_hash = hash.len() == 64 && hash.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
    let sequence = sequence.parse().ok().filter(|it| *it >= 0 && is_hash)?;
    Some(Head { chain: chain.to_owned(), sequence, hash: hash.to_owned() })
}

fn encode(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.as_bytes()).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn key(byte: u8) -> CheckpointKey {
        CheckpointKey::of(&SealingKey::new([byte; 32])).unwrap()
    }

    fn heads() -> Vec<Head> {
        let head =
            |chain: &str, sequence, digit: &str| Head { chain: chain.to_owned(), sequence, hash: digit.repeat(64) };
        vec![head("instance", 7, "a"), head("workspace/shop", 12, "0")]
    }

    #[test]
    fn a_note_gives_the_heads_again_to_who_has_the_public_key() {
        let note = key(1).sign(&heads());
        let lines: Vec<&str> = note.lines().collect();
        assert_eq!(lines[1], "19", "{note}");
        assert_eq!(
            lines[3..5],
            [format!("head 7 {} instance", "a".repeat(64)), format!("head 12 {} workspace/shop", "0".repeat(64))]
        );
        let public: CheckpointPublicKey = key(1).public().to_string().parse().unwrap();
        assert_eq!(public.open(&note), Ok(heads()));
        assert_eq!(key(2).public().open(&note), Err(NoteProblem::Origin));
        assert_eq!(public.open(&key(1).sign(&[])), Ok(Vec::new()));
    }

    #[test]
    fn a_note_is_taken_to_the_byte_or_not_at_all() {
        let (note, public) = (key(1).sign(&heads()), key(1).public());
        for at in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= 1;
            if let Ok(changed) = String::from_utf8(bytes) {
                assert!(public.open(&changed).is_err(), "byte {at}: {changed}");
            }
            if note.is_char_boundary(at) {
                assert!(public.open(&note[..at]).is_err(), "cut at {at}");
            }
        }
        for more in ["\n", " ", "\u{2014} other AAAA\n"] {
            assert_eq!(public.open(&format!("{note}{more}")), Err(NoteProblem::Form), "{more:?}");
        }
        let other = heads().into_iter().rev().collect::<Vec<_>>();
        let forged = note.replace(public.text(&heads()).as_str(), &public.text(&other));
        assert_eq!(public.open(&forged), Err(NoteProblem::Signature));
    }

    #[test]
    fn a_public_key_is_read_as_it_is_printed_and_not_otherwise() {
        let text = key(1).public().to_string();
        assert_eq!(text.parse(), Ok(key(1).public()));
        for wrong in ["", "plumbline", &text[1..], &text[..text.len() - 1], &text.replace("plumbline", "other")] {
            assert!(wrong.parse::<CheckpointPublicKey>().is_err(), "{wrong}");
        }
    }
}
