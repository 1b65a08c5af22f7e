//! PCI DSS 4.2.2: card numbers are not sent unprotected by messaging between people.

use super::shape::drop_field;
use crate::findings::data;
use crate::findings::fix::FixOption;
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Survey};
use crate::model::kinds::FlowKind;
use crate::model::relations::{Encryption, Protocol};

/// Card number in mail or chat.
pub const RULE: Rule = Rule {
    id: "F-MESSAGING",
    aliases: &["PF-14"],
    version: 1,
    title: "Card number in mail or chat",
    sentence: "A message is copied to many places, and stays there.",
    condition: "A flow takes the card number in clear by mail, chat, text message or another \
                message to a person.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("4.2.2")],
    service_providers_only: false,
    reads: &["flow.kind", "flow.protocol", "flow.fields", "flow.encryption"],
    shows: &["kind", "protocol", "element", "form", "encryption"],
    false_positives: "The message itself may be encrypted; set the encryption of the flow to message.",
    question: "Which policy forbids it, and what did a sample of messages show?",
    fixes: &[FixOption::change("Leave the card number out of the message", 2, drop_field)],
    fires: &[
        Example::new(
            "a card number is mailed",
            r#""systems":[{"id":"shop"},{"id":"mail","kind":"mail"}],"flows":[{"id":"f","from":"shop",
               "to":"mail","protocol":"smtp","data":[{"element":"pan"}]}]"#,
        ),
        Example::new(
            "a message takes it to a person",
            r#""systems":[{"id":"shop"},{"id":"desk"}],"flows":[{"id":"f","from":"shop","to":"desk",
               "kind":"message","data":[{"element":"pan"}]}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "only the last four are mailed",
            r#""systems":[{"id":"shop"},{"id":"mail"}],"flows":[{"id":"f","from":"shop","to":"mail",
               "protocol":"smtp","data":[{"element":"pan","form":"truncated","mask":"************dddd"}]}]"#,
        ),
        Example::new(
            "the message is encrypted",
            r#""systems":[{"id":"shop"},{"id":"mail"}],"flows":[{"id":"f","from":"shop","to":"mail",
               "protocol":"smtp","encryption":"message","data":[{"element":"pan"}]}]"#,
        ),
    ],
    checks: &[Check::Flow(check)],
};

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    let flow = edge.flow;
    let by_message = matches!(flow.protocol, Protocol::Smtp | Protocol::Chat | Protocol::Sms | Protocol::Messaging);
    let sealed = matches!(flow.encryption, Encryption::Message | Encryption::Both);
    if !(edge.arrives() && edge.cargo.readable_pan && (by_message || flow.kind == FlowKind::Message)) || sealed {
        return;
    }
    let Some(field) = flow.fields.iter().find(|it| data::is_pan(it) && data::is_readable(it) && it.live) else {
        return;
    };
    let by = if by_message { flow.protocol.label() } else { "a message to a person" };
    let sentence = format!("{} takes {} by {by}.", survey.flow_title(edge), data::words(field));
    let hit = Hit::on(edge.subject(), sentence).about_element(&field.element).shows("kind", flow.kind.as_str());
    let hit = hit.shows("protocol", flow.protocol.as_str()).shows("encryption", flow.encryption.as_str());
    hits.add(hit.shows("element", field.element.as_str()).shows("form", field.form.as_str()));
}
