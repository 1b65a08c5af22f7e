//! Connectors.

use super::fact;
use crate::model::fact::Attribute;
use crate::model::fact::FactType::{Day, Reference, References, Text};
use crate::model::object::ObjectKind;

/// Connectors to other organisations.
pub(super) const CONNECTOR: &[Attribute] = &[
    fact(ObjectKind::Connector, "vendor", Reference(ObjectKind::Vendor), "Vendor", "").shown(),
    fact(ObjectKind::Connector, "host", Text, "Host", ""),
    fact(ObjectKind::Connector, "version", Text, "Version", ""),
    fact(ObjectKind::Connector, "flows", References(ObjectKind::Flow), "Flows", "").shown(),
    fact(ObjectKind::Connector, "decommissioned_at", Day, "Switched off on", ""),
];
