//! Secrets that must be read again, such as that of an authenticator app, are sealed before they are stored.
//!
//! XChaCha20-Poly1305 with a key that is not in the database. What is sealed is bound to its account: moved into the
//! row of another account it does not open.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

use crate::clock::random;
use crate::error::StoreError;

/// Bytes of a nonce: enough to be taken at random for every message.
const NONCE: usize = 24;

/// The key under which secrets are sealed. Kept outside the database.
#[derive(Clone)]
pub struct SealingKey([u8; 32]);

impl SealingKey {
    /// A key of 256 random bits.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bits themselves, to derive another key from.
    pub(crate) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals a secret for an owner, as hexadecimal text: the nonce, then what it was turned into.
    pub(crate) fn seal(&self, owner: &[u8], secret: &[u8]) -> Result<String, StoreError> {
        let nonce: [u8; NONCE] = random()?;
        let sealed = self.cipher().encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: owner });
        let sealed = sealed.map_err(|_| StoreError::Seal("a secret could not be sealed"))?;
        Ok(hex::encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Opens what was sealed for this owner with this key.
    pub(crate) fn open(&self, owner: &[u8], sealed: &str) -> Result<Vec<u8>, StoreError> {
        let bytes = hex::decode(sealed).map_err(|_| StoreError::Seal("a sealed secret is not hexadecimal"))?;
        let (nonce, sealed) =
            bytes.split_first_chunk::<NONCE>().ok_or(StoreError::Seal("a sealed secret is too short"))?;
        let opened = self.cipher().decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: owner });
        opened.map_err(|_| StoreError::Seal("a secret does not open: it was sealed with another key, or changed"))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(self.0))
    }
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SealingKey(hidden)")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_for_its_owner_with_its_key_only() {
        let key = SealingKey::new([7; 32]);
        let sealed = key.seal(b"lead", b"twenty bytes of seed").unwrap();
        assert_eq!(key.open(b"lead", &sealed).unwrap(), b"twenty bytes of seed");
        assert_ne!(key.seal(b"lead", b"twenty bytes of seed").unwrap(), sealed, "never the same twice");
        assert!(!sealed.contains(&hex::encode("twenty")));
        assert!(key.open(b"other", &sealed).is_err());
        assert!(SealingKey::new([8; 32]).open(b"lead", &sealed).is_err());
        let flipped = format!("{}{}", &sealed[..sealed.len() - 1], if sealed.ends_with('0') { '1' } else { '0' });
        for broken in [flipped.as_str(), "", "00", "no hexadecimal"] {
            assert!(key.open(b"lead", broken).is_err(), "{broken}");
        }
    }
}
