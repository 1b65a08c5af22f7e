//! Does the slice of the audit trail agree with a checkpoint that was kept elsewhere?
//!
//! A checkpoint is a signed note of a transparency log (C2SP signed-note): origin, number of entries, a hash over the
//! heads, one line for each head, an empty line, the signature.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::super::about::About;
use super::super::trail::hash_at;
use super::{Ed25519, Fault};

/// The longest note that is read, in bytes.
const NOTE_MAX: usize = 4 * 1024 * 1024;
/// The kind of signature in a note: Ed25519.
const ALGORITHM: u8 = 1;

/// Where a chain stood.
struct Head<'n> {
    sequence: i64,
    hash: &'n str,
    chain: &'n str,
}

/// Compares the slice with the head that the note has of its chain.
pub(super) fn check(note: &str, slice: &str, about: &About, ed25519: Ed25519<'_>, faults: &mut Vec<Fault>) {
    let heads = match open(note, &about.checkpoint_key, ed25519) {
        Ok(heads) => heads,
        Err(why) => return faults.push(Fault::Checkpoint(why)),
    };
    let Some(head) = heads.into_iter().find(|it| it.chain == about.trail.chain) else {
        return faults.push(Fault::Checkpoint("it does not name the chain of this pack"));
    };
    // Before the first entry there is nothing to compare, and a trail that begins later is told of by itself.
    if head.sequence <= 0 {
        return;
    }
    match hash_at(slice, about.profile, head.sequence) {
        Some(hash) if hash == head.hash => {}
        Some(_) => faults.push(Fault::Rewritten(head.sequence)),
        None if head.sequence > about.trail.last => {
            faults.push(Fault::TailCut { last: about.trail.last, checkpoint: head.sequence });
        }
        None => faults.push(Fault::Rewritten(head.sequence)),
    }
}

/// The heads of a note that the key signed.
fn open<'n>(note: &'n str, key: &str, ed25519: Ed25519<'_>) -> Result<Vec<Head<'n>>, &'static str> {
    const FORM: &str = "it is not in the form of one";
    if note.len() > NOTE_MAX {
        return Err("it is too large");
    }
    let (text, signature) = note.split_once("\n\n").ok_or(FORM)?;
    let mut lines = text.lines();
    let origin = lines.next().ok_or(FORM)?;
    // The key as the command line prints it: the name, the id of the key, and the key behind its kind.
    let bytes = key.splitn(3, '+').nth(2).and_then(|it| STANDARD.decode(it).ok());
    let public = bytes.as_deref().and_then(|it| it.strip_prefix(&[ALGORITHM]));
    let public = public.and_then(|it| <[u8; 32]>::try_from(it).ok()).ok_or("the pack names no key of checkpoints")?;
    if origin != format!("plumbline/{}", hex::encode(&Sha256::digest(public)[..8])) {
        return Err("it was made by another installation, or with another key");
    }
    let signed = signature.strip_prefix(&format!("\u{2014} {origin} ")).and_then(|it| it.strip_suffix('\n'));
    let signed = signed.and_then(|it| STANDARD.decode(it).ok()).ok_or(FORM)?;
    // The first four bytes name the key.
    let signature = signed.get(4..).and_then(|it| <[u8; 64]>::try_from(it).ok()).ok_or(FORM)?;
    if !ed25519(&public, format!("{text}\n").as_bytes(), &signature) {
        return Err("its signature does not fit: it was changed");
    }
    lines.skip(2).map(head).collect::<Option<_>>().ok_or(FORM)
}

fn head(line: &str) -> Option<Head<'_>> {
    let mut parts = line.strip_prefix("head ")?.splitn(3, ' ');
    let (sequence, hash, chain) = (parts.next()?.parse().ok()?, parts.next()?, parts.next()?);
    Some(Head { sequence, hash, chain })
}
