//! Policies for elements.

use super::fact;
use super::words::{CLASSES, FORMS, FUNCTIONS};
use crate::model::fact::Attribute;
use crate::model::fact::FactType::{Bool, Choice, Choices, Integer, Text};
use crate::model::object::ObjectKind;

/// Policies for elements.
pub(super) const ELEMENT_POLICY: &[Attribute] = &[
    fact(ObjectKind::ElementPolicy, "element", Text, "Element", "Its key in the catalogue.").shown(),
    fact(ObjectKind::ElementPolicy, "class", Choice(CLASSES), "Class", "That of the catalogue where empty."),
    fact(
        ObjectKind::ElementPolicy,
        "protection_level",
        Choice(&["public", "internal", "confidential", "restricted"]),
        "Protection level",
        "",
    ),
    fact(ObjectKind::ElementPolicy, "retention_days_max", Integer("days"), "Kept at most", "").shown(),
    fact(
        ObjectKind::ElementPolicy,
        "lawful_basis",
        Choice(&[
            "consent",
            "contract",
            "legal_obligation",
            "vital_interest",
            "public_task",
            "legitimate_interest",
            "none",
        ]),
        "Lawful basis",
        "",
    ),
    fact(ObjectKind::ElementPolicy, "allowed_forms", Choices(FORMS), "Allowed forms", "All where empty."),
    fact(ObjectKind::ElementPolicy, "allowed_functions", Choices(FUNCTIONS), "Allowed functions", "All where empty."),
    fact(ObjectKind::ElementPolicy, "may_export", Bool, "May be exported", ""),
];
