//! Other organisations.

use super::fact;
use crate::model::fact::Attribute;
use crate::model::fact::FactType::{Bool, Choice, Day, Evidence, Integer, References, Structure, Text, Texts};
use crate::model::object::ObjectKind;

/// Other organisations.
pub(super) const VENDOR: &[Attribute] = &[
    fact(ObjectKind::Vendor, "services", Texts, "Services", "What they do for us, divided by semicolons.").shown(),
    fact(
        ObjectKind::Vendor,
        "services_covered",
        Texts,
        "Services covered",
        "What their attestation of compliance covers.",
    ),
    fact(ObjectKind::Vendor, "contact", Text, "Contact", "Where to ask for their attestation.").shown(),
    fact(ObjectKind::Vendor, "incident_contact", Text, "Incident contact", "Where to call at night."),
    fact(ObjectKind::Vendor, "country", Text, "Country", "As a code of two letters."),
    fact(ObjectKind::Vendor, "jurisdictions", Texts, "Jurisdictions", "Country codes, divided by semicolons."),
    fact(
        ObjectKind::Vendor,
        "on_tpsp_list",
        Bool,
        "On the provider list",
        "Of third-party service providers (PCI DSS 12.8.1).",
    ),
    fact(ObjectKind::Vendor, "start", Day, "Since", ""),
    fact(ObjectKind::Vendor, "end_date", Day, "Until", ""),
    fact(
        ObjectKind::Vendor,
        "nested_tpsps",
        References(ObjectKind::Vendor),
        "Their providers",
        "Providers that they use for us.",
    ),
    fact(ObjectKind::Vendor, "agreement_ref", Evidence, "Agreement", "The reference of the written agreement."),
    fact(ObjectKind::Vendor, "acknowledgement", Bool, "Responsibility acknowledged", "In writing (PCI DSS 12.8.2)."),
    fact(ObjectKind::Vendor, "security_terms", Evidence, "Security terms", "Where they are written down."),
    fact(ObjectKind::Vendor, "right_to_audit", Bool, "Right to audit", ""),
    fact(ObjectKind::Vendor, "due_diligence_date", Day, "Checked before engagement on", ""),
    fact(ObjectKind::Vendor, "due_diligence_ref", Evidence, "Record of that check", ""),
    fact(ObjectKind::Vendor, "aoc_date", Day, "Attestation of", "The day of their attestation of compliance."),
    fact(ObjectKind::Vendor, "aoc_expires", Day, "Attestation valid until", ""),
    fact(ObjectKind::Vendor, "aoc_version", Text, "Attested version", "Of PCI DSS."),
    fact(
        ObjectKind::Vendor,
        "status_checked",
        Day,
        "Status checked on",
        "When we last looked at their compliance status.",
    ),
    fact(ObjectKind::Vendor, "matrix", Evidence, "Responsibility matrix", "Who does what (PCI DSS 12.8.5)."),
    fact(ObjectKind::Vendor, "matrix_as_of", Day, "Matrix as of", ""),
    fact(ObjectKind::Vendor, "sla_availability_permille", Integer("per mille"), "Promised availability", ""),
    fact(ObjectKind::Vendor, "sla_notify_hours", Integer("hours"), "Incident notice within", ""),
    fact(ObjectKind::Vendor, "exit_plan", Evidence, "Exit plan", ""),
    fact(ObjectKind::Vendor, "exit_tested_at", Day, "Exit tested on", ""),
    fact(
        ObjectKind::Vendor,
        "remote_access",
        Choice(&["none", "on_demand", "always_on", "unknown"]),
        "Remote access",
        "How they reach our systems.",
    ),
    fact(
        ObjectKind::Vendor,
        "checkpoints",
        Structure,
        "Checkpoints",
        "[{\"gate\": .., \"item\": .., \"done_at\": .., \"by\": .., \"evidence\": ..}].",
    ),
];
