//! Eight controls that every integration is looked at for: what each keeps off, how urgent it is, and where it is in place.

mod facts;
mod listing;
mod matrix;
mod preset;

pub use listing::{MATRIX_KEYS, Row, csv};
pub use matrix::{Cell, Matrix, STATEMENT_FIELDS, Statement, cell, integrations, matrix, statement_from_form};
pub use preset::{PRESET_FIELDS, Preset, Priority, RISK_MAX, preset_from_form, presets};

use crate::model::object::ObjectRef;
use crate::text::text_enum;

text_enum! {
    /// The controls.
    IntegrationControl {
        ApiAuthentication = "api_authentication": "API authentication",
        Tokenisation = "tokenisation": "Tokenisation",
        EncryptionInTransit = "encryption_in_transit": "Encryption in transit",
        LeastPrivilege = "least_privilege": "Least privilege",
        RateLimiting = "rate_limiting": "Rate limiting",
        CentralisedLogging = "centralised_logging": "Centralised logging",
        ContinuousMonitoring = "continuous_monitoring": "Continuous monitoring",
        WebApplicationFirewall = "web_application_firewall": "Web application firewall",
    }
}

text_enum! {
    /// Whether a control is in place on an integration.
    Presence {
        InPlace = "in_place": "In place",
        Partly = "partly": "Partly",
        Absent = "absent": "Absent",
        NotApplicable = "not_applicable": "Not applicable",
        /// Nobody has said, and no fact of the model tells. Never taken for absent.
        Unknown = "unknown": "Unknown",
    }
}

/// What the model says of a control on an integration, with the facts it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// What follows from the facts.
    pub presence: Presence,
    /// The facts, in the order of their objects.
    pub facts: Vec<NamedFact>,
}

/// A fact of the model, named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFact {
    /// The object that has it.
    pub object: ObjectRef,
    /// What it says, as a sentence.
    pub sentence: String,
    /// What it says of the control.
    pub says: Presence,
}
