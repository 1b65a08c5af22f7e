//! Is the seal whole, and is the pack what it fixes?

use super::super::about::{About, Named};
use super::super::content::{Content as File, Files};
use super::super::name;
use super::super::profile::Profile;
use super::{Ed25519, Fault};
use crate::review::seal::{Content, Seal, Sealed, payload};

/// Looks at the seal of a pack, where it has one.
pub(super) fn check(files: &Files, about: &About, ed25519: Ed25519<'_>, faults: &mut Vec<Fault>) {
    let Some(named) = &about.seal else { return };
    let mut wrong = |why: String| faults.push(Fault::Seal(why));
    let verify = |payload: &[u8], signature: &[u8], key: &str| verifies(ed25519, payload, signature, key);
    if about.profile == Profile::Redacted {
        // What it says is not in the pack; that the instance signed its hash can be told.
        let signature = hex::decode(&named.signature).unwrap_or_default();
        if !verify(&payload(&named.hash), &signature, &named.signed_with) {
            wrong("its signature does not belong to its hash".to_owned());
        }
        return;
    }
    let Some(content) = files.get(name::SEAL).and_then(File::text) else {
        return wrong("it is not there".to_owned());
    };
    let Named { hash, signature, signed_with, .. } = named.clone();
    match (Sealed { content: content.to_owned(), hash, signature, signed_with }).read(&verify) {
        Err(why) => wrong(why.to_string()),
        Ok(seal) => fixed(files, about, named, &seal).into_iter().for_each(wrong),
    }
}

/// What of the pack is not what the seal fixes.
fn fixed(files: &Files, about: &About, named: &Named, seal: &Seal) -> Vec<String> {
    let mut wrong = Vec::new();
    let said = [
        (seal.key == named.key, "its key is another one"),
        (seal.workspace == about.workspace, "it is of another workspace"),
        ((seal.as_of, seal.sealed_at) == (about.as_of, about.at), "it is of another day"),
        (seal.engine == about.engine, "another engine computed it"),
        (seal.audit_head == about.trail.head, "the audit trail in the pack does not end where it does"),
    ];
    wrong.extend(said.into_iter().filter(|(holds, _)| !holds).map(|(_, why)| why.to_owned()));
    let beside = [
        // Without addresses the bytes are others; what follows from the model is the same.
        (Content::Snapshot, name::MODEL, about.profile == Profile::Full),
        (Content::Outcome, name::OUTCOME, true),
        (Content::Register, name::REGISTER, seal.contents.contains_key(&Content::Register)),
        (Content::Review, name::REVIEW, seal.contents.contains_key(&Content::Review)),
        // Seals of before there was evidence fix no index of it, and older ones neither members nor requirements.
        (Content::Evidence, name::SEALED_EVIDENCE, seal.contents.contains_key(&Content::Evidence)),
        (Content::Access, name::SEALED_ACCESS, seal.contents.contains_key(&Content::Access)),
        (Content::Statements, name::SEALED_STATEMENTS, seal.contents.contains_key(&Content::Statements)),
    ];
    // Beside what was sealed nothing else is called so.
    for (content, name, _) in &beside {
        if !seal.contents.contains_key(content) && files.contains_key(*name) {
            wrong.push(format!("{name} was not sealed"));
        }
    }
    for (content, name, _) in beside.into_iter().filter(|(_, _, checked)| *checked) {
        let bytes = files.get(name).and_then(File::bytes).unwrap_or_default();
        if seal.check(content, bytes).is_err() {
            wrong.push(format!("{name} is not what was sealed"));
        }
    }
    wrong
}

fn verifies(ed25519: Ed25519<'_>, payload: &[u8], signature: &[u8], key: &str) -> bool {
    let key = hex::decode(key).ok().and_then(|it| <[u8; 32]>::try_from(it).ok());
    let signature = <[u8; 64]>::try_from(signature).ok();
    key.zip(signature).is_some_and(|(key, signature)| ed25519(&key, payload, &signature))
}
