//! The evidence pack: everything that an assessor needs, as files that anybody can verify and compute again.
//!
//! [`files`] is a pure function of what was sealed, a [`Profile`] and the key that signs: the same source gives the same
//! bytes. What follows from the model alone is made by [`derived`], which reads nothing but the bytes of the model in
//! the pack; [`verify`] runs it again and compares line by line. [`manifest`] lists the hash of every file, and
//! [`signature`] is the form in which `ssh-keygen -Y verify` takes the signature over that list.

pub mod about;
pub mod archive;
pub mod content;
mod contents;
pub mod derived;
mod diagram;
mod drawings;
mod guide;
pub mod job;
mod made;
pub mod manifest;
mod paper;
pub mod profile;
mod redaction;
mod registers;
mod requirements;
pub mod scan;
pub mod signature;
pub mod source;
mod statement;
mod table;
mod tables;
#[cfg(test)]
mod tests;
pub mod trail;
pub mod verify;

pub use about::About;
pub use content::{Content, Files};
pub use made::{Unfit, files, fits};
pub use paper::scope_report;
pub use profile::Profile;
pub use source::{Evidence, Member, Requirements, SealedState, Source};

/// The names of the files that other parts of the pack refer to.
pub mod name {
    /// What the pack is, for programs.
    pub const ABOUT: &str = "pack.json";
    /// The model.
    pub const MODEL: &str = "23_model.json";
    /// The verdicts and findings in the form that a seal fixes.
    pub const OUTCOME: &str = "outcome.json";
    /// The slice of the audit trail.
    pub const TRAIL: &str = "24_audit_log.jsonl";
    /// What changed, from the audit trail.
    pub const CHANGES: &str = "21_changes.csv";
    /// The seal, as it was signed.
    pub const SEAL: &str = "seal/seal.json";
    /// The register as it was sealed.
    pub const REGISTER: &str = "seal/register.json";
    /// The review as it was sealed.
    pub const REVIEW: &str = "seal/review.json";
    /// The index of the evidence as it was sealed.
    pub const SEALED_EVIDENCE: &str = "seal/evidence.json";
    /// The members as they were sealed.
    pub const SEALED_ACCESS: &str = "seal/access.json";
    /// What people said of the entity and of requirements, as it was sealed.
    pub const SEALED_STATEMENTS: &str = "seal/statements.json";
    /// The scope statement as text.
    pub const STATEMENT: &str = "01_scope_statement.md";
    /// The report as a document, which is made outside of this crate.
    pub const REPORT: &str = "01_scope_statement.pdf";
    /// The verifier for a browser, which is made outside of this crate.
    pub const PAGE: &str = "verify.html";
    /// Where each requirement stands.
    pub const REQUIREMENTS: &str = "requirements.csv";
    /// Who does what, by vendor.
    pub const RESPONSIBILITIES: &str = "11_responsibility_matrix.csv";
    /// The folder of the evidence files.
    pub const EVIDENCE: &str = "evidence/";
    /// The list of hashes.
    pub const MANIFEST: &str = "MANIFEST.sha256";
    /// The signature over it.
    pub const SIGNATURE: &str = "MANIFEST.sha256.sig";
    /// Who may sign.
    pub const SIGNERS: &str = "allowed_signers";
}
