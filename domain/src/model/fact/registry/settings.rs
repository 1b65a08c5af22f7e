//! Settings of the workspace.

use super::fact;
use crate::model::fact::Attribute;
use crate::model::fact::FactType::{Bool, Choice, Integer, Structure, Text};
use crate::model::object::ObjectKind;

/// Settings of the workspace that are no columns.
pub(super) const SETTINGS: &[Attribute] = &[
    fact(
        ObjectKind::Settings,
        "issuer",
        Bool,
        "We issue cards",
        "Issuers may keep sensitive authentication data for a stated need.",
    ),
    fact(
        ObjectKind::Settings,
        "desv",
        Bool,
        "Extended validation",
        "Designated entities confirm their scope every three months.",
    ),
    fact(
        ObjectKind::Settings,
        "budgets",
        Structure,
        "Budgets",
        "How much each function may reach: [{\"function\": .., \"max_records_pan\": .., \"max_actions\": .., \"max_elements\": ..}].",
    ),
    fact(
        ObjectKind::Settings,
        "path_share_percent",
        Integer("percent"),
        "Share of paths for a choke point",
        "From this share of all attack paths on, a system is called a choke point.",
    ),
    fact(
        ObjectKind::Settings,
        "idle_grant_days",
        Integer("days"),
        "Idle grant after",
        "A grant that was not used for so long is reported.",
    ),
    fact(ObjectKind::Settings, "custodian_max", Integer("people"), "Most custodians of a key", ""),
    fact(ObjectKind::Settings, "holder_max", Integer("systems"), "Most holders of a key", ""),
    fact(ObjectKind::Settings, "matrix", Choice(&["nist", "product", "owasp"]), "Risk matrix", ""),
    fact(ObjectKind::Settings, "bands", Structure, "Risk bands", "Which score is which level."),
    fact(ObjectKind::Settings, "cadences", Structure, "Cadences", "Days between two activities of a kind."),
    fact(
        ObjectKind::Settings,
        "severity_overrides",
        Structure,
        "Other severities",
        "[{\"rule\": .., \"severity\": .., \"reason\": ..}].",
    ),
    fact(ObjectKind::Settings, "time_zone", Text, "Time zone", "For example Europe/Berlin."),
    fact(ObjectKind::Settings, "review_days_confirmation", Integer("days"), "Confirmations are valid for", ""),
    fact(ObjectKind::Settings, "authority", Structure, "Who may accept what", "For each level: months and approvers."),
];
