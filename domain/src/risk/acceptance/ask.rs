//! What a form asks for: an acceptance, or a step about one.

use super::{AcceptanceKey, Command, JUSTIFICATION_MIN};
use crate::model::draft::Form;
use crate::model::draft::fields::{Fields, characters};
use crate::problem::{FieldCode, FieldError, Problem};
use crate::risk::Scheme;
use crate::risk::draft::SENTENCE_MAX;
use crate::risk::record::{Risk, RiskKey};
use crate::time::Day;

/// The acceptance that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Of which risk.
    pub risk: Asked,
    /// Why it can be lived with.
    pub justification: String,
    /// What must be kept to meanwhile.
    pub conditions: String,
    /// The last day.
    pub expires: Day,
}

/// The risk that somebody wants to have accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// One of the register.
    Known(RiskKey),
    /// A new one, rated in a scheme, which enters the register with it. Its key is given there.
    New(Box<Risk>, Scheme),
}

/// The fields of the form of an acceptance.
pub const ASK_FIELDS: [&str; 3] = ["justification", "conditions", "expires"];
/// The fields of the form of a step.
pub const STEP_FIELDS: [&str; 4] = ["acceptance", "step", "shown", "reason"];

impl Ask {
    /// What a form asks for. How long the level of the risk allows is judged where its facts are.
    ///
    /// # Errors
    /// Everything that is wrong with the fields of [`ASK_FIELDS`].
    pub fn from_form(form: &Form, risk: Asked) -> Result<Self, Vec<FieldError>> {
        let mut fields = Fields::of(form);
        let justification = fields.lines("justification", SENTENCE_MAX).unwrap_or_default();
        if justification.trim().chars().count() < JUSTIFICATION_MIN {
            fields.error("justification", FieldCode::TooShort(characters(JUSTIFICATION_MIN)));
        }
        let conditions = fields.lines("conditions", SENTENCE_MAX).unwrap_or_default();
        let expires = fields.day("expires", None);
        if fields.posted("expires").is_none_or(str::is_empty) {
            fields.error("expires", FieldCode::Missing);
        }
        fields.finish(())?;
        let expires = expires.ok_or_else(|| vec![FieldError::new("expires", FieldCode::NotADay)])?;
        Ok(Self { risk, justification, conditions, expires })
    }
}

/// The step that a form takes about an acceptance, and about which.
///
/// # Errors
/// `Invalid` with the fields of [`STEP_FIELDS`].
pub fn step_from_form(form: &Form) -> Result<(AcceptanceKey, Command), Problem> {
    let mut fields = Fields::of(form);
    let reason = fields.lines("reason", SENTENCE_MAX).unwrap_or_default();
    let posted = |name: &str| fields.posted(name).unwrap_or_default().to_owned();
    let key: Result<AcceptanceKey, _> = posted("acceptance").parse();
    let command = match posted("step").as_str() {
        "approve" => Some(Command::Approve { shown: posted("shown"), on_behalf_of: None }),
        "reject" => Some(Command::Reject { reason }),
        "withdraw" => Some(Command::Withdraw),
        "revoke" => Some(Command::Revoke { reason }),
        "submit" => Some(Command::Submit),
        _ => None,
    };
    fields.finish(()).map_err(Problem::Invalid)?;
    let key = key.map_err(|_| Problem::NotFound)?;
    Ok((key, command.ok_or_else(|| Problem::field("step", FieldCode::NotInList))?))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn nothing_is_accepted_without_a_reason_and_an_end() {
        let asked = || Asked::Known(RiskKey(1));
        let wrong = Ask::from_form(&form(&[("justification", "because"), ("expires", "")]), asked()).unwrap_err();
        let fields: Vec<&str> = wrong.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(fields, ["justification", "expires"]);
        let card = [("justification", "see 4111 1111 1111 1111 in the vault"), ("expires", "2027-01-31")];
        assert_eq!(Ask::from_form(&form(&card), asked()).unwrap_err()[0].code, FieldCode::CardNumber);
        let right = [("justification", "the vault replaces it in spring"), ("expires", "2027-01-31")];
        assert_eq!(Ask::from_form(&form(&right), asked()).unwrap().expires, "2027-01-31".parse().unwrap());
    }

    #[test]
    fn a_step_names_its_acceptance() {
        let approve = [("acceptance", "A-3"), ("step", "approve"), ("shown", "ab")];
        let (key, command) = step_from_form(&form(&approve)).unwrap();
        assert_eq!(key, AcceptanceKey(3));
        assert_eq!(command, Command::Approve { shown: "ab".to_owned(), on_behalf_of: None });
        assert_eq!(step_from_form(&form(&[("acceptance", "A-0"), ("step", "approve")])), Err(Problem::NotFound));
        assert!(step_from_form(&form(&[("acceptance", "A-3"), ("step", "grant")])).is_err());
    }
}
