//! Payment pages and their scripts.

use super::fact;
use super::words::PAGE_STYLES;
use crate::model::fact::Attribute;
use crate::model::fact::FactType::{Choice, Day, Evidence, Reference, Structure, Text};
use crate::model::object::ObjectKind;

/// Payment pages.
pub(super) const PAGE: &[Attribute] = &[
    fact(ObjectKind::Page, "system", Reference(ObjectKind::System), "System", "The system that serves it.").shown(),
    fact(ObjectKind::Page, "path", Text, "Path", "For example /checkout.").shown(),
    fact(ObjectKind::Page, "style", Choice(PAGE_STYLES), "Style", "That of the system where empty."),
    fact(
        ObjectKind::Page,
        "tamper_detection",
        Structure,
        "Tamper detection",
        "{\"mechanism\": .., \"frequency_days\": .., \"tra_ref\": .., \"last_alert_test\": ..}.",
    ),
    fact(ObjectKind::Page, "csp_ref", Evidence, "Content security policy", ""),
    fact(
        ObjectKind::Page,
        "form_elements_from",
        Choice(&["tpsp_only", "mixed", "own", "unknown"]),
        "Card fields come from",
        "Providers only, both, or us.",
    ),
];

/// Scripts of payment pages.
pub(super) const SCRIPT: &[Attribute] = &[
    fact(ObjectKind::Script, "page", Reference(ObjectKind::Page), "Page", "").shown(),
    fact(ObjectKind::Script, "source", Text, "Source", "A vendor's key, or own.").shown(),
    fact(ObjectKind::Script, "party", Choice(&["first", "third"]), "Party", ""),
    fact(ObjectKind::Script, "purpose", Text, "Purpose", "Why the page needs it.").shown(),
    fact(ObjectKind::Script, "authorised_by", Reference(ObjectKind::Person), "Authorised by", ""),
    fact(ObjectKind::Script, "authorised_at", Day, "Authorised on", ""),
    fact(ObjectKind::Script, "justification", Text, "Justification", "Why it is needed (PCI DSS 6.4.3)."),
    fact(
        ObjectKind::Script,
        "integrity_method",
        Choice(&["none", "sri", "csp_hash", "tag_manager", "proxy", "unknown"]),
        "Integrity by",
        "",
    ),
    fact(ObjectKind::Script, "last_verified", Day, "Verified on", ""),
];
