//! Where a blast radius starts: what is assumed to be hostile.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{ConnectorId, CredentialId, ElementId, SystemId, VendorId};

/// What is assumed to be hostile, or, for a field, what is looked for.
///
/// In JSON `{"type": "system", "id": "crm"}`, for a field `{"type": "field", "element": "pan"}`; in one word
/// `system:crm`, `field:pan`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Start {
    /// Somebody administers the system.
    System {
        /// The system.
        id: SystemId,
    },
    /// Somebody knows the credential.
    Credential {
        /// The credential.
        id: CredentialId,
    },
    /// Somebody administers every active system of the vendor.
    Vendor {
        /// The vendor.
        id: VendorId,
    },
    /// Somebody sees and alters what a connector carries, and has its credential.
    Connector {
        /// The key of a flow, or of a connector, which stands for all of its flows.
        id: ConnectorId,
    },
    /// No attacker: where the element is, and in which form.
    Field {
        /// The element.
        element: ElementId,
    },
}

/// Why a blast radius cannot start there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// The text names no kind of start.
    #[error("{0:?} is no start; write system:, credential:, vendor:, connector: or field: and a key")]
    Syntax(String),
    /// The model has nothing with that key.
    #[error("the model has no {kind} {key:?}")]
    Unknown {
        /// System, credential, vendor, connector or element.
        kind: &'static str,
        /// The key that was asked for.
        key: String,
    },
}

impl StartError {
    pub(super) fn unknown(kind: &'static str, key: impl fmt::Display) -> Self {
        Self::Unknown { kind, key: key.to_string() }
    }
}

impl FromStr for Start {
    type Err = StartError;

    fn from_str(text: &str) -> Result<Self, StartError> {
        let error = || StartError::Syntax(text.to_owned());
        let (kind, key) = text.split_once(':').ok_or_else(error)?;
        if key.trim().is_empty() {
            return Err(error());
        }
        match kind {
            "system" => Ok(Self::System { id: key.into() }),
            "credential" => Ok(Self::Credential { id: key.into() }),
            "vendor" => Ok(Self::Vendor { id: key.into() }),
            "connector" => Ok(Self::Connector { id: key.into() }),
            "field" => Ok(Self::Field { element: key.into() }),
            _ => Err(error()),
        }
    }
}

impl fmt::Display for Start {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System { id } => write!(out, "system:{id}"),
            Self::Credential { id } => write!(out, "credential:{id}"),
            Self::Vendor { id } => write!(out, "vendor:{id}"),
            Self::Connector { id } => write!(out, "connector:{id}"),
            Self::Field { element } => write!(out, "field:{element}"),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_start_is_written_in_one_word_and_in_json() {
        for (word, json) in [
            ("system:a:b", r#"{"type":"system","id":"a:b"}"#),
            ("connector:wh", r#"{"type":"connector","id":"wh"}"#),
            ("field:pan", r#"{"type":"field","element":"pan"}"#),
        ] {
            let start: Start = word.parse().unwrap();
            assert_eq!(start.to_string(), word);
            assert_eq!(serde_json::from_str::<Start>(json).unwrap(), start);
            assert_eq!(serde_json::to_string(&start).unwrap(), json);
        }
        for bad in ["crm", "host:crm", "system:", "system: "] {
            assert_eq!(bad.parse::<Start>(), Err(StartError::Syntax(bad.to_owned())));
        }
    }
}
