//! Certificates.

use super::fact;
use crate::model::fact::Attribute;
use crate::model::fact::FactType::{Bool, Day, Integer, References, Text};
use crate::model::object::ObjectKind;

/// Certificates.
pub(super) const CERTIFICATE: &[Attribute] = &[
    fact(ObjectKind::Certificate, "subject", Text, "Subject", "").shown(),
    fact(ObjectKind::Certificate, "issuer", Text, "Issuer", "").shown(),
    fact(ObjectKind::Certificate, "not_after", Day, "Valid until", "").shown(),
    fact(ObjectKind::Certificate, "valid", Bool, "Valid", ""),
    fact(ObjectKind::Certificate, "trusted", Bool, "Trusted", ""),
    fact(ObjectKind::Certificate, "revoked", Bool, "Revoked", ""),
    fact(ObjectKind::Certificate, "key_bits", Integer("bits"), "Length of its key", ""),
    fact(ObjectKind::Certificate, "signature_algorithm", Text, "Signature algorithm", ""),
    fact(ObjectKind::Certificate, "systems", References(ObjectKind::System), "Systems", ""),
    fact(ObjectKind::Certificate, "flows", References(ObjectKind::Flow), "Flows", ""),
];
