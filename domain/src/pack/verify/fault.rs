//! What can be wrong with a pack, each named.

use super::super::name;
use super::super::trail::TrailFault;

/// Something that is not as it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The list of hashes is not there, or not in its form from this line on.
    List(usize),
    /// A file of the list is not there.
    Missing(String),
    /// A file that the list does not name.
    Added(String),
    /// A file does not have the hash that the list has.
    Changed(String),
    /// What lies under that name is no text of the form that it should have.
    Unreadable(String),
    /// The signature is not in its form.
    SignatureForm,
    /// The signature does not fit the list: the list was edited, or another one was signed.
    Signature,
    /// The list of allowed signers does not name the key that signed.
    Signers,
    /// Another key signed than the one that is trusted.
    OtherKey {
        /// The fingerprint that is trusted.
        trusted: String,
        /// The fingerprint of the key that signed.
        found: String,
    },
    /// What the pack says of itself cannot be read.
    About,
    /// The seal, or what it fixes, was changed.
    Seal(String),
    /// The slice of the audit trail.
    Trail(TrailFault),
    /// The checkpoint is none of this installation, or was changed itself.
    Checkpoint(&'static str),
    /// The slice ends before an entry that the checkpoint has.
    TailCut {
        /// The last entry of the slice.
        last: i64,
        /// The entry that the checkpoint has.
        checkpoint: i64,
    },
    /// An entry is another one than the checkpoint has: the trail was written anew.
    Rewritten(i64),
    /// The model cannot be read.
    Model(String),
    /// A verdict or a finding follows otherwise from the model.
    Follows(String),
    /// A file that follows from the model is another one from this line on, counted from 1; 0 where it has no lines.
    Derived {
        /// The file.
        file: String,
        /// The line.
        line: usize,
    },
    /// A file that follows from what people decided is another one from this line on, counted as above.
    Decided {
        /// The file.
        file: String,
        /// The line.
        line: usize,
    },
}

impl Fault {
    /// The file that it is about.
    #[must_use]
    pub fn file(&self) -> &str {
        match self {
            Self::Missing(file) | Self::Added(file) | Self::Changed(file) | Self::Unreadable(file) => file,
            Self::Derived { file, .. } | Self::Decided { file, .. } => file,
            Self::List(_) => name::MANIFEST,
            Self::SignatureForm | Self::Signature | Self::OtherKey { .. } => name::SIGNATURE,
            Self::Signers => name::SIGNERS,
            Self::About => name::ABOUT,
            Self::Seal(_) => name::SEAL,
            Self::Trail(_) | Self::TailCut { .. } | Self::Rewritten(_) | Self::Checkpoint(_) => name::TRAIL,
            Self::Model(_) => name::MODEL,
            Self::Follows(_) => name::OUTCOME,
        }
    }

    /// What is wrong with that file, as one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::List(0) => "The list of hashes is missing.".to_owned(),
            Self::List(line) => format!("Line {line} was edited: it is not in the form of the list."),
            Self::Missing(_) => "The file is missing.".to_owned(),
            Self::Added(_) => "The file was added: the list does not name it.".to_owned(),
            Self::Changed(_) => "The file was changed: it does not have its hash.".to_owned(),
            Self::Unreadable(_) => "The file is not there, or is no text.".to_owned(),
            Self::SignatureForm => "The signature was changed: it is not in its form.".to_owned(),
            Self::Signature => "The signature does not fit the list of hashes: one of the two was replaced.".to_owned(),
            Self::Signers => "The key that signed is not the one that the pack allows.".to_owned(),
            Self::OtherKey { trusted, found } => format!("Another key signed: {found} instead of {trusted}."),
            Self::About => "What the pack says of itself was changed: it cannot be read.".to_owned(),
            Self::Seal(why) => format!("The seal does not hold: {why}."),
            Self::Trail(fault) => {
                let words = fault.sentence();
                format!("The audit trail was altered: {words}.")
            }
            Self::Checkpoint(why) => format!("The checkpoint cannot be used: {why}."),
            Self::TailCut { last, checkpoint } => format!(
                "The audit trail ends at entry {last}, and the checkpoint has entry {checkpoint}: its end is cut off, or \
                 the checkpoint is newer than the pack."
            ),
            Self::Rewritten(sequence) => {
                format!("Entry {sequence} is not the one that the checkpoint has: the audit trail was written anew.")
            }
            Self::Model(why) => format!("The model cannot be read: {why}."),
            Self::Follows(what) => format!("The model in the pack says otherwise: {what}"),
            Self::Derived { line: 0, .. } => "It does not follow from the model in the pack.".to_owned(),
            Self::Derived { line, .. } => format!("From line {line} on it does not follow from the model in the pack."),
            Self::Decided { line: 0, .. } => "It does not follow from what was sealed.".to_owned(),
            Self::Decided { line, .. } => format!("From line {line} on it does not follow from what was sealed."),
        }
    }
}
