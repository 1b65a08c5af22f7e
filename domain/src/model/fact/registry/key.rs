//! Cryptographic keys.

use super::fact;
use super::words::ENVIRONMENTS;
use crate::model::fact::Attribute;
use crate::model::fact::FactType::{
    Bool, Choice, Choices, Day, Evidence, Integer, Reference, References, Structure, Text,
};
use crate::model::object::ObjectKind;

/// Cryptographic keys.
pub(super) const KEY: &[Attribute] = &[
    fact(ObjectKind::Key, "purpose", Text, "Purpose", "What it protects.").shown(),
    fact(ObjectKind::Key, "attestation_ref", Evidence, "Attestation", "Says that we cannot decrypt."),
    fact(ObjectKind::Key, "algorithm", Text, "Algorithm", "With mode, for example AES-256-GCM."),
    fact(ObjectKind::Key, "strength_bits", Integer("bits"), "Strength", ""),
    fact(
        ObjectKind::Key,
        "storage_form",
        Choice(&["kek_wrapped", "hsm", "scd", "shares", "clear", "unknown"]),
        "Stored as",
        "",
    ),
    fact(ObjectKind::Key, "stored_with_data", Bool, "Stored with the data", ""),
    fact(ObjectKind::Key, "kek", Reference(ObjectKind::Key), "Encrypted by", "The key-encrypting key."),
    fact(ObjectKind::Key, "kek_strength_bits", Integer("bits"), "Strength of that key", ""),
    fact(ObjectKind::Key, "custodians", References(ObjectKind::Person), "Custodians", ""),
    fact(ObjectKind::Key, "custodian_acknowledged", Structure, "Custodians signed on", "{\"person\": \"day\"}."),
    fact(ObjectKind::Key, "generated_at", Day, "Generated on", ""),
    fact(ObjectKind::Key, "last_rotated", Day, "Rotated on", ""),
    fact(ObjectKind::Key, "cryptoperiod_days", Integer("days"), "Cryptoperiod", ""),
    fact(ObjectKind::Key, "expires", Day, "Expires on", ""),
    fact(ObjectKind::Key, "retired_at", Day, "Retired on", ""),
    fact(ObjectKind::Key, "compromised", Choice(&["no", "suspected", "confirmed"]), "Compromised", ""),
    fact(ObjectKind::Key, "in_use", Bool, "In use", ""),
    fact(ObjectKind::Key, "manual_cleartext", Bool, "Handled in clear by people", ""),
    fact(ObjectKind::Key, "dual_control", Bool, "Dual control", ""),
    fact(ObjectKind::Key, "split_knowledge", Bool, "Split knowledge", ""),
    fact(ObjectKind::Key, "shared_with_customers", Bool, "Shared with customers", ""),
    fact(ObjectKind::Key, "customer_guidance_ref", Evidence, "Guidance for customers", ""),
    fact(ObjectKind::Key, "environments", Choices(ENVIRONMENTS), "Environments", "Those of its holders where empty."),
    fact(ObjectKind::Key, "procedures_ref", Evidence, "Procedures", ""),
];
