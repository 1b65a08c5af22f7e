//! What the files that say what people decided are made from, as far as the pack itself has it.

use super::super::about::{About, Named};
use super::super::content::{Content as File, Files};
use super::super::derived::Derived;
use super::super::made;
use super::super::name;
use super::super::redaction::Veil;
use super::super::source::{Evidence, SealedState, Source};
use crate::evidence::Index;
use crate::review::access::Access;
use crate::review::content::Registered;
use crate::review::seal::{Content, Seal, Sealed};
use crate::review::statements::Statements;

/// The files, made again from what was sealed. `None` where the pack does not have all of that: it is a draft, its texts
/// are hidden, or the seal is of before all of it was fixed.
pub(super) fn again(files: &Files, about: &About, derived: &Derived) -> Option<Files> {
    let source = source(files, about)?;
    Some(made::decided(&source, derived, &Veil::new(about.profile, source.salt, &derived.model)))
}

/// A source for those files alone: of the model and of the audit trail they take nothing that is not in `derived`.
fn source(files: &Files, about: &About) -> Option<Source> {
    let text = |name: &str| files.get(name).and_then(File::text);
    let Named { hash, signature, signed_with, .. } = about.seal.clone()?;
    let content = text(name::SEAL)?.to_owned();
    let seal: Seal = serde_json::from_str(&content).ok()?;
    let access = Access::read(text(name::SEALED_ACCESS)?)?;
    let said = Statements::read(text(name::SEALED_STATEMENTS)?)?;
    let index = Index::read(text(name::SEALED_EVIDENCE)?)?;
    let review = text(name::REVIEW)?.to_owned();
    Some(Source {
        profile: about.profile,
        workspace: about.workspace.clone(),
        name: access.name,
        model: String::new(),
        sealed: Some(SealedState {
            sealed: Sealed { content, hash, signature, signed_with },
            seal,
            contents: [(Content::Review, review)].into(),
        }),
        as_of: about.as_of,
        at: about.at,
        register: Registered::read(text(name::REGISTER)?)?,
        entity: said.entity,
        trail: Vec::new(),
        chain: String::new(),
        members: access.members,
        evidence: Evidence::of(&index),
        index,
        requirements: said.requirements,
        // Nothing is hidden here, so nothing is salted.
        salt: [0; 32],
        report: None,
        page: None,
        public_key: [0; 32],
        checkpoint_key: String::new(),
    })
}
