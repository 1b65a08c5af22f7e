//! What a person is told who may not do what they asked for.

use super::Refusal;
use crate::problem::{FieldCode, Problem};

impl From<Refusal> for Problem {
    /// The field of the form that the refusal is about; `step` where it is about none.
    fn from(refusal: Refusal) -> Self {
        let (field, code) = match refusal {
            Refusal::NoPerson | Refusal::Role => return Self::Forbidden,
            // Somebody else was quicker, or looked at something else.
            Refusal::OtherContent => return Self::Conflict,
            Refusal::NoSuchItem => return Self::NotFound,
            Refusal::Phase(_) => ("step", FieldCode::NotInThisState),
            Refusal::NotASigner | Refusal::OtherAccount => ("step", FieldCode::NotNamed),
            Refusal::Gates(_) => ("step", FieldCode::GateOpen),
            Refusal::Changed => ("step", FieldCode::FactsChanged),
            Refusal::OwnReview => ("step", FieldCode::OwnDecision),
            Refusal::SignedAlready => ("step", FieldCode::ApprovedAlready),
            Refusal::OthersFirst => ("step", FieldCode::ApprovalMissing),
            Refusal::NoWords => ("words", FieldCode::Missing),
            Refusal::Words(code) => ("words", code),
            Refusal::NoSigner => ("signer", FieldCode::Missing),
            Refusal::NoApprover => ("signer", FieldCode::ApprovalMissing),
            Refusal::SignerTwice => ("signer", FieldCode::Taken),
            Refusal::NoStatement => ("statement", FieldCode::Missing),
        };
        Self::field(field, code)
    }
}
