//! Makes the files of a pack.

use std::collections::BTreeMap;

use super::about::{About, Named};
use super::archive::{ELSEWHERE, UNPACKED_MAX};
use super::content::{Content, Files};
use super::derived::Derived;
use super::profile::Profile;
use super::redaction::Veil;
use super::source::{SealedState, Source};
use super::{guide, manifest, name, registers, requirements, signature, statement, trail};
use crate::evidence::Index;
use crate::export::model_file::to_json;
use crate::model::reader::{ReadError, read_json};
use crate::review::access::Access;
use crate::review::outcome::Engine;
use crate::review::seal;
use crate::review::statements::Statements;

/// Why no pack can be made from a source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// What is said to be the model is none.
    #[error("the model cannot be read: {0}")]
    Model(String),
    /// What the seal fixes is not what is there.
    #[error("what was sealed is not there as it was: {0}")]
    Sealed(&'static str),
    /// Two different files of evidence have the same name in the pack.
    #[error("two files of evidence would have the name {0} in the pack")]
    Twice(String),
    /// The files of evidence have more bytes than a pack holds.
    #[error("a pack holds files of evidence below 4 GiB each and up to {} GiB together, and these are more", EVIDENCE_MAX / GIB)]
    TooLarge,
}

const GIB: u64 = 1024 * 1024 * 1024;
/// What is left for evidence beside everything else, in bytes.
const EVIDENCE_MAX: u64 = UNPACKED_MAX - 4 * GIB;

impl Unfit {
    /// What to do about it, in a sentence.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Model(_) | Self::Sealed(_) => "Look at the seal on its page.",
            Self::Twice(_) => "Give one of them another name, and make the pack of what is sealed then.",
            Self::TooLarge => "Make a redacted one, which has their hashes only.",
        }
    }
}

impl From<ReadError> for Unfit {
    fn from(error: ReadError) -> Self {
        Self::Model(error.message)
    }
}

/// Whether a pack can be made at all, as far as that is seen before the work.
///
/// # Errors
/// There is more evidence than a pack holds.
pub fn fits(source: &Source) -> Result<(), Unfit> {
    // One file of two items is there once.
    let files: BTreeMap<String, u64> = source.evidence.iter().map(|it| (it.path(), it.bytes)).collect();
    let bytes = files.values().fold(0_u64, |sum, it| sum.saturating_add(*it));
    let fits = bytes <= EVIDENCE_MAX && files.values().all(|it| *it < u64::from(ELSEWHERE));
    if source.profile == Profile::Redacted || fits { Ok(()) } else { Err(Unfit::TooLarge) }
}

/// Every file of a pack, signed: `sign` makes the signature with Ed25519 over the bytes that it is given.
///
/// # Errors
/// The source does not fit together, or what `sign` fails with.
pub fn files<E: From<Unfit>>(source: &Source, sign: impl FnOnce(&[u8]) -> Result<[u8; 64], E>) -> Result<Files, E> {
    let mut files = unsigned(source)?;
    let list = manifest::write(&files);
    let signed = sign(&signature::signed_bytes(list.as_bytes()))?;
    files.insert(name::SIGNATURE.to_owned(), signature::write(&source.public_key, &signed).into());
    files.insert(name::MANIFEST.to_owned(), list.into());
    Ok(files)
}

/// What a seal fixes, by the names of the files, but for the model. What it does not fix is left out: somebody else put it
/// there.
fn sealed_files(it: &SealedState, model: &str) -> Result<Files, Unfit> {
    let mut files = Files::new();
    for content in it.seal.contents.keys() {
        let text = match content {
            seal::Content::Snapshot => Some(model),
            _ => it.contents.get(content).map(String::as_str),
        };
        let name = match content {
            seal::Content::Snapshot => None,
            seal::Content::Outcome => Some(name::OUTCOME),
            seal::Content::Register => Some(name::REGISTER),
            seal::Content::Review => Some(name::REVIEW),
            seal::Content::Evidence => Some(name::SEALED_EVIDENCE),
            seal::Content::Access => Some(name::SEALED_ACCESS),
            seal::Content::Statements => Some(name::SEALED_STATEMENTS),
        };
        let is_read = |text: &str| match content {
            seal::Content::Evidence => Index::read(text).is_some(),
            seal::Content::Access => Access::read(text).is_some(),
            seal::Content::Statements => Statements::read(text).is_some(),
            _ => true,
        };
        let text = text.filter(|it_is| it.seal.check(*content, it_is.as_bytes()).is_ok() && is_read(it_is));
        let text = text.ok_or(Unfit::Sealed(content.label()))?;
        files.extend(name.map(|name| (name.to_owned(), text.to_owned().into())));
    }
    files.insert(name::SEAL.to_owned(), it.sealed.content.clone().into());
    Ok(files)
}

