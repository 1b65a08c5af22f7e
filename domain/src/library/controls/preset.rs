//! What a control keeps off and how urgent it is: defaults that a workspace changes as it sees fit.

use serde::{Deserialize, Serialize};

use super::IntegrationControl;
use crate::library::reference::RequirementKey;
use crate::model::draft::Form;
use crate::model::draft::fields::Fields;
use crate::problem::{FieldCode, FieldError};
use crate::text::text_enum;

/// The longest risk, in characters.
pub const RISK_MAX: usize = 500;
/// The fields of the form.
pub const PRESET_FIELDS: [&str; 2] = ["risk", "priority"];

text_enum! {
    /// How urgent a control is.
    Priority {
        High = "high": "High",
        Medium = "medium": "Medium",
        Low = "low": "Low",
    }
}

/// What a workspace says of a control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preset {
    /// The control.
    pub control: IntegrationControl,
    /// The risk that it reduces.
    pub risk: String,
    /// How urgent it is.
    pub priority: Priority,
}

/// What is said of each control where nobody says otherwise.
#[must_use]
pub fn presets() -> Vec<Preset> {
    let preset = |control: &IntegrationControl| {
        let (risk, priority) = match control {
            IntegrationControl::ApiAuthentication => {
                ("Somebody else calls the interface in the name of a partner or of ours.", Priority::High)
            }
            IntegrationControl::Tokenisation => {
                ("A leak gives away card numbers, and every system that sees them is in scope.", Priority::High)
            }
            IntegrationControl::EncryptionInTransit => {
                ("Whoever listens on the way reads or changes payment data.", Priority::High)
            }
            IntegrationControl::LeastPrivilege => {
                ("One stolen secret moves money or reads data far beyond its purpose.", Priority::High)
            }
            IntegrationControl::RateLimiting => {
                ("Cards are tried out in bulk, or the interface is brought to a halt.", Priority::Medium)
            }
            IntegrationControl::CentralisedLogging => (
                "Nobody can tell afterwards what happened, or traces are wiped where they were made.",
                Priority::Medium,
            ),
            IntegrationControl::ContinuousMonitoring => {
                ("Misuse goes on for weeks before somebody notices.", Priority::Medium)
            }
            IntegrationControl::WebApplicationFirewall => {
                ("Known attacks on web applications reach the code behind.", Priority::Low)
            }
        };
        Preset { control: *control, risk: risk.to_owned(), priority }
    };
    IntegrationControl::ALL.iter().map(preset).collect()
}

impl IntegrationControl {
    /// The requirements that it helps to meet.
    #[must_use]
    pub fn requirements(self) -> Vec<RequirementKey> {
        let keys: &[&str] = match self {
            Self::ApiAuthentication => &["pci:8.3.1", "asvs:13.2.1", "owasp_api:API2"],
            Self::Tokenisation => &["pci:3.2.1", "pci:3.5.1"],
            Self::EncryptionInTransit => &["pci:4.2.1", "asvs:12.2.1", "asvs:12.3.1"],
            Self::LeastPrivilege => &["pci:7.2.2", "pci:7.2.5", "asvs:13.2.2", "owasp_api:API5"],
            Self::RateLimiting => &["asvs:2.4.1", "owasp_api:API4", "owasp_api:API6"],
            Self::CentralisedLogging => &["pci:10.2.1", "pci:10.3.3", "asvs:16.4.3"],
            Self::ContinuousMonitoring => &["pci:10.4.1", "pci:10.7.2", "pci:11.5.1"],
            Self::WebApplicationFirewall => &["pci:6.4.2"],
        };
        keys.iter().filter_map(|it| it.parse().ok()).collect()
    }
}

/// Reads the form of a preset.
///
/// # Errors
/// Everything that is wrong, one error per field, in the order of the form.
pub fn preset_from_form(form: &Form, existing: &Preset) -> Result<Preset, Vec<FieldError>> {
    let mut fields = Fields::of(form);
    let mut it = existing.clone();
    if let Some(risk) = fields.line("risk", RISK_MAX) {
        it.risk = risk;
    }
    if it.risk.is_empty() {
        fields.error("risk", FieldCode::Missing);
    }
    it.priority = fields.choice("priority", it.priority);
    fields.finish(it)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn every_control_has_a_risk_a_priority_and_requirements() {
        let all = presets();
        assert_eq!(all.len(), 8);
        let counts: Vec<usize> = IntegrationControl::ALL.iter().map(|it| it.requirements().len()).collect();
        assert_eq!(counts, [3, 2, 3, 4, 3, 3, 3, 1], "every key that is named exists");
        assert!(all.iter().all(|it| it.risk.ends_with('.')));
    }

    #[test]
    fn a_default_is_changed_and_never_emptied() {
        let first = presets().remove(0);
        let form = |risk: &str| vec![("risk".to_owned(), risk.to_owned()), ("priority".to_owned(), "low".to_owned())];
        let it = preset_from_form(&form("Another"), &first).unwrap();
        assert_eq!((it.risk.as_str(), it.priority), ("Another", Priority::Low));
        assert_eq!(preset_from_form(&form(""), &first).unwrap_err()[0].field, "risk");
    }
}
