//! Is a pack what was made? Told from nothing but its files, and what somebody trusts beside them.
//!
//! Everything is checked as far as it can be, also after something was found: whoever holds the signing key can sign a
//! changed list again, and then the seal, the audit trail and the model still tell that something was changed.

mod checkpoint;
mod decided;
mod fault;
mod listed;
mod recomputed;
mod sealed;

pub use fault::Fault;
pub use recomputed::Agreement;

use super::about::About;
use super::content::{Content, Files};
use super::signature::{self, TrustedKey};
use super::{name, trail};

/// How a signature with Ed25519 is checked: public key, message, signature.
pub type Ed25519<'v> = &'v dyn Fn(&[u8; 32], &[u8], &[u8; 64]) -> bool;

/// What somebody trusts beside the pack.
#[derive(Clone, Copy)]
pub struct Trust<'v> {
    /// The key that signs packs, got on another way than with the pack.
    pub key: Option<&'v TrustedKey>,
    /// A checkpoint of the audit trail that was kept elsewhere, made when the pack was sealed or before.
    pub checkpoint: Option<&'v str>,
    /// The cryptography.
    pub ed25519: Ed25519<'v>,
}

/// What came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is what was made, by the key that is trusted.
    Intact,
    /// Nothing in it contradicts itself, and nobody said whose key signs.
    SignerUnknown,
    /// Something was altered.
    Altered,
}

impl Verdict {
    /// The verdict in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Intact => "intact",
            Self::SignerUnknown => "intact, signer not known",
            Self::Altered => "altered",
        }
    }
}

/// Everything that there is to say of a pack.
#[derive(Debug, Clone)]
pub struct Report {
    /// The verdict.
    pub verdict: Verdict,
    /// Everything that is not as it was made, in the order in which it is checked.
    pub faults: Vec<Fault>,
    /// What the pack says of itself, where that can be read.
    pub about: Option<About>,
    /// The fingerprint of the key that signed, where there is a signature.
    pub signer: Option<String>,
    /// How much of what was computed again agrees, where the model can be read.
    pub agreement: Option<Agreement>,
}

/// Verifies the files of a pack.
#[must_use]
pub fn verify(files: &Files, trust: &Trust<'_>) -> Report {
    let mut faults = listed::check(files);
    let signer = signed(files, trust, &mut faults);
    let about = text(files, name::ABOUT).and_then(About::read);
    let mut agreement = None;
    match &about {
        None => faults.push(Fault::About),
        Some(about) => {
            sealed::check(files, about, trust.ed25519, &mut faults);
            let slice = text(files, name::TRAIL);
            match slice {
                None => faults.push(Fault::Unreadable(name::TRAIL.to_owned())),
                Some(slice) => {
                    faults.extend(trail::check(slice, &about.trail, about.profile).into_iter().map(Fault::Trail));
                    if let Some(note) = trust.checkpoint {
                        checkpoint::check(note, slice, about, trust.ed25519, &mut faults);
                    }
                }
            }
            agreement = recomputed::check(files, about, &mut faults);
        }
    }
    let verdict = match (faults.is_empty(), trust.key) {
        (false, _) => Verdict::Altered,
        (true, Some(_)) => Verdict::Intact,
        (true, None) => Verdict::SignerUnknown,
    };
    Report { verdict, faults, about, signer: signer.map(|key| signature::fingerprint(&key)), agreement }
}

/// Checks the signature over the list; gives the key that made it.
fn signed(files: &Files, trust: &Trust<'_>, faults: &mut Vec<Fault>) -> Option<[u8; 32]> {
    let Some(file) = files.get(name::SIGNATURE) else {
        faults.push(Fault::Missing(name::SIGNATURE.to_owned()));
        return None;
    };
    let Some((public, signature)) = file.text().and_then(signature::read) else {
        faults.push(Fault::SignatureForm);
        return None;
    };
    if let Some(list) = files.get(name::MANIFEST).and_then(Content::bytes)
        && !(trust.ed25519)(&public, &signature::signed_bytes(list), &signature)
    {
        faults.push(Fault::Signature);
    }
    if text(files, name::SIGNERS).and_then(signature::signer) != Some(public) {
        faults.push(Fault::Signers);
    }
    if let Some(key) = trust.key.filter(|key| !key.is(&public)) {
        faults.push(Fault::OtherKey { trusted: key.to_string(), found: signature::fingerprint(&public) });
    }
    Some(public)
}

fn text<'f>(files: &'f Files, name: &str) -> Option<&'f str> {
    files.get(name).and_then(Content::text)
}
