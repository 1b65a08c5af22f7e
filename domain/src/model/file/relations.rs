//! The shapes of what stands between objects.

use serde::{Deserialize, Serialize};

use super::shape::{Absent, PARTS_MAX, shape};
use crate::model::relations::{CapabilityType, ControlStatus, How, Privilege, ViaMode};

/// What a system can do with the tokens of a domain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "see `system::Capability`")]
pub struct CapabilityShape<T = String> {
    pub r#type: CapabilityType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<T>,
}

/// A copy of another system's stores.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "see `system::CopyOf`")]
pub struct CopyShape<T = String> {
    pub from: T,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encrypt_key: Option<T>,
}

/// A management relation; the target is a system, or `segment:` and the key of a segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "see `system::Manages`")]
pub struct ManagesShape<T = String> {
    pub target: T,
    pub how: How,
}

shape! {
    /// A grant of a credential.
    GrantShape<T> at 5 {
        on: Option<T>,
        r#priv: Option<Privilege>,
        action: Vec<T>,
        elements: Option<Vec<T>>,
        domain: Option<T>,
    }
}

/// A node on the way of a flow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "see `flow::Via`")]
pub struct ViaShape<T = String> {
    pub node: T,
    pub mode: ViaMode,
}

/// The control of a flow: the key of a record, or a description in place.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ControlInFlow<T = String> {
    /// The key of a control.
    Record(T),
    /// A control without a record.
    Inline {
        /// What it is.
        #[serde(rename = "type", default = "T::default", bound(deserialize = "T: Deserialize<'de> + Default"))]
        kind: T,
        /// Whether it is known to work.
        status: ControlStatus,
    },
}
