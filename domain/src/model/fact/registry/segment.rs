//! Network segments and the links between them.

use super::fact;
use crate::model::fact::Attribute;
use crate::model::fact::FactType::{Choice, Integer, Structure, Text};
use crate::model::object::ObjectKind;

/// Network segments.
pub(super) const SEGMENT: &[Attribute] = &[
    fact(
        ObjectKind::Segment,
        "kind",
        Choice(&["wired", "wireless", "virtual", "cloud", "sdn", "guest", "unknown"]),
        "Kind",
        "",
    ),
    fact(ObjectKind::Segment, "cidr", Text, "Address range", "For example 10.20.0.0/16."),
    fact(ObjectKind::Segment, "site", Text, "Site", ""),
    fact(ObjectKind::Segment, "order", Integer("position"), "Order of the lane", "1 is drawn first."),
];

/// Links between segments.
pub(super) const LINK: &[Attribute] = &[fact(
    ObjectKind::Link,
    "allowed",
    Structure,
    "Allowed services",
    "[{\"service\": .., \"protocol\": .., \"port\": ..}].",
)];
