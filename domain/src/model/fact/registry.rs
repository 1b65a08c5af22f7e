//! The list of registered attributes, one table per kind of object.
//!
//! What an engine reads is a column of its object and not in these tables. Labels are short; hints say in a
//! sentence what to write, where the label does not.

mod certificate;
mod connector;
mod control;
mod credential;
mod element_policy;
mod flow;
mod holding;
mod key;
mod observation;
mod page;
mod person;
mod segment;
mod settings;
mod system;
mod token_domain;
mod vendor;
mod words;

use super::FactType::{Bool, Day, LongText, Reference, Structure, Texts};
use super::{Attribute, FactType};
use crate::model::object::ObjectKind;

/// Every registered attribute, in groups: the attributes of a kind of object, then those that every object has.
pub const ATTRIBUTES: &[&[Attribute]] = &[
    settings::SETTINGS,
    &common(ObjectKind::Settings),
    person::PERSON,
    &common(ObjectKind::Person),
    vendor::VENDOR,
    &common(ObjectKind::Vendor),
    segment::SEGMENT,
    &common(ObjectKind::Segment),
    control::CONTROL,
    &common(ObjectKind::Control),
    segment::LINK,
    &common(ObjectKind::Link),
    system::SYSTEM,
    &common(ObjectKind::System),
    key::KEY,
    &common(ObjectKind::Key),
    credential::CREDENTIAL,
    &common(ObjectKind::Credential),
    flow::FLOW,
    &common(ObjectKind::Flow),
    connector::CONNECTOR,
    &common(ObjectKind::Connector),
    certificate::CERTIFICATE,
    &common(ObjectKind::Certificate),
    token_domain::TOKEN_DOMAIN,
    &common(ObjectKind::TokenDomain),
    element_policy::ELEMENT_POLICY,
    &common(ObjectKind::ElementPolicy),
    page::PAGE,
    &common(ObjectKind::Page),
    page::SCRIPT,
    &common(ObjectKind::Script),
    person::ACCESS_GROUP,
    &common(ObjectKind::AccessGroup),
    observation::OBSERVATION,
    &common(ObjectKind::Observation),
    holding::HOLDING,
    &common_of_part(ObjectKind::Holding),
    flow::FLOW_FIELD,
    &common_of_part(ObjectKind::FlowField),
    credential::GRANT,
    &common_of_part(ObjectKind::Grant),
];

/// An attribute that forms fold away.
const fn fact(
    object: ObjectKind,
    name: &'static str,
    kind: FactType,
    label: &'static str,
    hint: &'static str,
) -> Attribute {
    Attribute { object, name, label, hint, kind, common: false }
}

impl Attribute {
    /// The same, shown in the form at once.
    const fn shown(self) -> Self {
        Self { common: true, ..self }
    }
}

/// What can be said of every object.
const fn common(object: ObjectKind) -> [Attribute; 9] {
    let [note, tags, reviewed_at, reviewed_by, confirmed] = common_of_part(object);
    [
        fact(object, "owner", Reference(ObjectKind::Person), "Owner", "Who answers for it.").shown(),
        fact(object, "deputy", Reference(ObjectKind::Person), "Deputy", "Who answers when the owner is away."),
        note.shown(),
        tags,
        reviewed_at,
        reviewed_by,
        confirmed,
        fact(
            object,
            "answers",
            Structure,
            "Answers to questions",
            "What people answered to the questions of rules: answer a question on its own page.",
        ),
        fact(object, "last_changed", Day, "Last changed", "The day of the last change in the real world."),
    ]
}

/// What can be said of a part of an object.
const fn common_of_part(object: ObjectKind) -> [Attribute; 5] {
    [
        fact(object, "note", LongText, "Note", "Anything that others should know."),
        fact(object, "tags", Texts, "Tags", "Words to find it by, divided by semicolons."),
        fact(object, "reviewed_at", Day, "Reviewed on", "The day on which somebody last checked all of this."),
        fact(object, "reviewed_by", Reference(ObjectKind::Person), "Reviewed by", ""),
        fact(object, "confirmed", Bool, "Confirmed", "No, where it was reported and nobody has checked it."),
    ]
}
