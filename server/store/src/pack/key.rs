//! The key with which the instance signs packs: Ed25519, derived from the key that seals secrets, so that there is one file
//! to keep.

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use sha2::{Digest, Sha256};

use crate::account::seal::SealingKey;
use crate::error::StoreError;

/// Stand before the key from which others are derived, so that none is ever used as another.
const DERIVATION: &str = "plumbline-pack-key-v1\n";
const SALT: &str = "plumbline-pack-salt-v1\n";

/// Signs packs, and salts what a redacted one hides.
pub struct PackKey {
    pair: Ed25519KeyPair,
    salt: [u8; 32],
    generation: u32,
}

impl PackKey {
    /// The key of an installation, the first one or one that came after it.
    ///
    /// # Errors
    /// The cryptography refuses the bytes, which no 256 bits are known for.
    pub fn of(sealing: &SealingKey, generation: u32) -> Result<Self, StoreError> {
        let derived = |what: &str| Sha256::new().chain_update(what).chain_update(sealing.bytes()).finalize();
        let seed = match generation {
            0 | 1 => derived(DERIVATION),
            later => derived(&format!("{DERIVATION}{later}\n")),
        };
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed);
        let pair = pair.map_err(|_| StoreError::Seal("no key to sign packs with can be derived"))?;
        Ok(Self { pair, salt: derived(SALT).into(), generation })
    }

    /// Which of the installation's keys it is, from 1.
    #[must_use]
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.pair.public_key().as_ref());
        bytes
    }

    /// The signature over some bytes.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        let mut bytes = [0; 64];
        bytes.copy_from_slice(self.pair.sign(message).as_ref());
        bytes
    }

    /// The salt of what is hidden in packs of one state: the same for the same state, and nobody's guess without the key.
    #[must_use]
    pub(crate) fn salt(&self, state: &str) -> [u8; 32] {
        Sha256::new().chain_update(self.salt).chain_update(state).finalize().into()
    }
}

/// Whether a public key signed a message.
#[must_use]
pub fn verifies(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    UnparsedPublicKey::new(&ED25519, public).verify(message, signature).is_ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_key_signs_and_salts_for_one_installation() {
        let (one, other) =
            (PackKey::of(&SealingKey::new([1; 32]), 1).unwrap(), PackKey::of(&SealingKey::new([2; 32]), 1).unwrap());
        let signature = one.sign(b"list");
        assert!(verifies(&one.public(), b"list", &signature));
        assert!(!verifies(&one.public(), b"lis1", &signature) && !verifies(&other.public(), b"list", &signature));
        let later = PackKey::of(&SealingKey::new([1; 32]), 2).unwrap();
        assert!(later.public() != one.public() && later.salt("a") == one.salt("a"));
        assert_eq!(one.salt("a"), one.salt("a"));
        assert!(one.salt("a") != one.salt("b") && one.salt("a") != other.salt("a"));
    }
}