/// The files that say what people decided: of a seal, they follow from what it fixes and from the model.
pub(super) fn decided(source: &Source, derived: &Derived, veil: &Veil) -> Files {
    let mut files: Files =
        requirements::all(source, derived, veil).into_iter().map(|(name, it)| (name, it.into())).collect();
    files.extend(registers::all(source, veil).into_iter().map(|(name, it)| (name.to_owned(), it.into())));
    files.insert(name::STATEMENT.to_owned(), statement::write(source, derived, veil).into());
    files
}

/// Every file that is signed.
fn unsigned(source: &Source) -> Result<Files, Unfit> {
    let (stored, _) = read_json(source.model.as_bytes())?;
    let veil = Veil::new(source.profile, source.salt, &stored);
    let model = match source.profile {
        // To the byte what a seal fixes.
        Profile::Full => source.model.clone(),
        Profile::Auditor | Profile::Redacted => to_json(&veil.model(&stored)),
    };
    drop(stored);
    let derived = Derived::of(&model, source.as_of, source.at)?;
    let mut files = derived.files();
    // What the rules said when it was sealed is there as well; where they changed since, the verifier names each difference.
    let of_seal = source.sealed.as_ref().map(|it| sealed_files(it, &source.model)).transpose()?;
    let sealed = source.sealed.as_ref().filter(|_| source.profile != Profile::Redacted);
    if sealed.is_some() {
        files.extend(of_seal.unwrap_or_default());
    }
    let about = About {
        version: About::current_version(),
        profile: source.profile,
        workspace: source.workspace.clone(),
        seal: source.sealed.as_ref().map(|it| Named {
            key: it.seal.key,
            hash: it.sealed.hash.clone(),
            signature: it.sealed.signature.clone(),
            signed_with: it.sealed.signed_with.clone(),
        }),
        as_of: source.as_of,
        at: source.at,
        engine: sealed.map_or_else(Engine::current, |it| it.seal.engine.clone()),
        made_with: Engine::current().version(),
        trail: source.span(),
        checkpoint_key: source.checkpoint_key.clone(),
    };
    let slice = trail::file(&source.trail, source.profile);
    let mut add = |name: &str, text: String| files.insert(name.to_owned(), text.into());
    add(name::ABOUT, about.bytes());
    add(name::MODEL, model);
    add(name::CHANGES, trail::changes(&slice).csv());
    add(name::TRAIL, slice);
    add("VERIFY.md", guide::verify(source, &about));
    add(name::SIGNERS, signature::signers(&source.public_key));
    files.extend(decided(source, &derived, &veil));
    let made = [(name::REPORT, &source.report), (name::PAGE, &source.page)];
    files.extend(made.into_iter().filter_map(|(name, it)| Some((name.to_owned(), Content::Bytes(it.clone()?)))));
    if source.profile != Profile::Redacted {
        for it in &source.evidence {
            let content = Content::Kept { sha256: it.sha256.clone(), bytes: it.bytes };
            // One content may belong to several items; two contents never share a name.
            if files.insert(it.path(), content.clone()).is_some_and(|before| before != content) {
                return Err(Unfit::Twice(it.path()));
            }
        }
    }
    let readme = guide::readme(source, &about, &veil.text(&source.name), &files);
    files.insert("00_README.md".to_owned(), readme.into());
    Ok(files)
}
