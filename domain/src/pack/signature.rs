//! The signature over the list of hashes in the form of OpenSSH (PROTOCOL.sshsig), as `ssh-keygen -Y verify` takes it.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use sha2::{Digest, Sha256, Sha512};

/// What the signature is for: the same key never signs the same bytes for anything else.
pub const NAMESPACE: &str = "evidence-pack";
/// Who signs, as the list of allowed signers names it.
pub const IDENTITY: &str = "plumbline";

const KIND: &str = "ssh-ed25519";
const HASH: &str = "sha512";
const MAGIC: &[u8] = b"SSHSIG";
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----\n";
const END: &str = "-----END SSH SIGNATURE-----\n";
/// Characters of a line, as OpenSSH breaks them.
const LINE: usize = 70;

/// The bytes that are signed for a list of hashes.
#[must_use]
pub fn signed_bytes(list: &[u8]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    push(&mut bytes, NAMESPACE.as_bytes());
    push(&mut bytes, b"");
    push(&mut bytes, HASH.as_bytes());
    push(&mut bytes, &Sha512::digest(list));
    bytes
}

/// The file of a signature.
#[must_use]
pub fn write(public: &[u8; 32], signature: &[u8; 64]) -> String {
    let mut signed = Vec::new();
    push(&mut signed, KIND.as_bytes());
    push(&mut signed, signature);
    let mut bytes = MAGIC.to_vec();
    bytes.extend(1_u32.to_be_bytes());
    push(&mut bytes, &wire(public));
    push(&mut bytes, NAMESPACE.as_bytes());
    push(&mut bytes, b"");
    push(&mut bytes, HASH.as_bytes());
    push(&mut bytes, &signed);
    let text = STANDARD.encode(bytes);
    let mut file = BEGIN.to_owned();
    for line in text.as_bytes().chunks(LINE) {
        file.extend(line.iter().map(|byte| char::from(*byte)));
        file.push('\n');
    }
    file.push_str(END);
    file
}

/// The key and the signature in a file of [`write()`]; `None` for anything else.
#[must_use]
pub fn read(file: &str) -> Option<([u8; 32], [u8; 64])> {
    let text: String = file.strip_prefix(BEGIN)?.strip_suffix(END)?.split('\n').collect();
    let bytes = STANDARD.decode(text).ok()?;
    let rest = bytes.strip_prefix(MAGIC)?.strip_prefix(&1_u32.to_be_bytes())?;
    let (key, rest) = pull(rest)?;
    let (_namespace, rest) = pull(rest)?;
    let (_reserved, rest) = pull(rest)?;
    let (_hash, rest) = pull(rest)?;
    let (signed, _) = pull(rest)?;
    let public = unwired(key)?;
    let signature: [u8; 64] = pull(pull(signed)?.1)?.0.try_into().ok()?;
    // What is read must be written the same again, so that every byte of the file counts.
    (write(&public, &signature) == file).then_some((public, signature))
}

/// The list of those who may sign: one key.
#[must_use]
pub fn signers(public: &[u8; 32]) -> String {
    format!("{IDENTITY} namespaces=\"{NAMESPACE}\" {}\n", line(public))
}

/// The key in a list of [`signers`]; `None` for anything else.
#[must_use]
pub fn signer(list: &str) -> Option<[u8; 32]> {
    let public = of_line(list.trim_end())?;
    (signers(&public) == list).then_some(public)
}

/// A public key on one line, as OpenSSH writes it.
#[must_use]
pub fn line(public: &[u8; 32]) -> String {
    format!("{KIND} {}", STANDARD.encode(wire(public)))
}

/// The fingerprint of a public key, as `ssh-keygen -l` prints it.
#[must_use]
pub fn fingerprint(public: &[u8; 32]) -> String {
    format!("SHA256:{}", STANDARD_NO_PAD.encode(Sha256::digest(wire(public))))
}

