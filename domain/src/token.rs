//! API tokens: what a program may do in one workspace in place of the member who made the token.

use crate::id::TokenId;
use crate::problem::{FieldCode, FieldError, Problem};
use crate::role::Capability;
use crate::text::text_enum;
use crate::time::Timestamp;

text_enum! {
    /// How far a token reaches.
    TokenScope {
        Read = "read": "Read the model, its scope and blast radii",
        Write = "write": "Read, and change the model",
    }
}

impl TokenScope {
    /// Whether a token of this scope covers the capability. The member's own role must cover it as well, so a token
    /// never does more than the person who made it. What is not named here is for people only: tokens never manage
    /// people, tokens or workspaces, and never approve.
    #[must_use]
    pub const fn covers(self, capability: Capability) -> bool {
        match capability {
            Capability::ReadModel | Capability::ReadWorking | Capability::ExportModel => true,
            Capability::EditModel | Capability::ImportModel => matches!(self, Self::Write),
            _ => false,
        }
    }
}

/// For how many days a token holds unless the person says otherwise.
pub const TOKEN_DAYS: u16 = 90;

/// For how many days a token can hold at most.
pub const TOKEN_DAYS_MAX: u16 = 365;

/// Longest name of a token, in characters.
pub const TOKEN_NAME_MAX: usize = 80;

/// A token that a person asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenWish {
    /// What it is for.
    pub name: String,
    /// How far it reaches.
    pub scope: TokenScope,
    /// For how many days it holds.
    pub days: u16,
}

impl TokenWish {
    /// A wish as a form states it: the name, the word of the scope, and the days as digits.
    ///
    /// # Errors
    /// `Invalid` with the fields `name`, `scope` and `days`.
    pub fn parse(name: &str, scope: &str, days: &str) -> Result<Self, Problem> {
        let mut errors = Vec::new();
        let name = name.trim();
        if name.is_empty() {
            errors.push(FieldError::new("name", FieldCode::Missing));
        } else if name.chars().count() > TOKEN_NAME_MAX {
            errors.push(FieldError::new("name", FieldCode::TooLong(80)));
        } else if name.chars().any(char::is_control) {
            errors.push(FieldError::new("name", FieldCode::ControlCharacter));
        }
        let scope = scope.parse().map_err(|_| FieldError::new("scope", FieldCode::NotInList));
        errors.extend(scope.clone().err());
        let days = match days.trim().parse() {
            Ok(days @ 1..=TOKEN_DAYS_MAX) => Ok(days),
            Ok(_) => Err(FieldError::new("days", FieldCode::NotInList)),
            Err(_) => Err(FieldError::new("days", FieldCode::NotANumber)),
        };
        errors.extend(days.clone().err());
        match (scope, days) {
            (Ok(scope), Ok(days)) if errors.is_empty() => Ok(Self { name: name.to_owned(), scope, days }),
            _ => Err(Problem::Invalid(errors)),
        }
    }
}

/// A token as lists show it. The secret is shown once, when it is made, and kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenEntry {
    /// The public part, with which it can be told from others.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// How far it reaches.
    pub scope: TokenScope,
    /// The member in whose place it acts.
    pub member: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it holds.
    pub expires_at: Timestamp,
    /// When it was used last, to a minute; `None` where it never was.
    pub last_used_at: Option<Timestamp>,
    /// Whether it was revoked, or holds no more.
    pub ended: bool,
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_or_writes_the_model_and_does_nothing_else() {
        let covered = |scope: TokenScope| -> Vec<&str> {
            Capability::ALL.iter().filter(|it| scope.covers(**it)).map(|it| it.as_str()).collect()
        };
        assert_eq!(covered(TokenScope::Read), ["read_model", "read_working", "export_model"]);
        let write = ["read_model", "read_working", "export_model", "edit_model", "import_model"];
        assert_eq!(covered(TokenScope::Write), write);
    }

    #[test]
    fn a_wish_names_every_field_that_is_wrong() {
        let Err(Problem::Invalid(errors)) = TokenWish::parse(" ", "all", "366") else { panic!("accepted") };
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["name", "scope", "days"]);
        assert_eq!(TokenWish::parse("Pipeline", "read", "365").unwrap().days, 365);
        assert!(TokenWish::parse("Pipeline", "read", "0").is_err());
    }
}
