//! Elements on systems.

use super::fact;
use crate::model::fact::Attribute;
use crate::model::fact::FactType::{Bool, Choice, Choices, Day, Evidence, Integer, Reference, Structure, Text};
use crate::model::object::ObjectKind;

/// Elements on systems.
pub(super) const HOLDING: &[Attribute] = &[
    fact(ObjectKind::Holding, "purpose", Text, "Purpose", "What it is needed for.").shown(),
    fact(ObjectKind::Holding, "retention_days", Integer("days"), "Kept for", "How long, before it is purged.").shown(),
    fact(ObjectKind::Holding, "justification", Text, "Why it is kept", "The business need.").shown(),
    fact(ObjectKind::Holding, "justified_by", Reference(ObjectKind::Person), "Justified by", ""),
    fact(ObjectKind::Holding, "justified_at", Day, "Justified on", ""),
    fact(
        ObjectKind::Holding,
        "verbs",
        Choices(&["see", "store", "process", "log", "replay", "display", "export"]),
        "What happens to it",
        "In more detail than stores, processes, transmits.",
    ),
    fact(ObjectKind::Holding, "last_purge_check", Day, "Purge checked on", ""),
    fact(ObjectKind::Holding, "purge_method", Choice(&["automatic", "manual", "none"]), "How it is purged", ""),
    fact(ObjectKind::Holding, "purge_evidence", Evidence, "Proof of the purge", ""),
    fact(ObjectKind::Holding, "storage_term", Choice(&["short", "long"]), "Storage", ""),
    fact(
        ObjectKind::Holding,
        "disposition",
        Choice(&["forwarded", "stored", "deleted", "returned", "destroyed", "unknown"]),
        "What becomes of it",
        "",
    ),
    fact(ObjectKind::Holding, "method", Text, "Made unreadable by", "For example column encryption."),
    fact(
        ObjectKind::Holding,
        "enc_level",
        Choice(&["none", "disk", "file", "column", "app", "unknown"]),
        "Level of encryption",
        "",
    ),
    fact(ObjectKind::Holding, "second_method", Text, "Second method", "Beside disk encryption."),
    fact(ObjectKind::Holding, "media", Choice(&["fixed", "removable", "cloud", "paper", "unknown"]), "Medium", ""),
    fact(ObjectKind::Holding, "access_logging", Bool, "Access is logged", ""),
    fact(
        ObjectKind::Holding,
        "display_roles",
        Structure,
        "Who sees it in full",
        "[{\"role\": .., \"reason\": .., \"approved_by\": ..}].",
    ),
    fact(
        ObjectKind::Holding,
        "display_mask",
        Text,
        "Mask on screens",
        "With d for a digit shown and * for one hidden.",
    ),
    fact(ObjectKind::Holding, "approved_by", Reference(ObjectKind::Person), "Approved by", ""),
    fact(
        ObjectKind::Holding,
        "correlation_control",
        Reference(ObjectKind::Control),
        "Kept apart by",
        "The control that keeps hash and truncated number from being combined.",
    ),
];
