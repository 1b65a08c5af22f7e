//! Token domains.

use super::fact;
use crate::model::fact::Attribute;
use crate::model::fact::FactType::{Bool, Integer, Reference, Text};
use crate::model::object::ObjectKind;

/// Token domains.
pub(super) const TOKEN_DOMAIN: &[Attribute] = &[
    fact(ObjectKind::TokenDomain, "issuer", Text, "Issuer", "A vendor's key, or own.").shown(),
    fact(
        ObjectKind::TokenDomain,
        "vault",
        Reference(ObjectKind::System),
        "Vault",
        "The system that keeps the mapping.",
    )
    .shown(),
    fact(ObjectKind::TokenDomain, "can_charge", Bool, "A token alone can be charged", ""),
    fact(ObjectKind::TokenDomain, "single_use", Bool, "Single use", ""),
    fact(ObjectKind::TokenDomain, "bound_merchant", Bool, "Bound to us", ""),
    fact(ObjectKind::TokenDomain, "bound_channel", Bool, "Bound to one channel", ""),
    fact(ObjectKind::TokenDomain, "ttl_minutes", Integer("minutes"), "Valid for", ""),
    fact(
        ObjectKind::TokenDomain,
        "home_segment",
        Reference(ObjectKind::Segment),
        "Home segment",
        "Where the tokens belong.",
    ),
    fact(ObjectKind::TokenDomain, "format", Text, "Format", "In words, without digits of a token."),
    fact(
        ObjectKind::TokenDomain,
        "self_contained",
        Bool,
        "Carries the card itself",
        "The token can be turned back without a vault.",
    ),
];
