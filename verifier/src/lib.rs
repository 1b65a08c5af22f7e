//! What `verify.html` does with a pack: it reads the archive or the folder in slices, verifies it, computes scope and
//! findings again, and shows what another fact would change.
//!
//! Everything is plain Rust that knows no browser. [`page`] alone is what the script of the page calls; it takes bytes and
//! gives JSON.

pub mod folder;
pub mod page;
pub mod reader;
mod sink;
pub mod told;
pub mod whatif;

use domain::pack::Files;
use domain::pack::verify::{Report, Trust, verify};

/// The cryptography: whether the signature with Ed25519 fits (RFC 8032). Keys and signatures that fit more than one message
/// are refused.
#[must_use]
pub fn ed25519(public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    let signature = ed25519_dalek::Signature::from_bytes(signature);
    ed25519_dalek::VerifyingKey::from_bytes(public).is_ok_and(|key| key.verify_strict(message, &signature).is_ok())
}

/// Verifies files with what somebody typed in: a public key or its fingerprint, and a checkpoint; each may be empty.
///
/// # Errors
/// What was typed in as a key is none, as a sentence.
pub fn verified(files: &Files, key: &str, checkpoint: &str) -> Result<Report, String> {
    let key = match key.trim() {
        "" => None,
        text => Some(text.parse().map_err(|why| format!("This is no public key and no fingerprint: {why}."))?),
    };
    // What is pasted loses the end of its last line, and gets that of another system.
    let note = checkpoint.replace("\r\n", "\n");
    let note = note.trim();
    let note = (!note.is_empty()).then(|| format!("{note}\n"));
    Ok(verify(files, &Trust { key: key.as_ref(), checkpoint: note.as_deref(), ed25519: &ed25519 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The second test of RFC 8032, 7.1.
    #[test]
    fn a_signature_of_the_standard_fits_and_no_other() {
        let bytes = |text: &str| hex::decode(text).unwrap_or_default();
        let public = bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        let signature = bytes(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        );
        let (public, signature) = (public.try_into().unwrap_or([0; 32]), signature.try_into().unwrap_or([0; 64]));
        assert!(ed25519(&public, &[0x72], &signature));
        assert!(!ed25519(&public, &[0x73], &signature) && !ed25519(&[1; 32], &[0x72], &signature));
    }

    #[test]
    fn what_is_no_key_is_told() {
        let files = Files::new();
        assert!(verified(&files, "ssh-rsa AAAA", "").is_err_and(|it| it.contains("SHA256:")));
        assert!(verified(&files, "  ", "\n").is_ok_and(|it| !it.faults.is_empty()));
    }
}
