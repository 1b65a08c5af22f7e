//! Controls.

use super::fact;
use crate::model::fact::Attribute;
use crate::model::fact::FactType::{Bool, Choices, Integer, Reference, Structure, Text};
use crate::model::object::ObjectKind;

/// Controls.
pub(super) const CONTROL: &[Attribute] = &[
    fact(ObjectKind::Control, "purpose", Text, "Purpose", "What it keeps from happening.").shown(),
    fact(ObjectKind::Control, "tra_ref", Text, "Risk analysis", "The targeted risk analysis that set the frequency."),
    fact(ObjectKind::Control, "tester_independent", Bool, "Independent tester", ""),
    fact(ObjectKind::Control, "failure_alert", Bool, "Failure raises an alert", ""),
    fact(ObjectKind::Control, "failure_alert_to", Reference(ObjectKind::Person), "Alert goes to", ""),
    fact(ObjectKind::Control, "alerts_in_plan", Bool, "Alerts are in the incident plan", ""),
    fact(ObjectKind::Control, "mfa_replay_protection", Bool, "Factors cannot be replayed", ""),
    fact(
        ObjectKind::Control,
        "mfa_factor_types",
        Choices(&["know", "have", "are"]),
        "Factors",
        "Something one knows, has or is.",
    ),
    fact(
        ObjectKind::Control,
        "mfa_bypass",
        Structure,
        "Exceptions from MFA",
        "[{\"who\": .., \"reason\": .., \"approved_by\": .., \"until\": ..}].",
    ),
    fact(ObjectKind::Control, "mfa_phishing_resistant", Bool, "Resists phishing", ""),
    fact(
        ObjectKind::Control,
        "permille",
        Integer("per mille"),
        "Remaining likelihood",
        "0 stops every try, 1000 stops none.",
    ),
];
