//! PCI DSS 1.2.6, 2.2.5: insecure protocols need a mitigation.

use crate::findings::fix::{self, FixOption};
use crate::findings::hit::{Hit, Hits};
use crate::findings::requirement::Mapping::Pci;
use crate::findings::rule::{Check, Example, Kind, Rule, Severity};
use crate::findings::said;
use crate::findings::survey::{Edge, Survey};
use crate::model::relations::Protocol;

/// Insecure protocol without mitigation.
pub const RULE: Rule = Rule {
    id: "F-INSECURE-PROTO",
    aliases: &[],
    version: 1,
    title: "Insecure protocol without mitigation",
    sentence: "What travels over an old protocol can be read or changed by whoever sits in between.",
    condition: "A flow of a system in scope uses FTP, Telnet, HTTP, SMTP, LDAP, SNMP 1 or 2, SMB 1, SSL, TLS 1.0 or 1.1, \
                and no mitigation is on record.",
    kind: Kind::Decides,
    severity: Severity::High,
    severity_moves: "",
    maps_to: &[Pci("1.2.6"), Pci("2.2.5")],
    service_providers_only: false,
    reads: &["flow.protocol", "flow.tls_version", "flow.mitigation_ref"],
    shows: &["protocol", "tls_version", "mitigation_ref"],
    false_positives: "A tunnel around the protocol may protect it; record the tunnel as the mitigation.",
    question: "Which document describes the mitigation, and which configuration shows it?",
    fixes: &[
        FixOption::change("Use a protocol with TLS 1.2 or later", 5, |survey, finding| {
            fix::flow(survey, finding, |flow| {
                flow.protocol = secured(flow.protocol);
                fix::state(&mut flow.facts, "tls_version", "tls1.2");
            })
        }),
        FixOption::fill("Mitigate, and record how", 2, &["flow.mitigation_ref"]),
    ],
    fires: &[
        Example::new(
            "card data systems are reached over FTP",
            r#""systems":[{"id":"shop"},{"id":"vault","holdings":[{"element":"pan"}]}],
               "flows":[{"id":"f","from":"shop","to":"vault","protocol":"ftp"}]"#,
        ),
        Example::new(
            "TLS 1.0 is still accepted",
            r#""systems":[{"id":"shop"},{"id":"vault","holdings":[{"element":"pan"}]}],
               "flows":[{"id":"f","from":"shop","to":"vault","protocol":"https","tls_version":"tls1.0"}]"#,
        ),
    ],
    silent: &[
        Example::new(
            "a mitigation is on record",
            r#""systems":[{"id":"shop"},{"id":"vault","holdings":[{"element":"pan"}]}],
               "flows":[{"id":"f","from":"shop","to":"vault","protocol":"ftp","mitigation_ref":"EV-0001"}]"#,
        ),
        Example::new(
            "the protocol is secure",
            r#""systems":[{"id":"shop"},{"id":"vault","holdings":[{"element":"pan"}]}],
               "flows":[{"id":"f","from":"shop","to":"vault","protocol":"https"}]"#,
        ),
    ],
    checks: &[Check::Flow(check)],
};

/// The protocol that does the same in a secure way.
const fn secured(protocol: Protocol) -> Protocol {
    match protocol {
        Protocol::Ftp => Protocol::Sftp,
        Protocol::Telnet => Protocol::Ssh,
        Protocol::Smtp => Protocol::Smtps,
        Protocol::Ldap => Protocol::Ldaps,
        Protocol::Snmpv1 | Protocol::Snmpv2 => Protocol::Snmpv3,
        Protocol::Smbv1 => Protocol::Smb,
        Protocol::Http => Protocol::Https,
        other => other,
    }
}

fn check(survey: &Survey<'_>, edge: &Edge<'_>, hits: &mut Hits) {
    let flow = edge.flow;
    let old = flow.protocol != secured(flow.protocol);
    let tls = said::text(&flow.facts, "tls_version");
    let old_tls = matches!(tls, Some("ssl" | "tls1.0" | "tls1.1"));
    if !(old || old_tls) || !edge.on_network() || said::anything(&flow.facts, "mitigation_ref") {
        return;
    }
    let Some(end) = survey.ends(edge).into_iter().find(|it| it.in_scope()) else { return };
    let used = match tls {
        Some(version) if old_tls => version.replace("tls", "TLS ").replace("ssl", "SSL"),
        _ => flow.protocol.label().to_owned(),
    };
    let sentence = format!(
        "{} uses {used}, which is not secure, although {} is in scope, and no mitigation is on record.",
        survey.flow_title(edge),
        end.name()
    );
    let hit = Hit::on(edge.subject(), sentence)
        .shows("protocol", flow.protocol.as_str())
        .shows("tls_version", tls)
        .shows("mitigation_ref", false);
    hits.add(hit);
}
