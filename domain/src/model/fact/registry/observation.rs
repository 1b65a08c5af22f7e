//! Sources of observations.

use super::fact;
use crate::model::fact::Attribute;
use crate::model::fact::FactType::{Choice, Day, Instant, Structure, Texts};
use crate::model::object::ObjectKind;

/// Sources of observations.
pub(super) const OBSERVATION: &[Attribute] = &[
    fact(
        ObjectKind::Observation,
        "format",
        Choice(&["secret_store", "webhooks", "log_scanner", "configuration"]),
        "What it lists",
        "",
    )
    .shown(),
    fact(ObjectKind::Observation, "seen_at", Instant, "Seen at", "When the source saw all of it.").shown(),
    fact(
        ObjectKind::Observation,
        "complete_for",
        Texts,
        "Covers completely",
        "Places of secrets, or keys of systems; * for all. Only there it counts that something was not seen.",
    )
    .shown(),
    fact(ObjectKind::Observation, "complete_since", Day, "Covers that since", "").shown(),
    fact(ObjectKind::Observation, "seen", Structure, "What it saw", "A list, as docs/observations.md describes it."),
];
