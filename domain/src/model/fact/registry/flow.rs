//! Flows and the elements on them.

use super::fact;
use super::words::{PAYMENT_CHANNELS, PAYMENT_STAGES, PRIVILEGES};
use crate::model::fact::Attribute;
use crate::model::fact::FactType::{
    Bool, Choice, Choices, Day, Evidence, Instant, Integer, Integers, Reference, Structure, Text, Texts,
};
use crate::model::object::ObjectKind;

/// Flows.
pub(super) const FLOW: &[Attribute] = &[
    fact(ObjectKind::Flow, "purpose", Text, "Purpose", "The business need.").shown(),
    fact(ObjectKind::Flow, "operation", Text, "Operation", "The call, method or topic on the wire.").shown(),
    fact(
        ObjectKind::Flow,
        "no_payment_fields",
        Bool,
        "Confirmed: carries no payment field",
        "Without it, a flow without fields counts as not yet examined.",
    )
    .shown(),
    fact(ObjectKind::Flow, "port", Integers("port"), "Port", "One or several, divided by semicolons.").shown(),
    fact(ObjectKind::Flow, "payment_stage", Choices(PAYMENT_STAGES), "Payment stage", ""),
    fact(ObjectKind::Flow, "payment_channel", Choices(PAYMENT_CHANNELS), "Payment channel", ""),
    fact(ObjectKind::Flow, "approved_by", Reference(ObjectKind::Person), "Approved by", ""),
    fact(ObjectKind::Flow, "approved_at", Day, "Approved on", ""),
    fact(
        ObjectKind::Flow,
        "tls_version",
        Choice(&["none", "ssl", "tls1.0", "tls1.1", "tls1.2", "tls1.3", "unknown"]),
        "TLS version",
        "The oldest that is accepted.",
    ),
    fact(ObjectKind::Flow, "cipher_suites", Texts, "Cipher suites", ""),
    fact(ObjectKind::Flow, "in_cipher_inventory", Bool, "In the cipher inventory", ""),
    fact(ObjectKind::Flow, "certificate", Reference(ObjectKind::Certificate), "Certificate", ""),
    fact(ObjectKind::Flow, "mitigation_ref", Evidence, "Mitigation", "Where the protocol is insecure."),
    fact(ObjectKind::Flow, "needs_priv", Choices(PRIVILEGES), "Rights it needs", "Empty is unknown."),
    fact(ObjectKind::Flow, "human", Bool, "A person initiates it", ""),
    fact(ObjectKind::Flow, "allow_list", Bool, "Limited by an allow list", ""),
    fact(
        ObjectKind::Flow,
        "net",
        Choice(&["open", "partner", "internal"]),
        "Network",
        "Decided by its ends where empty.",
    ),
    fact(ObjectKind::Flow, "signature", Choice(&["none", "hmac", "asymmetric", "mtls", "unknown"]), "Signed with", ""),
    fact(ObjectKind::Flow, "verified_by_target", Bool, "Receiver checks the signature", ""),
    fact(ObjectKind::Flow, "signed_timestamp", Bool, "Time is signed", ""),
    fact(ObjectKind::Flow, "replay_window_seconds", Integer("seconds"), "Replay window", ""),
    fact(ObjectKind::Flow, "idempotent", Bool, "Repeating it changes nothing", ""),
    fact(ObjectKind::Flow, "rate_limit", Text, "Rate limit", "Calls per minute, none or unknown."),
    fact(ObjectKind::Flow, "echo_of", Reference(ObjectKind::Flow), "Answers", "The flow whose fields it gives back."),
    fact(
        ObjectKind::Flow,
        "monitoring",
        Structure,
        "Monitoring",
        "{\"auth_failures\": .., \"volume\": .., \"geography\": .., \"size\": ..}, each a control or true or false.",
    ),
    fact(
        ObjectKind::Flow,
        "confirmations",
        Structure,
        "Confirmations",
        "[{\"end\": .., \"person\": .., \"answer\": .., \"at\": .., \"from\": .., \"to\": ..}].",
    ),
    fact(ObjectKind::Flow, "last_seen", Instant, "Last seen", ""),
    fact(ObjectKind::Flow, "seen_source", Text, "Seen by", "The source that saw it."),
];

/// Elements on flows.
pub(super) const FLOW_FIELD: &[Attribute] = &[
    fact(ObjectKind::FlowField, "field_name", Text, "Name on the wire", "The path of the field.").shown(),
    fact(
        ObjectKind::FlowField,
        "transform",
        Choice(&["none", "tokenise", "detokenise", "truncate", "mask", "encrypt", "decrypt", "hash", "drop"]),
        "Changed on the way",
        "",
    ),
    fact(
        ObjectKind::FlowField,
        "needed",
        Choice(&["yes", "no", "by_purpose"]),
        "Needed by the receiver",
        "By purpose: as the receiver's own elements say.",
    ),
    fact(ObjectKind::FlowField, "approved_by", Reference(ObjectKind::Person), "Approved by", ""),
];
