//! What a person is told who may not do what they asked for.

use super::{JUSTIFICATION_MIN, Refusal};
use crate::problem::{FieldCode, Problem};

impl From<Refusal> for Problem {
    /// The field of the form that the refusal is about; `step` where it is about none.
    fn from(refusal: Refusal) -> Self {
        let (field, code) = match refusal {
            Refusal::NoPerson | Refusal::Role | Refusal::NotYours => return Self::Forbidden,
            // Somebody else was quicker, or looked at something else.
            Refusal::OtherContent => return Self::Conflict,
            Refusal::State(_) | Refusal::NoDelegation => ("step", FieldCode::NotInThisState),
            Refusal::Justification => {
                ("justification", FieldCode::TooShort(u32::try_from(JUSTIFICATION_MIN).unwrap_or(u32::MAX)))
            }
            Refusal::Nothing => ("link", FieldCode::Missing),
            Refusal::Over => ("expires", FieldCode::EndsBeforeItBegins),
            Refusal::TooLong(day) => ("expires", FieldCode::NotBeyond(day)),
            Refusal::RenewedTooOften => ("step", FieldCode::RenewedTooOften),
            Refusal::OwnRequest => ("step", FieldCode::OwnDecision),
            Refusal::OwnRisk => ("step", FieldCode::AnswersForIt),
            Refusal::ApprovedAlready => ("step", FieldCode::ApprovedAlready),
            Refusal::Tier(_) => ("step", FieldCode::TierTooLow),
            Refusal::FactsWorse(_) => ("step", FieldCode::FactsChanged),
            Refusal::NoReason => ("reason", FieldCode::Missing),
        };
        Self::field(field, code)
    }
}
