//! PCI DSS 2.2.7: administration over a network is encrypted.

use crate::findings::fix::{self, FixOption};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::survey::{Edge, Node, Survey};
use crate::model::kinds::FlowKind;
use crate::model::relations::{Encryption, How, Protocol};

/// Administration not encrypted.
pub const RULE: Rule = Rule {
    id: "F-ADMIN-PLAINTEXT",
    aliases: &[],
    version: 1,
    title: "Administration not encrypted",
    sentence: "Whoever listens reads the password of an administrator.",
    condition: "Administration of a system in scope travels over Telnet, HTTP or VNC, or without \
                encryption.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("2.2.7")],
    service_providers_only: false,
    reads: &["flow.kind", "flow.protocol", "flow.encryption", "system.manages", "system.category"],
    shows: &["kind", "protocol", "encryption", "manages"],
    false_positives: "A tunnel around the connection may protect it; enter its encryption.",
    question: "Which setting, and which sign-in that somebody watched, show that it is encrypted?",
    fixes: &[FixOption::change("Encrypt the administration", 3, |survey, finding| {
        fix::flow(survey, finding, |flow| {
            flow.encryption = Encryption::Transport;
            if matches!(flow.protocol, Protocol::Telnet | Protocol::Http | Protocol::Vnc) {
                flow.protocol = Protocol::Ssh;
            }
        })
    })],
    fires: &[
        Example::new(
            "an administrator uses Telnet",
            r#""systems":[{"id":"admin"},{"id":"vault","holdings":[{"element":"pan"}]}],"flows":[{"id":"f",
               "from":"admin","to":"vault","kind":"admin","protocol":"telnet"}]"#,
        ),
        Example::new(
            "who administers it connects without encryption",
            r#""systems":[{"id":"admin","manages":[{"target":"vault","how":"admin"}]},{"id":"vault",
               "holdings":[{"element":"pan"}]}],"flows":[{"id":"f","from":"admin","to":"vault",
               "encryption":"none"}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "the administrator uses SSH",
            r#""systems":[{"id":"admin"},{"id":"vault","holdings":[{"element":"pan"}]}],"flows":[{"id":"f",
               "from":"admin","to":"vault","kind":"admin","protocol":"ssh"}]"#,
        ),
        Example::new(
            "the flow is no administration",
            r#""systems":[{"id":"shop"},{"id":"vault","holdings":[{"element":"pan"}]}],"flows":[{"id":"f",
               "from":"shop","to":"vault","encryption":"none"}]"#,
        ),
    ],
    checks: &[Check::Flow(check)],
};

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    let flow = edge.flow;
    let plain_protocol = matches!(flow.protocol, Protocol::Telnet | Protocol::Http | Protocol::Vnc);
    if !(edge.on_network() && (plain_protocol || flow.encryption == Encryption::None)) {
        return;
    }
    let (from, to) = (survey.from(edge), survey.to(edge));
    let administers = |one: &Node<'_>, other: &Node<'_>| {
        survey.managers(other).any(|(manager, how)| how == How::Admin && manager.system.id == one.system.id)
    };
    let manages = administers(from, to) || administers(to, from);
    if !(flow.kind == FlowKind::Admin || manages) || !(from.in_scope() || to.in_scope()) {
        return;
    }
    let by = if plain_protocol { flow.protocol.label() } else { "a connection without encryption" };
    let sentence = format!("{} administers {} over {by}.", from.name(), to.name());
    let hit = Hit::on(edge.subject(), sentence).shows("kind", flow.kind.as_str()).shows("manages", manages);
    hits.add(hit.shows("protocol", flow.protocol.as_str()).shows("encryption", flow.encryption.as_str()));
}
