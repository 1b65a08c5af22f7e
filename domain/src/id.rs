//! Keys: how an object is known to the engine, to files, URLs and people.
//!
//! A key is a string, unique in its workspace and fixed at creation; a rename changes the name only.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Longest key that a person or a file may give, in characters.
pub const KEY_MAX: usize = 120;

/// Why a text cannot be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Nothing but blanks.
    #[error("the key is empty")]
    Empty,
    /// More than [`KEY_MAX`] characters.
    #[error("the key is longer than {KEY_MAX} characters")]
    TooLong,
    /// A line break, a tab or another control character.
    #[error("the key contains a control character")]
    Control,
}

/// Checks what every key given by a person or a file must satisfy.
///
/// # Errors
/// Says which of the three conditions fails.
pub fn check_key(text: &str) -> Result<(), KeyError> {
    if text.trim().is_empty() {
        return Err(KeyError::Empty);
    }
    if text.chars().count() > KEY_MAX {
        return Err(KeyError::TooLong);
    }
    if text.chars().any(char::is_control) {
        return Err(KeyError::Control);
    }
    Ok(())
}

/// Makes a readable key out of a name: lower case, letters and digits, words joined by `-`.
/// Returns an empty text where the name has neither.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut key = String::new();
    for character in name.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            key.push(character);
        } else if !key.is_empty() && !key.ends_with('-') {
            key.push('-');
        }
        if key.chars().count() >= 60 {
            break;
        }
    }
    key.trim_end_matches('-').to_owned()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes any text as the key. Keys that people or files give go through [`Self::parse`].
            pub fn new(key: impl Into<Arc<str>>) -> Self {
                Self(key.into())
            }

            /// A key out of a text from outside.
            ///
            /// # Errors
            /// See [`check_key`].
            pub fn parse(text: &str) -> Result<Self, KeyError> {
                check_key(text)?;
                Ok(Self(text.trim().into()))
            }

            /// The key as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "{:?}", &*self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(key: &str) -> Self {
                Self::new(key)
            }
        }

        impl From<Arc<str>> for $name {
            fn from(key: Arc<str>) -> Self {
                Self(key)
            }
        }
    )+};
}

ids! {
    /// A workspace: the unit of membership, authorization and audit.
    WorkspaceId,
    /// An account that signs in.
    AccountId,
    /// The public part of an API token.
    TokenId,
    /// A person or a team of a workspace.
    PersonId,
    /// A system: a node of the map.
    SystemId,
    /// A flow: an edge in the direction of the data.
    FlowId,
    /// A declared network segment.
    SegmentId,
    /// A control that separates or protects.
    ControlId,
    /// A cryptographic key.
    KeyId,
    /// A credential: a secret that gives access, never the secret itself.
    CredentialId,
    /// A vendor: another organisation.
    VendorId,
    /// A connector: a named group of flows to another organisation.
    ConnectorId,
    /// A token domain: the tokens that one vault issues.
    DomainId,
    /// A data element of the catalogue, or one of the workspace's own.
    ElementId,
    /// A set of cardholders, named so that copies are not counted twice.
    PopulationId,
    /// A record that consists of facts only, such as a certificate or a payment page's script.
    RecordId,
    /// A staged import that waits for its confirmation.
    ImportId,
    /// An invitation that waits to be accepted. Not its token.
    InvitationId,
    /// What somebody said about an object.
    CommentId,
    /// A view of a list that somebody keeps under a name.
    ViewId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_keeps_letters_and_digits_of_any_script() {
        assert_eq!(slug("  Checkout  Service (v2) "), "checkout-service-v2");
        assert_eq!(slug("Kasse Zürich"), "kasse-zürich");
        assert_eq!(slug("***"), "");
    }

    #[test]
    fn a_key_from_outside_has_no_control_characters() {
        assert_eq!(SystemId::parse("a\nb"), Err(KeyError::Control));
        assert_eq!(SystemId::parse("  "), Err(KeyError::Empty));
        assert_eq!(SystemId::parse(&"x".repeat(121)), Err(KeyError::TooLong));
        assert_eq!(SystemId::parse(" order \"1\" "), Ok(SystemId::new("order \"1\"")));
    }
}
