//! The files of a pack: by name, each either in memory or known by its hash.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// The files of a pack, by name, in the order of the bytes of their names.
pub type Files = BTreeMap<String, Content>;

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// A file that lies elsewhere: whoever writes or reads the archive streams it.
    Kept {
        /// SHA-256 in hexadecimal.
        sha256: String,
        /// How many bytes.
        bytes: u64,
    },
}

impl Content {
    /// SHA-256 in hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> String {
        match self {
            Self::Bytes(bytes) => hex::encode(Sha256::digest(bytes)),
            Self::Kept { sha256, .. } => sha256.clone(),
        }
    }

    /// The bytes, where they are in memory.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Kept { .. } => None,
        }
    }

    /// The bytes as text, where they are in memory and are one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.bytes().and_then(|bytes| std::str::from_utf8(bytes).ok())
    }

    /// How many bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Kept { bytes, .. } => *bytes,
        }
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::Bytes(text.into_bytes())
    }
}

/// Whether a name is one that a file of a pack may have: short, of plain characters, and never leading out of the
/// folder into which somebody unpacks it.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(plain);
    name.len() <= NAME_MAX && name.split('/').all(part)
}

/// The longest name of a file, in bytes.
pub const NAME_MAX: usize = 200;

/// A text as a part of the name of a file: small letters, digits and dashes, at most 40.
#[must_use]
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars() {
        if slug.len() >= 40 {
            break;
        }
        match character.to_ascii_lowercase() {
            plain if plain.is_ascii_alphanumeric() => slug.push(plain),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "unnamed".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_leads_out_of_its_folder() {
        for good in ["MANIFEST.sha256", "evidence/ab12-report.pdf", "05_dataflow_a_b.svg"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "/etc/passwd", "../a", "a/../b", "a//b", "a/", ".ssh", "a b", "a\\b", "a\0", "ä", "C:x"] {
            assert!(!is_name(bad), "{bad}");
        }
        assert!(!is_name(&"a".repeat(NAME_MAX + 1)));
    }

    #[test]
    fn a_slug_is_short_and_plain() {
        assert_eq!(slug("E-commerce / Über"), "e-commerce-ber");
        assert_eq!(slug("///"), "unnamed");
        assert!(slug(&"x".repeat(99)).len() == 40);
    }
}
