//! Systems and flows as lists. They have pages and forms of their own; what a list, its filter, its columns and its file
//! need is said here in the same words as of every other kind.

use super::kinds::{first, later, name, told};
use super::{Group, Input, Kind};
use crate::model::draft::options::{self, Fixed};
use crate::model::object::ObjectKind;
use crate::scope::verdict::Category;

/// The systems.
pub static SYSTEMS: Kind = Kind {
    object: ObjectKind::System,
    word: "systems",
    one: "system",
    several: "Systems",
    group: Group::Estate,
    picture: "system",
    purpose: "Everything that holds, carries, protects or manages payment data.",
    effect: "What it holds, where it stands and what it manages decide its category.",
    properties: &[
        name("As people call it."),
        told("scope", "Scope", Input::Choice(categories)),
        first("kind", "Kind", "", Input::Choice(options::system_kinds)),
        first("segment", "Segment", "", Input::One(ObjectKind::Segment)),
        told("field", "Holds", Input::Texts),
        told("flows", "Flows", Input::Count("")),
        first("function", "Function", "", Input::Choice(options::functions)),
        first("boundary", "Whose it is", "", Input::Choice(options::boundaries)),
        later("vendor", "Vendor", "", Input::One(ObjectKind::Vendor)),
        later("operated_by", "Operated by", "", Input::One(ObjectKind::Vendor)),
        later("environment", "Environment", "", Input::Choice(options::environments)),
        later("lifecycle", "Stage of life", "", Input::Choice(options::lifecycles)),
        later("payment_page", "Payment page", "", Input::Choice(options::payment_pages)),
        later("exposure", "Reachable from", "", Input::Choice(options::exposures)),
        later("relay", "Passes people and programs through", "", Input::YesNo),
        later("sealed_scd", "Clear data never leaves its secure device", "", Input::YesNo),
        later("disposed", "Retired, and its data is gone", "", Input::YesNo),
        later("controls", "Protected by", "", Input::Texts),
        later("detect_minutes", "Hostile use is noticed within", "", Input::Count("minutes")),
    ],
    columns: &["scope", "kind", "segment", "field", "flows", "owner"],
};

/// The flows.
pub static FLOWS: Kind = Kind {
    object: ObjectKind::Flow,
    word: "flows",
    one: "flow",
    several: "Flows",
    group: Group::Estate,
    picture: "flow",
    purpose: "Which data goes from where to where. The same flows as on the map.",
    effect: "It makes its ends handle what it carries, and connects them.",
    properties: &[
        name("Where the two ends do not say enough."),
        first("from", "From", "", Input::One(ObjectKind::System)),
        first("to", "To", "", Input::One(ObjectKind::System)),
        told("field", "Fields", Input::Texts),
        first("protocol", "Protocol", "", Input::Choice(options::protocols)),
        first("encryption", "Encryption", "", Input::Choice(options::encryptions)),
        first("auth", "Authentication", "", Input::Choice(options::auths)),
        later("kind", "Kind", "", Input::Choice(options::flow_kinds)),
        later("credential", "Credential", "", Input::One(ObjectKind::Credential)),
        later("control", "Control", "", Input::One(ObjectKind::Control)),
        later("initiator", "Opened by", "", Input::Choice(options::initiators)),
        later("access", "The network lets through", "", Input::Choice(options::accesses)),
        later("channel", "Medium", "", Input::Choice(options::channels)),
        later("stage", "Stage of life", "", Input::Choice(options::lifecycles)),
        later("page", "Payment page", "", Input::One(ObjectKind::System)),
        later("connector", "Connector", "", Input::One(ObjectKind::Connector)),
        later("actions", "What it does", "", Input::Choice(options::actions)),
        later("sync", "Timing", "", Input::Choice(options::syncs)),
        later("latency_seconds", "Takes", "", Input::Count("seconds")),
        later("period_minutes", "Runs every", "", Input::Count("minutes")),
    ],
    columns: &["from", "to", "field", "protocol", "encryption", "auth"],
};

fn categories() -> Vec<Fixed> {
    Category::ALL.iter().map(|it| (it.as_str(), it.label())).collect()
}
