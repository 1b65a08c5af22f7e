//! Credentials and their grants.

use super::fact;
use super::words::ENVIRONMENTS;
use crate::model::fact::Attribute;
use crate::model::fact::FactType::{
    Bool, Choice, Choices, Day, Instant, Integer, Reference, References, Structure, Text,
};
use crate::model::object::ObjectKind;

/// Credentials.
pub(super) const CREDENTIAL: &[Attribute] = &[
    fact(ObjectKind::Credential, "held_by_people", References(ObjectKind::Person), "People who have it", ""),
    fact(ObjectKind::Credential, "mfa_control", Reference(ObjectKind::Control), "Second factor by", ""),
    fact(ObjectKind::Credential, "phishing_resistant_only", Bool, "Only factors that resist phishing", ""),
    fact(
        ObjectKind::Credential,
        "mfa_exempt",
        Choice(&["none", "application_account", "pos_single_card", "phishing_resistant"]),
        "Exempt from MFA as",
        "",
    ),
    fact(ObjectKind::Credential, "interactive", Bool, "People can sign in with it", ""),
    fact(
        ObjectKind::Credential,
        "secret_form",
        Choice(&["clear", "hashed", "encrypted", "unknown"]),
        "Secret is kept",
        "",
    ),
    fact(ObjectKind::Credential, "enabled", Bool, "Enabled", ""),
    fact(ObjectKind::Credential, "default_changed", Bool, "Default was changed", "Of a vendor's default account."),
    fact(
        ObjectKind::Credential,
        "environments",
        Choices(ENVIRONMENTS),
        "Environments",
        "Those of its grants where empty.",
    ),
    fact(ObjectKind::Credential, "last_rotated", Day, "Rotated on", "").shown(),
    fact(ObjectKind::Credential, "rotate_days", Integer("days"), "Rotate every", ""),
    fact(ObjectKind::Credential, "expires_at", Day, "Expires on", ""),
    fact(ObjectKind::Credential, "tra_ref", Text, "Risk analysis", "The targeted risk analysis that set the rotation."),
    fact(ObjectKind::Credential, "last_reviewed", Day, "Rights reviewed on", ""),
    fact(
        ObjectKind::Credential,
        "exception",
        Structure,
        "Exception",
        "{\"reason\": .., \"until\": .., \"approved_by\": .., \"identity_check\": .., \"attribution\": .., \"evidence\": ..}.",
    ),
    fact(
        ObjectKind::Credential,
        "enablement_window",
        Structure,
        "Enabled when needed",
        "{\"from\": .., \"until\": .., \"approved_by\": ..}, or {\"always_on\": true}.",
    ),
    fact(ObjectKind::Credential, "monitored", Bool, "Use is monitored", ""),
    fact(
        ObjectKind::Credential,
        "password_policy",
        Structure,
        "Password policy",
        "That of the system that authenticates where empty.",
    ),
    fact(
        ObjectKind::Credential,
        "checkpoints",
        Structure,
        "Checkpoints",
        "[{\"gate\": .., \"item\": .., \"done_at\": .., \"by\": .., \"evidence\": ..}].",
    ),
];

/// Grants of credentials.
pub(super) const GRANT: &[Attribute] = &[
    fact(ObjectKind::Grant, "last_used", Instant, "Last used", ""),
    fact(ObjectKind::Grant, "temporary", Bool, "Temporary", ""),
    fact(ObjectKind::Grant, "reason", Text, "Reason", ""),
    fact(
        ObjectKind::Grant,
        "event",
        Text,
        "For the event",
        "What it was widened for, such as a holiday freeze; all of it is rolled back together.",
    ),
    fact(ObjectKind::Grant, "granted_by", Reference(ObjectKind::Person), "Granted by", ""),
    fact(ObjectKind::Grant, "until", Instant, "Until", ""),
    fact(ObjectKind::Grant, "rollback_owner", Reference(ObjectKind::Person), "Taken back by", ""),
];
