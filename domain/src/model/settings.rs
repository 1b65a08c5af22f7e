//! What the engine is told beside the objects: the settings, and people's own scope decisions.

use serde::{Deserialize, Serialize};

use super::fact::Facts;
use super::relations::View;
use crate::id::SystemId;
use crate::text::text_enum;
use crate::time::Day;

/// Settings of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Which life cycle stages count.
    pub view: View,
    /// Undeclared pairs of segments count as open, as PCI SSC advises until segmentation is verified.
    pub strict_flat: bool,
    /// The day on which dates are judged; the product sets today.
    pub as_of: Day,
    /// The entity is a service provider.
    pub service_provider: bool,
    /// Registered facts.
    pub facts: Facts,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            view: View::Current,
            strict_flat: false,
            // 2026-01-01, the day that model files without `as_of` mean.
            as_of: Day(20_454),
            service_provider: false,
            facts: Facts::new(),
        }
    }
}

text_enum! {
    /// The category that a person decided on.
    OverrideCategory {
        Cde = "cde": "CDE",
        SecurityImpacting = "security_impacting": "Security-impacting",
        ConnectedTo = "connected_to": "Connected-to",
        OutOfScope = "out_of_scope": "Out of scope",
    }
}

/// Which override: the system, and its number in the order of the decisions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OverrideKey {
    /// The system.
    pub system: SystemId,
    /// 0 for the first decision on this system.
    pub number: u32,
}

/// An assessor's or owner's decision on the category of one system. It never changes the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// The system, and which decision on it this is.
    pub key: OverrideKey,
    /// The category decided on.
    pub category: OverrideCategory,
    /// Why, in at least 20 characters for a downward decision.
    pub justification: String,
    /// References to the evidence.
    pub evidence: Vec<String>,
    /// Who asked for it.
    pub author: Option<String>,
    /// Who approved it; not the author for a downward decision.
    pub approver: Option<String>,
    /// In which role: QSA, ISA or owner.
    pub role: Option<String>,
    /// When it was decided.
    pub decided_at: Option<Day>,
    /// The last day on which it is valid.
    pub expires: Option<Day>,
    /// The hash of the facts it was decided on; absent means unchanged.
    pub fingerprint: Option<String>,
    /// A file says that the facts changed since.
    pub stale: bool,
}