/// A key that somebody trusts: got on another way than with the pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrustedKey {
    /// The key.
    Key([u8; 32]),
    /// Its fingerprint.
    Fingerprint(String),
}

impl TrustedKey {
    /// Whether it is this key.
    #[must_use]
    pub fn is(&self, public: &[u8; 32]) -> bool {
        match self {
            Self::Key(key) => key == public,
            Self::Fingerprint(text) => *text == fingerprint(public),
        }
    }
}

impl fmt::Display for TrustedKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => out.write_str(&fingerprint(key)),
            Self::Fingerprint(text) => out.write_str(text),
        }
    }
}

/// A text is no public key and no fingerprint of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write the public key as one line, ssh-ed25519 AAAA.., or its fingerprint, SHA256:..")]
pub struct NoKey;

impl FromStr for TrustedKey {
    type Err = NoKey;

    /// A line of a public key, with a comment or as in a list of allowed signers, or a fingerprint.
    fn from_str(text: &str) -> Result<Self, NoKey> {
        let text = text.trim();
        if let Some(hash) = text.strip_prefix("SHA256:") {
            let whole = STANDARD_NO_PAD.decode(hash).is_ok_and(|bytes| bytes.len() == 32);
            return if whole { Ok(Self::Fingerprint(text.to_owned())) } else { Err(NoKey) };
        }
        of_line(text).map(Self::Key).ok_or(NoKey)
    }
}

/// The key behind the word that names its kind.
fn of_line(text: &str) -> Option<[u8; 32]> {
    let mut words = text.split_ascii_whitespace().skip_while(|word| *word != KIND).skip(1);
    unwired(&STANDARD.decode(words.next()?).ok()?)
}

/// A public key in the form of the protocol.
fn wire(public: &[u8; 32]) -> Vec<u8> {
    let mut bytes = Vec::new();
    push(&mut bytes, KIND.as_bytes());
    push(&mut bytes, public);
    bytes
}

fn unwired(bytes: &[u8]) -> Option<[u8; 32]> {
    let (kind, rest) = pull(bytes)?;
    let (key, rest) = pull(rest)?;
    if kind == KIND.as_bytes() && rest.is_empty() { key.try_into().ok() } else { None }
}

/// Adds a string of the protocol: its length, then its bytes.
fn push(to: &mut Vec<u8>, part: &[u8]) {
    let length = u32::try_from(part.len()).expect("our own short parts");
    to.extend(length.to_be_bytes());
    to.extend(part);
}

/// Takes a string of the protocol off the front.
fn pull(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_read_in_one_form_only() {
        let (public, signature) = ([7; 32], [9; 64]);
        let file = write(&public, &signature);
        assert_eq!(read(&file), Some((public, signature)));
        assert!(file.lines().all(|line| line.len() <= LINE));
        for place in 0..file.len() {
            let mut bytes = file.clone().into_bytes();
            bytes[place] ^= 1;
            let changed = String::from_utf8_lossy(&bytes);
            assert_ne!(read(&changed), Some((public, signature)), "byte {place}");
        }
        assert_eq!(read(&file.replace('\n', "\r\n")), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn a_key_is_trusted_by_its_line_or_its_fingerprint() {
        let public = [7; 32];
        let line = line(&public);
        assert!(line.starts_with("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"), "{line}");
        for text in [line.clone(), format!("{line} security@shop.example\n"), signers(&public), fingerprint(&public)] {
            let key: TrustedKey = text.parse().unwrap_or(TrustedKey::Key([0; 32]));
            assert!(key.is(&public) && !key.is(&[8; 32]), "{text}");
        }
        assert_eq!(signer(&signers(&public)), Some(public));
        for bad in ["", "SHA256:", "SHA256:AAAA", "ssh-rsa AAAA", "ssh-ed25519", "ssh-ed25519 AAAA"] {
            assert_eq!(bad.parse::<TrustedKey>(), Err(NoKey), "{bad}");
        }
    }
}
