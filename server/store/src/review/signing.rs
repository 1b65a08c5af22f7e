//! The key with which the instance signs seals: Ed25519, derived from the key that seals secrets, so that there is one file
//! to keep.

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use sha2::{Digest, Sha256};

use crate::account::seal::SealingKey;
use crate::error::StoreError;

/// Stands before the key from which the signing key is derived, so that neither is ever used as the other.
const DERIVATION: &str = "plumbline-seal-key-v1\n";

/// Signs seals, and verifies what it signed.
pub(crate) struct SealSigner(Ed25519KeyPair);

impl SealSigner {
    /// The key of an installation.
    pub(crate) fn of(sealing: &SealingKey) -> Result<Self, StoreError> {
        let seed = Sha256::new().chain_update(DERIVATION).chain_update(sealing.bytes()).finalize();
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed);
        pair.map(Self).map_err(|_| StoreError::Seal("no key to sign seals with can be derived"))
    }

    /// The public key in hexadecimal: with it anybody can verify, with any tool.
    pub(crate) fn public(&self) -> String {
        hex::encode(self.0.public_key().as_ref())
    }

    /// The signature over a payload.
    pub(crate) fn sign(&self, payload: &[u8]) -> Vec<u8> {
        self.0.sign(payload).as_ref().to_vec()
    }

    /// Whether this key signed the payload. What another key signed is not ours.
    pub(crate) fn verify(&self, payload: &[u8], signature: &[u8], key: &str) -> bool {
        key == self.public()
            && UnparsedPublicKey::new(&ED25519, self.0.public_key().as_ref()).verify(payload, signature).is_ok()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_of_one_payload_and_one_key() {
        let (one, other) =
            (SealSigner::of(&SealingKey::new([1; 32])).unwrap(), SealSigner::of(&SealingKey::new([2; 32])).unwrap());
        let signature = one.sign(b"seal");
        assert!(one.verify(b"seal", &signature, &one.public()));
        assert!(!one.verify(b"sea1", &signature, &one.public()));
        assert!(!one.verify(b"seal", &signature, &other.public()));
        assert!(!other.verify(b"seal", &signature, &other.public()));
    }
}
